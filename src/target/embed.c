/* SPDX-License-Identifier: Apache-2.0 */
/*
 * embed.c: see embed.h. The object holds the container as read-only data and a constructor that calls
 * __cw_register_container(id, bytes, size). Host objects refer to it by id alone, so link order doesn't matter.
 *
 * In separate compilation, clang's host object calls __cudaRegisterLinkedBinary_ID with its function that registers the
 * unit's kernels and variables, and the device link defines that function, as nvcc's do. All units of one link share one
 * container. The functions are weak and hidden: every executable and shared library has its own device link, and a static
 * library may have been linked before.
 */
#include "target/embed.h"

#include <llvm-c/Target.h>
#include <llvm-c/TargetMachine.h>

#include "target/host.h"
#include "target/target.h"

static LLVMValueRef add_bytes(LLVMModuleRef llvm, const char *name, const void *data, size_t size) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    LLVMValueRef initializer = LLVMConstStringInContext2(context, data, size, 1);
    LLVMValueRef global = LLVMAddGlobal(llvm, LLVMTypeOf(initializer), name);
    LLVMSetInitializer(global, initializer);
    LLVMSetGlobalConstant(global, 1);
    LLVMSetLinkage(global, LLVMPrivateLinkage);
    LLVMSetAlignment(global, 16);
    LLVMSetSection(global, ".cw_modules");
    return global;
}

/* A function of no arguments that calls `callee` and returns; run by the loader from `section`. */
static void add_loader_function(LLVMModuleRef llvm, const char *name, const char *section, LLVMTypeRef type, LLVMValueRef callee,
                                LLVMValueRef *arguments, unsigned count) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    LLVMTypeRef function_type = LLVMFunctionType(LLVMVoidTypeInContext(context), NULL, 0, 0);
    LLVMValueRef function = LLVMAddFunction(llvm, name, function_type);
    LLVMSetLinkage(function, LLVMInternalLinkage);
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(context);
    LLVMPositionBuilderAtEnd(builder, LLVMAppendBasicBlockInContext(context, function, "entry"));
    LLVMBuildCall2(builder, type, callee, arguments, count, "");
    LLVMBuildRetVoid(builder);
    LLVMDisposeBuilder(builder);

    /* The section is named directly because the C API's machines would put llvm.global_ctors into .ctors, which today's
     * loaders don't run. */
    LLVMValueRef slot = LLVMAddGlobal(llvm, LLVMPointerTypeInContext(context, 0), "cw.slot");
    LLVMSetInitializer(slot, function);
    LLVMSetLinkage(slot, LLVMInternalLinkage);
    LLVMSetSection(slot, section);
}

static void add_constructor(LLVMModuleRef llvm, LLVMValueRef id, LLVMValueRef bytes, size_t size) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    LLVMTypeRef pointer = LLVMPointerTypeInContext(context, 0), size_type = LLVMInt64TypeInContext(context);
    LLVMTypeRef parameters[3] = {pointer, pointer, size_type};
    LLVMTypeRef type = LLVMFunctionType(LLVMVoidTypeInContext(context), parameters, 3, 0);
    LLVMValueRef registrar = LLVMAddFunction(llvm, "__cw_register_container", type);
    LLVMValueRef arguments[3] = {id, bytes, LLVMConstInt(size_type, size, 0)};
    /* Priority 101: before ordinary constructors, which may already call CUDA. */
    add_loader_function(llvm, "cw.register", ".init_array.101", type, registrar, arguments, 3);
}

