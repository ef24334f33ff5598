/* SPDX-License-Identifier: Apache-2.0 */
/* vector.c: see vector.h. Sets the steps going, and keeps what they share. */
#include "pass/vector/vector.h"

#include <llvm-c/DebugInfo.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "pass/vector/state.h"

/* ---- Values by address ---- */

static size_t hash(const struct cw_vector *v, LLVMValueRef old) {
    return (size_t)((uintptr_t)old * UINT64_C(0x9e3779b97f4a7c15) >> 17) & (v->table_size - 1);
}

struct cw_vector_value *cw_vector_find(struct cw_vector *v, LLVMValueRef old) {
    for (size_t at = hash(v, old); v->table[at]; at = (at + 1) & (v->table_size - 1))
        if (v->values[v->table[at] - 1].old == old) return &v->values[v->table[at] - 1];
    return NULL;
}

static void add_value(struct cw_vector *v, LLVMValueRef old) {
    size_t at = hash(v, old);
    while (v->table[at]) at = (at + 1) & (v->table_size - 1);
    v->values[v->value_count++] = (struct cw_vector_value){.old = old};
    v->table[at] = (uint32_t)v->value_count;
}

static void collect_values(struct cw_vector *v) {
    size_t count = LLVMCountParams(v->function);
    for (uint32_t b = 0; b < v->cfg.count; b++)
        for (LLVMValueRef i = LLVMGetFirstInstruction(v->cfg.blocks[b]); i; i = LLVMGetNextInstruction(i)) count++;
    v->values = cw_alloc_array(count + 1, sizeof *v->values);
    for (v->table_size = 64; v->table_size < 2 * count; v->table_size *= 2) {}
    v->table = cw_alloc_array(v->table_size, sizeof *v->table);
    for (unsigned k = 0; k < LLVMCountParams(v->function); k++) {
        add_value(v, LLVMGetParam(v->function, k));
        v->values[v->value_count - 1].shape = (struct cw_shape){.kind = CW_SHAPE_UNIFORM, .exact_signed = true, .exact_unsigned = true};
    }
    for (uint32_t b = 0; b < v->cfg.count; b++)
        for (LLVMValueRef i = LLVMGetFirstInstruction(v->cfg.blocks[b]); i; i = LLVMGetNextInstruction(i))
            if (LLVMGetTypeKind(LLVMTypeOf(i)) != LLVMVoidTypeKind) add_value(v, i);
}

struct cw_shape cw_vector_shape(struct cw_vector *v, LLVMValueRef old) {
    const struct cw_vector_value *value = cw_vector_find(v, old);
    return value ? value->shape : (struct cw_shape){.kind = CW_SHAPE_UNIFORM, .exact_signed = true, .exact_unsigned = true};
}

/* ---- Parts ---- */

void cw_vector_set_part(struct cw_vector *v, unsigned part) {
    v->part = part;
    v->mask = v->of_part[part].mask;
    v->first = v->of_part[part].first;
    v->x = v->of_part[part].x;
    v->y = v->of_part[part].y;
    v->z = v->of_part[part].z;
}

void cw_vector_set_common(struct cw_vector *v) {
    cw_vector_set_part(v, 0);
    if (v->parts == 1 || !v->mask) return;
    for (unsigned part = 1; part < v->parts && !v->union_mask; part++) {
        LLVMValueRef all = v->of_part[0].mask;
        for (unsigned p = 1; p < v->parts; p++) all = LLVMBuildOr(v->builder, all, v->of_part[p].mask, "");
        v->union_mask = all;
    }
    v->mask = v->union_mask;
}

void cw_vector_load_masks(struct cw_vector *v) {
    const struct cw_vector_block *block = &v->blocks[v->block];
    for (unsigned part = 0; part < v->parts; part++)
        v->of_part[part].mask =
            block->divergent ? LLVMBuildLoad2(v->builder, cw_vector_mask_type(v), block->mask_slot[part], "") : v->entry_mask;
    v->union_mask = NULL;
    cw_vector_set_part(v, 0);
}

/* ---- Telling why ---- */

static void note(struct cw_vector *v, LLVMValueRef where, const char *format, va_list arguments) {
    unsigned line = 0, file_length = 0;
    const char *file = NULL;
    if (where && LLVMIsAInstruction(where)) {
        line = LLVMGetDebugLocLine(where);
        file = LLVMGetDebugLocFilename(where, &file_length);
    }
    cw_text_printf(v->why, "%.*s:%u: ", (int)file_length, file ? file : "", line);
    cw_text_vprintf(v->why, format, arguments);
    cw_text_add(v->why, "\n");
}

