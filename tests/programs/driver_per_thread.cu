// SPDX-License-Identifier: Apache-2.0
// NVCC: -lcuda
// RUN: -DCUDA_API_PER_THREAD_DEFAULT_STREAM
// With per-thread default streams, stream 0 of the driver API is the thread's own: a thread whose stream waits does not hold
// up another's.
// EXPECT: own streams: ok
// EXPECT: order within a thread: ok
// NVCC: before 13 cuCtxCreate has other parameters
#include <thread>

#include "check.h"
#include "check_driver.h"

__global__ void add(int *data, int value) { *data += value; }

int main() {
    CUdevice device;
    CUcontext context;
    CUdeviceptr words, mine;
    CUstream helper;
    DRIVER(cuInit(0));
    DRIVER(cuDeviceGet(&device, 0));
    DRIVER(cuCtxCreate(&context, 0, device));
    DRIVER(cuMemAlloc(&words, 64));
    DRIVER(cuMemAlloc(&mine, 64));
    DRIVER(cuMemsetD32(words, 0, 16));
    DRIVER(cuMemsetD32(mine, 0, 16));
    DRIVER(cuStreamSynchronize(nullptr));
    DRIVER(cuStreamCreate(&helper, CU_STREAM_NON_BLOCKING));

    DRIVER(cuStreamWaitValue32(nullptr, words, 1, CU_STREAM_WAIT_VALUE_EQ)); // this thread's stream stands still
    bool passed = false;
    std::thread([&] {
        int value = 5;
        DRIVER(cuCtxSetCurrent(context));
        DRIVER(cuMemcpyHtoD(mine, &value, sizeof value));
        DRIVER(cuStreamSynchronize(nullptr));
        passed = true;
    }).join();
    bool waiting = cuStreamQuery(nullptr) == CUDA_ERROR_NOT_READY;
    DRIVER(cuStreamWriteValue32(helper, words, 1, 0));
    DRIVER(cuStreamSynchronize(nullptr));
    std::printf("own streams: %s\n", passed && waiting ? "ok" : "wrong");

    cudaFunction_t function;
    CHECK(cudaGetFuncBySymbol(&function, reinterpret_cast<const void *>(add)));
    int ten = 10, result = 0;
    void *arguments[] = {&mine, &ten};
    DRIVER(cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, nullptr, arguments, nullptr));
    DRIVER(cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, nullptr, arguments, nullptr));
    DRIVER(cuMemcpyDtoH(&result, mine, sizeof result));
    std::printf("order within a thread: %s\n", result == 25 ? "ok" : "wrong");
    DRIVER(cuCtxDestroy(context));
    return 0;
}
