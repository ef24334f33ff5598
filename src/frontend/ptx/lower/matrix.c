/* SPDX-License-Identifier: Apache-2.0 */
/* matrix.c: warp-level matrix instructions (PTX ISA 9.7.14): fragments go to the helpers as arrays of 32-bit words. */
#include <stdio.h>
#include <string.h>

#include "frontend/ptx/lower/state.h"
#include "library/ptx/matrix.h"

#define WORDS_MAX 32u

/* The products that the helpers have. */
static const char *const products[] = {
    "m16n8k8_f16_f32",  "m16n8k16_f16_f32", "m16n8k8_f16_f16",  "m16n8k16_f16_f16", "m16n8k8_bf16_f32", "m16n8k16_bf16_f32", "m16n8k4_tf32_f32",
    "m16n8k8_tf32_f32", "m8n8k4_f64_f64",   "m16n8k4_f64_f64",  "m16n8k8_f64_f64",  "m16n8k16_f64_f64", "m8n8k16_b8_s32",    "m16n8k16_b8_s32",
    "m16n8k32_f8_f32",  "m16n8k16_f8_f32",  "m16n8k32_f8_f16",  "m16n8k16_f8_f16",  "m16n8k32_b8_s32",  "m8n8k32_b4_s32",   "m16n8k32_b4_s32",  "m16n8k64_b4_s32",  "m8n8k128_b1_s32",  "m16n8k128_b1_s32",  "m16n8k256_b1_s32",
};

/* Those whose A is sparse. */
static const char *const sparse_products[] = {
    "m16n8k16_f16_f32",  "m16n8k32_f16_f32", "m16n8k16_f16_f16", "m16n8k32_f16_f16", "m16n8k16_bf16_f32", "m16n8k32_bf16_f32", "m16n8k8_tf32_f32",
    "m16n8k16_tf32_f32", "m16n8k64_f8_f32",  "m16n8k64_f8_f16",  "m16n8k32_b8_s32",  "m16n8k64_b8_s32",   "m16n8k64_b4_s32",   "m16n8k128_b4_s32",
};

static const char *factor_name(enum cw_ptx_word type) {
    if (type == CW_PTX_S8 || type == CW_PTX_U8) return "b8";
    if (type == CW_PTX_E4M3 || type == CW_PTX_E5M2) return "f8";
    if (type == CW_PTX_S4 || type == CW_PTX_U4) return "b4";
    return cw_ptx_word_text(type);
}

static LLVMTypeRef words_type(struct cw_ptx_lowering *l) {
    return LLVMArrayType2(l->i32, WORDS_MAX);
}

static LLVMValueRef word_place(struct cw_ptx_lowering *l, LLVMValueRef array, unsigned n) {
    LLVMValueRef indices[] = {cw_ptx_i32(l, 0), cw_ptx_i32(l, n)};
    return LLVMBuildInBoundsGEP2(l->builder, words_type(l), array, indices, 2, "");
}

/* Registers of a fragment hold one word, of double two. */
static unsigned words_a_register(enum cw_ptx_word type) {
    return type == CW_PTX_F64 ? 2 : 1;
}

static LLVMValueRef fragment(struct cw_ptx_lowering *l, const struct cw_ptx_operand *operand, enum cw_ptx_word type) {
    LLVMValueRef array = cw_ptx_variable(l, words_type(l), 8, false, "fragment");
    unsigned each = words_a_register(type), count = cw_ptx_element_count(operand);
    for (unsigned n = 0; n < count && n * each < WORDS_MAX; n++) {
        LLVMTypeRef whole = each == 2 ? l->i64 : l->i32;
        LLVMBuildStore(l->builder, cw_ptx_read_as(l, cw_ptx_element(operand, n), whole), word_place(l, array, n * each));
    }
    return array;
}

