/* SPDX-License-Identifier: Apache-2.0 */
/* integer.c: CUDA's integer intrinsics (CUDA Math API, "Integer Mathematical Functions" and "Integer Intrinsics"). */
#include "library/math/device.h"

int __nv_abs(int a) {
    return (int)(a < 0 ? 0u - (unsigned)a : (unsigned)a);
}

long long __nv_llabs(long long a) {
    return (long long)(a < 0 ? 0ull - (unsigned long long)a : (unsigned long long)a);
}

int __nv_min(int a, int b) {
    return a < b ? a : b;
}

int __nv_max(int a, int b) {
    return a > b ? a : b;
}

unsigned __nv_umin(unsigned a, unsigned b) {
    return a < b ? a : b;
}

unsigned __nv_umax(unsigned a, unsigned b) {
    return a > b ? a : b;
}

long long __nv_llmin(long long a, long long b) {
    return a < b ? a : b;
}

long long __nv_llmax(long long a, long long b) {
    return a > b ? a : b;
}

unsigned long long __nv_ullmin(unsigned long long a, unsigned long long b) {
    return a < b ? a : b;
}

unsigned long long __nv_ullmax(unsigned long long a, unsigned long long b) {
    return a > b ? a : b;
}

int __nv_brev(int a) {
    return (int)__builtin_bitreverse32((unsigned)a);
}

long long __nv_brevll(long long a) {
    return (long long)__builtin_bitreverse64((unsigned long long)a);
}

int __nv_clz(int a) {
    return a == 0 ? 32 : __builtin_clz((unsigned)a);
}

int __nv_clzll(long long a) {
    return a == 0 ? 64 : __builtin_clzll((unsigned long long)a);
}

int __nv_ffs(int a) {
    return a == 0 ? 0 : __builtin_ctz((unsigned)a) + 1;
}

int __nv_ffsll(long long a) {
    return a == 0 ? 0 : __builtin_ctzll((unsigned long long)a) + 1;
}

int __nv_popc(unsigned a) {
    return __builtin_popcount(a);
}

int __nv_popcll(unsigned long long a) {
    return __builtin_popcountll(a);
}

/* Nibble i of the selector picks byte 0 to 7 of b:a for byte i of the result (CUDA: __byte_perm); bit 3 of the nibble
 * replicates the picked byte's sign, as the hardware's prmt does. */
int __nv_byte_perm(int a, int b, int selector) {
    uint64_t bytes = (uint64_t)(unsigned)b << 32 | (unsigned)a;
    uint32_t result = 0;
#pragma unroll
    for (int i = 0; i < 4; i++) {
        uint32_t pick = (uint32_t)selector >> (4 * i);
        uint32_t byte = (uint32_t)(bytes >> (8 * (pick & 7))) & 0xff;
        uint32_t sign = byte & 0x80 ? 0xff : 0;
        result |= (pick & 8 ? sign : byte) << (8 * i);
    }
    return (int)result;
}

int __nv_mulhi(int a, int b) {
    return (int)((long long)a * b >> 32);
}

unsigned __nv_umulhi(unsigned a, unsigned b) {
    return (unsigned)((unsigned long long)a * b >> 32);
}

/* Four 32-bit products: vector units have no 64x64-bit high product, so that the 128-bit form would not widen. */
unsigned long long __nv_umul64hi(unsigned long long a, unsigned long long b) {
    uint64_t al = (uint32_t)a, ah = a >> 32, bl = (uint32_t)b, bh = b >> 32;
    uint64_t low = al * bl, middle1 = ah * bl, middle2 = al * bh;
    uint64_t carry = ((low >> 32) + (uint32_t)middle1 + (uint32_t)middle2) >> 32;
    return ah * bh + (middle1 >> 32) + (middle2 >> 32) + carry;
}

long long __nv_mul64hi(long long a, long long b) {
    uint64_t high = __nv_umul64hi((unsigned long long)a, (unsigned long long)b);
    high -= a < 0 ? (uint64_t)b : 0;
    high -= b < 0 ? (uint64_t)a : 0;
    return (long long)high;
}

/* The low 24 bits of each operand are multiplied; the low 32 bits of the product are the result. */
int __nv_mul24(int a, int b) {
    return (int)((unsigned)((int)((unsigned)a << 8) >> 8) * (unsigned)((int)((unsigned)b << 8) >> 8));
}

unsigned __nv_umul24(unsigned a, unsigned b) {
    return (a & 0xffffff) * (b & 0xffffff);
}

/* Averages that do not overflow: rounded down (hadd) and up (rhadd). */
int __nv_hadd(int a, int b) {
    return (a & b) + ((a ^ b) >> 1);
}

int __nv_rhadd(int a, int b) {
    return (a | b) - ((a ^ b) >> 1);
}

int __nv_uhadd(unsigned a, unsigned b) {
    return (int)((a & b) + ((a ^ b) >> 1));
}

unsigned __nv_urhadd(unsigned a, unsigned b) {
    return (a | b) - ((a ^ b) >> 1);
}

/* |a - b| + c */
int __nv_sad(int a, int b, int c) {
    unsigned difference = a > b ? (unsigned)a - (unsigned)b : (unsigned)b - (unsigned)a;
    return (int)(difference + (unsigned)c);
}

unsigned __nv_usad(unsigned a, unsigned b, unsigned c) {
    return (a > b ? a - b : b - a) + c;
}
