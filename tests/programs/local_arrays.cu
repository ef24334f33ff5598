// SPDX-License-Identifier: Apache-2.0
// Arrays private to a thread: 2-D and 3-D ones, indexed by run-time values, passed to functions, tens of kilobytes large,
// alive across barriers.
// EXPECT: determinants: ok
// EXPECT: 3-D array: ok
// EXPECT: 32 KB a thread: ok
// EXPECT: 200 KB a thread: ok
// EXPECT: alive across barriers: ok
#include "check.h"

__host__ __device__ int determinant(int seed) {
    int m[3][3];
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            m[i][j] = (seed * (i + 2) + j * j * 7 + i * j) % 11;
    return m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
           m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
}

__host__ __device__ void fill(short (&cube)[4][5][6], int seed) {
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 5; j++)
            for (int k = 0; k < 6; k++)
                cube[i][j][k] = static_cast<short>(seed + 100 * i + 10 * j + k);
}
__host__ __device__ int corner(int seed) {
    short cube[4][5][6];
    fill(cube, seed);
    return cube[seed % 4][seed % 5][seed % 6] + *(&cube[0][0][0] + seed % 120);
}

__host__ __device__ int big(int seed) {
    int history[8192];
    history[0] = seed;
    for (int i = 1; i < 8192; i++)
        history[i] = (history[i - 1] * 75 + history[i / 2] + 74) % 65537;
    return history[seed % 8192] ^ history[8191];
}

__host__ __device__ int bigger(int seed) {
    int values[50000];
    for (int i = 0; i < 50000; i++)
        values[(i * 7 + seed) % 50000] = i;
    return values[0] * 3 + values[seed] + values[49999];
}

template <int (*Function)(int)> __global__ void map(int *out, int count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < count)
        out[i] = Function(i);
}

template <int (*Function)(int)> static void test(const char *name, int count) {
    Array<int> out(count);
    map<Function><<<(count + 63) / 64, 64>>>(out, count);
    CHECK_LAUNCH();
    std::vector<int> want;
    for (int i = 0; i < count; i++)
        want.push_back(Function(i));
    same(name, out.host(), want);
}

__global__ void across_barriers(int *out) {
    __shared__ int shared[100];
    int mine[20];
    for (int i = 0; i < 20; i++) {
        shared[threadIdx.x] = threadIdx.x * i;
        __syncthreads();
        mine[(i * 7) % 20] = shared[(threadIdx.x + 1) % 100];
        __syncthreads();
    }
    int sum = 0;
    for (int i = 0; i < 20; i++)
        sum += mine[i] * (i + 1);
    out[threadIdx.x] = sum;
}

int main() {
    test<determinant>("determinants", 200);
    test<corner>("3-D array", 255);
    test<big>("32 KB a thread", 100);
    test<bigger>("200 KB a thread", 70);
    Array<int> out(100);
    across_barriers<<<1, 100>>>(out);
    CHECK_LAUNCH();
    std::vector<int> want(100, 0);
    for (int t = 0; t < 100; t++)
        for (int i = 0; i < 20; i++)
            want[t] += (t + 1) % 100 * i * ((i * 7) % 20 + 1);
    same("alive across barriers", out.host(), want);
    return 0;
}
