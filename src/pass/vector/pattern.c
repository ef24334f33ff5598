/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pattern.c: addresses whose distances between lanes are constants, though not all the same: keys[2 * t - (t & 3)] of a sorting
 * network, warps[t % 8] behind a reduction. They are found as a sum of values that all lanes have in common, times constants, and
 * a constant for each lane; bit operations with constants take apart what lies below the alignment of the common part (lanes begin
 * at multiples of their number). Then whole vectors are accessed in place of gathers and scatters, and permutations with constant
 * indices put lanes and elements together. It is the "strided and permuted access" of Ren, Wu and Padua, "Optimizing Data
 * Permutations for SIMD Devices", PLDI 2006, with the permutation taken from the addresses.
 *
 * Only elements that some lane accesses are touched: where lanes leave gaps, accesses are masked by constants. Two stores behind each
 * other that fill each other's gaps become one. Only where all lanes are on.
 */
#include <stdlib.h>
#include <string.h>

#include "pass/vector/state.h"

#define LEAVES_MAX 4u
#define DEPTH_MAX 12u
#define STEPS_MAX 4096u
#define LANES_MAX 32u
#define WINDOW_VECTORS 2u /* that one permutation reads */

/* What of a number counts: its extension to 64 bits, or its low bits alone. */
enum width { AS_SIGNED, AS_UNSIGNED, LOW_BITS };

/* The sum of the leaves' scalars, each extended and times its factor, plus each lane's offset. */
struct pattern {
    struct leaf {
        LLVMValueRef old;
        int64_t factor;
        enum width width;
    } leaves[LEAVES_MAX];
    unsigned count;
    int64_t offsets[LANES_MAX];
};

/* ---- Finding them ---- */

/* True if `old` stands before the instruction that is being widened, in its block: before a barrier, for instance. */
static bool was_widened(const struct cw_vector *v, LLVMValueRef old) {
    LLVMValueRef i = v->widened;
    for (unsigned steps = 0; i && i != old && steps < STEPS_MAX; steps++) i = LLVMGetPreviousInstruction(i);
    return i == old && i != v->widened;
}

/* True if the scalar of `old` can be had at the builder's place. */
static bool is_at_hand(struct cw_vector *v, LLVMValueRef old) {
    const struct cw_vector_value *value = cw_vector_find(v, old);
    if (!value || !LLVMIsAInstruction(old) || cw_vector_is_defined(v, old)) return true;
    if (!value->slot[value->shape.parts ? v->part : 0]) return false;
    return LLVMGetInstructionParent(old) != v->cfg.blocks[v->block] || was_widened(v, old);
}

static bool add_leaf(struct pattern *pattern, struct leaf leaf) {
    for (unsigned k = 0; k < pattern->count; k++) {
        if (pattern->leaves[k].old != leaf.old || pattern->leaves[k].width != leaf.width) continue;
        pattern->leaves[k].factor += leaf.factor;
        if (pattern->leaves[k].factor == 0) pattern->leaves[k] = pattern->leaves[--pattern->count];
        return true;
    }
    if (pattern->count == LEAVES_MAX) return false;
    pattern->leaves[pattern->count++] = leaf;
    return true;
}

static bool add_pattern(struct pattern *to, const struct pattern *from, int64_t factor) {
    for (unsigned k = 0; k < from->count; k++) {
        struct leaf leaf = from->leaves[k];
        leaf.factor *= factor;
        if (leaf.factor && !add_leaf(to, leaf)) return false;
    }
    for (unsigned k = 0; k < LANES_MAX; k++) to->offsets[k] += from->offsets[k] * factor;
    return true;
}

static bool find(struct cw_vector *v, LLVMValueRef old, enum width width, unsigned depth, struct pattern *pattern);

static bool small_constant(LLVMValueRef value, int64_t *number) {
    if (!LLVMIsAConstantInt(value) || LLVMGetIntTypeWidth(LLVMTypeOf(value)) > 64) return false;
    *number = LLVMConstIntGetSExtValue(value);
    return *number > -(INT64_C(1) << 30) && *number < INT64_C(1) << 30;
}

