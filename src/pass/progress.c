/* SPDX-License-Identifier: Apache-2.0 */
/*
 * progress.c: places where a thread must let others run, for targets that run the threads of a warp one after another.
 *
 * Two habits of CUDA code need it (CUDA C++ Programming Guide "Independent Thread Scheduling" guarantees the second, and
 * code written before Volta relies on the first):
 *  - Warp-synchronous code without __syncwarp: lanes exchange values through `volatile` memory and rely on running in
 *    lockstep. A yield between two volatile accesses makes the lanes of a warp take turns. It is needed only where at
 *    least one of the two is a store and no barrier stands between them: loads may follow loads in any order, and behind
 *    a barrier all lanes begin anew. A forward data-flow analysis finds what a thread has accessed since it last let the
 *    others catch up.
 *  - Polling: a loop whose exit depends on a volatile load or an atomic waits for a store of another thread. A poll on
 *    its back edge lets that thread run. A fence in the loop makes every load one that others may decide. A branch on
 *    such a value that doesn't leave the loop counts only if it may decide what the exits see. A compare-and-exchange
 *    that is tried again with the value that it found waits for nobody: it fails only when another thread has got ahead. That
 *    holds for the loop whose turns are the tries; one around it that the same success ends may go round for another reason.
 *  - Waiting by the clock: on hardware all resident threads wait at the same time. A sleep of no length on the back edge
 *    lets the others begin to wait too, so that a grid of such threads takes a wait for each round of resident blocks.
 */
#include "pass/cfg.h"
#include "pass/pass.h"

#include <stdlib.h>
#include <string.h>

static LLVMValueRef declare_void(LLVMModuleRef llvm, const char *name) {
    LLVMValueRef function = LLVMGetNamedFunction(llvm, name);
    if (function) return function;
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    function = LLVMAddFunction(llvm, name, LLVMFunctionType(LLVMVoidTypeInContext(context), NULL, 0, 0));
    cw_add_attribute(function, "nounwind", 0);
    return function;
}

static void call_before(LLVMBuilderRef builder, LLVMValueRef function, LLVMValueRef instruction) {
    LLVMPositionBuilderBefore(builder, instruction);
    LLVMBuildCall2(builder, LLVMGlobalGetValueType(function), function, NULL, 0, "");
}

static bool is_private(LLVMValueRef pointer) {
    while (LLVMIsAGetElementPtrInst(pointer) || LLVMIsACastInst(pointer)) pointer = LLVMGetOperand(pointer, 0);
    return LLVMIsAAllocaInst(pointer) != NULL;
}

static LLVMValueRef memory_operand(LLVMValueRef instruction) {
    switch (LLVMGetInstructionOpcode(instruction)) {
    case LLVMLoad: return LLVMGetOperand(instruction, 0);
    case LLVMStore: return LLVMGetOperand(instruction, 1);
    default: return NULL;
    }
}

/* What a thread may have done since the lanes of its warp were last together: a set. */
enum { SEEN_LOAD = 1, SEEN_STORE = 2 };

/* Barriers bring the lanes together; calls of functions may do anything. */
static unsigned after_call(LLVMValueRef call, unsigned seen) {
    LLVMValueRef callee = cw_called_function(call);
    if (!callee) return LLVMIsAInlineAsm(LLVMGetCalledValue(call)) ? seen : SEEN_LOAD | SEEN_STORE;
    if (!cw_is_declaration(callee)) return SEEN_LOAD | SEEN_STORE;
    switch (cw_called_intrinsic(call)) {
    case CW_INTRINSIC_BARRIER:
    case CW_INTRINSIC_BARRIER_WAIT:
    case CW_INTRINSIC_CLUSTER_WAIT:
    case CW_INTRINSIC_BARRIER_POPC:
    case CW_INTRINSIC_BARRIER_AND:
    case CW_INTRINSIC_BARRIER_OR:
    case CW_INTRINSIC_WARP_SYNC: return 0;
    default: return seen;
    }
}

