// SPDX-License-Identifier: Apache-2.0
// One documented misuse at least for each function of the runtime API that other tables leave out: no place for a result, a
// handle that is none, a value that means nothing. CUDA's references name the errors ("Returns").
// EXPECT: misuses: ok
// EXPECT: the device still works: ok
// NVCC: skip NVIDIA's runtime faults on handles that were never any
#include "check.h"
#include <cstring>

__global__ void kernel(int *cell) { *cell = 7; }
__constant__ int symbol[4];

static int host[64];
static cudaGraph_t graph, other_graph;
static cudaGraphNode_t node, copy_node, event_node, host_node, set_node, kernel_node, alloc_node, free_node, child_node, wait_node;
static cudaGraphExec_t exec;
static cudaEvent_t event;
static cudaStream_t stream;
static cudaMemPool_t pool;
static cudaArray_t array;
static cudaMipmappedArray_t mipmap;
static cudaUserObject_t object;
static cudaExternalMemory_t memory;
static cudaExternalSemaphore_t semaphore;
static cudaLibrary_t library;
static cudaKernel_t library_kernel;
static int *cell, number;
static unsigned count;
static unsigned long long identity;
static size_t size;
static void *pointer;
static const char *name;
static float milliseconds;

template <class T> static T bad() { return reinterpret_cast<T>(host); }
static void callback(void *) {}

