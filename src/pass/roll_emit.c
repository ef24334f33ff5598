/* SPDX-License-Identifier: Apache-2.0 */
/* roll_emit.c: families become loops over columns; see roll.h. */
#include <llvm-c/DebugInfo.h>
#include <stdlib.h>

#include "pass/roll.h"

struct emission {
    struct cw_roll *r;
    LLVMContextRef context;
    LLVMBuilderRef builder;
    LLVMTypeRef i8, i64;
    LLVMValueRef *columns; /* by web */
    LLVMValueRef *lasts;   /* by unit: its last instruction */
    uint32_t *places;      /* by family */
    LLVMBasicBlockRef head, body, tail;
    LLVMValueRef element; /* its number, in the loop */
};

static LLVMValueRef number(const struct emission *e, int64_t value) {
    return LLVMConstInt(e->i64, (uint64_t)value, 1);
}

/* ---- Columns ---- */

static void make_column(struct emission *e, const struct cw_roll_family *f) {
    if (e->columns[f->web]) return;
    LLVMBasicBlockRef entry = LLVMGetEntryBasicBlock(e->r->function);
    LLVMPositionBuilderBefore(e->builder, LLVMGetFirstInstruction(entry));
    LLVMTypeRef type = LLVMArrayType2(f->type, e->r->size);
    e->columns[f->web] = LLVMBuildAlloca(e->builder, type, "");
}

static LLVMValueRef place_in_column(struct emission *e, const struct cw_roll_family *f) {
    LLVMValueRef index = e->element;
    return LLVMBuildInBoundsGEP2(e->builder, f->type, e->columns[f->web], &index, 1, "");
}

static LLVMValueRef load_column(struct emission *e, const struct cw_roll_family *f) {
    return LLVMBuildLoad2(e->builder, f->type, place_in_column(e, f), "");
}

/* ---- A loop in the middle of a block ---- */

static LLVMValueRef way_to(LLVMBasicBlockRef block) {
    for (LLVMUseRef use = LLVMGetFirstUse(LLVMBasicBlockAsValue(block)); use; use = LLVMGetNextUse(use))
        if (LLVMIsATerminatorInst(LLVMGetUser(use))) return LLVMGetUser(use);
    return NULL;
}

static void enter_instead(LLVMBasicBlockRef block, LLVMBasicBlockRef head) {
    for (LLVMValueRef end = way_to(block); end; end = way_to(block))
        for (unsigned s = 0; s < LLVMGetNumSuccessors(end); s++)
            if (LLVMGetSuccessor(end, s) == block) LLVMSetSuccessor(end, s, head);
}

/* What stands before `i` goes to a block before i's, which keeps its end, so that the phis behind it need no change. Between the two comes
 * the loop. */
static void begin_loop(struct emission *e, LLVMValueRef i) {
    e->tail = LLVMGetInstructionParent(i);
    e->head = LLVMInsertBasicBlockInContext(e->context, e->tail, "");
    e->body = LLVMInsertBasicBlockInContext(e->context, e->tail, "rolled");
    enter_instead(e->tail, e->head);
    LLVMPositionBuilderAtEnd(e->builder, e->head);
    for (LLVMValueRef moved = LLVMGetFirstInstruction(e->tail), next; moved != i; moved = next) {
        next = LLVMGetNextInstruction(moved);
        LLVMMetadataRef line = LLVMInstructionGetDebugLoc(moved);
        LLVMInstructionRemoveFromParent(moved);
        LLVMInsertIntoBuilder(e->builder, moved);
        LLVMInstructionSetDebugLoc(moved, line);
    }
    LLVMSetCurrentDebugLocation2(e->builder, LLVMInstructionGetDebugLoc(i));
    LLVMBuildBr(e->builder, e->body);
    LLVMPositionBuilderAtEnd(e->builder, e->body);
    e->element = LLVMBuildPhi(e->builder, e->i64, "");
}

static void end_loop(struct emission *e) {
    LLVMValueRef next = LLVMBuildNUWAdd(e->builder, e->element, number(e, 1), "");
    LLVMValueRef values[2] = {number(e, 0), next};
    LLVMBasicBlockRef blocks[2] = {e->head, e->body};
    LLVMAddIncoming(e->element, values, blocks, 2);
    LLVMValueRef done = LLVMBuildICmp(e->builder, LLVMIntEQ, next, number(e, e->r->size), "");
    LLVMBuildCondBr(e->builder, done, e->tail, e->body);
}

/* ---- Units ---- */

