// SPDX-License-Identifier: Apache-2.0
// asm() statements of device code: constraints and modifiers, several statements, scopes, labels, predicates, memory, shared
// addresses of 32 bits, collectives, special registers.
// EXPECT: constraints: ok
// EXPECT: both ways: ok
// EXPECT: statements: ok
// EXPECT: loop: ok
// EXPECT: memory: ok
// EXPECT: shared: ok
// EXPECT: collectives: ok
// EXPECT: special registers: ok
// EXPECT: pointers: ok
// EXPECT: empty: ok
// EXPECT: exit: ok
#include <cuda_fp16.h>

#include "check.h"

static __device__ int fault;
#define WANT(condition)                                                                                                \
    if (!(condition)) atomicExch(&fault, __LINE__)

__global__ void constraints(unsigned x, unsigned long long y, float f, double d, unsigned short h) {
    unsigned r;
    asm("add.u32 %0, %1, %2;" : "=r"(r) : "r"(x), "n"(-3));
    WANT(r == x - 3);
    asm("mad.lo.s32 %0, %1, %1, 7;" : "=r"(r) : "r"(x));
    WANT(r == x * x + 7);
    unsigned long long l;
    asm("mul.wide.u32 %0, %1, %1;" : "=l"(l) : "r"(x));
    WANT(l == (unsigned long long)x * x);
    asm("{ .reg .b64 t; shl.b64 t, %1, %2; xor.b64 %0, t, %1; }" : "=l"(l) : "l"(y), "r"(5));
    WANT(l == ((y << 5) ^ y));
    float g;
    asm("fma.rz.f32 %0, %1, %1, 0f3F800000;" : "=f"(g) : "f"(f));
    WANT(g == __fmaf_rz(f, f, 1.0f));
    double e;
    asm("add.rm.f64 %0, %1, %2;" : "=d"(e) : "d"(d), "d"(0.1));
    WANT(e == __dadd_rd(d, 0.1));
    unsigned short s;
    asm("mul.lo.u16 %0, %1, 3;" : "=h"(s) : "h"(h));
    WANT(s == (unsigned short)(h * 3));
    short2 pair = {1, -2};
    unsigned packed;
    asm("mov.b32 %0, {%1, %2};" : "=r"(packed) : "h"(pair.x), "h"(pair.y));
    WANT(packed == 0xfffe0001u);
    __half2 a = __floats2half2_rn(1.5f, -2.0f), sum;
    asm("add.f16x2 %0, %1, %1;" : "=r"(*(unsigned *)&sum) : "r"(*(unsigned *)&a));
    WANT(__low2float(sum) == 3.0f && __high2float(sum) == -4.0f);
}

__global__ void both_ways(unsigned x) {
    unsigned r = x, low = 0xffffffff, high = 5;
    asm("add.u32 %0, %0, 1;" : "+r"(r));
    asm("add.cc.u32 %0, %0, %2;\n\taddc.u32 %1, %1, 0;" : "+r"(low), "+r"(high) : "r"(x));
    WANT(r == x + 1 && low == x - 1 && high == 6);
    unsigned quotient, rest;
    asm("div.u32 %0, %2, %3;\n\trem.u32 %1, %2, %3;" : "=&r"(quotient), "=r"(rest) : "r"(x * 17 + 3), "r"(17));
    WANT(quotient == x && rest == 3);
}

__device__ unsigned select_positive(int x) {
    unsigned r;
    asm("{\n\t.reg .pred p;\n\tsetp.gt.s32 p, %1, 0;\n\tmov.u32 %0, 20;\n\t@p mov.u32 %0, 10;\n\t@!p add.u32 %0, %0, 1;\n\t}" : "=r"(r) : "r"(x));
    return r;
}

__global__ void statements(int x) {
    WANT(select_positive(x) == 10 && select_positive(-x) == 21);
    unsigned r;
    asm("{ .reg .u32 t; { .reg .u32 t; mov.u32 t, 7; mov.u32 %0, t; } mov.u32 t, %0; // a remark\n add.u32 %0, t, 1; /* another */ }" : "=r"(r));
    WANT(r == 8);
    bool less;
    int word;
    asm("{ .reg .pred p, q; setp.lt.and.s32 p|q, %1, 100, 1; selp.s32 %0, 1, 0, p; }" : "=r"(word) : "r"(x));
    less = word;
    WANT(less == (x < 100));
}

/* The label's name would be there twice without %=. */
__device__ unsigned triangle(unsigned n) {
    unsigned sum;
    asm volatile("{ .reg .pred p; .reg .u32 i;\n\tmov.u32 %0, 0;\n\tmov.u32 i, %1;\n"
                 "again%=:\n\tadd.u32 %0, %0, i;\n\tsub.u32 i, i, 1;\n\tsetp.ne.u32 p, i, 0;\n\t@p bra again%=;\n\t}"
                 : "=r"(sum)
                 : "r"(n));
    return sum;
}

