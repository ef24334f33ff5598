// SPDX-License-Identifier: Apache-2.0
// Rounding functions and conversions with a rounding mode in their name, to and from integers of 32 and 64 bits.
// EXPECT: -2.5: floor -3 ceil -2 trunc -2 round -3 rint -2 nearbyint -2
// EXPECT: 3.5: floor 3 ceil 4 trunc 3 round 4 rint 4 nearbyint 4
// EXPECT: lround -3 lrint -2 llround 4 llrint 4
// EXPECT: float2int rn rz ru rd: -2 -2 -2 -3, 4 3 4 3
// EXPECT: float2uint rn rz ru rd: 4 3 4 3
// EXPECT: double2int rn rz ru rd: -2 -2 -2 -3
// EXPECT: float2ll -3 double2ll -2 float2ull 4 double2ull 4
// EXPECT: int2float rn rz ru rd: 16777216 16777216 16777218 16777216
// EXPECT: double2float rn rz ru rd: 1 1 1.00000012 1
// EXPECT: ll2double rn 9007199254740992, ull2float rn 18446744073709551616
// EXPECT: modf -3 -0.25 frexp 0.75 3 ldexp 12 scalbn 12 ilogb 3 nextafter 1.00000012
// EXPECT: remquo -1 quotient 3, fma 7 fmod -1.5
#include "check.h"
#include <cmath>

__global__ void kernel(const float *in, double *out) {
    int n = 0;
    for (int i = 0; i < 2; i++) {
        float x = in[i];
        out[n++] = floorf(x);
        out[n++] = ceilf(x);
        out[n++] = truncf(x);
        out[n++] = roundf(x);
        out[n++] = rintf(x);
        out[n++] = nearbyintf(x);
    }
    float a = in[0], b = in[1];
    out[n++] = lroundf(a); // 12
    out[n++] = lrintf(a);
    out[n++] = llroundf(b);
    out[n++] = llrintf(b);
    for (int i = 0; i < 2; i++) { // 16
        out[n++] = __float2int_rn(in[i]);
        out[n++] = __float2int_rz(in[i]);
        out[n++] = __float2int_ru(in[i]);
        out[n++] = __float2int_rd(in[i]);
    }
    out[n++] = __float2uint_rn(b); // 24
    out[n++] = __float2uint_rz(b);
    out[n++] = __float2uint_ru(b);
    out[n++] = __float2uint_rd(b);
    double d = a;
    out[n++] = __double2int_rn(d); // 28
    out[n++] = __double2int_rz(d);
    out[n++] = __double2int_ru(d);
    out[n++] = __double2int_rd(d);
    out[n++] = __float2ll_rd(a); // 32
    out[n++] = __double2ll_rn(d);
    out[n++] = __float2ull_ru(b);
    out[n++] = __double2ull_rn(static_cast<double>(b));
    int odd = static_cast<int>(in[2]) + 1; // 16777217
    out[n++] = __int2float_rn(odd); // 36
    out[n++] = __int2float_rz(odd);
    out[n++] = __int2float_ru(odd);
    out[n++] = __int2float_rd(odd);
    double above = 1.0 + in[3];
    out[n++] = __double2float_rn(above); // 40
    out[n++] = __double2float_rz(above);
    out[n++] = __double2float_ru(above);
    out[n++] = __double2float_rd(above);
    out[n++] = __ll2double_rn(9007199254740993ll + static_cast<long long>(in[4])); // 44
    out[n++] = __ull2float_rn(~0ull - static_cast<unsigned long long>(in[4]));
    float whole;
    float part = modff(a - 0.75f, &whole); // -3.25
    out[n++] = whole; // 46
    out[n++] = part;
    int exponent;
    out[n++] = frexpf(6.0f + in[4], &exponent);
    out[n++] = exponent;
    out[n++] = ldexpf(3.0f + in[4], 2);
    out[n++] = scalbnf(1.5f + in[4], 3);
    out[n++] = ilogbf(12.0f + in[4]);
    out[n++] = nextafterf(1.0f + in[4], 2.0f);
    int quotient;
    out[n++] = remquof(11.0f + in[4], 4.0f, &quotient); // 54
    out[n++] = quotient;
    out[n++] = fmaf(2.0f + in[4], 3.0f, 1.0f);
    out[n++] = fmodf(-7.5f + in[4], 2.0f);
}

int main() {
    Array<float> in(std::vector<float>{-2.5f, 3.5f, 16777216.0f, 1e-9f, 0.0f});
    Array<double> out(58);
    kernel<<<1, 1>>>(in, out);
    CHECK_LAUNCH();
    auto o = out.host();
    std::printf("-2.5: floor %g ceil %g trunc %g round %g rint %g nearbyint %g\n", o[0], o[1], o[2], o[3], o[4], o[5]);
    std::printf("3.5: floor %g ceil %g trunc %g round %g rint %g nearbyint %g\n", o[6], o[7], o[8], o[9], o[10], o[11]);
    std::printf("lround %g lrint %g llround %g llrint %g\n", o[12], o[13], o[14], o[15]);
    std::printf("float2int rn rz ru rd: %g %g %g %g, %g %g %g %g\n", o[16], o[17], o[18], o[19], o[20], o[21], o[22], o[23]);
    std::printf("float2uint rn rz ru rd: %g %g %g %g\n", o[24], o[25], o[26], o[27]);
    std::printf("double2int rn rz ru rd: %g %g %g %g\n", o[28], o[29], o[30], o[31]);
    std::printf("float2ll %g double2ll %g float2ull %g double2ull %g\n", o[32], o[33], o[34], o[35]);
    std::printf("int2float rn rz ru rd: %.0f %.0f %.0f %.0f\n", o[36], o[37], o[38], o[39]);
    std::printf("double2float rn rz ru rd: %.9g %.9g %.9g %.9g\n", o[40], o[41], o[42], o[43]);
    std::printf("ll2double rn %.0f, ull2float rn %.0f\n", o[44], o[45]);
    std::printf("modf %g %g frexp %g %g ldexp %g scalbn %g ilogb %g nextafter %.9g\n", o[46], o[47], o[48], o[49], o[50], o[51],
                o[52], o[53]);
    std::printf("remquo %g quotient %g, fma %g fmod %g\n", o[54], o[55], o[56], o[57]);
    return 0;
}
