/* SPDX-License-Identifier: Apache-2.0 */
/*
 * driver/overloads.h: for C++, the parameters that CUDA 13 gave to functions that go by the same name in CUDA 12. Part of
 * cuda.h.
 */
#ifndef CW_CUDA_DRIVER_OVERLOADS_H
#define CW_CUDA_DRIVER_OVERLOADS_H

#if defined(__cplusplus)

static inline CUresult cuCtxCreate(CUcontext *pctx, CUctxCreateParams *ctxCreateParams, unsigned int flags,
                                   CUdevice dev) {
    return cuCtxCreate_v4(pctx, ctxCreateParams, flags, dev);
}

static inline CUresult cuCtxCreate(CUcontext *pctx, CUexecAffinityParam *paramsArray, int numParams, unsigned int flags,
                                   CUdevice dev) {
    return cuCtxCreate_v3(pctx, paramsArray, numParams, flags, dev);
}

static inline CUresult cuMemPrefetchAsync(CUdeviceptr devPtr, size_t count, CUmemLocation location, unsigned int flags,
                                          CUstream hStream) {
    return cuMemPrefetchAsync_v2(devPtr, count, location, flags, hStream);
}

static inline CUresult cuMemAdvise(CUdeviceptr devPtr, size_t count, CUmem_advise advice, CUmemLocation location) {
    return cuMemAdvise_v2(devPtr, count, advice, location);
}

static inline CUresult cuStreamGetCaptureInfo(CUstream hStream, CUstreamCaptureStatus *captureStatus_out,
                                              cuuint64_t *id_out, CUgraph *graph_out,
                                              const CUgraphNode **dependencies_out,
                                              const CUgraphEdgeData **edgeData_out, size_t *numDependencies_out) {
    return cuStreamGetCaptureInfo_v3(hStream, captureStatus_out, id_out, graph_out, dependencies_out, edgeData_out,
                                     numDependencies_out);
}

static inline CUresult cuStreamUpdateCaptureDependencies(CUstream hStream, CUgraphNode *dependencies,
                                                         const CUgraphEdgeData *edgeData, size_t numDependencies,
                                                         unsigned int flags) {
    return cuStreamUpdateCaptureDependencies_v2(hStream, dependencies, edgeData, numDependencies, flags);
}

static inline CUresult cuGraphAddNode(CUgraphNode *phGraphNode, CUgraph hGraph, const CUgraphNode *dependencies,
                                      const CUgraphEdgeData *edgeData, size_t numDependencies,
                                      CUgraphNodeParams *nodeParams) {
    return cuGraphAddNode_v2(phGraphNode, hGraph, dependencies, edgeData, numDependencies, nodeParams);
}

static inline CUresult cuGraphAddDependencies(CUgraph hGraph, const CUgraphNode *from, const CUgraphNode *to,
                                              const CUgraphEdgeData *edgeData, size_t numDependencies) {
    return cuGraphAddDependencies_v2(hGraph, from, to, edgeData, numDependencies);
}

static inline CUresult cuGraphRemoveDependencies(CUgraph hGraph, const CUgraphNode *from, const CUgraphNode *to,
                                                 const CUgraphEdgeData *edgeData, size_t numDependencies) {
    return cuGraphRemoveDependencies_v2(hGraph, from, to, edgeData, numDependencies);
}

static inline CUresult cuGraphGetEdges(CUgraph hGraph, CUgraphNode *from, CUgraphNode *to, CUgraphEdgeData *edgeData,
                                       size_t *numEdges) {
    return cuGraphGetEdges_v2(hGraph, from, to, edgeData, numEdges);
}

static inline CUresult cuGraphNodeGetDependencies(CUgraphNode hNode, CUgraphNode *dependencies,
                                                  CUgraphEdgeData *edgeData, size_t *numDependencies) {
    return cuGraphNodeGetDependencies_v2(hNode, dependencies, edgeData, numDependencies);
}

static inline CUresult cuGraphNodeGetDependentNodes(CUgraphNode hNode, CUgraphNode *dependentNodes,
                                                    CUgraphEdgeData *edgeData, size_t *numDependentNodes) {
    return cuGraphNodeGetDependentNodes_v2(hNode, dependentNodes, edgeData, numDependentNodes);
}

#endif

#endif