/* True if what the operation gives is the sum (or product) of its operands' extensions. */
static bool is_exact(LLVMValueRef i, enum width width) {
    bool is_64 = LLVMGetIntTypeWidth(LLVMTypeOf(i)) == 64;
    if (LLVMGetInstructionOpcode(i) == LLVMOr) return LLVMGetIsDisjoint(i);
    return is_64 || width == LOW_BITS || (width == AS_SIGNED ? LLVMGetNSW(i) : LLVMGetNUW(i));
}

static bool find_sum(struct cw_vector *v, LLVMValueRef i, enum width width, unsigned depth, struct pattern *pattern) {
    struct pattern other = {0};
    if (!is_exact(i, width) || !find(v, LLVMGetOperand(i, 0), width, depth, pattern) || !find(v, LLVMGetOperand(i, 1), width, depth, &other))
        return false;
    return add_pattern(pattern, &other, LLVMGetInstructionOpcode(i) == LLVMSub ? -1 : 1);
}

static bool find_product(struct cw_vector *v, LLVMValueRef i, enum width width, unsigned depth, struct pattern *pattern) {
    struct pattern other = {0};
    int64_t factor;
    if (!is_exact(i, width) || !small_constant(LLVMGetOperand(i, 1), &factor)) return false;
    if (LLVMGetInstructionOpcode(i) == LLVMShl) {
        if (factor < 0 || factor > 30) return false;
        factor = INT64_C(1) << factor;
    }
    return find(v, LLVMGetOperand(i, 0), width, depth, &other) && add_pattern(pattern, &other, factor);
}

/* True if the common part is a multiple of a power of two above `bits`, and, where `all` is asked for, above all that lanes add. */
static bool lies_above(struct cw_vector *v, const struct pattern *pattern, int64_t bits, bool all) {
    for (unsigned k = 0; k < v->plan->lanes && all; k++) {
        if (pattern->offsets[k] < 0) return false;
        bits |= pattern->offsets[k];
    }
    unsigned needed = 64u - (unsigned)__builtin_clzll((uint64_t)bits | 1);
    for (unsigned k = 0; k < pattern->count; k++) {
        unsigned align = cw_vector_shape(v, pattern->leaves[k].old).align + (unsigned)__builtin_ctzll((uint64_t)pattern->leaves[k].factor);
        if (align < needed) return false;
    }
    return true;
}

static bool find_bits(struct cw_vector *v, LLVMValueRef i, enum width width, unsigned depth, struct pattern *pattern) {
    bool is_and = LLVMGetInstructionOpcode(i) == LLVMAnd;
    struct pattern other = {0};
    int64_t bits;
    if (!small_constant(LLVMGetOperand(i, 1), &bits) || bits <= 0) return false;
    if (!find(v, LLVMGetOperand(i, 0), is_and ? LOW_BITS : width, depth, &other) || !lies_above(v, &other, bits, !is_and)) return false;
    for (unsigned k = 0; k < LANES_MAX; k++) other.offsets[k] = is_and ? other.offsets[k] & bits : other.offsets[k] ^ bits;
    if (is_and) other.count = 0;
    return add_pattern(pattern, &other, 1);
}

static bool find_address(struct cw_vector *v, LLVMValueRef gep, unsigned depth, struct pattern *pattern) {
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(v->llvm);
    LLVMTypeRef type = LLVMGetGEPSourceElementType(gep);
    if (!find(v, LLVMGetOperand(gep, 0), AS_SIGNED, depth, pattern)) return false;
    for (int k = 1; k < LLVMGetNumOperands(gep); k++) {
        LLVMValueRef index = LLVMGetOperand(gep, (unsigned)k);
        struct pattern other = {0};
        if (k > 1 && LLVMGetTypeKind(type) == LLVMStructTypeKind) {
            unsigned field = (unsigned)LLVMConstIntGetZExtValue(index);
            for (unsigned n = 0; n < LANES_MAX; n++) pattern->offsets[n] += (int64_t)LLVMOffsetOfElement(layout, type, field);
            type = LLVMStructGetTypeAtIndex(type, field);
            continue;
        }
        if (k > 1) type = LLVMGetElementType(type);
        if (!find(v, index, AS_SIGNED, depth, &other) || !add_pattern(pattern, &other, (int64_t)LLVMABISizeOfType(layout, type))) return false;
    }
    return true;
}

