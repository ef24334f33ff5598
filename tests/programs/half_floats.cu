// SPDX-License-Identifier: Apache-2.0
// __half and __nv_bfloat16: arithmetic, fused multiply-add and conversions correctly rounded, on the device and on the
// host; comparisons of pairs; math functions to within one unit; shuffles; atomicAdd.
// EXPECT: half: arithmetic ok, conversions ok, integers ok, math ok
// EXPECT: bfloat16: arithmetic ok, conversions ok, integers ok, math ok
// EXPECT: half: comparisons ok, warp and atomics ok, constants ok
// EXPECT: bfloat16: comparisons ok, warp and atomics ok, constants ok
// EXPECT: between the two: ok
// NVCC: skip conversions to integers run on the device only there
#include "check.h"
#include <cmath>
#include <cuda_bf16.h>
#include <cuda_fp16.h>

typedef __float128 Wide;
typedef unsigned short Bits;

struct Half {
    typedef __half One;
    typedef __half2 Two;
    static const int mantissa = 10, least = -14, largest = 0x7bff;
    static const char *name() { return "half"; }
    __host__ __device__ static One bits(Bits b) { return __ushort_as_half(b); }
    __host__ __device__ static Bits of(One h) { return __half_as_ushort(h); }
    __host__ __device__ static float wide(One h) { return __half2float(h); }
    __host__ __device__ static Two pair(One a, One b) { return __halves2half2(a, b); }
    __host__ __device__ static Bits convert(int how, float f, double d) {
        return how == 0   ? of(__float2half_rn(f))
               : how == 1 ? of(__float2half_rz(f))
               : how == 2 ? of(__float2half_ru(f))
               : how == 3 ? of(__float2half_rd(f))
                          : of(__double2half(d));
    }
    __host__ __device__ static int integer(int how, One h) {
        switch (how) {
        case 0: return __half2int_rn(h);
        case 1: return __half2int_rz(h);
        case 2: return __half2int_ru(h);
        case 3: return __half2int_rd(h);
        case 4: return __half2char_rz(h);
        case 5: return __half2uchar_rz(h);
        case 6: return (int)__half2ll_rz(h);
        default: return (int)__half2uint_rn(__habs(h));
        }
    }
    __device__ static bool constants() {
        return __hisinf(CUDART_INF_FP16) == 1 && __hisnan(CUDART_NAN_FP16) && (float)CUDART_MAX_NORMAL_FP16 == 65504 &&
               (float)CUDART_MIN_DENORM_FP16 == 0x1p-24f && (float)CUDART_ONE_FP16 == 1 && (float)CUDART_ZERO_FP16 == 0 &&
               1 / (float)CUDART_NEG_ZERO_FP16 < 0;
    }
};
struct Brain {
    typedef __nv_bfloat16 One;
    typedef __nv_bfloat162 Two;
    static const int mantissa = 7, least = -126, largest = 0x7f7f;
    static const char *name() { return "bfloat16"; }
    __host__ __device__ static One bits(Bits b) { return __ushort_as_bfloat16(b); }
    __host__ __device__ static Bits of(One h) { return __bfloat16_as_ushort(h); }
    __host__ __device__ static float wide(One h) { return __bfloat162float(h); }
    __host__ __device__ static Two pair(One a, One b) { return __halves2bfloat162(a, b); }
    __host__ __device__ static Bits convert(int how, float f, double d) {
        return how == 0   ? of(__float2bfloat16_rn(f))
               : how == 1 ? of(__float2bfloat16_rz(f))
               : how == 2 ? of(__float2bfloat16_ru(f))
               : how == 3 ? of(__float2bfloat16_rd(f))
                          : of(__double2bfloat16(d));
    }
    __host__ __device__ static int integer(int how, One h) {
        switch (how) {
        case 0: return __bfloat162int_rn(h);
        case 1: return __bfloat162int_rz(h);
        case 2: return __bfloat162int_ru(h);
        case 3: return __bfloat162int_rd(h);
        case 4: return __bfloat162char_rz(h);
        case 5: return __bfloat162uchar_rz(h);
        case 6: return (int)__bfloat162ll_rz(h);
        default: return (int)__bfloat162uint_rn(__habs(h));
        }
    }
    __device__ static bool constants() {
        return __hisinf(CUDART_INF_BF16) == 1 && __hisnan(CUDART_NAN_BF16) && (float)CUDART_MAX_NORMAL_BF16 > 3.3e38f &&
               (float)CUDART_MIN_DENORM_BF16 == 0x1p-133f && (float)CUDART_ONE_BF16 == 1 && (float)CUDART_ZERO_BF16 == 0 &&
               1 / (float)CUDART_NEG_ZERO_BF16 < 0;
    }
};

