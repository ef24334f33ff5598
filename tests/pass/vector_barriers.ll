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

; A number that lives over two barriers goes to the frame before the first alone, and comes back behind the second, where it is wanted.
; CHECK-LABEL: define internal i32 @kept_once.rows(
; CHECK: store <4 x i32> {{.*}}, ptr %6, align
; CHECK: {{^}}resume:
; CHECK-NOT: ptr %6
; CHECK: {{^}}resume1:
; CHECK: load <4 x i32>, ptr %6, align
; CHECK: {{^}}}
define ptx_kernel void @kept_once(ptr %in, ptr %out) {
  %t = call i32 @cw.tid.x()
  %x = zext nneg i32 %t to i64
  %p = getelementptr i32, ptr %in, i64 %x
  %v = load i32, ptr %p, align 4
  call void @cw.barrier(i32 0, i32 0)
  store i32 7, ptr %p, align 4
  call void @cw.barrier(i32 0, i32 0)
  %q = getelementptr i32, ptr %out, i64 %x
  store i32 %v, ptr %q, align 4
  ret void
}

; What an index is computed from stands before the barrier: its lanes are a pattern of constants as before it, and no gather.
; CHECK-LABEL: define internal i32 @pattern_behind.rows(
; CHECK-NOT: gather
; CHECK: {{^}}}
define ptx_kernel void @pattern_behind(ptr %in, ptr %out) {
  %t = call i32 @cw.tid.x()
  %two = shl nuw nsw i32 %t, 1
  %low = and i32 %t, 1
  %i = sub nsw i32 %two, %low
  %x = zext nneg i32 %i to i64
  %p = getelementptr i32, ptr %in, i64 %x
  store i32 %two, ptr %p, align 4
  call void @cw.barrier(i32 0, i32 0)
  %next = getelementptr i8, ptr %p, i64 8
  %v = load i32, ptr %next, align 4
  %y = zext nneg i32 %t to i64
  %q = getelementptr i32, ptr %out, i64 %y
  store i32 %v, ptr %q, align 4
  ret void
}
