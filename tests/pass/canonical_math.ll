; SPDX-License-Identifier: Apache-2.0
; RUN: canonical
; CHECK-LABEL: define float @math
; CHECK: call float @__nv_sinf(float %x)
; CHECK: call double @__nv_cos(double %d)
; CHECK: call float @__nv_powf(float
; CHECK: call float @__nv_powif(float %{{.*}}, i32 3)
; CHECK: call double @__nv_exp10(double
; CHECK: call float @__nv_atan2f(float
; CHECK: call float @__nv_atanf(float
; CHECK: call float @__nv_exp2f(float
define float @math(float %x, double %d) {
  %a = call float @llvm.sin.f32(float %x)
  %b = call double @llvm.cos.f64(double %d)
  %c = call float @llvm.pow.f32(float %a, float %x)
  %e = call float @llvm.powi.f32.i32(float %c, i32 3)
  %f = call double @llvm.exp10.f64(double %b)
  %g = call float @llvm.atan2.f32(float %e, float %x)
  %h = call float @llvm.atan.f32(float %g)
  %i = call float @llvm.exp2.f32(float %h)
  ret float %i
}

; What processors compute exactly stays.
; CHECK-LABEL: define float @skip_exact
; CHECK: call float @llvm.sqrt.f32
; CHECK: call float @llvm.fma.f32
; CHECK: call float @llvm.floor.f32
; CHECK: call <2 x float> @llvm.sin.v2f32
define float @skip_exact(float %x, <2 x float> %v) {
  %a = call float @llvm.sqrt.f32(float %x)
  %b = call float @llvm.fma.f32(float %a, float %x, float %x)
  %c = call float @llvm.floor.f32(float %b)
  %d = call <2 x float> @llvm.sin.v2f32(<2 x float> %v)
  ret float %c
}

; CHECK-LABEL: define void @traps
; CHECK-NEXT: call void @cw.breakpoint()
; CHECK-NEXT: call void @cw.trap()
; CHECK-NEXT: call void @cw.trap()
define void @traps() {
  call void @llvm.debugtrap()
  call void @llvm.ubsantrap(i8 3)
  call void @llvm.trap()
  unreachable
}
declare void @llvm.ubsantrap(i8)
