; SPDX-License-Identifier: Apache-2.0
; Lanes apart by constants: whole vectors and permutations. Conditional stores to shared memory that was loaded become unconditional.
; Loops over halved numbers have bodies for the small ones.
; RUN: cpu-vectorise
@keys = internal addrspace(3) global [64 x i32] undef, align 16
declare i32 @cw.tid.x()
declare i32 @cw.ntid.x()
declare void @cw.barrier(i32, i32)

; t & 1 of four lanes: elements 0 1 0 1 of one vector, whose other half nobody touches.
; CHECK-LABEL: define internal void @repeated.rows(
; CHECK: call <4 x i32> @llvm.masked.load.v4i32.p0(ptr {{.*}}%0, <4 x i1> <i1 true, i1 true, i1 false, i1 false>, <4 x i32> poison)
; CHECK: shufflevector <4 x i32> {{.*}} <4 x i32> <i32 0, i32 1, i32 0, i32 1>
; CHECK-NOT: gather
; CHECK: ret void
define ptx_kernel void @repeated(ptr %in, ptr %out) {
  %t = call i32 @cw.tid.x()
  %low = and i32 %t, 1
  %k = zext nneg i32 %low to i64
  %p = getelementptr i32, ptr %in, i64 %k
  %v = load i32, ptr %p, align 4
  %x = zext nneg i32 %t to i64
  %q = getelementptr i32, ptr %out, i64 %x
  store i32 %v, ptr %q, align 4
  ret void
}

; 2 t - (t & 1) and the one two further: the two stores fill two vectors.
; CHECK-LABEL: define internal void @pairs.rows(
; CHECK-NOT: masked
; CHECK: shufflevector <4 x i32> {{.*}} <4 x i32> <i32 0, i32 1, i32 4, i32 5>
; CHECK-NEXT: store <4 x i32>
; CHECK: shufflevector <4 x i32> {{.*}} <4 x i32> <i32 2, i32 3, i32 6, i32 7>
; CHECK-NEXT: store <4 x i32>
; CHECK: ret void
define ptx_kernel void @pairs(ptr %out, i32 %a, i32 %b) {
  %t = call i32 @cw.tid.x()
  %twice = shl nuw nsw i32 %t, 1
  %low = and i32 %t, 1
  %i = sub nsw i32 %twice, %low
  %x = sext i32 %i to i64
  %p = getelementptr i32, ptr %out, i64 %x
  %q = getelementptr i32, ptr %p, i64 2
  %v = add i32 %t, %a
  %w = mul i32 %t, %b
  store i32 %v, ptr %p, align 4
  store i32 %w, ptr %q, align 4
  ret void
}

; Ten elements from lane to lane don't fit two vectors.
; CHECK-LABEL: define internal void @wide.rows(
; CHECK: call <4 x i32> @llvm.masked.gather
; CHECK: ret void
define ptx_kernel void @wide(ptr %in, ptr %out) {
  %t = call i32 @cw.tid.x()
  %low = and i32 %t, 1
  %far = mul nuw nsw i32 %low, 10
  %k = zext nneg i32 %far to i64
  %p = getelementptr i32, ptr %in, i64 %k
  %v = load i32, ptr %p, align 4
  %x = zext nneg i32 %t to i64
  %q = getelementptr i32, ptr %out, i64 %x
  store i32 %v, ptr %q, align 4
  ret void
}

; Shared memory: the old value is written back.
; CHECK-LABEL: define internal void @blended.rows(
; CHECK: call <4 x i32> @llvm.smin
; CHECK: store <4 x i32>
; CHECK-NOT: masked.store
; CHECK: ret void
define ptx_kernel void @blended() {
  %t = call i32 @cw.tid.x()
  %x = zext nneg i32 %t to i64
  %p = getelementptr i32, ptr addrspacecast (ptr addrspace(3) @keys to ptr), i64 %x
  %v = load i32, ptr %p, align 4
  %c = icmp sgt i32 %v, 7
  br i1 %c, label %yes, label %end
yes:
  store i32 7, ptr %p, align 4
  br label %end
end:
  ret void
}

; Other memory may be another block's at the same time: nothing is written back.
; CHECK-LABEL: define internal void @kept.rows(
; CHECK: masked.store
; CHECK: ret void
define ptx_kernel void @kept(ptr %data) {
  %t = call i32 @cw.tid.x()
  %x = zext nneg i32 %t to i64
  %p = getelementptr i32, ptr %data, i64 %x
  %v = load i32, ptr %p, align 4
  %c = icmp sgt i32 %v, 7
  br i1 %c, label %yes, label %end
yes:
  store i32 7, ptr %p, align 4
  br label %end
end:
  ret void
}

; Strides 1 and 2 of four lanes have bodies of their own.
; CHECK-LABEL: define internal i32 @halved.rows(
; CHECK-DAG: shufflevector <4 x i32> {{.*}} <4 x i32> <i32 1, i32 0, i32 3, i32 2>
; CHECK-DAG: shufflevector <4 x i32> {{.*}} <4 x i32> <i32 2, i32 3, i32 0, i32 1>
; CHECK-LABEL: define internal i1 @halved.inside(
define ptx_kernel void @halved(ptr %out) {
entry:
  %t = call i32 @cw.tid.x()
  %n = call i32 @cw.ntid.x()
  %x = zext nneg i32 %t to i64
  %p = getelementptr i32, ptr addrspacecast (ptr addrspace(3) @keys to ptr), i64 %x
  br label %loop
loop:
  %s = phi i32 [ %n, %entry ], [ %half, %loop ]
  call void @cw.barrier(i32 0, i32 0)
  %with = xor i32 %t, %s
  %y = zext i32 %with to i64
  %q = getelementptr i32, ptr addrspacecast (ptr addrspace(3) @keys to ptr), i64 %y
  %v = load i32, ptr %q, align 4
  call void @cw.barrier(i32 0, i32 0)
  store i32 %v, ptr %p, align 4
  %half = lshr i32 %s, 1
  %more = icmp ne i32 %half, 0
  br i1 %more, label %loop, label %end
end:
  ret void
}
