/* SPDX-License-Identifier: Apache-2.0 */
/*
 * graph.c: the driver API's graphs and stream capture. The parameters of nodes have the runtime API's layout, with members
 * of the driver's behind, but for copies; contexts that functions name are checked, and are the device's all the same.
 */
#include "runtime/driver/graph.h"

#include "runtime/driver/driver.h"

/* ---- Capturing --------------------------------------------------------------------------------------------------- */

CUresult cuStreamBeginCapture(CUstream hStream, CUstreamCaptureMode mode) {
    return CW_DRIVER(cudaStreamBeginCapture(hStream, (enum cudaStreamCaptureMode)mode));
}

CUresult cuStreamBeginCaptureToGraph(CUstream hStream, CUgraph hGraph, const CUgraphNode *dependencies,
                                     const CUgraphEdgeData *dependencyData, size_t numDependencies,
                                     CUstreamCaptureMode mode) {
    return CW_DRIVER(cudaStreamBeginCaptureToGraph(hStream, hGraph, dependencies,
                                                   (const cudaGraphEdgeData *)dependencyData, numDependencies,
                                                   (enum cudaStreamCaptureMode)mode));
}

CUresult cuStreamEndCapture(CUstream hStream, CUgraph *phGraph) {
    return CW_DRIVER(cudaStreamEndCapture(hStream, phGraph));
}

CUresult cuStreamIsCapturing(CUstream hStream, CUstreamCaptureStatus *captureStatus) {
    return CW_DRIVER(cudaStreamIsCapturing(hStream, (enum cudaStreamCaptureStatus *)captureStatus));
}

CUresult cuStreamGetCaptureInfo(CUstream hStream, CUstreamCaptureStatus *captureStatus_out, cuuint64_t *id_out,
                                CUgraph *graph_out, const CUgraphNode **dependencies_out, size_t *numDependencies_out) {
    return CW_DRIVER(cudaStreamGetCaptureInfo(hStream, (enum cudaStreamCaptureStatus *)captureStatus_out,
                                              (unsigned long long *)id_out, graph_out, dependencies_out,
                                              numDependencies_out));
}

CUresult cuStreamUpdateCaptureDependencies(CUstream hStream, CUgraphNode *dependencies, size_t numDependencies,
                                           unsigned int flags) {
    return CW_DRIVER(cudaStreamUpdateCaptureDependencies(hStream, dependencies, numDependencies, flags));
}

CUresult cuStreamGetCaptureInfo_v3(CUstream hStream, CUstreamCaptureStatus *captureStatus_out, cuuint64_t *id_out,
                                   CUgraph *graph_out, const CUgraphNode **dependencies_out,
                                   const CUgraphEdgeData **edgeData_out, size_t *numDependencies_out) {
    return CW_DRIVER(cudaStreamGetCaptureInfo_v3(hStream, (enum cudaStreamCaptureStatus *)captureStatus_out,
                                                 (unsigned long long *)id_out, graph_out, dependencies_out,
                                                 (const cudaGraphEdgeData **)edgeData_out, numDependencies_out));
}

CUresult cuStreamUpdateCaptureDependencies_v2(CUstream hStream, CUgraphNode *dependencies,
                                              const CUgraphEdgeData *edgeData, size_t numDependencies,
                                              unsigned int flags) {
    return CW_DRIVER(cudaStreamUpdateCaptureDependencies_v2(hStream, dependencies, (const cudaGraphEdgeData *)edgeData,
                                                            numDependencies, flags));
}

CUresult cuThreadExchangeStreamCaptureMode(CUstreamCaptureMode *mode) {
    return CW_DRIVER(cudaThreadExchangeStreamCaptureMode((enum cudaStreamCaptureMode *)mode));
}

/* ---- Building ---------------------------------------------------------------------------------------------------- */

CUresult cuGraphCreate(CUgraph *phGraph, unsigned int flags) {
    return CW_DRIVER(cudaGraphCreate(phGraph, flags));
}

CUresult cuGraphDestroy(CUgraph hGraph) {
    return CW_DRIVER(cudaGraphDestroy(hGraph));
}

CUresult cuGraphClone(CUgraph *phGraphClone, CUgraph originalGraph) {
    return CW_DRIVER(cudaGraphClone(phGraphClone, originalGraph));
}

