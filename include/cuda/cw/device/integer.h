/* SPDX-License-Identifier: Apache-2.0 */
/* integer.h: integer intrinsics: CUDA Math API, "Integer Intrinsics" and "Type Casting Intrinsics". */
#ifndef CW_CUDA_DEVICE_INTEGER_H
#define CW_CUDA_DEVICE_INTEGER_H

#include "define.h"
#include "../../vector_types.h"

/* ---- Bits ---- */

CW_DEVICE int __clz(int x) { return __builtin_clzg((unsigned int)x, 32); }
CW_DEVICE int __clzll(long long x) { return __builtin_clzg((unsigned long long)x, 64); }
CW_DEVICE int __ffs(int x) { return __builtin_ctzg((unsigned int)x, -1) + 1; }
CW_DEVICE int __ffsll(long long x) { return __builtin_ctzg((unsigned long long)x, -1) + 1; }
CW_DEVICE int __popc(unsigned int x) { return __builtin_popcount(x); }
CW_DEVICE int __popcll(unsigned long long x) { return __builtin_popcountll(x); }
CW_DEVICE unsigned int __brev(unsigned int x) { return __builtin_bitreverse32(x); }
CW_DEVICE unsigned long long __brevll(unsigned long long x) { return __builtin_bitreverse64(x); }

/* The position of the n-th set bit from `base` on, upwards for n > 0 and downwards for n < 0; n == 0 asks for the bit
 * at `base` itself. All ones when there is none. */
CW_DEVICE unsigned int __fns(unsigned int mask, unsigned int base, int offset) {
    if (offset == 0) return base < 32u && ((mask >> base) & 1u) ? base : 0xffffffffu;
    int step = offset > 0 ? 1 : -1;
    int left = offset > 0 ? offset : -offset;
    for (int i = (int)base; i >= 0 && i < 32; i += step) {
        if (((mask >> i) & 1u) && --left == 0) return (unsigned int)i;
    }
    return 0xffffffffu;
}

/* Picks four bytes of the eight in y:x, each by the lower three bits of its selector. */
CW_DEVICE unsigned int __byte_perm(unsigned int x, unsigned int y, unsigned int selectors) {
    unsigned long long bytes = ((unsigned long long)y << 32) | x;
    unsigned int result = 0;
#pragma unroll
    for (int i = 0; i < 4; i++) {
        result |= (unsigned int)((bytes >> (8u * ((selectors >> (4 * i)) & 7u))) & 0xffu) << (8 * i);
    }
    return result;
}

CW_DEVICE unsigned int __funnelshift_l(unsigned int low, unsigned int high, unsigned int shift) {
    return __builtin_elementwise_fshl(high, low, shift);
}
CW_DEVICE unsigned int __funnelshift_r(unsigned int low, unsigned int high, unsigned int shift) {
    return __builtin_elementwise_fshr(high, low, shift);
}
CW_DEVICE unsigned int __funnelshift_lc(unsigned int low, unsigned int high, unsigned int shift) {
    unsigned int by = shift < 32u ? shift : 32u;
    return (unsigned int)((((((unsigned long long)high) << 32) | low) << by) >> 32);
}
CW_DEVICE unsigned int __funnelshift_rc(unsigned int low, unsigned int high, unsigned int shift) {
    unsigned int by = shift < 32u ? shift : 32u;
    return (unsigned int)(((((unsigned long long)high) << 32) | low) >> by);
}

/* ---- Arithmetic ---- */

CW_DEVICE int __mulhi(int x, int y) { return (int)(((long long)x * y) >> 32); }
CW_DEVICE unsigned int __umulhi(unsigned int x, unsigned int y) {
    return (unsigned int)(((unsigned long long)x * y) >> 32);
}
CW_DEVICE unsigned long long __umul64hi(unsigned long long x, unsigned long long y) {
    unsigned long long x0 = (unsigned int)x, x1 = x >> 32, y0 = (unsigned int)y, y1 = y >> 32;
    unsigned long long middle = x1 * y0 + ((x0 * y0) >> 32);
    unsigned long long carry = x0 * y1 + (unsigned int)middle;
    return x1 * y1 + (middle >> 32) + (carry >> 32);
}
CW_DEVICE long long __mul64hi(long long x, long long y) {
    unsigned long long high = __umul64hi((unsigned long long)x, (unsigned long long)y);
    if (x < 0) high -= (unsigned long long)y;
    if (y < 0) high -= (unsigned long long)x;
    return (long long)high;
}
CW_DEVICE int __mul24(int x, int y) {
    return (int)((unsigned int)((int)((unsigned int)x << 8) >> 8) * (unsigned int)((int)((unsigned int)y << 8) >> 8));
}
CW_DEVICE unsigned int __umul24(unsigned int x, unsigned int y) { return (x & 0xffffffu) * (y & 0xffffffu); }
CW_DEVICE int mul24(int x, int y) { return __mul24(x, y); }
CW_DEVICE unsigned int umul24(unsigned int x, unsigned int y) { return __umul24(x, y); }
CW_DEVICE int mulhi(int x, int y) { return __mulhi(x, y); }
CW_DEVICE unsigned int mulhi(unsigned int x, unsigned int y) { return __umulhi(x, y); }
CW_DEVICE unsigned int mulhi(int x, unsigned int y) { return __umulhi((unsigned int)x, y); }
CW_DEVICE unsigned int mulhi(unsigned int x, int y) { return __umulhi(x, (unsigned int)y); }
CW_DEVICE long long mul64hi(long long x, long long y) { return __mul64hi(x, y); }
CW_DEVICE unsigned long long mul64hi(unsigned long long x, unsigned long long y) { return __umul64hi(x, y); }

