// SPDX-License-Identifier: Apache-2.0
// NVCC: -lcuda
// Contexts: the stack, several on one device, the primary one and the runtime API, what goes with them.
// EXPECT: before cuInit: ok
// EXPECT: no context: ok
// EXPECT: created: ok
// EXPECT: stack: ok
// EXPECT: memory goes with its context: ok
// EXPECT: destroyed: ok
// EXPECT: primary: ok
// EXPECT: shared with the runtime: ok
// EXPECT: flags and limits: ok
// EXPECT: other threads: ok
// NVCC: before 13 cuCtxCreate has other parameters
#include <thread>

#include "check.h"
#include "check_driver.h"

static void say(const char *what, bool fine) { std::printf("%s: %s\n", what, fine ? "ok" : "wrong"); }

int main() {
    CUdevice device = 0;
    CUcontext first, second, current;
    CUdeviceptr memory, other;
    int count = 0;
    say("before cuInit", cuDeviceGetCount(&count) == CUDA_ERROR_NOT_INITIALIZED &&
                             cuMemAlloc(&memory, 16) == CUDA_ERROR_NOT_INITIALIZED &&
                             cuInit(1) == CUDA_ERROR_INVALID_VALUE && cuDriverGetVersion(&count) == CUDA_SUCCESS &&
                             count >= 12000);
    DRIVER(cuInit(0));
    DRIVER(cuDeviceGet(&device, 0));
    say("no context", cuMemAlloc(&memory, 16) == CUDA_ERROR_INVALID_CONTEXT &&
                          cuCtxSynchronize() == CUDA_ERROR_INVALID_CONTEXT &&
                          cuCtxPopCurrent(&current) == CUDA_ERROR_INVALID_CONTEXT &&
                          cuCtxGetCurrent(&current) == CUDA_SUCCESS && current == nullptr &&
                          cuDeviceGet(&device, 99) == CUDA_ERROR_INVALID_DEVICE);

    DRIVER(cuCtxCreate(&first, CU_CTX_SCHED_BLOCKING_SYNC, device));
    unsigned flags = 0, version = 0;
    unsigned long long id = 0, other_id = 0;
    CUdevice found = -1;
    bool fine = cuCtxGetDevice(&found) == CUDA_SUCCESS && found == device && cuCtxGetFlags(&flags) == CUDA_SUCCESS &&
                flags == CU_CTX_SCHED_BLOCKING_SYNC && cuCtxGetApiVersion(first, &version) == CUDA_SUCCESS && version > 0;
    say("created", fine && cuCtxCreate(&second, 0x300, device) == CUDA_ERROR_INVALID_VALUE &&
                       cuCtxCreate(&second, 0, 99) == CUDA_ERROR_INVALID_DEVICE);

    CUctxCreateParams params = {};
    DRIVER(cuCtxCreate(&second, &params, 0, device)); // CUDA 13's form
    fine = cuCtxGetCurrent(&current) == CUDA_SUCCESS && current == second;
    DRIVER(cuCtxGetId(first, &id));
    DRIVER(cuCtxGetId(nullptr, &other_id));
    DRIVER(cuCtxPopCurrent(&current));
    fine = fine && current == second && id != other_id && cuCtxGetCurrent(&current) == CUDA_SUCCESS && current == first;
    DRIVER(cuCtxPushCurrent(second));
    DRIVER(cuCtxSetCurrent(first));
    DRIVER(cuCtxPopCurrent(&current));
    say("stack", fine && current == first && cuCtxGetCurrent(&current) == CUDA_SUCCESS && current == first);

    DRIVER(cuMemAlloc(&memory, 4096));
    DRIVER(cuCtxPushCurrent(second));
    DRIVER(cuMemAlloc(&other, 4096));
    CUcontext owner = nullptr;
    fine = cuPointerGetAttribute(&owner, CU_POINTER_ATTRIBUTE_CONTEXT, other) == CUDA_SUCCESS && owner == second;
    CUstream stream;
    DRIVER(cuStreamCreate(&stream, CU_STREAM_NON_BLOCKING));
    fine = fine && cuStreamGetCtx(stream, &owner) == CUDA_SUCCESS && owner == second;
    DRIVER(cuCtxDestroy(second));
    fine = fine && cuCtxGetCurrent(&current) == CUDA_SUCCESS && current == first;
    unsigned type = 0;
    say("memory goes with its context",
        fine && cuPointerGetAttribute(&type, CU_POINTER_ATTRIBUTE_MEMORY_TYPE, other) == CUDA_ERROR_INVALID_VALUE &&
            cuStreamSynchronize(stream) == CUDA_ERROR_INVALID_HANDLE &&
            cuPointerGetAttribute(&type, CU_POINTER_ATTRIBUTE_MEMORY_TYPE, memory) == CUDA_SUCCESS &&
            type == CU_MEMORYTYPE_DEVICE);
    say("destroyed", cuCtxPushCurrent(second) == CUDA_ERROR_CONTEXT_IS_DESTROYED &&
                         cuCtxDestroy(second) == CUDA_ERROR_CONTEXT_IS_DESTROYED &&
                         cuCtxDestroy(reinterpret_cast<CUcontext>(&device)) == CUDA_ERROR_INVALID_CONTEXT);

    int active = 1;
    CUcontext primary, again;
    DRIVER(cuDevicePrimaryCtxGetState(device, &flags, &active));
    fine = active == 0;
    DRIVER(cuDevicePrimaryCtxRetain(&primary, device));
    DRIVER(cuDevicePrimaryCtxRetain(&again, device));
    DRIVER(cuDevicePrimaryCtxGetState(device, &flags, &active));
    fine = fine && active == 1 && primary == again && cuCtxDestroy(primary) == CUDA_ERROR_INVALID_CONTEXT;
    DRIVER(cuDevicePrimaryCtxRelease(device));
    DRIVER(cuDevicePrimaryCtxRelease(device));
    DRIVER(cuDevicePrimaryCtxGetState(device, &flags, &active));
    say("primary", fine && active == 0 && cuDevicePrimaryCtxRelease(device) == CUDA_ERROR_INVALID_CONTEXT);
    DRIVER(cuMemFree(memory));
    DRIVER(cuCtxDestroy(first));

    void *pointer = nullptr;
    CHECK(cudaMalloc(&pointer, 64));
    DRIVER(cuCtxGetCurrent(&current));
    DRIVER(cuDevicePrimaryCtxRetain(&primary, device));
    fine = current == primary;
    DRIVER(cuMemFree(reinterpret_cast<CUdeviceptr>(pointer)));
    DRIVER(cuMemAlloc(&memory, 64));
    say("shared with the runtime", fine && cudaMemset(reinterpret_cast<void *>(memory), 0, 64) == cudaSuccess &&
                                       cudaFree(reinterpret_cast<void *>(memory)) == cudaSuccess);

    size_t value = 0;
    DRIVER(cuCtxSetLimit(CU_LIMIT_PRINTF_FIFO_SIZE, 1 << 21));
    DRIVER(cuCtxGetLimit(&value, CU_LIMIT_PRINTF_FIFO_SIZE));
    fine = value == 1 << 21 && cuCtxGetLimit(&value, static_cast<CUlimit>(99)) == CUDA_ERROR_UNSUPPORTED_LIMIT;
    int least = 1, greatest = 1;
    DRIVER(cuCtxGetStreamPriorityRange(&least, &greatest));
    DRIVER(cuCtxSetFlags(CU_CTX_SCHED_YIELD));
    DRIVER(cuCtxGetFlags(&flags));
    say("flags and limits", fine && least == 0 && greatest < 0 && (flags & CU_CTX_SCHED_MASK) == CU_CTX_SCHED_YIELD);

    bool own = false;
    std::thread([&] {
        CUdeviceptr mine;
        own = cuMemAlloc(&mine, 16) == CUDA_ERROR_INVALID_CONTEXT && cuCtxSetCurrent(primary) == CUDA_SUCCESS &&
              cuMemAlloc(&mine, 16) == CUDA_SUCCESS && cuMemFree(mine) == CUDA_SUCCESS;
    }).join();
    say("other threads", own);
    DRIVER(cuDevicePrimaryCtxRelease(device));
    return 0;
}
