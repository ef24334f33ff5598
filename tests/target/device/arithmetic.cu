// SPDX-License-Identifier: Apache-2.0
// What differs between processors unless the compiler sees to it.
#include "device.h"

extern "C" __global__ void divide(int *out, int a, int b, long long c, long long d) {
    out[0] = a / b; out[1] = a % b;
    out[2] = (int)((unsigned)a / (unsigned)b);
    out[3] = (int)(c / d); out[4] = (int)(c % d);
    out[5] = (int)((__int128)c / (__int128)d);
}
extern "C" __global__ void convert(long long *out, float f, double d) {
    out[0] = (int)f; out[1] = (unsigned)f; out[2] = (long long)f; out[3] = (long long)(unsigned long long)d;
    out[4] = (int)d; out[5] = (signed char)f; out[6] = (unsigned short)d;
}
extern "C" __global__ void halves(_Float16 *out, float *in) {
    unsigned i = linear();
    out[i] = (_Float16)in[i] * (_Float16)2.0f;
}
extern "C" __global__ void sines(float *out, float *in) {
    unsigned i = linear();
    out[i] = __nv_sinf(in[i]) + __builtin_fmaf(in[i], 2.0f, 1.0f);
}
extern "C" __global__ void wide(unsigned long long *out, unsigned long long a, unsigned long long b) {
    __int128 product = (__int128)(long long)a * (long long)b;
    out[0] = (unsigned long long)product; out[1] = (unsigned long long)(product >> 64);
    out[2] = (unsigned long long)(product / 1000000007);
}
