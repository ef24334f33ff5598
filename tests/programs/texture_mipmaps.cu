// SPDX-License-Identifier: Apache-2.0
// Mipmapped arrays: levels and their sizes, reads at a level of detail with point and linear filtering between levels,
// bias and clamps, levels from derivatives, anisotropic filtering along an edge, and views of levels, layers and formats.
// Level l is filled with the number l, so that a read tells which levels it mixed.
// EXPECT: sizes: ok
// EXPECT: level of detail: ok
// EXPECT: bias and clamps: ok
// EXPECT: derivatives: ok
// EXPECT: anisotropy: ok
// EXPECT: views of levels: ok
// EXPECT: views of layers: ok
// EXPECT: views of formats: ok
#include "check.h"

#include <cmath>

static bool good = true;

static void verdict(const char *name, bool fine) {
    std::printf("%s: %s\n", name, fine ? "ok" : "wrong");
    good &= fine;
}

static bool near(float a, float b, float tolerance = 1e-6f) {
    if (std::fabs(a - b) <= tolerance)
        return true;
    std::printf("%.9g, should be %.9g\n", a, b);
    return false;
}

__global__ void at_level(cudaTextureObject_t texture, const float *levels, float *out) {
    int i = threadIdx.x;
    out[i] = tex2DLod<float>(texture, 0.3f, 0.7f, levels[i]);
}

__global__ void at_gradient(cudaTextureObject_t texture, const float *lengths, float *out) {
    int i = threadIdx.x;
    float2 small = make_float2(1e-6f, 0), large = make_float2(0, lengths[i]);
    out[i] = i & 1 ? tex2DGrad<float>(texture, 0.3f, 0.7f, small, large)
                   : tex2DGrad<float>(texture, 0.3f, 0.7f, large, small);
}

__global__ void plain(cudaTextureObject_t texture, float *out) { *out = tex2D<float>(texture, 0.3f, 0.7f); }

static cudaTextureDesc clamped(cudaTextureFilterMode filter, cudaTextureFilterMode between) {
    cudaTextureDesc desc = {};
    desc.addressMode[0] = desc.addressMode[1] = desc.addressMode[2] = cudaAddressModeClamp;
    desc.filterMode = filter;
    desc.mipmapFilterMode = between;
    desc.normalizedCoords = 1;
    desc.maxMipmapLevelClamp = 100;
    return desc;
}

static cudaTextureObject_t make(cudaMipmappedArray_t mipmap, const cudaTextureDesc &desc, const cudaResourceViewDesc *view = nullptr) {
    cudaResourceDesc resource = {};
    resource.resType = cudaResourceTypeMipmappedArray;
    resource.res.mipmap.mipmap = mipmap;
    cudaTextureObject_t texture;
    CHECK(cudaCreateTextureObject(&texture, &resource, &desc, view));
    return texture;
}

static std::vector<float> run(cudaTextureObject_t texture, const std::vector<float> &in, bool gradient) {
    Array<float> from(in), out(in.size());
    if (gradient)
        at_gradient<<<1, (unsigned)in.size()>>>(texture, from, out);
    else
        at_level<<<1, (unsigned)in.size()>>>(texture, from, out);
    CHECK_LAUNCH();
    CHECK(cudaDestroyTextureObject(texture));
    return out.host();
}

static void fill(cudaArray_t array, float value) {
    cudaExtent extent;
    CHECK(cudaArrayGetInfo(nullptr, &extent, nullptr, array));
    std::vector<float> values(extent.width * extent.height, value);
    CHECK(cudaMemcpy2DToArray(array, 0, 0, values.data(), extent.width * 4, extent.width * 4, extent.height, cudaMemcpyHostToDevice));
}

