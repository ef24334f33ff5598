; SPDX-License-Identifier: Apache-2.0
; Stores of whole lines through a pointer that is only stored through go past the caches where the launch says so; others don't.
; RUN: cpu-vectorise-16
declare i32 @cw.tid.x()
declare i32 @cw.tid.y()
declare i32 @cw.ntid.x()

; CHECK-LABEL: define internal void @sums.rows(
; CHECK: call i1 @cw.streams(i32 2)
; CHECK: store <16 x float> %{{.*}}, ptr %{{.*}}, align 64, !nontemporal
; CHECK: store <16 x float> %{{.*}}, ptr %{{.*}}, align 4
define ptx_kernel void @sums(ptr %a, ptr %b, ptr %c) {
  %t = call i32 @cw.tid.x()
  %x = zext nneg i32 %t to i64
  %p = getelementptr float, ptr %a, i64 %x
  %q = getelementptr float, ptr %b, i64 %x
  %r = getelementptr float, ptr %c, i64 %x
  %v = load float, ptr %p, align 4
  %w = load float, ptr %q, align 4
  %sum = fadd float %v, %w
  store float %sum, ptr %r, align 4
  ret void
}

; What is read there too stays in the caches.
; CHECK-LABEL: define internal void @update.rows(
; CHECK-NOT: nontemporal
; CHECK: ret void
define ptx_kernel void @update(ptr %a, ptr %c) {
  %t = call i32 @cw.tid.x()
  %x = zext nneg i32 %t to i64
  %p = getelementptr float, ptr %a, i64 %x
  %r = getelementptr float, ptr %c, i64 %x
  %v = load float, ptr %p, align 4
  %w = load float, ptr %r, align 4
  %sum = fadd float %v, %w
  store float %sum, ptr %r, align 4
  ret void
}

; Such stores aren't ordered with others: none where a fence or an atomic says that somebody looks.
; CHECK-LABEL: define internal void @watched.rows(
; CHECK-NOT: nontemporal
; CHECK: ret void
define ptx_kernel void @watched(ptr %c, ptr %flag) {
  %t = call i32 @cw.tid.x()
  %x = zext nneg i32 %t to i64
  %r = getelementptr float, ptr %c, i64 %x
  store float 1.0, ptr %r, align 4
  fence seq_cst
  %old = atomicrmw add ptr %flag, i32 1 monotonic
  ret void
}

; Half a line is none: bytes.
; CHECK-LABEL: define internal void @bytes.rows(
; CHECK-NOT: nontemporal
; CHECK: ret void
define ptx_kernel void @bytes(ptr %c) {
  %t = call i32 @cw.tid.x()
  %x = zext nneg i32 %t to i64
  %r = getelementptr i8, ptr %c, i64 %x
  store i8 1, ptr %r, align 1
  ret void
}

; Groups of several rows store a piece of each: no better for it.
; CHECK-LABEL: define internal void @rows.rows(
; CHECK-NOT: nontemporal
; CHECK: ret void
define ptx_kernel void @rows(ptr %c) {
  %t = call i32 @cw.tid.x()
  %u = call i32 @cw.tid.y()
  %w = call i32 @cw.ntid.x()
  %line = mul nuw nsw i32 %u, %w
  %i = add nuw nsw i32 %line, %t
  %x = zext nneg i32 %i to i64
  %r = getelementptr float, ptr %c, i64 %x
  store float 1.0, ptr %r, align 4
  ret void
}
