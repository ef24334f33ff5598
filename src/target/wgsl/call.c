/* SPDX-License-Identifier: Apache-2.0 */
/* call.c: calls: special registers, LLVM's intrinsics that stand for operations, and barriers. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "target/shader/shader.h"
#include "target/wgsl/wgsl.h"

typedef struct wgsl_expression expression;

static bool starts(const char *text, const char *prefix) {
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static const char *callee_name(LLVMValueRef call) {
    LLVMValueRef callee = cw_called_function(call);
    return callee ? cw_value_name(callee) : "";
}

bool wgsl_call_is_nothing(LLVMValueRef call) {
    static const char *const names[] = {"llvm.lifetime.", "llvm.assume", "llvm.dbg.", "llvm.invariant.start", "llvm.invariant.end", "llvm.experimental.noalias",
                                        "llvm.donothing", "llvm.sideeffect", "llvm.prefetch", "llvm.var.annotation", "cw.yield"};
    const char *name = callee_name(call);
    for (size_t n = 0; n < sizeof names / sizeof names[0]; n++)
        if (starts(name, names[n])) return true;
    return false;
}

bool wgsl_call_is_pure(LLVMValueRef call) {
    enum cw_intrinsic intrinsic = cw_called_intrinsic(call);
    if (intrinsic != CW_INTRINSIC_COUNT) return (cw_intrinsics[intrinsic].effects & CW_EFFECT_PURE) != 0;
    if (wgsl_call_is_nothing(call)) return false;
    const char *name = callee_name(call);
    if (starts(name, "llvm.")) return !starts(name, "llvm.trap") && !starts(name, "llvm.debugtrap") && !starts(name, "llvm.ubsantrap") && !strstr(name, ".with.overflow");
    return strcmp(name, CW_SHADER_RSQRT) == 0 || starts(name, "cw_f64_") || starts(name, "cw_f32_") || starts(name, "cw_half_") || starts(name, "cw_bfloat_");
}

const char *wgsl_thread(struct wgsl_function *f, enum cw_intrinsic intrinsic) {
    struct wgsl_shader *shader = f->shader;
    if (!f->entry) return NULL;
    switch (intrinsic) {
    case CW_INTRINSIC_TID_X: shader->uses_thread_id = true; return "thread_id.x";
    case CW_INTRINSIC_TID_Y: shader->uses_thread_id = true; return "thread_id.y";
    case CW_INTRINSIC_TID_Z: shader->uses_thread_id = true; return "thread_id.z";
    case CW_INTRINSIC_NTID_X: return "block_dim_x";
    case CW_INTRINSIC_NTID_Y: return "block_dim_y";
    case CW_INTRINSIC_NTID_Z: return "block_dim_z";
    case CW_INTRINSIC_CTAID_X: shader->uses_block_id = true; return "block_id.x";
    case CW_INTRINSIC_CTAID_Y: shader->uses_block_id = true; return "block_id.y";
    case CW_INTRINSIC_CTAID_Z: shader->uses_block_id = true; return "block_id.z";
    case CW_INTRINSIC_NCTAID_X: shader->uses_grid = true; return "grid_dim.x";
    case CW_INTRINSIC_NCTAID_Y: shader->uses_grid = true; return "grid_dim.y";
    case CW_INTRINSIC_NCTAID_Z: shader->uses_grid = true; return "grid_dim.z";
    case CW_INTRINSIC_DYNAMIC_SHARED_SIZE: shader->uses_dynamic = true; return "dynamic_shared_bytes";
    case CW_INTRINSIC_GRID_VALID: case CW_INTRINSIC_SMID: return "0u";
    case CW_INTRINSIC_LANEID: shader->uses_linear = true; return "(thread_index & 31u)";
    case CW_INTRINSIC_WARPID: shader->uses_linear = true; return "(thread_index >> 5u)";
    default: return NULL;
    }
}

/* ---- Sizes of the block ------ */

static bool is_size(LLVMValueRef value) {
    enum cw_intrinsic intrinsic = LLVMIsACallInst(value) ? cw_called_intrinsic(value) : CW_INTRINSIC_COUNT;
    return intrinsic == CW_INTRINSIC_NTID_X || intrinsic == CW_INTRINSIC_NTID_Y || intrinsic == CW_INTRINSIC_NTID_Z || intrinsic == CW_INTRINSIC_DYNAMIC_SHARED_SIZE;
}

