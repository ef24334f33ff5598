// SPDX-License-Identifier: Apache-2.0
// Layered textures of one and two dimensions, cubemaps and layered cubemaps: every layer and face by point reads, faces
// chosen by the table of the CUDA C++ Programming Guide, "Cubemap Textures", layers clamped, and seamless filtering.
// EXPECT: 1D layers: ok
// EXPECT: 2D layers: ok
// EXPECT: filtered 2D layers: ok
// EXPECT: cubemap: ok
// EXPECT: layered cubemap: ok
// EXPECT: seams: ok
#include "check.h"

#include <cmath>

static cudaArray_t upload(const std::vector<float> &values, cudaExtent extent, unsigned flags) {
    cudaArray_t array;
    cudaChannelFormatDesc format = cudaCreateChannelDesc<float>();
    CHECK(cudaMalloc3DArray(&array, &format, extent, flags));
    size_t rows = extent.height ? extent.height : 1;
    cudaMemcpy3DParms copy = {};
    copy.srcPtr = make_cudaPitchedPtr((void *)values.data(), extent.width * sizeof(float), extent.width, rows);
    copy.dstArray = array;
    copy.extent = make_cudaExtent(extent.width, rows, extent.depth);
    copy.kind = cudaMemcpyHostToDevice;
    CHECK(cudaMemcpy3D(&copy));
    return array;
}

static cudaTextureObject_t bind(cudaArray_t array, cudaTextureFilterMode filter, bool normalized, bool seamless) {
    cudaResourceDesc resource = {};
    resource.resType = cudaResourceTypeArray;
    resource.res.array.array = array;
    cudaTextureDesc desc = {};
    desc.addressMode[0] = desc.addressMode[1] = desc.addressMode[2] = cudaAddressModeClamp;
    desc.filterMode = filter;
    desc.normalizedCoords = normalized;
    desc.seamlessCubemap = seamless;
    cudaTextureObject_t texture;
    CHECK(cudaCreateTextureObject(&texture, &resource, &desc, nullptr));
    return texture;
}

static std::vector<float> numbers(size_t count) {
    std::vector<float> values(count);
    for (size_t i = 0; i < count; i++)
        values[i] = (float)((i * 37) % 1009);
    return values;
}

__global__ void lines(cudaTextureObject_t texture, float *out, int first) {
    int x = threadIdx.x, layer = blockIdx.x;
    out[layer * blockDim.x + x] = tex1DLayered<float>(texture, x + 0.5f, layer + first);
}

__global__ void planes(cudaTextureObject_t texture, float *out, float dx) {
    int x = threadIdx.x, y = threadIdx.y, layer = blockIdx.x;
    float value;
    tex2DLayered(&value, texture, x + 0.5f + dx, y + 0.5f, layer);
    out[(layer * blockDim.y + y) * blockDim.x + x] = value;
}

/* The direction through the middle of an element of a face. */
__host__ __device__ static float3 direction(int face, float s, float t) {
    switch (face) {
    case 0: return make_float3(1, -t, -s);
    case 1: return make_float3(-1, -t, s);
    case 2: return make_float3(s, 1, t);
    case 3: return make_float3(s, -1, -t);
    case 4: return make_float3(s, -t, 1);
    default: return make_float3(-s, -t, -1);
    }
}

template <bool LAYERED> __global__ void cube(cudaTextureObject_t texture, float *out, float scale) {
    int x = threadIdx.x, y = threadIdx.y, face = blockIdx.x, layer = blockIdx.y, n = blockDim.x;
    float3 d = direction(face, (2 * x + 1.0f) / n - 1, (2 * y + 1.0f) / n - 1);
    float value;
    if (LAYERED)
        value = texCubemapLayered<float>(texture, d.x * scale, d.y * scale, d.z * scale, layer);
    else
        value = texCubemap<float>(texture, d.x * scale, d.y * scale, d.z * scale);
    out[((layer * 6 + face) * n + y) * n + x] = value;
}

/* Directions beside an edge, a little on either side, and near a corner. */
__global__ void seams(cudaTextureObject_t texture, float *out) {
    out[0] = texCubemap<float>(texture, 1.0f, 0.25f, 0.99999f);
    out[1] = texCubemap<float>(texture, 0.99999f, 0.25f, 1.0f);
    out[2] = texCubemap<float>(texture, 1.0f, 0.99999f, 0.99998f);
    out[3] = texCubemap<float>(texture, 0.99999f, 1.0f, 0.99998f);
}

