; SPDX-License-Identifier: Apache-2.0
; Warp collectives make the vector a warp: a shuffle by a constant is a permutation, a ballot the bits of a mask.
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

; CHECK: kernel exchange: 32 threads at a time

; CHECK-LABEL: define internal void @exchange.rows(
; CHECK: %[[V:.*]] = load <32 x i32>
; CHECK: shufflevector <32 x i32> %[[V]], <32 x i32> poison, <32 x i32> <i32 1, i32 0, i32 3, i32 2,
; CHECK: %[[P:.*]] = icmp {{.*}}<32 x i32>
; CHECK: bitcast <32 x i1> %[[P]] to i32
define ptx_kernel void @exchange(ptr %out) {
  %t = call i32 @cw.tid.x()
  %x = zext i32 %t to i64
  %p = getelementptr i32, ptr %out, i64 %x
  %v = load i32, ptr %p, align 4
  %o = call i32 @cw.shfl.xor(i32 -1, i32 %v, i32 1, i32 32)
  %b = call i32 @cw.vote.ballot(i32 -1, i32 %o)
  store i32 %b, ptr %p, align 4
  ret void
}