/* Made of constants and sizes alone. */
static bool is_fixed(LLVMValueRef value, unsigned depth) {
    if (LLVMIsConstant(value)) return true;
    if (is_size(value)) return true;
    if (!LLVMIsAInstruction(value) || LLVMIsAPHINode(value) || LLVMIsALoadInst(value) || LLVMIsAAllocaInst(value) || depth == 0) return false;
    int count = LLVMIsACallInst(value) ? (int)LLVMGetNumArgOperands(value) : LLVMGetNumOperands(value);
    if (LLVMIsACallInst(value) && !wgsl_call_is_pure(value)) return false;
    for (int k = 0; k < count; k++)
        if (!is_fixed(LLVMGetOperand(value, (unsigned)k), depth - 1)) return false;
    return count > 0;
}

/* WGSL computes what is made of constants and pipeline constants when a pipeline is made, and refuses it where it overflows, divides by zero or
 * shifts too far (WGSL 8.1.2), also where the program would not get to it. Products of sizes alone can't do that. */
static bool is_computed_early(LLVMValueRef size, unsigned depth) {
    for (LLVMUseRef use = LLVMGetFirstUse(size); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);
        if (!LLVMIsAInstruction(user) || LLVMIsATerminatorInst(user) || !is_fixed(user, 8)) continue;
        bool product = LLVMGetInstructionOpcode(user) == LLVMMul && !LLVMIsConstant(LLVMGetOperand(user, 0)) && !LLVMIsConstant(LLVMGetOperand(user, 1));
        if (!product || depth == 0 || is_computed_early(user, depth - 1)) return true;
    }
    return false;
}

/* A variable's value is no constant expression; drivers see through it. */
static const char *size_at_run_time(struct wgsl_function *f, enum cw_intrinsic intrinsic) {
    f->shader->uses_sizes = true;
    switch (intrinsic) {
    case CW_INTRINSIC_NTID_X: return "block_size.x";
    case CW_INTRINSIC_NTID_Y: return "block_size.y";
    case CW_INTRINSIC_NTID_Z: return "block_size.z";
    default: f->shader->uses_dynamic = true; return "block_size.w";
    }
}

/* ---- LLVM's intrinsics ----------------------------------------------------------------------------------------------- */

/* Functions of floats: name, what WGSL calls it, the helper of doubles. */
static const struct {
    const char *name, *float_name, *double_name;
} float_functions[] = {
    {"llvm.fma.", "fma", "f64_fma"},         {"llvm.fmuladd.", "fma", "f64_fma"},
    {"llvm.sqrt.", "sqrt", "f64_sqrt"},      {"llvm.fabs.", "abs", "@abs64"},
    {"llvm.floor.", "floor", "f64_floor"},   {"llvm.ceil.", "ceil", "f64_ceil"},
    {"llvm.trunc.", "trunc", "f64_trunc"},   {"llvm.rint.", "round", "f64_rint"},
    {"llvm.nearbyint.", "round", "f64_rint"}, {"llvm.roundeven.", "round", "f64_rint"},
    {"llvm.round.", "@round_away", "f64_round"}, {"llvm.minnum.", "@min_number", "f64_min"},
    {"llvm.maxnum.", "@max_number", "f64_max"}, {"llvm.minimumnum.", "@min_number", "f64_min"},
    {"llvm.maximumnum.", "@max_number", "f64_max"}, {"llvm.minimum.", "@minimum", "f64_minimum"},
    {"llvm.maximum.", "@maximum", "f64_maximum"}, {"llvm.copysign.", "@copy_sign", "@copy_sign64"},
    {"llvm.exp2.f32", "exp2", ""},           {"llvm.canonicalize.", "", ""},          {"llvm.arithmetic.fence.", "", ""},
};

static const char *written_name(struct wgsl_function *f, const char *name) {
    if (f->shader->options.hardware && strcmp(name, "@min_number") == 0) return "min";
    if (f->shader->options.hardware && strcmp(name, "@max_number") == 0) return "max";
    if (name[0] == '@') return wgsl_helper(f->shader, name + 1);
    return name;
}

