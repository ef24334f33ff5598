/* SPDX-License-Identifier: Apache-2.0 */
/*
 * array.c: CUDA arrays and mipmapped arrays as storage: allocating and asking. Shapes and their limits are those of
 * cudaMalloc3DArray's table in the CUDA Runtime API. The copies are in array_copy.c.
 */
#include "runtime/array.h"

#include <pthread.h>

#include "cuda/cuda_runtime_api.h"
#include "runtime/device.h"
#include "runtime/memory.h"
#include "runtime/slots.h"
#include "runtime/stream.h"
#include "runtime/thread.h"

#define LEVEL_ALIGNMENT ((size_t)CW_MEMORY_ALIGNMENT)
#define KNOWN_FLAGS (cudaArrayLayered | cudaArraySurfaceLoadStore | cudaArrayCubemap | cudaArrayTextureGather)

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct cw_rt_slots arrays = {.slot_size = sizeof(struct cudaArray)};
static struct cw_rt_slots mipmaps = {.slot_size = sizeof(struct cudaMipmappedArray)};

cudaError_t cw_rt_array_check(cudaArray_const_t array) {
    pthread_mutex_lock(&lock);
    bool live = array && cw_rt_slots_owns(&arrays, array) && array->live;
    pthread_mutex_unlock(&lock);
    return live ? cudaSuccess : cw_rt_fail(cudaErrorInvalidResourceHandle, "the array was freed or never was one");
}

cudaError_t cw_rt_mipmap_check(cudaMipmappedArray_const_t mipmap) {
    pthread_mutex_lock(&lock);
    bool live = mipmap && cw_rt_slots_owns(&mipmaps, mipmap) && mipmap->live;
    pthread_mutex_unlock(&lock);
    return live ? cudaSuccess
                : cw_rt_fail(cudaErrorInvalidResourceHandle, "the mipmapped array was freed or never was one");
}

/* ---- Shapes -------------------------------------------------------------------------------------------------- */

static cudaError_t limit(size_t have, int most, const char *what) {
    return have <= (size_t)most
               ? cudaSuccess
               : cw_rt_fail(cudaErrorInvalidValue, "the array's %s of %zu exceeds the device's %d", what, have, most);
}

/* The limits of an array with these flags and dimensions: the texture's, and the surface's when it is one. */
static cudaError_t check_limits(const struct cudaExtent *extent, unsigned flags, bool mipmapped, int device) {
    struct cudaDeviceProp p;
    cudaError_t error = cudaGetDeviceProperties(&p, device);
    if (error != cudaSuccess) {
        return error;
    }
    bool layered = flags & cudaArrayLayered, cube = flags & cudaArrayCubemap,
         surface = flags & cudaArraySurfaceLoadStore;
    int width, height = 0, depth = 0;
    if (cube) {
        width = layered ? p.maxTextureCubemapLayered[0] : p.maxTextureCubemap;
        width = surface ? (layered ? p.maxSurfaceCubemapLayered[0] : p.maxSurfaceCubemap) : width;
        height = width;
        depth = layered ? (surface ? p.maxSurfaceCubemapLayered[1] : p.maxTextureCubemapLayered[1]) : 6;
    } else if (layered && extent->height == 0) {
        width = surface ? p.maxSurface1DLayered[0] : p.maxTexture1DLayered[0];
        depth = surface ? p.maxSurface1DLayered[1] : p.maxTexture1DLayered[1];
    } else if (layered) {
        const int *most = surface ? p.maxSurface2DLayered : p.maxTexture2DLayered;
        width = most[0], height = most[1], depth = most[2];
    } else if (extent->height == 0) {
        width = surface ? p.maxSurface1D : mipmapped ? p.maxTexture1DMipmap : p.maxTexture1D;
    } else if (extent->depth == 0) {
        const int *most = surface ? p.maxSurface2D : mipmapped ? p.maxTexture2DMipmap : p.maxTexture2D;
        most = flags & cudaArrayTextureGather ? p.maxTexture2DGather : most;
        width = most[0], height = most[1];
    } else {
        const int *most = surface ? p.maxSurface3D : p.maxTexture3D;
        const int *other = surface ? most : p.maxTexture3DAlt;
        bool fits = extent->width <= (size_t)other[0] && extent->height <= (size_t)other[1] &&
                    extent->depth <= (size_t)other[2];
        most = fits ? other : most;
        width = most[0], height = most[1], depth = most[2];
    }
    error = limit(extent->width, width, "width");
    error = error != cudaSuccess ? error : limit(extent->height, height, "height");
    return error != cudaSuccess ? error : limit(extent->depth, depth, "depth or number of layers");
}

