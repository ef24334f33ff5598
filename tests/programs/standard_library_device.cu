// SPDX-License-Identifier: Apache-2.0
// <cuda/std/...>: the same checks run on the host and in a kernel, and must give the same bits.
// RUN:
// RUN: -std=c++20
// EXPECT: host: all right
// EXPECT: device: all right
// NVCC: skip NVIDIA has no <cuda/std/algorithm>
#include "check.h"
#include <cuda/std/algorithm>
#include <cuda/std/array>
#include <cuda/std/bit>
#include <cuda/std/cassert>
#include <cuda/std/cfloat>
#include <cuda/std/chrono>
#include <cuda/std/climits>
#include <cuda/std/cmath>
#include <cuda/std/complex>
#include <cuda/std/concepts>
#include <cuda/std/cstddef>
#include <cuda/std/cstdint>
#include <cuda/std/cstring>
#include <cuda/std/expected>
#include <cuda/std/functional>
#include <cuda/std/initializer_list>
#include <cuda/std/iterator>
#include <cuda/std/limits>
#include <cuda/std/mdspan>
#include <cuda/std/numeric>
#include <cuda/std/optional>
#include <cuda/std/ratio>
#include <cuda/std/span>
#include <cuda/std/tuple>
#include <cuda/std/type_traits>
#include <cuda/std/utility>
#include <cuda/std/variant>
#include <cuda/std/version>

namespace cs = cuda::std;

struct Point {
    int x, y;
    __host__ __device__ int sum(int z) const { return x + y + z; }
};

/* Each group sets a bit for every check that fails. */
#define CHECK_THAT(condition)                                                                                        \
    do {                                                                                                             \
        if (!(condition))                                                                                            \
            failed |= 1u << number;                                                                                  \
        number++;                                                                                                    \
    } while (0)