static bool float_function(struct wgsl_function *f, LLVMValueRef call, const char *name, expression *out) {
    for (size_t n = 0; n < sizeof float_functions / sizeof float_functions[0]; n++) {
        if (!starts(name, float_functions[n].name)) continue;
        LLVMTypeKind kind = LLVMGetTypeKind(LLVMTypeOf(call));
        bool is_double = kind == LLVMDoubleTypeKind;
        const char *called = is_double ? float_functions[n].double_name : float_functions[n].float_name;
        struct cw_text text = {0};
        unsigned count = LLVMGetNumArgOperands(call);
        if (!called[0]) {
            *out = wgsl_expression_of(f, LLVMGetOperand(call, 0));
            return true;
        }
        bool rounds = (kind == LLVMHalfTypeKind || kind == LLVMBFloatTypeKind) && (strcmp(called, "fma") == 0 || strcmp(called, "sqrt") == 0);
        if (rounds) cw_text_printf(&text, "%s(", wgsl_helper(f->shader, kind == LLVMHalfTypeKind ? "round_half" : "round_bfloat"));
        cw_text_printf(&text, "%s(", is_double && called[0] != '@' ? wgsl_helper(f->shader, called) : written_name(f, called));
        for (unsigned k = 0; k < count; k++) cw_text_printf(&text, "%s%s", k ? ", " : "", wgsl_expression_of(f, LLVMGetOperand(call, k)).text);
        cw_text_add(&text, rounds ? "))" : ")");
        *out = wgsl_make(f, is_double ? WGSL_U64 : WGSL_F32, WGSL_PRIMARY, "%s", cw_text_string(&text));
        cw_text_fini(&text);
        return true;
    }
    return false;
}

static expression as_i32(struct wgsl_function *f, expression e, unsigned width) {
    if (width == 32) return wgsl_as(f, e, WGSL_I32);
    return wgsl_make(f, WGSL_I32, WGSL_LOOSE, "i32(%s << %uu) >> %uu", wgsl_operand(f, wgsl_as(f, e, WGSL_U32), WGSL_UNARY), 32 - width, 32 - width);
}

static expression small(struct wgsl_function *f, expression e, unsigned width) {
    if (width == 32) return e;
    return wgsl_make(f, WGSL_U32, WGSL_LOOSE, "%s & 0x%xu", wgsl_operand(f, wgsl_as(f, e, WGSL_U32), WGSL_UNARY), (1u << width) - 1);
}

/* Integers of at most 32 bits and of 64. */
/* Classes of floats that one comparison of bits tells (LLVM Language Reference, llvm.is.fpclass). */
static bool float_class_test(struct wgsl_function *f, expression x, unsigned mask, expression *out) {
    static const struct {
        unsigned mask;
        const char *test; /* of the size's bits, or with "all" of all bits */
        bool all;
    } tests[] = {
        {3, "> 0x7f800000u", false},   {516, "== 0x7f800000u", false}, {519, ">= 0x7f800000u", false}, {504, "< 0x7f800000u", false},
        {240, "< 0x800000u", false},   {96, "== 0u", false},           {64, "== 0u", true},            {32, "== 0x80000000u", true},
        {512, "== 0x7f800000u", true}, {4, "== 0xff800000u", true},    {384, "- 1u < 0x7f7fffffu", true}, {256, "- 0x800000u < 0x7f000000u", true},
    };
    for (size_t t = 0; t < sizeof tests / sizeof tests[0]; t++) {
        if (tests[t].mask != mask) continue;
        *out = tests[t].all ? wgsl_make(f, WGSL_BOOL, WGSL_LOOSE, "bitcast<u32>(%s) %s", x.text, tests[t].test)
                            : wgsl_make(f, WGSL_BOOL, WGSL_LOOSE, "(bitcast<u32>(%s) & 0x7fffffffu) %s", x.text, tests[t].test);
        return true;
    }
    return false;
}

