; SPDX-License-Identifier: Apache-2.0
; Empty assembly orders the compiler where it clobbers memory, and does nothing where it doesn't.
; RUN: canonical
; CHECK-LABEL: define i32 @barrier
; CHECK-NEXT: store
; CHECK-NEXT: fence syncscope("singlethread") seq_cst
; CHECK-NEXT: load
; CHECK-NEXT: ret
define i32 @barrier(ptr %p) {
  store i32 1, ptr %p
  call void asm sideeffect "", "~{memory}"()
  %v = load i32, ptr %p
  ret i32 %v
}

; CHECK-LABEL: define void @used
; CHECK-NEXT: ret void
define void @used(i32 %x) {
  call void asm sideeffect "", "r"(i32 %x)
  ret void
}

; Assembly that says or gives something stays, for check to refuse.
; CHECK-LABEL: define i32 @skip
; CHECK: call void asm sideeffect "bar.sync 0;"
; CHECK: call i32 asm "", "=r,0"
define i32 @skip(i32 %x) {
  call void asm sideeffect "bar.sync 0;", ""()
  %y = call i32 asm "", "=r,0"(i32 %x)
  ret i32 %y
}
