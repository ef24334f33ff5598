// SPDX-License-Identifier: Apache-2.0
// Atomics of 128 bits (PTX ISA "atom", .b128): a sum of all threads by compare-and-swap, and exchanges that lose nothing.
// RUN: -arch=sm_90
// NVCC: skip sm_90 alone has them
// EXPECT: sum 1
// EXPECT: exchanges 0 wrong
#include <cstdio>

#include "check.h"

typedef unsigned long long u64;

__global__ void add(ulonglong2 *sum) {
    u64 low = threadIdx.x + 1, high = blockIdx.x;
    for (bool done = false; !done;) {
        u64 a, b, c, d;
        asm volatile("{ .reg .b128 q; ld.relaxed.gpu.global.b128 q, [%2]; mov.b128 {%0, %1}, q; }" : "=l"(a), "=l"(b) : "l"(sum) : "memory");
        u64 e = a + low, f = b + high + (e < a);
        asm volatile("{ .reg .b128 old, new, was; mov.b128 old, {%2, %3}; mov.b128 new, {%4, %5};\n"
                     "atom.acq_rel.gpu.global.cas.b128 was, [%6], old, new; mov.b128 {%0, %1}, was; }"
                     : "=l"(c), "=l"(d)
                     : "l"(a), "l"(b), "l"(e), "l"(f), "l"(sum)
                     : "memory");
        done = c == a && d == b;
    }
}

__global__ void exchange(ulonglong2 *place, ulonglong2 *out) {
    u64 i = blockIdx.x * blockDim.x + threadIdx.x, a, b;
    asm volatile("{ .reg .b128 new, was; mov.b128 new, {%2, %3}; atom.relaxed.gpu.global.exch.b128 was, [%4], new; mov.b128 {%0, %1}, was; }"
                 : "=l"(a), "=l"(b)
                 : "l"(i + 1), "l"(~(i + 1)), "l"(place)
                 : "memory");
    out[i] = {a, b};
}

int main() {
    const int blocks = 20, threads = 100, all = blocks * threads;
    ulonglong2 *p;
    CHECK(cudaMallocManaged(&p, (all + 1) * sizeof *p));
    p[0] = {~0ull - 100, 5};
    unsigned __int128 expected = ((unsigned __int128)5 << 64) + (~0ull - 100);
    add<<<blocks, threads>>>(p);
    CHECK_LAUNCH();
    for (int b = 0; b < blocks; b++)
        for (int t = 1; t <= threads; t++) expected += ((unsigned __int128)b << 64) + (unsigned)t;
    std::printf("sum %d\n", p[0].x == (u64)expected && p[0].y == (u64)(expected >> 64));
    p[0] = {0, ~0ull};
    exchange<<<blocks, threads>>>(p, p + 1);
    CHECK_LAUNCH();
    static bool seen[all + 1];
    int wrong = 0;
    for (int i = 0; i <= all; i++) {
        ulonglong2 v = p[i];
        bool is_new = v.y == ~v.x && v.x <= (u64)all && !seen[v.x];
        if (is_new) seen[v.x] = true;
        wrong += !is_new;
    }
    std::printf("exchanges %d wrong\n", wrong);
    return 0;
}
