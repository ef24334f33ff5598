/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pointers.c: from integers back to pointers. PTX computes addresses with integers, but what LLVM knows of memory (which variable, which
 * parameter, whether two accesses may meet) it knows of pointers. So for every address that an access uses, the expression that
 * computes it is followed back through additions, phis and selections to the pointer that it began with, and made again as
 * that pointer plus an offset.
 *
 * An address is the sum of one pointer and numbers; which operand of an addition is the pointer is judged by where it comes from: a
 * variable's address, then a parameter, then a value from memory. A wrong guess computes the same address.
 *
 * A kernel's parameter that is found to be a pointer becomes one; so does what is loaded from memory as a number and used as a pointer.
 *
 * Shared addresses are distances from cw.shared.window; where such a distance began as a variable's, the access becomes one of the
 * variable plus an offset. The offset is taken as signed: a valid address is far below 2^31, so whichever way its 32-bit sum wrapped, it is that.
 */
#include <llvm-c/Core.h>
#include <llvm-c/DebugInfo.h>
#include <stdlib.h>
#include <string.h>

#include "frontend/ptx/lower/state.h"

#define DEPTH_MAX 200u

enum rank { UNKNOWN, FROM_MEMORY, PARAMETER, VARIABLE, OPEN };

struct memo {
    LLVMValueRef value;
    LLVMValueRef pointer; /* NULL until built */
    enum rank rank;
};

struct recovery {
    LLVMModuleRef llvm;
    LLVMContextRef context;
    LLVMBuilderRef builder;
    LLVMTypeRef i8, i64, pointer;
    LLVMValueRef function;
    bool shared; /* values are distances, not addresses */
    struct memo *memos;
    size_t count, capacity;
};

/* ---- Values that have been looked at: open addressing ---- */

static size_t slot_of(const struct recovery *r, LLVMValueRef value) {
    size_t at = (size_t)(((uintptr_t)value >> 4) * UINT64_C(0x9e3779b97f4a7c15)) & (r->capacity - 1);
    while (r->memos[at].value && r->memos[at].value != value) at = (at + 1) & (r->capacity - 1);
    return at;
}

static struct memo *memo_of(struct recovery *r, LLVMValueRef value) {
    if (r->count * 2 >= r->capacity) {
        struct memo *old = r->memos;
        size_t count = r->capacity;
        r->capacity = count ? count * 2 : 64;
        r->memos = cw_alloc_array(r->capacity, sizeof *r->memos);
        for (size_t i = 0; i < count; i++)
            if (old[i].value) r->memos[slot_of(r, old[i].value)] = old[i];
        free(old);
    }
    struct memo *memo = &r->memos[slot_of(r, value)];
    if (!memo->value) {
        memo->value = value;
        r->count++;
    }
    return memo;
}

static void forget(struct recovery *r) {
    free(r->memos);
    r->memos = NULL;
    r->count = r->capacity = 0;
}

/* ---- What a value is ---- */

static LLVMOpcode opcode_of(LLVMValueRef value) {
    if (LLVMIsAInstruction(value)) return LLVMGetInstructionOpcode(value);
    if (LLVMIsAConstantExpr(value)) return LLVMGetConstOpcode(value);
    return (LLVMOpcode)0;
}

static LLVMValueRef operand(LLVMValueRef value, unsigned n) {
    return LLVMGetOperand(value, n);
}

static bool is_window(LLVMValueRef value) {
    if (opcode_of(value) != LLVMPtrToInt) return false;
    LLVMValueRef call = operand(value, 0);
    return LLVMIsACallInst(call) && cw_called_intrinsic(call) == CW_INTRINSIC_SHARED_WINDOW;
}

/* Pointer minus window: the pointer, or NULL. */
static LLVMValueRef distance_pointer(LLVMValueRef value) {
    if (opcode_of(value) != LLVMSub || !is_window(operand(value, 1)) || opcode_of(operand(value, 0)) != LLVMPtrToInt) return NULL;
    return operand(operand(value, 0), 0);
}

static bool is_plain_load(LLVMValueRef value) {
    return LLVMIsALoadInst(value) && !LLVMGetVolatile(value) && LLVMGetOrdering(value) == LLVMAtomicOrderingNotAtomic;
}

