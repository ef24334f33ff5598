; SPDX-License-Identifier: Apache-2.0
; How many vectors stand side by side, and along which axis.
; RUN: cpu-vectorise-16
declare i32 @cw.tid.x()
declare i32 @cw.tid.y()
declare i32 @cw.ntid.x()
declare i32 @cw.ctaid.x()
declare i32 @cw.nctaid.x()
declare void @cw.barrier(i32, i32)

; CHECK: straight: {{.*}} parts 1 of 1, few 1
; CHECK: turns: {{.*}} parts 4 of 1, few 1
; CHECK: calls: {{.*}} parts 1 of 1, few 1
; CHECK: strides: {{.*}} parts 16 of 1, few 8
; CHECK: tile: {{.*}} parts 4 of 2 along y, few 4
; CHECK: tile_apart: {{.*}} parts 2 of 2 along y, few 4
; CHECK: shared_row: {{.*}} parts 8 of 1 along y, few 1
; CHECK: columns: {{.*}} parts 2 of 2 along y, few 8
; CHECK: edged: {{.*}} parts 2 of 2 along y, few 8
; CHECK: border: {{.*}} parts 2 of 2 along y, one row, few 4
; CHECK-NOT: @columns.edges(
; CHECK: define internal void @edged.edges(
; CHECK: define internal i32 @border.rows(
; CHECK: call void @llvm.masked.store.v32f32.p0({{.*}}<32 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false,
; CHECK: define internal i32 @border.narrow(

; No loop: nothing to wait for.
define ptx_kernel void @straight(ptr %out) {
  %t = call i32 @cw.tid.x()
  %x = zext nneg i32 %t to i64
  %p = getelementptr i32, ptr %out, i64 %x
  store i32 %t, ptr %p, align 4
  ret void
}

define ptx_kernel void @turns(ptr %out, i32 %n, float %a) {
entry:
  %t = call i32 @cw.tid.x()
  %x = zext nneg i32 %t to i64
  %p = getelementptr float, ptr %out, i64 %x
  %first = uitofp i32 %t to float
  br label %loop
loop:
  %k = phi i32 [ 0, %entry ], [ %next, %loop ]
  %v = phi float [ %first, %entry ], [ %w, %loop ]
  %square = fmul float %v, %v
  %w = fadd float %square, %a
  %next = add i32 %k, 1
  %done = icmp eq i32 %next, %n
  br i1 %done, label %end, label %loop
end:
  store float %w, ptr %p, align 4
  ret void
}

; Calls run lane by lane.
define float @recursive(float %v) noinline {
  %r = call float @recursive(float %v)
  ret float %r
}
define ptx_kernel void @calls(ptr %out, i32 %n) {
entry:
  %t = call i32 @cw.tid.x()
  %x = zext nneg i32 %t to i64
  %p = getelementptr float, ptr %out, i64 %x
  br label %loop
loop:
  %k = phi i32 [ 0, %entry ], [ %next, %loop ]
  %v = phi float [ 0.0, %entry ], [ %w, %loop ]
  %w = call float @recursive(float %v)
  %next = add i32 %k, 1
  %done = icmp eq i32 %next, %n
  br i1 %done, label %end, label %loop
end:
  store float %w, ptr %p, align 4
  ret void
}

; Through memory in strides: the whole block's row at a time.
define ptx_kernel void @strides(ptr %in, ptr %out, i32 %n) {
entry:
  %t = call i32 @cw.tid.x()
  %w = call i32 @cw.ntid.x()
  br label %loop
loop:
  %i = phi i32 [ %t, %entry ], [ %next, %loop ]
  %sum = phi float [ 0.0, %entry ], [ %more, %loop ]
  %x = sext i32 %i to i64
  %p = getelementptr float, ptr %in, i64 %x
  %v = load float, ptr %p, align 4
  %more = fadd float %sum, %v
  %next = add nsw i32 %i, %w
  %goes = icmp slt i32 %next, %n
  br i1 %goes, label %loop, label %end
end:
  %y = zext nneg i32 %t to i64
  %q = getelementptr float, ptr %out, i64 %y
  store float %more, ptr %q, align 4
  ret void
}

; Tiles of two dimensions between barriers: four rows of two vectors.
define ptx_kernel void @tile(ptr %in, ptr %out, i32 %n) {
entry:
  %t = call i32 @cw.tid.x()
  %u = call i32 @cw.tid.y()
  %line = mul nuw nsw i32 %u, 32
  %place = add nuw nsw i32 %line, %t
  %x = zext nneg i32 %place to i64
  %p = getelementptr float, ptr %in, i64 %x
  %column = zext nneg i32 %t to i64
  %r = getelementptr float, ptr %in, i64 %column
  br label %loop
loop:
  %k = phi i32 [ 0, %entry ], [ %next, %loop ]
  %sum = phi float [ 0.0, %entry ], [ %more, %loop ]
  %u1 = load float, ptr %p, align 4
  %v1 = load float, ptr %r, align 4
  %v = fadd float %u1, %v1
  call void @cw.barrier(i32 0, i32 0)
  %more = fadd float %sum, %v
  %next = add i32 %k, 1
  %done = icmp eq i32 %next, %n
  br i1 %done, label %end, label %loop
end:
  %q = getelementptr float, ptr %out, i64 %x
  store float %more, ptr %q, align 4
  ret void
}

; The same where rows load nothing in common: two rows.
define ptx_kernel void @tile_apart(ptr %in, ptr %out, i32 %n) {
entry:
  %t = call i32 @cw.tid.x()
  %u = call i32 @cw.tid.y()
  %line = mul nuw nsw i32 %u, 32
  %place = add nuw nsw i32 %line, %t
  %x = zext nneg i32 %place to i64
  %p = getelementptr float, ptr %in, i64 %x
  br label %loop
loop:
  %k = phi i32 [ 0, %entry ], [ %next, %loop ]
  %sum = phi float [ 0.0, %entry ], [ %more, %loop ]
  %v = load float, ptr %p, align 4
  call void @cw.barrier(i32 0, i32 0)
  %more = fadd float %sum, %v
  %next = add i32 %k, 1
  %done = icmp eq i32 %next, %n
  br i1 %done, label %end, label %loop
end:
  %q = getelementptr float, ptr %out, i64 %x
  store float %more, ptr %q, align 4
  ret void
}

; Rows have what depends on x in common: many of them.
define ptx_kernel void @shared_row(ptr %in, ptr %out, i32 %n) {
entry:
  %t = call i32 @cw.tid.x()
  %u = call i32 @cw.tid.y()
  %x = zext nneg i32 %t to i64
  %p = getelementptr float, ptr %in, i64 %x
  %scale = uitofp i32 %u to float
  br label %loop
loop:
  %k = phi i32 [ 0, %entry ], [ %next, %loop ]
  %q = phi ptr [ %p, %entry ], [ %further, %loop ]
  %sum = phi float [ 0.0, %entry ], [ %more, %loop ]
  %v = load float, ptr %q, align 4
  %scaled = fmul float %v, %scale
  %more = fadd float %sum, %scaled
  %further = getelementptr i8, ptr %q, i64 4096
  %next = add i32 %k, 1
  %done = icmp eq i32 %next, %n
  br i1 %done, label %end, label %loop
end:
  %line = mul nuw nsw i32 %u, 32
  %place = add nuw nsw i32 %line, %t
  %y = zext nneg i32 %place to i64
  %r = getelementptr float, ptr %out, i64 %y
  store float %more, ptr %r, align 4
  ret void
}

; Each row walks through memory by itself: few of them, wide.
define ptx_kernel void @columns(ptr %in, ptr %out, i32 %n) {
entry:
  %t = call i32 @cw.tid.x()
  %u = call i32 @cw.tid.y()
  %line = mul nuw nsw i32 %u, 32
  %place = add nuw nsw i32 %line, %t
  %y = zext nneg i32 %place to i64
  br label %loop
loop:
  %k = phi i64 [ 0, %entry ], [ %next, %loop ]
  %sum = phi float [ 0.0, %entry ], [ %more, %loop ]
  %z = mul nuw nsw i64 %k, 4096
  %i = add nuw nsw i64 %z, %y
  %q = getelementptr float, ptr %in, i64 %i
  %v = load float, ptr %q, align 4
  %more = fadd float %sum, %v
  %next = add nuw nsw i64 %k, 1
  %end.of = zext i32 %n to i64
  %done = icmp eq i64 %next, %end.of
  br i1 %done, label %end, label %loop
end:
  %r = getelementptr float, ptr %out, i64 %y
  store float %more, ptr %r, align 4
  ret void
}

; With a guard: blocks at the edges have a form with as many parts.
define ptx_kernel void @edged(ptr %in, ptr %out, i32 %n) {
entry:
  %t = call i32 @cw.tid.x()
  %u = call i32 @cw.tid.y()
  %line = mul nuw nsw i32 %u, 32
  %place = add nuw nsw i32 %line, %t
  %y = zext nneg i32 %place to i64
  %b = call i32 @cw.ctaid.x()
  %w = call i32 @cw.ntid.x()
  %first = mul i32 %b, %w
  %column = add i32 %first, %t
  %inside = icmp slt i32 %column, %n
  br i1 %inside, label %loop, label %done.all
loop:
  %k = phi i64 [ 0, %entry ], [ %next, %loop ]
  %sum = phi float [ 0.0, %entry ], [ %more, %loop ]
  %z = mul nuw nsw i64 %k, 4096
  %i = add nuw nsw i64 %z, %y
  %q = getelementptr float, ptr %in, i64 %i
  %v = load float, ptr %q, align 4
  %more = fadd float %sum, %v
  %next = add nuw nsw i64 %k, 1
  %end.of = zext i32 %n to i64
  %done = icmp eq i64 %next, %end.of
  br i1 %done, label %end, label %loop
end:
  %r = getelementptr float, ptr %out, i64 %y
  store float %more, ptr %r, align 4
  br label %done.all
done.all:
  ret void
}

; A row with a border, loaded by a loop that starts at threadIdx.x: as wide as the group, its masks are constants.
define ptx_kernel void @border(ptr %in, ptr %out, float %a) {
entry:
  %t = call i32 @cw.tid.x()
  %u = call i32 @cw.tid.y()
  %line = mul nuw nsw i32 %u, 64
  br label %loop
loop:
  %x = phi i32 [ %t, %entry ], [ %next, %more ]
  %goes = icmp ult i32 %x, 38
  br i1 %goes, label %more, label %end
more:
  %i = add nuw nsw i32 %line, %x
  %y = zext nneg i32 %i to i64
  %p = getelementptr float, ptr %out, i64 %y
  store float %a, ptr %p, align 4
  %next = add nuw nsw i32 %x, 32
  br label %loop
end:
  call void @cw.barrier(i32 0, i32 0)
  %j = add nuw nsw i32 %line, %t
  %z = zext nneg i32 %j to i64
  %q = getelementptr float, ptr %out, i64 %z
  %v = load float, ptr %q, align 4
  %w = fadd float %v, %a
  store float %w, ptr %q, align 4
  ret void
}
