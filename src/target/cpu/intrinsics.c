/* SPDX-License-Identifier: Apache-2.0 */
/*
 * intrinsics.c: resolves the waist's intrinsics for the CPU.
 *
 * Special registers become values: in an entry point the loop variables of the iteration that the marker names and fields
 * of the block; in functions that stayed calls, fields of the current thread, found from the stack pointer (see
 * backend/cpu/artifact.h). Everything else is a service: a call through an import slot that the backend fills.
 */
#include <llvm-c/Target.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/cpu/artifact.h"
#include "target/cpu/here.h"

struct resolver {
    const struct cw_cpu_form *form;
    LLVMModuleRef llvm;
    LLVMContextRef context;
    LLVMBuilderRef builder;
    LLVMTypeRef i32, i64, pointer;
    unsigned invariant_kind;
    LLVMValueRef function;
    LLVMValueRef anchor;    /* the function's first instruction: facts of the block are loaded before it */
    LLVMValueRef marker;    /* NULL outside entry points */
    LLVMValueRef thread, block; /* NULL until needed */
    LLVMValueRef cached[CW_INTRINSIC_COUNT];
    LLVMValueRef shared, cluster_base, cluster_shift;
    uint32_t sites; /* of cw.activemask, in the module */
};

LLVMValueRef cw_cpu_find_marker(LLVMValueRef function) {
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function); block; block = LLVMGetNextBasicBlock(block)) {
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i)) {
            LLVMValueRef callee = LLVMIsACallInst(i) ? cw_called_function(i) : NULL;
            if (callee && strcmp(cw_value_name(callee), CW_CPU_HERE) == 0) return i;
        }
    }
    return NULL;
}

static LLVMValueRef field(struct resolver *resolver, LLVMTypeRef type, LLVMValueRef base, size_t offset) {
    LLVMValueRef index = LLVMConstInt(resolver->i64, offset, 0);
    LLVMValueRef address = LLVMBuildInBoundsGEP2(resolver->builder, LLVMInt8TypeInContext(resolver->context), base, &index, 1, "");
    return LLVMBuildLoad2(resolver->builder, type, address, "");
}

/* The thread-local variable that names the running thread. */
static LLVMValueRef current_variable(struct resolver *resolver) {
    LLVMValueRef variable = LLVMGetNamedGlobal(resolver->llvm, CW_CPU_CURRENT_SYMBOL);
    if (variable) return variable;
    variable = LLVMAddGlobal(resolver->llvm, resolver->pointer, CW_CPU_CURRENT_SYMBOL);
    LLVMSetThreadLocalMode(variable, LLVMLocalExecTLSModel);
    return variable;
}

/* cw_cpu_thread_of(stack pointer), at the anchor. */
static LLVMValueRef current_thread(struct resolver *resolver) {
    if (resolver->thread) return resolver->thread;
    LLVMBuilderRef b = resolver->builder;
    LLVMPositionBuilderBefore(b, resolver->anchor);
    if (resolver->form->linked) return resolver->thread = LLVMBuildLoad2(b, resolver->pointer, current_variable(resolver), "thread");
    unsigned id = LLVMLookupIntrinsicID("llvm.stacksave", 14);
    LLVMValueRef save = LLVMGetIntrinsicDeclaration(resolver->llvm, id, &resolver->pointer, 1);
    LLVMValueRef sp = LLVMBuildCall2(b, LLVMGlobalGetValueType(save), save, NULL, 0, "sp");
    LLVMValueRef address = LLVMBuildPtrToInt(b, sp, resolver->i64, "");
    LLVMValueRef base = LLVMBuildAnd(b, address, LLVMConstInt(resolver->i64, ~(uint64_t)(CW_CPU_STACK_SIZE - 1), 0), "");
    LLVMValueRef region = LLVMBuildLShr(b, base, LLVMConstInt(resolver->i64, CW_CPU_STACK_SHIFT, 0), "");
    LLVMValueRef colour = LLVMBuildAnd(b, region, LLVMConstInt(resolver->i64, CW_CPU_STACK_COLOURS - 1, 0), "");
    LLVMValueRef padding = LLVMBuildShl(b, colour, LLVMConstInt(resolver->i64, CW_CPU_STACK_COLOUR_SHIFT, 0), "");
    uint64_t top = CW_CPU_STACK_SIZE - sizeof(struct cw_cpu_thread);
    LLVMValueRef thread = LLVMBuildAdd(b, base, LLVMConstInt(resolver->i64, top, 0), "");
    thread = LLVMBuildSub(b, thread, padding, "");
    return resolver->thread = LLVMBuildIntToPtr(b, thread, resolver->pointer, "thread");
}

