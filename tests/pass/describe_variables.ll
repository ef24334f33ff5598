; SPDX-License-Identifier: Apache-2.0
; Variables that the host may name, and the place of a kernel.
; RUN: describe
; CHECK: kernel k at '/src/b.cu':7
; CHECK: variable g: 4 bytes align 4
; CHECK-NOT: constant
; CHECK: variable c: 400 bytes align 16 constant
; CHECK: variable hidden: 8 bytes align 8
; CHECK: variable m: 4 bytes align 4 managed
; CHECK-NOT: variable
@g = addrspace(1) externally_initialized global i32 7, align 4
@c = addrspace(4) externally_initialized constant [100 x float] zeroinitializer, align 16
@hidden = internal addrspace(1) externally_initialized global double 0.0, align 8
@m = addrspace(1) externally_initialized global i32 1, section "cw.managed", align 4
@skip_extern = external addrspace(1) global i32
@skip_text = private constant [2 x i8] c"a\00"
@skip_shared = internal addrspace(3) global i32 undef
define ptx_kernel void @k() !dbg !4 {
  ret void
}
!llvm.dbg.cu = !{!0}
!llvm.module.flags = !{!2}
!0 = distinct !DICompileUnit(language: DW_LANG_C_plus_plus_14, file: !1, emissionKind: LineTablesOnly)
!1 = !DIFile(filename: "b.cu", directory: "/src")
!2 = !{i32 2, !"Debug Info Version", i32 3}
!3 = !DISubroutineType(types: !{})
!4 = distinct !DISubprogram(name: "k", scope: !1, file: !1, line: 7, type: !3, spFlags: DISPFlagDefinition, unit: !0)
