// SPDX-License-Identifier: Apache-2.0
// The fast-math option is accepted and results stay close; without it, division and square root are correctly rounded.
// RUN: --use_fast_math
// RUN: -use_fast_math
// RUN:
// NVCC: -use_fast_math
// EXPECT: sum of sines within 1e-3: yes
// EXPECT: quotients within 2 ulp: yes
// EXPECT: square roots within 2 ulp: yes
#include "check.h"
#include <cmath>

__global__ void kernel(const float *in, float *sines, float *quotients, float *roots) {
    int i = threadIdx.x;
    sines[i] = sinf(in[i]) + expf(-in[i]);
    quotients[i] = 1.0f / in[i];
    roots[i] = sqrtf(in[i]);
}

int main() {
    const int count = 255;
    std::vector<float> in(count);
    for (int i = 0; i < count; i++)
        in[i] = 0.05f + i * 0.01f;
    Array<float> x(in), sines(count), quotients(count), roots(count);
    kernel<<<1, count>>>(x, sines, quotients, roots);
    CHECK_LAUNCH();
    auto s = sines.host(), q = quotients.host(), r = roots.host();
    double sum = 0, want = 0;
    bool quotients_fine = true, roots_fine = true;
    for (int i = 0; i < count; i++) {
        sum += s[i];
        want += std::sin(static_cast<double>(in[i])) + std::exp(-static_cast<double>(in[i]));
        quotients_fine = quotients_fine && std::fabs(q[i] * static_cast<double>(in[i]) - 1) < 2.4e-7;
        roots_fine = roots_fine && std::fabs(r[i] * static_cast<double>(r[i]) / in[i] - 1) < 4.8e-7;
    }
    std::printf("sum of sines within 1e-3: %s\n", std::fabs(sum - want) < 1e-3 ? "yes" : "no");
    std::printf("quotients within 2 ulp: %s\n", quotients_fine ? "yes" : "no");
    std::printf("square roots within 2 ulp: %s\n", roots_fine ? "yes" : "no");
    return 0;
}