__global__ void loop(unsigned n) { WANT(triangle(n + threadIdx.x) + triangle(3) == (n + threadIdx.x) * (n + threadIdx.x + 1) / 2 + 6); }

struct alignas(16) Four {
    float x, y, z, w;
};

__global__ void memory(Four *data, unsigned *counters) {
    Four v;
    asm volatile("ld.global.v4.f32 {%0, %1, %2, %3}, [%4];" : "=f"(v.x), "=f"(v.y), "=f"(v.z), "=f"(v.w) : "l"(data + threadIdx.x) : "memory");
    asm volatile("st.global.cs.v2.f32 [%0+8], {%1, %2};" ::"l"(data + threadIdx.x), "f"(v.x + v.z), "f"(v.y * v.w) : "memory");
    float first;
    asm("ld.global.nc.L1::no_allocate.f32 %0, [%1];" : "=f"(first) : "l"(data + threadIdx.x));
    WANT(first == data[threadIdx.x].x);
    unsigned old;
    asm volatile("atom.add.release.gpu.global.u32 %0, [%1], %2;" : "=r"(old) : "l"(counters), "r"(2) : "memory");
    asm volatile("red.global.max.u32 [%0], %1;" ::"l"(counters + 1), "r"(threadIdx.x) : "memory");
    asm volatile("fence.acq_rel.gpu;" ::: "memory");
    asm volatile("ld.acquire.gpu.u32 %0, [%1];" : "=r"(old) : "l"(counters) : "memory");
    WANT(old >= 2 && old % 2 == 0);
    asm volatile("prefetch.global.L2 [%0];" ::"l"(data));
}

__global__ void shared() {
    __shared__ unsigned table[64];
    extern __shared__ unsigned dynamic[];
    unsigned at = (unsigned)__cvta_generic_to_shared(&table[threadIdx.x]), end = (unsigned)__cvta_generic_to_shared(&dynamic[threadIdx.x]);
    asm volatile("st.shared.u32 [%0], %1;" ::"r"(at), "r"(threadIdx.x * 3) : "memory");
    asm volatile("st.shared.u32 [%0+4], %1;" ::"r"(end), "r"(threadIdx.x * 5) : "memory");
    asm volatile("bar.sync 0;" ::: "memory");
    unsigned other, behind;
    asm volatile("ld.shared.u32 %0, [%1];" : "=r"(other) : "r"((unsigned)__cvta_generic_to_shared(&table[63 - threadIdx.x])) : "memory");
    WANT(other == (63 - threadIdx.x) * 3 && table[threadIdx.x] == threadIdx.x * 3 && dynamic[threadIdx.x + 1] == threadIdx.x * 5);
    unsigned long long address;
    asm("{ .reg .u64 t; cvta.to.shared.u64 t, %1; cvta.shared.u64 %0, t; }" : "=l"(address) : "l"(&table[7]));
    WANT(address == (unsigned long long)&table[7]);
    int is_shared;
    asm("{ .reg .pred p; isspacep.shared p, %1; selp.u32 %0, 1, 0, p; }" : "=r"(is_shared) : "l"(&table[7]));
    __syncthreads();
    asm volatile("atom.shared.add.u32 %0, [%1], 1;" : "=r"(behind) : "r"((unsigned)__cvta_generic_to_shared(&table[0])) : "memory");
    WANT(is_shared == 1 && behind < 64);
    asm volatile("{ .reg .b64 state; .reg .pred p; mbarrier.init.shared.b64 [%0], %1;}" ::"r"((unsigned)__cvta_generic_to_shared(&dynamic[80 + 2 * threadIdx.x])), "r"(1));
}

__global__ void collectives() {
    unsigned lane = threadIdx.x, value, valid, mask;
    asm volatile("{ .reg .pred p; shfl.sync.up.b32 %0|p, %2, 2, 0, 0xffffffff; selp.u32 %1, 1, 0, p; }" : "=r"(value), "=r"(valid) : "r"(lane * 10));
    WANT(value == (lane < 2 ? lane * 10 : (lane - 2) * 10) && valid == (lane >= 2));
    asm volatile("shfl.sync.bfly.b32 %0, %1, 8, 0x1f, 0xffffffff;" : "=r"(value) : "r"(lane));
    WANT(value == (lane ^ 8));
    asm volatile("shfl.sync.idx.b32 %0, %1, %2, 0x181f, -1;" : "=r"(value) : "r"(lane), "r"(3));
    WANT(value == (lane & ~7u) + 3);
    asm volatile("{ .reg .pred p; setp.lt.u32 p, %1, 5; vote.sync.ballot.b32 %0, p, 0xffffffff; }" : "=r"(mask) : "r"(lane));
    WANT(mask == 31);
    asm volatile("match.any.sync.b32 %0, %1, 0xffffffff;" : "=r"(mask) : "r"(lane & 1));
    WANT(mask == (lane & 1 ? 0xaaaaaaaau : 0x55555555u));
    asm volatile("redux.sync.add.u32 %0, %1, 0xffffffff;" : "=r"(value) : "r"(lane));
    WANT(value == 496);
    asm volatile("{ .reg .pred p; elect.sync %0|p, 0xffffffff; selp.u32 %1, 1, 0, p; }" : "=r"(value), "=r"(valid));
    WANT(value == 0 && valid == (lane == 0));
}