static bool integer_function(struct wgsl_function *f, LLVMValueRef call, const char *name, expression *out) {
    if (LLVMGetTypeKind(LLVMTypeOf(call)) != LLVMIntegerTypeKind) return false;
    unsigned width = LLVMGetIntTypeWidth(LLVMTypeOf(call));
    unsigned count = LLVMGetNumArgOperands(call);
    expression a = count > 0 ? wgsl_expression_of(f, LLVMGetOperand(call, 0)) : (expression){0};
    expression b = count > 1 ? wgsl_expression_of(f, LLVMGetOperand(call, 1)) : (expression){0};
    const char *kind = name + 5;
    bool wide = width == 64;
    if (width > 32 && !wide) return false;
#define IS(word) starts(kind, word ".")
    if (IS("ctpop") || IS("ctlz") || IS("cttz") || IS("bitreverse") || IS("bswap")) {
        if (wide) {
            char helper[32];
            snprintf(helper, sizeof helper, "%.*s64", (int)strcspn(kind, "."), kind);
            *out = wgsl_make(f, WGSL_U64, WGSL_PRIMARY, "%s(%s)", wgsl_helper(f->shader, helper), a.text);
            return true;
        }
        a = wgsl_as(f, a, WGSL_U32);
        if (IS("ctpop")) *out = wgsl_make(f, WGSL_U32, WGSL_PRIMARY, "countOneBits(%s)", a.text);
        else if (IS("ctlz")) *out = width == 32 ? wgsl_make(f, WGSL_U32, WGSL_PRIMARY, "countLeadingZeros(%s)", a.text)
                                                 : wgsl_make(f, WGSL_U32, WGSL_ADD, "countLeadingZeros(%s) - %uu", a.text, 32 - width);
        else if (IS("cttz")) *out = width == 32 ? wgsl_make(f, WGSL_U32, WGSL_PRIMARY, "countTrailingZeros(%s)", a.text)
                                                 : wgsl_make(f, WGSL_U32, WGSL_PRIMARY, "min(countTrailingZeros(%s), %uu)", a.text, width);
        else if (IS("bitreverse")) *out = width == 32 ? wgsl_make(f, WGSL_U32, WGSL_PRIMARY, "reverseBits(%s)", a.text)
                                                       : wgsl_make(f, WGSL_U32, WGSL_LOOSE, "reverseBits(%s) >> %uu", a.text, 32 - width);
        else {
            *out = wgsl_make(f, WGSL_U32, WGSL_PRIMARY, "%s(%s)", wgsl_helper(f->shader, "bswap"), a.text);
            if (width == 16) *out = wgsl_make(f, WGSL_U32, WGSL_LOOSE, "%s >> 16u", out->text);
        }
        return true;
    }
    if (IS("abs")) {
        if (wide) *out = wgsl_make(f, WGSL_U64, WGSL_PRIMARY, "%s(%s)", wgsl_helper(f->shader, "abs64i"), a.text);
        else *out = small(f, wgsl_make(f, WGSL_I32, WGSL_PRIMARY, "abs(%s)", as_i32(f, a, width).text), width);
        return true;
    }
    if (IS("smin") || IS("smax") || IS("umin") || IS("umax")) {
        bool is_signed = kind[0] == 's';
        bool least = kind[2] == 'i';
        if (wide) {
            const char *less = wgsl_helper(f->shader, is_signed ? "slt64" : "ult64");
            *out = wgsl_make(f, WGSL_U64, WGSL_PRIMARY, "select(%s, %s, %s(%s, %s))", b.text, a.text, less, least ? a.text : b.text, least ? b.text : a.text);
            return true;
        }
        a = is_signed ? as_i32(f, a, width) : wgsl_as(f, a, WGSL_U32);
        b = is_signed ? as_i32(f, b, width) : wgsl_as(f, b, WGSL_U32);
        *out = small(f, wgsl_make(f, is_signed ? WGSL_I32 : WGSL_U32, WGSL_PRIMARY, "%s(%s, %s)", least ? "min" : "max", a.text, b.text), width);
        return true;
    }
    if (IS("fshl") || IS("fshr")) {
        expression c = wgsl_expression_of(f, LLVMGetOperand(call, 2));
        char helper[32];
        if (width != 32 && !wide) return false;
        snprintf(helper, sizeof helper, "%.4s%s", kind, wide ? "64" : "");
        if (wide) *out = wgsl_make(f, WGSL_U64, WGSL_PRIMARY, "%s(%s, %s, %s)", wgsl_helper(f->shader, helper), a.text, b.text, wgsl_low(f, LLVMGetOperand(call, 2)).text);
        else *out = wgsl_make(f, WGSL_U32, WGSL_PRIMARY, "%s(%s, %s, %s)", wgsl_helper(f->shader, helper), wgsl_as(f, a, WGSL_U32).text, wgsl_as(f, b, WGSL_U32).text,
                              wgsl_as(f, c, WGSL_U32).text);
        return true;
    }
    if (IS("uadd.sat") || IS("usub.sat") || IS("sadd.sat") || IS("ssub.sat")) {
        char helper[32];
        if (width < 32) {
            /* In 32 bits nothing overflows; then the limits of the type. */
            const char *operator = kind[1] == 'a' ? "+" : "-";
            if (kind[0] == 's') *out = small(f, wgsl_make(f, WGSL_I32, WGSL_PRIMARY, "clamp((%s) %s (%s), %d, %d)", as_i32(f, a, width).text, operator, as_i32(f, b, width).text, -(1 << (width - 1)), (1 << (width - 1)) - 1), width);
            else *out = wgsl_make(f, WGSL_U32, WGSL_PRIMARY, "u32(clamp(i32(%s) %s i32(%s), 0, %d))", a.text, operator, b.text, (1 << width) - 1);
            return true;
        }
        if (width != 32) return false;
        snprintf(helper, sizeof helper, "%.4s_sat", kind);
        enum wgsl_type own = kind[0] == 's' ? WGSL_I32 : WGSL_U32;
        *out = wgsl_make(f, own, WGSL_PRIMARY, "%s(%s, %s)", wgsl_helper(f->shader, helper), wgsl_as(f, a, own).text, wgsl_as(f, b, own).text);
        return true;
    }
    if (IS("scmp") || IS("ucmp")) {
        unsigned from = LLVMGetIntTypeWidth(LLVMTypeOf(LLVMGetOperand(call, 0)));
        bool is_signed = kind[0] == 's';
        if (from == 64) *out = wgsl_make(f, WGSL_I32, WGSL_PRIMARY, "%s(%s, %s)", wgsl_helper(f->shader, is_signed ? "scmp64" : "ucmp64"), a.text, b.text);
        else {
            a = is_signed ? as_i32(f, a, from) : wgsl_as(f, a, WGSL_U32);
            b = is_signed ? as_i32(f, b, from) : wgsl_as(f, b, WGSL_U32);
            *out = wgsl_make(f, WGSL_I32, WGSL_LOOSE, "i32(%s > %s) - i32(%s < %s)", wgsl_operand(f, a, WGSL_ADD), wgsl_operand(f, b, WGSL_ADD), wgsl_operand(f, a, WGSL_ADD),
                             wgsl_operand(f, b, WGSL_ADD));
        }
        if (wide) *out = wgsl_make(f, WGSL_U64, WGSL_PRIMARY, "%s(%s)", wgsl_helper(f->shader, "sext64"), out->text);
        else *out = small(f, *out, width);
        return true;
    }
    if (IS("fptosi.sat") || IS("fptoui.sat")) {
        LLVMTypeKind from = LLVMGetTypeKind(LLVMTypeOf(LLVMGetOperand(call, 0)));
        bool is_signed = kind[4] == 's';
        char helper[40];
        snprintf(helper, sizeof helper, "%s_to_%s%u", from == LLVMDoubleTypeKind ? "f64" : "f32", is_signed ? "i" : "u", wide ? 64u : 32u);
        if (width != 32 && !wide) return false;
        enum wgsl_type own = wide ? WGSL_U64 : is_signed && from != LLVMDoubleTypeKind ? WGSL_I32 : WGSL_U32;
        *out = wgsl_make(f, own, WGSL_PRIMARY, "%s(%s)", wgsl_helper(f->shader, helper), a.text);
        return true;
    }
    if (IS("lrint") || IS("llrint") || IS("lround") || IS("llround")) return false;
    if (IS("is.fpclass")) {
        unsigned mask = (unsigned)LLVMConstIntGetZExtValue(LLVMGetOperand(call, 1));
        LLVMTypeKind from = LLVMGetTypeKind(LLVMTypeOf(LLVMGetOperand(call, 0)));
        if (from != LLVMFloatTypeKind && from != LLVMDoubleTypeKind) return false;
        if (from == LLVMFloatTypeKind && float_class_test(f, a, mask, out)) return true;
        *out = wgsl_make(f, WGSL_BOOL, WGSL_LOOSE, "(%s(%s) & %uu) != 0u", wgsl_helper(f->shader, from == LLVMDoubleTypeKind ? "float_class64" : "float_class"), a.text, mask);
        return true;
    }
    if (IS("is.constant") || IS("allow.runtime.check") || IS("allow.ubsan.check")) {
        *out = wgsl_integer(f, WGSL_BOOL, 0);
        return true;
    }
    if (IS("expect") || IS("ssa.copy") || IS("expect.with.probability")) {
        *out = a;
        return true;
    }
    if (IS("objectsize")) {
        *out = wgsl_integer(f, wide ? WGSL_U64 : WGSL_U32, UINT64_MAX);
        return true;
    }
#undef IS
    return false;
}