static enum rank rank_of(struct recovery *r, LLVMValueRef value, unsigned depth);

static enum rank lower_rank(enum rank a, enum rank b) {
    return a < b ? a : b;
}

static enum rank phi_rank(struct recovery *r, LLVMValueRef phi, unsigned depth) {
    enum rank rank = OPEN;
    unsigned count = LLVMCountIncoming(phi);
    for (unsigned i = 0; i < count; i++) rank = lower_rank(rank, rank_of(r, LLVMGetIncomingValue(phi, i), depth + 1));
    return rank;
}

static enum rank compute_rank(struct recovery *r, LLVMValueRef value, unsigned depth) {
    if (depth > DEPTH_MAX) return UNKNOWN;
    if (r->shared && distance_pointer(value)) return VARIABLE;
    switch (opcode_of(value)) {
    case LLVMPtrToInt: return r->shared ? UNKNOWN : VARIABLE;
    case LLVMAdd: {
        enum rank a = rank_of(r, operand(value, 0), depth + 1), b = rank_of(r, operand(value, 1), depth + 1);
        return a > b ? a : b;
    }
    case LLVMSub: return rank_of(r, operand(value, 0), depth + 1);
    case LLVMPHI: return phi_rank(r, value, depth);
    case LLVMSelect: return lower_rank(rank_of(r, operand(value, 1), depth + 1), rank_of(r, operand(value, 2), depth + 1));
    case LLVMTrunc:
    case LLVMZExt: return r->shared ? rank_of(r, operand(value, 0), depth + 1) : UNKNOWN;
    case LLVMLoad: return !r->shared && is_plain_load(value) ? FROM_MEMORY : UNKNOWN;
    default: return !r->shared && LLVMIsAArgument(value) ? PARAMETER : UNKNOWN;
    }
}

static enum rank rank_of(struct recovery *r, LLVMValueRef value, unsigned depth) {
    if (LLVMIsAConstantInt(value)) return UNKNOWN;
    struct memo *memo = memo_of(r, value);
    if (memo->rank != UNKNOWN) return memo->rank;
    memo->rank = OPEN; /* in a cycle of phis the other ways in decide */
    enum rank rank = compute_rank(r, value, depth);
    memo_of(r, value)->rank = rank;
    return rank;
}

/* ---- The accesses ---- */

/* The distance of an access to shared memory: an offset from the window that began as a variable's; else NULL. */
static LLVMValueRef shared_distance(struct recovery *r, LLVMValueRef i) {
    if (!LLVMIsAGetElementPtrInst(i) || LLVMGetNumOperands(i) != 2) return NULL;
    LLVMValueRef base = operand(i, 0);
    if (!LLVMIsACallInst(base) || cw_called_intrinsic(base) != CW_INTRINSIC_SHARED_WINDOW) return NULL;
    return rank_of(r, operand(i, 1), 0) == VARIABLE ? operand(i, 1) : NULL;
}

static LLVMValueRef address_of(struct recovery *r, LLVMValueRef i) {
    if (!LLVMIsAIntToPtrInst(i) || LLVMTypeOf(operand(i, 0)) != r->i64) return NULL;
    enum rank rank = rank_of(r, operand(i, 0), 0);
    return rank == UNKNOWN || rank == OPEN ? NULL : operand(i, 0);
}

/* ---- Making it again ---- */

static LLVMValueRef build(struct recovery *r, LLVMValueRef value);

/* Behind the definition of `value`. */
static void position_behind(struct recovery *r, LLVMValueRef value) {
    LLVMValueRef next;
    if (LLVMIsAPHINode(value)) {
        next = LLVMGetFirstInstruction(LLVMGetInstructionParent(value));
        while (LLVMIsAPHINode(next)) next = LLVMGetNextInstruction(next);
    } else if (LLVMIsAInstruction(value)) {
        next = LLVMGetNextInstruction(value);
    } else {
        next = LLVMGetFirstInstruction(LLVMGetEntryBasicBlock(r->function));
        while (LLVMIsAAllocaInst(next)) next = LLVMGetNextInstruction(next);
    }
    LLVMPositionBuilderBefore(r->builder, next);
    LLVMSetCurrentDebugLocation2(r->builder, LLVMIsAInstruction(next) ? LLVMInstructionGetDebugLoc(next) : NULL);
}

