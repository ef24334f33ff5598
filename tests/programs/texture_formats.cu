// SPDX-License-Identifier: Apache-2.0
// Every element type in 1, 2 and 4 channels, read as it is and as a normalised float, through linear memory, pitched memory
// and an array; halves; normalised formats; sRGB. Integers become floats by the rule of cudaTextureDesc's reference.
// EXPECT: char: ok
// EXPECT: unsigned char: ok
// EXPECT: short: ok
// EXPECT: unsigned short: ok
// EXPECT: int: ok
// EXPECT: unsigned int: ok
// EXPECT: float: ok
// EXPECT: half: ok
// EXPECT: normalised formats: ok
// EXPECT: sRGB: ok
#include "check.h"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

#include <cuda_fp16.h>

static const int WIDTH = 24, HEIGHT = 3;
static int bad = 0;

static void note(bool good, const char *what, int i, double have, double want) {
    if (!good && bad++ < 8)
        std::printf("%s [%d]: %.9g, should be %.9g\n", what, i, have, want);
}

/* ---- Vectors of a scalar, by number of channels ---- */

template <typename S, int CHANNELS> struct VectorOf;
#define VECTORS(scalar, name)                                                                                          \
    template <> struct VectorOf<scalar, 1> { using type = name##1; };                                                  \
    template <> struct VectorOf<scalar, 2> { using type = name##2; };                                                  \
    template <> struct VectorOf<scalar, 4> { using type = name##4; };
VECTORS(signed char, char)
VECTORS(unsigned char, uchar)
VECTORS(short, short)
VECTORS(unsigned short, ushort)
VECTORS(int, int)
VECTORS(unsigned int, uint)
VECTORS(float, float)

template <typename T> __global__ void fetch(cudaTextureObject_t texture, T *out, int count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= count)
        return;
    if (i & 1)
        out[i] = tex1Dfetch<T>(texture, i);
    else
        tex1Dfetch(&out[i], texture, i);
}

template <typename T> __global__ void read(cudaTextureObject_t texture, T *out, int width) {
    int x = threadIdx.x, y = blockIdx.x;
    out[y * width + x] = tex2D<T>(texture, x + 0.5f, y + 0.5f);
}

enum Memory { LINEAR, PITCHED, ARRAY };

/* WIDTH x HEIGHT elements of `bytes` bytes, as the texture that `memory` says, read as T. */
template <typename T>
static std::vector<T> through(Memory memory, const void *elements, size_t bytes, cudaChannelFormatDesc format,
                              cudaTextureDesc desc) {
    cudaResourceDesc resource = {};
    void *storage = nullptr;
    cudaArray_t array = nullptr;
    size_t pitch = 0, row = WIDTH * bytes;
    if (memory == ARRAY) {
        resource.resType = cudaResourceTypeArray;
        CHECK(cudaMallocArray(&array, &format, WIDTH, HEIGHT));
        CHECK(cudaMemcpy2DToArray(array, 0, 0, elements, row, row, HEIGHT, cudaMemcpyHostToDevice));
        resource.res.array.array = array;
    } else if (memory == PITCHED) {
        resource.resType = cudaResourceTypePitch2D;
        CHECK(cudaMallocPitch(&storage, &pitch, row, HEIGHT));
        CHECK(cudaMemcpy2D(storage, pitch, elements, row, row, HEIGHT, cudaMemcpyHostToDevice));
        resource.res.pitch2D.devPtr = storage;
        resource.res.pitch2D.desc = format;
        resource.res.pitch2D.width = WIDTH;
        resource.res.pitch2D.height = HEIGHT;
        resource.res.pitch2D.pitchInBytes = pitch;
    } else {
        resource.resType = cudaResourceTypeLinear;
        CHECK(cudaMalloc(&storage, row * HEIGHT));
        CHECK(cudaMemcpy(storage, elements, row * HEIGHT, cudaMemcpyHostToDevice));
        resource.res.linear.devPtr = storage;
        resource.res.linear.desc = format;
        resource.res.linear.sizeInBytes = row * HEIGHT;
    }
    cudaTextureObject_t texture;
    CHECK(cudaCreateTextureObject(&texture, &resource, &desc, nullptr));
    Array<T> out(WIDTH * HEIGHT);
    if (memory == LINEAR)
        fetch<T><<<3, 32>>>(texture, out, WIDTH * HEIGHT);
    else
        read<T><<<HEIGHT, WIDTH>>>(texture, out, WIDTH);
    CHECK_LAUNCH();
    CHECK(cudaDestroyTextureObject(texture));
    CHECK(cudaFree(storage));
    CHECK(cudaFreeArray(array));
    return out.host();
}

template <typename S> static S element(Random &random, int i) {
    if constexpr (std::is_floating_point_v<S>)
        return random.unit() * 100.0f - 50.0f;
    if (i < 2)
        return i == 0 ? std::numeric_limits<S>::min() : std::numeric_limits<S>::max();
    return (S)(random.next() * 2654435761u >> 7);
}

template <typename S> static double normalised(S value) {
    double quotient = (double)value / (double)std::numeric_limits<S>::max();
    return quotient < -1 ? -1 : quotient;
}

template <typename S, int CHANNELS> static void channels(Memory memory) {
    using V = typename VectorOf<S, CHANNELS>::type;
    using F = typename VectorOf<float, CHANNELS>::type;
    Random random(CHANNELS);
    std::vector<S> elements;
    for (int i = 0; i < WIDTH * HEIGHT * CHANNELS; i++)
        elements.push_back(element<S>(random, i));
    cudaTextureDesc desc = {};
    std::vector<V> plain = through<V>(memory, elements.data(), sizeof(V), cudaCreateChannelDesc<V>(), desc);
    note(memcmp(plain.data(), elements.data(), plain.size() * sizeof(V)) == 0, "as they are", CHANNELS, 0, 0);
    if constexpr (CHANNELS == 1) { /* without the vector's name, too */
        std::vector<S> scalars = through<S>(memory, elements.data(), sizeof(S), cudaCreateChannelDesc<S>(), desc);
        note(memcmp(scalars.data(), elements.data(), scalars.size() * sizeof(S)) == 0, "scalars", 0, 0, 0);
    }
    if constexpr (sizeof(S) < 4) {
        desc.readMode = cudaReadModeNormalizedFloat;
        std::vector<F> floats = through<F>(memory, elements.data(), sizeof(V), cudaCreateChannelDesc<V>(), desc);
        const float *have = (const float *)floats.data();
        for (size_t i = 0; i < elements.size(); i++)
            note(std::fabs(have[i] - normalised(elements[i])) <= 1e-7, "normalised", (int)i, have[i], normalised(elements[i]));
    }
}

static void verdict(const char *name) {
    if (bad == 0)
        std::printf("%s: ok\n", name);
}

template <typename S> static void type(const char *name) {
    for (Memory memory : {LINEAR, PITCHED, ARRAY}) {
        channels<S, 1>(memory);
        channels<S, 2>(memory);
        channels<S, 4>(memory);
    }
    verdict(name);
}

/* ---- Halves, normalised formats, sRGB ---- */

template <int CHANNELS> static void halves(cudaChannelFormatDesc format) {
    using F = typename VectorOf<float, CHANNELS>::type;
    std::vector<__half> elements;
    for (int i = 0; i < WIDTH * HEIGHT * CHANNELS; i++) {
        unsigned short bits = (unsigned short)(i * 911);
        __half h;
        memcpy(&h, &bits, sizeof h);
        elements.push_back(h);
    }
    for (Memory memory : {LINEAR, PITCHED, ARRAY}) {
        std::vector<F> floats = through<F>(memory, elements.data(), 2 * CHANNELS, format, cudaTextureDesc{});
        const float *have = (const float *)floats.data();
        for (size_t i = 0; i < elements.size(); i++) {
            float want = __half2float(elements[i]);
            note(have[i] == want || (std::isnan(have[i]) && std::isnan(want)), "half", (int)i, have[i], want);
        }
    }
}

template <typename S, int CHANNELS, cudaChannelFormatKind KIND> static void format() {
    using F = typename VectorOf<float, CHANNELS>::type;
    Random random(5);
    std::vector<S> elements;
    for (int i = 0; i < WIDTH * HEIGHT * CHANNELS; i++)
        elements.push_back(element<S>(random, i));
    cudaChannelFormatDesc format = cudaCreateChannelDesc<KIND>();
    cudaTextureDesc desc = {};
    desc.readMode = cudaReadModeNormalizedFloat;
    std::vector<F> floats = through<F>(ARRAY, elements.data(), sizeof(S) * CHANNELS, format, desc);
    const float *have = (const float *)floats.data();
    for (size_t i = 0; i < elements.size(); i++)
        note(std::fabs(have[i] - normalised(elements[i])) <= 1e-7, "format", (int)i, have[i], normalised(elements[i]));
}

static void srgb() {
    std::vector<unsigned char> elements;
    for (int i = 0; i < WIDTH * HEIGHT * 4; i++)
        elements.push_back((unsigned char)i);
    cudaTextureDesc desc = {};
    desc.readMode = cudaReadModeNormalizedFloat;
    desc.sRGB = 1;
    std::vector<float4> floats = through<float4>(ARRAY, elements.data(), 4, cudaCreateChannelDesc<uchar4>(), desc);
    const float *have = (const float *)floats.data();
    for (size_t i = 0; i < elements.size(); i++) {
        double code = elements[i] / 255.0;
        double want = i % 4 == 3 ? code : code <= 0.04045 ? code / 12.92 : std::pow((code + 0.055) / 1.055, 2.4);
        note(std::fabs(have[i] - want) <= 1e-7, "sRGB", (int)i, have[i], want);
    }
}

int main() {
    type<signed char>("char");
    type<unsigned char>("unsigned char");
    type<short>("short");
    type<unsigned short>("unsigned short");
    type<int>("int");
    type<unsigned int>("unsigned int");
    type<float>("float");
    halves<1>(cudaCreateChannelDescHalf());
    halves<2>(cudaCreateChannelDescHalf2());
    halves<4>(cudaCreateChannelDescHalf4());
    verdict("half");
    format<unsigned char, 1, cudaChannelFormatKindUnsignedNormalized8X1>();
    format<unsigned char, 4, cudaChannelFormatKindUnsignedNormalized8X4>();
    format<signed char, 2, cudaChannelFormatKindSignedNormalized8X2>();
    format<unsigned short, 2, cudaChannelFormatKindUnsignedNormalized16X2>();
    format<short, 4, cudaChannelFormatKindSignedNormalized16X4>();
    verdict("normalised formats");
    srgb();
    verdict("sRGB");
    return bad != 0;
}
