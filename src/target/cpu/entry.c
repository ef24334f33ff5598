/* SPDX-License-Identifier: Apache-2.0 */
/*
 * entry.c: the entry points of a kernel, as backend/cpu/artifact.h describes them.
 *
 * Both load the parameters once and call the kernel for one thread after another; the kernel is inlined into them. The
 * thread's index travels as arguments of marker calls ("cw.here"), which intrinsics.c uses to resolve the special
 * registers of inlined code and then removes: the values in scope at a marker are those of the iteration around it.
 */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "target/cpu/entry.h"


LLVMValueRef cw_entry_constant(struct entry_builder *entry, uint32_t value) {
    return LLVMConstInt(entry->i32, value, 0);
}

LLVMValueRef cw_entry_address(struct entry_builder *entry, LLVMValueRef base, size_t offset) {
    LLVMValueRef index = LLVMConstInt(LLVMInt64TypeInContext(entry->context), offset, 0);
    return LLVMBuildInBoundsGEP2(entry->builder, LLVMInt8TypeInContext(entry->context), base, &index, 1, "");
}

LLVMBasicBlockRef cw_entry_append_block(struct entry_builder *entry, const char *name) {
    return LLVMAppendBasicBlockInContext(entry->context, entry->function, name);
}

/* A marker call and other helpers must not be mistaken for memory accesses. */
LLVMValueRef cw_entry_declare_helper(struct entry_builder *entry, const char *name, LLVMTypeRef type) {
    LLVMValueRef function = LLVMGetNamedFunction(entry->llvm, name);
    if (function) return function;
    function = LLVMAddFunction(entry->llvm, name, type);
    cw_add_attribute(function, "nounwind", 0);
    return function;
}

void cw_entry_begin_function(struct entry_builder *entry, LLVMValueRef kernel, const char *suffix) {
    LLVMTypeRef types[2] = {entry->pointer, entry->pointer};
    LLVMTypeRef type = LLVMFunctionType(LLVMVoidTypeInContext(entry->context), types, 2, 0);
    char *name = cw_format("%s.%s", cw_value_name(kernel), suffix);
    entry->function = LLVMAddFunction(entry->llvm, name, type);
    free(name);
    LLVMSetLinkage(entry->function, LLVMInternalLinkage);
    cw_add_attribute(entry->function, "nounwind", 0);
    entry->params = LLVMGetParam(entry->function, 0);
    /* Kernels see copies of their parameters, never the buffer. */
    static const char *const facts[] = {"noalias", "readonly"};
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
        LLVMAddAttributeAtIndex(entry->function, 1, LLVMCreateEnumAttribute(entry->context, cw_attribute_kind(facts[i]), 0));
    entry->block = LLVMGetParam(entry->function, 1);
    entry->thread = NULL;
    cw_cpu_lines_begin(&entry->lines, kernel, entry->function, entry->builder);
    LLVMPositionBuilderAtEnd(entry->builder, cw_entry_append_block(entry, "entry"));
    for (unsigned i = 0; i < 3; i++) {
        if (entry->shape) {
            entry->dims[i] = cw_entry_constant(entry, i == 0 ? entry->shape->x : i == 1 ? entry->shape->y : entry->shape->z);
            continue;
        }
        size_t offset = offsetof(struct cw_cpu_block, block_dim) + i * sizeof(uint32_t);
        entry->dims[i] = LLVMBuildLoad2(entry->builder, entry->i32, cw_entry_address(entry, entry->block, offset), "");
    }
}

void cw_entry_load_thread(struct entry_builder *entry) {
    LLVMTypeRef type = LLVMFunctionType(entry->pointer, NULL, 0, 0);
    entry->thread = LLVMBuildCall2(entry->builder, type, cw_entry_declare_helper(entry, CW_CPU_THREAD, type), NULL, 0, "thread");
}

bool cw_entry_is_by_address(LLVMValueRef kernel, unsigned parameter) {
    return LLVMGetStringAttributeAtIndex(kernel, parameter + 1, CW_CPU_BY_ADDRESS, sizeof CW_CPU_BY_ADDRESS - 1) != NULL;
}

/* The kernel's arguments, loaded from the packed parameters. Classes are passed as pointers into them: LLVM copies a
 * `byval` argument when the callee is inlined, as each thread may change its own. */
