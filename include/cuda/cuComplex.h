/* SPDX-License-Identifier: Apache-2.0 */
/* cuComplex.h: complex numbers in float and double, as float2 and double2, for host and device, C and C++. */
#ifndef CU_COMPLEX_H_
#define CU_COMPLEX_H_

#if !defined(__CUDACC_RTC__)
#include <math.h>
#endif

#include "vector_functions.h"

#if defined(__CUDA__)
#define CW_COMPLEX static __inline__ __attribute__((host, device, unused))
#else
#define CW_COMPLEX static __inline__ __attribute__((unused))
#endif

typedef float2 cuFloatComplex;
typedef double2 cuDoubleComplex;
typedef cuFloatComplex cuComplex;

/* suffix of the names, complex type, real type, suffix of libm */
#define CW_COMPLEX_FAMILY(f, complex, real, m)                                                                         \
    CW_COMPLEX real cuCreal##f(complex x) { return x.x; }                                                              \
    CW_COMPLEX real cuCimag##f(complex x) { return x.y; }                                                              \
    CW_COMPLEX complex cuConj##f(complex x) { return make_##complex(x.x, -x.y); }                                      \
    CW_COMPLEX complex cuCadd##f(complex x, complex y) { return make_##complex(x.x + y.x, x.y + y.y); }                \
    CW_COMPLEX complex cuCsub##f(complex x, complex y) { return make_##complex(x.x - y.x, x.y - y.y); }                \
    CW_COMPLEX complex cuCmul##f(complex x, complex y) {                                                               \
        return make_##complex(x.x * y.x - x.y * y.y, x.x * y.y + x.y * y.x);                                           \
    }                                                                                                                  \
    /* Scaled by the size of y, so that its square can neither overflow nor vanish. */                                 \
    CW_COMPLEX complex cuCdiv##f(complex x, complex y) {                                                               \
        real scale = (real)1 / (fabs##m(y.x) + fabs##m(y.y));                                                          \
        real ar = x.x * scale, ai = x.y * scale, br = y.x * scale, bi = y.y * scale;                                   \
        real over = (real)1 / (br * br + bi * bi);                                                                     \
        return make_##complex((ar * br + ai * bi) * over, (ai * br - ar * bi) * over);                                 \
    }                                                                                                                  \
    CW_COMPLEX real cuCabs##f(complex x) { return hypot##m(x.x, x.y); }                                                \
    CW_COMPLEX complex cuCfma##f(complex x, complex y, complex d) {                                                    \
        return make_##complex((x.x * y.x + d.x) - x.y * y.y, (x.x * y.y + d.y) + x.y * y.x);                           \
    }

CW_COMPLEX cuFloatComplex make_cuFloatComplex(float r, float i) { return make_float2(r, i); }
CW_COMPLEX cuDoubleComplex make_cuDoubleComplex(double r, double i) { return make_double2(r, i); }
CW_COMPLEX cuComplex make_cuComplex(float r, float i) { return make_float2(r, i); }

CW_COMPLEX_FAMILY(f, cuFloatComplex, float, f)
CW_COMPLEX_FAMILY(, cuDoubleComplex, double, )

CW_COMPLEX cuDoubleComplex cuComplexFloatToDouble(cuFloatComplex c) {
    return make_cuDoubleComplex((double)c.x, (double)c.y);
}
CW_COMPLEX cuFloatComplex cuComplexDoubleToFloat(cuDoubleComplex c) {
    return make_cuFloatComplex((float)c.x, (float)c.y);
}

#undef CW_COMPLEX
#undef CW_COMPLEX_FAMILY

#endif
