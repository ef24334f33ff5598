/* SPDX-License-Identifier: Apache-2.0 */
/*
 * entry_lanes.c: `run_lanes`, the entry point of a widened kernel, as backend/cpu/artifact.h describes it. Blocks whose rows are
 * whole numbers of groups run the form for rows; all others the form for linear indices.
 *
 * A kernel that never waits runs as loops over the block. One that may wait takes groups from the block's queue.
 */
#include <stddef.h>
#include <stdlib.h>

#include "target/cpu/entry.h"

struct lanes_builder {
    struct entry_builder *entry;
    const struct cw_cpu_entry *row;
    LLVMValueRef *arguments; /* the kernel's, with room for four more */
    unsigned count;          /* the kernel's */
};

static void call_widened(struct lanes_builder *lanes, LLVMValueRef widened, LLVMValueRef first, const LLVMValueRef tid[3]) {
    LLVMValueRef *all = lanes->arguments;
    all[lanes->count] = first;
    for (unsigned k = 0; k < 3; k++) all[lanes->count + 1 + k] = tid[k];
    LLVMBuildCall2(lanes->entry->builder, LLVMGlobalGetValueType(widened), widened, all, lanes->count + 4, "");
}

static LLVMValueRef rows_are_whole(struct lanes_builder *lanes) {
    struct entry_builder *entry = lanes->entry;
    LLVMValueRef rest = LLVMBuildAnd(entry->builder, entry->dims[0], cw_entry_constant(entry, lanes->row->lanes - 1), "");
    return LLVMBuildICmp(entry->builder, LLVMIntEQ, rest, cw_entry_constant(entry, 0), "whole");
}

static void build_queue(struct lanes_builder *lanes) {
    struct entry_builder *entry = lanes->entry;
    LLVMBuilderRef b = entry->builder;
    LLVMBasicBlockRef forms[2] = {cw_entry_append_block(entry, "rows"), cw_entry_append_block(entry, "linear")};
    LLVMBasicBlockRef after = cw_entry_append_block(entry, "after");
    LLVMValueRef whole = rows_are_whole(lanes), tid[3];
    struct entry_queue queue = cw_entry_begin_queue(entry);
    LLVMValueRef first = LLVMBuildMul(b, queue.index, cw_entry_constant(entry, lanes->row->lanes), "first");
    cw_entry_coordinates(entry, first, tid);
    cw_entry_note_thread(entry, queue.index, tid, first);
    LLVMBuildCondBr(b, whole, forms[0], forms[1]);
    LLVMPositionBuilderAtEnd(b, forms[0]);
    call_widened(lanes, lanes->row->rows, first, tid);
    LLVMBuildBr(b, after);
    LLVMPositionBuilderAtEnd(b, forms[1]);
    call_widened(lanes, lanes->row->linear, first, tid);
    LLVMBuildBr(b, after);
    LLVMPositionBuilderAtEnd(b, after);
    cw_entry_end_queue(entry, &queue);
}

static void build_row_loops(struct lanes_builder *lanes) {
    struct entry_builder *entry = lanes->entry;
    LLVMBuilderRef b = entry->builder;
    struct counted_loop z = cw_entry_begin_loop(entry, "z"), y = cw_entry_begin_loop(entry, "y");
    LLVMValueRef line = LLVMBuildAdd(b, y.counter, LLVMBuildMul(b, z.counter, entry->dims[1], ""), "");
    LLVMValueRef begin = LLVMBuildMul(b, line, entry->dims[0], "");
    struct counted_loop x = cw_entry_begin_loop(entry, "x");
    LLVMValueRef tid[3] = {x.counter, y.counter, z.counter};
    call_widened(lanes, lanes->row->rows, LLVMBuildAdd(b, begin, x.counter, ""), tid);
    cw_entry_end_loop(entry, &x, entry->dims[0], lanes->row->lanes);
    cw_entry_end_loop(entry, &y, entry->dims[1], 1);
    cw_entry_end_loop(entry, &z, entry->dims[2], 1);
    LLVMBuildRetVoid(b);
}

static void build_linear_loop(struct lanes_builder *lanes) {
    struct entry_builder *entry = lanes->entry;
    LLVMBuilderRef b = entry->builder;
    LLVMValueRef zero = cw_entry_constant(entry, 0), tid[3] = {zero, zero, zero};
    LLVMValueRef count = LLVMBuildMul(b, LLVMBuildMul(b, entry->dims[0], entry->dims[1], ""), entry->dims[2], "");
    struct counted_loop loop = cw_entry_begin_loop(entry, "linear");
    call_widened(lanes, lanes->row->linear, loop.counter, tid);
    cw_entry_end_loop(entry, &loop, count, lanes->row->lanes);
    LLVMBuildRetVoid(b);
}

/* The marker only tells where the block's facts are; the widened kernel asks for no thread index. */
static void build_loops(struct lanes_builder *lanes) {
    struct entry_builder *entry = lanes->entry;
    LLVMBuilderRef b = entry->builder;
    LLVMValueRef zero = cw_entry_constant(entry, 0), tid[3] = {zero, zero, zero};
    cw_entry_note_thread(entry, zero, tid, zero);
    LLVMBasicBlockRef forms[2] = {cw_entry_append_block(entry, "rows"), cw_entry_append_block(entry, "linear")};
    LLVMBuildCondBr(b, rows_are_whole(lanes), forms[0], forms[1]);
    LLVMPositionBuilderAtEnd(b, forms[0]);
    build_row_loops(lanes);
    LLVMPositionBuilderAtEnd(b, forms[1]);
    build_linear_loop(lanes);
}

LLVMValueRef cw_entry_build_run_lanes(struct entry_builder *entry, LLVMValueRef kernel, const struct cw_cpu_entry *row) {
    struct lanes_builder lanes = {.entry = entry, .row = row, .count = LLVMCountParams(kernel)};
    cw_entry_begin_function(entry, kernel, "lanes");
    if (row->suspends || cw_entry_needs_thread(kernel)) cw_entry_load_thread(entry);
    LLVMValueRef *arguments = cw_entry_load_arguments(entry, kernel, row->kernel);
    lanes.arguments = cw_alloc_array(lanes.count + 4, sizeof *lanes.arguments);
    for (unsigned k = 0; k < lanes.count; k++) lanes.arguments[k] = arguments[k];
    if (row->suspends) build_queue(&lanes);
    else build_loops(&lanes);
    free(lanes.arguments);
    free(arguments);
    return entry->function;
}
