/* SPDX-License-Identifier: Apache-2.0 */
/*
 * interleave.c: structures in arrays. A structure of equal members (float4, a complex number) that neighbours load or store becomes
 * accesses to its members, each `count` elements apart from lane to lane. All together they are `count` whole vectors in memory,
 * and permutations make members of them and back: interleaved groups, as in Nuzman, Rosen and Zaks, "Auto-Vectorization of
 * Interleaved Data for SIMD", PLDI 2006. Only where all lanes are on.
 */
#include <string.h>

#include "pass/vector/state.h"

#define MEMBERS_MAX 4u
#define WINDOW 64u /* instructions between the first and the last access of a group */
#define TAKEN_MAX 64u /* members of a block's groups */

struct group {
    LLVMValueRef members[MEMBERS_MAX]; /* by place in the structure */
    LLVMValueRef first, last;          /* in the block's order */
    unsigned count;
};

static uint64_t size_of(struct cw_vector *v, LLVMTypeRef type) {
    return LLVMABISizeOfType(LLVMGetModuleDataLayout(v->llvm), type);
}

/* What `pointer` is a constant number of bytes behind. */
static LLVMValueRef origin_of(struct cw_vector *v, LLVMValueRef pointer, int64_t *offset) {
    *offset = 0;
    while (LLVMIsAGetElementPtrInst(pointer)) {
        LLVMTypeRef type = LLVMGetGEPSourceElementType(pointer);
        int64_t bytes = 0;
        for (int k = 1; k < LLVMGetNumOperands(pointer); k++) {
            LLVMValueRef index = LLVMGetOperand(pointer, (unsigned)k);
            if (!LLVMIsAConstantInt(index) || LLVMGetIntTypeWidth(LLVMTypeOf(index)) > 64) return pointer;
            int64_t number = LLVMConstIntGetSExtValue(index);
            if (k > 1 && LLVMGetTypeKind(type) == LLVMStructTypeKind) {
                bytes += (int64_t)LLVMOffsetOfElement(LLVMGetModuleDataLayout(v->llvm), type, (unsigned)number);
                type = LLVMStructGetTypeAtIndex(type, (unsigned)number);
                continue;
            }
            if (k > 1) type = LLVMGetElementType(type);
            bytes += number * (int64_t)size_of(v, type);
        }
        *offset += bytes;
        pointer = LLVMGetOperand(pointer, 0);
    }
    return pointer;
}

static LLVMTypeRef accessed_type(LLVMValueRef access) {
    return LLVMTypeOf(LLVMIsAStoreInst(access) ? LLVMGetOperand(access, 0) : access);
}

static LLVMValueRef address_of(LLVMValueRef access) {
    return LLVMGetOperand(access, LLVMIsAStoreInst(access) != NULL);
}

static bool is_plain(LLVMValueRef access) {
    return !LLVMGetVolatile(access) && LLVMGetOrdering(access) == LLVMAtomicOrderingNotAtomic;
}

/* True if a load may not move up past `i`, or a store not down past it. */
static bool stands_between(LLVMValueRef i, bool stores) {
    switch (LLVMGetInstructionOpcode(i)) {
    case LLVMLoad: return stores || !is_plain(i);
    case LLVMStore:
    case LLVMFence:
    case LLVMAtomicRMW:
    case LLVMAtomicCmpXchg: return true;
    case LLVMCall: return cw_vector_has_effects(i);
    default: return false;
    }
}

/* The group that begins with `access` in the block's order, all members there and nothing in their way. */
static bool begins_group(struct cw_vector *v, LLVMValueRef access, unsigned count, struct group *group) {
    bool stores = LLVMIsAStoreInst(access) != NULL;
    LLVMTypeRef type = accessed_type(access);
    int64_t size = (int64_t)size_of(v, type), offset, least, places[MEMBERS_MAX];
    LLVMValueRef origin = origin_of(v, address_of(access), &least), found[MEMBERS_MAX];
    unsigned members = 0, steps = 0;
    int64_t first_offset = least;
    for (LLVMValueRef i = access; i && steps++ < WINDOW; i = LLVMGetNextInstruction(i)) {
        bool same_kind = stores ? LLVMIsAStoreInst(i) != NULL : LLVMIsALoadInst(i) != NULL;
        bool belongs = same_kind && is_plain(i) && accessed_type(i) == type && origin_of(v, address_of(i), &offset) == origin &&
                       (offset - first_offset) % size == 0 && offset - first_offset < count * size && first_offset - offset < count * size;
        if (!belongs) {
            if (stands_between(i, stores)) return false;
            continue;
        }
        places[members] = offset;
        found[members++] = i;
        if (offset < least) least = offset;
        if (members < count) continue;
        memset(group->members, 0, sizeof group->members);
        for (unsigned k = 0; k < count; k++) {
            int64_t place = (places[k] - least) / size;
            if (place >= count || group->members[place]) return false;
            group->members[place] = found[k];
        }
        group->first = access;
        group->last = i;
        group->count = count;
        return true;
    }
    return false;
}

