/* SPDX-License-Identifier: Apache-2.0 */
/*
 * matrix.c: products of matrices by the hardware's own units: PTX ISA, "Warp-Level Matrix Instructions" (wmma, mma, ldmatrix, stmatrix,
 * movmatrix). `what` of cw.matrix says which one; its numbers are those of include/cuda/cw/wmma/native.h and src/library/ptx/matrix.h.
 * An instruction that the processor doesn't have is answered by 0, so that the code behind it does the same with other instructions.
 *
 * Fragments come and go by their addresses, as 32-bit words (or doubles) in the order of the instruction's registers.
 */
#include <stdio.h>
#include <string.h>

#include "library/ptx/matrix.h"
#include "target/ptx/ptx.h"

#define REGISTERS_MAX 28u /* 8 of D and 20 of A, B and C */

enum factor { F16, BF16, TF32, F64, S8, U8, S4, U4, B1 };

static const char *const factor_names[] = {"f16", "bf16", "tf32", "f64", "s8", "u8", "s4", "u4", "b1"};
static const char *const sum_names[] = {"f16", "f32", "s32", "f64"};
static const unsigned factor_bits[] = {16, 16, 32, 64, 8, 8, 4, 4, 1}, sum_bits[] = {16, 32, 32, 64};

struct shape {
    unsigned m, n, k;
};

/* ---- Writing ---------------------------------------------------------------------------------------------------- */

struct matrix {
    LLVMModuleRef llvm;
    LLVMContextRef context;
    LLVMBuilderRef builder;
    LLVMTypeRef i32, f32, f64;
    char text[768], constraints[256];
    LLVMTypeRef results[8];
    unsigned result_count;
    LLVMValueRef arguments[REGISTERS_MAX];
    unsigned count;
};

static void put(char *text, size_t room, const char *more) {
    size_t length = strlen(text);
    snprintf(text + length, room - length, "%s", more);
}

static void say(struct matrix *x, const char *more) {
    put(x->text, sizeof x->text, more);
}

static void constrain(struct matrix *x, const char *before, LLVMTypeRef type) {
    const char *letter = type == x->f32 ? "f" : type == x->f64 ? "d" : type == x->i32 ? "r" : "l";
    if (x->constraints[0]) put(x->constraints, sizeof x->constraints, ",");
    put(x->constraints, sizeof x->constraints, before);
    put(x->constraints, sizeof x->constraints, letter);
}

/* "{$0, $1}": what the instruction gives. First of all operands. */
static void results(struct matrix *x, LLVMTypeRef type, unsigned count) {
    char name[16];
    say(x, " {");
    for (unsigned i = 0; i < count; i++) {
        snprintf(name, sizeof name, "%s$%u", i ? ", " : "", x->result_count);
        say(x, name);
        constrain(x, "=", type);
        x->results[x->result_count++] = type;
    }
    say(x, "}");
}

static void operand(struct matrix *x, LLVMValueRef value) {
    char name[16];
    snprintf(name, sizeof name, "$%u", x->result_count + x->count);
    say(x, name);
    constrain(x, "", LLVMTypeOf(value));
    x->arguments[x->count++] = value;
}

static LLVMValueRef element(struct matrix *x, LLVMValueRef array, LLVMTypeRef type, unsigned n) {
    LLVMValueRef index = LLVMConstInt(x->i32, n, 0);
    return n ? LLVMBuildGEP2(x->builder, type, array, &index, 1, "") : array;
}

/* ", {$n, ...}": registers loaded from a fragment. */
static void fragment(struct matrix *x, LLVMValueRef array, LLVMTypeRef type, unsigned count) {
    say(x, ", {");
    for (unsigned i = 0; i < count; i++) {
        LLVMValueRef value = LLVMBuildLoad2(x->builder, type, element(x, array, type, i), "");
        LLVMSetAlignment(value, 2); /* fragments of halves have theirs */
        if (i) say(x, ", ");
        operand(x, value);
    }
    say(x, "}");
}

