// SPDX-License-Identifier: Apache-2.0
// cuComplex.h: single and double complex arithmetic in kernels and on the host; a discrete Fourier transform with it.
// EXPECT: product -5 10, quotient 0.44 0.08, sum 4 6, modulus 5, conjugate 3 -4
// EXPECT: transform of two tones: 3: 30.000 7: 15.000 53: 15.000 57: 30.000
#include "check.h"
#include <cmath>
#include <cuComplex.h>

__global__ void arithmetic(cuFloatComplex a, cuFloatComplex b, cuFloatComplex *out) {
    out[0] = cuCmulf(a, b);
    out[1] = cuCdivf(a, b);
    out[2] = cuCaddf(a, b);
    out[3] = make_cuFloatComplex(cuCabsf(b), 0.0f);
    out[4] = cuConjf(b);
}

__global__ void transform(const double *in, double *out, int count) {
    int k = threadIdx.x;
    cuDoubleComplex sum = make_cuDoubleComplex(0, 0);
    for (int n = 0; n < count; n++) {
        double s, c;
        sincospi(-2.0 * k * n / count, &s, &c);
        sum = cuCfma(make_cuDoubleComplex(in[n], 0), make_cuDoubleComplex(c, s), sum);
    }
    out[k] = cuCabs(sum);
}

int main() {
    Array<cuFloatComplex> out(5);
    arithmetic<<<1, 1>>>(make_cuFloatComplex(1, 2), make_cuFloatComplex(3, 4), out);
    CHECK_LAUNCH();
    auto o = out.host();
    std::printf("product %g %g, quotient %g %g, sum %g %g, modulus %g, conjugate %g %g\n", o[0].x, o[0].y, o[1].x, o[1].y, o[2].x,
                o[2].y, o[3].x, cuCrealf(o[4]), cuCimagf(o[4]));
    const int count = 60;
    std::vector<double> in(count);
    for (int n = 0; n < count; n++)
        in[n] = std::cos(2 * M_PI * 3 * n / count) + 0.5 * std::sin(2 * M_PI * 7 * n / count);
    Array<double> device_in(in), spectrum(count);
    transform<<<1, count>>>(device_in, spectrum, count);
    CHECK_LAUNCH();
    std::printf("transform of two tones:");
    auto size = spectrum.host();
    for (int k = 0; k < count; k++)
        if (size[k] > 1e-9)
            std::printf(" %d: %.3f", k, size[k]);
    std::printf("\n");
    return 0;
}
