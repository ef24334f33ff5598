// SPDX-License-Identifier: Apache-2.0
// Integer instructions of PTX against models: PTX ISA 9.7.1, 9.7.2, 9.7.8, prmt, and the video instructions of 9.7.18.
// EXPECT: 122 cases, 0 wrong
// NVCC: skip it compares with models, which were written from the ISA
#include <algorithm>
#include <cstdlib>

#include "ptx_check.h"

typedef const Operands &O;
typedef __int128 i128;
typedef unsigned __int128 u128;

static int32_t s(uint32_t x) { return (int32_t)x; }
static int64_t S(uint64_t x) { return (int64_t)x; }
static uint64_t sat32(int64_t x) { return (uint32_t)(x > INT32_MAX ? INT32_MAX : x < INT32_MIN ? INT32_MIN : x); }
static int32_t low24(uint32_t x) { return (int32_t)(x << 8) >> 8; }

static uint64_t bfe(uint64_t a, uint32_t b, uint32_t c, unsigned width, bool is_signed) {
    /* The ISA restricts b and c to 0 to 255; what becomes of others is the hardware's. */
    uint64_t msb = width - 1, pos = width == 32 ? b & 255 : b, len = width == 32 ? c & 255 : c;
    uint64_t top = pos + len - 1 < msb ? pos + len - 1 : msb;
    bool sbit = is_signed && len != 0 && (a >> top & 1);
    uint64_t d = 0;
    for (uint64_t i = 0; i <= msb; i++) {
        bool bit = i < len && pos + i <= msb ? (a >> (pos + i) & 1) : sbit;
        d |= (uint64_t)bit << i;
    }
    return d;
}
static uint64_t bfi(uint64_t a, uint64_t b, uint32_t c, uint32_t d, unsigned width) {
    uint64_t pos = width == 32 ? c & 255 : c, len = width == 32 ? d & 255 : d, f = b;
    for (uint64_t i = 0; i < len && pos + i < width; i++)
        f = (f & ~(1ull << (pos + i))) | (a >> i & 1) << (pos + i);
    return f;
}
static uint64_t bfind(uint64_t a, unsigned width) {
    for (unsigned i = width; i-- > 0;)
        if (a >> i & 1) return i;
    return 0xffffffff;
}
static uint64_t prmt(uint32_t a, uint32_t b, uint32_t selectors) {
    uint64_t both = (uint64_t)b << 32 | a, d = 0;
    for (int i = 0; i < 4; i++) {
        unsigned sel = selectors >> 4 * i & 15, byte = both >> 8 * (sel & 7) & 255;
        if (sel & 8) byte = byte & 128 ? 255 : 0;
        d |= (uint64_t)byte << 8 * i;
    }
    return d;
}
static uint64_t prmt_mode(uint32_t a, uint32_t b, uint32_t c, const unsigned (&table)[4]) { return prmt(a, b, table[c & 3]); }
static const unsigned f4e[] = {0x3210, 0x4321, 0x5432, 0x6543}, b4e[] = {0x5670, 0x6701, 0x7012, 0x0123}, rc8[] = {0, 0x1111, 0x2222, 0x3333},
                      ecl[] = {0x3210, 0x3211, 0x3222, 0x3333}, ecr[] = {0, 0x1110, 0x2210, 0x3210}, rc16[] = {0x1010, 0x3232, 0x1010, 0x3232};
