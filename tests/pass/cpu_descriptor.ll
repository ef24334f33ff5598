; SPDX-License-Identifier: Apache-2.0
; The artifact's one exported symbol, and what it leads to.
; RUN: cpu-descriptor
; CHECK: @g = internal externally_initialized global i32 5
; CHECK: @cw.kernels = private constant [2 x { ptr, {{.*}} }] [{ ptr, {{.*}} } { ptr @cw.name, ptr @first.run, ptr null, ptr null, i32 0, i32 1, i32 0, i32 0, i32 0, i32 0, i32 40, i32 48, i32 8, i32 128, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0 }, { ptr, {{.*}} } { ptr @{{.*}}, ptr @second.run, ptr @second.all, ptr null, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 40, i32 48, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0, i32 0 }]
; CHECK: @cw.imports = private constant [2 x { ptr, ptr }]
; CHECK: @cw.variables = private constant [1 x { ptr, ptr, i64 }] [{ ptr, ptr, i64 } { ptr @{{.*}}, ptr @g, i64 4 }]
; CHECK: @cw_cpu_artifact = constant { i32, i32, ptr, i32, i32, ptr, ptr, [3 x i32] } { i32 {{[0-9]+}}, i32 2, ptr @cw.kernels, i32 2, i32 1, ptr @cw.imports, ptr @cw.variables, [3 x i32] zeroinitializer }
; CHECK: define internal void @first.run
@first_only = internal addrspace(3) global [4 x i32] undef, align 4
@second_only = internal addrspace(3) global [9 x i32] undef, align 4
@both = internal addrspace(3) global i32 undef, align 4
@g = externally_initialized global i32 5
declare void @cw.barrier(i32, i32)

; The size is what the layout reaches up to, gaps included: 36 + 4 for both, though the first has 20 bytes of its own.
define ptx_kernel void @first(ptr %p) "nvvm.maxntid"="128" {
  store i32 1, ptr addrspacecast (ptr addrspace(3) @first_only to ptr)
  store i32 1, ptr addrspacecast (ptr addrspace(3) @both to ptr)
  call void @cw.barrier(i32 0, i32 0)
  ret void
}
define ptx_kernel void @second() {
  store i32 1, ptr addrspacecast (ptr addrspace(3) @second_only to ptr)
  store i32 1, ptr addrspacecast (ptr addrspace(3) @both to ptr)
  ret void
}
