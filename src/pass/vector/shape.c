/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shape.c: which values are the same in every lane, which rise from lane to lane, and which branches send lanes different
 * ways: an optimistic data-flow analysis, as in Karrenberg and Hack, "Whole-Function Vectorization" (CGO 2011), 5, with
 * strides as in Moll's region vectoriser. A divergent branch makes the phis where its paths meet varying (sync dependence), and
 * phis through which values leave a loop that lanes leave at different times (temporal divergence).
 */
#include <stdlib.h>
#include <string.h>

#include "pass/vector/state.h"

#define ROUNDS_MAX 1000u
#define ALIGN_MAX 30u

static const struct cw_shape varying = {.kind = CW_SHAPE_VARYING};
static const struct cw_shape uniform = {.kind = CW_SHAPE_UNIFORM, .exact_signed = true, .exact_unsigned = true};

static unsigned log2_floor(uint64_t value) {
    return 63u - (unsigned)__builtin_clzll(value);
}

static struct cw_shape strided(int64_t stride, bool exact_signed, bool exact_unsigned, unsigned align) {
    struct cw_shape shape = {.kind = CW_SHAPE_STRIDED, .exact_signed = exact_signed, .exact_unsigned = exact_unsigned, .stride = stride};
    if (stride == 0) shape = uniform;
    shape.align = (uint8_t)(align < ALIGN_MAX ? align : ALIGN_MAX);
    return shape;
}

/* VARYING, but strided if no lane wraps around. */
static struct cw_shape hinted(int64_t stride) {
    struct cw_shape shape = varying;
    shape.hint = true;
    shape.stride = stride;
    return shape;
}

static bool has_stride(const struct cw_shape *shape) {
    return shape->kind == CW_SHAPE_UNIFORM || shape->kind == CW_SHAPE_STRIDED || shape->hint;
}

static int64_t stride_of(const struct cw_shape *shape) {
    return shape->kind == CW_SHAPE_UNIFORM ? 0 : shape->stride;
}

static struct cw_shape join(struct cw_shape a, struct cw_shape b) {
    if (a.kind == CW_SHAPE_UNKNOWN) return b;
    if (b.kind == CW_SHAPE_UNKNOWN) return a;
    if (a.kind == CW_SHAPE_VARYING || b.kind == CW_SHAPE_VARYING || stride_of(&a) != stride_of(&b)) {
        struct cw_shape either = varying;
        either.parts = a.parts || b.parts;
        return either;
    }
    struct cw_shape shape = a;
    if (a.kind != b.kind) shape = a.kind == CW_SHAPE_STRIDED ? a : b;
    shape.exact_signed = a.exact_signed && b.exact_signed;
    shape.exact_unsigned = a.exact_unsigned && b.exact_unsigned;
    shape.align = a.align < b.align ? a.align : b.align;
    shape.group = a.group < b.group ? a.group : b.group;
    shape.parts = a.parts || b.parts;
    return shape;
}

static bool same(const struct cw_shape *a, const struct cw_shape *b) {
    return a->kind == b->kind && a->stride == b->stride && a->hint == b->hint && a->exact_signed == b->exact_signed &&
           a->exact_unsigned == b->exact_unsigned && a->align == b->align && a->group == b->group && a->parts == b->parts;
}

/* ---- One instruction ---- */

static bool small_constant(LLVMValueRef value, int64_t *number) {
    if (!LLVMIsAConstantInt(value) || LLVMGetIntTypeWidth(LLVMTypeOf(value)) > 64) return false;
    *number = LLVMConstIntGetSExtValue(value);
    return *number > -(1 << 30) && *number < (1 << 30);
}

static struct cw_shape linear(struct cw_shape a, struct cw_shape b, int64_t stride, bool nsw, bool nuw) {
    if (!has_stride(&a) || !has_stride(&b)) return varying;
    if (a.hint || b.hint) return hinted(stride);
    unsigned align = a.align < b.align ? a.align : b.align;
    struct cw_shape shape = strided(stride, nsw && a.exact_signed && b.exact_signed, nuw && a.exact_unsigned && b.exact_unsigned, align);
    if (b.kind == CW_SHAPE_UNIFORM && !b.parts && stride == a.stride) shape.group = a.group < b.align ? a.group : b.align;
    if (a.kind == CW_SHAPE_UNIFORM && !a.parts && stride == b.stride) shape.group = b.group < a.align ? b.group : a.align;
    return shape;
}