static bool overflow_function(struct wgsl_function *f, LLVMValueRef call, const char *name, expression *out) {
    if (!strstr(name, ".with.overflow")) return false;
    LLVMTypeRef type = LLVMTypeOf(LLVMGetOperand(call, 0));
    if (LLVMGetTypeKind(type) != LLVMIntegerTypeKind) return false;
    unsigned width = LLVMGetIntTypeWidth(type);
    if (width != 32 && width != 64) return false;
    char helper[40];
    snprintf(helper, sizeof helper, "%.4s_overflow%s", name + 5, width == 64 ? "64" : "");
    enum wgsl_type own = width == 64 ? WGSL_U64 : WGSL_U32;
    *out = wgsl_make(f, WGSL_VOID, WGSL_PRIMARY, "%s(%s, %s)", wgsl_helper(f->shader, helper), wgsl_as(f, wgsl_expression_of(f, LLVMGetOperand(call, 0)), own).text,
                     wgsl_as(f, wgsl_expression_of(f, LLVMGetOperand(call, 1)), own).text);
    return true;
}

/* ---- cw intrinsics ---------------------------------------------------------------------------------------------------- */

/* True if the instruction reads (or else writes) global memory that both kinds of accesses go to. */
static bool touches_storage(struct wgsl_function *f, LLVMValueRef i, bool writes) {
    if (!wgsl_is_access(i)) return false;
    bool store = LLVMIsAStoreInst(i) != NULL, load = LLVMIsALoadInst(i) != NULL;
    if (writes ? load : store) return false;
    const struct wgsl_object *object = &f->shader->objects[wgsl_root(f, LLVMGetOperand(i, store ? 1 : 0))];
    bool global = object->kind == WGSL_OBJECT_HEAP || object->kind == WGSL_OBJECT_PARAMETER || object->kind == WGSL_OBJECT_GLOBAL || object->kind == WGSL_OBJECT_GENERIC;
    return global && ((object->read && object->written) || object->atomic || object->kind == WGSL_OBJECT_GENERIC);
}

