// SPDX-License-Identifier: Apache-2.0
// Namespaces: nested, inline and anonymous ones, aliases, using, argument-dependent lookup, kernels and variables inside.
// EXPECT: nested 1, inline 2, anonymous 3, alias 4, lookup 5
// EXPECT: variables 10 20
// EXPECT: same kernel name twice: 100 200
#include "check.h"

namespace outer {
namespace inner {
__device__ int value() { return 1; }
__device__ int variable = 10;
} // namespace inner
inline namespace version2 {
__device__ int current() { return 2; }
} // namespace version2
struct Tag {};
__device__ int lookup(Tag) { return 5; }
__global__ void kernel(int *out) { *out = 100; }
} // namespace outer

namespace other::deeply::nested {
__device__ int value() { return 4; }
__global__ void kernel(int *out) { *out = 200; }
} // namespace other::deeply::nested

namespace {
__device__ int hidden() { return 3; }
__device__ int variable = 20;
__global__ void collect(int *out) {
    namespace alias = other::deeply::nested;
    using outer::inner::value;
    out[0] = value();
    out[1] = outer::current();
    out[2] = hidden();
    out[3] = alias::value();
    out[4] = lookup(outer::Tag());
    out[5] = outer::inner::variable;
    out[6] = variable;
}
} // namespace

int main() {
    Array<int> out(7);
    collect<<<1, 1>>>(out);
    CHECK_LAUNCH();
    auto o = out.host();
    std::printf("nested %d, inline %d, anonymous %d, alias %d, lookup %d\n", o[0], o[1], o[2], o[3], o[4]);
    std::printf("variables %d %d\n", o[5], o[6]);
    outer::kernel<<<1, 1>>>(out);
    int first = out.host()[0];
    other::deeply::nested::kernel<<<1, 1>>>(out);
    std::printf("same kernel name twice: %d %d\n", first, out.host()[0]);
    return 0;
}
