/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unroll.c: asks LLVM to unroll whole those loops that index local arrays by what changes in them. Then every index is a
 * number, and the array is registers, as with nvcc; else it is memory, which costs a GPU several times the loop. LLVM keeps
 * its limit for unrolling on request, and leaves loops alone whose trip count it does not know.
 */
#include <llvm-c/DebugInfo.h>
#include <llvm-c/Target.h>
#include <stdlib.h>
#include <string.h>

#include "pass/cfg.h"
#include "target/shader/shader.h"

static LLVMValueRef base_of(LLVMValueRef pointer) {
    while (LLVMIsAGetElementPtrInst(pointer) || LLVMIsAAddrSpaceCastInst(pointer)) {
        pointer = LLVMGetOperand(pointer, 0);
    }
    return pointer;
}

/* What fits into a thread's registers: 255 of them on NVIDIA's devices, as many elsewhere or fewer. */
#define REGISTER_BYTES 1024u

static bool is_small(LLVMValueRef alloca) {
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(LLVMGetGlobalParent(LLVMGetBasicBlockParent(LLVMGetInstructionParent(alloca))));
    return LLVMABISizeOfType(layout, LLVMGetAllocatedType(alloca)) <= REGISTER_BYTES;
}

static bool indexes_local_array(LLVMBasicBlockRef block) {
    for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i)) {
        bool varies = false;
        for (int k = 1; LLVMIsAGetElementPtrInst(i) && k < LLVMGetNumOperands(i); k++) {
            varies |= !LLVMIsAConstantInt(LLVMGetOperand(i, (unsigned)k));
        }
        LLVMValueRef base = varies ? base_of(i) : NULL;
        if (base && LLVMIsAAllocaInst(base) && is_small(base)) {
            return true;
        }
    }
    return false;
}

/* True if the loop's user has said how to unroll it. */
static bool is_told(LLVMValueRef node) {
    unsigned count = node ? LLVMGetMDNodeNumOperands(node) : 0;
    LLVMValueRef *operands = cw_alloc_array(count + 1, sizeof *operands);
    bool told = false;
    if (node) {
        LLVMGetMDNodeOperands(node, operands);
    }
    for (unsigned i = 1; i < count; i++) {
        char *text = LLVMPrintValueToString(operands[i]);
        told |= strstr(text, "llvm.loop.unroll") != NULL;
        LLVMDisposeMessage(text);
    }
    free(operands);
    return told;
}

/* A loop's own node names itself first (LLVM Language Reference, "llvm.loop"). */
static void request(LLVMValueRef end, unsigned kind) {
    LLVMContextRef context = LLVMGetTypeContext(LLVMTypeOf(end));
    LLVMMetadataRef text = LLVMMDStringInContext2(context, "llvm.loop.unroll.full", 21);
    LLVMMetadataRef mustprogress = LLVMMDStringInContext2(context, "llvm.loop.mustprogress", 22);
    LLVMMetadataRef self = LLVMTemporaryMDNode(context, NULL, 0);
    LLVMMetadataRef parts[3] = {self, LLVMMDNodeInContext2(context, &text, 1), LLVMMDNodeInContext2(context, &mustprogress, 1)};
    LLVMMetadataRef node = LLVMMDNodeInContext2(context, parts, 3);
    LLVMMetadataReplaceAllUsesWith(self, node);
    LLVMSetMetadata(end, kind, LLVMMetadataAsValue(context, node));
}

static void visit_loop(const struct cw_cfg *cfg, const struct cw_loop *loop, unsigned kind) {
    bool wanted = false;
    for (uint32_t b = 0; b < cfg->count && !wanted; b++) {
        wanted = loop->contains[b] && indexes_local_array(cfg->blocks[b]);
    }
    for (uint32_t b = 0; b < cfg->count && wanted; b++) {
        LLVMValueRef end = loop->contains[b] ? LLVMGetBasicBlockTerminator(cfg->blocks[b]) : NULL;
        for (unsigned s = 0; end && s < LLVMGetNumSuccessors(end); s++) {
            if (LLVMGetSuccessor(end, s) == cfg->blocks[loop->header] && !is_told(LLVMGetMetadata(end, kind))) {
                request(end, kind);
            }
        }
    }
}

void cw_shader_unroll(LLVMModuleRef llvm) {
    unsigned kind = LLVMGetMDKindIDInContext(LLVMGetModuleContext(llvm), "llvm.loop", 9);
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f)) {
        if (cw_is_declaration(f)) {
            continue;
        }
        struct cw_cfg cfg;
        cw_cfg_build(&cfg, f);
        for (uint32_t i = 0; i < cfg.loop_count; i++) {
            visit_loop(&cfg, &cfg.loops[i], kind);
        }
        cw_cfg_fini(&cfg);
    }
}
