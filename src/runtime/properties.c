/* SPDX-License-Identifier: Apache-2.0 */
/*
 * properties.c: what a device says of itself. The CUDA side (capability 8.0, its limits) is fixed; memory, clocks, caches
 * and the number of processors are the backend's facts. Attributes are read out of the properties, by one table.
 */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "cuda/cuda_runtime_api.h"
#include "runtime/device.h"
#include "runtime/thread.h"

static int clamp_int(uint64_t value) {
    return value > 0x7fffffffu ? 0x7fffffff : (int)value;
}

static void fill_compute(const struct cw_device_facts *facts, struct cudaDeviceProp *prop) {
    size_t shared = facts->shared_per_block ? facts->shared_per_block : CW_RT_SHARED_PER_BLOCK;
    int threads = facts->max_threads_per_block ? clamp_int(facts->max_threads_per_block) : CW_RT_MAX_THREADS_PER_BLOCK;
    prop->sharedMemPerBlock = shared < CW_RT_SHARED_PER_BLOCK ? shared : CW_RT_SHARED_PER_BLOCK;
    prop->sharedMemPerBlockOptin = shared < CW_RT_SHARED_PER_BLOCK_OPTIN ? shared : CW_RT_SHARED_PER_BLOCK_OPTIN;
    prop->sharedMemPerMultiprocessor = CW_RT_SHARED_PER_PROCESSOR;
    prop->reservedSharedMemPerBlock = CW_RT_SHARED_RESERVED;
    prop->regsPerBlock = CW_RT_REGISTERS;
    prop->regsPerMultiprocessor = CW_RT_REGISTERS;
    prop->warpSize = CW_RT_WARP_SIZE;
    prop->maxThreadsPerBlock = threads < CW_RT_MAX_THREADS_PER_BLOCK ? threads : CW_RT_MAX_THREADS_PER_BLOCK;
    prop->maxThreadsDim[0] = prop->maxThreadsPerBlock;
    prop->maxThreadsDim[1] = prop->maxThreadsPerBlock;
    prop->maxThreadsDim[2] = CW_RT_MAX_BLOCK_Z;
    prop->maxGridSize[0] = CW_RT_MAX_GRID_X;
    prop->maxGridSize[1] = CW_RT_MAX_GRID_YZ;
    prop->maxGridSize[2] = CW_RT_MAX_GRID_YZ;
    prop->maxThreadsPerMultiProcessor = CW_RT_MAX_THREADS_PER_PROCESSOR;
    prop->maxBlocksPerMultiProcessor = CW_RT_MAX_BLOCKS_PER_PROCESSOR;
    prop->major = CW_RT_CAPABILITY_MAJOR;
    prop->minor = CW_RT_CAPABILITY_MINOR;
    prop->clockRate = clamp_int(facts->clock_khz ? facts->clock_khz : 1000000);
    prop->cooperativeLaunch = 1;
    prop->clusterLaunch = facts->cluster_blocks != 0;
    prop->multiProcessorCount = clamp_int(facts->processors ? facts->processors : 1);
    prop->computeMode = cudaComputeModeDefault;
    prop->concurrentKernels = 1;
    prop->singleToDoublePrecisionPerfRatio = 2;
    prop->computePreemptionSupported = 1;
    prop->streamPrioritiesSupported = 1;
}

static void fill_memory(const struct cw_device_facts *facts, struct cudaDeviceProp *prop) {
    int unified = facts->unified_memory != 0;
    prop->totalGlobalMem = (size_t)facts->total_memory;
    prop->totalConstMem = 65536;
    prop->memPitch = CW_RT_MAX_PITCH;
    prop->textureAlignment = CW_MEMORY_ALIGNMENT;
    prop->texturePitchAlignment = 32;
    prop->surfaceAlignment = 512;
    prop->deviceOverlap = 1;
    prop->asyncEngineCount = 2;
    prop->integrated = unified;
    prop->canMapHostMemory = unified;
    prop->unifiedAddressing = 1;
    prop->managedMemory = unified;
    prop->concurrentManagedAccess = unified;
    prop->directManagedMemAccessFromHost = unified;
    prop->hostNativeAtomicSupported = unified;
    prop->canUseHostPointerForRegisteredMem = unified;
    prop->hostRegisterSupported = unified;
    prop->memoryPoolsSupported = 1;
    prop->memoryClockRate = clamp_int(facts->memory_clock_khz ? facts->memory_clock_khz : 1600000);
    prop->memoryBusWidth = clamp_int(facts->memory_bus_bits ? facts->memory_bus_bits : 128);
    prop->l2CacheSize = clamp_int(facts->cache_bytes);
    prop->globalL1CacheSupported = 1;
    prop->localL1CacheSupported = 1;
}

