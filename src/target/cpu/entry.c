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

#include "backend/cpu/artifact.h"
#include "target/cpu/here.h"
#include "target/cpu/lines.h"

struct entry_builder {
    LLVMModuleRef llvm;
    LLVMContextRef context;
    LLVMBuilderRef builder;
    LLVMTypeRef i32, pointer;
    LLVMValueRef function, params, block;
    LLVMValueRef dims[3];
    LLVMValueRef thread; /* the thread context; NULL when the entry doesn't keep it */
    struct cw_cpu_lines lines;
};

static LLVMValueRef constant(struct entry_builder *entry, uint32_t value) {
    return LLVMConstInt(entry->i32, value, 0);
}

static LLVMValueRef address(struct entry_builder *entry, LLVMValueRef base, size_t offset) {
    LLVMValueRef index = LLVMConstInt(LLVMInt64TypeInContext(entry->context), offset, 0);
    return LLVMBuildInBoundsGEP2(entry->builder, LLVMInt8TypeInContext(entry->context), base, &index, 1, "");
}

static LLVMBasicBlockRef append_block(struct entry_builder *entry, const char *name) {
    return LLVMAppendBasicBlockInContext(entry->context, entry->function, name);
}

/* A marker call and other helpers must not be mistaken for memory accesses. */
static LLVMValueRef declare_helper(struct entry_builder *entry, const char *name, LLVMTypeRef type) {
    LLVMValueRef function = LLVMGetNamedFunction(entry->llvm, name);
    if (function) return function;
    function = LLVMAddFunction(entry->llvm, name, type);
    cw_add_attribute(function, "nounwind", 0);
    return function;
}

static void begin_function(struct entry_builder *entry, LLVMValueRef kernel, const char *suffix) {
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
    LLVMPositionBuilderAtEnd(entry->builder, append_block(entry, "entry"));
    for (unsigned i = 0; i < 3; i++) {
        size_t offset = offsetof(struct cw_cpu_block, block_dim) + i * sizeof(uint32_t);
        entry->dims[i] = LLVMBuildLoad2(entry->builder, entry->i32, address(entry, entry->block, offset), "");
    }
}

static void load_thread(struct entry_builder *entry) {
    LLVMTypeRef type = LLVMFunctionType(entry->pointer, NULL, 0, 0);
    entry->thread = LLVMBuildCall2(entry->builder, type, declare_helper(entry, CW_CPU_THREAD, type), NULL, 0, "thread");
}

/* The kernel's arguments, loaded from the packed parameters. Classes are passed as pointers into them: LLVM copies a
 * `byval` argument when the callee is inlined, as each thread may change its own. */
static LLVMValueRef *load_arguments(struct entry_builder *entry, LLVMValueRef kernel, const struct cw_kernel *row) {
    LLVMValueRef *arguments = cw_alloc_array(row->param_count + 1, sizeof *arguments);
    for (uint32_t i = 0; i < row->param_count; i++) {
        LLVMTypeRef type = LLVMTypeOf(LLVMGetParam(kernel, i));
        arguments[i] = address(entry, entry->params, row->params[i].offset);
        if (LLVMGetEnumAttributeAtIndex(kernel, i + 1, cw_attribute_kind("byval"))) continue;
        bool is_bool = LLVMGetTypeKind(type) == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(type) == 1;
        LLVMValueRef load = LLVMBuildLoad2(entry->builder, is_bool ? LLVMInt8TypeInContext(entry->context) : type, arguments[i], "");
        LLVMSetAlignment(load, row->params[i].align < 16 ? row->params[i].align : 16);
        arguments[i] = is_bool ? LLVMBuildICmp(entry->builder, LLVMIntNE, load, LLVMConstNull(LLVMTypeOf(load)), "") : load;
    }
    return arguments;
}

/* Keeps LLVM from moving the thread's first accesses above the notes of which thread it is: a fault report reads them. */
static void compiler_barrier(struct entry_builder *entry) {
    LLVMTypeRef type = LLVMFunctionType(LLVMVoidTypeInContext(entry->context), NULL, 0, 0);
    LLVMValueRef assembly = LLVMGetInlineAsm(type, "", 0, "~{memory}", sizeof "~{memory}" - 1, 1, 0, LLVMInlineAsmDialectATT, 0);
    LLVMBuildCall2(entry->builder, type, assembly, NULL, 0, "");
}

