; SPDX-License-Identifier: Apache-2.0
; Divisors that may be 0, or -1 for the lowest dividend, are replaced by 1 there, for every width.
; RUN: division
; CHECK: ; progress 1

; CHECK-LABEL: define i32 @guard_signed
; CHECK: %[[ZERO:.*]] = icmp eq i32 %b, 0
; CHECK: %[[MINUS:.*]] = icmp eq i32 %b, -1
; CHECK: %[[LOW:.*]] = icmp eq i32 %a, -2147483648
; CHECK: %[[WRAPS:.*]] = and i1 %[[MINUS]], %[[LOW]]
; CHECK: %[[BAD:.*]] = or i1 %[[ZERO]], %[[WRAPS]]
; CHECK: %[[SAFE:.*]] = select i1 %[[BAD]], i32 1, i32 %b
; CHECK: sdiv i32 %a, %[[SAFE]]
define i32 @guard_signed(i32 %a, i32 %b) {
  %q = sdiv i32 %a, %b
  ret i32 %q
}

; CHECK-LABEL: define i32 @guard_unsigned
; CHECK: %[[ZERO:.*]] = icmp eq i32 %b, 0
; CHECK-NOT: -1
; CHECK: %[[SAFE:.*]] = select i1 %[[ZERO]], i32 1, i32 %b
; CHECK: urem i32 %a, %[[SAFE]]
define i32 @guard_unsigned(i32 %a, i32 %b) {
  %r = urem i32 %a, %b
  ret i32 %r
}

; CHECK-LABEL: define i8 @guard_i8
; CHECK: icmp eq i8 %a, -128
; CHECK: srem i8 %a,
define i8 @guard_i8(i8 %a, i8 %b) {
  %r = srem i8 %a, %b
  ret i8 %r
}

; CHECK-LABEL: define i16 @guard_i16
; CHECK: icmp eq i16 %a, -32768
define i16 @guard_i16(i16 %a, i16 %b) {
  %q = sdiv i16 %a, %b
  ret i16 %q
}

; CHECK-LABEL: define i64 @guard_i64
; CHECK: icmp eq i64 %a, -9223372036854775808
define i64 @guard_i64(i64 %a, i64 %b) {
  %q = sdiv i64 %a, %b
  ret i64 %q
}

; CHECK-LABEL: define i128 @guard_i128
; CHECK: icmp eq i128 %b, 0
; CHECK: icmp eq i128 %b, -1
; CHECK: icmp eq i128 %a, -170141183460469231731687303715884105728
; CHECK: sdiv i128 %a,
define i128 @guard_i128(i128 %a, i128 %b) {
  %q = sdiv i128 %a, %b
  ret i128 %q
}

; CHECK-LABEL: define <4 x i32> @guard_vector
; CHECK: icmp eq <4 x i32> %b, zeroinitializer
; CHECK: icmp eq <4 x i32> %b, splat (i32 -1)
; CHECK: icmp eq <4 x i32> %a, splat (i32 -2147483648)
; CHECK: %[[SAFE:.*]] = select <4 x i1> %{{.*}}, <4 x i32> splat (i32 1), <4 x i32> %b
; CHECK: sdiv <4 x i32> %a, %[[SAFE]]
define <4 x i32> @guard_vector(<4 x i32> %a, <4 x i32> %b) {
  %q = sdiv <4 x i32> %a, %b
  ret <4 x i32> %q
}

; CHECK-LABEL: define i32 @guard_constant_zero
; CHECK: %[[SAFE:.*]] = select i1 %{{.*}}, i32 1, i32 0
; CHECK: sdiv i32 %a, %[[SAFE]]
define i32 @guard_constant_zero(i32 %a) {
  %q = sdiv i32 %a, 0
  ret i32 %q
}

; CHECK-LABEL: define i32 @guard_constant_minus_one
; CHECK: %[[LOW:.*]] = icmp eq i32 %a, -2147483648
; CHECK: and i1 true, %[[LOW]]
; CHECK: %[[SAFE:.*]] = select i1 %{{.*}}, i32 1, i32 -1
; CHECK: sdiv i32 %a, %[[SAFE]]
define i32 @guard_constant_minus_one(i32 %a) {
  %q = sdiv i32 %a, -1
  ret i32 %q
}

; A dividend that is the lowest value does not excuse from the guard.
; CHECK-LABEL: define i32 @guard_constant_dividend
; CHECK: icmp eq i32 %b, 0
; CHECK: select i1
define i32 @guard_constant_dividend(i32 %b) {
  %q = sdiv i32 -2147483648, %b
  ret i32 %q
}
