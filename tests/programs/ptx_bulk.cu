// SPDX-License-Identifier: Apache-2.0
// What sm_90 has for copies in bulk, in a cluster of one block: cp.async.bulk with mbarriers that count bytes, reductions in bulk, st.async and
// red.async (PTX ISA 9.7.9.25.4, 9.7.9.12, 9.7.13.7); bar.red of some of the block's threads (9.7.13.1), stacksave and alloca (9.7.17),
// and hints: griddepcontrol, setmaxnreg, pmevent, createpolicy, applypriority; elect, istypep, %nsmid.
// NVCC: skip its reductions in bulk end in an error on an H200, whose cause is not known; the copies before them are right
// EXPECT: bulk copy: ok
// EXPECT: bulk reduction: ok
// EXPECT: asynchronous stores: ok
// EXPECT: bar.red of some threads: ok
// EXPECT: alloca: ok
// EXPECT: hints: ok
#include <cstdio>
#include <vector>

#include "check.h"
#include "check_driver.h"

static const char text[] = R"(
.version 8.6
.target sm_90a
.address_size 64

// 256 words come by one copy, are turned round by all threads, and go back by another.
.visible .entry copy(.param .u64 out, .param .u64 in)
{
    .reg .b32 %r<16>; .reg .b64 %rd<16>; .reg .pred %p<4>;
    .shared .align 16 .b8 from[1024];
    .shared .align 16 .b8 to[1024];
    .shared .align 8 .b64 bar;
    ld.param.u64 %rd1, [out];
    ld.param.u64 %rd2, [in];
    mov.u32 %r1, %tid.x;
    setp.ne.u32 %p1, %r1, 0;
    mov.u32 %r2, bar;
    mov.u32 %r3, from;
    mov.u32 %r4, to;
    @%p1 bra ready;
    mbarrier.init.shared::cta.b64 [%r2], 256;
    fence.mbarrier_init.release.cluster;
ready:
    bar.sync 0;
    @%p1 bra arrive;
    cp.async.bulk.prefetch.L2.global [%rd2], 1024;
    mbarrier.arrive.expect_tx.release.cta.shared::cta.b64 _, [%r2], 1024;
    cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes [%r3], [%rd2], 1008, [%r2];
    add.s32 %r5, %r3, 1008;
    add.s64 %rd3, %rd2, 1008;
    cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes.multicast::cluster [%r5], [%rd3], 16, [%r2], 1;
    bra wait;
arrive:
    mbarrier.arrive.shared::cta.b64 %rd4, [%r2];
wait:
    mbarrier.try_wait.parity.shared::cta.b64 %p2, [%r2], 0;
    @!%p2 bra wait;
    shl.b32 %r6, %r1, 2;
    add.s32 %r7, %r3, %r6;
    ld.shared.u32 %r8, [%r7];
    sub.s32 %r9, 1020, %r6;
    add.s32 %r9, %r4, %r9;
    st.shared.u32 [%r9], %r8;
    fence.proxy.async.shared::cta;
    bar.sync 0;
    @%p1 bra done;
    cp.async.bulk.global.shared::cta.bulk_group [%rd1], [%r4], 1024;
    cp.async.bulk.commit_group;
    cp.async.bulk.wait_group.read 0;
done:
    ret;
}

