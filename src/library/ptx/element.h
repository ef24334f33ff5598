/* SPDX-License-Identifier: Apache-2.0 */
/* element.h: elements of matrices as they lie in registers, for the helpers of matrix instructions. */
#ifndef CW_LIBRARY_PTX_ELEMENT_H
#define CW_LIBRARY_PTX_ELEMENT_H

#include "library/ptx/device.h"

#define UNROLL _Pragma("unroll")

INLINE uint32_t take(uint32_t value, int lane) {
    return (uint32_t)cw_shfl_idx(FULL_MASK, (int)value, lane, 32);
}

INLINE float half_at(uint32_t word, int i) {
    return (float)__builtin_bit_cast(_Float16, (uint16_t)(word >> 16 * i));
}

INLINE float bfloat_at(uint32_t word, int i) {
    return float_of(i ? word & 0xffff0000u : word << 16);
}

INLINE uint32_t half_bits(float value) {
    return value != value ? 0x7fffu : __builtin_bit_cast(uint16_t, (_Float16)value);
}

/* A float of 8 bits (PTX ISA 5.2.3, "Alternate Floating-Point Data Formats"): e5m2 is the upper half of a half, e4m3 one's exponent and
 * fraction but for the bias, which is less by 8. */
INLINE float byte_float(uint32_t word, int i, bool e5m2) {
    uint32_t bits = word >> 8 * i & 0xffu, magnitude = bits & 0x7fu;
    if (e5m2) return half_at(bits << 8, 0);
    float value = half_at((bits & 0x80u) << 8 | magnitude << 7, 0) * 0x1p8f;
    return magnitude == 0x7fu ? float_of(0x7fc00000u) : value;
}

#endif
