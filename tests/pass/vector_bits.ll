; SPDX-License-Identifier: Apache-2.0
; Bits of numbers that rise from lane to lane, from a multiple of their number on: what lies above the lanes' bits is the same in all of
; them. Numbers that are never negative have no sign to copy. Local arrays of bytes are laid out by lane where offsets are multiples of what is accessed.
; RUN: cpu-vectorise
declare i32 @cw.tid.x()
declare i32 @cw.ntid.x()

; t & 192: one element for all lanes.
; CHECK-LABEL: define internal void @above.rows(
; CHECK-NOT: gather
; CHECK: load i32, ptr
; CHECK-NOT: gather
; CHECK: ret void
define ptx_kernel void @above(ptr %in, ptr %out) {
  %t = call i32 @cw.tid.x()
  %high = and i32 %t, 192
  %k = zext nneg i32 %high to i64
  %p = getelementptr i32, ptr %in, i64 %k
  %v = load i32, ptr %p, align 4
  %x = zext nneg i32 %t to i64
  %q = getelementptr i32, ptr %out, i64 %x
  store i32 %v, ptr %q, align 4
  ret void
}

; 4 t & 60 and 4 t | 1024: bytes that rise by four.
; CHECK-LABEL: define internal void @scaled.rows(
; CHECK-NOT: gather
; CHECK: load <4 x i32>
; CHECK: load <4 x i32>
; CHECK-NOT: gather
; CHECK: ret void
define ptx_kernel void @scaled(ptr %in, ptr %out) {
  %t = call i32 @cw.tid.x()
  %bytes = shl nuw nsw i32 %t, 2
  %low = and i32 %bytes, 60
  %k = zext nneg i32 %low to i64
  %p = getelementptr i8, ptr %in, i64 %k
  %v = load i32, ptr %p, align 4
  %high = or i32 %bytes, 1024
  %h = zext nneg i32 %high to i64
  %r = getelementptr i8, ptr %in, i64 %h
  %w = load i32, ptr %r, align 4
  %sum = add i32 %v, %w
  %x = zext nneg i32 %t to i64
  %q = getelementptr i32, ptr %out, i64 %x
  store i32 %sum, ptr %q, align 4
  ret void
}

; t & 6: bits that lanes differ in go in part only.
; CHECK-LABEL: define internal void @parted.rows(
; CHECK: and <4 x i32> {{.*}}, splat (i32 6)
; CHECK: ret void
define ptx_kernel void @parted(ptr %in, ptr %out) {
  %t = call i32 @cw.tid.x()
  %low = and i32 %t, 6
  %k = zext nneg i32 %low to i64
  %p = getelementptr i32, ptr %in, i64 %k
  %v = load i32, ptr %p, align 4
  %x = zext nneg i32 %t to i64
  %q = getelementptr i32, ptr %out, i64 %x
  store i32 %v, ptr %q, align 4
  ret void
}

; i / 64 as compilers round it: i rises from t, so that its sign is 0.
; CHECK-LABEL: define internal void @signs.rows(
; CHECK-NOT: ashr
; CHECK: ret void
; A number that comes from memory may be negative.
; CHECK-LABEL: define internal void @unknown_signs.rows(
; CHECK: ashr
; CHECK: ret void
define ptx_kernel void @signs(ptr %out, i32 %n) {
entry:
  %t = call i32 @cw.tid.x()
  %odd = and i32 %t, 1
  %further = icmp eq i32 %odd, 0
  br i1 %further, label %skip, label %loop
skip:
  %later = add nuw nsw i32 %t, 64
  br label %loop
loop:
  %i = phi i32 [ %t, %entry ], [ %later, %skip ], [ %next, %loop ]
  %sign = ashr i32 %i, 31
  %rounding = lshr i32 %sign, 26
  %sum = add i32 %i, %rounding
  %row = lshr i32 %sum, 6
  %x = zext nneg i32 %row to i64
  %q = getelementptr i32, ptr %out, i64 %x
  store i32 %i, ptr %q, align 4
  %next = add nuw nsw i32 %i, 64
  %more = icmp slt i32 %next, %n
  br i1 %more, label %loop, label %done
done:
  ret void
}

define ptx_kernel void @unknown_signs(ptr %out, ptr %in) {
  %t = call i32 @cw.tid.x()
  %x = zext nneg i32 %t to i64
  %p = getelementptr i32, ptr %in, i64 %x
  %i = load i32, ptr %p, align 4
  %sign = ashr i32 %i, 31
  %q = getelementptr i32, ptr %out, i64 %x
  store i32 %sign, ptr %q, align 4
  ret void
}

; Offsets of bytes, each a multiple of four: whole vectors.
; CHECK-LABEL: define internal void @bytes.rows(
; CHECK-NOT: scatter
; CHECK-NOT: gather
; CHECK: ret void
define ptx_kernel void @bytes(ptr %out, i32 %a, i32 %b) {
  %array = alloca [128 x i8], align 16
  %t = call i32 @cw.tid.x()
  %k = and i32 %a, 31
  %first = zext nneg i32 %k to i64
  %at = shl nuw nsw i64 %first, 2
  %p = getelementptr i8, ptr %array, i64 %at
  store i32 %t, ptr %p, align 4
  %l = and i32 %b, 31
  %second = zext nneg i32 %l to i64
  %there = shl nuw nsw i64 %second, 2
  %r = getelementptr i8, ptr %array, i64 %there
  %v = load i32, ptr %r, align 4
  %x = zext nneg i32 %t to i64
  %q = getelementptr i32, ptr %out, i64 %x
  store i32 %v, ptr %q, align 4
  ret void
}

; (t >> 1) & 62 is (t & 124) >> 1: one element for all lanes.
; CHECK-LABEL: define internal void @masked_late.rows(
; CHECK-NOT: gather
; CHECK: and i32 %{{.*}}, 124
; CHECK: load i32, ptr
; CHECK-NOT: gather
; CHECK: ret void
define ptx_kernel void @masked_late(ptr %in, ptr %out) {
  %t = call i32 @cw.tid.x()
  %shifted = lshr i32 %t, 1
  %masked = and i32 %shifted, 62
  %k = zext nneg i32 %masked to i64
  %p = getelementptr i32, ptr %in, i64 %k
  %v = load i32, ptr %p, align 4
  %x = zext nneg i32 %t to i64
  %q = getelementptr i32, ptr %out, i64 %x
  store i32 %v, ptr %q, align 4
  ret void
}

; The first of four threads stores 2 bytes at t / 4 * 2, which compilers of PTX write as t >> 1 & ~1, and of which LLVM then drops the mask, because
; the branch leaves no such bit. It is an address that all lanes share.
; CHECK-LABEL: define internal void @guarded.rows(
; CHECK-NOT: scatter
; CHECK: store i16
; CHECK-NOT: scatter
; CHECK: ret void
define ptx_kernel void @guarded(ptr %in, ptr %out) {
  %t = call i32 @cw.tid.x()
  %x = zext nneg i32 %t to i64
  %p = getelementptr i16, ptr %in, i64 %x
  %v = load i16, ptr %p, align 2
  %rest = and i32 %t, 3
  %other = icmp ne i32 %rest, 0
  br i1 %other, label %end, label %first
first:
  %half = lshr i32 %t, 1
  %bytes = and i32 %half, 2147483646
  %k = zext nneg i32 %bytes to i64
  %q = getelementptr i8, ptr %out, i64 %k
  store i16 %v, ptr %q, align 2
  br label %end
end:
  ret void
}

; Compilers of PTX write t + 64 without saying that it doesn't wrap around; the loop's comparison says so: its sign is 0, and one element is loaded
; for all lanes.
; CHECK-LABEL: define internal void @small_sums.rows(
; CHECK-NOT: gather
; CHECK: ret void
define ptx_kernel void @small_sums(ptr %in, ptr %out) {
  %t = call i32 @cw.tid.x()
  br label %turn
turn:
  %i = phi i32 [ %t, %0 ], [ %next, %turn ]
  %j = add i32 %i, 64
  %sign = ashr i32 %j, 31
  %round = lshr i32 %sign, 26
  %sum = add i32 %j, %round
  %whole = and i32 %sum, -64
  %k = sext i32 %whole to i64
  %p = getelementptr i32, ptr %in, i64 %k
  %v = load i32, ptr %p, align 4
  %x = sext i32 %i to i64
  %q = getelementptr i32, ptr %out, i64 %x
  store i32 %v, ptr %q, align 4
  %next = add i32 %i, 256
  %more = icmp slt i32 %i, 1792
  br i1 %more, label %turn, label %done
done:
  ret void
}
