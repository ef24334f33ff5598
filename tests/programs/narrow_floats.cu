// SPDX-License-Identifier: Apache-2.0
// Floating-point numbers of 8, 6 and 4 bits: every code's value by the formats' definition, conversions of every half and
// of many floats to the nearest code with ties to even, saturation, infinities and NaN, classes of one, two and four, on
// the device and on the host.
// EXPECT: e4m3: ok
// EXPECT: e5m2: ok
// EXPECT: e2m3: ok
// EXPECT: e3m2: ok
// EXPECT: e2m1: ok
// EXPECT: e4m3 without saturation: ok
// EXPECT: e5m2 without saturation: ok
// EXPECT: scale factors: ok
// EXPECT: pairs and fours: ok
// EXPECT: integers: ok
#include "check.h"
#include <cmath>
#include <cuda_fp4.h>
#include <cuda_fp6.h>
#include <cuda_fp8.h>

enum Kind { E4M3, E5M2, E2M3, E3M2, E2M1, E4M3_OPEN, E5M2_OPEN, KINDS };
static const struct {
    const char *name;
    int width, mantissa, bias, largest;
} formats[KINDS] = {{"e4m3", 8, 3, 7, 0x7e}, {"e5m2", 8, 2, 15, 0x7b}, {"e2m3", 6, 3, 1, 0x1f},
                    {"e3m2", 6, 2, 3, 0x1f}, {"e2m1", 4, 1, 1, 7},     {"e4m3 without saturation", 8, 3, 7, 0x7e},
                    {"e5m2 without saturation", 8, 2, 15, 0x7b}};

__host__ __device__ unsigned encode(int kind, float x) {
    switch (kind) {
    case E4M3: return __nv_fp8_e4m3(x).__x;
    case E5M2: return __nv_fp8_e5m2(x).__x;
    case E2M3: return __nv_fp6_e2m3(x).__x;
    case E3M2: return __nv_fp6_e3m2(x).__x;
    case E2M1: return __nv_fp4_e2m1(x).__x;
    case E4M3_OPEN: return __nv_cvt_float_to_fp8(x, __NV_NOSAT, __NV_E4M3);
    default: return __nv_cvt_float_to_fp8(x, __NV_NOSAT, __NV_E5M2);
    }
}
template <typename Class> __host__ __device__ float decoded(unsigned code) {
    Class number;
    number.__x = (decltype(number.__x))code;
    return (float)number;
}
__host__ __device__ float decode(int kind, unsigned code) {
    switch (kind) {
    case E4M3:
    case E4M3_OPEN: return decoded<__nv_fp8_e4m3>(code);
    case E5M2:
    case E5M2_OPEN: return decoded<__nv_fp8_e5m2>(code);
    case E2M3: return decoded<__nv_fp6_e2m3>(code);
    case E3M2: return decoded<__nv_fp6_e3m2>(code);
    default: return decoded<__nv_fp4_e2m1>(code);
    }
}

__global__ void encodes(int kind, const float *in, unsigned *out, int count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < count)
        out[i] = encode(kind, in[i]);
}
__global__ void decodes(int kind, float *out) { out[threadIdx.x] = decode(kind, threadIdx.x); }

/* The value of a code up to the largest, by definition. */
static double value_of(int kind, int magnitude) {
    int m = formats[kind].mantissa, exponent = magnitude >> m, mantissa = magnitude & ((1 << m) - 1);
    return exponent == 0 ? std::ldexp(mantissa, 1 - formats[kind].bias - m)
                         : std::ldexp((1 << m) + mantissa, exponent - formats[kind].bias - m);
}
static unsigned nearest(int kind, float x) {
    bool open = kind >= E4M3_OPEN;
    int largest = formats[kind].largest;
    unsigned sign = std::signbit(x) ? 1u << (formats[kind].width - 1) : 0;
    if (std::isnan(x))
        return kind == E4M3 || kind == E5M2 || open ? 0x7f : (unsigned)largest;
    double magnitude = std::fabs((double)x);
    int best = 0;
    for (int code = 1; code <= largest + 1; code++) {
        double have = std::fabs(value_of(kind, best) - magnitude), other = std::fabs(value_of(kind, code) - magnitude);
        if (other < have || (other == have && code % 2 == 0))
            best = code;
    }
    if (magnitude > 2 * value_of(kind, largest + 1) || best > largest)
        best = open ? largest + 1 : largest;
    return sign | (unsigned)best;
}

__global__ void scales(const float *in, unsigned *out, int count) {
    int i = threadIdx.x;
    if (i >= count)
        return;
    out[3 * i] = __nv_cvt_float_to_e8m0(in[i], __NV_SATFINITE, cudaRoundZero);
    out[3 * i + 1] = __nv_cvt_float_to_e8m0(in[i], __NV_NOSAT, cudaRoundPosInf);
    out[3 * i + 2] = __nv_fp8_e8m0(in[i]).__x;
}

