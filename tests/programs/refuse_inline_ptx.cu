// SPDX-License-Identifier: Apache-2.0
// Inline PTX is refused by name and line until there is a PTX front end.
// EXPECT-COMPILE-ERROR: (?i)(inline (ptx|asm)|asm)
// EXPECT-COMPILE-ERROR: refuse_inline_ptx\.cu:%LINE(assembly)
#include <cstdio>

__global__ void kernel(unsigned *out) {
    unsigned lane;
    asm volatile("mov.u32 %0, %%laneid;" : "=r"(lane)); // assembly
    out[threadIdx.x] = lane;
}

int main() {
    unsigned *out;
    cudaMalloc(&out, 128);
    kernel<<<1, 32>>>(out);
    std::printf("must not run\n");
    return 0;
}
