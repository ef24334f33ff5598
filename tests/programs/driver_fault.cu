// SPDX-License-Identifier: Apache-2.0
// NVCC: -lcuda
// A kernel's fault stays with its context: every call gives it, until the context is destroyed and another is made.
// EXPECT: fault: ok
// EXPECT: it stays: ok
// EXPECT: a new context: ok
// EXPECT-ERROR: driver_fault.cu
// NVCC: before 13 cuCtxCreate has other parameters
// NVIDIA: fault: ok
// NVIDIA: it stays: ok
// NVIDIA-EXIT: 2
#include "check.h"
#include "check_driver.h"

__global__ void store(int *data, int value) { *data = value; }

static void say(const char *what, bool fine) { std::printf("%s: %s\n", what, fine ? "ok" : "wrong"); }

static CUresult launch(CUdeviceptr data) {
    cudaFunction_t function;
    int value = 6;
    void *arguments[] = {&data, &value};
    CHECK(cudaGetFuncBySymbol(&function, reinterpret_cast<const void *>(store)));
    DRIVER(cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, nullptr, arguments, nullptr));
    return cuCtxSynchronize();
}

int main() {
    CUdevice device;
    CUcontext context;
    CUdeviceptr memory;
    DRIVER(cuInit(0));
    DRIVER(cuDeviceGet(&device, 0));
    DRIVER(cuCtxCreate(&context, 0, device));
    say("fault", launch(8) == CUDA_ERROR_ILLEGAL_ADDRESS);
    say("it stays", cuMemAlloc(&memory, 4) == CUDA_ERROR_ILLEGAL_ADDRESS &&
                        cuCtxSynchronize() == CUDA_ERROR_ILLEGAL_ADDRESS && cuDeviceGet(&device, 0) == CUDA_SUCCESS);
    DRIVER(cuCtxDestroy(context));
    DRIVER(cuCtxCreate(&context, 0, device));
    int value = 0;
    DRIVER(cuMemAlloc(&memory, sizeof value));
    CUresult result = launch(memory);
    DRIVER(cuMemcpyDtoH(&value, memory, sizeof value));
    say("a new context", result == CUDA_SUCCESS && value == 6);
    DRIVER(cuCtxDestroy(context));
    return 0;
}