static void address(struct matrix *x, LLVMValueRef pointer) {
    say(x, "[");
    operand(x, LLVMBuildPtrToInt(x->builder, pointer, LLVMInt64TypeInContext(x->context), ""));
    say(x, "]");
}

/* The instruction as it was written, which gives its results to `to`. */
static void finish(struct matrix *x, LLVMValueRef to) {
    LLVMTypeRef types[REGISTERS_MAX], result = LLVMVoidTypeInContext(x->context);
    if (x->result_count == 1) result = x->results[0];
    else if (x->result_count > 1) result = LLVMStructTypeInContext(x->context, x->results, x->result_count, 0);
    for (unsigned i = 0; i < x->count; i++) types[i] = LLVMTypeOf(x->arguments[i]);
    say(x, ";");
    put(x->constraints, sizeof x->constraints, ",~{memory}");
    LLVMTypeRef type = LLVMFunctionType(result, types, x->count, 0);
    LLVMValueRef code = LLVMGetInlineAsm(type, x->text, strlen(x->text), x->constraints, strlen(x->constraints), 1, 0, LLVMInlineAsmDialectATT, 0);
    LLVMValueRef call = LLVMBuildCall2(x->builder, type, code, x->arguments, x->count, "");
    LLVMAddCallSiteAttribute(call, CW_FUNCTION_INDEX, LLVMCreateEnumAttribute(x->context, cw_attribute_kind("convergent"), 0));
    for (unsigned i = 0; i < x->result_count; i++) {
        LLVMValueRef value = x->result_count > 1 ? LLVMBuildExtractValue(x->builder, call, i, "") : call;
        LLVMSetAlignment(LLVMBuildStore(x->builder, value, element(x, to, x->results[i], i)), 2);
    }
}

static LLVMTypeRef factor_type(const struct matrix *x, enum factor factor) {
    return factor == F64 ? x->f64 : x->i32;
}

static LLVMTypeRef sum_type(const struct matrix *x, unsigned sum) {
    return sum == CW_MATRIX_SUM_F32 ? x->f32 : sum == CW_MATRIX_SUM_F64 ? x->f64 : x->i32;
}

static unsigned registers(unsigned elements, unsigned bits) {
    return bits == 64 ? elements / 32 : elements * bits / 1024;
}

/* ---- wmma ------------------------------------------------------------------------------------------------------- */

static const struct shape wmma_shapes[] = {{16, 16, 16}, {32, 8, 16}, {8, 32, 16}, {16, 16, 8}, {8, 8, 4}, {8, 8, 32}, {8, 8, 128}};

/* Half fragments of A and B have eight registers whatever the shape (PTX ISA, "Matrix Fragments for WMMA"). */
static unsigned wmma_registers(enum factor factor, unsigned elements) {
    return factor == F16 ? 8 : registers(elements, factor_bits[factor]);
}

/* From here on there is every type. Before, none of it is used: where an element lies must not depend on the type of the product that an
 * accumulator is for, which its loads and stores don't name. */
#define WMMA_PROCESSOR 80u

static void shape_name(struct matrix *x, const struct shape *shape) {
    char name[32];
    snprintf(name, sizeof name, ".m%un%uk%u", shape->m, shape->n, shape->k);
    say(x, name);
}

static void layout(struct matrix *x, bool columns) {
    say(x, columns ? ".col" : ".row");
}

static void wmma_memory(struct matrix *x, uint32_t what, LLVMValueRef call) {
    static const char *const names[] = {"wmma.load.a.sync.aligned", "wmma.load.b.sync.aligned", "wmma.load.c.sync.aligned", "wmma.store.d.sync.aligned"};
    const struct shape *shape = &wmma_shapes[what >> 5 & 7];
    unsigned operation = what & 7, sum = what >> 12 & 3;
    enum factor factor = what >> 8 & 15;
    bool is_sum = operation >= CW_MATRIX_LOAD_C;
    say(x, names[operation]);
    layout(x, what & CW_MATRIX_COLUMNS_A);
    shape_name(x, shape);
    say(x, ".");
    say(x, is_sum ? sum_names[sum] : factor_names[factor]);
    LLVMTypeRef type = is_sum ? sum_type(x, sum) : factor_type(x, factor);
    unsigned count = is_sum ? registers(shape->m * shape->n, sum_bits[sum])
                            : wmma_registers(factor, operation == CW_MATRIX_LOAD_A ? shape->m * shape->k : shape->n * shape->k);
    if (operation != CW_MATRIX_STORE_D) {
        results(x, type, count);
        say(x, ", ");
        address(x, LLVMGetOperand(call, 2));
    } else {
        say(x, " ");
        address(x, LLVMGetOperand(call, 1));
        fragment(x, LLVMGetOperand(call, 2), type, count);
    }
    say(x, ", ");
    operand(x, LLVMGetOperand(call, 5));
    finish(x, LLVMGetOperand(call, 1));
}