/* Capability 8.0's limits, as CUDA's programming guide lists them. */
static void fill_textures(struct cudaDeviceProp *prop) {
    static const struct cudaDeviceProp limits = {
        .maxTexture1D = 131072,
        .maxTexture1DMipmap = 32768,
        .maxTexture1DLinear = 268435456,
        .maxTexture2D = {131072, 65536},
        .maxTexture2DMipmap = {32768, 32768},
        .maxTexture2DLinear = {131072, 65000, 2097120},
        .maxTexture2DGather = {32768, 32768},
        .maxTexture3D = {16384, 16384, 16384},
        .maxTexture3DAlt = {8192, 8192, 32768},
        .maxTextureCubemap = 32768,
        .maxTexture1DLayered = {32768, 2048},
        .maxTexture2DLayered = {32768, 32768, 2048},
        .maxTextureCubemapLayered = {32768, 2046},
        .maxSurface1D = 32768,
        .maxSurface2D = {131072, 65536},
        .maxSurface3D = {16384, 16384, 16384},
        .maxSurface1DLayered = {32768, 2048},
        .maxSurface2DLayered = {32768, 32768, 2048},
        .maxSurfaceCubemap = 32768,
        .maxSurfaceCubemapLayered = {32768, 2046},
    };
    size_t begin = offsetof(struct cudaDeviceProp, maxTexture1D);
    size_t end = offsetof(struct cudaDeviceProp, surfaceAlignment);
    memcpy((char *)prop + begin, (const char *)&limits + begin, end - begin);
}

static void fill_from_device(const struct cw_rt_device *device, const struct cw_backend *backend,
                             struct cudaDeviceProp *prop);

/* Domain, bus and device of "0000:17:00.0". */
static void fill_bus(const struct cw_device_facts *facts, int ordinal, struct cudaDeviceProp *prop) {
    unsigned domain, bus, slot;
    prop->pciBusID = ordinal + 1;
    if (sscanf(facts->bus_id, "%x:%x:%x", &domain, &bus, &slot) == 3) {
        prop->pciDomainID = (int)domain;
        prop->pciBusID = (int)bus;
        prop->pciDeviceID = (int)slot;
    }
}

static cudaError_t get_properties(struct cudaDeviceProp *prop, int ordinal) {
    struct cw_rt_device *device;
    const struct cw_backend *backend;
    if (!prop) {
        return cw_rt_fail(cudaErrorInvalidValue, "prop is NULL");
    }
    cudaError_t error = cw_rt_device_at(ordinal, &device);
    if (error == cudaSuccess) {
        error = cw_rt_device_open(device);
    }
    if (error == cudaSuccess) {
        error = cw_rt_backend(&backend);
    }
    if (error != cudaSuccess) {
        return error;
    }
    memset(prop, 0, sizeof *prop);
    snprintf(prop->name, sizeof prop->name, "%s", device->facts.name);
    struct cw_hash hash;
    uint8_t digest[16];
    cw_hash_init(&hash);
    cw_hash_string(&hash, backend->name);
    cw_hash_string(&hash, device->facts.name);
    cw_hash_bytes(&hash, &ordinal, sizeof ordinal);
    cw_hash_finish(&hash, digest);
    static const uint8_t none[sizeof device->facts.uuid];
    bool named = memcmp(device->facts.uuid, none, sizeof none) != 0;
    memcpy(prop->uuid.bytes, named ? device->facts.uuid : digest, sizeof prop->uuid.bytes);
    fill_bus(&device->facts, ordinal, prop);
    fill_textures(prop);
    fill_compute(&device->facts, prop);
    fill_memory(&device->facts, prop);
    if (!device->facts.unified_memory) {
        prop->managedMemory = backend->managed_alloc != NULL;
        prop->canMapHostMemory = device->facts.reads_host_memory != 0;
        prop->hostRegisterSupported = backend->host_register != NULL;
        prop->canUseHostPointerForRegisteredMem = prop->canMapHostMemory && prop->hostRegisterSupported;
    }
    if (device->facts.capability) {
        prop->major = (int)device->facts.capability / 10;
        prop->minor = (int)device->facts.capability % 10;
    }
    fill_from_device(device, backend, prop);
    if (backend->memory_export) {
        prop->memoryPoolSupportedHandleTypes = cudaMemHandleTypePosixFileDescriptor;
        prop->ipcEventSupported = 1;
    }
    return cudaSuccess;
}