/* void FUNCTION(registrar, wrapper, id, callback): what a unit's host code calls. */
static void add_linked_function(LLVMModuleRef llvm, const char *name, LLVMTypeRef type, LLVMValueRef callee, LLVMValueRef bytes) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    LLVMTypeRef pointer = LLVMPointerTypeInContext(context, 0), parameters[4] = {pointer, pointer, pointer, pointer};
    LLVMTypeRef function_type = LLVMFunctionType(LLVMVoidTypeInContext(context), parameters, 4, 0);
    LLVMValueRef function = LLVMAddFunction(llvm, name, function_type);
    LLVMSetLinkage(function, LLVMWeakAnyLinkage);
    LLVMSetVisibility(function, LLVMHiddenVisibility);
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(context);
    LLVMPositionBuilderAtEnd(builder, LLVMAppendBasicBlockInContext(context, function, "entry"));
    LLVMValueRef arguments[2] = {bytes, LLVMGetParam(function, 0)};
    LLVMBuildCall2(builder, type, callee, arguments, 2, "");
    LLVMBuildRetVoid(builder);
    LLVMDisposeBuilder(builder);
}

static cw_status emit_and_dispose(struct cw_compiler *compiler, LLVMModuleRef llvm, LLVMTargetMachineRef machine, struct cw_bytes *object) {
    cw_status status = cw_host_emit(compiler, llvm, machine, LLVMObjectFile, object);
    LLVMDisposeModule(llvm);
    LLVMDisposeTargetMachine(machine);
    return status;
}

cw_status cw_embed_unit(struct cw_compiler *compiler, const void *container, size_t size, struct cw_bytes *object) {
    *object = (struct cw_bytes){0};
    LLVMTargetMachineRef machine = cw_host_machine(compiler, "", "", LLVMCodeGenLevelNone);
    if (!machine) return CW_ERROR_INTERNAL;
    LLVMModuleRef llvm = LLVMModuleCreateWithNameInContext("cuda-wasm unit", compiler->context);
    cw_host_adopt(llvm, machine);
    LLVMValueRef bytes = add_bytes(llvm, "cw.unit", container, size);
    LLVMSetSection(bytes, ".cw_device");
    /* SHF_EXCLUDE: `ld -r` keeps the section, a final link drops it. */
    LLVMValueRef empty = LLVMMetadataAsValue(compiler->context, LLVMMDNodeInContext2(compiler->context, NULL, 0));
    LLVMGlobalSetMetadata(bytes, LLVMGetMDKindIDInContext(compiler->context, "exclude", 7), LLVMValueAsMetadata(empty));
    return emit_and_dispose(compiler, llvm, machine, object);
}

cw_status cw_embed_linked(struct cw_compiler *compiler, const char *const *functions, size_t count, const void *container,
                          size_t size, struct cw_bytes *object) {
    *object = (struct cw_bytes){0};
    LLVMTargetMachineRef machine = cw_host_machine(compiler, "", "", LLVMCodeGenLevelNone);
    if (!machine) return CW_ERROR_INTERNAL;
    LLVMModuleRef llvm = LLVMModuleCreateWithNameInContext("cuda-wasm device link", compiler->context);
    cw_host_adopt(llvm, machine);
    if (size > 0) {
        LLVMTypeRef pointer = LLVMPointerTypeInContext(compiler->context, 0), parameters[2] = {pointer, pointer};
        LLVMTypeRef nothing = LLVMVoidTypeInContext(compiler->context);
        LLVMTypeRef type = LLVMFunctionType(nothing, parameters, 2, 0), end_type = LLVMFunctionType(nothing, parameters, 1, 0);
        LLVMValueRef registrar = LLVMAddFunction(llvm, "__cw_register_linked", type);
        LLVMValueRef end = LLVMAddFunction(llvm, "__cw_unregister_linked", end_type);
        LLVMValueRef bytes = add_bytes(llvm, "cw.container", container, size);
        for (size_t i = 0; i < count; i++) add_linked_function(llvm, functions[i], type, registrar, bytes);
        add_loader_function(llvm, "cw.unregister", ".fini_array.101", end_type, end, &bytes, 1);
    }
    return emit_and_dispose(compiler, llvm, machine, object);
}