static uint64_t lop3(uint32_t a, uint32_t b, uint32_t c, unsigned table) {
    uint32_t d = 0;
    for (int i = 0; i < 32; i++) d |= (table >> ((a >> i & 1) * 4 + (b >> i & 1) * 2 + (c >> i & 1)) & 1u) << i;
    return d;
}
static uint64_t fns(uint32_t mask, uint32_t base, int32_t offset) {
    if (base > 31) return 0xffffffff; /* the ISA leaves it open */
    if (offset == 0) return mask >> base & 1 ? base : 0xffffffff;
    int pos = (int)base, count = offset < 0 ? -offset : offset, inc = offset < 0 ? -1 : 1;
    for (; pos >= 0 && pos < 32; pos += inc)
        if (mask >> pos & 1 && --count == 0) return (uint32_t)pos;
    return 0xffffffff;
}
static uint64_t bmsk(uint64_t from, uint64_t count) {
    uint64_t d = 0;
    for (uint64_t i = from; i < from + count && i < 32; i++) d |= 1ull << i;
    return d;
}
static uint64_t szext(uint32_t a, unsigned n, bool is_signed) {
    if (n == 0) return 0;
    if (n > 31) return a;
    return is_signed ? (uint32_t)(s(a << (32 - n)) >> (32 - n)) : a << (32 - n) >> (32 - n);
}
static int64_t clamp(int64_t x, int64_t low, int64_t high) { return x < low ? low : x > high ? high : x; }
static uint64_t dp4a(uint32_t a, uint32_t b, uint32_t c) {
    for (int i = 0; i < 4; i++) c += (uint32_t)((int8_t)(a >> 8 * i) * (int)(b >> 8 * i & 255));
    return c;
}
template <class F> static uint64_t halves(uint32_t a, uint32_t b, F f) {
    return (uint32_t)(uint16_t)f((uint16_t)a, (uint16_t)b) | (uint32_t)(uint16_t)f((uint16_t)(a >> 16), (uint16_t)(b >> 16)) << 16;
}
template <class F> static uint64_t bytes(uint32_t a, uint32_t b, F f) {
    uint32_t d = 0;
    for (int i = 0; i < 4; i++) d |= (uint32_t)(uint8_t)f((uint8_t)(a >> 8 * i), (uint8_t)(b >> 8 * i)) << 8 * i;
    return d;
}

