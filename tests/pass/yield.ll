; SPDX-License-Identifier: Apache-2.0
; A yield before each volatile access to memory that other threads see.
; RUN: yield
; CHECK: ; progress 1

@s = internal addrspace(3) global [32 x i32] undef, align 4

; CHECK-LABEL: define void @yield_load_and_store
; CHECK-NEXT: call void @cw.yield()
; CHECK-NEXT: %v = load volatile i32, ptr %p
; CHECK-NEXT: call void @cw.yield()
; CHECK-NEXT: store volatile i32 %v, ptr %q
; CHECK-NEXT: ret void
define void @yield_load_and_store(ptr %p, ptr %q) {
  %v = load volatile i32, ptr %p
  store volatile i32 %v, ptr %q
  ret void
}

; CHECK-LABEL: define void @yield_shared
; CHECK-NEXT: call void @cw.yield()
; CHECK-NEXT: store volatile
define void @yield_shared() {
  store volatile i32 1, ptr addrspacecast (ptr addrspace(3) @s to ptr)
  ret void
}

; The address of a private variable may point anywhere: what is loaded through it counts.
; CHECK-LABEL: define i32 @yield_through_private_pointer
; CHECK: %p = load ptr, ptr %a
; CHECK-NEXT: call void @cw.yield()
; CHECK-NEXT: load volatile i32, ptr %p
define i32 @yield_through_private_pointer(ptr %q) {
  %a = alloca ptr
  store ptr %q, ptr %a
  %p = load ptr, ptr %a
  %v = load volatile i32, ptr %p
  ret i32 %v
}

; CHECK-LABEL: define i32 @skip_private
; CHECK-NOT: cw.yield
; CHECK: ret i32
define i32 @skip_private(i32 %i) {
  %a = alloca [4 x i32]
  %e = getelementptr [4 x i32], ptr %a, i32 0, i32 %i
  %f = getelementptr i8, ptr %e, i32 0
  store volatile i32 1, ptr %a
  %v = load volatile i32, ptr %f
  ret i32 %v
}

; CHECK-LABEL: define i32 @skip_ordinary_and_atomic
; CHECK-NOT: cw.yield
; CHECK: ret i32
define i32 @skip_ordinary_and_atomic(ptr %p) {
  %v = load i32, ptr %p
  store i32 %v, ptr %p
  %w = atomicrmw add ptr %p, i32 1 monotonic
  %x = load atomic i32, ptr %p monotonic, align 4
  ret i32 %x
}

; CHECK: declare void @cw.yield()
