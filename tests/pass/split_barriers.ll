; SPDX-License-Identifier: Apache-2.0
; The wait for the block's barrier becomes the barrier; arrivals of some warps stay.
; RUN: split-barriers
; CHECK: ; progress 1

declare i64 @cw.barrier.arrive(i32, i32)
declare void @cw.barrier.wait(i32, i64)

; CHECK-LABEL: define void @block
; CHECK-NOT: arrive
; CHECK: store i32 1, ptr %p
; CHECK-NEXT: call void @cw.barrier(i32 0, i32 0)
; CHECK-NEXT: ret void
define void @block(ptr %p) {
  %phase = call i64 @cw.barrier.arrive(i32 0, i32 0)
  store i32 1, ptr %p
  call void @cw.barrier.wait(i32 0, i64 %phase)
  ret void
}

; CHECK-LABEL: define void @warps
; CHECK: call i64 @cw.barrier.arrive(i32 1, i32 64)
define void @warps() {
  %phase = call i64 @cw.barrier.arrive(i32 1, i32 64)
  ret void
}
