// SPDX-License-Identifier: Apache-2.0
// Atomics with the scopes of a block and of the whole system, next to the device's: every operation and type of each.
// EXPECT: block scope: 4096 -4096 0 63 64 63 00000000 ffffffff 00000000 1 0 63 64
// EXPECT: system scope: 16384 -16384 0 255 256 63 00000000 ffffffff 00000000 4 0 255 256
// EXPECT: 64-bit and floating point: 4096 16384 32.0 128.0 16.0 64.0
#include "check.h"

#define OPERATIONS(SCOPE, v, i)                                                                                      \
    atomicAdd##SCOPE(&v[0], 64);                                                                                     \
    atomicSub##SCOPE(&v[1], 64);                                                                                     \
    atomicMin##SCOPE(&v[2], i);                                                                                      \
    atomicMax##SCOPE(&v[3], i);                                                                                      \
    atomicInc##SCOPE(reinterpret_cast<unsigned *>(&v[4]), 100000u);                                                  \
    atomicExch##SCOPE(&v[5], 63);                                                                                    \
    atomicAnd##SCOPE(&v[6], ~(1 << i % 32));                                                                         \
    atomicOr##SCOPE(&v[7], 1 << i % 32);                                                                             \
    atomicXor##SCOPE(&v[8], 1 << i % 32);                                                                            \
    atomicDec##SCOPE(reinterpret_cast<unsigned *>(&v[9]), 4u);                                                       \
    atomicCAS##SCOPE(&v[10], i + 1000000, 5);                                                                        \
    atomicMax##SCOPE(reinterpret_cast<unsigned *>(&v[11]), static_cast<unsigned>(i));                                \
    for (int old = v[12], seen = old - 1; seen != old;) {                                                            \
        seen = old;                                                                                                  \
        old = atomicCAS##SCOPE(&v[12], seen, seen + 1);                                                              \
    }

__global__ void block_scope(int *out) {
    __shared__ int v[13];
    int i = threadIdx.x;
    if (i < 13)
        v[i] = i == 2 ? 1000 : i == 6 ? -1 : 0;
    __syncthreads();
    OPERATIONS(_block, v, i)
    __syncthreads();
    if (i < 13)
        out[i] = v[i];
}

__global__ void system_scope(int *v) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    OPERATIONS(_system, v, i)
}

__global__ void wide(unsigned long long *u, float *f, double *d) {
    if (blockIdx.x == 0) {
        atomicAdd_block(&u[0], 64ull);
        atomicAdd_block(&f[0], 0.5f);
        atomicAdd_block(&d[0], 0.25);
    }
    atomicAdd_system(&u[1], 64ull);
    atomicAdd_system(&f[1], 0.5f);
    atomicAdd_system(&d[1], 0.25);
}

static void show(const char *name, const std::vector<int> &v) {
    std::printf("%s: %d %d %d %d %d %d %08x %08x %08x %d %d %d %d\n", name, v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8],
                v[9], v[10], v[11], v[12]);
}

int main() {
    Array<int> out(13);
    block_scope<<<1, 64>>>(out);
    CHECK_LAUNCH();
    show("block scope", out.host());
    std::vector<int> start(13, 0);
    start[2] = 1000;
    start[6] = -1;
    Array<int> v(start);
    system_scope<<<4, 64>>>(v);
    CHECK_LAUNCH();
    show("system scope", v.host());
    Array<unsigned long long> u(2);
    Array<float> f(2);
    Array<double> d(2);
    wide<<<4, 64>>>(u, f, d);
    CHECK_LAUNCH();
    std::printf("64-bit and floating point: %llu %llu %.1f %.1f %.1f %.1f\n", u.host()[0], u.host()[1], f.host()[0], f.host()[1],
                d.host()[0], d.host()[1]);
    return 0;
}