LLVMValueRef *cw_entry_load_arguments(struct entry_builder *entry, LLVMValueRef kernel, const struct cw_kernel *row) {
    LLVMValueRef *arguments = cw_alloc_array(row->param_count + 1, sizeof *arguments);
    for (uint32_t i = 0; i < row->param_count; i++) {
        LLVMTypeRef type = LLVMTypeOf(LLVMGetParam(kernel, i));
        arguments[i] = cw_entry_address(entry, entry->params, row->params[i].offset);
        if (LLVMGetEnumAttributeAtIndex(kernel, i + 1, cw_attribute_kind("byval")) || cw_entry_is_by_address(kernel, i)) continue;
        bool is_bool = LLVMGetTypeKind(type) == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(type) == 1;
        LLVMValueRef load = LLVMBuildLoad2(entry->builder, is_bool ? LLVMInt8TypeInContext(entry->context) : type, arguments[i], "");
        LLVMSetAlignment(load, row->params[i].align < 16 ? row->params[i].align : 16);
        arguments[i] = is_bool ? LLVMBuildICmp(entry->builder, LLVMIntNE, load, LLVMConstNull(LLVMTypeOf(load)), "") : load;
    }
    return arguments;
}

/* Keeps LLVM from moving the thread's first accesses above the notes of which thread it is: a fault report reads them. */
void cw_entry_compiler_barrier(struct entry_builder *entry) {
    LLVMTypeRef type = LLVMFunctionType(LLVMVoidTypeInContext(entry->context), NULL, 0, 0);
    LLVMValueRef assembly = LLVMGetInlineAsm(type, "", 0, "~{memory}", sizeof "~{memory}" - 1, 1, 0, LLVMInlineAsmDialectATT, 0);
    LLVMBuildCall2(entry->builder, type, assembly, NULL, 0, "");
}

void cw_entry_note_thread(struct entry_builder *entry, LLVMValueRef place, const LLVMValueRef tid[3], LLVMValueRef index) {
    LLVMBuilderRef b = entry->builder;
    if (entry->thread) {
        LLVMBuildStore(b, place, cw_entry_address(entry, entry->thread, offsetof(struct cw_cpu_thread, index)));
        LLVMBuildStore(b, index, cw_entry_address(entry, entry->thread, offsetof(struct cw_cpu_thread, linear)));
        for (unsigned i = 0; i < 3; i++)
            LLVMBuildStore(b, tid[i], cw_entry_address(entry, entry->thread, offsetof(struct cw_cpu_thread, tid) + i * sizeof(uint32_t)));
        cw_entry_compiler_barrier(entry);
    }
    LLVMTypeRef types[4] = {entry->i32, entry->i32, entry->i32, entry->i32};
    LLVMTypeRef marker_type = LLVMFunctionType(LLVMVoidTypeInContext(entry->context), types, 4, 0);
    LLVMValueRef here[4] = {tid[0], tid[1], tid[2], index};
    LLVMBuildCall2(b, marker_type, cw_entry_declare_helper(entry, CW_CPU_HERE, marker_type), here, 4, "");
}

/* Runs one thread: notes its index where code that isn't inlined looks for it, marks it, calls the kernel. */
static void run_thread(struct entry_builder *entry, LLVMValueRef kernel, LLVMValueRef *arguments, const LLVMValueRef tid[3],
                       LLVMValueRef index) {
    cw_entry_note_thread(entry, index, tid, index);
    unsigned count = LLVMCountParams(kernel);
    LLVMValueRef call = LLVMBuildCall2(entry->builder, LLVMGlobalGetValueType(kernel), kernel, arguments, count, "");
    for (unsigned i = 0; i < count; i++) {
        static const char *const kinds[] = {"byval", "align"};
        for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
            LLVMAttributeRef attribute = LLVMGetEnumAttributeAtIndex(kernel, i + 1, cw_attribute_kind(kinds[k]));
            if (attribute) LLVMAddCallSiteAttribute(call, i + 1, attribute);
        }
    }
}

void cw_entry_exit_thread(struct entry_builder *entry) {
    LLVMTypeRef type = LLVMFunctionType(LLVMVoidTypeInContext(entry->context), NULL, 0, 0);
    LLVMBuildCall2(entry->builder, type, cw_entry_declare_helper(entry, CW_CPU_THREAD_EXIT, type), NULL, 0, "");
}

