/* SPDX-License-Identifier: Apache-2.0 */
/* device.c: the driver API's devices. Attributes have the numbers of the runtime API's; those that only the driver API has
 * are here. */
#include <stdio.h>
#include <string.h>

#include "runtime/driver/driver.h"

static cudaError_t get(CUdevice *place, int ordinal) {
    struct cw_rt_device *device;
    cudaError_t error = cw_driver_place(place, "device");
    if (error == cudaSuccess) {
        error = cw_rt_device_at(ordinal, &device);
    }
    if (error == cudaSuccess) {
        *place = ordinal;
    }
    return error;
}

CUresult cuDeviceGet(CUdevice *device, int ordinal) {
    return CW_DRIVER_PLAIN(get(device, ordinal));
}

CUresult cuDeviceGetCount(int *count) {
    return CW_DRIVER_PLAIN(cudaGetDeviceCount(count));
}

/* ---- Properties -------------------------------------------------------------------------------------------------- */

static cudaError_t properties(struct cudaDeviceProp *prop, CUdevice device, const void *place) {
    cudaError_t error = cw_driver_place(place, "answer");
    return error != cudaSuccess ? error : cudaGetDeviceProperties(prop, device);
}

static cudaError_t get_name(char *name, int size, CUdevice device) {
    struct cudaDeviceProp prop;
    if (size <= 0) {
        return cw_rt_fail(cudaErrorInvalidValue, "room for %d bytes of a name", size);
    }
    cudaError_t error = properties(&prop, device, name);
    if (error == cudaSuccess) {
        snprintf(name, (size_t)size, "%s", prop.name);
    }
    return error;
}

CUresult cuDeviceGetName(char *name, int size, CUdevice device) {
    return CW_DRIVER_PLAIN(get_name(name, size, device));
}

static cudaError_t get_uuid(CUuuid *uuid, CUdevice device) {
    struct cudaDeviceProp prop;
    cudaError_t error = properties(&prop, device, uuid);
    if (error == cudaSuccess) {
        *uuid = prop.uuid;
    }
    return error;
}

CUresult cuDeviceGetUuid(CUuuid *uuid, CUdevice device) {
    return CW_DRIVER_PLAIN(get_uuid(uuid, device));
}

/* The same by its name before CUDA 11.4. */
CW_CUDA_API CUresult cuDeviceGetUuid_v1(CUuuid *uuid, CUdevice device) __asm__("cuDeviceGetUuid");
CUresult cuDeviceGetUuid_v1(CUuuid *uuid, CUdevice device) {
    return cuDeviceGetUuid(uuid, device);
}

static cudaError_t get_luid(char *luid, unsigned *mask, CUdevice device) {
    struct cw_rt_device *found;
    cudaError_t error = luid && mask ? cw_rt_device_at(device, &found) : cw_driver_place(NULL, "LUID");
    return error != cudaSuccess ? error
                                : cw_rt_fail(cudaErrorNotSupported, "LUIDs are Windows' names of display adapters");
}

CUresult cuDeviceGetLuid(char *luid, unsigned *mask, CUdevice device) {
    return CW_DRIVER_PLAIN(get_luid(luid, mask, device));
}

static cudaError_t total_memory(size_t *bytes, CUdevice device) {
    struct cudaDeviceProp prop;
    cudaError_t error = properties(&prop, device, bytes);
    if (error == cudaSuccess) {
        *bytes = prop.totalGlobalMem;
    }
    return error;
}

CUresult cuDeviceTotalMem(size_t *bytes, CUdevice device) {
    return CW_DRIVER_PLAIN(total_memory(bytes, device));
}

