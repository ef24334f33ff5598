/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exponential.c: exponentials as nvcc writes them.
 *
 * The whole of its expf is called by its name again, so that the library's takes its place, which is as exact as ex2.approx asks for and
 * has half the operations:
 *     r = fma.rm(sat(fma(x, 1/174.67, 1/2)), 252, 1.5 * 2^23 + 1);  j = r - (1.5 * 2^23 + 127), the nearest integer to x / ln 2
 *     ex2.approx.ftz(fma(x, low, fma(x, high, -j))) * 2^j, high + low = 1 / ln 2, 2^j = r << 23 as bits
 * Where x is so small or large that sat cuts it off, the rest of the exponent is left to ex2: results are those of expf there too.
 *
 * Elsewhere fma.rm is a floor. In fma.rm(x, 252, 1.5 * 2^23 + 1) for an x in [0, 1] the sum lies between 2^23 and 2^24,
 * where floats are the integers, so that rounding down is the floor of the product. The library's function for any operands
 * takes arithmetic in double; here the sum to nearest is the floor or one more, and the remainder, whose sign a fused
 * multiply-add has exactly, tells which:
 *     s = fma(x, b, c);  fma(x, b, -(s - c)) < 0 ? s - 1 : s
 * s - c is an integer below 2^23 and exact. Integers b make the product a multiple of 2^-149, so that no remainder is lost to 0.
 *
 * In SSA form: that x lies in [0, 1] is seen by how saturation is made (float.c). Not for NaNs, which .sat turns into 0.
 */
#include <math.h>
#include <string.h>

#include "frontend/ptx/lower/state.h"

static bool is_real(LLVMValueRef value, double *number) {
    LLVMBool lossy;
    if (!LLVMIsAConstantFP(value)) return false;
    *number = LLVMConstRealGetDouble(value, &lossy);
    return !lossy;
}

/* select(a PREDICATE limit, a, limit): a, or NULL. */
static LLVMValueRef limited(LLVMValueRef value, LLVMRealPredicate predicate, double limit) {
    double number;
    if (!LLVMIsASelectInst(value) || !is_real(LLVMGetOperand(value, 2), &number) || number != limit) return NULL;
    LLVMValueRef condition = LLVMGetOperand(value, 0), a = LLVMGetOperand(value, 1);
    if (!LLVMIsAFCmpInst(condition) || LLVMGetFCmpPredicate(condition) != predicate || LLVMGetOperand(condition, 0) != a) return NULL;
    return is_real(LLVMGetOperand(condition, 1), &number) && number == limit ? a : NULL;
}

static bool is_saturated(LLVMValueRef value) {
    LLVMValueRef low = limited(value, LLVMRealOLT, 1);
    return low && limited(low, LLVMRealOGT, 0);
}

/* ---- expf ---- */

/* A float with these bits. */
static bool is_float(LLVMValueRef value, uint32_t bits) {
    double number;
    float wanted;
    memcpy(&wanted, &bits, sizeof wanted);
    return is_real(value, &number) && number == (double)wanted;
}

static bool calls(LLVMValueRef value, const char *name) {
    LLVMValueRef callee = LLVMIsACallInst(value) ? cw_called_function(value) : NULL;
    return callee && strcmp(cw_value_name(callee), name) == 0;
}

/* fma(x, number, ...): what is added, else NULL. */
static LLVMValueRef added(LLVMValueRef value, LLVMValueRef x, uint32_t number) {
    bool matches = calls(value, "llvm.fma.f32") && LLVMGetOperand(value, 0) == x && is_float(LLVMGetOperand(value, 1), number);
    return matches ? LLVMGetOperand(value, 2) : NULL;
}

static LLVMValueRef operand_of(LLVMValueRef value, LLVMOpcode opcode) {
    return value && LLVMIsAInstruction(value) && LLVMGetInstructionOpcode(value) == opcode ? LLVMGetOperand(value, 0) : NULL;
}

/* The power 2^j that belongs to `rounded`, r above. */
static bool is_power(LLVMValueRef value, LLVMValueRef rounded) {
    LLVMValueRef shifted = operand_of(value, LLVMBitCast), bits = operand_of(shifted, LLVMShl);
    if (!bits || operand_of(bits, LLVMBitCast) != rounded || !LLVMIsAConstantInt(LLVMGetOperand(shifted, 1))) return false;
    return LLVMConstIntGetZExtValue(LLVMGetOperand(shifted, 1)) == 23;
}

/* The x of which `product` is the exponential, or NULL; `power` is the call of ex2. */
static LLVMValueRef exponent_of(LLVMValueRef power, LLVMValueRef product) {
    LLVMValueRef reduced = LLVMGetOperand(power, 0);
    if (!calls(reduced, "llvm.fma.f32")) return NULL;
    LLVMValueRef x = LLVMGetOperand(reduced, 0), partial = added(reduced, x, 0x32a57060), minus = partial ? added(partial, x, 0x3fb8aa3b) : NULL;
    LLVMValueRef whole = operand_of(minus, LLVMFNeg), rounded = operand_of(whole, LLVMFAdd);
    if (!rounded || !is_float(LLVMGetOperand(whole, 1), 0xcb40007f) || !calls(rounded, "__nv_fmaf_rd")) return NULL;
    if (!is_float(LLVMGetOperand(rounded, 1), 0x437c0000) || !is_float(LLVMGetOperand(rounded, 2), 0x4b400001)) return NULL;
    LLVMValueRef low = limited(LLVMGetOperand(rounded, 0), LLVMRealOLT, 1), scaled = low ? limited(low, LLVMRealOGT, 0) : NULL;
    LLVMValueRef half = scaled ? added(scaled, x, 0x3bbb989d) : NULL;
    if (!half || !is_float(half, 0x3f000000)) return NULL;
    return is_power(LLVMGetOperand(product, LLVMGetOperand(product, 0) == power), rounded) ? x : NULL;
}

