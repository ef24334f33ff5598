; SPDX-License-Identifier: Apache-2.0
; __constant__ memory: loads are invariant, the variables writable. Constants of device code alone stay constant.
; RUN: cpu-constants
; CHECK: @c = externally_initialized global [4 x i32]
; CHECK: @table = internal constant [2 x i32]
; CHECK: @g = externally_initialized global i32
@c = externally_initialized constant [4 x i32] zeroinitializer
@table = internal constant [2 x i32] [i32 1, i32 2]
@g = externally_initialized global i32 0

; CHECK-LABEL: define i32 @loads
; CHECK: %a = load i32, ptr %e, align 4, !invariant.load
; CHECK: %b = load i32, ptr getelementptr (i8, ptr @c, i64 4), align 4, !invariant.load
; CHECK: %d = load i32, ptr @g, align 4{{$}}
; CHECK: %f = load i32, ptr @table, align 4{{$}}
; CHECK: %h = load volatile i32, ptr @c, align 4{{$}}
; CHECK: %j = load i32, ptr %p, align 4{{$}}
define i32 @loads(i64 %i, ptr %p) {
  %e = getelementptr [4 x i32], ptr @c, i64 0, i64 %i
  %a = load i32, ptr %e
  %b = load i32, ptr getelementptr (i8, ptr @c, i64 4)
  %d = load i32, ptr @g
  %f = load i32, ptr @table
  %h = load volatile i32, ptr @c
  %j = load i32, ptr %p
  ret i32 %a
}
