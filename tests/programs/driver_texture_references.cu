// SPDX-License-Identifier: Apache-2.0
// Texture and surface references of the driver API (CUDA Driver API, "Texture Reference Management [DEPRECATED]"), in PTX as nvcc 11
// and older wrote it: handles, what is set and what is told of it, linear and pitched memory, arrays, mipmaps, surfaces, old
// launches, misuse.
// EXPECT: linear: 3 again 5
// EXPECT: offset: 16
// EXPECT: pitched: 21
// EXPECT: filtered: 0.5
// EXPECT: bytes: 1
// EXPECT: mipmap: 1
// EXPECT: width: 4
// EXPECT: surface: 8
// EXPECT: told: ok
// EXPECT: misuse: ok
// NVCC: skip the PTX is for references, which newer drivers refuse on newer hardware
// NVCC: -lcuda
#include "check.h"
#include "check_driver.h"

#include <cstring>

static const char ptx[] = R"(
.version 6.4
.target sm_30
.address_size 64
.global .texref line;
.global .texref plane;
.global .surfref image;
.global .u64 plain;
.visible .entry read_line(.param .u64 out, .param .u32 at) {
    .reg .b32 %r<6>; .reg .b64 %rd<3>;
    ld.param.u64 %rd1, [out];
    ld.param.u32 %r1, [at];
    tex.1d.v4.s32.s32 {%r2, %r3, %r4, %r5}, [line, {%r1}];
    cvta.to.global.u64 %rd2, %rd1;
    st.global.u32 [%rd2], %r2;
    ret;
}
.visible .entry read_plane(.param .u64 out, .param .f32 x, .param .f32 y) {
    .reg .f32 %f<7>; .reg .b64 %rd<3>;
    ld.param.u64 %rd1, [out];
    ld.param.f32 %f1, [x];
    ld.param.f32 %f2, [y];
    tex.level.2d.v4.f32.f32 {%f3, %f4, %f5, %f6}, [plane, {%f1, %f2}], %f2;
    tex.2d.v4.f32.f32 {%f3, %f4, %f5, %f6}, [plane, {%f1, %f2}];
    st.global.f32 [%rd1], %f3;
    ret;
}
.visible .entry read_level(.param .u64 out, .param .f32 level) {
    .reg .f32 %f<7>; .reg .b64 %rd<3>;
    ld.param.u64 %rd1, [out];
    ld.param.f32 %f1, [level];
    mov.f32 %f2, 0f3F000000;
    tex.level.2d.v4.f32.f32 {%f3, %f4, %f5, %f6}, [plane, {%f2, %f2}], %f1;
    st.global.f32 [%rd1], %f3;
    ret;
}
.visible .entry ask(.param .u64 out) {
    .reg .b32 %r<2>; .reg .b64 %rd<3>;
    ld.param.u64 %rd1, [out];
    txq.width.b32 %r1, [plane];
    st.global.u32 [%rd1], %r1;
    ret;
}
.visible .entry twice() {
    .reg .b32 %r<3>; .reg .f32 %f<3>;
    mov.u32 %r1, 4;
    mov.u32 %r2, 1;
    suld.b.2d.b32.trap {%f1}, [image, {%r1, %r2}];
    add.f32 %f2, %f1, %f1;
    sust.b.2d.b32.trap [image, {%r1, %r2}], {%f2};
    ret;
}
)";

static CUmodule module;
static CUdeviceptr cells;

static void launch(const char *name, void **arguments) {
    CUfunction function;
    DRIVER(cuModuleGetFunction(&function, module, name));
    DRIVER(cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, nullptr, arguments, nullptr));
    DRIVER(cuCtxSynchronize());
}

template <class T> static T cell() {
    T value;
    DRIVER(cuMemcpyDtoH(&value, cells, sizeof value));
    return value;
}

static int at_line(int at) {
    void *arguments[] = {&cells, &at};
    launch("read_line", arguments);
    return cell<int>();
}

static float at_plane(float x, float y) {
    void *arguments[] = {&cells, &x, &y};
    launch("read_plane", arguments);
    return cell<float>();
}

