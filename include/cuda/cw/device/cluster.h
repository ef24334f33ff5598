/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cluster.h: a thread's cluster: CUDA C++ Programming Guide, "Thread Block Clusters", "Distributed Shared Memory". In a launch
 * without clusters each block is one of its own. Launches may have clusters, and these functions work, whatever capability the
 * program is compiled for.
 */
#ifndef CW_CUDA_DEVICE_CLUSTER_H
#define CW_CUDA_DEVICE_CLUSTER_H

#include "../../vector_types.h"
#include "define.h"

CW_DEVICE unsigned int __clusterDimIsSpecified(void) { return (unsigned int)__cw_cluster_explicit(); }
CW_DEVICE dim3 __clusterDim(void) {
    return dim3((unsigned int)__cw_cluster_nctaid_x(), (unsigned int)__cw_cluster_nctaid_y(), (unsigned int)__cw_cluster_nctaid_z());
}
CW_DEVICE unsigned int __clusterSizeInBlocks(void) {
    return (unsigned int)(__cw_cluster_nctaid_x() * __cw_cluster_nctaid_y() * __cw_cluster_nctaid_z());
}
CW_DEVICE dim3 __clusterRelativeBlockIdx(void) {
    return dim3((unsigned int)__cw_cluster_ctaid_x(), (unsigned int)__cw_cluster_ctaid_y(), (unsigned int)__cw_cluster_ctaid_z());
}
CW_DEVICE unsigned int __clusterRelativeBlockRank(void) { return (unsigned int)__cw_cluster_ctarank(); }
CW_DEVICE dim3 __clusterGridDimInClusters(void) {
    dim3 blocks = __clusterDim();
    return dim3((unsigned int)__cw_nctaid_x() / blocks.x, (unsigned int)__cw_nctaid_y() / blocks.y, (unsigned int)__cw_nctaid_z() / blocks.z);
}
CW_DEVICE dim3 __clusterIdx(void) {
    dim3 blocks = __clusterDim();
    return dim3((unsigned int)__cw_ctaid_x() / blocks.x, (unsigned int)__cw_ctaid_y() / blocks.y, (unsigned int)__cw_ctaid_z() / blocks.z);
}

CW_DEVICE void __cluster_barrier_arrive(void) { __cw_cluster_arrive(); }
CW_DEVICE void __cluster_barrier_arrive_relaxed(void) { __cw_cluster_arrive(); }
CW_DEVICE void __cluster_barrier_wait(void) { __cw_cluster_wait(); }

CW_DEVICE void *__cluster_map_shared_rank(const void *pointer, unsigned int rank) {
    return __cw_cluster_map((void *)pointer, (int)rank);
}
CW_DEVICE unsigned int __cluster_query_shared_rank(const void *pointer) {
    return (unsigned int)__cw_cluster_rank_of((void *)pointer);
}
CW_DEVICE unsigned int __isCtaShared(const void *pointer) { return (unsigned int)__cw_is_shared((void *)pointer); }
CW_DEVICE unsigned int __isClusterShared(const void *pointer) { return (unsigned int)__cw_is_cluster_shared((void *)pointer); }

#endif
