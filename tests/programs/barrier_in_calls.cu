// SPDX-License-Identifier: Apache-2.0
// Barriers inside functions: plain calls, recursion, function pointers and virtual functions that suspend the thread.
// EXPECT: function: ok
// EXPECT: recursion: ok
// EXPECT: function pointer: ok
// EXPECT: virtual function: ok
#include "check.h"

__device__ __noinline__ int neighbour(int *shared, int value, int step) {
    shared[threadIdx.x] = value;
    __syncthreads();
    int result = shared[(threadIdx.x + step) % blockDim.x];
    __syncthreads();
    return result;
}

__device__ int recursive(int *shared, int value, int depth) {
    if (depth == 0)
        return value;
    int local = value * 3;
    int other = neighbour(shared, value, depth);
    return recursive(shared, (other + 1) % 1000, depth - 1) + local;
}

typedef int (*Exchange)(int *, int, int);
__device__ Exchange exchanges[2] = {neighbour, recursive};

struct Step {
    __device__ virtual int run(int *shared, int value) const = 0;
};
struct Forward : Step {
    __device__ int run(int *shared, int value) const override { return neighbour(shared, value, 1); }
};
struct Doubled : Step {
    __device__ int run(int *shared, int value) const override { return neighbour(shared, value, 3) * 2; }
};

__global__ void kernel(int kind, int *out) {
    __shared__ int shared[70];
    int t = threadIdx.x, value = t;
    Forward forward;
    Doubled doubled;
    const Step *steps[2] = {&forward, &doubled};
    if (kind == 0)
        value = neighbour(shared, value, 2);
    else if (kind == 1)
        value = recursive(shared, value, 6);
    else if (kind == 2)
        value = exchanges[(kind + blockIdx.x) % 2](shared, value, 4);
    else
        for (int i = 0; i < 3; i++)
            value = steps[(i + blockIdx.x) % 2]->run(shared, value);
    out[blockIdx.x * blockDim.x + t] = value;
}

static std::vector<int> shifted(const std::vector<int> &values, int step) {
    std::vector<int> result(70);
    for (int t = 0; t < 70; t++)
        result[t] = values[(t + step) % 70];
    return result;
}

static std::vector<int> recursive_host(std::vector<int> values, int depth) {
    std::vector<int> total(70, 0);
    for (; depth > 0; depth--) {
        std::vector<int> other = shifted(values, depth);
        for (int t = 0; t < 70; t++) {
            total[t] += values[t] * 3;
            values[t] = (other[t] + 1) % 1000;
        }
    }
    for (int t = 0; t < 70; t++)
        total[t] += values[t];
    return total;
}

int main() {
    std::vector<int> ids(70);
    for (int t = 0; t < 70; t++)
        ids[t] = t;
    const char *names[] = {"function", "recursion", "function pointer", "virtual function"};
    for (int kind = 0; kind < 4; kind++) {
        Array<int> out(140);
        kernel<<<2, 70>>>(kind, out);
        CHECK_LAUNCH();
        std::vector<int> want;
        for (int block = 0; block < 2; block++) {
            std::vector<int> values = ids;
            if (kind == 0)
                values = shifted(values, 2);
            else if (kind == 1)
                values = recursive_host(values, 6);
            else if (kind == 2)
                values = block == 0 ? shifted(values, 4) : recursive_host(values, 4);
            else
                for (int i = 0; i < 3; i++) {
                    bool twice = (i + block) % 2;
                    values = shifted(values, twice ? 3 : 1);
                    for (int &v : values)
                        v *= twice ? 2 : 1;
                }
            want.insert(want.end(), values.begin(), values.end());
        }
        same(names[kind], out.host(), want);
    }
    return 0;
}
