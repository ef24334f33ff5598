// SPDX-License-Identifier: Apache-2.0
// Block reductions as programs write them today: shuffles within warps, one shared slot a warp, min, max, sum and argmax,
// as templates over type and operation.
// EXPECT: sum 499500 minimum -37 maximum 998, argmax 777
// EXPECT: double sum 249750.5
#include "check.h"

template <typename T, typename Operation> __device__ T warp_reduce(T value, Operation operation) {
#pragma unroll
    for (int step = warpSize / 2; step > 0; step >>= 1)
        value = operation(value, __shfl_down_sync(0xffffffffu, value, step));
    return value;
}

template <typename T, typename Operation> __device__ T block_reduce(T value, T neutral, Operation operation) {
    __shared__ T parts[32];
    int lane = threadIdx.x % warpSize, warp = threadIdx.x / warpSize;
    value = warp_reduce(value, operation);
    __syncthreads();
    if (lane == 0)
        parts[warp] = value;
    __syncthreads();
    value = threadIdx.x < (blockDim.x + warpSize - 1) / warpSize ? parts[lane] : neutral;
    return warp == 0 ? warp_reduce(value, operation) : value;
}

struct Plus { template <typename T> __device__ T operator()(T a, T b) const { return a + b; } };
struct Minimum { template <typename T> __device__ T operator()(T a, T b) const { return b < a ? b : a; } };
struct Maximum { template <typename T> __device__ T operator()(T a, T b) const { return a < b ? b : a; } };

__global__ void reduce(const int *in, int count, int *out, double *double_out) {
    int i = threadIdx.x;
    int value = i < count ? in[i] : 0;
    int sum = block_reduce(i < count ? i : 0, 0, Plus());
    int least = block_reduce(i < count ? value : 1 << 30, 1 << 30, Minimum());
    int most = block_reduce(i < count ? value : -(1 << 30), -(1 << 30), Maximum());
    unsigned long long key = i < count ? static_cast<unsigned long long>(value + 100) << 32 | i : 0;
    unsigned long long best = block_reduce(key, 0ull, Maximum());
    double half = block_reduce(i < count ? i * 0.5 + (i == 3) : 0.0, 0.0, Plus());
    if (i == 0) {
        out[0] = sum;
        out[1] = least;
        out[2] = most;
        out[3] = static_cast<int>(best);
        *double_out = half - 0.5;
    }
}

int main() {
    std::vector<int> in(1000);
    for (int i = 0; i < 1000; i++)
        in[i] = i == 777 ? 998 : i == 123 ? -37 : i * 31 % 997;
    Array<int> device(in), out(4);
    Array<double> double_out(1);
    reduce<<<1, 1024>>>(device, 1000, out, double_out);
    CHECK_LAUNCH();
    auto o = out.host();
    std::printf("sum %d minimum %d maximum %d, argmax %d\n", o[0], o[1], o[2], o[3]);
    std::printf("double sum %.1f\n", double_out.host()[0]);
    return 0;
}
