/* SPDX-License-Identifier: Apache-2.0 */
/*
 * warp.c: warp collectives.
 *
 * By subgroup operations where the device's subgroups are warps. Elsewhere through workgroup memory: then each is an operation of
 * the whole block, which walks through the statements around it with masks (uniform.c), so that lanes that are elsewhere
 * take part in its barriers and in nothing else. That is exact, and slow.
 */
#include <stdlib.h>
#include <string.h>

#include "target/wgsl/wgsl.h"

typedef struct wgsl_expression expression;

static const char *u32_argument(struct wgsl_function *f, LLVMValueRef call, unsigned k) {
    return wgsl_as(f, wgsl_low(f, LLVMGetOperand(call, k)), WGSL_U32).text;
}

static const struct {
    enum cw_intrinsic intrinsic;
    const char *helper;
    bool wide; /* operates on vec2<u32> */
} collectives[] = {
    {CW_INTRINSIC_SHFL_IDX, "warp_shfl_idx", false},       {CW_INTRINSIC_SHFL_UP, "warp_shfl_up", false},
    {CW_INTRINSIC_SHFL_DOWN, "warp_shfl_down", false},     {CW_INTRINSIC_SHFL_XOR, "warp_shfl_xor", false},
    {CW_INTRINSIC_SHFL_IDX_B64, "warp_shfl_idx64", true},  {CW_INTRINSIC_SHFL_UP_B64, "warp_shfl_up64", true},
    {CW_INTRINSIC_SHFL_DOWN_B64, "warp_shfl_down64", true}, {CW_INTRINSIC_SHFL_XOR_B64, "warp_shfl_xor64", true},
    {CW_INTRINSIC_VOTE_ALL, "warp_all", false},            {CW_INTRINSIC_VOTE_ANY, "warp_any", false},
    {CW_INTRINSIC_VOTE_UNI, "warp_uni", false},            {CW_INTRINSIC_VOTE_BALLOT, "warp_ballot", false},
    {CW_INTRINSIC_MATCH_ANY, "warp_match_any", false},     {CW_INTRINSIC_MATCH_ALL, "warp_match_all", false},
    {CW_INTRINSIC_MATCH_ANY_B64, "warp_match_any64", true}, {CW_INTRINSIC_MATCH_ALL_B64, "warp_match_all64", true},
    {CW_INTRINSIC_REDUX_ADD, "warp_redux_add", false},     {CW_INTRINSIC_REDUX_MIN, "warp_redux_min", false},
    {CW_INTRINSIC_REDUX_MAX, "warp_redux_max", false},     {CW_INTRINSIC_REDUX_UMIN, "warp_redux_umin", false},
    {CW_INTRINSIC_REDUX_UMAX, "warp_redux_umax", false},   {CW_INTRINSIC_REDUX_AND, "warp_redux_and", false},
    {CW_INTRINSIC_REDUX_OR, "warp_redux_or", false},       {CW_INTRINSIC_REDUX_XOR, "warp_redux_xor", false},
};

static const char *helper_of(enum cw_intrinsic intrinsic, bool *wide) {
    for (size_t c = 0; c < sizeof collectives / sizeof collectives[0]; c++)
        if (collectives[c].intrinsic == intrinsic) {
            *wide = collectives[c].wide;
            return collectives[c].helper;
        }
    return NULL;
}

bool wgsl_is_collective(enum cw_intrinsic intrinsic) {
    bool wide;
    return intrinsic == CW_INTRINSIC_ACTIVEMASK || intrinsic == CW_INTRINSIC_WARP_SYNC || helper_of(intrinsic, &wide) != NULL;
}

bool wgsl_collective(struct wgsl_function *f, LLVMValueRef call, enum cw_intrinsic intrinsic, expression *out) {
    struct wgsl_shader *shader = f->shader;
    bool subgroups = shader->options.subgroups, wide = false;
    const char *mask = f->mask ? f->mask : "true";
    if (!wgsl_is_collective(intrinsic)) return false;
    if (!subgroups) shader->uses_linear = shader->uses_exchange = true;
    if (intrinsic == CW_INTRINSIC_WARP_SYNC) {
        if (!subgroups) wgsl_line(&f->lines, "storageBarrier();");
        if (!subgroups) wgsl_line(&f->lines, "workgroupBarrier();");
        *out = (expression){.text = "", .type = WGSL_VOID};
        return true;
    }
    if (intrinsic == CW_INTRINSIC_ACTIVEMASK) {
        shader->uses_subgroup = shader->uses_subgroup || subgroups;
        *out = subgroups ? wgsl_make(f, WGSL_U32, WGSL_PRIMARY, "subgroupBallot(true).x")
                         : wgsl_make(f, WGSL_U32, WGSL_PRIMARY, "%s(%s, thread_index)", wgsl_helper(shader, "block_votes"), mask);
        return true;
    }
    const char *name = helper_of(intrinsic, &wide);
    struct cw_text text = {0};
    if (subgroups) {
        shader->uses_subgroup = true;
        cw_text_printf(&text, "%s(", wgsl_helper(shader, name));
    } else {
        /* "warp_shfl_idx" to "block_shfl_idx(mask, thread_index, ...". */
        char *through_memory = cw_format("block%s", name + strlen("warp"));
        cw_text_printf(&text, "%s(%s, thread_index, ", wgsl_helper(shader, through_memory), mask);
        free(through_memory);
    }
    for (unsigned k = 0; k < LLVMGetNumArgOperands(call); k++) {
        LLVMValueRef operand = LLVMGetOperand(call, k);
        cw_text_printf(&text, "%s%s", k ? ", " : "", wide && k == 1 ? wgsl_expression_of(f, operand).text : u32_argument(f, call, k));
    }
    cw_text_printf(&text, ")");
    bool gives_wide = LLVMGetTypeKind(LLVMTypeOf(call)) == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(LLVMTypeOf(call)) == 64;
    *out = wgsl_make(f, gives_wide ? WGSL_U64 : WGSL_U32, WGSL_PRIMARY, "%s", cw_text_string(&text));
    cw_text_fini(&text);
    return true;
}
