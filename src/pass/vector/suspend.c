/* SPDX-License-Identifier: Apache-2.0 */
/*
 * suspend.c: a group of lanes that must wait at a barrier returns to its caller, which calls the other groups of the block and
 * then this one again; so a block needs no stack a group, and nobody schedules. It is LLVM's switched-resume coroutine, made by
 * hand because all that lives across blocks lies in slots anyway: a backward data-flow analysis finds the slots that are
 * read after a wait, and those are copied to the group's frame before it and back after it (Aho et al., "Compilers", 9.2.5).
 *
 * What hasn't been written since it last came back from the frame is still there and isn't copied again.
 *
 * Two kinds of slots need no frame. Masks of blocks that no edge has led to yet hold no lanes: a forward analysis ("reaching
 * definitions", 9.2.4) tells which slots can hold anything but null at a wait. And scalars that follow from the parameters by a few
 * operations are computed again at the start of each turn (rematerialisation; Briggs, Cooper and Torczon, PLDI 1992).
 */
#include <stdlib.h>
#include <string.h>

#include "pass/vector/state.h"

#define FRAME_ALIGN 64u
#define PAGE_BYTES 4096u
#define SMALL_MAX 16u       /* bytes of a slot that shares a line with others */
#define RECOMPUTE_DEPTH 8u  /* operations behind each other, and all together, that cost less than a frame */
#define RECOMPUTE_MAX 16u
#define WAITS_MAX 64u       /* up to which slots share places in the frame */

bool cw_vector_waits_in(struct cw_vector *v, LLVMBasicBlockRef block) {
    if (v->plan->waits != CW_VECTOR_RETURNS) return false;
    for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i))
        if (LLVMIsACallInst(i) && cw_vector_is_barrier(cw_called_intrinsic(i))) return true;
    return false;
}

void cw_vector_wait(struct cw_vector *v) {
    v->wait_list = cw_grow(v->wait_list, v->wait_count, &v->wait_capacity, sizeof *v->wait_list);
    struct cw_vector_wait *wait = &v->wait_list[v->wait_count++];
    wait->leave = LLVMGetInsertBlock(v->builder);
    wait->resume = cw_vector_append(v, "resume");
    LLVMBuildRet(v->builder, LLVMConstInt(v->i32, v->wait_count, 0));
    LLVMPositionBuilderAtEnd(v->builder, wait->resume);
    v->epoch++;
    cw_vector_load_masks(v);
}

/* Small ones share lines. */
LLVMValueRef cw_vector_frame_place(struct cw_vector *v, uint64_t bytes) {
    uint64_t place = v->frame_bytes;
    if (bytes <= SMALL_MAX) {
        uint64_t align = bytes <= 1 ? 1 : bytes <= 2 ? 2 : bytes <= 4 ? 4 : bytes <= 8 ? 8 : SMALL_MAX;
        place = (v->small_place + align - 1) / align * align;
        if (v->small_place % FRAME_ALIGN == 0 || place / FRAME_ALIGN != v->small_place / FRAME_ALIGN) {
            place = v->frame_bytes;
            v->frame_bytes += FRAME_ALIGN;
        }
        v->small_place = place + align;
    } else {
        v->frame_bytes += (bytes + FRAME_ALIGN - 1) / FRAME_ALIGN * FRAME_ALIGN;
        /* Arrays one behind the other would lie in the same sets of a cache. */
        if (bytes >= PAGE_BYTES && bytes % PAGE_BYTES == 0) v->frame_bytes += 3 * FRAME_ALIGN;
    }
    LLVMValueRef offset = LLVMConstInt(v->i64, place, 0);
    return LLVMBuildGEP2(v->allocas, v->i8, v->frame, &offset, 1, "");
}

/* ---- What lives over a wait ---- */

/* Something found by its address; `position` is where it stands in an order that doesn't depend on addresses. */
struct located {
    const void *address;
    uint32_t position;
};

struct slot_facts {
    LLVMValueRef slot;
    LLVMValueRef stored; /* the only value that it ever takes */
    unsigned stores;     /* how many values it takes, counted up to 2 */
    enum { NOT_TRIED, CANNOT, RECOMPUTED } again;
    LLVMValueRef value;  /* of a slot that is recomputed, at the end of v->dispatch */
    LLVMValueRef place;  /* in the frame */
};

