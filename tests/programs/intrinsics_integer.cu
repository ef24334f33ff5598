// SPDX-License-Identifier: Apache-2.0
// Integer intrinsics against loops on the host: counting, finding and reversing bits, byte permutation, high products,
// 24-bit products, funnel shifts, sums of absolute differences, averages, byte dot products.
// EXPECT: popc: ok
// EXPECT: popcll: ok
// EXPECT: clz: ok
// EXPECT: clzll: ok
// EXPECT: ffs: ok
// EXPECT: ffsll: ok
// EXPECT: brev: ok
// EXPECT: brevll: ok
// EXPECT: byte_perm: ok
// EXPECT: mulhi: ok
// EXPECT: umulhi: ok
// EXPECT: mul64hi: ok
// EXPECT: umul64hi: ok
// EXPECT: mul24: ok
// EXPECT: umul24: ok
// EXPECT: sad: ok
// EXPECT: usad: ok
// EXPECT: funnelshift_l: ok
// EXPECT: funnelshift_r: ok
// EXPECT: funnelshift_lc: ok
// EXPECT: funnelshift_rc: ok
// EXPECT: hadd: ok
// EXPECT: rhadd: ok
// EXPECT: uhadd: ok
// EXPECT: urhadd: ok
// EXPECT: dp4a signed: ok
// EXPECT: dp4a unsigned: ok
// EXPECT: min and max: ok
// EXPECT: abs: ok
#include "check.h"
#include <cstdint>

typedef uint64_t u64;
typedef int64_t i64;
typedef uint32_t u32;
typedef int32_t i32;

struct Input {
    u64 a, b;
    u32 c;
};

/* One row: name, what the device does, what it means. `a`, `b`, `c` are the inputs' low words, `A`, `B` whole. */
#define INTRINSICS(X)                                                                                                \
    X(0, "popc", __popc(a), bits(a))                                                                                 \
    X(1, "popcll", __popcll(A), bits(A))                                                                             \
    X(2, "clz", __clz(a), leading(a, 32))                                                                            \
    X(3, "clzll", __clzll(A), leading(A, 64))                                                                        \
    X(4, "ffs", __ffs(a), first(a))                                                                                  \
    X(5, "ffsll", __ffsll(A), first(A))                                                                              \
    X(6, "brev", __brev(a), reversed(a, 32))                                                                         \
    X(7, "brevll", __brevll(A), reversed(A, 64))                                                                     \
    X(8, "byte_perm", __byte_perm(a, b, c), permuted(a, b, c))                                                       \
    X(9, "mulhi", (u32)__mulhi((i32)a, (i32)b), (u32)(((i64)(i32)a * (i32)b) >> 32))                                 \
    X(10, "umulhi", __umulhi(a, b), (u32)(((u64)a * b) >> 32))                                                       \
    X(11, "mul64hi", (u64)__mul64hi((i64)A, (i64)B), (u64)(((__int128)(i64)A * (i64)B) >> 64))                       \
    X(12, "umul64hi", __umul64hi(A, B), (u64)(((unsigned __int128)A * B) >> 64))                                     \
    X(13, "mul24", (u32)__mul24((i32)a, (i32)b), (u32)((i64)((i32)(a << 8) >> 8) * ((i32)(b << 8) >> 8)))            \
    X(14, "umul24", __umul24(a, b), (u32)((u64)(a & 0xffffff) * (b & 0xffffff)))                                     \
    X(15, "sad", __sad((i32)a, (i32)b, c), (u32)((i32)a > (i32)b ? a - b : b - a) + c)                               \
    X(16, "usad", __usad(a, b, c), (a > b ? a - b : b - a) + c)                                                      \
    X(17, "funnelshift_l", __funnelshift_l(a, b, c), (u32)((((u64)b << 32 | a) << (c & 31)) >> 32))                  \
    X(18, "funnelshift_r", __funnelshift_r(a, b, c), (u32)(((u64)b << 32 | a) >> (c & 31)))                          \
    X(19, "funnelshift_lc", __funnelshift_lc(a, b, c % 40), c % 40 >= 32 ? a : (u32)((((u64)b << 32 | a) << c % 40) >> 32)) \
    X(20, "funnelshift_rc", __funnelshift_rc(a, b, c % 40), c % 40 >= 32 ? b : (u32)(((u64)b << 32 | a) >> c % 40))  \
    X(21, "hadd", (u32)__hadd((i32)a, (i32)b), (u32)(((i64)(i32)a + (i32)b) >> 1))                                   \
    X(22, "rhadd", (u32)__rhadd((i32)a, (i32)b), (u32)(((i64)(i32)a + (i32)b + 1) >> 1))                             \
    X(23, "uhadd", __uhadd(a, b), (u32)(((u64)a + b) >> 1))                                                          \
    X(24, "urhadd", __urhadd(a, b), (u32)(((u64)a + b + 1) >> 1))                                                    \
    X(25, "dp4a signed", (u32)__dp4a((i32)a, (i32)b, (i32)c), dot(a, b, c, true))                                    \
    X(26, "dp4a unsigned", __dp4a(a, b, c), dot(a, b, c, false))                                                     \
    X(27, "min and max", (u32)min((i32)a, (i32)b) ^ max(a, b), (u32)((i32)a < (i32)b ? a : b) ^ (a > b ? a : b))     \
    X(28, "abs", (u32)abs((i32)(a | 1)), (i32)(a | 1) < 0 ? 0u - (a | 1) : (a | 1))

