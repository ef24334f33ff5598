// SPDX-License-Identifier: Apache-2.0
// Integer conversions and wrap-around: char is signed, narrowing, promotion, unsigned arithmetic, shifts of every width.
// EXPECT: narrow types: ok
// EXPECT: wrap-around: ok
// EXPECT: shifts by 0 to 31: ok
// EXPECT: char is signed: yes, sizeof(long) 8
#include "check.h"

__host__ __device__ unsigned narrow(int x) {
    signed char a = static_cast<signed char>(x * 37);
    unsigned char b = static_cast<unsigned char>(x * 91);
    short c = static_cast<short>(x * 1234567);
    unsigned short d = static_cast<unsigned short>(x * 7654321);
    bool e = x & 8;
    char f = static_cast<char>(x);
    a += b;
    c = static_cast<short>(c * a);
    d = static_cast<unsigned short>(d - c);
    b = static_cast<unsigned char>(b << 3 | b >> 5);
    return static_cast<unsigned>(a * 3 + b * 5 + c * 7 + d * 11 + e * 13 + f * 17);
}
__host__ __device__ unsigned wrap(int x) {
    unsigned a = 0xfffffff0u + x, b = a * a, c = 0u - b;
    unsigned long long wide = static_cast<unsigned long long>(a) << 20;
    return a + b * 3 + static_cast<unsigned>(wide >> 7) - (c / 3) % 1000;
}
__host__ __device__ unsigned shift(int x) {
    int s = x & 31;
    unsigned u = 0x87654321u * static_cast<unsigned>(x + 1);
    return (u << s) + (u >> s) + static_cast<unsigned>(static_cast<int>(u) >> s) + (static_cast<unsigned char>(u) << (s & 7));
}

template <unsigned (*Function)(int)> __global__ void map(unsigned *out, int count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < count)
        out[i] = Function(i);
}
template <unsigned (*Function)(int)> static void test(const char *name) {
    const int count = 1000;
    Array<unsigned> out(count);
    map<Function><<<8, 125>>>(out, count);
    CHECK_LAUNCH();
    std::vector<unsigned> want;
    for (int i = 0; i < count; i++)
        want.push_back(Function(i));
    same(name, out.host(), want);
}
__global__ void facts(int *out) {
    out[0] = static_cast<char>(-1) < 0;
    out[1] = sizeof(long);
}

int main() {
    test<narrow>("narrow types");
    test<wrap>("wrap-around");
    test<shift>("shifts by 0 to 31");
    Array<int> out(2);
    facts<<<1, 1>>>(out);
    CHECK_LAUNCH();
    std::printf("char is signed: %s, sizeof(long) %d\n", out.host()[0] ? "yes" : "no", out.host()[1]);
    return 0;
}