static LLVMValueRef current_block(struct resolver *resolver) {
    if (resolver->block) return resolver->block;
    if (resolver->marker) return resolver->block = LLVMGetParam(resolver->function, 1);
    LLVMValueRef thread = current_thread(resolver);
    LLVMPositionBuilderBefore(resolver->builder, resolver->anchor);
    return resolver->block = field(resolver, resolver->pointer, thread, offsetof(struct cw_cpu_thread, block));
}

/* Where a special register lies. `of_block` tells the struct; lane and warp are computed from the index. */
static const struct special_register {
    enum cw_intrinsic intrinsic;
    bool of_block;
    size_t offset;
    int marker_argument; /* argument of cw.here that is the same, or -1 */
} special_registers[] = {
    {CW_INTRINSIC_TID_X, false, offsetof(struct cw_cpu_thread, tid[0]), 0},
    {CW_INTRINSIC_TID_Y, false, offsetof(struct cw_cpu_thread, tid[1]), 1},
    {CW_INTRINSIC_TID_Z, false, offsetof(struct cw_cpu_thread, tid[2]), 2},
    {CW_INTRINSIC_NTID_X, true, offsetof(struct cw_cpu_block, block_dim[0]), -1},
    {CW_INTRINSIC_NTID_Y, true, offsetof(struct cw_cpu_block, block_dim[1]), -1},
    {CW_INTRINSIC_NTID_Z, true, offsetof(struct cw_cpu_block, block_dim[2]), -1},
    {CW_INTRINSIC_CTAID_X, true, offsetof(struct cw_cpu_block, block_idx[0]), -1},
    {CW_INTRINSIC_CTAID_Y, true, offsetof(struct cw_cpu_block, block_idx[1]), -1},
    {CW_INTRINSIC_CTAID_Z, true, offsetof(struct cw_cpu_block, block_idx[2]), -1},
    {CW_INTRINSIC_NCTAID_X, true, offsetof(struct cw_cpu_block, grid_dim[0]), -1},
    {CW_INTRINSIC_NCTAID_Y, true, offsetof(struct cw_cpu_block, grid_dim[1]), -1},
    {CW_INTRINSIC_NCTAID_Z, true, offsetof(struct cw_cpu_block, grid_dim[2]), -1},
    {CW_INTRINSIC_LANEID, false, offsetof(struct cw_cpu_thread, linear), 3},
    {CW_INTRINSIC_WARPID, false, offsetof(struct cw_cpu_thread, linear), 3},
    {CW_INTRINSIC_SMID, true, offsetof(struct cw_cpu_block, processor), -1},
    {CW_INTRINSIC_CLUSTER_NCTAID_X, true, offsetof(struct cw_cpu_block, cluster_dim[0]), -1},
    {CW_INTRINSIC_CLUSTER_NCTAID_Y, true, offsetof(struct cw_cpu_block, cluster_dim[1]), -1},
    {CW_INTRINSIC_CLUSTER_NCTAID_Z, true, offsetof(struct cw_cpu_block, cluster_dim[2]), -1},
    {CW_INTRINSIC_CLUSTER_CTAID_X, true, offsetof(struct cw_cpu_block, cluster_idx[0]), -1},
    {CW_INTRINSIC_CLUSTER_CTAID_Y, true, offsetof(struct cw_cpu_block, cluster_idx[1]), -1},
    {CW_INTRINSIC_CLUSTER_CTAID_Z, true, offsetof(struct cw_cpu_block, cluster_idx[2]), -1},
    {CW_INTRINSIC_CLUSTER_CTARANK, true, offsetof(struct cw_cpu_block, cluster_rank), -1},
    {CW_INTRINSIC_CLUSTER_EXPLICIT, true, offsetof(struct cw_cpu_block, cluster_explicit), -1},
    {CW_INTRINSIC_DYNAMIC_SHARED_SIZE, true, offsetof(struct cw_cpu_block, dynamic_shared), -1},
};

