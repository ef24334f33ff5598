// SPDX-License-Identifier: Apache-2.0
// NVCC: -lcuda
// NVCC: before 13 cuCtxCreate has other parameters
// Sums of 32 bits in PTX, in addresses and elsewhere: negative parts, unsigned ones that wrap, loops, selections, and values beyond 2^31.
// EXPECT: signed: ok
// EXPECT: unsigned: ok
// EXPECT: loop: ok
// EXPECT: ways that differ: ok
// EXPECT: wrapped value: ok
#include <cstdio>
#include <vector>

#include "check.h"
#include "check_driver.h"

static const char text[] = R"(
.version 8.0
.target sm_80
.address_size 64
// out[n - 7 + tid] = tid, by a signed index
.visible .entry signed_index(.param .u64 data, .param .u32 count)
{
    .reg .b32 %r<8>; .reg .b64 %rd<8>;
    ld.param.u64 %rd1, [data]; ld.param.u32 %r1, [count];
    mov.u32 %r2, %tid.x;
    add.s32 %r3, %r1, -7;
    add.s32 %r4, %r3, %r2;
    mul.wide.s32 %rd2, %r4, 4;
    cvta.to.global.u64 %rd3, %rd1;
    add.s64 %rd4, %rd3, %rd2;
    st.global.u32 [%rd4], %r2;
    ret;
}
// i = tid - 7, unsigned; out[i] = tid where i is below n
.visible .entry unsigned_index(.param .u64 data, .param .u32 count)
{
    .reg .b32 %r<8>; .reg .b64 %rd<8>; .reg .pred %p;
    ld.param.u64 %rd1, [data]; ld.param.u32 %r1, [count];
    mov.u32 %r2, %tid.x;
    add.s32 %r4, %r2, -7;
    setp.ge.u32 %p, %r4, %r1;
    @%p bra DONE;
    mul.wide.u32 %rd2, %r4, 4;
    add.s64 %rd4, %rd1, %rd2;
    st.global.u32 [%rd4], %r2;
DONE:
    ret;
}
// for (i = n - n + tid; i < 4 * 64; i += 64) out[i] += i
.visible .entry loop_index(.param .u64 data, .param .u32 count)
{
    .reg .b32 %r<8>; .reg .b64 %rd<8>; .reg .pred %p;
    ld.param.u64 %rd1, [data]; ld.param.u32 %r1, [count];
    sub.s32 %r1, %r1, %r1;
    mov.u32 %r2, %tid.x;
    add.s32 %r4, %r1, %r2;
MORE:
    mul.wide.s32 %rd2, %r4, 4;
    add.s64 %rd4, %rd1, %rd2;
    ld.global.u32 %r5, [%rd4];
    add.s32 %r5, %r5, %r4;
    st.global.u32 [%rd4], %r5;
    add.s32 %r4, %r4, 64;
    setp.lt.s32 %p, %r4, 256;
    @%p bra MORE;
    ret;
}
// one way adds tid, the other 2 * tid
.visible .entry ways(.param .u64 data, .param .u32 count)
{
    .reg .b32 %r<8>; .reg .b64 %rd<8>; .reg .pred %p;
    ld.param.u64 %rd1, [data]; ld.param.u32 %r1, [count];
    mov.u32 %r2, %tid.x;
    add.s32 %r4, %r1, %r2;
    setp.lt.u32 %p, %r2, 32;
    @%p bra JOIN;
    shl.b32 %r6, %r2, 1;
    add.s32 %r4, %r1, %r6;
JOIN:
    mul.wide.s32 %rd2, %r4, 4;
    add.s64 %rd4, %rd1, %rd2;
    st.global.u32 [%rd4], %r2;
    ret;
}
// out[tid] = (long long)(int)(0x7ffffff0 + tid) in two halves
.visible .entry wrapped(.param .u64 data, .param .u32 count)
{
    .reg .b32 %r<8>; .reg .b64 %rd<8>;
    ld.param.u64 %rd1, [data]; ld.param.u32 %r1, [count];
    mov.u32 %r2, %tid.x;
    add.s32 %r4, %r1, %r2;
    cvt.s64.s32 %rd2, %r4;
    mul.wide.u32 %rd3, %r2, 8;
    add.s64 %rd4, %rd1, %rd3;
    st.global.u64 [%rd4], %rd2;
    ret;
}
)";

static CUmodule module;
static CUdeviceptr data;

static std::vector<int> run(const char *name, int count, int offset) {
    std::vector<int> host(512, -1);
    CUfunction function;
    CUdeviceptr place = data + offset * 4;
    DRIVER(cuModuleGetFunction(&function, module, name));
    DRIVER(cuMemcpyHtoD(data, host.data(), 2048));
    void *arguments[] = {&place, &count};
    DRIVER(cuLaunchKernel(function, 1, 1, 1, 64, 1, 1, 0, nullptr, arguments, nullptr));
    DRIVER(cuCtxSynchronize());
    DRIVER(cuMemcpyDtoH(host.data(), data, 2048));
    return host;
}

int main() {
    driver_start();
    DRIVER(cuMemAlloc(&data, 2048));
    DRIVER(cuModuleLoadData(&module, text));

    std::vector<int> want(512, -1);
    for (int i = 0; i < 64; i++)
        want[10 + 2 - 7 + i] = i;
    same("signed", run("signed_index", 2, 10), want);
    want.assign(512, -1);
    for (int i = 7; i < 64; i++)
        want[i - 7] = i;
    same("unsigned", run("unsigned_index", 100, 0), want);
    want.assign(512, -1);
    for (int i = 0; i < 256; i++)
        want[i] += i;
    same("loop", run("loop_index", 12345, 0), want);
    want.assign(512, -1);
    for (int i = 0; i < 64; i++)
        want[100 - 60 + (i < 32 ? i : 2 * i)] = i;
    same("ways that differ", run("ways", -60, 100), want);
    want.assign(512, -1);
    for (int i = 0; i < 64; i++) {
        long long value = static_cast<int>(0x7ffffff0u + static_cast<unsigned>(i));
        want[2 * i] = static_cast<int>(value);
        want[2 * i + 1] = static_cast<int>(value >> 32);
    }
    same("wrapped value", run("wrapped", 0x7ffffff0, 0), want);
    return 0;
}
