/* SPDX-License-Identifier: Apache-2.0 */
/* graph_nodes.c: the parameters of graphs' nodes that the two APIs describe in different words: kernels may be named by a
 * CUkernel, copies have memory types. */
#include <assert.h>
#include <string.h>

#include "runtime/array.h"
#include "runtime/driver/driver.h"
#include "runtime/driver/graph.h"

static_assert(offsetof(CUDA_KERNEL_NODE_PARAMS, kern) == sizeof(struct cudaKernelNodeParams),
              "the runtime API's parameters are the beginning of the driver API's");
static_assert(sizeof(CUDA_MEMSET_NODE_PARAMS) == sizeof(struct cudaMemsetParams), "both APIs' fills are the same");
static_assert(sizeof(CUDA_HOST_NODE_PARAMS) == sizeof(struct cudaHostNodeParams), "both APIs' host calls are the same");
static_assert(sizeof(CUDA_MEM_ALLOC_NODE_PARAMS) == sizeof(struct cudaMemAllocNodeParams),
              "both APIs' allocations are the same");
static_assert(sizeof(CUgraphEdgeData) == sizeof(cudaGraphEdgeData), "both APIs' edges are the same");
static_assert(sizeof(CUgraphNodeParams) >= sizeof(struct cudaGraphNodeParams), "the driver API's node holds more");

bool cw_driver_graph_in_context(CUcontext context) {
    return !context || (cw_rt_context_known(context) && atomic_load(&context->live));
}

cudaError_t cw_driver_graph_wrong_context(void) {
    return cw_rt_fail(cudaErrorDeviceUninitialized, "the context of the node is none that lives");
}

/* ---- Kernels ----------------------------------------------------------------------------------------------------- */

static cudaError_t kernel_params(const CUDA_KERNEL_NODE_PARAMS *from, struct cudaKernelNodeParams *to) {
    if (!from) {
        return cw_rt_fail(cudaErrorInvalidValue, "the parameters are NULL");
    }
    memcpy(to, from, sizeof *to);
    if (!to->func) {
        to->func = from->kern;
    }
    return cw_driver_graph_in_context(from->ctx) ? cudaSuccess : cw_driver_graph_wrong_context();
}

cudaError_t cw_driver_graph_add_kernel(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, size_t count,
                                       const CUDA_KERNEL_NODE_PARAMS *params) {
    struct cudaKernelNodeParams same;
    cudaError_t error = kernel_params(params, &same);
    return error != cudaSuccess ? error : cudaGraphAddKernelNode(node, graph, dependencies, count, &same);
}

cudaError_t cw_driver_graph_get_kernel(CUgraphNode node, CUDA_KERNEL_NODE_PARAMS *params) {
    struct cudaKernelNodeParams same;
    cudaFunction_t function = NULL;
    cudaError_t error = cw_driver_place(params, "parameters");
    if (error == cudaSuccess) {
        error = cudaGraphKernelNodeGetParams(node, &same);
    }
    if (error == cudaSuccess) { /* a node of the runtime API names its kernel by a host address */
        error = cudaGetFuncBySymbol(&function, same.func);
    }
    if (error == cudaSuccess) {
        memcpy(params, &same, sizeof same);
        params->func = function;
        params->kern = NULL;
        params->ctx = cw_rt_thread()->context;
    }
    return error;
}

cudaError_t cw_driver_graph_set_kernel(CUgraphNode node, const CUDA_KERNEL_NODE_PARAMS *params) {
    struct cudaKernelNodeParams same;
    cudaError_t error = kernel_params(params, &same);
    return error != cudaSuccess ? error : cudaGraphKernelNodeSetParams(node, &same);
}

cudaError_t cw_driver_graph_exec_set_kernel(CUgraphExec exec, CUgraphNode node, const CUDA_KERNEL_NODE_PARAMS *params) {
    struct cudaKernelNodeParams same;
    cudaError_t error = kernel_params(params, &same);
    return error != cudaSuccess ? error : cudaGraphExecKernelNodeSetParams(exec, node, &same);
}

/* ---- Copies ------------------------------------------------------------------------------------------------------ */

struct side {
    CUmemorytype type;
    const void *host;
    CUdeviceptr device;
    CUarray array;
    size_t x, y, z, pitch, height;
};

