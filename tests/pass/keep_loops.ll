; SPDX-License-Identifier: Apache-2.0
; Loops that sum up floats stay loops, whatever pragmas say, but where their counter indexes a local array or a call wants constants.
; RUN: keep-loops
; CHECK: ; progress 1
declare i32 @cw.shfl.bfly(i32, i32, i32, i32)

; CHECK-LABEL: define float @sums
; CHECK: br i1 %more, label %turn, label %done, !llvm.loop [[KEPT:![0-9]+]]
define float @sums(ptr %p) {
start:
  br label %turn
turn:
  %i = phi i32 [ 0, %start ], [ %next, %turn ]
  %sum = phi float [ 0.0, %start ], [ %total, %turn ]
  %at = getelementptr float, ptr %p, i32 %i
  %x = load float, ptr %at
  %total = fadd float %sum, %x
  %next = add i32 %i, 1
  %more = icmp ult i32 %next, 32
  br i1 %more, label %turn, label %done, !llvm.loop !0
done:
  ret float %total
}

; CHECK-LABEL: define float @local
; CHECK: br i1 %more, label %turn, label %done, !llvm.loop [[FULL:![0-9]+]]
define float @local() {
start:
  %array = alloca [8 x float]
  br label %turn
turn:
  %i = phi i32 [ 0, %start ], [ %next, %turn ]
  %sum = phi float [ 0.0, %start ], [ %total, %turn ]
  %at = getelementptr [8 x float], ptr %array, i32 0, i32 %i
  %x = load float, ptr %at
  %total = fadd float %sum, %x
  %next = add i32 %i, 1
  %more = icmp ult i32 %next, 8
  br i1 %more, label %turn, label %done, !llvm.loop !2
done:
  ret float %total
}

; CHECK-LABEL: define float @exchanges
; CHECK: br i1 %more, label %turn, label %done{{$}}
define float @exchanges(float %x) {
start:
  br label %turn
turn:
  %distance = phi i32 [ 16, %start ], [ %next, %turn ]
  %sum = phi float [ %x, %start ], [ %total, %turn ]
  %word = bitcast float %sum to i32
  %other = call i32 @cw.shfl.bfly(i32 -1, i32 %word, i32 %distance, i32 31)
  %y = bitcast i32 %other to float
  %total = fadd float %sum, %y
  %next = lshr i32 %distance, 1
  %more = icmp ne i32 %next, 0
  br i1 %more, label %turn, label %done
done:
  ret float %total
}

; CHECK-LABEL: define i32 @counts
; CHECK: br i1 %more, label %turn, label %done{{$}}
define i32 @counts(ptr %p) {
start:
  br label %turn
turn:
  %i = phi i32 [ 0, %start ], [ %next, %turn ]
  %sum = phi i32 [ 0, %start ], [ %total, %turn ]
  %at = getelementptr i32, ptr %p, i32 %i
  %x = load i32, ptr %at
  %total = add i32 %sum, %x
  %next = add i32 %i, 1
  %more = icmp ult i32 %next, 32
  br i1 %more, label %turn, label %done
done:
  ret i32 %total
}

; CHECK-DAG: [[KEPT]] = distinct !{[[KEPT]], [[STAYS:![0-9]+]]}
; CHECK-DAG: [[STAYS]] = !{!"llvm.loop.unroll.disable"}
; CHECK-DAG: [[FULL]] = distinct !{[[FULL]], [[ALL:![0-9]+]]}
; CHECK-DAG: [[ALL]] = !{!"llvm.loop.unroll.full"}
!0 = distinct !{!0, !1}
!1 = !{!"llvm.loop.unroll.full"}
!2 = distinct !{!2, !1}
