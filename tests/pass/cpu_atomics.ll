; SPDX-License-Identifier: Apache-2.0
; Atomics that only one block can see become plain accesses, marked; all others get the one scope that a CPU has.
; RUN: cpu-atomics
; CHECK: ; progress 1
declare ptr @cw.shared_base()

; CHECK-LABEL: define i32 @relax_block_scope
; CHECK: %[[OLD:.*]] = load i32, ptr %p, align 4, !cw.atomic
; CHECK: %[[NEW:.*]] = add i32 %[[OLD]], %x
; CHECK: store i32 %[[NEW]], ptr %p, align 4, !cw.atomic
; CHECK: ret i32 %[[OLD]]
define i32 @relax_block_scope(ptr %p, i32 %x) {
  %old = atomicrmw add ptr %p, i32 %x syncscope("block") monotonic
  ret i32 %old
}

; CHECK-LABEL: define i32 @relax_shared
; CHECK: load i32, ptr %e
; CHECK: %[[GREATER:.*]] = icmp ugt i32 %{{.*}}, %x
; CHECK: select i1 %[[GREATER]]
; CHECK: store i32
; CHECK-NOT: atomicrmw
; CHECK: ret
define i32 @relax_shared(i64 %i, i32 %x) {
  %s = call ptr @cw.shared_base()
  %v = getelementptr i8, ptr %s, i64 16
  %e = getelementptr [32 x i32], ptr %v, i64 0, i64 %i
  %old = atomicrmw umax ptr %e, i32 %x seq_cst
  ret i32 %old
}

; CHECK-LABEL: define i1 @relax_compare_exchange
; CHECK: %[[OLD:.*]] = load i64, ptr %p, align 8
; CHECK: %[[SAME:.*]] = icmp eq i64 %[[OLD]], %a
; CHECK: %[[NEW:.*]] = select i1 %[[SAME]], i64 %b, i64 %[[OLD]]
; CHECK: store i64 %[[NEW]], ptr %p, align 8
; CHECK: insertvalue { i64, i1 } poison, i64 %[[OLD]], 0
; CHECK: insertvalue { i64, i1 } %{{.*}}, i1 %[[SAME]], 1
define i1 @relax_compare_exchange(ptr %p, i64 %a, i64 %b) {
  %pair = cmpxchg ptr %p, i64 %a, i64 %b syncscope("block") acq_rel monotonic
  %won = extractvalue { i64, i1 } %pair, 1
  ret i1 %won
}

; CHECK-LABEL: define i32 @relax_every_operation
; CHECK-NOT: atomicrmw
; CHECK: ret i32
define i32 @relax_every_operation(ptr %p, i32 %x, ptr %f, float %y) {
  %a = atomicrmw xchg ptr %p, i32 %x syncscope("block") monotonic
  %b = atomicrmw sub ptr %p, i32 %x syncscope("block") monotonic
  %c = atomicrmw and ptr %p, i32 %x syncscope("block") monotonic
  %d = atomicrmw nand ptr %p, i32 %x syncscope("block") monotonic
  %e = atomicrmw or ptr %p, i32 %x syncscope("block") monotonic
  %g = atomicrmw xor ptr %p, i32 %x syncscope("block") monotonic
  %h = atomicrmw max ptr %p, i32 %x syncscope("block") monotonic
  %i = atomicrmw min ptr %p, i32 %x syncscope("block") monotonic
  %j = atomicrmw umin ptr %p, i32 %x syncscope("block") monotonic
  %k = atomicrmw fadd ptr %f, float %y syncscope("block") monotonic
  %l = atomicrmw fsub ptr %f, float %y syncscope("block") monotonic
  %m = atomicrmw uinc_wrap ptr %p, i32 %x syncscope("block") monotonic
  ret i32 %m
}

; An exchange of floats and pointers.
; CHECK-LABEL: define ptr @relax_exchange_types
; CHECK: load float
; CHECK: store float
; CHECK: load ptr
; CHECK: store ptr
define ptr @relax_exchange_types(ptr %p, float %x, ptr %q) {
  %a = atomicrmw xchg ptr %p, float %x syncscope("block") monotonic
  %b = atomicrmw xchg ptr %p, ptr %q syncscope("block") monotonic
  ret ptr %b
}

; An operation that has no plain form stays an atomic.
; CHECK-LABEL: define i32 @skip_wrapping_decrement
; CHECK-NOT: load
; CHECK: atomicrmw udec_wrap ptr %p, i32 %x monotonic
define i32 @skip_wrapping_decrement(ptr %p, i32 %x) {
  %old = atomicrmw udec_wrap ptr %p, i32 %x syncscope("block") monotonic
  ret i32 %old
}

; CHECK-LABEL: define i32 @skip_global
; CHECK: atomicrmw add ptr %p, i32 1 monotonic
; CHECK: cmpxchg ptr %p, i32 0, i32 1 seq_cst
; CHECK: load atomic i32, ptr %p acquire
; CHECK: store atomic i32 %{{.*}}, ptr %p release
; CHECK: fence seq_cst
define i32 @skip_global(ptr %p) {
  %a = atomicrmw add ptr %p, i32 1 syncscope("device") monotonic
  %b = cmpxchg ptr %p, i32 0, i32 1 seq_cst seq_cst
  %c = load atomic i32, ptr %p syncscope("device") acquire, align 4
  store atomic i32 %c, ptr %p syncscope("cluster") release, align 4
  fence syncscope("device") seq_cst
  ret i32 %a
}

; CHECK-LABEL: define void @fences
; CHECK-NEXT: fence syncscope("singlethread") acq_rel
; CHECK-NEXT: fence syncscope("singlethread") seq_cst
; CHECK-NEXT: fence seq_cst
define void @fences() {
  fence syncscope("block") acq_rel
  fence syncscope("singlethread") seq_cst
  fence seq_cst
  ret void
}

; A pointer that may point anywhere keeps its atomic.
; CHECK-LABEL: define i32 @skip_unknown_pointer
; CHECK: atomicrmw add ptr %q
define i32 @skip_unknown_pointer(ptr %p, i1 %c) {
  %s = call ptr @cw.shared_base()
  %q = select i1 %c, ptr %s, ptr %p
  %old = atomicrmw add ptr %q, i32 1 syncscope("device") monotonic
  ret i32 %old
}
