; SPDX-License-Identifier: Apache-2.0
; Global and constant variables move to the generic space; what the host may see stays alive and keeps its name.
; RUN: global-space
; CHECK: ; progress 1
; CHECK-DAG: @g = externally_initialized global i32 7, align 4
; CHECK-DAG: @c = externally_initialized constant [4 x float] zeroinitializer, align 16
; CHECK-DAG: @static_g = externally_initialized global i64 0
; CHECK-DAG: @text = private constant [3 x i8] c"ab\00"
; CHECK-DAG: @pointer = externally_initialized global ptr @g
; CHECK-DAG: @nested = externally_initialized global { ptr, ptr } { ptr getelementptr (i8, ptr @c, i64 4), ptr @nested }
; CHECK-DAG: @plain = internal constant i32 1
; CHECK-NOT: llvm.compiler.used
; CHECK-NOT: addrspace(1)
; CHECK-NOT: addrspace(4)
@g = addrspace(1) externally_initialized global i32 7, align 4
@c = addrspace(4) externally_initialized constant [4 x float] zeroinitializer, align 16
@static_g = internal addrspace(1) externally_initialized global i64 0
@text = private unnamed_addr addrspace(4) constant [3 x i8] c"ab\00"
@pointer = addrspace(1) externally_initialized global ptr addrspacecast (ptr addrspace(1) @g to ptr)
@nested = addrspace(1) externally_initialized global { ptr, ptr } { ptr getelementptr (i8, ptr addrspacecast (ptr addrspace(4) @c to ptr), i64 4), ptr addrspacecast (ptr addrspace(1) @nested to ptr) }
@plain = internal constant i32 1
@s = internal addrspace(3) global i32 undef
@llvm.compiler.used = appending global [1 x ptr] [ptr addrspacecast (ptr addrspace(1) @static_g to ptr)], section "llvm.metadata"

; CHECK-LABEL: define float @uses
; CHECK: getelementptr [4 x float], ptr @c, i64 0, i64 %i
; CHECK: load i32, ptr @g
; CHECK: store i32 %{{.*}}, ptr @g
; CHECK: addrspacecast (ptr addrspace(3) @s to ptr)
define float @uses(i64 %i) {
  %p = getelementptr [4 x float], ptr addrspacecast (ptr addrspace(4) @c to ptr), i64 0, i64 %i
  %v = load float, ptr %p
  %w = load i32, ptr addrspacecast (ptr addrspace(1) @g to ptr)
  store i32 %w, ptr addrspacecast (ptr addrspace(1) @g to ptr)
  store i32 %w, ptr addrspacecast (ptr addrspace(3) @s to ptr)
  ret float %v
}
