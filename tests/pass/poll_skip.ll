; SPDX-License-Identifier: Apache-2.0
; Loops that end by themselves do not poll, whatever they do to memory.
; RUN: poll
; CHECK: ; progress 0
; CHECK-NOT: call void @cw.poll

; A histogram: the atomic's result is not used.
define void @skip_histogram(ptr %bins, ptr %data, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %at = getelementptr i32, ptr %data, i32 %i
  %key = load i32, ptr %at
  %bin = getelementptr i32, ptr %bins, i32 %key
  %old = atomicrmw add ptr %bin, i32 1 monotonic
  %next = add i32 %i, 1
  %more = icmp slt i32 %next, %n
  br i1 %more, label %loop, label %exit
exit:
  ret void
}

; Plain loads: a list walk.
define i32 @skip_list(ptr %head) {
entry:
  br label %loop
loop:
  %node = phi ptr [ %head, %entry ], [ %next, %loop ]
  %next = load ptr, ptr %node
  %more = icmp ne ptr %next, null
  br i1 %more, label %loop, label %exit
exit:
  ret i32 0
}

; The atomic outside decides how often the loop runs, not when it ends.
define void @skip_bound_from_outside(ptr %counter, ptr %out) {
entry:
  %n = atomicrmw add ptr %counter, i32 1 monotonic
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %at = getelementptr i32, ptr %out, i32 %i
  store i32 %i, ptr %at
  %next = add i32 %i, 1
  %more = icmp slt i32 %next, %n
  br i1 %more, label %loop, label %exit
exit:
  ret void
}

; Volatile accesses whose values decide nothing.
define void @skip_volatile_body(ptr %p, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %v = load volatile i32, ptr %p
  store volatile i32 %v, ptr %p
  %next = add i32 %i, 1
  %more = icmp slt i32 %next, %n
  br i1 %more, label %loop, label %exit
exit:
  ret void
}

; Private memory between fences is the thread's own.
define void @skip_fenced_private(i32 %n) {
entry:
  %i = alloca i32
  store i32 0, ptr %i
  br label %loop
loop:
  fence seq_cst
  %v = load i32, ptr %i
  %next = add i32 %v, 1
  store i32 %next, ptr %i
  %more = icmp slt i32 %next, %n
  br i1 %more, label %loop, label %exit
exit:
  ret void
}

; Intrinsics of the waist are no functions that stayed calls: a barrier lets others run by itself.
declare i32 @cw.tid.x()
define void @skip_intrinsic_condition() {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %next = add i32 %i, 1
  %n = call i32 @cw.tid.x()
  %more = icmp slt i32 %next, %n
  br i1 %more, label %loop, label %exit
exit:
  ret void
}

; No loop at all.
define i1 @skip_straight(ptr %p) {
  %v = load volatile i1, ptr %p
  br i1 %v, label %a, label %b
a:
  ret i1 true
b:
  ret i1 false
}
