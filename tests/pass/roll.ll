; SPDX-License-Identifier: Apache-2.0
; Local arrays that were taken apart into registers, a statement an element: loops over an array again (src/pass/roll.c); and where a store between
; the loads, or an element that goes elsewhere, keeps them as they are.
; RUN: roll

; for (k = 0; k < 32; k++) s[k] = 0, s[k] += in[k], out[k] = s[k]: one statement each.
; CHECK-LABEL: define ptx_kernel void @sums(
; CHECK: [[S:%.*]] = alloca [32 x float]
; CHECK: store float 0.000000e+00, ptr
; CHECK: icmp eq i64 {{.*}}, 32
; CHECK-NOT: phi float
; CHECK: [[P:%.*]] = getelementptr i8, ptr %in, i64
; CHECK-NEXT: [[X:%.*]] = load float, ptr [[P]], align 4
; CHECK: fadd float {{.*}}, [[X]]
; CHECK-NEXT: getelementptr inbounds float, ptr [[S]]
; CHECK-NEXT: store float
; CHECK-NOT: fadd
; CHECK: getelementptr i8, ptr %out, i64
; CHECK-NEXT: store float
; CHECK-NOT: store float
; CHECK: ret void
define ptx_kernel void @sums(ptr %in, ptr %out, i32 %n) {
entry:
  br label %turn
turn:
  %i = phi i32 [ 0, %entry ], [ %next, %turn ]
  %s0 = phi float [ 0.0, %entry ], [ %t0, %turn ]
  %s1 = phi float [ 0.0, %entry ], [ %t1, %turn ]
  %s2 = phi float [ 0.0, %entry ], [ %t2, %turn ]
  %s3 = phi float [ 0.0, %entry ], [ %t3, %turn ]
  %s4 = phi float [ 0.0, %entry ], [ %t4, %turn ]
  %s5 = phi float [ 0.0, %entry ], [ %t5, %turn ]
  %s6 = phi float [ 0.0, %entry ], [ %t6, %turn ]
  %s7 = phi float [ 0.0, %entry ], [ %t7, %turn ]
  %s8 = phi float [ 0.0, %entry ], [ %t8, %turn ]
  %s9 = phi float [ 0.0, %entry ], [ %t9, %turn ]
  %s10 = phi float [ 0.0, %entry ], [ %t10, %turn ]
  %s11 = phi float [ 0.0, %entry ], [ %t11, %turn ]
  %s12 = phi float [ 0.0, %entry ], [ %t12, %turn ]
  %s13 = phi float [ 0.0, %entry ], [ %t13, %turn ]
  %s14 = phi float [ 0.0, %entry ], [ %t14, %turn ]
  %s15 = phi float [ 0.0, %entry ], [ %t15, %turn ]
  %s16 = phi float [ 0.0, %entry ], [ %t16, %turn ]
  %s17 = phi float [ 0.0, %entry ], [ %t17, %turn ]
  %s18 = phi float [ 0.0, %entry ], [ %t18, %turn ]
  %s19 = phi float [ 0.0, %entry ], [ %t19, %turn ]
  %s20 = phi float [ 0.0, %entry ], [ %t20, %turn ]
  %s21 = phi float [ 0.0, %entry ], [ %t21, %turn ]
  %s22 = phi float [ 0.0, %entry ], [ %t22, %turn ]
  %s23 = phi float [ 0.0, %entry ], [ %t23, %turn ]
  %s24 = phi float [ 0.0, %entry ], [ %t24, %turn ]
  %s25 = phi float [ 0.0, %entry ], [ %t25, %turn ]
  %s26 = phi float [ 0.0, %entry ], [ %t26, %turn ]
  %s27 = phi float [ 0.0, %entry ], [ %t27, %turn ]
  %s28 = phi float [ 0.0, %entry ], [ %t28, %turn ]
  %s29 = phi float [ 0.0, %entry ], [ %t29, %turn ]
  %s30 = phi float [ 0.0, %entry ], [ %t30, %turn ]
  %s31 = phi float [ 0.0, %entry ], [ %t31, %turn ]
  %p0 = getelementptr i8, ptr %in, i64 0
  %x0 = load float, ptr %p0, align 4
  %t0 = fadd float %s0, %x0
  %p1 = getelementptr i8, ptr %in, i64 4
  %x1 = load float, ptr %p1, align 4
  %t1 = fadd float %s1, %x1
  %p2 = getelementptr i8, ptr %in, i64 8
  %x2 = load float, ptr %p2, align 4
  %t2 = fadd float %s2, %x2
  %p3 = getelementptr i8, ptr %in, i64 12
  %x3 = load float, ptr %p3, align 4
  %t3 = fadd float %s3, %x3
  %p4 = getelementptr i8, ptr %in, i64 16
  %x4 = load float, ptr %p4, align 4
  %t4 = fadd float %s4, %x4
  %p5 = getelementptr i8, ptr %in, i64 20
  %x5 = load float, ptr %p5, align 4
  %t5 = fadd float %s5, %x5
  %p6 = getelementptr i8, ptr %in, i64 24
  %x6 = load float, ptr %p6, align 4
  %t6 = fadd float %s6, %x6
  %p7 = getelementptr i8, ptr %in, i64 28
  %x7 = load float, ptr %p7, align 4
  %t7 = fadd float %s7, %x7
  %p8 = getelementptr i8, ptr %in, i64 32
  %x8 = load float, ptr %p8, align 4
  %t8 = fadd float %s8, %x8
  %p9 = getelementptr i8, ptr %in, i64 36
  %x9 = load float, ptr %p9, align 4
  %t9 = fadd float %s9, %x9
  %p10 = getelementptr i8, ptr %in, i64 40
  %x10 = load float, ptr %p10, align 4
  %t10 = fadd float %s10, %x10
  %p11 = getelementptr i8, ptr %in, i64 44
  %x11 = load float, ptr %p11, align 4
  %t11 = fadd float %s11, %x11
  %p12 = getelementptr i8, ptr %in, i64 48
  %x12 = load float, ptr %p12, align 4
  %t12 = fadd float %s12, %x12
  %p13 = getelementptr i8, ptr %in, i64 52
  %x13 = load float, ptr %p13, align 4
  %t13 = fadd float %s13, %x13
  %p14 = getelementptr i8, ptr %in, i64 56
  %x14 = load float, ptr %p14, align 4
  %t14 = fadd float %s14, %x14
  %p15 = getelementptr i8, ptr %in, i64 60
  %x15 = load float, ptr %p15, align 4
  %t15 = fadd float %s15, %x15
  %p16 = getelementptr i8, ptr %in, i64 64
  %x16 = load float, ptr %p16, align 4
  %t16 = fadd float %s16, %x16
  %p17 = getelementptr i8, ptr %in, i64 68
  %x17 = load float, ptr %p17, align 4
  %t17 = fadd float %s17, %x17
  %p18 = getelementptr i8, ptr %in, i64 72
  %x18 = load float, ptr %p18, align 4
  %t18 = fadd float %s18, %x18
  %p19 = getelementptr i8, ptr %in, i64 76
  %x19 = load float, ptr %p19, align 4
  %t19 = fadd float %s19, %x19
  %p20 = getelementptr i8, ptr %in, i64 80
  %x20 = load float, ptr %p20, align 4
  %t20 = fadd float %s20, %x20
  %p21 = getelementptr i8, ptr %in, i64 84
  %x21 = load float, ptr %p21, align 4
  %t21 = fadd float %s21, %x21
  %p22 = getelementptr i8, ptr %in, i64 88
  %x22 = load float, ptr %p22, align 4
  %t22 = fadd float %s22, %x22
  %p23 = getelementptr i8, ptr %in, i64 92
  %x23 = load float, ptr %p23, align 4
  %t23 = fadd float %s23, %x23
  %p24 = getelementptr i8, ptr %in, i64 96
  %x24 = load float, ptr %p24, align 4
  %t24 = fadd float %s24, %x24
  %p25 = getelementptr i8, ptr %in, i64 100
  %x25 = load float, ptr %p25, align 4
  %t25 = fadd float %s25, %x25
  %p26 = getelementptr i8, ptr %in, i64 104
  %x26 = load float, ptr %p26, align 4
  %t26 = fadd float %s26, %x26
  %p27 = getelementptr i8, ptr %in, i64 108
  %x27 = load float, ptr %p27, align 4
  %t27 = fadd float %s27, %x27
  %p28 = getelementptr i8, ptr %in, i64 112
  %x28 = load float, ptr %p28, align 4
  %t28 = fadd float %s28, %x28
  %p29 = getelementptr i8, ptr %in, i64 116
  %x29 = load float, ptr %p29, align 4
  %t29 = fadd float %s29, %x29
  %p30 = getelementptr i8, ptr %in, i64 120
  %x30 = load float, ptr %p30, align 4
  %t30 = fadd float %s30, %x30
  %p31 = getelementptr i8, ptr %in, i64 124
  %x31 = load float, ptr %p31, align 4
  %t31 = fadd float %s31, %x31
  %next = add nuw nsw i32 %i, 1
  %more = icmp slt i32 %next, %n
  br i1 %more, label %turn, label %done
done:
  %q0 = getelementptr i8, ptr %out, i64 0
  store float %t0, ptr %q0, align 4
  %q1 = getelementptr i8, ptr %out, i64 4
  store float %t1, ptr %q1, align 4
  %q2 = getelementptr i8, ptr %out, i64 8
  store float %t2, ptr %q2, align 4
  %q3 = getelementptr i8, ptr %out, i64 12
  store float %t3, ptr %q3, align 4
  %q4 = getelementptr i8, ptr %out, i64 16
  store float %t4, ptr %q4, align 4
  %q5 = getelementptr i8, ptr %out, i64 20
  store float %t5, ptr %q5, align 4
  %q6 = getelementptr i8, ptr %out, i64 24
  store float %t6, ptr %q6, align 4
  %q7 = getelementptr i8, ptr %out, i64 28
  store float %t7, ptr %q7, align 4
  %q8 = getelementptr i8, ptr %out, i64 32
  store float %t8, ptr %q8, align 4
  %q9 = getelementptr i8, ptr %out, i64 36
  store float %t9, ptr %q9, align 4
  %q10 = getelementptr i8, ptr %out, i64 40
  store float %t10, ptr %q10, align 4
  %q11 = getelementptr i8, ptr %out, i64 44
  store float %t11, ptr %q11, align 4
  %q12 = getelementptr i8, ptr %out, i64 48
  store float %t12, ptr %q12, align 4
  %q13 = getelementptr i8, ptr %out, i64 52
  store float %t13, ptr %q13, align 4
  %q14 = getelementptr i8, ptr %out, i64 56
  store float %t14, ptr %q14, align 4
  %q15 = getelementptr i8, ptr %out, i64 60
  store float %t15, ptr %q15, align 4
  %q16 = getelementptr i8, ptr %out, i64 64
  store float %t16, ptr %q16, align 4
  %q17 = getelementptr i8, ptr %out, i64 68
  store float %t17, ptr %q17, align 4
  %q18 = getelementptr i8, ptr %out, i64 72
  store float %t18, ptr %q18, align 4
  %q19 = getelementptr i8, ptr %out, i64 76
  store float %t19, ptr %q19, align 4
  %q20 = getelementptr i8, ptr %out, i64 80
  store float %t20, ptr %q20, align 4
  %q21 = getelementptr i8, ptr %out, i64 84
  store float %t21, ptr %q21, align 4
  %q22 = getelementptr i8, ptr %out, i64 88
  store float %t22, ptr %q22, align 4
  %q23 = getelementptr i8, ptr %out, i64 92
  store float %t23, ptr %q23, align 4
  %q24 = getelementptr i8, ptr %out, i64 96
  store float %t24, ptr %q24, align 4
  %q25 = getelementptr i8, ptr %out, i64 100
  store float %t25, ptr %q25, align 4
  %q26 = getelementptr i8, ptr %out, i64 104
  store float %t26, ptr %q26, align 4
  %q27 = getelementptr i8, ptr %out, i64 108
  store float %t27, ptr %q27, align 4
  %q28 = getelementptr i8, ptr %out, i64 112
  store float %t28, ptr %q28, align 4
  %q29 = getelementptr i8, ptr %out, i64 116
  store float %t29, ptr %q29, align 4
  %q30 = getelementptr i8, ptr %out, i64 120
  store float %t30, ptr %q30, align 4
  %q31 = getelementptr i8, ptr %out, i64 124
  store float %t31, ptr %q31, align 4
  ret void
}

; What is stored there may be what is loaded next.
; CHECK-LABEL: define ptx_kernel void @between(
; CHECK-NOT: alloca
; CHECK-COUNT-32: fadd float
; CHECK: ret void
define ptx_kernel void @between(ptr %in, ptr %out, i32 %n) {
entry:
  br label %turn
turn:
  %i = phi i32 [ 0, %entry ], [ %next, %turn ]
  %s0 = phi float [ 0.0, %entry ], [ %t0, %turn ]
  %s1 = phi float [ 0.0, %entry ], [ %t1, %turn ]
  %s2 = phi float [ 0.0, %entry ], [ %t2, %turn ]
  %s3 = phi float [ 0.0, %entry ], [ %t3, %turn ]
  %s4 = phi float [ 0.0, %entry ], [ %t4, %turn ]
  %s5 = phi float [ 0.0, %entry ], [ %t5, %turn ]
  %s6 = phi float [ 0.0, %entry ], [ %t6, %turn ]
  %s7 = phi float [ 0.0, %entry ], [ %t7, %turn ]
  %s8 = phi float [ 0.0, %entry ], [ %t8, %turn ]
  %s9 = phi float [ 0.0, %entry ], [ %t9, %turn ]
  %s10 = phi float [ 0.0, %entry ], [ %t10, %turn ]
  %s11 = phi float [ 0.0, %entry ], [ %t11, %turn ]
  %s12 = phi float [ 0.0, %entry ], [ %t12, %turn ]
  %s13 = phi float [ 0.0, %entry ], [ %t13, %turn ]
  %s14 = phi float [ 0.0, %entry ], [ %t14, %turn ]
  %s15 = phi float [ 0.0, %entry ], [ %t15, %turn ]
  %s16 = phi float [ 0.0, %entry ], [ %t16, %turn ]
  %s17 = phi float [ 0.0, %entry ], [ %t17, %turn ]
  %s18 = phi float [ 0.0, %entry ], [ %t18, %turn ]
  %s19 = phi float [ 0.0, %entry ], [ %t19, %turn ]
  %s20 = phi float [ 0.0, %entry ], [ %t20, %turn ]
  %s21 = phi float [ 0.0, %entry ], [ %t21, %turn ]
  %s22 = phi float [ 0.0, %entry ], [ %t22, %turn ]
  %s23 = phi float [ 0.0, %entry ], [ %t23, %turn ]
  %s24 = phi float [ 0.0, %entry ], [ %t24, %turn ]
  %s25 = phi float [ 0.0, %entry ], [ %t25, %turn ]
  %s26 = phi float [ 0.0, %entry ], [ %t26, %turn ]
  %s27 = phi float [ 0.0, %entry ], [ %t27, %turn ]
  %s28 = phi float [ 0.0, %entry ], [ %t28, %turn ]
  %s29 = phi float [ 0.0, %entry ], [ %t29, %turn ]
  %s30 = phi float [ 0.0, %entry ], [ %t30, %turn ]
  %s31 = phi float [ 0.0, %entry ], [ %t31, %turn ]
  %p0 = getelementptr i8, ptr %in, i64 0
  %x0 = load float, ptr %p0, align 4
  %t0 = fadd float %s0, %x0
  %p1 = getelementptr i8, ptr %in, i64 4
  %x1 = load float, ptr %p1, align 4
  %t1 = fadd float %s1, %x1
  %p2 = getelementptr i8, ptr %in, i64 8
  %x2 = load float, ptr %p2, align 4
  %t2 = fadd float %s2, %x2
  %p3 = getelementptr i8, ptr %in, i64 12
  %x3 = load float, ptr %p3, align 4
  %t3 = fadd float %s3, %x3
  %p4 = getelementptr i8, ptr %in, i64 16
  %x4 = load float, ptr %p4, align 4
  %t4 = fadd float %s4, %x4
  %p5 = getelementptr i8, ptr %in, i64 20
  %x5 = load float, ptr %p5, align 4
  %t5 = fadd float %s5, %x5
  %p6 = getelementptr i8, ptr %in, i64 24
  %x6 = load float, ptr %p6, align 4
  %t6 = fadd float %s6, %x6
  %p7 = getelementptr i8, ptr %in, i64 28
  %x7 = load float, ptr %p7, align 4
  %t7 = fadd float %s7, %x7
  %p8 = getelementptr i8, ptr %in, i64 32
  %x8 = load float, ptr %p8, align 4
  %t8 = fadd float %s8, %x8
  %p9 = getelementptr i8, ptr %in, i64 36
  %x9 = load float, ptr %p9, align 4
  %t9 = fadd float %s9, %x9
  %p10 = getelementptr i8, ptr %in, i64 40
  %x10 = load float, ptr %p10, align 4
  %t10 = fadd float %s10, %x10
  %p11 = getelementptr i8, ptr %in, i64 44
  %x11 = load float, ptr %p11, align 4
  %t11 = fadd float %s11, %x11
  %p12 = getelementptr i8, ptr %in, i64 48
  %x12 = load float, ptr %p12, align 4
  %t12 = fadd float %s12, %x12
  %p13 = getelementptr i8, ptr %in, i64 52
  %x13 = load float, ptr %p13, align 4
  %t13 = fadd float %s13, %x13
  %p14 = getelementptr i8, ptr %in, i64 56
  %x14 = load float, ptr %p14, align 4
  %t14 = fadd float %s14, %x14
  %p15 = getelementptr i8, ptr %in, i64 60
  %x15 = load float, ptr %p15, align 4
  %t15 = fadd float %s15, %x15
  store float %s1, ptr %out, align 4
  %p16 = getelementptr i8, ptr %in, i64 64
  %x16 = load float, ptr %p16, align 4
  %t16 = fadd float %s16, %x16
  %p17 = getelementptr i8, ptr %in, i64 68
  %x17 = load float, ptr %p17, align 4
  %t17 = fadd float %s17, %x17
  %p18 = getelementptr i8, ptr %in, i64 72
  %x18 = load float, ptr %p18, align 4
  %t18 = fadd float %s18, %x18
  %p19 = getelementptr i8, ptr %in, i64 76
  %x19 = load float, ptr %p19, align 4
  %t19 = fadd float %s19, %x19
  %p20 = getelementptr i8, ptr %in, i64 80
  %x20 = load float, ptr %p20, align 4
  %t20 = fadd float %s20, %x20
  %p21 = getelementptr i8, ptr %in, i64 84
  %x21 = load float, ptr %p21, align 4
  %t21 = fadd float %s21, %x21
  %p22 = getelementptr i8, ptr %in, i64 88
  %x22 = load float, ptr %p22, align 4
  %t22 = fadd float %s22, %x22
  %p23 = getelementptr i8, ptr %in, i64 92
  %x23 = load float, ptr %p23, align 4
  %t23 = fadd float %s23, %x23
  %p24 = getelementptr i8, ptr %in, i64 96
  %x24 = load float, ptr %p24, align 4
  %t24 = fadd float %s24, %x24
  %p25 = getelementptr i8, ptr %in, i64 100
  %x25 = load float, ptr %p25, align 4
  %t25 = fadd float %s25, %x25
  %p26 = getelementptr i8, ptr %in, i64 104
  %x26 = load float, ptr %p26, align 4
  %t26 = fadd float %s26, %x26
  %p27 = getelementptr i8, ptr %in, i64 108
  %x27 = load float, ptr %p27, align 4
  %t27 = fadd float %s27, %x27
  %p28 = getelementptr i8, ptr %in, i64 112
  %x28 = load float, ptr %p28, align 4
  %t28 = fadd float %s28, %x28
  %p29 = getelementptr i8, ptr %in, i64 116
  %x29 = load float, ptr %p29, align 4
  %t29 = fadd float %s29, %x29
  %p30 = getelementptr i8, ptr %in, i64 120
  %x30 = load float, ptr %p30, align 4
  %t30 = fadd float %s30, %x30
  %p31 = getelementptr i8, ptr %in, i64 124
  %x31 = load float, ptr %p31, align 4
  %t31 = fadd float %s31, %x31
  %next = add nuw nsw i32 %i, 1
  %more = icmp slt i32 %next, %n
  br i1 %more, label %turn, label %done
done:
  %q0 = getelementptr i8, ptr %out, i64 0
  store float %t0, ptr %q0, align 4
  %q1 = getelementptr i8, ptr %out, i64 4
  store float %t1, ptr %q1, align 4
  %q2 = getelementptr i8, ptr %out, i64 8
  store float %t2, ptr %q2, align 4
  %q3 = getelementptr i8, ptr %out, i64 12
  store float %t3, ptr %q3, align 4
  %q4 = getelementptr i8, ptr %out, i64 16
  store float %t4, ptr %q4, align 4
  %q5 = getelementptr i8, ptr %out, i64 20
  store float %t5, ptr %q5, align 4
  %q6 = getelementptr i8, ptr %out, i64 24
  store float %t6, ptr %q6, align 4
  %q7 = getelementptr i8, ptr %out, i64 28
  store float %t7, ptr %q7, align 4
  %q8 = getelementptr i8, ptr %out, i64 32
  store float %t8, ptr %q8, align 4
  %q9 = getelementptr i8, ptr %out, i64 36
  store float %t9, ptr %q9, align 4
  %q10 = getelementptr i8, ptr %out, i64 40
  store float %t10, ptr %q10, align 4
  %q11 = getelementptr i8, ptr %out, i64 44
  store float %t11, ptr %q11, align 4
  %q12 = getelementptr i8, ptr %out, i64 48
  store float %t12, ptr %q12, align 4
  %q13 = getelementptr i8, ptr %out, i64 52
  store float %t13, ptr %q13, align 4
  %q14 = getelementptr i8, ptr %out, i64 56
  store float %t14, ptr %q14, align 4
  %q15 = getelementptr i8, ptr %out, i64 60
  store float %t15, ptr %q15, align 4
  %q16 = getelementptr i8, ptr %out, i64 64
  store float %t16, ptr %q16, align 4
  %q17 = getelementptr i8, ptr %out, i64 68
  store float %t17, ptr %q17, align 4
  %q18 = getelementptr i8, ptr %out, i64 72
  store float %t18, ptr %q18, align 4
  %q19 = getelementptr i8, ptr %out, i64 76
  store float %t19, ptr %q19, align 4
  %q20 = getelementptr i8, ptr %out, i64 80
  store float %t20, ptr %q20, align 4
  %q21 = getelementptr i8, ptr %out, i64 84
  store float %t21, ptr %q21, align 4
  %q22 = getelementptr i8, ptr %out, i64 88
  store float %t22, ptr %q22, align 4
  %q23 = getelementptr i8, ptr %out, i64 92
  store float %t23, ptr %q23, align 4
  %q24 = getelementptr i8, ptr %out, i64 96
  store float %t24, ptr %q24, align 4
  %q25 = getelementptr i8, ptr %out, i64 100
  store float %t25, ptr %q25, align 4
  %q26 = getelementptr i8, ptr %out, i64 104
  store float %t26, ptr %q26, align 4
  %q27 = getelementptr i8, ptr %out, i64 108
  store float %t27, ptr %q27, align 4
  %q28 = getelementptr i8, ptr %out, i64 112
  store float %t28, ptr %q28, align 4
  %q29 = getelementptr i8, ptr %out, i64 116
  store float %t29, ptr %q29, align 4
  %q30 = getelementptr i8, ptr %out, i64 120
  store float %t30, ptr %q30, align 4
  %q31 = getelementptr i8, ptr %out, i64 124
  store float %t31, ptr %q31, align 4
  ret void
}

; An element is wanted by its own.
; CHECK-LABEL: define ptx_kernel void @escapes(
; CHECK-NOT: alloca
; CHECK-COUNT-32: fadd float
; CHECK: ret void
define ptx_kernel void @escapes(ptr %in, ptr %out, i32 %n) {
entry:
  br label %turn
turn:
  %i = phi i32 [ 0, %entry ], [ %next, %turn ]
  %s0 = phi float [ 0.0, %entry ], [ %t0, %turn ]
  %s1 = phi float [ 0.0, %entry ], [ %t1, %turn ]
  %s2 = phi float [ 0.0, %entry ], [ %t2, %turn ]
  %s3 = phi float [ 0.0, %entry ], [ %t3, %turn ]
  %s4 = phi float [ 0.0, %entry ], [ %t4, %turn ]
  %s5 = phi float [ 0.0, %entry ], [ %t5, %turn ]
  %s6 = phi float [ 0.0, %entry ], [ %t6, %turn ]
  %s7 = phi float [ 0.0, %entry ], [ %t7, %turn ]
  %s8 = phi float [ 0.0, %entry ], [ %t8, %turn ]
  %s9 = phi float [ 0.0, %entry ], [ %t9, %turn ]
  %s10 = phi float [ 0.0, %entry ], [ %t10, %turn ]
  %s11 = phi float [ 0.0, %entry ], [ %t11, %turn ]
  %s12 = phi float [ 0.0, %entry ], [ %t12, %turn ]
  %s13 = phi float [ 0.0, %entry ], [ %t13, %turn ]
  %s14 = phi float [ 0.0, %entry ], [ %t14, %turn ]
  %s15 = phi float [ 0.0, %entry ], [ %t15, %turn ]
  %s16 = phi float [ 0.0, %entry ], [ %t16, %turn ]
  %s17 = phi float [ 0.0, %entry ], [ %t17, %turn ]
  %s18 = phi float [ 0.0, %entry ], [ %t18, %turn ]
  %s19 = phi float [ 0.0, %entry ], [ %t19, %turn ]
  %s20 = phi float [ 0.0, %entry ], [ %t20, %turn ]
  %s21 = phi float [ 0.0, %entry ], [ %t21, %turn ]
  %s22 = phi float [ 0.0, %entry ], [ %t22, %turn ]
  %s23 = phi float [ 0.0, %entry ], [ %t23, %turn ]
  %s24 = phi float [ 0.0, %entry ], [ %t24, %turn ]
  %s25 = phi float [ 0.0, %entry ], [ %t25, %turn ]
  %s26 = phi float [ 0.0, %entry ], [ %t26, %turn ]
  %s27 = phi float [ 0.0, %entry ], [ %t27, %turn ]
  %s28 = phi float [ 0.0, %entry ], [ %t28, %turn ]
  %s29 = phi float [ 0.0, %entry ], [ %t29, %turn ]
  %s30 = phi float [ 0.0, %entry ], [ %t30, %turn ]
  %s31 = phi float [ 0.0, %entry ], [ %t31, %turn ]
  %p0 = getelementptr i8, ptr %in, i64 0
  %x0 = load float, ptr %p0, align 4
  %t0 = fadd float %s0, %x0
  %p1 = getelementptr i8, ptr %in, i64 4
  %x1 = load float, ptr %p1, align 4
  %t1 = fadd float %s1, %x1
  %p2 = getelementptr i8, ptr %in, i64 8
  %x2 = load float, ptr %p2, align 4
  %t2 = fadd float %s2, %x2
  %p3 = getelementptr i8, ptr %in, i64 12
  %x3 = load float, ptr %p3, align 4
  %t3 = fadd float %s3, %x3
  %p4 = getelementptr i8, ptr %in, i64 16
  %x4 = load float, ptr %p4, align 4
  %t4 = fadd float %s4, %x4
  %p5 = getelementptr i8, ptr %in, i64 20
  %x5 = load float, ptr %p5, align 4
  %t5 = fadd float %s5, %x5
  %p6 = getelementptr i8, ptr %in, i64 24
  %x6 = load float, ptr %p6, align 4
  %t6 = fadd float %s6, %x6
  %p7 = getelementptr i8, ptr %in, i64 28
  %x7 = load float, ptr %p7, align 4
  %t7 = fadd float %s7, %x7
  %p8 = getelementptr i8, ptr %in, i64 32
  %x8 = load float, ptr %p8, align 4
  %t8 = fadd float %s8, %x8
  %p9 = getelementptr i8, ptr %in, i64 36
  %x9 = load float, ptr %p9, align 4
  %t9 = fadd float %s9, %x9
  %p10 = getelementptr i8, ptr %in, i64 40
  %x10 = load float, ptr %p10, align 4
  %t10 = fadd float %s10, %x10
  %p11 = getelementptr i8, ptr %in, i64 44
  %x11 = load float, ptr %p11, align 4
  %t11 = fadd float %s11, %x11
  %p12 = getelementptr i8, ptr %in, i64 48
  %x12 = load float, ptr %p12, align 4
  %t12 = fadd float %s12, %x12
  %p13 = getelementptr i8, ptr %in, i64 52
  %x13 = load float, ptr %p13, align 4
  %t13 = fadd float %s13, %x13
  %p14 = getelementptr i8, ptr %in, i64 56
  %x14 = load float, ptr %p14, align 4
  %t14 = fadd float %s14, %x14
  %p15 = getelementptr i8, ptr %in, i64 60
  %x15 = load float, ptr %p15, align 4
  %t15 = fadd float %s15, %x15
  %p16 = getelementptr i8, ptr %in, i64 64
  %x16 = load float, ptr %p16, align 4
  %t16 = fadd float %s16, %x16
  %p17 = getelementptr i8, ptr %in, i64 68
  %x17 = load float, ptr %p17, align 4
  %t17 = fadd float %s17, %x17
  %p18 = getelementptr i8, ptr %in, i64 72
  %x18 = load float, ptr %p18, align 4
  %t18 = fadd float %s18, %x18
  %p19 = getelementptr i8, ptr %in, i64 76
  %x19 = load float, ptr %p19, align 4
  %t19 = fadd float %s19, %x19
  %p20 = getelementptr i8, ptr %in, i64 80
  %x20 = load float, ptr %p20, align 4
  %t20 = fadd float %s20, %x20
  %p21 = getelementptr i8, ptr %in, i64 84
  %x21 = load float, ptr %p21, align 4
  %t21 = fadd float %s21, %x21
  %p22 = getelementptr i8, ptr %in, i64 88
  %x22 = load float, ptr %p22, align 4
  %t22 = fadd float %s22, %x22
  %p23 = getelementptr i8, ptr %in, i64 92
  %x23 = load float, ptr %p23, align 4
  %t23 = fadd float %s23, %x23
  %p24 = getelementptr i8, ptr %in, i64 96
  %x24 = load float, ptr %p24, align 4
  %t24 = fadd float %s24, %x24
  %p25 = getelementptr i8, ptr %in, i64 100
  %x25 = load float, ptr %p25, align 4
  %t25 = fadd float %s25, %x25
  %p26 = getelementptr i8, ptr %in, i64 104
  %x26 = load float, ptr %p26, align 4
  %t26 = fadd float %s26, %x26
  %p27 = getelementptr i8, ptr %in, i64 108
  %x27 = load float, ptr %p27, align 4
  %t27 = fadd float %s27, %x27
  %p28 = getelementptr i8, ptr %in, i64 112
  %x28 = load float, ptr %p28, align 4
  %t28 = fadd float %s28, %x28
  %p29 = getelementptr i8, ptr %in, i64 116
  %x29 = load float, ptr %p29, align 4
  %t29 = fadd float %s29, %x29
  %p30 = getelementptr i8, ptr %in, i64 120
  %x30 = load float, ptr %p30, align 4
  %t30 = fadd float %s30, %x30
  %p31 = getelementptr i8, ptr %in, i64 124
  %x31 = load float, ptr %p31, align 4
  %t31 = fadd float %s31, %x31
  %next = add nuw nsw i32 %i, 1
  %more = icmp slt i32 %next, %n
  br i1 %more, label %turn, label %done
done:
  %apart = getelementptr i8, ptr %in, i64 400
  store float %t7, ptr %apart, align 4
  %q0 = getelementptr i8, ptr %out, i64 0
  store float %t0, ptr %q0, align 4
  %q1 = getelementptr i8, ptr %out, i64 4
  store float %t1, ptr %q1, align 4
  %q2 = getelementptr i8, ptr %out, i64 8
  store float %t2, ptr %q2, align 4
  %q3 = getelementptr i8, ptr %out, i64 12
  store float %t3, ptr %q3, align 4
  %q4 = getelementptr i8, ptr %out, i64 16
  store float %t4, ptr %q4, align 4
  %q5 = getelementptr i8, ptr %out, i64 20
  store float %t5, ptr %q5, align 4
  %q6 = getelementptr i8, ptr %out, i64 24
  store float %t6, ptr %q6, align 4
  %q7 = getelementptr i8, ptr %out, i64 28
  store float %t7, ptr %q7, align 4
  %q8 = getelementptr i8, ptr %out, i64 32
  store float %t8, ptr %q8, align 4
  %q9 = getelementptr i8, ptr %out, i64 36
  store float %t9, ptr %q9, align 4
  %q10 = getelementptr i8, ptr %out, i64 40
  store float %t10, ptr %q10, align 4
  %q11 = getelementptr i8, ptr %out, i64 44
  store float %t11, ptr %q11, align 4
  %q12 = getelementptr i8, ptr %out, i64 48
  store float %t12, ptr %q12, align 4
  %q13 = getelementptr i8, ptr %out, i64 52
  store float %t13, ptr %q13, align 4
  %q14 = getelementptr i8, ptr %out, i64 56
  store float %t14, ptr %q14, align 4
  %q15 = getelementptr i8, ptr %out, i64 60
  store float %t15, ptr %q15, align 4
  %q16 = getelementptr i8, ptr %out, i64 64
  store float %t16, ptr %q16, align 4
  %q17 = getelementptr i8, ptr %out, i64 68
  store float %t17, ptr %q17, align 4
  %q18 = getelementptr i8, ptr %out, i64 72
  store float %t18, ptr %q18, align 4
  %q19 = getelementptr i8, ptr %out, i64 76
  store float %t19, ptr %q19, align 4
  %q20 = getelementptr i8, ptr %out, i64 80
  store float %t20, ptr %q20, align 4
  %q21 = getelementptr i8, ptr %out, i64 84
  store float %t21, ptr %q21, align 4
  %q22 = getelementptr i8, ptr %out, i64 88
  store float %t22, ptr %q22, align 4
  %q23 = getelementptr i8, ptr %out, i64 92
  store float %t23, ptr %q23, align 4
  %q24 = getelementptr i8, ptr %out, i64 96
  store float %t24, ptr %q24, align 4
  %q25 = getelementptr i8, ptr %out, i64 100
  store float %t25, ptr %q25, align 4
  %q26 = getelementptr i8, ptr %out, i64 104
  store float %t26, ptr %q26, align 4
  %q27 = getelementptr i8, ptr %out, i64 108
  store float %t27, ptr %q27, align 4
  %q28 = getelementptr i8, ptr %out, i64 112
  store float %t28, ptr %q28, align 4
  %q29 = getelementptr i8, ptr %out, i64 116
  store float %t29, ptr %q29, align 4
  %q30 = getelementptr i8, ptr %out, i64 120
  store float %t30, ptr %q30, align 4
  %q31 = getelementptr i8, ptr %out, i64 124
  store float %t31, ptr %q31, align 4
  ret void
}