/* The state behind a block that begins with `seen`. With `yield`, puts calls of it where they are needed. */
static unsigned walk_block(LLVMBasicBlockRef block, unsigned seen, LLVMBuilderRef builder, LLVMValueRef yield, bool *progress) {
    for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i)) {
        if (LLVMIsACallInst(i)) seen = after_call(i, seen);
        LLVMValueRef pointer = memory_operand(i);
        if (!pointer || !LLVMGetVolatile(i) || is_private(pointer)) continue;
        bool is_store = LLVMIsAStoreInst(i) != NULL;
        if (yield && (is_store ? seen != 0 : (seen & SEEN_STORE) != 0)) {
            call_before(builder, yield, i);
            *progress = true;
        }
        /* Without a yield only loads were seen before this load, or nothing before this store. */
        seen = is_store ? SEEN_STORE : SEEN_LOAD;
    }
    return seen;
}

static bool has_volatile_access(LLVMValueRef function) {
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function); block; block = LLVMGetNextBasicBlock(block))
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i))
            if (memory_operand(i) && LLVMGetVolatile(i)) return true;
    return false;
}

static bool yield_function(LLVMModuleRef llvm, LLVMBuilderRef builder, LLVMValueRef function) {
    struct cw_cfg cfg;
    cw_cfg_build(&cfg, function);
    unsigned *before = cw_alloc_array(cfg.count, sizeof *before);
    before[0] = cw_is_kernel(function) ? 0 : SEEN_LOAD | SEEN_STORE;
    for (bool changed = true; changed;) {
        changed = false;
        for (uint32_t b = 0; b < cfg.count; b++) {
            unsigned after = walk_block(cfg.blocks[b], before[b], NULL, NULL, NULL);
            LLVMValueRef terminator = LLVMGetBasicBlockTerminator(cfg.blocks[b]);
            unsigned successors = LLVMGetNumSuccessors(terminator);
            for (unsigned s = 0; s < successors; s++) {
                uint32_t to = cw_cfg_index(&cfg, LLVMGetSuccessor(terminator, s));
                changed |= (before[to] | after) != before[to];
                before[to] |= after;
            }
        }
    }
    bool progress = false;
    LLVMValueRef yield = declare_void(llvm, cw_intrinsics[CW_INTRINSIC_YIELD].text);
    for (uint32_t b = 0; b < cfg.count; b++) walk_block(cfg.blocks[b], before[b], builder, yield, &progress);
    free(before);
    cw_cfg_fini(&cfg);
    return progress;
}

bool cw_pass_yield(LLVMModuleRef llvm) {
    bool progress = false;
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(LLVMGetModuleContext(llvm));
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f))
        if (!cw_is_declaration(f) && has_volatile_access(f)) progress |= yield_function(llvm, builder, f);
    LLVMDisposeBuilder(builder);
    return progress;
}

/* Values that a search has met. Loops are small, so a list serves. */
struct worklist {
    LLVMValueRef *values;
    size_t count, capacity;
};

static void push(struct worklist *list, LLVMValueRef value) {
    for (size_t i = 0; i < list->count; i++)
        if (list->values[i] == value) return;
    list->values = cw_grow(list->values, list->count, &list->capacity, sizeof *list->values);
    list->values[list->count++] = value;
}

/* How many instructions of functions that stayed calls are looked at before anything is taken for possible. */
#define CALLEE_BUDGET 10000u

static bool waits_inside(LLVMValueRef function, bool fenced, unsigned *budget);

