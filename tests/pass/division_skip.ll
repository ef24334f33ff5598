; SPDX-License-Identifier: Apache-2.0
; Divisors that are other constants stay as they are, and so does everything that is no integer division.
; RUN: division
; CHECK: ; progress 0

; CHECK-LABEL: define i32 @skip_constants
; CHECK-NOT: select
; CHECK: sdiv i32 %a, 7
; CHECK-NEXT: srem i32 %{{.*}}, -2147483648
; CHECK-NEXT: udiv i32 %{{.*}}, 3
; CHECK-NEXT: urem i32 %{{.*}}, -2
define i32 @skip_constants(i32 %a) {
  %b = sdiv i32 %a, 7
  %c = srem i32 %b, -2147483648
  %d = udiv i32 %c, 3
  %e = urem i32 %d, -2
  ret i32 %e
}

; CHECK-LABEL: define float @skip_float
; CHECK-NEXT: fdiv float %a, %b
; CHECK-NEXT: frem float
define float @skip_float(float %a, float %b) {
  %q = fdiv float %a, %b
  %r = frem float %q, %b
  ret float %r
}

; CHECK-LABEL: define i32 @skip_other_arithmetic
; CHECK-NEXT: lshr
; CHECK-NEXT: mul
; CHECK-NEXT: ret
define i32 @skip_other_arithmetic(i32 %a, i32 %b) {
  %c = lshr i32 %a, %b
  %d = mul i32 %c, %b
  ret i32 %d
}
