; SPDX-License-Identifier: Apache-2.0
; What lanes of one vector can't do is told, and stays with scalar mode.
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

declare i32 @cw.activemask()

; CHECK: kernel polls: one thread at a time
; CHECK-NEXT: :0: a loop here waits for other threads, maybe of the same warp
; CHECK: kernel loops: one thread at a time
; CHECK-NEXT: :0: a barrier stands in a loop that threads may leave at different times
; CHECK: kernel sides: one thread at a time
; CHECK-NEXT: :0: threads of one warp may meet at different barriers here
; CHECK: kernel unrolled: one thread at a time
; CHECK-NEXT: :0: lanes that took part in the loop before and lanes that did not may meet here, and there
; CHECK: kernel endless: one thread at a time
; CHECK-NEXT: :0: it has a loop without an end
; CHECK: kernel large: one thread at a time
; CHECK-NEXT: :0: the local arrays of 4 threads don't fit one stack
; CHECK-NOT: define {{.*}}.rows(
define ptx_kernel void @polls(ptr %flags) {
entry:
  %t = call i32 @cw.tid.x()
  %x = zext i32 %t to i64
  %p = getelementptr i32, ptr %flags, i64 %x
  br label %head
head:
  %v = load volatile i32, ptr %p, align 4
  call void @cw.poll()
  %c = icmp eq i32 %v, 0
  br i1 %c, label %head, label %done
done:
  ret void
}

define ptx_kernel void @loops(ptr %counts) {
entry:
  %t = call i32 @cw.tid.x()
  %x = zext i32 %t to i64
  %p = getelementptr i32, ptr %counts, i64 %x
  %n = load i32, ptr %p, align 4
  br label %head
head:
  %i = phi i32 [ 0, %entry ], [ %next, %head ]
  call void @cw.barrier(i32 0, i32 0)
  %next = add i32 %i, 1
  %c = icmp slt i32 %next, %n
  br i1 %c, label %head, label %done
done:
  ret void
}

define ptx_kernel void @sides(ptr %out) {
  %t = call i32 @cw.tid.x()
  %odd = and i32 %t, 1
  %c = icmp eq i32 %odd, 0
  br i1 %c, label %then, label %else
then:
  call void @cw.barrier(i32 0, i32 0)
  store i32 1, ptr %out, align 4
  br label %done
else:
  call void @cw.barrier(i32 1, i32 0)
  store i32 2, ptr %out, align 4
  br label %done
done:
  ret void
}

; What a compiler makes of a loop around a vote: two iterations at a time, then the rest.
define ptx_kernel void @unrolled(ptr %out) {
entry:
  %t = call i32 @cw.laneid()
  %few = icmp eq i32 %t, 0
  %rest = and i32 %t, 1
  br i1 %few, label %between, label %pairs
pairs:
  %m = phi i32 [ -1, %entry ], [ %m2, %pairs ]
  %i = phi i32 [ 0, %entry ], [ %i2, %pairs ]
  %c1 = icmp ult i32 %i, %t
  %m1 = call i32 @cw.vote.ballot(i32 %m, i32 1)
  %m2 = call i32 @cw.vote.ballot(i32 %m1, i32 1)
  %i2 = add i32 %i, 2
  %more = icmp ult i32 %i2, %t
  br i1 %more, label %pairs, label %between
between:
  %b = phi i32 [ -1, %entry ], [ %m2, %pairs ]
  %none = icmp eq i32 %rest, 0
  br i1 %none, label %done, label %last
last:
  %l = phi i32 [ %b, %between ], [ %l2, %last ]
  %j = phi i32 [ %rest, %between ], [ %j2, %last ]
  %l2 = call i32 @cw.vote.ballot(i32 %l, i32 1)
  %j2 = sub i32 %j, 1
  %end = icmp eq i32 %j2, 0
  br i1 %end, label %done, label %last
done:
  %r = phi i32 [ %b, %between ], [ %l2, %last ]
  %x = zext i32 %t to i64
  %p = getelementptr i32, ptr %out, i64 %x
  store i32 %r, ptr %p, align 4
  ret void
}

define ptx_kernel void @endless(ptr %out) {
entry:
  br label %head
head:
  store volatile i32 2, ptr %out, align 4
  br label %head
}

define ptx_kernel void @large(ptr %out, i32 %n) {
  %array = alloca [200000 x i8], align 4
  %x = zext i32 %n to i64
  %p = getelementptr i8, ptr %array, i64 %x
  store volatile i8 1, ptr %p, align 1
  ret void
}
