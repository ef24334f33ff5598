; SPDX-License-Identifier: Apache-2.0
; A kernel's address is its name, as an argument, in a table, and in a list of clang's; a static variable's uses under its
; plain name meet its definition.
; RUN: canonical
; CHECK: @table = {{.*}}global [1 x ptr] [ptr [[NAME:@cw.kernel[.0-9]*]]]
; CHECK: [[NAME]] = private constant [6 x i8] c"child\00"
; CHECK-NOT: llvm.compiler.used
target datalayout = "e-p6:32:32-i64:64-i128:128-i256:256-v16:16-v32:32-n16:32:64"
@table = addrspace(1) externally_initialized global [1 x ptr] [ptr @child]
@kept = external addrspace(1) global i32
@kept__static__0123 = addrspace(1) externally_initialized global i32 3
@__clang_gpu_used_external = internal global [1 x ptr] [ptr @child]
@llvm.compiler.used = appending global [1 x ptr] [ptr @__clang_gpu_used_external], section "llvm.metadata"

; CHECK-LABEL: define ptx_kernel void @child
; CHECK: store i32 1, ptr addrspacecast (ptr addrspace(1) @kept__static__0123 to ptr)
define ptx_kernel void @child() {
  store i32 1, ptr addrspacecast (ptr addrspace(1) @kept to ptr)
  ret void
}

; CHECK-LABEL: define ptx_kernel void @parent
; CHECK: call i32 @cw.child.launch(ptr [[NAME]],
define ptx_kernel void @parent() {
  %buffer = call ptr @cw.child.buffer(i64 0)
  %error = call i32 @cw.child.launch(ptr @child, ptr %buffer, i32 1, i32 1, i32 1, i32 1, i32 1, i32 1, i32 0, ptr null)
  ret void
}
declare ptr @cw.child.buffer(i64)
declare i32 @cw.child.launch(ptr, ptr, i32, i32, i32, i32, i32, i32, i32, ptr)
