; SPDX-License-Identifier: Apache-2.0
; Addresses of the waist's functions become addresses of functions that call them; direct calls stay.
; RUN: canonical
; CHECK: @vtable = constant { [3 x ptr] } { [3 x ptr] [ptr null, ptr null, ptr @__cxa_pure_virtual.address] }
@vtable = constant { [3 x ptr] } { [3 x ptr] [ptr null, ptr null, ptr @__cxa_pure_virtual] }
declare void @__cxa_pure_virtual()
declare i32 @vprintf(ptr, ptr)
declare i32 @cw.tid.x()
declare ptr @malloc(i64)

; CHECK-LABEL: define i32 @direct
; CHECK: call i32 @vprintf(ptr %f, ptr %a)
; CHECK: store ptr @vprintf.address, ptr %a
; CHECK: call i32 @apply(ptr @vprintf.address, ptr %f)
define i32 @direct(ptr %f, ptr %a) {
  %n = call i32 @vprintf(ptr %f, ptr %a)
  store ptr @vprintf, ptr %a
  %m = call i32 @apply(ptr @vprintf, ptr %f)
  ret i32 %m
}

define i32 @apply(ptr %g, ptr %f) {
  %n = call i32 %g(ptr %f, ptr null)
  ret i32 %n
}

; CHECK-LABEL: define ptr @skip_direct
; CHECK: call i32 @cw.tid.x()
; CHECK: call ptr @malloc(i64 8)
define ptr @skip_direct() {
  %i = call i32 @cw.tid.x()
  %p = call ptr @malloc(i64 8)
  ret ptr %p
}

; CHECK-NOT: cw.tid.x.address
; CHECK-LABEL: define internal void @__cxa_pure_virtual.address()
; CHECK: call void @__cxa_pure_virtual()
; CHECK: ret void
; CHECK-LABEL: define internal i32 @vprintf.address(ptr %0, ptr %1)
; CHECK: call i32 @vprintf(ptr %0, ptr %1)
; CHECK: ret i32
