// SPDX-License-Identifier: Apache-2.0
// Template kernels, inline device functions and class templates of a header, instantiated alike in two units, and kernels in
// anonymous namespaces with equal names.
// EXPECT: int in both units: 11 11
// EXPECT: float here, double there: 1.5 2.5
// EXPECT: anonymous namespaces: 1 2
// EXPECT: function pointers equal: yes
// NVCC: skip nvcc gives every unit its own host function of a template kernel
#include "../check.h"
#include "kernels.h"

namespace {
__device__ int identity() { return 1; }
__global__ void tell(int *out) { *out = identity(); }
} // namespace

int main() {
    Array<int> value(std::vector<int>{10});
    add<<<1, 1>>>(value.data, 1);
    CHECK_LAUNCH();
    int here = value.host()[0];
    std::printf("int in both units: %d %d\n", here, add_int_elsewhere(10, 1));
    Array<float> single(std::vector<float>{1.0f});
    add<<<1, 1>>>(single.data, 0.5f);
    CHECK_LAUNCH();
    std::printf("float here, double there: %g %g\n", single.host()[0], add_double_elsewhere(2.0, 0.5));
    tell<<<1, 1>>>(value);
    CHECK_LAUNCH();
    std::printf("anonymous namespaces: %d %d\n", value.host()[0], tell_elsewhere());
    std::printf("function pointers equal: %s\n", &add<int> == add_int_pointer() ? "yes" : "no");
    return 0;
}