static const struct special_register *find_register(enum cw_intrinsic intrinsic) {
    for (size_t i = 0; i < sizeof special_registers / sizeof special_registers[0]; i++)
        if (special_registers[i].intrinsic == intrinsic) return &special_registers[i];
    return NULL;
}

static LLVMValueRef register_value(struct resolver *resolver, const struct special_register *row) {
    if (resolver->cached[row->intrinsic]) return resolver->cached[row->intrinsic];
    LLVMBuilderRef b = resolver->builder;
    LLVMValueRef value;
    if (resolver->marker && row->marker_argument >= 0) {
        value = LLVMGetOperand(resolver->marker, (unsigned)row->marker_argument);
        LLVMPositionBuilderBefore(b, resolver->marker);
    } else {
        LLVMValueRef base = row->of_block ? current_block(resolver) : current_thread(resolver);
        LLVMPositionBuilderBefore(b, resolver->anchor);
        value = field(resolver, resolver->i32, base, row->offset);
    }
    if (row->intrinsic == CW_INTRINSIC_LANEID) value = LLVMBuildAnd(b, value, LLVMConstInt(resolver->i32, 31, 0), "lane");
    if (row->intrinsic == CW_INTRINSIC_WARPID) value = LLVMBuildLShr(b, value, LLVMConstInt(resolver->i32, 5, 0), "warp");
    return resolver->cached[row->intrinsic] = value;
}

static LLVMValueRef shared_base(struct resolver *resolver) {
    if (resolver->shared) return resolver->shared;
    LLVMValueRef block = current_block(resolver);
    LLVMPositionBuilderBefore(resolver->builder, resolver->anchor);
    return resolver->shared = field(resolver, resolver->pointer, block, offsetof(struct cw_cpu_block, shared));
}

/* A field of the block that tells where the cluster's shared memory lies. */
static LLVMValueRef cluster_place(struct resolver *resolver, const char *name) {
    bool is_base = strcmp(name, CW_CLUSTER_BASE) == 0;
    LLVMValueRef *cached = is_base ? &resolver->cluster_base : &resolver->cluster_shift;
    if (*cached) return *cached;
    LLVMValueRef block = current_block(resolver);
    LLVMPositionBuilderBefore(resolver->builder, resolver->anchor);
    *cached = is_base ? field(resolver, resolver->pointer, block, offsetof(struct cw_cpu_block, cluster_shared))
                      : field(resolver, resolver->i32, block, offsetof(struct cw_cpu_block, cluster_shift));
    return *cached;
}

static LLVMValueRef import_slot(struct resolver *resolver, const char *name) {
    char *slot_name = cw_format(CW_CPU_SLOT_PREFIX "%s", name);
    LLVMValueRef slot = LLVMGetNamedGlobal(resolver->llvm, slot_name);
    if (!slot) {
        slot = LLVMAddGlobal(resolver->llvm, resolver->pointer, slot_name);
        LLVMSetInitializer(slot, LLVMConstNull(resolver->pointer));
        LLVMSetLinkage(slot, LLVMInternalLinkage);
        LLVMSetExternallyInitialized(slot, 1);
    }
    free(slot_name);
    return slot;
}