__global__ void kernel(int which, const Input *in, u64 *out, int count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= count)
        return;
    u64 A = in[i].a, B = in[i].b;
    u32 a = (u32)A, b = (u32)B, c = in[i].c;
    switch (which) {
#define X(number, name, device, host)                                                                                \
    case number:                                                                                                     \
        out[i] = device;                                                                                             \
        break;
        INTRINSICS(X)
#undef X
    }
}

static int bits(u64 v) {
    int n = 0;
    for (; v; v &= v - 1)
        n++;
    return n;
}
static int leading(u64 v, int width) {
    int n = 0;
    while (n < width && !(v >> (width - 1 - n) & 1))
        n++;
    return n;
}
static int first(u64 v) {
    for (int i = 0; i < 64; i++)
        if (v >> i & 1)
            return i + 1;
    return 0;
}
static u64 reversed(u64 v, int width) {
    u64 r = 0;
    for (int i = 0; i < width; i++)
        r |= (v >> i & 1) << (width - 1 - i);
    return r;
}
static u32 permuted(u32 a, u32 b, u32 selector) {
    u64 bytes = (u64)b << 32 | a;
    u32 r = 0;
    for (int i = 0; i < 4; i++)
        r |= (u32)(bytes >> (selector >> 4 * i & 7) * 8 & 0xff) << 8 * i;
    return r;
}
static u32 dot(u32 a, u32 b, u32 c, bool is_signed) {
    for (int i = 0; i < 32; i += 8) {
        u32 x = a >> i & 0xff, y = b >> i & 0xff;
        c += is_signed ? (u32)((int8_t)x * (int8_t)y) : x * y;
    }
    return c;
}

static u64 reference(int which, const Input &in) {
    u64 A = in.a, B = in.b;
    u32 a = (u32)A, b = (u32)B, c = in.c;
    switch (which) {
#define X(number, name, device, host)                                                                                \
    case number:                                                                                                     \
        return host;
        INTRINSICS(X)
#undef X
    }
    return a + b + c + B;
}

int main() {
    const int count = 600;
    Random random(6);
    auto word = [&] { return (u64)random.next() << 48 ^ (u64)random.next() << 24 ^ random.next(); };
    std::vector<Input> inputs(count);
    for (int i = 0; i < count; i++) {
        inputs[i] = {word(), word(), (u32)word()};
        if (i % 4 == 1)
            inputs[i].a >>= i % 64, inputs[i].b = ~0ull << i % 64;
    }
    inputs[0] = {0, 0, 0};
    inputs[1] = {~0ull, ~0ull, ~0u};
    inputs[2] = {0x8000000080000000ull, 0x7fffffff7fffffffull, 0x6543};
    inputs[3] = {0x33221100, 0x77665544, 0x3210};
    Array<Input> in(inputs);
    Array<u64> out(count);
    auto test = [&](int which, const char *name) {
        kernel<<<(count + 63) / 64, 64>>>(which, in, out, count);
        CHECK_LAUNCH();
        std::vector<u64> want;
        for (const Input &input : inputs)
            want.push_back(reference(which, input));
        same(name, out.host(), want);
    };
#define X(number, name, device, host) test(number, name);
    INTRINSICS(X)
    return 0;
}
