/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hardware.c: functions that are one instruction of shading languages, and math functions around the device's own power of two, for devices
 * whose 2^x is known to be better than what these languages promise.
 *
 * exp(x) = 2^k * 2^f: k is x log2(e) rounded to an integer, which the sum with 1.5 * 2^23 has in its last bits, and kept within what the exponent
 * of a float holds; f is the rest of x log2(e), in two fused steps. Beyond those k it is f that grows, so that overflow, subnormal results,
 * infinities and NaN come by themselves. With 2^f within 2^-22.5 on [-0.5, 0.5] (PTX ISA, "ex2") the result is within 2 ULP, CUDA's bound
 * (CUDA C++ Programming Guide, "Standard Functions").
 */
#include <llvm-c/Linker.h>
#include <string.h>

#include "target/library.h"
#include "target/shader/shader.h"

static const char functions[] =
    "define float @__nv_expf(float %x) #0 {\n"
    "  %s = call float @llvm.fma.f32(float %x, float 0x3FF7154760000000, float 0x4168000000000000)\n"
    "  %a = call float @llvm.minnum.f32(float %s, float 0x4168000FC0000000)\n"
    "  %t = call float @llvm.maxnum.f32(float %a, float 0x4167FFF040000000)\n"
    "  %k = fadd float %t, 0xC168000000000000\n"
    "  %n = fneg float %k\n"
    "  %f1 = call float @llvm.fma.f32(float %x, float 0x3FF7154760000000, float %n)\n"
    "  %f = call float @llvm.fma.f32(float %x, float 0x3E54AE0C00000000, float %f1)\n"
    "  %p = call afn float @llvm.exp2.f32(float %f)\n"
    "  %ti = bitcast float %t to i32\n"
    "  %h = shl i32 %ti, 23\n"
    "  %o = add i32 %h, 1065353216\n"
    "  %q = bitcast i32 %o to float\n"
    "  %r = fmul float %p, %q\n"
    "  ret float %r\n"
    "}\n"
    "declare float @llvm.minnum.f32(float, float)\n"
    "declare float @llvm.maxnum.f32(float, float)\n"
    "declare float @llvm.fma.f32(float, float, float)\n"
    "declare float @llvm.exp2.f32(float)\n"
    "attributes #0 = { alwaysinline nounwind willreturn }\n";

bool cw_shader_link_hardware_math(LLVMModuleRef llvm) {
    LLVMValueRef wanted = LLVMGetNamedFunction(llvm, "__nv_expf");
    if (!wanted || !cw_is_declaration(wanted) || !LLVMGetFirstUse(wanted)) {
        return true;
    }
    LLVMModuleRef library = cw_read_library_text(llvm, functions, sizeof functions - 1);
    return library && LLVMLinkModules2(llvm, library) == 0;
}

/* rsqrtf is what the hardware has, to 2 ulp, in CUDA and in shading languages alike; the math library's is exact and slow. */
void cw_shader_keep_rsqrt(LLVMModuleRef llvm) {
    LLVMValueRef function = LLVMGetNamedFunction(llvm, "__nv_rsqrtf");
    if (function && cw_is_declaration(function)) {
        LLVMSetValueName2(function, CW_SHADER_RSQRT, sizeof CW_SHADER_RSQRT - 1);
        cw_add_attribute(function, "nounwind", 0);
        cw_add_attribute(function, "willreturn", 0);
        cw_add_attribute(function, "memory", 0); /* none */
    }
}

/* Functions that are one instruction of shading languages, with CUDA's rule for what is not a number. */
void cw_shader_keep_extrema(LLVMModuleRef llvm) {
    static const char *const names[][2] = {
        {"__nv_fmaxf", "llvm.maxnum"}, {"__nv_fminf", "llvm.minnum"}, {"__nv_fmax", "llvm.maxnum"}, {"__nv_fmin", "llvm.minnum"}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        LLVMValueRef function = LLVMGetNamedFunction(llvm, names[i][0]);
        if (function && cw_is_declaration(function)) {
            LLVMTypeRef type = LLVMGetReturnType(LLVMGlobalGetValueType(function));
            unsigned id = LLVMLookupIntrinsicID(names[i][1], strlen(names[i][1]));
            LLVMReplaceAllUsesWith(function, LLVMGetIntrinsicDeclaration(llvm, id, &type, 1));
            LLVMDeleteFunction(function);
        }
    }
}
