// SPDX-License-Identifier: Apache-2.0
// curand_kernel.h's Sobol sequences with the direction numbers of Joe and Kuo's first dimensions, against the definition:
// point n is the sum of the direction numbers at the bits of n's Gray code. Scrambled ones start from their constant.
// EXPECT: 32 bits: ok
// EXPECT: scrambled, 32 bits: ok
// EXPECT: 64 bits: ok
// EXPECT: scrambled, 64 bits: ok
// EXPECT: known points: ok
// EXPECT: skipahead: ok
// EXPECT: uniform, normal and Poisson take one point each: ok
#include "check.h"
#include <curand_kernel.h>

/* Degree, coefficients and initial numbers of dimensions 2 to 6 (Joe and Kuo 2008, new-joe-kuo-6). */
static const struct {
    int degree, coefficients, m[4];
} table[5] = {{1, 0, {1}}, {2, 1, {1, 3}}, {3, 1, {1, 3, 1}}, {3, 2, {1, 1, 1}}, {4, 1, {1, 1, 3, 3}}};
const int dimensions = 6, points = 200;

template <typename Word> static void directions(int dimension, Word *v) {
    const int bits = 8 * sizeof(Word);
    if (dimension == 0) {
        for (int i = 0; i < bits; i++)
            v[i] = (Word)1 << (bits - 1 - i);
        return;
    }
    int s = table[dimension - 1].degree, a = table[dimension - 1].coefficients;
    for (int i = 0; i < bits; i++) {
        if (i < s) {
            v[i] = (Word)table[dimension - 1].m[i] << (bits - 1 - i);
            continue;
        }
        v[i] = v[i - s] ^ (v[i - s] >> s);
        for (int k = 1; k < s; k++)
            if (a >> (s - 1 - k) & 1)
                v[i] ^= v[i - k];
    }
}

template <typename Word> static Word point(const Word *v, Word n, Word start) {
    Word gray = n ^ (n >> 1);
    for (int k = 0; gray >> k; k++)
        if (gray >> k & 1)
            start ^= v[k];
    return start;
}

template <typename State, typename Vectors, typename Word>
__global__ void plain(Vectors *v, Word *out, Word offset) {
    State s;
    curand_init(v[threadIdx.x], offset, &s);
    for (int i = 0; i < points; i++)
        out[threadIdx.x * points + i] = curand(&s);
}
template <typename State, typename Vectors, typename Word>
__global__ void scrambled(Vectors *v, Word *out, Word scramble, Word offset) {
    State s;
    curand_init(v[threadIdx.x], scramble, offset, &s);
    for (int i = 0; i < points; i++)
        out[threadIdx.x * points + i] = curand(&s);
}
__global__ void skips(curandDirectionVectors32_t *v, unsigned *out) {
    curandStateSobol32_t s;
    curand_init(v[3], 5, &s);
    skipahead(threadIdx.x * 1000003u, &s);
    out[threadIdx.x] = curand(&s);
}
__global__ void known(curandDirectionVectors32_t *v, float *out) {
    curandStateSobol32_t s;
    curand_init(v[1], 0, &s);
    for (int i = 0; i < 8; i++)
        out[i] = curand_uniform(&s);
}
__global__ void one_each(curandDirectionVectors32_t *v, unsigned *out) {
    curandStateSobol32_t s;
    curand_init(v[1], 3, &s);
    curand_uniform(&s), curand_uniform_double(&s);
    curand_normal(&s), curand_normal_double(&s);
    curand_log_normal(&s, 0, 1), curand_poisson(&s, 20.0), curand_poisson(&s, 5000.0);
    out[0] = s.i;
}

template <typename Word, typename Plain, typename Scrambled, typename Vectors>
static Array<Vectors> *test(const char *name, const char *scrambled_name) {
    const Word offset = 77, scramble = (Word)0x9e3779b97f4a7c15ull;
    static Vectors host[dimensions];
    std::vector<Word> want, want_scrambled;
    for (int dimension = 0; dimension < dimensions; dimension++) {
        directions<Word>(dimension, host[dimension]);
        for (int i = 0; i < points; i++) {
            want.push_back(point<Word>(host[dimension], offset + i, 0));
            want_scrambled.push_back(point<Word>(host[dimension], offset + i, scramble));
        }
    }
    auto *v = new Array<Vectors>(dimensions);
    CHECK(cudaMemcpy(v->data, host, sizeof host, cudaMemcpyHostToDevice));
    Array<Word> out(dimensions * points);
    plain<Plain, Vectors, Word><<<1, dimensions>>>(v->data, out, offset);
    CHECK_LAUNCH();
    same(name, out.host(), want);
    scrambled<Scrambled, Vectors, Word><<<1, dimensions>>>(v->data, out, scramble, offset);
    CHECK_LAUNCH();
    same(scrambled_name, out.host(), want_scrambled);
    return v;
}

int main() {
    Array<curandDirectionVectors32_t> *vectors =
        test<unsigned, curandStateSobol32_t, curandStateScrambledSobol32_t, curandDirectionVectors32_t>(
            "32 bits", "scrambled, 32 bits");
    delete test<unsigned long long, curandStateSobol64_t, curandStateScrambledSobol64_t, curandDirectionVectors64_t>(
        "64 bits", "scrambled, 64 bits");

    /* The second dimension begins 0, 1/2, 1/4, 3/4, ... ; the float is the middle of its 2^32nd part. */
    Array<float> numbers(8);
    known<<<1, 1>>>(vectors->data, numbers);
    CHECK_LAUNCH();
    std::vector<float> rounded = numbers.host();
    for (float &number : rounded)
        number = (float)(int)(number * 8) / 8;
    same("known points", rounded, {0, 0.5f, 0.25f, 0.75f, 0.375f, 0.875f, 0.125f, 0.625f});

    Array<unsigned> out(64);
    unsigned host[32];
    directions<unsigned>(3, host);
    skips<<<1, 64>>>(vectors->data, out);
    CHECK_LAUNCH();
    std::vector<unsigned> want;
    for (unsigned i = 0; i < 64; i++)
        want.push_back(point<unsigned>(host, 5 + i * 1000003u, 0));
    same("skipahead", out.host(), want);

    one_each<<<1, 1>>>(vectors->data, out);
    CHECK_LAUNCH();
    same("uniform, normal and Poisson take one point each", {out.host()[0]}, std::vector<unsigned>{3 + 7});
    delete vectors;
    return 0;
}
