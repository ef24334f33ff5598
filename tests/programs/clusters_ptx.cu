// SPDX-License-Identifier: Apache-2.0
// Thread block clusters in PTX (ISA 9.7.9.23, .24, 9.7.13.3, 10.10 to .15, 11.7.1 to .3): special registers, addresses of other blocks'
// shared memory in both forms, handed from block to block; loads, stores and atomics there; barriers in shared memory at which other blocks
// arrive; copies in bulk to another block and to several; asynchronous stores; and what launches by the driver API may say.
// EXPECT: registers: ok
// EXPECT: addresses: ok
// EXPECT: multicast: ok
// EXPECT: remote arrivals: ok
// EXPECT: asynchronous stores: ok
// EXPECT: must be said: CUDA_ERROR_INVALID_CLUSTER_SIZE
// EXPECT: at most two: CUDA_ERROR_INVALID_CLUSTER_SIZE
// EXPECT: attributes 1 0, 0 4
// EXPECT: occupancy 1
// EXPECT: inline: ok
// NVCC: skip not seen on hardware
#include <cstdio>
#include <vector>

#include "check.h"
#include "check_driver.h"

static const char text[] = R"(
.version 8.6
.target sm_90
.address_size 64

// out[thread of the grid] = what the registers say, packed.
.visible .entry registers(.param .u64 out) .explicitcluster
{
    .reg .b32 %r<24>; .reg .b64 %rd<4>; .reg .pred %p<2>;
    ld.param.u64 %rd1, [out];
    mov.u32 %r1, %clusterid.x;
    mov.u32 %r2, %nclusterid.x;
    mov.u32 %r3, %cluster_ctaid.x;
    mov.u32 %r4, %cluster_nctaid.x;
    mov.u32 %r5, %cluster_ctarank;
    mov.u32 %r6, %cluster_nctarank;
    mov.u32 %r7, %clusterid.y;
    mov.u32 %r8, %cluster_ctaid.y;
    mov.pred %p1, %is_explicit_cluster;
    selp.u32 %r9, 1, 0, %p1;
    mad.lo.u32 %r10, %r1, 10, %r2;
    mad.lo.u32 %r10, %r10, 10, %r3;
    mad.lo.u32 %r10, %r10, 10, %r4;
    mad.lo.u32 %r10, %r10, 10, %r5;
    mad.lo.u32 %r10, %r10, 10, %r6;
    mad.lo.u32 %r10, %r10, 10, %r7;
    mad.lo.u32 %r10, %r10, 10, %r8;
    mad.lo.u32 %r10, %r10, 10, %r9;
    mov.u32 %r11, %ctaid.y;
    mov.u32 %r12, %nctaid.x;
    mov.u32 %r13, %ctaid.x;
    mad.lo.u32 %r11, %r11, %r12, %r13;
    mul.wide.u32 %rd2, %r11, 4;
    add.u64 %rd1, %rd1, %rd2;
    st.global.u32 [%rd1], %r10;
    ret;
}

