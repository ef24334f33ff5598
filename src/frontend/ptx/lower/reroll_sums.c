/* SPDX-License-Identifier: Apache-2.0 */
/* reroll_sums.c: integers and addresses in loops as sums of the loop's counter and what is known before it; see reroll.c. */
#include <string.h>

#include "frontend/ptx/lower/reroll.h"
#include "frontend/ptx/lower/state.h"


static struct cw_ptx_linear no_sum(void) {
    return (struct cw_ptx_linear){.none = true};
}

/* ---- Values that are no sums ---- */

bool cw_ptx_is_pure_value(LLVMValueRef i) {
    LLVMOpcode opcode = opcode_of(i);
    if (opcode == LLVMCall) {
        LLVMValueRef callee = cw_called_function(i);
        const char *name = callee ? cw_value_name(callee) : "";
        enum cw_intrinsic word = cw_called_intrinsic(i);
        if (word != CW_INTRINSIC_COUNT) return (cw_intrinsics[word].effects & CW_EFFECT_PURE) != 0;
        bool known = strncmp(name, "llvm.", 5) == 0 || strncmp(name, "__nv_", 5) == 0;
        for (unsigned k = 0; known && k < LLVMGetNumArgOperands(i); k++) known = LLVMGetTypeKind(LLVMTypeOf(operand(i, k))) != LLVMPointerTypeKind;
        return known && LLVMGetTypeKind(LLVMTypeOf(i)) != LLVMVoidTypeKind;
    }
    return LLVMIsABinaryOperator(i) || LLVMIsAUnaryOperator(i) || LLVMIsACastInst(i) || LLVMIsACmpInst(i) || LLVMIsASelectInst(i) ||
           LLVMIsAGetElementPtrInst(i);
}

bool cw_ptx_is_same_operation(LLVMValueRef a, LLVMValueRef b) {
    LLVMOpcode opcode = opcode_of(a);
    if (opcode != opcode_of(b) || LLVMTypeOf(a) != LLVMTypeOf(b)) return false;
    if (opcode == LLVMICmp) return LLVMGetICmpPredicate(a) == LLVMGetICmpPredicate(b);
    if (opcode == LLVMFCmp) return LLVMGetFCmpPredicate(a) == LLVMGetFCmpPredicate(b);
    if (opcode == LLVMCall) return cw_called_function(a) && cw_called_function(a) == cw_called_function(b);
    if (opcode == LLVMGetElementPtr) return LLVMGetGEPSourceElementType(a) == LLVMGetGEPSourceElementType(b);
    return true;
}

/* True if both compute the same, outside of loops: what is needed in several places is computed in each of them. */
static bool is_same_value(LLVMValueRef a, LLVMValueRef b, unsigned depth) {
    if (a == b) return true;
    if (depth == 0 || !LLVMIsAInstruction(a) || !LLVMIsAInstruction(b) || !cw_ptx_is_pure_value(a) || !cw_ptx_is_same_operation(a, b)) return false;
    int count = LLVMGetNumOperands(a);
    bool same = count == LLVMGetNumOperands(b);
    for (int i = 0; i < count && same; i++) same = is_same_value(operand(a, (unsigned)i), operand(b, (unsigned)i), depth - 1);
    return same;
}

/* The first value that was seen of those that are the same. */
static LLVMValueRef representative(struct cw_ptx_reroll *r, LLVMValueRef value) {
    if (is_in(value, r->brief.block) || is_in(value, r->unrolled.block)) return value;
    for (unsigned i = 0; i < r->seen_count; i++)
        if (LLVMTypeOf(r->seen[i]) == LLVMTypeOf(value) && is_same_value(r->seen[i], value, 6)) return r->seen[i];
    if (r->seen_count < CW_PTX_SEEN_MAX) r->seen[r->seen_count++] = value;
    return value;
}

/* A value that is no sum. In `short`, which is compared with a copy in `long`, it is what it was found to be there. */
static struct cw_ptx_linear opaque(struct cw_ptx_reroll *r, struct cw_ptx_view view, LLVMValueRef value) {
    if (view.loop == &r->brief && is_in(value, r->brief.block)) {
        for (unsigned i = 0; i < r->size; i++)
            if (r->body[i] == value) return r->mapped[i] ? cw_ptx_linear_atom(r->mapped[i], CW_PTX_ATOM_VALUE) : no_sum();
        return no_sum();
    }
    return cw_ptx_linear_atom(representative(r, value), CW_PTX_ATOM_VALUE);
}

/* ---- Sums ---- */

bool cw_ptx_counts(const struct cw_ptx_linear *a) {
    return cw_ptx_linear_factor(a, NULL, CW_PTX_ATOM_VALUE) || cw_ptx_linear_factor(a, NULL, CW_PTX_ATOM_SIGNED) ||
           cw_ptx_linear_factor(a, NULL, CW_PTX_ATOM_UNSIGNED);
}

