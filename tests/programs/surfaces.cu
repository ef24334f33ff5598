// SPDX-License-Identifier: Apache-2.0
// Surfaces of every kind: written by one kernel, read by another, and copied back as arrays; element types from one byte
// to sixteen; the boundary modes zero and clamp. x counts bytes.
// EXPECT: 1D: ok
// EXPECT: 2D: ok
// EXPECT: 3D: ok
// EXPECT: 1D layers: ok
// EXPECT: 2D layers: ok
// EXPECT: cubemap: ok
// EXPECT: layered cubemap: ok
// EXPECT: element types: ok
// EXPECT: boundaries: ok
#include "check.h"

#include <cstring>

static bool good = true;

static void verdict(const char *name, bool fine) {
    std::printf("%s: %s\n", name, fine ? "ok" : "wrong");
    good &= fine;
}

static cudaArray_t make(cudaChannelFormatDesc format, cudaExtent extent, unsigned flags) {
    cudaArray_t array;
    CHECK(cudaMalloc3DArray(&array, &format, extent, flags | cudaArraySurfaceLoadStore));
    return array;
}

static cudaSurfaceObject_t surface_of(cudaArray_t array) {
    cudaResourceDesc resource = {}, back;
    resource.resType = cudaResourceTypeArray;
    resource.res.array.array = array;
    cudaSurfaceObject_t surface;
    CHECK(cudaCreateSurfaceObject(&surface, &resource));
    CHECK(cudaGetSurfaceObjectResourceDesc(&back, surface));
    if (back.res.array.array != array)
        verdict("resource", false);
    return surface;
}

static std::vector<float> download(cudaArray_t array, size_t width, size_t rows, size_t slices) {
    std::vector<float> values(width * rows * slices);
    cudaMemcpy3DParms copy = {};
    copy.srcArray = array;
    copy.dstPtr = make_cudaPitchedPtr(values.data(), width * sizeof(float), width, rows);
    copy.extent = make_cudaExtent(width, rows, slices);
    copy.kind = cudaMemcpyDeviceToHost;
    CHECK(cudaMemcpy3D(&copy));
    return values;
}

enum Kind { ONE, TWO, THREE, LINES, PLANES, CUBE, CUBES };

__device__ static void put(Kind kind, cudaSurfaceObject_t s, float value, int x, int y, int z) {
    switch (kind) {
    case ONE: surf1Dwrite(value, s, x * 4); break;
    case TWO: surf2Dwrite(value, s, x * 4, y); break;
    case THREE: surf3Dwrite(value, s, x * 4, y, z); break;
    case LINES: surf1DLayeredwrite(value, s, x * 4, z); break;
    case PLANES: surf2DLayeredwrite(value, s, x * 4, y, z); break;
    case CUBE: surfCubemapwrite(value, s, x * 4, y, z); break;
    case CUBES: surfCubemapLayeredwrite(value, s, x * 4, y, z); break;
    }
}

__device__ static float get(Kind kind, cudaSurfaceObject_t s, int x, int y, int z) {
    float value = -1;
    switch (kind) {
    case ONE: return surf1Dread<float>(s, x * 4);
    case TWO: surf2Dread(&value, s, x * 4, y); return value;
    case THREE: return surf3Dread<float>(s, x * 4, y, z, cudaBoundaryModeTrap);
    case LINES: surf1DLayeredread(&value, s, x * 4, z, cudaBoundaryModeZero); return value;
    case PLANES: return surf2DLayeredread<float>(s, x * 4, y, z);
    case CUBE: surfCubemapread(&value, s, x * 4, y, z); return value;
    case CUBES: return surfCubemapLayeredread<float>(s, x * 4, y, z);
    }
    return value;
}

__global__ void write(Kind kind, cudaSurfaceObject_t s, int width, int rows) {
    int x = threadIdx.x, y = threadIdx.y, z = blockIdx.x;
    put(kind, s, (float)((z * rows + y) * width + x) * 0.5f, x, y, z);
}

__global__ void copy(Kind kind, cudaSurfaceObject_t s, float *out, int width, int rows) {
    int x = threadIdx.x, y = threadIdx.y, z = blockIdx.x;
    out[(z * rows + y) * width + x] = get(kind, s, x, y, z);
}

static void kind(const char *name, Kind which, cudaExtent extent, unsigned flags) {
    cudaArray_t array = make(cudaCreateChannelDesc<float>(), extent, flags);
    cudaSurfaceObject_t s = surface_of(array);
    int width = (int)extent.width, rows = extent.height ? (int)extent.height : 1, slices = extent.depth ? (int)extent.depth : 1;
    std::vector<float> want((size_t)(width * rows * slices));
    for (size_t i = 0; i < want.size(); i++)
        want[i] = (float)i * 0.5f;
    Array<float> out(want.size());
    write<<<slices, dim3(width, rows)>>>(which, s, width, rows);
    copy<<<slices, dim3(width, rows)>>>(which, s, out, width, rows);
    CHECK_LAUNCH();
    verdict(name, out.host() == want && download(array, width, rows, slices) == want);
    CHECK(cudaDestroySurfaceObject(s));
    CHECK(cudaFreeArray(array));
}