/* The functions of services.def, by intrinsic; "NULL" where there is none. */
static const char *const service_symbols[] = {
#define CW_SERVICE(name, function) [CW_INTRINSIC_##name] = #function,
#include "backend/cpu/services.def"
};

const char *cw_cpu_service_symbol(const char *name) {
    if (strcmp(name, CW_CPU_THREAD_EXIT) == 0) return "cw_cpu_thread_exit";
    if (strcmp(name, CW_VECTOR_BARRIER_VOTE) == 0) return "cw_cpu_barrier_vote";
    enum cw_intrinsic intrinsic = cw_intrinsic_find(name);
    return intrinsic != CW_INTRINSIC_COUNT ? service_symbols[intrinsic] : NULL;
}

/* The service of that name, of function type `type`: as a function pointer loaded before the builder's place (slots are filled
 * before any launch), or by its symbol. */
static LLVMValueRef service(struct resolver *resolver, const char *name, LLVMTypeRef type) {
    if (resolver->form->linked) {
        const char *symbol = cw_cpu_service_symbol(name);
        LLVMValueRef function = LLVMGetNamedFunction(resolver->llvm, symbol);
        return function ? function : LLVMAddFunction(resolver->llvm, symbol, type);
    }
    LLVMValueRef load = LLVMBuildLoad2(resolver->builder, resolver->pointer, import_slot(resolver, name), "");
    LLVMSetMetadata(load, resolver->invariant_kind,
                    LLVMMetadataAsValue(resolver->context, LLVMMDNodeInContext2(resolver->context, NULL, 0)));
    return load;
}

static void replace(LLVMValueRef call, LLVMValueRef value) {
    LLVMReplaceAllUsesWith(call, value);
    LLVMInstructionEraseFromParent(call);
}

static void call_service(struct resolver *resolver, LLVMValueRef call, const char *name) {
    LLVMPositionBuilderBefore(resolver->builder, call);
    LLVMSetOperand(call, (unsigned)LLVMGetNumOperands(call) - 1, service(resolver, name, LLVMGetCalledFunctionType(call)));
}

/* cw.clock is the low half of cw.clock64. */
static void lower_clock(struct resolver *resolver, LLVMValueRef call) {
    LLVMPositionBuilderBefore(resolver->builder, call);
    LLVMTypeRef type = LLVMFunctionType(resolver->i64, NULL, 0, 0);
    LLVMValueRef function = service(resolver, cw_intrinsics[CW_INTRINSIC_CLOCK64].text, type);
    LLVMValueRef time = LLVMBuildCall2(resolver->builder, type, function, NULL, 0, "");
    replace(call, LLVMBuildTrunc(resolver->builder, time, resolver->i32, ""));
}

/* 1 if `pointer` lies in a __constant__ variable, whose places only the artifact knows. Variables are few. */
static LLVMValueRef is_constant(struct resolver *resolver, LLVMValueRef pointer) {
    LLVMBuilderRef b = resolver->builder;
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(resolver->llvm);
    LLVMValueRef address = LLVMBuildPtrToInt(b, pointer, resolver->i64, ""), result = LLVMConstNull(resolver->i32);
    for (LLVMValueRef g = LLVMGetFirstGlobal(resolver->llvm); g; g = LLVMGetNextGlobal(g)) {
        if (!LLVMIsGlobalConstant(g) || !LLVMIsExternallyInitialized(g)) continue;
        uint64_t size = LLVMABISizeOfType(layout, LLVMGlobalGetValueType(g));
        LLVMValueRef offset = LLVMBuildSub(b, address, LLVMConstPtrToInt(g, resolver->i64), "");
        LLVMValueRef inside = LLVMBuildICmp(b, LLVMIntULT, offset, LLVMConstInt(resolver->i64, size, 0), "");
        result = LLVMBuildOr(b, result, LLVMBuildZExt(b, inside, resolver->i32, ""), "");
    }
    return result;
}

