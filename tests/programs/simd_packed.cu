// SPDX-License-Identifier: Apache-2.0
// Every function of the CUDA Math API's chapter "SIMD Intrinsics", lane by lane against plain integers on the host, over
// pairs of the lanes' extreme values and random words.
// EXPECT: 118 functions, 0 wrong
#include "check.h"
#include <cstdint>

typedef std::int64_t i64;

/* A lane's type: how wide it is and whether it has a sign. */
enum Lane { S8, U8, S16, U16, S32, U32 };
static int bits_of(Lane lane) { return lane <= U8 ? 8 : lane <= U16 ? 16 : 32; }
static i64 lane_of(Lane lane, unsigned word, int at) {
    i64 value = word >> at & (bits_of(lane) == 32 ? 0xffffffffu : (1u << bits_of(lane)) - 1);
    bool has_sign = lane == S8 || lane == S16 || lane == S32;
    return has_sign && value >> (bits_of(lane) - 1) ? value - ((i64)1 << bits_of(lane)) : value;
}
static i64 min_of(i64 a, i64 b) { return a < b ? a : b; }
static i64 max_of(i64 a, i64 b) { return a > b ? a : b; }
static i64 min_of(i64 a, i64 b, i64 c) { return min_of(min_of(a, b), c); }
static i64 max_of(i64 a, i64 b, i64 c) { return max_of(max_of(a, b), c); }
static i64 max_of(i64 a, i64 b, i64 c, i64 d) { return max_of(max_of(a, b), max_of(c, d)); }
static i64 clamp(i64 value, i64 low, i64 high) { return min_of(max_of(value, low), high); }

