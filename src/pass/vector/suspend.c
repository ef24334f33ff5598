/* SPDX-License-Identifier: Apache-2.0 */
/*
 * suspend.c: a group of lanes that must wait at a barrier returns to its caller, which calls the other groups of the block and
 * then this one again; so a block needs no stack a group, and nobody schedules. It is LLVM's switched-resume coroutine, made by
 * hand because all that lives across blocks lies in slots anyway: a backward data-flow analysis finds the slots that are
 * read after a wait, and those are copied to the group's frame before it and back after it (Aho et al., "Compilers", 9.2.5).
 */
#include <stdlib.h>
#include <string.h>

#include "pass/vector/state.h"

#define FRAME_ALIGN 64u

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

LLVMValueRef cw_vector_frame_place(struct cw_vector *v, uint64_t bytes) {
    LLVMValueRef offset = LLVMConstInt(v->i64, v->frame_bytes, 0);
    v->frame_bytes += (bytes + FRAME_ALIGN - 1) / FRAME_ALIGN * FRAME_ALIGN;
    return LLVMBuildGEP2(v->allocas, v->i8, v->frame, &offset, 1, "");
}

/* ---- What lives over a wait ---- */

/* Something found by its address; `position` is where it stands in an order that doesn't depend on addresses. */
struct located {
    const void *address;
    uint32_t position;
};

struct liveness {
    uint32_t block_count, slot_count;
    LLVMBasicBlockRef *blocks;
    LLVMValueRef *slots;
    struct located *block_index, *slot_index;
    bool *read, *written, *live; /* by block * slot_count + slot: read before written; written; live at the begin */
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

/* Adds the slots that one value or mask has, one a part. */
static void add_slots(struct liveness *all, size_t *capacity, LLVMValueRef const slots[CW_VECTOR_PARTS_MAX]) {
    for (unsigned part = 0; part < CW_VECTOR_PARTS_MAX && slots[part]; part++) {
        all->slots = cw_grow(all->slots, all->slot_count, capacity, sizeof *all->slots);
        all->slots[all->slot_count++] = slots[part];
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
    for (uint32_t k = 0; k < all->slot_count; k++) all->slot_index[k] = (struct located){all->slots[k], k};
    qsort(all->slot_index, all->slot_count, sizeof *all->slot_index, compare_addresses);
}

static void scan_block(struct liveness *all, uint32_t b) {
    bool *read = all->read + (size_t)b * all->slot_count, *written = all->written + (size_t)b * all->slot_count;
    for (LLVMValueRef i = LLVMGetFirstInstruction(all->blocks[b]); i; i = LLVMGetNextInstruction(i)) {
        bool is_load = LLVMIsALoadInst(i) != NULL;
        if (!is_load && !LLVMIsAStoreInst(i)) continue;
        uint32_t slot = find_slot(all, LLVMGetOperand(i, is_load ? 0 : 1));
        if (slot == UINT32_MAX) continue;
        if (is_load && !written[slot]) read[slot] = true;
        if (!is_load) written[slot] = true;
    }
}

/* One round against the flow; true if anything changed. */
static bool flow_back(struct cw_vector *v, struct liveness *all) {
    bool changed = false;
    for (uint32_t b = all->block_count; b-- > 0;) {
        size_t at = (size_t)b * all->slot_count;
        if (all->blocks[b] == v->slots) continue; /* it has no end yet, and no slot is in use there */
        LLVMValueRef terminator = LLVMGetBasicBlockTerminator(all->blocks[b]);
        unsigned count = LLVMGetNumSuccessors(terminator);
        LLVMBasicBlockRef next[3] = {NULL};
        for (unsigned s = 0; s < count && s < 2; s++) next[s] = LLVMGetSuccessor(terminator, s);
        for (size_t w = 0; w < v->wait_count; w++)
            if (v->wait_list[w].leave == all->blocks[b]) next[2] = v->wait_list[w].resume;
        for (unsigned s = 0; s < 3; s++) {
            if (!next[s]) continue;
            size_t from = find_block(all, next[s]) * all->slot_count;
            for (uint32_t k = 0; k < all->slot_count; k++) {
                if (!all->live[from + k] || all->live[at + k] || all->written[at + k]) continue;
                all->live[at + k] = changed = true;
            }
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
    size_t cells = (size_t)all->block_count * all->slot_count + 1;
    all->read = cw_alloc_array(cells, sizeof *all->read);
    all->written = cw_alloc_array(cells, sizeof *all->written);
    for (uint32_t b = 0; b < all->block_count; b++) scan_block(all, b);
    all->live = cw_alloc_array(cells, sizeof *all->live);
    memcpy(all->live, all->read, cells * sizeof *all->live);
    while (flow_back(v, all)) {}
}

/* Copies a slot to its place in the frame before the group leaves, and back when it comes again. */
static void keep_slot(struct cw_vector *v, const struct cw_vector_wait *wait, LLVMValueRef slot, LLVMValueRef place) {
    LLVMTypeRef type = LLVMGetAllocatedType(slot);
    LLVMPositionBuilderBefore(v->builder, LLVMGetBasicBlockTerminator(wait->leave));
    LLVMBuildStore(v->builder, LLVMBuildLoad2(v->builder, type, slot, ""), place);
    LLVMPositionBuilderBefore(v->builder, LLVMGetFirstInstruction(wait->resume));
    LLVMBuildStore(v->builder, LLVMBuildLoad2(v->builder, type, place, ""), slot);
}

void cw_vector_finish_waits(struct cw_vector *v, LLVMBasicBlockRef begin) {
    LLVMPositionBuilderAtEnd(v->builder, v->dispatch);
    if (!v->wait_count) {
        LLVMBuildBr(v->builder, begin);
        return;
    }
    LLVMValueRef choice = LLVMBuildSwitch(v->builder, v->state, begin, (unsigned)v->wait_count);
    for (size_t w = 0; w < v->wait_count; w++) LLVMAddCase(choice, LLVMConstInt(v->i32, w + 1, 0), v->wait_list[w].resume);
    struct liveness all = {0};
    find_liveness(v, &all);
    LLVMValueRef *places = cw_alloc_array(all.slot_count + 1, sizeof *places);
    for (size_t w = 0; w < v->wait_count; w++) {
        size_t at = find_block(&all, v->wait_list[w].resume) * all.slot_count;
        for (uint32_t k = 0; k < all.slot_count; k++) {
            if (!all.live[at + k]) continue;
            if (!places[k]) places[k] = cw_vector_frame_place(v, LLVMABISizeOfType(LLVMGetModuleDataLayout(v->llvm), LLVMGetAllocatedType(all.slots[k])));
            keep_slot(v, &v->wait_list[w], all.slots[k], places[k]);
        }
    }
    free(places);
    free(all.blocks);
    free(all.slots);
    free(all.block_index);
    free(all.slot_index);
    free(all.read);
    free(all.written);
    free(all.live);
}
