// SPDX-License-Identifier: Apache-2.0
// malloc and free in kernels: private to a thread, passed between threads and kernels, freed by others, alignment.
// EXPECT: each thread its own: ok
// EXPECT: passed to the next kernel: 6400
// EXPECT: aligned to 16: yes, free(NULL) fine
// EXPECT: freed memory is reused: yes
#include "check.h"
#include <cstdint>

__global__ void own(int *out) {
    int t = blockIdx.x * blockDim.x + threadIdx.x, count = 1 + t % 50;
    int *values = static_cast<int *>(malloc(count * sizeof(int)));
    if (!values)
        return;
    for (int i = 0; i < count; i++)
        values[i] = t + i;
    int sum = 0;
    for (int i = 0; i < count; i++)
        sum += values[i];
    out[t] = sum;
    free(values);
}

__global__ void allocate(int **lists, int *misaligned) {
    lists[threadIdx.x] = static_cast<int *>(malloc(100 * sizeof(int)));
    if (reinterpret_cast<uintptr_t>(lists[threadIdx.x]) % 16)
        atomicAdd(misaligned, 1);
    for (int i = 0; i < 100; i++)
        lists[threadIdx.x][i] = 1;
    free(nullptr);
}
__global__ void use(int **lists, int *sum) {
    int other = blockDim.x - 1 - threadIdx.x;
    for (int i = 0; i < 100; i++)
        atomicAdd(sum, lists[other][i]);
    free(lists[other]);
}
__global__ void churn(int *failures) {
    for (int i = 0; i < 200; i++) {
        char *p = static_cast<char *>(malloc(4096));
        if (!p) {
            atomicAdd(failures, 1);
            continue;
        }
        p[0] = p[4095] = 1;
        free(p);
    }
}

int main() {
    Array<int> out(200), sum(1), misaligned(1), failures(1);
    Array<int *> lists(64);
    own<<<4, 50>>>(out);
    CHECK_LAUNCH();
    std::vector<int> want;
    for (int t = 0; t < 200; t++) {
        int count = 1 + t % 50;
        want.push_back(count * t + count * (count - 1) / 2);
    }
    same("each thread its own", out.host(), want);
    allocate<<<1, 64>>>(lists, misaligned);
    use<<<1, 64>>>(lists, sum);
    CHECK_LAUNCH();
    std::printf("passed to the next kernel: %d\n", sum.host()[0]);
    std::printf("aligned to 16: %s, free(NULL) fine\n", misaligned.host()[0] ? "no" : "yes");
    churn<<<4, 64>>>(failures);
    CHECK_LAUNCH();
    std::printf("freed memory is reused: %s\n", failures.host()[0] ? "no" : "yes");
    return 0;
}
