/* SPDX-License-Identifier: Apache-2.0 */
/*
 * entry_lanes.c: `run_lanes`, the entry point of a widened kernel, as backend/cpu/artifact.h describes it. Blocks inside the
 * data whose rows are whole numbers of groups run one form, all others the other (struct cw_cpu_entry).
 *
 * A kernel that never waits runs as loops over the block. One that waits at the block's barriers runs in rounds of such loops:
 * in each, every group goes on to its next barrier or its end (pass/vector/suspend.c). One that may wait for something else takes
 * groups from the block's queue, and they wait in services.
 */
#include <stddef.h>
#include <stdlib.h>

#include "target/cpu/entry.h"

#define FRAME_ALIGN 64u

struct lanes_builder {
    struct entry_builder *entry;
    const struct cw_cpu_entry *row;
    LLVMValueRef *arguments; /* the kernel's, with room for seven more */
    unsigned count;          /* the kernel's */
    /* Of rounds: one frame and state a group, how many groups of the round have been called, whether any has to come again. */
    LLVMValueRef frames, states, votes, position, again;
    /* Of the form that is being built. */
    uint32_t frame_bytes, step_x, step_y;
};

static LLVMValueRef load(struct lanes_builder *lanes, LLVMValueRef from) {
    return LLVMBuildLoad2(lanes->entry->builder, lanes->entry->i32, from, "");
}

static LLVMValueRef element(struct lanes_builder *lanes, LLVMValueRef base, LLVMValueRef index) {
    return LLVMBuildInBoundsGEP2(lanes->entry->builder, lanes->entry->i32, base, &index, 1, "");
}

static LLVMValueRef call_widened(struct lanes_builder *lanes, LLVMValueRef widened, LLVMValueRef first, const LLVMValueRef tid[3],
                                 unsigned more) {
    LLVMValueRef *all = lanes->arguments;
    all[lanes->count] = first;
    for (unsigned k = 0; k < 3; k++) all[lanes->count + 1 + k] = tid[k];
    return LLVMBuildCall2(lanes->entry->builder, LLVMGlobalGetValueType(widened), widened, all, lanes->count + 4 + more, "");
}

/* Calls the group that stands next in the round, unless it has finished. */
static void call_in_round(struct lanes_builder *lanes, LLVMValueRef widened, LLVMValueRef first, const LLVMValueRef tid[3]) {
    struct entry_builder *entry = lanes->entry;
    LLVMBuilderRef b = entry->builder;
    LLVMBasicBlockRef call = cw_entry_append_block(entry, "call"), after = cw_entry_append_block(entry, "after");
    LLVMValueRef finished = LLVMConstInt(entry->i32, (uint64_t)CW_VECTOR_FINISHED, 1), position = load(lanes, lanes->position);
    LLVMValueRef place = element(lanes, lanes->states, position), state = load(lanes, place);
    LLVMBuildStore(b, LLVMBuildAdd(b, position, cw_entry_constant(entry, 1), ""), lanes->position);
    LLVMBuildCondBr(b, LLVMBuildICmp(b, LLVMIntEQ, state, finished, ""), after, call);
    LLVMPositionBuilderAtEnd(b, call);
    LLVMValueRef offset = LLVMBuildMul(b, position, cw_entry_constant(entry, lanes->frame_bytes), "");
    LLVMValueRef *more = lanes->arguments + lanes->count + 4;
    more[0] = LLVMBuildInBoundsGEP2(b, LLVMInt8TypeInContext(entry->context), lanes->frames, &offset, 1, "");
    more[1] = state;
    more[2] = lanes->votes;
    LLVMValueRef next = call_widened(lanes, widened, first, tid, 3);
    LLVMBuildStore(b, next, place);
    LLVMValueRef goes_on = LLVMBuildZExt(b, LLVMBuildICmp(b, LLVMIntNE, next, finished, ""), entry->i32, "");
    LLVMBuildStore(b, LLVMBuildOr(b, load(lanes, lanes->again), goes_on, ""), lanes->again);
    LLVMBuildBr(b, after);
    LLVMPositionBuilderAtEnd(b, after);
}

static void call_group(struct lanes_builder *lanes, LLVMValueRef widened, LLVMValueRef first, const LLVMValueRef tid[3]) {
    if (lanes->frames) call_in_round(lanes, widened, first, tid);
    else call_widened(lanes, widened, first, tid, 0);
}

