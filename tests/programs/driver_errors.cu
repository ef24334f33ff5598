// SPDX-License-Identifier: Apache-2.0
// NVCC: skip NVIDIA loads PTX
// The driver API's documented error for each documented misuse: a table of calls, made once without a context where that is
// the misuse, once with one.
// EXPECT: misuses: ok
// EXPECT: the runtime's last error is untouched: ok
#include "check.h"
#include "check_driver.h"

__global__ void __launch_bounds__(64) kernel(int *data) { *data = 1; }

static CUdevice device;
static CUcontext context;
static CUdeviceptr memory;
static CUfunction function;
static CUstream stream;
static CUevent event;
static char host[256];

/* What a call should give, and the call. */
struct Misuse {
    const char *name;
    CUresult want;
    CUresult (*call)();
};
#define MISUSE(want, call)                                                                                             \
    { #call, want, []() -> CUresult { return call; } }

static CUdeviceptr some;
static CUmodule module;
static CUarray array;
static CUdevice other;
static CUgraph graph;
static CUgraphExec exec;
static CUmemoryPool pool;
static CUlinkState link_state;
static CUlibrary library;
static CUkernel library_kernel;
static unsigned number;
static int integer;
static size_t size;
static float ms;
static void *pointer;
static CUlaunchConfig config;
static CUDA_ARRAY_DESCRIPTOR no_array;
static CUjit_option unknown_option = static_cast<CUjit_option>(1000);

static CUstream bad_stream() { return reinterpret_cast<CUstream>(host); }
static CUevent bad_event() { return reinterpret_cast<CUevent>(host); }
static CUfunction bad_function() { return reinterpret_cast<CUfunction>(host); }
static CUmodule bad_module() { return reinterpret_cast<CUmodule>(host); }
static CUcontext bad_context() { return reinterpret_cast<CUcontext>(host); }

static const Misuse table[] = {
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuInit(7)),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuDriverGetVersion(nullptr)),
    /* devices */
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuDeviceGet(nullptr, 0)),
    MISUSE(CUDA_ERROR_INVALID_DEVICE, cuDeviceGet(&other, -1)),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuDeviceGetCount(nullptr)),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuDeviceGetName(nullptr, 10, device)),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuDeviceGetName(host, 0, device)),
    MISUSE(CUDA_ERROR_INVALID_DEVICE, cuDeviceGetName(host, 10, 99)),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuDeviceTotalMem(nullptr, device)),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuDeviceGetAttribute(nullptr, CU_DEVICE_ATTRIBUTE_WARP_SIZE, device)),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuDeviceGetAttribute(&integer, static_cast<CUdevice_attribute>(9999), device)),
    MISUSE(CUDA_ERROR_INVALID_DEVICE, cuDeviceGetAttribute(&integer, CU_DEVICE_ATTRIBUTE_WARP_SIZE, 99)),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuDeviceGetByPCIBusId(&other, nullptr)),
    /* contexts */
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuCtxCreate(nullptr, 0, device)),
    MISUSE(CUDA_ERROR_INVALID_CONTEXT, cuCtxDestroy(bad_context())),
    MISUSE(CUDA_ERROR_INVALID_CONTEXT, cuCtxDestroy(nullptr)),
    MISUSE(CUDA_ERROR_INVALID_CONTEXT, cuCtxPushCurrent(bad_context())),
    MISUSE(CUDA_ERROR_INVALID_CONTEXT, cuCtxSetCurrent(bad_context())),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuCtxGetCurrent(nullptr)),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuCtxGetDevice(nullptr)),
    MISUSE(CUDA_ERROR_UNSUPPORTED_LIMIT, cuCtxSetLimit(static_cast<CUlimit>(77), 1)),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuCtxGetLimit(nullptr, CU_LIMIT_STACK_SIZE)),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuCtxSetCacheConfig(static_cast<CUfunc_cache>(9))),
    MISUSE(CUDA_ERROR_INVALID_CONTEXT, cuCtxEnablePeerAccess(context, 0)),
    MISUSE(CUDA_ERROR_INVALID_CONTEXT, cuCtxGetApiVersion(bad_context(), &number)),
    /* modules */
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuModuleLoad(&module, nullptr)),
    MISUSE(CUDA_ERROR_FILE_NOT_FOUND, cuModuleLoad(&module, "/nowhere/module.ptx")),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuModuleLoadData(nullptr, "x")),
    MISUSE(CUDA_ERROR_INVALID_IMAGE, cuModuleLoadData(&module, "neither PTX nor a module")),
    MISUSE(CUDA_ERROR_INVALID_PTX, cuModuleLoadData(&module, ".version 7.0\n")),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuModuleLoadDataEx(&module, "x", 1, &unknown_option, &pointer)),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuModuleLoadDataEx(&module, "x", 1, nullptr, nullptr)),
    MISUSE(CUDA_ERROR_INVALID_HANDLE, cuModuleUnload(bad_module())),
    MISUSE(CUDA_ERROR_INVALID_HANDLE, cuModuleUnload(nullptr)),
    MISUSE(CUDA_ERROR_INVALID_HANDLE, cuModuleGetFunction(&function, bad_module(), "f")),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuModuleGetFunction(&function, bad_module(), nullptr)),
    MISUSE(CUDA_ERROR_INVALID_HANDLE, cuModuleGetGlobal(&some, &size, bad_module(), "v")),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuLinkCreate(0, nullptr, nullptr, nullptr)),
    MISUSE(CUDA_ERROR_INVALID_HANDLE, cuLinkComplete(nullptr, &pointer, &size)),
    MISUSE(CUDA_ERROR_INVALID_HANDLE, cuLinkDestroy(reinterpret_cast<CUlinkState>(host))),
    MISUSE(CUDA_ERROR_INVALID_IMAGE,
           cuLibraryLoadData(&library, "nothing", nullptr, nullptr, 0, nullptr, nullptr, 0)),
    MISUSE(CUDA_ERROR_INVALID_HANDLE, cuLibraryUnload(reinterpret_cast<CUlibrary>(host))),
    MISUSE(CUDA_ERROR_INVALID_HANDLE, cuLibraryGetKernel(&library_kernel, nullptr, "k")),
    MISUSE(CUDA_ERROR_INVALID_HANDLE, cuKernelGetFunction(&function, reinterpret_cast<CUkernel>(host))),
    /* functions and launches */
    MISUSE(CUDA_ERROR_INVALID_HANDLE, cuFuncGetAttribute(&integer, CU_FUNC_ATTRIBUTE_NUM_REGS, bad_function())),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuFuncGetAttribute(nullptr, CU_FUNC_ATTRIBUTE_NUM_REGS, function)),
    MISUSE(CUDA_ERROR_INVALID_VALUE,
           cuFuncSetAttribute(function, CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, 1 << 24)),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuFuncSetCacheConfig(function, static_cast<CUfunc_cache>(77))),
    MISUSE(CUDA_ERROR_INVALID_HANDLE,
           cuLaunchKernel(bad_function(), 1, 1, 1, 1, 1, 1, 0, nullptr, nullptr, nullptr)),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuLaunchKernel(function, 1, 0, 1, 1, 1, 1, 0, nullptr, nullptr, nullptr)),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuLaunchKernel(function, 1, 1, 1, 1, 1, 65, 0, nullptr, nullptr, nullptr)),
    MISUSE(CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES,
           cuLaunchKernel(function, 1, 1, 1, 128, 1, 1, 0, nullptr, &pointer, nullptr)),
    MISUSE(CUDA_ERROR_INVALID_HANDLE,
           cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, bad_stream(), &pointer, nullptr)),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuLaunchKernelEx(nullptr, function, nullptr, nullptr)),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuLaunchKernelEx(&config, function, nullptr, nullptr)),
    MISUSE(CUDA_ERROR_COOPERATIVE_LAUNCH_TOO_LARGE,
           cuLaunchCooperativeKernel(function, 1 << 20, 1, 1, 64, 1, 1, 0, nullptr, &pointer)),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuOccupancyMaxActiveBlocksPerMultiprocessor(&integer, function, 0, 0)),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuOccupancyMaxActiveBlocksPerMultiprocessor(nullptr, function, 32, 0)),
    /* memory */
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuMemFree(0)),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuMemFree(reinterpret_cast<CUdeviceptr>(host))),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuMemGetInfo(nullptr, &size)),
    MISUSE(CUDA_ERROR_NOT_FOUND, cuMemGetAddressRange(&some, &size, reinterpret_cast<CUdeviceptr>(host))),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuMemAllocManaged(&some, 0, CU_MEM_ATTACH_GLOBAL)),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuMemAllocManaged(&some, 16, 99)),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuMemHostAlloc(&pointer, 16, 0x100)),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuMemHostGetDevicePointer(&some, host, 0)),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuMemcpyHtoD(memory, nullptr, 4)),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuMemcpyHtoD(memory, host, 1 << 20)),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuMemcpyDtoH(host, reinterpret_cast<CUdeviceptr>(host), 4)),
    MISUSE(CUDA_ERROR_INVALID_HANDLE, cuMemcpyHtoDAsync(memory, host, 4, bad_stream())),
    MISUSE(CUDA_ERROR_INVALID_CONTEXT, cuMemcpyPeer(memory, nullptr, memory, context, 4)),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuMemcpy3D(nullptr)),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuMemsetD16(memory + 1, 0, 1)),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuMemsetD2D8(memory, 4, 0, 8, 2)),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuArrayCreate(&array, nullptr)),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuArrayCreate(&array, &no_array)),
    MISUSE(CUDA_ERROR_INVALID_HANDLE, cuArrayDestroy(nullptr)),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuMemPoolCreate(&pool, nullptr)),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuMemFreeAsync(0, nullptr)),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuMemAddressReserve(&some, 12345, 0, 0, 0)),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuMemAddressFree(memory, 4096)),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuMemRelease(0)),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuMemUnmap(memory, 4096)),
    /* streams and events */
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuStreamCreate(nullptr, 0)),
    MISUSE(CUDA_ERROR_INVALID_HANDLE, cuStreamDestroy(bad_stream())),
    MISUSE(CUDA_ERROR_INVALID_HANDLE, cuStreamSynchronize(bad_stream())),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuStreamGetFlags(stream, nullptr)),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuStreamAddCallback(stream, nullptr, nullptr, 0)),
    MISUSE(CUDA_ERROR_INVALID_HANDLE, cuStreamWaitEvent(stream, bad_event(), 0)),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuEventCreate(&event, 0x100)),
    MISUSE(CUDA_ERROR_INVALID_HANDLE, cuEventRecord(bad_event(), stream)),
    MISUSE(CUDA_ERROR_INVALID_HANDLE, cuEventElapsedTime(&ms, event, event)),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuEventElapsedTime(nullptr, event, event)),
    /* graphs */
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuGraphInstantiate(&exec, nullptr, 0)),
    MISUSE(CUDA_ERROR_INVALID_VALUE, cuGraphDestroy(nullptr)),
    MISUSE(CUDA_ERROR_ILLEGAL_STATE, cuStreamEndCapture(stream, &graph)),
};

