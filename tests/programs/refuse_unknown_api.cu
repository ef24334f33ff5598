// SPDX-License-Identifier: Apache-2.0
// A CUDA function that isn't there fails by its name at compile or link time, never as a call that does nothing.
// EXPECT-COMPILE-ERROR: cudaDeviceGetNvSciSyncAttributes
#include <cstdio>
#include <cuda_runtime.h>

int main() {
    cudaError_t error = cudaDeviceGetNvSciSyncAttributes(nullptr, 0, 0);
    std::printf("must not run %d\n", static_cast<int>(error));
    return 0;
}