static void write_fragment(struct cw_ptx_lowering *l, const struct cw_ptx_operand *operand, enum cw_ptx_word type, LLVMValueRef array) {
    unsigned each = words_a_register(type), count = cw_ptx_element_count(operand);
    LLVMValueRef values[WORDS_MAX];
    for (unsigned n = 0; n < count && n * each < WORDS_MAX; n++)
        values[n] = LLVMBuildLoad2(l->builder, each == 2 ? l->i64 : l->i32, word_place(l, array, n * each), "");
    for (unsigned n = 0; n < count && n * each < WORDS_MAX; n++) cw_ptx_write(l, cw_ptx_element(operand, n), values[n], false);
}

static uint32_t flags_of(const struct cw_ptx_instruction *i) {
    uint32_t flags = 0;
    if (cw_ptx_is_signed(i->types[1])) flags |= CW_PTX_MMA_A_SIGNED;
    if (cw_ptx_is_signed(i->types[2])) flags |= CW_PTX_MMA_B_SIGNED;
    if (cw_ptx_has(i, CW_PTX_SATFINITE)) flags |= CW_PTX_MMA_SATURATE;
    if (i->types[1] == CW_PTX_E5M2) flags |= CW_PTX_MMA_A_E5M2;
    if (i->types[2] == CW_PTX_E5M2) flags |= CW_PTX_MMA_B_E5M2;
    if (cw_ptx_modifier(i, CW_PTX_SLOT_OP) == CW_PTX_AND) flags |= CW_PTX_MMA_AND;
    return flags;
}

static bool is_listed(const char *const *list, size_t count, const char *name) {
    for (size_t n = 0; n < count; n++)
        if (strcmp(list[n], name) == 0) return true;
    return false;
}

/* True if the accumulators have one type, the factors are laid out as the shapes of sm_80 have them, and the helpers know the product. */
static bool product_name(const struct cw_ptx_instruction *i, char *name, size_t size) {
    snprintf(name, size, "%s_%s_%s", cw_ptx_word_text(cw_ptx_modifier(i, CW_PTX_SLOT_SHAPE)), factor_name(i->types[1]), cw_ptx_word_text(i->types[0]));
    bool plain = i->types[0] == i->types[3] && cw_ptx_modifier(i, CW_PTX_SLOT_LAYOUT) == CW_PTX_ROW &&
                 cw_ptx_modifier(i, CW_PTX_SLOT_LAYOUT2) == CW_PTX_COL;
    if (i->form == CW_PTX_FORM_MMA_SP) return plain && is_listed(sparse_products, sizeof sparse_products / sizeof sparse_products[0], name);
    return plain && is_listed(products, sizeof products / sizeof products[0], name);
}

/* m8n8k4 of half, with its layouts and types of accumulators of its own. */
static uint32_t eight_flags(const struct cw_ptx_instruction *i) {
    uint32_t flags = 0;
    if (cw_ptx_modifier(i, CW_PTX_SLOT_LAYOUT) == CW_PTX_COL) flags |= CW_PTX_MMA_A_COLUMNS;
    if (cw_ptx_modifier(i, CW_PTX_SLOT_LAYOUT2) == CW_PTX_ROW) flags |= CW_PTX_MMA_B_ROWS;
    if (i->types[3] == CW_PTX_F16) flags |= CW_PTX_MMA_C_HALF;
    if (i->types[0] == CW_PTX_F16) flags |= CW_PTX_MMA_D_HALF;
    return flags;
}

void cw_ptx_lower_mma(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    char name[48], helper[64];
    bool sparse = i->form == CW_PTX_FORM_MMA_SP;
    bool eight = !sparse && cw_ptx_modifier(i, CW_PTX_SLOT_SHAPE) == CW_PTX_M8N8K4 && i->types[1] == CW_PTX_F16;
    if (!eight && !product_name(i, name, sizeof name)) {
        struct cw_text text = {0};
        cw_ptx_print_instruction(i, &text);
        cw_ptx_refuse(l, i->span, "this product of matrices is not supported: %s", cw_text_string(&text));
        cw_text_fini(&text);
        return;
    }
    LLVMValueRef d = cw_ptx_variable(l, words_type(l), 8, false, "product");
    LLVMValueRef arguments[7] = {d, fragment(l, &i->operands[1], i->types[1]), fragment(l, &i->operands[2], i->types[2]),
                                 fragment(l, &i->operands[3], i->types[3]), cw_ptx_i32(l, eight ? eight_flags(i) : flags_of(i))};
    if (sparse) {
        arguments[5] = cw_ptx_read(l, &i->operands[4], CW_PTX_B32);
        arguments[6] = cw_ptx_read(l, &i->operands[5], CW_PTX_U32);
    }
    if (eight) snprintf(helper, sizeof helper, "matrix_eight");
    else snprintf(helper, sizeof helper, sparse ? "sparse_%s" : "matrix_mma_%s", name);
    cw_ptx_helper(l, helper, l->nothing, arguments, sparse ? 7 : 5);
    write_fragment(l, &i->operands[0], i->types[0], d);
}

