// SPDX-License-Identifier: Apache-2.0
// clock(), clock64() and __nanosleep(): time does not run backwards within a thread.
// EXPECT: clock64 rises: yes
// EXPECT: clock moves while work is done: yes
// EXPECT: 2 ms of sleep take time: yes
#include "check.h"

__global__ void measure(long long *times, unsigned *ticks, int *sink) {
    int value = threadIdx.x;
    long long start = clock64();
    clock_t short_start = clock();
    for (int i = 0; i < 100000; i++)
        value = value * 1664525 + 1013904223;
    *sink = value;
    long long middle = clock64();
    ticks[0] = static_cast<unsigned>(clock() - short_start);
    for (int i = 0; i < 4; i++)
        __nanosleep(500000);
    long long end = clock64();
    times[0] = start;
    times[1] = middle;
    times[2] = end;
}

int main() {
    Array<long long> times(3);
    Array<unsigned> ticks(1);
    Array<int> sink(1);
    measure<<<1, 1>>>(times, ticks, sink);
    CHECK_LAUNCH();
    auto t = times.host();
    std::printf("clock64 rises: %s\n", t[0] <= t[1] && t[1] <= t[2] ? "yes" : "no");
    std::printf("clock moves while work is done: %s\n", ticks.host()[0] > 0 ? "yes" : "no");
    std::printf("2 ms of sleep take time: %s\n", t[2] - t[1] > 1000 ? "yes" : "no");
    return 0;
}
