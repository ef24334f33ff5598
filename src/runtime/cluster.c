/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cluster.c: thread block clusters of launches: CUDA C++ Programming Guide, "Thread Block Clusters"; CUDA Runtime API, "Occupancy".
 *
 * A kernel says its clusters' dimensions itself (__cluster_dims__), or its launches do. Where both do they must agree. Up to 8 blocks
 * are allowed everywhere; more need cudaFuncAttributeNonPortableClusterSizeAllowed. A scheduling policy and preferred dimensions are
 * wishes, which are checked and then change nothing. Devices with clusters have them whatever capability they report.
 */
#include "runtime/cluster.h"

#include <limits.h>

#include "cuda/cuda_runtime_api.h"
#include "runtime/device.h"
#include "runtime/loading.h"
#include "runtime/thread.h"

#define PORTABLE_BLOCKS 8u
#define ELSEWHERE_BLOCKS 16u /* of kernels that run on the CPU in a device's stead (elsewhere.h) */

static uint64_t blocks_of(struct cw_dim3 cluster) {
    return (uint64_t)cluster.x * cluster.y * cluster.z;
}

static uint32_t most_blocks(const struct CUfunc_st *kernel) {
    uint32_t most = kernel->elsewhere ? ELSEWHERE_BLOCKS : kernel->device->facts.cluster_blocks;
    if (most > PORTABLE_BLOCKS && !kernel->cluster_non_portable) {
        most = PORTABLE_BLOCKS;
    }
    return kernel->row->cluster_max && kernel->row->cluster_max < most ? kernel->row->cluster_max : most;
}

/* What the kernel needs: 0 when it says nothing. */
static struct cw_dim3 needed_by(const struct CUfunc_st *kernel) {
    if (kernel->row->cluster.x) {
        return kernel->row->cluster;
    }
    struct cw_dim3 set = {(uint32_t)kernel->cluster_set[0], (uint32_t)kernel->cluster_set[1],
                          (uint32_t)kernel->cluster_set[2]};
    if (set.x | set.y | set.z) {
        set = (struct cw_dim3){set.x ? set.x : 1, set.y ? set.y : 1, set.z ? set.z : 1};
    }
    return set;
}

struct cw_dim3 cw_rt_cluster_of(const struct cw_rt_request *request) {
    if (request->cluster.x) {
        return (struct cw_dim3){request->cluster.x, request->cluster.y, request->cluster.z};
    }
    return needed_by(request->kernel);
}

/* ---- Checking ------------------------------------------------------------------------------------------------ */

static cudaError_t check_size(const struct CUfunc_st *kernel, struct cw_dim3 cluster) {
    uint32_t most = most_blocks(kernel);
    uint64_t blocks = blocks_of(cluster);
    if (blocks <= 1 || blocks <= most) {
        return cudaSuccess;
    }
    if (kernel->device->facts.cluster_blocks == 0 && !kernel->elsewhere) {
        return cw_rt_fail(cudaErrorInvalidClusterSize,
                          "%s: clusters of (%u, %u, %u) blocks, and this device has no thread block clusters; "
                          "CUDA_WASM_BACKEND=cpu has",
                          kernel->row->name, cluster.x, cluster.y, cluster.z);
    }
    return cw_rt_fail(cudaErrorInvalidClusterSize, "%s: clusters of (%u, %u, %u) blocks exceed %u%s", kernel->row->name,
                      cluster.x, cluster.y, cluster.z, most,
                      most == PORTABLE_BLOCKS && blocks <= kernel->device->facts.cluster_blocks
                          ? "; cudaFuncSetAttribute(cudaFuncAttributeNonPortableClusterSizeAllowed) allows more"
                          : "");
}

