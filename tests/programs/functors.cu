// SPDX-License-Identifier: Apache-2.0
// Function objects given to kernels: stateless, with state, composed; one generic transform and one generic reduce.
// EXPECT: square: ok
// EXPECT: affine: ok
// EXPECT: square of affine: ok
// EXPECT: sum 20100, maximum 200
#include "check.h"

struct Square {
    __host__ __device__ int operator()(int x) const { return x * x; }
};
struct Affine {
    int factor, offset;
    __host__ __device__ int operator()(int x) const { return factor * x + offset; }
};
template <typename Outer, typename Inner> struct Compose {
    Outer outer;
    Inner inner;
    __host__ __device__ int operator()(int x) const { return outer(inner(x)); }
};
struct Plus {
    __host__ __device__ int operator()(int a, int b) const { return a + b; }
};
struct Maximum {
    __host__ __device__ int operator()(int a, int b) const { return a > b ? a : b; }
};

template <typename Function> __global__ void transform(const int *in, int *out, int count, Function function) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < count)
        out[i] = function(in[i]);
}

template <typename Operation> __global__ void reduce(const int *in, int *out, int count, int neutral, Operation operation) {
    __shared__ int parts[128];
    int value = neutral;
    for (int i = threadIdx.x; i < count; i += blockDim.x)
        value = operation(value, in[i]);
    parts[threadIdx.x] = value;
    __syncthreads();
    for (int step = blockDim.x / 2; step > 0; step /= 2) {
        if (threadIdx.x < step)
            parts[threadIdx.x] = operation(parts[threadIdx.x], parts[threadIdx.x + step]);
        __syncthreads();
    }
    if (threadIdx.x == 0)
        *out = parts[0];
}

template <typename Function> static void test(const char *name, const std::vector<int> &in, Function function) {
    Array<int> device_in(in), device_out(in.size());
    int count = static_cast<int>(in.size());
    transform<<<(count + 63) / 64, 64>>>(device_in.data, device_out.data, count, function);
    CHECK_LAUNCH();
    std::vector<int> want;
    for (int value : in)
        want.push_back(function(value));
    same(name, device_out.host(), want);
}

int main() {
    std::vector<int> in;
    for (int i = 1; i <= 200; i++)
        in.push_back(i);
    test("square", in, Square());
    test("affine", in, Affine{-3, 7});
    test("square of affine", in, Compose<Square, Affine>{Square(), Affine{2, 1}});
    Array<int> device_in(in), sum(1), maximum(1);
    reduce<<<1, 128>>>(device_in.data, sum.data, 200, 0, Plus());
    reduce<<<1, 128>>>(device_in.data, maximum.data, 200, -1, Maximum());
    CHECK_LAUNCH();
    std::printf("sum %d, maximum %d\n", sum.host()[0], maximum.host()[0]);
    return 0;
}
