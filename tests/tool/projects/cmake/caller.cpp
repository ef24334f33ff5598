/* SPDX-License-Identifier: Apache-2.0 */
#include <cuda_runtime_api.h>

int run_kernel(int count);

int main()
{
    int devices = 0;
    return cudaGetDeviceCount(&devices) == cudaSuccess && devices > 0 && run_kernel(100) == 5050 ? 0 : 1;
}
