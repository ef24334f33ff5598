// SPDX-License-Identifier: Apache-2.0
// A variable that only one lane of a warp sets, handed to all of them by a shuffle, also through functions of the program's
// own: what the other lanes have in it is never looked at, and says nothing about the condition.
// EXPECT: aggregated: ok
// EXPECT: broadcast: ok
#include "check.h"

template <typename T> __device__ static T shuffle(T variable, int lane) {
    return __shfl_sync(0xffffffff, variable, lane);
}

/* Where each lane that has something writes, with one atomic a warp. */
__device__ static int reserve(bool has, int *counter) {
    unsigned mask = __ballot_sync(0xffffffff, has);
    int base;
    if (threadIdx.x == 0)
        base = atomicAdd(counter, __popc(mask));
    base = shuffle(base, 0);
    return base + __popc(mask & ((1u << threadIdx.x) - 1));
}

__global__ void collect(const int *in, int *out, int *counter) {
    int i = blockIdx.x * 32 + threadIdx.x;
    bool has = in[i] % 5 == 3;
    int at = reserve(has, counter);
    if (has)
        out[at] = in[i];
}

__global__ void broadcast(const float *in, float *out) {
    float value;
    if (threadIdx.x % 8 == 2)
        value = in[threadIdx.x];
    out[threadIdx.x] = __shfl_sync(0xffffffff, value, 2, 8);
}

int main() {
    const int count = 32 * 40;
    std::vector<int> numbers(count), want;
    std::vector<float> floats(32), floats_want(32);
    Random random(11);
    long long sum = 0, sum_want = 0;
    for (int &number : numbers) {
        number = random.below(1000);
        if (number % 5 == 3) {
            want.push_back(number);
            sum_want += number;
        }
    }
    Array<int> in(numbers), out(count), counter(1);
    collect<<<40, 32>>>(in, out, counter);
    CHECK_LAUNCH();
    for (int number : out.host())
        sum += number;
    bool fine = counter.host()[0] == (int)want.size() && sum == sum_want;
    std::printf("aggregated: %s\n", fine ? "ok" : "wrong");
    for (int i = 0; i < 32; i++) {
        floats[i] = (float)i;
        floats_want[i] = (float)(i / 8 * 8 + 2);
    }
    Array<float> from(floats), to(32);
    broadcast<<<1, 32>>>(from, to);
    CHECK_LAUNCH();
    return !same("broadcast", to.host(), floats_want) || !fine;
}
