; SPDX-License-Identifier: Apache-2.0
; Every way in which code may name a shared variable.
; RUN: shared llvm:globaldce
; CHECK: ; progress 1
; CHECK-NOT: @s =

@pad = internal addrspace(3) global [8 x i8] undef, align 8
@s = internal addrspace(3) global [32 x i32] undef, align 4

declare void @use(ptr)
declare void @use_shared(ptr addrspace(3))

define ptx_kernel void @reaches_all(ptr %p, i32 %i, i1 %c) {
  store i64 0, ptr addrspacecast (ptr addrspace(3) @pad to ptr)
  call void @constant_expressions(ptr %p)
  call void @select(ptr %p, i1 %c)
  call i32 @phi(i1 %c)
  call i32 @phi_twice(i32 %i)
  call i32 @shared_pointer(i32 %i, i1 %c)
  call void @local_table(i32 %i)
  call void @vector(ptr %p)
  call void @calls()
  call i1 @compare(ptr %p)
  ret void
}

; CHECK-LABEL: define internal void @constant_expressions
; CHECK: %[[S:.*]] = getelementptr inbounds i8, ptr %shared, i64 8
; CHECK: %[[E:.*]] = getelementptr inbounds [32 x i32], ptr %[[S]], i64 0, i64 3
; CHECK: store i32 1, ptr %[[E]]
; CHECK: %[[S2:.*]] = getelementptr inbounds i8, ptr %shared, i64 8
; CHECK: %[[I:.*]] = ptrtoint ptr %[[S2]] to i64
; CHECK: store i64 %[[I]], ptr %p
; CHECK: sub i64
define internal void @constant_expressions(ptr %p) {
  store i32 1, ptr getelementptr inbounds ([32 x i32], ptr addrspacecast (ptr addrspace(3) @s to ptr), i64 0, i64 3)
  store i64 ptrtoint (ptr addrspacecast (ptr addrspace(3) @s to ptr) to i64), ptr %p
  store i64 sub (i64 ptrtoint (ptr addrspacecast (ptr addrspace(3) @s to ptr) to i64), i64 ptrtoint (ptr addrspacecast (ptr addrspace(3) @pad to ptr) to i64)), ptr %p
  ret void
}

; CHECK-LABEL: define internal void @select
; CHECK: %[[S:.*]] = getelementptr inbounds i8, ptr %shared, i64 8
; CHECK: select i1 %c, ptr %[[S]], ptr %p
define internal void @select(ptr %p, i1 %c) {
  %q = select i1 %c, ptr addrspacecast (ptr addrspace(3) @s to ptr), ptr %p
  store i32 1, ptr %q
  ret void
}

; CHECK-LABEL: define internal i32 @phi
; CHECK: a:
; CHECK-NEXT: %[[S:.*]] = getelementptr inbounds i8, ptr %shared, i64 8
; CHECK-NEXT: br label %b
; CHECK: phi ptr [ %[[P:.*]], %0 ], [ %[[S]], %a ]
define internal i32 @phi(i1 %c) {
  br i1 %c, label %a, label %b
a:
  br label %b
b:
  %p = phi ptr [ addrspacecast (ptr addrspace(3) @pad to ptr), %0 ], [ addrspacecast (ptr addrspace(3) @s to ptr), %a ]
  %v = load i32, ptr %p
  ret i32 %v
}

; A phi has one value a predecessor, however many edges come from it.
; CHECK-LABEL: define internal i32 @phi_twice
; CHECK: phi ptr [ %[[S:.*]], %0 ], [ %[[S]], %0 ], [ null, %a ]
define internal i32 @phi_twice(i32 %i) {
  switch i32 %i, label %a [ i32 1, label %b
                            i32 2, label %b ]
a:
  br label %b
b:
  %p = phi ptr [ addrspacecast (ptr addrspace(3) @s to ptr), %0 ], [ addrspacecast (ptr addrspace(3) @s to ptr), %0 ], [ null, %a ]
  %v = load i32, ptr %p
  ret i32 %v
}