CUresult cuGraphAddKernelNode(CUgraphNode *phGraphNode, CUgraph hGraph, const CUgraphNode *dependencies,
                              size_t numDependencies, const CUDA_KERNEL_NODE_PARAMS *nodeParams) {
    return CW_DRIVER(cw_driver_graph_add_kernel(phGraphNode, hGraph, dependencies, numDependencies, nodeParams));
}

CUresult cuGraphAddMemcpyNode(CUgraphNode *phGraphNode, CUgraph hGraph, const CUgraphNode *dependencies,
                              size_t numDependencies, const CUDA_MEMCPY3D *copyParams, CUcontext ctx) {
    return CW_DRIVER(cw_driver_graph_add_copy(phGraphNode, hGraph, dependencies, numDependencies, copyParams, ctx));
}

CUresult cuGraphAddMemsetNode(CUgraphNode *phGraphNode, CUgraph hGraph, const CUgraphNode *dependencies,
                              size_t numDependencies, const CUDA_MEMSET_NODE_PARAMS *memsetParams, CUcontext ctx) {
    return CW_DRIVER(cw_driver_graph_in_context(ctx)
                         ? cudaGraphAddMemsetNode(phGraphNode, hGraph, dependencies, numDependencies,
                                                  (const struct cudaMemsetParams *)memsetParams)
                         : cw_driver_graph_wrong_context());
}

CUresult cuGraphAddHostNode(CUgraphNode *phGraphNode, CUgraph hGraph, const CUgraphNode *dependencies,
                            size_t numDependencies, const CUDA_HOST_NODE_PARAMS *nodeParams) {
    return CW_DRIVER(cudaGraphAddHostNode(phGraphNode, hGraph, dependencies, numDependencies,
                                          (const struct cudaHostNodeParams *)nodeParams));
}

CUresult cuGraphAddChildGraphNode(CUgraphNode *phGraphNode, CUgraph hGraph, const CUgraphNode *dependencies,
                                  size_t numDependencies, CUgraph childGraph) {
    return CW_DRIVER(cudaGraphAddChildGraphNode(phGraphNode, hGraph, dependencies, numDependencies, childGraph));
}

CUresult cuGraphAddEmptyNode(CUgraphNode *phGraphNode, CUgraph hGraph, const CUgraphNode *dependencies,
                             size_t numDependencies) {
    return CW_DRIVER(cudaGraphAddEmptyNode(phGraphNode, hGraph, dependencies, numDependencies));
}

CUresult cuGraphAddEventRecordNode(CUgraphNode *phGraphNode, CUgraph hGraph, const CUgraphNode *dependencies,
                                   size_t numDependencies, CUevent event) {
    return CW_DRIVER(cudaGraphAddEventRecordNode(phGraphNode, hGraph, dependencies, numDependencies, event));
}

CUresult cuGraphAddEventWaitNode(CUgraphNode *phGraphNode, CUgraph hGraph, const CUgraphNode *dependencies,
                                 size_t numDependencies, CUevent event) {
    return CW_DRIVER(cudaGraphAddEventWaitNode(phGraphNode, hGraph, dependencies, numDependencies, event));
}

CUresult cuGraphAddMemAllocNode(CUgraphNode *phGraphNode, CUgraph hGraph, const CUgraphNode *dependencies,
                                size_t numDependencies, CUDA_MEM_ALLOC_NODE_PARAMS *nodeParams) {
    return CW_DRIVER(cudaGraphAddMemAllocNode(phGraphNode, hGraph, dependencies, numDependencies,
                                              (struct cudaMemAllocNodeParams *)nodeParams));
}

CUresult cuGraphAddMemFreeNode(CUgraphNode *phGraphNode, CUgraph hGraph, const CUgraphNode *dependencies,
                               size_t numDependencies, CUdeviceptr dptr) {
    return CW_DRIVER(
        cudaGraphAddMemFreeNode(phGraphNode, hGraph, dependencies, numDependencies, cw_driver_pointer(dptr)));
}

CUresult cuGraphAddNode(CUgraphNode *phGraphNode, CUgraph hGraph, const CUgraphNode *dependencies,
                        size_t numDependencies, CUgraphNodeParams *nodeParams) {
    return CW_DRIVER(cw_driver_graph_add_node(phGraphNode, hGraph, dependencies, NULL, numDependencies, nodeParams));
}