/* Sets of slots, a row of words for each block. */
struct liveness {
    uint32_t block_count, slot_count;
    size_t words; /* of a row */
    LLVMBasicBlockRef *blocks;
    struct slot_facts *slots;
    struct located *block_index, *slot_index;
    /* read before written; written; written, and perhaps not null at the end; live at the begin; perhaps not null at the end; perhaps
     * not what its place in the frame holds at the end */
    uint64_t *read, *written, *filled, *live, *full, *changed;
    uint64_t *kept; /* a row for each wait: what goes through the frame */
};

static int compare_addresses(const void *a, const void *b) {
    uintptr_t x = (uintptr_t)((const struct located *)a)->address, y = (uintptr_t)((const struct located *)b)->address;
    return (x > y) - (x < y);
}

static uint32_t find_address(const struct located *index, uint32_t count, const void *address) {
    const struct located key = {address, 0}, *found = bsearch(&key, index, count, sizeof key, compare_addresses);
    return found ? found->position : UINT32_MAX;
}

static uint32_t find_slot(const struct liveness *all, LLVMValueRef slot) {
    return find_address(all->slot_index, all->slot_count, slot);
}

static size_t find_block(const struct liveness *all, LLVMBasicBlockRef block) {
    return find_address(all->block_index, all->block_count, block);
}

static bool has(const uint64_t *row, uint32_t slot) {
    return row[slot / 64] >> slot % 64 & 1;
}

static void put(uint64_t *row, uint32_t slot, bool on) {
    uint64_t bit = UINT64_C(1) << slot % 64;
    row[slot / 64] = on ? row[slot / 64] | bit : row[slot / 64] & ~bit;
}

/* Adds the slots that one value or mask has, one a part. */
static void add_slots(struct liveness *all, size_t *capacity, LLVMValueRef const slots[CW_VECTOR_PARTS_MAX]) {
    for (unsigned part = 0; part < CW_VECTOR_PARTS_MAX && slots[part]; part++) {
        all->slots = cw_grow(all->slots, all->slot_count, capacity, sizeof *all->slots);
        all->slots[all->slot_count++] = (struct slot_facts){.slot = slots[part]};
    }
}

static void collect_slots(struct cw_vector *v, struct liveness *all) {
    size_t capacity = 0;
    for (size_t k = 0; k < v->value_count; k++) {
        add_slots(all, &capacity, v->values[k].slot);
        add_slots(all, &capacity, v->values[k].phi_slot);
    }
    for (uint32_t b = 0; b < v->cfg.count; b++) add_slots(all, &capacity, v->blocks[b].mask_slot);
    for (uint32_t l = 0; l < v->cfg.loop_count; l++) add_slots(all, &capacity, v->loops[l].back_slot);
    all->slot_index = cw_alloc_array(all->slot_count + 1, sizeof *all->slot_index);
    for (uint32_t k = 0; k < all->slot_count; k++) all->slot_index[k] = (struct located){all->slots[k].slot, k};
    qsort(all->slot_index, all->slot_count, sizeof *all->slot_index, compare_addresses);
}

static void note_store(struct slot_facts *slot, LLVMValueRef value) {
    if (LLVMIsPoison(value)) return; /* a slot is forgotten */
    slot->stores += slot->stores < 2;
    slot->stored = value;
}

static void scan_block(struct liveness *all, uint32_t b) {
    size_t at = b * all->words;
    for (LLVMValueRef i = LLVMGetFirstInstruction(all->blocks[b]); i; i = LLVMGetNextInstruction(i)) {
        bool is_load = LLVMIsALoadInst(i) != NULL;
        if (!is_load && !LLVMIsAStoreInst(i)) continue;
        uint32_t slot = find_slot(all, LLVMGetOperand(i, is_load ? 0 : 1));
        if (slot == UINT32_MAX) continue;
        if (is_load) {
            if (!has(all->written + at, slot)) put(all->read + at, slot, true);
            continue;
        }
        LLVMValueRef value = LLVMGetOperand(i, 0);
        note_store(&all->slots[slot], value);
        put(all->written + at, slot, true);
        put(all->filled + at, slot, !LLVMIsPoison(value) && !(LLVMIsConstant(value) && LLVMIsNull(value)));
    }
}

/* Where control goes from block `b`, a wait's next turn included. */
static unsigned find_next(struct cw_vector *v, const struct liveness *all, uint32_t b, size_t next[3]) {
    unsigned count = 0;
    LLVMValueRef terminator = LLVMGetBasicBlockTerminator(all->blocks[b]);
    if (all->blocks[b] == v->slots || !terminator) return 0; /* it has no end yet, and no slot is in use there */
    if (terminator == v->choice) { /* the other cases come from the waits themselves */
        next[0] = find_block(all, LLVMGetSwitchDefaultDest(terminator));
        return 1;
    }
    for (unsigned s = 0; s < LLVMGetNumSuccessors(terminator) && s < 2; s++) next[count++] = find_block(all, LLVMGetSuccessor(terminator, s));
    for (size_t w = 0; w < v->wait_count; w++)
        if (v->wait_list[w].leave == all->blocks[b]) next[count++] = find_block(all, v->wait_list[w].resume);
    return count;
}

