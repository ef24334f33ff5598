// SPDX-License-Identifier: Apache-2.0
// What PTX asks of textures and surfaces, and its forms of access that CUDA C++ has no functions for (PTX ISA 9.7.10, 9.7.11): txq, suq, tex.level
// at whole coordinates, results of 16 bits, tld4 of layers and cubemaps, sust.p in the surface's format, sured.
// EXPECT: size 8 x 4 x 1, 3 levels, 2 x 1 at level 2
// EXPECT: normalized 1, filter 1, addresses 0 3 0
// EXPECT: surface 8 x 4
// EXPECT: levels at whole coordinates: ok
// EXPECT: halves: ok
// EXPECT: gathered from layers: ok
// EXPECT: gathered from a cubemap: ok
// EXPECT: stores in the format: ok
// EXPECT: reductions: ok
#include <cuda_fp16.h>
#include <vector>

#include "check.h"

__global__ void ask(cudaTextureObject_t t, cudaSurfaceObject_t s, int *out) {
#define TEXTURE(n, question) asm volatile("txq." question ".b32 %0, [%1];" : "=r"(out[n]) : "l"(t))
    TEXTURE(0, "width");
    TEXTURE(1, "height");
    TEXTURE(2, "depth");
    TEXTURE(3, "num_mipmap_levels");
    TEXTURE(6, "normalized_coords");
    TEXTURE(7, "filter_mode");
    TEXTURE(8, "addr_mode_0");
    TEXTURE(9, "addr_mode_1");
    TEXTURE(10, "addr_mode_2");
    asm volatile("txq.level.width.b32 %0, [%1], 2;" : "=r"(out[4]) : "l"(t));
    asm volatile("txq.level.height.b32 %0, [%1], %2;" : "=r"(out[5]) : "l"(t), "r"(2));
    asm volatile("suq.width.b32 %0, [%1];" : "=r"(out[11]) : "l"(s));
    asm volatile("suq.height.b32 %0, [%1];" : "=r"(out[12]) : "l"(s));
}

__global__ void fetch_levels(cudaTextureObject_t t, float *out) {
    int x = threadIdx.x, y = threadIdx.y, level = blockIdx.x;
    float a, b, c, d;
    if (x >= 8 >> level || y >= 4 >> level) return;
    asm volatile("tex.level.2d.v4.f32.s32 {%0, %1, %2, %3}, [%4, {%5, %6}], %7;" : "=f"(a), "=f"(b), "=f"(c), "=f"(d) : "l"(t), "r"(x), "r"(y), "r"(level));
    out[level * 32 + y * 8 + x] = a;
}

__global__ void halves(cudaTextureObject_t t, float *out) {
    int x = threadIdx.x, y = threadIdx.y;
    unsigned low, high;
    asm volatile("tex.2d.v2.f16x2.f32 {%0, %1}, [%2, {%3, %4}];" : "=r"(low), "=r"(high) : "l"(t), "f"(x + 0.5f), "f"(y + 0.5f));
    float *to = out + 4 * (y * 8 + x);
    to[0] = __half2float(__ushort_as_half((unsigned short)low)), to[1] = __half2float(__ushort_as_half((unsigned short)(low >> 16)));
    to[2] = __half2float(__ushort_as_half((unsigned short)high)), to[3] = __half2float(__ushort_as_half((unsigned short)(high >> 16)));
}

__global__ void gather_layer(cudaTextureObject_t t, float *out) {
    int x = threadIdx.x, y = threadIdx.y, layer = blockIdx.x;
    float *to = out + 4 * ((layer * 4 + y) * 8 + x), a, b, c, d;
    asm volatile("tld4.r.a2d.v4.f32.f32 {%0, %1, %2, %3}, [%4, {%5, %6, %7, %7}];" : "=f"(a), "=f"(b), "=f"(c), "=f"(d) : "l"(t), "r"(layer), "f"(x + 0.75f), "f"(y + 0.75f));
    to[0] = a, to[1] = b, to[2] = c, to[3] = d;
}

/* The middle of the face towards +x, and of that towards -z. */
__global__ void gather_cube(cudaTextureObject_t t, float *out) {
    float x = threadIdx.x ? 0.0f : 1.0f, z = threadIdx.x ? -1.0f : 0.0f, a, b, c, d;
    asm volatile("tld4.r.cube.v4.f32.f32 {%0, %1, %2, %3}, [%4, {%5, %6, %7, %7}];" : "=f"(a), "=f"(b), "=f"(c), "=f"(d) : "l"(t), "f"(x), "f"(0.0f), "f"(z));
    float *to = out + 4 * threadIdx.x;
    to[0] = a, to[1] = b, to[2] = c, to[3] = d;
}

__global__ void store_formats(cudaSurfaceObject_t bytes, cudaSurfaceObject_t floats) {
    int x = threadIdx.x, y = threadIdx.y;
    asm volatile("sust.p.2d.v4.b32.trap [%0, {%1, %2}], {%3, %4, %5, %6};" ::"l"(bytes), "r"(x), "r"(y), "r"(x), "r"(y), "r"(300), "r"(255) : "memory");
    asm volatile("sust.p.2d.v2.b32.zero [%0, {%1, %2}], {%3, %4};" ::"l"(floats), "r"(x - 1), "r"(y), "r"(__float_as_uint(x + 0.25f)), "r"(__float_as_uint(100000.0f)) : "memory");
}

