; SPDX-License-Identifier: Apache-2.0
; Gathers and scatters of bytes and 16-bit words become accesses lane by lane: lanes that are off access the spare place, which
; needs no branches. Those of wider elements stay.
; RUN: cpu-narrow-gathers
declare <2 x i8> @llvm.masked.gather.v2i8.v2p0(<2 x ptr>, <2 x i1>, <2 x i8>)
declare void @llvm.masked.scatter.v2i16.v2p0(<2 x i16>, <2 x ptr>, <2 x i1>)
declare <2 x i32> @llvm.masked.gather.v2i32.v2p0(<2 x ptr>, <2 x i1>, <2 x i32>)

; CHECK-LABEL: define <2 x i8> @masked
; CHECK: [[SPARE:%[0-9]+]] = alloca [64 x i8], align 64
; CHECK: [[P:%[0-9]+]] = extractelement <2 x ptr> %p, i32 0
; CHECK: [[M:%[0-9]+]] = extractelement <2 x i1> %m, i32 0
; CHECK: [[AT:%[0-9]+]] = select i1 [[M]], ptr [[P]], ptr [[SPARE]]
; CHECK: load i8, ptr [[AT]], align 1
; CHECK: insertelement
; CHECK: select <2 x i1> %m, <2 x i8> {{.*}}, <2 x i8> %other
define <2 x i8> @masked(<2 x ptr> %p, <2 x i1> %m, <2 x i8> %other) {
  %v = call <2 x i8> @llvm.masked.gather.v2i8.v2p0(<2 x ptr> %p, <2 x i1> %m, <2 x i8> %other)
  ret <2 x i8> %v
}

; CHECK-LABEL: define void @whole
; CHECK-NOT: select
; CHECK: store i16 {{.*}}, align 1
; CHECK: store i16 {{.*}}, align 1
; CHECK-NEXT: ret void
define void @whole(<2 x ptr> %p, <2 x i16> %v) {
  call void @llvm.masked.scatter.v2i16.v2p0(<2 x i16> %v, <2 x ptr> %p, <2 x i1> splat (i1 true))
  ret void
}

; CHECK-LABEL: define <2 x i32> @wide
; CHECK: call <2 x i32> @llvm.masked.gather
define <2 x i32> @wide(<2 x ptr> %p, <2 x i1> %m) {
  %v = call <2 x i32> @llvm.masked.gather.v2i32.v2p0(<2 x ptr> %p, <2 x i1> %m, <2 x i32> poison)
  ret <2 x i32> %v
}
