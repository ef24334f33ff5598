; SPDX-License-Identifier: Apache-2.0
; What kernels ask of their cluster becomes arithmetic on the place of its shared memories; registers and the barrier stay. Addresses that all
; blocks understand have the rank and one above 24 bits.
; RUN: clusters
; CHECK: ; progress 1
target datalayout = "e-p:64:64-i64:64"

declare ptr @cw.cluster.map(ptr, i32)
declare i32 @cw.cluster.rank_of(ptr)
declare i64 @cw.cluster.map_address(i64, i32)
declare ptr @cw.cluster.pointer(i64)
declare i64 @cw.cluster.address(ptr)
declare i32 @cw.is_cluster_shared(ptr)
declare i32 @cw.cluster.ctarank()
declare void @cw.cluster.arrive()
declare void @cw.cluster.wait()

; CHECK-LABEL: define ptr @map
; CHECK-DAG: %[[RANK:.*]] = zext i32 %rank to i64
; CHECK-DAG: shl i64 %[[RANK]]
; CHECK-DAG: call ptr @cw.cluster_base()
; CHECK-DAG: call i32 @cw.cluster_shift()
; CHECK-DAG: and i64
; CHECK: getelementptr i8
; CHECK-NOT: cw.cluster.map
; CHECK: ret ptr
define ptr @map(ptr %p, i32 %rank) {
  %q = call ptr @cw.cluster.map(ptr %p, i32 %rank)
  ret ptr %q
}

; CHECK-LABEL: define i32 @rank
; CHECK: %[[PLACE:.*]] = sub i64
; CHECK: lshr i64 %[[PLACE]]
define i32 @rank(ptr %p) {
  %r = call i32 @cw.cluster.rank_of(ptr %p)
  ret i32 %r
}

; CHECK-LABEL: define i64 @map_address
; CHECK-DAG: %[[OFFSET:.*]] = and i64 %a, 16777215
; CHECK-DAG: add i64 %{{.*}}, 1
; CHECK-DAG: shl i64 %{{.*}}, 24
; CHECK: or i64 %{{.*}}, %[[OFFSET]]
define i64 @map_address(i64 %a, i32 %rank) {
  %b = call i64 @cw.cluster.map_address(i64 %a, i32 %rank)
  ret i64 %b
}

; CHECK-LABEL: define ptr @pointer
; CHECK: lshr i64 %{{.*}}, 24
; CHECK: call ptr @cw.shared.window()
; CHECK: select i1
define ptr @pointer(i64 %a) {
  %p = call ptr @cw.cluster.pointer(i64 %a)
  ret ptr %p
}

; CHECK-LABEL: define i64 @address
; CHECK: icmp ult i64
; CHECK: select i1
define i64 @address(ptr %p) {
  %a = call i64 @cw.cluster.address(ptr %p)
  ret i64 %a
}

; CHECK-LABEL: define i32 @inside
; CHECK: call i32 @cw.cluster.nctaid.z()
; CHECK: icmp ult i64
define i32 @inside(ptr %p) {
  %i = call i32 @cw.is_cluster_shared(ptr %p)
  ret i32 %i
}

; CHECK-LABEL: define i32 @stays
; CHECK: call void @cw.cluster.arrive()
; CHECK: call void @cw.cluster.wait()
; CHECK: call i32 @cw.cluster.ctarank()
define i32 @stays() {
  call void @cw.cluster.arrive()
  call void @cw.cluster.wait()
  %r = call i32 @cw.cluster.ctarank()
  ret i32 %r
}
