// SPDX-License-Identifier: Apache-2.0
// Parameters of every shape. Each thread writes what it sees; where it changes its copy, the next thread must not see that.
#include "device.h"

struct Small { float a; int b; char c; };
struct Empty {};
struct alignas(16) Float4 { float x, y, z, w; };
struct alignas(64) Wide { int first; char rest[60]; };
struct Counter {
    int value[8];
    int index;
};
struct Big { int values[1000]; };

extern "C" __global__ void scalars(long long *out, bool b, signed char c, unsigned short s, int i, float f, double d, long long l, int *p) {
    long long *o = out + 10 * linear();
    o[0] = b; o[1] = c; o[2] = s; o[3] = i; o[4] = (long long)(f * 2); o[5] = (long long)(d * 4); o[6] = l; o[7] = *p;
}

extern "C" __global__ void classes(int *out, Small small, Empty, Float4 four, Wide wide, int last) {
    int *o = out + 8 * linear();
    o[0] = (int)small.a; o[1] = small.b; o[2] = small.c; o[3] = (int)(four.x + four.y + four.z + four.w);
    o[4] = wide.first; o[5] = wide.rest[59]; o[6] = last;
}

// Every thread changes its own copy, once in place and once through a pointer.
__device__ NOINLINE void bump(Counter *counter, int by) {
    counter->value[counter->index & 7] += by;
    counter->index++;
}
extern "C" __global__ void modified(int *out, Counter counter, int n) {
    n += (int)tid_x();
    for (int i = 0; i < 3; i++) bump(&counter, n);
    counter.value[0]++;
    int sum = counter.index;
    for (int i = 0; i < 8; i++) sum += counter.value[i];
    out[linear()] = sum;
}

// A copy of 4000 bytes that is only read at a place that the thread chooses.
extern "C" __global__ void big(int *out, Big values, int last) {
    out[linear()] = values.values[linear() * 7 % 1000] + last;
}

extern "C" __global__ void vectors(float *out, float __attribute__((ext_vector_type(4))) a, float __attribute__((ext_vector_type(3))) b, __int128 big) {
    out[0] = a.x + a.w; out[1] = b.y + b.z; out[2] = (float)(long long)(big >> 64);
}

extern "C" __global__ void nothing() {}