/* `device`: 1 for memory of the device, 0 for the host's, -1 when the pointer tells. */
static cudaError_t copy_side(const struct side *from, const CUDA_MEMCPY3D *params, cudaArray_t *array,
                             struct cudaPos *pos, struct cudaPitchedPtr *pitched, int *device) {
    size_t element = 1;
    *pos = (struct cudaPos){from->x, from->y, from->z};
    *device = from->type == CU_MEMORYTYPE_HOST ? 0 : from->type == CU_MEMORYTYPE_UNIFIED ? -1 : 1;
    if (from->type == CU_MEMORYTYPE_ARRAY) {
        cudaError_t error = cw_rt_array_element((cudaArray_const_t)from->array, &element);
        *array = (cudaArray_t)from->array;
        pos->x = from->x / element;
        return error;
    }
    if (from->type != CU_MEMORYTYPE_HOST && from->type != CU_MEMORYTYPE_DEVICE && from->type != CU_MEMORYTYPE_UNIFIED) {
        return cw_rt_fail(cudaErrorInvalidValue, "there is no type %d of memory", (int)from->type);
    }
    *pitched = (struct cudaPitchedPtr){from->type == CU_MEMORYTYPE_HOST ? (void *)(uintptr_t)from->host
                                                                        : cw_driver_pointer(from->device),
                                       from->pitch ? from->pitch : from->x + params->WidthInBytes, params->WidthInBytes,
                                       from->height ? from->height : from->y + params->Height};
    return cudaSuccess;
}

static cudaError_t copy_params(const CUDA_MEMCPY3D *p, struct cudaMemcpy3DParms *to) {
    static const enum cudaMemcpyKind kinds[2][2] = {{cudaMemcpyHostToHost, cudaMemcpyHostToDevice},
                                                    {cudaMemcpyDeviceToHost, cudaMemcpyDeviceToDevice}};
    int dst_device = -1, src_device = -1;
    size_t element = 1;
    memset(to, 0, sizeof *to);
    if (!p || p->srcLOD || p->dstLOD) {
        return cw_rt_fail(cudaErrorInvalidValue, "the parameters are NULL or name a level of detail, which must be 0");
    }
    struct side dst = {p->dstMemoryType, p->dstHost, p->dstDevice, p->dstArray, p->dstXInBytes,
                       p->dstY,          p->dstZ,    p->dstPitch,  p->dstHeight};
    struct side src = {p->srcMemoryType, p->srcHost, p->srcDevice, p->srcArray, p->srcXInBytes,
                       p->srcY,          p->srcZ,    p->srcPitch,  p->srcHeight};
    cudaError_t error = copy_side(&dst, p, &to->dstArray, &to->dstPos, &to->dstPtr, &dst_device);
    if (error == cudaSuccess) {
        error = copy_side(&src, p, &to->srcArray, &to->srcPos, &to->srcPtr, &src_device);
    }
    if (error == cudaSuccess && (to->dstArray || to->srcArray)) {
        error = cw_rt_array_element(to->dstArray ? to->dstArray : to->srcArray, &element);
    }
    to->extent = (struct cudaExtent){p->WidthInBytes / element, p->Height, p->Depth};
    to->kind = dst_device < 0 || src_device < 0 ? cudaMemcpyDefault : kinds[src_device][dst_device];
    return error;
}

/* The other way. A pointer's memory type is unified: the pointer tells. */
static cudaError_t give_side(cudaArray_t array, struct cudaPos pos, const struct cudaPitchedPtr *pitched,
                             struct side *to, size_t *element) {
    cudaError_t error = cudaSuccess;
    if (array) {
        error = cw_rt_array_element(array, element);
        *to = (struct side){.type = CU_MEMORYTYPE_ARRAY, .array = (CUarray)array, .x = pos.x * *element};
    } else {
        *to = (struct side){.type = CU_MEMORYTYPE_UNIFIED,
                            .device = cw_driver_address(pitched->ptr),
                            .x = pos.x,
                            .pitch = pitched->pitch,
                            .height = pitched->ysize};
    }
    to->y = pos.y;
    to->z = pos.z;
    return error;
}

cudaError_t cw_driver_graph_get_copy(CUgraphNode node, CUDA_MEMCPY3D *params) {
    struct cudaMemcpy3DParms same;
    struct side dst, src;
    size_t element = 1;
    cudaError_t error = cw_driver_place(params, "parameters");
    if (error == cudaSuccess) {
        error = cudaGraphMemcpyNodeGetParams(node, &same);
    }
    if (error == cudaSuccess) {
        error = give_side(same.dstArray, same.dstPos, &same.dstPtr, &dst, &element);
    }
    if (error == cudaSuccess) {
        error = give_side(same.srcArray, same.srcPos, &same.srcPtr, &src, &element);
    }
    if (error == cudaSuccess) {
        *params = (CUDA_MEMCPY3D){.srcXInBytes = src.x,
                                  .srcY = src.y,
                                  .srcZ = src.z,
                                  .srcMemoryType = src.type,
                                  .srcDevice = src.device,
                                  .srcArray = src.array,
                                  .srcPitch = src.pitch,
                                  .srcHeight = src.height,
                                  .dstXInBytes = dst.x,
                                  .dstY = dst.y,
                                  .dstZ = dst.z,
                                  .dstMemoryType = dst.type,
                                  .dstDevice = dst.device,
                                  .dstArray = dst.array,
                                  .dstPitch = dst.pitch,
                                  .dstHeight = dst.height,
                                  .WidthInBytes = same.extent.width * element,
                                  .Height = same.extent.height,
                                  .Depth = same.extent.depth};
    }
    return error;
}