/* Runs one thread: notes its index where code that isn't inlined looks for it, marks it, calls the kernel. */
static void run_thread(struct entry_builder *entry, LLVMValueRef kernel, LLVMValueRef *arguments, const LLVMValueRef tid[3],
                       LLVMValueRef index) {
    if (entry->thread) {
        LLVMBuildStore(entry->builder, index, address(entry, entry->thread, offsetof(struct cw_cpu_thread, index)));
        for (unsigned i = 0; i < 3; i++)
            LLVMBuildStore(entry->builder, tid[i], address(entry, entry->thread, offsetof(struct cw_cpu_thread, tid) + i * sizeof(uint32_t)));
    }
    if (entry->thread) compiler_barrier(entry);
    LLVMTypeRef types[4] = {entry->i32, entry->i32, entry->i32, entry->i32};
    LLVMTypeRef marker_type = LLVMFunctionType(LLVMVoidTypeInContext(entry->context), types, 4, 0);
    LLVMValueRef here[4] = {tid[0], tid[1], tid[2], index};
    LLVMValueRef marker = declare_helper(entry, CW_CPU_HERE, marker_type);
    LLVMBuildCall2(entry->builder, marker_type, marker, here, 4, "");

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

/* `run`: takes threads from the block's queue until it is empty. */
static LLVMValueRef build_run(struct entry_builder *entry, LLVMValueRef kernel, const struct cw_kernel *row) {
    begin_function(entry, kernel, "run");
    LLVMBuilderRef b = entry->builder;
    load_thread(entry);
    LLVMValueRef *arguments = load_arguments(entry, kernel, row);
    LLVMValueRef count = LLVMBuildLoad2(b, entry->i32, address(entry, entry->block, offsetof(struct cw_cpu_block, thread_count)), "count");
    LLVMValueRef queue = address(entry, entry->block, offsetof(struct cw_cpu_block, next_thread));
    LLVMBasicBlockRef head = append_block(entry, "head"), body = append_block(entry, "body"), done = append_block(entry, "done");
    LLVMBuildBr(b, head);

    LLVMPositionBuilderAtEnd(b, head);
    LLVMValueRef index = LLVMBuildLoad2(b, entry->i32, queue, "index");
    LLVMBuildCondBr(b, LLVMBuildICmp(b, LLVMIntULT, index, count, ""), body, done);

    LLVMPositionBuilderAtEnd(b, body);
    LLVMBuildStore(b, LLVMBuildAdd(b, index, constant(entry, 1), ""), queue);
    LLVMValueRef row_index = LLVMBuildUDiv(b, index, entry->dims[0], "");
    LLVMValueRef tid[3] = {LLVMBuildURem(b, index, entry->dims[0], "x"), LLVMBuildURem(b, row_index, entry->dims[1], "y"),
                           LLVMBuildUDiv(b, row_index, entry->dims[1], "z")};
    run_thread(entry, kernel, arguments, tid, index);
    LLVMTypeRef exit_type = LLVMFunctionType(LLVMVoidTypeInContext(entry->context), NULL, 0, 0);
    LLVMBuildCall2(b, exit_type, declare_helper(entry, CW_CPU_THREAD_EXIT, exit_type), NULL, 0, "");
    LLVMBuildBr(b, head);

    LLVMPositionBuilderAtEnd(b, done);
    LLVMBuildRetVoid(b);
    free(arguments);
    return entry->function;
}

/* One counted loop of `run_all`, from 0 to `limit` - 1; blocks have at least one thread along each axis. */
struct counted_loop {
    LLVMBasicBlockRef head;
    LLVMValueRef counter;
};

static struct counted_loop begin_loop(struct entry_builder *entry, const char *name) {
    struct counted_loop loop;
    LLVMBasicBlockRef before = LLVMGetInsertBlock(entry->builder);
    loop.head = append_block(entry, name);
    LLVMBuildBr(entry->builder, loop.head);
    LLVMPositionBuilderAtEnd(entry->builder, loop.head);
    loop.counter = LLVMBuildPhi(entry->builder, entry->i32, name);
    LLVMValueRef zero = constant(entry, 0);
    LLVMAddIncoming(loop.counter, &zero, &before, 1);
    return loop;
}

static void end_loop(struct entry_builder *entry, struct counted_loop *loop, LLVMValueRef limit) {
    LLVMBuilderRef b = entry->builder;
    LLVMValueRef next = LLVMBuildNUWAdd(b, loop->counter, constant(entry, 1), "");
    LLVMBasicBlockRef latch = LLVMGetInsertBlock(b), after = append_block(entry, "next");
    LLVMBuildCondBr(b, LLVMBuildICmp(b, LLVMIntULT, next, limit, ""), loop->head, after);
    LLVMAddIncoming(loop->counter, &next, &latch, 1);
    LLVMPositionBuilderAtEnd(b, after);
}

/* `run_all`: every thread of the block in order, as a nest of plain loops. */
static LLVMValueRef build_run_all(struct entry_builder *entry, LLVMValueRef kernel, const struct cw_kernel *row, bool keep_thread,
                                  const char *suffix) {
    begin_function(entry, kernel, suffix);
    LLVMBuilderRef b = entry->builder;
    if (keep_thread) load_thread(entry);
    LLVMValueRef *arguments = load_arguments(entry, kernel, row);
    struct counted_loop z = begin_loop(entry, "z"), y = begin_loop(entry, "y");
    LLVMValueRef line = LLVMBuildAdd(b, y.counter, LLVMBuildMul(b, z.counter, entry->dims[1], ""), "");
    LLVMValueRef first = LLVMBuildMul(b, line, entry->dims[0], "");
    struct counted_loop x = begin_loop(entry, "x");
    LLVMValueRef tid[3] = {x.counter, y.counter, z.counter};
    run_thread(entry, kernel, arguments, tid, LLVMBuildAdd(b, first, x.counter, ""));
    end_loop(entry, &x, entry->dims[0]);
    end_loop(entry, &y, entry->dims[1]);
    end_loop(entry, &z, entry->dims[2]);
    LLVMBuildRetVoid(b);
    free(arguments);
    return entry->function;
}

/* True if the kernel calls anything that looks for its thread: a service, or a function that stayed a call. */
static bool needs_thread(LLVMValueRef kernel) {
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(kernel); block; block = LLVMGetNextBasicBlock(block)) {
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i)) {
            if (!LLVMIsACallInst(i)) continue;
            LLVMValueRef callee = cw_called_function(i);
            const char *name = callee ? cw_value_name(callee) : "";
            if (!callee || !cw_is_declaration(callee)) return true;
            if (strncmp(name, "llvm.", 5) == 0 || strcmp(name, CW_SHARED_BASE) == 0) continue;
            enum cw_intrinsic intrinsic = cw_intrinsic_find(name);
            if (intrinsic == CW_INTRINSIC_COUNT || !(cw_intrinsics[intrinsic].effects & CW_EFFECT_PURE)) return true;
        }
    }
    return false;
}

void cw_cpu_add_entries(const struct cw_module *module, LLVMModuleRef llvm, struct cw_cpu_entry *entries) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    struct entry_builder entry = {.llvm = llvm, .context = context, .builder = LLVMCreateBuilderInContext(context)};
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
        entries[i].run_all = entries[i].ragged = NULL;
        if (!may_suspend) {
            bool keep_thread = needs_thread(kernel);
            entries[i].run_all = build_run_all(&entry, kernel, row, keep_thread, "all");
            /* Without calls the loop may be vectorised, and then guards cost masks. */
            if (!keep_thread && cw_cpu_has_guards(kernel)) entries[i].ragged = build_run_all(&entry, kernel, row, false, "ragged");
        }
        entries[i].run = build_run(&entry, kernel, row);
        LLVMSetFunctionCallConv(kernel, LLVMCCallConv);
        LLVMSetLinkage(kernel, LLVMInternalLinkage);
        cw_add_attribute(kernel, "alwaysinline", 0);
    }
    cw_reach_fini(&reach);
    cw_cpu_lines_fini(&entry.lines);
    LLVMDisposeBuilder(entry.builder);
}
