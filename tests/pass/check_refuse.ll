; SPDX-License-Identifier: Apache-2.0
; What the waist does not hold is refused by name, at its line; all of it at once.
; RUN: check
; CHECK-DAG: a.cu:10:3: error: inline assembly that was not lowered: asm("mov.u32 $0, %laneid;")
; CHECK-DAG: a.cu:11:5: error: device function '_Z7missingv' is called but not defined in this source file
; CHECK-DAG: a.cu:12:7: error: device variable 'outside' is used but not defined in this source file
; CHECK-DAG: a.cu:13:9: error: the compiler intrinsic 'llvm.nvvm.read.ptx.sreg.clock' is not supported in device code
; CHECK-DAG: a.cu:14:2: error: the math function 'frobnicatef' is not available
; CHECK-DAG: a.cu:15:1: error: device function '_Z7virtualv' is called but not defined in this source file
; CHECK-DAG: a.cu:17:4: error: exceptions are not supported in device code
; CHECK-DAG: a.cu:18:1: error: computed gotos are not supported in device code
; CHECK-DAG: a.cu:19:1: error: the compiler intrinsic 'llvm.va_start.p0' is not supported in device code
; CHECK-DAG: error: device function '_Z6cyclicv' is called but not defined
; CHECK: status: not supported

@outside = external addrspace(1) global i32
@vtable = constant { [3 x ptr] } { [3 x ptr] [ptr null, ptr null, ptr @_Z7virtualv] }
@targets = constant [1 x ptr] [ptr blockaddress(@jumps, %there)]
; Tables that point at each other must not keep the search for a line going for ever.
@ping = addrspace(1) global { ptr, ptr } { ptr addrspacecast (ptr addrspace(1) @pong to ptr), ptr @_Z6cyclicv }
@pong = addrspace(1) global ptr addrspacecast (ptr addrspace(1) @ping to ptr)
declare void @_Z6cyclicv()
declare void @_Z7missingv()
declare void @_Z7virtualv()
declare i32 @llvm.nvvm.read.ptx.sreg.clock()
declare float @__nv_frobnicatef(float)
declare void @llvm.va_start.p0(ptr)
declare i32 @__gxx_personality_v0(...)

define ptx_kernel void @k(ptr %p) personality ptr @__gxx_personality_v0 !dbg !4 {
  %a = call i32 asm "mov.u32 $0, %laneid;", "=r"(), !dbg !10
  call void @_Z7missingv(), !dbg !11
  %b = load i32, ptr addrspacecast (ptr addrspace(1) @outside to ptr), !dbg !12
  %c = call i32 @llvm.nvvm.read.ptx.sreg.clock(), !dbg !13
  %d = call float @__nv_frobnicatef(float 1.0), !dbg !14
  store ptr @vtable, ptr %p, !dbg !15
  invoke void @own() to label %fine unwind label %bad, !dbg !17
fine:
  ret void
bad:
  %l = landingpad { ptr, i32 } cleanup, !dbg !17
  ret void
}

define void @own() {
  ret void
}

define void @variadic(ptr %p, ...) !dbg !6 {
  call void @llvm.va_start.p0(ptr %p), !dbg !19
  ret void
}

define void @jumps(ptr %p) !dbg !5 {
  indirectbr ptr %p, [label %there], !dbg !18
there:
  ret void
}

!llvm.dbg.cu = !{!0}
!llvm.module.flags = !{!2}
!0 = distinct !DICompileUnit(language: DW_LANG_C_plus_plus_14, file: !1, emissionKind: LineTablesOnly)
!1 = !DIFile(filename: "a.cu", directory: "/src")
!2 = !{i32 2, !"Debug Info Version", i32 3}
!3 = !DISubroutineType(types: !{})
!4 = distinct !DISubprogram(name: "k", scope: !1, file: !1, line: 9, type: !3, spFlags: DISPFlagDefinition, unit: !0)
!5 = distinct !DISubprogram(name: "jumps", scope: !1, file: !1, line: 8, type: !3, spFlags: DISPFlagDefinition, unit: !0)
!6 = distinct !DISubprogram(name: "variadic", scope: !1, file: !1, line: 7, type: !3, spFlags: DISPFlagDefinition, unit: !0)
!10 = !DILocation(line: 10, column: 3, scope: !4)
!11 = !DILocation(line: 11, column: 5, scope: !4)
!12 = !DILocation(line: 12, column: 7, scope: !4)
!13 = !DILocation(line: 13, column: 9, scope: !4)
!14 = !DILocation(line: 14, column: 2, scope: !4)
!15 = !DILocation(line: 15, column: 1, scope: !4)
!17 = !DILocation(line: 17, column: 4, scope: !4)
!18 = !DILocation(line: 18, column: 1, scope: !5)
!19 = !DILocation(line: 19, column: 1, scope: !6)