static bool find_leaf(struct cw_vector *v, LLVMValueRef old, enum width width, struct pattern *pattern) {
    struct cw_shape shape = cw_vector_shape(v, old);
    LLVMTypeRef type = LLVMTypeOf(old);
    bool is_whole = LLVMGetTypeKind(type) == LLVMPointerTypeKind || LLVMGetIntTypeWidth(type) == 64;
    if (shape.kind != CW_SHAPE_UNIFORM && shape.kind != CW_SHAPE_STRIDED) return false;
    if (shape.kind == CW_SHAPE_STRIDED && !is_whole && width != LOW_BITS && !(width == AS_SIGNED ? shape.exact_signed : shape.exact_unsigned)) return false;
    if (!is_at_hand(v, old)) return false;
    int64_t stride = shape.kind == CW_SHAPE_STRIDED ? shape.stride : 0;
    for (unsigned k = 0; k < LANES_MAX; k++) pattern->offsets[k] += stride * (int64_t)k;
    return add_leaf(pattern, (struct leaf){old, 1, width});
}

/* Adds what `old` is to an empty pattern; false when it isn't of that kind. */
static bool find(struct cw_vector *v, LLVMValueRef old, enum width width, unsigned depth, struct pattern *pattern) {
    if (LLVMIsAConstantInt(old) && LLVMGetIntTypeWidth(LLVMTypeOf(old)) <= 64) {
        int64_t number = width == AS_UNSIGNED ? (int64_t)LLVMConstIntGetZExtValue(old) : LLVMConstIntGetSExtValue(old);
        for (unsigned k = 0; k < LANES_MAX; k++) pattern->offsets[k] += number;
        return true;
    }
    LLVMTypeKind kind = LLVMGetTypeKind(LLVMTypeOf(old));
    if (kind != LLVMPointerTypeKind && (kind != LLVMIntegerTypeKind || LLVMGetIntTypeWidth(LLVMTypeOf(old)) > 64)) return false;
    if (cw_vector_shape(v, old).kind != CW_SHAPE_VARYING && find_leaf(v, old, width, pattern)) return true;
    if (!LLVMIsAInstruction(old) || depth == 0) return false;
    switch (LLVMGetInstructionOpcode(old)) {
    case LLVMAdd:
    case LLVMSub:
    case LLVMOr: return find_sum(v, old, width, depth - 1, pattern);
    case LLVMMul:
    case LLVMShl: return find_product(v, old, width, depth - 1, pattern);
    case LLVMAnd:
    case LLVMXor: return find_bits(v, old, width, depth - 1, pattern);
    case LLVMSExt: return find(v, LLVMGetOperand(old, 0), width == LOW_BITS ? LOW_BITS : AS_SIGNED, depth - 1, pattern);
    case LLVMZExt: return find(v, LLVMGetOperand(old, 0), width == LOW_BITS ? LOW_BITS : LLVMGetNNeg(old) ? AS_SIGNED : AS_UNSIGNED, depth - 1, pattern);
    case LLVMTrunc: return width == LOW_BITS && find(v, LLVMGetOperand(old, 0), LOW_BITS, depth - 1, pattern);
    case LLVMGetElementPtr: return find_address(v, old, depth - 1, pattern);
    default: return false;
    }
}

/* ---- Windows of memory ---- */

/* Where the lanes' elements are from the window's first one on. */
struct window {
    struct pattern pattern;
    unsigned elements[LANES_MAX], vectors;
    int64_t first; /* byte */
};

