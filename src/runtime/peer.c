/* SPDX-License-Identifier: Apache-2.0 */
/*
 * peer.c: devices that reach into each other's memory (CUDA C++ Programming Guide, "Peer-to-Peer Memory Access"). Those that
 * share the host's memory do, and cannot be kept from it: access that was not enabled works all the same. Others do where their
 * driver can map it. What was enabled is kept, for the errors of enabling twice and disabling what is not.
 */
#include "cuda/cuda_runtime_api.h"
#include "runtime/device.h"
#include "runtime/thread.h"

static cudaError_t find_pair(int first, int second, struct cw_rt_device *pair[2]) {
    cudaError_t error = cw_rt_device_at(first, &pair[0]);
    return error != cudaSuccess ? error : cw_rt_device_at(second, &pair[1]);
}

/* Opens both devices: only then is known what memory they have. */
static cudaError_t reaches(struct cw_rt_device *pair[2], bool *can) {
    cudaError_t error = cw_rt_device_open(pair[0]);
    if (error == cudaSuccess) {
        error = cw_rt_device_open(pair[1]);
    }
    *can = false;
    if (error == cudaSuccess && pair[0] != pair[1]) {
        const struct cw_backend *backend = NULL;
        error = cw_rt_backend(&backend);
        *can = error == cudaSuccess && (backend->peer_can ? backend->peer_can(pair[0]->backend, pair[1]->backend)
                                                          : pair[0]->facts.unified_memory && pair[1]->facts.unified_memory);
    }
    return error;
}

static cudaError_t can_access(int *result, int first, int second) {
    struct cw_rt_device *pair[2];
    bool can = false;
    if (!result) {
        return cw_rt_fail(cudaErrorInvalidValue, "canAccessPeer is NULL");
    }
    cudaError_t error = find_pair(first, second, pair);
    if (error == cudaSuccess) {
        error = reaches(pair, &can);
    }
    *result = can;
    return error;
}

cudaError_t cudaDeviceCanAccessPeer(int *can, int device, int peer) {
    return cw_rt_record(can_access(can, device, peer));
}

/* The current device and a peer of it. */
static cudaError_t find_peer(int peer, struct cw_rt_device *pair[2]) {
    cudaError_t error = cw_rt_device_current(&pair[0]);
    if (error == cudaSuccess) {
        error = cw_rt_device_at(peer, &pair[1]);
    }
    if (error == cudaSuccess && pair[0] == pair[1]) {
        error = cw_rt_fail(cudaErrorInvalidDevice, "device %d is no peer of itself", peer);
    }
    return error;
}

static cudaError_t enable(int peer, unsigned flags) {
    struct cw_rt_device *pair[2];
    bool can = false;
    if (flags != 0) {
        return cw_rt_fail(cudaErrorInvalidValue, "unknown flags 0x%x", flags);
    }
    cudaError_t error = find_peer(peer, pair);
    if (error == cudaSuccess) {
        error = reaches(pair, &can);
    }
    if (error != cudaSuccess) {
        return error;
    }
    if (!can) {
        return cw_rt_fail(cudaErrorPeerAccessUnsupported, "device %d can't reach device %d", pair[0]->ordinal, peer);
    }
    if (atomic_fetch_or_explicit(&pair[0]->peers, 1u << peer, memory_order_relaxed) & 1u << peer) {
        return cw_rt_fail(cudaErrorPeerAccessAlreadyEnabled, "access from device %d to device %d is enabled already",
                          pair[0]->ordinal, peer);
    }
    const struct cw_backend *backend = NULL;
    error = cw_rt_backend(&backend);
    if (error == cudaSuccess && backend->peer_enable &&
        backend->peer_enable(pair[0]->backend, pair[1]->backend) != CW_OK) {
        atomic_fetch_and_explicit(&pair[0]->peers, ~(1u << peer), memory_order_relaxed);
        error = cw_rt_fail(cudaErrorPeerAccessUnsupported, "the driver does not let device %d reach device %d",
                           pair[0]->ordinal, peer);
    }
    return error;
}

cudaError_t cudaDeviceEnablePeerAccess(int peer, unsigned flags) {
    return cw_rt_record(enable(peer, flags));
}

static cudaError_t disable(int peer) {
    struct cw_rt_device *pair[2];
    cudaError_t error = find_peer(peer, pair);
    if (error == cudaSuccess &&
        !(atomic_fetch_and_explicit(&pair[0]->peers, ~(1u << peer), memory_order_relaxed) & 1u << peer)) {
        error = cw_rt_fail(cudaErrorPeerAccessNotEnabled, "access from device %d to device %d was not enabled",
                           pair[0]->ordinal, peer);
    }
    const struct cw_backend *backend = NULL;
    if (error == cudaSuccess) {
        error = cw_rt_backend(&backend);
    }
    if (error == cudaSuccess && backend->peer_disable) {
        backend->peer_disable(pair[0]->backend, pair[1]->backend);
    }
    return error;
}

cudaError_t cudaDeviceDisablePeerAccess(int peer) {
    return cw_rt_record(disable(peer));
}

static cudaError_t p2p_attribute(int *value, enum cudaDeviceP2PAttr attribute, int first, int second) {
    struct cw_rt_device *pair[2];
    bool can = false;
    if (!value || attribute < cudaDevP2PAttrPerformanceRank || attribute > cudaDevP2PAttrCudaArrayAccessSupported) {
        return cw_rt_fail(cudaErrorInvalidValue, "there is no attribute %d", (int)attribute);
    }
    cudaError_t error = find_pair(first, second, pair);
    if (error == cudaSuccess && pair[0] == pair[1]) {
        error = cw_rt_fail(cudaErrorInvalidDevice, "device %d is no peer of itself", first);
    }
    if (error == cudaSuccess) {
        error = reaches(pair, &can);
    }
    if (error == cudaSuccess) {
        *value = attribute == cudaDevP2PAttrPerformanceRank ? 0 : can;
    }
    return error;
}

cudaError_t cudaDeviceGetP2PAttribute(int *value, enum cudaDeviceP2PAttr attribute, int source, int destination) {
    return cw_rt_record(p2p_attribute(value, attribute, source, destination));
}