static cudaError_t check_shape(const struct cudaExtent *extent, unsigned flags) {
    bool layered = flags & cudaArrayLayered, cube = flags & cudaArrayCubemap;
    if (flags & ~(unsigned)KNOWN_FLAGS) {
        return cw_rt_fail(
            cudaErrorNotSupported,
            "arrays with flags 0x%x: sparse arrays, deferred mapping and colour attachments are not there", flags);
    }
    if (extent->width == 0) {
        return cw_rt_fail(cudaErrorInvalidValue, "an array has a width");
    }
    if (layered && extent->depth == 0) {
        return cw_rt_fail(cudaErrorInvalidValue, "a layered array has its number of layers as depth, and it is 0");
    }
    if (cube && (extent->width != extent->height || (layered ? extent->depth % 6 != 0 : extent->depth != 6))) {
        return cw_rt_fail(cudaErrorInvalidValue, "a cubemap of %zu x %zu x %zu: its faces are square and six a layer",
                          extent->width, extent->height, extent->depth);
    }
    if (!layered && !cube && extent->height == 0 && extent->depth != 0) {
        return cw_rt_fail(cudaErrorInvalidValue, "an array without height has depth only when it is layered");
    }
    if ((flags & cudaArrayTextureGather) && (extent->height == 0 || extent->depth != 0)) {
        return cw_rt_fail(cudaErrorInvalidValue, "gathering is for two-dimensional arrays");
    }
    return cudaSuccess;
}

/* Bytes of a level of `extent`; false when there are too many. */
static bool level_bytes(const struct cudaExtent *extent, size_t element, size_t *bytes) {
    size_t rows = extent->height ? extent->height : 1, slices = extent->depth ? extent->depth : 1;
    return cw_rt_memory_product(extent->width, rows, slices, bytes) && !__builtin_mul_overflow(*bytes, element, bytes);
}

/* What the two kinds of arrays check alike. */
static cudaError_t check_request(const struct cudaChannelFormatDesc *desc, const struct cudaExtent *extent,
                                 unsigned flags, bool mipmapped, struct cw_rt_device **device,
                                 struct cw_rt_format *format) {
    cudaError_t error = cw_rt_device_current(device);
    if (error == cudaSuccess) {
        error = cw_rt_format_of(desc, format);
    }
    if (error == cudaSuccess) {
        error = check_shape(extent, flags);
    }
    return error != cudaSuccess ? error : check_limits(extent, flags, mipmapped, (*device)->ordinal);
}

/* ---- Allocating ---------------------------------------------------------------------------------------------- */

static void release_memory(struct cw_rt_device *device, void *base) {
    struct cw_rt_range range;
    const struct cw_backend *backend;
    if (cw_rt_backend(&backend) == cudaSuccess &&
        cw_rt_allocations_remove(&device->allocations, base, 1u << CW_RT_MEMORY_ARRAY, &range)) {
        cw_rt_memory_release(device, backend, &range);
    }
}

/* With the lock held. NULL when out of memory. */
static struct cudaArray *take_array(struct cw_rt_device *device, const struct cudaChannelFormatDesc *desc,
                                    const struct cw_rt_format *format, struct cudaExtent extent, unsigned flags,
                                    void *base) {
    struct cudaArray *array = cw_rt_slots_take(&arrays);
    if (array) {
        *array = (struct cudaArray){.live = true,
                                    .device = device,
                                    .desc = *desc,
                                    .extent = extent,
                                    .flags = flags,
                                    .format = *format,
                                    .rows = extent.height ? extent.height : 1,
                                    .slices = extent.depth ? extent.depth : 1,
                                    .base = base};
    }
    return array;
}

