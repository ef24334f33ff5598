// SPDX-License-Identifier: Apache-2.0
// Kernel parameters by value keep the host's layout: mixed sizes, nested structs, over-aligned ones, arrays, 64-bit values
// behind bytes, empty structs, enumerations, and 4 KB in all.
// EXPECT: scalars: -1 200 -30000 60000 -5 c 1 0.5 0.25 1099511627776
// EXPECT: nested: 1 2.5 3 4 x 5.5
// EXPECT: aligned: address 0, values 1 2 3 4 9
// EXPECT: arrays in a struct: 3 6 9 12, rows 10 26
// EXPECT: 4 KB: sum 500500, after 77
// EXPECT: order kept: 1 2 3 4 5 6 7
#include "check.h"
#include <cstdint>

__global__ void scalars(signed char a, unsigned char b, short c, unsigned short d, int e, char f, bool g, float h, double i,
                        long long j, double *out) {
    double values[] = {(double)a, (double)b, (double)c, (double)d, (double)e, (double)f, (double)g, h, i, (double)j};
    for (int k = 0; k < 10; k++)
        out[k] = values[k];
}

struct Inner {
    char tag;
    double value;
};
struct Outer {
    bool flag;
    float number;
    struct {
        short x, y;
    } point;
    Inner inner;
};
__global__ void nested(Outer o, double *out) {
    double values[] = {(double)o.flag, o.number, (double)o.point.x, (double)o.point.y, (double)o.inner.tag, o.inner.value};
    for (int k = 0; k < 6; k++)
        out[k] = values[k];
}

struct alignas(16) Aligned {
    float x, y, z, w;
};
__global__ void aligned(char before, Aligned a, char after, double *out) {
    out[0] = static_cast<double>(reinterpret_cast<uintptr_t>(&a) % 16);
    out[1] = a.x;
    out[2] = a.y;
    out[3] = a.z;
    out[4] = a.w;
    out[5] = before + after;
}

struct Arrays {
    int values[4];
    float matrix[2][4];
};
__global__ void arrays(Arrays a, int factor, double *out) {
    int t = threadIdx.x;
    out[t] = a.values[t] * factor;
    if (t < 2) {
        out[4 + t] = 0;
        for (int k = 0; k < 4; k++)
            out[4 + t] += a.matrix[t][k];
    }
}

struct Big {
    int values[1000];
};
__global__ void big(Big b, double *out, char after) {
    double sum = 0;
    for (int k = 0; k < 1000; k++)
        sum += b.values[k];
    out[0] = sum;
    out[1] = after;
}

struct Empty {};
enum Kind : unsigned char { none, some = 4 };
struct Odd {
    unsigned char bytes[3];
};
__global__ void mixed(Odd odd, double *out, Empty, Kind kind, Odd other, long long last) {
    for (int k = 0; k < 3; k++)
        out[k] = odd.bytes[k];
    out[3] = kind;
    out[4] = other.bytes[0];
    out[5] = other.bytes[2];
    out[6] = static_cast<double>(last);
}

int main() {
    Array<double> out(16);
    scalars<<<1, 1>>>(-1, 200, -30000, 60000, -5, 'c', true, 0.5f, 0.25, 1099511627776LL, out);
    CHECK_LAUNCH();
    auto o = out.host();
    std::printf("scalars: %g %g %g %g %g %c %g %g %g %.0f\n", o[0], o[1], o[2], o[3], o[4], (char)o[5], o[6], o[7], o[8], o[9]);
    nested<<<1, 1>>>(Outer{true, 2.5f, {3, 4}, {'x', 5.5}}, out);
    CHECK_LAUNCH();
    o = out.host();
    std::printf("nested: %g %g %g %g %c %g\n", o[0], o[1], o[2], o[3], (char)o[4], o[5]);
    aligned<<<1, 1>>>(4, Aligned{1, 2, 3, 4}, 5, out);
    CHECK_LAUNCH();
    o = out.host();
    std::printf("aligned: address %g, values %g %g %g %g %g\n", o[0], o[1], o[2], o[3], o[4], o[5]);
    arrays<<<1, 4>>>(Arrays{{1, 2, 3, 4}, {{1, 2, 3, 4}, {5, 6, 7, 8}}}, 3, out);
    CHECK_LAUNCH();
    o = out.host();
    std::printf("arrays in a struct: %g %g %g %g, rows %g %g\n", o[0], o[1], o[2], o[3], o[4], o[5]);
    Big b;
    for (int i = 0; i < 1000; i++)
        b.values[i] = i + 1;
    big<<<1, 1>>>(b, out, 77);
    CHECK_LAUNCH();
    o = out.host();
    std::printf("4 KB: sum %.0f, after %g\n", o[0], o[1]);
    mixed<<<1, 1>>>(Odd{{1, 2, 3}}, out, Empty(), some, Odd{{5, 0, 6}}, 7);
    CHECK_LAUNCH();
    o = out.host();
    std::printf("order kept: %g %g %g %g %g %g %g\n", o[0], o[1], o[2], o[3], o[4], o[5], o[6]);
    return 0;
}
