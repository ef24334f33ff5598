// SPDX-License-Identifier: Apache-2.0
// Conversions from floating point to integers out of range saturate. NaN gives zero between 32-bit types, and the highest
// bit alone where either type has 64 bits (PTX ISA, "cvt").
// EXPECT: int: 2147483647 -2147483648 0 2147483647 -2147483648 -7
// EXPECT: unsigned: 4294967295 0 0 4294967295 0 0
// EXPECT: long long: 9223372036854775807 -9223372036854775808 -9223372036854775808 9223372036854775807 -9223372036854775808 -7
// EXPECT: unsigned long long: 18446744073709551615 0 9223372036854775808 18446744073709551615 0 0
// EXPECT: from double: 2147483647 -2147483648 -2147483648 2147483647 -2147483648 -7
// EXPECT: small types: 255 200 -56
// EXPECT: back: 4.29497e+09 -2.14748e+09 1.84467e+19 1
#include "check.h"
#include <cmath>

__global__ void kernel(const float *in, int *i, unsigned *u, long long *l, unsigned long long *ul, int *d, int *small,
                       float *back) {
    int t = threadIdx.x;
    float x = in[t];
    i[t] = static_cast<int>(x);
    u[t] = static_cast<unsigned>(x);
    l[t] = static_cast<long long>(x);
    ul[t] = static_cast<unsigned long long>(x);
    d[t] = static_cast<int>(static_cast<double>(x));
    if (t == 0) {
        small[0] = static_cast<unsigned char>(255.9f + in[6]);
        small[1] = static_cast<unsigned char>(200.5f + in[6]);
        small[2] = static_cast<signed char>(static_cast<int>(200.5f + in[6]));
        back[0] = static_cast<float>(u[0] | 0xffffffffu);
        back[1] = static_cast<float>(static_cast<int>(0x80000000u | static_cast<unsigned>(in[6])));
        back[2] = static_cast<float>(~0ull - static_cast<unsigned long long>(in[6]));
        back[3] = static_cast<float>(in[5] < 0);
    }
}

int main() {
    Array<float> in(std::vector<float>{INFINITY, -INFINITY, NAN, 1e20f, -1e20f, -7.9f, 0.0f});
    Array<int> i(7), d(7), small(3);
    Array<unsigned> u(7);
    Array<long long> l(7);
    Array<unsigned long long> ul(7);
    Array<float> back(4);
    kernel<<<1, 7>>>(in, i, u, l, ul, d, small, back);
    CHECK_LAUNCH();
    auto a = i.host(), e = d.host(), s = small.host();
    auto b = u.host();
    auto c = l.host();
    auto f = ul.host();
    auto k = back.host();
    std::printf("int: %d %d %d %d %d %d\n", a[0], a[1], a[2], a[3], a[4], a[5]);
    std::printf("unsigned: %u %u %u %u %u %u\n", b[0], b[1], b[2], b[3], b[4], b[5]);
    std::printf("long long: %lld %lld %lld %lld %lld %lld\n", c[0], c[1], c[2], c[3], c[4], c[5]);
    std::printf("unsigned long long: %llu %llu %llu %llu %llu %llu\n", f[0], f[1], f[2], f[3], f[4], f[5]);
    std::printf("from double: %d %d %d %d %d %d\n", e[0], e[1], e[2], e[3], e[4], e[5]);
    std::printf("small types: %d %d %d\n", s[0], s[1], s[2]);
    std::printf("back: %g %g %g %g\n", k[0], k[1], k[2], k[3]);
    return 0;
}
