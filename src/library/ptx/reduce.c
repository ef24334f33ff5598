/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reduce.c: cp.reduce.async.bulk: PTX ISA, "Data Movement and Conversion Instructions: Asynchronous copy". Every element of the source
 * is combined with the destination's by an atomic operation, whose number is a constant after inlining.
 */
#include "library/ptx/element.h"

enum { AND, OR, XOR, ADD, INCREMENT, DECREMENT, MINIMUM, MAXIMUM };

/* inc and dec count round in 0 to `value` (PTX ISA, "red"). */
INLINE uint64_t counted(uint64_t old, uint64_t value, uint32_t op) {
    if (op == INCREMENT) return old >= value ? 0 : old + 1u;
    return old == 0 || old > value ? value : old - 1u;
}

#define REDUCE_INTEGER(name, type)                                                                                     \
    EXPORT void __cw_ptx_reduce_##name(type *to, const type *from, uint32_t size, uint32_t op) {                       \
        for (uint32_t i = 0; i < size / sizeof(type); i++) {                                                           \
            type value = from[i], old = __atomic_load_n(&to[i], __ATOMIC_RELAXED), next;                               \
            do {                                                                                                       \
                switch (op) {                                                                                          \
                case AND: next = old & value; break;                                                                   \
                case OR: next = old | value; break;                                                                    \
                case XOR: next = old ^ value; break;                                                                   \
                case ADD: next = (type)((uint64_t)old + (uint64_t)value); break;                                       \
                case MINIMUM: next = value < old ? value : old; break;                                                 \
                case MAXIMUM: next = value > old ? value : old; break;                                                 \
                default: next = (type)counted((uint64_t)old, (uint64_t)value, op); break;                              \
                }                                                                                                      \
            } while (!__atomic_compare_exchange_n(&to[i], &old, next, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED));         \
        }                                                                                                              \
    }
REDUCE_INTEGER(u32, uint32_t)
REDUCE_INTEGER(s32, int32_t)
REDUCE_INTEGER(u64, uint64_t)
REDUCE_INTEGER(s64, int64_t)

INLINE float half_value(uint16_t bits) {
    return half_at(bits, 0);
}

INLINE float bfloat_value(uint16_t bits) {
    return float_of((uint32_t)bits << 16);
}

/* To nearest, ties to even. */
INLINE uint16_t bfloat_bits(float value) {
    uint32_t bits = bits_of(value);
    if (value != value) return 0x7fff;
    return (uint16_t)((bits + 0x7fffu + (bits >> 16 & 1u)) >> 16);
}

#define REDUCE_FLOAT(name, bits, type, value_of, bits_of_value)                                                        \
    EXPORT void __cw_ptx_reduce_##name(bits *to, const bits *from, uint32_t size, uint32_t op) {                       \
        for (uint32_t i = 0; i < size / sizeof(bits); i++) {                                                           \
            bits old = __atomic_load_n(&to[i], __ATOMIC_RELAXED), next;                                                \
            do {                                                                                                       \
                type a = value_of(old), b = value_of(from[i]);                                                         \
                bool other = op == MINIMUM ? b < a || a != a : b > a || a != a;                                        \
                next = (bits)bits_of_value(op == ADD ? a + b : other ? b : a);                                               \
            } while (!__atomic_compare_exchange_n(&to[i], &old, next, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED));         \
        }                                                                                                              \
    }
REDUCE_FLOAT(f16, uint16_t, float, half_value, half_bits)
REDUCE_FLOAT(bf16, uint16_t, float, bfloat_value, bfloat_bits)
REDUCE_FLOAT(f32, uint32_t, float, float_of, bits_of)
REDUCE_FLOAT(f64, uint64_t, double, double_of, bits_of_double)