template <typename Pair, typename Four, typename One> __device__ bool packs(int width) {
    float4 v = make_float4(1.0f, -0.5f, 3.0f, 1e9f);
    One x(v.x), y(v.y), z(v.z), w(v.w);
    Pair pair(make_float2(v.x, v.y)), half_pair(__floats2half2_rn(v.x, v.y));
    Four four(v), halves(__floats2half2_rn(v.x, v.y), __floats2half2_rn(v.z, v.w));
    Four wide(make_double4(v.x, v.y, v.z, v.w));
    float2 back = (float2)pair;
    float4 all = (float4)four;
    unsigned word = x.__x | y.__x << width | z.__x << 2 * width | w.__x << 3 * width;
    return pair.__x == (x.__x | y.__x << width) && half_pair.__x == pair.__x && four.__x == word && wide.__x == word &&
           (halves.__x & ((1u << 3 * width) - 1)) == (word & ((1u << 3 * width) - 1)) && back.x == 1 && back.y == -0.5f &&
           all.x == 1 && all.y == -0.5f && all.z == 3 && all.w == (float)w;
}
__global__ void packed(unsigned *out) {
    out[0] = packs<__nv_fp8x2_e4m3, __nv_fp8x4_e4m3, __nv_fp8_e4m3>(8);
    out[1] = packs<__nv_fp8x2_e5m2, __nv_fp8x4_e5m2, __nv_fp8_e5m2>(8);
    out[2] = packs<__nv_fp6x2_e2m3, __nv_fp6x4_e2m3, __nv_fp6_e2m3>(8);
    out[3] = packs<__nv_fp6x2_e3m2, __nv_fp6x4_e3m2, __nv_fp6_e3m2>(8);
    out[4] = packs<__nv_fp4x2_e2m1, __nv_fp4x4_e2m1, __nv_fp4_e2m1>(4);
}
__global__ void integers(int *out) {
    __nv_fp8_e5m2 large(40000.0f), not_a_number;
    not_a_number.__x = 0x7f;
    out[0] = (signed char)large, out[1] = (short)large, out[2] = (int)large, out[3] = (unsigned char)__nv_fp8_e4m3(-3);
    out[4] = (int)not_a_number, out[5] = (int)__nv_fp8_e4m3(2.75f), out[6] = (bool)__nv_fp8_e4m3(-0.0f);
    out[7] = (int)(float)(__half)__nv_fp8_e4m3((unsigned char)200), out[8] = (int)(long long)__nv_fp8_e4m3(-448ll);
}

int main() {
    std::vector<float> inputs;
    for (int bits = 0; bits < 65536; bits += 3) {
        __half_raw raw;
        raw.x = (unsigned short)bits;
        inputs.push_back(__half2float(raw));
    }
    Random random(8);
    for (int i = 0; i < 4000; i++)
        inputs.push_back(std::ldexp(random.unit() - 0.5f, random.below(60) - 35));
    for (float x : {INFINITY, -INFINITY, NAN, 1e38f, -1e38f, 464.0f, 463.9f, 464.1f, 61440.0f, 61439.0f, 5.0f, 7.75f, 30.0f})
        inputs.push_back(x);
    const int count = (int)inputs.size();
    Array<float> in(inputs), values(256);
    Array<unsigned> out(count);
    for (int kind = 0; kind < KINDS; kind++) {
        int wrong = 0, codes = 1 << formats[kind].width;
        encodes<<<(count + 255) / 256, 256>>>(kind, in, out, count);
        decodes<<<1, codes>>>(kind, values);
        CHECK_LAUNCH();
        std::vector<unsigned> have = out.host();
        for (int i = 0; i < count && wrong < 5; i++) {
            unsigned want = nearest(kind, inputs[i]);
            if (have[i] != want || encode(kind, inputs[i]) != want)
                std::printf("%g is %02x, %02x, should be %02x\n", inputs[i], have[i], encode(kind, inputs[i]), want), wrong++;
        }
        std::vector<float> decoded = values.host();
        for (int code = 0; code < codes; code++) {
            int magnitude = code & (codes / 2 - 1), above = magnitude - formats[kind].largest;
            double want = above <= 0 ? value_of(kind, magnitude) : above == 1 && kind % 5 == E5M2 ? INFINITY : NAN;
            want = code & codes / 2 ? -want : want;
            for (double got : {(double)decoded[code], (double)decode(kind, (unsigned)code)})
                if (!(got == want || (std::isnan(got) && std::isnan(want))))
                    std::printf("code %02x is %g, should be %g\n", code, got, want), wrong++;
        }
        std::printf("%s: %s\n", formats[kind].name, wrong ? "wrong" : "ok");
    }

    std::vector<float> sizes = {1, 2, 3, 0.75f, 1e-45f, 3e38f, INFINITY, NAN, 0, -4};
    Array<float> scale_in(sizes);
    scales<<<1, 32>>>(scale_in, out, (int)sizes.size());
    CHECK_LAUNCH();
    std::vector<unsigned> have = out.host();
    have.resize(30);
    same("scale factors", have, {127, 127, 127, 128, 128, 128, 128, 129, 129, 126, 127, 127, 0,   0,   0,
                                 254, 255, 254, 254, 255, 254, 255, 255, 255, 0,   0,   0,   129, 129, 129});
    packed<<<1, 1>>>(out);
    CHECK_LAUNCH();
    have = out.host();
    have.resize(5);
    same("pairs and fours", have, {1, 1, 1, 1, 1});
    Array<int> numbers(9);
    integers<<<1, 1>>>(numbers);
    CHECK_LAUNCH();
    same("integers", numbers.host(), {127, 32767, 40960, 0, 0, 2, 0, 192, -448});
    return 0;
}