static void layers() {
    cudaArray_t array;
    cudaChannelFormatDesc format = cudaCreateChannelDesc<float>();
    CHECK(cudaMalloc3DArray(&array, &format, make_cudaExtent(2, 2, 5), cudaArrayLayered));
    std::vector<float> values(20);
    for (int i = 0; i < 20; i++)
        values[i] = (float)(i / 4);
    cudaMemcpy3DParms copy = {};
    copy.srcPtr = make_cudaPitchedPtr(values.data(), 8, 2, 2);
    copy.dstArray = array;
    copy.extent = make_cudaExtent(2, 2, 5);
    copy.kind = cudaMemcpyHostToDevice;
    CHECK(cudaMemcpy3D(&copy));
    cudaResourceDesc resource = {};
    resource.resType = cudaResourceTypeArray;
    resource.res.array.array = array;
    cudaResourceViewDesc view = {};
    view.format = cudaResViewFormatFloat1;
    view.width = view.height = 2;
    view.depth = 5;
    view.firstLayer = 3;
    view.lastLayer = 4;
    cudaTextureDesc desc = clamped(cudaFilterModePoint, cudaFilterModePoint);
    cudaTextureObject_t texture;
    CHECK(cudaCreateTextureObject(&texture, &resource, &desc, &view));
    Array<float> out(1);
    plain<<<1, 1>>>(texture, out);
    CHECK_LAUNCH();
    cudaResourceViewDesc back;
    CHECK(cudaGetTextureObjectResourceViewDesc(&back, texture));
    verdict("views of layers", near(out.host()[0], 3) && back.firstLayer == 3 && back.format == cudaResViewFormatFloat1);
    CHECK(cudaDestroyTextureObject(texture));
    CHECK(cudaFreeArray(array));
}

__global__ void as_bytes(cudaTextureObject_t texture, uchar4 *out) { *out = tex2D<uchar4>(texture, 0.5f, 0.5f); }

static void formats() {
    cudaArray_t array;
    cudaChannelFormatDesc format = cudaCreateChannelDesc<unsigned int>();
    CHECK(cudaMallocArray(&array, &format, 4, 4));
    std::vector<unsigned> values(16, 0x04030201u);
    CHECK(cudaMemcpy2DToArray(array, 0, 0, values.data(), 16, 16, 4, cudaMemcpyHostToDevice));
    cudaResourceDesc resource = {};
    resource.resType = cudaResourceTypeArray;
    resource.res.array.array = array;
    cudaResourceViewDesc view = {};
    view.format = cudaResViewFormatUnsignedChar4;
    view.width = view.height = 4;
    cudaTextureDesc desc = {};
    cudaTextureObject_t texture;
    CHECK(cudaCreateTextureObject(&texture, &resource, &desc, &view));
    Array<uchar4> out(1);
    as_bytes<<<1, 1>>>(texture, out);
    CHECK_LAUNCH();
    uchar4 have = out.host()[0];
    verdict("views of formats", have.x == 1 && have.y == 2 && have.z == 3 && have.w == 4);
    CHECK(cudaDestroyTextureObject(texture));
    CHECK(cudaFreeArray(array));
}

/* A long step is covered by several samples at a finer level than one sample would need. */
static void anisotropy() {
    cudaMipmappedArray_t mipmap;
    cudaArray_t level;
    cudaChannelFormatDesc format = cudaCreateChannelDesc<float>();
    CHECK(cudaMallocMipmappedArray(&mipmap, &format, make_cudaExtent(64, 64, 0), 7));
    for (unsigned l = 0; l < 7; l++) {
        CHECK(cudaGetMipmappedArrayLevel(&level, mipmap, l));
        fill(level, (float)l);
    }
    cudaTextureDesc desc = clamped(cudaFilterModeLinear, cudaFilterModeLinear);
    desc.maxAnisotropy = 4;
    /* Steps of 16/64 along one axis and next to nothing along the other: four samples at level log2(16 / 4). */
    std::vector<float> have = run(make(mipmap, desc), {16.0f / 64, 16.0f / 64, 32.0f / 64}, true);
    verdict("anisotropy", near(have[0], 2, 0.01f) && near(have[1], 2, 0.01f) && near(have[2], 3, 0.01f));
    CHECK(cudaFreeMipmappedArray(mipmap));
}