/* ---- References ---- */

enum Mode { NEAREST, ZERO, UP, DOWN };
/* The bits of an exact value, rounded once. `sign` is for a zero. */
template <typename F> static Bits rounded(Wide x, Mode mode, bool sign) {
    if (x != x)
        return 0x7fff;
    sign = x != 0 ? x < 0 : sign;
    Wide magnitude = x < 0 ? -x : x;
    Bits top = sign ? 0x8000 : 0;
    if (magnitude > 1e300)
        return (Bits)(top | (F::largest + 1));
    int exponent = F::least;
    while (magnitude >= (Wide)std::ldexp(1.0, exponent + 1))
        exponent++;
    Wide scaled = magnitude / (Wide)std::ldexp(1.0, exponent - F::mantissa);
    long long kept = scaled > 1e15 ? (long long)1e15 : (long long)scaled;
    Wide rest = scaled - kept;
    bool up = mode == NEAREST ? rest > 0.5 || (rest == 0.5 && kept % 2) : mode == UP ? rest > 0 && !sign : mode == DOWN && rest > 0 && sign;
    long long code = kept + up + ((long long)(exponent - F::least) << F::mantissa);
    if (code > F::largest) {
        bool to_infinity = mode == NEAREST || (mode == UP && !sign) || (mode == DOWN && sign);
        code = to_infinity ? F::largest + 1 : F::largest;
    }
    return (Bits)(top | code);
}

template <typename F> __host__ __device__ Bits compute(int op, Bits x, Bits y, Bits z) {
    typename F::One a = F::bits(x), b = F::bits(y), c = F::bits(z);
    switch (op) {
    case 0: return F::of(a + b);
    case 1: return F::of(__hsub(a, b));
    case 2: return F::of(a * b);
    case 3: return F::of(a / b);
    case 4: return F::of(__hfma(a, b, c));
    case 5: return F::of(__hneg(a));
    case 6: return F::of(__habs(a));
    case 7: return F::of(__hadd_sat(a, b));
    default: return F::of(__hfma_relu(a, b, c));
    }
}
template <typename F> static Bits reference(int op, Bits x, Bits y, Bits z) {
    Wide a = F::wide(F::bits(x)), b = F::wide(F::bits(y)), c = F::wide(F::bits(z));
    bool sx = x >> 15, sy = y >> 15, sz = z >> 15;
    switch (op) {
    case 0: return rounded<F>(a + b, NEAREST, sx && sy);
    case 1: return rounded<F>(a - b, NEAREST, sx && !sy);
    case 2: return rounded<F>(a * b, NEAREST, sx != sy);
    case 3: return rounded<F>(a / b, NEAREST, sx != sy);
    case 4: return rounded<F>(a * b + c, NEAREST, (sx != sy) && sz);
    case 5: return x ^ 0x8000;
    case 6: return x & 0x7fff;
    case 7: return a + b > 0 ? rounded<F>(a + b < 1 ? a + b : 1, NEAREST, false) : 0;
    default: {
        Bits r = reference<F>(4, x, y, z);
        return r >> 15 && (r & 0x7fff) <= F::largest + 1 && r != 0x8000 ? 0 : r;
    }
    }
}

/* ---- Kernels ---- */

template <typename F> __global__ void arithmetic(int op, const Bits *in, Bits *out, int count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < count)
        out[i] = compute<F>(op, in[3 * i], in[3 * i + 1], in[3 * i + 2]);
}
template <typename F> __global__ void conversions(int how, const double *in, Bits *out, int count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < count)
        out[i] = F::convert(how, (float)in[i], in[i]);
}
template <typename F> __global__ void integers(int how, int *out) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    out[i] = F::integer(how, F::bits((Bits)i));
}
template <typename F> __global__ void math(int which, Bits *out) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    typename F::One x = F::bits((Bits)i);
    typename F::Two pair = F::pair(x, x), y = pair;
    switch (which) {
#define X(number, name) case number: x = h##name(x); y = h2##name(pair); break;
        X(0, sqrt) X(1, rsqrt) X(2, rcp) X(3, log) X(4, log2) X(5, log10) X(6, exp) X(7, exp2) X(8, exp10) X(9, sin)
        X(10, cos) X(11, tanh) X(12, floor) X(13, ceil) X(14, trunc) X(15, rint)
#undef X
    }
    out[i] = F::of(x) == F::of(y.x) && F::of(x) == F::of(y.y) ? F::of(x) : 0xffff;
}
static double math_reference(int which, double x) {
    switch (which) {
    case 0: return std::sqrt(x);
    case 1: return 1 / std::sqrt(x);
    case 2: return 1 / x;
    case 3: return std::log(x);
    case 4: return std::log2(x);
    case 5: return std::log10(x);
    case 6: return std::exp(x);
    case 7: return std::exp2(x);
    case 8: return std::pow(10.0, x);
    case 9: return std::sin(x);
    case 10: return std::cos(x);
    case 11: return std::tanh(x);
    case 12: return std::floor(x);
    case 13: return std::ceil(x);
    case 14: return std::trunc(x);
    default: return std::rint(x);
    }
}

