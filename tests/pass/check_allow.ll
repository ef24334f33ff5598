; SPDX-License-Identifier: Apache-2.0
; What the waist holds passes without a word, and so does what is declared and never used.
; RUN: check
; CHECK-NOT: error
; CHECK: status: no error

@dynamic = external addrspace(3) global [0 x float], align 4
@s = internal addrspace(3) global [4 x i32] undef
@unused = external addrspace(1) global i32
@__const.t = private unnamed_addr constant [1 x ptr] [ptr addrspacecast (ptr addrspace(3) @s to ptr)]
@llvm.compiler.used = appending global [1 x ptr] [ptr addrspacecast (ptr addrspace(3) @s to ptr)], section "llvm.metadata"
declare void @_Z6unusedv()
declare i32 @cw.tid.x()
declare void @cw.barrier(i32, i32)
declare i32 @vprintf(ptr, ptr)
declare float @__nv_sinf(float)

define ptx_kernel void @k(ptr %p) {
  %t = alloca [1 x ptr]
  %i = call i32 @cw.tid.x()
  call void @cw.barrier(i32 0, i32 0)
  %n = call i32 @vprintf(ptr %p, ptr null)
  %x = load float, ptr addrspacecast (ptr addrspace(3) @dynamic to ptr)
  %y = call float @__nv_sinf(float %x)
  %z = call float @llvm.fma.f32(float %x, float %y, float %y)
  call void @llvm.memcpy.p0.p0.i64(ptr %t, ptr @__const.t, i64 8, i1 false)
  ret void
}