struct entry_queue cw_entry_begin_queue(struct entry_builder *entry) {
    LLVMBuilderRef b = entry->builder;
    struct entry_queue queue;
    LLVMValueRef count = LLVMBuildLoad2(b, entry->i32, cw_entry_address(entry, entry->block, offsetof(struct cw_cpu_block, thread_count)), "count");
    LLVMValueRef next = cw_entry_address(entry, entry->block, offsetof(struct cw_cpu_block, next_thread));
    queue.head = cw_entry_append_block(entry, "head");
    LLVMBasicBlockRef body = cw_entry_append_block(entry, "body");
    queue.done = cw_entry_append_block(entry, "done");
    LLVMBuildBr(b, queue.head);
    LLVMPositionBuilderAtEnd(b, queue.head);
    queue.index = LLVMBuildLoad2(b, entry->i32, next, "index");
    LLVMBuildCondBr(b, LLVMBuildICmp(b, LLVMIntULT, queue.index, count, ""), body, queue.done);
    LLVMPositionBuilderAtEnd(b, body);
    LLVMBuildStore(b, LLVMBuildAdd(b, queue.index, cw_entry_constant(entry, 1), ""), next);
    return queue;
}

void cw_entry_end_queue(struct entry_builder *entry, const struct entry_queue *queue) {
    cw_entry_exit_thread(entry);
    LLVMBuildBr(entry->builder, queue->head);
    LLVMPositionBuilderAtEnd(entry->builder, queue->done);
    LLVMBuildRetVoid(entry->builder);
}

void cw_entry_coordinates(struct entry_builder *entry, LLVMValueRef index, LLVMValueRef tid[3]) {
    LLVMBuilderRef b = entry->builder;
    LLVMValueRef row = LLVMBuildUDiv(b, index, entry->dims[0], "");
    tid[0] = LLVMBuildURem(b, index, entry->dims[0], "x");
    tid[1] = LLVMBuildURem(b, row, entry->dims[1], "y");
    tid[2] = LLVMBuildUDiv(b, row, entry->dims[1], "z");
}

/* `run`: takes threads from the block's queue until it is empty. */
static LLVMValueRef build_run(struct entry_builder *entry, LLVMValueRef kernel, const struct cw_kernel *row) {
    cw_entry_begin_function(entry, kernel, "run");
    cw_entry_load_thread(entry);
    LLVMValueRef *arguments = cw_entry_load_arguments(entry, kernel, row), tid[3];
    struct entry_queue queue = cw_entry_begin_queue(entry);
    cw_entry_coordinates(entry, queue.index, tid);
    run_thread(entry, kernel, arguments, tid, queue.index);
    cw_entry_end_queue(entry, &queue);
    free(arguments);
    return entry->function;
}

struct counted_loop cw_entry_begin_loop(struct entry_builder *entry, const char *name) {
    struct counted_loop loop;
    LLVMBasicBlockRef before = LLVMGetInsertBlock(entry->builder);
    loop.head = cw_entry_append_block(entry, name);
    LLVMBuildBr(entry->builder, loop.head);
    LLVMPositionBuilderAtEnd(entry->builder, loop.head);
    loop.counter = LLVMBuildPhi(entry->builder, entry->i32, name);
    LLVMValueRef zero = cw_entry_constant(entry, 0);
    LLVMAddIncoming(loop.counter, &zero, &before, 1);
    return loop;
}

LLVMValueRef cw_entry_end_loop(struct entry_builder *entry, struct counted_loop *loop, LLVMValueRef limit, uint32_t step) {
    LLVMBuilderRef b = entry->builder;
    LLVMValueRef next = LLVMBuildNUWAdd(b, loop->counter, cw_entry_constant(entry, step), "");
    LLVMBasicBlockRef latch = LLVMGetInsertBlock(b), after = cw_entry_append_block(entry, "next");
    LLVMValueRef branch = LLVMBuildCondBr(b, LLVMBuildICmp(b, LLVMIntULT, next, limit, ""), loop->head, after);
    LLVMAddIncoming(loop->counter, &next, &latch, 1);
    LLVMPositionBuilderAtEnd(b, after);
    return branch;
}

