/* SPDX-License-Identifier: Apache-2.0 */
/* cluster.h: thread block clusters of launches: CUDA C++ Programming Guide, "Thread Block Clusters". Any thread. */
#ifndef CW_RUNTIME_CLUSTER_H
#define CW_RUNTIME_CLUSTER_H

#include "cuda/driver_types.h"
#include "cudawasm/cw_backend.h"
#include "runtime/launch.h"

/* Reads what launch attribute `attribute` says of clusters into `request`; cudaErrorNotSupported, with nothing recorded, when it is about
 * something else. */
cudaError_t cw_rt_cluster_read(const cudaLaunchAttribute *attribute, struct cw_rt_request *request);
/* Whether the request's kernel can run with its clusters on its device: cudaErrorInvalidClusterSize when it can't. */
cudaError_t cw_rt_cluster_check(const struct cw_rt_request *request);
/* The blocks of a cluster: what the request says, else what its kernel needs; 0 when neither says anything. */
struct cw_dim3 cw_rt_cluster_of(const struct cw_rt_request *request);

/* cudaFuncGetAttributes, cudaFuncSetAttribute. */
void cw_rt_cluster_describe(const struct CUfunc_st *kernel, struct cudaFuncAttributes *attributes);
cudaError_t cw_rt_cluster_set(struct CUfunc_st *kernel, enum cudaFuncAttribute attribute, int value);

#endif
