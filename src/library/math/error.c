/* SPDX-License-Identifier: Apache-2.0 */
/* error.c: the error function's family. */
#include "library/math/device.h"
#include "library/math/libclc.h"

float __nv_erff(float a)
{
    return clc_erff(a);
}

double __nv_erf(double a)
{
    return clc_erf(a);
}

float __nv_erfcf(float a)
{
    return (float)clc_erfc((double)a);
}

double __nv_erfc(double a)
{
    return clc_erfc(a);
}