static void wmma_multiply(struct matrix *x, uint32_t what, LLVMValueRef call) {
    const struct shape *shape = &wmma_shapes[what >> 5 & 7];
    enum factor factor = what >> 8 & 15;
    unsigned c = what >> 12 & 3, d = what >> 14 & 3;
    char types[64];
    say(x, factor == B1 ? what & CW_MATRIX_AND ? "wmma.mma.and.popc.sync.aligned" : "wmma.mma.xor.popc.sync.aligned" : "wmma.mma.sync.aligned");
    layout(x, what & CW_MATRIX_COLUMNS_A);
    layout(x, what & CW_MATRIX_COLUMNS_B);
    shape_name(x, shape);
    if (factor == F16) snprintf(types, sizeof types, ".%s.%s", sum_names[d], sum_names[c]);
    else snprintf(types, sizeof types, ".%s.%s.%s.%s", sum_names[d], factor_names[factor], factor_names[factor], sum_names[c]);
    say(x, types);
    if (what & CW_MATRIX_SATURATE) say(x, ".satfinite");
    results(x, sum_type(x, d), registers(shape->m * shape->n, sum_bits[d]));
    fragment(x, LLVMGetOperand(call, 2), factor_type(x, factor), wmma_registers(factor, shape->m * shape->k));
    fragment(x, LLVMGetOperand(call, 3), factor_type(x, factor), wmma_registers(factor, shape->n * shape->k));
    fragment(x, LLVMGetOperand(call, 4), sum_type(x, c), registers(shape->m * shape->n, sum_bits[c]));
    finish(x, LLVMGetOperand(call, 1));
}

static bool wmma(struct matrix *x, uint32_t what, LLVMValueRef call, unsigned processor) {
    enum factor factor = what >> 8 & 15;
    if (factor > B1 || (what >> 5 & 7) > 6 || processor < WMMA_PROCESSOR) return false;
    if ((what & 7) == CW_MATRIX_MULTIPLY) wmma_multiply(x, what, call);
    else wmma_memory(x, what, call);
    return true;
}

/* ---- mma -------------------------------------------------------------------------------------------------------- */

/* The products of src/library/ptx/matrix.h, with what they need. */
static const struct product {
    struct shape shape;
    const char *factor; /* NULL: what the flags say */
    unsigned bits, sum, processor;
} products[] = {
#define X(id, m, n, k, factor, bits, sum, processor) {{m, n, k}, factor, bits, CW_MATRIX_SUM_##sum, processor},
    CW_MATRIX_PRODUCTS(X)
#undef X
};

/* The type of bytes, nibbles and 8-bit floats, which flags tell. */
static const char *flagged_type(const struct product *product, uint32_t flags, bool second) {
    if (product->sum == CW_MATRIX_SUM_F32) return flags & (second ? CW_PTX_MMA_B_E5M2 : CW_PTX_MMA_A_E5M2) ? "e5m2" : "e4m3";
    bool is_signed = flags & (second ? CW_PTX_MMA_B_SIGNED : CW_PTX_MMA_A_SIGNED);
    return product->bits == 8 ? is_signed ? "s8" : "u8" : is_signed ? "s4" : "u4";
}

