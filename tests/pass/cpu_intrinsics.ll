; SPDX-License-Identifier: Apache-2.0
; In entries special registers are loop variables and fields of the block; in functions that stayed calls, fields of the
; thread that the stack pointer leads to. Services are called through slots.
; RUN: cpu-intrinsics
; CHECK-DAG: @cw.slot.cw.barrier = internal externally_initialized global ptr null
; CHECK-DAG: @cw.slot.cw.clock64 = internal externally_initialized global ptr null
; CHECK-DAG: @cw.slot.cw.thread_exit = internal externally_initialized global ptr null
declare i32 @cw.tid.x()
declare i32 @cw.ntid.x()
declare i32 @cw.ctaid.y()
declare i32 @cw.laneid()
declare i32 @cw.warpid()
declare void @cw.barrier(i32, i32)
declare i32 @cw.clock()
declare ptr @cw.shared_base()

define ptx_kernel void @k(ptr %p) {
  %x = call i32 @cw.tid.x()
  %n = call i32 @cw.ntid.x()
  %b = call i32 @cw.ctaid.y()
  %l = call i32 @cw.laneid()
  %w = call i32 @cw.warpid()
  %s = call ptr @cw.shared_base()
  store volatile i32 %x, ptr %p
  store volatile i32 %n, ptr %p
  store volatile i32 %b, ptr %p
  store volatile i32 %l, ptr %p
  store volatile i32 %w, ptr %p
  store volatile i32 %x, ptr %s
  %y = call i32 @cw.tid.x()
  store volatile i32 %y, ptr %p
  call void @stays(ptr %p)
  ret void
}

define ptx_kernel void @waits() {
  call void @cw.barrier(i32 0, i32 64)
  ret void
}

; The thread lies at the top of the stack's region, below the colour padding; sizes are those of artifact.h.
; CHECK-LABEL: define void @stays(ptr %p)
; CHECK: %sp = call ptr @llvm.stacksave.p0()
; CHECK: %[[SP:.*]] = ptrtoint ptr %sp to i64
; CHECK: %[[BASE:.*]] = and i64 %[[SP]], -{{[0-9]+}}
; CHECK: %[[REGION:.*]] = lshr i64 %[[BASE]], {{[0-9]+}}
; CHECK: %[[COLOUR:.*]] = and i64 %[[REGION]], {{[0-9]+}}
; CHECK: %[[PADDING:.*]] = shl i64 %[[COLOUR]], {{[0-9]+}}
; CHECK: %[[TOP:.*]] = add i64 %[[BASE]], {{[0-9]+}}
; CHECK: %[[AT:.*]] = sub i64 %[[TOP]], %[[PADDING]]
; CHECK: %thread = inttoptr i64 %[[AT]] to ptr
; CHECK: getelementptr inbounds i8, ptr %thread, i64 12
; CHECK: %[[CLOCK:.*]] = load ptr, ptr @cw.slot.cw.clock64, align 8, !invariant.load
; CHECK: %[[TIME:.*]] = call i64 %[[CLOCK]]()
; CHECK: trunc i64 %[[TIME]] to i32
; CHECK-NOT: call void @cw.
define void @stays(ptr %p) noinline {
  %x = call i32 @cw.tid.x()
  store i32 %x, ptr %p
  %t = call i32 @cw.clock()
  store i32 %t, ptr %p
  ret void
}

; CHECK-LABEL: define internal void @k.all(ptr {{.*}}%0, ptr %1)
; CHECK-DAG: %[[NTID:.*]] = getelementptr inbounds i8, ptr %1, i64 12
; CHECK-DAG: getelementptr inbounds i8, ptr %1, i64 4
; CHECK-DAG: getelementptr inbounds i8, ptr %1, i64 56
; CHECK-DAG: %lane = and i32 %{{.*}}, 31
; CHECK-DAG: %warp = lshr i32 %{{.*}}, 5
; CHECK-DAG: store volatile i32 %x,
; CHECK-DAG: store volatile i32 %lane,
; CHECK-DAG: store volatile i32 %warp,
; CHECK-NOT: cw.here
; CHECK-LABEL: define internal void @waits.run
; CHECK: %[[BARRIER:.*]] = load ptr, ptr @cw.slot.cw.barrier, align 8, !invariant.load
; CHECK: call void %[[BARRIER]](i32 0, i32 64)
; CHECK: %[[EXIT:.*]] = load ptr, ptr @cw.slot.cw.thread_exit
; CHECK: call void %[[EXIT]]()
; CHECK-NOT: declare {{.*}} @cw.
