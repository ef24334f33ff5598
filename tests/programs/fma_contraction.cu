// SPDX-License-Identifier: Apache-2.0
// a * b + c becomes a fused multiply-add, as nvcc does by default; the intrinsics __fmul_rn and __fadd_rn never fuse.
// EXPECT: a * b - c: fused
// EXPECT: __fadd_rn(__fmul_rn(a, b), -c): rounded twice
// EXPECT: fmaf: fused
// EXPECT: double: fused
#include "check.h"
#include <cmath>

__global__ void plain(float a, float b, float c, float *out) { *out = a * b - c; }
__global__ void separate(float a, float b, float c, float *out) { *out = __fadd_rn(__fmul_rn(a, b), -c); }
__global__ void explicit_fma(float a, float b, float c, float *out) { *out = fmaf(a, b, -c); }
__global__ void plain_double(double a, double b, double c, double *out) { *out = a * b - c; }

int main() {
    const float a = 1.0f + 1.1920929e-7f, b = 1.0f - 1.1920929e-7f, c = 1.0f;
    const double da = 1.0 + 2.220446049250313e-16, db = 1.0 - 2.220446049250313e-16, dc = 1.0;
    Array<float> out(3);
    Array<double> double_out(1);
    plain<<<1, 1>>>(a, b, c, out);
    separate<<<1, 1>>>(a, b, c, out + 1);
    explicit_fma<<<1, 1>>>(a, b, c, out + 2);
    plain_double<<<1, 1>>>(da, db, dc, double_out);
    CHECK_LAUNCH();
    auto o = out.host();
    auto verdict = [](bool fused) { return fused ? "fused" : "rounded twice"; };
    std::printf("a * b - c: %s\n", verdict(o[0] == std::fma(a, b, -c)));
    std::printf("__fadd_rn(__fmul_rn(a, b), -c): %s\n", verdict(o[1] != 0.0f));
    std::printf("fmaf: %s\n", verdict(o[2] == std::fma(a, b, -c)));
    std::printf("double: %s\n", verdict(double_out.host()[0] == std::fma(da, db, -dc)));
    return 0;
}