static const Case cases[] = {
    /* 9.7.1 */
    {"add.u32 %d, %a, %b;", WORD, [](O o) -> uint64_t { return (uint32_t)(o.a + o.b); }},
    {"add.s64 %D, %A, %B;", LONG, [](O o) -> uint64_t { return o.A + o.B; }},
    {"add.u16 %hd, %ha, %hb;", HALFWORD, [](O o) -> uint64_t { return (uint16_t)(o.ha + o.hb); }},
    {"add.sat.s32 %d, %a, %b;", WORD, [](O o) -> uint64_t { return sat32((int64_t)s(o.a) + s(o.b)); }},
    {"add.s16x2 %d, %a, %b;", WORD, [](O o) -> uint64_t { return halves(o.a, o.b, [](uint16_t x, uint16_t y) { return x + y; }); }},
    {"sub.u32 %d, %a, %b;", WORD, [](O o) -> uint64_t { return (uint32_t)(o.a - o.b); }},
    {"sub.sat.s32 %d, %a, %b;", WORD, [](O o) -> uint64_t { return sat32((int64_t)s(o.a) - s(o.b)); }},
    {"mul.lo.s32 %d, %a, %b;", WORD, [](O o) -> uint64_t { return (uint32_t)(o.a * o.b); }},
    {"mul.hi.s32 %d, %a, %b;", WORD, [](O o) -> uint64_t { return (uint32_t)((int64_t)s(o.a) * s(o.b) >> 32); }},
    {"mul.hi.u32 %d, %a, %b;", WORD, [](O o) -> uint64_t { return (uint64_t)o.a * o.b >> 32; }},
    {"mul.wide.s32 %D, %a, %b;", LONG, [](O o) -> uint64_t { return (uint64_t)((int64_t)s(o.a) * s(o.b)); }},
    {"mul.wide.u32 %D, %a, %b;", LONG, [](O o) -> uint64_t { return (uint64_t)o.a * o.b; }},
    {"mul.wide.s16 %d, %ha, %hb;", WORD, [](O o) -> uint64_t { return (uint32_t)((int16_t)o.ha * (int16_t)o.hb); }},
    {"mul.wide.u16 %d, %ha, %hb;", WORD, [](O o) -> uint64_t { return (uint32_t)o.ha * o.hb; }},
    {"mul.hi.u16 %hd, %ha, %hb;", HALFWORD, [](O o) -> uint64_t { return (uint32_t)o.ha * o.hb >> 16; }},
    {"mul.lo.u64 %D, %A, %B;", LONG, [](O o) -> uint64_t { return o.A * o.B; }},
    {"mul.hi.u64 %D, %A, %B;", LONG, [](O o) -> uint64_t { return (uint64_t)((u128)o.A * o.B >> 64); }},
    {"mul.hi.s64 %D, %A, %B;", LONG, [](O o) -> uint64_t { return (uint64_t)((i128)S(o.A) * S(o.B) >> 64); }},
    {"mad.lo.s32 %d, %a, %b, %c;", WORD, [](O o) -> uint64_t { return (uint32_t)(o.a * o.b + o.c); }},
    {"mad.hi.u32 %d, %a, %b, %c;", WORD, [](O o) -> uint64_t { return (uint32_t)(((uint64_t)o.a * o.b >> 32) + o.c); }},
    {"mad.hi.sat.s32 %d, %a, %b, %c;", WORD, [](O o) -> uint64_t { return sat32(((int64_t)s(o.a) * s(o.b) >> 32) + s(o.c)); }, true},
    {"mad.wide.s32 %D, %a, %b, %C;", LONG, [](O o) -> uint64_t { return (uint64_t)((int64_t)s(o.a) * s(o.b)) + o.C; }},
    {"mul24.lo.s32 %d, %a, %b;", WORD, [](O o) -> uint64_t { return (uint32_t)((int64_t)low24(o.a) * low24(o.b)); }},
    {"mul24.hi.s32 %d, %a, %b;", WORD, [](O o) -> uint64_t { return (uint32_t)((int64_t)low24(o.a) * low24(o.b) >> 16); }},
    {"mul24.hi.u32 %d, %a, %b;", WORD, [](O o) -> uint64_t { return (uint32_t)((uint64_t)(o.a & 0xffffff) * (o.b & 0xffffff) >> 16); }},
    {"mad24.lo.u32 %d, %a, %b, %c;", WORD, [](O o) -> uint64_t { return (uint32_t)((o.a & 0xffffff) * (o.b & 0xffffff) + o.c); }},
    {"mad24.hi.sat.s32 %d, %a, %b, %c;", WORD,
     [](O o) -> uint64_t { return sat32((int64_t)(int32_t)((int64_t)low24(o.a) * low24(o.b) >> 16) + s(o.c)); }},
    {"sad.s32 %d, %a, %b, %c;", WORD, [](O o) -> uint64_t { return (uint32_t)(o.c + (s(o.a) < s(o.b) ? o.b - o.a : o.a - o.b)); }},
    {"sad.u64 %D, %A, %B, %C;", LONG, [](O o) -> uint64_t { return o.C + (o.A < o.B ? o.B - o.A : o.A - o.B); }},
    {"or.b32 %t0, %b, 1; div.s32 %d, %a, %t0;", WORD, [](O o) -> uint64_t { return (uint32_t)((int64_t)s(o.a) / s(o.b | 1)); }},
    {"or.b64 %T0, %B, 1; div.u64 %D, %A, %T0;", LONG, [](O o) -> uint64_t { return o.A / (o.B | 1); }},
    {"or.b32 %t0, %b, 1; rem.s32 %d, %a, %t0;", WORD, [](O o) -> uint64_t { return (uint32_t)((int64_t)s(o.a) % s(o.b | 1)); }},
    {"or.b32 %t0, %b, 1; rem.u32 %d, %a, %t0;", WORD, [](O o) -> uint64_t { return o.a % (o.b | 1); }},
    {"abs.s32 %d, %a;", WORD, [](O o) -> uint64_t { return (uint32_t)(s(o.a) < 0 ? 0u - o.a : o.a); }},
    {"abs.s64 %D, %A;", LONG, [](O o) -> uint64_t { return S(o.A) < 0 ? 0 - o.A : o.A; }},
    {"neg.s16 %hd, %ha;", HALFWORD, [](O o) -> uint64_t { return (uint16_t)-o.ha; }},
    {"min.s32 %d, %a, %b;", WORD, [](O o) -> uint64_t { return s(o.a) < s(o.b) ? o.a : o.b; }},
    {"max.u64 %D, %A, %B;", LONG, [](O o) -> uint64_t { return o.A > o.B ? o.A : o.B; }},
    {"max.s16x2 %d, %a, %b;", WORD,
     [](O o) -> uint64_t { return halves(o.a, o.b, [](uint16_t x, uint16_t y) { return (int16_t)x > (int16_t)y ? x : y; }); }},
    {"min.relu.s32 %d, %a, %b;", WORD, [](O o) -> uint64_t { return (uint32_t)std::max(0, s(o.a) < s(o.b) ? s(o.a) : s(o.b)); }},
    {"popc.b64 %d, %A;", WORD, [](O o) -> uint64_t { return (uint64_t)__builtin_popcountll(o.A); }},
    {"clz.b32 %d, %a;", WORD, [](O o) -> uint64_t { return o.a ? (uint64_t)__builtin_clz(o.a) : 32; }},
    {"clz.b64 %d, %A;", WORD, [](O o) -> uint64_t { return o.A ? (uint64_t)__builtin_clzll(o.A) : 64; }},
    {"bfind.u32 %d, %a;", WORD, [](O o) -> uint64_t { return bfind(o.a, 32); }},
    {"bfind.s32 %d, %a;", WORD, [](O o) -> uint64_t { return bfind(s(o.a) < 0 ? ~o.a : o.a, 32); }},
    {"bfind.s64 %d, %A;", WORD, [](O o) -> uint64_t { return bfind(S(o.A) < 0 ? ~o.A : o.A, 64); }},
    {"bfind.shiftamt.u32 %d, %a;", WORD, [](O o) -> uint64_t { return o.a ? 31 - bfind(o.a, 32) : 0xffffffff; }},
    {"and.b32 %t0, %b, 31; and.b32 %t1, %c, 15; sub.s32 %t1, %t1, 8; fns.b32 %d, %a, %t0, %t1;", WORD,
     [](O o) -> uint64_t { return fns(o.a, o.b & 31, (int)(o.c & 15) - 8); }},
    {"brev.b32 %d, %a;", WORD, [](O o) -> uint64_t { return __builtin_bitreverse32(o.a); }},
    {"brev.b64 %D, %A;", LONG, [](O o) -> uint64_t { return __builtin_bitreverse64(o.A); }},
    {"bfe.u32 %d, %a, %b, %c;", WORD, [](O o) -> uint64_t { return bfe(o.a, o.b, o.c, 32, false); }},
    {"bfe.s32 %d, %a, %b, %c;", WORD, [](O o) -> uint64_t { return (uint32_t)bfe(o.a, o.b, o.c, 32, true); }},
    {"bfe.u64 %D, %A, %b, %c;", LONG, [](O o) -> uint64_t { return bfe(o.A, o.b, o.c, 64, false); }},
    {"bfe.s64 %D, %A, %b, %c;", LONG, [](O o) -> uint64_t { return bfe(o.A, o.b, o.c, 64, true); }},
    {"bfi.b32 %d, %a, %b, %c, %b;", WORD, [](O o) -> uint64_t { return (uint32_t)bfi(o.a, o.b, o.c, o.b, 32); }},
    {"bfi.b64 %D, %A, %B, %c, %b;", LONG, [](O o) -> uint64_t { return bfi(o.A, o.B, o.c, o.b, 64); }},
    {"bmsk.clamp.b32 %d, %a, %b;", WORD, [](O o) -> uint64_t { return bmsk(o.a, o.b); }},
    {"bmsk.wrap.b32 %d, %a, %b;", WORD, [](O o) -> uint64_t { return bmsk(o.a & 31, o.b & 31); }},
    {"szext.clamp.s32 %d, %a, %b;", WORD, [](O o) -> uint64_t { return szext(o.a, o.b > 32 ? 32 : o.b, true); }},
    {"szext.wrap.u32 %d, %a, %b;", WORD, [](O o) -> uint64_t { return szext(o.a, o.b & 31, false); }},
    {"dp4a.s32.u32 %d, %a, %b, %c;", WORD, [](O o) -> uint64_t { return (uint32_t)dp4a(o.a, o.b, o.c); }},
    {"dp2a.hi.u32.s32 %d, %a, %b, %c;", WORD,
     [](O o) -> uint64_t { return (uint32_t)(o.c + (uint32_t)((int)(o.a & 0xffff) * (int8_t)(o.b >> 16)) + (uint32_t)((int)(o.a >> 16) * (int8_t)(o.b >> 24))); }},
    /* 9.7.2: chains of words are numbers of twice the width */
    {"add.cc.u32 %t0, %a, %b; addc.u32 %d, %c, 0;", WORD, [](O o) -> uint64_t { return (uint32_t)(o.c + (uint32_t)(((uint64_t)o.a + o.b) >> 32)); }},
    {"add.cc.u64 %T0, %A, %B; addc.cc.u64 %D, %C, %A; addc.u64 %D, 0, 0;", LONG,
     [](O o) -> uint64_t { return (uint64_t)(((u128)o.C + o.A + (uint64_t)(((u128)o.A + o.B) >> 64)) >> 64); }},
    {"sub.cc.u32 %t0, %a, %b; subc.u32 %d, %c, %a;", WORD, [](O o) -> uint64_t { return (uint32_t)(o.c - o.a - (o.a < o.b)); }},
    {"sub.cc.u32 %t0, %a, %b; subc.cc.u32 %t1, %c, %b; subc.u32 %d, 0, 0;", WORD,
     [](O o) -> uint64_t { return (uint32_t)(0u - ((uint64_t)o.c < (uint64_t)o.b + (o.a < o.b))); }},
    {"mad.lo.cc.u32 %t0, %a, %b, %c; madc.hi.u32 %d, %a, %b, %c;", WORD,
     [](O o) -> uint64_t { return (uint32_t)(((uint64_t)o.a * o.b >> 32) + o.c + (((uint64_t)(uint32_t)(o.a * o.b) + o.c) >> 32)); }},
    {"mad.lo.cc.u64 %T0, %A, %B, %C; madc.hi.u64 %D, %A, %B, %C;", LONG,
     [](O o) -> uint64_t { return (uint64_t)(((u128)o.A * o.B + o.C) >> 64) + o.C; }},
    /* 9.7.8 and prmt */
    {"and.b16 %hd, %ha, %hb;", HALFWORD, [](O o) -> uint64_t { return o.ha & o.hb; }},
    {"or.pred %pd, %p, %q;", PREDICATE, [](O o) -> uint64_t { return o.p || o.q; }},
    {"xor.b64 %D, %A, %B;", LONG, [](O o) -> uint64_t { return o.A ^ o.B; }},
    {"not.b32 %d, %a;", WORD, [](O o) -> uint64_t { return (uint32_t)~o.a; }},
    {"not.pred %pd, %p;", PREDICATE, [](O o) -> uint64_t { return !o.p; }},
    {"cnot.b32 %d, %a;", WORD, [](O o) -> uint64_t { return o.a == 0; }},
    {"lop3.b32 %d, %a, %b, %c, 0x96;", WORD, [](O o) -> uint64_t { return lop3(o.a, o.b, o.c, 0x96); }},
    {"lop3.b32 %d, %a, %b, %c, 0xe8;", WORD, [](O o) -> uint64_t { return lop3(o.a, o.b, o.c, 0xe8); }},
    {"lop3.b32 %d, %a, %b, %c, 0x1b;", WORD, [](O o) -> uint64_t { return lop3(o.a, o.b, o.c, 0x1b); }},
    {"lop3.b32 %d, %a, %b, %c, 0x40;", WORD, [](O o) -> uint64_t { return lop3(o.a, o.b, o.c, 0x40); }},
    {"lop3.b32 %d, %a, %b, %c, 0x0d;", WORD, [](O o) -> uint64_t { return lop3(o.a, o.b, o.c, 0x0d); }},
    {"lop3.or.b32 %t0|%pd, %a, %b, %c, 0x80, %q;", PREDICATE, [](O o) -> uint64_t { return lop3(o.a, o.b, o.c, 0x80) != 0 || o.q; }},
    {"shl.b32 %d, %a, %b;", WORD, [](O o) -> uint64_t { return o.b > 31 ? 0 : (uint32_t)(o.a << o.b); }},
    {"shl.b16 %hd, %ha, %b;", HALFWORD, [](O o) -> uint64_t { return o.b > 15 ? 0 : (uint16_t)(o.ha << o.b); }},
    {"shr.u32 %d, %a, %b;", WORD, [](O o) -> uint64_t { return o.b > 31 ? 0 : o.a >> o.b; }},
    {"shr.s32 %d, %a, %b;", WORD, [](O o) -> uint64_t { return (uint32_t)(s(o.a) >> (o.b > 31 ? 31 : o.b)); }},
    {"shr.s64 %D, %A, %b;", LONG, [](O o) -> uint64_t { return (uint64_t)(S(o.A) >> (o.b > 63 ? 63 : o.b)); }},
    {"shr.b64 %D, %A, 17;", LONG, [](O o) -> uint64_t { return o.A >> 17; }},
    {"shf.l.wrap.b32 %d, %a, %b, %c;", WORD, [](O o) -> uint64_t { return (uint32_t)(((uint64_t)o.b << 32 | o.a) << (o.c & 31) >> 32); }},
    {"shf.l.clamp.b32 %d, %a, %b, %c;", WORD, [](O o) -> uint64_t { return o.c > 31 ? o.a : (uint32_t)(((uint64_t)o.b << 32 | o.a) << o.c >> 32); }},
    {"shf.r.wrap.b32 %d, %a, %b, %c;", WORD, [](O o) -> uint64_t { return (uint32_t)(((uint64_t)o.b << 32 | o.a) >> (o.c & 31)); }},
    {"shf.r.clamp.b32 %d, %a, %b, %c;", WORD, [](O o) -> uint64_t { return (uint32_t)(((uint64_t)o.b << 32 | o.a) >> (o.c > 32 ? 32 : o.c)); }},
    {"prmt.b32 %d, %a, %b, %c;", WORD, [](O o) -> uint64_t { return prmt(o.a, o.b, o.c); }},
    {"prmt.b32 %d, %a, %b, 0x5410;", WORD, [](O o) -> uint64_t { return prmt(o.a, o.b, 0x5410); }},
    {"prmt.b32.f4e %d, %a, %b, %c;", WORD, [](O o) -> uint64_t { return prmt_mode(o.a, o.b, o.c, f4e); }},
    {"prmt.b32.b4e %d, %a, %b, %c;", WORD, [](O o) -> uint64_t { return prmt_mode(o.a, o.b, o.c, b4e); }},
    {"prmt.b32.rc8 %d, %a, %b, %c;", WORD, [](O o) -> uint64_t { return prmt_mode(o.a, o.b, o.c, rc8); }},
    {"prmt.b32.ecl %d, %a, %b, %c;", WORD, [](O o) -> uint64_t { return prmt_mode(o.a, o.b, o.c, ecl); }},
    {"prmt.b32.ecr %d, %a, %b, %c;", WORD, [](O o) -> uint64_t { return prmt_mode(o.a, o.b, o.c, ecr); }},
    {"prmt.b32.rc16 %d, %a, %b, %c;", WORD, [](O o) -> uint64_t { return prmt_mode(o.a, o.b, o.c, rc16); }},
    /* 9.7.18 */
    {"vadd.s32.u32.s32 %d, %a.b1, %b.h1;", WORD, [](O o) -> uint64_t { return (uint32_t)((o.a >> 8 & 255) + (uint32_t)(int16_t)(o.b >> 16)); }},
    {"vadd.s32.s32.s32.sat %d, %a, %b;", WORD, [](O o) -> uint64_t { return sat32((int64_t)s(o.a) + s(o.b)); }},
    {"vadd.u32.s32.s32.sat %d, %a, %b;", WORD, [](O o) -> uint64_t { return (uint64_t)clamp((int64_t)s(o.a) + s(o.b), 0, 0xffffffffll); }},
    {"vsub.s32.u32.u32.sat %d, %a, %b;", WORD, [](O o) -> uint64_t { return sat32((int64_t)o.a - (int64_t)o.b); }},
    {"vabsdiff.u32.u32.u32.add %d, %a, %b, %c;", WORD, [](O o) -> uint64_t { return (uint32_t)((o.a > o.b ? o.a - o.b : o.b - o.a) + o.c); }},
    {"vmin.s32.s32.s32.max %d, %a.h0, %b.h1, %c;", WORD,
     [](O o) -> uint64_t { return (uint32_t)std::max((int)std::min((int16_t)o.a, (int16_t)(o.b >> 16)), s(o.c)); }},
    {"vmax.s32.s32.s32.sat %d.b2, %a, %b, %c;", WORD,
     [](O o) -> uint64_t { return (uint32_t)(uint8_t)clamp(std::max(s(o.a), s(o.b)), -128, 127) << 16 | (o.c & 0xff00ffffu); }, true},
    {"vadd.u32.u32.u32 %d.h1, %a, %b, %c;", WORD, [](O o) -> uint64_t { return (o.a + o.b) << 16 | (o.c & 0xffffu); }, true},
    {"vshl.u32.u32.u32.clamp %d, %a, %b;", WORD, [](O o) -> uint64_t { return (uint32_t)(o.b > 31 ? 0 : o.a << o.b); }},
    {"vshr.s32.s32.u32.wrap.add %d, %a, %b, %c;", WORD, [](O o) -> uint64_t { return (uint32_t)((uint32_t)(s(o.a) >> (o.b & 31)) + o.c); }},
    {"vset.s32.u32.lt %d, %a, %b;", WORD, [](O o) -> uint64_t { return (int64_t)s(o.a) < (int64_t)o.b; }},
    {"vset.u32.u32.ge.add %d, %a.b3, %b.b0, %c;", WORD, [](O o) -> uint64_t { return (uint32_t)(((o.a >> 24) >= (o.b & 255)) + o.c); }},
    {"vmad.s32.s32.s32 %d, %a.h0, %b.h1, %c;", WORD, [](O o) -> uint64_t { return (uint32_t)((int16_t)o.a * (int16_t)(o.b >> 16)) + (uint64_t)o.c & 0xffffffff; }},
    {"vmad.s32.s32.s32.shr7 %d, %a, %b, %c;", WORD, [](O o) -> uint64_t { return (uint32_t)((((i128)s(o.a) * s(o.b)) + s(o.c)) >> 7); }},
    {"vmad.u32.u32.u32.sat %d, %a.h0, %b.h0, %c;", WORD,
     [](O o) -> uint64_t { return (uint64_t)clamp((int64_t)((uint64_t)(o.a & 0xffff) * (o.b & 0xffff) + o.c), 0, 0xffffffffll); }, true},
    {"vmad.u32.u32.u32.po %d, %a.h1, %b.b2, %c;", WORD, [](O o) -> uint64_t { return (uint32_t)((o.a >> 16) * (o.b >> 16 & 255) + o.c + 1); }},
    {"vmad.s32.s32.s32.sat %d, %a, %b, -%c;", WORD, [](O o) -> uint64_t { return sat32((int64_t)s(o.a) * s(o.b) - s(o.c)); }},
    {"vadd2.s32.s32.s32.sat %d, %a, %b, %c;", WORD,
     [](O o) -> uint64_t { return halves(o.a, o.b, [](uint16_t x, uint16_t y) { return clamp((int16_t)x + (int16_t)y, -32768, 32767); }); }},
    {"vsub2.u32.u32.u32 %d.h1, %a, %b, %c;", WORD, [](O o) -> uint64_t { return (uint32_t)((o.a >> 16) - (o.b >> 16)) << 16 | (o.c & 0xffff); }},
    {"vavrg2.u32.u32.u32 %d, %a, %b, %c;", WORD, [](O o) -> uint64_t { return halves(o.a, o.b, [](uint16_t x, uint16_t y) { return (x + y + 1) >> 1; }); }},
    {"vabsdiff4.u32.u32.u32.add %d, %a, %b, %c;", WORD,
     [](O o) -> uint64_t {
         uint32_t sum = o.c;
         for (int i = 0; i < 4; i++) sum += (uint32_t)std::abs((int)(o.a >> 8 * i & 255) - (int)(o.b >> 8 * i & 255));
         return sum;
     }},
    {"vmax4.s32.s32.s32 %d, %a, %b, %c;", WORD, [](O o) -> uint64_t { return bytes(o.a, o.b, [](uint8_t x, uint8_t y) { return (int8_t)x > (int8_t)y ? x : y; }); }},
    {"vset4.u32.u32.gt %d, %a, %b, %c;", WORD, [](O o) -> uint64_t { return bytes(o.a, o.b, [](uint8_t x, uint8_t y) { return x > y; }); }},
    {"vadd2.u32.u32.u32 %d, %a.h01, %b.h32, %c;", WORD,
     [](O o) -> uint64_t { return halves(o.a << 16 | o.a >> 16, o.b, [](uint16_t x, uint16_t y) { return x + y; }); }},
};

CASES_MAIN(cases)
