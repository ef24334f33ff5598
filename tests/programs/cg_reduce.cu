// SPDX-License-Identifier: Apache-2.0
// Cooperative groups: reduce over tiles and coalesced groups with every operation and several types, own functions and structs.
// NVCC: --expt-relaxed-constexpr
// EXPECT: int: plus 496 less 0 greater 31, signed less -16
// EXPECT: bits: and 100 or 11f xor 0
// EXPECT: float 124.0 double 496.500 unsigned long long 496000000000
// EXPECT: tile of 8: 28 92 156 220
// EXPECT: coalesced: 176
// EXPECT: struct: 16.0 at 31, lambda 31
#include "check.h"
#include <cooperative_groups.h>
#include <cooperative_groups/reduce.h>

namespace cg = cooperative_groups;

struct Best {
    float value;
    int where;
};
struct Larger {
    __device__ Best operator()(Best a, Best b) const { return a.value > b.value ? a : b; }
};

__global__ void kernel(double *out) {
    auto warp = cg::tiled_partition<32>(cg::this_thread_block());
    auto eight = cg::tiled_partition<8>(warp);
    int t = threadIdx.x;
    double results[18];
    int n = 0;
    results[n++] = cg::reduce(warp, t, cg::plus<int>());
    results[n++] = cg::reduce(warp, t, cg::less<int>());
    results[n++] = cg::reduce(warp, t, cg::greater<int>());
    results[n++] = cg::reduce(warp, t - 16, cg::less<int>());
    results[n++] = cg::reduce(warp, t | 0x100, cg::bit_and<int>());
    results[n++] = cg::reduce(warp, t | 0x100, cg::bit_or<int>());
    results[n++] = cg::reduce(warp, t | 0x100, cg::bit_xor<int>());
    results[n++] = cg::reduce(warp, t * 0.25f, cg::plus<float>());
    results[n++] = cg::reduce(warp, t + (t == 0) * 0.5, cg::plus<double>());
    results[n++] = static_cast<double>(cg::reduce(warp, t * 1000000000ull, cg::plus<unsigned long long>()));
    int part = cg::reduce(eight, t, cg::plus<int>());
    for (int i = 0; i < 4; i++)
        results[n++] = warp.shfl(part, i * 8);
    int odd = 0;
    if (t % 3 == 1) {
        cg::coalesced_group active = cg::coalesced_threads();
        odd = cg::reduce(active, t, cg::plus<int>());
    }
    results[n++] = warp.shfl(odd, 4);
    Best best = cg::reduce(warp, Best{(t * 7 + 15) % 32 == 8 ? 16.0f : t * 0.125f, t}, Larger());
    results[n++] = best.value;
    results[n++] = best.where;
    results[n++] = cg::reduce(warp, t, [](int a, int b) { return a > b ? a : b; });
    if (t == 9)
        for (int i = 0; i < n; i++)
            out[i] = results[i];
}

int main() {
    Array<double> out(18);
    kernel<<<1, 32>>>(out);
    CHECK_LAUNCH();
    auto o = out.host();
    std::printf("int: plus %g less %g greater %g, signed less %g\n", o[0], o[1], o[2], o[3]);
    std::printf("bits: and %x or %x xor %x\n", (unsigned)o[4], (unsigned)o[5], (unsigned)o[6]);
    std::printf("float %.1f double %.3f unsigned long long %.0f\n", o[7], o[8], o[9]);
    std::printf("tile of 8: %g %g %g %g\n", o[10], o[11], o[12], o[13]);
    std::printf("coalesced: %g\n", o[14]);
    std::printf("struct: %.1f at %g, lambda %g\n", o[15], o[16], o[17]);
    return 0;
}
