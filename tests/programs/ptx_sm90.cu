// SPDX-License-Identifier: Apache-2.0
// NVCC: skip needs a device of compute capability 9.0
// PTX of sm_90 in clusters of one block; floats of 8 bits in products.
// EXPECT: cluster of one block: ok
// EXPECT: floats of 8 bits: ok
#include <cstdio>
#include <vector>

#include "check.h"
#include "check_driver.h"

static const char text[] = R"(
.version 8.4
.target sm_90
.address_size 64
// Each thread leaves its number in the cluster's shared memory and takes its neighbour's.
.visible .entry neighbours(.param .u64 out) .reqnctapercluster 1, 1, 1
{
    .reg .b32 %r<16>; .reg .b64 %rd<8>; .reg .pred %p;
    .shared .align 4 .b8 place[256];
    ld.param.u64 %rd1, [out];
    mov.u32 %r1, %tid.x;
    mov.u32 %r2, %cluster_ctarank;
    mov.u32 %r3, place;
    mapa.shared::cluster.u32 %r4, %r3, %r2;
    shl.b32 %r5, %r1, 2;
    add.s32 %r6, %r4, %r5;
    st.shared::cluster.u32 [%r6], %r1;
    barrier.cluster.arrive.release.aligned;
    barrier.cluster.wait.acquire.aligned;
    xor.b32 %r7, %r5, 252;
    cvt.u64.u32 %rd2, %r3;
    cvta.shared.u64 %rd3, %rd2;
    mapa.u64 %rd4, %rd3, 0;
    cvt.u64.u32 %rd5, %r7;
    add.s64 %rd4, %rd4, %rd5;
    ld.u32 %r8, [%rd4];
    mov.u32 %r9, %cluster_nctarank;
    getctarank.u64 %r10, %rd4;
    mov.u32 %r11, %clusterid.x;
    mov.u32 %r12, %nclusterid.x;
    mad.lo.s32 %r8, %r9, 1000, %r8;
    mad.lo.s32 %r8, %r10, 5, %r8;
    mad.lo.s32 %r8, %r12, 10000, %r8;
    shl.b32 %r13, %r11, 6;
    add.s32 %r13, %r13, %r1;
    mul.wide.u32 %rd6, %r13, 4;
    add.s64 %rd7, %rd1, %rd6;
    st.global.u32 [%rd7], %r8;
    ret;
}
// Rows of A are all 2 (e4m3), columns of B all -3 (e5m2), the sum begins with 1: 32 * -6 + 1.
.visible .entry bytes(.param .u64 out)
{
    .reg .b32 %r<16>; .reg .b64 %rd<8>; .reg .f32 %f<8>;
    ld.param.u64 %rd1, [out];
    mov.u32 %r1, %tid.x;
    mov.b32 %r2, 0x40404040;
    mov.b32 %r3, 0xc2c2c2c2;
    mov.f32 %f1, 0f3f800000;
    mma.sync.aligned.m16n8k32.row.col.f32.e4m3.e5m2.f32 {%f2, %f3, %f4, %f5}, {%r2, %r2, %r2, %r2}, {%r3, %r3}, {%f1, %f1, %f1, %f1};
    add.f32 %f2, %f2, %f3;
    add.f32 %f4, %f4, %f5;
    add.f32 %f2, %f2, %f4;
    cvt.rzi.s32.f32 %r4, %f2;
    mul.wide.u32 %rd2, %r1, 4;
    add.s64 %rd3, %rd1, %rd2;
    st.global.u32 [%rd3], %r4;
    ret;
}
)";

static std::vector<int> run(CUmodule module, const char *name, unsigned blocks, unsigned threads) {
    std::vector<int> host(blocks * threads);
    CUfunction function;
    CUdeviceptr out;
    DRIVER(cuModuleGetFunction(&function, module, name));
    DRIVER(cuMemAlloc(&out, host.size() * 4));
    void *arguments[] = {&out};
    DRIVER(cuLaunchKernel(function, blocks, 1, 1, threads, 1, 1, 0, nullptr, arguments, nullptr));
    DRIVER(cuCtxSynchronize());
    DRIVER(cuMemcpyDtoH(host.data(), out, host.size() * 4));
    DRIVER(cuMemFree(out));
    return host;
}

int main() {
    CUmodule module;
    driver_start();
    DRIVER(cuModuleLoadData(&module, text));
    std::vector<int> want;
    for (int i = 0; i < 128; i++)
        want.push_back(20000 + 1000 + 63 - i % 64);
    same("cluster of one block", run(module, "neighbours", 2, 64), want);
    same("floats of 8 bits", run(module, "bytes", 1, 32), std::vector<int>(32, 4 * (32 * -6 + 1)));
    return 0;
}