cudaError_t cudaGetDeviceProperties(struct cudaDeviceProp *prop, int device) {
    return cw_rt_record(get_properties(prop, device));
}

/* ---- Attributes ---------------------------------------------------------------------------------------------- */

enum source { INT, SIZE, FIXED };

struct attribute {
    enum cudaDeviceAttr name;
    enum source source;
    size_t value; /* offset in the properties, or the value itself */
};

#define P(member) offsetof(struct cudaDeviceProp, member)
#define PI(member, index) (offsetof(struct cudaDeviceProp, member) + (index) * sizeof(int))

static const struct attribute attributes[] = {
    {cudaDevAttrMaxThreadsPerBlock, INT, P(maxThreadsPerBlock)},
    {cudaDevAttrMaxBlockDimX, INT, PI(maxThreadsDim, 0)},
    {cudaDevAttrMaxBlockDimY, INT, PI(maxThreadsDim, 1)},
    {cudaDevAttrMaxBlockDimZ, INT, PI(maxThreadsDim, 2)},
    {cudaDevAttrMaxGridDimX, INT, PI(maxGridSize, 0)},
    {cudaDevAttrMaxGridDimY, INT, PI(maxGridSize, 1)},
    {cudaDevAttrMaxGridDimZ, INT, PI(maxGridSize, 2)},
    {cudaDevAttrMaxSharedMemoryPerBlock, SIZE, P(sharedMemPerBlock)},
    {cudaDevAttrTotalConstantMemory, SIZE, P(totalConstMem)},
    {cudaDevAttrWarpSize, INT, P(warpSize)},
    {cudaDevAttrMaxPitch, SIZE, P(memPitch)},
    {cudaDevAttrMaxRegistersPerBlock, INT, P(regsPerBlock)},
    {cudaDevAttrClockRate, INT, P(clockRate)},
    {cudaDevAttrTextureAlignment, SIZE, P(textureAlignment)},
    {cudaDevAttrGpuOverlap, INT, P(deviceOverlap)},
    {cudaDevAttrMultiProcessorCount, INT, P(multiProcessorCount)},
    {cudaDevAttrKernelExecTimeout, INT, P(kernelExecTimeoutEnabled)},
    {cudaDevAttrIntegrated, INT, P(integrated)},
    {cudaDevAttrCanMapHostMemory, INT, P(canMapHostMemory)},
    {cudaDevAttrComputeMode, INT, P(computeMode)},
    {cudaDevAttrMaxTexture1DWidth, INT, P(maxTexture1D)},
    {cudaDevAttrMaxTexture2DWidth, INT, PI(maxTexture2D, 0)},
    {cudaDevAttrMaxTexture2DHeight, INT, PI(maxTexture2D, 1)},
    {cudaDevAttrMaxTexture3DWidth, INT, PI(maxTexture3D, 0)},
    {cudaDevAttrMaxTexture3DHeight, INT, PI(maxTexture3D, 1)},
    {cudaDevAttrMaxTexture3DDepth, INT, PI(maxTexture3D, 2)},
    {cudaDevAttrMaxTexture2DLayeredWidth, INT, PI(maxTexture2DLayered, 0)},
    {cudaDevAttrMaxTexture2DLayeredHeight, INT, PI(maxTexture2DLayered, 1)},
    {cudaDevAttrMaxTexture2DLayeredLayers, INT, PI(maxTexture2DLayered, 2)},
    {cudaDevAttrSurfaceAlignment, SIZE, P(surfaceAlignment)},
    {cudaDevAttrConcurrentKernels, INT, P(concurrentKernels)},
    {cudaDevAttrEccEnabled, INT, P(ECCEnabled)},
    {cudaDevAttrPciBusId, INT, P(pciBusID)},
    {cudaDevAttrPciDeviceId, INT, P(pciDeviceID)},
    {cudaDevAttrTccDriver, INT, P(tccDriver)},
    {cudaDevAttrMemoryClockRate, INT, P(memoryClockRate)},
    {cudaDevAttrGlobalMemoryBusWidth, INT, P(memoryBusWidth)},
    {cudaDevAttrL2CacheSize, INT, P(l2CacheSize)},
    {cudaDevAttrMaxThreadsPerMultiProcessor, INT, P(maxThreadsPerMultiProcessor)},
    {cudaDevAttrAsyncEngineCount, INT, P(asyncEngineCount)},
    {cudaDevAttrUnifiedAddressing, INT, P(unifiedAddressing)},
    {cudaDevAttrMaxTexture1DLayeredWidth, INT, PI(maxTexture1DLayered, 0)},
    {cudaDevAttrMaxTexture1DLayeredLayers, INT, PI(maxTexture1DLayered, 1)},
    {cudaDevAttrMaxTexture2DGatherWidth, INT, PI(maxTexture2DGather, 0)},
    {cudaDevAttrMaxTexture2DGatherHeight, INT, PI(maxTexture2DGather, 1)},
    {cudaDevAttrMaxTexture3DWidthAlt, INT, PI(maxTexture3DAlt, 0)},
    {cudaDevAttrMaxTexture3DHeightAlt, INT, PI(maxTexture3DAlt, 1)},
    {cudaDevAttrMaxTexture3DDepthAlt, INT, PI(maxTexture3DAlt, 2)},
    {cudaDevAttrPciDomainId, INT, P(pciDomainID)},
    {cudaDevAttrTexturePitchAlignment, SIZE, P(texturePitchAlignment)},
    {cudaDevAttrMaxTextureCubemapWidth, INT, P(maxTextureCubemap)},
    {cudaDevAttrMaxTextureCubemapLayeredWidth, INT, PI(maxTextureCubemapLayered, 0)},
    {cudaDevAttrMaxTextureCubemapLayeredLayers, INT, PI(maxTextureCubemapLayered, 1)},
    {cudaDevAttrMaxSurface1DWidth, INT, P(maxSurface1D)},
    {cudaDevAttrMaxSurface2DWidth, INT, PI(maxSurface2D, 0)},
    {cudaDevAttrMaxSurface2DHeight, INT, PI(maxSurface2D, 1)},
    {cudaDevAttrMaxSurface3DWidth, INT, PI(maxSurface3D, 0)},
    {cudaDevAttrMaxSurface3DHeight, INT, PI(maxSurface3D, 1)},
    {cudaDevAttrMaxSurface3DDepth, INT, PI(maxSurface3D, 2)},
    {cudaDevAttrMaxSurface1DLayeredWidth, INT, PI(maxSurface1DLayered, 0)},
    {cudaDevAttrMaxSurface1DLayeredLayers, INT, PI(maxSurface1DLayered, 1)},
    {cudaDevAttrMaxSurface2DLayeredWidth, INT, PI(maxSurface2DLayered, 0)},
    {cudaDevAttrMaxSurface2DLayeredHeight, INT, PI(maxSurface2DLayered, 1)},
    {cudaDevAttrMaxSurface2DLayeredLayers, INT, PI(maxSurface2DLayered, 2)},
    {cudaDevAttrMaxSurfaceCubemapWidth, INT, P(maxSurfaceCubemap)},
    {cudaDevAttrMaxSurfaceCubemapLayeredWidth, INT, PI(maxSurfaceCubemapLayered, 0)},
    {cudaDevAttrMaxSurfaceCubemapLayeredLayers, INT, PI(maxSurfaceCubemapLayered, 1)},
    {cudaDevAttrMaxTexture1DLinearWidth, INT, P(maxTexture1DLinear)},
    {cudaDevAttrMaxTexture2DLinearWidth, INT, PI(maxTexture2DLinear, 0)},
    {cudaDevAttrMaxTexture2DLinearHeight, INT, PI(maxTexture2DLinear, 1)},
    {cudaDevAttrMaxTexture2DLinearPitch, INT, PI(maxTexture2DLinear, 2)},
    {cudaDevAttrMaxTexture2DMipmappedWidth, INT, PI(maxTexture2DMipmap, 0)},
    {cudaDevAttrMaxTexture2DMipmappedHeight, INT, PI(maxTexture2DMipmap, 1)},
    {cudaDevAttrComputeCapabilityMajor, INT, P(major)},
    {cudaDevAttrComputeCapabilityMinor, INT, P(minor)},
    {cudaDevAttrMaxTexture1DMipmappedWidth, INT, P(maxTexture1DMipmap)},
    {cudaDevAttrStreamPrioritiesSupported, INT, P(streamPrioritiesSupported)},
    {cudaDevAttrGlobalL1CacheSupported, INT, P(globalL1CacheSupported)},
    {cudaDevAttrLocalL1CacheSupported, INT, P(localL1CacheSupported)},
    {cudaDevAttrMaxSharedMemoryPerMultiprocessor, SIZE, P(sharedMemPerMultiprocessor)},
    {cudaDevAttrMaxRegistersPerMultiprocessor, INT, P(regsPerMultiprocessor)},
    {cudaDevAttrManagedMemory, INT, P(managedMemory)},
    {cudaDevAttrIsMultiGpuBoard, INT, P(isMultiGpuBoard)},
    {cudaDevAttrMultiGpuBoardGroupID, INT, P(multiGpuBoardGroupID)},
    {cudaDevAttrHostNativeAtomicSupported, INT, P(hostNativeAtomicSupported)},
    {cudaDevAttrSingleToDoublePrecisionPerfRatio, INT, P(singleToDoublePrecisionPerfRatio)},
    {cudaDevAttrPageableMemoryAccess, INT, P(pageableMemoryAccess)},
    {cudaDevAttrConcurrentManagedAccess, INT, P(concurrentManagedAccess)},
    {cudaDevAttrComputePreemptionSupported, INT, P(computePreemptionSupported)},
    {cudaDevAttrCanUseHostPointerForRegisteredMem, INT, P(canUseHostPointerForRegisteredMem)},
    {cudaDevAttrReserved92, FIXED, 0},
    {cudaDevAttrReserved93, FIXED, 0},
    {cudaDevAttrReserved94, FIXED, 0},
    {cudaDevAttrCooperativeLaunch, INT, P(cooperativeLaunch)},
    {cudaDevAttrCooperativeMultiDeviceLaunch, INT, P(cooperativeMultiDeviceLaunch)},
    {cudaDevAttrMaxSharedMemoryPerBlockOptin, SIZE, P(sharedMemPerBlockOptin)},
    {cudaDevAttrCanFlushRemoteWrites, FIXED, 0},
    {cudaDevAttrHostRegisterSupported, INT, P(hostRegisterSupported)},
    {cudaDevAttrPageableMemoryAccessUsesHostPageTables, INT, P(pageableMemoryAccessUsesHostPageTables)},
    {cudaDevAttrDirectManagedMemAccessFromHost, INT, P(directManagedMemAccessFromHost)},
    {cudaDevAttrMaxBlocksPerMultiprocessor, INT, P(maxBlocksPerMultiProcessor)},
    {cudaDevAttrMaxPersistingL2CacheSize, INT, P(persistingL2CacheMaxSize)},
    {cudaDevAttrMaxAccessPolicyWindowSize, INT, P(accessPolicyMaxWindowSize)},
    {cudaDevAttrReservedSharedMemoryPerBlock, SIZE, P(reservedSharedMemPerBlock)},
    {cudaDevAttrSparseCudaArraySupported, INT, P(sparseCudaArraySupported)},
    {cudaDevAttrHostRegisterReadOnlySupported, INT, P(hostRegisterReadOnlySupported)},
    {cudaDevAttrTimelineSemaphoreInteropSupported, INT, P(timelineSemaphoreInteropSupported)},
    {cudaDevAttrMemoryPoolsSupported, INT, P(memoryPoolsSupported)},
    {cudaDevAttrGPUDirectRDMASupported, INT, P(gpuDirectRDMASupported)},
    {cudaDevAttrGPUDirectRDMAFlushWritesOptions, INT, P(gpuDirectRDMAFlushWritesOptions)},
    {cudaDevAttrGPUDirectRDMAWritesOrdering, INT, P(gpuDirectRDMAWritesOrdering)},
    {cudaDevAttrMemoryPoolSupportedHandleTypes, INT, P(memoryPoolSupportedHandleTypes)},
    {cudaDevAttrClusterLaunch, INT, P(clusterLaunch)},
    {cudaDevAttrDeferredMappingCudaArraySupported, INT, P(deferredMappingCudaArraySupported)},
    {cudaDevAttrReserved122, FIXED, 0},
    {cudaDevAttrReserved123, FIXED, 0},
    {cudaDevAttrReserved124, FIXED, 0},
    {cudaDevAttrIpcEventSupport, INT, P(ipcEventSupported)},
    {cudaDevAttrMemSyncDomainCount, FIXED, 1},
    {cudaDevAttrReserved127, FIXED, 0},
    {cudaDevAttrReserved128, FIXED, 0},
    {cudaDevAttrReserved129, FIXED, 0},
    {cudaDevAttrNumaConfig, FIXED, 0},
    {cudaDevAttrNumaId, FIXED, (size_t)-1},
    {cudaDevAttrReserved132, FIXED, 0},
    {cudaDevAttrMpsEnabled, FIXED, 0},
    {cudaDevAttrHostNumaId, FIXED, 0},
    {cudaDevAttrD3D12CigSupported, FIXED, 0},
    {cudaDevAttrVulkanCigSupported, FIXED, 0},
    {cudaDevAttrGpuPciDeviceId, FIXED, 0},
    {cudaDevAttrGpuPciSubsystemId, FIXED, 0},
    {cudaDevAttrReserved141, FIXED, 0},
    {cudaDevAttrHostNumaMemoryPoolsSupported, FIXED, 0},
    {cudaDevAttrHostNumaMultinodeIpcSupported, FIXED, 0},
};

