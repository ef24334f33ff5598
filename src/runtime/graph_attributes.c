/* SPDX-License-Identifier: Apache-2.0 */
/* graph_attributes.c: kernel nodes' attributes, and copy nodes that name device variables. */
#include <stdlib.h>
#include <string.h>

#include "cuda/cuda_runtime_api.h"
#include "runtime/cluster.h"
#include "runtime/device.h"
#include "runtime/graph.h"
#include "runtime/graph_params.h"
#include "runtime/loading.h"
#include "runtime/thread.h"

/* ---- Device variables ---------------------------------------------------------------------------------------- */

static cudaError_t find_bytes(const void *symbol, size_t offset, size_t bytes, char **found) {
    struct cw_rt_device *device;
    void *pointer = NULL;
    size_t size = 0;
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        error = cw_rt_variable_find(device, symbol, &pointer, &size);
    }
    if (error == cudaSuccess && (offset > size || bytes > size - offset)) {
        error = cw_rt_fail(cudaErrorInvalidValue, "%zu bytes at offset %zu of a variable of %zu bytes", bytes, offset,
                           size);
    }
    *found = (char *)pointer + offset;
    return error;
}

cudaError_t cw_rt_params_to_symbol(struct cudaGraphNodeParams *all, const void *symbol, const void *src, size_t bytes,
                                   size_t offset, enum cudaMemcpyKind kind) {
    char *variable = NULL;
    if (kind != cudaMemcpyHostToDevice && kind != cudaMemcpyDeviceToDevice && kind != cudaMemcpyDefault) {
        return cw_rt_fail(cudaErrorInvalidMemcpyDirection, "a copy to a device variable has kind %d", (int)kind);
    }
    cudaError_t error = find_bytes(symbol, offset, bytes, &variable);
    if (error == cudaSuccess) {
        struct cudaMemcpy3DParms copy = cw_rt_copy_params(variable, src, bytes, kind);
        *all = cw_rt_params_copy(&copy);
    }
    return error;
}

cudaError_t cw_rt_params_from_symbol(struct cudaGraphNodeParams *all, void *dst, const void *symbol, size_t bytes,
                                     size_t offset, enum cudaMemcpyKind kind) {
    char *variable = NULL;
    if (kind != cudaMemcpyDeviceToHost && kind != cudaMemcpyDeviceToDevice && kind != cudaMemcpyDefault) {
        return cw_rt_fail(cudaErrorInvalidMemcpyDirection, "a copy from a device variable has kind %d", (int)kind);
    }
    cudaError_t error = find_bytes(symbol, offset, bytes, &variable);
    if (error == cudaSuccess) {
        struct cudaMemcpy3DParms copy = cw_rt_copy_params(dst, variable, bytes, kind);
        *all = cw_rt_params_copy(&copy);
    }
    return error;
}

/* ---- Attributes ---------------------------------------------------------------------------------------------- */

static cudaError_t check(cudaGraphNode_t node, cudaLaunchAttributeID id, const void *value) {
    cudaError_t error = cw_rt_node_check_type(node, cudaGraphNodeTypeKernel);
    if (error != cudaSuccess) {
        return error;
    }
    if (!value) {
        return cw_rt_fail(cudaErrorInvalidValue, "the value is NULL");
    }
    switch (id) {
    case cudaLaunchAttributeAccessPolicyWindow:
    case cudaLaunchAttributeCooperative:
    case cudaLaunchAttributePriority:
    case cudaLaunchAttributeMemSyncDomainMap:
    case cudaLaunchAttributeMemSyncDomain:
    case cudaLaunchAttributePreferredSharedMemoryCarveout:
    case cudaLaunchAttributeClusterDimension:
    case cudaLaunchAttributePreferredClusterDimension:
    case cudaLaunchAttributeClusterSchedulingPolicyPreference:
        return cudaSuccess;
    case cudaLaunchAttributeDeviceUpdatableKernelNode:
        return cw_rt_fail(cudaErrorNotSupported, "kernels of this device can't update graphs");
    default:
        return cw_rt_fail(cudaErrorInvalidValue, "kernel nodes have no attribute %d", (int)id);
    }
}