static CUarray array_of(const void *values, CUarray_format format, size_t bytes, size_t width, size_t height, unsigned flags) {
    CUDA_ARRAY3D_DESCRIPTOR shape = {width, height, 0, format, 1, flags};
    CUarray array;
    CUDA_MEMCPY2D copy = {};
    DRIVER(cuArray3DCreate(&array, &shape));
    copy.srcMemoryType = CU_MEMORYTYPE_HOST;
    copy.srcHost = values;
    copy.srcPitch = copy.WidthInBytes = bytes * width;
    copy.dstMemoryType = CU_MEMORYTYPE_ARRAY;
    copy.dstArray = array;
    copy.Height = height;
    DRIVER(cuMemcpy2D(&copy));
    return array;
}

static void memory(CUtexref line, CUtexref plane) {
    int numbers[64];
    CUdeviceptr data, rows;
    size_t offset = 1, pitch;
    for (int i = 0; i < 64; i++) {
        numbers[i] = i;
    }
    DRIVER(cuMemAlloc(&data, 1024));
    DRIVER(cuMemcpyHtoD(data, numbers, sizeof numbers));
    DRIVER(cuTexRefSetFormat(line, CU_AD_FORMAT_SIGNED_INT32, 1));
    DRIVER(cuTexRefSetFlags(line, CU_TRSF_READ_AS_INTEGER));
    DRIVER(cuTexRefSetAddress(nullptr, line, data, sizeof numbers));
    std::printf("linear: %d again %d\n", at_line(3), at_line(5));
    DRIVER(cuTexRefSetAddress(&offset, line, data + 16, 64));
    std::printf("offset: %zu\n", at_line(static_cast<int>(offset / 4)) == 4 ? offset : 0);

    float values[40];
    for (int i = 0; i < 40; i++) {
        values[i] = static_cast<float>(i);
    }
    DRIVER(cuMemAllocPitch(&rows, &pitch, 40, 4, 4));
    CUDA_MEMCPY2D copy = {};
    copy.srcMemoryType = CU_MEMORYTYPE_HOST;
    copy.srcHost = values;
    copy.srcPitch = copy.WidthInBytes = 40;
    copy.dstMemoryType = CU_MEMORYTYPE_DEVICE;
    copy.dstDevice = rows;
    copy.dstPitch = pitch;
    copy.Height = 4;
    DRIVER(cuMemcpy2D(&copy));
    CUDA_ARRAY_DESCRIPTOR shape = {10, 4, CU_AD_FORMAT_FLOAT, 1};
    DRIVER(cuTexRefSetAddress2D(plane, &shape, rows, pitch));
    std::printf("pitched: %g\n", at_plane(1.5f, 2.5f));
    CUdeviceptr told;
    DRIVER(cuTexRefGetAddress(&told, plane));
    if (told != rows) {
        std::printf("the address is another\n");
    }
    DRIVER(cuMemFree(rows));
    DRIVER(cuMemFree(data));
}

