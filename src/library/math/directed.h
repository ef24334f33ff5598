/* SPDX-License-Identifier: Apache-2.0 */
/*
 * directed.h: rounding to a chosen direction without a rounding mode, which portable IR does not have.
 *
 * Method: take a value that was rounded to nearest, learn from an exact remainder on which side of the true value it
 * lies, and step to the neighbour if it lies on the wrong one. Neighbours are found in the ordered integers that bit
 * patterns are; stepping from infinity gives the largest finite value, as directed rounding wants on overflow.
 */
#ifndef CW_LIBRARY_MATH_DIRECTED_H
#define CW_LIBRARY_MATH_DIRECTED_H

#include "library/math/device.h"

enum direction { NEAREST, TO_ZERO, UP, DOWN };

/* The next float below and above; x is not NaN, and not the infinity that has no neighbour there. */
INLINE float below_f(float x) {
    uint32_t b = float_bits(x);
    return x == 0 ? -0x1p-149f : bits_float(x > 0 ? b - 1 : b + 1);
}

INLINE float above_f(float x) {
    return -below_f(-x);
}

INLINE double below(double x) {
    uint64_t b = double_bits(x);
    return x == 0 ? -0x1p-1074 : bits_double(x > 0 ? b - 1 : b + 1);
}

INLINE double above(double x) {
    return -below(-x);
}

/* `r`, nearest to the true value, made the directed one. `over`: r is above the true value; `under`: below. */
INLINE float direct_f(float r, bool over, bool under, enum direction direction) {
    bool down = direction == DOWN || (direction == TO_ZERO && r > 0);
    bool up = direction == UP || (direction == TO_ZERO && r < 0);
    return down && over ? below_f(r) : up && under ? above_f(r) : r;
}

INLINE double direct(double r, bool over, bool under, enum direction direction) {
    bool down = direction == DOWN || (direction == TO_ZERO && r > 0);
    bool up = direction == UP || (direction == TO_ZERO && r < 0);
    return down && over ? below(r) : up && under ? above(r) : r;
}

/* hi+lo, exact with |lo| <= ulp(hi)/2, to float. Rounding hi to nearest first is harmless: it is monotone, so the result
 * is one of the two floats around the true value. */
INLINE float narrow(double hi, double lo, enum direction direction) {
    float r = (float)hi;
    bool over = (double)r > hi || ((double)r == hi && lo < 0);
    bool under = (double)r < hi || ((double)r == hi && lo > 0);
    return direct_f(r, over, under, direction);
}

#endif