static struct cw_rt_attributes *attributes_of(struct CUgraphNode_st *node) {
    if (!node->of.kernel.attributes) {
        node->of.kernel.attributes = calloc(1, sizeof *node->of.kernel.attributes);
    }
    return node->of.kernel.attributes;
}

static void apply(struct CUgraphNode_st *node, const struct cw_rt_request *from) {
    struct cw_rt_request *request = &node->of.kernel.request;
    request->cooperative = from->cooperative;
    request->cluster = from->cluster;
    node->of.kernel.launch->backend.cooperative = request->cooperative;
    node->of.kernel.launch->backend.cluster = cw_rt_cluster_of(request);
}

/* The request with that attribute, checked. */
static cudaError_t ask_for(struct cw_rt_request *request, cudaLaunchAttributeID id, const cudaLaunchAttributeValue *value) {
    cudaLaunchAttribute attribute = {.id = id, .val = *value};
    size_t bytes;
    if (id == cudaLaunchAttributeCooperative) {
        request->cooperative = value->cooperative != 0;
    } else {
        cudaError_t error = cw_rt_cluster_read(&attribute, request);
        if (error != cudaSuccess) {
            return error == cudaErrorNotSupported ? cudaSuccess : error;
        }
    }
    return cw_rt_launch_check(request, &bytes);
}

static cudaError_t set(cudaGraphNode_t node, cudaLaunchAttributeID id, const cudaLaunchAttributeValue *value) {
    struct cw_rt_request request;
    cudaError_t error = check(node, id, value);
    if (error == cudaSuccess) {
        request = node->of.kernel.request;
        error = ask_for(&request, id, value);
    }
    if (error != cudaSuccess) {
        return error;
    }
    struct cw_rt_attributes *attributes = attributes_of(node);
    if (!attributes) {
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory for a node's attributes");
    }
    attributes->set |= 1u << id;
    attributes->values[id] = *value;
    apply(node, &request);
    return cudaSuccess;
}

cudaError_t cudaGraphKernelNodeSetAttribute(cudaGraphNode_t node, cudaLaunchAttributeID id,
                                            const cudaLaunchAttributeValue *value) {
    pthread_mutex_lock(&cw_rt_graph_lock);
    cudaError_t error = set(node, id, value);
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return cw_rt_record(error);
}

cudaError_t cudaGraphKernelNodeGetAttribute(cudaGraphNode_t node, cudaLaunchAttributeID id,
                                            cudaLaunchAttributeValue *value) {
    pthread_mutex_lock(&cw_rt_graph_lock);
    cudaError_t error = check(node, id, value);
    if (error == cudaSuccess) {
        const struct cw_rt_attributes *attributes = node->of.kernel.attributes;
        memset(value, 0, sizeof *value);
        if (attributes && (attributes->set & 1u << id)) {
            *value = attributes->values[id];
        } else if (id == cudaLaunchAttributePreferredSharedMemoryCarveout) {
            value->sharedMemCarveout = (unsigned)cudaSharedmemCarveoutDefault;
        } else if (id == cudaLaunchAttributeMemSyncDomainMap) {
            value->memSyncDomainMap.remote = 1;
        }
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return cw_rt_record(error);
}

static cudaError_t copy(cudaGraphNode_t to, cudaGraphNode_t from) {
    cudaError_t error = cw_rt_node_check_type(to, cudaGraphNodeTypeKernel);
    if (error == cudaSuccess) {
        error = cw_rt_node_check_type(from, cudaGraphNodeTypeKernel);
    }
    if (error != cudaSuccess) {
        return error;
    }
    const struct cw_rt_attributes *given = from->of.kernel.attributes;
    struct cw_rt_attributes *attributes = attributes_of(to);
    if (!attributes) {
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory for a node's attributes");
    }
    *attributes = given ? *given : (struct cw_rt_attributes){0};
    apply(to, &from->of.kernel.request);
    return cudaSuccess;
}

cudaError_t cudaGraphKernelNodeCopyAttributes(cudaGraphNode_t to, cudaGraphNode_t from) {
    pthread_mutex_lock(&cw_rt_graph_lock);
    cudaError_t error = copy(to, from);
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return cw_rt_record(error);
}
