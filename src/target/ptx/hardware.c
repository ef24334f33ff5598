/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hardware.c: the math functions that are, or are mostly, one or two of the GPU's own instructions (PTX ISA, "Floating Point Instructions",
 * the .approx forms), with the error bounds that CUDA documents for them (CUDA C++ Programming Guide, "Intrinsic Functions";
 * rsqrtf: "Standard Functions"), and arithmetic with a rounding direction. Other math functions come from libdevice or from our library.
 *
 * They flush nothing: subnormal operands are scaled by the instructions' own rules.
 */
#include "target/ptx/ptx.h"

#include <llvm-c/Linker.h>

#include "target/library.h"

#define UNARY(name, instruction)                                                                                                             \
    "define float @" name "(float %x) #0 {\n"                                                                                                \
    "  %r = call float asm \"" instruction " $0, $1;\", \"=f,f\"(float %x)\n"                                                                \
    "  ret float %r\n"                                                                                                                       \
    "}\n"

/* Arithmetic with a rounding direction in its name (PTX ISA, "Rounding Modifiers"): rd, ru and rz are rm, rp and rz there. */
#define DIRECTED(name, suffix, instruction, type, c, parameters, operands, places)                                                            \
    "define " type " @__nv_" name suffix "(" parameters ") #0 {\n"                                                                           \
    "  %r = call " type " asm \"" instruction " $0, " places ";\", \"=" c operands "\n"                                                     \
    "  ret " type " %r\n"                                                                                                                    \
    "}\n"
#define FLOAT_1(name, suffix, instruction) DIRECTED(name, suffix, instruction, "float", "f", "float %a", ",f\"(float %a)", "$1")
#define FLOAT_2(name, suffix, instruction) \
    DIRECTED(name, suffix, instruction, "float", "f", "float %a, float %b", ",f,f\"(float %a, float %b)", "$1, $2")
#define FLOAT_3(name, suffix, instruction) \
    DIRECTED(name, suffix, instruction, "float", "f", "float %a, float %b, float %c", ",f,f,f\"(float %a, float %b, float %c)", "$1, $2, $3")
#define DOUBLE_1(name, suffix, instruction) DIRECTED(name, suffix, instruction, "double", "d", "double %a", ",d\"(double %a)", "$1")
#define DOUBLE_2(name, suffix, instruction) \
    DIRECTED(name, suffix, instruction, "double", "d", "double %a, double %b", ",d,d\"(double %a, double %b)", "$1, $2")
#define DOUBLE_3(name, suffix, instruction) \
    DIRECTED(name, suffix, instruction, "double", "d", "double %a, double %b, double %c", ",d,d,d\"(double %a, double %b, double %c)", "$1, $2, $3")
#define ALL_DIRECTED(suffix, mode)                                                                                                           \
    FLOAT_2("fadd_", suffix, "add." mode ".f32") FLOAT_2("fsub_", suffix, "sub." mode ".f32") FLOAT_2("fmul_", suffix, "mul." mode ".f32")     \
    FLOAT_2("fdiv_", suffix, "div." mode ".f32") FLOAT_1("frcp_", suffix, "rcp." mode ".f32") FLOAT_1("fsqrt_", suffix, "sqrt." mode ".f32")   \
    FLOAT_3("fmaf_", suffix, "fma." mode ".f32") DOUBLE_2("dadd_", suffix, "add." mode ".f64") DOUBLE_2("dsub_", suffix, "sub." mode ".f64")    \
    DOUBLE_2("dmul_", suffix, "mul." mode ".f64") DOUBLE_2("ddiv_", suffix, "div." mode ".f64") DOUBLE_1("drcp_", suffix, "rcp." mode ".f64")  \
    DOUBLE_1("dsqrt_", suffix, "sqrt." mode ".f64") DOUBLE_3("fma_", suffix, "fma." mode ".f64")

/* log2(e), log2(10), ln(2), log10(2), rounded to float and written as LLVM writes floats: as doubles. */
#define LOG2_E "0x3FF7154760000000"
#define LOG2_10 "0x400A934F00000000"
#define LN_2 "0x3FE62E4300000000"
#define LOG10_2 "0x3FD3441360000000"