static uint64_t size_of(struct cw_vector *v, LLVMTypeRef type) {
    return LLVMABISizeOfType(LLVMGetModuleDataLayout(v->llvm), type);
}

static bool find_window(struct cw_vector *v, LLVMValueRef pointer, LLVMTypeRef type, struct window *window) {
    unsigned lanes = v->plan->lanes;
    int64_t size = (int64_t)size_of(v, type), last = INT64_MIN;
    memset(window, 0, sizeof *window);
    window->first = INT64_MAX;
    if (!find(v, pointer, AS_SIGNED, DEPTH_MAX, &window->pattern)) return false;
    for (unsigned k = 0; k < lanes; k++) {
        if (window->pattern.offsets[k] < window->first) window->first = window->pattern.offsets[k];
        if (window->pattern.offsets[k] > last) last = window->pattern.offsets[k];
    }
    if ((last - window->first) / size >= WINDOW_VECTORS * lanes) return false;
    unsigned pointers = 0;
    for (unsigned k = 0; k < window->pattern.count; k++)
        pointers += LLVMGetTypeKind(LLVMTypeOf(window->pattern.leaves[k].old)) == LLVMPointerTypeKind && window->pattern.leaves[k].factor == 1;
    for (unsigned k = 0; k < lanes; k++) {
        int64_t offset = window->pattern.offsets[k] - window->first;
        if (offset % size) return false;
        window->elements[k] = (unsigned)(offset / size);
    }
    window->vectors = (unsigned)((last - window->first) / size) / lanes + 1;
    return pointers == 1;
}

/* The n-th vector's place. */
static LLVMValueRef place_of(struct cw_vector *v, const struct window *window, int64_t first, unsigned n, LLVMTypeRef type) {
    LLVMBuilderRef b = v->builder;
    LLVMValueRef base = NULL, offset = LLVMConstInt(v->i64, (uint64_t)(first + (int64_t)(n * v->plan->lanes * size_of(v, type))), 1);
    for (unsigned k = 0; k < window->pattern.count; k++) {
        const struct leaf *leaf = &window->pattern.leaves[k];
        LLVMValueRef scalar = cw_vector_scalar(v, leaf->old);
        if (LLVMGetTypeKind(LLVMTypeOf(scalar)) == LLVMPointerTypeKind) {
            base = scalar;
            continue;
        }
        LLVMValueRef wide = LLVMBuildIntCast2(b, scalar, v->i64, leaf->width == AS_SIGNED, "");
        offset = LLVMBuildAdd(b, offset, LLVMBuildMul(b, wide, LLVMConstInt(v->i64, (uint64_t)leaf->factor, 1), ""), "");
    }
    return LLVMBuildGEP2(b, v->i8, base, &offset, 1, "");
}

/* Of each lane-sized vector of the window the elements that are accessed; true if all are. */
static bool mask_of(struct cw_vector *v, const bool *touched, unsigned n, LLVMValueRef *mask) {
    LLVMValueRef on[LANES_MAX];
    bool all = true;
    for (unsigned k = 0; k < v->plan->lanes; k++) {
        on[k] = LLVMConstInt(v->i1, touched[n * v->plan->lanes + k], 0);
        all &= touched[n * v->plan->lanes + k];
    }
    *mask = LLVMConstVector(on, v->plan->lanes);
    return all;
}

static unsigned align_of(LLVMValueRef access) {
    unsigned align = LLVMGetAlignment(access);
    return align ? align : 1;
}

static void set_align(struct cw_vector *v, LLVMValueRef call, unsigned argument, unsigned align) {
    LLVMAddCallSiteAttribute(call, argument + 1, LLVMCreateEnumAttribute(v->context, cw_attribute_kind("align"), align));
}

