// SPDX-License-Identifier: Apache-2.0
// Parameters are private to each thread: a thread may change its copy, take its address, pass it by reference, and no
// other thread, block or later launch sees it.
// EXPECT: counters: ok
// EXPECT: struct copies: ok
// EXPECT: second launch: ok
// EXPECT: host's struct unchanged: 5 6
#include "check.h"

struct State {
    int values[8];
    int used;
};

__device__ void push(State &state, int value) { state.values[state.used++ % 8] = value; }

__global__ void count_down(int n, int *out) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    int steps = 0;
    n += i % 5;
    while (n-- > 0)
        steps++;
    int *address = &n;
    *address += 1;
    out[i] = steps * 10 + n;
}

__global__ void structs(State state, int *out) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    for (int k = 0; k <= i % 4; k++)
        push(state, i + k);
    __syncthreads();
    int sum = state.used;
    for (int k = 0; k < 8; k++)
        sum += state.values[k];
    out[i] = sum;
}

int main() {
    const int count = 200;
    Array<int> out(count);
    count_down<<<4, 50>>>(7, out);
    CHECK_LAUNCH();
    std::vector<int> want;
    for (int i = 0; i < count; i++)
        want.push_back((7 + i % 5) * 10);
    same("counters", out.host(), want);
    State state = {{5, 6}, 2};
    want.clear();
    for (int i = 0; i < count; i++) {
        int sum = 11 + 2 + i % 4 + 1;
        for (int k = 0; k <= i % 4; k++)
            sum += i + k;
        want.push_back(sum);
    }
    structs<<<4, 50>>>(state, out);
    CHECK_LAUNCH();
    same("struct copies", out.host(), want);
    structs<<<8, 25>>>(state, out);
    CHECK_LAUNCH();
    same("second launch", out.host(), want);
    std::printf("host's struct unchanged: %d %d\n", state.values[0], state.values[1]);
    return 0;
}