static cudaError_t old_properties(CUdevprop *old, CUdevice device) {
    struct cudaDeviceProp prop;
    cudaError_t error = properties(&prop, device, old);
    if (error != cudaSuccess) {
        return error;
    }
    old->maxThreadsPerBlock = prop.maxThreadsPerBlock;
    memcpy(old->maxThreadsDim, prop.maxThreadsDim, sizeof old->maxThreadsDim);
    memcpy(old->maxGridSize, prop.maxGridSize, sizeof old->maxGridSize);
    old->sharedMemPerBlock = (int)prop.sharedMemPerBlock;
    old->totalConstantMemory = (int)prop.totalConstMem;
    old->SIMDWidth = prop.warpSize;
    old->memPitch = (int)prop.memPitch;
    old->regsPerBlock = prop.regsPerBlock;
    old->clockRate = prop.clockRate;
    old->textureAlign = (int)prop.textureAlignment;
    return cudaSuccess;
}

CUresult cuDeviceGetProperties(CUdevprop *prop, CUdevice device) {
    return CW_DRIVER_PLAIN(old_properties(prop, device));
}

/* ---- Attributes -------------------------------------------------------------------------------------------------- */

/* What the runtime API has no attribute for. `pages`: the device has virtual memory management. */
static bool own_attribute(CUdevice_attribute attribute, bool pages, int *value) {
    switch ((int)attribute) {
    case CU_DEVICE_ATTRIBUTE_CAN_USE_STREAM_MEM_OPS_V1:
    case CU_DEVICE_ATTRIBUTE_CAN_USE_64_BIT_STREAM_MEM_OPS_V1:
    case CU_DEVICE_ATTRIBUTE_CAN_USE_STREAM_WAIT_VALUE_NOR_V1:
    case CU_DEVICE_ATTRIBUTE_CAN_USE_64_BIT_STREAM_MEM_OPS:
    case CU_DEVICE_ATTRIBUTE_CAN_USE_STREAM_WAIT_VALUE_NOR:
        *value = 1;
        return true;
    case CU_DEVICE_ATTRIBUTE_VIRTUAL_MEMORY_MANAGEMENT_SUPPORTED:
    case CU_DEVICE_ATTRIBUTE_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR_SUPPORTED:
        *value = pages;
        return true;
    case CU_DEVICE_ATTRIBUTE_CAN_TEX2D_GATHER:
        *value = 1;
        return true;
    case CU_DEVICE_ATTRIBUTE_HANDLE_TYPE_WIN32_HANDLE_SUPPORTED:
    case CU_DEVICE_ATTRIBUTE_HANDLE_TYPE_WIN32_KMT_HANDLE_SUPPORTED:
    case CU_DEVICE_ATTRIBUTE_GENERIC_COMPRESSION_SUPPORTED:
    case CU_DEVICE_ATTRIBUTE_GPU_DIRECT_RDMA_WITH_CUDA_VMM_SUPPORTED:
    case CU_DEVICE_ATTRIBUTE_DMA_BUF_SUPPORTED:
    case CU_DEVICE_ATTRIBUTE_TENSOR_MAP_ACCESS_SUPPORTED:
    case CU_DEVICE_ATTRIBUTE_HANDLE_TYPE_FABRIC_SUPPORTED:
    case CU_DEVICE_ATTRIBUTE_UNIFIED_FUNCTION_POINTERS:
    case CU_DEVICE_ATTRIBUTE_MULTICAST_SUPPORTED:
    case CU_DEVICE_ATTRIBUTE_MEM_DECOMPRESS_ALGORITHM_MASK:
    case CU_DEVICE_ATTRIBUTE_MEM_DECOMPRESS_MAXIMUM_LENGTH:
    case CU_DEVICE_ATTRIBUTE_HOST_NUMA_VIRTUAL_MEMORY_MANAGEMENT_SUPPORTED:
        *value = 0;
        return true;
    default:
        return false;
    }
}