CUresult cuGraphAddNode_v2(CUgraphNode *phGraphNode, CUgraph hGraph, const CUgraphNode *dependencies,
                           const CUgraphEdgeData *edgeData, size_t numDependencies, CUgraphNodeParams *nodeParams) {
    return CW_DRIVER(
        cw_driver_graph_add_node(phGraphNode, hGraph, dependencies, edgeData, numDependencies, nodeParams));
}

CUresult cuGraphConditionalHandleCreate(CUgraphConditionalHandle *pHandle_out, CUgraph hGraph, CUcontext ctx,
                                        unsigned int defaultLaunchValue, unsigned int flags) {
    return CW_DRIVER(cw_driver_graph_in_context(ctx)
                         ? cudaGraphConditionalHandleCreate((cudaGraphConditionalHandle *)pHandle_out, hGraph,
                                                            defaultLaunchValue, flags)
                         : cw_driver_graph_wrong_context());
}

CUresult cuGraphAddDependencies_v2(CUgraph hGraph, const CUgraphNode *from, const CUgraphNode *to,
                                   const CUgraphEdgeData *edgeData, size_t numDependencies) {
    return CW_DRIVER(
        cudaGraphAddDependencies_v2(hGraph, from, to, (const cudaGraphEdgeData *)edgeData, numDependencies));
}

CUresult cuGraphAddDependencies(CUgraph hGraph, const CUgraphNode *from, const CUgraphNode *to,
                                size_t numDependencies) {
    return CW_DRIVER(cudaGraphAddDependencies(hGraph, from, to, numDependencies));
}

CUresult cuGraphRemoveDependencies_v2(CUgraph hGraph, const CUgraphNode *from, const CUgraphNode *to,
                                      const CUgraphEdgeData *edgeData, size_t numDependencies) {
    return CW_DRIVER(
        cudaGraphRemoveDependencies_v2(hGraph, from, to, (const cudaGraphEdgeData *)edgeData, numDependencies));
}

CUresult cuGraphRemoveDependencies(CUgraph hGraph, const CUgraphNode *from, const CUgraphNode *to,
                                   size_t numDependencies) {
    return CW_DRIVER(cudaGraphRemoveDependencies(hGraph, from, to, numDependencies));
}

CUresult cuGraphDestroyNode(CUgraphNode hNode) {
    return CW_DRIVER(cudaGraphDestroyNode(hNode));
}

/* ---- Nodes ------------------------------------------------------------------------------------------------------- */

CUresult cuGraphKernelNodeGetParams(CUgraphNode hNode, CUDA_KERNEL_NODE_PARAMS *nodeParams) {
    return CW_DRIVER(cw_driver_graph_get_kernel(hNode, nodeParams));
}

CUresult cuGraphKernelNodeSetParams(CUgraphNode hNode, const CUDA_KERNEL_NODE_PARAMS *nodeParams) {
    return CW_DRIVER(cw_driver_graph_set_kernel(hNode, nodeParams));
}

CUresult cuGraphKernelNodeCopyAttributes(CUgraphNode dst, CUgraphNode src) {
    return CW_DRIVER(cudaGraphKernelNodeCopyAttributes(dst, src));
}

CUresult cuGraphKernelNodeGetAttribute(CUgraphNode hNode, CUkernelNodeAttrID attr, CUkernelNodeAttrValue *value_out) {
    return CW_DRIVER(
        cudaGraphKernelNodeGetAttribute(hNode, (cudaLaunchAttributeID)attr, (cudaLaunchAttributeValue *)value_out));
}

CUresult cuGraphKernelNodeSetAttribute(CUgraphNode hNode, CUkernelNodeAttrID attr, const CUkernelNodeAttrValue *value) {
    return CW_DRIVER(
        cudaGraphKernelNodeSetAttribute(hNode, (cudaLaunchAttributeID)attr, (const cudaLaunchAttributeValue *)value));
}

CUresult cuGraphMemcpyNodeGetParams(CUgraphNode hNode, CUDA_MEMCPY3D *nodeParams) {
    return CW_DRIVER(cw_driver_graph_get_copy(hNode, nodeParams));
}

CUresult cuGraphMemcpyNodeSetParams(CUgraphNode hNode, const CUDA_MEMCPY3D *nodeParams) {
    return CW_DRIVER(cw_driver_graph_set_copy(hNode, nodeParams));
}