/* Rows are whole numbers of groups. */
static LLVMValueRef has_whole_rows(struct lanes_builder *lanes) {
    struct entry_builder *entry = lanes->entry;
    LLVMValueRef rest = LLVMBuildAnd(entry->builder, entry->dims[0], cw_entry_constant(entry, lanes->row->lanes - 1), "");
    return LLVMBuildICmp(entry->builder, LLVMIntEQ, rest, cw_entry_constant(entry, 0), "");
}

/* A block of whole rows divides into groups of all parts. */
static LLVMValueRef has_parts(struct lanes_builder *lanes, uint32_t parts, uint32_t wide) {
    struct entry_builder *entry = lanes->entry;
    LLVMBuilderRef b = entry->builder;
    bool along_y = lanes->row->parts.along_y;
    uint32_t row = lanes->row->lanes * wide * (along_y ? 1 : parts), rows = along_y ? parts : 1;
    LLVMValueRef rest = LLVMBuildAnd(b, entry->dims[0], cw_entry_constant(entry, row - 1), "");
    /* parts.few has no such form, and wide is 1. */
    if (lanes->row->parts.one_row && wide == lanes->row->parts.wide) rest = LLVMBuildXor(b, entry->dims[0], cw_entry_constant(entry, row), "");
    rest = LLVMBuildOr(b, rest, LLVMBuildAnd(b, entry->dims[1], cw_entry_constant(entry, rows - 1), ""), "");
    return LLVMBuildICmp(b, LLVMIntEQ, rest, cw_entry_constant(entry, 0), "parts");
}

/* Rows are whole numbers of groups, and the block lies inside the data; and it divides into parts if it has to. */
static LLVMValueRef is_whole(struct lanes_builder *lanes) {
    LLVMBuilderRef b = lanes->entry->builder;
    LLVMValueRef test = lanes->row->inside;
    LLVMValueRef inside = LLVMBuildCall2(b, LLVMGlobalGetValueType(test), test, lanes->arguments, lanes->count, "");
    LLVMValueRef whole = LLVMBuildAnd(b, has_whole_rows(lanes), inside, "whole");
    uint32_t parts = lanes->row->narrow ? lanes->row->parts.few : lanes->row->parts.many;
    uint32_t wide = lanes->row->narrow ? 1 : lanes->row->parts.wide;
    return parts * wide > 1 ? LLVMBuildAnd(b, whole, has_parts(lanes, parts, wide), "whole") : whole;
}

/* ---- From the queue ---- */

static void build_queue(struct lanes_builder *lanes) {
    struct entry_builder *entry = lanes->entry;
    LLVMBuilderRef b = entry->builder;
    LLVMBasicBlockRef forms[2] = {cw_entry_append_block(entry, "rows"), cw_entry_append_block(entry, "others")};
    LLVMBasicBlockRef after = cw_entry_append_block(entry, "after");
    LLVMValueRef whole = is_whole(lanes), tid[3];
    struct entry_queue queue = cw_entry_begin_queue(entry);
    LLVMValueRef first = LLVMBuildMul(b, queue.index, cw_entry_constant(entry, lanes->row->lanes), "first");
    cw_entry_coordinates(entry, first, tid);
    cw_entry_note_thread(entry, queue.index, tid, first);
    LLVMBuildCondBr(b, whole, forms[0], forms[1]);
    LLVMPositionBuilderAtEnd(b, forms[0]);
    call_widened(lanes, lanes->row->rows, first, tid, 0);
    LLVMBuildBr(b, after);
    LLVMPositionBuilderAtEnd(b, forms[1]);
    call_widened(lanes, lanes->row->others, first, tid, 0);
    LLVMBuildBr(b, after);
    LLVMPositionBuilderAtEnd(b, after);
    cw_entry_end_queue(entry, &queue);
}

/* ---- Loops over the block ---- */

/* Several groups in one turn only make code longer: a group is many instructions, and independent ones, already. Where the block's shape is
 * known LLVM would unroll all of them (a sparse product: 1.04 times as long). */
static void keep_rolled(struct lanes_builder *lanes, LLVMValueRef latch) {
    cw_set_loop_property(latch, cw_loop_word(lanes->entry->context, "llvm.loop.unroll.disable"));
}