static unsigned constant_align(LLVMValueRef value) {
    int64_t number;
    if (!small_constant(value, &number)) return 0;
    return number == 0 ? ALIGN_MAX : (unsigned)__builtin_ctzll((uint64_t)number);
}

static unsigned align_of(struct cw_vector *v, LLVMValueRef value) {
    return LLVMIsAConstantInt(value) ? constant_align(value) : cw_vector_shape(v, value).align;
}

static struct cw_shape arithmetic_shape(struct cw_vector *v, LLVMOpcode opcode, LLVMValueRef i, struct cw_shape a, struct cw_shape b) {
    int64_t factor;
    bool nsw = LLVMGetNSW(i) != 0, nuw = LLVMGetNUW(i) != 0;
    a.align = (uint8_t)align_of(v, LLVMGetOperand(i, 0));
    b.align = (uint8_t)align_of(v, LLVMGetOperand(i, 1));
    if (opcode == LLVMAdd) return linear(a, b, stride_of(&a) + stride_of(&b), nsw, nuw);
    if (opcode == LLVMSub) return linear(a, b, stride_of(&a) - stride_of(&b), nsw, false);
    if (!small_constant(LLVMGetOperand(i, 1), &factor) || !has_stride(&a)) return varying;
    if (opcode == LLVMShl) {
        if (factor < 0 || factor > 30) return varying;
        factor = (int64_t)1 << factor;
    }
    b = uniform;
    b.align = ALIGN_MAX;
    unsigned more = opcode == LLVMShl ? log2_floor((uint64_t)factor) : constant_align(LLVMGetOperand(i, 1));
    a.align = (uint8_t)(a.align + more);
    struct cw_shape shape = linear(a, b, stride_of(&a) * factor, nsw, nuw && factor > 0);
    if (shape.kind == CW_SHAPE_STRIDED && a.group) shape.group = (uint8_t)(a.group + more < ALIGN_MAX ? a.group + more : ALIGN_MAX);
    return shape;
}

/* What changes only high bits of a rising number leaves it rising; whether it does is seen at run time. */
static struct cw_shape perhaps_rising(struct cw_shape a, struct cw_shape b) {
    if (a.kind == CW_SHAPE_STRIDED && b.kind == CW_SHAPE_UNIFORM) return hinted(a.stride);
    if (b.kind == CW_SHAPE_STRIDED && a.kind == CW_SHAPE_UNIFORM) return hinted(b.stride);
    return varying;
}

/* The bits in which `count` numbers from a multiple of 2^align on differ, each `stride` more than the one before; 0: not known. */
static uint64_t rising_bits(int64_t stride, unsigned align, unsigned count) {
    if (stride <= 0 || (stride & (stride - 1)) != 0 || stride > INT64_C(1) << ALIGN_MAX) return 0;
    unsigned low = log2_floor((uint64_t)stride), high = low + log2_floor(count);
    return align >= high ? ((uint64_t)1 << high) - ((uint64_t)1 << low) : 0;
}

/* What a bit operation with `number` does to the bits by which lanes (or parts too) differ. */
enum bits_fate { BITS_UNKNOWN, BITS_GO, BITS_STAY };

static enum bits_fate fate_of(LLVMOpcode opcode, uint64_t bits, uint64_t number) {
    uint64_t those = bits & number;
    if (bits == 0) return BITS_UNKNOWN;
    if (opcode == LLVMLShr) return number < 64 && bits >> number == 0 ? BITS_GO : BITS_UNKNOWN;
    if (opcode == LLVMAnd) return those == 0 ? BITS_GO : those == bits ? BITS_STAY : BITS_UNKNOWN;
    if (opcode == LLVMOr) return those == 0 ? BITS_STAY : those == bits ? BITS_GO : BITS_UNKNOWN;
    return those == 0 ? BITS_STAY : BITS_UNKNOWN;
}