cudaError_t cw_rt_cluster_check(const struct cw_rt_request *request) {
    const struct CUfunc_st *kernel = request->kernel;
    struct cw_dim3 cluster = cw_rt_cluster_of(request), needed = needed_by(kernel);
    if (cluster.x == 0) {
        return kernel->row->cluster_needed
                   ? cw_rt_fail(cudaErrorInvalidClusterSize, "%s: its launches must say the dimensions of its clusters",
                                kernel->row->name)
                   : cudaSuccess;
    }
    if (needed.x && (needed.x != cluster.x || needed.y != cluster.y || needed.z != cluster.z)) {
        return cw_rt_fail(cudaErrorInvalidClusterSize,
                          "%s: a launch with clusters of (%u, %u, %u) blocks, and the kernel needs (%u, %u, %u)",
                          kernel->row->name, cluster.x, cluster.y, cluster.z, needed.x, needed.y, needed.z);
    }
    cudaError_t error = check_size(kernel, cluster);
    if (error == cudaSuccess &&
        (request->grid.x % cluster.x || request->grid.y % cluster.y || request->grid.z % cluster.z)) {
        error = cw_rt_fail(cudaErrorInvalidClusterSize,
                           "%s: a grid of (%u, %u, %u) blocks is no whole number of clusters of (%u, %u, %u)",
                           kernel->row->name, request->grid.x, request->grid.y, request->grid.z, cluster.x, cluster.y,
                           cluster.z);
    }
    return error;
}

/* ---- Launch attributes --------------------------------------------------------------------------------------- */

static cudaError_t read_preferred(const cudaLaunchAttribute *attribute, const struct cw_rt_request *request) {
    unsigned x = attribute->val.preferredClusterDim.x, y = attribute->val.preferredClusterDim.y,
             z = attribute->val.preferredClusterDim.z;
    dim3 least = request->cluster;
    if (x == 0 || y == 0 || z == 0 || (least.x && (x % least.x || y % least.y || z % least.z))) {
        return cw_rt_fail(cudaErrorInvalidValue,
                          "preferred clusters of (%u, %u, %u) blocks are no multiple of the least, (%u, %u, %u)", x, y, z,
                          least.x, least.y, least.z);
    }
    return cudaSuccess;
}

cudaError_t cw_rt_cluster_read(const cudaLaunchAttribute *attribute, struct cw_rt_request *request) {
    switch (attribute->id) {
    case cudaLaunchAttributeClusterDimension:
        if (attribute->val.clusterDim.x == 0 || attribute->val.clusterDim.y == 0 || attribute->val.clusterDim.z == 0) {
            return cw_rt_fail(cudaErrorInvalidValue, "clusters of (%u, %u, %u) blocks: no dimension may be 0",
                              attribute->val.clusterDim.x, attribute->val.clusterDim.y, attribute->val.clusterDim.z);
        }
        request->cluster =
            (dim3){attribute->val.clusterDim.x, attribute->val.clusterDim.y, attribute->val.clusterDim.z};
        return cudaSuccess;
    case cudaLaunchAttributePreferredClusterDimension:
        return read_preferred(attribute, request);
    case cudaLaunchAttributeClusterSchedulingPolicyPreference:
        return (unsigned)attribute->val.clusterSchedulingPolicyPreference <=
                       (unsigned)cudaClusterSchedulingPolicyLoadBalancing
                   ? cudaSuccess
                   : cw_rt_fail(cudaErrorInvalidValue, "there is no scheduling policy %d for clusters",
                                (int)attribute->val.clusterSchedulingPolicyPreference);
    default:
        return cudaErrorNotSupported;
    }
}

/* ---- Function attributes ------------------------------------------------------------------------------------- */

void cw_rt_cluster_describe(const struct CUfunc_st *kernel, struct cudaFuncAttributes *attributes) {
    struct cw_dim3 needed = needed_by(kernel);
    attributes->clusterDimMustBeSet = (int)kernel->row->cluster_needed;
    attributes->requiredClusterWidth = (int)needed.x;
    attributes->requiredClusterHeight = (int)needed.y;
    attributes->requiredClusterDepth = (int)needed.z;
    attributes->clusterSchedulingPolicyPreference = kernel->cluster_policy;
    attributes->nonPortableClusterSizeAllowed = kernel->cluster_non_portable;
}

cudaError_t cw_rt_cluster_set(struct CUfunc_st *kernel, enum cudaFuncAttribute attribute, int value) {
    switch (attribute) {
    case cudaFuncAttributeRequiredClusterWidth:
    case cudaFuncAttributeRequiredClusterHeight:
    case cudaFuncAttributeRequiredClusterDepth:
        if (kernel->row->cluster.x) {
            return cw_rt_fail(cudaErrorNotPermitted, "%s says the dimensions of its clusters itself", kernel->row->name);
        }
        if (value < 0) {
            return cw_rt_fail(cudaErrorInvalidValue, "%d blocks of a cluster", value);
        }
        kernel->cluster_set[attribute - cudaFuncAttributeRequiredClusterWidth] = value;
        return cudaSuccess;
    case cudaFuncAttributeNonPortableClusterSizeAllowed:
        kernel->cluster_non_portable = value != 0;
        return cudaSuccess;
    case cudaFuncAttributeClusterSchedulingPolicyPreference:
        if (value < cudaClusterSchedulingPolicyDefault || value > cudaClusterSchedulingPolicyLoadBalancing) {
            return cw_rt_fail(cudaErrorInvalidValue, "there is no scheduling policy %d for clusters", value);
        }
        kernel->cluster_policy = value;
        return cudaSuccess;
    default:
        return cw_rt_fail(cudaErrorInvalidValue, "function attribute %d can only be asked for", (int)attribute);
    }
}

