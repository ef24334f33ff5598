// SPDX-License-Identifier: Apache-2.0
// 64-bit integers: shifts, products, quotients, comparisons, mixed with 32-bit ones, __int128 within the device.
// EXPECT: shifts: ok
// EXPECT: arithmetic: ok
// EXPECT: comparisons: ok
// EXPECT: 128-bit product: ok
// EXPECT: factorial of 20: 2432902008176640000
#include "check.h"

__host__ __device__ unsigned long long shifts(long long x) {
    unsigned long long u = static_cast<unsigned long long>(x) * 0x9e3779b97f4a7c15ull;
    int s = static_cast<int>(x & 63);
    long long arithmetic = static_cast<long long>(u) >> s;
    return (u << s) ^ (u >> (63 - s)) ^ static_cast<unsigned long long>(arithmetic) ^ (1ull << s);
}
__host__ __device__ unsigned long long arithmetic(long long x) {
    long long a = x * 1000000007ll - 123456789012345ll, b = x % 97 * 65537 + 3;
    unsigned u32 = static_cast<unsigned>(x * 3);
    long long result = a / b + a % b * 31 - (a ^ b) + (a & ~b) + u32 + -static_cast<int>(x);
    return static_cast<unsigned long long>(result) / (static_cast<unsigned long long>(x) + 1) + static_cast<unsigned long long>(result) % 1000003;
}
__host__ __device__ unsigned long long comparisons(long long x) {
    long long a = (x - 100) << 33, b = x * 7 - 700;
    unsigned long long ua = static_cast<unsigned long long>(a), ub = static_cast<unsigned long long>(b);
    return (a < b) | (a > b) << 1 | (a <= 0) << 2 | (ua < ub) << 3 | (ua >= ub) << 4 | (static_cast<int>(x) < a) << 5 | (a == b) << 6;
}
__host__ __device__ unsigned long long wide(long long x) {
    unsigned __int128 product = static_cast<unsigned __int128>(static_cast<unsigned long long>(x) * 0xdeadbeefcafef00dull) * 0x123456789abcdef1ull;
    return static_cast<unsigned long long>(product >> 64) ^ static_cast<unsigned long long>(product);
}

template <unsigned long long (*Function)(long long)> __global__ void map(unsigned long long *out, int count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < count)
        out[i] = Function(i);
}

template <unsigned long long (*Function)(long long)> static void test(const char *name) {
    const int count = 255;
    Array<unsigned long long> out(count);
    map<Function><<<4, 64>>>(out, count);
    CHECK_LAUNCH();
    std::vector<unsigned long long> want;
    for (int i = 0; i < count; i++)
        want.push_back(Function(i));
    same(name, out.host(), want);
}

__global__ void factorial(long long *out) {
    long long product = 1;
    for (int i = 2; i <= 20; i++)
        product *= i;
    *out = product;
}

int main() {
    test<shifts>("shifts");
    test<arithmetic>("arithmetic");
    test<comparisons>("comparisons");
    test<wide>("128-bit product");
    Array<long long> out(1);
    factorial<<<1, 1>>>(out);
    CHECK_LAUNCH();
    std::printf("factorial of 20: %lld\n", out.host()[0]);
    return 0;
}