static LLVMValueRef window(struct recovery *r) {
    LLVMValueRef word = LLVMGetNamedFunction(r->llvm, cw_intrinsics[CW_INTRINSIC_SHARED_WINDOW].text);
    return LLVMBuildCall2(r->builder, LLVMGlobalGetValueType(word), word, NULL, 0, "");
}

/* The pointer that a value is which comes from nowhere known. */
static LLVMValueRef root(struct recovery *r, LLVMValueRef value) {
    position_behind(r, value);
    if (!r->shared) return LLVMBuildIntToPtr(r->builder, value, r->pointer, "");
    LLVMValueRef wide = LLVMTypeOf(value) == r->i64 ? value : LLVMBuildZExt(r->builder, value, r->i64, "");
    return LLVMBuildGEP2(r->builder, r->i8, window(r), &wide, 1, "");
}

static LLVMValueRef advance(struct recovery *r, LLVMValueRef at, LLVMValueRef pointer, LLVMValueRef offset, bool negative) {
    LLVMPositionBuilderBefore(r->builder, at);
    LLVMSetCurrentDebugLocation2(r->builder, LLVMInstructionGetDebugLoc(at));
    if (LLVMTypeOf(offset) != r->i64) offset = LLVMBuildSExt(r->builder, offset, r->i64, "");
    if (negative) offset = LLVMBuildNeg(r->builder, offset, "");
    return LLVMBuildGEP2(r->builder, r->i8, pointer, &offset, 1, "");
}

static LLVMValueRef build_phi(struct recovery *r, LLVMValueRef phi) {
    LLVMPositionBuilderBefore(r->builder, phi);
    LLVMSetCurrentDebugLocation2(r->builder, NULL);
    LLVMValueRef new = LLVMBuildPhi(r->builder, r->pointer, "");
    memo_of(r, phi)->pointer = new;
    unsigned count = LLVMCountIncoming(phi);
    for (unsigned i = 0; i < count; i++) {
        LLVMValueRef value = build(r, LLVMGetIncomingValue(phi, i));
        LLVMBasicBlockRef block = LLVMGetIncomingBlock(phi, i);
        LLVMAddIncoming(new, &value, &block, 1);
    }
    return new;
}

static LLVMValueRef build_select(struct recovery *r, LLVMValueRef select) {
    LLVMValueRef yes = build(r, operand(select, 1)), no = build(r, operand(select, 2));
    LLVMPositionBuilderBefore(r->builder, select);
    LLVMSetCurrentDebugLocation2(r->builder, LLVMInstructionGetDebugLoc(select));
    return LLVMBuildSelect(r->builder, operand(select, 0), yes, no, "");
}

static LLVMValueRef build_sum(struct recovery *r, LLVMValueRef sum) {
    unsigned pointer = rank_of(r, operand(sum, 1), 0) > rank_of(r, operand(sum, 0), 0) ? 1 : 0;
    LLVMValueRef base = build(r, operand(sum, pointer));
    return advance(r, sum, base, operand(sum, 1 - pointer), false);
}

/* A pointer that is itself about to be made again is followed further. */
static LLVMValueRef through(struct recovery *r, LLVMValueRef pointer) {
    LLVMValueRef next = r->shared ? shared_distance(r, pointer) : address_of(r, pointer);
    return next ? build(r, next) : pointer;
}

static LLVMValueRef make(struct recovery *r, LLVMValueRef value) {
    bool instruction = LLVMIsAInstruction(value) != NULL;
    enum rank rank = rank_of(r, value, 0);
    if (r->shared && distance_pointer(value)) return through(r, distance_pointer(value));
    if (!r->shared && opcode_of(value) == LLVMPtrToInt) return through(r, operand(value, 0));
    if (!instruction || rank == UNKNOWN || rank == OPEN) return root(r, value);
    switch (opcode_of(value)) {
    case LLVMAdd: return build_sum(r, value);
    case LLVMSub: return advance(r, value, build(r, operand(value, 0)), operand(value, 1), true);
    case LLVMPHI: return build_phi(r, value);
    case LLVMSelect: return build_select(r, value);
    case LLVMTrunc:
    case LLVMZExt: return r->shared ? build(r, operand(value, 0)) : root(r, value);
    default: return root(r, value);
    }
}

