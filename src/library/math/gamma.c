/* SPDX-License-Identifier: Apache-2.0 */
/* gamma.c: the gamma function and its logarithm. */
#include "library/math/device.h"
#include "library/math/libclc.h"

float __nv_tgammaf(float a)
{
    return a == 0 ? 1 / a : clc_tgammaf(a);
}

double __nv_tgamma(double a)
{
    return a == 0 ? 1 / a : clc_tgamma(a);
}

float __nv_lgammaf(float a)
{
    return clc_lgammaf(a);
}

double __nv_lgamma(double a)
{
    return clc_lgamma(a);
}