/* One round against the flow; true if anything changed. */
static bool flow_back(struct cw_vector *v, struct liveness *all) {
    bool changed = false;
    for (uint32_t b = all->block_count; b-- > 0;) {
        size_t at = b * all->words, next[3];
        unsigned count = find_next(v, all, b, next);
        for (unsigned s = 0; s < count; s++)
            for (size_t w = 0; w < all->words; w++) {
                uint64_t live = all->live[at + w] | (all->live[next[s] * all->words + w] & ~all->written[at + w]);
                changed |= live != all->live[at + w];
                all->live[at + w] = live;
            }
    }
    return changed;
}

/* One round with the flow. What is full at the begin of a block is added to what is full at its end. */
static bool flow_on(struct cw_vector *v, struct liveness *all) {
    bool changed = false;
    for (uint32_t b = 0; b < all->block_count; b++) {
        size_t at = b * all->words, next[3];
        unsigned count = find_next(v, all, b, next);
        for (unsigned s = 0; s < count; s++)
            for (size_t w = 0; w < all->words; w++) {
                size_t to = next[s] * all->words + w;
                uint64_t full = all->full[to] | (all->full[at + w] & ~all->written[to]);
                changed |= full != all->full[to];
                all->full[to] = full;
            }
    }
    return changed;
}

static void find_liveness(struct cw_vector *v, struct liveness *all) {
    all->block_count = LLVMCountBasicBlocks(v->function);
    all->blocks = cw_alloc_array(all->block_count, sizeof *all->blocks);
    LLVMGetBasicBlocks(v->function, all->blocks);
    all->block_index = cw_alloc_array(all->block_count, sizeof *all->block_index);
    for (uint32_t b = 0; b < all->block_count; b++) all->block_index[b] = (struct located){all->blocks[b], b};
    qsort(all->block_index, all->block_count, sizeof *all->block_index, compare_addresses);
    collect_slots(v, all);
    all->words = all->slot_count / 64 + 1;
    size_t cells = all->block_count * all->words;
    all->read = cw_alloc_array(cells, sizeof *all->read);
    all->written = cw_alloc_array(cells, sizeof *all->written);
    all->filled = cw_alloc_array(cells, sizeof *all->filled);
    for (uint32_t b = 0; b < all->block_count; b++) scan_block(all, b);
    all->live = cw_alloc_array(cells, sizeof *all->live);
    all->full = cw_alloc_array(cells, sizeof *all->full);
    memcpy(all->live, all->read, cells * sizeof *all->live);
    memcpy(all->full, all->filled, cells * sizeof *all->full);
    while (flow_back(v, all)) {}
    while (flow_on(v, all)) {}
}

static void forget_liveness(struct liveness *all) {
    free(all->blocks);
    free(all->slots);
    free(all->block_index);
    free(all->slot_index);
    free(all->read);
    free(all->written);
    free(all->filled);
    free(all->live);
    free(all->full);
    free(all->changed);
    free(all->kept);
}

/* ---- What is computed again ---- */

static bool is_scalar(LLVMTypeRef type) {
    LLVMTypeKind kind = LLVMGetTypeKind(type);
    return kind == LLVMIntegerTypeKind || kind == LLVMPointerTypeKind;
}

/* Cheap, without effects, and never trapping. */
static bool may_repeat(LLVMValueRef i) {
    if (!is_scalar(LLVMTypeOf(i))) return false;
    switch (LLVMGetInstructionOpcode(i)) {
    case LLVMAdd:
    case LLVMSub:
    case LLVMMul:
    case LLVMShl:
    case LLVMLShr:
    case LLVMAShr:
    case LLVMAnd:
    case LLVMOr:
    case LLVMXor:
    case LLVMTrunc:
    case LLVMZExt:
    case LLVMSExt:
    case LLVMPtrToInt:
    case LLVMIntToPtr:
    case LLVMGetElementPtr:
    case LLVMICmp:
    case LLVMSelect: return true;
    case LLVMCall: {
        LLVMValueRef callee = cw_called_function(i);
        enum cw_intrinsic intrinsic = cw_called_intrinsic(i);
        if (intrinsic != CW_INTRINSIC_COUNT) return cw_intrinsics[intrinsic].effects & CW_EFFECT_PURE && LLVMGetNumArgOperands(i) == 0;
        return callee && cw_is_shared_place(cw_value_name(callee));
    }
    default: return false;
    }
}