/* The constant of a bit operation: whatever fits 64 bits; of a shift, what is small. */
static bool bits_constant(LLVMOpcode opcode, LLVMValueRef value, int64_t *number) {
    if (opcode == LLVMLShr) return small_constant(value, number) && *number >= 0;
    if (!LLVMIsAConstantInt(value) || LLVMGetIntTypeWidth(LLVMTypeOf(value)) > 64) return false;
    *number = LLVMConstIntGetSExtValue(value);
    return true;
}

/* x & number, x | number, x ^ number and x >> number, where the lanes lie between two multiples of a power of two. */
static struct cw_shape bits_shape(struct cw_vector *v, LLVMOpcode opcode, LLVMValueRef i, struct cw_shape a, struct cw_shape b) {
    int64_t number;
    struct cw_shape fallback = opcode == LLVMLShr ? varying : perhaps_rising(a, b);
    if (a.kind != CW_SHAPE_STRIDED || !bits_constant(opcode, LLVMGetOperand(i, 1), &number)) return fallback;
    switch (fate_of(opcode, rising_bits(a.stride, a.align, v->plan->lanes), (uint64_t)number)) {
    case BITS_GO: return uniform;
    case BITS_STAY: return strided(a.stride, true, true, opcode == LLVMAnd ? a.align : 0);
    default: return fallback;
    }
}

/* True if what makes the parts differ goes as well: the operation's result is one for all. */
static bool joins_parts(struct cw_vector *v, LLVMValueRef i) {
    int64_t number;
    LLVMOpcode opcode = LLVMGetInstructionOpcode(i);
    if (opcode != LLVMAnd && opcode != LLVMLShr && opcode != LLVMOr) return false;
    struct cw_shape a = cw_vector_shape(v, LLVMGetOperand(i, 0));
    if (a.kind != CW_SHAPE_STRIDED || !a.group || !bits_constant(opcode, LLVMGetOperand(i, 1), &number)) return false;
    return fate_of(opcode, rising_bits(a.stride, a.group, v->plan->lanes * v->parts), (uint64_t)number) == BITS_GO;
}

static struct cw_shape extension_shape(LLVMValueRef i, struct cw_shape a, bool is_signed) {
    bool nonnegative = !is_signed && LLVMGetNNeg(i);
    if (a.kind == CW_SHAPE_STRIDED && (is_signed ? a.exact_signed : a.exact_unsigned || (nonnegative && a.exact_signed))) {
        /* What an unsigned number of fewer bits rises to is exact as a signed one too. */
        a.exact_unsigned = !is_signed;
        a.exact_signed = true;
        return a;
    }
    return a.kind == CW_SHAPE_UNIFORM ? uniform : has_stride(&a) ? hinted(a.stride) : varying;
}

static struct cw_shape gep_shape(struct cw_vector *v, LLVMValueRef gep) {
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(v->llvm);
    struct cw_shape shape = cw_vector_shape(v, LLVMGetOperand(gep, 0));
    LLVMTypeRef type = LLVMGetGEPSourceElementType(gep);
    int count = LLVMGetNumOperands(gep);
    bool by_lane = cw_vector_is_by_lane(v, gep);
    if (shape.kind == CW_SHAPE_UNKNOWN) return shape;
    for (int k = 1; k < count; k++) {
        LLVMValueRef operand = LLVMGetOperand(gep, (unsigned)k);
        struct cw_shape index = cw_vector_shape(v, operand);
        if (index.kind == CW_SHAPE_UNKNOWN) return index;
        if (k > 1 && LLVMGetTypeKind(type) == LLVMStructTypeKind) {
            type = LLVMStructGetTypeAtIndex(type, (unsigned)LLVMConstIntGetZExtValue(operand));
            continue; /* struct indices are constants */
        }
        if (k > 1) type = LLVMGetElementType(type);
        /* An index of fewer bits than a pointer is sign-extended. */
        if (index.kind == CW_SHAPE_STRIDED && !index.exact_signed && LLVMGetIntTypeWidth(LLVMTypeOf(operand)) < 64) index = hinted(index.stride);
        int64_t size = (int64_t)LLVMABISizeOfType(layout, type);
        if (by_lane) size *= v->plan->lanes; /* between its elements lie those of all lanes */
        if (has_stride(&index)) index.stride = stride_of(&index) * size;
        shape = linear(shape, index, stride_of(&shape) + stride_of(&index), false, false);
    }
    return shape;
}

