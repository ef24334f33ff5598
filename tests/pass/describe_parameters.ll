; SPDX-License-Identifier: Apache-2.0
; Parameters by the source's layout, as offset+size@alignment, and launch bounds.
; RUN: describe

; CHECK-LABEL: kernel empty at '':0
; CHECK-NEXT: shared 0 align 1, bounds 0 0, parameters 0 in 0 bytes:.
; CHECK-NEXT: features:.
define ptx_kernel void @empty() {
  ret void
}

; CHECK-LABEL: kernel scalars
; CHECK-NEXT: shared 0 align 1, bounds 256 2, parameters 9 in 56 bytes: 0+1@1 1+1@1 2+2@2 4+4@4 8+8@8 16+8@8 24+2@2 32+16@16 48+8@8.
define ptx_kernel void @scalars(i1 zeroext %bool, i8 %char, i16 %short, float %float, double %double, ptr %p, half %h, i128 %big, i64 %last) #0 {
  ret void
}

%struct.P = type { float, i32, i8 }
%struct.Empty = type { i8 }
%struct.Wide = type { [4 x float] }
%struct.Packed = type <{ i8, i64 }>
; CHECK-LABEL: kernel classes
; CHECK-NEXT: shared 0 align 1, bounds 64 0, parameters 6 in 132 bytes: 0+12@4 12+1@1 16+16@16 32+9@1 64+64@64 128+4@4.
define ptx_kernel void @classes(ptr byval(%struct.P) align 4 %a, ptr byval(%struct.Empty) align 1 %b, ptr byval(%struct.Wide) align 16 %c, ptr byval(%struct.Packed) align 1 %d, ptr byval([64 x i8]) align 64 %e, i32 %f) #1 {
  ret void
}

; Vectors have the size and alignment of their C types.
; CHECK-LABEL: kernel vectors
; CHECK-NEXT: shared 0 align 1, bounds 0 0, parameters 3 in 36 bytes: 0+16@16 16+16@16 32+4@4.
define ptx_kernel void @vectors(<4 x float> %a, <3 x float> %b, <3 x i8> %c) {
  ret void
}

; CHECK-LABEL: kernel huge
; CHECK-NEXT: shared 0 align 1, bounds 0 0, parameters 2 in 4100 bytes: 0+4092@4 4096+4@4096.
define ptx_kernel void @huge(ptr byval([1023 x i32]) align 4 %a, ptr byval([1 x i32]) align 4096 %b) {
  ret void
}

; Only kernels have rows.
; CHECK-NOT: kernel helper
define void @helper(i32 %a) {
  ret void
}

attributes #0 = { "nvvm.maxntid"="256" "nvvm.minctasm"="2" }
attributes #1 = { "nvvm.maxntid"="8,4,2" }