; Pointers into the shared space keep their type.
; CHECK-LABEL: define internal i32 @shared_pointer
; CHECK: %[[S:.*]] = addrspacecast ptr %{{.*}} to ptr addrspace(3)
; CHECK: %e = getelementptr [32 x i32], ptr addrspace(3) %[[S]], i32 0, i32 %i
; CHECK: select i1 %c, ptr addrspace(3) %e, ptr addrspace(3)
define internal i32 @shared_pointer(i32 %i, i1 %c) {
  %e = getelementptr [32 x i32], ptr addrspace(3) @s, i32 0, i32 %i
  %f = select i1 %c, ptr addrspace(3) %e, ptr addrspace(3) @pad
  %g = addrspacecast ptr addrspace(3) %f to ptr
  %v = load i32, ptr %g
  ret i32 %v
}

; `int *table[2] = {s, pad}` is a copy of a private constant.
@__const.table = private unnamed_addr constant { [2 x ptr], i32 } { [2 x ptr] [ptr addrspacecast (ptr addrspace(3) @s to ptr), ptr addrspacecast (ptr addrspace(3) @pad to ptr)], i32 5 }, align 8
; CHECK-LABEL: define internal void @local_table
; CHECK: %[[LOCAL:.*]] = alloca { [2 x ptr], i32 }, align 8
; CHECK: %[[S:.*]] = getelementptr inbounds i8, ptr %shared, i64 8
; CHECK: %[[PAD:.*]] = getelementptr inbounds i8, ptr %shared, i64 0
; CHECK: insertvalue { [2 x ptr], i32 } %{{.*}}, i32 5, 1
; CHECK-NEXT: store { [2 x ptr], i32 } %{{.*}}, ptr %[[LOCAL]]
; CHECK: call void @llvm.memcpy.p0.p0.i64(ptr %t, ptr %[[LOCAL]], i64 24, i1 false)
; CHECK: call void @llvm.memcpy.p0.p0.i64(ptr %t, ptr %[[LOCAL]], i64 8, i1 false)
define internal void @local_table(i32 %i) {
  %t = alloca { [2 x ptr], i32 }
  call void @llvm.memcpy.p0.p0.i64(ptr %t, ptr @__const.table, i64 24, i1 false)
  call void @llvm.memcpy.p0.p0.i64(ptr %t, ptr @__const.table, i64 8, i1 false)
  ret void
}

; CHECK-LABEL: define internal void @vector
; CHECK: insertelement <2 x ptr> poison, ptr %{{.*}}, i32 0
; CHECK: %[[V:.*]] = insertelement <2 x ptr> %{{.*}}, ptr %{{.*}}, i32 1
; CHECK: store <2 x ptr> %[[V]], ptr %p
define internal void @vector(ptr %p) {
  store <2 x ptr> <ptr addrspacecast (ptr addrspace(3) @s to ptr), ptr addrspacecast (ptr addrspace(3) @pad to ptr)>, ptr %p
  ret void
}

; CHECK-LABEL: define internal void @calls
; CHECK: call void @use(ptr %{{.*}})
; CHECK: %[[P:.*]] = addrspacecast ptr %{{.*}} to ptr addrspace(3)
; CHECK: call void @use_shared(ptr addrspace(3) %[[P]])
define internal void @calls() {
  call void @use(ptr addrspacecast (ptr addrspace(3) @s to ptr))
  call void @use_shared(ptr addrspace(3) @s)
  ret void
}

; CHECK-LABEL: define internal i1 @compare
; CHECK: icmp eq ptr %p, %{{.*}}
define internal i1 @compare(ptr %p) {
  %c = icmp eq ptr %p, addrspacecast (ptr addrspace(3) @s to ptr)
  ret i1 %c
}
