/* SPDX-License-Identifier: Apache-2.0 */
/* entry.h: what the builders of a kernel's entry points share: entry.c for threads, entry_lanes.c for groups of lanes. */
#ifndef CW_TARGET_CPU_ENTRY_H
#define CW_TARGET_CPU_ENTRY_H

#include "backend/cpu/artifact.h"
#include "target/cpu/here.h"
#include "target/cpu/lines.h"

struct entry_builder {
    LLVMModuleRef llvm;
    LLVMContextRef context;
    LLVMBuilderRef builder;
    LLVMTypeRef i32, pointer;
    LLVMValueRef function, params, block;
    const struct cw_dim3 *shape; /* the only one of blocks; NULL: any */
    LLVMValueRef dims[3];
    LLVMValueRef thread; /* the thread context; NULL when the entry doesn't keep it */
    struct cw_cpu_lines lines;
};

LLVMValueRef cw_entry_constant(struct entry_builder *entry, uint32_t value);
LLVMValueRef cw_entry_address(struct entry_builder *entry, LLVMValueRef base, size_t offset);
LLVMBasicBlockRef cw_entry_append_block(struct entry_builder *entry, const char *name);
LLVMValueRef cw_entry_declare_helper(struct entry_builder *entry, const char *name, LLVMTypeRef type);

/* Begins the function KERNEL.SUFFIX; the builder stands behind the loads of the block's shape. */
void cw_entry_begin_function(struct entry_builder *entry, LLVMValueRef kernel, const char *suffix);
void cw_entry_load_thread(struct entry_builder *entry);
/* True if the parameter is a class that is only read, and so stays in the packed parameters. */
bool cw_entry_is_by_address(LLVMValueRef kernel, unsigned parameter);
/* The caller frees the array. */
LLVMValueRef *cw_entry_load_arguments(struct entry_builder *entry, LLVMValueRef kernel, const struct cw_kernel *row);
void cw_entry_compiler_barrier(struct entry_builder *entry);

/* Notes who runs from here on: `place` in the queue, coordinates and linear index, in the thread's context, if there is one, and
 * in a marker. */
void cw_entry_note_thread(struct entry_builder *entry, LLVMValueRef place, const LLVMValueRef tid[3], LLVMValueRef index);
void cw_entry_exit_thread(struct entry_builder *entry);

/* A loop that takes from the block's queue until it is empty, and the function's end behind it. */
struct entry_queue {
    LLVMBasicBlockRef head, done;
    LLVMValueRef index;
};
struct entry_queue cw_entry_begin_queue(struct entry_builder *entry);
void cw_entry_end_queue(struct entry_builder *entry, const struct entry_queue *queue);
/* threadIdx of a linear index. */
void cw_entry_coordinates(struct entry_builder *entry, LLVMValueRef index, LLVMValueRef tid[3]);

/* One counted loop, from 0 in steps to below `limit`; there is at least one turn. The end gives the branch back. */
struct counted_loop {
    LLVMBasicBlockRef head;
    LLVMValueRef counter;
};
struct counted_loop cw_entry_begin_loop(struct entry_builder *entry, const char *name);
LLVMValueRef cw_entry_end_loop(struct entry_builder *entry, struct counted_loop *loop, LLVMValueRef limit, uint32_t step);

/* True if the kernel calls anything that looks for its thread: a service, or a function that stayed a call. */
bool cw_entry_needs_thread(LLVMValueRef kernel);

/* replicas.c: makes the block as narrow along y and z as threads can differ there. For entries that are loops over the block. */
void cw_entry_skip_replicas(struct entry_builder *entry, LLVMValueRef kernel);

/* entry_lanes.c: `run_lanes`. */
LLVMValueRef cw_entry_build_run_lanes(struct entry_builder *entry, LLVMValueRef kernel, const struct cw_cpu_entry *row);

#endif
