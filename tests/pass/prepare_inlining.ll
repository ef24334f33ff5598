; SPDX-License-Identifier: Apache-2.0
; Everything but kernels becomes internal and, unless there is a reason against it, is inlined.
; RUN: prepare-inlining

$odr = comdat any

; CHECK: define ptx_kernel void @kernel(ptr %p) #[[KERNEL:[0-9]+]] {
define ptx_kernel void @kernel(ptr %p) #0 {
  %a = call i32 @inline_me(i32 1)
  %b = call i32 @odr(i32 1)
  %c = call i32 @keep_call(i32 1)
  %d = call i32 @recursive(i32 1)
  %e = call i32 @even(i32 1)
  ret void
}

; CHECK: define internal i32 @inline_me(i32 %x) #[[INLINE:[0-9]+]] {
define i32 @inline_me(i32 %x) #1 {
  ret i32 %x
}

; CHECK: define internal i32 @odr(i32 %x) #[[INLINE]] {
define linkonce_odr i32 @odr(i32 %x) #1 comdat {
  ret i32 %x
}

; CHECK: define internal i32 @keep_call(i32 %x) #[[CALL:[0-9]+]] {
define i32 @keep_call(i32 %x) #2 {
  ret i32 %x
}

; CHECK: define internal i32 @recursive(i32 %x) #[[RECURSIVE:[0-9]+]] {
define i32 @recursive(i32 %x) #1 {
  %y = call i32 @recursive(i32 %x)
  ret i32 %y
}

; CHECK: define internal i32 @even(i32 %x) #[[RECURSIVE]] {
define i32 @even(i32 %x) #1 {
  %y = call i32 @odd(i32 %x)
  ret i32 %y
}

; CHECK: define internal i32 @odd(i32 %x) #[[RECURSIVE]] {
define i32 @odd(i32 %x) #1 {
  %y = call i32 @even(i32 %x)
  ret i32 %y
}

; A kernel that was compiled without optimisation is inlined into its entries all the same.
; CHECK: define ptx_kernel void @unoptimised() #[[KERNEL]] {
define ptx_kernel void @unoptimised() #3 {
  ret void
}

; CHECK-DAG: attributes #[[KERNEL]] = { nounwind }
; CHECK-DAG: attributes #[[INLINE]] = { alwaysinline nounwind }
; CHECK-DAG: attributes #[[CALL]] = { noinline nounwind }
; CHECK-DAG: attributes #[[RECURSIVE]] = { {{(inlinehint )?}}nounwind }
attributes #0 = { noinline nounwind "target-cpu"="sm_80" "target-features"="+ptx83,+sm_80" "nvvm.maxntid"="256" }
attributes #1 = { inlinehint nounwind "target-cpu"="sm_80" "target-features"="+ptx83,+sm_80" }
attributes #2 = { noinline nounwind "target-cpu"="sm_80" }
attributes #3 = { noinline nounwind optnone "target-cpu"="sm_80" }
