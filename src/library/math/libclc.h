/* SPDX-License-Identifier: Apache-2.0 */
/* libclc.h: the functions of libclc that we use, under names that can't meet libdevice's. Each was measured: tests/math. */
#ifndef CW_LIBRARY_MATH_LIBCLC_H
#define CW_LIBRARY_MATH_LIBCLC_H

#define CLC(result, name, symbol, ...) result clc_##name(__VA_ARGS__) __asm__(symbol) __attribute__((const));

CLC(double, exp2, "_Z4exp2d", double)
CLC(double, exp10, "_Z5exp10d", double)
CLC(double, log2, "_Z4log2d", double)
CLC(double, log10, "_Z5log10d", double)
CLC(double, log1p, "_Z5log1pd", double)
CLC(double, sin, "_Z3sind", double)
CLC(double, cos, "_Z3cosd", double)
CLC(double, tan, "_Z3tand", double)
CLC(double, asin, "_Z4asind", double)
CLC(double, acos, "_Z4acosd", double)
CLC(double, atan, "_Z4atand", double)
CLC(double, asinh, "_Z5asinhd", double)
CLC(double, acosh, "_Z5acoshd", double)
CLC(double, atanh, "_Z5atanhd", double)
CLC(double, cbrt, "_Z4cbrtd", double)
CLC(float, cbrtf, "_Z4cbrtf", float)
CLC(double, erf, "_Z3erfd", double)
CLC(double, erfc, "_Z4erfcd", double)
CLC(double, lgamma, "_Z6lgammad", double)
CLC(double, pow, "_Z3powdd", double, double)
CLC(double, atan2, "_Z5atan2dd", double, double)

#endif
