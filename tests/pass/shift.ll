; SPDX-License-Identifier: Apache-2.0
; Shifts by the width or more give 0 or the sign; amounts that are constants within the width stay as they are.
; RUN: shift
; CHECK: ; progress 1

; CHECK-LABEL: define i32 @shift_left
; CHECK: %[[WITHIN:.*]] = icmp ult i32 %n, 32
; CHECK: %[[SHIFTED:.*]] = shl i32 %a, %n
; CHECK: %[[RESULT:.*]] = select i1 %[[WITHIN]], i32 %[[SHIFTED]], i32 0
; CHECK: ret i32 %[[RESULT]]
define i32 @shift_left(i32 %a, i32 %n) {
  %r = shl i32 %a, %n
  ret i32 %r
}

; CHECK-LABEL: define i64 @shift_right
; CHECK: %[[WITHIN:.*]] = icmp ult i64 %n, 64
; CHECK: select i1 %[[WITHIN]], i64 %{{.*}}, i64 0
define i64 @shift_right(i64 %a, i64 %n) {
  %r = lshr i64 %a, %n
  ret i64 %r
}

; CHECK-LABEL: define i32 @shift_signed
; CHECK: %[[WITHIN:.*]] = icmp ult i32 %n, 32
; CHECK: %[[AMOUNT:.*]] = select i1 %[[WITHIN]], i32 %n, i32 31
; CHECK: ashr i32 %a, %[[AMOUNT]]
define i32 @shift_signed(i32 %a, i32 %n) {
  %r = ashr i32 %a, %n
  ret i32 %r
}

; CHECK-LABEL: define i32 @shift_constant
; CHECK-NEXT: shl i32 %a, 31
; CHECK-NEXT: lshr i32 %{{.*}}, 1
; CHECK-NEXT: ret
define i32 @shift_constant(i32 %a) {
  %b = shl i32 %a, 31
  %c = lshr i32 %b, 1
  ret i32 %c
}
