// SPDX-License-Identifier: Apache-2.0
// Special registers, guards and accesses: nothing but the kernel is left, and pointers of parameters are global.
// RUN: --to ptx --arch sm_90
// RUN: --to ptx --arch sm_70
// CHECK: .target sm_{{70|90}}
// CHECK-NOT: debug
// CHECK: .visible .entry _Z5scalePKfPffi(
// CHECK: mov.u32 {{.*}}, %ctaid.x;
// CHECK: mov.u32 {{.*}}, %ntid.x;
// CHECK: mov.u32 {{.*}}, %tid.x;
// CHECK: ld.global.nc.b32
// CHECK: mul.f32
// CHECK: st.global.b32
// CHECK-NOT: call
__global__ void scale(const float *__restrict__ in, float *__restrict__ out, float factor, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) {
        out[i] = in[i] * factor;
    }
}
// The bounds that the driver must know.
// CHECK: .visible .entry _Z7boundedPi(
// CHECK: .maxntid 128
// CHECK: .minnctapersm 4
__global__ void __launch_bounds__(128, 4) bounded(int *out) {
    out[threadIdx.x] = static_cast<int>(threadIdx.x / 32);
}