cw_status cw_embed(struct cw_compiler *compiler, const uint8_t id[16], const void *container, size_t size, struct cw_bytes *object) {
    *object = (struct cw_bytes){0};
    LLVMTargetMachineRef machine = cw_host_machine(compiler, "", "", LLVMCodeGenLevelNone);
    if (!machine) return CW_ERROR_INTERNAL;
    LLVMModuleRef llvm = LLVMModuleCreateWithNameInContext("cuda-wasm container", compiler->context);
    cw_host_adopt(llvm, machine);
    LLVMValueRef id_bytes = add_bytes(llvm, "cw.id", id, 16);
    LLVMValueRef bytes = add_bytes(llvm, "cw.container", container, size);
    add_constructor(llvm, id_bytes, bytes, size);
    return emit_and_dispose(compiler, llvm, machine, object);
}

/* WebAssembly has no sections that a loader runs; LLVM makes a start function of the list of constructors. */
static void add_global_constructor(LLVMModuleRef llvm, LLVMValueRef function) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    LLVMTypeRef pointer = LLVMPointerTypeInContext(context, 0);
    LLVMValueRef fields[3] = {LLVMConstInt(LLVMInt32TypeInContext(context), 101, 0), function, LLVMConstNull(pointer)};
    LLVMValueRef row = LLVMConstStructInContext(context, fields, 3, 0);
    LLVMValueRef list = LLVMAddGlobal(llvm, LLVMArrayType2(LLVMTypeOf(row), 1), "llvm.global_ctors");
    LLVMSetInitializer(list, LLVMConstArray2(LLVMTypeOf(row), &row, 1));
    LLVMSetLinkage(list, LLVMAppendingLinkage);
}

/* The constructor calls __cw_register_wasm(id, container, size, artifact) (src/wasi/module.c). */
cw_status cw_embed_wasm(struct cw_compiler *compiler, const uint8_t id[16], const char *symbol, const char *const *functions, size_t count,
                        const void *container, size_t size, struct cw_bytes *object) {
    *object = (struct cw_bytes){0};
    LLVMContextRef context = compiler->context;
    LLVMTargetMachineRef machine = cw_machine_for(compiler, "wasm32-unknown-wasi", "mvp", "", LLVMCodeGenLevelNone);
    if (!machine) return CW_ERROR_INTERNAL;
    LLVMModuleRef llvm = LLVMModuleCreateWithNameInContext("cuda-wasm container", context);
    cw_host_adopt(llvm, machine);
    LLVMTypeRef pointer = LLVMPointerTypeInContext(context, 0), i32 = LLVMInt32TypeInContext(context);
    LLVMTypeRef parameters[4] = {pointer, pointer, i32, pointer}, nothing = LLVMVoidTypeInContext(context);
    LLVMTypeRef type = LLVMFunctionType(nothing, parameters, 4, 0), own_type = LLVMFunctionType(nothing, NULL, 0, 0);
    LLVMValueRef registrar = LLVMAddFunction(llvm, "__cw_register_wasm", type);
    LLVMValueRef artifact = LLVMAddGlobal(llvm, i32, symbol);
    LLVMSetVisibility(artifact, LLVMHiddenVisibility);
    LLVMValueRef arguments[4] = {add_bytes(llvm, "cw.id", id, 16), add_bytes(llvm, "cw.container", container, size),
                                 LLVMConstInt(i32, size, 0), artifact};
    LLVMValueRef function = LLVMAddFunction(llvm, "cw.register", own_type);
    LLVMSetLinkage(function, LLVMInternalLinkage);
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(context);
    LLVMPositionBuilderAtEnd(builder, LLVMAppendBasicBlockInContext(context, function, "entry"));
    LLVMBuildCall2(builder, type, registrar, arguments, 4, "");
    LLVMBuildRetVoid(builder);
    LLVMDisposeBuilder(builder);
    add_global_constructor(llvm, function);
    if (count > 0) {
        LLVMTypeRef linked_type = LLVMFunctionType(nothing, parameters, 2, 0);
        LLVMValueRef linked = LLVMAddFunction(llvm, "__cw_register_linked", linked_type);
        for (size_t i = 0; i < count; i++) add_linked_function(llvm, functions[i], linked_type, linked, arguments[1]);
    }
    return emit_and_dispose(compiler, llvm, machine, object);
}
