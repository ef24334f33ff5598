// SPDX-License-Identifier: Apache-2.0
// Integer division by zero has no defined result but does no harm: no fault, no signal, and other lanes are right. The
// least integer divided by -1 doesn't fault either.
// EXPECT: other lanes: ok
// EXPECT: still alive: no error
// EXPECT: floating point: inf -inf nan
#include "check.h"
#include <climits>

__global__ void divide(const int *a, const int *b, int *quotient, int *remainder) {
    int i = threadIdx.x;
    quotient[i] = a[i] / b[i];
    remainder[i] = a[i] % b[i];
}
__global__ void divide_wide(const long long *a, const long long *b, unsigned long long *out) {
    int i = threadIdx.x;
    out[i] = static_cast<unsigned long long>(a[i] / b[i]) ^ static_cast<unsigned long long>(a[i]) % static_cast<unsigned long long>(b[i]);
}
__global__ void divide_float(float zero, float *out) {
    out[0] = 1.0f / zero;
    out[1] = -1.0f / zero;
    out[2] = zero / zero;
}

int main() {
    const int count = 200;
    std::vector<int> a(count), b(count), want;
    std::vector<long long> wide_a(count), wide_b(count);
    for (int i = 0; i < count; i++) {
        wide_a[i] = a[i] = i * 37 - 3000;
        wide_b[i] = b[i] = i % 7 - 3;
    }
    a[0] = INT_MIN;
    b[0] = -1;
    wide_a[0] = LLONG_MIN;
    wide_b[0] = -1;
    Array<int> device_a(a), device_b(b), quotient(count), remainder(count);
    divide<<<1, count>>>(device_a, device_b, quotient, remainder);
    CHECK_LAUNCH();
    auto q = quotient.host(), r = remainder.host();
    bool fine = true;
    for (int i = 1; i < count; i++)
        if (b[i] != 0)
            fine = fine && q[i] == a[i] / b[i] && r[i] == a[i] % b[i];
    std::printf("other lanes: %s\n", fine ? "ok" : "wrong");
    Array<long long> device_wide_a(wide_a), device_wide_b(wide_b);
    Array<unsigned long long> wide(count);
    divide_wide<<<1, count>>>(device_wide_a, device_wide_b, wide);
    std::printf("still alive: %s\n", cudaGetErrorString(cudaDeviceSynchronize()));
    Array<float> out(3);
    divide_float<<<1, 1>>>(0.0f, out);
    CHECK_LAUNCH();
    auto o = out.host();
    std::printf("floating point: %g %g %s\n", o[0], o[1], o[2] != o[2] ? "nan" : "a number");
    return 0;
}
