; SPDX-License-Identifier: Apache-2.0
; Loops that wait for another thread poll before they turn back.
; RUN: poll
; CHECK: ; progress 1

; CHECK-LABEL: define void @poll_compare_exchange
; CHECK: spin:
; CHECK: cmpxchg
; CHECK: call void @cw.poll()
; CHECK-NEXT: br i1 %won, label %done, label %spin
define void @poll_compare_exchange(ptr %lock) {
  br label %spin
spin:
  %pair = cmpxchg ptr %lock, i32 0, i32 1 acquire monotonic
  %won = extractvalue { i32, i1 } %pair, 1
  br i1 %won, label %done, label %spin
done:
  ret void
}

; CHECK-LABEL: define void @poll_exchange
; CHECK: atomicrmw xchg
; CHECK: call void @cw.poll()
; CHECK-NEXT: br i1
define void @poll_exchange(ptr %lock) {
  br label %spin
spin:
  %old = atomicrmw xchg ptr %lock, i32 1 monotonic
  %taken = icmp ne i32 %old, 0
  br i1 %taken, label %spin, label %done
done:
  ret void
}

; CHECK-LABEL: define void @poll_volatile_flag
; CHECK: call void @cw.poll()
; CHECK-NEXT: br i1
define void @poll_volatile_flag(ptr %flag) {
  br label %spin
spin:
  %v = load volatile i32, ptr %flag
  %wait = icmp eq i32 %v, 0
  br i1 %wait, label %spin, label %done
done:
  ret void
}

; CHECK-LABEL: define void @poll_atomic_load
; CHECK: call void @cw.poll()
; CHECK-NEXT: br i1
define void @poll_atomic_load(ptr %flag) {
  br label %spin
spin:
  %v = load atomic i32, ptr %flag acquire, align 4
  %wait = icmp ult i32 %v, 8
  br i1 %wait, label %spin, label %done
done:
  ret void
}

; A plain load between fences is read anew in each turn.
; CHECK-LABEL: define void @poll_fenced_load
; CHECK: fence
; CHECK: call void @cw.poll()
; CHECK-NEXT: br i1
define void @poll_fenced_load(ptr %flag) {
  br label %spin
spin:
  fence syncscope("device") seq_cst
  %v = load i32, ptr %flag
  %wait = icmp eq i32 %v, 0
  br i1 %wait, label %spin, label %done
done:
  ret void
}

; The lock of CUDA tutorials: a flag of the thread's own ends the loop, a branch on the atomic sets it.
; CHECK-LABEL: define void @poll_by_control
; CHECK: latch:
; CHECK: call void @cw.poll()
; CHECK-NEXT: br i1 %done
define void @poll_by_control(ptr %lock, ptr %data) {
  br label %head
head:
  %pair = cmpxchg ptr %lock, i32 0, i32 1 monotonic monotonic
  %won = extractvalue { i32, i1 } %pair, 1
  br i1 %won, label %critical, label %latch
critical:
  store i32 1, ptr %data
  store atomic i32 0, ptr %lock release, align 4
  br label %latch
latch:
  %done = phi i1 [ true, %critical ], [ false, %head ]
  br i1 %done, label %exit, label %head
exit:
  ret void
}

; The exit is inside; the back edge is unconditional.
; CHECK-LABEL: define void @poll_inner_exit
; CHECK: body:
; CHECK: call void @cw.poll()
; CHECK-NEXT: br label %head
define void @poll_inner_exit(ptr %flag) {
  br label %head
head:
  %v = load volatile i32, ptr %flag
  %set = icmp ne i32 %v, 0
  br i1 %set, label %exit, label %body
body:
  br label %head
exit:
  ret void
}

; Every back edge polls.
; CHECK-LABEL: define void @poll_two_latches
; CHECK: one:
; CHECK-NEXT: call void @cw.poll()
; CHECK: two:
; CHECK-NEXT: call void @cw.poll()
define void @poll_two_latches(ptr %flag) {
  br label %head
head:
  %v = load volatile i32, ptr %flag
  switch i32 %v, label %exit [ i32 0, label %one
                               i32 1, label %two ]
one:
  br label %head
two:
  br label %head
exit:
  ret void
}

; Only the inner loop waits; the outer one counts.
; CHECK-LABEL: define void @poll_nested
; CHECK: inner:
; CHECK: call void @cw.poll()
; CHECK-NEXT: br i1 %wait
; CHECK: outer.latch:
; CHECK-NOT: cw.poll
; CHECK: ret void
define void @poll_nested(ptr %flags, i32 %n) {
  br label %outer
outer:
  %i = phi i32 [ 0, %0 ], [ %next, %outer.latch ]
  %flag = getelementptr i32, ptr %flags, i32 %i
  br label %inner
inner:
  %v = load volatile i32, ptr %flag
  %wait = icmp eq i32 %v, 0
  br i1 %wait, label %inner, label %outer.latch
outer.latch:
  %next = add i32 %i, 1
  %more = icmp slt i32 %next, %n
  br i1 %more, label %outer, label %exit
exit:
  ret void
}

; What an inner loop computed from atomics decides the outer one.
; CHECK-LABEL: define void @poll_outer_of_nested
; CHECK: outer.latch:
; CHECK: call void @cw.poll()
; CHECK-NEXT: br i1 %all
define void @poll_outer_of_nested(ptr %flags) {
  br label %outer
outer:
  br label %inner
inner:
  %i = phi i32 [ 0, %outer ], [ %next, %inner ]
  %sum = phi i32 [ 0, %outer ], [ %sum.next, %inner ]
  %flag = getelementptr i32, ptr %flags, i32 %i
  %v = load volatile i32, ptr %flag
  %sum.next = add i32 %sum, %v
  %next = add i32 %i, 1
  %more = icmp slt i32 %next, 4
  br i1 %more, label %inner, label %outer.latch
outer.latch:
  %all = icmp eq i32 %sum.next, 4
  br i1 %all, label %exit, label %outer
exit:
  ret void
}