static bool mma(struct matrix *x, uint32_t what, LLVMValueRef call, unsigned processor) {
    uint32_t index = what >> 3 & 31, flags = what >> 24;
    if (index >= sizeof products / sizeof products[0]) return false;
    const struct product *product = &products[index];
    const struct shape *shape = &product->shape;
    bool bits = product->bits == 1, with_and = bits && (flags & CW_PTX_MMA_AND);
    if (processor < product->processor || (with_and && processor < 80)) return false;
    char types[64];
    say(x, "mma.sync.aligned");
    shape_name(x, shape);
    say(x, ".row.col");
    if ((flags & CW_PTX_MMA_SATURATE) && product->sum == CW_MATRIX_SUM_S32 && !bits) say(x, ".satfinite");
    const char *a = product->factor ? product->factor : flagged_type(product, flags, false);
    const char *b = product->factor ? product->factor : flagged_type(product, flags, true);
    snprintf(types, sizeof types, ".%s.%s.%s.%s%s", sum_names[product->sum], a, b, sum_names[product->sum], !bits ? "" : with_and ? ".and.popc" : ".xor.popc");
    say(x, types);
    LLVMTypeRef factor = product->bits == 64 ? x->f64 : x->i32, sum = sum_type(x, product->sum);
    unsigned sums = registers(shape->m * shape->n, sum_bits[product->sum]);
    results(x, sum, sums);
    fragment(x, LLVMGetOperand(call, 2), factor, registers(shape->m * shape->k, product->bits));
    fragment(x, LLVMGetOperand(call, 3), factor, registers(shape->n * shape->k, product->bits));
    fragment(x, LLVMGetOperand(call, 4), sum, sums);
    finish(x, LLVMGetOperand(call, 1));
    return true;
}

/* ---- Moving matrices -------------------------------------------------------------------------------------------- */

/* The rows lie in shared memory: what the ISA demands of their addresses. */
static void shared_address(struct matrix *x, LLVMValueRef pointer) {
    address(x, LLVMBuildAddrSpaceCast(x->builder, pointer, LLVMPointerTypeInContext(x->context, CW_SPACE_SHARED), ""));
}

static bool move(struct matrix *x, uint32_t what, LLVMValueRef call, unsigned processor) {
    unsigned operation = what & 7, count = what >> 5 & 7;
    char name[80];
    snprintf(name, sizeof name, "%s.sync.aligned.m8n8.x%u%s.shared.b16", operation == CW_MATRIX_LOAD_ROWS ? "ldmatrix" : "stmatrix", count,
             what & CW_MATRIX_COLUMNS_A ? ".trans" : "");
    if (processor < (operation == CW_MATRIX_LOAD_ROWS ? 75 : 90) || (count != 1 && count != 2 && count != 4)) return false;
    say(x, name);
    if (operation == CW_MATRIX_LOAD_ROWS) {
        results(x, x->i32, count);
        say(x, ", ");
        shared_address(x, LLVMGetOperand(call, 2));
    } else {
        say(x, " ");
        shared_address(x, LLVMGetOperand(call, 1));
        fragment(x, LLVMGetOperand(call, 2), x->i32, count);
    }
    finish(x, LLVMGetOperand(call, 1));
    return true;
}

bool cw_ptx_lower_matrix(LLVMModuleRef llvm, LLVMBuilderRef builder, LLVMValueRef call, const struct cw_ptx_processor *processor) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    LLVMValueRef constant = LLVMGetOperand(call, 0);
    struct matrix x = {.llvm = llvm,
                       .context = context,
                       .builder = builder,
                       .i32 = LLVMInt32TypeInContext(context),
                       .f32 = LLVMFloatTypeInContext(context),
                       .f64 = LLVMDoubleTypeInContext(context)};
    if (!LLVMIsAConstantInt(constant)) return false;
    uint32_t what = (uint32_t)LLVMConstIntGetZExtValue(constant);
    switch (what & 7) {
    case CW_MATRIX_PRODUCT: return mma(&x, what, call, processor->number);
    case CW_MATRIX_LOAD_ROWS:
    case CW_MATRIX_STORE_ROWS: return move(&x, what, call, processor->number);
    default: return wmma(&x, what, call, processor->number);
    }
}