int main() {
    cudaMipmappedArray_t mipmap;
    cudaChannelFormatDesc format = cudaCreateChannelDesc<float>();
    CHECK(cudaMallocMipmappedArray(&mipmap, &format, make_cudaExtent(40, 12, 0), 99)); /* 99 becomes 6: 40 20 10 5 2 1 */
    bool fine = true;
    cudaArray_t level;
    static const size_t sizes[6][2] = {{40, 12}, {20, 6}, {10, 3}, {5, 1}, {2, 1}, {1, 1}};
    for (unsigned l = 0; l < 6; l++) {
        cudaExtent extent;
        CHECK(cudaGetMipmappedArrayLevel(&level, mipmap, l));
        CHECK(cudaArrayGetInfo(nullptr, &extent, nullptr, level));
        fine &= extent.width == sizes[l][0] && extent.height == sizes[l][1] && extent.depth == 0;
        fill(level, (float)l);
    }
    fine &= cudaGetMipmappedArrayLevel(&level, mipmap, 6) == cudaErrorInvalidValue;
    (void)cudaGetLastError();
    verdict("sizes", fine);

    std::vector<float> levels = {-3, 0, 0.25f, 0.5f, 1, 1.75f, 2.5f, 4.875f, 5, 20};
    std::vector<float> nearest = run(make(mipmap, clamped(cudaFilterModePoint, cudaFilterModePoint)), levels, false);
    std::vector<float> mixed = run(make(mipmap, clamped(cudaFilterModeLinear, cudaFilterModeLinear)), levels, false);
    fine = true;
    for (size_t i = 0; i < levels.size(); i++) {
        float l = std::fmin(std::fmax(levels[i], 0), 5);
        fine &= near(nearest[i], std::floor(l + 0.5f)) && near(mixed[i], l);
    }
    verdict("level of detail", fine);

    cudaTextureDesc desc = clamped(cudaFilterModeLinear, cudaFilterModeLinear);
    desc.mipmapLevelBias = 0.5f;
    desc.minMipmapLevelClamp = 1.25f;
    desc.maxMipmapLevelClamp = 3.5f;
    std::vector<float> biased = run(make(mipmap, desc), levels, false);
    fine = true;
    for (size_t i = 0; i < levels.size(); i++)
        fine &= near(biased[i], std::fmin(std::fmax(levels[i] + 0.5f, 1.25f), 3.5f));
    Array<float> out(1);
    cudaTextureObject_t texture = make(mipmap, desc);
    plain<<<1, 1>>>(texture, out); /* level 0 and the bias */
    CHECK_LAUNCH();
    CHECK(cudaDestroyTextureObject(texture));
    verdict("bias and clamps", fine && near(out.host()[0], 1.25f));

    /* Steps along y, in units of the image: 1/12 is one element, so level 0; twice that, level 1. */
    std::vector<float> steps = {1 / 12.0f, 2 / 12.0f, 4 / 12.0f, 3 / 12.0f, 1e-9f, 1e9f};
    std::vector<float> derived = run(make(mipmap, clamped(cudaFilterModeLinear, cudaFilterModeLinear)), steps, true);
    verdict("derivatives", near(derived[0], 0, 0.005f) && near(derived[1], 1, 0.005f) && near(derived[2], 2, 0.005f) &&
                               near(derived[3], std::log2(3.0f), 0.005f) && near(derived[4], 0) && near(derived[5], 5));
    anisotropy();

    cudaResourceViewDesc view = {};
    view.format = cudaResViewFormatFloat1;
    view.width = 40;
    view.height = 12;
    view.firstMipmapLevel = 2;
    view.lastMipmapLevel = 3;
    std::vector<float> viewed = run(make(mipmap, clamped(cudaFilterModeLinear, cudaFilterModeLinear), &view), {0, 0.5f, 9}, false);
    verdict("views of levels", near(viewed[0], 2) && near(viewed[1], 2.5f) && near(viewed[2], 3));
    layers();
    formats();
    CHECK(cudaFreeMipmappedArray(mipmap));
    return !good;
}