static bool block_touches(struct wgsl_function *f, LLVMValueRef from, LLVMValueRef to, bool writes) {
    for (LLVMValueRef i = from; i && i != to; i = LLVMGetNextInstruction(i))
        if (touches_storage(f, i, writes)) return true;
    return false;
}

/* Blocks that control reaches from `block`, or that reach it. */
static void reach(const struct cw_cfg *cfg, uint32_t block, bool forward, bool *reached) {
    bool changed = true;
    while (changed) {
        changed = false;
        for (uint32_t b = 0; b < cfg->count; b++) {
            LLVMValueRef end = LLVMGetBasicBlockTerminator(cfg->blocks[b]);
            for (unsigned k = 0; k < LLVMGetNumSuccessors(end); k++) {
                uint32_t to = cw_cfg_index(cfg, LLVMGetSuccessor(end, k));
                if (to == CW_CFG_NONE) continue;
                uint32_t source = forward ? b : to, target = forward ? to : b;
                if ((source == block || reached[source]) && !reached[target]) reached[target] = changed = true;
            }
        }
    }
}

/* A barrier orders global memory too, which costs a barrier of the whole device's on GPUs: only where something was written before it
 * that may be read behind it. */
static bool orders_storage(struct wgsl_function *f, LLVMValueRef call) {
    LLVMBasicBlockRef block = LLVMGetInstructionParent(call);
    uint32_t here = cw_cfg_index(&f->cfg, block);
    bool found[2] = {block_touches(f, LLVMGetFirstInstruction(block), call, true), block_touches(f, LLVMGetNextInstruction(call), NULL, false)};
    for (unsigned behind = 0; behind < 2; behind++) {
        bool *reached = cw_alloc_array(f->cfg.count, sizeof *reached);
        reach(&f->cfg, here, behind != 0, reached);
        for (uint32_t b = 0; b < f->cfg.count && !found[behind]; b++)
            found[behind] = reached[b] && block_touches(f, LLVMGetFirstInstruction(f->cfg.blocks[b]), NULL, !behind);
        free(reached);
    }
    return found[0] && found[1];
}