static bool is_of_interest(struct cw_vector *v, LLVMValueRef access, LLVMTypeRef type) {
    LLVMValueRef pointer = LLVMGetOperand(access, LLVMIsAStoreInst(access) != NULL);
    uint64_t size = size_of(v, type);
    return !LLVMGetVolatile(access) && cw_vector_shape(v, pointer).kind == CW_SHAPE_VARYING && size <= 8 && !cw_vector_is_by_lane(v, pointer) &&
           LLVMGetOrdering(access) == LLVMAtomicOrderingNotAtomic && LLVMSizeOfTypeInBits(LLVMGetModuleDataLayout(v->llvm), type) == 8 * size;
}

/* ---- Loads ---- */

LLVMValueRef cw_vector_load_pattern(struct cw_vector *v, LLVMValueRef load) {
    struct window window;
    LLVMTypeRef type = LLVMTypeOf(load), wide = cw_vector_type(v, type);
    unsigned lanes = v->plan->lanes;
    if (v->mask || !wide || !is_of_interest(v, load, type) || !find_window(v, LLVMGetOperand(load, 0), type, &window)) return NULL;
    bool touched[WINDOW_VECTORS * LANES_MAX] = {0};
    LLVMValueRef vectors[WINDOW_VECTORS] = {LLVMGetPoison(wide), LLVMGetPoison(wide)}, order[LANES_MAX], mask;
    for (unsigned k = 0; k < lanes; k++) {
        touched[window.elements[k]] = true;
        order[k] = LLVMConstInt(v->i32, window.elements[k], 0);
    }
    for (unsigned n = 0; n < window.vectors; n++) {
        LLVMValueRef place = place_of(v, &window, window.first, n, type);
        if (mask_of(v, touched, n, &mask)) {
            vectors[n] = LLVMBuildLoad2(v->builder, wide, place, "");
            LLVMSetAlignment(vectors[n], align_of(load));
        } else {
            LLVMTypeRef types[2] = {wide, v->pointer};
            LLVMValueRef arguments[3] = {place, mask, LLVMGetPoison(wide)};
            vectors[n] = cw_vector_call_llvm(v, "llvm.masked.load", types, 2, arguments, 3);
            set_align(v, vectors[n], 0, align_of(load));
        }
    }
    return LLVMBuildShuffleVector(v->builder, vectors[0], vectors[1], LLVMConstVector(order, lanes), "");
}

/* ---- Stores ---- */

static bool has_same_leaves(const struct pattern *a, const struct pattern *b) {
    struct pattern difference = *a;
    return a->count == b->count && add_pattern(&difference, b, -1) && difference.count == 0;
}

static bool is_quiet(LLVMValueRef i) {
    LLVMOpcode opcode = LLVMGetInstructionOpcode(i);
    if (opcode == LLVMCall) return !cw_vector_has_effects(i);
    return opcode != LLVMLoad && opcode != LLVMStore && opcode != LLVMFence && opcode != LLVMAtomicRMW && opcode != LLVMAtomicCmpXchg;
}

static LLVMValueRef neighbour_store(LLVMValueRef store, bool forward) {
    LLVMValueRef i = store;
    do i = forward ? LLVMGetNextInstruction(i) : LLVMGetPreviousInstruction(i);
    while (i && is_quiet(i));
    return i && LLVMIsAStoreInst(i) ? i : NULL;
}

/* Both stores' elements lie in one window. */
static bool makes_pair(struct cw_vector *v, LLVMValueRef first, LLVMValueRef second, struct window windows[2]) {
    LLVMTypeRef type = LLVMTypeOf(LLVMGetOperand(first, 0));
    if (LLVMTypeOf(LLVMGetOperand(second, 0)) != type || !is_of_interest(v, first, type) || !is_of_interest(v, second, type)) return false;
    if (!find_window(v, LLVMGetOperand(first, 1), type, &windows[0]) || !find_window(v, LLVMGetOperand(second, 1), type, &windows[1])) return false;
    int64_t size = (int64_t)size_of(v, type), least = windows[0].first < windows[1].first ? windows[0].first : windows[1].first;
    if (!has_same_leaves(&windows[0].pattern, &windows[1].pattern)) return false;
    for (unsigned w = 0; w < 2; w++) {
        int64_t further = windows[w].first - least;
        if (further % size || further / size >= WINDOW_VECTORS * v->plan->lanes) return false;
        for (unsigned k = 0; k < v->plan->lanes; k++) {
            windows[w].elements[k] += (unsigned)(further / size);
            if (windows[w].elements[k] >= WINDOW_VECTORS * v->plan->lanes) return false;
        }
        windows[w].first = least;
        windows[w].vectors = WINDOW_VECTORS;
    }
    return true;
}