CUresult cuGraphMemsetNodeGetParams(CUgraphNode hNode, CUDA_MEMSET_NODE_PARAMS *nodeParams) {
    return CW_DRIVER(cudaGraphMemsetNodeGetParams(hNode, (struct cudaMemsetParams *)nodeParams));
}

CUresult cuGraphMemsetNodeSetParams(CUgraphNode hNode, const CUDA_MEMSET_NODE_PARAMS *nodeParams) {
    return CW_DRIVER(cudaGraphMemsetNodeSetParams(hNode, (const struct cudaMemsetParams *)nodeParams));
}

CUresult cuGraphHostNodeGetParams(CUgraphNode hNode, CUDA_HOST_NODE_PARAMS *nodeParams) {
    return CW_DRIVER(cudaGraphHostNodeGetParams(hNode, (struct cudaHostNodeParams *)nodeParams));
}

CUresult cuGraphHostNodeSetParams(CUgraphNode hNode, const CUDA_HOST_NODE_PARAMS *nodeParams) {
    return CW_DRIVER(cudaGraphHostNodeSetParams(hNode, (const struct cudaHostNodeParams *)nodeParams));
}

CUresult cuGraphChildGraphNodeGetGraph(CUgraphNode hNode, CUgraph *phGraph) {
    return CW_DRIVER(cudaGraphChildGraphNodeGetGraph(hNode, phGraph));
}

CUresult cuGraphEventRecordNodeGetEvent(CUgraphNode hNode, CUevent *event_out) {
    return CW_DRIVER(cudaGraphEventRecordNodeGetEvent(hNode, event_out));
}

CUresult cuGraphEventRecordNodeSetEvent(CUgraphNode hNode, CUevent event) {
    return CW_DRIVER(cudaGraphEventRecordNodeSetEvent(hNode, event));
}

CUresult cuGraphEventWaitNodeGetEvent(CUgraphNode hNode, CUevent *event_out) {
    return CW_DRIVER(cudaGraphEventWaitNodeGetEvent(hNode, event_out));
}

CUresult cuGraphEventWaitNodeSetEvent(CUgraphNode hNode, CUevent event) {
    return CW_DRIVER(cudaGraphEventWaitNodeSetEvent(hNode, event));
}

CUresult cuGraphMemAllocNodeGetParams(CUgraphNode hNode, CUDA_MEM_ALLOC_NODE_PARAMS *params_out) {
    return CW_DRIVER(cudaGraphMemAllocNodeGetParams(hNode, (struct cudaMemAllocNodeParams *)params_out));
}

CUresult cuGraphMemFreeNodeGetParams(CUgraphNode hNode, CUdeviceptr *dptr_out) {
    return CW_DRIVER(cudaGraphMemFreeNodeGetParams(hNode, dptr_out));
}

CUresult cuGraphNodeSetParams(CUgraphNode hNode, CUgraphNodeParams *nodeParams) {
    return CW_DRIVER(cw_driver_graph_set_node(hNode, nodeParams));
}

/* ---- Inspection -------------------------------------------------------------------------------------------------- */

CUresult cuGraphNodeFindInClone(CUgraphNode *phNode, CUgraphNode hOriginalNode, CUgraph hClonedGraph) {
    return CW_DRIVER(cudaGraphNodeFindInClone(phNode, hOriginalNode, hClonedGraph));
}

CUresult cuGraphNodeGetType(CUgraphNode hNode, CUgraphNodeType *type) {
    return CW_DRIVER(cudaGraphNodeGetType(hNode, (enum cudaGraphNodeType *)type));
}

CUresult cuGraphGetNodes(CUgraph hGraph, CUgraphNode *nodes, size_t *numNodes) {
    return CW_DRIVER(cudaGraphGetNodes(hGraph, nodes, numNodes));
}

CUresult cuGraphGetRootNodes(CUgraph hGraph, CUgraphNode *rootNodes, size_t *numRootNodes) {
    return CW_DRIVER(cudaGraphGetRootNodes(hGraph, rootNodes, numRootNodes));
}

CUresult cuGraphGetEdges_v2(CUgraph hGraph, CUgraphNode *from, CUgraphNode *to, CUgraphEdgeData *edgeData,
                            size_t *numEdges) {
    return CW_DRIVER(cudaGraphGetEdges_v2(hGraph, from, to, (cudaGraphEdgeData *)edgeData, numEdges));
}