/* The sum of 32 bits `a` extended, term by term: where it doesn't wrap around. */
static struct cw_ptx_linear extended(const struct cw_ptx_linear *a, bool is_signed) {
    struct cw_ptx_linear wide = *a;
    wide.constant = (uint64_t)(int64_t)(int32_t)(uint32_t)a->constant;
    for (unsigned i = 0; i < wide.count; i++) {
        if (wide.terms[i].kind != CW_PTX_ATOM_VALUE) return no_sum();
        wide.terms[i].kind = is_signed ? CW_PTX_ATOM_SIGNED : CW_PTX_ATOM_UNSIGNED;
        wide.terms[i].factor = (uint64_t)(int64_t)(int32_t)(uint32_t)wide.terms[i].factor;
    }
    return wide;
}

bool cw_ptx_is_never_negative(LLVMValueRef value) {
    if (LLVMIsAConstantInt(value)) return LLVMConstIntGetSExtValue(value) >= 0;
    switch (opcode_of(value)) {
    case LLVMAnd: return cw_ptx_is_never_negative(operand(value, 0)) || cw_ptx_is_never_negative(operand(value, 1));
    case LLVMLShr: return LLVMIsAConstantInt(operand(value, 1)) && LLVMConstIntGetZExtValue(operand(value, 1)) > 0;
    case LLVMURem: return cw_ptx_is_never_negative(operand(value, 1));
    case LLVMCall: break;
    default: return false;
    }
    switch (cw_called_intrinsic(value)) {
    case CW_INTRINSIC_TID_X:
    case CW_INTRINSIC_TID_Y:
    case CW_INTRINSIC_TID_Z:
    case CW_INTRINSIC_NTID_X:
    case CW_INTRINSIC_NTID_Y:
    case CW_INTRINSIC_NTID_Z:
    case CW_INTRINSIC_LANEID: return true;
    default: return false;
    }
}

static struct cw_ptx_linear extension_sum(struct cw_ptx_reroll *r, struct cw_ptx_view view, LLVMValueRef value, unsigned depth) {
    bool is_signed = opcode_of(value) == LLVMSExt;
    LLVMValueRef narrow = operand(value, 0);
    if (width(narrow) != 32) return opaque(r, view, value);
    if (!is_signed && cw_ptx_is_never_negative(narrow)) is_signed = r->is_signed;
    /* A counter that begins at 0 or above, and rises, is the same extended either way. */
    if (narrow == view.counter && r->from_zero) is_signed = r->is_signed;
    struct cw_ptx_linear sum = cw_ptx_sum_of(r, view, narrow, depth + 1);
    if (sum.none || (cw_ptx_counts(&sum) && is_signed != r->is_signed)) return opaque(r, view, value);
    return cw_ptx_counts(&sum) || sum.count + (sum.constant != 0) == 1 ? extended(&sum, is_signed) : opaque(r, view, value);
}

static struct cw_ptx_linear truncated(struct cw_ptx_linear a) {
    struct cw_ptx_linear narrow = cw_ptx_linear_constant(a.constant);
    narrow.none = a.none;
    for (unsigned i = 0; i < a.count; i++) {
        struct cw_ptx_linear atom = cw_ptx_linear_atom(a.terms[i].value, CW_PTX_ATOM_VALUE);
        bool same_width = a.terms[i].kind != CW_PTX_ATOM_VALUE;
        if (!same_width) return no_sum();
        narrow = cw_ptx_linear_add(narrow, &atom, a.terms[i].factor);
    }
    return narrow;
}

const struct cw_ptx_carried *cw_ptx_carried_of(const struct cw_ptx_loop *loop, LLVMValueRef phi) {
    for (unsigned i = 0; loop && i < loop->count; i++)
        if (loop->carried[i].phi == phi) return &loop->carried[i];
    return NULL;
}

static struct cw_ptx_linear phi_sum(struct cw_ptx_reroll *r, struct cw_ptx_view view, LLVMValueRef phi, unsigned depth) {
    const struct cw_ptx_carried *c = cw_ptx_carried_of(view.loop, phi);
    if (!c) return opaque(r, view, phi);
    if (c->role == CW_PTX_ROLE_RISING) return cw_ptx_sum_of(r, (struct cw_ptx_view){NULL, cw_ptx_carried_of(view.loop, view.loop->counter)->first}, c->first, depth + 1);
    if (c->role == CW_PTX_ROLE_CARRIED && view.loop == &r->brief) {
        if (!c->rises) return c->now ? cw_ptx_linear_atom(c->now, CW_PTX_ATOM_VALUE) : no_sum();
        return cw_ptx_linear_add(cw_ptx_linear_atom(c->partner, CW_PTX_ATOM_VALUE), &c->step, r->copy);
    }
    return c->role == CW_PTX_ROLE_LEFT ? no_sum() : opaque(r, view, phi);
}

static struct cw_ptx_linear product(struct cw_ptx_reroll *r, struct cw_ptx_view view, LLVMValueRef value, unsigned depth) {
    struct cw_ptx_linear a = cw_ptx_sum_of(r, view, operand(value, 0), depth + 1), b = cw_ptx_sum_of(r, view, operand(value, 1), depth + 1);
    if (a.none || b.none) return no_sum();
    if (b.count == 0) return cw_ptx_linear_scale(&a, b.constant);
    return a.count == 0 ? cw_ptx_linear_scale(&b, a.constant) : opaque(r, view, value);
}

