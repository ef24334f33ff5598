; SPDX-License-Identifier: Apache-2.0
; A function that is only called through its address counts as reached by every kernel that calls indirectly.
; RUN: shared
; CHECK: ; kernel 0 ends at 8
; CHECK: ; kernel 1 ends at 4

@own = internal addrspace(3) global i32 undef, align 4
@hidden = internal addrspace(3) global i32 undef, align 4
@table = internal addrspace(1) global ptr @callee

define ptx_kernel void @indirect(ptr %f) {
  store i32 1, ptr addrspacecast (ptr addrspace(3) @own to ptr)
  call void %f()
  ret void
}

define ptx_kernel void @direct() {
  store i32 1, ptr addrspacecast (ptr addrspace(3) @own to ptr)
  ret void
}

; CHECK-LABEL: define internal void @callee
; CHECK: getelementptr inbounds i8, ptr %shared, i64 4
define internal void @callee() {
  store i32 1, ptr addrspacecast (ptr addrspace(3) @hidden to ptr)
  ret void
}