static cudaError_t malloc_array(cudaArray_t *result, const struct cudaChannelFormatDesc *desc, struct cudaExtent extent,
                                unsigned flags) {
    struct cw_rt_device *device = NULL;
    struct cw_rt_format format = {0};
    size_t bytes;
    void *base;
    if (!result || !desc) {
        return cw_rt_fail(cudaErrorInvalidValue, "an array needs a place for its handle, and a format");
    }
    cudaError_t error = check_request(desc, &extent, flags, false, &device, &format);
    if (error == cudaSuccess && !level_bytes(&extent, format.bytes, &bytes)) {
        error = cw_rt_fail(cudaErrorMemoryAllocation, "%zu x %zu x %zu elements", extent.width, extent.height,
                           extent.depth);
    }
    if (error == cudaSuccess) {
        error = cw_rt_memory_alloc(device, bytes, CW_RT_MEMORY_ARRAY, 0, &base);
    }
    if (error != cudaSuccess) {
        return error;
    }
    pthread_mutex_lock(&lock);
    struct cudaArray *array = take_array(device, desc, &format, extent, flags, base);
    pthread_mutex_unlock(&lock);
    if (!array) {
        release_memory(device, base);
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory for another array");
    }
    *result = array;
    return cudaSuccess;
}

cudaError_t cudaMallocArray(cudaArray_t *array, const struct cudaChannelFormatDesc *desc, size_t width, size_t height,
                            unsigned flags) {
    return cw_rt_record(malloc_array(array, desc, (struct cudaExtent){width, height, 0}, flags));
}

cudaError_t cudaMalloc3DArray(cudaArray_t *array, const struct cudaChannelFormatDesc *desc, struct cudaExtent extent,
                              unsigned flags) {
    return cw_rt_record(malloc_array(array, desc, extent, flags));
}

static cudaError_t free_array(cudaArray_t array) {
    struct cw_rt_device *device;
    cudaError_t error = cw_rt_device_current(&device);
    if (error != cudaSuccess || !array) {
        return error;
    }
    error = cw_rt_array_check(array);
    if (error == cudaSuccess && array->owner) {
        error = cw_rt_fail(cudaErrorInvalidValue, "the array is a level of a mipmapped array and is freed with that");
    }
    if (error != cudaSuccess) {
        return error;
    }
    cw_rt_device_synchronize(array->device);
    pthread_mutex_lock(&lock);
    bool live = array->live;
    array->live = false;
    if (live) {
        cw_rt_slots_give(&arrays, array);
    }
    device = array->device;
    void *base = array->base;
    pthread_mutex_unlock(&lock);
    if (live) {
        release_memory(device, base);
    }
    return cudaSuccess;
}

cudaError_t cudaFreeArray(cudaArray_t array) {
    return cw_rt_record(free_array(array));
}

/* ---- Mipmapped arrays ---------------------------------------------------------------------------------------- */

static size_t halved(size_t size, unsigned level) {
    return size == 0 ? 0 : size >> level ? size >> level : 1;
}

/* Layers and faces stay as many as they are. */
static struct cudaExtent level_extent(const struct cudaExtent *extent, unsigned flags, unsigned level) {
    bool stacked = flags & (cudaArrayLayered | cudaArrayCubemap);
    return (struct cudaExtent){halved(extent->width, level), halved(extent->height, level),
                               stacked ? extent->depth : halved(extent->depth, level)};
}

/* CUDA clamps the number of levels to what the largest side allows. */
static unsigned clamp_levels(const struct cudaExtent *extent, unsigned flags, unsigned count) {
    size_t largest = extent->width > extent->height ? extent->width : extent->height;
    if (!(flags & (cudaArrayLayered | cudaArrayCubemap)) && extent->depth > largest) {
        largest = extent->depth;
    }
    unsigned most = 1;
    while (largest >> most) {
        most++;
    }
    return count < 1 ? 1 : count < most ? count : most;
}