/* [address + offset]; and an address in shared memory, 32 bits that are extended as if they were unsigned: valid ones are small, so that
 * their sums don't wrap around. */
static struct cw_ptx_linear address_sum(struct cw_ptx_reroll *r, struct cw_ptx_view view, LLVMValueRef value, unsigned depth) {
    LLVMTypeRef type = LLVMGetGEPSourceElementType(value);
    if (LLVMGetNumOperands(value) != 2 || LLVMGetTypeKind(type) != LLVMIntegerTypeKind || LLVMGetIntTypeWidth(type) != 8 ||
        width(operand(value, 1)) != 64)
        return opaque(r, view, value);
    LLVMValueRef base = operand(value, 0), offset = operand(value, 1);
    struct cw_ptx_linear a = cw_ptx_sum_of(r, view, base, depth + 1), b;
    bool shared = LLVMIsACallInst(base) && cw_called_intrinsic(base) == CW_INTRINSIC_SHARED_WINDOW;
    if (shared && opcode_of(offset) == LLVMZExt && width(operand(offset, 0)) == 32) {
        b = cw_ptx_sum_of(r, view, operand(offset, 0), depth + 1);
        if (!b.none) b = extended(&b, r->is_signed);
    } else {
        b = cw_ptx_sum_of(r, view, offset, depth + 1);
    }
    return cw_ptx_linear_add(a, &b, 1);
}

struct cw_ptx_linear cw_ptx_sum_of(struct cw_ptx_reroll *r, struct cw_ptx_view view, LLVMValueRef value, unsigned depth) {
    uint64_t number;
    struct cw_ptx_linear a, b;
    if (value == view.counter) return cw_ptx_linear_atom(NULL, CW_PTX_ATOM_VALUE);
    if (constant(value, &number)) return cw_ptx_linear_constant((uint64_t)LLVMConstIntGetSExtValue(value));
    if (depth > CW_PTX_REROLL_DEPTH_MAX || r->steps++ > CW_PTX_REROLL_STEPS_MAX) return no_sum();
    switch (opcode_of(value)) {
    case LLVMAdd:
    case LLVMSub:
        a = cw_ptx_sum_of(r, view, operand(value, 0), depth + 1);
        b = cw_ptx_sum_of(r, view, operand(value, 1), depth + 1);
        return cw_ptx_linear_add(a, &b, opcode_of(value) == LLVMAdd ? 1 : UINT64_MAX);
    case LLVMXor: /* not: -1 - a */
        if (!constant(operand(value, 1), &number) || LLVMConstIntGetSExtValue(operand(value, 1)) != -1) return opaque(r, view, value);
        a = cw_ptx_sum_of(r, view, operand(value, 0), depth + 1);
        return cw_ptx_linear_add(cw_ptx_linear_constant(UINT64_MAX), &a, UINT64_MAX);
    case LLVMShl:
        if (!constant(operand(value, 1), &number) || number > 31) return opaque(r, view, value);
        a = cw_ptx_sum_of(r, view, operand(value, 0), depth + 1);
        return cw_ptx_linear_scale(&a, UINT64_C(1) << number);
    case LLVMMul: return product(r, view, value, depth);
    case LLVMIntToPtr: return width(operand(value, 0)) == 64 ? cw_ptx_sum_of(r, view, operand(value, 0), depth + 1) : opaque(r, view, value);
    case LLVMGetElementPtr: return address_sum(r, view, value, depth);
    case LLVMSExt:
    case LLVMZExt: return extension_sum(r, view, value, depth);
    case LLVMTrunc:
        if (width(operand(value, 0)) != 64 || width(value) != 32) return opaque(r, view, value);
        a = truncated(cw_ptx_sum_of(r, view, operand(value, 0), depth + 1));
        return a.none ? opaque(r, view, value) : a;
    case LLVMPHI: return phi_sum(r, view, value, depth);
    default: return opaque(r, view, value);
    }
}

struct cw_ptx_linear cw_ptx_plain_sum(struct cw_ptx_reroll *r, LLVMValueRef value) {
    return cw_ptx_sum_of(r, (struct cw_ptx_view){NULL, NULL}, value, 0);
}

struct cw_ptx_linear cw_ptx_after_turns(struct cw_ptx_reroll *r, struct cw_ptx_linear a, uint64_t turns) {
    static const enum cw_ptx_atom kinds[] = {CW_PTX_ATOM_VALUE, CW_PTX_ATOM_SIGNED, CW_PTX_ATOM_UNSIGNED};
    struct cw_ptx_linear later = a;
    for (unsigned i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        uint64_t factor = cw_ptx_linear_factor(&a, NULL, kinds[i]);
        struct cw_ptx_linear step = kinds[i] == CW_PTX_ATOM_VALUE ? r->step_sum : extended(&r->step_sum, kinds[i] == CW_PTX_ATOM_SIGNED);
        if (factor) later = cw_ptx_linear_add(later, &step, factor * turns);
    }
    return later;
}