/* What the device says itself counts. */
static void fill_from_device(const struct cw_rt_device *device, const struct cw_backend *backend,
                             struct cudaDeviceProp *prop) {
    for (size_t i = 0; backend->device_attribute && i < sizeof attributes / sizeof attributes[0]; i++) {
        const struct attribute *row = &attributes[i];
        int value;
        if (row->source == FIXED ||
            backend->device_attribute(device->backend, (uint32_t)row->name, &value) != CW_OK) {
            continue;
        }
        if (row->source == INT) {
            memcpy((char *)prop + row->value, &value, sizeof value);
        } else {
            size_t wide = (size_t)value;
            memcpy((char *)prop + row->value, &wide, sizeof wide);
        }
    }
}

cudaError_t cw_rt_device_attribute(int *value, enum cudaDeviceAttr name, int ordinal) {
    struct cudaDeviceProp prop;
    if (!value) {
        return cw_rt_fail(cudaErrorInvalidValue, "value is NULL");
    }
    cudaError_t error = get_properties(&prop, ordinal);
    if (error != cudaSuccess) {
        return error;
    }
    for (size_t i = 0; i < sizeof attributes / sizeof attributes[0]; i++) {
        const struct attribute *attribute = &attributes[i];
        if (attribute->name != name) {
            continue;
        }
        const char *at = (const char *)&prop + (attribute->source == FIXED ? 0 : attribute->value);
        if (attribute->source == FIXED) {
            *value = (int)attribute->value;
        } else if (attribute->source == INT) {
            *value = *(const int *)(const void *)at;
        } else {
            *value = clamp_int(*(const size_t *)(const void *)at);
        }
        return cudaSuccess;
    }
    return cw_rt_fail(cudaErrorInvalidValue, "there is no device attribute %d", (int)name);
}

cudaError_t cudaDeviceGetAttribute(int *value, enum cudaDeviceAttr attribute, int device) {
    return cw_rt_record(cw_rt_device_attribute(value, attribute, device));
}
