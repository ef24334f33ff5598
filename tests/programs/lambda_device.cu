// SPDX-License-Identifier: Apache-2.0
// Extended lambdas: __device__ and __host__ __device__ lambdas with captures as kernel template arguments, and lambdas
// inside device code, generic and nested.
// NVCC: --extended-lambda
// EXPECT: captured by value: 17 20 23 26
// EXPECT: captured struct: 5.5 7.5 9.5 11.5
// EXPECT: pointer captured: 0 10 20 30
// EXPECT: host and device: 49 49
// EXPECT: inside the kernel: 42 2.5 120
#include "check.h"

template <typename Function> __global__ void for_each_thread(int count, Function function) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < count)
        function(i);
}

template <typename T, typename Function> __global__ void generate(T *out, Function function) {
    out[threadIdx.x] = function(static_cast<int>(threadIdx.x));
}

template <typename Function> __global__ void call_once(int *out, Function function) { *out = function(7); }

struct Line {
    float slope, offset;
};

__global__ void inside(double *out) {
    int base = 40;
    auto add = [base](int x) { return base + x; };
    auto apply = [](auto function, auto value) { return function(value); };
    out[0] = apply(add, 2);
    out[1] = apply([](double x) { return x / 2; }, 5.0);
    int product = 1;
    auto multiply = [&product](int x) { product *= x; };
    for (int i = 1; i <= 5; i++)
        multiply(i);
    out[2] = product;
}

int main() {
    Array<int> ints(4);
    int factor = 3, offset = 17;
    generate<<<1, 4>>>(ints.data, [=] __device__(int i) { return factor * i + offset; });
    CHECK_LAUNCH();
    auto v = ints.host();
    std::printf("captured by value: %d %d %d %d\n", v[0], v[1], v[2], v[3]);

    Array<float> floats(4);
    Line line = {2.0f, 5.5f};
    generate<<<1, 4>>>(floats.data, [line] __device__(int i) { return line.slope * i + line.offset; });
    CHECK_LAUNCH();
    auto f = floats.host();
    std::printf("captured struct: %.1f %.1f %.1f %.1f\n", f[0], f[1], f[2], f[3]);

    int *pointer = ints;
    for_each_thread<<<2, 3>>>(4, [=] __device__(int i) { pointer[i] = 10 * i; });
    CHECK_LAUNCH();
    v = ints.host();
    std::printf("pointer captured: %d %d %d %d\n", v[0], v[1], v[2], v[3]);

    auto square = [] __host__ __device__(int x) { return x * x; };
    call_once<<<1, 1>>>(ints.data, square);
    CHECK_LAUNCH();
    std::printf("host and device: %d %d\n", square(7), ints.host()[0]);

    Array<double> results(3);
    inside<<<1, 1>>>(results);
    CHECK_LAUNCH();
    auto r = results.host();
    std::printf("inside the kernel: %g %g %g\n", r[0], r[1], r[2]);
    return 0;
}
