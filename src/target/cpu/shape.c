/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shape.c: code for blocks of one shape. blockDim becomes constants, in the kernel and in the functions that it calls, so that loops over
 * the block have known counts, strides known lengths, and tests of the shape an answer. The backend runs such code for launches
 * with this shape alone (backend/cpu/artifact.h).
 *
 * It is loaded beside the module's code for any shape, whose variables it shares: each use of one begins with a load of its address from
 * a slot that the backend fills. What can't be shared so is refused, and launches keep the code that they have: variables whose addresses
 * constants hold; and kernels that launch kernels or call what they have the address of, since the two codes have
 * addresses of their own for one function.
 */
#include <stdlib.h>
#include <string.h>

#include "pass/expand.h"
#include "target/cpu/cpu.h"

void cw_cpu_fix_shape(LLVMModuleRef llvm, const struct cw_dim3 *block) {
    const uint32_t sizes[3] = {block->x, block->y, block->z};
    static const enum cw_intrinsic questions[3] = {CW_INTRINSIC_NTID_X, CW_INTRINSIC_NTID_Y, CW_INTRINSIC_NTID_Z};
    LLVMTypeRef i32 = LLVMInt32TypeInContext(LLVMGetModuleContext(llvm));
    for (unsigned k = 0; k < 3; k++) {
        LLVMValueRef function = LLVMGetNamedFunction(llvm, cw_intrinsics[questions[k]].text);
        LLVMUseRef use = function ? LLVMGetFirstUse(function) : NULL;
        while (use) {
            LLVMValueRef call = LLVMGetUser(use);
            use = LLVMGetNextUse(use);
            if (!LLVMIsACallInst(call)) continue;
            LLVMReplaceAllUsesWith(call, LLVMConstInt(i32, sizes[k], 0));
            LLVMInstructionEraseFromParent(call);
        }
    }
}

cw_status cw_cpu_one_kernel(struct cw_compiler *compiler, const struct cw_module *module, LLVMModuleRef llvm, struct cw_module *one) {
    static const uint32_t refused = CW_FEATURE_INDIRECT_CALL | CW_FEATURE_CHILD_LAUNCH;
    struct cw_kernel *kernel = NULL;
    uint32_t count = 0;
    *one = *module;
    for (uint32_t i = 0; i < module->table.kernel_count; i++) {
        if (!LLVMGetNamedFunction(llvm, module->table.kernels[i].name)) continue;
        kernel = &module->table.kernels[i];
        count++;
    }
    one->table.kernels = kernel;
    one->table.kernel_count = 1;
    if (count != 1) {
        cw_diagnose(compiler, NULL, "code for one shape of blocks is made a kernel at a time, not for %u", count);
        return CW_ERROR_INVALID_ARGUMENT;
    }
    if (!(kernel->features & refused)) return CW_OK;
    cw_diagnose(compiler, NULL, "%s launches kernels or calls functions by their address: it has code for any shape of blocks alone", kernel->name);
    return CW_ERROR_UNSUPPORTED;
}

/* ---- Variables ---- */

struct sharing {
    struct cw_expansion expansion;
    LLVMValueRef variable, slot;
};

static bool is_replaced(void *context, LLVMValueRef variable) {
    return variable == ((const struct sharing *)context)->variable;
}

static LLVMValueRef load_address(void *context, LLVMValueRef variable) {
    const struct sharing *sharing = context;
    (void)variable;
    return cw_expansion_load(&sharing->expansion, sharing->slot, "");
}

/* Everything that uses the variable uses the slot, which takes its name; it has none itself from here on. */
static void share(struct sharing *sharing, LLVMModuleRef llvm, LLVMValueRef variable) {
    LLVMTypeRef pointer = LLVMPointerTypeInContext(LLVMGetModuleContext(llvm), CW_SPACE_GENERIC);
    char *name = cw_strdup(cw_value_name(variable));
    LLVMSetValueName2(variable, "", 0);
    LLVMSetLinkage(variable, LLVMInternalLinkage);
    sharing->variable = variable;
    sharing->slot = LLVMAddGlobal(llvm, pointer, name);
    LLVMSetInitializer(sharing->slot, LLVMConstNull(pointer));
    LLVMSetExternallyInitialized(sharing->slot, 1);
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f))
        for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(f); block; block = LLVMGetNextBasicBlock(block))
            for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i))
                (void)cw_expand_operands(&sharing->expansion, i);
    if (!LLVMGetFirstUse(sharing->slot)) LLVMDeleteGlobal(sharing->slot);
    free(name);
}

static void drop(LLVMModuleRef llvm, const char *name) {
    LLVMValueRef global = LLVMGetNamedGlobal(llvm, name);
    if (global) LLVMDeleteGlobal(global);
}

/* Constant expressions that nobody uses any more stay with what they are made of. */
static bool is_used(LLVMValueRef value) {
    for (LLVMUseRef use = LLVMGetFirstUse(value); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);
        if (!LLVMIsAConstantExpr(user) || is_used(user)) return true;
    }
    return false;
}

static bool drop_unused(LLVMModuleRef llvm) {
    for (LLVMValueRef g = LLVMGetFirstGlobal(llvm); g; g = LLVMGetNextGlobal(g)) {
        bool internal = LLVMGetLinkage(g) == LLVMInternalLinkage || LLVMGetLinkage(g) == LLVMPrivateLinkage;
        if (!internal || LLVMIsDeclaration(g) || is_used(g)) continue;
        LLVMReplaceAllUsesWith(g, LLVMGetPoison(LLVMTypeOf(g)));
        LLVMDeleteGlobal(g);
        return true;
    }
    return false;
}

bool cw_cpu_is_variable(LLVMValueRef global) {
    const char *name = cw_value_name(global);
    return !LLVMIsGlobalConstant(global) && !LLVMIsDeclaration(global) &&
           LLVMGetPointerAddressSpace(LLVMTypeOf(global)) != CW_SPACE_SHARED && strncmp(name, "llvm.", 5) != 0 &&
           strncmp(name, CW_CPU_SLOT_PREFIX, sizeof CW_CPU_SLOT_PREFIX - 1) != 0;
}

cw_status cw_cpu_share_variables(struct cw_compiler *compiler, LLVMModuleRef llvm) {
    struct sharing sharing = {0};
    sharing.expansion = (struct cw_expansion){LLVMCreateBuilderInContext(LLVMGetModuleContext(llvm)), is_replaced, load_address, &sharing};
    drop(llvm, "llvm.compiler.used");
    drop(llvm, "llvm.used");
    LLVMValueRef last = LLVMGetLastGlobal(llvm);
    for (LLVMValueRef g = LLVMGetFirstGlobal(llvm), next; g; g = next) {
        next = g == last ? NULL : LLVMGetNextGlobal(g); /* slots come behind */
        if (cw_cpu_is_variable(g)) share(&sharing, llvm, g);
    }
    LLVMDisposeBuilder(sharing.expansion.builder);
    while (drop_unused(llvm)) {
    }
    for (LLVMValueRef g = LLVMGetFirstGlobal(llvm); g; g = LLVMGetNextGlobal(g)) {
        bool slot = LLVMIsExternallyInitialized(g) && cw_value_name(g)[0];
        if (slot || !cw_cpu_is_variable(g)) continue;
        cw_diagnose(compiler, NULL, "a constant has the address of a variable, which code for one shape of blocks can't share then");
        return CW_ERROR_UNSUPPORTED;
    }
    return CW_OK;
}
