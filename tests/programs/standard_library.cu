// SPDX-License-Identifier: Apache-2.0
// What programs use of the C++ standard library in device code: the math functions of <cmath>, min and max, constexpr
// members of array, pair, tuple, numeric_limits, type traits, initializer_list.
// NVCC: --expt-relaxed-constexpr
// EXPECT: cmath: 2.0 3.0 8.0 1.5 0.5 1 0 2.5
// EXPECT: min max clamp: 3 7 5
// EXPECT: array 10 4, pair 1 2.5, tuple 3 x
// EXPECT: limits 127 -128 1.19209e-07, traits 1 0
#include "check.h"
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <tuple>
#include <type_traits>
#include <utility>

__global__ void kernel(float four, double *out) {
    int n = 0;
    out[n++] = std::sqrt(four);
    out[n++] = std::abs(-3.0f * four / 4);
    out[n++] = std::pow(2.0 * four / 4, 3.0);
    out[n++] = std::fmod(5.5f * four / 4, 2.0f);
    out[n++] = std::exp(std::log(0.5 * four / 4));
    out[n++] = std::isnan(std::sqrt(-four));
    out[n++] = std::sin(0.0f * four) + std::floor(0.5 * four / 4);
    out[n++] = std::fma(four, 0.5f, 0.5f);
    out[n++] = std::min(3, static_cast<int>(four));
    out[n++] = std::max(7, static_cast<int>(four));
    out[n++] = std::max(2, std::min(9, static_cast<int>(four) + 1));
    std::array<int, 4> values = {1, 2, 3, static_cast<int>(four)};
    int sum = 0;
    for (size_t i = 0; i < values.size(); i++)
        sum += values[i];
    out[n++] = sum;
    out[n++] = values.size();
    std::pair<int, float> pair(1, four - 1.5f);
    out[n++] = pair.first;
    out[n++] = pair.second;
    std::tuple<int, char> tuple(3, 'x');
    out[n++] = std::get<0>(tuple);
    out[n++] = std::get<1>(tuple);
    out[n++] = std::numeric_limits<signed char>::max();
    out[n++] = std::numeric_limits<signed char>::min();
    out[n++] = std::numeric_limits<float>::epsilon();
    out[n++] = std::is_same<int, decltype(sum)>::value;
    out[n++] = std::is_floating_point<int>::value;
}

int main() {
    Array<double> out(22);
    kernel<<<1, 1>>>(4.0f, out);
    CHECK_LAUNCH();
    auto o = out.host();
    std::printf("cmath: %.1f %.1f %.1f %.1f %.1f %g %g %.1f\n", o[0], o[1], o[2], o[3], o[4], o[5], o[6], o[7]);
    std::printf("min max clamp: %g %g %g\n", o[8], o[9], o[10]);
    std::printf("array %g %g, pair %g %g, tuple %g %c\n", o[11], o[12], o[13], o[14], o[15], static_cast<char>(o[16]));
    std::printf("limits %g %g %g, traits %g %g\n", o[17], o[18], o[19], o[20], o[21]);
    return 0;
}