static LLVMValueRef build(struct recovery *r, LLVMValueRef value) {
    if (LLVMIsAConstantInt(value) || LLVMIsUndef(value)) {
        if (!r->shared) return LLVMConstIntToPtr(value, r->pointer);
        LLVMPositionBuilderBefore(r->builder, LLVMGetFirstInstruction(LLVMGetEntryBasicBlock(r->function)));
        LLVMValueRef offset = LLVMConstInt(r->i64, LLVMIsUndef(value) ? 0 : LLVMConstIntGetZExtValue(value), 0);
        return LLVMBuildGEP2(r->builder, r->i8, window(r), &offset, 1, "");
    }
    LLVMValueRef known = memo_of(r, value)->pointer;
    if (known) return known;
    LLVMValueRef pointer = make(r, value);
    memo_of(r, value)->pointer = pointer;
    return pointer;
}

/* ---- A function ---- */

static void recover(struct recovery *r, bool shared) {
    LLVMValueRef *found = NULL;
    size_t count = 0, capacity = 0;
    r->shared = shared;
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(r->function); block; block = LLVMGetNextBasicBlock(block)) {
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i)) {
            if (!(shared ? shared_distance(r, i) : address_of(r, i))) continue;
            found = cw_grow(found, count, &capacity, sizeof *found);
            found[count++] = i;
        }
    }
    for (size_t n = 0; n < count; n++) {
        LLVMValueRef pointer = build(r, shared ? operand(found[n], 1) : operand(found[n], 0));
        if (pointer == found[n]) continue;
        LLVMReplaceAllUsesWith(found[n], pointer);
        LLVMInstructionEraseFromParent(found[n]);
    }
    free(found);
    forget(r);
}

/* ---- What is used as a pointer becomes one ---- */

static bool is_used_as_pointer(LLVMValueRef value) {
    for (LLVMUseRef use = LLVMGetFirstUse(value); use; use = LLVMGetNextUse(use))
        if (LLVMIsAIntToPtrInst(LLVMGetUser(use))) return true;
    return false;
}

/* Behind the variables of the entry block of `function`. */
static void position_at_entry(struct recovery *r, LLVMValueRef function) {
    LLVMValueRef first = LLVMGetFirstInstruction(LLVMGetEntryBasicBlock(function));
    while (LLVMIsAAllocaInst(first)) first = LLVMGetNextInstruction(first);
    LLVMPositionBuilderBefore(r->builder, first);
    LLVMSetCurrentDebugLocation2(r->builder, NULL);
}

/* Uses of the number `old` become uses of the pointer `new`, a parameter or a load; what still needs a number gets it behind that. */
static void exchange(struct recovery *r, LLVMValueRef old, LLVMValueRef new) {
    for (LLVMUseRef use = LLVMGetFirstUse(old), next; use; use = next) {
        next = LLVMGetNextUse(use);
        LLVMValueRef user = LLVMGetUser(use);
        if (!LLVMIsAIntToPtrInst(user)) continue;
        LLVMReplaceAllUsesWith(user, new);
        LLVMInstructionEraseFromParent(user);
        next = LLVMGetFirstUse(old);
    }
    if (!LLVMGetFirstUse(old)) return;
    if (LLVMIsAArgument(new)) position_at_entry(r, LLVMGetParamParent(new));
    else LLVMPositionBuilderBefore(r->builder, LLVMGetNextInstruction(new));
    LLVMReplaceAllUsesWith(old, LLVMBuildPtrToInt(r->builder, new, LLVMTypeOf(old), ""));
}

static void load_pointers(struct recovery *r) {
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(r->function); block; block = LLVMGetNextBasicBlock(block)) {
        for (LLVMValueRef i = LLVMGetFirstInstruction(block), next; i; i = next) {
            next = LLVMGetNextInstruction(i);
            if (!is_plain_load(i) || LLVMTypeOf(i) != r->i64 || !is_used_as_pointer(i)) continue;
            LLVMPositionBuilderBefore(r->builder, i);
            LLVMSetCurrentDebugLocation2(r->builder, LLVMInstructionGetDebugLoc(i));
            LLVMValueRef load = LLVMBuildLoad2(r->builder, r->pointer, operand(i, 0), "");
            LLVMSetAlignment(load, LLVMGetAlignment(i));
            exchange(r, i, load);
            next = LLVMGetNextInstruction(i);
            LLVMInstructionEraseFromParent(i);
        }
    }
}

