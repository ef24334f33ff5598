// SPDX-License-Identifier: Apache-2.0
// curand_kernel.h's MTGP32 by blocks of several sizes and shapes against the recursion, one number after the other, on the
// host. Those parameter sets are made up: the recursion does not depend on their being good ones. The published sets against
// what the program of the generator's authors (MTGP 1.2, mtgp32-fast.c) prints for them.
// EXPECT: published sets: ok
// EXPECT: whole blocks: ok
// EXPECT: small blocks: ok
// EXPECT: part of a block: ok
// EXPECT: single: ok
// EXPECT: distributions: ok
// NVCC: skip NVIDIA does not document its seeding
#include "check.h"
#include <curand_mtgp32_host.h>
#include <curand_mtgp32dc_p_11213.h>

static mtgp32_params_fast_t sets[CURAND_NUM_MTGP32_PARAMS];

/* Tables are linear over bits, as the generator's are: entry i is the sum of the basis entries at i's bits. */
static void make_sets() {
    Random random(11213);
    for (mtgp32_params_fast_t &set : sets) {
        set.mexp = 11213;
        set.pos = 3 + random.below(93); // a whole block of 256 reads what was there before it writes: pos + 255 < 351
        set.sh1 = 1 + random.below(20);
        set.sh2 = 1 + random.below(20);
        set.mask = 0xfff80000u;
        for (int i = 1; i < 16; i++) {
            int low = i & -i;
            set.tbl[i] = i == low ? random.next() << 8 ^ random.next() : set.tbl[i - low] ^ set.tbl[low];
            set.tmp_tbl[i] = i == low ? random.next() << 8 ^ random.next() : set.tmp_tbl[i - low] ^ set.tmp_tbl[low];
        }
        for (int i = 0; i < 16; i++)
            set.flt_tmp_tbl[i] = set.tmp_tbl[i] >> 9 | 0x3f800000u;
    }
}

struct Serial {
    unsigned s[351];
    int at = 0;
    const mtgp32_params_fast_t &p;
    Serial(int set, unsigned long long seed) : p(sets[set]) {
        __cw_mtgp32_seed(s, &p, (unsigned)(seed ^ (seed >> 32)) + (unsigned)set);
    }
    /* The next number, and the index into the tables of tempering. */
    unsigned next(unsigned &index) {
        unsigned x = (s[at] & p.mask) ^ s[(at + 1) % 351];
        x ^= x << p.sh1;
        unsigned y = x ^ (s[(at + p.pos) % 351] >> p.sh2), t = s[(at + p.pos - 1) % 351];
        s[at] = y ^ p.tbl[y & 15];
        t ^= t >> 16;
        t ^= t >> 8;
        index = t & 15;
        unsigned result = s[at];
        at = (at + 1) % 351;
        return result;
    }
    unsigned word() {
        unsigned index, raw = next(index);
        return raw ^ p.tmp_tbl[index];
    }
};

__global__ void words(curandStateMtgp32_t *states, unsigned *out, int rounds) {
    unsigned size = blockDim.x * blockDim.y, rank = threadIdx.x + blockDim.x * threadIdx.y;
    for (int i = 0; i < rounds; i++)
        out[(blockIdx.x * rounds + i) * size + rank] = curand(&states[blockIdx.x]);
}
__global__ void part(curandStateMtgp32_t *states, unsigned *out, float *single) {
    for (int i = 0; i < 4; i++) {
        unsigned x = curand_mtgp32_specific(states, (unsigned char)(threadIdx.x % 50), 50);
        if (threadIdx.x < 50)
            out[i * 50 + threadIdx.x] = x;
    }
    for (int i = 0; i < 4; i++)
        single[i * blockDim.x + threadIdx.x] = curand_mtgp32_single(states);
}
__global__ void distributions(curandStateMtgp32_t *states, double *out) {
    int i = blockIdx.x * blockDim.x + threadIdx.x, all = gridDim.x * blockDim.x;
    out[i] = curand_uniform(&states[blockIdx.x]);
    out[all + i] = curand_uniform_double(&states[blockIdx.x]);
    out[2 * all + i] = curand_normal(&states[blockIdx.x]);
    out[3 * all + i] = curand_poisson(&states[blockIdx.x], 9.0);
}

