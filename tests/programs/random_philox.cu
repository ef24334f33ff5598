// SPDX-License-Identifier: Apache-2.0
// curand_kernel.h's Philox4x32-10 against Random123's known answers (kat_vectors) and its own rules: single numbers are
// the words of four, an offset and skipahead pass over as many numbers, subsequences are 2^66 numbers apart.
// EXPECT: zeros: ok
// EXPECT: ones: ok
// EXPECT: digits of pi: ok
// EXPECT: fours from an odd place: ok
// EXPECT: offsets: ok
// EXPECT: subsequences: ok
// EXPECT: uniform: ok
// NVCC: -lcurand
#include "check.h"
#include <curand_kernel.h>

typedef curandStatePhilox4_32_10_t State;

__device__ void put(unsigned *out, uint4 v) { out[0] = v.x, out[1] = v.y, out[2] = v.z, out[3] = v.w; }

/* A counter beyond what an offset can say is reached by several skips. */
__global__ void known(unsigned *out) {
    State s;
    curand_init(0, 0, 0, &s);
    put(out, curand4(&s));
    curand_init(~0ull, ~0ull, 0, &s);
    for (int i = 0; i < 4; i++)
        skipahead(~3ull, &s);
    skipahead(12, &s);
    put(out + 4, curand4(&s));
    curand_init(0x299f31d0a4093822ull, 0x0370734413198a2eull, 0, &s);
    for (int i = 0; i < 4; i++)
        skipahead(0x85a308d3243f6a88ull, &s);
    put(out + 8, curand4(&s));
}

__global__ void singles(unsigned *out) {
    State s;
    curand_init(1234, threadIdx.x, 0, &s);
    for (int i = 0; i < 16; i++)
        out[threadIdx.x * 16 + i] = curand(&s);
}
__global__ void fours(unsigned *out) {
    State s;
    curand_init(1234, threadIdx.x, 0, &s);
    for (int i = 0; i <= threadIdx.x; i++)
        out[threadIdx.x * 16 + i] = curand(&s);
    for (int i = threadIdx.x + 1; i + 4 <= 16; i += 4)
        put(out + threadIdx.x * 16 + i, curand4(&s));
}
__global__ void offsets(unsigned *out) {
    State s;
    curand_init(1234, 0, threadIdx.x, &s);
    out[threadIdx.x] = curand(&s);
    skipahead(threadIdx.x, &s);
    out[16 + threadIdx.x] = curand(&s);
}
__global__ void subsequences(unsigned *out) {
    State s;
    curand_init(1234, 3, 5, &s);
    out[0] = curand(&s);
    curand_init(1234, 1, 5, &s);
    skipahead_sequence(2, &s);
    out[1] = curand(&s);
    curand_init(1234, 0, 5, &s);
    for (int i = 0; i < 3 * 4 * 2; i++)
        skipahead(1ull << 63, &s);
    out[2] = curand(&s);
}
__global__ void uniforms(float *out) {
    State s;
    curand_init(99, 0, 0, &s);
    float4 four = curand_uniform4(&s);
    curand_init(99, 0, 0, &s);
    out[0] = four.x - curand_uniform(&s);
    out[1] = four.y - curand_uniform(&s);
    out[2] = four.z - curand_uniform(&s);
    out[3] = four.w - curand_uniform(&s);
}

int main() {
    Array<unsigned> out(64);
    known<<<1, 1>>>(out);
    CHECK_LAUNCH();
    std::vector<unsigned> have = out.host();
    same("zeros", std::vector<unsigned>(have.begin(), have.begin() + 4), {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
    same("ones", std::vector<unsigned>(have.begin() + 4, have.begin() + 8),
         {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
    same("digits of pi", std::vector<unsigned>(have.begin() + 8, have.begin() + 12),
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});

    singles<<<1, 4>>>(out);
    CHECK_LAUNCH();
    std::vector<unsigned> one_by_one = out.host();
    CHECK(cudaMemset(out, 0, 64 * sizeof(unsigned)));
    fours<<<1, 4>>>(out);
    CHECK_LAUNCH();
    have = out.host();
    for (int i = 0; i < 64; i++)
        if (have[i] == 0)
            have[i] = one_by_one[i];
    same("fours from an odd place", have, one_by_one);

    offsets<<<1, 7>>>(out);
    CHECK_LAUNCH();
    have = out.host();
    std::vector<unsigned> got, want;
    for (int i = 0; i < 7; i++) {
        got.push_back(have[i]), want.push_back(one_by_one[i]);
        got.push_back(have[16 + i]), want.push_back(one_by_one[2 * i + 1]);
    }
    same("offsets", got, want);

    subsequences<<<1, 1>>>(out);
    CHECK_LAUNCH();
    have = out.host();
    same<unsigned>("subsequences", {have[1], have[2]}, {have[0], have[0]});

    Array<float> differences(4);
    uniforms<<<1, 1>>>(differences);
    CHECK_LAUNCH();
    same("uniform", differences.host(), {0, 0, 0, 0});
    return 0;
}