static void build_row_loops(struct lanes_builder *lanes, LLVMValueRef widened) {
    struct entry_builder *entry = lanes->entry;
    LLVMBuilderRef b = entry->builder;
    struct counted_loop z = cw_entry_begin_loop(entry, "z"), y = cw_entry_begin_loop(entry, "y");
    LLVMValueRef line = LLVMBuildAdd(b, y.counter, LLVMBuildMul(b, z.counter, entry->dims[1], ""), "");
    LLVMValueRef begin = LLVMBuildMul(b, line, entry->dims[0], "");
    struct counted_loop x = cw_entry_begin_loop(entry, "x");
    LLVMValueRef tid[3] = {x.counter, y.counter, z.counter};
    call_group(lanes, widened, LLVMBuildAdd(b, begin, x.counter, ""), tid);
    LLVMValueRef latch = cw_entry_end_loop(entry, &x, entry->dims[0], lanes->step_x);
    if (lanes->row->parts.many > 1 || lanes->frames || entry->shape) keep_rolled(lanes, latch);
    keep_rolled(lanes, cw_entry_end_loop(entry, &y, entry->dims[1], lanes->step_y));
    keep_rolled(lanes, cw_entry_end_loop(entry, &z, entry->dims[2], 1));
}

static void build_linear_loop(struct lanes_builder *lanes, LLVMValueRef widened) {
    struct entry_builder *entry = lanes->entry;
    LLVMBuilderRef b = entry->builder;
    LLVMValueRef zero = cw_entry_constant(entry, 0), tid[3] = {zero, zero, zero};
    LLVMValueRef count = LLVMBuildMul(b, LLVMBuildMul(b, entry->dims[0], entry->dims[1], ""), entry->dims[2], "");
    struct counted_loop loop = cw_entry_begin_loop(entry, "linear");
    call_group(lanes, widened, loop.counter, tid);
    keep_rolled(lanes, cw_entry_end_loop(entry, &loop, count, lanes->row->lanes));
}

static void build_form(struct lanes_builder *lanes, LLVMValueRef widened, bool linear) {
    if (linear) build_linear_loop(lanes, widened);
    else build_row_loops(lanes, widened);
}

/* ---- Rounds ---- */

static void zero(struct lanes_builder *lanes, LLVMValueRef memory, LLVMValueRef bytes) {
    LLVMBuildMemSet(lanes->entry->builder, memory, LLVMConstNull(LLVMInt8TypeInContext(lanes->entry->context)), bytes, 4);
}

/* Frames for as many groups as the block has, by rows or by linear indices. */
static void make_frames(struct lanes_builder *lanes) {
    struct entry_builder *entry = lanes->entry;
    LLVMBuilderRef b = entry->builder;
    LLVMTypeRef i8 = LLVMInt8TypeInContext(entry->context);
    LLVMValueRef shift = cw_entry_constant(entry, lanes->row->lanes - 1), width = cw_entry_constant(entry, lanes->row->lanes);
    LLVMValueRef groups = LLVMBuildUDiv(b, LLVMBuildAdd(b, entry->dims[0], shift, ""), width, "");
    groups = LLVMBuildMul(b, LLVMBuildMul(b, groups, entry->dims[1], ""), entry->dims[2], "groups");
    LLVMValueRef bytes = LLVMBuildMul(b, groups, cw_entry_constant(entry, lanes->row->needs.frame_bytes), "");
    lanes->frames = LLVMBuildArrayAlloca(b, i8, bytes, "frames");
    LLVMSetAlignment(lanes->frames, FRAME_ALIGN);
    lanes->states = LLVMBuildArrayAlloca(b, entry->i32, groups, "states");
    zero(lanes, lanes->states, LLVMBuildMul(b, groups, cw_entry_constant(entry, 4), ""));
    lanes->votes = LLVMBuildArrayAlloca(b, entry->i32, cw_entry_constant(entry, 4), "votes");
    zero(lanes, lanes->votes, cw_entry_constant(entry, 16));
    lanes->position = LLVMBuildAlloca(b, entry->i32, "position");
    lanes->again = LLVMBuildAlloca(b, entry->i32, "again");
    /* What is passed on the stack lies below these, and LLVM 22 leaves the stack as they leave it: vectors want it aligned. */
    LLVMValueRef const all[] = {lanes->states, lanes->votes, lanes->position, lanes->again};
    for (unsigned k = 0; k < sizeof all / sizeof all[0]; k++) LLVMSetAlignment(all[k], FRAME_ALIGN);
}

/* What the groups have voted in this round is what they read in the next. */
static void pass_votes_on(struct lanes_builder *lanes) {
    struct entry_builder *entry = lanes->entry;
    for (uint32_t k = 0; k < 2; k++) {
        LLVMValueRef from = element(lanes, lanes->votes, cw_entry_constant(entry, k));
        LLVMBuildStore(entry->builder, load(lanes, from), element(lanes, lanes->votes, cw_entry_constant(entry, k + 2)));
        LLVMBuildStore(entry->builder, cw_entry_constant(entry, 0), from);
    }
}

