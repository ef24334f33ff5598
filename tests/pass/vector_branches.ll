; SPDX-License-Identifier: Apache-2.0
; A branch on what is the same in every lane stays; one on what differs becomes a mask, and the block behind it is skipped when no
; lane is on, and has two forms: for all lanes, and for some.
; RUN: cpu-vectorise
declare i32 @cw.tid.x()
declare i32 @cw.tid.y()
declare i32 @cw.ntid.x()
declare i32 @cw.ctaid.x()
declare void @cw.barrier(i32, i32)
declare void @cw.poll()
declare i32 @cw.shfl.xor(i32, i32, i32, i32)
declare i32 @cw.vote.ballot(i32, i32)
declare i32 @cw.laneid()

; CHECK-LABEL: define internal void @uniform.rows(
; CHECK: icmp {{.*}}i32 %1,
; CHECK-NEXT: br i1
; CHECK: store <4 x i32>
define ptx_kernel void @uniform(ptr %out, i32 %n) {
  %t = call i32 @cw.tid.x()
  %x = zext i32 %t to i64
  %p = getelementptr i32, ptr %out, i64 %x
  %c = icmp sgt i32 %n, 0
  br i1 %c, label %then, label %done
then:
  store i32 %t, ptr %p, align 4
  br label %done
done:
  ret void
}

; CHECK-LABEL: define internal void @divergent.rows(
; CHECK: %[[V:.*]] = load <4 x i32>
; CHECK: %[[C:.*]] = icmp sgt <4 x i32> %[[V]], zeroinitializer
; CHECK: %[[BITS:.*]] = bitcast <4 x i1> %[[C]] to i4
; CHECK: switch i4 %[[BITS]], label %[[SOME:.*]] [
; CHECK: i4 0,
; CHECK: i4 -1, label %[[ALL:.*]]
; CHECK: {{^}}[[ALL]]:
; CHECK: store <4 x i32>
; CHECK: {{^}}[[SOME]]:
; CHECK: call void @llvm.masked.store{{.*}}<4 x i1> %[[C]])
define ptx_kernel void @divergent(ptr %out) {
  %t = call i32 @cw.tid.x()
  %x = zext i32 %t to i64
  %p = getelementptr i32, ptr %out, i64 %x
  %v = load i32, ptr %p, align 4
  %c = icmp sgt i32 %v, 0
  br i1 %c, label %then, label %done
then:
  store i32 %t, ptr %p, align 4
  br label %done
done:
  ret void
}

; Lanes leave a loop at different times: it goes round while any is left, and without masks while all are.
; CHECK-LABEL: define internal void @loop.others(
; CHECK: {{^}}gate:
; CHECK: icmp eq i4 %{{.*}}, -1
; CHECK-NEXT: br i1 %{{.*}}, label %together, label
; CHECK: {{^}}together:
; CHECK: icmp eq i4 %{{.*}}, -1
; CHECK-NEXT: br i1 %{{.*}}, label %together, label %rest
; CHECK: {{^}}rest:
; CHECK: br i1 %{{.*}}label %gate
define ptx_kernel void @loop(ptr %out) {
entry:
  %t = call i32 @cw.tid.x()
  %x = zext i32 %t to i64
  %p = getelementptr i32, ptr %out, i64 %x
  %n = load i32, ptr %p, align 4
  br label %head
head:
  %i = phi i32 [ 0, %entry ], [ %next, %head ]
  %a = phi i32 [ 1, %entry ], [ %b, %head ]
  %b = mul i32 %a, %n
  %next = add i32 %i, 1
  %more = icmp slt i32 %next, %b
  br i1 %more, label %head, label %done
done:
  store i32 %b, ptr %p, align 4
  ret void
}