static struct cw_shape operands_shape(struct cw_vector *v, LLVMValueRef i) {
    int count = LLVMGetNumOperands(i);
    struct cw_shape result = uniform;
    for (int k = 0; k < count; k++) {
        struct cw_shape shape = cw_vector_shape(v, LLVMGetOperand(i, (unsigned)k));
        if (shape.kind == CW_SHAPE_UNKNOWN) return shape;
        if (shape.kind != CW_SHAPE_UNIFORM) result = varying;
    }
    return result;
}

static struct cw_shape phi_shape(struct cw_vector *v, LLVMValueRef phi, bool is_join) {
    struct cw_shape shape = {0};
    unsigned count = LLVMCountIncoming(phi);
    for (unsigned k = 0; k < count; k++) shape = join(shape, cw_vector_shape(v, LLVMGetIncomingValue(phi, k)));
    /* Where divergent paths meet, lanes come with different bases. */
    if (is_join && shape.kind != CW_SHAPE_UNKNOWN) {
        shape = varying;
        shape.parts = true;
    }
    return shape;
}

static struct cw_shape alloca_shape(struct cw_vector *v, LLVMValueRef i) {
    const struct cw_vector_value *value = cw_vector_find(v, i);
    LLVMTypeRef type = LLVMGetAllocatedType(i);
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(v->llvm);
    uint64_t size = LLVMABISizeOfType(layout, type);
    LLVMValueRef count = LLVMGetOperand(i, 0);
    if (LLVMIsAConstantInt(count)) size *= LLVMConstIntGetZExtValue(count);
    struct cw_shape shape = strided(value->by_lane ? 0 : (int64_t)size, true, false, 0);
    shape.parts = true;
    return shape;
}

/* What a number that is the same in all lanes is a multiple of: 2^this. */
static unsigned uniform_align(struct cw_vector *v, LLVMOpcode opcode, LLVMValueRef i) {
    unsigned a = align_of(v, LLVMGetOperand(i, 0)), b = LLVMGetNumOperands(i) > 1 ? align_of(v, LLVMGetOperand(i, 1)) : 0, align = 0;
    int64_t amount;
    switch (opcode) {
    case LLVMAdd:
    case LLVMSub:
    case LLVMOr: align = a < b ? a : b; break;
    case LLVMAnd: align = a > b ? a : b; break;
    case LLVMMul: align = a + b; break;
    case LLVMShl: align = small_constant(LLVMGetOperand(i, 1), &amount) && amount >= 0 && amount < 32 ? a + (unsigned)amount : a; break;
    case LLVMSExt:
    case LLVMZExt:
    case LLVMTrunc: align = a; break;
    default: break;
    }
    return align < ALIGN_MAX ? align : ALIGN_MAX;
}

/* True if the parts' operands differ, or their memory. */
static bool differs_by_part(struct cw_vector *v, LLVMValueRef i) {
    LLVMOpcode opcode = LLVMGetInstructionOpcode(i);
    if (opcode == LLVMAtomicRMW || opcode == LLVMAtomicCmpXchg) return true;
    if (opcode == LLVMCall && cw_vector_is_once(i)) return false;
    for (int k = 0; k < LLVMGetNumOperands(i); k++)
        if (cw_vector_shape(v, LLVMGetOperand(i, (unsigned)k)).parts) return true;
    return false;
}