/* `value` at the end of v->dispatch, where each turn passes; NULL when that would cost too much or can't be. */
static LLVMValueRef recompute(struct cw_vector *v, struct liveness *all, LLVMValueRef value, unsigned depth, unsigned *budget) {
    if (!LLVMIsAInstruction(value)) return value;
    LLVMBasicBlockRef home = LLVMGetInstructionParent(value);
    if (home == v->dispatch || home == v->slots) return value;
    if (depth == RECOMPUTE_DEPTH) return NULL;
    if (LLVMIsALoadInst(value)) {
        uint32_t slot = find_slot(all, LLVMGetOperand(value, 0));
        if (slot == UINT32_MAX) return NULL;
        struct slot_facts *facts = &all->slots[slot];
        if (facts->again == NOT_TRIED) {
            facts->again = CANNOT;
            if (facts->stores == 1 && is_scalar(LLVMGetAllocatedType(facts->slot)))
                facts->value = recompute(v, all, facts->stored, depth + 1, budget);
            facts->again = facts->value ? RECOMPUTED : CANNOT;
        }
        return facts->value;
    }
    if (!may_repeat(value) || *budget == 0) return NULL;
    --*budget;
    LLVMValueRef operands[8];
    int count = LLVMIsACallInst(value) ? 0 : LLVMGetNumOperands(value);
    if (count > 8) return NULL;
    for (int k = 0; k < count; k++) {
        operands[k] = recompute(v, all, LLVMGetOperand(value, (unsigned)k), depth + 1, budget);
        if (!operands[k]) return NULL;
    }
    LLVMValueRef copy = LLVMInstructionClone(value);
    for (int k = 0; k < count; k++) LLVMSetOperand(copy, (unsigned)k, operands[k]);
    LLVMInsertIntoBuilder(v->builder, copy);
    return copy;
}

static bool is_recomputed(struct cw_vector *v, struct liveness *all, struct slot_facts *slot) {
    if (slot->again == NOT_TRIED) {
        unsigned budget = RECOMPUTE_MAX;
        slot->again = CANNOT;
        LLVMPositionBuilderBefore(v->builder, v->choice);
        if (slot->stores == 1 && is_scalar(LLVMGetAllocatedType(slot->slot))) slot->value = recompute(v, all, slot->stored, 0, &budget);
        if (slot->value) slot->again = RECOMPUTED;
    }
    return slot->again == RECOMPUTED;
}

/* ---- Frames ---- */

/* Copies a slot to its place in the frame before the group leaves, if it isn't there still, and back when it comes again. */
static void keep_slot(struct cw_vector *v, const struct cw_vector_wait *wait, const struct slot_facts *slot, bool changed) {
    LLVMTypeRef type = LLVMGetAllocatedType(slot->slot);
    LLVMPositionBuilderBefore(v->builder, LLVMGetBasicBlockTerminator(wait->leave));
    if (changed) LLVMBuildStore(v->builder, LLVMBuildLoad2(v->builder, type, slot->slot, ""), slot->place);
    LLVMPositionBuilderBefore(v->builder, LLVMGetFirstInstruction(wait->resume));
    LLVMBuildStore(v->builder, LLVMBuildLoad2(v->builder, type, slot->place, ""), slot->slot);
}

/* Gives a slot that lives over the wait its value after it. */
static void carry_slot(struct cw_vector *v, struct liveness *all, const struct cw_vector_wait *wait, struct slot_facts *slot, bool full, bool changed) {
    LLVMTypeRef type = LLVMGetAllocatedType(slot->slot);
    if (full && !is_recomputed(v, all, slot)) {
        if (!slot->place) slot->place = cw_vector_frame_place(v, LLVMABISizeOfType(LLVMGetModuleDataLayout(v->llvm), type));
        keep_slot(v, wait, slot, changed);
        return;
    }
    LLVMPositionBuilderBefore(v->builder, LLVMGetFirstInstruction(wait->resume));
    LLVMBuildStore(v->builder, full ? slot->value : LLVMConstNull(type), slot->slot);
}