static void lower_is_constant(struct resolver *resolver, LLVMValueRef call) {
    LLVMPositionBuilderBefore(resolver->builder, call);
    replace(call, is_constant(resolver, LLVMGetOperand(call, 0)));
}

/* To the backend all memory that is neither shared nor local is global; constant memory is not. */
static void lower_is_global(struct resolver *resolver, LLVMValueRef call) {
    LLVMBuilderRef b = resolver->builder;
    LLVMPositionBuilderBefore(b, call);
    LLVMValueRef pointer = LLVMGetOperand(call, 0), constant = is_constant(resolver, pointer);
    LLVMTypeRef type = LLVMGetCalledFunctionType(call);
    LLVMValueRef function = service(resolver, cw_intrinsics[CW_INTRINSIC_IS_GLOBAL].text, type);
    LLVMValueRef global = LLVMBuildCall2(b, type, function, &pointer, 1, "");
    replace(call, LLVMBuildAnd(b, global, LLVMBuildXor(b, constant, LLVMConstInt(resolver->i32, 1, 0), ""), ""));
}

/* cw.lane(linear index): notes in the thread's context which lane of a group calls what comes next. */
static void lower_lane(struct resolver *resolver, LLVMValueRef call) {
    LLVMBuilderRef b = resolver->builder;
    LLVMValueRef thread = current_thread(resolver), size[2];
    for (int k = 0; k < 2; k++) size[k] = register_value(resolver, find_register((enum cw_intrinsic)(CW_INTRINSIC_NTID_X + k)));
    LLVMPositionBuilderBefore(b, call);
    LLVMValueRef linear = LLVMGetOperand(call, 0), row = LLVMBuildUDiv(b, linear, size[0], "");
    LLVMValueRef const values[4] = {LLVMBuildURem(b, linear, size[0], ""), LLVMBuildURem(b, row, size[1], ""), LLVMBuildUDiv(b, row, size[1], ""),
                                    linear};
    for (unsigned k = 0; k < 4; k++) {
        size_t offset = k < 3 ? offsetof(struct cw_cpu_thread, tid) + k * sizeof(uint32_t) : offsetof(struct cw_cpu_thread, linear);
        LLVMValueRef index = LLVMConstInt(resolver->i64, offset, 0);
        LLVMBuildStore(b, values[k], LLVMBuildInBoundsGEP2(b, LLVMInt8TypeInContext(resolver->context), thread, &index, 1, ""));
    }
    LLVMInstructionEraseFromParent(call);
}

/* Lanes that ask for the active mask are together if they ask in the same place, which natively is the return address. */
static void note_site(struct resolver *resolver, LLVMValueRef call) {
    LLVMBuilderRef b = resolver->builder;
    LLVMValueRef thread = current_thread(resolver), index = LLVMConstInt(resolver->i64, offsetof(struct cw_cpu_thread, site), 0);
    LLVMPositionBuilderBefore(b, call);
    LLVMValueRef place = LLVMBuildInBoundsGEP2(b, LLVMInt8TypeInContext(resolver->context), thread, &index, 1, "");
    LLVMBuildStore(b, LLVMConstInt(resolver->i32, ++resolver->sites, 0), place);
}

/* A bit of the block's. */
static LLVMValueRef streams(struct resolver *resolver, LLVMValueRef call) {
    LLVMValueRef block = current_block(resolver), word = LLVMGetOperand(call, 0);
    LLVMBuilderRef b = resolver->builder;
    LLVMPositionBuilderBefore(b, resolver->anchor);
    LLVMValueRef bits = field(resolver, resolver->i32, block, offsetof(struct cw_cpu_block, streamed));
    return LLVMBuildTrunc(b, LLVMBuildLShr(b, bits, word, ""), LLVMInt1TypeInContext(resolver->context), "streams");
}