/* True if other threads decide what `value` is. A call to a function that stayed a call may hide an atomic. */
static bool is_foreign(LLVMValueRef value, bool fenced, unsigned *budget) {
    switch (LLVMGetInstructionOpcode(value)) {
    case LLVMAtomicRMW:
    case LLVMAtomicCmpXchg: return true;
    case LLVMLoad:
        return LLVMGetVolatile(value) || LLVMGetOrdering(value) != LLVMAtomicOrderingNotAtomic ||
               (fenced && !is_private(LLVMGetOperand(value, 0)));
    case LLVMCall: {
        LLVMValueRef callee = cw_called_function(value);
        if (!callee) return !LLVMIsAInlineAsm(LLVMGetCalledValue(value));
        return !cw_is_declaration(callee) && waits_inside(callee, fenced, budget);
    }
    default: return false;
    }
}

/* True if what other threads do may decide what `function` returns. */
static bool waits_inside(LLVMValueRef function, bool fenced, unsigned *budget) {
    for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(function); b; b = LLVMGetNextBasicBlock(b)) {
        for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i)) {
            if (*budget == 0) return true;
            --*budget;
            bool to_itself = LLVMIsACallInst(i) && cw_called_function(i) == function;
            if (LLVMGetInstructionOpcode(i) == LLVMFence || (!to_itself && is_foreign(i, fenced, budget))) return true;
        }
    }
    return false;
}

static LLVMValueRef without_casts(LLVMValueRef value) {
    while (LLVMIsACastInst(value)) value = LLVMGetOperand(value, 0);
    return value;
}

/* The compare-and-exchange that found `value`, or NULL. `member`: 0 for what was found, 1 for whether it succeeded. */
static LLVMValueRef exchange_of(LLVMValueRef value, unsigned member) {
    value = without_casts(value);
    if (!LLVMIsAExtractValueInst(value) || LLVMGetIndices(value)[0] != member) return NULL;
    LLVMValueRef exchange = LLVMGetOperand(value, 0);
    return LLVMIsAAtomicCmpXchgInst(exchange) ? exchange : NULL;
}

/* True if `exchange` expects what it found the turn before, a turn of the loop with `header` unless that is NULL. */
static bool is_retry(LLVMValueRef exchange, LLVMBasicBlockRef header) {
    LLVMValueRef expected = without_casts(LLVMGetOperand(exchange, 1));
    if (!LLVMIsAPHINode(expected) || (header && LLVMGetInstructionParent(expected) != header)) return false;
    for (unsigned i = 0; i < LLVMCountIncoming(expected); i++)
        if (exchange_of(LLVMGetIncomingValue(expected, i), 0) == exchange) return true;
    return false;
}

/* True if `condition` says whether a compare-and-exchange that is tried again has succeeded, and nothing else. */
static bool ends_retry(LLVMValueRef condition, LLVMBasicBlockRef header) {
    LLVMValueRef exchange = exchange_of(condition, 1);
    if (exchange) return is_retry(exchange, header);
    if (!LLVMIsAICmpInst(condition)) return false;
    LLVMIntPredicate predicate = LLVMGetICmpPredicate(condition);
    if (predicate != LLVMIntEQ && predicate != LLVMIntNE) return false;
    for (unsigned side = 0; side < 2; side++) {
        exchange = exchange_of(LLVMGetOperand(condition, side), 0);
        if (exchange && is_retry(exchange, header) &&
            without_casts(LLVMGetOperand(condition, 1 - side)) == without_casts(LLVMGetOperand(exchange, 1)))
            return true;
    }
    return false;
}

static bool has_fence(const struct cw_cfg *cfg, const struct cw_loop *loop) {
    for (uint32_t b = 0; b < cfg->count; b++) {
        if (!loop->contains[b]) continue;
        for (LLVMValueRef i = LLVMGetFirstInstruction(cfg->blocks[b]); i; i = LLVMGetNextInstruction(i))
            if (LLVMGetInstructionOpcode(i) == LLVMFence) return true;
    }
    return false;
}

/* What a condition is computed from, inside the loop: a set. */
enum {
    FROM_OTHERS = 1, /* what other threads store */
    FROM_BRANCHES = 2, /* values that branches inside the loop choose or may have stored */
    FROM_CLOCK = 4,    /* what time it is */
};