static void give_mipmap(struct cudaMipmappedArray *mipmap) {
    mipmap->live = false;
    for (unsigned i = 0; i < mipmap->level_count; i++) {
        mipmap->levels[i]->live = false;
        cw_rt_slots_give(&arrays, mipmap->levels[i]);
    }
    cw_rt_slots_give(&mipmaps, mipmap);
}

static cudaError_t malloc_mipmap(cudaMipmappedArray_t *result, const struct cudaChannelFormatDesc *desc,
                                 struct cudaExtent extent, unsigned level_count, unsigned flags) {
    struct cw_rt_device *device = NULL;
    struct cw_rt_format format = {0};
    size_t offsets[CW_IMAGE_LEVELS], total = 0;
    void *base;
    if (!result || !desc) {
        return cw_rt_fail(cudaErrorInvalidValue, "a mipmapped array needs a place for its handle, and a format");
    }
    cudaError_t error = check_request(desc, &extent, flags, true, &device, &format);
    if (error != cudaSuccess) {
        return error;
    }
    level_count = clamp_levels(&extent, flags, level_count);
    for (unsigned i = 0; i < level_count; i++) {
        struct cudaExtent level = level_extent(&extent, flags, i);
        size_t bytes;
        offsets[i] = total;
        if (!level_bytes(&level, format.bytes, &bytes) || __builtin_add_overflow(total, bytes, &total) ||
            __builtin_add_overflow(total, LEVEL_ALIGNMENT - 1, &total)) {
            return cw_rt_fail(cudaErrorMemoryAllocation, "%zu x %zu x %zu elements", extent.width, extent.height,
                              extent.depth);
        }
        total &= ~(LEVEL_ALIGNMENT - 1);
    }
    error = cw_rt_memory_alloc(device, total, CW_RT_MEMORY_ARRAY, 0, &base);
    if (error != cudaSuccess) {
        return error;
    }
    pthread_mutex_lock(&lock);
    struct cudaMipmappedArray *mipmap = cw_rt_slots_take(&mipmaps);
    bool complete = mipmap != NULL;
    if (mipmap) {
        *mipmap = (struct cudaMipmappedArray){.live = true, .device = device, .base = base};
        for (unsigned i = 0; complete && i < level_count; i++) {
            struct cudaArray *level =
                take_array(device, desc, &format, level_extent(&extent, flags, i), flags, (char *)base + offsets[i]);
            complete = level != NULL;
            if (level) {
                level->owner = mipmap;
                mipmap->levels[mipmap->level_count++] = level;
            }
        }
        if (!complete) {
            give_mipmap(mipmap);
        }
    }
    pthread_mutex_unlock(&lock);
    if (!complete) {
        release_memory(device, base);
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory for another mipmapped array");
    }
    *result = mipmap;
    return cudaSuccess;
}

cudaError_t cudaMallocMipmappedArray(cudaMipmappedArray_t *mipmap, const struct cudaChannelFormatDesc *desc,
                                     struct cudaExtent extent, unsigned level_count, unsigned flags) {
    return cw_rt_record(malloc_mipmap(mipmap, desc, extent, level_count, flags));
}

static cudaError_t free_mipmap(cudaMipmappedArray_t mipmap) {
    struct cw_rt_device *device;
    cudaError_t error = cw_rt_device_current(&device);
    if (error != cudaSuccess || !mipmap) {
        return error;
    }
    error = cw_rt_mipmap_check(mipmap);
    if (error != cudaSuccess) {
        return error;
    }
    cw_rt_device_synchronize(mipmap->device);
    pthread_mutex_lock(&lock);
    bool live = mipmap->live;
    device = mipmap->device;
    void *base = mipmap->base;
    if (live) {
        give_mipmap(mipmap);
    }
    pthread_mutex_unlock(&lock);
    if (live) {
        release_memory(device, base);
    }
    return cudaSuccess;
}

cudaError_t cudaFreeMipmappedArray(cudaMipmappedArray_t mipmap) {
    return cw_rt_record(free_mipmap(mipmap));
}

