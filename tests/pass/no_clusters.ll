; SPDX-License-Identifier: Apache-2.0
; On targets without clusters each block is one of its own: its rank is 0, the others' shared memory is its own, and the wait is the block's barrier.
; RUN: no-clusters
; CHECK: ; progress 1
; CHECK-NOT: cw.cluster
target datalayout = "e-p:64:64-i64:64"

declare ptr @cw.cluster.map(ptr, i32)
declare i32 @cw.cluster.rank_of(ptr)
declare ptr @cw.cluster.pointer(i64)
declare i64 @cw.cluster.address(ptr)
declare i32 @cw.is_cluster_shared(ptr)
declare i32 @cw.cluster.nctaid.y()
declare void @cw.cluster.arrive()
declare void @cw.cluster.wait()

; CHECK-LABEL: define ptr @map
; CHECK-NEXT: ret ptr %p
define ptr @map(ptr %p, i32 %rank) {
  %q = call ptr @cw.cluster.map(ptr %p, i32 %rank)
  ret ptr %q
}

; CHECK-LABEL: define i32 @numbers
; CHECK-NEXT: %s = add i32 0, 1
define i32 @numbers(ptr %p) {
  %r = call i32 @cw.cluster.rank_of(ptr %p)
  %n = call i32 @cw.cluster.nctaid.y()
  %s = add i32 %r, %n
  ret i32 %s
}

; CHECK-LABEL: define ptr @pointer
; CHECK: call ptr @cw.shared.window()
; CHECK: getelementptr i8
define ptr @pointer(i64 %a) {
  %p = call ptr @cw.cluster.pointer(i64 %a)
  ret ptr %p
}

; CHECK-LABEL: define i64 @address
; CHECK: sub i64
define i64 @address(ptr %p) {
  %a = call i64 @cw.cluster.address(ptr %p)
  ret i64 %a
}

; CHECK-LABEL: define i32 @meet
; CHECK-NEXT: call void @cw.barrier(i32 0, i32 0)
; CHECK-NEXT: call i32 @cw.is_shared(ptr %p)
define i32 @meet(ptr %p) {
  call void @cw.cluster.arrive()
  call void @cw.cluster.wait()
  %i = call i32 @cw.is_cluster_shared(ptr %p)
  ret i32 %i
}
