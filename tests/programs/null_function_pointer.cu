// SPDX-License-Identifier: Apache-2.0
// A null function pointer call in a kernel is a fault of that kernel, reported, and no crash.
// NVCC: skip hardware's code for it differs by generation
// EXPECT: refused: yes
// EXPECT: the host goes on
// EXPECT-ERROR: call_it
// NVIDIA-HANGS: a call through a null pointer never comes back
#include "check.h"

typedef int (*Function)(int);

__global__ void call_it(Function function, int *out) { *out = function(3); }

int main() {
    Array<int> out(1);
    call_it<<<1, 1>>>(nullptr, out);
    cudaError_t error = cudaDeviceSynchronize();
    bool fine = error == cudaErrorIllegalAddress || error == cudaErrorInvalidPc || error == cudaErrorLaunchFailure ||
                error == cudaErrorIllegalInstruction;
    std::printf("refused: %s\n", fine ? "yes" : cudaGetErrorName(error));
    std::printf("the host goes on\n");
    return 0;
}
