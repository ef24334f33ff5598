// SPDX-License-Identifier: Apache-2.0
// Events: elapsed times are not negative and add up, queries, recording again, synchronising, flags.
// EXPECT: elapsed not negative: yes
// EXPECT: longer work takes longer: yes
// EXPECT: parts add up: yes
// EXPECT: query after synchronise: cudaSuccess
// EXPECT: without timing: cudaErrorInvalidResourceHandle
// EXPECT: recorded again: later
#include "check.h"
#include <cmath>

__global__ void work(int *out, int rounds) {
    int x = threadIdx.x;
    for (int i = 0; i < rounds; i++)
        x = x * 1664525 + 1013904223;
    out[threadIdx.x] = x;
}

int main() {
    Array<int> out(32);
    cudaEvent_t a, b, c;
    for (cudaEvent_t *e : {&a, &b, &c})
        CHECK(cudaEventCreate(e));
    work<<<1, 32>>>(out, 10);
    // A busy machine stretches any single interval, so that the least of several rounds is compared.
    constexpr int rounds = 8;
    float ab, bc, ac, again, least_short = INFINITY, least_long = INFINITY;
    bool negative = false, adds_up = true;
    for (int i = 0; i < rounds; i++) {
        CHECK(cudaEventRecord(a));
        work<<<1, 32>>>(out, 1);
        CHECK(cudaEventRecord(b));
        work<<<1, 32>>>(out, 3000000);
        CHECK(cudaEventRecord(c, 0));
        CHECK(cudaEventSynchronize(c));
        CHECK(cudaEventElapsedTime(&ab, a, b));
        CHECK(cudaEventElapsedTime(&bc, b, c));
        CHECK(cudaEventElapsedTime(&ac, a, c));
        negative = negative || ab < 0 || bc < 0 || ac < 0;
        adds_up = adds_up && std::fabs(ab + bc - ac) < 0.05f + 0.01f * ac;
        least_short = std::fmin(least_short, ab);
        least_long = std::fmin(least_long, bc);
    }
    std::printf("elapsed not negative: %s\n", negative ? "no" : "yes");
    std::printf("longer work takes longer: %s\n", least_long > least_short ? "yes" : "no");
    std::printf("parts add up: %s\n", adds_up ? "yes" : "no");
    std::printf("query after synchronise: %s\n", cudaGetErrorName(cudaEventQuery(c)));
    cudaEvent_t untimed;
    CHECK(cudaEventCreateWithFlags(&untimed, cudaEventDisableTiming | cudaEventBlockingSync));
    CHECK(cudaEventRecord(untimed));
    CHECK(cudaEventSynchronize(untimed));
    std::printf("without timing: %s\n", cudaGetErrorName(cudaEventElapsedTime(&again, a, untimed)));
    work<<<1, 32>>>(out, 100000);
    CHECK(cudaEventRecord(b));
    CHECK(cudaEventSynchronize(b));
    CHECK(cudaEventElapsedTime(&again, c, b));
    std::printf("recorded again: %s\n", again >= 0 ? "later" : "earlier");
    for (cudaEvent_t e : {a, b, c, untimed})
        CHECK(cudaEventDestroy(e));
    return 0;
}