// Every block adds its 64 words to the grid's, takes the greatest float, and in shared memory the bits.
.visible .entry reduce(.param .u64 out, .param .u64 in)
{
    .reg .b32 %r<16>; .reg .b64 %rd<8>; .reg .f32 %f<4>; .reg .pred %p<4>;
    .shared .align 16 .b8 words[256];
    .shared .align 16 .b8 floats[256];
    .shared .align 16 .b8 bits[256];
    .shared .align 8 .b64 bar;
    ld.param.u64 %rd1, [out];
    mov.u32 %r1, %tid.x;
    mov.u32 %r2, %ctaid.x;
    shl.b32 %r3, %r1, 2;
    mov.u32 %r4, words;
    add.s32 %r5, %r4, %r3;
    add.s32 %r6, %r1, %r2;
    st.shared.u32 [%r5], %r6;
    cvt.rn.f32.u32 %f1, %r6;
    mov.u32 %r7, floats;
    add.s32 %r8, %r7, %r3;
    st.shared.f32 [%r8], %f1;
    mov.u32 %r9, bits;
    add.s32 %r10, %r9, %r3;
    st.shared.u32 [%r10], 3;
    setp.ne.u32 %p1, %r1, 0;
    mov.u32 %r11, bar;
    @!%p1 mbarrier.init.shared.b64 [%r11], 1;
    fence.mbarrier_init.release.cluster;
    fence.proxy.async.shared::cta;
    bar.sync 0;
    @%p1 bra wait;
    cp.reduce.async.bulk.global.shared::cta.bulk_group.add.u32 [%rd1], [%r4], 256;
    add.s64 %rd2, %rd1, 256;
    cp.reduce.async.bulk.global.shared::cta.bulk_group.max.s32 [%rd2], [%r7], 256;
    add.s64 %rd3, %rd1, 512;
    cp.reduce.async.bulk.global.shared::cta.bulk_group.add.f32 [%rd3], [%r7], 256;
    cp.async.bulk.commit_group;
    cp.async.bulk.wait_group 0;
    mbarrier.expect_tx.relaxed.cta.shared::cta.b64 [%r11], 256;
    cp.reduce.async.bulk.shared::cluster.shared::cta.mbarrier::complete_tx::bytes.xor.b32 [%r9], [%r4], 256, [%r11];
    mbarrier.arrive.shared.b64 %rd4, [%r11];
wait:
    mbarrier.try_wait.parity.shared::cta.b64 %p2, [%r11], 0;
    @!%p2 bra wait;
    setp.ne.u32 %p3, %r2, 3;
    @%p3 bra done;
    ld.shared.u32 %r12, [%r10];
    mul.wide.u32 %rd5, %r1, 4;
    add.s64 %rd5, %rd1, %rd5;
    st.global.u32 [%rd5+768], %r12;
done:
    ret;
}

// Thread t stores into place 63 - t of the block's memory, and all add to one word; the barrier knows when all of it has come.
.visible .entry stores(.param .u64 out, .param .u64 in)
{
    .reg .b32 %r<16>; .reg .b64 %rd<8>; .reg .pred %p<4>;
    .shared .align 16 .b8 place[528];
    .shared .align 8 .b64 bar;
    ld.param.u64 %rd1, [out];
    mov.u32 %r1, %tid.x;
    mov.u32 %r2, bar;
    mov.u32 %r3, place;
    setp.ne.u32 %p1, %r1, 0;
    @%p1 bra ready;
    st.shared.u32 [%r3+512], 0;
    mbarrier.init.shared.b64 [%r2], 1;
    mbarrier.arrive.expect_tx.shared.b64 %rd2, [%r2], 768;
    fence.mbarrier_init.release.cluster;
ready:
    bar.sync 0;
    shl.b32 %r4, %r1, 3;
    sub.s32 %r5, 504, %r4;
    add.s32 %r5, %r3, %r5;
    add.s32 %r6, %r1, 1000;
    st.async.shared::cluster.mbarrier::complete_tx::bytes.v2.u32 [%r5], {%r1, %r6}, [%r2];
    add.s32 %r7, %r3, 512;
    red.async.relaxed.cluster.shared::cluster.mbarrier::complete_tx::bytes.add.u32 [%r7], %r1, [%r2];
wait:
    mbarrier.test_wait.parity.shared.b64 %p2, [%r2], 0;
    @!%p2 bra wait;
    add.s32 %r8, %r3, %r4;
    ld.shared.v2.u32 {%r9, %r10}, [%r8];
    ld.shared.u32 %r11, [%r7];
    add.s32 %r9, %r9, %r10;
    add.s32 %r9, %r9, %r11;
    mul.wide.u32 %rd3, %r1, 4;
    add.s64 %rd3, %rd1, %rd3;
    st.global.u32 [%rd3], %r9;
    ret;
}

