/* SPDX-License-Identifier: Apache-2.0 */
/*
 * roll.c: local arrays that a compiler has taken apart become arrays again, and the code that it unrolled for that becomes loops. Compilers
 * for GPUs give every element of `float sums[64]` a register of its own, for which all loops over it are unrolled; what remains
 * is PTX with 64 phis at each loop and 64 times each statement. A GPU has 255 registers a thread. A CPU has 32 vector registers, and keeps the
 * rest in memory either way; but loops over an array take a line of code instead of 64, which leaves room for
 * several vectors side by side, which share what they load.
 *
 *     %s0 = phi [0.0], [%t0]; %s1 = phi [0.0], [%t1]; ...         in memory:  float s[64]
 *     %x0 = load p; %t0 = fma(w, %x0, %s0)                                    for (k = 0; k < 64; k++)
 *     %x1 = load p + 4; %t1 = fma(w, %x1, %s1)                                    s[k] = fma(w, p[k], s[k]);
 *
 * Accesses at rising addresses are what it begins with; from them it follows operands and users, element by element, to all that is done with
 * the array (compare the seeds of Larsen and Amarasinghe, "Exploiting Superword Level Parallelism", PLDI 2000, and R. Rocha
 * et al., "Loop Rolling for Code Size Reduction", CGO 2022). It is done for all or nothing: every user of every element has
 * to belong. What is computed, and in which order sums are added up, stays as it is.
 *
 * For CPUs, after inlining, in SSA form. Only where phis carry ELEMENTS_MIN elements and more: fewer fit registers.
 */
#include <llvm-c/Transforms/PassBuilder.h>
#include <stdlib.h>
#include <string.h>

#include "pass/roll.h"

#define ELEMENTS_MIN 32u
#define ELEMENTS_MAX 1024u
#define FAMILIES_MAX 64u
#define LOOKS_MAX 64u /* in a block, from one end to the other each */
#define ADDRESS_DEPTH 8u

/* ---- Values and where they stand ---- */

static size_t slot_of(const struct cw_roll *r, LLVMValueRef value) {
    size_t at = (size_t)((uintptr_t)value * UINT64_C(0x9e3779b97f4a7c15) >> 17) & (r->member_room - 1);
    while (r->members[at].value && r->members[at].value != value) at = (at + 1) & (r->member_room - 1);
    return at;
}

const struct cw_roll_member *cw_roll_find(const struct cw_roll *r, LLVMValueRef value) {
    const struct cw_roll_member *member = &r->members[slot_of(r, value)];
    return member->value ? member : NULL;
}

/* Room is for FAMILIES_MAX families from the start. */
static void enter(struct cw_roll *r, LLVMValueRef value, uint32_t family, uint32_t element) {
    r->members[slot_of(r, value)] = (struct cw_roll_member){value, family, element};
}

/* ---- Alike or not ---- */

bool cw_roll_is_pure(LLVMValueRef i) {
    LLVMOpcode opcode = LLVMGetInstructionOpcode(i);
    if (opcode == LLVMCall) {
        LLVMValueRef callee = cw_called_function(i);
        enum cw_intrinsic word = cw_called_intrinsic(i);
        if (word != CW_INTRINSIC_COUNT) return (cw_intrinsics[word].effects & CW_EFFECT_PURE) != 0;
        if (!callee || strncmp(cw_value_name(callee), "llvm.", 5) != 0 || LLVMGetTypeKind(LLVMTypeOf(i)) == LLVMVoidTypeKind) return false;
        for (unsigned k = 0; k < LLVMGetNumArgOperands(i); k++) {
            LLVMTypeKind kind = LLVMGetTypeKind(LLVMTypeOf(LLVMGetOperand(i, k)));
            if (kind == LLVMPointerTypeKind || kind == LLVMMetadataTypeKind) return false;
        }
        return true;
    }
    return LLVMIsABinaryOperator(i) || LLVMIsAUnaryOperator(i) || LLVMIsACastInst(i) || LLVMIsACmpInst(i) || LLVMIsASelectInst(i);
}

static bool is_plain_access(LLVMValueRef i) {
    if (!LLVMIsALoadInst(i) && !LLVMIsAStoreInst(i)) return false;
    return !LLVMGetVolatile(i) && LLVMGetOrdering(i) == LLVMAtomicOrderingNotAtomic;
}

