// SPDX-License-Identifier: Apache-2.0
// The tables of Sobol sequences: what Joe and Kuo publish for some dimensions, and that every dimension is one: its numbers are
// a triangular matrix of bits with ones on the diagonal, so that 2^k points fall into 2^k intervals, as scrambled ones do.
// Integration by a kernel.
// RUN: -lcurand
// EXPECT: known: ok
// EXPECT: dimensions: ok
// EXPECT: scrambled: ok
// EXPECT: integral: 1.000
// EXPECT: wrong sets: 104 104 104 104
// NVCC: skip needs -lcurand
#include "check.h"
#include <curand.h>
#include <curand_kernel.h>

/* The integral of products over all dimensions of 1 + (x - 1/2) / j^2, which is 1. */
__global__ void integrate(curandDirectionVectors32_t *vectors, double *sums, int dimensions, int points) {
    for (int i = threadIdx.x; i < points; i += blockDim.x)
        sums[i] = 1;
    for (int d = 0; d < dimensions; d++) {
        curandStateSobol32_t own;
        curand_init(vectors[d], threadIdx.x * (points / blockDim.x), &own);
        for (int i = 0; i < points / (int)blockDim.x; i++)
            sums[threadIdx.x * (points / blockDim.x) + i] *= 1 + (curand_uniform_double(&own) - 0.5) / ((d + 1.0) * (d + 1.0));
    }
}

template <class Word, int bits> static bool triangular(const Word *v) {
    for (int k = 0; k < bits; k++)
        if (!(v[k] >> (bits - 1 - k) & 1) || (k + 1 < bits && (Word)(v[k] << (k + 1)) != 0))
            return false;
    return true;
}

/* Whether 2^k points fall into 2^k intervals for every k: no leading part of the matrix is singular. */
template <class Word, int bits> static bool regular(const Word *v) {
    Word reduced[bits];
    for (int k = 0; k < bits; k++) {
        reduced[k] = v[k];
        for (int j = 0; j < k; j++)
            if (reduced[k] >> (bits - 1 - j) & 1)
                reduced[k] ^= reduced[j];
        if (!(reduced[k] >> (bits - 1 - k) & 1))
            return false;
    }
    return true;
}

int main() {
    curandDirectionVectors32_t *narrow, *mixed;
    curandDirectionVectors64_t *wide, *mixed_wide;
    unsigned *constants;
    unsigned long long *wide_constants;
    bool ok = curandGetDirectionVectors32(&narrow, CURAND_DIRECTION_VECTORS_32_JOEKUO6) == CURAND_STATUS_SUCCESS &&
              curandGetDirectionVectors64(&wide, CURAND_DIRECTION_VECTORS_64_JOEKUO6) == CURAND_STATUS_SUCCESS &&
              curandGetDirectionVectors32(&mixed, CURAND_SCRAMBLED_DIRECTION_VECTORS_32_JOEKUO6) == CURAND_STATUS_SUCCESS &&
              curandGetDirectionVectors64(&mixed_wide, CURAND_SCRAMBLED_DIRECTION_VECTORS_64_JOEKUO6) == CURAND_STATUS_SUCCESS &&
              curandGetScrambleConstants32(&constants) == CURAND_STATUS_SUCCESS &&
              curandGetScrambleConstants64(&wide_constants) == CURAND_STATUS_SUCCESS;
    if (!ok) {
        printf("no vectors\n");
        return 1;
    }
    /* Dimension 4: x^3 + x + 1 with 1, 3, 1; dimension 20000's first numbers. */
    ok = narrow[0][0] == 0x80000000u && narrow[0][31] == 1 && narrow[3][0] == 0x80000000u && narrow[3][1] == 0xc0000000u &&
         narrow[3][2] == 0x20000000u && narrow[3][3] == (narrow[3][0] ^ narrow[3][0] >> 3 ^ narrow[3][1]) &&
         narrow[19999][1] == 0xc0000000u && narrow[19999][17] == 0xf77c4000u && wide[19999][17] >> 32 == 0xf77c4000u;
    printf("known: %s\n", ok ? "ok" : "wrong");
    ok = true;
    for (int d = 0; d < 20000; d++) {
        ok = ok && triangular<unsigned, 32>(narrow[d]) && triangular<unsigned long long, 64>(wide[d]);
        for (int k = 0; k < 32; k++)
            ok = ok && wide[d][k] >> 32 == narrow[d][k];
    }
    printf("dimensions: %s\n", ok ? "ok" : "wrong");
    ok = constants[0] != constants[1] && wide_constants[0] != wide_constants[1];
    for (int d = 0; d < 20000; d++)
        ok = ok && regular<unsigned, 32>(mixed[d]) && regular<unsigned long long, 64>(mixed_wide[d]) &&
             memcmp(mixed[d], narrow[d], sizeof mixed[d]) != 0;
    printf("scrambled: %s\n", ok ? "ok" : "wrong");

    const int dimensions = 200, points = 4096;
    Array<unsigned> vectors(32 * dimensions);
    Array<double> sums(points);
    cudaMemcpy(vectors, narrow, 32 * dimensions * sizeof(unsigned), cudaMemcpyHostToDevice);
    integrate<<<1, 128>>>((curandDirectionVectors32_t *)(unsigned *)vectors, sums, dimensions, points);
    CHECK_LAUNCH();
    double total = 0;
    for (double x : sums.host())
        total += x / points;
    printf("integral: %.3f\n", total);
    printf("wrong sets: %d %d %d %d\n", curandGetDirectionVectors32(&narrow, CURAND_DIRECTION_VECTORS_64_JOEKUO6),
           curandGetDirectionVectors64(&wide, CURAND_DIRECTION_VECTORS_32_JOEKUO6),
           curandGetDirectionVectors32(nullptr, CURAND_DIRECTION_VECTORS_32_JOEKUO6), curandGetScrambleConstants32(nullptr));
    return 0;
}
