// SPDX-License-Identifier: Apache-2.0
// Floating-point intrinsics: operations with the rounding mode in their name, reinterpretation of bits, saturation, fast
// approximations within their documented error.
// EXPECT: add 3eaaaaac 3eaaaaab 3eaaaaac 3eaaaaab
// EXPECT: mul 3dcccccd 3dcccccc 3dcccccd 3dcccccc
// EXPECT: div 3eaaaaab 3eaaaaaa 3eaaaaab 3eaaaaaa
// EXPECT: sqrt 3fb504f3 3fb504f3 3fb504f4 3fb504f3
// EXPECT: fma single rounding: 337ffffe b37ffffe
// EXPECT: rcp 3eaaaaab frsqrt 3f3504f3
// EXPECT: double div 3fd5555555555555 3fd5555555555556, add up 3ff0000000000001, fma 3c9ffffffffffffe
// EXPECT: bits 40490fdb 3.141593 4009 2d11 3.140625
// EXPECT: saturate 0 0.25 1 0, copysign -2, fdividef 2.5
// EXPECT: approximations: sin ok cos ok exp ok log ok pow ok tan ok exp10 ok log2 ok
#include "check.h"
#include <cmath>

__global__ void exact(float zero, unsigned *out, double *doubles) {
    int n = 0;
    auto put = [&](float value) { out[n++] = __float_as_uint(value); };
    float third = 0.333333343f + zero, tiny = 1e-10f, one = 1.0f + zero, three = 3.0f + zero;
    put(__fadd_rn(third, 2e-8f));
    put(__fadd_rz(third, tiny));
    put(__fadd_ru(third, tiny));
    put(__fadd_rd(third, tiny));
    float a = 0.1f + zero;
    put(__fmul_rn(a, one)); // 4
    put(__fmul_rz(a, 0.99999999f - 6e-8f));
    put(__fmul_ru(a, 0.99999994f));
    put(__fmul_rd(a, 0.99999994f));
    put(__fdiv_rn(one, three)); // 8
    put(__fdiv_rz(one, three));
    put(__fdiv_ru(one, three));
    put(__fdiv_rd(one, three));
    float two = 2.0f + zero;
    put(__fsqrt_rn(two)); // 12
    put(__fsqrt_rz(two));
    put(__fsqrt_ru(two));
    put(__fsqrt_rd(two));
    float x = one + 1.1920929e-7f, y = one - 5.9604645e-8f;
    put(__fmaf_rn(x, y, -one) - 0.0f * zero); // 16
    put(__fmaf_rn(-x, y, one));
    put(__frcp_rn(three));
    put(__frsqrt_rn(two)); // 19
    put(3.14159274f + zero);
    out[n++] = static_cast<unsigned>(__double2hiint(3.14159265358979 + zero)) >> 16; // 21
    out[n++] = static_cast<unsigned>(__double2loint(3.14159265358979 + zero)) & 0xffff;
    doubles[0] = __ddiv_rn(1.0 + zero, 3.0);
    doubles[1] = __ddiv_ru(1.0 + zero, 3.0);
    doubles[2] = __dadd_ru(1.0 + zero, 1e-30);
    doubles[3] = __fma_rn(1.0 + 2.220446049250313e-16 + zero, 1.0 - 1.1102230246251565e-16, -1.0);
    doubles[4] = __int_as_float(0x40490fdb + static_cast<int>(zero));
    doubles[5] = __hiloint2double(0x40092000, static_cast<int>(zero));
    doubles[6] = __saturatef(-3.0f + zero);
    doubles[7] = __saturatef(0.25f + zero);
    doubles[8] = __saturatef(7.0f + zero);
    doubles[9] = __saturatef(__int_as_float(0x7fc00000) + zero);
    doubles[10] = copysignf(two, -one);
    doubles[11] = __fdividef(5.0f + zero, two);
}

__global__ void approximate(const float *in, float *out) {
    int i = threadIdx.x, n = blockDim.x;
    float x = in[i];
    out[i] = __sinf(x - 2.0f);
    out[n + i] = __cosf(x - 2.0f);
    out[2 * n + i] = __expf(x);
    out[3 * n + i] = __logf(x);
    out[4 * n + i] = __powf(x, 1.7f);
    out[5 * n + i] = __tanf(x / 4);
    out[6 * n + i] = __exp10f(x / 2);
    out[7 * n + i] = __log2f(x);
}

int main() {
    Array<unsigned> out(23);
    Array<double> doubles(12);
    exact<<<1, 1>>>(0.0f, out, doubles);
    CHECK_LAUNCH();
    auto o = out.host();
    auto d = doubles.host();
    auto bits = [&](int i) {
        unsigned long long word;
        static_assert(sizeof word == sizeof d[0], "a double has 64 bits");
        memcpy(&word, &d[i], sizeof word);
        return word;
    };
    std::printf("add %x %x %x %x\n", o[0], o[1], o[2], o[3]);
    std::printf("mul %x %x %x %x\n", o[4], o[5], o[6], o[7]);
    std::printf("div %x %x %x %x\n", o[8], o[9], o[10], o[11]);
    std::printf("sqrt %x %x %x %x\n", o[12], o[13], o[14], o[15]);
    std::printf("fma single rounding: %x %x\n", o[16], o[17]);
    std::printf("rcp %x frsqrt %x\n", o[18], o[19]);
    std::printf("double div %llx %llx, add up %llx, fma %llx\n", bits(0), bits(1), bits(2), bits(3));
    std::printf("bits %x %f %x %x %f\n", o[20], d[4], o[21], o[22], d[5]);
    std::printf("saturate %g %g %g %g, copysign %g, fdividef %g\n", d[6], d[7], d[8], d[9], d[10], d[11]);

    const int count = 100;
    std::vector<float> in(count);
    for (int i = 0; i < count; i++)
        in[i] = 0.01f + i * 0.05f;
    Array<float> device_in(in), results(8 * count);
    approximate<<<1, count>>>(device_in, results);
    CHECK_LAUNCH();
    auto r = results.host();
    const char *names[] = {"sin", "cos", "exp", "log", "pow", "tan", "exp10", "log2"};
    std::printf("approximations:");
    for (int k = 0; k < 8; k++) {
        bool fine = true;
        for (int i = 0; i < count; i++) {
            double x = in[i];
            double want[] = {std::sin(x - 2), std::cos(x - 2), std::exp(x), std::log(x), std::pow(x, 1.7), std::tan(x / 4),
                             std::pow(10.0, x / 2), std::log2(x)};
            fine = fine && std::fabs(r[k * count + i] - want[k]) <= 2e-6 + 4e-6 * std::fabs(want[k]);
        }
        std::printf(" %s %s", names[k], fine ? "ok" : "wrong");
    }
    std::printf("\n");
    return 0;
}
