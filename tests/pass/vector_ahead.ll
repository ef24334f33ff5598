; SPDX-License-Identifier: Apache-2.0
; What comes next is fetched: a loop with barriers the next turn's tile, other loads what the next block loads.
; RUN: cpu-vectorise-16
declare i32 @cw.tid.x()
declare i32 @cw.ntid.x()
declare i32 @cw.ctaid.x()
declare i32 @cw.nctaid.x()
declare void @cw.barrier(i32, i32)

; The next block's: blockIdx.x + 1, whatever is computed from it.
; CHECK-LABEL: define internal i32 @once.rows(
; CHECK: %[[BLOCK:[0-9]+]] = call i32 @cw.ctaid.x()
; CHECK: %[[NEXT:[0-9]+]] = add {{.*}}i32 %[[BLOCK]], 1
; CHECK: shl {{.*}}i32 %[[NEXT]], 12
; Four vectors side by side, a line each:
; CHECK-COUNT-4: call void @llvm.prefetch.p0(ptr %{{.*}}, i32 0, i32 3, i32 1)
; CHECK-NOT: call void @llvm.prefetch.p0
; CHECK: ret i32
define ptx_kernel void @once(ptr %in, ptr %out) {
  %t = call i32 @cw.tid.x()
  %b = call i32 @cw.ctaid.x()
  %first = shl nuw nsw i32 %b, 12
  %i = add nuw nsw i32 %first, %t
  %x = zext nneg i32 %i to i64
  %p = getelementptr float, ptr %in, i64 %x
  %v = load float, ptr %p, align 4
  call void @cw.barrier(i32 0, i32 0)
  %q = getelementptr float, ptr %out, i64 %x
  store float %v, ptr %q, align 4
  ret void
}

; The next turn's: the counter's next value.
; CHECK-LABEL: define internal i32 @turns.rows(
; CHECK: %[[TURN:.*]] = phi i64 [ 0, %slots ]
; CHECK: add i64 %[[TURN]], 1
; CHECK: call void @llvm.prefetch.p0(ptr %{{.*}}, i32 0, i32 3, i32 1)
define ptx_kernel void @turns(ptr %in, ptr %out, i64 %n, i64 %width) {
entry:
  %t = call i32 @cw.tid.x()
  %x = zext nneg i32 %t to i64
  br label %loop
loop:
  %m = phi i64 [ 0, %entry ], [ %next, %loop ]
  %sum = phi float [ 0.0, %entry ], [ %more, %loop ]
  %row = mul i64 %m, %width
  %place = add i64 %row, %x
  %p = getelementptr float, ptr %in, i64 %place
  %v = load float, ptr %p, align 4
  call void @cw.barrier(i32 0, i32 0)
  %more = fadd float %sum, %v
  %next = add nuw nsw i64 %m, 1
  %done = icmp eq i64 %next, %n
  br i1 %done, label %end, label %loop
end:
  %q = getelementptr float, ptr %out, i64 %x
  store float %more, ptr %q, align 4
  ret void
}

; A loop that strides by the grid: what the next block loads comes too late to be kept.
; CHECK-LABEL: define internal i32 @grid.rows(
; CHECK-NOT: call void @llvm.prefetch
; CHECK: {{^}$}}
define ptx_kernel void @grid(ptr %in, ptr %out, i32 %n) {
entry:
  %t = call i32 @cw.tid.x()
  %b = call i32 @cw.ctaid.x()
  %w = call i32 @cw.ntid.x()
  %g = call i32 @cw.nctaid.x()
  %first = mul i32 %b, %w
  %i0 = add i32 %first, %t
  %step = mul i32 %w, %g
  br label %loop
loop:
  %i = phi i32 [ %i0, %entry ], [ %next, %loop ]
  %sum = phi float [ 0.0, %entry ], [ %more, %loop ]
  %x = sext i32 %i to i64
  %p = getelementptr float, ptr %in, i64 %x
  %v = load float, ptr %p, align 4
  %more = fadd float %sum, %v
  %next = add nsw i32 %i, %step
  %in.data = icmp slt i32 %next, %n
  br i1 %in.data, label %loop, label %end
end:
  call void @cw.barrier(i32 0, i32 0)
  %y = zext nneg i32 %t to i64
  %q = getelementptr float, ptr %out, i64 %y
  store float %more, ptr %q, align 4
  ret void
}

; No barriers: the processor is at the next block before its data is there.
; CHECK-LABEL: define internal void @free.rows(
; CHECK-NOT: call void @llvm.prefetch
; CHECK: {{^}$}}
define ptx_kernel void @free(ptr %in, ptr %out) {
  %t = call i32 @cw.tid.x()
  %b = call i32 @cw.ctaid.x()
  %first = shl nuw nsw i32 %b, 12
  %i = add nuw nsw i32 %first, %t
  %x = zext nneg i32 %i to i64
  %p = getelementptr float, ptr %in, i64 %x
  %v = load float, ptr %p, align 4
  %q = getelementptr float, ptr %out, i64 %x
  store float %v, ptr %q, align 4
  ret void
}
