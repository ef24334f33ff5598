; SPDX-License-Identifier: Apache-2.0
; How many vectors stand side by side where registers hold four lanes: as many results as sixteen registers bear, and of whole warps one.
; RUN: cpu-vectorise
declare i32 @cw.tid.x()
declare i32 @cw.tid.y()
declare i32 @cw.shfl.down(i32, i32, i32, i32)
declare void @cw.barrier(i32, i32)

; CHECK: turns: {{.*}} parts 4 of 1, few 1
; CHECK: warps: {{.*}} parts 1 of 1, few 1
; CHECK: tile: {{.*}} parts 4 of 2 along y, few 4
; CHECK: columns: {{.*}} parts 2 of 1 along y, few 1

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

define ptx_kernel void @warps(ptr %out, i32 %n, i32 %a) {
entry:
  %t = call i32 @cw.tid.x()
  %x = zext nneg i32 %t to i64
  %p = getelementptr i32, ptr %out, i64 %x
  br label %loop
loop:
  %k = phi i32 [ 0, %entry ], [ %next, %loop ]
  %v = phi i32 [ %t, %entry ], [ %w, %loop ]
  %other = call i32 @cw.shfl.down(i32 -1, i32 %v, i32 1, i32 31)
  %w = add i32 %v, %other
  %next = add i32 %k, 1
  %done = icmp eq i32 %next, %n
  br i1 %done, label %end, label %loop
end:
  store i32 %w, ptr %p, align 4
  ret void
}

define ptx_kernel void @tile(ptr %in, ptr %out, i32 %n) {
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