/* Where things stand before anything is moved: the families' first elements, counted from the block's beginning, and the units' ends. */
static void find_places(struct emission *e) {
    struct cw_roll *r = e->r;
    for (uint32_t n = 0; n < r->family_count; n++) {
        const struct cw_roll_family *f = &r->families[n];
        if (!f->live || f->opcode == LLVMPHI) continue;
        uint32_t place = 0;
        for (LLVMValueRef i = LLVMGetFirstInstruction(f->block); i; i = LLVMGetNextInstruction(i), place++) {
            const struct cw_roll_member *member = cw_roll_find(r, i);
            if (i == f->list[0]) e->places[n] = place;
            if (member && r->families[member->family].live && r->families[member->family].unit == f->unit) e->lasts[f->unit] = i;
        }
    }
}

/* The unit's families in the order of their first elements. */
static uint32_t order(const struct emission *e, uint32_t unit, uint32_t *list) {
    const struct cw_roll *r = e->r;
    uint32_t count = 0;
    for (uint32_t n = 0; n < r->family_count; n++) {
        if (!r->families[n].live || r->families[n].unit != unit) continue;
        uint32_t k = count++;
        for (; k > 0 && e->places[list[k - 1]] > e->places[n]; k--) list[k] = list[k - 1];
        list[k] = n;
    }
    return count;
}

static LLVMValueRef address(struct emission *e, const struct cw_roll_family *f) {
    LLVMValueRef offset = LLVMBuildMul(e->builder, e->element, number(e, f->step), "");
    if (f->offset) offset = LLVMBuildAdd(e->builder, offset, number(e, f->offset), "");
    return LLVMBuildGEP2(e->builder, e->i8, f->base, &offset, 1, "");
}

static unsigned least_alignment(const struct cw_roll *r, const struct cw_roll_family *f) {
    unsigned least = LLVMGetAlignment(f->list[0]);
    for (unsigned k = 1; k < r->size; k++)
        if (LLVMGetAlignment(f->list[k]) < least) least = LLVMGetAlignment(f->list[k]);
    return least;
}

static void make_access(struct emission *e, struct cw_roll_family *f, LLVMValueRef *operands) {
    LLVMValueRef where = address(e, f);
    if (f->opcode == LLVMLoad) f->made = LLVMBuildLoad2(e->builder, f->type, where, "");
    else f->made = LLVMBuildStore(e->builder, operands[0], where);
    LLVMSetAlignment(f->made, least_alignment(e->r, f));
}

/* What is known of element 0 alone, that a sum doesn't wrap around say, isn't of all. */
static void forget_flags(LLVMValueRef i) {
    switch (LLVMGetInstructionOpcode(i)) {
    case LLVMAdd:
    case LLVMSub:
    case LLVMMul:
    case LLVMShl:
    case LLVMTrunc:
        LLVMSetNSW(i, 0);
        LLVMSetNUW(i, 0);
        break;
    case LLVMUDiv:
    case LLVMSDiv:
    case LLVMLShr:
    case LLVMAShr: LLVMSetExact(i, 0); break;
    case LLVMZExt:
    case LLVMUIToFP: LLVMSetNNeg(i, 0); break;
    case LLVMOr: LLVMSetIsDisjoint(i, 0); break;
    case LLVMICmp: LLVMSetICmpSameSign(i, 0); break;
    default: break;
    }
}

static void make(struct emission *e, struct cw_roll_family *f, LLVMValueRef previous) {
    LLVMValueRef operands[CW_ROLL_OPERANDS_MAX];
    for (unsigned k = 0; k < f->operand_count; k++) {
        const struct cw_roll_operand *operand = &f->operands[k];
        const struct cw_roll_family *from = operand->relation == CW_ROLL_COLUMN ? &e->r->families[operand->from] : NULL;
        if (operand->relation == CW_ROLL_SAME) operands[k] = LLVMGetOperand(f->list[0], k);
        else if (!from) operands[k] = previous;
        else operands[k] = from->unit == f->unit ? from->made : load_column(e, from);
    }
    LLVMSetCurrentDebugLocation2(e->builder, LLVMInstructionGetDebugLoc(f->list[0]));
    if (cw_roll_is_memory(f)) {
        make_access(e, f, operands);
        return;
    }
    f->made = LLVMInstructionClone(f->list[0]);
    for (unsigned k = 0; k < f->operand_count; k++) LLVMSetOperand(f->made, k, operands[k]);
    forget_flags(f->made);
    LLVMInsertIntoBuilder(e->builder, f->made);
}

