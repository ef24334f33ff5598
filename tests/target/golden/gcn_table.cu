// SPDX-License-Identifier: Apache-2.0
// A constant table of addresses stays one of whole addresses: LLVM's relative tables have no form for address spaces.
// RUN: --to amdgcn --arch gfx90a
// CHECK-NOT: _ZL4days.rel
// CHECK: .symbol: _Z4pickPci.kd
static __device__ const char *const days[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday"};
__global__ void pick(char *out, int day) {
    const char *name = days[day % 5];
    for (int i = 0; name[i]; i++)
        out[i] = name[i];
}