/* The waits over which the slot goes through the frame, by their bits. */
static uint64_t waits_of(struct cw_vector *v, struct liveness *all, uint32_t slot) {
    uint64_t waits = 0;
    for (size_t w = 0; w < v->wait_count; w++) {
        const uint64_t *live = all->live + find_block(all, v->wait_list[w].resume) * all->words;
        const uint64_t *full = all->full + find_block(all, v->wait_list[w].leave) * all->words;
        if (has(live, slot) && has(full, slot) && !is_recomputed(v, all, &all->slots[slot])) waits |= (uint64_t)1 << w;
    }
    return waits;
}

/* Which slots may have been written since they last went through the frame: over a wait all that is kept lies in its places, which no other slot
 * takes meanwhile, since those that share a place live over different waits. */
static void find_changed(struct cw_vector *v, struct liveness *all) {
    size_t cells = all->block_count * all->words;
    all->changed = cw_alloc_array(cells, sizeof *all->changed);
    all->kept = cw_alloc_array(v->wait_count * all->words + 1, sizeof *all->kept);
    memcpy(all->changed, all->written, cells * sizeof *all->changed);
    memset(all->changed + find_block(all, v->dispatch) * all->words, 0xff, all->words * sizeof *all->changed);
    for (size_t w = 0; w < v->wait_count; w++) {
        const uint64_t *live = all->live + find_block(all, v->wait_list[w].resume) * all->words;
        const uint64_t *full = all->full + find_block(all, v->wait_list[w].leave) * all->words;
        for (uint32_t k = 0; k < all->slot_count; k++)
            put(all->kept + w * all->words, k, has(live, k) && has(full, k) && !is_recomputed(v, all, &all->slots[k]));
    }
    for (bool again = true; again;) {
        again = false;
        for (uint32_t b = 0; b < all->block_count; b++) {
            size_t next[3], wait = 0;
            unsigned count = find_next(v, all, b, next);
            while (wait < v->wait_count && v->wait_list[wait].leave != all->blocks[b]) wait++;
            for (unsigned s = 0; s < count; s++)
                for (size_t w = 0; w < all->words; w++) {
                    uint64_t *to = &all->changed[next[s] * all->words + w];
                    uint64_t more = wait < v->wait_count ? ~all->kept[wait * all->words + w] : all->changed[b * all->words + w];
                    again |= (*to | more) != *to;
                    *to |= more;
                }
        }
    }
}

/* Slots of one type that live over different waits share a place. Taken in their order, what a loop carries around meets what it was
 * before there, so that a turn which only passes it on needn't touch it. */
static void choose_places(struct cw_vector *v, struct liveness *all) {
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(v->llvm);
    uint64_t *taken = cw_alloc_array(all->slot_count + 1, sizeof *taken); /* by the slot that a place was made for */
    for (uint32_t k = 0; k < all->slot_count; k++) {
        struct slot_facts *slot = &all->slots[k];
        LLVMTypeRef type = LLVMGetAllocatedType(slot->slot);
        uint64_t waits = waits_of(v, all, k);
        for (uint32_t other = 0; other < k && waits && !slot->place; other++) {
            if (!taken[other] || taken[other] & waits || LLVMGetAllocatedType(all->slots[other].slot) != type) continue;
            slot->place = all->slots[other].place;
            taken[other] |= waits;
        }
        if (!waits || slot->place) continue;
        slot->place = cw_vector_frame_place(v, LLVMABISizeOfType(layout, type));
        taken[k] = waits;
    }
    free(taken);
}

void cw_vector_finish_waits(struct cw_vector *v, LLVMBasicBlockRef begin) {
    LLVMPositionBuilderAtEnd(v->builder, v->dispatch);
    if (!v->wait_count) {
        LLVMBuildBr(v->builder, begin);
        return;
    }
    v->choice = LLVMBuildSwitch(v->builder, v->state, begin, (unsigned)v->wait_count);
    for (size_t w = 0; w < v->wait_count; w++) LLVMAddCase(v->choice, LLVMConstInt(v->i32, w + 1, 0), v->wait_list[w].resume);
    struct liveness all = {0};
    find_liveness(v, &all);
    if (v->wait_count <= WAITS_MAX) choose_places(v, &all);
    find_changed(v, &all);
    for (size_t w = 0; w < v->wait_count; w++) {
        const struct cw_vector_wait *wait = &v->wait_list[w];
        const uint64_t *live = all.live + find_block(&all, wait->resume) * all.words;
        size_t leave = find_block(&all, wait->leave) * all.words;
        for (uint32_t k = 0; k < all.slot_count; k++)
            if (has(live, k)) carry_slot(v, &all, wait, &all.slots[k], has(all.full + leave, k), has(all.changed + leave, k));
    }
    forget_liveness(&all);
}
