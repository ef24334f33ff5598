/* SPDX-License-Identifier: Apache-2.0 */
/*
 * indices.c: sums of 32 bits in addresses. Compilers write `data[row * n + threadIdx.x]` as a sum of 32 bits that is then sign-extended
 * and scaled; PTX's add wraps around, so that what follows sees no neighbours: between two threads the index may jump from 2^31 - 1
 * to -2^31. In C++ that can't happen, but PTX has lost the words to say so.
 *
 * Here it is said again, for addresses only: sext(rest + t) becomes sext(rest) + zext(t), where t is a small number that depends on the
 * thread (threadIdx, a lane, their low bits and multiples, below 2^16). The two differ where rest + t passes 2^31 - 1: then
 * the address lies 2^31 elements above the array's beginning instead of 2^31 below it, both of them outside of everything
 * that a program can have allocated unless it made an array of 2^32 elements and points into its middle. Values that are anything
 * but parts of addresses stay as they are, and so do unsigned indices, which wrap from below 0 in valid programs.
 *
 * Sums are followed through additions, selections and phis whose ways all have the same t; loops then count in `rest`, which is the
 * same for all threads of a row.
 */
#include <llvm-c/Core.h>
#include <llvm-c/DebugInfo.h>
#include <stdlib.h>
#include <string.h>

#include "frontend/ptx/lower/state.h"

#define TERMS_MAX 3u
#define SMALL_MAX 65535u
#define DEPTH_MAX 64u
#define RESTARTS_MAX 64u
#define FOLLOWED_MAX 256u
#define STEPS_MAX 200000u /* in one function; what takes more stays as it is */

/* What is small and depends on the thread, in a sum. `wild`: not known yet, in a cycle of phis. */
struct terms {
    LLVMValueRef list[TERMS_MAX];
    unsigned count;
    bool wild;
};

struct fact {
    LLVMValueRef value;
    struct terms terms;
    bool known, blocked; /* the second: a phi whose ways differ */
    LLVMValueRef rest;   /* when built */
};

struct indices {
    LLVMBuilderRef builder;
    LLVMTypeRef i32, i64;
    struct fact *facts;
    size_t count, capacity;
    bool again;
    uint32_t steps;
};

/* ---- Facts by value: open addressing ---- */

static struct fact *slot(struct fact *facts, size_t capacity, LLVMValueRef value) {
    size_t at = (size_t)(((uintptr_t)value >> 4) * UINT64_C(0x9e3779b97f4a7c15)) & (capacity - 1);
    while (facts[at].value && facts[at].value != value) at = (at + 1) & (capacity - 1);
    return &facts[at];
}

static struct fact *fact_of(struct indices *x, LLVMValueRef value) {
    if (x->count * 2 >= x->capacity) {
        size_t capacity = x->capacity ? x->capacity * 2 : 128;
        struct fact *facts = cw_alloc_array(capacity, sizeof *facts);
        for (size_t i = 0; i < x->capacity; i++)
            if (x->facts[i].value) *slot(facts, capacity, x->facts[i].value) = x->facts[i];
        free(x->facts);
        x->facts = facts;
        x->capacity = capacity;
    }
    struct fact *fact = slot(x->facts, x->capacity, value);
    if (!fact->value) {
        fact->value = value;
        x->count++;
    }
    return fact;
}

/* ---- Small numbers that depend on the thread ---- */

static LLVMOpcode opcode_of(LLVMValueRef value) {
    return LLVMIsAInstruction(value) ? LLVMGetInstructionOpcode(value) : (LLVMOpcode)0;
}

static LLVMValueRef operand(LLVMValueRef value, unsigned n) {
    return LLVMGetOperand(value, n);
}

static bool constant(LLVMValueRef value, uint64_t *number) {
    if (!LLVMIsAConstantInt(value) || LLVMGetIntTypeWidth(LLVMTypeOf(value)) > 64) return false;
    *number = LLVMConstIntGetZExtValue(value);
    return true;
}