/* ---- Occupancy ----------------------------------------------------------------------------------------------- */

static cudaError_t find_request(const void *func, const void *place, const cudaLaunchConfig_t *config,
                                struct cw_rt_request *request) {
    struct cw_rt_device *device;
    if (!config || !place || (config->numAttrs > 0 && !config->attrs)) {
        return cw_rt_fail(cudaErrorInvalidValue, "the configuration, its attributes or the place for the answer is NULL");
    }
    *request = (struct cw_rt_request){
        .grid = config->gridDim, .block = config->blockDim, .shared = config->dynamicSmemBytes};
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        error = cw_rt_kernel_find(device, func, &request->kernel);
    }
    for (unsigned i = 0; i < config->numAttrs && error == cudaSuccess; i++) {
        error = cw_rt_cluster_read(&config->attrs[i], request);
        error = error == cudaErrorNotSupported ? cudaSuccess : error;
    }
    return error;
}

static uint32_t resident_blocks(const struct cw_rt_request *request) {
    uint64_t threads = (uint64_t)request->block.x * request->block.y * request->block.z;
    return cw_rt_kernel_active_blocks(request->kernel, threads > UINT_MAX ? UINT_MAX : (uint32_t)threads, request->shared);
}

/* What the device's own software says; -1: nothing. */
static int ask_backend(const struct cw_rt_request *request, struct cw_dim3 cluster, bool potential) {
    const struct cw_backend *backend;
    if (cw_rt_backend(&backend) != cudaSuccess || !backend->kernel_clusters || !request->kernel->backend) {
        return -1;
    }
    struct cw_launch launch = {.grid = {request->grid.x, request->grid.y, request->grid.z},
                               .block = {request->block.x, request->block.y, request->block.z},
                               .dynamic_shared = (uint32_t)request->shared,
                               .cluster = cluster};
    return backend->kernel_clusters(request->kernel->backend, &launch, potential);
}

/* The blocks of a cluster lie on processors side by side, or on one. */
static cudaError_t active_clusters(int *clusters, const void *func, const cudaLaunchConfig_t *config) {
    struct cw_rt_request request;
    cudaError_t error = find_request(func, clusters, config, &request);
    if (error != cudaSuccess) {
        return error;
    }
    struct cw_dim3 cluster = cw_rt_cluster_of(&request);
    error = check_size(request.kernel, cluster);
    if (error == cudaSuccess) {
        uint64_t processors = request.kernel->device->facts.processors ? request.kernel->device->facts.processors : 1;
        uint64_t blocks = blocks_of(cluster) ? blocks_of(cluster) : 1;
        uint64_t fit = processors * resident_blocks(&request) / blocks;
        int own = ask_backend(&request, cluster, false);
        *clusters = own >= 0 ? own : fit > INT_MAX ? INT_MAX : (int)fit;
    }
    return error;
}

cudaError_t cudaOccupancyMaxActiveClusters(int *clusters, const void *func, const cudaLaunchConfig_t *config) {
    return cw_rt_record(active_clusters(clusters, func, config));
}

static cudaError_t potential_size(int *size, const void *func, const cudaLaunchConfig_t *config) {
    struct cw_rt_request request;
    cudaError_t error = find_request(func, size, config, &request);
    if (error == cudaSuccess) {
        uint32_t most = most_blocks(request.kernel);
        int own = ask_backend(&request, (struct cw_dim3){0, 0, 0}, true);
        *size = own >= 0 ? own : resident_blocks(&request) == 0 ? 0 : most ? (int)most : 1;
    }
    return error;
}

cudaError_t cudaOccupancyMaxPotentialClusterSize(int *size, const void *func, const cudaLaunchConfig_t *config) {
    return cw_rt_record(potential_size(size, func, config));
}