static bool is_apart(struct cw_vector *v, LLVMValueRef access, unsigned count) {
    struct cw_shape shape = cw_vector_shape(v, address_of(access));
    return shape.kind == CW_SHAPE_STRIDED && shape.stride == (int64_t)(count * size_of(v, accessed_type(access)));
}

static bool contains(LLVMValueRef const *list, unsigned count, LLVMValueRef value) {
    for (unsigned k = 0; k < count; k++)
        if (list[k] == value) return true;
    return false;
}

/* The group that `access` belongs to. Groups are found from the block's begin on, so that each of their members finds the same. */
static bool find_group(struct cw_vector *v, LLVMValueRef access, unsigned count, struct group *group) {
    LLVMValueRef taken[TAKEN_MAX + MEMBERS_MAX];
    unsigned taken_count = 0;
    LLVMOpcode opcode = LLVMGetInstructionOpcode(access);
    LLVMTypeRef type = accessed_type(access);
    for (LLVMValueRef i = LLVMGetFirstInstruction(LLVMGetInstructionParent(access)); taken_count < TAKEN_MAX; i = LLVMGetNextInstruction(i)) {
        bool may_begin = LLVMGetInstructionOpcode(i) == opcode && is_plain(i) && accessed_type(i) == type && is_apart(v, i, count) &&
                         !contains(taken, taken_count, i);
        if (may_begin && begins_group(v, i, count, group)) {
            if (contains(group->members, count, access)) return true;
            for (unsigned k = 0; k < count; k++) taken[taken_count++] = group->members[k];
        }
        if (i == access) return false;
    }
    return false;
}

static unsigned align_of(LLVMValueRef access) {
    unsigned align = LLVMGetAlignment(access);
    return align ? align : 1;
}

/* The n-th whole vector of what the group takes in memory. */
static LLVMValueRef place_of(struct cw_vector *v, const struct group *group, unsigned n) {
    LLVMValueRef offset = LLVMConstInt(v->i64, (uint64_t)n * v->plan->lanes, 0);
    LLVMValueRef start = cw_vector_scalar(v, address_of(group->members[0]));
    return LLVMBuildGEP2(v->builder, accessed_type(group->first), start, &offset, 1, "");
}

bool cw_vector_load_group(struct cw_vector *v, LLVMValueRef load, unsigned count) {
    struct group group;
    unsigned lanes = v->plan->lanes;
    if (v->mask || count > MEMBERS_MAX || !is_plain(load) || !find_group(v, load, count, &group)) return false;
    /* The first member's turn loads all; their addresses must be there by then. */
    if (group.first != load) return cw_vector_is_defined(v, load);
    if (!cw_vector_is_available(v, address_of(group.members[0]))) return false;
    LLVMTypeRef type = cw_vector_type(v, LLVMTypeOf(load));
    LLVMValueRef whole[MEMBERS_MAX];
    for (unsigned n = 0; n < count; n++) {
        LLVMValueRef place = place_of(v, &group, n);
        whole[n] = LLVMBuildLoad2(v->builder, type, place, "");
        LLVMSetAlignment(whole[n], align_of(group.members[0]));
    }
    cw_vector_fetch_ahead(v, address_of(group.members[0]), LLVMArrayType2(type, count));
    for (unsigned k = 0; k < count; k++) {
        LLVMValueRef result = LLVMGetPoison(type), order[32];
        for (unsigned n = 0; n < count; n++) {
            for (unsigned lane = 0; lane < lanes; lane++) {
                unsigned at = lane * count + k;
                order[lane] = LLVMConstInt(v->i32, at / lanes == n ? lanes + at % lanes : lane, 0);
            }
            result = LLVMBuildShuffleVector(v->builder, result, whole[n], LLVMConstVector(order, lanes), "");
        }
        cw_vector_define(v, group.members[k], result);
    }
    return true;
}

bool cw_vector_store_group(struct cw_vector *v, LLVMValueRef store, unsigned count) {
    struct group group;
    unsigned lanes = v->plan->lanes;
    if (v->mask || count > MEMBERS_MAX || !is_plain(store) || !find_group(v, store, count, &group)) return false;
    if (group.last != store) return true; /* the last member's turn stores all */
    LLVMValueRef values[MEMBERS_MAX];
    for (unsigned k = 0; k < count; k++) values[k] = cw_vector_wide(v, LLVMGetOperand(group.members[k], 0));
    for (unsigned n = 0; n < count; n++) {
        LLVMValueRef result = LLVMGetPoison(LLVMTypeOf(values[0])), order[32];
        for (unsigned k = 0; k < count; k++) {
            for (unsigned e = 0; e < lanes; e++) {
                unsigned at = n * lanes + e;
                order[e] = LLVMConstInt(v->i32, at % count == k ? lanes + at / count : e, 0);
            }
            result = LLVMBuildShuffleVector(v->builder, result, values[k], LLVMConstVector(order, lanes), "");
        }
        cw_vector_store_whole(v, address_of(group.members[0]), result, place_of(v, &group, n), align_of(group.members[0]));
    }
    return true;
}