/* The thread's own numbers (PTX ISA "%tid", "%laneid"). */
static uint64_t thread_bound(LLVMValueRef value) {
    if (!LLVMIsACallInst(value)) return UINT64_MAX;
    switch (cw_called_intrinsic(value)) {
    case CW_INTRINSIC_TID_X:
    case CW_INTRINSIC_TID_Y:
    case CW_INTRINSIC_TID_Z: return 1023;
    case CW_INTRINSIC_LANEID: return 31;
    default: return UINT64_MAX;
    }
}

/* The largest value that `value`, unsigned, can have, if it depends on the thread and is small; else UINT64_MAX. */
static uint64_t small_bound(LLVMValueRef value, unsigned depth) {
    uint64_t a, b, number;
    if (depth > 12) return UINT64_MAX;
    switch (opcode_of(value)) {
    case LLVMCall: return thread_bound(value);
    case LLVMAnd:
        if (!constant(operand(value, 1), &number)) return UINT64_MAX;
        a = small_bound(operand(value, 0), depth + 1);
        return a == UINT64_MAX ? a : a < number ? a : number;
    case LLVMLShr:
        if (!constant(operand(value, 1), &number) || number > 31) return UINT64_MAX;
        a = small_bound(operand(value, 0), depth + 1);
        return a == UINT64_MAX ? a : a >> number;
    case LLVMShl:
        if (!constant(operand(value, 1), &number) || number > 15) return UINT64_MAX;
        a = small_bound(operand(value, 0), depth + 1);
        return a > SMALL_MAX || a << number > SMALL_MAX ? UINT64_MAX : a << number;
    case LLVMMul:
        if (!constant(operand(value, 1), &number) || number > SMALL_MAX) return UINT64_MAX;
        a = small_bound(operand(value, 0), depth + 1);
        return a > SMALL_MAX || a * number > SMALL_MAX ? UINT64_MAX : a * number;
    case LLVMAdd:
    case LLVMOr:
        a = small_bound(operand(value, 0), depth + 1);
        if (!constant(operand(value, 1), &b)) b = small_bound(operand(value, 1), depth + 1);
        return a > SMALL_MAX || b > SMALL_MAX || a + b > SMALL_MAX ? UINT64_MAX : a + b;
    default: return UINT64_MAX;
    }
}

/* ---- The terms of a sum ---- */

static struct terms terms_of(struct indices *x, LLVMValueRef value, unsigned depth);

static bool equal(const struct terms *a, const struct terms *b) {
    bool same = a->count == b->count;
    for (unsigned i = 0; same && i < a->count; i++) {
        bool found = false;
        for (unsigned k = 0; k < b->count; k++) found |= a->list[i] == b->list[k];
        same = found;
    }
    return same;
}

static struct terms sum(struct terms a, struct terms b) {
    struct terms all = a;
    uint64_t bound = 0;
    all.wild = a.wild || b.wild;
    for (unsigned i = 0; i < b.count; i++) {
        if (all.count == TERMS_MAX) return (struct terms){.count = 0};
        all.list[all.count++] = b.list[i];
    }
    for (unsigned i = 0; i < all.count; i++) bound += small_bound(all.list[i], 0);
    return bound > SMALL_MAX ? (struct terms){.count = 0} : all;
}

/* True if no bit is set in both: a sum written as `or`. */
static bool disjoint(LLVMValueRef value) {
    for (unsigned n = 0; n < 2; n++) {
        uint64_t shift, bound = small_bound(operand(value, 1 - n), 0);
        if (opcode_of(operand(value, n)) == LLVMShl && constant(operand(operand(value, n), 1), &shift) && shift < 32 && bound >> shift == 0) return true;
    }
    return false;
}

