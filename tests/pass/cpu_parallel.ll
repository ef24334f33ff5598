; SPDX-License-Identifier: Apache-2.0
; Accesses of different threads are declared independent in run_all, unless they are private, volatile or atomic.
; RUN: cpu-mark-parallel
declare i32 @cw.tid.x()

; CHECK-LABEL: define internal void @saxpy.all
; CHECK: load float, ptr %{{.*}}, !llvm.access.group ![[GROUP:[0-9]+]]
; CHECK: store float %{{.*}}, !llvm.access.group ![[GROUP]]
; CHECK: br i1 %{{.*}}, label %x, label %{{.*}}, !llvm.loop ![[LOOP:[0-9]+]]
define ptx_kernel void @saxpy(ptr %x, ptr %y) {
  %i = call i32 @cw.tid.x()
  %a = getelementptr float, ptr %x, i32 %i
  %v = load float, ptr %a
  %b = getelementptr float, ptr %y, i32 %i
  store float %v, ptr %b
  ret void
}

; An atomic that has become plain accesses must not be taken for one thread's own.
; CHECK-LABEL: define internal void @skip_block_atomic.all
; CHECK: load i32, ptr %{{.*}}, !cw.atomic
; CHECK-NOT: access.group
; CHECK: store i32 %{{.*}}, !cw.atomic
; CHECK-NOT: access.group
; CHECK: br i1
define ptx_kernel void @skip_block_atomic(ptr %p) {
  %old = atomicrmw add ptr %p, i32 1 syncscope("block") monotonic
  ret void
}

; CHECK-LABEL: define internal void @skip_atomic_and_volatile.all
; CHECK: load atomic i32, ptr %{{[^,]*}} acquire, align 4{{$}}
; CHECK: store atomic i32 %{{.*}}, ptr %{{[^,]*}} release, align 4{{$}}
; CHECK: load volatile i32, ptr %{{[^,]*}}, align 4{{$}}
; CHECK: store volatile i32 %{{.*}}, ptr %{{[^,]*}}, align 4{{$}}
define ptx_kernel void @skip_atomic_and_volatile(ptr %p) {
  %v = load atomic i32, ptr %p acquire, align 4
  store atomic i32 %v, ptr %p release, align 4
  %w = load volatile i32, ptr %p
  store volatile i32 %w, ptr %p
  ret void
}

; CHECK-LABEL: define internal void @skip_private.all
; CHECK: store i32 7, ptr %{{[^,]*}}, align 4{{$}}
; CHECK: load i32, ptr %{{[^,]*}}, align 4{{$}}
; CHECK: store i32 %{{.*}}, !llvm.access.group
define ptx_kernel void @skip_private(ptr %p, i32 %k) {
  %a = alloca [4 x i32]
  %e = getelementptr [4 x i32], ptr %a, i32 0, i32 %k
  store i32 7, ptr %e
  %v = load i32, ptr %e
  store i32 %v, ptr %p
  ret void
}

; Private memory whose address got away: nothing is known of any access.
; CHECK-LABEL: define internal void @skip_escaped.all
; CHECK-NOT: access.group
; CHECK: ret void
define ptx_kernel void @skip_escaped(ptr %p) {
  %a = alloca i32
  %i = ptrtoint ptr %a to i64
  store i64 %i, ptr %p
  ret void
}

; CHECK: ![[GROUP]] = distinct !{}
; CHECK: ![[LOOP]] = distinct !{![[LOOP]], ![[ACCESSES:[0-9]+]]}
; CHECK: ![[ACCESSES]] = !{!"llvm.loop.parallel_accesses", ![[GROUP]]}