static bool is_elementary(LLVMTypeRef type) {
    LLVMTypeKind kind = LLVMGetTypeKind(type);
    return kind == LLVMIntegerTypeKind || kind == LLVMFloatTypeKind || kind == LLVMDoubleTypeKind;
}

static unsigned operands_of(LLVMValueRef i) {
    switch (LLVMGetInstructionOpcode(i)) {
    case LLVMLoad: return 0;
    case LLVMStore: return 1;
    case LLVMPHI: return LLVMCountIncoming(i);
    case LLVMCall: return LLVMGetNumArgOperands(i);
    default: return (unsigned)LLVMGetNumOperands(i);
    }
}

static bool is_alike(LLVMValueRef a, LLVMValueRef b) {
    LLVMOpcode opcode = LLVMGetInstructionOpcode(a);
    if (opcode != LLVMGetInstructionOpcode(b) || LLVMTypeOf(a) != LLVMTypeOf(b) || operands_of(a) != operands_of(b)) return false;
    if (LLVMGetInstructionParent(a) != LLVMGetInstructionParent(b)) return false;
    if (opcode == LLVMLoad || opcode == LLVMStore) return is_plain_access(b) && (opcode == LLVMLoad || LLVMTypeOf(LLVMGetOperand(a, 0)) == LLVMTypeOf(LLVMGetOperand(b, 0)));
    if (opcode == LLVMPHI) return true;
    for (unsigned k = 0; k < operands_of(a); k++)
        if (LLVMTypeOf(LLVMGetOperand(a, k)) != LLVMTypeOf(LLVMGetOperand(b, k))) return false;
    if (opcode == LLVMCall && cw_called_function(a) != cw_called_function(b)) return false;
    if (opcode == LLVMICmp && LLVMGetICmpPredicate(a) != LLVMGetICmpPredicate(b)) return false;
    if (opcode == LLVMFCmp && LLVMGetFCmpPredicate(a) != LLVMGetFCmpPredicate(b)) return false;
    return !LLVMCanValueUseFastMathFlags(a) || LLVMGetFastMathFlags(a) == LLVMGetFastMathFlags(b);
}

/* ---- Families ---- */

LLVMValueRef cw_roll_operand(const struct cw_roll_family *f, unsigned element, unsigned k) {
    LLVMValueRef i = f->list[element];
    if (f->opcode != LLVMPHI) return LLVMGetOperand(i, k);
    LLVMBasicBlockRef from = LLVMGetIncomingBlock(f->list[0], k);
    for (unsigned n = 0; n < LLVMCountIncoming(i); n++)
        if (LLVMGetIncomingBlock(i, n) == from) return LLVMGetIncomingValue(i, n);
    return NULL;
}

static bool is_commutative(LLVMValueRef i) {
    switch (LLVMGetInstructionOpcode(i)) {
    case LLVMAdd:
    case LLVMMul:
    case LLVMAnd:
    case LLVMOr:
    case LLVMXor:
    case LLVMFAdd:
    case LLVMFMul: return true;
    default: return false;
    }
}

static unsigned resembles(LLVMValueRef a, LLVMValueRef b) {
    return a == b || (LLVMIsAInstruction(a) && LLVMIsAInstruction(b) && is_alike(a, b));
}

/* Operands that may stand either way get the order of element 1's: LLVM has put constants, with which sums begin, second. */
static void order_operands(const struct cw_roll *r, LLVMValueRef *list) {
    if (!LLVMIsAInstruction(list[1]) || !is_commutative(list[1])) return;
    LLVMValueRef first = LLVMGetOperand(list[1], 0), second = LLVMGetOperand(list[1], 1);
    for (unsigned e = 0; e < r->size; e++) {
        if (!LLVMIsAInstruction(list[e]) || !is_alike(list[1], list[e])) continue;
        LLVMValueRef a = LLVMGetOperand(list[e], 0), b = LLVMGetOperand(list[e], 1);
        if (resembles(a, second) + resembles(b, first) <= resembles(a, first) + resembles(b, second)) continue;
        LLVMSetOperand(list[e], 0, b);
        LLVMSetOperand(list[e], 1, a);
    }
}