__global__ void special_registers() {
    unsigned x, y, lane, below, warps;
    asm("mov.u32 %0, %%tid.x;" : "=r"(x));
    asm("{ .reg .u32 b, n; mov.u32 b, %%ctaid.x; mov.u32 n, %%ntid.x; mad.lo.u32 %0, b, n, %1; }" : "=r"(y) : "r"(x));
    asm volatile("mov.u32 %0, %%laneid;" : "=r"(lane));
    asm("mov.u32 %0, %%lanemask_lt;" : "=r"(below));
    asm("mov.u32 %0, %%nwarpid;" : "=r"(warps));
    WANT(x == threadIdx.x && y == blockIdx.x * blockDim.x + x && lane == x % 32 && below == (1u << lane) - 1 && warps == 2);
    unsigned long long before, after;
    asm volatile("mov.u64 %0, %%globaltimer;" : "=l"(before));
    asm volatile("nanosleep.u32 %0;" ::"r"(100));
    asm volatile("mov.u64 %0, %%globaltimer;" : "=l"(after));
    WANT(after >= before);
}

/* A pointer that comes from memory, one that goes into it. */
__global__ void pointers(int **list, int count) {
    int sum = 0, *next;
    asm volatile("{ .reg .b64 p, i; .reg .b32 v; ld.global.u64 p, [%1]; ld.s32 v, [p+4]; mov.b32 %0, v; }" : "=r"(sum) : "l"(list));
    asm("{ add.s64 %0, %1, %2; }" : "=l"(next) : "l"(list[0]), "l"((long long)count * 4));
    WANT(sum == 11 && *next == 12);
}

__global__ void empty(int x) {
    int y = x;
    asm volatile("" : "+r"(y));
    asm volatile("" ::: "memory");
    asm volatile("// only a remark" ::"r"(y));
    WANT(y == x);
}

__device__ void leave_if(bool leaves) {
    if (leaves) asm volatile("exit;");
}
__device__ int leave_at(int x) {
    leave_if(x > 20);
    return x * 2;
}
__global__ void ends(int *out) {
    int doubled = leave_at((int)threadIdx.x);
    __syncthreads();
    out[threadIdx.x] = doubled;
}

static void say(const char *what) {
    int value = 0;
    CHECK(cudaDeviceSynchronize());
    CHECK(cudaMemcpyFromSymbol(&value, fault, sizeof value));
    if (value) std::printf("%s: wrong at line %d\n", what, value);
    else std::printf("%s: ok\n", what);
    value = 0;
    CHECK(cudaMemcpyToSymbol(fault, &value, sizeof value));
}

int main() {
    constraints<<<1, 32>>>(1234567, 0x123456789abcdefull, 1.1f, 2.2, 40000);
    say("constraints");
    both_ways<<<1, 40>>>(77);
    say("both ways");
    statements<<<2, 33>>>(5);
    say("statements");
    loop<<<1, 64>>>(4);
    say("loop");
    Four *data;
    unsigned *counters;
    CHECK(cudaMallocManaged(&data, 64 * sizeof *data));
    CHECK(cudaMallocManaged(&counters, 8));
    for (int i = 0; i < 64; i++) data[i] = {(float)i, 2, 3, 4};
    counters[0] = counters[1] = 0;
    memory<<<1, 64>>>(data, counters);
    CHECK(cudaDeviceSynchronize());
    bool fine = counters[0] == 128 && counters[1] == 63;
    for (int i = 0; i < 64; i++) fine = fine && data[i].x == i && data[i].z == i + 3 && data[i].w == 8;
    if (fine) say("memory");
    shared<<<1, 64, 2048>>>();
    say("shared");
    collectives<<<1, 32>>>();
    say("collectives");
    special_registers<<<3, 64>>>();
    say("special registers");
    int **list, *numbers;
    CHECK(cudaMallocManaged(&list, sizeof *list));
    CHECK(cudaMallocManaged(&numbers, 16));
    numbers[0] = 10, numbers[1] = 11, numbers[2] = 12;
    *list = numbers;
    pointers<<<1, 4>>>(list, 2);
    say("pointers");
    empty<<<1, 1>>>(3);
    say("empty");
    int *results;
    CHECK(cudaMallocManaged(&results, 128));
    CHECK(cudaMemset(results, 0xff, 128));
    ends<<<1, 32>>>(results);
    CHECK(cudaDeviceSynchronize());
    for (int i = 0; i < 32; i++) fine = fine && results[i] == (i > 20 ? -1 : 2 * i);
    if (fine) say("exit");
    return 0;
}