static void barrier(struct wgsl_function *f, LLVMValueRef call) {
    struct wgsl_shader *shader = f->shader;
    LLVMValueRef id = LLVMGetOperand(call, 0), count = LLVMGetOperand(call, 1);
    if (!LLVMIsAConstantInt(id) || LLVMConstIntGetZExtValue(id) != 0 || !LLVMIsAConstantInt(count) || LLVMConstIntGetZExtValue(count) != 0)
        wgsl_refuse(shader, call, "a barrier for some of a block's threads");
    if (orders_storage(f, call)) wgsl_line(&f->lines, "storageBarrier();");
    wgsl_line(&f->lines, "workgroupBarrier();");
}

static expression intrinsic_call(struct wgsl_function *f, LLVMValueRef call, enum cw_intrinsic intrinsic) {
    struct wgsl_shader *shader = f->shader;
    const expression nothing = {.text = "", .type = WGSL_VOID};
    const char *thread = f->entry && is_size(call) && is_computed_early(call, 8) ? size_at_run_time(f, intrinsic) : wgsl_thread(f, intrinsic);
    expression e;
    if (thread) return wgsl_make(f, WGSL_U32, WGSL_PRIMARY, "%s", thread);
    if (wgsl_collective(f, call, intrinsic, &e)) return e;
    switch (intrinsic) {
    case CW_INTRINSIC_BARRIER: barrier(f, call); return nothing;
    case CW_INTRINSIC_BARRIER_POPC: case CW_INTRINSIC_BARRIER_AND: case CW_INTRINSIC_BARRIER_OR: {
        const char *helper = wgsl_helper(shader, intrinsic == CW_INTRINSIC_BARRIER_POPC ? "barrier_count" : intrinsic == CW_INTRINSIC_BARRIER_AND ? "barrier_and" : "barrier_or");
        shader->uses_vote = shader->uses_linear = true;
        const char *value = wgsl_operand(f, wgsl_as(f, wgsl_low(f, LLVMGetOperand(call, 0)), WGSL_U32), WGSL_ADD);
        /* Threads that are not here have no vote. */
        if (f->mask && intrinsic == CW_INTRINSIC_BARRIER_AND) return wgsl_make(f, WGSL_U32, WGSL_PRIMARY, "%s(!%s || %s != 0u, thread_index)", helper, f->mask, value);
        if (f->mask) return wgsl_make(f, WGSL_U32, WGSL_PRIMARY, "%s(%s && %s != 0u, thread_index)", helper, f->mask, value);
        return wgsl_make(f, WGSL_U32, WGSL_PRIMARY, "%s(%s != 0u, thread_index)", helper, value);
    }
    case CW_INTRINSIC_IS_SHARED: case CW_INTRINSIC_IS_GLOBAL: case CW_INTRINSIC_IS_LOCAL: case CW_INTRINSIC_IS_CONSTANT: {
        LLVMValueRef pointer = LLVMGetOperand(call, 0);
        enum wgsl_object_kind kind = shader->objects[wgsl_root(f, pointer)].kind;
        if (intrinsic == CW_INTRINSIC_IS_CONSTANT) return wgsl_integer(f, WGSL_U32, 0);
        if (kind == WGSL_OBJECT_GENERIC || kind == WGSL_OBJECT_HEAP) {
            expression p = wgsl_pointer(f, pointer, false);
            const char *operand = wgsl_operand(f, p, WGSL_ADD);
            if (intrinsic == CW_INTRINSIC_IS_SHARED) return wgsl_make(f, WGSL_U32, WGSL_PRIMARY, "u32(%s >= 0xffff0000u)", operand);
            if (intrinsic == CW_INTRINSIC_IS_LOCAL) return wgsl_make(f, WGSL_U32, WGSL_PRIMARY, "u32((%s >> 16u) == 0xfffeu)", wgsl_operand(f, p, WGSL_UNARY));
            return wgsl_make(f, WGSL_U32, WGSL_PRIMARY, "u32(%s < 0xfffe0000u)", operand);
        }
        bool shared = kind == WGSL_OBJECT_SHARED || kind == WGSL_OBJECT_SHARED_ALL, private = kind == WGSL_OBJECT_PRIVATE || kind == WGSL_OBJECT_PRIVATE_ALL;
        return wgsl_integer(f, WGSL_U32, intrinsic == CW_INTRINSIC_IS_SHARED ? shared : intrinsic == CW_INTRINSIC_IS_LOCAL ? private : !shared && !private);
    }
    case CW_INTRINSIC_YIELD: case CW_INTRINSIC_NANOSLEEP: case CW_INTRINSIC_BREAKPOINT: return nothing;
    case CW_INTRINSIC_POLL: wgsl_refuse(shader, call, "a loop that waits for other threads' stores"); return nothing;
    default:
        wgsl_refuse(shader, call, "%s", cw_intrinsics[intrinsic].text);
        return wgsl_integer(f, LLVMGetTypeKind(LLVMTypeOf(call)) == LLVMVoidTypeKind ? WGSL_U32 : wgsl_type_of(f, call), 0);
    }
}

