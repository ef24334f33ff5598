; SPDX-License-Identifier: Apache-2.0
; Variables of different kernels overlap; a variable that kernels share lies behind what each of them has.
; RUN: shared llvm:globaldce
; CHECK: ; progress 1
; CHECK: ; dynamic offset 112
; Kernel order is that of the module: first, second, third, none.
; CHECK: ; kernel 0 ends at 104
; CHECK: ; kernel 1 ends at 104
; CHECK: ; kernel 2 ends at 24
; CHECK: ; kernel 3 ends at 0
; CHECK-NOT: addrspace(3)

@small = internal addrspace(3) global [4 x i32] undef, align 4
@large = internal addrspace(3) global [100 x i8] undef, align 1
@both = internal addrspace(3) global i32 undef, align 4
@wide = internal addrspace(3) global i64 undef, align 8
@unused = internal addrspace(3) global [1000 x i64] undef, align 8

; CHECK-LABEL: define ptx_kernel void @first
; CHECK: %shared = call ptr @cw.shared_base()
; CHECK: %[[SMALL:.*]] = getelementptr inbounds i8, ptr %shared, i64 0
; CHECK: store i32 1, ptr %[[SMALL]]
define ptx_kernel void @first() {
  store i32 1, ptr addrspacecast (ptr addrspace(3) @small to ptr)
  call void @touch()
  ret void
}

; CHECK-LABEL: define ptx_kernel void @second
; CHECK: %[[LARGE:.*]] = getelementptr inbounds i8, ptr %shared, i64 0
; CHECK: store i8 1, ptr %[[LARGE]]
define ptx_kernel void @second() {
  store i8 1, ptr addrspacecast (ptr addrspace(3) @large to ptr)
  call void @touch()
  ret void
}

; CHECK-LABEL: define ptx_kernel void @third
; CHECK-DAG: getelementptr inbounds i8, ptr %shared, i64 0
; CHECK-DAG: getelementptr inbounds i8, ptr %shared, i64 16
define ptx_kernel void @third() {
  store i32 1, ptr addrspacecast (ptr addrspace(3) @small to ptr)
  store i64 1, ptr addrspacecast (ptr addrspace(3) @wide to ptr)
  ret void
}

; CHECK-LABEL: define ptx_kernel void @none
; CHECK-NEXT: ret void
define ptx_kernel void @none() {
  ret void
}

; A function that kernels share finds its variable at one offset, whoever calls it.
; CHECK-LABEL: define internal void @touch
; CHECK: %[[BOTH:.*]] = getelementptr inbounds i8, ptr %shared, i64 100
; CHECK: store i32 2, ptr %[[BOTH]]
define internal void @touch() {
  store i32 2, ptr addrspacecast (ptr addrspace(3) @both to ptr)
  ret void
}