static cudaError_t get_attribute(int *value, CUdevice_attribute attribute, CUdevice ordinal) {
    struct cw_rt_device *device;
    const struct cw_backend *backend;
    cudaError_t error = cw_driver_place(value, "value");
    if (error == cudaSuccess) {
        error = cw_rt_backend(&backend);
    }
    if (error == cudaSuccess) {
        error = cw_rt_device_at(ordinal, &device);
    }
    if (error == cudaSuccess) {
        error = cw_rt_device_open(device);
    }
    if (error != cudaSuccess || own_attribute(attribute, backend->pages_create != NULL, value)) {
        return error;
    }
    return cudaDeviceGetAttribute(value, (enum cudaDeviceAttr)attribute, ordinal);
}

CUresult cuDeviceGetAttribute(int *value, CUdevice_attribute attribute, CUdevice device) {
    return CW_DRIVER_PLAIN(get_attribute(value, attribute, device));
}

static cudaError_t compute_capability(int *major, int *minor, CUdevice device) {
    cudaError_t error = get_attribute(major, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, device);
    return error != cudaSuccess ? error : get_attribute(minor, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR, device);
}

CUresult cuDeviceComputeCapability(int *major, int *minor, CUdevice device) {
    return CW_DRIVER_PLAIN(compute_capability(major, minor, device));
}

static cudaError_t exec_affinity(int *supported, CUexecAffinityType type, CUdevice ordinal) {
    struct cw_rt_device *device;
    cudaError_t error = cw_driver_place(supported, "answer");
    if (error == cudaSuccess && type != CU_EXEC_AFFINITY_TYPE_SM_COUNT) {
        error = cw_rt_fail(cudaErrorInvalidValue, "there is no type %d of execution affinity", (int)type);
    }
    if (error == cudaSuccess) {
        error = cw_rt_device_at(ordinal, &device);
    }
    if (error == cudaSuccess) {
        error = cw_rt_device_open(device);
    }
    if (error == cudaSuccess) {
        *supported = device->facts.partitions != 0;
    }
    return error;
}

CUresult cuDeviceGetExecAffinitySupport(int *supported, CUexecAffinityType type, CUdevice device) {
    return CW_DRIVER_PLAIN(exec_affinity(supported, type, device));
}

static cudaError_t linear_width(size_t *width, CUarray_format format, unsigned channels, CUdevice device) {
    int most = 0;
    (void)format; /* the limit counts elements, whatever their size */
    cudaError_t error = cw_driver_place(width, "width");
    if (error == cudaSuccess && channels != 1 && channels != 2 && channels != 4) {
        error = cw_rt_fail(cudaErrorInvalidValue, "elements of %u channels", channels);
    }
    if (error == cudaSuccess) {
        error = cudaDeviceGetAttribute(&most, cudaDevAttrMaxTexture1DLinearWidth, device);
    }
    if (error == cudaSuccess) {
        *width = (size_t)most;
    }
    return error;
}

CUresult cuDeviceGetTexture1DLinearMaxWidth(size_t *width, CUarray_format format, unsigned channels, CUdevice device) {
    return CW_DRIVER_PLAIN(linear_width(width, format, channels, device));
}

/* ---- Names and peers --------------------------------------------------------------------------------------------- */

CUresult cuDeviceGetByPCIBusId(CUdevice *device, const char *id) {
    return CW_DRIVER_PLAIN(cudaDeviceGetByPCIBusId(device, id));
}

CUresult cuDeviceGetPCIBusId(char *id, int size, CUdevice device) {
    return CW_DRIVER_PLAIN(cudaDeviceGetPCIBusId(id, size, device));
}

CUresult cuDeviceCanAccessPeer(int *can, CUdevice device, CUdevice peer) {
    return CW_DRIVER_PLAIN(cudaDeviceCanAccessPeer(can, device, peer));
}

CUresult cuDeviceGetP2PAttribute(int *value, CUdevice_P2PAttribute attribute, CUdevice source, CUdevice destination) {
    return CW_DRIVER_PLAIN(cudaDeviceGetP2PAttribute(value, (enum cudaDeviceP2PAttr)attribute, source, destination));
}
