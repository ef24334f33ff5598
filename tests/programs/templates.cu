// SPDX-License-Identifier: Apache-2.0
// Templates: kernels over types and values, specialisations, variadic packs and folds, if constexpr, defaults.
// EXPECT: scale<int,3>: 0 3 6 9
// EXPECT: scale<double,-1>: 0.0 -1.0 -2.0 -3.0
// EXPECT: name<int> 1, name<float> 2, name<int *> 100, name<char> 0
// EXPECT: sum of pack: 10, 4.75
// EXPECT: if constexpr: 5 2.5
// EXPECT: fixed-size dot: 32
// EXPECT: factorial<10>: 3628800
#include "check.h"
#include <type_traits>

template <typename T, int Factor = 3> __global__ void scale(T *values, int count) {
    int i = threadIdx.x;
    if (i < count)
        values[i] *= static_cast<T>(Factor);
}

template <typename T> struct Name { static constexpr int value = 0; };
template <> struct Name<int> { static constexpr int value = 1; };
template <> struct Name<float> { static constexpr int value = 2; };
template <typename T> struct Name<T *> { static constexpr int value = 100; };

template <typename... Parts> __device__ auto sum(Parts... parts) { return (parts + ...); }

template <typename T> __device__ T half(T value) {
    if constexpr (std::is_integral<T>::value)
        return value / 2;
    else
        return value * T(0.5);
}

template <typename T, int N> struct Vector {
    T items[N];
    __device__ T dot(const Vector &other) const {
        T total = 0;
#pragma unroll
        for (int i = 0; i < N; i++)
            total += items[i] * other.items[i];
        return total;
    }
};

template <int N> struct Factorial { enum : int { value = N * Factorial<N - 1>::value }; };
template <> struct Factorial<0> { enum : int { value = 1 }; };

template <typename... Names> __global__ void facts(double *out) {
    int names[] = {Name<Names>::value...};
    int n = 0;
    for (int name : names)
        out[n++] = name;
    out[n++] = sum(1, 2, 3, 4);
    out[n++] = sum(0.5, 1.25f, 3);
    out[n++] = half(11);
    out[n++] = half(5.0f);
    Vector<int, 3> a = {{1, 2, 3}}, b = {{4, 5, 6}};
    out[n++] = a.dot(b);
    out[n++] = Factorial<10>::value;
}

int main() {
    Array<int> ints(std::vector<int>{0, 1, 2, 3});
    scale<<<1, 32>>>(ints.data, 4);
    CHECK_LAUNCH();
    auto i = ints.host();
    std::printf("scale<int,3>: %d %d %d %d\n", i[0], i[1], i[2], i[3]);
    Array<double> doubles(std::vector<double>{0, 1, 2, 3});
    scale<double, -1><<<1, 32>>>(doubles, 4);
    CHECK_LAUNCH();
    auto d = doubles.host();
    std::printf("scale<double,-1>: %.1f %.1f %.1f %.1f\n", 0.0 + d[0], d[1], d[2], d[3]);
    Array<double> out(16);
    facts<int, float, int *, char><<<1, 1>>>(out);
    CHECK_LAUNCH();
    auto o = out.host();
    std::printf("name<int> %g, name<float> %g, name<int *> %g, name<char> %g\n", o[0], o[1], o[2], o[3]);
    std::printf("sum of pack: %g, %g\n", o[4], o[5]);
    std::printf("if constexpr: %g %g\n", o[6], o[7]);
    std::printf("fixed-size dot: %g\n", o[8]);
    std::printf("factorial<10>: %.0f\n", o[9]);
    return 0;
}
