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

; A compare-and-exchange that is tried again with what it found: it fails only when another thread has got ahead.
define void @skip_retry(ptr %p, i32 %v) {
entry:
  %first = load i32, ptr %p
  br label %loop
loop:
  %seen = phi i32 [ %first, %entry ], [ %old, %loop ]
  %sum = add i32 %seen, %v
  %pair = cmpxchg ptr %p, i32 %seen, i32 %sum monotonic monotonic
  %old = extractvalue { i32, i1 } %pair, 0
  %again = icmp ne i32 %seen, %old
  br i1 %again, label %loop, label %exit
exit:
  ret void
}

; A place in a list is taken; what the branch on it does has no part in when the loop, a grid-stride one, ends.
declare i32 @cw.ntid.x()
define void @skip_compaction(ptr %count, ptr %out, i32 %n, i32 %room) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next, %latch ]
  %at = atomicrmw add ptr %count, i32 1 monotonic
  %fits = icmp slt i32 %at, %room
  br i1 %fits, label %take, label %latch
take:
  %to = getelementptr i32, ptr %out, i32 %at
  store i32 %i, ptr %to
  br label %latch
latch:
  %stride = call i32 @cw.ntid.x()
  %next = add i32 %i, %stride
  %more = icmp slt i32 %next, %n
  br i1 %more, label %loop, label %exit
exit:
  ret void
}

define float @step(float %x) noinline {
  %y = fmul float %x, %x
  ret float %y
}

define i32 @deep(i32 %n) noinline {
  %end = icmp eq i32 %n, 0
  br i1 %end, label %done, label %more
more:
  %less = sub i32 %n, 1
  %r = call i32 @deep(i32 %less)
  ret i32 %r
done:
  ret i32 0
}

; Functions that stayed calls and only compute.
define float @skip_pure_calls(float %x) {
entry:
  br label %loop
loop:
  %v = phi float [ %x, %entry ], [ %w, %loop ]
  %w = call float @step(float %v)
  %bits = fptosi float %w to i32
  %d = call i32 @deep(i32 %bits)
  %more = icmp slt i32 %d, 9
  br i1 %more, label %loop, label %exit
exit:
  ret float %w
}
