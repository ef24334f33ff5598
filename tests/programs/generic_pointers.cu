// SPDX-License-Identifier: Apache-2.0
// One device function takes pointers to shared, global, constant, local and parameter memory; the address-space predicates
// tell them apart; a pointer chosen at run time may be of any space.
// EXPECT: sums: 10 26 42 58
// EXPECT: chosen at run time: ok
// EXPECT: shared 1 0 0 0, global 0 1 0 0, local 0 0 0 1
#include "check.h"

__constant__ int constant_values[4] = {9, 10, 11, 12};
__device__ int global_values[4] = {5, 6, 7, 8};

__device__ __noinline__ int sum(const int *values) { return values[0] + values[1] + values[2] + values[3]; }

__global__ void kernel(int *out) {
    __shared__ int shared_values[4];
    int local_values[4];
    int t = threadIdx.x;
    if (t < 4)
        shared_values[t] = t + 1;
    for (int i = 0; i < 4; i++)
        local_values[i] = 13 + i;
    __syncthreads();
    const int *all[] = {shared_values, global_values, constant_values, local_values};
    out[t] = sum(all[t % 4]);
    if (t == 0) {
        const int *three[] = {shared_values, global_values, local_values};
        for (int i = 0; i < 3; i++) {
            out[64 + i * 4 + 0] = __isShared(three[i]) != 0;
            out[64 + i * 4 + 1] = __isGlobal(three[i]) != 0;
            out[64 + i * 4 + 2] = __isConstant(three[i]) != 0;
            out[64 + i * 4 + 3] = __isLocal(three[i]) != 0;
        }
    }
}

int main() {
    Array<int> out(76);
    kernel<<<1, 64>>>(out);
    CHECK_LAUNCH();
    auto o = out.host();
    std::printf("sums: %d %d %d %d\n", o[0], o[1], o[2], o[3]);
    bool fine = true;
    for (int i = 0; i < 64; i++)
        fine = fine && o[i] == 10 + 16 * (i % 4);
    std::printf("chosen at run time: %s\n", fine ? "ok" : "wrong");
    std::printf("shared %d %d %d %d, global %d %d %d %d, local %d %d %d %d\n", o[64], o[65], o[66], o[67], o[68], o[69], o[70],
                o[71], o[72], o[73], o[74], o[75]);
    return 0;
}