/* Sums start with what element 0 adds to. */
static LLVMValueRef begin_chain(struct emission *e, const struct cw_roll_family *f) {
    for (unsigned k = 0; k < f->operand_count; k++) {
        if (f->operands[k].relation != CW_ROLL_PREVIOUS) continue;
        LLVMValueRef phi = LLVMBuildPhi(e->builder, f->type, ""), start = LLVMGetOperand(f->list[0], k);
        LLVMAddIncoming(phi, &start, &e->head, 1);
        return phi;
    }
    return NULL;
}

static void remove_unit(struct cw_roll *r, uint32_t unit) {
    for (unsigned pass = 0; pass < 2; pass++)
        for (uint32_t n = 0; n < r->family_count; n++) {
            const struct cw_roll_family *f = &r->families[n];
            if (!f->live || f->unit != unit) continue;
            for (unsigned k = 0; k < r->size; k++) {
                if (pass == 1) LLVMInstructionEraseFromParent(f->list[k]);
                else if (f->opcode != LLVMStore) LLVMReplaceAllUsesWith(f->list[k], LLVMGetPoison(f->type));
            }
        }
}

static void emit_unit(struct emission *e, uint32_t unit) {
    struct cw_roll *r = e->r;
    if (!e->lasts[unit]) return;
    uint32_t *list = cw_alloc_array(r->family_count + 1, sizeof *list), count;
    LLVMValueRef *chains = cw_alloc_array(r->family_count + 1, sizeof *chains);
    count = order(e, unit, list);
    begin_loop(e, LLVMGetNextInstruction(e->lasts[unit]));
    for (uint32_t n = 0; n < count; n++) chains[n] = begin_chain(e, &r->families[list[n]]);
    for (uint32_t n = 0; n < count; n++) make(e, &r->families[list[n]], chains[n]);
    for (uint32_t n = 0; n < count; n++) {
        struct cw_roll_family *f = &r->families[list[n]];
        if (f->stored) LLVMBuildStore(e->builder, f->made, place_in_column(e, f));
        if (!chains[n]) continue;
        LLVMAddIncoming(chains[n], &f->made, &e->body, 1);
        LLVMReplaceAllUsesWith(f->list[r->size - 1], f->made);
    }
    end_loop(e);
    remove_unit(r, unit);
    free(list);
    free(chains);
}

/* ---- Phis ---- */

static void emit_phi(struct emission *e, struct cw_roll_family *f) {
    for (unsigned k = 0; k < f->operand_count; k++) {
        if (f->operands[k].relation != CW_ROLL_SAME) continue;
        LLVMValueRef value = cw_roll_operand(f, 0, k);
        begin_loop(e, LLVMGetBasicBlockTerminator(LLVMGetIncomingBlock(f->list[0], k)));
        LLVMBuildStore(e->builder, value, place_in_column(e, f));
        end_loop(e);
    }
}

static void remove_phis(struct cw_roll *r) {
    for (unsigned pass = 0; pass < 2; pass++)
        for (uint32_t n = 0; n < r->family_count; n++) {
            const struct cw_roll_family *f = &r->families[n];
            if (!f->live || f->opcode != LLVMPHI) continue;
            for (unsigned k = 0; k < r->size; k++) {
                if (pass == 1) LLVMInstructionEraseFromParent(f->list[k]);
                else LLVMReplaceAllUsesWith(f->list[k], LLVMGetPoison(f->type));
            }
        }
}

void cw_roll_emit(struct cw_roll *r) {
    struct emission e = {.r = r, .context = LLVMGetModuleContext(r->llvm)};
    e.builder = LLVMCreateBuilderInContext(e.context);
    e.i8 = LLVMInt8TypeInContext(e.context);
    e.i64 = LLVMInt64TypeInContext(e.context);
    e.columns = cw_alloc_array(r->web_count + 1, sizeof(LLVMValueRef));
    e.lasts = cw_alloc_array(r->unit_count + 1, sizeof(LLVMValueRef));
    e.places = cw_alloc_array(r->family_count + 1, sizeof *e.places);
    find_places(&e);
    for (uint32_t n = 0; n < r->family_count; n++)
        if (r->families[n].live && r->families[n].stored) make_column(&e, &r->families[n]);
    for (uint32_t n = 0; n < r->family_count; n++)
        if (r->families[n].live && r->families[n].opcode == LLVMPHI) emit_phi(&e, &r->families[n]);
    for (uint32_t unit = 0; unit < r->unit_count; unit++) emit_unit(&e, unit);
    remove_phis(r);
    free(e.columns);
    free(e.lasts);
    free(e.places);
    LLVMDisposeBuilder(e.builder);
}