static void build_rounds(struct lanes_builder *lanes, LLVMValueRef widened, bool linear) {
    struct entry_builder *entry = lanes->entry;
    LLVMBuilderRef b = entry->builder;
    LLVMValueRef none = cw_entry_constant(entry, 0);
    LLVMBasicBlockRef round = cw_entry_append_block(entry, "round"), done = cw_entry_append_block(entry, "done");
    LLVMBuildBr(b, round);
    LLVMPositionBuilderAtEnd(b, round);
    LLVMBuildStore(b, none, lanes->position);
    LLVMBuildStore(b, none, lanes->again);
    build_form(lanes, widened, linear);
    pass_votes_on(lanes);
    LLVMBuildCondBr(b, LLVMBuildICmp(b, LLVMIntNE, load(lanes, lanes->again), none, ""), round, done);
    LLVMPositionBuilderAtEnd(b, done);
}

/* One form, to the end of the function. */
static void build_blocks(struct lanes_builder *lanes, LLVMBasicBlockRef at, LLVMValueRef widened, uint32_t frame_bytes, uint32_t parts,
                         uint32_t wide, bool linear) {
    LLVMBuilderRef b = lanes->entry->builder;
    bool along_y = lanes->row->parts.along_y;
    lanes->frame_bytes = frame_bytes;
    lanes->step_x = lanes->row->lanes * wide * (along_y ? 1 : parts);
    lanes->step_y = along_y ? parts : 1;
    LLVMPositionBuilderAtEnd(b, at);
    if (lanes->frames) build_rounds(lanes, widened, linear);
    else build_form(lanes, widened, linear);
    LLVMBuildRetVoid(b);
}

/* The marker only tells where the block's facts are; the widened kernel asks for no thread index. */
static void build_loops(struct lanes_builder *lanes) {
    struct entry_builder *entry = lanes->entry;
    const struct cw_cpu_entry *row = lanes->row;
    LLVMBuilderRef b = entry->builder;
    LLVMValueRef none = cw_entry_constant(entry, 0), tid[3] = {none, none, none};
    cw_entry_note_thread(entry, none, tid, none);
    if (row->waits == CW_VECTOR_RETURNS) make_frames(lanes);
    LLVMBasicBlockRef whole = cw_entry_append_block(entry, "whole"), others = cw_entry_append_block(entry, "others");
    LLVMBuildCondBr(b, is_whole(lanes), whole, others);
    if (row->edges) {
        LLVMBasicBlockRef edges = cw_entry_append_block(entry, "edges"), rest = cw_entry_append_block(entry, "rest");
        LLVMPositionBuilderAtEnd(b, others);
        LLVMBuildCondBr(b, has_parts(lanes, row->parts.many, row->parts.wide), edges, rest);
        build_blocks(lanes, edges, row->edges, row->edges_frame, row->parts.many, row->parts.wide, false);
        others = rest;
    }
    build_blocks(lanes, others, row->others, row->others_frame, 1, 1, row->others_form == CW_VECTOR_LINEAR);
    if (row->narrow) {
        LLVMBasicBlockRef rows = cw_entry_append_block(entry, "rows"), narrow = cw_entry_append_block(entry, "narrow");
        LLVMPositionBuilderAtEnd(b, whole);
        LLVMBuildCondBr(b, has_parts(lanes, row->parts.many, row->parts.wide), rows, narrow);
        build_blocks(lanes, narrow, row->narrow, row->narrow_frame, row->parts.few, 1, false);
        whole = rows;
    }
    build_blocks(lanes, whole, row->rows, row->rows_frame, row->parts.many, row->parts.wide, false);
}

LLVMValueRef cw_entry_build_run_lanes(struct entry_builder *entry, LLVMValueRef kernel, const struct cw_cpu_entry *row) {
    struct lanes_builder lanes = {.entry = entry, .row = row, .count = LLVMCountParams(kernel)};
    cw_entry_begin_function(entry, kernel, "lanes");
    /* Groups by linear indices take from several rows at once. */
    if (!row->suspends && row->others_form != CW_VECTOR_LINEAR) cw_entry_skip_replicas(entry, kernel);
    if (row->suspends || cw_entry_needs_thread(kernel)) cw_entry_load_thread(entry);
    LLVMValueRef *arguments = cw_entry_load_arguments(entry, kernel, row->kernel);
    lanes.arguments = cw_alloc_array(lanes.count + 7, sizeof *lanes.arguments);
    for (unsigned k = 0; k < lanes.count; k++) lanes.arguments[k] = arguments[k];
    if (row->suspends) build_queue(&lanes);
    else build_loops(&lanes);
    free(lanes.arguments);
    free(arguments);
    return entry->function;
}