CUresult cuGraphNodeGetDependencies_v2(CUgraphNode hNode, CUgraphNode *dependencies, CUgraphEdgeData *edgeData,
                                       size_t *numDependencies) {
    return CW_DRIVER(
        cudaGraphNodeGetDependencies_v2(hNode, dependencies, (cudaGraphEdgeData *)edgeData, numDependencies));
}

CUresult cuGraphNodeGetDependentNodes_v2(CUgraphNode hNode, CUgraphNode *dependentNodes, CUgraphEdgeData *edgeData,
                                         size_t *numDependentNodes) {
    return CW_DRIVER(
        cudaGraphNodeGetDependentNodes_v2(hNode, dependentNodes, (cudaGraphEdgeData *)edgeData, numDependentNodes));
}

CUresult cuGraphGetEdges(CUgraph hGraph, CUgraphNode *from, CUgraphNode *to, size_t *numEdges) {
    return CW_DRIVER(cudaGraphGetEdges(hGraph, from, to, numEdges));
}

CUresult cuGraphNodeGetDependencies(CUgraphNode hNode, CUgraphNode *dependencies, size_t *numDependencies) {
    return CW_DRIVER(cudaGraphNodeGetDependencies(hNode, dependencies, numDependencies));
}

CUresult cuGraphNodeGetDependentNodes(CUgraphNode hNode, CUgraphNode *dependentNodes, size_t *numDependentNodes) {
    return CW_DRIVER(cudaGraphNodeGetDependentNodes(hNode, dependentNodes, numDependentNodes));
}

CUresult cuGraphDebugDotPrint(CUgraph hGraph, const char *path, unsigned int flags) {
    return CW_DRIVER(cudaGraphDebugDotPrint(hGraph, path, flags));
}

/* ---- Running ----------------------------------------------------------------------------------------------------- */

CUresult cuGraphInstantiateWithFlags(CUgraphExec *phGraphExec, CUgraph hGraph, unsigned long long flags) {
    return CW_DRIVER(cudaGraphInstantiateWithFlags(phGraphExec, hGraph, flags));
}

CUresult cuGraphInstantiateWithParams(CUgraphExec *phGraphExec, CUgraph hGraph,
                                      CUDA_GRAPH_INSTANTIATE_PARAMS *instantiateParams) {
    return CW_DRIVER(
        cudaGraphInstantiateWithParams(phGraphExec, hGraph, (cudaGraphInstantiateParams *)instantiateParams));
}

CUresult cuGraphExecGetFlags(CUgraphExec hGraphExec, cuuint64_t *flags) {
    return CW_DRIVER(cudaGraphExecGetFlags(hGraphExec, (unsigned long long *)flags));
}

CUresult cuGraphExecKernelNodeSetParams(CUgraphExec hGraphExec, CUgraphNode hNode,
                                        const CUDA_KERNEL_NODE_PARAMS *nodeParams) {
    return CW_DRIVER(cw_driver_graph_exec_set_kernel(hGraphExec, hNode, nodeParams));
}

CUresult cuGraphExecMemcpyNodeSetParams(CUgraphExec hGraphExec, CUgraphNode hNode, const CUDA_MEMCPY3D *copyParams,
                                        CUcontext ctx) {
    return CW_DRIVER(cw_driver_graph_exec_set_copy(hGraphExec, hNode, copyParams, ctx));
}

CUresult cuGraphExecMemsetNodeSetParams(CUgraphExec hGraphExec, CUgraphNode hNode,
                                        const CUDA_MEMSET_NODE_PARAMS *memsetParams, CUcontext ctx) {
    return CW_DRIVER(
        cw_driver_graph_in_context(ctx)
            ? cudaGraphExecMemsetNodeSetParams(hGraphExec, hNode, (const struct cudaMemsetParams *)memsetParams)
            : cw_driver_graph_wrong_context());
}

CUresult cuGraphExecHostNodeSetParams(CUgraphExec hGraphExec, CUgraphNode hNode,
                                      const CUDA_HOST_NODE_PARAMS *nodeParams) {
    return CW_DRIVER(cudaGraphExecHostNodeSetParams(hGraphExec, hNode, (const struct cudaHostNodeParams *)nodeParams));
}