// Block 0 of the cluster writes the address of its memory, as all blocks understand it, into the others' memory; they use it.
.visible .entry addresses(.param .u64 out) .reqnctapercluster 4, 1, 1
{
    .reg .b32 %r<24>; .reg .b64 %rd<16>; .reg .pred %p<6>;
    .shared .align 8 .b32 place;
    .shared .align 8 .b32 sum;
    ld.param.u64 %rd1, [out];
    mov.u32 %r1, %tid.x;
    mov.u32 %r2, %cluster_ctarank;
    mov.u32 %r3, sum;
    st.shared::cta.u32 [%r3], 0;
    barrier.cluster.arrive.release;
    barrier.cluster.wait.acquire;
    setp.ne.u32 %p1, %r2, 0;
    setp.gt.u32 %p2, %r1, 3;
    or.pred %p1, %p1, %p2;
    @%p1 bra told;
    mapa.shared::cluster.u32 %r4, %r3, 0;
    mapa.shared::cluster.u32 %r5, place, %r1;
    st.shared::cluster.u32 [%r5], %r4;
told:
    barrier.cluster.arrive.release.aligned;
    barrier.cluster.wait.acquire.aligned;
    ld.shared.u32 %r6, [place];
    add.u32 %r7, %r1, 1;
    atom.shared::cluster.add.u32 %r8, [%r6], %r7;
    getctarank.shared::cluster.u32 %r9, %r6;
    cvt.u64.u32 %rd3, %r6;
    cvta.shared::cluster.u64 %rd2, %rd3;
    getctarank.u64 %r10, %rd2;
    isspacep.shared::cluster %p3, %rd2;
    isspacep.shared::cta %p4, %rd2;
    isspacep.global %p5, %rd2;
    selp.u32 %r11, 1, 0, %p3;
    selp.u32 %r12, 1, 0, %p4;
    selp.u32 %r13, 1, 0, %p5;
    setp.eq.u32 %p1, %r2, 0;
    selp.u32 %r14, 1, 0, %p1;
    xor.b32 %r12, %r12, %r14;
    xor.b32 %r11, %r11, 1;
    or.b32 %r11, %r11, %r12;
    or.b32 %r11, %r11, %r13;
    or.b32 %r11, %r11, %r9;
    or.b32 %r11, %r11, %r10;
    barrier.cluster.arrive.relaxed;
    barrier.cluster.wait;
    // The generic form: the next block's place; then back to a shared address.
    mov.u64 %rd4, sum;
    cvta.shared.u64 %rd4, %rd4;
    mov.u32 %r15, 0;
    mapa.u64 %rd5, %rd4, %r15;
    ld.u32 %r16, [%rd5];
    cvta.to.shared::cluster.u64 %rd6, %rd5;
    ld.shared::cluster.u32 %r17, [%rd6];
    sub.u32 %r17, %r17, %r16;
    or.b32 %r11, %r11, %r17;
    mad.lo.u32 %r16, %r11, 100000, %r16;
    mov.u32 %r18, %ctaid.x;
    mov.u32 %r19, %ntid.x;
    mad.lo.u32 %r18, %r18, %r19, %r1;
    mul.wide.u32 %rd7, %r18, 4;
    add.u64 %rd1, %rd1, %rd7;
    st.global.u32 [%rd1], %r16;
    barrier.cluster.arrive;
    barrier.cluster.wait;
    ret;
}

// Block 2 sends 64 words to blocks 0, 1 and 3; block 1 sends its own on to block 2.
.visible .entry multicast(.param .u64 out, .param .u64 in) .reqnctapercluster 4, 1, 1
{
    .reg .b32 %r<24>; .reg .b64 %rd<16>; .reg .pred %p<6>; .reg .b16 %h<2>;
    .shared .align 128 .b8 words[256];
    .shared .align 8 .b64 bar;
    ld.param.u64 %rd1, [out];
    ld.param.u64 %rd2, [in];
    mov.u32 %r1, %tid.x;
    mov.u32 %r2, %cluster_ctarank;
    mov.u32 %r3, words;
    mov.u32 %r4, bar;
    setp.ne.u32 %p1, %r1, 0;
    @%p1 bra ready;
    mbarrier.init.shared::cta.b64 [%r4], 1;
    fence.mbarrier_init.release.cluster;
    mbarrier.arrive.expect_tx.shared::cta.b64 %rd3, [%r4], 256;
ready:
    barrier.cluster.arrive.release;
    barrier.cluster.wait.acquire;
    setp.ne.u32 %p2, %r2, 2;
    or.pred %p3, %p1, %p2;
    mov.u16 %h1, 11;
    @%p3 bra wait;
    cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes.multicast::cluster [%r3], [%rd2], 256, [%r4], %h1;
wait:
    mbarrier.try_wait.parity.shared::cta.b64 %p4, [%r4], 0;
    @!%p4 bra wait;
    setp.ne.u32 %p2, %r2, 1;
    or.pred %p3, %p1, %p2;
    @%p3 bra sent;
    mapa.shared::cluster.u32 %r5, %r3, 2;
    mapa.shared::cluster.u32 %r6, %r4, 2;
    cp.async.bulk.shared::cluster.shared::cta.mbarrier::complete_tx::bytes [%r5], [%r3], 256, [%r6];
sent:
    shl.b32 %r7, %r1, 2;
    add.u32 %r7, %r3, %r7;
    ld.shared.u32 %r8, [%r7];
    mov.u32 %r9, %ctaid.x;
    mad.lo.u32 %r9, %r9, 64, %r1;
    mul.wide.u32 %rd4, %r9, 4;
    add.u64 %rd1, %rd1, %rd4;
    st.global.u32 [%rd1], %r8;
    barrier.cluster.arrive;
    barrier.cluster.wait;
    ret;
}

