// SPDX-License-Identifier: Apache-2.0
// printf, assert and the device heap are the driver's; fast functions the hardware's.
// RUN: --to ptx --arch sm_80
// CHECK-DAG: .extern .func {{.*}} vprintf
// CHECK-DAG: .extern .func __assertfail
// CHECK-DAG: .extern .func {{.*}} malloc
// CHECK-DAG: ex2.approx.f32
// CHECK-DAG: rsqrt.approx.f32
#include <cassert>
#include <cstdio>
__global__ void services(float *out, int **where) {
    int *p = static_cast<int *>(malloc(64));
    assert(p != nullptr);
    *p = 3;
    *where = p;
    out[0] = __expf(out[0]) + rsqrtf(out[1]);
    printf("%d %f\n", *p, out[0]);
    free(p);
}