static void arrays(CUtexref plane, CUsurfref image) {
    const float ramp[] = {0, 1, 2, 3, 4, 5, 6, 7};
    const unsigned char white[] = {255, 255, 255, 255};
    CUarray flat = array_of(ramp, CU_AD_FORMAT_FLOAT, 4, 4, 2, CUDA_ARRAY3D_SURFACE_LDST), told;
    DRIVER(cuTexRefSetArray(plane, flat, CU_TRSA_OVERRIDE_FORMAT));
    DRIVER(cuTexRefSetFilterMode(plane, CU_TR_FILTER_MODE_LINEAR));
    DRIVER(cuTexRefSetAddressMode(plane, 0, CU_TR_ADDRESS_MODE_CLAMP));
    DRIVER(cuTexRefSetAddressMode(plane, 1, CU_TR_ADDRESS_MODE_CLAMP));
    std::printf("filtered: %g\n", at_plane(1.0f, 0.5f));
    CUarray bytes = array_of(white, CU_AD_FORMAT_UNSIGNED_INT8, 1, 4, 1, 0);
    DRIVER(cuTexRefSetArray(plane, bytes, CU_TRSA_OVERRIDE_FORMAT));
    std::printf("bytes: %g\n", at_plane(1.0f, 0.5f)); /* normalised unless CU_TRSF_READ_AS_INTEGER says otherwise */

    CUmipmappedArray pyramid;
    CUDA_ARRAY3D_DESCRIPTOR shape = {4, 2, 0, CU_AD_FORMAT_FLOAT, 1, 0};
    DRIVER(cuMipmappedArrayCreate(&pyramid, &shape, 2));
    for (unsigned i = 0; i < 2; i++) {
        const float values[8] = {0, 1, 1, 1, 1, 1, 1, 1};
        CUDA_MEMCPY2D copy = {};
        copy.srcMemoryType = CU_MEMORYTYPE_HOST;
        copy.srcHost = values + i;
        copy.srcPitch = copy.WidthInBytes = 16 >> i;
        copy.dstMemoryType = CU_MEMORYTYPE_ARRAY;
        DRIVER(cuMipmappedArrayGetLevel(&copy.dstArray, pyramid, i));
        copy.Height = 2 >> i;
        DRIVER(cuMemcpy2D(&copy));
    }
    DRIVER(cuTexRefSetMipmappedArray(plane, pyramid, CU_TRSA_OVERRIDE_FORMAT));
    DRIVER(cuTexRefSetFlags(plane, CU_TRSF_NORMALIZED_COORDINATES));
    DRIVER(cuTexRefSetMipmapFilterMode(plane, CU_TR_FILTER_MODE_POINT));
    DRIVER(cuTexRefSetMipmapLevelClamp(plane, 0, 1));
    float level = 1;
    void *arguments[] = {&cells, &level};
    launch("read_level", arguments);
    std::printf("mipmap: %g\n", cell<float>());
    launch("ask", arguments);
    std::printf("width: %d\n", cell<int>());

    DRIVER(cuSurfRefSetArray(image, flat, 0));
    DRIVER(cuSurfRefGetArray(&told, image));
    launch("twice", nullptr);
    CUDA_MEMCPY2D back = {};
    float row[4];
    back.srcMemoryType = CU_MEMORYTYPE_ARRAY;
    back.srcArray = told;
    back.srcY = 1;
    back.dstMemoryType = CU_MEMORYTYPE_HOST;
    back.dstHost = row;
    back.WidthInBytes = back.dstPitch = 16;
    back.Height = 1;
    DRIVER(cuMemcpy2D(&back));
    std::printf("surface: %g\n", row[0] == 4 && row[1] == 10 ? 8.0 : row[1]);
    DRIVER(cuTexRefSetArray(plane, bytes, CU_TRSA_OVERRIDE_FORMAT));
    DRIVER(cuMipmappedArrayDestroy(pyramid));
    DRIVER(cuArrayDestroy(flat));
}

static bool tells(CUtexref reference) {
    CUaddress_mode address;
    CUfilter_mode filter;
    CUarray_format format;
    CUarray array;
    CUmipmappedArray mipmap;
    int channels, anisotropy;
    unsigned flags;
    float bias, low, high, border[4], colour[] = {1, 2, 3, 4};
    DRIVER(cuTexRefSetMipmapLevelBias(reference, 0.5f));
    DRIVER(cuTexRefSetMaxAnisotropy(reference, 4));
    DRIVER(cuTexRefSetBorderColor(reference, colour));
    DRIVER(cuTexRefSetFlags(reference, CU_TRSF_SRGB | CU_TRSF_READ_AS_INTEGER));
    DRIVER(cuTexRefGetAddressMode(&address, reference, 1));
    DRIVER(cuTexRefGetFilterMode(&filter, reference));
    bool ok = address == CU_TR_ADDRESS_MODE_CLAMP && filter == CU_TR_FILTER_MODE_LINEAR;
    DRIVER(cuTexRefGetMipmapFilterMode(&filter, reference));
    DRIVER(cuTexRefGetFormat(&format, &channels, reference));
    ok = ok && filter == CU_TR_FILTER_MODE_POINT && format == CU_AD_FORMAT_UNSIGNED_INT8 && channels == 1;
    DRIVER(cuTexRefGetMipmapLevelBias(&bias, reference));
    DRIVER(cuTexRefGetMipmapLevelClamp(&low, &high, reference));
    DRIVER(cuTexRefGetMaxAnisotropy(&anisotropy, reference));
    ok = ok && bias == 0.5f && low == 0 && high == 1 && anisotropy == 4;
    DRIVER(cuTexRefGetBorderColor(border, reference));
    DRIVER(cuTexRefGetFlags(&flags, reference));
    DRIVER(cuTexRefGetArray(&array, reference));
    return ok && std::memcmp(border, colour, sizeof border) == 0 && flags == (CU_TRSF_SRGB | CU_TRSF_READ_AS_INTEGER) &&
           cuTexRefGetMipmappedArray(&mipmap, reference) == CUDA_ERROR_INVALID_VALUE;
}