// Every thread of every block arrives at block 0's barrier; block 0 waits there, then all read what each wrote before it arrived.
.visible .entry arrivals(.param .u64 out)
{
    .reg .b32 %r<24>; .reg .b64 %rd<16>; .reg .pred %p<6>;
    .shared .align 4 .b8 words[512];
    .shared .align 8 .b64 bar;
    ld.param.u64 %rd1, [out];
    mov.u32 %r1, %tid.x;
    mov.u32 %r2, %cluster_ctarank;
    mov.u32 %r3, %cluster_nctarank;
    mov.u32 %r4, bar;
    mov.u32 %r5, %ntid.x;
    mul.lo.u32 %r6, %r5, %r3;
    or.b32 %r7, %r1, %r2;
    setp.ne.u32 %p1, %r7, 0;
    @%p1 bra ready;
    mbarrier.init.shared::cta.b64 [%r4], %r6;
ready:
    barrier.cluster.arrive;
    barrier.cluster.wait;
    mad.lo.u32 %r8, %r2, %r5, %r1;
    shl.b32 %r9, %r8, 2;
    mov.u32 %r10, words;
    add.u32 %r10, %r10, %r9;
    mapa.shared::cluster.u32 %r11, %r10, 0;
    mad.lo.u32 %r12, %r8, 3, 1;
    st.relaxed.cluster.shared::cluster.u32 [%r11], %r12;
    mapa.shared::cluster.u32 %r13, %r4, 0;
    mbarrier.arrive.release.cluster.shared::cluster.b64 _, [%r13];
    setp.ne.u32 %p2, %r2, 0;
    @%p2 bra done;
wait:
    mbarrier.try_wait.parity.acquire.cluster.shared::cta.b64 %p3, [%r4], 0;
    @!%p3 bra wait;
    mov.u32 %r14, 0;
    mov.u32 %r15, 0;
    mov.u32 %r16, words;
sum:
    ld.shared.u32 %r17, [%r16];
    add.u32 %r14, %r14, %r17;
    add.u32 %r16, %r16, 4;
    add.u32 %r15, %r15, 1;
    setp.lt.u32 %p4, %r15, %r6;
    @%p4 bra sum;
    mov.u32 %r18, %clusterid.x;
    mad.lo.u32 %r18, %r18, %r5, %r1;
    mul.wide.u32 %rd4, %r18, 4;
    add.u64 %rd1, %rd1, %rd4;
    st.global.u32 [%rd1], %r14;
done:
    barrier.cluster.arrive;
    barrier.cluster.wait;
    ret;
}