/* All ways into a phi have the same terms, those of the first that is known; a way from the phi itself has them too. */
static struct terms phi_terms(struct indices *x, LLVMValueRef phi, unsigned depth) {
    struct terms first = {.wild = true};
    unsigned count = LLVMCountIncoming(phi);
    if (fact_of(x, phi)->blocked) return (struct terms){.count = 0};
    fact_of(x, phi)->known = true;
    fact_of(x, phi)->terms = first;
    for (unsigned i = 0; i < count && first.wild; i++) first = terms_of(x, LLVMGetIncomingValue(phi, i), depth + 1);
    if (first.wild) first = (struct terms){.count = 0};
    fact_of(x, phi)->terms = first;
    for (unsigned i = 0; i < count; i++) {
        struct terms other = terms_of(x, LLVMGetIncomingValue(phi, i), depth + 1);
        if (!other.wild && equal(&first, &other)) continue;
        fact_of(x, phi)->blocked = true;
        x->again = true;
        return (struct terms){.count = 0};
    }
    return first;
}

static struct terms compute(struct indices *x, LLVMValueRef value, unsigned depth) {
    struct terms none = {.count = 0};
    uint64_t bound = small_bound(value, 0);
    if (bound <= SMALL_MAX) return (struct terms){.list = {value}, .count = 1};
    switch (opcode_of(value)) {
    case LLVMOr:
        if (!disjoint(value)) return none;
        /* fall through */
    case LLVMAdd: return sum(terms_of(x, operand(value, 0), depth + 1), terms_of(x, operand(value, 1), depth + 1));
    case LLVMSub: return terms_of(x, operand(value, 0), depth + 1);
    case LLVMSelect: {
        struct terms a = terms_of(x, operand(value, 1), depth + 1), b = terms_of(x, operand(value, 2), depth + 1);
        return !a.wild && !b.wild && equal(&a, &b) ? a : none;
    }
    default: return none;
    }
}

static struct terms terms_of(struct indices *x, LLVMValueRef value, unsigned depth) {
    struct terms none = {.count = 0};
    if (!LLVMIsAInstruction(value) || LLVMTypeOf(value) != x->i32) return none;
    if (fact_of(x, value)->known) return fact_of(x, value)->terms;
    if (depth > DEPTH_MAX || x->steps++ > STEPS_MAX) return none;
    struct terms terms = opcode_of(value) == LLVMPHI ? phi_terms(x, value, depth) : compute(x, value, depth);
    struct fact *fact = fact_of(x, value);
    fact->known = !terms.wild;
    fact->terms = terms;
    return terms;
}

/* What was concluded from a phi that turned out to be none is forgotten. */
static void forget(struct indices *x) {
    for (size_t i = 0; i < x->capacity; i++) x->facts[i].known = false;
    x->again = false;
}

/* ---- What is left of the sum ---- */

static LLVMValueRef rest_of(struct indices *x, LLVMValueRef value);

static LLVMValueRef phi_rest(struct indices *x, LLVMValueRef phi) {
    LLVMPositionBuilderBefore(x->builder, phi);
    LLVMSetCurrentDebugLocation2(x->builder, NULL);
    LLVMValueRef rest = LLVMBuildPhi(x->builder, x->i32, "");
    fact_of(x, phi)->rest = rest;
    for (unsigned i = 0; i < LLVMCountIncoming(phi); i++) {
        LLVMValueRef value = rest_of(x, LLVMGetIncomingValue(phi, i));
        LLVMBasicBlockRef block = LLVMGetIncomingBlock(phi, i);
        LLVMAddIncoming(rest, &value, &block, 1);
    }
    return rest;
}

static LLVMValueRef build(struct indices *x, LLVMValueRef value) {
    if (small_bound(value, 0) <= SMALL_MAX) return LLVMConstNull(x->i32);
    if (opcode_of(value) == LLVMPHI) return phi_rest(x, value);
    unsigned first = opcode_of(value) == LLVMSelect ? 1 : 0;
    LLVMValueRef a = rest_of(x, operand(value, first)), b = opcode_of(value) == LLVMSub ? operand(value, 1) : rest_of(x, operand(value, first + 1));
    LLVMPositionBuilderBefore(x->builder, value);
    LLVMSetCurrentDebugLocation2(x->builder, LLVMInstructionGetDebugLoc(value));
    switch (opcode_of(value)) {
    case LLVMSub: return LLVMBuildSub(x->builder, a, b, "");
    case LLVMSelect: return LLVMBuildSelect(x->builder, operand(value, 0), a, b, "");
    default: return LLVMBuildAdd(x->builder, a, b, "");
    }
}