static void call_expf(LLVMBuilderRef builder, LLVMModuleRef llvm, LLVMValueRef power) {
    LLVMUseRef use = LLVMGetFirstUse(power);
    LLVMValueRef product = use && !LLVMGetNextUse(use) ? LLVMGetUser(use) : NULL;
    if (!product || LLVMGetInstructionOpcode(product) != LLVMFMul) return;
    LLVMValueRef x = exponent_of(power, product);
    if (!x) return;
    static const char name[] = "__nv_expf";
    LLVMTypeRef f32 = LLVMTypeOf(x), type = LLVMFunctionType(f32, &f32, 1, 0);
    LLVMValueRef function = LLVMGetNamedFunction(llvm, name);
    if (!function) function = LLVMAddFunction(llvm, name, type);
    LLVMPositionBuilderBefore(builder, product);
    LLVMSetCurrentDebugLocation2(builder, LLVMInstructionGetDebugLoc(product));
    LLVMReplaceAllUsesWith(product, LLVMBuildCall2(builder, type, function, &x, 1, ""));
    LLVMInstructionEraseFromParent(product);
    LLVMInstructionEraseFromParent(power);
}

/* ---- fma.rm ---- */

static bool is_floor(LLVMValueRef call) {
    double b, c;
    return is_saturated(LLVMGetOperand(call, 0)) && is_real(LLVMGetOperand(call, 1), &b) && is_real(LLVMGetOperand(call, 2), &c) && b >= 1 &&
           b == floor(b) && c == floor(c) && c >= 0x1p23 && c + b < 0x1p24;
}

static LLVMValueRef fused(LLVMBuilderRef builder, LLVMModuleRef llvm, LLVMValueRef a, LLVMValueRef b, LLVMValueRef c) {
    static const char name[] = "llvm.fma";
    LLVMTypeRef type = LLVMTypeOf(a);
    LLVMValueRef function = LLVMGetIntrinsicDeclaration(llvm, LLVMLookupIntrinsicID(name, sizeof name - 1), &type, 1), all[] = {a, b, c};
    return LLVMBuildCall2(builder, LLVMGlobalGetValueType(function), function, all, 3, "");
}

static void replace(LLVMBuilderRef builder, LLVMModuleRef llvm, LLVMValueRef call) {
    LLVMValueRef x = LLVMGetOperand(call, 0), b = LLVMGetOperand(call, 1), c = LLVMGetOperand(call, 2);
    LLVMTypeRef type = LLVMTypeOf(x);
    LLVMPositionBuilderBefore(builder, call);
    LLVMSetCurrentDebugLocation2(builder, LLVMInstructionGetDebugLoc(call));
    LLVMValueRef s = fused(builder, llvm, x, b, c), product = LLVMBuildFSub(builder, s, c, "");
    LLVMValueRef rest = fused(builder, llvm, x, b, LLVMBuildFNeg(builder, product, ""));
    LLVMValueRef above = LLVMBuildFCmp(builder, LLVMRealOLT, rest, LLVMConstNull(type), "");
    LLVMValueRef whole = LLVMBuildSelect(builder, above, LLVMBuildFSub(builder, s, LLVMConstReal(type, 1), ""), s, "");
    LLVMReplaceAllUsesWith(call, whole);
    LLVMInstructionEraseFromParent(call);
}

typedef void visitor(LLVMBuilderRef builder, LLVMModuleRef llvm, LLVMValueRef call);

/* Visits the calls of a function, which the visit may erase; a function that is no longer called goes. */
static void for_each_call(LLVMBuilderRef builder, LLVMModuleRef llvm, const char *name, visitor *visit) {
    LLVMValueRef function = LLVMGetNamedFunction(llvm, name);
    if (!function) return;
    for (LLVMUseRef use = LLVMGetFirstUse(function), next; use; use = next) {
        next = LLVMGetNextUse(use);
        LLVMValueRef call = LLVMGetUser(use);
        if (LLVMIsACallInst(call) && LLVMGetCalledValue(call) == function) visit(builder, llvm, call);
    }
    if (!LLVMGetFirstUse(function)) LLVMDeleteFunction(function);
}

static void settle_rounding(LLVMBuilderRef builder, LLVMModuleRef llvm, LLVMValueRef call) {
    if (is_floor(call)) replace(builder, llvm, call);
}

void cw_ptx_settle_exponentials(LLVMModuleRef llvm) {
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(LLVMGetModuleContext(llvm));
    for_each_call(builder, llvm, "__cw_ptx_float_ex2_ftz", call_expf);
    for_each_call(builder, llvm, "__nv_fmaf_rd", settle_rounding);
    LLVMDisposeBuilder(builder);
}