// Each block stores into the next one's memory, whose barrier counts the bytes.
.visible .entry stores(.param .u64 out) .reqnctapercluster 3 .maxclusterrank 3
{
    .reg .b32 %r<24>; .reg .b64 %rd<16>; .reg .pred %p<6>;
    .shared .align 8 .b8 words[512];
    .shared .align 8 .b32 total;
    .shared .align 8 .b64 bar;
    ld.param.u64 %rd1, [out];
    mov.u32 %r1, %tid.x;
    mov.u32 %r2, %cluster_ctarank;
    mov.u32 %r3, bar;
    mov.u32 %r4, total;
    setp.ne.u32 %p1, %r1, 0;
    @%p1 bra ready;
    st.shared.u32 [%r4], 0;
    mbarrier.init.shared::cta.b64 [%r3], 1;
    mbarrier.arrive.expect_tx.shared::cta.b64 %rd2, [%r3], 384; // of 32 threads 8 bytes and 4
ready:
    barrier.cluster.arrive;
    barrier.cluster.wait;
    add.u32 %r5, %r2, 1;
    rem.u32 %r5, %r5, 3;
    shl.b32 %r6, %r1, 3;
    mov.u32 %r7, words;
    add.u32 %r7, %r7, %r6;
    mapa.shared::cluster.u32 %r8, %r7, %r5;
    mapa.shared::cluster.u32 %r9, %r3, %r5;
    mapa.shared::cluster.u32 %r10, %r4, %r5;
    mad.lo.u32 %r11, %r2, 100, %r1;
    add.u32 %r12, %r11, 1000;
    st.async.shared::cluster.mbarrier::complete_tx::bytes.v2.u32 [%r8], {%r11, %r12}, [%r9];
    red.async.relaxed.cluster.shared::cluster.mbarrier::complete_tx::bytes.add.u32 [%r10], %r1, [%r9];
wait:
    mbarrier.try_wait.parity.shared::cta.b64 %p2, [%r3], 0;
    @!%p2 bra wait;
    ld.shared.v2.u32 {%r13, %r14}, [%r7];
    ld.shared.u32 %r15, [%r4];
    add.u32 %r13, %r13, %r14;
    mad.lo.u32 %r13, %r13, 1000, %r15;
    mov.u32 %r16, %ctaid.x;
    mad.lo.u32 %r16, %r16, 32, %r1;
    mul.wide.u32 %rd4, %r16, 4;
    add.u64 %rd1, %rd1, %rd4;
    st.global.u32 [%rd1], %r13;
    barrier.cluster.arrive;
    barrier.cluster.wait;
    ret;
}

.visible .entry few() .maxclusterrank 2
{
    ret;
}
)";

static CUlaunchAttribute attribute(unsigned x, unsigned y) {
    CUlaunchAttribute made = {};
    made.id = CU_LAUNCH_ATTRIBUTE_CLUSTER_DIMENSION;
    made.value.clusterDim.x = x;
    made.value.clusterDim.y = y;
    made.value.clusterDim.z = 1;
    return made;
}

static CUmodule module;

static CUfunction find(const char *name) {
    CUfunction function;
    DRIVER(cuModuleGetFunction(&function, module, name));
    return function;
}

static CUresult launch(CUfunction function, dim3 grid, unsigned threads, void **params, unsigned x = 0, unsigned y = 1) {
    CUlaunchAttribute said = attribute(x, y);
    CUlaunchConfig config = {grid.x, grid.y, 1, threads, 1, 1, 0, nullptr, &said, x ? 1u : 0u};
    return cuLaunchKernelEx(&config, function, params, nullptr);
}

static std::vector<unsigned> run(const char *name, dim3 grid, unsigned threads, size_t count, unsigned x = 0, unsigned y = 1, void *in = nullptr) {
    Array<unsigned> out(count);
    void *params[] = {&out.data, &in};
    DRIVER(launch(find(name), grid, threads, params, x, y));
    CHECK(cudaDeviceSynchronize());
    return out.host();
}

static void judge(const char *what, const std::vector<unsigned> &got, const std::vector<unsigned> &want) {
    for (size_t i = 0; i < want.size(); i++) {
        if (got[i] != want[i]) {
            std::printf("%s: [%zu] is %u, not %u\n", what, i, got[i], want[i]);
            return;
        }
    }
    std::printf("%s: ok\n", what);
}

static void show(const char *what, CUresult result) {
    const char *name = "?";
    cuGetErrorName(result, &name);
    std::printf("%s: %s\n", what, name);
}