/* name, lane, what it means of x, y and z. X1 takes one word, X2 two, X3 three, XS adds the lanes up. */
#define FUNCTIONS(X1, X2, X3, XS) \
    X1(__vabs2, S16, (std::abs(x))) \
    X1(__vabsss2, S16, (min_of(std::abs(x), 32767))) \
    X1(__vneg2, S16, (-x)) \
    X1(__vnegss2, S16, (min_of(-x, 32767))) \
    X1(__vabs4, S8, (std::abs(x))) \
    X1(__vabsss4, S8, (min_of(std::abs(x), 127))) \
    X1(__vneg4, S8, (-x)) \
    X1(__vnegss4, S8, (min_of(-x, 127))) \
    X2(__vadd2, U16, (x + y)) \
    X2(__vaddss2, S16, (clamp(x + y, -32768, 32767))) \
    X2(__vaddus2, U16, (clamp(x + y, 0, 65535))) \
    X2(__vsub2, U16, (x - y)) \
    X2(__vsubss2, S16, (clamp(x - y, -32768, 32767))) \
    X2(__vsubus2, U16, (clamp(x - y, 0, 65535))) \
    X2(__vabsdiffs2, S16, (std::abs(x - y))) \
    X2(__vabsdiffu2, U16, (std::abs(x - y))) \
    X2(__vavgs2, S16, ((x + y + (x + y >= 0)) >> 1)) \
    X2(__vavgu2, U16, ((x + y + 1) / 2)) \
    X2(__vhaddu2, U16, ((x + y) / 2)) \
    X2(__vmaxs2, S16, (max_of(x, y))) \
    X2(__vmaxu2, U16, (max_of(x, y))) \
    X2(__vmins2, S16, (min_of(x, y))) \
    X2(__vminu2, U16, (min_of(x, y))) \
    X2(__vcmpeq2, U16, (-(x == y))) \
    X2(__vseteq2, U16, (x == y)) \
    X2(__vcmpne2, U16, (-(x != y))) \
    X2(__vsetne2, U16, (x != y)) \
    X2(__vcmpges2, S16, (-(x >= y))) \
    X2(__vsetges2, S16, (x >= y)) \
    X2(__vcmpgeu2, U16, (-(x >= y))) \
    X2(__vsetgeu2, U16, (x >= y)) \
    X2(__vcmpgts2, S16, (-(x > y))) \
    X2(__vsetgts2, S16, (x > y)) \
    X2(__vcmpgtu2, U16, (-(x > y))) \
    X2(__vsetgtu2, U16, (x > y)) \
    X2(__vcmples2, S16, (-(x <= y))) \
    X2(__vsetles2, S16, (x <= y)) \
    X2(__vcmpleu2, U16, (-(x <= y))) \
    X2(__vsetleu2, U16, (x <= y)) \
    X2(__vcmplts2, S16, (-(x < y))) \
    X2(__vsetlts2, S16, (x < y)) \
    X2(__vcmpltu2, U16, (-(x < y))) \
    X2(__vsetltu2, U16, (x < y)) \
    X2(__vadd4, U8, (x + y)) \
    X2(__vaddss4, S8, (clamp(x + y, -128, 127))) \
    X2(__vaddus4, U8, (clamp(x + y, 0, 255))) \
    X2(__vsub4, U8, (x - y)) \
    X2(__vsubss4, S8, (clamp(x - y, -128, 127))) \
    X2(__vsubus4, U8, (clamp(x - y, 0, 255))) \
    X2(__vabsdiffs4, S8, (std::abs(x - y))) \
    X2(__vabsdiffu4, U8, (std::abs(x - y))) \
    X2(__vavgs4, S8, ((x + y + (x + y >= 0)) >> 1)) \
    X2(__vavgu4, U8, ((x + y + 1) / 2)) \
    X2(__vhaddu4, U8, ((x + y) / 2)) \
    X2(__vmaxs4, S8, (max_of(x, y))) \
    X2(__vmaxu4, U8, (max_of(x, y))) \
    X2(__vmins4, S8, (min_of(x, y))) \
    X2(__vminu4, U8, (min_of(x, y))) \
    X2(__vcmpeq4, U8, (-(x == y))) \
    X2(__vseteq4, U8, (x == y)) \
    X2(__vcmpne4, U8, (-(x != y))) \
    X2(__vsetne4, U8, (x != y)) \
    X2(__vcmpges4, S8, (-(x >= y))) \
    X2(__vsetges4, S8, (x >= y)) \
    X2(__vcmpgeu4, U8, (-(x >= y))) \
    X2(__vsetgeu4, U8, (x >= y)) \
    X2(__vcmpgts4, S8, (-(x > y))) \
    X2(__vsetgts4, S8, (x > y)) \
    X2(__vcmpgtu4, U8, (-(x > y))) \
    X2(__vsetgtu4, U8, (x > y)) \
    X2(__vcmples4, S8, (-(x <= y))) \
    X2(__vsetles4, S8, (x <= y)) \
    X2(__vcmpleu4, U8, (-(x <= y))) \
    X2(__vsetleu4, U8, (x <= y)) \
    X2(__vcmplts4, S8, (-(x < y))) \
    X2(__vsetlts4, S8, (x < y)) \
    X2(__vcmpltu4, U8, (-(x < y))) \
    X2(__vsetltu4, U8, (x < y)) \
    X2(__vimax_s16x2_relu, S16, (max_of(x, y, 0))) \
    X2(__vimin_s16x2_relu, S16, (max_of(min_of(x, y), 0))) \
    X2(__vimax_s32_relu, S32, (max_of(x, y, 0))) \
    X2(__vimin_s32_relu, S32, (max_of(min_of(x, y), 0))) \
    X3(__vimax3_s16x2, S16, (max_of(x, y, z))) \
    X3(__vimin3_s16x2, S16, (min_of(x, y, z))) \
    X3(__viaddmax_s16x2, S16, (max_of((i64)(std::int16_t)(x + y), z))) \
    X3(__viaddmin_s16x2, S16, (min_of((i64)(std::int16_t)(x + y), z))) \
    X3(__vimax3_s16x2_relu, S16, (max_of(x, y, z, 0))) \
    X3(__vimin3_s16x2_relu, S16, (max_of(min_of(x, y, z), 0))) \
    X3(__viaddmax_s16x2_relu, S16, (max_of((i64)(std::int16_t)(x + y), z, 0))) \
    X3(__viaddmin_s16x2_relu, S16, (max_of(min_of((i64)(std::int16_t)(x + y), z), 0))) \
    X3(__vimax3_u16x2, U16, (max_of(x, y, z))) \
    X3(__vimin3_u16x2, U16, (min_of(x, y, z))) \
    X3(__viaddmax_u16x2, U16, (max_of((i64)(std::uint16_t)(x + y), z))) \
    X3(__viaddmin_u16x2, U16, (min_of((i64)(std::uint16_t)(x + y), z))) \
    X3(__vimax3_s32, S32, (max_of(x, y, z))) \
    X3(__vimin3_s32, S32, (min_of(x, y, z))) \
    X3(__viaddmax_s32, S32, (max_of((i64)(std::int32_t)(x + y), z))) \
    X3(__viaddmin_s32, S32, (min_of((i64)(std::int32_t)(x + y), z))) \
    X3(__vimax3_s32_relu, S32, (max_of(x, y, z, 0))) \
    X3(__vimin3_s32_relu, S32, (max_of(min_of(x, y, z), 0))) \
    X3(__viaddmax_s32_relu, S32, (max_of((i64)(std::int32_t)(x + y), z, 0))) \
    X3(__viaddmin_s32_relu, S32, (max_of(min_of((i64)(std::int32_t)(x + y), z), 0))) \
    X3(__vimax3_u32, U32, (max_of(x, y, z))) \
    X3(__vimin3_u32, U32, (min_of(x, y, z))) \
    X3(__viaddmax_u32, U32, (max_of((i64)(std::uint32_t)(x + y), z))) \
    X3(__viaddmin_u32, U32, (min_of((i64)(std::uint32_t)(x + y), z))) \
    XS(__vsads2, S16, (std::abs(x - y))) \
    XS(__vsadu2, U16, (std::abs(x - y))) \
    XS(__vsads4, S8, (std::abs(x - y))) \
    XS(__vsadu4, U8, (std::abs(x - y)))

