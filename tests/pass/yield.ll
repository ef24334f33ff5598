; SPDX-License-Identifier: Apache-2.0
; A yield between volatile accesses to memory that other threads see, where their order matters.
; RUN: yield
; CHECK: ; progress 1

@s = internal addrspace(3) global [32 x i32] undef, align 4

; A store behind a load could change what another lane has yet to load. Nothing comes before a kernel's first access.
; CHECK-LABEL: define ptx_kernel void @yield_load_and_store
; CHECK-NEXT: %v = load volatile i32, ptr %p
; CHECK-NEXT: call void @cw.yield()
; CHECK-NEXT: store volatile i32 %v, ptr %q
; CHECK-NEXT: ret void
define ptx_kernel void @yield_load_and_store(ptr %p, ptr %q) {
  %v = load volatile i32, ptr %p
  store volatile i32 %v, ptr %q
  ret void
}

; CHECK-LABEL: define ptx_kernel void @yield_store_load_store
; CHECK-NEXT: store volatile
; CHECK-NEXT: call void @cw.yield()
; CHECK-NEXT: load volatile
; CHECK-NEXT: call void @cw.yield()
; CHECK-NEXT: store volatile
; CHECK-NEXT: call void @cw.yield()
; CHECK-NEXT: store volatile
; CHECK-NEXT: ret void
define ptx_kernel void @yield_store_load_store(ptr %p, ptr %q) {
  store volatile i32 1, ptr %p
  %v = load volatile i32, ptr %q
  store volatile i32 %v, ptr %p
  store volatile i32 2, ptr %q
  ret void
}

; CHECK-LABEL: define ptx_kernel void @skip_loads
; CHECK-NOT: cw.yield
; CHECK: ret void
define ptx_kernel void @skip_loads(ptr %p) {
  %v = load volatile i32, ptr %p
  %w = load volatile i32, ptr %p
  ret void
}

; CHECK-LABEL: define ptx_kernel void @skip_behind_barriers
; CHECK-NOT: cw.yield
; CHECK: ret void
define ptx_kernel void @skip_behind_barriers(ptr %p) {
  %v = load volatile i32, ptr %p
  call void @cw.barrier(i32 0, i32 0)
  store volatile i32 %v, ptr %p
  call void @cw.warp.sync(i32 -1)
  %w = load volatile i32, ptr %p
  ret void
}

; Around a loop the store comes before the load.
; CHECK-LABEL: define ptx_kernel void @yield_around_loop
; CHECK: loop:
; CHECK-NEXT: call void @cw.yield()
; CHECK-NEXT: %v = load volatile
; CHECK-NEXT: call void @cw.yield()
; CHECK-NEXT: store volatile
define ptx_kernel void @yield_around_loop(ptr %p, i1 %c) {
entry:
  br label %loop
loop:
  %v = load volatile i32, ptr %p
  store volatile i32 %v, ptr %p
  br i1 %c, label %loop, label %done
done:
  ret void
}

; On one of the ways to the load there was a store, on the other there was not.
; CHECK-LABEL: define ptx_kernel void @yield_at_join
; CHECK: done:
; CHECK-NEXT: call void @cw.yield()
; CHECK-NEXT: load volatile
define ptx_kernel void @yield_at_join(ptr %p, i1 %c) {
entry:
  br i1 %c, label %then, label %done
then:
  store volatile i32 1, ptr %p
  br label %done
done:
  %v = load volatile i32, ptr %p
  ret void
}

; A function that stayed a call may stand behind a store of its caller.
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

declare void @cw.barrier(i32, i32)
declare void @cw.warp.sync(i32)

; CHECK: declare void @cw.yield()