/* Stores the lanes of one or two values; what the later one stores stays. */
static void store_windows(struct cw_vector *v, const struct window *windows, LLVMValueRef const *values, unsigned count, unsigned align, LLVMTypeRef type) {
    unsigned lanes = v->plan->lanes;
    bool touched[WINDOW_VECTORS * LANES_MAX] = {0};
    unsigned source[WINDOW_VECTORS * LANES_MAX] = {0};
    for (unsigned w = 0; w < count; w++)
        for (unsigned k = 0; k < lanes; k++) {
            touched[windows[w].elements[k]] = true;
            source[windows[w].elements[k]] = w * lanes + k;
        }
    for (unsigned n = 0; n < windows[0].vectors; n++) {
        LLVMValueRef order[LANES_MAX], mask, place = place_of(v, &windows[0], windows[0].first, n, type);
        bool any = false, all = mask_of(v, touched, n, &mask);
        for (unsigned k = 0; k < lanes; k++) {
            any |= touched[n * lanes + k];
            order[k] = touched[n * lanes + k] ? LLVMConstInt(v->i32, source[n * lanes + k], 0) : LLVMGetPoison(v->i32);
        }
        if (!any) continue;
        LLVMValueRef value = LLVMBuildShuffleVector(v->builder, values[0], count > 1 ? values[1] : LLVMGetPoison(LLVMTypeOf(values[0])),
                                                    LLVMConstVector(order, lanes), "");
        if (all) {
            LLVMSetAlignment(LLVMBuildStore(v->builder, value, place), align);
            continue;
        }
        LLVMTypeRef types[2] = {LLVMTypeOf(value), v->pointer};
        LLVMValueRef arguments[3] = {value, place, mask};
        set_align(v, cw_vector_call_llvm(v, "llvm.masked.store", types, 2, arguments, 3), 1, align);
    }
}

/* How many stores of pairs stand before this one without anything between. */
static unsigned place_in_run(struct cw_vector *v, LLVMValueRef store) {
    struct window windows[2];
    unsigned place = 0;
    for (LLVMValueRef before = neighbour_store(store, false); before && makes_pair(v, before, store, windows); before = neighbour_store(store, false)) {
        place++;
        store = before;
    }
    return place;
}

bool cw_vector_store_pattern(struct cw_vector *v, LLVMValueRef store) {
    struct window windows[2];
    LLVMValueRef old = LLVMGetOperand(store, 0), values[2];
    LLVMTypeRef type = LLVMTypeOf(old);
    if (v->mask || !cw_vector_type(v, type) || !is_of_interest(v, store, type) || !find_window(v, LLVMGetOperand(store, 1), type, &windows[0])) return false;
    bool is_second = place_in_run(v, store) % 2 == 1;
    LLVMValueRef other = neighbour_store(store, !is_second);
    if (!is_second && other && makes_pair(v, store, other, windows)) return true; /* the second one's turn stores both */
    if (is_second && makes_pair(v, other, store, windows)) {
        values[0] = cw_vector_wide(v, LLVMGetOperand(other, 0));
        values[1] = cw_vector_wide(v, old);
        store_windows(v, windows, values, 2, align_of(store), type);
        return true;
    }
    values[0] = cw_vector_wide(v, old);
    store_windows(v, windows, values, 1, align_of(store), type);
    return true;
}