__global__ void __cluster_dims__(2, 1, 1) inline_assembly(unsigned *out) {
    __shared__ unsigned cell;
    unsigned rank, other, size, value;
    asm("mov.u32 %0, %%cluster_ctarank;" : "=r"(rank));
    asm("mov.u32 %0, %%cluster_nctarank;" : "=r"(size));
    if (threadIdx.x == 0) cell = rank + 7;
    asm volatile("barrier.cluster.arrive.aligned;\n\tbarrier.cluster.wait.aligned;" ::: "memory");
    unsigned own = (unsigned)__cvta_generic_to_shared(&cell);
    asm("mapa.shared::cluster.u32 %0, %1, %2;" : "=r"(other) : "r"(own), "r"(rank ^ 1));
    asm volatile("ld.shared::cluster.u32 %0, [%1];" : "=r"(value) : "r"(other) : "memory");
    asm volatile("fence.acq_rel.cluster;" ::: "memory");
    asm volatile("barrier.cluster.arrive.aligned;\n\tbarrier.cluster.wait.aligned;" ::: "memory");
    out[blockIdx.x * blockDim.x + threadIdx.x] = value * 10 + size;
}

int main() {
    driver_start();
    DRIVER(cuModuleLoadData(&module, text));

    std::vector<unsigned> want;
    for (unsigned y = 0; y < 4; y++)
        for (unsigned x = 0; x < 6; x++) {
            unsigned digits[] = {x / 3, 2, x % 3, 3, y % 2 * 3 + x % 3, 6, y / 2, y % 2, 1}, number = 0;
            for (unsigned digit : digits) number = number * 10 + digit;
            want.push_back(number);
        }
    judge("registers", run("registers", dim3(6, 4), 1, 24, 3, 2), want);
    judge("addresses", run("addresses", 8, 50, 400), std::vector<unsigned>(400, 4 * 50 * 51 / 2));

    std::vector<unsigned> words(64);
    for (unsigned i = 0; i < 64; i++) words[i] = i * i + 3;
    Array<unsigned> in(words);
    want.clear();
    for (unsigned i = 0; i < 8 * 64; i++) want.push_back(words[i % 64]);
    judge("multicast", run("multicast", 8, 64, 8 * 64, 0, 1, in.data), want);
    judge("remote arrivals", run("arrivals", 12, 20, 60, 4), std::vector<unsigned>(60, 80 + 3 * 80 * 79 / 2));
    want.clear();
    for (unsigned b = 0; b < 6; b++)
        for (unsigned t = 0; t < 32; t++) want.push_back((2 * ((b + 2) % 3 * 100 + t) + 1000) * 1000 + 31 * 32 / 2);
    judge("asynchronous stores", run("stores", 6, 32, 192), want);

    void *none[] = {&in.data};
    show("must be said", launch(find("registers"), 8, 1, none));
    show("at most two", launch(find("few"), 8, 32, nullptr, 4));
    int must[2], width[2];
    DRIVER(cuFuncGetAttribute(&must[0], CU_FUNC_ATTRIBUTE_CLUSTER_SIZE_MUST_BE_SET, find("registers")));
    DRIVER(cuFuncGetAttribute(&width[0], CU_FUNC_ATTRIBUTE_REQUIRED_CLUSTER_WIDTH, find("registers")));
    DRIVER(cuFuncGetAttribute(&must[1], CU_FUNC_ATTRIBUTE_CLUSTER_SIZE_MUST_BE_SET, find("addresses")));
    DRIVER(cuFuncGetAttribute(&width[1], CU_FUNC_ATTRIBUTE_REQUIRED_CLUSTER_WIDTH, find("addresses")));
    std::printf("attributes %d %d, %d %d\n", must[0], width[0], must[1], width[1]);
    int clusters = 0;
    CUlaunchAttribute said = attribute(2, 1);
    CUlaunchConfig config = {8, 1, 1, 32, 1, 1, 0, nullptr, &said, 1};
    DRIVER(cuOccupancyMaxActiveClusters(&clusters, find("few"), &config));
    std::printf("occupancy %d\n", clusters > 0);

    Array<unsigned> out(128);
    inline_assembly<<<4, 32>>>(out.data);
    CHECK_LAUNCH();
    want.clear();
    for (unsigned i = 0; i < 128; i++) want.push_back(((i / 32 % 2 ^ 1) + 7) * 10 + 2);
    judge("inline", out.host(), want);
    return 0;
}
