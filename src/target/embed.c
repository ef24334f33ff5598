/* SPDX-License-Identifier: Apache-2.0 */
/*
 * embed.c: see embed.h. The object holds the container as read-only data and a constructor that calls
 * __cw_register_container(id, bytes, size). Host objects refer to it by id alone, so link order doesn't matter.
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

static void add_constructor(LLVMModuleRef llvm, LLVMValueRef id, LLVMValueRef bytes, size_t size) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    LLVMTypeRef pointer = LLVMPointerTypeInContext(context, 0), size_type = LLVMInt64TypeInContext(context);
    LLVMTypeRef nothing = LLVMVoidTypeInContext(context);
    LLVMTypeRef parameters[3] = {pointer, pointer, size_type};
    LLVMTypeRef type = LLVMFunctionType(nothing, parameters, 3, 0);
    LLVMValueRef registrar = LLVMAddFunction(llvm, "__cw_register_container", type);

    LLVMTypeRef constructor_type = LLVMFunctionType(nothing, NULL, 0, 0);
    LLVMValueRef constructor = LLVMAddFunction(llvm, "cw.register", constructor_type);
    LLVMSetLinkage(constructor, LLVMInternalLinkage);
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(context);
    LLVMPositionBuilderAtEnd(builder, LLVMAppendBasicBlockInContext(context, constructor, "entry"));
    LLVMValueRef arguments[3] = {id, bytes, LLVMConstInt(size_type, size, 0)};
    LLVMBuildCall2(builder, type, registrar, arguments, 3, "");
    LLVMBuildRetVoid(builder);
    LLVMDisposeBuilder(builder);

    /* Priority 101: before ordinary constructors, which may already call CUDA. The section is named directly because the
     * C API's machines would put llvm.global_ctors into .ctors, which today's loaders don't run. */
    LLVMValueRef slot = LLVMAddGlobal(llvm, pointer, "cw.constructor");
    LLVMSetInitializer(slot, constructor);
    LLVMSetLinkage(slot, LLVMInternalLinkage);
    LLVMSetSection(slot, ".init_array.101");
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
    cw_status status = cw_host_emit(compiler, llvm, machine, LLVMObjectFile, object);
    LLVMDisposeModule(llvm);
    LLVMDisposeTargetMachine(machine);
    return status;
}