/* Values of type T go through a surface and back, each read twice the distance from where it was written. */
template <typename T> __global__ void shift(cudaSurfaceObject_t from, cudaSurfaceObject_t to, int width) {
    int x = threadIdx.x;
    T value = surf2Dread<T>(from, x * (int)sizeof(T), 0);
    surf2Dwrite<T>(value, to, (width - 1 - x) * (int)sizeof(T), 0);
}

template <typename T> static bool type(cudaChannelFormatDesc format) {
    const int width = 16;
    cudaArray_t a = make(format, make_cudaExtent(width, 2, 0), 0), b = make(format, make_cudaExtent(width, 2, 0), 0);
    cudaSurfaceObject_t from = surface_of(a), to = surface_of(b);
    std::vector<unsigned char> bytes(width * sizeof(T)), have(width * sizeof(T));
    for (size_t i = 0; i < bytes.size(); i++)
        bytes[i] = (unsigned char)(i * 7 + 1);
    CHECK(cudaMemcpy2DToArray(a, 0, 0, bytes.data(), bytes.size(), bytes.size(), 1, cudaMemcpyHostToDevice));
    shift<T><<<1, width>>>(from, to, width);
    CHECK_LAUNCH();
    CHECK(cudaMemcpy2DFromArray(have.data(), have.size(), b, 0, 0, have.size(), 1, cudaMemcpyDeviceToHost));
    bool fine = true;
    for (int x = 0; x < width; x++)
        fine &= memcmp(&bytes[x * sizeof(T)], &have[(width - 1 - x) * sizeof(T)], sizeof(T)) == 0;
    CHECK(cudaDestroySurfaceObject(from));
    CHECK(cudaDestroySurfaceObject(to));
    CHECK(cudaFreeArray(a));
    CHECK(cudaFreeArray(b));
    return fine;
}

template <typename T> static bool type() { return type<T>(cudaCreateChannelDesc<T>()); }

__global__ void boundaries(cudaSurfaceObject_t s, int *out) {
    out[0] = surf2Dread<int>(s, -4, 0, cudaBoundaryModeZero);
    out[1] = surf2Dread<int>(s, 4 * 4, 1, cudaBoundaryModeZero);
    out[2] = surf2Dread<int>(s, 0, 3, cudaBoundaryModeZero);
    out[3] = surf2Dread<int>(s, -40, -9, cudaBoundaryModeClamp);
    out[4] = surf2Dread<int>(s, 400, 1, cudaBoundaryModeClamp);
    out[5] = surf2Dread<int>(s, 8, 99, cudaBoundaryModeClamp);
    surf2Dwrite(100, s, -4, 0, cudaBoundaryModeZero);
    surf2Dwrite(101, s, 0, 3, cudaBoundaryModeZero);
    surf2Dwrite(102, s, 444, 1, cudaBoundaryModeClamp);
}

static bool boundary() {
    cudaArray_t array = make(cudaCreateChannelDesc<int>(), make_cudaExtent(4, 3, 0), 0);
    cudaSurfaceObject_t s = surface_of(array);
    int values[12], have[12];
    for (int i = 0; i < 12; i++)
        values[i] = i + 1;
    CHECK(cudaMemcpy2DToArray(array, 0, 0, values, 16, 16, 3, cudaMemcpyHostToDevice));
    Array<int> out(6);
    boundaries<<<1, 1>>>(s, out);
    CHECK_LAUNCH();
    CHECK(cudaMemcpy2DFromArray(have, 16, array, 0, 0, 16, 3, cudaMemcpyDeviceToHost));
    bool fine = out.host() == std::vector<int>{0, 0, 0, 1, 8, 11};
    for (int i = 0; i < 12; i++)
        fine &= have[i] == (i == 7 ? 102 : i + 1);
    CHECK(cudaDestroySurfaceObject(s));
    CHECK(cudaFreeArray(array));
    return fine;
}

int main() {
    kind("1D", ONE, make_cudaExtent(24, 0, 0), 0);
    kind("2D", TWO, make_cudaExtent(16, 6, 0), 0);
    kind("3D", THREE, make_cudaExtent(8, 4, 5), 0);
    kind("1D layers", LINES, make_cudaExtent(10, 0, 3), cudaArrayLayered);
    kind("2D layers", PLANES, make_cudaExtent(8, 3, 4), cudaArrayLayered);
    kind("cubemap", CUBE, make_cudaExtent(4, 4, 6), cudaArrayCubemap);
    kind("layered cubemap", CUBES, make_cudaExtent(4, 4, 12), cudaArrayCubemap | cudaArrayLayered);
    bool types = type<char>() && type<signed char>() && type<unsigned char>() && type<char2>() && type<uchar4>() &&
                 type<short>() && type<ushort2>() && type<short4>() && type<int>() && type<unsigned>() && type<uint2>() &&
                 type<int4>() && type<float>() && type<float2>() && type<float4>() &&
                 type<long long>(cudaCreateChannelDesc<int2>()) && type<ulonglong2>(cudaCreateChannelDesc<uint4>());
    verdict("element types", types);
    verdict("boundaries", boundary());
    return !good;
}
