// SPDX-License-Identifier: Apache-2.0
// What is wrong in an asm() statement is told at its line, all of it at once.
// EXPECT-COMPILE-ERROR: refuse_inline_ptx\.cu:%LINE(misspelt).*frobnicate
// EXPECT-COMPILE-ERROR: refuse_inline_ptx\.cu:%LINE(undeclared).*'%nowhere'
// EXPECT-COMPILE-ERROR: refuse_inline_ptx\.cu:%LINE(register).*%gridid
#include <cstdio>

__global__ void kernel(unsigned *out) {
    unsigned r, s;
    asm volatile("frobnicate.u32 %0, 1;" : "=r"(r));           // misspelt
    asm volatile("add.u32 %0, %%nowhere, 1;" : "=r"(s));       // undeclared
    asm volatile("mov.u32 %0, %%gridid;" : "=r"(r));           // register
    out[threadIdx.x] = r + s;
}

int main() {
    unsigned *out;
    cudaMalloc(&out, 128);
    kernel<<<1, 32>>>(out);
    std::printf("must not run\n");
    return 0;
}