int main() {
    CUtexref line, plane, own, stale;
    CUsurfref image;
    CUfunction function;
    driver_start();
    DRIVER(cuModuleLoadData(&module, ptx));
    DRIVER(cuMemAlloc(&cells, 64));
    DRIVER(cuModuleGetTexRef(&line, module, "line"));
    DRIVER(cuModuleGetTexRef(&plane, module, "plane"));
    DRIVER(cuModuleGetSurfRef(&image, module, "image"));
    DRIVER(cuModuleGetFunction(&function, module, "ask"));
    DRIVER(cuParamSetTexRef(function, CU_PARAM_TR_DEFAULT, plane));
    memory(line, plane);
    arrays(plane, image);
    std::printf("told: %s\n", tells(plane) ? "ok" : "wrong");

    float border[4];
    CUdeviceptr address;
    CUarray array;
    DRIVER(cuTexRefCreate(&own));
    bool ok = cuModuleGetTexRef(&stale, module, "plain") == CUDA_ERROR_NOT_FOUND;
    ok = ok && cuModuleGetTexRef(&stale, module, "image") == CUDA_ERROR_NOT_FOUND;
    ok = ok && cuModuleGetSurfRef(&image, module, "line") == CUDA_ERROR_NOT_FOUND;
    ok = ok && cuModuleGetTexRef(nullptr, module, "line") == CUDA_ERROR_INVALID_VALUE;
    ok = ok && cuTexRefCreate(nullptr) == CUDA_ERROR_INVALID_VALUE && cuTexRefDestroy(plane) == CUDA_ERROR_INVALID_VALUE;
    ok = ok && cuTexRefSetArray(plane, nullptr, CU_TRSA_OVERRIDE_FORMAT) == CUDA_ERROR_INVALID_HANDLE;
    ok = ok && cuTexRefSetArray(plane, nullptr, 0) == CUDA_ERROR_INVALID_VALUE;
    ok = ok && cuSurfRefSetArray(image, nullptr, 1) == CUDA_ERROR_INVALID_VALUE;
    ok = ok && cuTexRefSetAddress(nullptr, line, cells + 4, 16) == CUDA_ERROR_INVALID_VALUE;
    ok = ok && cuTexRefSetAddress2D(plane, nullptr, cells, 32) == CUDA_ERROR_INVALID_VALUE;
    ok = ok && cuTexRefSetFormat(own, CU_AD_FORMAT_FLOAT, 3) == CUDA_ERROR_INVALID_VALUE;
    ok = ok && cuTexRefSetAddressMode(own, 3, CU_TR_ADDRESS_MODE_WRAP) == CUDA_ERROR_INVALID_VALUE;
    ok = ok && cuTexRefSetFilterMode(own, (CUfilter_mode)2) == CUDA_ERROR_INVALID_VALUE;
    ok = ok && cuTexRefSetFlags(own, 0x800) == CUDA_ERROR_INVALID_VALUE;
    ok = ok && cuTexRefSetBorderColor(own, nullptr) == CUDA_ERROR_INVALID_VALUE;
    ok = ok && cuTexRefGetBorderColor(border, (CUtexref)image) == CUDA_ERROR_INVALID_HANDLE;
    ok = ok && cuTexRefGetAddress(&address, own) == CUDA_ERROR_INVALID_VALUE;
    ok = ok && cuTexRefGetArray(&array, own) == CUDA_ERROR_INVALID_VALUE;
    ok = ok && cuTexRefGetFlags(nullptr, own) == CUDA_ERROR_INVALID_VALUE;
    ok = ok && cuParamSetTexRef(function, 0, plane) == CUDA_ERROR_INVALID_VALUE;
    ok = ok && cuTexRefDestroy(own) == CUDA_SUCCESS && cuTexRefDestroy(own) == CUDA_ERROR_INVALID_HANDLE;
    ok = ok && cuModuleUnload(module) == CUDA_SUCCESS && cuTexRefSetFlags(plane, 0) == CUDA_ERROR_INVALID_HANDLE;
    std::printf("misuse: %s\n", ok ? "ok" : "wrong");
    return 0;
}
