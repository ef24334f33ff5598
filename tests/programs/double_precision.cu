// SPDX-License-Identifier: Apache-2.0
// Double precision: compensated summation, dot products, Newton iterations, mixed with float, exact to the last bit.
// EXPECT: plain sum 200000.000000456, compensated 200000.000000000
// EXPECT: dot products: ok
// EXPECT: newton: ok
// EXPECT: float and double mixed: 16777217 16777216
// EXPECT: pi by quadrature: 3.141592653610
#include "check.h"
#include <cmath>

__global__ void sums(const double *terms, int count, double *out) {
    double plain = 0, sum = 0, correction = 0;
    for (int i = 0; i < count; i++) {
        double term = terms[i % 2];
        plain += term;
        double y = term - correction, t = sum + y;
        correction = (t - sum) - y;
        sum = t;
    }
    out[0] = plain;
    out[1] = sum;
}

__global__ void dot(const double *a, const double *b, double *out) {
    double sum = 0;
    for (int i = 0; i < 50; i++)
        sum = __dadd_rn(sum, __dmul_rn(a[threadIdx.x * 50 + i], b[i]));
    out[threadIdx.x] = sum;
}

__global__ void newton(double *out) {
    double a = threadIdx.x + 1, x = a;
    for (int i = 0; i < 30; i++)
        x = __dmul_rn(0.5, __dadd_rn(x, __ddiv_rn(a, x)));
    out[threadIdx.x] = x;
}

__global__ void mixed(float big, double *out) {
    out[0] = big + 1.0;
    out[1] = big + 1.0f;
}

__global__ void quadrature(double *out) {
    __shared__ double parts[128];
    const int steps = 128 * 500;
    double sum = 0;
    for (int i = threadIdx.x; i < steps; i += 128) {
        double x = (i + 0.5) / steps;
        sum += 4.0 / (1.0 + x * x);
    }
    parts[threadIdx.x] = sum / steps;
    __syncthreads();
    for (int step = 64; step > 0; step /= 2) {
        if (threadIdx.x < step)
            parts[threadIdx.x] += parts[threadIdx.x + step];
        __syncthreads();
    }
    if (threadIdx.x == 0)
        *out = parts[0];
}

int main() {
    Array<double> out(64);
    Array<double> terms(std::vector<double>{0.1, 0.3});
    sums<<<1, 1>>>(terms, 1000000, out);
    CHECK_LAUNCH();
    auto o = out.host();
    std::printf("plain sum %.9f, compensated %.9f\n", o[0], o[1]);
    std::vector<double> a(64 * 50), b(50), want(64, 0.0);
    for (size_t i = 0; i < a.size(); i++)
        a[i] = 1.0 / (i + 1.5);
    for (size_t i = 0; i < b.size(); i++)
        b[i] = std::sqrt(i + 2.0);
    for (int t = 0; t < 64; t++)
        for (int i = 0; i < 50; i++) {
            volatile double product = a[t * 50 + i] * b[i]; // two roundings, also where the host could fuse them
            want[t] += product;
        }
    Array<double> device_a(a), device_b(b);
    dot<<<1, 64>>>(device_a, device_b, out);
    CHECK_LAUNCH();
    same("dot products", out.host(), want);
    newton<<<1, 64>>>(out);
    CHECK_LAUNCH();
    for (int t = 0; t < 64; t++) {
        double x = t + 1;
        for (int i = 0; i < 30; i++)
            x = 0.5 * (x + (t + 1) / x);
        want[t] = x;
    }
    same("newton", out.host(), want);
    mixed<<<1, 1>>>(16777216.0f, out);
    CHECK_LAUNCH();
    o = out.host();
    std::printf("float and double mixed: %.0f %.0f\n", o[0], o[1]);
    quadrature<<<1, 128>>>(out);
    CHECK_LAUNCH();
    std::printf("pi by quadrature: %.12f\n", out.host()[0]);
    return 0;
}