enum Function {
#define X(name, lane, meaning) F##name,
    FUNCTIONS(X, X, X, X)
#undef X
    FUNCTION_COUNT
};

__global__ void kernel(int function, const unsigned *words, unsigned *out, int count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= count)
        return;
    unsigned a = words[3 * i], b = words[3 * i + 1], c = words[3 * i + 2];
    switch (function) {
#define X1(name, lane, meaning) case F##name: out[i] = name(a); break;
#define X2(name, lane, meaning) case F##name: out[i] = (unsigned)name(a, b); break;
#define X3(name, lane, meaning) case F##name: out[i] = (unsigned)name(a, b, c); break;
        FUNCTIONS(X1, X2, X3, X2)
    }
}

/* The functions that also say whose element they took: the lanes' answers are bits 0 and 1. */
__global__ void choices(const unsigned *words, unsigned *out, int count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= count)
        return;
    unsigned a = words[3 * i], b = words[3 * i + 1];
    bool high = false, low = false;
    unsigned *to = out + 16 * i;
    to[0] = __vibmax_s16x2(a, b, &high, &low), to[1] = low + 2u * high;
    to[2] = __vibmin_s16x2(a, b, &high, &low), to[3] = low + 2u * high;
    to[4] = __vibmax_u16x2(a, b, &high, &low), to[5] = low + 2u * high;
    to[6] = __vibmin_u16x2(a, b, &high, &low), to[7] = low + 2u * high;
    to[8] = (unsigned)__vibmax_s32((int)a, (int)b, &low), to[9] = low;
    to[10] = (unsigned)__vibmin_s32((int)a, (int)b, &low), to[11] = low;
    to[12] = __vibmax_u32(a, b, &low), to[13] = low;
    to[14] = __vibmin_u32(a, b, &low), to[15] = low;
}