CUresult cuGraphExecChildGraphNodeSetParams(CUgraphExec hGraphExec, CUgraphNode hNode, CUgraph childGraph) {
    return CW_DRIVER(cudaGraphExecChildGraphNodeSetParams(hGraphExec, hNode, childGraph));
}

CUresult cuGraphExecEventRecordNodeSetEvent(CUgraphExec hGraphExec, CUgraphNode hNode, CUevent event) {
    return CW_DRIVER(cudaGraphExecEventRecordNodeSetEvent(hGraphExec, hNode, event));
}

CUresult cuGraphExecEventWaitNodeSetEvent(CUgraphExec hGraphExec, CUgraphNode hNode, CUevent event) {
    return CW_DRIVER(cudaGraphExecEventWaitNodeSetEvent(hGraphExec, hNode, event));
}

CUresult cuGraphExecNodeSetParams(CUgraphExec hGraphExec, CUgraphNode hNode, CUgraphNodeParams *nodeParams) {
    return CW_DRIVER(cw_driver_graph_exec_set_node(hGraphExec, hNode, nodeParams));
}

CUresult cuGraphNodeSetEnabled(CUgraphExec hGraphExec, CUgraphNode hNode, unsigned int isEnabled) {
    return CW_DRIVER(cudaGraphNodeSetEnabled(hGraphExec, hNode, isEnabled));
}

CUresult cuGraphNodeGetEnabled(CUgraphExec hGraphExec, CUgraphNode hNode, unsigned int *isEnabled) {
    return CW_DRIVER(cudaGraphNodeGetEnabled(hGraphExec, hNode, isEnabled));
}

CUresult cuGraphExecUpdate(CUgraphExec hGraphExec, CUgraph hGraph, CUgraphExecUpdateResultInfo *resultInfo) {
    return CW_DRIVER(cudaGraphExecUpdate(hGraphExec, hGraph, (cudaGraphExecUpdateResultInfo *)resultInfo));
}

CUresult cuGraphUpload(CUgraphExec hGraphExec, CUstream hStream) {
    return CW_DRIVER(cudaGraphUpload(hGraphExec, hStream));
}

CUresult cuGraphLaunch(CUgraphExec hGraphExec, CUstream hStream) {
    return CW_DRIVER(cudaGraphLaunch(hGraphExec, hStream));
}

CUresult cuGraphExecDestroy(CUgraphExec hGraphExec) {
    return CW_DRIVER(cudaGraphExecDestroy(hGraphExec));
}

/* ---- Memory and objects ------------------------------------------------------------------------------------------ */

CUresult cuDeviceGraphMemTrim(CUdevice device) {
    return CW_DRIVER(cudaDeviceGraphMemTrim(device));
}

CUresult cuDeviceGetGraphMemAttribute(CUdevice device, CUgraphMem_attribute attr, void *value) {
    return CW_DRIVER(cudaDeviceGetGraphMemAttribute(device, (enum cudaGraphMemAttributeType)attr, value));
}

CUresult cuDeviceSetGraphMemAttribute(CUdevice device, CUgraphMem_attribute attr, void *value) {
    return CW_DRIVER(cudaDeviceSetGraphMemAttribute(device, (enum cudaGraphMemAttributeType)attr, value));
}

CUresult cuUserObjectCreate(CUuserObject *object_out, void *ptr, CUhostFn destroy, unsigned int initialRefcount,
                            unsigned int flags) {
    return CW_DRIVER(cudaUserObjectCreate(object_out, ptr, destroy, initialRefcount, flags));
}

CUresult cuUserObjectRetain(CUuserObject object, unsigned int count) {
    return CW_DRIVER(cudaUserObjectRetain(object, count));
}

CUresult cuUserObjectRelease(CUuserObject object, unsigned int count) {
    return CW_DRIVER(cudaUserObjectRelease(object, count));
}

CUresult cuGraphRetainUserObject(CUgraph graph, CUuserObject object, unsigned int count, unsigned int flags) {
    return CW_DRIVER(cudaGraphRetainUserObject(graph, object, count, flags));
}

CUresult cuGraphReleaseUserObject(CUgraph graph, CUuserObject object, unsigned int count) {
    return CW_DRIVER(cudaGraphReleaseUserObject(graph, object, count));
}