cudaError_t cw_driver_graph_add_copy(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies, size_t count,
                                     const CUDA_MEMCPY3D *params, CUcontext context) {
    struct cudaMemcpy3DParms same;
    cudaError_t error =
        cw_driver_graph_in_context(context) ? copy_params(params, &same) : cw_driver_graph_wrong_context();
    return error != cudaSuccess ? error : cudaGraphAddMemcpyNode(node, graph, dependencies, count, &same);
}

cudaError_t cw_driver_graph_set_copy(CUgraphNode node, const CUDA_MEMCPY3D *params) {
    struct cudaMemcpy3DParms same;
    cudaError_t error = copy_params(params, &same);
    return error != cudaSuccess ? error : cudaGraphMemcpyNodeSetParams(node, &same);
}

cudaError_t cw_driver_graph_exec_set_copy(CUgraphExec exec, CUgraphNode node, const CUDA_MEMCPY3D *params,
                                          CUcontext context) {
    struct cudaMemcpy3DParms same;
    cudaError_t error =
        cw_driver_graph_in_context(context) ? copy_params(params, &same) : cw_driver_graph_wrong_context();
    return error != cudaSuccess ? error : cudaGraphExecMemcpyNodeSetParams(exec, node, &same);
}

/* ---- Nodes of any type ------------------------------------------------------------------------------------------- */

/* The unions agree in all types but copies, as far as the runtime API's members go. */
static cudaError_t node_params(const CUgraphNodeParams *from, struct cudaGraphNodeParams *to) {
    if (!from) {
        return cw_rt_fail(cudaErrorInvalidValue, "the parameters are NULL");
    }
    memset(to, 0, sizeof *to);
    to->type = (enum cudaGraphNodeType)from->type;
    switch (from->type) {
    case CU_GRAPH_NODE_TYPE_MEMCPY:
        return copy_params(&from->memcpy.copyParams, &to->memcpy.copyParams);
    case CU_GRAPH_NODE_TYPE_KERNEL:
        memcpy(&to->kernel, &from->kernel, sizeof to->kernel);
        if (!to->kernel.func) {
            to->kernel.func = from->kernel.kern;
        }
        return cudaSuccess;
    case CU_GRAPH_NODE_TYPE_MEMSET:
        memcpy(&to->memset, &from->memset, sizeof to->memset);
        return cudaSuccess;
    case CU_GRAPH_NODE_TYPE_CONDITIONAL:
        memcpy(&to->conditional, &from->conditional, sizeof to->conditional);
        return cudaSuccess;
    default:
        memcpy(to->reserved1, from->reserved1, sizeof to->reserved1);
        return cudaSuccess;
    }
}

cudaError_t cw_driver_graph_add_node(CUgraphNode *node, CUgraph graph, const CUgraphNode *dependencies,
                                     const CUgraphEdgeData *edges, size_t count, CUgraphNodeParams *params) {
    struct cudaGraphNodeParams same;
    cudaError_t error = node_params(params, &same);
    if (error == cudaSuccess) {
        error = cudaGraphAddNode_v2(node, graph, dependencies, (const cudaGraphEdgeData *)edges, count, &same);
    }
    if (error == cudaSuccess && params->type == CU_GRAPH_NODE_TYPE_MEM_ALLOC) {
        params->alloc.dptr = cw_driver_address(same.alloc.dptr);
    }
    if (error == cudaSuccess && params->type == CU_GRAPH_NODE_TYPE_CONDITIONAL) {
        params->conditional.phGraph_out = same.conditional.phGraph_out;
    }
    return error;
}

cudaError_t cw_driver_graph_set_node(CUgraphNode node, const CUgraphNodeParams *params) {
    struct cudaGraphNodeParams same;
    cudaError_t error = node_params(params, &same);
    return error != cudaSuccess ? error : cudaGraphNodeSetParams(node, &same);
}

cudaError_t cw_driver_graph_exec_set_node(CUgraphExec exec, CUgraphNode node, const CUgraphNodeParams *params) {
    struct cudaGraphNodeParams same;
    cudaError_t error = node_params(params, &same);
    return error != cudaSuccess ? error : cudaGraphExecNodeSetParams(exec, node, &same);
}
