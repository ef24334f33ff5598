// SPDX-License-Identifier: Apache-2.0
// The driver API's arrays, mipmapped arrays, textures and surfaces: descriptors there and back, objects that kernels of
// the runtime API read, and errors.
// EXPECT: texture: 2.5
// EXPECT: normalised bytes: 1
// EXPECT: mipmap: 2
// EXPECT: surface: 7
// EXPECT: descriptors: ok
// EXPECT: errors: ok
// NVCC: -lcuda
// NVCC: skip NVIDIA crashes on null pointers
#include "check.h"
#include "check_driver.h"

#include <cstring>

__global__ void read(CUtexObject texture, float x, float y, float level, float *out) {
    *out = tex2DLod<float>(texture, x, y, level);
}

__global__ void write(CUsurfObject surface) { surf2Dwrite(7.0f, surface, 4, 1); }

static float result(CUtexObject texture, float x, float y, float level) {
    Array<float> out(1);
    read<<<1, 1>>>(texture, x, y, level, out);
    CHECK_LAUNCH();
    return out.host()[0];
}

static void upload(CUarray array, const void *from, size_t bytes, size_t rows) {
    CUDA_MEMCPY2D copy = {};
    copy.srcMemoryType = CU_MEMORYTYPE_HOST;
    copy.srcHost = from;
    copy.srcPitch = bytes;
    copy.dstMemoryType = CU_MEMORYTYPE_ARRAY;
    copy.dstArray = array;
    copy.WidthInBytes = bytes;
    copy.Height = rows;
    DRIVER(cuMemcpy2D(&copy));
}