/* Takes over `list`; false if its instructions aren't alike, or some stand in a family. */
static bool add_family(struct cw_roll *r, LLVMValueRef *list) {
    order_operands(r, list);
    LLVMValueRef first = list[0];
    bool fits = r->family_count < FAMILIES_MAX && LLVMIsAInstruction(first) && operands_of(first) <= CW_ROLL_OPERANDS_MAX;
    if (fits) fits = is_plain_access(first) || (is_elementary(LLVMTypeOf(first)) && (LLVMIsAPHINode(first) || cw_roll_is_pure(first)));
    for (unsigned k = 0; k < r->size && fits; k++) fits = LLVMIsAInstruction(list[k]) && is_alike(first, list[k]) && !cw_roll_find(r, list[k]);
    for (unsigned k = 1; k < r->size && fits; k++)
        for (unsigned n = 0; n < k && fits; n++) fits = list[n] != list[k];
    for (unsigned k = 0; k < r->size && fits; k++) enter(r, list[k], r->family_count, k);
    if (!fits) {
        free(list);
        return false;
    }
    r->families[r->family_count++] = (struct cw_roll_family){.list = list, .opcode = LLVMGetInstructionOpcode(first), .type = LLVMTypeOf(first), .live = true,
        .block = LLVMGetInstructionParent(first), .operand_count = operands_of(first), .unit = CW_ROLL_NONE, .web = CW_ROLL_NONE};
    return true;
}

static bool is_one_value(const struct cw_roll *r, const struct cw_roll_family *f, unsigned k) {
    for (unsigned e = 1; e < r->size; e++)
        if (cw_roll_operand(f, e, k) != cw_roll_operand(f, 0, k)) return false;
    return cw_roll_operand(f, 0, k) != NULL;
}

static bool is_previous(const struct cw_roll *r, const struct cw_roll_family *f, unsigned k) {
    for (unsigned e = 1; e < r->size; e++)
        if (f->opcode == LLVMPHI || cw_roll_operand(f, e, k) != f->list[e - 1]) return false;
    return true;
}

static void follow_operands(struct cw_roll *r, uint32_t family) {
    for (unsigned k = 0; k < r->families[family].operand_count; k++) {
        const struct cw_roll_family *f = &r->families[family];
        if (is_one_value(r, f, k) || is_previous(r, f, k)) continue;
        LLVMValueRef *list = cw_alloc_array(r->size, sizeof *list);
        bool whole = true;
        for (unsigned e = 0; e < r->size; e++) whole &= (list[e] = cw_roll_operand(f, e, k)) != NULL;
        if (whole) add_family(r, list);
        else free(list);
    }
}

static unsigned place_in(LLVMValueRef user, LLVMValueRef value) {
    unsigned count = (unsigned)LLVMGetNumOperands(user), k = 0;
    while (k < count && LLVMGetOperand(user, k) != value) k++;
    return k;
}

/* The one user of `value` like `like`; NULL if there are none or several. */
static LLVMValueRef user_like(LLVMValueRef value, LLVMValueRef like, unsigned place) {
    LLVMValueRef found = NULL;
    for (LLVMUseRef use = LLVMGetFirstUse(value); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);
        if (!LLVMIsAInstruction(user) || !is_alike(like, user)) continue;
        if (!LLVMIsAPHINode(user) && !is_commutative(user) && place_in(user, value) != place) continue;
        if (found && found != user) return NULL;
        found = user;
    }
    return found;
}

static void follow_users(struct cw_roll *r, uint32_t family) {
    for (LLVMUseRef use = LLVMGetFirstUse(r->families[family].list[0]); use; use = LLVMGetNextUse(use)) {
        const struct cw_roll_family *f = &r->families[family];
        LLVMValueRef like = LLVMGetUser(use), *list;
        if (!LLVMIsAInstruction(like) || cw_roll_find(r, like)) continue;
        list = cw_alloc_array(r->size, sizeof *list);
        bool whole = true;
        for (unsigned e = 0; e < r->size && whole; e++) whole = (list[e] = user_like(f->list[e], like, place_in(like, f->list[0]))) != NULL;
        if (whole) add_family(r, list);
        else free(list);
    }
}

/* ---- Where it begins: accesses at rising addresses ---- */

struct access {
    LLVMValueRef i, base;
    int64_t offset;
};

static LLVMValueRef base_of(LLVMTargetDataRef layout, LLVMValueRef pointer, int64_t *offset) {
    *offset = 0;
    for (unsigned depth = 0; depth < ADDRESS_DEPTH && LLVMIsAGetElementPtrInst(pointer) && LLVMGetNumOperands(pointer) == 2; depth++) {
        LLVMValueRef index = LLVMGetOperand(pointer, 1);
        if (!LLVMIsAConstantInt(index)) break;
        *offset += LLVMConstIntGetSExtValue(index) * (int64_t)LLVMABISizeOfType(layout, LLVMGetGEPSourceElementType(pointer));
        pointer = LLVMGetOperand(pointer, 0);
    }
    return pointer;
}