cudaError_t cudaGetMipmappedArrayLevel(cudaArray_t *array, cudaMipmappedArray_const_t mipmap, unsigned level) {
    cudaError_t error =
        array ? cw_rt_mipmap_check(mipmap) : cw_rt_fail(cudaErrorInvalidValue, "the place for the level is NULL");
    if (error == cudaSuccess && level >= mipmap->level_count) {
        error = cw_rt_fail(cudaErrorInvalidValue, "level %u of %u", level, mipmap->level_count);
    }
    if (error == cudaSuccess) {
        *array = mipmap->levels[level];
    }
    return cw_rt_record(error);
}

void cw_rt_arrays_close(struct cw_rt_device *device) {
    struct cudaArray *array;
    struct cudaMipmappedArray *mipmap;
    pthread_mutex_lock(&lock);
    for (size_t i = 0; (mipmap = cw_rt_slots_at(&mipmaps, i)); i++) {
        if (mipmap->live && mipmap->device == device) {
            give_mipmap(mipmap);
        }
    }
    for (size_t i = 0; (array = cw_rt_slots_at(&arrays, i)); i++) {
        if (array->live && array->device == device) {
            array->live = false;
            cw_rt_slots_give(&arrays, array);
        }
    }
    pthread_mutex_unlock(&lock);
}

/* ---- Asking -------------------------------------------------------------------------------------------------- */

cudaError_t cudaArrayGetInfo(struct cudaChannelFormatDesc *desc, struct cudaExtent *extent, unsigned *flags,
                             cudaArray_t array) {
    cudaError_t error = cw_rt_array_check(array);
    if (error != cudaSuccess) {
        return cw_rt_record(error);
    }
    if (desc) {
        *desc = array->desc;
    }
    if (extent) {
        *extent = array->extent;
    }
    if (flags) {
        *flags = array->flags;
    }
    return cudaSuccess;
}

cudaError_t cudaGetChannelDesc(struct cudaChannelFormatDesc *desc, cudaArray_const_t array) {
    cudaError_t error =
        desc ? cw_rt_array_check(array) : cw_rt_fail(cudaErrorInvalidValue, "the place for the format is NULL");
    if (error == cudaSuccess) {
        *desc = array->desc;
    }
    return cw_rt_record(error);
}

struct cudaChannelFormatDesc cudaCreateChannelDesc(int x, int y, int z, int w, enum cudaChannelFormatKind f) {
    return (struct cudaChannelFormatDesc){x, y, z, w, f};
}

/* No array has several planes, is sparse or has its mapping deferred: what asks about that is cudaErrorInvalidValue, as
 * CUDA answers for arrays that were made without the flag. */
static cudaError_t lacks(cudaError_t check, const void *place, const char *what) {
    if (check != cudaSuccess) {
        return check;
    }
    return place ? cw_rt_fail(cudaErrorInvalidValue, "the array %s", what)
                 : cw_rt_fail(cudaErrorInvalidValue, "the place for the answer is NULL");
}

cudaError_t cudaArrayGetPlane(cudaArray_t *plane, cudaArray_t array, unsigned index) {
    (void)index;
    return cw_rt_record(lacks(cw_rt_array_check(array), plane, "has no planes"));
}

cudaError_t cudaArrayGetSparseProperties(struct cudaArraySparseProperties *properties, cudaArray_t array) {
    return cw_rt_record(lacks(cw_rt_array_check(array), properties, "is not sparse"));
}

cudaError_t cudaMipmappedArrayGetSparseProperties(struct cudaArraySparseProperties *properties,
                                                  cudaMipmappedArray_t mipmap) {
    return cw_rt_record(lacks(cw_rt_mipmap_check(mipmap), properties, "is not sparse"));
}

cudaError_t cudaArrayGetMemoryRequirements(struct cudaArrayMemoryRequirements *requirements, cudaArray_t array,
                                           int device) {
    (void)device;
    return cw_rt_record(lacks(cw_rt_array_check(array), requirements, "was not made with cudaArrayDeferredMapping"));
}

cudaError_t cudaMipmappedArrayGetMemoryRequirements(struct cudaArrayMemoryRequirements *requirements,
                                                    cudaMipmappedArray_t mipmap, int device) {
    (void)device;
    return cw_rt_record(lacks(cw_rt_mipmap_check(mipmap), requirements, "was not made with cudaArrayDeferredMapping"));
}
