// SPDX-License-Identifier: Apache-2.0
// CUDA_VISIBLE_DEVICES hides devices and changes their order; the list ends at the first entry that names none.
// ENV: CUDA_WASM_DEVICES=4
// ENV: CUDA_VISIBLE_DEVICES=3,1,-1,0
// EXPECT: devices 2
// EXPECT: device 2: cudaErrorInvalidDevice
// NVCC: skip needs three devices
#include "check.h"

int main() {
    int count = 0;
    CHECK(cudaGetDeviceCount(&count));
    std::printf("devices %d\ndevice 2: %s\n", count, cudaGetErrorName(cudaSetDevice(2)));
    return 0;
}
