// SPDX-License-Identifier: Apache-2.0
// Recursion in device code: direct, mutual, deep, divergent, on arrays.
// EXPECT: fibonacci: 0 1 1 2 3 5 8 13 21 34 55 89
// EXPECT: ackermann(2, 3) = 9
// EXPECT: even 1 0, odd 0 1
// EXPECT: depth 500: 125250
// EXPECT: quicksort: ok
// EXPECT: hanoi(10): 1023 moves
#include "check.h"
#include <algorithm>

__device__ int fibonacci(int n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }

__device__ int ackermann(int m, int n) {
    if (m == 0)
        return n + 1;
    return n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1));
}

__device__ bool is_odd(unsigned n);
__device__ bool is_even(unsigned n) { return n == 0 ? true : is_odd(n - 1); }
__device__ bool is_odd(unsigned n) { return n == 0 ? false : is_even(n - 1); }

__device__ int sum_to(int n, volatile int *sink) {
    if (n == 0)
        return 0;
    *sink = n;
    return *sink + sum_to(n - 1, sink);
}

__device__ void quicksort(int *values, int low, int high) {
    if (low >= high)
        return;
    int pivot = values[(low + high) / 2], i = low, j = high;
    while (i <= j) {
        while (values[i] < pivot)
            i++;
        while (values[j] > pivot)
            j--;
        if (i <= j) {
            int t = values[i];
            values[i++] = values[j];
            values[j--] = t;
        }
    }
    quicksort(values, low, j);
    quicksort(values, i, high);
}

__device__ int hanoi(int discs, int from, int to) {
    if (discs == 0)
        return 0;
    int other = 3 - from - to;
    return hanoi(discs - 1, from, other) + 1 + hanoi(discs - 1, other, to);
}

__global__ void numbers(int *out) {
    int t = threadIdx.x;
    if (t < 12)
        out[t] = fibonacci(t);
    if (t == 12)
        out[t] = ackermann(2, 3);
    if (t == 13 || t == 14)
        out[t] = is_even(t + 7) * 10 + is_odd(t + 7);
    if (t == 15)
        out[t] = sum_to(500, out + 20);
    if (t == 16)
        out[t] = hanoi(10, 0, 2);
}

__global__ void sort_segments(int *values, int length) { quicksort(values + threadIdx.x * length, 0, length - 1); }

int main() {
    Array<int> out(21);
    numbers<<<1, 17>>>(out);
    CHECK_LAUNCH();
    auto o = out.host();
    std::printf("fibonacci:");
    for (int i = 0; i < 12; i++)
        std::printf(" %d", o[i]);
    std::printf("\nackermann(2, 3) = %d\n", o[12]);
    std::printf("even %d %d, odd %d %d\n", o[13] / 10, o[14] / 10, o[13] % 10, o[14] % 10);
    std::printf("depth 500: %d\n", o[15]);
    Random random(1);
    std::vector<int> values(40 * 55), want;
    for (int &value : values)
        value = random.below(1000);
    Array<int> device(values);
    sort_segments<<<1, 40>>>(device, 55);
    CHECK_LAUNCH();
    want = values;
    for (int i = 0; i < 40; i++)
        std::sort(want.begin() + i * 55, want.begin() + (i + 1) * 55);
    same("quicksort", device.host(), want);
    std::printf("hanoi(10): %d moves\n", o[16]);
    return 0;
}