template <typename F> __global__ void rest(unsigned *out, typename F::One *one, typename F::Two *two) {
    typename F::One a = F::bits((Bits)(F::of(typename F::One(1.5f)))), b(2.5f), nan = F::bits(0x7fff);
    typename F::Two x = F::pair(a, nan), y = F::pair(b, b);
    bool comparisons = __hlt(a, b) && !__hlt(a, nan) && __hltu(a, nan) && __hne(a, b) && !__hne(a, nan) && __hneu(a, nan) &&
                       __hlt2_mask(x, y) == 0xffffu && __hltu2_mask(x, y) == 0xffffffffu && __hne2_mask(x, y) == 0xffffu &&
                       __hneu2_mask(x, y) == 0xffffffffu && __heq2_mask(x, x) == 0xffffu && !__hblt2(x, y) &&
                       __hbltu2(x, y) && F::wide(__hlt2(x, y).x) == 1 && F::wide(__hlt2(x, y).y) == 0 &&
                       F::wide(__hmax(a, nan)) == 1.5f && __hisnan(__hmax_nan(a, nan)) && a < b && a != b && !(a == b) &&
                       a <= b && b >= a && b > a;
    volatile typename F::One changing;
    changing = a;
    typename F::One copied = changing;
    if (threadIdx.x == 0)
        out[0] = comparisons && copied == a;
    float lane = (float)threadIdx.x;
    typename F::One from = __shfl_down_sync(0xffffffffu, typename F::One(lane), 1);
    typename F::Two both = __shfl_xor_sync(0xffffffffu, F::pair(typename F::One(lane), typename F::One(-lane)), 3);
    bool right = F::wide(from) == (threadIdx.x < 31 ? lane + 1 : lane) && F::wide(both.x) == (float)(threadIdx.x ^ 3) &&
                 F::wide(both.y) == -(float)(threadIdx.x ^ 3);
    atomicAdd(one, typename F::One(1.0f));
    atomicAdd(two, F::pair(typename F::One(1.0f), typename F::One(-2.0f)));
    right = __all_sync(0xffffffffu, right);
    __syncthreads();
    if (threadIdx.x == 0) {
        out[1] = right && F::wide(*one) == 32 && F::wide(two->x) == 32 && F::wide(two->y) == -64 && F::wide(__ldg(one)) == 32;
        typename F::Two emptied = F::pair(F::bits(1), F::bits(2));
        emptied = {};
        out[2] = F::constants() && F::of(emptied.x) == 0 && F::of(emptied.y) == 0;
    }
}
__global__ void between(float *out) {
    out[0] = (float)__half(__nv_bfloat16(3.0f));
    out[1] = (float)__nv_bfloat16(__half(1.0009765625f));
    out[2] = (float)__half(__nv_bfloat16(1e30f));
}

