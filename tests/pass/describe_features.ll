; SPDX-License-Identifier: Apache-2.0
; Features come through calls, through vtables, and from operands.
; RUN: describe

@s = internal addrspace(3) global [4 x i32] undef, align 4
@t = internal addrspace(3) global [4 x i64] undef, align 8
@d = external addrspace(3) global [0 x i32], align 32
@__const.t = private unnamed_addr constant [2 x ptr] [ptr addrspacecast (ptr addrspace(3) @s to ptr), ptr addrspacecast (ptr addrspace(3) @t to ptr)]
@vtable = constant { [3 x ptr] } { [3 x ptr] [ptr null, ptr null, ptr @virtual] }

declare void @cw.barrier(i32, i32)
declare i32 @cw.activemask()
declare i32 @vprintf(ptr, ptr)
declare ptr @malloc(i64)
declare void @__assertfail(ptr, ptr, i32, ptr, i64)
declare i64 @cw.clock64()
declare float @__nv_sinf(float)

; CHECK-LABEL: kernel plain
; CHECK: features:.
define ptx_kernel void @plain(ptr %p, i32 %i) {
  %w = sext i32 %i to i64
  %e = getelementptr i32, ptr %p, i64 %w
  store i32 %i, ptr %e
  ret void
}

; CHECK-LABEL: kernel transitive
; CHECK: features: barrier, warp collectives, math library.
define ptx_kernel void @transitive() {
  call void @one()
  ret void
}
define void @one() {
  call void @cw.barrier(i32 0, i32 0)
  call void @two()
  ret void
}
define void @two() {
  %m = call i32 @cw.activemask()
  %x = call float @__nv_sinf(float 1.0)
  ret void
}

; CHECK-LABEL: kernel through_vtable
; CHECK: features: 64-bit integers, printf, indirect calls, clock.
define ptx_kernel void @through_vtable(ptr %f) {
  call void %f()
  ret void
}
define void @virtual() {
  %n = call i32 @vprintf(ptr null, ptr null)
  %t = call i64 @cw.clock64()
  ret void
}

; CHECK-LABEL: kernel memory
; CHECK: features: atomics, device malloc, volatile accesses, memory fences.
define ptx_kernel void @memory(ptr %p) {
  %a = atomicrmw add ptr %p, i32 1 syncscope("block") monotonic
  fence syncscope("device") seq_cst
  %v = load volatile i32, ptr %p
  %q = call ptr @malloc(i64 8)
  ret void
}

; CHECK-LABEL: kernel compiler_barrier
; CHECK: features:.
define ptx_kernel void @compiler_barrier(ptr %p) {
  fence syncscope("singlethread") seq_cst
  ret void
}

; CHECK-LABEL: kernel atomic_load
; CHECK: features: atomics.
define ptx_kernel void @atomic_load(ptr %p) {
  %a = load atomic i32, ptr %p acquire, align 4
  ret void
}

; CHECK-LABEL: kernel types
; CHECK: features: double, half.
define ptx_kernel void @types(double %d, <2 x half> %h, ptr %p) {
  %c = fcmp olt double %d, 0.0
  store <2 x half> %h, ptr %p
  ret void
}

; CHECK-LABEL: kernel wide
; CHECK: features: 64-bit integers.
define ptx_kernel void @wide(ptr %p, i64 %x) {
  store i64 %x, ptr %p
  ret void
}

; CHECK-LABEL: kernel recurses
; CHECK: features: recursion.
define ptx_kernel void @recurses() {
  call void @itself()
  ret void
}
define void @itself() {
  call void @itself()
  ret void
}

; CHECK-LABEL: kernel shared
; CHECK: shared 16 align 4,
; CHECK: features: static shared memory.
define ptx_kernel void @shared() {
  store i32 1, ptr addrspacecast (ptr addrspace(3) @s to ptr)
  ret void
}

; CHECK-LABEL: kernel dynamic_shared
; CHECK: shared 0 align 32,
; CHECK: features: dynamic shared memory.
define ptx_kernel void @dynamic_shared() {
  store i32 1, ptr getelementptr (i8, ptr addrspacecast (ptr addrspace(3) @d to ptr), i64 4)
  ret void
}

; CHECK-LABEL: kernel shared_table
; CHECK: shared 48 align 8,
; CHECK: features: static shared memory.
define ptx_kernel void @shared_table() {
  %t = alloca [2 x ptr]
  call void @llvm.memcpy.p0.p0.i64(ptr %t, ptr @__const.t, i64 16, i1 false)
  ret void
}