/* The shape of a value within one part; `is_join` phis take it from divergent paths. */
static struct cw_shape transfer_in_part(struct cw_vector *v, LLVMValueRef i, bool is_join) {
    LLVMOpcode opcode = LLVMGetInstructionOpcode(i);
    struct cw_shape all = {0}, a = {0}, b = {0}, result;
    switch (opcode) {
    case LLVMPHI: return phi_shape(v, i, is_join);
    case LLVMAlloca: return alloca_shape(v, i);
    case LLVMCall: return cw_vector_call_shape(v, i);
    case LLVMGetElementPtr: return gep_shape(v, i);
    case LLVMLoad: return cw_vector_is_by_lane(v, LLVMGetOperand(i, 0)) ? varying : operands_shape(v, i);
    case LLVMAtomicRMW:
    case LLVMAtomicCmpXchg: return varying;
    default: break;
    }
    all = operands_shape(v, i);
    if (all.kind == CW_SHAPE_UNIFORM) all.align = (uint8_t)uniform_align(v, opcode, i);
    if (all.kind != CW_SHAPE_VARYING) return all;
    a = cw_vector_shape(v, LLVMGetOperand(i, 0));
    if (LLVMGetNumOperands(i) > 1) b = cw_vector_shape(v, LLVMGetOperand(i, 1));
    LLVMTypeKind kind = LLVMGetTypeKind(LLVMTypeOf(i));
    bool is_number = (kind == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(LLVMTypeOf(i)) <= 64) || kind == LLVMPointerTypeKind;
    if (!is_number) return varying;
    switch (opcode) {
    case LLVMAdd:
    case LLVMSub:
    case LLVMMul:
    case LLVMShl: result = arithmetic_shape(v, opcode, i, a, b); break;
    case LLVMOr:
        result = LLVMGetIsDisjoint(i) ? linear(a, b, stride_of(&a) + stride_of(&b), true, true) : bits_shape(v, opcode, i, a, b);
        break;
    case LLVMAnd:
    case LLVMLShr:
    case LLVMXor: result = bits_shape(v, opcode, i, a, b); break;
    case LLVMURem: result = perhaps_rising(a, b); break;
    case LLVMSExt:
    case LLVMZExt: result = extension_shape(i, a, opcode == LLVMSExt); break;
    case LLVMTrunc:
        result = a;
        if (result.kind == CW_SHAPE_STRIDED) {
            result.exact_signed = LLVMGetNSW(i) && a.exact_signed;
            result.exact_unsigned = LLVMGetNUW(i) && a.exact_unsigned;
        }
        break;
    case LLVMPtrToInt:
    case LLVMIntToPtr:
    case LLVMAddrSpaceCast:
    case LLVMFreeze:
        result = a;
        result.exact_signed = result.exact_unsigned = false;
        break;
    case LLVMSelect:
        result = varying;
        if (a.kind == CW_SHAPE_UNIFORM) result = join(b, cw_vector_shape(v, LLVMGetOperand(i, 2)));
        break;
    default: result = varying; break;
    }
    return result;
}

static struct cw_shape transfer(struct cw_vector *v, LLVMValueRef i, bool is_join) {
    struct cw_shape shape = transfer_in_part(v, i, is_join);
    if (v->parts == 1) shape.parts = false;
    else if (shape.kind != CW_SHAPE_UNKNOWN && !LLVMIsAPHINode(i)) shape.parts |= differs_by_part(v, i);
    if (shape.kind == CW_SHAPE_UNIFORM && shape.parts && joins_parts(v, i)) shape.parts = false;
    if (!shape.parts || shape.kind != CW_SHAPE_STRIDED) shape.group = 0;
    return shape;
}

/* ---- Divergence ---- */

static void successors_of(struct cw_vector *v, uint32_t block, uint32_t *list, unsigned *count) {
    LLVMValueRef terminator = LLVMGetBasicBlockTerminator(v->cfg.blocks[block]);
    *count = LLVMGetNumSuccessors(terminator);
    for (unsigned s = 0; s < *count && s < 2; s++) list[s] = cw_cfg_index(&v->cfg, LLVMGetSuccessor(terminator, s));
}

/* The blocks that lanes may take different ways through: from the branch of `origin` up to its immediate post-dominator.
 * The marks are added to `region`. */
static void mark_region(struct cw_vector *v, uint32_t origin, bool *region) {
    uint32_t *stack = cw_alloc_array(v->cfg.count + 1, sizeof *stack), depth = 0, next[2], stop = v->immediate_post_dominator[origin];
    unsigned count;
    bool *seen = cw_alloc_array(v->cfg.count, sizeof *seen);
    stack[depth++] = origin;
    while (depth) {
        successors_of(v, stack[--depth], next, &count);
        for (unsigned s = 0; s < count; s++) {
            if (next[s] == stop || seen[next[s]]) continue;
            seen[next[s]] = region[next[s]] = true;
            stack[depth++] = next[s];
        }
    }
    free(stack);
    free(seen);
}

/* Marks the blocks where paths from the two sides of the divergent branch of `origin` meet. Each block takes the label of the
 * paths that lead to it; where labels differ is a join, which begins a label of its own. */