__global__ void reduce(cudaSurfaceObject_t s) {
    int x = threadIdx.x % 8, y = threadIdx.x / 8 % 4;
    asm volatile("sured.b.add.2d.u32.trap [%0, {%1, %2}], %3;" ::"l"(s), "r"(4 * x), "r"(y), "r"(threadIdx.x) : "memory");
    asm volatile("sured.b.max.2d.s32.zero [%0, {%1, %2}], %3;" ::"l"(s), "r"(4 * (x + 8)), "r"(y), "r"((int)threadIdx.x - 64) : "memory");
    asm volatile("sured.b.min.2d.s32.trap [%0, {%1, %2}], %3;" ::"l"(s), "r"(4 * (x + 16)), "r"(y), "r"((int)threadIdx.x - 64) : "memory");
    asm volatile("sured.b.or.2d.b32.trap [%0, {%1, %2}], %3;" ::"l"(s), "r"(4 * (x + 24)), "r"(y), "r"(1 << threadIdx.x / 32) : "memory");
}

static void say(const char *name, int wrong) {
    std::printf("%s: %s\n", name, wrong ? "wrong" : "ok");
}

template <class T> static T *managed(size_t count) {
    T *memory;
    CHECK(cudaMallocManaged(&memory, count * sizeof(T)));
    return memory;
}

static cudaTextureObject_t texture_of(cudaResourceDesc resource, bool normalized, bool linear) {
    cudaTextureDesc how = {};
    how.addressMode[0] = normalized ? cudaAddressModeWrap : cudaAddressModeClamp;
    how.addressMode[1] = cudaAddressModeClamp;
    how.filterMode = linear ? cudaFilterModeLinear : cudaFilterModePoint;
    how.normalizedCoords = normalized;
    how.maxMipmapLevelClamp = 10;
    cudaTextureObject_t object;
    CHECK(cudaCreateTextureObject(&object, &resource, &how, nullptr));
    return object;
}

static cudaArray_t array_of(cudaChannelFormatDesc format, int width, int height, int depth, unsigned flags) {
    cudaArray_t array;
    CHECK(cudaMalloc3DArray(&array, &format, make_cudaExtent(width, height, depth), flags));
    return array;
}

static cudaResourceDesc resource_of(cudaArray_t array) {
    cudaResourceDesc resource = {};
    resource.resType = cudaResourceTypeArray;
    resource.res.array.array = array;
    return resource;
}

static cudaSurfaceObject_t surface_of(cudaArray_t array) {
    cudaResourceDesc resource = resource_of(array);
    cudaSurfaceObject_t object;
    CHECK(cudaCreateSurfaceObject(&object, &resource));
    return object;
}

static void copy_in(cudaArray_t array, const void *from, int width, int height, int depth, size_t bytes) {
    cudaMemcpy3DParms copy = {};
    copy.srcPtr = make_cudaPitchedPtr(const_cast<void *>(from), width * bytes, width, height);
    copy.dstArray = array;
    copy.extent = make_cudaExtent(width, height, depth);
    copy.kind = cudaMemcpyHostToDevice;
    CHECK(cudaMemcpy3D(&copy));
}

static void questions_and_levels() {
    cudaMipmappedArray_t mips;
    cudaChannelFormatDesc format = cudaCreateChannelDesc<float>();
    CHECK(cudaMallocMipmappedArray(&mips, &format, make_cudaExtent(8, 4, 0), 3));
    for (int level = 0; level < 3; level++) {
        cudaArray_t array;
        CHECK(cudaGetMipmappedArrayLevel(&array, mips, level));
        std::vector<float> texels(32);
        for (int i = 0; i < 32; i++) texels[i] = (float)(level * 100 + i);
        CHECK(cudaMemcpy2DToArray(array, 0, 0, texels.data(), (8 >> level) * 4, (8 >> level) * 4, 4 >> level, cudaMemcpyHostToDevice));
    }
    cudaResourceDesc resource = {};
    resource.resType = cudaResourceTypeMipmappedArray;
    resource.res.mipmap.mipmap = mips;
    cudaArray_t plain = array_of(cudaCreateChannelDesc<uchar4>(), 8, 4, 0, cudaArraySurfaceLoadStore);
    int *out = managed<int>(16);
    ask<<<1, 1>>>(texture_of(resource, true, true), surface_of(plain), out);
    CHECK(cudaDeviceSynchronize());
    std::printf("size %d x %d x %d, %d levels, %d x %d at level 2\n", out[0], out[1], out[2] ? out[2] : 1, out[3], out[4], out[5]);
    std::printf("normalized %d, filter %d, addresses %d %d %d\n", out[6], out[7], out[8], out[9], out[10]);
    std::printf("surface %d x %d\n", out[11], out[12]);
    float *texels = managed<float>(96);
    fetch_levels<<<3, dim3(8, 4)>>>(texture_of(resource, true, false), texels);
    CHECK(cudaDeviceSynchronize());
    int wrong = 0;
    for (int level = 0; level < 3; level++)
        for (int y = 0; y < 4 >> level; y++)
            for (int x = 0; x < 8 >> level; x++) wrong += texels[level * 32 + y * 8 + x] != (float)(level * 100 + y * (8 >> level) + x);
    say("levels at whole coordinates", wrong);
}

