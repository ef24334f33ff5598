// SPDX-License-Identifier: Apache-2.0
// The warp-synchronous reduction of older programs: the last warp adds through volatile shared memory with no barrier at
// all, and counts on its lanes running in lockstep.
// EXPECT: float, 512 threads: 130816
// EXPECT: int, 64 threads: 2016
// EXPECT: int, 32 threads with a test of the thread: 496
#include "check.h"

template <typename T, int BlockSize> __device__ void warp_reduce(volatile T *shared, int t) {
    if (BlockSize >= 64)
        shared[t] += shared[t + 32];
    shared[t] += shared[t + 16];
    shared[t] += shared[t + 8];
    shared[t] += shared[t + 4];
    shared[t] += shared[t + 2];
    shared[t] += shared[t + 1];
}

template <typename T, int BlockSize> __global__ void reduce(const T *in, T *out) {
    __shared__ T shared[BlockSize < 64 ? 64 : BlockSize];
    int t = threadIdx.x;
    shared[t] = in[t];
    if (BlockSize < 64)
        shared[t + 32] = 0;
    __syncthreads();
    for (int step = BlockSize / 2; step > 32; step /= 2) {
        if (t < step)
            shared[t] += shared[t + step];
        __syncthreads();
    }
    if (t < 32)
        warp_reduce<T, BlockSize>(shared, t);
    if (t == 0)
        *out = shared[0];
}

template <typename T, int BlockSize> static T run() {
    std::vector<T> values(BlockSize);
    for (int i = 0; i < BlockSize; i++)
        values[i] = static_cast<T>(i);
    Array<T> in(values), out(1);
    reduce<T, BlockSize><<<1, BlockSize>>>(in.data, out.data);
    CHECK_LAUNCH();
    return out.host()[0];
}

int main() {
    std::printf("float, 512 threads: %.0f\n", run<float, 512>());
    std::printf("int, 64 threads: %d\n", run<int, 64>());
    std::printf("int, 32 threads with a test of the thread: %d\n", run<int, 32>());
    return 0;
}
