; SPDX-License-Identifier: Apache-2.0
; Dynamic arrays all begin at one place behind every kernel's static part, aligned for the most demanding of them.
; RUN: shared llvm:globaldce
; CHECK: ; dynamic offset 64
; CHECK: ; kernel 0 ends at 20
; CHECK: ; kernel 1 ends at 0
; CHECK-NOT: addrspace(3)

@floats = external addrspace(3) global [0 x float], align 4
@bytes = external addrspace(3) global [0 x i8], align 64
@fixed = internal addrspace(3) global [5 x i32] undef, align 4

; CHECK-LABEL: define ptx_kernel void @a
; CHECK: getelementptr inbounds i8, ptr %shared, i64 64
; CHECK: getelementptr inbounds i8, ptr %shared, i64 0
define ptx_kernel void @a() {
  store float 1.0, ptr addrspacecast (ptr addrspace(3) @floats to ptr)
  store i32 1, ptr addrspacecast (ptr addrspace(3) @fixed to ptr)
  ret void
}

; CHECK-LABEL: define ptx_kernel void @b
; CHECK: getelementptr inbounds i8, ptr %shared, i64 64
define ptx_kernel void @b() {
  store i8 1, ptr addrspacecast (ptr addrspace(3) @bytes to ptr)
  ret void
}