/* ---- wmma: library/ptx/fragment.c says where elements lie ---- */

struct wmma_shape {
    unsigned m, n, k;
};

static struct wmma_shape wmma_shape(const struct cw_ptx_instruction *i) {
    struct wmma_shape shape = {0};
    (void)sscanf(cw_ptx_word_text(cw_ptx_modifier(i, CW_PTX_SLOT_SHAPE)), "m%un%uk%u", &shape.m, &shape.n, &shape.k);
    return shape;
}

static unsigned element_bits(enum cw_ptx_word type) {
    switch (type) {
    case CW_PTX_F64: return 64;
    case CW_PTX_F16:
    case CW_PTX_BF16: return 16;
    case CW_PTX_S8:
    case CW_PTX_U8: return 8;
    case CW_PTX_S4:
    case CW_PTX_U4: return 4;
    case CW_PTX_B1: return 1;
    default: return 32; /* f32, tf32, s32 */
    }
}

/* `what` of cw.matrix (library/ptx/matrix.h), for devices that have the instruction; a word that no device has when ours stand in. */
static LLVMValueRef wmma_what(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, uint32_t operation, enum cw_ptx_word factor, enum cw_ptx_word c,
                              enum cw_ptx_word d) {
    static const enum cw_ptx_word factors[] = {CW_PTX_F16, CW_PTX_BF16, CW_PTX_TF32, CW_PTX_F64, CW_PTX_S8, CW_PTX_U8, CW_PTX_S4, CW_PTX_U4, CW_PTX_B1};
    static const enum cw_ptx_word sums[] = {CW_PTX_F16, CW_PTX_F32, CW_PTX_S32, CW_PTX_F64};
    static const struct wmma_shape shapes[] = {{16, 16, 16}, {32, 8, 16}, {8, 32, 16}, {16, 16, 8}, {8, 8, 4}, {8, 8, 32}, {8, 8, 128}};
    struct wmma_shape shape = wmma_shape(i);
    uint32_t number = 7, type = 15, sum_c = 0, sum_d = 0;
    for (uint32_t n = 0; n < sizeof shapes / sizeof shapes[0]; n++)
        if (shapes[n].m == shape.m && shapes[n].n == shape.n && shapes[n].k == shape.k) number = n;
    for (uint32_t n = 0; n < sizeof factors / sizeof factors[0]; n++)
        if (factors[n] == factor) type = n;
    for (uint32_t n = 0; n < sizeof sums / sizeof sums[0]; n++) {
        if (sums[n] == c) sum_c = n;
        if (sums[n] == d) sum_d = n;
    }
    return cw_ptx_i32(l, operation | number << 5 | type << 8 | sum_c << 12 | sum_d << 14);
}

/* Where there is no stride, lines lie one behind the other. */
static LLVMValueRef wmma_stride(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, unsigned line) {
    bool given = i->operand_count > 2 && i->operands[2].kind != CW_PTX_OPERAND_NONE;
    return given ? cw_ptx_read(l, &i->operands[2], CW_PTX_U32) : cw_ptx_i32(l, line);
}

