// SPDX-License-Identifier: Apache-2.0
// More of <cuda/std/...> and <cuda/...>: the same checks run on the host and in a kernel.
// EXPECT: host: all right
// EXPECT: device: all right
// NVCC: skip some of these headers come with CCCL 3
#include "check.h"
#include <cuda/iterator>
#include <cuda/mdspan>
#include <cuda/memory>
#include <cuda/numeric>
#include <cuda/std/bitset>
#include <cuda/std/cstdlib>
#include <cuda/std/ctime>
#include <cuda/std/exception>
#include <cuda/std/inplace_vector>
#include <cuda/std/memory>
#include <cuda/std/new>
#include <cuda/std/numbers>
#include <cuda/std/source_location>
#include <cuda/std/string_view>
#include <cuda/type_traits>
#include <cuda/utility>
#include <cuda/version>

namespace cs = cuda::std;

static_assert(CCCL_VERSION >= 2008000, "");
static_assert(cuda::is_floating_point_v<float> && cuda::is_floating_point_v<__half> && !cuda::is_floating_point_v<int>, "");
static_assert(cs::string_view("kernel").find("ne") == 3, "");

struct Counted {
    int *alive, value;
    __host__ __device__ Counted(int *a, int v) : alive(a), value(v) { ++*alive; }
    __host__ __device__ Counted(const Counted &o) : alive(o.alive), value(o.value) { ++*alive; }
    __host__ __device__ ~Counted() { --*alive; }
};

__host__ __device__ unsigned check() {
    unsigned failed = 0, number = 0;
    auto that = [&](bool right) { failed |= (right ? 0u : 1u) << number++; };
    that(cs::numbers::pi > 3.14159265 && cs::numbers::pi_v<float> < 3.1416f && cs::numbers::sqrt2_v<double> < 1.4143);
    cs::bitset<70> bits;
    bits.set(3).set(69);
    bits[40] = true;
    cs::bitset<70> shifted = bits >> 1;
    that(bits.count() == 3 && bits.test(69) && !bits[4] && shifted[2] && shifted[68] && (bits << 1).count() == 2);
    that((~bits).count() == 67 && (bits & shifted).none() && (bits | shifted).count() == 6 && cs::bitset<8>(0x1ffu).to_ulong() == 255);
    cs::string_view text("blocks and threads"), part = text.substr(7, 3);
    that(part == "and" && text.starts_with("block") && text.ends_with("ads") && text.find('t') == 11 && text.size() == 18);
    that(cs::string_view("ab") < cs::string_view("abc") && text.find("warp") == cs::string_view::npos);
    cs::inplace_vector<int, 4> v{1, 2, 3};
    v.push_back(4);
    that(v.size() == 4 && v.try_push_back(5) == nullptr && v.back() == 4);
    v.erase(v.begin() + 1);
    cs::inplace_vector<int, 4> w = v;
    that(w.size() == 3 && w[1] == 3 && w == v);
    int alive = 0;
    {
        cs::unique_ptr<Counted> p = cs::make_unique<Counted>(&alive, 9), q = cs::move(p);
        that(!p && q->value == 9 && alive == 1);
        cs::unique_ptr<int[]> numbers = cs::make_unique<int[]>(5);
        numbers[4] = 4;
        that(numbers[0] == 0 && numbers[4] == 4);
        alignas(Counted) char raw[2 * sizeof(Counted)];
        Counted *place = reinterpret_cast<Counted *>(raw);
        cs::uninitialized_fill(place, place + 2, *q);
        that(alive == 3 && place[1].value == 9);
        cs::destroy(place, place + 2);
    }
    that(alive == 0);
    char room[64];
    void *at = room + 1;
    cs::size_t space = 63;
    that(cs::align(16, 8, at, space) == at && (size_t)at % 16 == 0 && cs::align(16, 100, at, space) == nullptr);
    that(cuda::is_aligned(cuda::align_up(room + 1, 32), 32) && cs::div(17, 5).rem == 2 && cs::abs(-3ll) == 3);
    auto here = cs::source_location::current();
    that(here.line() == __LINE__ - 1 && cs::string_view(here.file_name()).ends_with("standard_library_more.cu"));
    int sum = 0;
    that(cuda::add_overflow(sum, 2147483647, 1) && !cuda::mul_overflow<int>(6, 7) && cuda::mul_overflow(6, 7).value == 42);
    that(cuda::overflow_cast<unsigned char>(300).overflow && cuda::narrow<short>(30000) == 30000);
    int folded = 0;
    cuda::static_for<5>([&](auto i) { folded = folded * 10 + i; });
    that(folded == 1234);
    auto squares = cuda::make_transform_iterator(cuda::counting_iterator<int>(1), [](int x) { return x * x; });
    int total = 0;
    for (auto i = squares; i - squares < 4; ++i)
        total += *i;
    that(total == 30 && squares[9] == 100 && cuda::make_constant_iterator(7)[5] == 7);
    int cells[6] = {0, 1, 2, 3, 4, 5};
    cuda::device_mdspan<int, cs::extents<int, 2, 3>> grid(cells);
    that(grid.extent(1) == 3 && grid(1, 2) == 5);
    return failed;
}

__global__ void kernel(unsigned *failed) { *failed = check(); }

int main() {
    unsigned *failed, host = check();
    host ? printf("host: %x\n", host) : printf("host: all right\n");
    cudaMallocManaged(&failed, sizeof *failed);
    *failed = ~0u;
    kernel<<<1, 1>>>(failed);
    CHECK_LAUNCH();
    *failed ? printf("device: %x\n", *failed) : printf("device: all right\n");
    return 0;
}
