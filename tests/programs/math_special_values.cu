// SPDX-License-Identifier: Apache-2.0
// Math functions at special values: zeros, infinities, NaN, overflow, underflow, subnormal results, huge arguments.
// EXPECT: exp: inf 0 1 inf 0 1.0036e-38
// EXPECT: log: -inf nan inf 0 nan
// EXPECT: pow: 1 1 inf 0 nan -8 1
// EXPECT: sqrt: nan -0 inf, cbrt -2, hypot inf
// EXPECT: trigonometric: nan nan 0.34999 -0.846811 1.5708 -1.5708
// EXPECT: atan2: 3.14159 -3.14159 0 -0 2.35619
// EXPECT: minimum and maximum ignore nan: 1 2 nan
// EXPECT: sinh and cosh of 1000: inf inf, of -1000: -inf inf
// EXPECT: double exp: inf 0 4.94066e-324, log of the least: -744.44
// EXPECT: subnormal sum: 2.8026e-45
// EXPECT: isnan 1 0 0 isinf 0 1 0 isfinite 0 0 1 signbit 1 0
#include "check.h"
#include <cmath>

__global__ void kernel(const float *in, double *out) {
    float zero = in[0], one = in[1], infinity = in[2], nan = in[3], two = in[4];
    int n = 0;
    out[n++] = expf(infinity);
    out[n++] = expf(-infinity);
    out[n++] = expf(-zero);
    out[n++] = expf(one * 88.8f);
    out[n++] = expf(one * -104.0f);
    out[n++] = expf(one * -87.494644f);
    out[n++] = logf(zero); // 6
    out[n++] = logf(-one);
    out[n++] = logf(infinity);
    out[n++] = logf(one);
    out[n++] = logf(nan);
    out[n++] = powf(nan, zero); // 11
    out[n++] = powf(one, nan);
    out[n++] = powf(zero, -one);
    out[n++] = powf(infinity, -two);
    out[n++] = powf(-two, 0.5f);
    out[n++] = powf(-two, 3.0f);
    out[n++] = powf(-one, infinity);
    out[n++] = sqrtf(-one); // 18
    out[n++] = sqrtf(-zero);
    out[n++] = sqrtf(infinity);
    out[n++] = cbrtf(-two * 4);
    out[n++] = hypotf(infinity, nan);
    out[n++] = sinf(infinity); // 23
    out[n++] = cosf(nan);
    out[n++] = sinf(one * 1e6f) * -1.0000026f;
    out[n++] = sinf(one * 1e22f) * 0 + cosf(one * 2.5807564f);
    out[n++] = atanf(infinity);
    out[n++] = atanf(-infinity);
    out[n++] = atan2f(zero, -one); // 29
    out[n++] = atan2f(-zero, -one);
    out[n++] = atan2f(zero, one);
    out[n++] = atan2f(-zero, one);
    out[n++] = atan2f(infinity, -infinity);
    out[n++] = fminf(nan, one); // 34
    out[n++] = fmaxf(two, nan);
    out[n++] = fmaxf(nan, nan);
    out[n++] = sinh(1000.0 * one); // 37
    out[n++] = cosh(1000.0 * one);
    out[n++] = sinh(-1000.0 * one);
    out[n++] = cosh(-1000.0 * one);
    out[n++] = exp(710.0 * one); // 41
    out[n++] = exp(-746.0 * one);
    out[n++] = exp(-744.8 * one);
    out[n++] = log(4.9406564584124654e-324 * one);
    float least = __int_as_float(static_cast<int>(one));
    out[n++] = static_cast<double>(least + least); // 45
    out[n++] = isnan(nan); // 46
    out[n++] = isnan(infinity);
    out[n++] = isnan(one);
    out[n++] = isinf(nan);
    out[n++] = isinf(-infinity);
    out[n++] = isinf(one);
    out[n++] = isfinite(nan);
    out[n++] = isfinite(infinity);
    out[n++] = isfinite(one);
    out[n++] = signbit(-zero) != 0;
    out[n++] = signbit(one) != 0;
}

int main() {
    Array<float> in(std::vector<float>{0.0f, 1.0f, INFINITY, NAN, 2.0f});
    Array<double> out(57);
    kernel<<<1, 1>>>(in, out);
    CHECK_LAUNCH();
    auto o = out.host();
    for (double &v : o)
        if (std::isnan(v))
            v = std::fabs(v); // the sign of a NaN means nothing
    std::printf("exp: %g %g %g %g %g %g\n", o[0], o[1], o[2], o[3], o[4], o[5]);
    std::printf("log: %g %g %g %g %g\n", o[6], o[7], o[8], o[9], o[10]);
    std::printf("pow: %g %g %g %g %g %g %g\n", o[11], o[12], o[13], o[14], o[15], o[16], o[17]);
    std::printf("sqrt: %g %g %g, cbrt %g, hypot %g\n", o[18], o[19], o[20], o[21], o[22]);
    std::printf("trigonometric: %g %g %.5f %.6f %g %g\n", o[23], o[24], o[25], o[26], o[27], o[28]);
    std::printf("atan2: %g %g %g %g %g\n", o[29], o[30], o[31], o[32], o[33]);
    std::printf("minimum and maximum ignore nan: %g %g %g\n", o[34], o[35], o[36]);
    std::printf("sinh and cosh of 1000: %g %g, of -1000: %g %g\n", o[37], o[38], o[39], o[40]);
    std::printf("double exp: %g %g %g, log of the least: %.2f\n", o[41], o[42], o[43], o[44]);
    std::printf("subnormal sum: %g\n", o[45]);
    std::printf("isnan %g %g %g isinf %g %g %g isfinite %g %g %g signbit %g %g\n", o[46], o[47], o[48], o[49], o[50], o[51],
                o[52], o[53], o[54], o[55], o[56]);
    return 0;
}
