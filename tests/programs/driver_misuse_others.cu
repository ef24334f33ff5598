// SPDX-License-Identifier: Apache-2.0
// One documented misuse at least for each function of the driver API that driver_errors.cu, driver_misuse.cu and the tests of its
// parts leave out. CUDA's reference names the errors ("Returns"); tests/runtime/check_misuse.py says which functions have none.
// EXPECT: misuses: ok
// NVCC: skip NVIDIA's driver faults on handles that were never any
#include "check.h"
#include "check_driver.h"

__global__ void kernel(int *cell, float factor) { *cell = (int)factor; }

static int host[64];
static CUdevice device;
static CUcontext context, other_context;
static CUstream stream;
static CUevent event;
static CUgraph graph;
static CUgraphNode node, empty;
static CUgraphExec exec;
static CUmemoryPool pool;
static CUdeviceptr cell;
static CUaddress_mode address_mode;
static CUfilter_mode filter_mode;
static CUarray_format format;
static CUarray array;
static CUfunction function;
static CUmodule module;
static CUuuid uuid;
static CUmemLocation nowhere = {static_cast<CUmemLocationType>(99), 0}, place = {CU_MEM_LOCATION_TYPE_DEVICE, 0};
static CUmemAllocationProp allocation;
static CUDA_ARRAY_DESCRIPTOR flat_description;
static CUDA_ARRAY3D_DESCRIPTOR description = {16, 16, 0, CU_AD_FORMAT_FLOAT, 1, 0};
static CUDA_ARRAY_MEMORY_REQUIREMENTS requirements;
static CUDA_RESOURCE_DESC resource;
static CUDA_RESOURCE_VIEW_DESC view;
static CUDA_TEXTURE_DESC texture;
static CUDA_KERNEL_NODE_PARAMS launch;
static CUDA_BATCH_MEM_OP_NODE_PARAMS operations;
static CUgraphExecUpdateResultInfo update;
static CUlaunchConfig config;
static CUgraphicsResource graphics;
static const char *name;
static int number;
static unsigned count;

template <class T> static T bad() { return reinterpret_cast<T>(host); }

