// SPDX-License-Identifier: Apache-2.0
// curand_kernel.h's MRG32k3a: the first numbers and the starts of the streams that L'Ecuyer's package RngStreams prints
// for its default seed, which is our seed 0; skipping against stepping.
// EXPECT: first numbers: ok
// EXPECT: second and third stream: ok
// EXPECT: substreams make a stream: ok
// EXPECT: skipping is stepping: ok
// EXPECT: other seeds: ok
// NVCC: skip NVIDIA does not document its seeding
#include "check.h"
#include <curand_kernel.h>

typedef curandStateMRG32k3a_t State;

__global__ void first(double *out) {
    State s;
    curand_init(0, 0, 0, &s);
    for (int i = 0; i < 5; i++)
        out[i] = curand_uniform_double(&s);
}
__global__ void streams(unsigned *out) {
    State s;
    curand_init(0, 0, 0, &s);
    for (int stream = 0; stream < 2; stream++) {
        skipahead_sequence(1, &s);
        for (int i = 0; i < 3; i++)
            *out++ = s.s1[i];
        for (int i = 0; i < 3; i++)
            *out++ = s.s2[i];
    }
}
__global__ void substreams(unsigned *out) {
    State a, b, c;
    curand_init(77, 0, 3, &a);
    skipahead_sequence(1, &a);
    curand_init(77, 1ull << 51, 3, &b);
    curand_init(77, 0, 3, &c);
    skipahead_subsequence(1ull << 51, &c);
    out[0] = curand(&a);
    out[1] = curand(&b);
    out[2] = curand(&c);
}
__global__ void skips(unsigned *out) {
    int n = threadIdx.x * threadIdx.x * 17;
    State a, b;
    curand_init(5, 1, 0, &a);
    curand_init(5, 1, n, &b);
    for (int i = 0; i < n; i++)
        curand(&a);
    out[2 * threadIdx.x] = curand(&a);
    out[2 * threadIdx.x + 1] = curand(&b);
}
__global__ void seeds(unsigned *out) {
    State s;
    curand_init(threadIdx.x, 0, 0, &s);
    out[threadIdx.x] = curand(&s);
}

int main() {
    Array<double> numbers(5);
    first<<<1, 1>>>(numbers);
    CHECK_LAUNCH();
    std::vector<double> have = numbers.host();
    const double want[3] = {0.127011122046577, 0.318527565396794, 0.309186015583271};
    int wrong = 0;
    for (int i = 0; i < 3; i++)
        if (!(have[i] - want[i] < 1e-9 && want[i] - have[i] < 1e-9))
            std::printf("%d: %.15f, should be %.15f\n", i, have[i], want[i]), wrong++;
    std::printf("first numbers: %s\n", wrong ? "wrong" : "ok");

    Array<unsigned> out(64);
    auto taken = [&](size_t count) {
        std::vector<unsigned> all = out.host();
        return std::vector<unsigned>(all.begin(), all.begin() + count);
    };
    streams<<<1, 1>>>(out);
    CHECK_LAUNCH();
    same("second and third stream", taken(12),
         {3692455944u, 1366884236u, 2968912127u, 335948734u, 4161675175u, 475798818u, 1015873554u, 1310354410u,
          2249465273u, 994084013u, 2912484720u, 3876682925u});

    substreams<<<1, 1>>>(out);
    CHECK_LAUNCH();
    std::vector<unsigned> v = taken(3);
    same<unsigned>("substreams make a stream", {v[1], v[2]}, {v[0], v[0]});

    skips<<<1, 16>>>(out);
    CHECK_LAUNCH();
    v = taken(32);
    std::vector<unsigned> stepped, skipped;
    for (int i = 0; i < 16; i++)
        stepped.push_back(v[2 * i]), skipped.push_back(v[2 * i + 1]);
    same("skipping is stepping", skipped, stepped);

    seeds<<<1, 64>>>(out);
    CHECK_LAUNCH();
    v = taken(64);
    int equal = 0;
    for (int i = 0; i < 64; i++)
        for (int j = 0; j < i; j++)
            equal += v[i] == v[j];
    std::printf("other seeds: %s\n", equal ? "not all different" : "ok");
    return 0;
}