__host__ __device__ unsigned utilities() {
    unsigned failed = 0, number = 0;
    static_assert(cs::is_same_v<cs::remove_cvref_t<const int &>, int>, "");
    static_assert(cs::conjunction_v<cs::true_type, cs::is_integral<short>>, "");
    CHECK_THAT(cs::numeric_limits<int>::max() == INT_MAX && cs::numeric_limits<float>::epsilon() == FLT_EPSILON);
    int a = 1, b = 2;
    cs::swap(a, b);
    CHECK_THAT(a == 2 && b == 1 && cs::exchange(a, 7) == 2 && a == 7);
    cs::pair<int, float> p(3, 2.5f), q = cs::make_pair(3, 2.75f);
    CHECK_THAT(p < q && p != q && cs::get<1>(q) == 2.75f);
    p = q;
    auto [first, second] = p;
    CHECK_THAT(p == q && first == 3 && second == 2.75f);
    cs::tuple<int, double, char> t(1, 2.5, 'c'), u;
    u = t;
    cs::get<0>(u) += 4;
    CHECK_THAT(cs::get<0>(u) == 5 && cs::get<double>(t) == 2.5 && cs::get<2>(u) == 'c' && t < u && t != u);
    int i;
    char c;
    cs::tie(i, cs::ignore, c) = u;
    CHECK_THAT(i == 5 && c == 'c');
    auto joined = cs::tuple_cat(cs::make_tuple(1, 2), cs::make_tuple(3), p);
    CHECK_THAT(cs::tuple_size<decltype(joined)>::value == 5 && cs::get<2>(joined) == 3 && cs::get<4>(joined) == 2.75f);
    CHECK_THAT(cs::apply([](int x, int y) { return x * 10 + y; }, cs::make_tuple(4, 2)) == 42);
    auto [x, y, z] = u;
    CHECK_THAT(x == 5 && y == 2.5 && z == 'c');
    CHECK_THAT(cs::cmp_less(-1, 1u) && !cs::cmp_equal(-1, ~0u) && cs::as_const(a) == 7);
    return failed;
}
__host__ __device__ unsigned containers() {
    unsigned failed = 0, number = 0;
    cs::array<int, 5> a = {5, 3, 4, 1, 2};
    CHECK_THAT(a.size() == 5 && a.front() == 5 && a.back() == 2 && cs::get<2>(a) == 4);
    cs::sort(a.begin(), a.end());
    cs::array<int, 5> sorted = {1, 2, 3, 4, 5};
    CHECK_THAT(a == sorted && !(a < sorted));
    CHECK_THAT(cs::lower_bound(a.begin(), a.end(), 3) - a.begin() == 2 && cs::upper_bound(a.begin(), a.end(), 3) - a.begin() == 3);
    CHECK_THAT(cs::accumulate(a.begin(), a.end(), 0) == 15 && cs::inner_product(a.begin(), a.end(), a.begin(), 0) == 55);
    cs::reverse(a.begin(), a.end());
    CHECK_THAT(a[0] == 5 && *cs::max_element(a.begin(), a.end()) == 5 && cs::find(a.begin(), a.end(), 2) - a.begin() == 3);
    CHECK_THAT(cs::max({3, 9, 2}) == 9 && cs::min(4, 2) == 2 && cs::clamp(11, 0, 10) == 10 && cs::gcd(12, 18) == 6 && cs::lcm(4, 6) == 12);
    cs::span<int> s(a);
    CHECK_THAT(s.size() == 5 && s.subspan(1, 2)[1] == 3 && s.last(2).front() == 2 && s.first<3>().size() == 3);
    cs::span<const int> constant = s;
    CHECK_THAT(constant.size_bytes() == 20 && cs::distance(constant.begin(), constant.end()) == 5);
    int grid[12];
    cs::iota(grid, grid + 12, 0);
    cs::mdspan m(grid, 3, 4);
    cs::mdspan<int, cs::extents<int, 3, cs::dynamic_extent>> right(grid, 4);
    cs::mdspan<int, cs::dextents<int, 2>, cs::layout_left> left(grid, 3, 4);
    CHECK_THAT(m(1, 2) == 6 && right(2, 3) == 11 && right.extent(1) == 4 && right.static_extent(0) == 3 && left(1, 2) == 7);
    cs::layout_stride::mapping<cs::dextents<int, 2>> strides(cs::dextents<int, 2>(2, 2), cs::array<int, 2>{8, 3});
    cs::mdspan<int, cs::dextents<int, 2>, cs::layout_stride> strided(grid, strides);
    CHECK_THAT(strided(1, 1) == 11 && strided(0, 1) == 3 && strides.required_span_size() == 12 && m.size() == 12 && m.stride(0) == 4);
    CHECK_THAT((m[cs::array<cs::size_t, 2>{2, 1}] == 9));
    return failed;
}
__host__ __device__ unsigned sums() {
    unsigned failed = 0, number = 0;
    cs::optional<int> none, some = 4;
    CHECK_THAT(!none && some && *some == 4 && none.value_or(9) == 9 && some == 4 && none == cs::nullopt);
    none = some;
    some.reset();
    CHECK_THAT(none.has_value() && none.value() == 4 && !some.has_value());
    some.emplace(6);
    CHECK_THAT(some.transform([](int x) { return x * 0.5; }).value() == 3.0);
    cs::variant<int, float, Point> v = 2.5f, w(Point{1, 2});
    CHECK_THAT(v.index() == 1 && cs::holds_alternative<float>(v) && cs::get<float>(v) == 2.5f && !cs::get_if<int>(&v));
    v = w;
    CHECK_THAT(cs::get<2>(v).y == 2);
    v = 7;
    CHECK_THAT(cs::visit([](auto x) { return sizeof x; }, v) == 4 && cs::visit([](auto x) { return sizeof x; }, w) == 8);
    CHECK_THAT(cs::visit([](auto x, auto y) { return sizeof x + sizeof y; }, v, w) == 12);
    cs::expected<int, const char *> good = 3, bad = cs::unexpected("no");
    CHECK_THAT(good && *good == 3 && !bad && bad.error()[1] == 'o' && bad.value_or(8) == 8);
    good = bad;
    CHECK_THAT(!good.has_value());
    return failed;
}
__host__ __device__ unsigned functions() {
    unsigned failed = 0, number = 0;
    Point p = {3, 4};
    CHECK_THAT(cs::plus<int>()(2, 3) == 5 && cs::multiplies<>()(2, 1.5) == 3 && cs::less<>()(1, 2) && cs::negate<>()(5) == -5);
    CHECK_THAT(cs::invoke(&Point::sum, p, 5) == 12 && cs::invoke(&Point::x, &p) == 3);
    int n = 1;
    auto r = cs::ref(n);
    r.get() = 8;
    CHECK_THAT(n == 8 && cs::identity()(n) == 8);
    CHECK_THAT(cs::popcount(0xf0u) == 4 && cs::countl_zero((unsigned short)1) == 15 && cs::countr_one(7u) == 3);
    CHECK_THAT(cs::bit_width(9u) == 4 && cs::bit_ceil(9u) == 16 && cs::bit_floor(9u) == 8 && cs::has_single_bit(64u));
    CHECK_THAT(cs::rotl((unsigned char)0x81, 1) == 3 && cs::rotr(1u, 1) == 0x80000000u && cs::byteswap(0x12345678u) == 0x78563412u);
    CHECK_THAT(cs::bit_cast<unsigned>(1.0f) == 0x3f800000u);
    typedef cs::complex<double> C;
    C z(3, 4), w = C(1, -2) * z;
    CHECK_THAT(cs::abs(z) == 5 && w == C(11, -2) && cs::norm(z) == 25 && cs::conj(z).imag() == -4);
    CHECK_THAT(cs::abs(w / z - C(1, -2)) < 1e-15 && cs::abs(cs::sqrt(C(-4, 0)) - C(0, 2)) < 1e-15);
    CHECK_THAT(cs::abs(cs::exp(cs::log(z)) - z) < 1e-14 && cs::abs(cs::sin(z) * cs::sin(z) + cs::cos(z) * cs::cos(z) - C(1)) < 1e-9);
    CHECK_THAT(cs::isfinite((C(1e300, 1e300) / C(1e300, 1e-300)).real()) && cs::abs(cs::pow(z, 2.0) - z * z) < 1e-12);
    CHECK_THAT(cs::sin(0.0f) == 0 && cs::pow(2.0, 10) == 1024 && cs::sqrt(16) == 4 && cs::abs(-3) == 3 && cs::isnan(NAN));
    using namespace cs::chrono;
    CHECK_THAT(duration_cast<microseconds>(milliseconds(3)).count() == 3000 && seconds(1) + milliseconds(5) == milliseconds(1005));
    auto start = system_clock::now();
    while (system_clock::now() == start) {
    }
    CHECK_THAT(high_resolution_clock::now() > start);
    CHECK_THAT((cs::ratio_add<cs::ratio<1, 2>, cs::ratio<1, 3>>::num == 5));
    cs::uint32_t words[2] = {1, 2}, copies[2];
    cs::memcpy(copies, words, sizeof words);
    CHECK_THAT(copies[1] == 2);
    return failed;
}

__host__ __device__ void all(unsigned *out) {
    out[0] = utilities();
    out[1] = containers();
    out[2] = sums();
    out[3] = functions();
}
__global__ void kernel(unsigned *out) { all(out); }

static void report(const char *side, const std::vector<unsigned> &failed) {
    bool right = true;
    for (size_t i = 0; i < failed.size(); i++)
        if (failed[i])
            std::printf("%s: group %zu fails %x\n", side, i, failed[i]), right = false;
    if (right)
        std::printf("%s: all right\n", side);
}

int main() {
    std::vector<unsigned> host(4);
    all(host.data());
    report("host", host);
    Array<unsigned> out(4);
    kernel<<<1, 1>>>(out);
    CHECK_LAUNCH();
    report("device", out.host());
    return 0;
}