/* The same kernel with pointers for parameters; the old one becomes an empty shell, which is deleted. */
static void retype(struct recovery *r, const bool *pointers, unsigned count) {
    LLVMValueRef old = r->function;
    LLVMTypeRef *types = cw_alloc_array(count + 1, sizeof *types);
    LLVMGetParamTypes(LLVMGlobalGetValueType(old), types);
    for (unsigned i = 0; i < count; i++)
        if (pointers[i]) types[i] = r->pointer;
    LLVMValueRef new = LLVMAddFunction(r->llvm, "", LLVMFunctionType(LLVMVoidTypeInContext(r->context), types, count, 0));
    LLVMSetLinkage(new, LLVMGetLinkage(old));
    LLVMSetFunctionCallConv(new, LLVMGetFunctionCallConv(old));
    LLVMSetSubprogram(new, LLVMGetSubprogram(old));
    LLVMSetSubprogram(old, NULL);
    for (unsigned index = 0; index <= count + 1; index++) { /* the function's, then those of each parameter */
        LLVMAttributeIndex place = index == count + 1 ? CW_FUNCTION_INDEX : index;
        unsigned attributes = LLVMGetAttributeCountAtIndex(old, place);
        LLVMAttributeRef *list = cw_alloc_array(attributes + 1, sizeof *list);
        LLVMGetAttributesAtIndex(old, place, list);
        for (unsigned i = 0; i < attributes; i++) LLVMAddAttributeAtIndex(new, place, list[i]);
        free(list);
    }
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(old), next; block; block = next) {
        next = LLVMGetNextBasicBlock(block);
        LLVMRemoveBasicBlockFromParent(block);
        LLVMAppendExistingBasicBlock(new, block);
    }
    for (unsigned i = 0; i < count; i++) {
        LLVMValueRef from = LLVMGetParam(old, i), to = LLVMGetParam(new, i);
        size_t length;
        const char *name = LLVMGetValueName2(from, &length);
        LLVMSetValueName2(to, name, length);
        if (pointers[i]) exchange(r, from, to);
        else LLVMReplaceAllUsesWith(from, to);
    }
    char *name = cw_strdup(cw_value_name(old));
    LLVMReplaceAllUsesWith(old, new);
    LLVMDeleteFunction(old);
    LLVMSetValueName2(new, name, strlen(name));
    free(name);
    free(types);
}

static void retype_parameters(struct recovery *r) {
    unsigned count = LLVMCountParams(r->function);
    bool *pointers = cw_alloc_array(count + 1, sizeof *pointers), any = false;
    for (unsigned i = 0; i < count; i++) {
        LLVMValueRef parameter = LLVMGetParam(r->function, i);
        pointers[i] = LLVMTypeOf(parameter) == r->i64 && is_used_as_pointer(parameter);
        any |= pointers[i];
    }
    if (any && cw_is_kernel(r->function)) retype(r, pointers, count);
    free(pointers);
}

void cw_ptx_recover_function(LLVMValueRef function) {
    LLVMModuleRef llvm = LLVMGetGlobalParent(function);
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    struct recovery r = {.llvm = llvm, .context = context, .builder = LLVMCreateBuilderInContext(context), .function = function};
    r.i8 = LLVMInt8TypeInContext(context);
    r.i64 = LLVMInt64TypeInContext(context);
    r.pointer = LLVMPointerTypeInContext(context, 0);
    recover(&r, true);
    recover(&r, false);
    load_pointers(&r);
    retype_parameters(&r);
    LLVMDisposeBuilder(r.builder);
}

void cw_ptx_recover_pointers(LLVMModuleRef llvm) {
    for (LLVMValueRef function = LLVMGetFirstFunction(llvm), next; function; function = next) {
        next = LLVMGetNextFunction(function);
        if (cw_is_declaration(function)) continue;
        cw_ptx_split_indices(function);
        cw_ptx_recover_function(function);
    }
}