/* A phi that only goes on from turn to turn: no branch inside the loop chooses between its values. */
static bool is_induction(const struct cw_cfg *cfg, const struct cw_loop *loop, LLVMValueRef phi) {
    unsigned inside = 0;
    if (cw_cfg_index(cfg, LLVMGetInstructionParent(phi)) != loop->header) return false;
    for (unsigned i = 0; i < LLVMCountIncoming(phi); i++) {
        uint32_t from = cw_cfg_index(cfg, LLVMGetIncomingBlock(phi, i));
        inside += from != CW_CFG_NONE && loop->contains[from];
    }
    return inside <= 1;
}

/* True if what `value` is may depend on memory, which a branch inside the loop may have written. */
static bool looks_at_memory(LLVMValueRef value) {
    if (!LLVMIsACallInst(value)) return LLVMIsALoadInst(value) != NULL;
    LLVMValueRef callee = cw_called_function(value);
    if (!callee || !cw_is_declaration(callee)) return true;
    enum cw_intrinsic intrinsic = cw_called_intrinsic(value);
    if (intrinsic == CW_INTRINSIC_COUNT) return LLVMGetIntrinsicID(callee) == 0;
    return !(cw_intrinsics[intrinsic].effects & CW_EFFECT_PURE);
}

static bool is_clock(LLVMValueRef value) {
    enum cw_intrinsic intrinsic = LLVMIsACallInst(value) ? cw_called_intrinsic(value) : CW_INTRINSIC_COUNT;
    return intrinsic == CW_INTRINSIC_CLOCK || intrinsic == CW_INTRINSIC_CLOCK64 || intrinsic == CW_INTRINSIC_GLOBALTIMER;
}

static unsigned sources_of(const struct cw_cfg *cfg, const struct cw_loop *loop, bool fenced, LLVMValueRef condition, bool leaving) {
    struct worklist list = {0};
    unsigned sources = 0, budget = CALLEE_BUDGET;
    if (ends_retry(condition, leaving ? cfg->blocks[loop->header] : NULL)) return 0;
    push(&list, condition);
    for (size_t at = 0; at < list.count && !(sources & FROM_OTHERS); at++) {
        LLVMValueRef value = list.values[at];
        if (!LLVMIsAInstruction(value)) continue;
        uint32_t block = cw_cfg_index(cfg, LLVMGetInstructionParent(value));
        if (block == CW_CFG_NONE || !loop->contains[block]) continue;
        if (is_foreign(value, fenced, &budget)) sources |= FROM_OTHERS;
        if (is_clock(value)) sources |= FROM_CLOCK;
        if (LLVMIsAPHINode(value) ? !is_induction(cfg, loop, value) : looks_at_memory(value)) sources |= FROM_BRANCHES;
        int operands = LLVMGetNumOperands(value);
        for (int i = 0; i < operands; i++) push(&list, LLVMGetOperand(value, (unsigned)i));
    }
    free(list.values);
    return sources;
}

static LLVMValueRef branch_condition(LLVMValueRef terminator) {
    if (LLVMIsASwitchInst(terminator)) return LLVMGetOperand(terminator, 0);
    return LLVMIsABranchInst(terminator) && LLVMIsConditional(terminator) ? LLVMGetCondition(terminator) : NULL;
}

static bool leaves(const struct cw_cfg *cfg, const struct cw_loop *loop, LLVMValueRef terminator) {
    unsigned successors = LLVMGetNumSuccessors(terminator);
    for (unsigned s = 0; s < successors; s++) {
        uint32_t to = cw_cfg_index(cfg, LLVMGetSuccessor(terminator, s));
        if (to == CW_CFG_NONE || !loop->contains[to]) return true;
    }
    return false;
}

/* Who decides when a loop ends. */
enum wait { WAIT_NONE, WAIT_CLOCK, WAIT_OTHERS };