/* The authors' numbers for sets 0, 1, 77 and 199 with the seed 1234 plus the set's index: the first, and a sum over 1000. */
static void published() {
    static const unsigned sets[4] = {0, 1, 77, 199}, first[4] = {3718281237u, 352200294u, 3730590717u, 3888992074u},
                          sums[4] = {1242039196u, 399930978u, 1395227828u, 806829634u};
    Array<mtgp32_kernel_params_t> params(1);
    Array<curandStateMtgp32_t> states(200);
    Array<unsigned> out(200 * 1000);
    bool right = sizeof mtgp32dc_params_fast_11213 / sizeof mtgp32dc_params_fast_11213[0] == 200 &&
                 curandMakeMTGP32Constants(mtgp32dc_params_fast_11213, params) == CURAND_STATUS_SUCCESS &&
                 curandMakeMTGP32KernelState(states, mtgp32dc_params_fast_11213, params, 200, 1234) == CURAND_STATUS_SUCCESS;
    words<<<200, 250>>>(states, out, 4);
    CHECK_LAUNCH();
    std::vector<unsigned> v = out.host();
    for (int k = 0; k < 4; k++) {
        unsigned sum = 0;
        for (int i = 0; i < 1000; i++)
            sum = sum * 31 + v[sets[k] * 1000 + i];
        right = right && v[sets[k] * 1000] == first[k] && sum == sums[k];
    }
    std::printf("published sets: %s\n", right ? "ok" : "wrong");
}

int main() {
    published();
    make_sets();
    const int blocks = 8, rounds = 12;
    const unsigned long long seed = 0x123456789abcull;
    Array<mtgp32_kernel_params_t> params(1);
    Array<curandStateMtgp32_t> states(200);
    if (curandMakeMTGP32Constants(sets, params) != CURAND_STATUS_SUCCESS ||
        curandMakeMTGP32KernelState(states, sets, params, 201, seed) != CURAND_STATUS_OUT_OF_RANGE)
        std::printf("constants: wrong\n");
    auto restart = [&] {
        if (curandMakeMTGP32KernelState(states, sets, params, 200, seed) != CURAND_STATUS_SUCCESS)
            std::printf("states: wrong\n");
    };
    auto test = [&](const char *name, dim3 block) {
        restart();
        int size = (int)(block.x * block.y);
        Array<unsigned> out(blocks * rounds * size);
        words<<<blocks, block>>>(states, out, rounds);
        CHECK_LAUNCH();
        std::vector<unsigned> want;
        for (int b = 0; b < blocks; b++) {
            Serial serial(b, seed);
            for (int i = 0; i < rounds * size; i++)
                want.push_back(serial.word());
        }
        same(name, out.host(), want);
    };
    test("whole blocks", dim3(256));
    test("small blocks", dim3(8, 5));

    restart();
    Array<unsigned> out(200);
    Array<float> single(4 * 50);
    part<<<1, 50>>>(states, out, single);
    CHECK_LAUNCH();
    Serial serial(0, seed);
    std::vector<unsigned> want;
    for (int i = 0; i < 200; i++)
        want.push_back(serial.word());
    same("part of a block", out.host(), want);
    std::vector<float> floats;
    for (int i = 0; i < 200; i++) {
        unsigned index, raw = serial.next(index), bits = raw >> 9 ^ sets[0].flt_tmp_tbl[index];
        float value;
        memcpy(&value, &bits, sizeof value);
        floats.push_back(value - 1.0f);
    }
    same("single", single.host(), floats);

    restart();
    const int all = 16 * 256;
    Array<double> numbers(4 * all);
    distributions<<<16, 256>>>(states, numbers);
    CHECK_LAUNCH();
    std::vector<double> v = numbers.host();
    double mean[4] = {};
    for (int kind = 0; kind < 4; kind++)
        for (int i = 0; i < all; i++)
            mean[kind] += v[kind * all + i] / all;
    bool right = mean[0] > 0.48 && mean[0] < 0.52 && mean[1] > 0.48 && mean[1] < 0.52 && mean[2] > -0.08 && mean[2] < 0.08 &&
                 mean[3] > 8.75 && mean[3] < 9.25;
    if (!right)
        std::printf("means %g %g %g %g\n", mean[0], mean[1], mean[2], mean[3]);
    std::printf("distributions: %s\n", right ? "ok" : "wrong");
    return 0;
}
