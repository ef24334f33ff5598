; SPDX-License-Identifier: Apache-2.0
; A variable that outlives the block can't begin with the address of a shared one.
; RUN: check
; CHECK-DAG: error: static or device variable 'kept' is initialised with the address of the shared variable 's'
; CHECK-DAG: error: static or device variable 'table' is initialised with the address of the shared variable 's'
; CHECK: status: not supported
@s = internal addrspace(3) global [4 x i32] undef
@kept = internal addrspace(4) constant ptr addrspacecast (ptr addrspace(3) @s to ptr)
@table = addrspace(1) externally_initialized global [2 x ptr] [ptr null, ptr getelementptr (i8, ptr addrspacecast (ptr addrspace(3) @s to ptr), i64 4)]
define ptx_kernel void @k(ptr %p) {
  store i32 0, ptr addrspacecast (ptr addrspace(3) @s to ptr)
  ret void
}