static const char functions[] =
    UNARY("__nv_fast_sinf", "sin.approx.f32")
    UNARY("__nv_fast_cosf", "cos.approx.f32")
    UNARY("__nv_fast_log2f", "lg2.approx.f32")
    UNARY("__nv_rsqrtf", "rsqrt.approx.f32")
    UNARY("cw.ex2", "ex2.approx.f32")
    "define float @__nv_fast_expf(float %x) #0 {\n"
    "  %s = fmul float %x, " LOG2_E "\n"
    "  %r = call float @cw.ex2(float %s)\n"
    "  ret float %r\n"
    "}\n"
    /* exp(x) = 2^k * 2^f: k is x log2(e) rounded to an integer, which the sum with 1.5 * 2^23 has in its last bits, and kept within what the
     * exponent of a float holds; f is the rest of x log2(e), in two steps. Beyond those k it is f that grows, so that overflow, subnormal
     * results, infinities and NaN come by themselves. The hardware's 2^f is within 2^-22.5 for f in [-0.5, 0.5], so the result is within 2 ULP. */
    "define float @__nv_expf(float %x) #0 {\n"
    "  %s = call float @llvm.fma.f32(float %x, float " LOG2_E ", float 0x4168000000000000)\n"
    "  %a = call float @llvm.minnum.f32(float %s, float 0x4168000FC0000000)\n"
    "  %t = call float @llvm.maxnum.f32(float %a, float 0x4167FFF040000000)\n"
    "  %k = fadd float %t, 0xC168000000000000\n"
    "  %n = fneg float %k\n"
    "  %f1 = call float @llvm.fma.f32(float %x, float " LOG2_E ", float %n)\n"
    "  %f = call float @llvm.fma.f32(float %x, float 0x3E54AE0C00000000, float %f1)\n"
    "  %p = call float asm \"ex2.approx.ftz.f32 $0, $1;\", \"=f,f\"(float %f)\n"
    "  %ti = bitcast float %t to i32\n"
    "  %h = shl i32 %ti, 23\n"
    "  %o = add i32 %h, 1065353216\n"
    "  %q = bitcast i32 %o to float\n"
    "  %r = fmul float %p, %q\n"
    "  ret float %r\n"
    "}\n"
    "define float @__nv_fast_exp10f(float %x) #0 {\n"
    "  %s = fmul float %x, " LOG2_10 "\n"
    "  %r = call float @cw.ex2(float %s)\n"
    "  ret float %r\n"
    "}\n"
    "define float @__nv_fast_logf(float %x) #0 {\n"
    "  %s = call float @__nv_fast_log2f(float %x)\n"
    "  %r = fmul float %s, " LN_2 "\n"
    "  ret float %r\n"
    "}\n"
    "define float @__nv_fast_log10f(float %x) #0 {\n"
    "  %s = call float @__nv_fast_log2f(float %x)\n"
    "  %r = fmul float %s, " LOG10_2 "\n"
    "  ret float %r\n"
    "}\n"
    "define float @__nv_fast_powf(float %x, float %y) #0 {\n"
    "  %l = call float @__nv_fast_log2f(float %x)\n"
    "  %s = fmul float %y, %l\n"
    "  %r = call float @cw.ex2(float %s)\n"
    "  ret float %r\n"
    "}\n"
    "define float @__nv_fast_fdividef(float %x, float %y) #0 {\n"
    "  %r = call float asm \"div.approx.f32 $0, $1, $2;\", \"=f,f,f\"(float %x, float %y)\n"
    "  ret float %r\n"
    "}\n"
    "define float @__nv_fast_tanf(float %x) #0 {\n"
    "  %s = call float @__nv_fast_sinf(float %x)\n"
    "  %c = call float @__nv_fast_cosf(float %x)\n"
    "  %r = call float @__nv_fast_fdividef(float %s, float %c)\n"
    "  ret float %r\n"
    "}\n"
    "define void @__nv_fast_sincosf(float %x, ptr %ps, ptr %pc) #0 {\n"
    "  %s = call float @__nv_fast_sinf(float %x)\n"
    "  %c = call float @__nv_fast_cosf(float %x)\n"
    "  store float %s, ptr %ps, align 4\n"
    "  store float %c, ptr %pc, align 4\n"
    "  ret void\n"
    "}\n"
    ALL_DIRECTED("rd", "rm") ALL_DIRECTED("ru", "rp") ALL_DIRECTED("rz", "rz")
    "declare float @llvm.minnum.f32(float, float)\n"
    "declare float @llvm.maxnum.f32(float, float)\n"
    "declare float @llvm.fma.f32(float, float, float)\n"
    "attributes #0 = { alwaysinline nounwind willreturn }\n";

static bool wants_any(LLVMModuleRef llvm, LLVMModuleRef library) {
    for (LLVMValueRef f = LLVMGetFirstFunction(library); f; f = LLVMGetNextFunction(f)) {
        LLVMValueRef wanted = cw_is_declaration(f) ? NULL : LLVMGetNamedFunction(llvm, cw_value_name(f));
        if (wanted && cw_is_declaration(wanted) && LLVMGetFirstUse(wanted)) return true;
    }
    return false;
}

bool cw_ptx_link_hardware_math(LLVMModuleRef llvm) {
    LLVMModuleRef library = cw_read_library_text(llvm, functions, sizeof functions - 1);
    if (!library) return false;
    if (wants_any(llvm, library)) return LLVMLinkModules2(llvm, library) == 0;
    LLVMDisposeModule(library);
    return true;
}
