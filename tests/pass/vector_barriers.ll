; SPDX-License-Identifier: Apache-2.0
; A group that waits returns, with what it needs afterwards in its frame, and is called again; one that may wait for something
; else than its block waits in services.
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

; CHECK: across: scale 0, frame {{[1-9][0-9]*}} bytes, waits in services 0
; CHECK: counted: scale 0, frame 0 bytes, waits in services 1

; CHECK-LABEL: define internal i32 @across.rows(
; CHECK: icmp eq i32 %[[STATE:.*]], 1
; CHECK: %[[V:.*]] = load <4 x i32>, ptr
; CHECK: store <4 x i32> %[[V]], ptr %[[FRAME:[0-9]+]]
; CHECK: load <4 x i32>, ptr %[[FRAME]]
; CHECK: phi i32 [ 1, %{{.*}} ], [ -1, %{{.*}} ]
define ptx_kernel void @across(ptr %out) {
  %t = call i32 @cw.tid.x()
  %x = zext i32 %t to i64
  %p = getelementptr i32, ptr %out, i64 %x
  %v = load i32, ptr %p, align 4
  call void @cw.barrier(i32 0, i32 0)
  %w = mul i32 %v, %v
  store i32 %w, ptr %p, align 4
  ret void
}

; CHECK-LABEL: define internal void @counted.rows(
; CHECK: call void @cw.barrier(i32 1, i32 64)
define ptx_kernel void @counted(ptr %out) {
  call void @cw.barrier(i32 1, i32 64)
  ret void
}