static LLVMTypeRef accessed_type(LLVMValueRef i) {
    return LLVMIsALoadInst(i) ? LLVMTypeOf(i) : LLVMTypeOf(LLVMGetOperand(i, 0));
}

static struct access access_of(LLVMTargetDataRef layout, LLVMValueRef i) {
    struct access a = {.i = i};
    a.base = base_of(layout, LLVMGetOperand(i, LLVMIsALoadInst(i) ? 0 : 1), &a.offset);
    return a;
}

/* Says where the elements are; false if they aren't in a row. */
static bool find_addresses(struct cw_roll *r, struct cw_roll_family *f) {
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(r->llvm);
    struct access first = access_of(layout, f->list[0]), second = access_of(layout, f->list[1]);
    int64_t size = (int64_t)LLVMABISizeOfType(layout, accessed_type(f->list[0]));
    f->base = first.base;
    f->offset = first.offset;
    f->step = second.offset - first.offset;
    if (f->step > -size && f->step < size) return false;
    for (unsigned e = 1; e < r->size; e++) {
        struct access a = access_of(layout, f->list[e]);
        if (a.base != f->base || a.offset != f->offset + f->step * (int64_t)e) return false;
    }
    return true;
}

static int by_offset(const void *a, const void *b) {
    int64_t x = ((const struct access *)a)->offset, y = ((const struct access *)b)->offset;
    return (x > y) - (x < y);
}

/* The accesses of a block that are like `first` and have its base, by offset. */
static unsigned collect(LLVMTargetDataRef layout, LLVMValueRef first, struct access *list) {
    struct access wanted = access_of(layout, first);
    unsigned count = 0;
    for (LLVMValueRef i = first; i && count < ELEMENTS_MAX; i = LLVMGetNextInstruction(i)) {
        if (!is_plain_access(i) || !is_alike(first, i)) continue;
        list[count] = access_of(layout, i);
        count += list[count].base == wanted.base;
    }
    qsort(list, count, sizeof *list, by_offset);
    return count;
}

/* The longest row in the list: where it begins, and how many stand in it. */
static unsigned longest_row(const struct access *list, unsigned count, int64_t size, unsigned *begin) {
    unsigned longest = 0;
    for (unsigned from = 0, k = 1; k <= count; k++) {
        if (k < count && list[k].offset - list[k - 1].offset == size) continue;
        if (k - from > longest) {
            longest = k - from;
            *begin = from;
        }
        from = k;
    }
    return longest;
}

/* Makes families of accesses in rows of r->size; with 0, tells how many elements the first row of enough has. */
static unsigned find_seeds(struct cw_roll *r) {
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(r->llvm);
    struct access *list = cw_alloc_array(ELEMENTS_MAX, sizeof *list);
    unsigned found = 0;
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(r->function); block && (r->size || !found); block = LLVMGetNextBasicBlock(block)) {
        LLVMValueRef last_base = NULL;
        unsigned looks = 0, begin = 0;
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i && looks < LOOKS_MAX; i = LLVMGetNextInstruction(i)) {
            if (!is_plain_access(i) || !is_elementary(accessed_type(i)) || (r->size && cw_roll_find(r, i))) continue;
            LLVMValueRef base = access_of(layout, i).base;
            if (base == last_base) continue; /* was looked at from its first access on */
            last_base = base;
            looks++;
            unsigned count = longest_row(list, collect(layout, i, list), (int64_t)LLVMABISizeOfType(layout, accessed_type(i)), &begin);
            if (count < ELEMENTS_MIN || (r->size && count != r->size)) continue;
            if (!found) found = count;
            if (!r->size) continue;
            LLVMValueRef *values = cw_alloc_array(count, sizeof *values);
            for (unsigned k = 0; k < count; k++) values[k] = list[begin + k].i;
            add_family(r, values);
        }
    }
    free(list);
    return found;
}

/* ---- What holds together ---- */

