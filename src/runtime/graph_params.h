/* SPDX-License-Identifier: Apache-2.0 */
/*
 * graph_params.h: the older, one-per-type structs of node parameters brought into the one for all types, for the functions
 * on graphs and on executable graphs.
 */
#ifndef CW_RUNTIME_GRAPH_PARAMS_H
#define CW_RUNTIME_GRAPH_PARAMS_H

#include "cuda/driver_types.h"

static inline struct cudaGraphNodeParams cw_rt_params_kernel(const struct cudaKernelNodeParams *params) {
    struct cudaGraphNodeParams all = {.type = cudaGraphNodeTypeKernel};
    all.kernel = (struct cudaKernelNodeParamsV2){params->func,           params->gridDim,      params->blockDim,
                                                 params->sharedMemBytes, params->kernelParams, params->extra};
    return all;
}

static inline struct cudaGraphNodeParams cw_rt_params_copy(const struct cudaMemcpy3DParms *params) {
    struct cudaGraphNodeParams all = {.type = cudaGraphNodeTypeMemcpy};
    all.memcpy.copyParams = *params;
    return all;
}

static inline struct cudaGraphNodeParams cw_rt_params_fill(const struct cudaMemsetParams *params) {
    struct cudaGraphNodeParams all = {.type = cudaGraphNodeTypeMemset};
    all.memset = (struct cudaMemsetParamsV2){params->dst,         params->pitch, params->value,
                                             params->elementSize, params->width, params->height};
    return all;
}

/* Copies to and from a device variable, which is found on the current device. graph_attributes.c */
cudaError_t cw_rt_params_to_symbol(struct cudaGraphNodeParams *all, const void *symbol, const void *src, size_t bytes,
                                   size_t offset, enum cudaMemcpyKind kind);
cudaError_t cw_rt_params_from_symbol(struct cudaGraphNodeParams *all, void *dst, const void *symbol, size_t bytes,
                                     size_t offset, enum cudaMemcpyKind kind);

#endif