static LLVMValueRef rest_of(struct indices *x, LLVMValueRef value) {
    if (!LLVMIsAInstruction(value) || terms_of(x, value, 0).count == 0) return value;
    LLVMValueRef known = fact_of(x, value)->rest;
    if (known) return known;
    LLVMValueRef rest = build(x, value);
    fact_of(x, value)->rest = rest;
    return rest;
}

/* ---- Addresses ---- */

struct followed {
    LLVMValueRef list[FOLLOWED_MAX];
    unsigned count;
};

/* True if everything that is computed from `value` is an address. */
static bool only_addresses(LLVMValueRef value, struct followed *followed) {
    for (unsigned i = 0; i < followed->count; i++)
        if (followed->list[i] == value) return true;
    if (followed->count == FOLLOWED_MAX) return false;
    followed->list[followed->count++] = value;
    for (LLVMUseRef use = LLVMGetFirstUse(value); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);
        switch (opcode_of(user)) {
        case LLVMIntToPtr: continue;
        case LLVMMul:
        case LLVMShl:
            if (!LLVMIsAConstantInt(operand(user, 1))) return false;
            break;
        case LLVMAdd:
        case LLVMPHI: break;
        default: return false;
        }
        if (!only_addresses(user, followed)) return false;
    }
    return true;
}

static void widen(struct indices *x, LLVMValueRef extension) {
    LLVMValueRef value = operand(extension, 0), rest = rest_of(x, value);
    struct terms terms = terms_of(x, value, 0);
    LLVMPositionBuilderBefore(x->builder, extension);
    LLVMSetCurrentDebugLocation2(x->builder, LLVMInstructionGetDebugLoc(extension));
    LLVMValueRef whole = LLVMBuildSExt(x->builder, rest, x->i64, "");
    for (unsigned i = 0; i < terms.count; i++)
        whole = LLVMBuildNSWAdd(x->builder, whole, LLVMBuildZExt(x->builder, terms.list[i], x->i64, ""), "");
    LLVMReplaceAllUsesWith(extension, whole);
    LLVMInstructionEraseFromParent(extension);
}

static bool is_index(const struct indices *x, LLVMValueRef value) {
    struct followed followed = {.count = 0};
    return opcode_of(value) == LLVMSExt && LLVMTypeOf(value) == x->i64 && LLVMTypeOf(operand(value, 0)) == x->i32 &&
           LLVMIsAInstruction(operand(value, 0)) && LLVMGetFirstUse(value) && only_addresses(value, &followed);
}

/* A sum, not a small number alone, which everyone sees to be one. */
static bool splits(struct indices *x, LLVMValueRef extension) {
    LLVMValueRef value = operand(extension, 0);
    return terms_of(x, value, 0).count > 0 && small_bound(value, 0) > SMALL_MAX;
}

void cw_ptx_split_indices(LLVMValueRef function) {
    LLVMContextRef context = LLVMGetModuleContext(LLVMGetGlobalParent(function));
    struct indices x = {.builder = LLVMCreateBuilderInContext(context), .i32 = LLVMInt32TypeInContext(context), .i64 = LLVMInt64TypeInContext(context)};
    LLVMValueRef *found = NULL;
    size_t count = 0, capacity = 0;
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function); block; block = LLVMGetNextBasicBlock(block))
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i)) {
            if (!is_index(&x, i)) continue;
            found = cw_grow(found, count, &capacity, sizeof *found);
            found[count++] = i;
        }
    unsigned restarts = 0;
    do {
        forget(&x);
        for (size_t i = 0; i < count; i++) (void)splits(&x, found[i]);
    } while (x.again && ++restarts < RESTARTS_MAX);
    for (size_t i = 0; i < count && !x.again && x.steps <= STEPS_MAX; i++)
        if (splits(&x, found[i])) widen(&x, found[i]);
    free(found);
    free(x.facts);
    LLVMDisposeBuilder(x.builder);
}