declare void @cw.poll()
define i1 @try_lock(ptr %lock) noinline {
  %pair = cmpxchg ptr %lock, i32 0, i32 1 monotonic monotonic
  %won = extractvalue { i32, i1 } %pair, 1
  ret i1 %won
}

; A call may hide an atomic.
; CHECK-LABEL: define void @poll_call
; CHECK: call void @cw.poll()
; CHECK-NEXT: br i1
define void @poll_call(ptr %lock) {
  br label %spin
spin:
  %won = call i1 @try_lock(ptr %lock)
  br i1 %won, label %done, label %spin
done:
  ret void
}

; CHECK-LABEL: define void @poll_indirect_call
; CHECK: call void @cw.poll()
define void @poll_indirect_call(ptr %f) {
  br label %spin
spin:
  %won = call i1 %f()
  br i1 %won, label %done, label %spin
done:
  ret void
}

; A lock in a word: the exchange is tried again with what it found, but the loop ends only once the lock is free.
; CHECK-LABEL: define void @poll_retry_with_lock
; CHECK: call void @cw.poll()
; CHECK-NEXT: br i1
define void @poll_retry_with_lock(ptr %p) {
entry:
  br label %loop
loop:
  %seen = phi i32 [ 0, %entry ], [ %old, %loop ]
  %locked = or i32 %seen, 1
  %pair = cmpxchg ptr %p, i32 %seen, i32 %locked monotonic monotonic
  %old = extractvalue { i32, i1 } %pair, 0
  %failed = icmp ne i32 %seen, %old
  %taken = trunc i32 %old to i1
  %again = or i1 %failed, %taken
  br i1 %again, label %loop, label %exit
exit:
  ret void
}

; The branch on the atomic goes by a path of its own to the loop's head, which chooses what the exit sees.
; CHECK-LABEL: define void @poll_by_latch
; CHECK: call void @cw.poll()
define void @poll_by_latch(ptr %lock) {
entry:
  br label %head
head:
  %done = phi i1 [ false, %entry ], [ false, %wait ], [ true, %won ]
  br i1 %done, label %exit, label %try
try:
  %old = atomicrmw xchg ptr %lock, i32 1 monotonic
  %free = icmp eq i32 %old, 0
  br i1 %free, label %won, label %wait
won:
  br label %head
wait:
  br label %head
exit:
  ret void
}

; The flag that ends the loop is in memory, and a branch on the atomic writes it.
; CHECK-LABEL: define void @poll_by_memory
; CHECK: call void @cw.poll()
define void @poll_by_memory(ptr %lock) {
entry:
  %flag = alloca i32
  store i32 0, ptr %flag
  br label %head
head:
  %old = atomicrmw xchg ptr %lock, i32 1 monotonic
  %free = icmp eq i32 %old, 0
  br i1 %free, label %won, label %latch
won:
  store i32 1, ptr %flag
  br label %latch
latch:
  %v = load i32, ptr %flag
  %done = icmp ne i32 %v, 0
  br i1 %done, label %exit, label %head
exit:
  ret void
}

; A branch that leaves the inner loop decides what the outer one ends on.
; CHECK-LABEL: define void @poll_outer
; CHECK: latch:
; CHECK: call void @cw.poll()
; CHECK-NEXT: br i1 %more, label %head, label %exit
define void @poll_outer(ptr %ready, i32 %n) {
entry:
  br label %head
head:
  %k = phi i32 [ 0, %entry ], [ %next, %latch ]
  br label %inner
inner:
  %j = phi i32 [ %k, %head ], [ %i, %on ]
  %old = atomicrmw add ptr %ready, i32 0 monotonic
  %wait = icmp eq i32 %old, 0
  br i1 %wait, label %latch, label %on
on:
  %i = add i32 %j, 1
  %again = icmp slt i32 %i, %n
  br i1 %again, label %inner, label %latch
latch:
  %next = phi i32 [ %j, %inner ], [ %i, %on ]
  %more = icmp ne i32 %next, %n
  br i1 %more, label %head, label %exit
exit:
  ret void
}

; CHECK-LABEL: define void @poll_clock
; CHECK: call i64 @cw.clock64()
; CHECK: call void @cw.nanosleep(i32 0)
; CHECK-NEXT: br i1
declare i64 @cw.clock64()
define void @poll_clock(i64 %cycles) {
  %start = call i64 @cw.clock64()
  br label %spin
spin:
  %now = call i64 @cw.clock64()
  %gone = sub i64 %now, %start
  %early = icmp ult i64 %gone, %cycles
  br i1 %early, label %spin, label %done
done:
  ret void
}

; A semaphore: the loop around the tries waits, whose load finds no place left.
; CHECK-LABEL: define void @poll_semaphore
; CHECK: try:
; CHECK: call void @cw.poll()
; CHECK-NEXT: br i1 %none, label %look, label %take
define void @poll_semaphore(ptr %places) {
  br label %look
look:
  %first = load atomic i64, ptr %places monotonic, align 8
  br label %try
try:
  %seen = phi i64 [ %first, %look ], [ %found, %take ]
  %none = icmp slt i64 %seen, 1
  br i1 %none, label %look, label %take
take:
  %fewer = add i64 %seen, -1
  %pair = cmpxchg ptr %places, i64 %seen, i64 %fewer acquire monotonic
  %found = extractvalue { i64, i1 } %pair, 0
  %won = icmp eq i64 %found, %seen
  br i1 %won, label %done, label %try
done:
  ret void
}
