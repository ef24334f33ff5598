; SPDX-License-Identifier: Apache-2.0
; Neighbours are one access, a uniform address is a scalar access, anything else a gather; what is the same in every lane stays
; scalar, and so do the bases of what rises.
; RUN: cpu-vectorise
declare i32 @cw.tid.x()
declare i32 @cw.tid.y()
declare i32 @cw.ntid.x()
declare i32 @cw.ctaid.x()
declare void @cw.barrier(i32, i32)
declare void @cw.poll()
declare i32 @cw.shfl.xor(i32, i32, i32, i32)
declare i32 @cw.vote.ballot(i32, i32)
declare i32 @cw.laneid()

; CHECK: kernel copy: 4 threads at a time
; CHECK-NEXT: :0: lanes load from places apart: a gather
; CHECK: copy: scale 0, frame 0 bytes, waits in services 0, parts 1

; CHECK-LABEL: define internal void @copy.rows(
; CHECK: %[[X:.*]] = zext nneg i32 %4 to i64
; CHECK: %[[A:.*]] = getelementptr {{.*}}float, ptr %0, i64 %[[X]]
; CHECK: %[[V:.*]] = load <4 x float>, ptr %[[A]], align 4
; CHECK: %[[U:.*]] = load float, ptr %1, align 4
; CHECK: %[[S:.*]] = shufflevector <4 x float> {{.*}} zeroinitializer
; CHECK: %[[SUM:.*]] = fadd <4 x float> %[[V]], %[[S]]
; CHECK: call <4 x float> @llvm.masked.gather
; CHECK: store <4 x float> %{{.*}}, ptr %{{.*}}, align 4
; CHECK: ret void
; CHECK-LABEL: define internal void @copy.others(
; CHECK: icmp ult <4 x i32>
; CHECK: call {{.*}}@llvm.masked.load
; CHECK: call {{.*}}@llvm.masked.store
define ptx_kernel void @copy(ptr %in, ptr %one, ptr %out) {
  %t = call i32 @cw.tid.x()
  %x = zext i32 %t to i64
  %p = getelementptr float, ptr %in, i64 %x
  %v = load float, ptr %p, align 4
  %u = load float, ptr %one, align 4
  %sum = fadd float %v, %u
  %square = mul i64 %x, %x
  %far = getelementptr float, ptr %in, i64 %square
  %w = load float, ptr %far, align 4
  %all = fadd float %sum, %w
  %q = getelementptr float, ptr %out, i64 %x
  store float %all, ptr %q, align 4
  ret void
}