static void wmma_load(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i, char matrix) {
    struct wmma_shape shape = wmma_shape(i);
    enum cw_ptx_word type = i->types[0];
    unsigned bits = element_bits(type), lines = matrix == 'a' ? shape.m : shape.n, registers = cw_ptx_element_count(&i->operands[0]);
    bool rows = cw_ptx_modifier(i, CW_PTX_SLOT_LAYOUT) == CW_PTX_ROW, together = rows == (matrix == 'a');
    LLVMValueRef d = cw_ptx_variable(l, words_type(l), 8, false, "fragment");
    LLVMValueRef from = cw_ptx_pointer(l, &i->operands[1], cw_ptx_modifier(i, CW_PTX_SLOT_SPACE));
    if (matrix == 'c') {
        LLVMValueRef arguments[] = {d, from, wmma_stride(l, i, rows ? shape.n : shape.m), cw_ptx_i32(l, shape.m * shape.n),
                                    cw_ptx_i32(l, shape.n), cw_ptx_i32(l, bits), cw_ptx_i32(l, rows),
                                    wmma_what(l, i, CW_MATRIX_LOAD_C | (rows ? 0 : CW_MATRIX_COLUMNS_A), CW_PTX_F16, type, type)};
        cw_ptx_helper(l, "fragment_load_sum", l->nothing, arguments, 8);
    } else {
        unsigned each = words_a_register(type);
        LLVMValueRef arguments[] = {d, from, wmma_stride(l, i, together ? shape.k : lines), cw_ptx_i32(l, lines),
                                    cw_ptx_i32(l, shape.k * bits / 32), cw_ptx_i32(l, bits), cw_ptx_i32(l, together), cw_ptx_i32(l, registers * each),
                                    wmma_what(l, i, (matrix == 'a' ? CW_MATRIX_LOAD_A : CW_MATRIX_LOAD_B) | (rows ? 0 : CW_MATRIX_COLUMNS_A), type,
                                              CW_PTX_F16, CW_PTX_F16)};
        cw_ptx_helper(l, "fragment_load", l->nothing, arguments, 9);
    }
    write_fragment(l, &i->operands[0], type, d);
}

static void wmma_store(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    struct wmma_shape shape = wmma_shape(i);
    bool rows = cw_ptx_modifier(i, CW_PTX_SLOT_LAYOUT) == CW_PTX_ROW;
    LLVMValueRef arguments[] = {cw_ptx_pointer(l, &i->operands[0], cw_ptx_modifier(i, CW_PTX_SLOT_SPACE)), fragment(l, &i->operands[1], i->types[0]),
                                wmma_stride(l, i, rows ? shape.n : shape.m), cw_ptx_i32(l, shape.m * shape.n), cw_ptx_i32(l, shape.n),
                                cw_ptx_i32(l, element_bits(i->types[0])), cw_ptx_i32(l, rows),
                                wmma_what(l, i, CW_MATRIX_STORE_D | (rows ? 0 : CW_MATRIX_COLUMNS_A), CW_PTX_F16, i->types[0], i->types[0])};
    cw_ptx_helper(l, "fragment_store_sum", l->nothing, arguments, 8);
}

