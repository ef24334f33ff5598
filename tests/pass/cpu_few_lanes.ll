; SPDX-License-Identifier: Apache-2.0
; Scatters and gathers of one or two lanes that are known are as many accesses; of more, or of lanes that are not known, they stay.
; RUN: cpu-narrow-gathers
declare void @llvm.masked.scatter.v4f32.v4p0(<4 x float>, <4 x ptr>, <4 x i1>)
declare <4 x float> @llvm.masked.gather.v4f32.v4p0(<4 x ptr>, <4 x i1>, <4 x float>)

; CHECK-LABEL: define void @first(
; CHECK: %[[AT:.*]] = extractelement <4 x ptr> %places, i32 0
; CHECK: %[[VALUE:.*]] = extractelement <4 x float> %values, i32 0
; CHECK: store float %[[VALUE]], ptr %[[AT]], align 4
; CHECK-NEXT: ret void
define void @first(<4 x float> %values, <4 x ptr> %places) {
  call void @llvm.masked.scatter.v4f32.v4p0(<4 x float> %values, <4 x ptr> align 4 %places, <4 x i1> <i1 true, i1 false, i1 false, i1 false>)
  ret void
}

; CHECK-LABEL: define <4 x float> @two(
; CHECK-COUNT-2: load float, ptr %{{.*}}, align 4
; CHECK: ret <4 x float>
define <4 x float> @two(<4 x ptr> %places, <4 x float> %others) {
  %r = call <4 x float> @llvm.masked.gather.v4f32.v4p0(<4 x ptr> align 4 %places, <4 x i1> <i1 false, i1 true, i1 false, i1 true>, <4 x float> %others)
  ret <4 x float> %r
}

; CHECK-LABEL: define void @three(
; CHECK: call void @llvm.masked.scatter
; CHECK-LABEL: define void @unknown(
; CHECK: call void @llvm.masked.scatter
define void @three(<4 x float> %values, <4 x ptr> %places) {
  call void @llvm.masked.scatter.v4f32.v4p0(<4 x float> %values, <4 x ptr> align 4 %places, <4 x i1> <i1 true, i1 false, i1 true, i1 true>)
  ret void
}

define void @unknown(<4 x float> %values, <4 x ptr> %places, <4 x i1> %mask) {
  call void @llvm.masked.scatter.v4f32.v4p0(<4 x float> %values, <4 x ptr> align 4 %places, <4 x i1> %mask)
  ret void
}
