/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fast.c: the fast versions of float functions (CUDA: __sinf, __expf, ...; also what -use_fast_math turns sinf to).
 *
 * Their documented errors allow shortcuts that pay on a GPU's special function units. On other machines the shortest
 * sequences are those of the ordinary functions, which keep the bounds everywhere. The circular ones are in trig.c.
 */
#include "library/math/device.h"

/* __tanf is __sinf / __cosf. */
float __nv_fast_tanf(float a) {
    return __nv_fast_sinf(a) / __nv_fast_cosf(a);
}

float __nv_fast_expf(float a) {
    return __nv_expf(a);
}

float __nv_fast_exp10f(float a) {
    return __nv_exp10f(a);
}

float __nv_fast_logf(float a) {
    return __nv_logf(a);
}

float __nv_fast_log2f(float a) {
    return __nv_log2f(a);
}

float __nv_fast_log10f(float a) {
    return __nv_log10f(a);
}

/* exp2f(y * __log2f(x)), as documented: NaN for negative x. */
float __nv_fast_powf(float a, float b) {
    return __nv_exp2f(b * __nv_log2f(a));
}

float __nv_fast_fdividef(float a, float b) {
    return a / b;
}