int main() {
    DRIVER(cuInit(0));
    DRIVER(cuDeviceGet(&device, 0));
    DRIVER(cuCtxCreate(&context, 0, device));
    cudaFunction_t symbol;
    CHECK(cudaGetFuncBySymbol(&symbol, reinterpret_cast<const void *>(kernel)));
    function = symbol;
    DRIVER(cuMemAlloc(&memory, 4096));
    DRIVER(cuStreamCreate(&stream, CU_STREAM_NON_BLOCKING));
    DRIVER(cuEventCreate(&event, 0));
    pointer = &memory;

    int wrong = 0;
    for (const Misuse &misuse : table) {
        CUfunction kept = function;
        CUresult have = misuse.call();
        function = kept;
        pointer = &memory;
        if (have == misuse.want)
            continue;
        const char *have_name = "?", *want_name = "?";
        cuGetErrorName(have, &have_name);
        cuGetErrorName(misuse.want, &want_name);
        std::printf("%s gives %s, should give %s\n", misuse.name, have_name, want_name);
        wrong++;
    }
    std::printf("misuses: %s\n", wrong ? "wrong" : "ok");
    std::printf("the runtime's last error is untouched: %s\n", cudaGetLastError() == cudaSuccess ? "ok" : "wrong");
    DRIVER(cuCtxDestroy(context));
    return 0;
}
