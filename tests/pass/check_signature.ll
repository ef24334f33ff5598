; SPDX-License-Identifier: Apache-2.0
; Functions of the waist must be declared as they are.
; RUN: check
; CHECK-DAG: error: the device function 'malloc' is declared with a signature that is not its own
; CHECK-DAG: error: the device function 'vprintf' is declared with a signature that is not its own
; CHECK-DAG: error: the device function 'cw.tid.x' is declared with a signature that is not its own
; CHECK-DAG: error: the device function 'cw.barrier' is declared with a signature that is not its own
; CHECK-NOT: 'free'
; CHECK-NOT: 'cw.clock64'
; CHECK: status: not supported
declare ptr @malloc(i32)
declare i32 @vprintf(ptr, ...)
declare i64 @cw.tid.x()
declare void @cw.barrier(i32)
declare void @free(ptr)
declare i64 @cw.clock64()
define ptx_kernel void @k(ptr %p) {
  %a = call ptr @malloc(i32 1)
  %b = call i32 (ptr, ...) @vprintf(ptr %p)
  %c = call i64 @cw.tid.x()
  call void @cw.barrier(i32 0)
  call void @free(ptr %p)
  %d = call i64 @cw.clock64()
  ret void
}
