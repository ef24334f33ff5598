; SPDX-License-Identifier: Apache-2.0
; A function that calls indirectly and whose address is taken may call itself.
; RUN: reach
; CHECK: back (recursive) reaches: back.
; CHECK: start reaches: back start.
define void @back(ptr %f) {
  call void %f(ptr %f)
  ret void
}
define void @start() {
  call void @back(ptr @back)
  ret void
}
