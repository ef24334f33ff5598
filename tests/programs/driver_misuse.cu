// SPDX-License-Identifier: Apache-2.0
// One documented misuse at least for each function of the driver API that driver_errors.cu leaves out: no place for a result, a
// handle that is none, a value that means nothing. CUDA's reference names the errors ("Returns").
// EXPECT: misuses: ok
// NVCC: skip NVIDIA's driver faults on handles that were never any
#include "check.h"
#include "check_driver.h"

static int host[64];
static CUdevice device;
static CUcontext context;
static CUstream stream;
static CUevent event;
static CUgraph graph, other_graph;
static CUgraphNode node, empty;
static CUgraphExec exec;
static CUmemoryPool pool;
static CUdeviceptr cell;
static CUarray array;
static CUlibrary library;
static CUkernel kernel_handle;
static CUfunction function;
static CUmodule module;
static CUuserObject object;
static CUuuid uuid;
static CUlinkState link_state;
static CUdevprop properties;
static CUgraphConditionalHandle handle;
static CUmemPoolPtrExportData exported;
static CUmemLocation nowhere = {static_cast<CUmemLocationType>(99), 0};
static CUmemAccess_flags access_flags;
static CUipcMemHandle memory_handle;
static CUipcEventHandle event_handle;
static CUstreamAttrValue attribute;
static CUDA_MEMCPY2D flat;
static CUDA_MEMCPY3D box;
static CUDA_MEMSET_NODE_PARAMS fill;
static CUDA_HOST_NODE_PARAMS call_back;
static CUDA_MEM_ALLOC_NODE_PARAMS allocation;
static CUmemAllocationProp allocation_prop;
static CUgraphicsResource resource;
static int number;
static unsigned count;
static size_t size;
static void *pointer;
static char *text;

template <class T> static T bad() { return reinterpret_cast<T>(host); }
static void callback(void *) {}