struct Misuse {
    const char *name;
    cudaError_t want;
    cudaError_t (*call)();
};
#define MISUSE(want, call)                                                                                             \
    { #call, cudaError##want, []() -> cudaError_t { return call; } }

static cudaKernelNodeParams kernel_params;
static cudaMemsetParams set_params;
static cudaMemcpy3DParms copy_params;
static cudaHostNodeParams host_params;
static cudaMemAllocNodeParams alloc_params;
static cudaLaunchAttributeValue attribute;
static cudaGraphConditionalHandle handle;
static cudaGraphExecUpdateResultInfo update;
static cudaStreamCaptureStatus status;
static cudaGraphInstantiateParams instantiate_params;
static cudaExternalSemaphoreSignalParams signal_params;
static cudaExternalSemaphoreWaitParams wait_params;
static cudaExternalSemaphoreSignalNodeParams signal_node_params;
static cudaExternalSemaphoreWaitNodeParams wait_node_params;
static cudaArrayMemoryRequirements requirements;
static cudaArraySparseProperties sparse;
static cudaIpcMemHandle_t memory_handle;
static cudaIpcEventHandle_t event_handle;
static cudaMemPoolPtrExportData exported;
static cudaMemLocation nowhere = {static_cast<cudaMemLocationType>(99), 0};
static cudaMemcpy3DPeerParms peer_params;
static cudaMemAccessDesc access_desc;
static cudaMemAccessFlags access_flags;
static cudaGraphNodeType type;
static cudaDriverEntryPointQueryResult found;
static cudaGraphicsResource_t resource;
static cudaAsyncCallbackHandle_t notification;

static const Misuse graphs[] = {
    MISUSE(InvalidValue, cudaGraphCreate(nullptr, 0)),
    MISUSE(InvalidValue, cudaGraphCreate(&other_graph, 1)),
    MISUSE(InvalidValue, cudaGraphAddEmptyNode(nullptr, graph, nullptr, 0)),
    MISUSE(InvalidValue, cudaGraphAddEmptyNode(&node, bad<cudaGraph_t>(), nullptr, 0)),
    MISUSE(InvalidValue, cudaGraphAddEmptyNode(&node, graph, nullptr, 1)),
    MISUSE(InvalidValue, cudaGraphAddKernelNode(&node, graph, nullptr, 0, nullptr)),
    MISUSE(InvalidDeviceFunction, cudaGraphAddKernelNode(&node, graph, nullptr, 0, &kernel_params)),
    MISUSE(InvalidValue, cudaGraphAddMemcpyNode(&node, graph, nullptr, 0, nullptr)),
    MISUSE(InvalidValue, cudaGraphAddMemcpyNode1D(nullptr, graph, nullptr, 0, cell, host, 4, cudaMemcpyHostToDevice)),
    MISUSE(InvalidMemcpyDirection, cudaGraphAddMemcpyNode1D(&node, graph, nullptr, 0, cell, host, 4, static_cast<cudaMemcpyKind>(9))),
    MISUSE(InvalidSymbol, cudaGraphAddMemcpyNodeFromSymbol(&node, graph, nullptr, 0, cell, host, 4, 0, cudaMemcpyDeviceToDevice)),
    MISUSE(InvalidSymbol, cudaGraphAddMemcpyNodeToSymbol(&node, graph, nullptr, 0, host, cell, 4, 0, cudaMemcpyDeviceToDevice)),
    MISUSE(InvalidValue, cudaGraphAddMemcpyNodeToSymbol(&node, graph, nullptr, 0, symbol, cell, 400, 0, cudaMemcpyDeviceToDevice)),
    MISUSE(InvalidValue, cudaGraphAddMemsetNode(&node, graph, nullptr, 0, nullptr)),
    MISUSE(InvalidValue, cudaGraphAddMemsetNode(&node, graph, nullptr, 0, &set_params)),
    MISUSE(InvalidValue, cudaGraphAddHostNode(&node, graph, nullptr, 0, nullptr)),
    MISUSE(InvalidValue, cudaGraphAddHostNode(&node, graph, nullptr, 0, &host_params)),
    MISUSE(InvalidValue, cudaGraphAddChildGraphNode(&node, graph, nullptr, 0, bad<cudaGraph_t>())),
    MISUSE(InvalidValue, cudaGraphAddEventRecordNode(&node, graph, nullptr, 0, nullptr)),
    MISUSE(InvalidValue, cudaGraphAddEventWaitNode(&node, graph, nullptr, 0, nullptr)),
    MISUSE(InvalidValue, cudaGraphAddMemAllocNode(&node, graph, nullptr, 0, nullptr)),
    MISUSE(InvalidValue, cudaGraphAddMemAllocNode(&node, graph, nullptr, 0, &alloc_params)),
    MISUSE(InvalidValue, cudaGraphAddMemFreeNode(&node, graph, nullptr, 0, nullptr)),
    MISUSE(InvalidValue, cudaGraphAddNode(&node, graph, nullptr, 0, nullptr)),
    MISUSE(InvalidValue, cudaGraphAddNode_v2(&node, graph, nullptr, nullptr, 0, nullptr)),
    MISUSE(InvalidValue, cudaGraphAddDependencies(graph, nullptr, nullptr, 1)),
    MISUSE(InvalidValue, cudaGraphAddDependencies(graph, &host_node, &host_node, 1)),
    MISUSE(InvalidValue, cudaGraphAddDependencies_v2(graph, nullptr, nullptr, nullptr, 1)),
    MISUSE(InvalidValue, cudaGraphRemoveDependencies(graph, nullptr, nullptr, 1)),
    MISUSE(InvalidValue, cudaGraphRemoveDependencies(graph, &host_node, &set_node, 1)),
    MISUSE(InvalidValue, cudaGraphRemoveDependencies_v2(graph, nullptr, nullptr, nullptr, 1)),
    MISUSE(InvalidValue, cudaGraphDestroyNode(bad<cudaGraphNode_t>())),
    MISUSE(InvalidValue, cudaGraphDestroyNode(nullptr)),
    MISUSE(InvalidValue, cudaGraphDestroy(nullptr)),
    MISUSE(InvalidValue, cudaGraphClone(nullptr, graph)),
    MISUSE(InvalidValue, cudaGraphClone(&other_graph, bad<cudaGraph_t>())),
    MISUSE(InvalidValue, cudaGraphNodeFindInClone(&node, host_node, graph)),
    MISUSE(InvalidValue, cudaGraphDebugDotPrint(graph, nullptr, 0)),
    MISUSE(InvalidValue, cudaGraphGetNodes(bad<cudaGraph_t>(), nullptr, &size)),
    MISUSE(InvalidValue, cudaGraphGetNodes(graph, nullptr, nullptr)),
    MISUSE(InvalidValue, cudaGraphGetRootNodes(graph, nullptr, nullptr)),
    MISUSE(InvalidValue, cudaGraphGetEdges(graph, nullptr, nullptr, nullptr)),
    MISUSE(InvalidValue, cudaGraphGetEdges_v2(graph, nullptr, nullptr, nullptr, nullptr)),
    MISUSE(InvalidValue, cudaGraphNodeGetDependencies(bad<cudaGraphNode_t>(), nullptr, &size)),
    MISUSE(InvalidValue, cudaGraphNodeGetDependencies_v2(bad<cudaGraphNode_t>(), nullptr, nullptr, &size)),
    MISUSE(InvalidValue, cudaGraphNodeGetDependentNodes(host_node, nullptr, nullptr)),
    MISUSE(InvalidValue, cudaGraphNodeGetDependentNodes_v2(host_node, nullptr, nullptr, nullptr)),
    MISUSE(InvalidValue, cudaGraphNodeGetType(bad<cudaGraphNode_t>(), &type)),
    MISUSE(InvalidValue, cudaGraphNodeGetType(host_node, nullptr)),
    MISUSE(InvalidValue, cudaGraphKernelNodeGetParams(host_node, &kernel_params)),
    MISUSE(InvalidValue, cudaGraphKernelNodeSetParams(kernel_node, nullptr)),
    MISUSE(InvalidValue, cudaGraphKernelNodeGetAttribute(kernel_node, cudaLaunchAttributePriority, nullptr)),
    MISUSE(InvalidValue, cudaGraphKernelNodeSetAttribute(kernel_node, cudaLaunchAttributePriority, nullptr)),
    MISUSE(InvalidValue, cudaGraphKernelNodeCopyAttributes(kernel_node, host_node)),
    MISUSE(InvalidValue, cudaGraphMemcpyNodeGetParams(host_node, &copy_params)),
    MISUSE(InvalidValue, cudaGraphMemcpyNodeSetParams(copy_node, nullptr)),
    MISUSE(InvalidValue, cudaGraphMemcpyNodeSetParams1D(host_node, cell, host, 4, cudaMemcpyHostToDevice)),
    MISUSE(InvalidSymbol, cudaGraphMemcpyNodeSetParamsFromSymbol(copy_node, cell, host, 4, 0, cudaMemcpyDeviceToDevice)),
    MISUSE(InvalidSymbol, cudaGraphMemcpyNodeSetParamsToSymbol(copy_node, host, cell, 4, 0, cudaMemcpyDeviceToDevice)),
    MISUSE(InvalidValue, cudaGraphMemsetNodeGetParams(host_node, &set_params)),
    MISUSE(InvalidValue, cudaGraphMemsetNodeSetParams(set_node, nullptr)),
    MISUSE(InvalidValue, cudaGraphHostNodeGetParams(host_node, nullptr)),
    MISUSE(InvalidValue, cudaGraphHostNodeSetParams(host_node, nullptr)),
    MISUSE(InvalidValue, cudaGraphChildGraphNodeGetGraph(host_node, &other_graph)),
    MISUSE(InvalidValue, cudaGraphEventRecordNodeGetEvent(event_node, nullptr)),
    MISUSE(InvalidValue, cudaGraphEventRecordNodeSetEvent(event_node, nullptr)),
    MISUSE(InvalidValue, cudaGraphEventWaitNodeGetEvent(event_node, &event)),
    MISUSE(InvalidValue, cudaGraphEventWaitNodeSetEvent(wait_node, nullptr)),
    MISUSE(InvalidValue, cudaGraphMemAllocNodeGetParams(host_node, &alloc_params)),
    MISUSE(InvalidValue, cudaGraphMemFreeNodeGetParams(host_node, &pointer)),
    MISUSE(InvalidValue, cudaGraphAddExternalSemaphoresSignalNode(&node, graph, nullptr, 0, nullptr)),
    MISUSE(InvalidResourceHandle, cudaGraphAddExternalSemaphoresSignalNode(&node, graph, nullptr, 0, &signal_node_params)),
    MISUSE(InvalidValue, cudaGraphAddExternalSemaphoresWaitNode(&node, graph, nullptr, 0, nullptr)),
    MISUSE(InvalidResourceHandle, cudaGraphAddExternalSemaphoresWaitNode(&node, graph, nullptr, 0, &wait_node_params)),
    MISUSE(InvalidValue, cudaGraphExternalSemaphoresSignalNodeGetParams(host_node, &signal_node_params)),
    MISUSE(InvalidValue, cudaGraphExternalSemaphoresSignalNodeSetParams(host_node, &signal_node_params)),
    MISUSE(InvalidValue, cudaGraphExternalSemaphoresWaitNodeGetParams(host_node, &wait_node_params)),
    MISUSE(InvalidValue, cudaGraphExternalSemaphoresWaitNodeSetParams(host_node, &wait_node_params)),
    MISUSE(InvalidValue, cudaGraphExecExternalSemaphoresSignalNodeSetParams(exec, host_node, &signal_node_params)),
    MISUSE(InvalidValue, cudaGraphExecExternalSemaphoresWaitNodeSetParams(exec, host_node, &wait_node_params)),
    MISUSE(InvalidValue, cudaGraphNodeSetParams(host_node, nullptr)),
    MISUSE(InvalidValue, cudaGraphInstantiate(nullptr, graph, 0)),
    MISUSE(InvalidValue, cudaGraphInstantiateWithFlags(&exec, bad<cudaGraph_t>(), 0)),
    MISUSE(InvalidValue, cudaGraphInstantiateWithFlags(&exec, graph, 1ull << 40)),
    MISUSE(InvalidValue, cudaGraphInstantiateWithParams(&exec, graph, nullptr)),
    MISUSE(InvalidValue, cudaGraphExecDestroy(bad<cudaGraphExec_t>())),
    MISUSE(InvalidValue, cudaGraphExecGetFlags(exec, nullptr)),
    MISUSE(InvalidValue, cudaGraphExecUpdate(exec, bad<cudaGraph_t>(), &update)),
    MISUSE(InvalidValue, cudaGraphExecKernelNodeSetParams(exec, kernel_node, nullptr)),
    MISUSE(InvalidValue, cudaGraphExecMemcpyNodeSetParams(exec, copy_node, nullptr)),
    MISUSE(InvalidValue, cudaGraphExecMemcpyNodeSetParams1D(exec, host_node, cell, host, 4, cudaMemcpyHostToDevice)),
    MISUSE(InvalidSymbol, cudaGraphExecMemcpyNodeSetParamsFromSymbol(exec, copy_node, cell, host, 4, 0, cudaMemcpyDeviceToDevice)),
    MISUSE(InvalidSymbol, cudaGraphExecMemcpyNodeSetParamsToSymbol(exec, copy_node, host, cell, 4, 0, cudaMemcpyDeviceToDevice)),
    MISUSE(InvalidValue, cudaGraphExecMemsetNodeSetParams(exec, set_node, nullptr)),
    MISUSE(InvalidValue, cudaGraphExecHostNodeSetParams(exec, host_node, nullptr)),
    MISUSE(InvalidValue, cudaGraphExecChildGraphNodeSetParams(exec, host_node, graph)),
    MISUSE(InvalidValue, cudaGraphExecEventRecordNodeSetEvent(exec, event_node, nullptr)),
    MISUSE(InvalidValue, cudaGraphExecEventWaitNodeSetEvent(exec, wait_node, nullptr)),
    MISUSE(InvalidValue, cudaGraphExecNodeSetParams(exec, host_node, nullptr)),
    MISUSE(InvalidValue, cudaGraphNodeGetEnabled(exec, host_node, &count)),
    MISUSE(InvalidValue, cudaGraphNodeSetEnabled(exec, host_node, 1)),
    MISUSE(InvalidValue, cudaGraphUpload(bad<cudaGraphExec_t>(), stream)),
    MISUSE(InvalidValue, cudaGraphLaunch(nullptr, stream)),
    MISUSE(InvalidValue, cudaGraphLaunch(bad<cudaGraphExec_t>(), stream)),
    MISUSE(InvalidValue, cudaGraphConditionalHandleCreate(nullptr, graph, 0, 0)),
    MISUSE(InvalidValue, cudaGraphConditionalHandleCreate(&handle, bad<cudaGraph_t>(), 0, 0)),
    MISUSE(InvalidValue, cudaUserObjectCreate(nullptr, host, callback, 1, cudaUserObjectNoDestructorSync)),
    MISUSE(InvalidValue, cudaUserObjectCreate(&object, host, callback, 0, cudaUserObjectNoDestructorSync)),
    MISUSE(InvalidValue, cudaUserObjectRetain(bad<cudaUserObject_t>(), 1)),
    MISUSE(InvalidValue, cudaUserObjectRelease(bad<cudaUserObject_t>(), 1)),
    MISUSE(InvalidValue, cudaGraphRetainUserObject(graph, bad<cudaUserObject_t>(), 1, 0)),
    MISUSE(InvalidValue, cudaGraphReleaseUserObject(graph, bad<cudaUserObject_t>(), 1)),
    MISUSE(InvalidValue, cudaDeviceGetGraphMemAttribute(0, cudaGraphMemAttrUsedMemCurrent, nullptr)),
    MISUSE(InvalidDevice, cudaDeviceGraphMemTrim(99)),
    MISUSE(InvalidDevice, cudaDeviceSetGraphMemAttribute(99, cudaGraphMemAttrUsedMemHigh, &identity)),
};

static const Misuse streams[] = {
    MISUSE(InvalidValue, cudaStreamCreateWithPriority(nullptr, 0, 0)),
    MISUSE(InvalidValue, cudaStreamCreateWithPriority(&stream, 77, 0)),
    MISUSE(InvalidResourceHandle, cudaStreamGetPriority(bad<cudaStream_t>(), &number)),
    MISUSE(InvalidResourceHandle, cudaStreamGetId(bad<cudaStream_t>(), &identity)),
    MISUSE(InvalidValue, cudaStreamGetId(stream, nullptr)),
    MISUSE(InvalidResourceHandle, cudaStreamGetDevice(bad<cudaStream_t>(), &number)),
    MISUSE(InvalidResourceHandle, cudaStreamAttachMemAsync(bad<cudaStream_t>(), cell, 0, cudaMemAttachGlobal)),
    MISUSE(InvalidResourceHandle, cudaStreamCopyAttributes(bad<cudaStream_t>(), stream)),
    MISUSE(InvalidValue, cudaStreamGetAttribute(stream, cudaLaunchAttributeSynchronizationPolicy, nullptr)),
    MISUSE(InvalidValue, cudaStreamSetAttribute(stream, cudaLaunchAttributeSynchronizationPolicy, nullptr)),
    MISUSE(InvalidValue, cudaStreamGetCaptureInfo(stream, nullptr)),
    MISUSE(InvalidValue, cudaStreamGetCaptureInfo_v3(stream, nullptr)),
    MISUSE(IllegalState, cudaStreamUpdateCaptureDependencies(stream, nullptr, 0)),
    MISUSE(IllegalState, cudaStreamUpdateCaptureDependencies_v2(stream, nullptr, nullptr, 0)),
    MISUSE(InvalidValue, cudaStreamBeginCaptureToGraph(stream, bad<cudaGraph_t>(), nullptr, nullptr, 0, cudaStreamCaptureModeRelaxed)),
    MISUSE(InvalidResourceHandle, cudaEventRecordWithFlags(bad<cudaEvent_t>(), stream, 0)),
    MISUSE(InvalidValue, cudaEventRecordWithFlags(event, stream, 99)),
    MISUSE(InvalidValue, cudaEventElapsedTime(nullptr, event, event)),
    MISUSE(InvalidResourceHandle, cudaEventElapsedTime_v2(&milliseconds, bad<cudaEvent_t>(), event)),
};

static const Misuse memories[] = {
    MISUSE(InvalidValue, cudaMallocFromPoolAsync(nullptr, 16, pool, stream)),
    MISUSE(InvalidValue, cudaMemPoolCreate(&pool, nullptr)),
    MISUSE(InvalidValue, cudaMemPoolDestroy(nullptr)),
    MISUSE(InvalidValue, cudaMemPoolGetAttribute(pool, cudaMemPoolAttrUsedMemCurrent, nullptr)),
    MISUSE(InvalidValue, cudaMemPoolSetAttribute(pool, static_cast<cudaMemPoolAttr>(77), &identity)),
    MISUSE(InvalidValue, cudaMemPoolTrimTo(nullptr, 0)),
    MISUSE(InvalidValue, cudaMemPoolSetAccess(pool, nullptr, 1)),
    MISUSE(InvalidValue, cudaMemPoolGetAccess(nullptr, pool, &access_desc.location)),
    MISUSE(InvalidValue, cudaMemPoolExportPointer(&exported, nullptr)),
    MISUSE(InvalidValue, cudaMemPoolImportPointer(nullptr, pool, &exported)),
    MISUSE(InvalidValue, cudaMemPoolExportToShareableHandle(&number, pool, static_cast<cudaMemAllocationHandleType>(77), 0)),
    MISUSE(InvalidValue, cudaMemPoolImportFromShareableHandle(nullptr, nullptr, cudaMemHandleTypePosixFileDescriptor, 0)),
    MISUSE(InvalidValue, cudaDeviceGetDefaultMemPool(nullptr, 0)),
    MISUSE(InvalidDevice, cudaDeviceGetMemPool(&pool, 99)),
    MISUSE(InvalidValue, cudaDeviceSetMemPool(0, nullptr)),
    MISUSE(InvalidValue, cudaMemAdvise_v2(host, 4, cudaMemAdviseSetReadMostly, nowhere)),
    MISUSE(InvalidValue, cudaMemPrefetchAsync_v2(host, 4, nowhere, 0, stream)),
    MISUSE(InvalidValue, cudaMemRangeGetAttribute(nullptr, 4, cudaMemRangeAttributeReadMostly, cell, 4)),
    MISUSE(InvalidValue, cudaMemRangeGetAttributes(nullptr, nullptr, nullptr, 1, cell, 4)),
    MISUSE(InvalidPitchValue, cudaMemcpy2DAsync(cell, 1, host, 8, 4, 2, cudaMemcpyHostToDevice, stream)),
    MISUSE(InvalidResourceHandle, cudaMemcpy2DFromArray(host, 16, bad<cudaArray_t>(), 0, 0, 4, 1, cudaMemcpyDeviceToHost)),
    MISUSE(InvalidResourceHandle, cudaMemcpy2DFromArrayAsync(host, 16, bad<cudaArray_t>(), 0, 0, 4, 1, cudaMemcpyDeviceToHost, stream)),
    MISUSE(InvalidResourceHandle, cudaMemcpy2DToArrayAsync(bad<cudaArray_t>(), 0, 0, host, 16, 4, 1, cudaMemcpyHostToDevice, stream)),
    MISUSE(InvalidValue, cudaMemcpy3DAsync(nullptr, stream)),
    MISUSE(InvalidValue, cudaMemcpy3DPeer(nullptr)),
    MISUSE(InvalidValue, cudaMemcpy3DPeerAsync(nullptr, stream)),
    MISUSE(InvalidDevice, cudaMemcpyPeerAsync(cell, 99, cell, 0, 4, stream)),
    MISUSE(InvalidResourceHandle, cudaMemcpyArrayToArray(bad<cudaArray_t>(), 0, 0, array, 0, 0, 4, cudaMemcpyDeviceToDevice)),
    MISUSE(InvalidResourceHandle, cudaMemcpyFromArray(host, bad<cudaArray_t>(), 0, 0, 4, cudaMemcpyDeviceToHost)),
    MISUSE(InvalidResourceHandle, cudaMemcpyFromArrayAsync(host, bad<cudaArray_t>(), 0, 0, 4, cudaMemcpyDeviceToHost, stream)),
    MISUSE(InvalidResourceHandle, cudaMemcpyToArray(bad<cudaArray_t>(), 0, 0, host, 4, cudaMemcpyHostToDevice)),
    MISUSE(InvalidResourceHandle, cudaMemcpyToArrayAsync(bad<cudaArray_t>(), 0, 0, host, 4, cudaMemcpyHostToDevice, stream)),
    MISUSE(InvalidSymbol, cudaMemcpyFromSymbolAsync(host, host, 4, 0, cudaMemcpyDeviceToHost, stream)),
    MISUSE(InvalidSymbol, cudaMemcpyToSymbolAsync(host, host, 4, 0, cudaMemcpyHostToDevice, stream)),
    MISUSE(InvalidValue, cudaMemcpyBatchAsync(nullptr, nullptr, nullptr, 1, nullptr, nullptr, 0, &size, stream)),
    MISUSE(InvalidValue, cudaMemcpy3DBatchAsync(1, nullptr, &size, 0, stream)),
    MISUSE(InvalidValue, cudaMemset2DAsync(cell, 2, 0, 4, 2, stream)),
    MISUSE(InvalidValue, cudaMemset3D(make_cudaPitchedPtr(host + 1, 2, 4, 2), 0, make_cudaExtent(4, 2, 2))),
    MISUSE(InvalidValue, cudaMemset3DAsync(make_cudaPitchedPtr(host + 1, 2, 4, 2), 0, make_cudaExtent(4, 2, 2), stream)),
    MISUSE(InvalidValue, cudaMipmappedArrayGetMemoryRequirements(nullptr, mipmap, 0)),
    MISUSE(InvalidValue, cudaMipmappedArrayGetSparseProperties(&sparse, mipmap)),
    MISUSE(InvalidValue, cudaIpcGetMemHandle(nullptr, cell)),
    MISUSE(InvalidValue, cudaIpcOpenMemHandle(nullptr, memory_handle, cudaIpcMemLazyEnablePeerAccess)),
    MISUSE(InvalidValue, cudaIpcCloseMemHandle(cell)),
    MISUSE(InvalidValue, cudaIpcGetEventHandle(nullptr, event)),
    MISUSE(InvalidValue, cudaIpcOpenEventHandle(nullptr, event_handle)),
};

static const Misuse others[] = {
    MISUSE(InvalidValue, cudaChooseDevice(nullptr, nullptr)),
    MISUSE(InvalidValue, cudaDeviceCanAccessPeer(nullptr, 0, 0)),
    MISUSE(InvalidDevice, cudaDeviceCanAccessPeer(&number, 0, 99)),
    MISUSE(InvalidDevice, cudaDeviceDisablePeerAccess(99)),
    MISUSE(InvalidValue, cudaDeviceGetP2PAttribute(nullptr, cudaDevP2PAttrAccessSupported, 0, 0)),
    MISUSE(InvalidValue, cudaDeviceGetTexture1DLinearMaxWidth(nullptr, nullptr, 0)),
    MISUSE(InvalidDevice, cudaInitDevice(99, 0, 0)),
    MISUSE(InvalidValue, cudaSetValidDevices(nullptr, 3)),
    MISUSE(InvalidValue, cudaGetDeviceFlags(nullptr)),
    MISUSE(InvalidDeviceFunction, cudaFuncGetName(&name, reinterpret_cast<const void *>(host))),
    MISUSE(InvalidDeviceFunction, cudaFuncGetParamInfo(reinterpret_cast<const void *>(host), 0, &size, &size)),
    MISUSE(InvalidValue, cudaFuncGetParamInfo(reinterpret_cast<const void *>(kernel), 9, &size, &size)),
    MISUSE(InvalidDeviceFunction, cudaFuncSetCacheConfig(reinterpret_cast<const void *>(host), cudaFuncCachePreferL1)),
    MISUSE(InvalidDeviceFunction, cudaGetKernel(&library_kernel, reinterpret_cast<const void *>(host))),
    MISUSE(InvalidValue, cudaGetDriverEntryPoint(nullptr, &pointer, 0, &found)),
    MISUSE(InvalidValue, cudaGetDriverEntryPointByVersion("cuInit", nullptr, 12000, 0, &found)),
    MISUSE(InvalidDeviceFunction, cudaOccupancyAvailableDynamicSMemPerBlock(&size, reinterpret_cast<const void *>(host), 1, 32)),
    MISUSE(InvalidDeviceFunction, cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(&number, reinterpret_cast<const void *>(host), 32, 0, 0)),
    MISUSE(InvalidValue, cudaLibraryLoadData(nullptr, host, nullptr, nullptr, 0, nullptr, nullptr, 0)),
    MISUSE(InvalidValue, cudaLibraryLoadFromFile(&library, nullptr, nullptr, nullptr, 0, nullptr, nullptr, 0)),
    MISUSE(InvalidResourceHandle, cudaLibraryUnload(bad<cudaLibrary_t>())),
    MISUSE(InvalidResourceHandle, cudaLibraryGetKernel(&library_kernel, bad<cudaLibrary_t>(), "kernel")),
    MISUSE(InvalidResourceHandle, cudaLibraryGetGlobal(&pointer, &size, bad<cudaLibrary_t>(), "symbol")),
    MISUSE(InvalidResourceHandle, cudaLibraryGetManaged(&pointer, &size, bad<cudaLibrary_t>(), "symbol")),
    MISUSE(InvalidResourceHandle, cudaLibraryGetUnifiedFunction(&pointer, bad<cudaLibrary_t>(), "symbol")),
    MISUSE(InvalidResourceHandle, cudaLibraryGetKernelCount(&count, bad<cudaLibrary_t>())),
    MISUSE(InvalidResourceHandle, cudaLibraryEnumerateKernels(&library_kernel, 1, bad<cudaLibrary_t>())),
    MISUSE(InvalidDeviceFunction, cudaKernelSetAttributeForDevice(bad<cudaKernel_t>(), cudaFuncAttributeMaxDynamicSharedMemorySize, 0, 0)),
    MISUSE(InvalidValue, cudaImportExternalMemory(nullptr, nullptr)),
    MISUSE(InvalidValue, cudaImportExternalSemaphore(nullptr, nullptr)),
    MISUSE(InvalidResourceHandle, cudaExternalMemoryGetMappedBuffer(&pointer, bad<cudaExternalMemory_t>(), nullptr)),
    MISUSE(InvalidResourceHandle, cudaExternalMemoryGetMappedMipmappedArray(&mipmap, bad<cudaExternalMemory_t>(), nullptr)),
    MISUSE(InvalidResourceHandle, cudaDestroyExternalMemory(bad<cudaExternalMemory_t>())),
    MISUSE(InvalidResourceHandle, cudaDestroyExternalSemaphore(bad<cudaExternalSemaphore_t>())),
    MISUSE(InvalidResourceHandle, cudaSignalExternalSemaphoresAsync(&semaphore, &signal_params, 1, stream)),
    MISUSE(InvalidResourceHandle, cudaWaitExternalSemaphoresAsync(&semaphore, &wait_params, 1, stream)),
    MISUSE(InvalidResourceHandle, cudaGraphicsUnregisterResource(bad<cudaGraphicsResource_t>())),
    MISUSE(InvalidResourceHandle, cudaGraphicsResourceSetMapFlags(bad<cudaGraphicsResource_t>(), 0)),
    MISUSE(InvalidResourceHandle, cudaGraphicsResourceGetMappedPointer(&pointer, &size, bad<cudaGraphicsResource_t>())),
    MISUSE(InvalidResourceHandle, cudaGraphicsSubResourceGetMappedArray(&array, bad<cudaGraphicsResource_t>(), 0, 0)),
    MISUSE(InvalidResourceHandle, cudaGraphicsMapResources(1, &resource, stream)),
    MISUSE(InvalidResourceHandle, cudaGraphicsUnmapResources(1, &resource, stream)),
    MISUSE(InvalidValue, cudaSetDoubleForDevice(nullptr)),
    MISUSE(InvalidValue, cudaSetDoubleForHost(nullptr)),
    MISUSE(InvalidValue, cudaDeviceGetSharedMemConfig(nullptr)),
    MISUSE(InvalidValue, cudaDeviceSetSharedMemConfig(static_cast<cudaSharedMemConfig>(77))),
    MISUSE(InvalidDeviceFunction, cudaFuncSetSharedMemConfig(reinterpret_cast<const void *>(host), cudaSharedMemBankSizeDefault)),
    MISUSE(InvalidValue, cudaDeviceRegisterAsyncNotification(0, nullptr, nullptr, &notification)),
    MISUSE(InvalidValue, cudaDeviceUnregisterAsyncNotification(0, bad<cudaAsyncCallbackHandle_t>())),
    MISUSE(UnsupportedLimit, cudaThreadSetLimit(static_cast<cudaLimit>(77), 1)),
    MISUSE(InvalidValue, cudaThreadGetLimit(nullptr, cudaLimitStackSize)),
    MISUSE(InvalidValue, cudaThreadGetCacheConfig(nullptr)),
    MISUSE(InvalidValue, cudaThreadSetCacheConfig(static_cast<cudaFuncCache>(77))),
};

template <size_t N> static int wrong(const Misuse (&table)[N]) {
    int bad = 0;
    for (const Misuse &row : table) {
        cudaError_t got = row.call();
        cudaGetLastError();
        if (got == row.want) continue;
        std::printf("%s: %s, not %s\n", row.name, cudaGetErrorName(got), cudaGetErrorName(row.want));
        bad++;
    }
    return bad;
}

/* A graph with a node of each kind that the tables use. */
static void prepare() {
    cudaMemPoolProps props = {};
    props.allocType = cudaMemAllocationTypePinned;
    props.location.type = cudaMemLocationTypeDevice;
    cudaChannelFormatDesc desc = cudaCreateChannelDesc<float>();
    CHECK(cudaMalloc(&cell, 64));
    CHECK(cudaStreamCreate(&stream));
    CHECK(cudaEventCreate(&event));
    CHECK(cudaMemPoolCreate(&pool, &props));
    CHECK(cudaMallocArray(&array, &desc, 16, 4));
    CHECK(cudaMallocMipmappedArray(&mipmap, &desc, make_cudaExtent(16, 16, 0), 2));
    CHECK(cudaGraphCreate(&graph, 0));
    void *arguments[] = {&cell};
    cudaKernelNodeParams launch = {};
    launch.func = reinterpret_cast<void *>(kernel);
    launch.gridDim = launch.blockDim = dim3(1);
    launch.kernelParams = arguments;
    cudaMemsetParams fill = {};
    fill.dst = cell;
    fill.elementSize = 4;
    fill.width = fill.height = 1;
    cudaHostNodeParams call = {callback, nullptr};
    CHECK(cudaGraphAddKernelNode(&kernel_node, graph, nullptr, 0, &launch));
    CHECK(cudaGraphAddMemcpyNode1D(&copy_node, graph, nullptr, 0, cell, host, 4, cudaMemcpyHostToDevice));
    CHECK(cudaGraphAddMemsetNode(&set_node, graph, nullptr, 0, &fill));
    CHECK(cudaGraphAddHostNode(&host_node, graph, nullptr, 0, &call));
    CHECK(cudaGraphAddEventRecordNode(&event_node, graph, nullptr, 0, event));
    CHECK(cudaGraphAddEventWaitNode(&wait_node, graph, &event_node, 1, event));
    CHECK(cudaGraphInstantiate(&exec, graph, 0));
}

int main() {
    prepare();
    int bad = wrong(graphs) + wrong(streams) + wrong(memories) + wrong(others);
    std::printf("misuses: %s\n", bad ? "wrong" : "ok");
    int back = 0;
    kernel<<<1, 1, 0, stream>>>(cell);
    CHECK(cudaGraphLaunch(exec, stream));
    kernel<<<1, 1, 0, stream>>>(cell);
    CHECK(cudaMemcpyAsync(&back, cell, 4, cudaMemcpyDeviceToHost, stream));
    CHECK(cudaStreamSynchronize(stream));
    std::printf("the device still works: %s\n", back == 7 ? "ok" : "wrong");
    return 0;
}
