; SPDX-License-Identifier: Apache-2.0
; A module without shared variables stays as it is.
; RUN: shared
; CHECK: ; progress 0
; CHECK: ; dynamic offset 0
; CHECK-NOT: cw.shared_base

@g = addrspace(1) externally_initialized global i32 7
@c = addrspace(4) externally_initialized constant i32 7

; CHECK-LABEL: define ptx_kernel void @k
; CHECK-NEXT: load i32, ptr addrspacecast (ptr addrspace(1) @g to ptr)
define ptx_kernel void @k(ptr %p) {
  %v = load i32, ptr addrspacecast (ptr addrspace(1) @g to ptr)
  %w = load i32, ptr addrspacecast (ptr addrspace(4) @c to ptr)
  store i32 %v, ptr %p
  ret void
}