void cw_vector_refuse(struct cw_vector *v, LLVMValueRef where, const char *format, ...) {
    if (v->failed) return;
    v->failed = true;
    if (!v->why) return;
    va_list arguments;
    va_start(arguments, format);
    cw_text_clear(v->why);
    note(v, where, format, arguments);
    va_end(arguments);
}

void cw_vector_remark(struct cw_vector *v, LLVMValueRef where, const char *format, ...) {
    if (!v->why || v->failed) return;
    va_list arguments;
    va_start(arguments, format);
    note(v, where, format, arguments);
    va_end(arguments);
}

/* ---- The pass ---- */

#define INSTRUCTIONS_MAX 3500u /* of all parts together */
#define LANE_INSTRUCTIONS 3u   /* of one lane's load, store or atomic */
#define GATHER_INSTRUCTIONS 3u

bool cw_vector_needs_warps(LLVMValueRef kernel) {
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(kernel); block; block = LLVMGetNextBasicBlock(block))
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i)) {
            if (!LLVMIsACallInst(i)) continue;
            enum cw_intrinsic intrinsic = cw_called_intrinsic(i);
            if (intrinsic == CW_INTRINSIC_YIELD || cw_vector_is_collective(intrinsic)) return true;
            /* A barrier of some threads of the block counts warps. */
            if ((intrinsic == CW_INTRINSIC_BARRIER || intrinsic == CW_INTRINSIC_BARRIER_ARRIVE) && !LLVMIsNull(LLVMGetOperand(i, 1))) return true;
        }
    return false;
}

/* The intrinsic by which `i` makes its group wait for others, or CW_INTRINSIC_COUNT. What lanes of one group do together is none. */
static enum cw_intrinsic waiting_intrinsic(LLVMValueRef i) {
    enum cw_intrinsic intrinsic = LLVMIsACallInst(i) ? cw_called_intrinsic(i) : CW_INTRINSIC_COUNT;
    bool waits = intrinsic != CW_INTRINSIC_COUNT && (cw_intrinsics[intrinsic].effects & CW_EFFECT_SUSPENDS);
    return waits && intrinsic != CW_INTRINSIC_YIELD && !cw_vector_is_collective(intrinsic) ? intrinsic : CW_INTRINSIC_COUNT;
}

bool cw_vector_never_waits(LLVMValueRef kernel) {
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(kernel); block; block = LLVMGetNextBasicBlock(block))
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i))
            if (waiting_intrinsic(i) != CW_INTRINSIC_COUNT) return false;
    return true;
}

bool cw_vector_can_return(LLVMValueRef kernel) {
    LLVMValueRef id = NULL;
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(kernel); block; block = LLVMGetNextBasicBlock(block))
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i)) {
            enum cw_intrinsic intrinsic = waiting_intrinsic(i);
            if (intrinsic == CW_INTRINSIC_COUNT) continue;
            if (!cw_vector_is_barrier(intrinsic)) return false;
            LLVMValueRef zero = LLVMConstNull(LLVMTypeOf(LLVMGetOperand(i, 0))), own = zero;
            if (intrinsic == CW_INTRINSIC_BARRIER) {
                own = LLVMGetOperand(i, 0);
                if (!LLVMIsAConstantInt(own) || !LLVMIsNull(LLVMGetOperand(i, 1))) return false;
            }
            if (id && id != own) return false;
            id = own;
        }
    return true;
}

static void init(struct cw_vector *v) {
    LLVMContextRef context = v->context = LLVMGetModuleContext(v->llvm);
    v->builder = LLVMCreateBuilderInContext(context);
    v->allocas = LLVMCreateBuilderInContext(context);
    v->i1 = LLVMInt1TypeInContext(context);
    v->i8 = LLVMInt8TypeInContext(context);
    v->i32 = LLVMInt32TypeInContext(context);
    v->i64 = LLVMInt64TypeInContext(context);
    v->pointer = LLVMPointerTypeInContext(context, 0);
    unsigned params = LLVMCountParams(v->function);
    if (v->plan->waits == CW_VECTOR_RETURNS) {
        v->frame = LLVMGetParam(v->function, params - 3);
        v->state = LLVMGetParam(v->function, params - 2);
        v->votes = LLVMGetParam(v->function, params - 1);
        params -= 3;
    }
    v->parts = v->plan->parts ? v->plan->parts : 1;
    v->together = CW_CFG_NONE;
    v->of_part[0].first = LLVMGetParam(v->function, params - 4);
    v->of_part[0].x = LLVMGetParam(v->function, params - 3);
    if (v->plan->one_row) v->of_part[0].x = LLVMConstNull(v->i32);
    v->of_part[0].y = LLVMGetParam(v->function, params - 2);
    v->of_part[0].z = LLVMGetParam(v->function, params - 1);
    cw_vector_set_part(v, 0);
}

