; SPDX-License-Identifier: Apache-2.0
; Float-to-integer conversions saturate; destinations below 32 bits go through 32. NaN is 0, but for doubles and 64 bits.
; RUN: conversion
; CHECK: ; progress 1

; CHECK-LABEL: define i32 @saturate_float
; CHECK: call i32 @llvm.fptosi.sat.i32.f32(float %x)
; CHECK-NEXT: ret i32
define i32 @saturate_float(float %x) {
  %i = fptosi float %x to i32
  ret i32 %i
}

; CHECK-LABEL: define i64 @saturate_double_unsigned
; CHECK: %[[SAT:.*]] = call i64 @llvm.fptoui.sat.i64.f64(double %x)
; CHECK: %[[NAN:.*]] = fcmp uno double %x, %x
; CHECK: select i1 %[[NAN]], i64 -9223372036854775808, i64 %[[SAT]]
define i64 @saturate_double_unsigned(double %x) {
  %i = fptoui double %x to i64
  ret i64 %i
}

; CHECK-LABEL: define i8 @narrow_half
; CHECK: %[[WIDE:.*]] = call i32 @llvm.fptosi.sat.i32.f16(half %x)
; CHECK: trunc i32 %[[WIDE]] to i8
define i8 @narrow_half(half %x) {
  %i = fptosi half %x to i8
  ret i8 %i
}

; CHECK-LABEL: define i16 @narrow_double_unsigned
; CHECK: %[[WIDE:.*]] = call i32 @llvm.fptoui.sat.i32.f64(double %x)
; CHECK: %[[FIXED:.*]] = select i1 %{{.*}}, i32 -2147483648, i32 %[[WIDE]]
; CHECK: trunc i32 %[[FIXED]] to i16
define i16 @narrow_double_unsigned(double %x) {
  %i = fptoui double %x to i16
  ret i16 %i
}

; CHECK-LABEL: define i64 @saturate_bfloat
; CHECK: call i64 @llvm.fptosi.sat.i64.bf16(bfloat %x)
define i64 @saturate_bfloat(bfloat %x) {
  %i = fptosi bfloat %x to i64
  ret i64 %i
}

; CHECK-LABEL: define <4 x i32> @saturate_vector
; CHECK: call <4 x i32> @llvm.fptosi.sat.v4i32.v4f32(<4 x float> %x)
define <4 x i32> @saturate_vector(<4 x float> %x) {
  %i = fptosi <4 x float> %x to <4 x i32>
  ret <4 x i32> %i
}

; CHECK-LABEL: define <2 x i8> @narrow_vector
; CHECK: %[[WIDE:.*]] = call <2 x i32> @llvm.fptoui.sat.v2i32.v2f64(<2 x double> %x)
; CHECK: %[[FIXED:.*]] = select <2 x i1> %{{.*}}, <2 x i32> splat (i32 -2147483648), <2 x i32> %[[WIDE]]
; CHECK: trunc <2 x i32> %[[FIXED]] to <2 x i8>
define <2 x i8> @narrow_vector(<2 x double> %x) {
  %i = fptoui <2 x double> %x to <2 x i8>
  ret <2 x i8> %i
}

; CHECK-LABEL: define float @skip_other_casts
; CHECK-NEXT: sitofp i32 %i to float
; CHECK-NEXT: fptrunc double %d to float
; CHECK-NEXT: fadd
define float @skip_other_casts(i32 %i, double %d) {
  %a = sitofp i32 %i to float
  %b = fptrunc double %d to float
  %e = fadd float %a, %b
  ret float %e
}