CW_DEVICE unsigned int __usad(unsigned int x, unsigned int y, unsigned int z) { return (x > y ? x - y : y - x) + z; }
CW_DEVICE unsigned int __sad(int x, int y, unsigned int z) {
    return (x > y ? (unsigned int)x - (unsigned int)y : (unsigned int)y - (unsigned int)x) + z;
}
CW_DEVICE int __hadd(int x, int y) { return (int)(((long long)x + y) >> 1); }
CW_DEVICE int __rhadd(int x, int y) { return (int)(((long long)x + y + 1) >> 1); }
CW_DEVICE unsigned int __uhadd(unsigned int x, unsigned int y) {
    return (unsigned int)(((unsigned long long)x + y) >> 1);
}
CW_DEVICE unsigned int __urhadd(unsigned int x, unsigned int y) {
    return (unsigned int)(((unsigned long long)x + y + 1) >> 1);
}

/* ---- Dot products of packed bytes and halfwords ---- */

/* Element i of a register that packs elements of type `element`. */
#define CW_PACKED(element, word, i) ((int)(element)((unsigned int)(word) >> ((i) * 8 * (int)sizeof(element))))

#define CW_DP4A(result, word_a, element_a, word_b, element_b)                                                          \
    CW_DEVICE result __dp4a(word_a a, word_b b, result c) {                                                            \
        unsigned int sum = (unsigned int)c;                                                                            \
        for (int i = 0; i < 4; i++)                                                                                    \
            sum += (unsigned int)(CW_PACKED(element_a, a, i) * CW_PACKED(element_b, b, i));                            \
        return (result)sum;                                                                                            \
    }
CW_DP4A(int, int, signed char, int, signed char)
CW_DP4A(unsigned int, unsigned int, unsigned char, unsigned int, unsigned char)
#undef CW_DP4A

CW_DEVICE int __dp4a(char4 a, char4 b, int c) {
    return c + (signed char)a.x * (signed char)b.x + (signed char)a.y * (signed char)b.y +
           (signed char)a.z * (signed char)b.z + (signed char)a.w * (signed char)b.w;
}
CW_DEVICE unsigned int __dp4a(uchar4 a, uchar4 b, unsigned int c) {
    return c + (unsigned int)(a.x * b.x) + (unsigned int)(a.y * b.y) + (unsigned int)(a.z * b.z) +
           (unsigned int)(a.w * b.w);
}

/* Halfwords of `a` times the lower or the upper two bytes of `b`. */
#define CW_DP2A(name, first, result, word_a, element_a, word_b, element_b)                                             \
    CW_DEVICE result name(word_a a, word_b b, result c) {                                                              \
        unsigned int sum = (unsigned int)c;                                                                            \
        for (int i = 0; i < 2; i++)                                                                                    \
            sum += (unsigned int)(CW_PACKED(element_a, a, i) * CW_PACKED(element_b, b, (first) + i));                  \
        return (result)sum;                                                                                            \
    }
CW_DP2A(__dp2a_lo, 0, int, int, short, int, signed char)
CW_DP2A(__dp2a_hi, 2, int, int, short, int, signed char)
CW_DP2A(__dp2a_lo, 0, unsigned int, unsigned int, unsigned short, unsigned int, unsigned char)
CW_DP2A(__dp2a_hi, 2, unsigned int, unsigned int, unsigned short, unsigned int, unsigned char)
#undef CW_DP2A

CW_DEVICE int __dp2a_lo(short2 a, char4 b, int c) { return c + a.x * (signed char)b.x + a.y * (signed char)b.y; }
CW_DEVICE int __dp2a_hi(short2 a, char4 b, int c) { return c + a.x * (signed char)b.z + a.y * (signed char)b.w; }
CW_DEVICE unsigned int __dp2a_lo(ushort2 a, uchar4 b, unsigned int c) {
    return c + (unsigned int)a.x * b.x + (unsigned int)a.y * b.y;
}
CW_DEVICE unsigned int __dp2a_hi(ushort2 a, uchar4 b, unsigned int c) {
    return c + (unsigned int)a.x * b.z + (unsigned int)a.y * b.w;
}

#undef CW_PACKED

#endif