static void build_facts(struct cw_vector *v) {
    cw_cfg_build(&v->cfg, v->function);
    v->blocks = cw_alloc_array(v->cfg.count, sizeof *v->blocks);
    v->loops = cw_alloc_array(v->cfg.loop_count + 1, sizeof *v->loops);
    collect_values(v);
    cw_vector_place_arrays(v);
}

static void fini(struct cw_vector *v) {
    for (uint32_t l = 0; l < v->cfg.loop_count && v->loops; l++) {
        free(v->loops[l].exits);
        free(v->loops[l].unwrapped);
        free(v->loops[l].outer);
    }
    for (uint32_t n = 0; n < v->node_count; n++) free(v->nodes[n].deferred);
    if (v->cfg.blocks) cw_cfg_fini(&v->cfg);
    free(v->immediate_post_dominator);
    free(v->blocks);
    free(v->loops);
    free(v->nodes);
    free(v->values);
    free(v->table);
    free(v->wait_list);
    LLVMDisposeBuilder(v->builder);
    LLVMDisposeBuilder(v->allocas);
}

static void analyse(struct cw_vector *v, struct cw_vector_needs *needs) {
    needs->stream_bytes = 0;
    needs->stream_loops = false;
    build_facts(v);
    cw_vector_choose_streams(v, needs);
    cw_vector_analyse(v);
    if (!v->failed) cw_vector_check(v);
    if (!v->failed) cw_vector_schedule(v);
}

/* What one part comes to, about, in instructions: accesses to places apart that no machine gathers, and
 * atomics, are as many as there are lanes. */
static unsigned length(struct cw_vector *v) {
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(v->llvm);
    unsigned count = 0;
    for (uint32_t b = 0; b < v->cfg.count; b++)
        for (LLVMValueRef i = LLVMGetFirstInstruction(v->cfg.blocks[b]); i; i = LLVMGetNextInstruction(i)) {
            count++;
            if (LLVMIsAAtomicRMWInst(i) && !cw_is_uniform(v, LLVMGetOperand(i, 0))) count += LANE_INSTRUCTIONS * v->plan->lanes;
            LLVMValueRef pointer = LLVMIsALoadInst(i) ? LLVMGetOperand(i, 0) : LLVMIsAStoreInst(i) ? LLVMGetOperand(i, 1) : NULL;
            if (!pointer || cw_vector_shape(v, pointer).kind != CW_SHAPE_VARYING) continue;
            LLVMTypeRef type = LLVMIsALoadInst(i) ? LLVMTypeOf(i) : LLVMTypeOf(LLVMGetOperand(i, 0));
            count += LLVMStoreSizeOfType(layout, type) < 4 ? LANE_INSTRUCTIONS * v->plan->lanes : GATHER_INSTRUCTIONS;
        }
    return count;
}

/* The choice of parts saw loops that are copied out only now, and no shapes. What all parts together come to is bounded: code generation
 * takes more than twice as long for blocks twice as long. */
static void reduce_parts(struct cw_vector *v, struct cw_vector_needs *needs) {
    unsigned parts = v->parts, each = v->failed || parts == 1 ? 0 : length(v);
    while (parts > 1 && each * parts > INSTRUCTIONS_MAX) parts /= 2;
    if (parts == v->parts) return;
    struct cw_vector again = {.llvm = v->llvm, .function = v->function, .reach = v->reach, .plan = v->plan, .why = v->why};
    fini(v);
    *v = again;
    init(v);
    v->parts = parts;
    analyse(v, needs);
}

bool cw_pass_vectorise(LLVMModuleRef llvm, LLVMValueRef function, const struct cw_reach *reach, const struct cw_vector_plan *plan,
                       struct cw_vector_needs *needs, struct cw_text *why) {
    struct cw_vector v = {.llvm = llvm, .function = function, .reach = reach, .plan = plan, .why = why};
    init(&v);
    if (cw_vector_prepare(&v, needs)) {
        analyse(&v, needs);
        reduce_parts(&v, needs);
        needs->parts = v.parts;
        if (!v.failed) cw_vector_emit(&v);
        if (!v.failed) cw_vector_tidy(&v);
        needs->frame_bytes = (uint32_t)v.frame_bytes;
        needs->streamed = v.streamed;
    }
    fini(&v);
    return !v.failed;
}