static bool is_own_service(const char *name) {
    return strcmp(name, CW_CPU_THREAD_EXIT) == 0 || strcmp(name, CW_VECTOR_BARRIER_VOTE) == 0;
}

static void lower_call(struct resolver *resolver, LLVMValueRef call) {
    LLVMValueRef callee = cw_called_function(call);
    if (!callee || !cw_is_declaration(callee)) return;
    const char *name = cw_value_name(callee);
    enum cw_intrinsic intrinsic = cw_intrinsic_find(name);
    const struct special_register *row = find_register(intrinsic);
    if (row) replace(call, register_value(resolver, row));
    else if (strcmp(name, CW_SHARED_BASE) == 0) replace(call, shared_base(resolver));
    else if (cw_is_shared_place(name)) replace(call, cluster_place(resolver, name));
    else if (strcmp(name, CW_CPU_THREAD) == 0) replace(call, current_thread(resolver));
    else if (intrinsic == CW_INTRINSIC_CLOCK) lower_clock(resolver, call);
    else if (intrinsic == CW_INTRINSIC_IS_CONSTANT) lower_is_constant(resolver, call);
    else if (intrinsic == CW_INTRINSIC_IS_GLOBAL) lower_is_global(resolver, call);
    else if (strcmp(name, CW_VECTOR_STREAMS) == 0) replace(call, streams(resolver, call));
    else if (strcmp(name, CW_VECTOR_LANE) == 0) lower_lane(resolver, call);
    else if (intrinsic != CW_INTRINSIC_COUNT || is_own_service(name)) {
        if (resolver->form->linked && intrinsic == CW_INTRINSIC_ACTIVEMASK) note_site(resolver, call);
        call_service(resolver, call, name);
    }
}

static void lower_function(struct resolver *resolver, LLVMValueRef function) {
    resolver->function = function;
    resolver->marker = cw_cpu_find_marker(function);
    resolver->thread = resolver->block = resolver->shared = resolver->cluster_base = resolver->cluster_shift = NULL;
    memset(resolver->cached, 0, sizeof resolver->cached);
    /* An instruction of our own keeps its place while others around it go. */
    LLVMPositionBuilderBefore(resolver->builder, LLVMGetFirstInstruction(LLVMGetEntryBasicBlock(function)));
    resolver->anchor = LLVMBuildAlloca(resolver->builder, resolver->i32, "");
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function); block; block = LLVMGetNextBasicBlock(block)) {
        for (LLVMValueRef i = LLVMGetFirstInstruction(block), next; i; i = next) {
            next = LLVMGetNextInstruction(i);
            if (LLVMIsACallInst(i) && i != resolver->marker) lower_call(resolver, i);
        }
    }
    LLVMInstructionEraseFromParent(resolver->anchor);
    if (resolver->marker) LLVMInstructionEraseFromParent(resolver->marker);
}

void cw_cpu_lower_intrinsics(LLVMModuleRef llvm, const struct cw_cpu_form *form) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    struct resolver resolver = {.form = form, .llvm = llvm, .context = context, .builder = LLVMCreateBuilderInContext(context)};
    resolver.i32 = LLVMInt32TypeInContext(context);
    resolver.i64 = LLVMInt64TypeInContext(context);
    resolver.pointer = LLVMPointerTypeInContext(context, 0);
    resolver.invariant_kind = LLVMGetMDKindIDInContext(context, "invariant.load", 14);
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm), next; f; f = next) {
        next = LLVMGetNextFunction(f);
        if (!cw_is_declaration(f)) lower_function(&resolver, f);
    }
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm), next; f; f = next) {
        next = LLVMGetNextFunction(f);
        const char *name = cw_value_name(f);
        if (cw_is_declaration(f) && !LLVMGetFirstUse(f) && strncmp(name, "llvm.", 5) != 0) LLVMDeleteFunction(f);
    }
    LLVMDisposeBuilder(resolver.builder);
}
