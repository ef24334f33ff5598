// SPDX-License-Identifier: Apache-2.0
// What CUDA's reference says of wrong arguments to the functions for arrays, textures and surfaces, as a table.
// EXPECT: arrays: ok
// EXPECT: mipmapped arrays: ok
// EXPECT: copies: ok
// EXPECT: textures: ok
// EXPECT: views: ok
// EXPECT: surfaces: ok
// EXPECT: handles: ok
// NVCC: skip NVIDIA crashes on null pointers
#include "check.h"

#include <cmath>

static int bad = 0;

#define ERROR(call, wanted)                                                                                            \
    do {                                                                                                               \
        cudaError_t have = (call);                                                                                     \
        if (have != (wanted)) {                                                                                        \
            std::printf("line %d: %s: %s, should be %s\n", __LINE__, #call, cudaGetErrorName(have), #wanted);          \
            bad++;                                                                                                     \
        }                                                                                                              \
        (void)cudaGetLastError();                                                                                      \
    } while (0)

static void verdict(const char *name) {
    if (bad == 0)
        std::printf("%s: ok\n", name);
}

static const cudaChannelFormatDesc FLOAT = {32, 0, 0, 0, cudaChannelFormatKindFloat};
static const cudaChannelFormatDesc INT = {32, 0, 0, 0, cudaChannelFormatKindSigned};
static const cudaChannelFormatDesc BYTE = {8, 0, 0, 0, cudaChannelFormatKindUnsigned};

static cudaExtent extent(size_t x, size_t y, size_t z) { return make_cudaExtent(x, y, z); }

static void arrays() {
    cudaArray_t array;
    auto format = [&](int x, int y, int z, int w, cudaChannelFormatKind kind) {
        cudaChannelFormatDesc desc = {x, y, z, w, kind};
        return cudaMallocArray(&array, &desc, 4, 4);
    };
    ERROR(format(32, 32, 32, 0, cudaChannelFormatKindFloat), cudaErrorInvalidChannelDescriptor);
    ERROR(format(0, 32, 0, 0, cudaChannelFormatKindFloat), cudaErrorInvalidChannelDescriptor);
    ERROR(format(8, 16, 0, 0, cudaChannelFormatKindUnsigned), cudaErrorInvalidChannelDescriptor);
    ERROR(format(8, 0, 0, 0, cudaChannelFormatKindFloat), cudaErrorInvalidChannelDescriptor);
    ERROR(format(64, 0, 0, 0, cudaChannelFormatKindSigned), cudaErrorInvalidChannelDescriptor);
    ERROR(format(0, 0, 0, 0, cudaChannelFormatKindNone), cudaErrorInvalidChannelDescriptor);
    ERROR(format(8, 0, 0, 0, cudaChannelFormatKindUnsignedNormalized8X2), cudaErrorInvalidChannelDescriptor);
    ERROR(format(8, 8, 8, 0, cudaChannelFormatKindNV12), cudaErrorNotSupported);
    ERROR(format(8, 8, 8, 8, cudaChannelFormatKindUnsignedBlockCompressed7), cudaErrorNotSupported);
    ERROR(cudaMallocArray(nullptr, &FLOAT, 4, 4), cudaErrorInvalidValue);
    ERROR(cudaMallocArray(&array, nullptr, 4, 4), cudaErrorInvalidValue);
    ERROR(cudaMallocArray(&array, &FLOAT, 0, 4), cudaErrorInvalidValue);
    ERROR(cudaMallocArray(&array, &FLOAT, 131073, 4), cudaErrorInvalidValue);
    ERROR(cudaMallocArray(&array, &FLOAT, 4, 65537), cudaErrorInvalidValue);
    ERROR(cudaMallocArray(&array, &FLOAT, 40000, 4, cudaArrayTextureGather), cudaErrorInvalidValue);
    ERROR(cudaMallocArray(&array, &FLOAT, 4, 4, cudaArraySparse), cudaErrorNotSupported);
    ERROR(cudaMalloc3DArray(&array, &FLOAT, extent(4, 0, 4)), cudaErrorInvalidValue);
    ERROR(cudaMalloc3DArray(&array, &FLOAT, extent(4, 4, 0), cudaArrayLayered), cudaErrorInvalidValue);
    ERROR(cudaMalloc3DArray(&array, &FLOAT, extent(4, 4, 2049), cudaArrayLayered), cudaErrorInvalidValue);
    ERROR(cudaMalloc3DArray(&array, &FLOAT, extent(4, 5, 6), cudaArrayCubemap), cudaErrorInvalidValue);
    ERROR(cudaMalloc3DArray(&array, &FLOAT, extent(4, 4, 5), cudaArrayCubemap), cudaErrorInvalidValue);
    ERROR(cudaMalloc3DArray(&array, &FLOAT, extent(4, 4, 15), cudaArrayCubemap | cudaArrayLayered), cudaErrorInvalidValue);
    ERROR(cudaMalloc3DArray(&array, &FLOAT, extent(4, 4, 4), cudaArrayTextureGather), cudaErrorInvalidValue);
    ERROR(cudaMalloc3DArray(&array, &FLOAT, extent(20000, 4, 4)), cudaErrorInvalidValue);
    CHECK(cudaMalloc3DArray(&array, &FLOAT, extent(4, 4, 20000))); /* the alternative shape of large 3-D textures */
    CHECK(cudaFreeArray(array));

    CHECK(cudaMalloc3DArray(&array, &BYTE, extent(5, 5, 12), cudaArrayCubemap | cudaArrayLayered));
    cudaChannelFormatDesc desc;
    cudaExtent size;
    unsigned flags;
    CHECK(cudaArrayGetInfo(&desc, &size, &flags, array));
    if (desc.x != 8 || desc.f != cudaChannelFormatKindUnsigned || size.width != 5 || size.depth != 12 ||
        flags != (cudaArrayCubemap | cudaArrayLayered))
        bad++;
    cudaArraySparseProperties sparse;
    cudaArrayMemoryRequirements requirements;
    cudaArray_t plane;
    ERROR(cudaArrayGetSparseProperties(&sparse, array), cudaErrorInvalidValue);
    ERROR(cudaArrayGetMemoryRequirements(&requirements, array, 0), cudaErrorInvalidValue);
    ERROR(cudaArrayGetPlane(&plane, array, 0), cudaErrorInvalidValue);
    CHECK(cudaFreeArray(array));
    ERROR(cudaFreeArray(array), cudaErrorInvalidResourceHandle);
    ERROR(cudaGetChannelDesc(&desc, array), cudaErrorInvalidResourceHandle);
    ERROR(cudaFreeArray(nullptr), cudaSuccess);
    verdict("arrays");
}

static void mipmaps() {
    cudaMipmappedArray_t mipmap;
    cudaArray_t level;
    ERROR(cudaMallocMipmappedArray(&mipmap, &FLOAT, extent(32769, 4, 0), 2), cudaErrorInvalidValue);
    ERROR(cudaMallocMipmappedArray(nullptr, &FLOAT, extent(4, 4, 0), 2), cudaErrorInvalidValue);
    CHECK(cudaMallocMipmappedArray(&mipmap, &FLOAT, extent(4, 4, 0), 3));
    ERROR(cudaGetMipmappedArrayLevel(&level, mipmap, 3), cudaErrorInvalidValue);
    ERROR(cudaGetMipmappedArrayLevel(nullptr, mipmap, 0), cudaErrorInvalidValue);
    CHECK(cudaGetMipmappedArrayLevel(&level, mipmap, 2));
    ERROR(cudaFreeArray(level), cudaErrorInvalidValue);
    CHECK(cudaFreeMipmappedArray(mipmap));
    ERROR(cudaFreeMipmappedArray(mipmap), cudaErrorInvalidResourceHandle);
    ERROR(cudaGetMipmappedArrayLevel(&level, mipmap, 0), cudaErrorInvalidResourceHandle);
    verdict("mipmapped arrays");
}

static void copies() {
    cudaMipmappedArray_t mipmap;
    cudaArray_t array, level, bytes;
    char memory[4096] = {};
    CHECK(cudaMallocArray(&array, &FLOAT, 8, 4));
    CHECK(cudaMallocArray(&bytes, &BYTE, 8, 4));
    CHECK(cudaMallocMipmappedArray(&mipmap, &FLOAT, extent(8, 8, 0), 4));
    CHECK(cudaGetMipmappedArrayLevel(&level, mipmap, 1));
    ERROR(cudaMemcpy2DToArray(array, 4, 0, memory, 32, 32, 1, cudaMemcpyHostToDevice), cudaErrorInvalidValue);
    ERROR(cudaMemcpy2DToArray(array, 0, 2, memory, 32, 32, 3, cudaMemcpyHostToDevice), cudaErrorInvalidValue);
    ERROR(cudaMemcpy2DToArray(array, 0, 0, memory, 16, 32, 2, cudaMemcpyHostToDevice), cudaErrorInvalidPitchValue);
    ERROR(cudaMemcpy2DToArray(array, 0, 0, memory, 0, 32, 1, cudaMemcpyHostToDevice), cudaSuccess); /* one row */
    ERROR(cudaMemcpy2DToArray(array, 0, 0, memory, 32, 32, 4, (cudaMemcpyKind)9), cudaErrorInvalidMemcpyDirection);
    ERROR(cudaMemcpy2DToArray(level, 0, 0, memory, 16, 16, 5, cudaMemcpyHostToDevice), cudaErrorInvalidValue);
    ERROR(cudaMemcpy2DArrayToArray(array, 0, 0, array, 0, 0, 4, 1, cudaMemcpyHostToDevice), cudaErrorInvalidMemcpyDirection);
    cudaMemcpy3DParms copy = {};
    copy.srcArray = array;
    copy.dstArray = bytes;
    copy.extent = extent(4, 4, 1);
    copy.kind = cudaMemcpyDeviceToDevice;
    ERROR(cudaMemcpy3D(&copy), cudaErrorInvalidValue);
    copy.dstArray = level;
    copy.extent = extent(4, 4, 2);
    ERROR(cudaMemcpy3D(&copy), cudaErrorInvalidValue);
    copy.extent = extent(4, 4, 1);
    CHECK(cudaMemcpy3D(&copy));
    CHECK(cudaFreeArray(array));
    CHECK(cudaFreeArray(bytes));
    CHECK(cudaFreeMipmappedArray(mipmap));
    verdict("copies");
}

static cudaError_t texture(const cudaResourceDesc &resource, cudaTextureFilterMode filter, cudaTextureReadMode read,
                           int normalized = 0, const cudaResourceViewDesc *view = nullptr) {
    cudaTextureObject_t object = 0;
    cudaTextureDesc desc = {};
    desc.filterMode = filter;
    desc.readMode = read;
    desc.normalizedCoords = normalized;
    cudaError_t error = cudaCreateTextureObject(&object, &resource, &desc, view);
    if (error == cudaSuccess)
        CHECK(cudaDestroyTextureObject(object));
    return error;
}

static cudaResourceDesc of_array(cudaArray_t array) {
    cudaResourceDesc resource = {};
    resource.resType = cudaResourceTypeArray;
    resource.res.array.array = array;
    return resource;
}

static void textures() {
    const cudaTextureFilterMode point = cudaFilterModePoint, linear = cudaFilterModeLinear;
    const cudaTextureReadMode element = cudaReadModeElementType, norm = cudaReadModeNormalizedFloat;
    cudaArray_t floats, ints, bytes;
    CHECK(cudaMallocArray(&floats, &FLOAT, 8, 4));
    CHECK(cudaMallocArray(&ints, &INT, 8, 4));
    CHECK(cudaMallocArray(&bytes, &BYTE, 8, 4));
    ERROR(texture(of_array(floats), linear, element), cudaSuccess);
    ERROR(texture(of_array(floats), linear, norm), cudaSuccess);
    ERROR(texture(of_array(ints), point, element), cudaSuccess);
    ERROR(texture(of_array(ints), point, norm), cudaSuccess); /* read as integers all the same */
    ERROR(texture(of_array(ints), linear, element), cudaErrorInvalidFilterSetting);
    ERROR(texture(of_array(ints), linear, norm), cudaErrorInvalidFilterSetting);
    ERROR(texture(of_array(bytes), linear, element), cudaErrorInvalidFilterSetting);
    ERROR(texture(of_array(bytes), linear, norm), cudaSuccess);
    ERROR(texture(of_array(floats), (cudaTextureFilterMode)2, element), cudaErrorInvalidValue);
    ERROR(texture(of_array(floats), point, (cudaTextureReadMode)2), cudaErrorInvalidValue);
    ERROR(texture(of_array(nullptr), point, element), cudaErrorInvalidResourceHandle);

    cudaTextureObject_t object;
    cudaTextureDesc desc = {};
    cudaResourceDesc resource = of_array(floats);
    desc.addressMode[1] = (cudaTextureAddressMode)4;
    ERROR(cudaCreateTextureObject(&object, &resource, &desc, nullptr), cudaErrorInvalidValue);
    desc.addressMode[1] = cudaAddressModeWrap;
    ERROR(cudaCreateTextureObject(nullptr, &resource, &desc, nullptr), cudaErrorInvalidValue);
    ERROR(cudaCreateTextureObject(&object, nullptr, &desc, nullptr), cudaErrorInvalidValue);
    ERROR(cudaCreateTextureObject(&object, &resource, nullptr, nullptr), cudaErrorInvalidValue);
    resource.resType = (cudaResourceType)9;
    ERROR(texture(resource, point, element), cudaErrorInvalidValue);

    char *memory, host[64];
    CHECK(cudaMalloc(&memory, 65536));
    resource = cudaResourceDesc{};
    resource.resType = cudaResourceTypeLinear;
    resource.res.linear.desc = FLOAT;
    resource.res.linear.devPtr = memory;
    resource.res.linear.sizeInBytes = 65536;
    ERROR(texture(resource, point, element), cudaSuccess);
    ERROR(texture(resource, linear, element), cudaSuccess); /* the filter mode is ignored */
    resource.res.linear.sizeInBytes = 65537;
    ERROR(texture(resource, point, element), cudaErrorInvalidValue);
    resource.res.linear.sizeInBytes = 3;
    ERROR(texture(resource, point, element), cudaErrorInvalidValue);
    resource.res.linear.sizeInBytes = 64;
    resource.res.linear.devPtr = memory + 16;
    ERROR(texture(resource, point, element), cudaErrorInvalidValue);
    resource.res.linear.devPtr = host;
    ERROR(texture(resource, point, element), cudaErrorInvalidValue);
    resource.res.linear.devPtr = nullptr;
    ERROR(texture(resource, point, element), cudaErrorInvalidValue);

    resource = cudaResourceDesc{};
    resource.resType = cudaResourceTypePitch2D;
    resource.res.pitch2D.desc = FLOAT;
    resource.res.pitch2D.devPtr = memory;
    resource.res.pitch2D.width = 100;
    resource.res.pitch2D.height = 10;
    resource.res.pitch2D.pitchInBytes = 512;
    ERROR(texture(resource, linear, element), cudaSuccess);
    resource.res.pitch2D.pitchInBytes = 384;
    ERROR(texture(resource, linear, element), cudaErrorInvalidValue);
    resource.res.pitch2D.pitchInBytes = 516;
    ERROR(texture(resource, linear, element), cudaErrorInvalidValue);
    resource.res.pitch2D.pitchInBytes = 512;
    resource.res.pitch2D.height = 1000;
    ERROR(texture(resource, linear, element), cudaErrorInvalidValue);
    resource.res.pitch2D.height = 70000;
    ERROR(texture(resource, linear, element), cudaErrorInvalidValue);

    cudaMipmappedArray_t mipmap;
    CHECK(cudaMallocMipmappedArray(&mipmap, &FLOAT, extent(8, 8, 0), 4));
    resource = cudaResourceDesc{};
    resource.resType = cudaResourceTypeMipmappedArray;
    resource.res.mipmap.mipmap = mipmap;
    ERROR(texture(resource, linear, element), cudaErrorInvalidValue);
    ERROR(texture(resource, linear, element, 1), cudaSuccess);
    CHECK(cudaFreeMipmappedArray(mipmap));
    ERROR(texture(resource, linear, element, 1), cudaErrorInvalidResourceHandle);
    CHECK(cudaFree(memory));
    CHECK(cudaFreeArray(floats));
    CHECK(cudaFreeArray(ints));
    CHECK(cudaFreeArray(bytes));
    verdict("textures");
}

static void views() {
    cudaArray_t flat, layered;
    CHECK(cudaMallocArray(&flat, &FLOAT, 8, 4));
    CHECK(cudaMalloc3DArray(&layered, &FLOAT, extent(8, 4, 3), cudaArrayLayered));
    auto view = [](cudaArray_t array, cudaResourceViewFormat format, size_t width, size_t height, size_t depth, unsigned level,
                   unsigned first, unsigned last) {
        cudaResourceViewDesc desc = {};
        desc.format = format;
        desc.width = width;
        desc.height = height;
        desc.depth = depth;
        desc.lastMipmapLevel = level;
        desc.firstLayer = first;
        desc.lastLayer = last;
        return texture(of_array(array), cudaFilterModePoint, cudaReadModeElementType, 0, &desc);
    };
    ERROR(view(flat, cudaResViewFormatFloat1, 8, 4, 0, 0, 0, 0), cudaSuccess);
    ERROR(view(flat, cudaResViewFormatNone, 8, 4, 0, 0, 0, 0), cudaErrorInvalidValue);
    ERROR(view(flat, cudaResViewFormatFloat2, 8, 4, 0, 0, 0, 0), cudaErrorInvalidValue);
    ERROR(view(flat, (cudaResourceViewFormat)99, 8, 4, 0, 0, 0, 0), cudaErrorInvalidValue);
    ERROR(view(flat, cudaResViewFormatUnsignedBlockCompressed1, 32, 16, 0, 0, 0, 0), cudaErrorInvalidValue);
    ERROR(view(flat, cudaResViewFormatFloat1, 4, 4, 0, 0, 0, 0), cudaErrorInvalidValue);
    ERROR(view(flat, cudaResViewFormatFloat1, 8, 4, 0, 1, 0, 0), cudaErrorInvalidValue);
    ERROR(view(flat, cudaResViewFormatFloat1, 8, 4, 0, 0, 0, 1), cudaErrorInvalidValue);
    ERROR(view(layered, cudaResViewFormatFloat1, 8, 4, 3, 0, 0, 2), cudaSuccess);
    ERROR(view(layered, cudaResViewFormatFloat1, 8, 4, 3, 0, 0, 3), cudaErrorInvalidValue);
    ERROR(view(layered, cudaResViewFormatFloat1, 8, 4, 3, 0, 2, 1), cudaErrorInvalidValue);
    CHECK(cudaFreeArray(flat));
    CHECK(cudaFreeArray(layered));
    verdict("views");
}

static void surfaces() {
    cudaArray_t array;
    cudaSurfaceObject_t surface;
    CHECK(cudaMallocArray(&array, &FLOAT, 8, 4, cudaArraySurfaceLoadStore));
    cudaResourceDesc resource = of_array(array);
    ERROR(cudaCreateSurfaceObject(nullptr, &resource), cudaErrorInvalidValue);
    ERROR(cudaCreateSurfaceObject(&surface, nullptr), cudaErrorInvalidValue);
    resource.resType = cudaResourceTypeLinear;
    ERROR(cudaCreateSurfaceObject(&surface, &resource), cudaErrorInvalidValue);
    CHECK(cudaFreeArray(array));
    resource = of_array(array);
    ERROR(cudaCreateSurfaceObject(&surface, &resource), cudaErrorInvalidResourceHandle);
    verdict("surfaces");
}

static void handles() {
    cudaArray_t array;
    cudaTextureObject_t object;
    cudaTextureDesc desc = {}, back;
    cudaResourceDesc resource, again;
    cudaResourceViewDesc view;
    CHECK(cudaMallocArray(&array, &FLOAT, 8, 4));
    resource = of_array(array);
    desc.filterMode = cudaFilterModeLinear;
    desc.borderColor[2] = 0.5f;
    CHECK(cudaCreateTextureObject(&object, &resource, &desc, nullptr));
    CHECK(cudaGetTextureObjectResourceDesc(&again, object));
    CHECK(cudaGetTextureObjectTextureDesc(&back, object));
    if (object == 0 || again.res.array.array != array || back.borderColor[2] != 0.5f || back.filterMode != cudaFilterModeLinear)
        bad++;
    ERROR(cudaGetTextureObjectResourceViewDesc(&view, object), cudaErrorInvalidValue);
    ERROR(cudaGetTextureObjectTextureDesc(nullptr, object), cudaErrorInvalidValue);
    ERROR(cudaGetSurfaceObjectResourceDesc(&again, object), cudaErrorInvalidValue);
    ERROR(cudaDestroySurfaceObject(object), cudaErrorInvalidValue);
    CHECK(cudaDestroyTextureObject(object));
    ERROR(cudaDestroyTextureObject(object), cudaErrorInvalidValue);
    ERROR(cudaGetTextureObjectResourceDesc(&again, object), cudaErrorInvalidValue);
    ERROR(cudaDestroyTextureObject(987654321), cudaErrorInvalidValue);
    CHECK(cudaFreeArray(array));
    verdict("handles");
}

int main() {
    arrays();
    mipmaps();
    copies();
    textures();
    views();
    surfaces();
    handles();
    return bad != 0;
}