/* `run_all`: every thread of the block in order (of replicas one), as a nest of plain loops. */
static LLVMValueRef build_run_all(struct entry_builder *entry, LLVMValueRef kernel, const struct cw_kernel *row, bool keep_thread,
                                  const char *suffix) {
    cw_entry_begin_function(entry, kernel, suffix);
    cw_entry_skip_replicas(entry, kernel);
    LLVMBuilderRef b = entry->builder;
    if (keep_thread) cw_entry_load_thread(entry);
    LLVMValueRef *arguments = cw_entry_load_arguments(entry, kernel, row);
    struct counted_loop z = cw_entry_begin_loop(entry, "z"), y = cw_entry_begin_loop(entry, "y");
    LLVMValueRef line = LLVMBuildAdd(b, y.counter, LLVMBuildMul(b, z.counter, entry->dims[1], ""), "");
    LLVMValueRef first = LLVMBuildMul(b, line, entry->dims[0], "");
    struct counted_loop x = cw_entry_begin_loop(entry, "x");
    LLVMValueRef tid[3] = {x.counter, y.counter, z.counter};
    run_thread(entry, kernel, arguments, tid, LLVMBuildAdd(b, first, x.counter, ""));
    cw_entry_end_loop(entry, &x, entry->dims[0], 1);
    cw_entry_end_loop(entry, &y, entry->dims[1], 1);
    cw_entry_end_loop(entry, &z, entry->dims[2], 1);
    LLVMBuildRetVoid(b);
    free(arguments);
    return entry->function;
}

/* True if the kernel calls anything that looks for its thread: a service, or a function that stayed a call. */
bool cw_entry_needs_thread(LLVMValueRef kernel) {
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(kernel); block; block = LLVMGetNextBasicBlock(block)) {
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i)) {
            if (!LLVMIsACallInst(i)) continue;
            LLVMValueRef callee = cw_called_function(i);
            const char *name = callee ? cw_value_name(callee) : "";
            if (!callee || !cw_is_declaration(callee)) return true;
            if (strncmp(name, "llvm.", 5) == 0 || cw_is_shared_place(name)) continue;
            enum cw_intrinsic intrinsic = cw_intrinsic_find(name);
            if (intrinsic == CW_INTRINSIC_COUNT || !(cw_intrinsics[intrinsic].effects & CW_EFFECT_PURE)) return true;
        }
    }
    return false;
}

void cw_cpu_add_entries(const struct cw_module *module, LLVMModuleRef llvm, struct cw_cpu_entry *entries, const struct cw_cpu_form *form,
                        const struct cw_dim3 *shape) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    struct entry_builder entry = {.llvm = llvm, .context = context, .builder = LLVMCreateBuilderInContext(context), .shape = shape};
    entry.i32 = LLVMInt32TypeInContext(context);
    entry.pointer = LLVMPointerTypeInContext(context, 0);
    cw_cpu_lines_init(&entry.lines, llvm, &module->table);
    struct cw_reach reach;
    cw_reach_build(&reach, llvm);
    for (uint32_t i = 0; i < module->table.kernel_count; i++) {
        const struct cw_kernel *row = &module->table.kernels[i];
        LLVMValueRef kernel = LLVMGetNamedFunction(llvm, row->name);
        size_t index = cw_reach_index(&reach, kernel);
        bool may_suspend = (reach.effects[index] & CW_EFFECT_SUSPENDS) != 0;
        entries[i].kernel = row;
        if (!entries[i].rows) entries[i].suspends = may_suspend;
        entries[i].run_all = entries[i].ragged = entries[i].run_lanes = NULL;
        if (entries[i].rows) {
            entries[i].run_lanes = cw_entry_build_run_lanes(&entry, kernel, &entries[i]);
        } else if (!may_suspend) {
            bool keep_thread = cw_entry_needs_thread(kernel);
            entries[i].run_all = build_run_all(&entry, kernel, row, keep_thread, "all");
            /* Without calls the loop may be vectorised, and then guards cost masks. */
            if (!keep_thread && cw_cpu_has_guards(kernel)) entries[i].ragged = build_run_all(&entry, kernel, row, false, "ragged");
        }
        entries[i].run = form->linked && entries[i].run_lanes && may_suspend ? NULL : build_run(&entry, kernel, row);
        LLVMSetFunctionCallConv(kernel, LLVMCCallConv);
        LLVMSetLinkage(kernel, LLVMInternalLinkage);
        cw_add_attribute(kernel, "alwaysinline", 0);
    }
    cw_reach_fini(&reach);
    cw_cpu_lines_fini(&entry.lines);
    LLVMDisposeBuilder(entry.builder);
}