static void wmma_multiply(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    struct wmma_shape shape = wmma_shape(i);
    bool halves = i->form == CW_PTX_FORM_WMMA_MMA_F16; /* that form names the accumulators' types alone */
    enum cw_ptx_word a = halves ? CW_PTX_F16 : i->types[1], b = halves ? CW_PTX_F16 : i->types[2], c = i->types[halves ? 1 : 3];
    LLVMValueRef d = cw_ptx_variable(l, words_type(l), 8, false, "product");
    LLVMValueRef m = cw_ptx_i32(l, shape.m), n = cw_ptx_i32(l, shape.n), flags = cw_ptx_i32(l, flags_of(i));
    uint32_t operation = CW_MATRIX_MULTIPLY;
    if (cw_ptx_modifier(i, CW_PTX_SLOT_LAYOUT) == CW_PTX_COL) operation |= CW_MATRIX_COLUMNS_A;
    if (cw_ptx_modifier(i, CW_PTX_SLOT_LAYOUT2) == CW_PTX_COL) operation |= CW_MATRIX_COLUMNS_B;
    if (cw_ptx_has(i, CW_PTX_SATFINITE)) operation |= CW_MATRIX_SATURATE;
    if (cw_ptx_modifier(i, CW_PTX_SLOT_OP) == CW_PTX_AND) operation |= CW_MATRIX_AND;
    LLVMValueRef what = wmma_what(l, i, operation, a, c, i->types[0]);
    LLVMValueRef arguments[11] = {d, fragment(l, &i->operands[1], a), fragment(l, &i->operands[2], b), fragment(l, &i->operands[3], c), m, n};
    if (a == CW_PTX_F64) {
        arguments[4] = what;
        cw_ptx_helper(l, "fragment_multiply_double", l->nothing, arguments, 5);
    } else if (a == CW_PTX_F16 || a == CW_PTX_BF16 || a == CW_PTX_TF32) {
        uint32_t type = a == CW_PTX_F16 ? CW_PTX_FACTOR_HALF : a == CW_PTX_BF16 ? CW_PTX_FACTOR_BFLOAT : CW_PTX_FACTOR_TF32;
        arguments[6] = cw_ptx_i32(l, type);
        arguments[7] = cw_ptx_i32(l, c == CW_PTX_F16);
        arguments[8] = cw_ptx_i32(l, i->types[0] == CW_PTX_F16);
        arguments[9] = flags;
        arguments[10] = what;
        cw_ptx_helper(l, "fragment_multiply_float", l->nothing, arguments, 11);
    } else {
        arguments[6] = cw_ptx_i32(l, element_bits(a));
        arguments[7] = flags;
        arguments[8] = what;
        cw_ptx_helper(l, "fragment_multiply_integer", l->nothing, arguments, 9);
    }
    write_fragment(l, &i->operands[0], i->types[0], d);
}

void cw_ptx_lower_wmma(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    switch (i->form) {
    case CW_PTX_FORM_WMMA_LOAD: wmma_load(l, i, cw_ptx_word_text(cw_ptx_modifier(i, CW_PTX_SLOT_QUERY))[0]); break;
    case CW_PTX_FORM_WMMA_STORE: wmma_store(l, i); break;
    default: wmma_multiply(l, i); break;
    }
}

/* ---- Moving matrices ---- */

static unsigned matrix_count(const struct cw_ptx_instruction *i) {
    enum cw_ptx_word vector = cw_ptx_modifier(i, CW_PTX_SLOT_VECTOR);
    return vector == CW_PTX_X4 ? 4 : vector == CW_PTX_X2 ? 2 : 1;
}

void cw_ptx_lower_ldmatrix(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    LLVMValueRef d = cw_ptx_variable(l, words_type(l), 8, false, "matrices");
    LLVMValueRef arguments[] = {d, cw_ptx_pointer(l, &i->operands[1], cw_ptx_modifier(i, CW_PTX_SLOT_SPACE)), cw_ptx_i32(l, matrix_count(i)),
                                cw_ptx_i32(l, cw_ptx_has(i, CW_PTX_TRANS))};
    cw_ptx_helper(l, "matrix_load", l->nothing, arguments, 4);
    write_fragment(l, &i->operands[0], CW_PTX_B32, d);
}

void cw_ptx_lower_stmatrix(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    LLVMValueRef arguments[] = {cw_ptx_pointer(l, &i->operands[0], cw_ptx_modifier(i, CW_PTX_SLOT_SPACE)), fragment(l, &i->operands[1], CW_PTX_B32),
                                cw_ptx_i32(l, matrix_count(i)), cw_ptx_i32(l, cw_ptx_has(i, CW_PTX_TRANS))};
    cw_ptx_helper(l, "matrix_store", l->nothing, arguments, 4);
}

void cw_ptx_lower_movmatrix(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    LLVMValueRef value = cw_ptx_read(l, &i->operands[1], CW_PTX_B32);
    cw_ptx_write(l, &i->operands[0], cw_ptx_helper(l, "matrix_transpose", l->i32, &value, 1), false);
}
