; SPDX-License-Identifier: Apache-2.0
; Managed variables are those that clang's annotations say and the host may see; each becomes a pointer that its uses load,
; in constants of every kind and in phis.
; RUN: note-managed managed
; CHECK: ; progress 1
; CHECK-NOT: llvm.global.annotations
; CHECK-DAG: @other = addrspace(1) externally_initialized global i32 1
; CHECK-DAG: @hidden = internal addrspace(1) global i32 2
; CHECK-DAG: @m = addrspace(1) externally_initialized global ptr addrspacecast (ptr addrspace(1) @m.own to ptr)
; CHECK-DAG: @m.own = internal addrspace(1) global i32 5, align 4
; CHECK-DAG: @array = addrspace(1) externally_initialized global ptr addrspacecast (ptr addrspace(1) @array.own to ptr)
@.word = private constant [11 x i8] c"cw.managed\00", section "llvm.metadata"
@.theirs = private constant [7 x i8] c"theirs\00", section "llvm.metadata"
@.file = private constant [2 x i8] c"a\00", section "llvm.metadata"
@m = addrspace(1) externally_initialized global i32 5, align 4
@array = addrspace(1) externally_initialized global [4 x i32] [i32 1, i32 2, i32 3, i32 4], align 16
@other = addrspace(1) externally_initialized global i32 1
@hidden = internal addrspace(1) global i32 2
@llvm.compiler.used = appending global [1 x ptr] [ptr addrspacecast (ptr addrspace(1) @m to ptr)], section "llvm.metadata"
@llvm.global.annotations = appending global [4 x { ptr, ptr, ptr, i32, ptr }] [
  { ptr, ptr, ptr, i32, ptr } { ptr addrspacecast (ptr addrspace(1) @m to ptr), ptr @.word, ptr @.file, i32 1, ptr null },
  { ptr, ptr, ptr, i32, ptr } { ptr addrspacecast (ptr addrspace(1) @array to ptr), ptr @.word, ptr @.file, i32 1, ptr null },
  { ptr, ptr, ptr, i32, ptr } { ptr addrspacecast (ptr addrspace(1) @other to ptr), ptr @.theirs, ptr @.file, i32 1, ptr null },
  { ptr, ptr, ptr, i32, ptr } { ptr addrspacecast (ptr addrspace(1) @hidden to ptr), ptr @.word, ptr @.file, i32 1, ptr null }], section "llvm.metadata"

; CHECK-LABEL: define i32 @uses
; CHECK: %[[M:.*]] = load ptr, ptr addrspace(1) @m, {{.*}}!invariant.load
; CHECK: load i32, ptr %[[M]]
; CHECK: load i32, ptr addrspacecast (ptr addrspace(1) @other to ptr)
; CHECK: %[[A:.*]] = load ptr, ptr addrspace(1) @array
; CHECK: %[[E:.*]] = getelementptr i8, ptr %[[A]], i64 8
; CHECK: store i32 %{{.*}}, ptr %[[E]]
; CHECK: load ptr, ptr addrspace(1) @m
; CHECK: br i1
; CHECK: phi ptr [ %{{.*}}, %entry ], [ null, %then ]
define i32 @uses(i1 %c) {
entry:
  %v = load i32, ptr addrspacecast (ptr addrspace(1) @m to ptr)
  %w = load i32, ptr addrspacecast (ptr addrspace(1) @other to ptr)
  store i32 %w, ptr getelementptr (i8, ptr addrspacecast (ptr addrspace(1) @array to ptr), i64 8)
  br i1 %c, label %then, label %end
then:
  br label %end
end:
  %p = phi ptr [ addrspacecast (ptr addrspace(1) @m to ptr), %entry ], [ null, %then ]
  %i = ptrtoint ptr %p to i32
  %s = add i32 %v, %i
  ret i32 %s
}