static void mark_joins(struct cw_vector *v, uint32_t origin, const bool *region, bool *joins) {
    uint32_t *label = cw_alloc_array(v->cfg.count, sizeof *label), next[2], stop = v->immediate_post_dominator[origin];
    unsigned count;
    for (uint32_t b = 0; b < v->cfg.count; b++) label[b] = CW_CFG_NONE;
    successors_of(v, origin, next, &count);
    for (unsigned s = 0; s < count; s++) label[next[s]] = next[s];
    for (uint32_t b = origin + 1; b < v->cfg.count; b++) {
        if (label[b] == CW_CFG_NONE || b == stop || !region[b]) continue;
        successors_of(v, b, next, &count);
        for (unsigned s = 0; s < count; s++) {
            if (next[s] <= b) continue; /* back edges join nothing: a loop has one latch */
            if (label[next[s]] == CW_CFG_NONE) {
                label[next[s]] = label[b];
            } else if (label[next[s]] != label[b]) {
                joins[next[s]] = true;
                label[next[s]] = next[s];
            }
        }
    }
    free(label);
}

/* Marks what the divergent branch of `origin` makes divergent: blocks, phis where paths meet, loops. */
static void spread(struct cw_vector *v, uint32_t origin, bool *joins) {
    bool *region = cw_alloc_array(v->cfg.count, sizeof *region);
    uint32_t next[2];
    unsigned count;
    mark_region(v, origin, region);
    mark_joins(v, origin, region, joins);
    for (uint32_t b = 0; b < v->cfg.count; b++) v->blocks[b].divergent |= region[b];
    for (uint32_t l = 0; l < v->cfg.loop_count; l++) {
        const struct cw_loop *loop = &v->cfg.loops[l];
        if (!loop->contains[origin]) continue;
        for (uint32_t b = 0; b < v->cfg.count; b++) {
            if (!loop->contains[b] || (b != origin && !region[b])) continue;
            successors_of(v, b, next, &count);
            for (unsigned s = 0; s < count; s++)
                if (!loop->contains[next[s]]) v->loops[l].divergent = true;
        }
    }
    free(region);
}

static bool is_header(const struct cw_vector *v, uint32_t block) {
    for (uint32_t l = 0; l < v->cfg.loop_count; l++)
        if (v->cfg.loops[l].header == block) return true;
    return false;
}

/* Exits of divergent loops: the phis there carry values out at different times. */
static void mark_exits(struct cw_vector *v, bool *joins) {
    uint32_t next[2];
    unsigned count;
    for (uint32_t l = 0; l < v->cfg.loop_count; l++) {
        if (!v->loops[l].divergent) continue;
        for (uint32_t b = 0; b < v->cfg.count; b++) {
            if (!v->cfg.loops[l].contains[b]) continue;
            v->blocks[b].divergent = true;
            successors_of(v, b, next, &count);
            for (unsigned s = 0; s < count; s++)
                if (!v->cfg.loops[l].contains[next[s]]) joins[next[s]] = true;
        }
    }
}

/* ---- Post-dominators: dominators of the reversed graph (Cooper, Harvey, Kennedy 2001) ---- */

static void number_backwards(struct cw_vector *v, uint32_t block, uint32_t **predecessors, const uint32_t *predecessor_count, bool *seen,
                             uint32_t *order, uint32_t *count) {
    seen[block] = true;
    for (uint32_t p = 0; p < predecessor_count[block]; p++)
        if (!seen[predecessors[block][p]]) number_backwards(v, predecessors[block][p], predecessors, predecessor_count, seen, order, count);
    order[(*count)++] = block;
}

