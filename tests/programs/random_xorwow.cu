// SPDX-License-Identifier: Apache-2.0
// curand_kernel.h's XORWOW against the paper's own lines (Marsaglia 2003, section 3) from the paper's own state, which is
// our seed 0; skipping against stepping; sequences 2^67 numbers apart.
// EXPECT: the paper's: ok
// EXPECT: skipping is stepping: ok
// EXPECT: sequences: ok
// EXPECT: threads differ: ok
// EXPECT: states are copied: ok
// NVCC: skip NVIDIA does not document its seeding
#include "check.h"
#include <curand_kernel.h>

static unsigned x = 123456789, y = 362436069, z = 521288629, w = 88675123, v = 5783321, d = 6615241;
static unsigned paper() {
    unsigned t = (x ^ (x >> 2));
    x = y, y = z, z = w, w = v;
    v = (v ^ (v << 4)) ^ (t ^ (t << 1));
    return (d += 362437) + v;
}

__global__ void numbers(unsigned *out, int count) {
    curandState s;
    curand_init(0, 0, 0, &s);
    for (int i = 0; i < count; i++)
        out[i] = curand(&s);
}
__global__ void skips(unsigned *out) {
    unsigned n = threadIdx.x * threadIdx.x * 13;
    curandState a, b, c;
    curand_init(5, 1, 0, &a);
    c = a;
    curand_init(5, 1, n, &b);
    skipahead(n, &c);
    for (unsigned i = 0; i < n; i++)
        curand(&a);
    out[3 * threadIdx.x] = curand(&a);
    out[3 * threadIdx.x + 1] = curand(&b);
    out[3 * threadIdx.x + 2] = curand(&c);
}
__global__ void sequences(unsigned *out) {
    curandState a, b;
    curand_init(42, 3, 9, &a);
    curand_init(42, 0, 9, &b);
    for (int i = 0; i < 3 * 16; i++)
        skipahead(1ull << 63, &b);
    out[0] = curand(&a);
    out[1] = curand(&b);
}
__global__ void init(curandState *states, unsigned *out) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    curand_init(2026, i, 0, &states[i]);
    out[i] = curand(&states[i]);
}
__global__ void more(curandState *states, unsigned *out) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    curandState s = states[i];
    out[i] = curand(&s);
    states[i] = s;
}
__global__ void again(unsigned *out) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    curandState s;
    curand_init(2026, i, 1, &s);
    out[i] = curand(&s);
}

int main() {
    Array<unsigned> out(1000), other(1000);
    numbers<<<1, 1>>>(out, 1000);
    CHECK_LAUNCH();
    std::vector<unsigned> want;
    for (int i = 0; i < 1000; i++)
        want.push_back(paper());
    same("the paper's", out.host(), want);

    skips<<<1, 16>>>(out);
    CHECK_LAUNCH();
    std::vector<unsigned> have = out.host(), stepped, skipped;
    for (int i = 0; i < 16; i++) {
        stepped.insert(stepped.end(), 2, have[3 * i]);
        skipped.insert(skipped.end(), {have[3 * i + 1], have[3 * i + 2]});
    }
    same("skipping is stepping", skipped, stepped);

    sequences<<<1, 1>>>(out);
    CHECK_LAUNCH();
    have = out.host();
    same("sequences", {have[1]}, std::vector<unsigned>{have[0]});

    Array<curandState> states(1000);
    init<<<10, 100>>>(states, out);
    CHECK_LAUNCH();
    have = out.host();
    int equal = 0;
    for (int i = 0; i < 1000; i++)
        for (int j = 0; j < i; j++)
            equal += have[i] == have[j];
    std::printf("threads differ: %s\n", equal ? "no" : "ok");
    more<<<10, 100>>>(states, out);
    again<<<10, 100>>>(other);
    CHECK_LAUNCH();
    same("states are copied", out.host(), other.host());
    return 0;
}
