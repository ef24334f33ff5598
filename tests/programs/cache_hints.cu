// SPDX-License-Identifier: Apache-2.0
// Loads and stores with cache hints: __ldg of scalars and vectors, __ldcg, __ldca, __ldcs, __stcs, __stcg, __stwb.
// EXPECT: every type and hint: ok
// EXPECT: vectors: 10 26 7.5
#include "check.h"

template <typename T> __global__ void copy(const T *in, T *out) {
    int i = threadIdx.x;
    switch (i % 4) {
    case 0: __stcs(&out[i], __ldg(&in[i])); break;
    case 1: __stcg(&out[i], __ldcg(&in[i])); break;
    case 2: __stwb(&out[i], __ldca(&in[i])); break;
    case 3: __stcs(&out[i], __ldcs(&in[i])); break;
    }
}

__global__ void vectors(const int4 *a, const float4 *b, const double2 *c, double *out) {
    int4 x = __ldg(a);
    float4 y = __ldg(b);
    double2 z = __ldg(c);
    out[0] = x.x + x.y + x.z + x.w;
    out[1] = y.x + y.y + y.z + y.w;
    out[2] = z.x + z.y;
}

template <typename T> static bool test() {
    std::vector<T> in(200);
    for (int i = 0; i < 200; i++)
        in[i] = static_cast<T>(i * 3 - 50);
    Array<T> device_in(in), out(200);
    copy<<<1, 200>>>(device_in.data, out.data);
    CHECK_LAUNCH();
    return out.host() == in;
}

int main() {
    bool fine = test<char>() && test<unsigned char>() && test<short>() && test<unsigned short>() && test<int>() && test<unsigned>() &&
                test<long long>() && test<unsigned long long>() && test<float>() && test<double>();
    std::printf("every type and hint: %s\n", fine ? "ok" : "wrong");
    Array<int4> a(std::vector<int4>{make_int4(1, 2, 3, 4)});
    Array<float4> b(std::vector<float4>{make_float4(5, 6, 7, 8)});
    Array<double2> c(std::vector<double2>{make_double2(2.5, 5)});
    Array<double> out(3);
    vectors<<<1, 1>>>(a, b, c, out);
    CHECK_LAUNCH();
    auto o = out.host();
    std::printf("vectors: %g %g %g\n", o[0], o[1], o[2]);
    return 0;
}