struct Misuse {
    const char *name;
    CUresult want;
    CUresult (*call)();
};
#define MISUSE(want, call)                                                                                             \
    { #call, CUDA_ERROR_##want, []() -> CUresult { return call; } }

static const Misuse table[] = {
    /* devices and contexts */
    MISUSE(INVALID_DEVICE, cuDeviceCanAccessPeer(&number, 0, 99)),
    MISUSE(INVALID_VALUE, cuDeviceCanAccessPeer(nullptr, 0, 0)),
    MISUSE(INVALID_VALUE, cuDeviceComputeCapability(nullptr, &number, device)),
    MISUSE(INVALID_VALUE, cuDeviceGetExecAffinitySupport(nullptr, CU_EXEC_AFFINITY_TYPE_SM_COUNT, device)),
    MISUSE(INVALID_DEVICE, cuDeviceGetGraphMemAttribute(99, CU_GRAPH_MEM_ATTR_USED_MEM_CURRENT, &size)),
    MISUSE(INVALID_DEVICE, cuDeviceSetGraphMemAttribute(99, CU_GRAPH_MEM_ATTR_USED_MEM_HIGH, &size)),
    MISUSE(INVALID_DEVICE, cuDeviceGraphMemTrim(99)),
    MISUSE(INVALID_VALUE, cuDeviceGetMemPool(nullptr, device)),
    MISUSE(INVALID_VALUE, cuDeviceSetMemPool(device, nullptr)),
    MISUSE(INVALID_VALUE, cuDeviceGetP2PAttribute(nullptr, CU_DEVICE_P2P_ATTRIBUTE_ACCESS_SUPPORTED, 0, 0)),
    MISUSE(INVALID_VALUE, cuDeviceGetPCIBusId(nullptr, 16, device)),
    MISUSE(INVALID_VALUE, cuDeviceGetProperties(nullptr, device)),
    MISUSE(INVALID_VALUE, cuDeviceGetTexture1DLinearMaxWidth(nullptr, CU_AD_FORMAT_FLOAT, 1, device)),
    MISUSE(INVALID_VALUE, cuDeviceGetUuid(nullptr, device)),
    MISUSE(INVALID_DEVICE, cuDevicePrimaryCtxReset(99)),
    MISUSE(INVALID_VALUE, cuDevicePrimaryCtxSetFlags(device, 0x4000)),
    MISUSE(INVALID_CONTEXT, cuCtxDisablePeerAccess(context)),
    MISUSE(INVALID_VALUE, cuCtxGetCacheConfig(nullptr)),
    MISUSE(INVALID_VALUE, cuCtxGetSharedMemConfig(nullptr)),
    /* functions, libraries, links */
    MISUSE(INVALID_HANDLE, cuFuncLoad(bad<CUfunction>())),
    MISUSE(INVALID_VALUE, cuFuncIsLoaded(nullptr, function)),
    MISUSE(INVALID_HANDLE, cuKernelSetAttribute(CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, 0, bad<CUkernel>(), device)),
    MISUSE(INVALID_HANDLE, cuKernelSetCacheConfig(bad<CUkernel>(), CU_FUNC_CACHE_PREFER_L1, device)),
    MISUSE(INVALID_HANDLE, cuKernelGetLibrary(&library, bad<CUkernel>())),
    MISUSE(INVALID_HANDLE, cuKernelGetParamInfo(bad<CUkernel>(), 0, &size, &size)),
    MISUSE(INVALID_HANDLE, cuLibraryEnumerateKernels(&kernel_handle, 1, bad<CUlibrary>())),
    MISUSE(INVALID_HANDLE, cuLibraryGetGlobal(&cell, &size, bad<CUlibrary>(), "x")),
    MISUSE(INVALID_HANDLE, cuLibraryGetManaged(&cell, &size, bad<CUlibrary>(), "x")),
    MISUSE(INVALID_HANDLE, cuLibraryGetModule(&module, bad<CUlibrary>())),
    MISUSE(INVALID_HANDLE, cuLibraryGetUnifiedFunction(&pointer, bad<CUlibrary>(), "x")),
    MISUSE(FILE_NOT_FOUND, cuLibraryLoadFromFile(&library, "/no/such/file", nullptr, nullptr, 0, nullptr, nullptr, 0)),
    MISUSE(INVALID_VALUE, cuModuleLoadFatBinary(&module, nullptr)),
    MISUSE(INVALID_VALUE, cuModuleGetLoadingMode(nullptr)),
    MISUSE(INVALID_VALUE, cuLaunchCooperativeKernelMultiDevice(nullptr, 1, 0)),
    MISUSE(INVALID_HANDLE, cuOccupancyAvailableDynamicSMemPerBlock(&size, bad<CUfunction>(), 1, 32)),
    MISUSE(INVALID_HANDLE, cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(&number, bad<CUfunction>(), 32, 0, 0)),
    /* graphs */
    MISUSE(INVALID_VALUE, cuGraphAddChildGraphNode(&node, graph, nullptr, 0, bad<CUgraph>())),
    MISUSE(INVALID_VALUE, cuGraphAddDependencies(graph, nullptr, nullptr, 1)),
    MISUSE(INVALID_VALUE, cuGraphAddDependencies_v2(graph, nullptr, nullptr, nullptr, 1)),
    MISUSE(INVALID_VALUE, cuGraphRemoveDependencies(graph, nullptr, nullptr, 1)),
    MISUSE(INVALID_VALUE, cuGraphRemoveDependencies_v2(graph, nullptr, nullptr, nullptr, 1)),
    MISUSE(INVALID_VALUE, cuGraphAddEventRecordNode(&node, graph, nullptr, 0, nullptr)),
    MISUSE(INVALID_VALUE, cuGraphAddEventWaitNode(&node, graph, nullptr, 0, nullptr)),
    MISUSE(INVALID_VALUE, cuGraphAddMemAllocNode(&node, graph, nullptr, 0, nullptr)),
    MISUSE(INVALID_VALUE, cuGraphAddMemFreeNode(&node, graph, nullptr, 0, 0)),
    MISUSE(INVALID_VALUE, cuGraphAddNode_v2(&node, graph, nullptr, nullptr, 0, nullptr)),
    MISUSE(INVALID_VALUE, cuGraphChildGraphNodeGetGraph(empty, &other_graph)),
    MISUSE(INVALID_VALUE, cuGraphClone(nullptr, graph)),
    MISUSE(INVALID_VALUE, cuGraphConditionalHandleCreate(nullptr, graph, context, 0, 0)),
    MISUSE(INVALID_VALUE, cuGraphDebugDotPrint(graph, nullptr, 0)),
    MISUSE(INVALID_VALUE, cuGraphDestroyNode(bad<CUgraphNode>())),
    MISUSE(INVALID_VALUE, cuGraphEventRecordNodeGetEvent(empty, &event)),
    MISUSE(INVALID_VALUE, cuGraphEventRecordNodeSetEvent(empty, event)),
    MISUSE(INVALID_VALUE, cuGraphEventWaitNodeGetEvent(empty, &event)),
    MISUSE(INVALID_VALUE, cuGraphEventWaitNodeSetEvent(empty, event)),
    MISUSE(INVALID_VALUE, cuGraphExecChildGraphNodeSetParams(exec, empty, graph)),
    MISUSE(INVALID_VALUE, cuGraphExecEventRecordNodeSetEvent(exec, empty, event)),
    MISUSE(INVALID_VALUE, cuGraphExecEventWaitNodeSetEvent(exec, empty, event)),
    MISUSE(INVALID_VALUE, cuGraphExecGetFlags(exec, nullptr)),
    MISUSE(INVALID_VALUE, cuGraphExecHostNodeSetParams(exec, empty, nullptr)),
    MISUSE(INVALID_VALUE, cuGraphExecMemcpyNodeSetParams(exec, empty, nullptr, context)),
    MISUSE(INVALID_VALUE, cuGraphExecMemsetNodeSetParams(exec, empty, nullptr, context)),
    MISUSE(INVALID_VALUE, cuGraphExecNodeSetParams(exec, empty, nullptr)),
    MISUSE(INVALID_VALUE, cuGraphGetEdges(graph, nullptr, nullptr, nullptr)),
    MISUSE(INVALID_VALUE, cuGraphGetEdges_v2(graph, nullptr, nullptr, nullptr, nullptr)),
    MISUSE(INVALID_VALUE, cuGraphGetRootNodes(graph, nullptr, nullptr)),
    MISUSE(INVALID_VALUE, cuGraphHostNodeGetParams(empty, &call_back)),
    MISUSE(INVALID_VALUE, cuGraphHostNodeSetParams(empty, nullptr)),
    MISUSE(INVALID_VALUE, cuGraphInstantiateWithParams(&exec, graph, nullptr)),
    MISUSE(INVALID_VALUE, cuGraphKernelNodeCopyAttributes(empty, empty)),
    MISUSE(INVALID_VALUE, cuGraphKernelNodeGetAttribute(empty, CU_LAUNCH_ATTRIBUTE_PRIORITY, &attribute)),
    MISUSE(INVALID_VALUE, cuGraphKernelNodeSetAttribute(empty, CU_LAUNCH_ATTRIBUTE_PRIORITY, &attribute)),
    MISUSE(INVALID_VALUE, cuGraphMemAllocNodeGetParams(empty, &allocation)),
    MISUSE(INVALID_VALUE, cuGraphMemFreeNodeGetParams(empty, &cell)),
    MISUSE(INVALID_VALUE, cuGraphMemcpyNodeSetParams(empty, nullptr)),
    MISUSE(INVALID_VALUE, cuGraphMemsetNodeGetParams(empty, &fill)),
    MISUSE(INVALID_VALUE, cuGraphMemsetNodeSetParams(empty, nullptr)),
    MISUSE(INVALID_VALUE, cuGraphNodeFindInClone(&node, empty, graph)),
    MISUSE(INVALID_VALUE, cuGraphNodeGetDependencies(bad<CUgraphNode>(), nullptr, &size)),
    MISUSE(INVALID_VALUE, cuGraphNodeGetDependencies_v2(bad<CUgraphNode>(), nullptr, nullptr, &size)),
    MISUSE(INVALID_VALUE, cuGraphNodeGetDependentNodes(empty, nullptr, nullptr)),
    MISUSE(INVALID_VALUE, cuGraphNodeGetDependentNodes_v2(empty, nullptr, nullptr, nullptr)),
    MISUSE(INVALID_VALUE, cuGraphNodeGetEnabled(exec, empty, &count)),
    MISUSE(INVALID_VALUE, cuGraphNodeSetEnabled(exec, empty, 1)),
    MISUSE(INVALID_VALUE, cuGraphNodeSetParams(empty, nullptr)),
    MISUSE(INVALID_VALUE, cuGraphRetainUserObject(graph, bad<CUuserObject>(), 1, 0)),
    MISUSE(INVALID_VALUE, cuGraphReleaseUserObject(graph, bad<CUuserObject>(), 1)),
    MISUSE(INVALID_VALUE, cuGraphUpload(bad<CUgraphExec>(), stream)),
    MISUSE(INVALID_VALUE, cuUserObjectCreate(&object, host, callback, 0, CU_USER_OBJECT_NO_DESTRUCTOR_SYNC)),
    MISUSE(INVALID_VALUE, cuUserObjectRetain(bad<CUuserObject>(), 1)),
    MISUSE(INVALID_VALUE, cuUserObjectRelease(bad<CUuserObject>(), 1)),
    /* memory */
    MISUSE(INVALID_VALUE, cuImportExternalSemaphore(nullptr, nullptr)),
    MISUSE(INVALID_VALUE, cuSignalExternalSemaphoresAsync(nullptr, nullptr, 1, stream)),
    MISUSE(INVALID_VALUE, cuWaitExternalSemaphoresAsync(nullptr, nullptr, 1, stream)),
    MISUSE(INVALID_HANDLE, cuDestroyExternalSemaphore(bad<CUexternalSemaphore>())),
    MISUSE(INVALID_VALUE, cuMulticastCreate(nullptr, nullptr)),
    MISUSE(INVALID_VALUE, cuMulticastGetGranularity(nullptr, nullptr, CU_MULTICAST_GRANULARITY_MINIMUM)),
    MISUSE(NOT_SUPPORTED, cuMulticastAddDevice(0, 0)),
    MISUSE(NOT_SUPPORTED, cuMulticastBindMem(0, 0, 0, 0, 0, 0)),
    MISUSE(NOT_SUPPORTED, cuMulticastBindAddr(0, 0, cell, 0, 0)),
    MISUSE(NOT_SUPPORTED, cuMulticastUnbind(0, 0, 0, 0)),
    MISUSE(INVALID_VALUE, cuImportExternalMemory(nullptr, nullptr)),
    MISUSE(INVALID_HANDLE, cuExternalMemoryGetMappedBuffer(&cell, bad<CUexternalMemory>(), nullptr)),
    MISUSE(INVALID_HANDLE, cuDestroyExternalMemory(bad<CUexternalMemory>())),
    MISUSE(INVALID_VALUE, cuIpcGetMemHandle(nullptr, cell)),
    MISUSE(INVALID_VALUE, cuIpcOpenMemHandle(nullptr, memory_handle, CU_IPC_MEM_LAZY_ENABLE_PEER_ACCESS)),
    MISUSE(INVALID_VALUE, cuIpcCloseMemHandle(cell)),
    MISUSE(INVALID_VALUE, cuIpcGetEventHandle(nullptr, event)),
    MISUSE(INVALID_VALUE, cuIpcOpenEventHandle(nullptr, event_handle)),
    MISUSE(INVALID_VALUE, cuMemAllocFromPoolAsync(nullptr, 4, pool, stream)),
    MISUSE(INVALID_VALUE, cuMemAllocHost(nullptr, 4)),
    MISUSE(INVALID_VALUE, cuMemGetAllocationPropertiesFromHandle(nullptr, 0)),
    MISUSE(INVALID_VALUE, cuMemPoolExportPointer(&exported, 0)),
    MISUSE(INVALID_VALUE, cuMemPoolGetAccess(nullptr, pool, &nowhere)),
    MISUSE(INVALID_VALUE, cuMemPoolSetAccess(pool, nullptr, 1)),
    MISUSE(INVALID_VALUE, cuMemPoolSetAttribute(pool, static_cast<CUmemPool_attribute>(77), &size)),
    MISUSE(INVALID_VALUE, cuMemPoolTrimTo(nullptr, 0)),
    MISUSE(INVALID_VALUE, cuMemPoolImportPointer(nullptr, pool, &exported)),
    MISUSE(INVALID_VALUE, cuMemRangeGetAttribute(nullptr, 4, CU_MEM_RANGE_ATTRIBUTE_READ_MOSTLY, cell, 4)),
    MISUSE(INVALID_VALUE, cuMemcpy2DAsync(nullptr, stream)),
    MISUSE(INVALID_VALUE, cuMemcpy2DUnaligned(nullptr)),
    MISUSE(INVALID_VALUE, cuMemcpy3DAsync(nullptr, stream)),
    MISUSE(INVALID_VALUE, cuMemcpy3DPeer(nullptr)),
    MISUSE(INVALID_VALUE, cuMemcpy3DPeerAsync(nullptr, stream)),
    MISUSE(INVALID_HANDLE, cuMemcpyAtoA(bad<CUarray>(), 0, array, 0, 4)),
    MISUSE(INVALID_HANDLE, cuMemcpyAtoD(cell, bad<CUarray>(), 0, 4)),
    MISUSE(INVALID_HANDLE, cuMemcpyAtoHAsync(host, bad<CUarray>(), 0, 4, stream)),
    MISUSE(INVALID_HANDLE, cuMemcpyDtoA(bad<CUarray>(), 0, cell, 4)),
    MISUSE(INVALID_HANDLE, cuMemcpyHtoA(bad<CUarray>(), 0, host, 4)),
    MISUSE(INVALID_HANDLE, cuMemcpyHtoAAsync(bad<CUarray>(), 0, host, 4, stream)),
    MISUSE(INVALID_VALUE, cuMemcpyDtoD(cell, cell, 1 << 20)),
    MISUSE(INVALID_VALUE, cuMemcpyDtoDAsync(cell, cell, 1 << 20, stream)),
    MISUSE(INVALID_VALUE, cuMemsetD16Async(cell + 1, 0, 1, stream)),
    MISUSE(INVALID_VALUE, cuMemsetD2D32(cell + 2, 16, 0, 1, 1)),
    MISUSE(INVALID_VALUE, cuMemsetD2D16Async(cell + 1, 16, 0, 1, 1, stream)),
    MISUSE(INVALID_VALUE, cuMemsetD2D32Async(cell + 2, 16, 0, 1, 1, stream)),
    MISUSE(INVALID_VALUE, cuMemsetD2D8Async(cell, 16, 0, 16, 100, stream)),
    MISUSE(INVALID_VALUE, cuMemsetD8Async(cell, 0, 1 << 20, stream)),
    MISUSE(INVALID_VALUE, cuMemcpyBatchAsync(nullptr, nullptr, nullptr, 1, nullptr, nullptr, 0, &size, stream)),
    MISUSE(INVALID_VALUE, cuMemcpy3DBatchAsync(1, nullptr, &size, 0, stream)),
    MISUSE(INVALID_VALUE, cuArrayGetMemoryRequirements(nullptr, array, device)),
    MISUSE(INVALID_HANDLE, cuArrayGetPlane(&array, bad<CUarray>(), 0)),
    /* streams */
    MISUSE(INVALID_HANDLE, cuStreamAttachMemAsync(bad<CUstream>(), cell, 0, CU_MEM_ATTACH_GLOBAL)),
    MISUSE(INVALID_VALUE, cuStreamBeginCaptureToGraph(stream, bad<CUgraph>(), nullptr, nullptr, 0, CU_STREAM_CAPTURE_MODE_RELAXED)),
    MISUSE(INVALID_HANDLE, cuStreamCopyAttributes(bad<CUstream>(), stream)),
    MISUSE(INVALID_VALUE, cuStreamGetAttribute(stream, CU_LAUNCH_ATTRIBUTE_SYNCHRONIZATION_POLICY, nullptr)),
    MISUSE(INVALID_VALUE, cuStreamSetAttribute(stream, CU_LAUNCH_ATTRIBUTE_SYNCHRONIZATION_POLICY, nullptr)),
    MISUSE(INVALID_VALUE, cuStreamGetCaptureInfo(stream, nullptr, nullptr, nullptr, nullptr, nullptr)),
    MISUSE(INVALID_HANDLE, cuStreamGetDevice(bad<CUstream>(), &device)),
    MISUSE(INVALID_VALUE, cuStreamGetId(stream, nullptr)),
    MISUSE(INVALID_HANDLE, cuStreamGetPriority(bad<CUstream>(), &number)),
    MISUSE(ILLEGAL_STATE, cuStreamUpdateCaptureDependencies(stream, nullptr, 0, 0)),
    MISUSE(INVALID_VALUE, cuStreamWaitValue64(stream, cell + 4, 0, 0)),
    MISUSE(INVALID_VALUE, cuStreamWriteValue64(stream, cell + 4, 0, 0)),
    MISUSE(INVALID_VALUE, cuThreadExchangeStreamCaptureMode(nullptr)),
    MISUSE(INVALID_VALUE, cuPointerSetAttribute(&number, CU_POINTER_ATTRIBUTE_SYNC_MEMOPS, reinterpret_cast<CUdeviceptr>(host))),
    /* resources of graphics APIs */
    MISUSE(INVALID_HANDLE, cuGraphicsUnregisterResource(bad<CUgraphicsResource>())),
    MISUSE(INVALID_HANDLE, cuGraphicsResourceSetMapFlags(bad<CUgraphicsResource>(), 0)),
    MISUSE(INVALID_HANDLE, cuGraphicsResourceGetMappedPointer(&cell, &size, bad<CUgraphicsResource>())),
    MISUSE(INVALID_HANDLE, cuGraphicsSubResourceGetMappedArray(&array, bad<CUgraphicsResource>(), 0, 0)),
};

int main() {
    CUmemPoolProps props = {};
    CUDA_ARRAY_DESCRIPTOR description = {16, 4, CU_AD_FORMAT_FLOAT, 1};
    props.allocType = CU_MEM_ALLOCATION_TYPE_PINNED;
    props.location.type = CU_MEM_LOCATION_TYPE_DEVICE;
    DRIVER(cuInit(0));
    DRIVER(cuDeviceGet(&device, 0));
    DRIVER(cuCtxCreate(&context, 0, device));
    DRIVER(cuStreamCreate(&stream, 0));
    DRIVER(cuEventCreate(&event, 0));
    DRIVER(cuMemAlloc(&cell, 64));
    DRIVER(cuMemPoolCreate(&pool, &props));
    DRIVER(cuArrayCreate(&array, &description));
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