/* Other threads do if the loop's exits look at what they store, or at what was chosen by a branch that does. */
static enum wait waits_for(const struct cw_cfg *cfg, uint32_t l) {
    const struct cw_loop *loop = &cfg->loops[l];
    const bool fenced = has_fence(cfg, loop);
    unsigned exits = 0, inside = 0;
    for (uint32_t b = 0; b < cfg->count && !(exits & FROM_OTHERS); b++) {
        if (!loop->contains[b]) continue;
        LLVMValueRef terminator = LLVMGetBasicBlockTerminator(cfg->blocks[b]);
        LLVMValueRef condition = branch_condition(terminator);
        /* What goes on in a loop inside of this one is seen where that loop is left. */
        const uint32_t own = cfg->innermost_loop[b];
        if (!condition || (own != l && !leaves(cfg, &cfg->loops[own], terminator))) continue;
        bool leaving = leaves(cfg, loop, terminator);
        *(leaving ? &exits : &inside) |= sources_of(cfg, loop, fenced, condition, leaving);
    }
    if ((exits & FROM_OTHERS) || ((exits & FROM_BRANCHES) && (inside & FROM_OTHERS))) return WAIT_OTHERS;
    return exits & FROM_CLOCK ? WAIT_CLOCK : WAIT_NONE;
}

static void call_on_back_edges(const struct cw_cfg *cfg, const struct cw_loop *loop, LLVMBuilderRef builder, LLVMValueRef function,
                               LLVMValueRef *arguments, unsigned count) {
    for (uint32_t b = 0; b < cfg->count; b++) {
        LLVMValueRef terminator = LLVMGetBasicBlockTerminator(cfg->blocks[b]);
        unsigned successors = LLVMGetNumSuccessors(terminator);
        bool is_latch = false;
        for (unsigned s = 0; s < successors; s++)
            is_latch |= loop->contains[b] && cw_cfg_index(cfg, LLVMGetSuccessor(terminator, s)) == loop->header;
        if (!is_latch) continue;
        LLVMPositionBuilderBefore(builder, terminator);
        LLVMBuildCall2(builder, LLVMGlobalGetValueType(function), function, arguments, count, "");
    }
}

static LLVMValueRef declare_sleep(LLVMModuleRef llvm) {
    const char *name = cw_intrinsics[CW_INTRINSIC_NANOSLEEP].text;
    LLVMValueRef function = LLVMGetNamedFunction(llvm, name);
    if (function) return function;
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    LLVMTypeRef i32 = LLVMInt32TypeInContext(context);
    function = LLVMAddFunction(llvm, name, LLVMFunctionType(LLVMVoidTypeInContext(context), &i32, 1, 0));
    cw_add_attribute(function, "nounwind", 0);
    return function;
}

static bool poll_function(LLVMModuleRef llvm, LLVMBuilderRef builder, LLVMValueRef function) {
    struct cw_cfg cfg;
    cw_cfg_build(&cfg, function);
    bool progress = false;
    for (uint32_t l = 0; l < cfg.loop_count; l++) {
        enum wait wait = waits_for(&cfg, l);
        if (wait == WAIT_OTHERS)
            call_on_back_edges(&cfg, &cfg.loops[l], builder, declare_void(llvm, cw_intrinsics[CW_INTRINSIC_POLL].text), NULL, 0);
        if (wait == WAIT_CLOCK) {
            LLVMValueRef none = LLVMConstNull(LLVMInt32TypeInContext(LLVMGetModuleContext(llvm)));
            call_on_back_edges(&cfg, &cfg.loops[l], builder, declare_sleep(llvm), &none, 1);
        }
        progress |= wait != WAIT_NONE;
    }
    cw_cfg_fini(&cfg);
    return progress;
}

bool cw_pass_poll(LLVMModuleRef llvm) {
    bool progress = false;
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(LLVMGetModuleContext(llvm));
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f))
        if (!cw_is_declaration(f)) progress |= poll_function(llvm, builder, f);
    LLVMDisposeBuilder(builder);
    return progress;
}