template <typename F> static void test() {
    Random random(16);
    std::vector<Bits> in;
    const Bits special[] = {0, 0x8000, 1, 0x8001, F::largest, F::largest + 1, 0x7fff, 0x3c00, 0x3f80, 0x0400, 0x03ff, 0x0080};
    for (Bits a : special)
        for (Bits b : special)
            in.insert(in.end(), {a, b, special[(a + b) % 12]});
    while (in.size() < 3 * 6000) {
        /* Exponents near each other half of the time, so that sums cancel and round; random bits otherwise. */
        Bits word = (Bits)random.next();
        in.push_back(in.size() % 2 ? word : (Bits)((word & 0x8fff) | 0x3000));
    }
    int count = (int)in.size() / 3;
    Array<Bits> from(in), to(count), all(65536);
    int wrong = 0;
    for (int op = 0; op < 9; op++) {
        arithmetic<F><<<(count + 127) / 128, 128>>>(op, from, to, count);
        CHECK_LAUNCH();
        std::vector<Bits> have = to.host();
        for (int i = 0; i < count && wrong < 5; i++) {
            Bits a = in[3 * i], b = in[3 * i + 1], c = in[3 * i + 2], want = reference<F>(op, a, b, c);
            Bits host = compute<F>(op, a, b, c);
            auto differs = [&](Bits bits) { return bits != want && !((bits & 0x7fff) > F::largest + 1 && (want & 0x7fff) > F::largest + 1); };
            /* The reference has 113 bits: operands farther apart are left to the others. */
            if ((op == 4 || op == 8) && F::least < -100 && std::abs((a >> 7 & 255) + (b >> 7 & 255) - 127 - (c >> 7 & 255)) > 80)
                continue;
            if (differs(have[i]) || differs(host))
                std::printf("%s operation %d of %04x %04x %04x is %04x, %04x, should be %04x\n", F::name(), op, a, b, c,
                            have[i], host, want), wrong++;
        }
    }
    std::printf("%s: arithmetic %s", F::name(), wrong ? "wrong" : "ok");

    std::vector<double> numbers = {0, -0.0, INFINITY, -INFINITY, NAN, 65504, 65519.99, 65520, 65536, 1e300, 3.4e38, 6e-8, 3e-8, 1e-300};
    while (numbers.size() < 4000)
        numbers.push_back(std::ldexp(random.unit() - 0.5, random.below(80) - 45) * (1 + std::ldexp(random.below(3), -30)));
    Array<double> values(numbers);
    wrong = 0;
    for (int how = 0; how < 5; how++) {
        int n = (int)numbers.size();
        conversions<F><<<(n + 127) / 128, 128>>>(how, values, to, n);
        CHECK_LAUNCH();
        std::vector<Bits> have = to.host();
        for (int i = 0; i < n && wrong < 5; i++) {
            double x = how < 4 ? (float)numbers[i] : numbers[i];
            Bits want = rounded<F>(x, how < 4 ? (Mode)how : NEAREST, std::signbit(x));
            if (have[i] != want || F::convert(how, (float)numbers[i], numbers[i]) != want)
                std::printf("\nconversion %d of %.17g is %04x, %04x, should be %04x", how, x, have[i],
                            F::convert(how, (float)numbers[i], numbers[i]), want), wrong++;
        }
    }
    std::printf(", conversions %s", wrong ? "wrong" : "ok");

    Array<int> integer(65536);
    wrong = 0;
    for (int how = 0; how < 8; how++) {
        integers<F><<<512, 128>>>(how, integer);
        CHECK_LAUNCH();
        std::vector<int> have = integer.host();
        for (int i = 0; i < 65536 && wrong < 5; i++) {
            double x = F::wide(F::bits((Bits)i)), low = how == 4 ? -128 : how == 5 ? 0 : -2147483648.0;
            double high = how == 4 ? 127 : how == 5 ? 255 : 2147483647.0;
            if (how >= 6 && std::fabs(x) >= 2147483648.0)
                continue;
            double whole = how == 0 ? std::rint(x) : how == 7 ? std::rint(std::fabs(x)) : how == 2 ? std::ceil(x) : how == 3 ? std::floor(x) : std::trunc(x);
            int want = x != x ? 0 : whole <= low ? (int)low : whole >= high ? (int)high : (int)whole;
            if (have[i] != want)
                std::printf("\ninteger %d of %g is %d, should be %d", how, x, have[i], want), wrong++;
        }
    }
    std::printf(", integers %s", wrong ? "wrong" : "ok");

    wrong = 0;
    for (int which = 0; which < 16; which++) {
        math<F><<<512, 128>>>(which, all);
        CHECK_LAUNCH();
        std::vector<Bits> have = all.host();
        for (int i = 0; i < 65536 && wrong < 5; i++) {
            double x = F::wide(F::bits((Bits)i)), want = math_reference(which, x);
            if (x != x)
                continue;
            Bits nearest = rounded<F>(want, NEAREST, std::signbit(want));
            bool both_nan = (have[i] & 0x7fff) > F::largest + 1 && want != want;
            if (!both_nan && std::abs((int)have[i] - (int)nearest) > (which >= 12 ? 0 : 1))
                std::printf("\nfunction %d of %g is %04x, should be %04x", which, x, have[i], nearest), wrong++;
        }
    }
    std::printf(", math %s\n", wrong ? "wrong" : "ok");
}
template <typename F> static void test_rest() {
    Array<unsigned> out(3);
    Array<typename F::One> one(1);
    Array<typename F::Two> two(1);
    rest<F><<<1, 32>>>(out, one, two);
    CHECK_LAUNCH();
    std::vector<unsigned> ok = out.host();
    std::printf("%s: comparisons %s, warp and atomics %s, constants %s\n", F::name(), ok[0] ? "ok" : "wrong",
                ok[1] ? "ok" : "wrong", ok[2] ? "ok" : "wrong");
}

int main() {
    test<Half>();
    test<Brain>();
    test_rest<Half>();
    test_rest<Brain>();
    Array<float> out(3);
    between<<<1, 1>>>(out);
    CHECK_LAUNCH();
    same("between the two", out.host(), {3.0f, 1.0f, INFINITY});
    return 0;
}
