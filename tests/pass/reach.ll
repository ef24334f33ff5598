; SPDX-License-Identifier: Apache-2.0
; RUN: reach
; CHECK-DAG: leaf reaches: leaf.
; CHECK-DAG: chain reaches: leaf chain.
; CHECK-DAG: waits (suspends) reaches: waits.
; CHECK-DAG: above (suspends) reaches: waits above.
; CHECK-DAG: itself (recursive) reaches: itself.
; CHECK-DAG: ping (recursive) reaches: leaf ping pong.
; CHECK-DAG: pong (recursive) reaches: leaf ping pong.
; An indirect call reaches what has its address taken, the vtable's function and the callback, and nothing else.
; CHECK-DAG: indirect (suspends) reaches: waits virtual callback indirect.
; CHECK-DAG: passes (suspends) reaches: waits virtual callback indirect passes.
@vtable = constant [1 x ptr] [ptr @virtual]
declare void @cw.barrier(i32, i32)

define void @leaf() {
  ret void
}
define void @chain() {
  call void @leaf()
  ret void
}
define void @waits() {
  call void @cw.barrier(i32 0, i32 0)
  ret void
}
define void @above() {
  call void @waits()
  ret void
}
define void @itself() {
  call void @itself()
  ret void
}
define void @ping() {
  call void @pong()
  ret void
}
define void @pong() {
  call void @ping()
  call void @leaf()
  ret void
}
define void @virtual() {
  call void @waits()
  ret void
}
define void @callback() {
  ret void
}
define void @indirect(ptr %f) {
  call void %f()
  ret void
}
define void @passes() {
  call void @indirect(ptr @callback)
  ret void
}