// Two warps meet at barrier 3, one at barrier 4, the fourth nowhere; twice, so that the next round finds the barrier free.
.visible .entry votes(.param .u64 out, .param .u64 in)
{
    .reg .b32 %r<24>; .reg .b64 %rd<8>; .reg .pred %p<8>;
    ld.param.u64 %rd1, [out];
    mov.u32 %r1, %tid.x;
    shr.u32 %r2, %r1, 5;
    mov.u32 %r20, 0;
    mov.u32 %r21, 0;
again:
    add.s32 %r3, %r1, %r20;
    rem.u32 %r3, %r3, 3;
    setp.eq.u32 %p1, %r3, 0;
    setp.eq.u32 %p2, %r2, 3;
    @%p2 bra join;
    setp.eq.u32 %p3, %r2, 2;
    @%p3 bra third;
    barrier.cta.red.popc.u32 %r4, 3, 64, %p1;
    bar.red.or.pred %p4, 3, 64, %p1;
    bar.red.and.pred %p5, 3, 64, !%p1;
    selp.u32 %r5, 100, 0, %p4;
    selp.u32 %r6, 1000, 0, %p5;
    add.s32 %r4, %r4, %r5;
    add.s32 %r4, %r4, %r6;
    bra join2;
third:
    mov.u32 %r7, 4;
    setp.lt.u32 %p6, %r1, 96;
    bar.red.and.pred %p5, %r7, 32, %p6;
    selp.u32 %r4, 7, 0, %p5;
    bra join2;
join:
    mov.u32 %r4, 5;
join2:
    mad.lo.s32 %r21, %r21, 10000, %r4;
    add.s32 %r20, %r20, 1;
    setp.lt.u32 %p7, %r20, 2;
    @%p7 bra again;
    mul.wide.u32 %rd2, %r1, 4;
    add.s64 %rd2, %rd1, %rd2;
    st.global.u32 [%rd2], %r21;
    ret;
}

// A frame of t + 1 words, summed up, twice in the same place.
.visible .entry frames(.param .u64 out, .param .u64 in)
{
    .reg .b32 %r<16>; .reg .b64 %rd<16>; .reg .pred %p<4>;
    ld.param.u64 %rd1, [out];
    mov.u32 %r1, %tid.x;
    mov.u32 %r8, 0;
    mov.u32 %r9, 0;
once:
    stacksave.u64 %rd2;
    add.s32 %r2, %r1, 1;
    mul.wide.u32 %rd3, %r2, 4;
    alloca.u64 %rd4, %rd3, 16;
    mov.u32 %r3, 0;
    mov.u64 %rd5, %rd4;
fill:
    st.local.u32 [%rd5], %r3;
    add.s64 %rd5, %rd5, 4;
    add.s32 %r3, %r3, 1;
    setp.le.u32 %p1, %r3, %r1;
    @%p1 bra fill;
sum:
    sub.s32 %r3, %r3, 1;
    mul.wide.u32 %rd6, %r3, 4;
    add.s64 %rd7, %rd4, %rd6;
    ld.local.u32 %r4, [%rd7];
    add.s32 %r8, %r8, %r4;
    setp.ne.u32 %p2, %r3, 0;
    @%p2 bra sum;
    and.b64 %rd8, %rd4, 15;
    cvt.u32.u64 %r5, %rd8;
    mad.lo.s32 %r8, %r5, 1000, %r8;
    stackrestore.u64 %rd2;
    add.s32 %r9, %r9, 1;
    setp.lt.u32 %p3, %r9, 2;
    @%p3 bra once;
    mul.wide.u32 %rd9, %r1, 4;
    add.s64 %rd9, %rd1, %rd9;
    st.global.u32 [%rd9], %r8;
    ret;
}

