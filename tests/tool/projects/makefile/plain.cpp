/* SPDX-License-Identifier: Apache-2.0 */
#include <cuda_runtime_api.h>

int plain(int value)
{
    int count = 0;
    return cudaGetDeviceCount(&count) == cudaSuccess && count > 0 ? value + 1 : -1;
}