struct Misuse {
    const char *name;
    CUresult want;
    CUresult (*call)();
};
#define MISUSE(want, call)                                                                                             \
    { #call, CUDA_ERROR_##want, []() -> CUresult { return call; } }

static const Misuse table[] = {
    /* arrays */
    MISUSE(INVALID_VALUE, cuArrayGetDescriptor(nullptr, array)),
    MISUSE(INVALID_HANDLE, cuArrayGetDescriptor(&flat_description, bad<CUarray>())),
    MISUSE(INVALID_VALUE, cuArray3DGetDescriptor(nullptr, array)),
    MISUSE(INVALID_VALUE, cuMipmappedArrayCreate(nullptr, &description, 1)),
    MISUSE(INVALID_HANDLE, cuMipmappedArrayGetMemoryRequirements(&requirements, bad<CUmipmappedArray>(), device)),
    MISUSE(INVALID_VALUE, cuSurfObjectDestroy(12345)),
    MISUSE(INVALID_VALUE, cuSurfObjectGetResourceDesc(&resource, 0)),
    MISUSE(INVALID_HANDLE, cuSurfRefGetArray(&array, bad<CUsurfref>())),
    MISUSE(INVALID_HANDLE, cuTexRefGetAddressMode(&address_mode, bad<CUtexref>(), 0)),
    MISUSE(INVALID_HANDLE, cuTexRefGetFilterMode(&filter_mode, bad<CUtexref>())),
    MISUSE(INVALID_HANDLE, cuTexRefGetFormat(&format, &number, bad<CUtexref>())),
    MISUSE(INVALID_VALUE, cuTexRefGetMaxAnisotropy(nullptr, bad<CUtexref>())),
    MISUSE(INVALID_HANDLE, cuTexRefGetMipmapFilterMode(&filter_mode, bad<CUtexref>())),
    MISUSE(INVALID_VALUE, cuTexRefGetMipmapLevelBias(nullptr, bad<CUtexref>())),
    MISUSE(INVALID_VALUE, cuTexRefGetMipmapLevelClamp(nullptr, nullptr, bad<CUtexref>())),
    MISUSE(INVALID_HANDLE, cuTexRefSetMaxAnisotropy(bad<CUtexref>(), 1)),
    MISUSE(INVALID_HANDLE, cuTexRefSetMipmapFilterMode(bad<CUtexref>(), CU_TR_FILTER_MODE_POINT)),
    MISUSE(INVALID_HANDLE, cuTexRefSetMipmapLevelBias(bad<CUtexref>(), 0)),
    MISUSE(INVALID_HANDLE, cuTexRefSetMipmapLevelClamp(bad<CUtexref>(), 0, 1)),
    MISUSE(INVALID_VALUE, cuTexRefSetMipmappedArray(bad<CUtexref>(), nullptr, 0)),
    MISUSE(INVALID_VALUE, cuTexObjectGetResourceDesc(&resource, 0)),
    MISUSE(INVALID_VALUE, cuTexObjectGetResourceViewDesc(&view, 0)),
    MISUSE(INVALID_VALUE, cuTexObjectGetTextureDesc(&texture, 0)),
    /* contexts and devices */
    MISUSE(INVALID_VALUE, cuCtxAttach(nullptr, 0)),
    MISUSE(INVALID_CONTEXT, cuCtxDetach(bad<CUcontext>())),
    MISUSE(INVALID_DEVICE, cuCtxCreate_v3(&other_context, nullptr, 0, 0, 99)),
    MISUSE(INVALID_VALUE, cuCtxCreate_v4(nullptr, nullptr, 0, device)),
    MISUSE(INVALID_VALUE, cuCtxGetExecAffinity(nullptr, CU_EXEC_AFFINITY_TYPE_SM_COUNT)),
    MISUSE(INVALID_VALUE, cuCtxGetFlags(nullptr)),
    MISUSE(INVALID_VALUE, cuCtxGetId(context, nullptr)),
    MISUSE(INVALID_VALUE, cuCtxSetFlags(0x10000)),
    MISUSE(INVALID_VALUE, cuCtxSetSharedMemConfig(static_cast<CUsharedconfig>(77))),
    MISUSE(INVALID_VALUE, cuDeviceGetDefaultMemPool(nullptr, device)),
    MISUSE(INVALID_VALUE, cuDevicePrimaryCtxGetState(device, nullptr, nullptr)),
    MISUSE(INVALID_DEVICE, cuDevicePrimaryCtxGetState(99, &count, &number)),
    MISUSE(INVALID_VALUE, cuDevicePrimaryCtxRetain(nullptr, device)),
    MISUSE(INVALID_VALUE, cuGetErrorString(CUDA_SUCCESS, nullptr)),
    MISUSE(INVALID_VALUE, cuGetExportTable(nullptr, &uuid)),
    /* events and streams */
    MISUSE(INVALID_HANDLE, cuEventDestroy(bad<CUevent>())),
    MISUSE(INVALID_HANDLE, cuEventSynchronize(bad<CUevent>())),
    MISUSE(INVALID_VALUE, cuEventRecordWithFlags(event, stream, 99)),
    MISUSE(INVALID_VALUE, cuStreamCreateWithPriority(nullptr, 0, 0)),
    MISUSE(INVALID_VALUE, cuStreamBeginCapture(stream, static_cast<CUstreamCaptureMode>(77))),
    MISUSE(INVALID_VALUE, cuStreamGetCaptureInfo_v3(stream, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr)),
    MISUSE(INVALID_HANDLE, cuStreamGetCtx(bad<CUstream>(), &other_context)),
    MISUSE(INVALID_VALUE, cuStreamIsCapturing(stream, nullptr)),
    MISUSE(ILLEGAL_STATE, cuStreamUpdateCaptureDependencies_v2(stream, nullptr, nullptr, 0, 0)),
    /* functions, as they are launched now and as CUDA 3 launched them */
    MISUSE(INVALID_HANDLE, cuFuncGetModule(&module, bad<CUfunction>())),
    MISUSE(INVALID_VALUE, cuFuncGetName(nullptr, function)),
    MISUSE(INVALID_VALUE, cuFuncSetBlockShape(function, 0, 1, 1)),
    MISUSE(INVALID_HANDLE, cuFuncSetSharedMemConfig(bad<CUfunction>(), CU_SHARED_MEM_CONFIG_DEFAULT_BANK_SIZE)),
    MISUSE(INVALID_HANDLE, cuFuncSetSharedSize(bad<CUfunction>(), 0)),
    MISUSE(INVALID_HANDLE, cuKernelGetAttribute(&number, CU_FUNC_ATTRIBUTE_NUM_REGS, bad<CUkernel>(), device)),
    MISUSE(INVALID_HANDLE, cuKernelGetName(&name, bad<CUkernel>())),
    MISUSE(INVALID_HANDLE, cuLaunch(bad<CUfunction>())),
    MISUSE(INVALID_VALUE, cuLaunchGrid(function, 0, 1)),
    MISUSE(INVALID_HANDLE, cuLaunchGridAsync(bad<CUfunction>(), 1, 1, stream)),
    MISUSE(INVALID_HANDLE, cuLaunchCooperativeKernel(bad<CUfunction>(), 1, 1, 1, 1, 1, 1, 0, stream, nullptr)),
    MISUSE(INVALID_HANDLE, cuParamSetSize(bad<CUfunction>(), 8)),
    MISUSE(INVALID_VALUE, cuParamSetf(function, -4, 1.0f)),
    MISUSE(INVALID_VALUE, cuParamSeti(function, 1 << 20, 1)),
    MISUSE(INVALID_VALUE, cuParamSetv(function, 0, nullptr, 8)),
    MISUSE(INVALID_VALUE, cuOccupancyMaxActiveClusters(nullptr, function, &config)),
    MISUSE(INVALID_HANDLE, cuOccupancyMaxPotentialBlockSize(&number, &number, bad<CUfunction>(), nullptr, 0, 0)),
    MISUSE(INVALID_VALUE, cuOccupancyMaxPotentialBlockSizeWithFlags(nullptr, &number, function, nullptr, 0, 0, 0)),
    MISUSE(INVALID_VALUE, cuOccupancyMaxPotentialClusterSize(nullptr, function, &config)),
    MISUSE(INVALID_HANDLE, cuModuleGetFunctionCount(&count, bad<CUmodule>())),
    MISUSE(INVALID_HANDLE, cuModuleEnumerateFunctions(&function, 1, bad<CUmodule>())),
    MISUSE(INVALID_HANDLE, cuLibraryGetKernelCount(&count, bad<CUlibrary>())),
    MISUSE(INVALID_VALUE, cuLibraryLoadData(nullptr, host, nullptr, nullptr, 0, nullptr, nullptr, 0)),
    MISUSE(INVALID_HANDLE, cuLinkAddData(bad<CUlinkState>(), CU_JIT_INPUT_PTX, host, 4, "", 0, nullptr, nullptr)),
    MISUSE(INVALID_HANDLE, cuLinkAddFile(bad<CUlinkState>(), CU_JIT_INPUT_PTX, "nowhere", 0, nullptr, nullptr)),
    /* graphs */
    MISUSE(INVALID_VALUE, cuGraphAddEmptyNode(nullptr, graph, nullptr, 0)),
    MISUSE(INVALID_VALUE, cuGraphAddHostNode(&node, graph, nullptr, 0, nullptr)),
    MISUSE(INVALID_VALUE, cuGraphAddMemcpyNode(&node, graph, nullptr, 0, nullptr, context)),
    MISUSE(INVALID_VALUE, cuGraphAddMemsetNode(&node, graph, nullptr, 0, nullptr, context)),
    MISUSE(INVALID_VALUE, cuGraphBatchMemOpNodeSetParams(empty, &operations)),
    MISUSE(INVALID_VALUE, cuGraphExecBatchMemOpNodeSetParams(exec, empty, &operations)),
    MISUSE(INVALID_VALUE, cuGraphExecDestroy(bad<CUgraphExec>())),
    MISUSE(INVALID_VALUE, cuGraphExecKernelNodeSetParams(exec, empty, nullptr)),
    MISUSE(INVALID_VALUE, cuGraphExecUpdate(exec, bad<CUgraph>(), &update)),
    MISUSE(INVALID_VALUE, cuGraphGetNodes(graph, nullptr, nullptr)),
    MISUSE(INVALID_VALUE, cuGraphInstantiateWithFlags(nullptr, graph, 0)),
    MISUSE(INVALID_VALUE, cuGraphKernelNodeGetParams(empty, &launch)),
    MISUSE(INVALID_VALUE, cuGraphKernelNodeSetParams(empty, nullptr)),
    MISUSE(INVALID_VALUE, cuGraphNodeGetType(empty, nullptr)),
    /* memory */
    MISUSE(INVALID_VALUE, cuMemAdvise(reinterpret_cast<CUdeviceptr>(host), 4, CU_MEM_ADVISE_SET_READ_MOSTLY, device)),
    MISUSE(INVALID_VALUE, cuMemAdvise_v2(cell, 4, CU_MEM_ADVISE_SET_READ_MOSTLY, nowhere)),
    MISUSE(INVALID_VALUE, cuMemAllocAsync(nullptr, 16, stream)),
    MISUSE(INVALID_VALUE, cuMemExportToShareableHandle(nullptr, 0, CU_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR, 0)),
    MISUSE(INVALID_VALUE, cuMemGetAccess(nullptr, &place, cell)),
    MISUSE(INVALID_VALUE, cuMemGetAllocationGranularity(nullptr, &allocation, CU_MEM_ALLOC_GRANULARITY_MINIMUM)),
    MISUSE(INVALID_VALUE, cuMemHostGetFlags(&count, host)),
    MISUSE(INVALID_VALUE, cuMemImportFromShareableHandle(nullptr, nullptr, CU_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR)),
    MISUSE(INVALID_VALUE, cuMemPoolExportToShareableHandle(nullptr, pool, CU_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR, 0)),
    MISUSE(INVALID_VALUE, cuMemPoolGetAttribute(pool, CU_MEMPOOL_ATTR_USED_MEM_CURRENT, nullptr)),
    MISUSE(INVALID_VALUE, cuMemPoolImportFromShareableHandle(nullptr, nullptr, CU_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR, 0)),
    MISUSE(INVALID_VALUE, cuMemPrefetchAsync(reinterpret_cast<CUdeviceptr>(host), 4, device, stream)),
    MISUSE(INVALID_VALUE, cuMemPrefetchAsync_v2(cell, 4, nowhere, 0, stream)),
    MISUSE(INVALID_VALUE, cuMemRangeGetAttributes(nullptr, nullptr, nullptr, 1, cell, 4)),
    MISUSE(INVALID_VALUE, cuMemRetainAllocationHandle(nullptr, reinterpret_cast<void *>(cell))),
    MISUSE(INVALID_VALUE, cuMemcpy(cell, cell, 1 << 20)),
    MISUSE(INVALID_VALUE, cuMemcpyAsync(cell, cell, 1 << 20, stream)),
    MISUSE(INVALID_HANDLE, cuMemcpyAtoH(host, bad<CUarray>(), 0, 4)),
    MISUSE(INVALID_VALUE, cuMemcpyDtoHAsync(nullptr, cell, 4, stream)),
    MISUSE(INVALID_CONTEXT, cuMemcpyPeerAsync(cell, bad<CUcontext>(), cell, context, 4, stream)),
    MISUSE(INVALID_VALUE, cuMemsetD2D16(cell + 1, 16, 0, 1, 1)),
    MISUSE(INVALID_VALUE, cuMemsetD32Async(cell + 2, 0, 1, stream)),
    MISUSE(INVALID_VALUE, cuPointerGetAttributes(1, nullptr, nullptr, cell)),
    /* resources of graphics APIs */
    MISUSE(INVALID_HANDLE, cuGraphicsMapResources(1, &graphics, stream)),
    MISUSE(INVALID_HANDLE, cuGraphicsUnmapResources(1, &graphics, stream)),
};

int main() {
    CUmemPoolProps props = {};
    CUDA_ARRAY_DESCRIPTOR plane = {16, 4, CU_AD_FORMAT_FLOAT, 1};
    props.allocType = CU_MEM_ALLOCATION_TYPE_PINNED;
    props.location.type = CU_MEM_LOCATION_TYPE_DEVICE;
    DRIVER(cuInit(0));
    DRIVER(cuDeviceGet(&device, 0));
    DRIVER(cuCtxCreate(&context, 0, device));
    DRIVER(cuStreamCreate(&stream, 0));
    DRIVER(cuEventCreate(&event, 0));
    DRIVER(cuMemAlloc(&cell, 64));
    DRIVER(cuMemPoolCreate(&pool, &props));
    DRIVER(cuArrayCreate(&array, &plane));
    cudaFunction_t found;
    CHECK(cudaGetFuncBySymbol(&found, reinterpret_cast<const void *>(kernel)));
    function = found;
    DRIVER(cuGraphCreate(&graph, 0));
    DRIVER(cuGraphAddEmptyNode(&empty, graph, nullptr, 0));
    DRIVER(cuGraphInstantiate(&exec, graph, 0));
    int wrong = 0;
    for (const Misuse &row : table) {
        CUresult got = row.call();
        if (got == row.want) continue;
        const char *name = nullptr, *want = nullptr;
        cuGetErrorName(got, &name);
        cuGetErrorName(row.want, &want);
        std::printf("%s: %s, not %s\n", row.name, name ? name : "?", want);
        wrong++;
    }
    std::printf("misuses: %s\n", wrong ? "wrong" : "ok");
    return 0;
}