// What changes no value; and one thread of the warp is elected.
.visible .entry hints(.param .u64 out, .param .u64 in) .maxntid 32, 1, 1
{
    .reg .b32 %r<16>; .reg .b64 %rd<16>; .reg .pred %p<4>;
    ld.param.u64 %rd1, [out];
    ld.param.u64 %rd2, [in];
    griddepcontrol.wait;
    setmaxnreg.inc.sync.aligned.u32 64;
    pmevent 3;
    pmevent.mask 5;
    mov.u32 %r1, %tid.x;
    createpolicy.fractional.L2::evict_last.b64 %rd3, 1.0;
    mul.wide.u32 %rd4, %r1, 4;
    add.s64 %rd5, %rd2, %rd4;
    add.s64 %rd6, %rd1, %rd4;
    prefetch.global.L2 [%rd5];
    applypriority.global.L2::evict_normal [%rd2], 128;
    ld.global.L2::cache_hint.u32 %r2, [%rd5], %rd3;
    elect.sync %r3|%p1, 0xffffffff;
    selp.u32 %r4, 1, 0, %p1;
    istypep.texref %p2, %rd2;
    selp.u32 %r5, 100, 0, %p2;
    add.s32 %r4, %r4, %r5;
    mov.u32 %r6, %nsmid;
    setp.eq.u32 %p3, %r6, 0;
    selp.u32 %r7, 1000, 0, %p3;
    add.s32 %r4, %r4, %r7;
    st.global.u32 [%rd6], %r4;
    fence.proxy.async::generic.acquire.sync_restrict::shared::cluster.cluster;
    griddepcontrol.launch_dependents;
    ret;
}
)";

static CUmodule module;

static std::vector<int> run(const char *name, unsigned blocks, unsigned threads, const std::vector<int> &in) {
    std::vector<int> host(1024);
    CUfunction function;
    CUdeviceptr out, from;
    DRIVER(cuModuleGetFunction(&function, module, name));
    DRIVER(cuMemAlloc(&out, 4096));
    DRIVER(cuMemAlloc(&from, in.size() * 4));
    DRIVER(cuMemsetD32(out, 0, 1024));
    DRIVER(cuMemcpyHtoD(from, in.data(), in.size() * 4));
    void *arguments[] = {&out, &from};
    DRIVER(cuLaunchKernel(function, blocks, 1, 1, threads, 1, 1, 0, nullptr, arguments, nullptr));
    DRIVER(cuMemcpyDtoH(host.data(), out, 4096));
    return host;
}

template <class Want> static void compare(const char *name, const std::vector<int> &out, int count, Want want) {
    int wrong = 0;
    for (int i = 0; i < count; i++)
        if (out[i] != want(i) && wrong++ < 3) std::printf("%s: %d is %d, not %d\n", name, i, out[i], want(i));
    std::printf("%s: %s\n", name, wrong ? "wrong" : "ok");
}

int main() {
    driver_start();
    static char log[8192];
    CUjit_option options[] = {CU_JIT_ERROR_LOG_BUFFER, CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES};
    void *values[] = {log, (void *)sizeof log};
    if (cuModuleLoadDataEx(&module, text, 2, options, values) != CUDA_SUCCESS) {
        std::printf("%s\n", log);
        return 1;
    }
    std::vector<int> numbers(256);
    for (int i = 0; i < 256; i++) numbers[i] = i * 7;
    compare("bulk copy", run("copy", 1, 256, numbers), 256, [](int i) { return (255 - i) * 7; });
    compare("bulk reduction", run("reduce", 4, 64, numbers), 256, [](int i) {
        int t = i % 64;
        float most = (float)(t + 3), sum = (float)(4 * t + 6);
        return i < 64 ? 4 * t + 6 : i < 128 ? __builtin_bit_cast(int, most) : i < 192 ? __builtin_bit_cast(int, sum) : (t + 3) ^ 3;
    });
    compare("asynchronous stores", run("stores", 1, 64, numbers), 64, [](int i) { return 2 * (63 - i) + 1000 + 64 * 63 / 2; });
    compare("bar.red of some threads", run("votes", 1, 128, numbers), 128, [](int i) {
        int first = 100, second = 100; /* 22 of 64 threads have a number that 3 divides; one on, 21 */
        for (int t = 0; t < 64; t++) first += t % 3 == 0, second += (t + 1) % 3 == 0;
        return i < 64 ? first * 10000 + second : i < 96 ? 7 * 10000 + 7 : 5 * 10000 + 5;
    });
    compare("alloca", run("frames", 1, 64, numbers), 64, [](int i) { return i * (i + 1); });
    compare("hints", run("hints", 1, 32, numbers), 32, [](int i) { return i == 0; });
    return 0;
}
