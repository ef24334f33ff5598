; SPDX-License-Identifier: Apache-2.0
; Code for blocks of 32 by 8: blockDim is constant, in functions that stay calls too, and variables are reached through slots that have
; their names.
; RUN: cpu-shape

target triple = "nvptx64-nvidia-cuda"

declare i32 @cw.ntid.x()
declare i32 @cw.ntid.y()

@total = addrspace(1) externally_initialized global i32 0, align 4
@scale = addrspace(4) externally_initialized constant i32 0, align 4
@unused = addrspace(1) externally_initialized global i32 0, align 4
@static = internal addrspace(1) global [4 x i32] zeroinitializer, align 4
@names = private addrspace(1) constant [2 x i32] [i32 1, i32 2]

; CHECK-DAG: @total = internal externally_initialized global ptr null
; CHECK-DAG: @scale = internal externally_initialized global ptr null
; CHECK-DAG: @static = internal externally_initialized global ptr null
; CHECK-NOT: @unused
; CHECK-DAG: [3 x i32] [i32 32, i32 8, i32 1]

; CHECK-LABEL: define {{.*}}@area
; CHECK: mul i32 32, 8
define i32 @area() noinline {
  %x = call i32 @cw.ntid.x()
  %y = call i32 @cw.ntid.y()
  %area = mul i32 %x, %y
  ret i32 %area
}

; CHECK-LABEL: define internal void @kernel.run(
; CHECK: load ptr, ptr @scale, align 8, !invariant.load
; CHECK: load ptr, ptr @static, align 8, !invariant.load
; CHECK: getelementptr {{.*}}i64 8
; CHECK: load ptr, ptr @total, align 8, !invariant.load
define ptx_kernel void @kernel() {
  %area = call i32 @area()
  %scale = load i32, ptr addrspace(4) @scale, align 4
  %sum = add i32 %area, %scale
  store i32 %sum, ptr addrspace(1) getelementptr (i8, ptr addrspace(1) @static, i64 8), align 4
  store i32 %sum, ptr addrspace(1) @total, align 4
  ret void
}