static void find_post_dominators(struct cw_vector *v) {
    uint32_t total = v->cfg.count, next[2], exit = CW_CFG_NONE, count = 0;
    unsigned successors;
    uint32_t *ipdom = v->immediate_post_dominator = cw_alloc_array(total, sizeof *ipdom);
    uint32_t **predecessors = cw_alloc_array(total, sizeof *predecessors), *predecessor_count = cw_alloc_array(total, sizeof *predecessor_count);
    for (uint32_t b = 0; b < total; b++) predecessors[b] = cw_alloc_array(total + 1, sizeof **predecessors);
    for (uint32_t b = 0; b < total; b++) {
        successors_of(v, b, next, &successors);
        if (successors == 0) exit = b;
        for (unsigned s = 0; s < successors; s++) predecessors[next[s]][predecessor_count[next[s]]++] = b;
    }
    bool *seen = cw_alloc_array(total, sizeof *seen);
    uint32_t *order = cw_alloc_array(total, sizeof *order), *number = cw_alloc_array(total, sizeof *number);
    if (exit != CW_CFG_NONE) number_backwards(v, exit, predecessors, predecessor_count, seen, order, &count);
    for (uint32_t b = 0; b < total; b++) ipdom[b] = CW_CFG_NONE;
    if (count != total) {
        cw_vector_refuse(v, v->function, "it has a loop without an end");
    } else {
        for (uint32_t k = 0; k < count; k++) number[order[k]] = k; /* postorder: the exit is last */
        ipdom[exit] = exit;
        for (bool changed = true; changed;) {
            changed = false;
            for (uint32_t k = count - 1; k-- > 0;) {
                uint32_t b = order[k], found = CW_CFG_NONE;
                successors_of(v, b, next, &successors);
                for (unsigned s = 0; s < successors; s++) {
                    uint32_t a = next[s];
                    if (ipdom[a] == CW_CFG_NONE) continue;
                    if (found == CW_CFG_NONE) {
                        found = a;
                        continue;
                    }
                    while (found != a) {
                        while (number[found] < number[a]) found = ipdom[found];
                        while (number[a] < number[found]) a = ipdom[a];
                    }
                }
                if (found != ipdom[b]) {
                    ipdom[b] = found;
                    changed = true;
                }
            }
        }
        ipdom[exit] = CW_CFG_NONE;
    }
    for (uint32_t b = 0; b < total; b++) free(predecessors[b]);
    free(predecessors);
    free(predecessor_count);
    free(seen);
    free(order);
    free(number);
}

/* ---- The fixed point ---- */

static bool update_block(struct cw_vector *v, uint32_t b, bool *joins) {
    bool changed = false;
    bool is_join = joins[b] && !is_header(v, b);
    for (LLVMValueRef i = LLVMGetFirstInstruction(v->cfg.blocks[b]); i; i = LLVMGetNextInstruction(i)) {
        struct cw_vector_value *value = cw_vector_find(v, i);
        if (!value) continue;
        struct cw_shape shape = transfer(v, i, is_join);
        /* Shapes only ever go up. */
        if (value->shape.kind != CW_SHAPE_UNKNOWN && shape.kind < value->shape.kind) shape = value->shape;
        shape.parts |= value->shape.parts;
        if (same(&shape, &value->shape)) continue;
        value->shape = shape;
        changed = true;
    }
    LLVMValueRef terminator = LLVMGetBasicBlockTerminator(v->cfg.blocks[b]);
    if (LLVMGetNumSuccessors(terminator) < 2 || v->blocks[b].divergent_branch) return changed;
    struct cw_shape condition = cw_vector_shape(v, LLVMGetCondition(terminator));
    if (condition.kind == CW_SHAPE_UNKNOWN || (condition.kind == CW_SHAPE_UNIFORM && !condition.parts)) return changed;
    v->blocks[b].divergent_branch = true;
    spread(v, b, joins);
    return true;
}

void cw_vector_analyse(struct cw_vector *v) {
    find_post_dominators(v);
    if (v->failed) return;
    bool *joins = cw_alloc_array(v->cfg.count, sizeof *joins);
    unsigned rounds = 0;
    for (bool changed = true; changed && rounds < ROUNDS_MAX; rounds++) {
        changed = false;
        for (uint32_t b = 0; b < v->cfg.count; b++) changed |= update_block(v, b, joins);
        mark_exits(v, joins);
    }
    if (rounds == ROUNDS_MAX) cw_vector_refuse(v, v->function, "its values could not be told apart in %u rounds", rounds);
    /* What nothing reaches a shape for is computed from poison alone. */
    for (size_t k = 0; k < v->value_count; k++)
        if (v->values[k].shape.kind == CW_SHAPE_UNKNOWN) v->values[k].shape = uniform;
    free(joins);
}