int main() {
    bool good = true;
    {
        std::vector<float> values = numbers(20 * 5);
        cudaArray_t array = upload(values, make_cudaExtent(20, 0, 5), cudaArrayLayered);
        cudaTextureObject_t texture = bind(array, cudaFilterModePoint, false, false);
        Array<float> out(values.size()), clamped(40);
        lines<<<5, 20>>>(texture, out, 0);
        lines<<<2, 20>>>(texture, clamped, 4);
        CHECK_LAUNCH();
        std::vector<float> last = clamped.host();
        good &= same("1D layers", out.host(), values);
        for (int x = 0; x < 40; x++)
            good &= last[x] == values[80 + x % 20];
        CHECK(cudaDestroyTextureObject(texture));
        CHECK(cudaFreeArray(array));
    }
    {
        std::vector<float> values = numbers(8 * 4 * 7), want = values;
        cudaArray_t array = upload(values, make_cudaExtent(8, 4, 7), cudaArrayLayered);
        cudaTextureObject_t point = bind(array, cudaFilterModePoint, false, false);
        cudaTextureObject_t linear = bind(array, cudaFilterModeLinear, false, false);
        Array<float> out(values.size());
        planes<<<7, dim3(8, 4)>>>(point, out, 0);
        CHECK_LAUNCH();
        good &= same("2D layers", out.host(), values);
        planes<<<7, dim3(8, 4)>>>(linear, out, 0.25f);
        CHECK_LAUNCH();
        for (size_t i = 0; i < want.size(); i++)
            want[i] = i % 8 == 7 ? values[i] : 0.75f * values[i] + 0.25f * values[i + 1];
        good &= same("filtered 2D layers", out.host(), want);
        CHECK(cudaDestroyTextureObject(point));
        CHECK(cudaDestroyTextureObject(linear));
        CHECK(cudaFreeArray(array));
    }
    {
        std::vector<float> values = numbers(8 * 8 * 6);
        cudaArray_t array = upload(values, make_cudaExtent(8, 8, 6), cudaArrayCubemap);
        cudaTextureObject_t point = bind(array, cudaFilterModePoint, true, false);
        Array<float> out(values.size());
        cube<false><<<6, dim3(8, 8)>>>(point, out, 3.5f);
        CHECK_LAUNCH();
        good &= same("cubemap", out.host(), values);
        CHECK(cudaDestroyTextureObject(point));
        CHECK(cudaFreeArray(array));
    }
    {
        std::vector<float> values = numbers(4 * 4 * 18);
        cudaArray_t array = upload(values, make_cudaExtent(4, 4, 18), cudaArrayCubemap | cudaArrayLayered);
        cudaTextureObject_t linear = bind(array, cudaFilterModeLinear, true, false);
        Array<float> out(values.size());
        cube<true><<<dim3(6, 3), dim3(4, 4)>>>(linear, out, 1.0f); /* the middles of elements: no mixture */
        CHECK_LAUNCH();
        good &= same("layered cubemap", out.host(), values);
        CHECK(cudaDestroyTextureObject(linear));
        CHECK(cudaFreeArray(array));
    }
    {
        std::vector<float> values = numbers(4 * 4 * 6);
        cudaArray_t array = upload(values, make_cudaExtent(4, 4, 6), cudaArrayCubemap);
        cudaTextureObject_t seamless = bind(array, cudaFilterModeLinear, true, true);
        cudaTextureObject_t seamed = bind(array, cudaFilterModeLinear, true, false);
        Array<float> smooth(4), rough(4);
        seams<<<1, 1>>>(seamless, smooth);
        seams<<<1, 1>>>(seamed, rough);
        CHECK_LAUNCH();
        std::vector<float> a = smooth.host(), b = rough.host();
        auto at = [&](int face, int x, int y) { return values[(face * 4 + y) * 4 + x]; };
        /* x = 1, z near 1: the left edge of face 0 and the right one of face 4; y = 0.25 is the middle of row 1. */
        float edge = 0.5f * (at(0, 0, 1) + at(4, 3, 1));
        float corner = (at(0, 0, 0) + at(4, 3, 0) + at(2, 3, 3)) / 3;
        bool fine = std::fabs(a[0] - edge) < 2 && std::fabs(a[1] - edge) < 2 && std::fabs(a[2] - corner) < 2 &&
                    std::fabs(a[3] - corner) < 2 && b[0] == at(0, 0, 1) && b[1] == at(4, 3, 1);
        if (fine)
            std::printf("seams: ok\n");
        else
            std::printf("seams: %g %g for %g, %g %g for %g, %g %g\n", a[0], a[1], edge, a[2], a[3], corner, b[0], b[1]);
        good &= fine;
        CHECK(cudaDestroyTextureObject(seamless));
        CHECK(cudaDestroyTextureObject(seamed));
        CHECK(cudaFreeArray(array));
    }
    return !good;
}