static i64 meaning_of(int function, i64 x, i64 y, i64 z) {
    switch (function) {
#define X(name, lane, meaning) case F##name: return meaning;
        FUNCTIONS(X, X, X, X)
#undef X
    }
    return x + y + z;
}

static unsigned expected(int function, Lane lane, bool sum, const unsigned *words) {
    unsigned result = 0;
    for (int at = 0; at < 32; at += bits_of(lane)) {
        i64 value = meaning_of(function, lane_of(lane, words[0], at), lane_of(lane, words[1], at),
                               lane_of(lane, words[2], at));
        if (sum)
            result += (unsigned)value;
        else
            result |= ((unsigned)value & (bits_of(lane) == 32 ? 0xffffffffu : (1u << bits_of(lane)) - 1)) << at;
    }
    return result;
}

static int check_choices(const std::vector<unsigned> &words, const std::vector<unsigned> &have, int count) {
    static const Lane lanes[4] = {S16, U16, S32, U32};
    int wrong = 0;
    for (int which = 0; which < 8; which++) {
        Lane lane = lanes[which / 2];
        bool larger = which % 2 == 0, differs = false;
        for (int i = 0; i < count; i++) {
            unsigned result = 0, first = 0;
            for (int at = 0; at < 32; at += bits_of(lane)) {
                i64 x = lane_of(lane, words[3 * i], at), y = lane_of(lane, words[3 * i + 1], at);
                bool takes_x = larger ? x >= y : x <= y;
                unsigned mask = bits_of(lane) == 32 ? 0xffffffffu : (1u << bits_of(lane)) - 1;
                result |= ((unsigned)(takes_x ? x : y) & mask) << at;
                first |= (unsigned)takes_x << (at != 0);
            }
            differs |= have[16 * i + 2 * which] != result || have[16 * i + 2 * which + 1] != first;
        }
        if (differs)
            std::printf("choice %d is wrong\n", which), wrong++;
    }
    return wrong;
}

int main() {
    std::vector<unsigned> words;
    const unsigned extremes[] = {0,          0xffffffff, 0x80008000, 0x7fff7fff, 0x80808080, 0x7f7f7f7f,
                                 0x00010001, 0x01010101, 0x80000000, 0x7fffffff, 0xff00ff00, 1};
    for (unsigned a : extremes)
        for (unsigned b : extremes)
            words.insert(words.end(), {a, b, extremes[(a ^ b) % 12]});
    Random random(12);
    while (words.size() < 3 * 1000)
        words.push_back(random.next() << 16 ^ random.next());
    const int count = (int)words.size() / 3;
    Array<unsigned> in(words), out(16 * count);
    int wrong = 0;
    auto test = [&](int function, Lane lane, bool sum, const char *name) {
        kernel<<<(count + 63) / 64, 64>>>(function, in, out, count);
        CHECK_LAUNCH();
        std::vector<unsigned> have = out.host();
        for (int i = 0; i < count; i++) {
            unsigned want = expected(function, lane, sum, &words[3 * i]);
            if (have[i] == want)
                continue;
            std::printf("%s(%08x, %08x, %08x) is %08x, should be %08x\n", name, words[3 * i], words[3 * i + 1],
                        words[3 * i + 2], have[i], want);
            wrong++;
            break;
        }
    };
#define X(name, lane, meaning) test(F##name, lane, false, #name);
#define XS(name, lane, meaning) test(F##name, lane, true, #name);
    FUNCTIONS(X, X, X, XS)
    choices<<<(count + 63) / 64, 64>>>(in, out, count);
    CHECK_LAUNCH();
    wrong += check_choices(words, out.host(), count);
    std::printf("%d functions, %d wrong\n", FUNCTION_COUNT + 8, wrong);
    return 0;
}