expression wgsl_call(struct wgsl_function *f, LLVMValueRef call) {
    struct wgsl_shader *shader = f->shader;
    enum cw_intrinsic intrinsic = cw_called_intrinsic(call);
    expression e;
    if (intrinsic != CW_INTRINSIC_COUNT) return intrinsic_call(f, call, intrinsic);
    const char *name = callee_name(call);
    if (!name[0]) {
        wgsl_refuse(shader, call, "a call through a pointer");
        return wgsl_integer(f, WGSL_U32, 0);
    }
    if (strcmp(name, CW_SHADER_RSQRT) == 0 && LLVMIsAConstantFP(LLVMGetOperand(call, 0))) {
        /* WGSL computes with constants itself, and refuses what isn't a number. */
        LLVMBool loses;
        double x = LLVMConstRealGetDouble(LLVMGetOperand(call, 0), &loses);
        if (!(x > 0)) return wgsl_make(f, WGSL_F32, WGSL_PRIMARY, "%s(%s)", wgsl_helper(shader, "float_of_bits"), x == 0 ? signbit(x) ? "0xff800000u" : "0x7f800000u" : "0x7fc00000u");
    }
    if (strcmp(name, CW_SHADER_RSQRT) == 0) return wgsl_make(f, WGSL_F32, WGSL_PRIMARY, "inverseSqrt(%s)", wgsl_expression_of(f, LLVMGetOperand(call, 0)).text);
    if (starts(name, "llvm.")) {
        if (float_function(f, call, name, &e) || integer_function(f, call, name, &e) || overflow_function(f, call, name, &e)) return e;
        wgsl_refuse(shader, call, "%s", name);
        return wgsl_integer(f, LLVMGetTypeKind(LLVMTypeOf(call)) == LLVMVoidTypeKind ? WGSL_U32 : wgsl_type_of(f, call), 0);
    }
    LLVMValueRef callee = cw_called_function(call);
    if (cw_is_declaration(callee)) {
        wgsl_refuse(shader, call, "the function '%s'", name);
        return wgsl_integer(f, WGSL_U32, 0);
    }
    /* A function of ours that is not inlined: its text stands before. */
    struct cw_text text = {0};
    cw_text_printf(&text, "%s(", wgsl_helper(shader, name));
    for (unsigned k = 0; k < LLVMGetNumArgOperands(call); k++) {
        LLVMValueRef operand = LLVMGetOperand(call, k), parameter = LLVMGetParam(callee, k);
        expression argument = wgsl_expression_of(f, operand);
        (void)parameter;
        if (argument.type == WGSL_I32) argument = wgsl_as(f, argument, WGSL_U32);
        if (LLVMGetTypeKind(LLVMTypeOf(operand)) == LLVMPointerTypeKind) wgsl_refuse(shader, call, "a pointer to '%s', which is not inlined", name);
        cw_text_printf(&text, "%s%s", k ? ", " : "", argument.text);
    }
    cw_text_add(&text, ")");
    LLVMTypeRef result = LLVMTypeOf(call);
    enum wgsl_type type = LLVMGetTypeKind(result) == LLVMVoidTypeKind ? WGSL_VOID : wgsl_type_of(f, call);
    e = wgsl_make(f, type == WGSL_I32 ? WGSL_U32 : type, WGSL_PRIMARY, "%s", cw_text_string(&text));
    cw_text_fini(&text);
    return e;
}