static void sixteen_bits_and_gathers() {
    std::vector<float> quads(128), single(96);
    for (int i = 0; i < 128; i++) quads[i] = (float)i / 3;
    for (int i = 0; i < 96; i++) single[i] = (float)i;
    cudaArray_t four = array_of(cudaCreateChannelDesc<float4>(), 8, 4, 0, 0);
    copy_in(four, quads.data(), 8, 4, 1, 16);
    float *out = managed<float>(384);
    halves<<<1, dim3(8, 4)>>>(texture_of(resource_of(four), false, false), out);
    CHECK(cudaDeviceSynchronize());
    int wrong = 0;
    for (int i = 0; i < 128; i++) wrong += out[i] != __half2float(__float2half(quads[i]));
    say("halves", wrong);
    cudaArray_t layers = array_of(cudaCreateChannelDesc<float>(), 8, 4, 3, cudaArrayLayered);
    copy_in(layers, single.data(), 8, 4, 3, 4);
    gather_layer<<<3, dim3(8, 4)>>>(texture_of(resource_of(layers), false, false), out);
    CHECK(cudaDeviceSynchronize());
    wrong = 0;
    for (int i = 0; i < 96; i++) {
        int x = i % 8, y = i / 8 % 4, right = x < 7 ? x + 1 : 7, below = y < 3 ? y + 1 : 3, first = i / 32 * 32;
        const int at[] = {first + below * 8 + x, first + below * 8 + right, first + y * 8 + right, first + y * 8 + x};
        for (int n = 0; n < 4; n++) wrong += out[4 * i + n] != (float)at[n];
    }
    say("gathered from layers", wrong);
    cudaArray_t cube = array_of(cudaCreateChannelDesc<float>(), 4, 4, 6, cudaArrayCubemap);
    copy_in(cube, single.data(), 4, 4, 6, 4);
    gather_cube<<<1, 2>>>(texture_of(resource_of(cube), true, false), out);
    CHECK(cudaDeviceSynchronize());
    wrong = 0;
    for (int n = 0; n < 8; n++) {
        static const int at[] = {9, 10, 6, 5}; /* around the middle of 4 x 4 */
        wrong += out[n] != (float)(n / 4 * 5 * 16 + at[n % 4]);
    }
    say("gathered from a cubemap", wrong);
}

static void formats_and_reductions() {
    cudaArray_t bytes = array_of(cudaCreateChannelDesc<uchar4>(), 8, 4, 0, cudaArraySurfaceLoadStore);
    cudaArray_t floats = array_of(cudaCreateChannelDescHalf2(), 8, 4, 0, cudaArraySurfaceLoadStore);
    store_formats<<<1, dim3(8, 4)>>>(surface_of(bytes), surface_of(floats));
    std::vector<uchar4> colours(32);
    std::vector<unsigned> pairs(32);
    CHECK(cudaMemcpy2DFromArray(colours.data(), 32, bytes, 0, 0, 32, 4, cudaMemcpyDeviceToHost));
    CHECK(cudaMemcpy2DFromArray(pairs.data(), 32, floats, 0, 0, 32, 4, cudaMemcpyDeviceToHost));
    int wrong = 0;
    for (int i = 0; i < 32; i++) {
        int x = i % 8, y = i / 8;
        wrong += colours[i].x != x || colours[i].y != y || colours[i].z != 255 || colours[i].w != 255;
        if (x < 7) wrong += pairs[i] != (0x7c000000u | __half_as_ushort(__float2half(x + 1.25f)));
    }
    say("stores in the format", wrong);
    cudaArray_t words = array_of(cudaCreateChannelDesc<unsigned>(), 32, 4, 0, cudaArraySurfaceLoadStore);
    std::vector<int> sums(128);
    CHECK(cudaMemcpy2DToArray(words, 0, 0, sums.data(), 128, 128, 4, cudaMemcpyHostToDevice));
    reduce<<<1, 128>>>(surface_of(words));
    CHECK(cudaMemcpy2DFromArray(sums.data(), 128, words, 0, 0, 128, 4, cudaMemcpyDeviceToHost));
    wrong = 0;
    for (int i = 0; i < 32; i++) {
        int x = i % 8, y = i / 8;
        const int want[] = {4 * i + 192, i + 32, i - 64, 15};
        for (int n = 0; n < 4; n++) wrong += sums[y * 32 + 8 * n + x] != want[n];
    }
    say("reductions", wrong);
}

int main() {
    questions_and_levels();
    sixteen_bits_and_gathers();
    formats_and_reductions();
    return 0;
}
