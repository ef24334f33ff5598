; SPDX-License-Identifier: Apache-2.0
; Entry points around a kernel: parameters loaded once by layout, threads one after another.
; RUN: cpu-entries
%struct.P = type { i32, i32 }
declare void @cw.barrier(i32, i32)
declare i32 @cw.tid.x()

; CHECK: define internal void @simple(i1 %flag, i8 %c, double %d, ptr byval(%struct.P) align 4 %s) #[[INLINE:[0-9]+]]
define ptx_kernel void @simple(i1 %flag, i8 %c, double %d, ptr byval(%struct.P) align 4 %s) {
  %i = call i32 @cw.tid.x()
  ret void
}

; CHECK: define internal void @waits()
define ptx_kernel void @waits() {
  call void @cw.barrier(i32 0, i32 0)
  ret void
}

; CHECK: define internal void @calls()
define ptx_kernel void @calls() {
  call void @stays()
  ret void
}
define void @stays() noinline {
  ret void
}

; CHECK-LABEL: define internal void @simple.all(ptr noalias readonly %0, ptr %1)
; CHECK-NOT: call ptr @cw.thread()
; CHECK: getelementptr inbounds i8, ptr %0, i64 0
; CHECK: %[[FLAG:.*]] = load i8, ptr
; CHECK: %[[BOOL:.*]] = icmp ne i8 %[[FLAG]], 0
; CHECK: getelementptr inbounds i8, ptr %0, i64 1
; CHECK: %[[C:.*]] = load i8, ptr %{{.*}}, align 1
; CHECK: getelementptr inbounds i8, ptr %0, i64 8
; CHECK: %[[D:.*]] = load double, ptr %{{.*}}, align 8
; CHECK: %[[S:.*]] = getelementptr inbounds i8, ptr %0, i64 16
; CHECK: %[[Z:.*]] = phi i32
; CHECK: %[[Y:.*]] = phi i32
; CHECK: %[[X:.*]] = phi i32
; CHECK: call void @cw.here(i32 %[[X]], i32 %[[Y]], i32 %[[Z]], i32 %{{.*}})
; CHECK-NEXT: call void @simple(i1 %[[BOOL]], i8 %[[C]], double %[[D]], ptr byval(%struct.P) align 4 %[[S]])
; CHECK-LABEL: define internal void @simple.run(ptr noalias readonly %0, ptr %1)
; CHECK: %thread = call ptr @cw.thread()
; CHECK: %index = load i32, ptr
; CHECK: store i32 %{{.*}}, ptr
; CHECK: call void asm sideeffect "", "~{memory}"()
; CHECK: call void @cw.here(i32 %x, i32 %y, i32 %z, i32 %index)
; CHECK: call void @simple(
; CHECK-NEXT: call void @cw.thread_exit()
; CHECK-NEXT: br label %head

; A kernel that may suspend has no plain loops.
; CHECK-NOT: @waits.all
; CHECK: define internal void @waits.run

; A function that stayed a call looks for its thread, so the loops keep it.
; CHECK-LABEL: define internal void @calls.all
; CHECK: %thread = call ptr @cw.thread()
; CHECK: call void @cw.here
; CHECK: attributes #[[INLINE]] = { alwaysinline }