int main() {
    CHECK(cudaFree(nullptr)); /* makes the primary context current */
    CUDA_ARRAY3D_DESCRIPTOR shape = {};
    shape.Width = 4;
    shape.Height = 2;
    shape.Format = CU_AD_FORMAT_FLOAT;
    shape.NumChannels = 1;
    shape.Flags = CUDA_ARRAY3D_SURFACE_LDST;
    CUarray array;
    DRIVER(cuArray3DCreate(&array, &shape));
    float values[8] = {0, 1, 2, 3, 2, 3, 4, 5};
    upload(array, values, 16, 2);

    CUDA_RESOURCE_DESC resource = {}, resource_back;
    resource.resType = CU_RESOURCE_TYPE_ARRAY;
    resource.res.array.hArray = array;
    CUDA_TEXTURE_DESC desc = {}, desc_back;
    desc.addressMode[0] = desc.addressMode[1] = CU_TR_ADDRESS_MODE_CLAMP;
    desc.filterMode = CU_TR_FILTER_MODE_LINEAR;
    CUtexObject texture;
    DRIVER(cuTexObjectCreate(&texture, &resource, &desc, nullptr));
    std::printf("texture: %g\n", result(texture, 2, 1, 0));
    DRIVER(cuTexObjectGetResourceDesc(&resource_back, texture));
    DRIVER(cuTexObjectGetTextureDesc(&desc_back, texture));
    bool same_desc = resource_back.res.array.hArray == array && memcmp(&desc, &desc_back, sizeof desc) == 0;
    DRIVER(cuTexObjectDestroy(texture));

    /* Bytes become floats unless the texture says that integers stay integers. */
    CUdeviceptr memory;
    DRIVER(cuMemAlloc(&memory, 1024));
    DRIVER(cuMemsetD8(memory, 255, 1024));
    CUDA_RESOURCE_DESC pitched = {};
    pitched.resType = CU_RESOURCE_TYPE_PITCH2D;
    pitched.res.pitch2D.devPtr = memory;
    pitched.res.pitch2D.format = CU_AD_FORMAT_UNSIGNED_INT8;
    pitched.res.pitch2D.numChannels = 1;
    pitched.res.pitch2D.width = 16;
    pitched.res.pitch2D.height = 4;
    pitched.res.pitch2D.pitchInBytes = 256;
    desc.flags = CU_TRSF_NORMALIZED_COORDINATES;
    DRIVER(cuTexObjectCreate(&texture, &pitched, &desc, nullptr));
    std::printf("normalised bytes: %g\n", result(texture, 0.5f, 0.5f, 0));
    DRIVER(cuTexObjectGetResourceDesc(&resource_back, texture));
    same_desc &= memcmp(&pitched, &resource_back, sizeof pitched) == 0;
    DRIVER(cuTexObjectDestroy(texture));

    CUmipmappedArray mipmap;
    CUarray level;
    shape.Flags = 0;
    DRIVER(cuMipmappedArrayCreate(&mipmap, &shape, 3));
    for (unsigned l = 0; l < 3; l++) {
        std::vector<float> numbers(8, (float)l);
        CUDA_ARRAY_DESCRIPTOR size;
        DRIVER(cuMipmappedArrayGetLevel(&level, mipmap, l));
        DRIVER(cuArrayGetDescriptor(&size, level));
        upload(level, numbers.data(), size.Width * 4, size.Height);
    }
    CUDA_RESOURCE_DESC levels = {};
    levels.resType = CU_RESOURCE_TYPE_MIPMAPPED_ARRAY;
    levels.res.mipmap.hMipmappedArray = mipmap;
    desc.maxMipmapLevelClamp = 9;
    CUDA_RESOURCE_VIEW_DESC view = {}, view_back;
    view.format = CU_RES_VIEW_FORMAT_FLOAT_1X32;
    view.width = 4;
    view.height = 2;
    view.firstMipmapLevel = 1;
    view.lastMipmapLevel = 2;
    DRIVER(cuTexObjectCreate(&texture, &levels, &desc, &view));
    std::printf("mipmap: %g\n", result(texture, 0.5f, 0.5f, 1));
    DRIVER(cuTexObjectGetResourceViewDesc(&view_back, texture));
    same_desc &= memcmp(&view, &view_back, sizeof view) == 0;
    DRIVER(cuTexObjectDestroy(texture));

    CUsurfObject surface;
    DRIVER(cuSurfObjectCreate(&surface, &resource));
    write<<<1, 1>>>(surface);
    CHECK_LAUNCH();
    DRIVER(cuSurfObjectGetResourceDesc(&resource_back, surface));
    same_desc &= resource_back.res.array.hArray == array;
    float stored[8];
    CHECK(cudaMemcpy2DFromArray(stored, 16, (cudaArray_t)array, 0, 0, 16, 2, cudaMemcpyDeviceToHost));
    std::printf("surface: %g\n", stored[5]);
    DRIVER(cuSurfObjectDestroy(surface));

    /* A normalised format has its channels in its name. */
    CUarray colours;
    CUDA_ARRAY3D_DESCRIPTOR back;
    shape.Format = CU_AD_FORMAT_UNORM_INT8X4;
    shape.NumChannels = 4;
    DRIVER(cuArray3DCreate(&colours, &shape));
    DRIVER(cuArray3DGetDescriptor(&back, colours));
    same_desc &= back.Format == CU_AD_FORMAT_UNORM_INT8X4 && back.NumChannels == 4;
    DRIVER(cuArrayDestroy(colours));
    std::printf("descriptors: %s\n", same_desc ? "ok" : "wrong");

    shape.NumChannels = 2;
    CUDA_TEXTURE_DESC unknown = desc;
    unknown.flags = 0x80;
    bool fine = cuArray3DCreate(&colours, &shape) == CUDA_ERROR_INVALID_VALUE &&
                cuTexObjectCreate(&texture, &resource, &unknown, nullptr) == CUDA_ERROR_INVALID_VALUE &&
                cuTexObjectCreate(&texture, nullptr, &desc, nullptr) == CUDA_ERROR_INVALID_VALUE &&
                cuTexObjectCreate(nullptr, &resource, &desc, nullptr) == CUDA_ERROR_INVALID_VALUE &&
                cuMipmappedArrayGetLevel(&level, mipmap, 3) == CUDA_ERROR_INVALID_VALUE &&
                cuTexObjectDestroy(12345) == CUDA_ERROR_INVALID_VALUE &&
                cuSurfObjectCreate(&surface, &pitched) == CUDA_ERROR_INVALID_VALUE;
    DRIVER(cuMipmappedArrayDestroy(mipmap));
    fine &= cuMipmappedArrayDestroy(mipmap) == CUDA_ERROR_INVALID_HANDLE;
    DRIVER(cuArrayDestroy(array));
    DRIVER(cuMemFree(memory));
    std::printf("errors: %s\n", fine ? "ok" : "wrong");
    return 0;
}
