// SPDX-License-Identifier: Apache-2.0
// The other unit: instantiates the same template kernel for int, and for double alone.
#include "../check.h"
#include "kernels.h"

namespace {
__device__ int identity() { return 2; }
__global__ void tell(int *out) { *out = identity(); }
} // namespace

template <typename T> static T run(T value, T amount) {
    Array<T> device(std::vector<T>{value});
    add<<<1, 1>>>(device.data, amount);
    CHECK_LAUNCH();
    return device.host()[0];
}

int add_int_elsewhere(int value, int amount) { return run(value, amount); }
double add_double_elsewhere(double value, double amount) { return run(value, amount); }

int tell_elsewhere() {
    Array<int> out(1);
    tell<<<1, 1>>>(out);
    CHECK_LAUNCH();
    return out.host()[0];
}

IntKernel add_int_pointer() { return &add<int>; }