static bool settle_operand(struct cw_roll *r, struct cw_roll_family *f, unsigned k) {
    struct cw_roll_operand *operand = &f->operands[k];
    if (is_one_value(r, f, k)) {
        operand->relation = CW_ROLL_SAME;
        return true;
    }
    if (is_previous(r, f, k)) {
        bool first = !f->chain;
        operand->relation = CW_ROLL_PREVIOUS;
        f->chain = true;
        return first;
    }
    operand->relation = CW_ROLL_COLUMN;
    for (unsigned e = 0; e < r->size; e++) {
        LLVMValueRef value = cw_roll_operand(f, e, k);
        const struct cw_roll_member *member = value ? cw_roll_find(r, value) : NULL;
        if (!member || member->element != e || !r->families[member->family].live) return false;
        if (e == 0) operand->from = member->family;
        if (member->family != operand->from) return false;
    }
    return true;
}

static bool settle_users(struct cw_roll *r, const struct cw_roll_family *f, uint32_t index) {
    for (unsigned e = 0; e < r->size; e++) {
        if (f->chain && e == r->size - 1) break; /* the sum, whoever wants it */
        for (LLVMUseRef use = LLVMGetFirstUse(f->list[e]); use; use = LLVMGetNextUse(use)) {
            LLVMValueRef user = LLVMGetUser(use);
            const struct cw_roll_member *member = LLVMIsAInstruction(user) ? cw_roll_find(r, user) : NULL;
            if (!member || !r->families[member->family].live) return false;
            if (f->chain && member->family == index && member->element == e + 1) continue;
            if (member->element != e) return false;
        }
    }
    return true;
}

static bool settle(struct cw_roll *r, uint32_t index) {
    struct cw_roll_family *f = &r->families[index];
    f->chain = false;
    if (cw_roll_is_memory(f) && !find_addresses(r, f)) return false;
    for (unsigned k = 0; k < f->operand_count; k++)
        if (!settle_operand(r, f, k)) return false;
    return settle_users(r, f, index);
}

/* Drops what doesn't fit until all that is left does; true if phis are among it. */
static bool drop(struct cw_roll *r) {
    bool phis = false;
    for (bool changed = true; changed;) {
        changed = false;
        for (uint32_t n = 0; n < r->family_count; n++) {
            if (!r->families[n].live || settle(r, n)) continue;
            r->families[n].live = false;
            changed = true;
        }
    }
    for (uint32_t n = 0; n < r->family_count; n++) phis |= r->families[n].live && r->families[n].opcode == LLVMPHI;
    return phis;
}

/* ---- One function ---- */

static bool has_many_phis(LLVMValueRef function) {
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function); block; block = LLVMGetNextBasicBlock(block)) {
        unsigned count = 0;
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i && LLVMIsAPHINode(i); i = LLVMGetNextInstruction(i)) count++;
        if (count >= ELEMENTS_MIN) return true;
    }
    return false;
}

/* What LLVM says goes wrong changes nothing: edges that aren't broken are refused, and what isn't tidy is so. */
static void run(LLVMValueRef function, const char *passes) {
    LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
    LLVMErrorRef error = LLVMRunPassesOnFunction(function, passes, NULL, options);
    LLVMDisposePassBuilderOptions(options);
    if (error) LLVMConsumeError(error);
}

static bool roll(LLVMModuleRef llvm, LLVMValueRef function) {
    struct cw_roll r = {.llvm = llvm, .function = function};
    if (!has_many_phis(function)) return false;
    r.size = find_seeds(&r);
    if (r.size == 0) return false;
    run(function, "break-crit-edges"); /* where a branch leads to a block of several ways, nothing can be stored for that way alone */
    r.families = cw_alloc_array(FAMILIES_MAX, sizeof *r.families);
    for (r.member_room = 64; r.member_room < 2 * (size_t)FAMILIES_MAX * r.size; r.member_room *= 2) {}
    r.members = cw_alloc_array(r.member_room, sizeof *r.members);
    find_seeds(&r);
    for (uint32_t n = 0; n < r.family_count; n++) {
        follow_operands(&r, n);
        follow_users(&r, n);
    }
    bool changed = drop(&r) && cw_roll_settle(&r);
    if (changed) cw_roll_emit(&r);
    run(function, "simplifycfg,adce"); /* addresses of each element, blocks of edges */
    for (uint32_t n = 0; n < r.family_count; n++) free(r.families[n].list);
    free(r.families);
    free(r.members);
    return changed;
}

bool cw_pass_roll(LLVMModuleRef llvm) {
    bool changed = false;
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f))
        if (!cw_is_declaration(f)) changed |= roll(llvm, f);
    return changed;
}
