/* SPDX-License-Identifier: Apache-2.0 */
/*
 * service.c: what a launch's threads share beside their memory: the service record (backend/vulkan/artifact.h), through which they
 * say that they failed, print, and meet each other across blocks.
 */
#include <stddef.h>

#include "backend/vulkan/artifact.h"
#include "target/spirv/spirv.h"

static uint32_t op2(struct spv_module *module, enum spv_op op, uint32_t type, uint32_t a, uint32_t b) {
    return SPV_RESULT(module, op, type, a, b);
}

static uint32_t constant(struct spv_module *module, unsigned bits, uint64_t value) {
    return spv_constant(module, bits, value);
}

/* ---- Ends of the launch --------------------------------------------------------------------------------------- */

static void store_word(struct spv_module *module, uint32_t base, uint32_t offset, unsigned bits, uint32_t value) {
    uint32_t address = op2(module, SPV_IAdd, spv_int(module, 64), base, constant(module, 64, offset));
    spv_store_physical(module, address, spv_int(module, bits), value, bits / 8);
}

/* The first thread that faults says so in the service record; the thread ends, since LLVM knows that nothing follows. */
void spv_emit_fault(struct spv_module *module, LLVMValueRef call, uint32_t code) {
    uint32_t word = spv_int(module, 32), base = spv_push_word(module, SPV_PUSH_SERVICE, 64);
    uint32_t pointer = SPV_RESULT(module, SPV_ConvertUToPtr, spv_pointer(module, SPV_PHYSICAL, word), base);
    uint32_t relaxed = constant(module, 32, 0), scope = constant(module, 32, SPV_SCOPE_DEVICE);
    spv_need(module, SPV_CAP_MEMORY_MODEL_DEVICE);
    module->kernel_flags |= CW_VK_SERVICE;
    uint32_t old = SPV_RESULT(module, SPV_AtomicCompareExchange, word, pointer, scope, relaxed, relaxed, constant(module, 32, code), relaxed);
    uint32_t first = op2(module, SPV_IEqual, spv_bool(module), old, relaxed), inside = spv_id(module), merge = spv_id(module);
    SPV_EMIT(&module->body, SPV_SelectionMerge, merge, 0);
    SPV_EMIT(&module->body, SPV_BranchConditional, first, inside, merge);
    spv_open(module, inside);
    for (uint32_t i = 0; i < 3; i++) {
        uint32_t block = spv_register(module, (enum cw_intrinsic)(CW_INTRINSIC_CTAID_X + i));
        uint32_t thread = spv_register(module, (enum cw_intrinsic)(CW_INTRINSIC_TID_X + i));
        store_word(module, base, (uint32_t)offsetof(struct cw_vk_service, block) + 4 * i, 32, block);
        store_word(module, base, (uint32_t)offsetof(struct cw_vk_service, thread) + 4 * i, 32, thread);
    }
    if (code == CW_VK_FAULT_ASSERT) {
        static const unsigned texts[3] = {0, 1, 3};
        for (uint32_t i = 0; i < 3; i++) {
            store_word(module, base, (uint32_t)offsetof(struct cw_vk_service, text) + 8 * i, 64, spv_use(module, LLVMGetOperand(call, texts[i])));
        }
        store_word(module, base, (uint32_t)offsetof(struct cw_vk_service, line), 32, spv_use(module, LLVMGetOperand(call, 2)));
    }
    SPV_EMIT(&module->body, SPV_Branch, merge);
    spv_open(module, merge);
}

/* ---- The whole grid ------------------------------------------------------------------------------------------- */

static uint32_t grid_blocks(struct spv_module *module) {
    uint32_t word = spv_int(module, 32), count = 0;
    for (uint32_t i = 0; i < 3; i++) {
        uint32_t side = spv_push_word(module, SPV_PUSH_GRID + 4 * i, 32);
        count = count ? op2(module, SPV_IMul, word, count, side) : side;
    }
    return count;
}

/* The launch's counter of arrivals, which begins as 0 and only grows: it has turned over once when all blocks have arrived once. */
static uint32_t arrivals(struct spv_module *module) {
    uint32_t base = spv_push_word(module, SPV_PUSH_SERVICE, 64), offset = (uint32_t)offsetof(struct cw_vk_service, grid_arrived);
    uint32_t address = op2(module, SPV_IAdd, spv_int(module, 64), base, constant(module, 64, offset));
    spv_need(module, SPV_CAP_MEMORY_MODEL_DEVICE);
    module->kernel_flags |= CW_VK_SERVICE | CW_VK_GRID;
    return SPV_RESULT(module, SPV_ConvertUToPtr, spv_pointer(module, SPV_PHYSICAL, spv_int(module, 32)), address);
}

/* One thread speaks for its block, between two of the block's barriers. Only a cooperative launch has all its blocks at once; the
 * backend refuses one that the device may not hold, and in another launch the call ends it. */
void spv_emit_grid_arrive(struct spv_module *module, LLVMValueRef call) {
    uint32_t word = spv_int(module, 32), flags = spv_push_word(module, SPV_PUSH_FLAGS, 32), zero = constant(module, 32, 0);
    uint32_t lone = op2(module, SPV_IEqual, spv_bool(module), flags, zero), inside = spv_id(module), merge = spv_id(module);
    SPV_EMIT(&module->body, SPV_SelectionMerge, merge, 0);
    SPV_EMIT(&module->body, SPV_BranchConditional, lone, inside, merge);
    spv_open(module, inside);
    spv_emit_fault(module, call, CW_VK_FAULT_TRAP);
    SPV_EMIT(&module->body, SPV_Branch, merge);
    spv_open(module, merge);
    uint32_t semantics = SPV_ACQUIRE_RELEASE | SPV_UNIFORM_MEMORY | SPV_MAKE_AVAILABLE | SPV_MAKE_VISIBLE;
    uint32_t old = SPV_RESULT(module, SPV_AtomicIAdd, word, arrivals(module), constant(module, 32, SPV_SCOPE_DEVICE),
                              constant(module, 32, spv_semantics(module, semantics)), constant(module, 32, 1));
    uint32_t blocks = grid_blocks(module), phase = op2(module, SPV_UDiv, word, old, blocks);
    phase = op2(module, SPV_IAdd, word, phase, constant(module, 32, 1));
    spv_define_one(module, call, spv_resize(module, phase, 32, 64, false));
}

void spv_emit_grid_wait(struct spv_module *module, LLVMValueRef call) {
    uint32_t word = spv_int(module, 32), phase = spv_resize(module, spv_use(module, LLVMGetOperand(call, 0)), 64, 32, false);
    uint32_t wanted = op2(module, SPV_IMul, word, phase, grid_blocks(module)), pointer = arrivals(module);
    uint32_t semantics = SPV_ACQUIRE | SPV_UNIFORM_MEMORY | SPV_MAKE_VISIBLE;
    uint32_t head = spv_id(module), body = spv_id(module), next = spv_id(module), merge = spv_id(module);
    SPV_EMIT(&module->body, SPV_Branch, head);
    spv_open(module, head);
    SPV_EMIT(&module->body, SPV_LoopMerge, merge, next, 0);
    SPV_EMIT(&module->body, SPV_Branch, body);
    spv_open(module, body);
    uint32_t count = SPV_RESULT(module, SPV_AtomicLoad, word, pointer, constant(module, 32, SPV_SCOPE_DEVICE),
                                constant(module, 32, spv_semantics(module, semantics)));
    uint32_t missing = op2(module, SPV_ISub, word, count, wanted);
    uint32_t waits = op2(module, SPV_SLessThan, spv_bool(module), missing, constant(module, 32, 0));
    SPV_EMIT(&module->body, SPV_BranchConditional, waits, next, merge);
    spv_open(module, next);
    SPV_EMIT(&module->body, SPV_Branch, head);
    spv_open(module, merge);
}

/* ---- Output --------------------------------------------------------------------------------------------------- */

enum { PRINT_WORDS_MAX = 128 };

/* The local variable that vprintf's arguments lie in: its address as a local pointer, and its words. False when it is not in sight. */
static bool packed_arguments(struct spv_module *module, LLVMValueRef operand, LLVMValueRef *pointer, uint32_t *words, uint32_t *count) {
    *words = *count = 0;
    if (LLVMIsNull(operand)) {
        return true;
    }
    if (!LLVMIsAAddrSpaceCastInst(operand) || !LLVMIsAAddrSpaceCastInst(LLVMGetOperand(operand, 0))) {
        return false;
    }
    *pointer = LLVMGetOperand(operand, 0);
    LLVMValueRef variable = LLVMGetOperand(*pointer, 0);
    if (!LLVMIsAAllocaInst(variable)) {
        return false;
    }
    LLVMTypeRef type = LLVMGetAllocatedType(variable);
    *words = (uint32_t)((LLVMABISizeOfType(module->layout, type) + 3) / 4);
    *count = LLVMGetTypeKind(type) == LLVMStructTypeKind ? LLVMCountStructElementTypes(type) : 1;
    return *words <= PRINT_WORDS_MAX;
}

void spv_emit_print(struct spv_module *module, LLVMValueRef call) {
    LLVMValueRef pointer = NULL;
    uint32_t words, count, ids[PRINT_WORDS_MAX], word = spv_int(module, 32), wide = spv_int(module, 64);
    if (!packed_arguments(module, LLVMGetOperand(call, 1), &pointer, &words, &count)) {
        spv_refuse(module, call, "printf whose arguments can't be followed");
        return;
    }
    module->kernel_flags |= CW_VK_SERVICE;
    spv_need(module, SPV_CAP_MEMORY_MODEL_DEVICE);
    uint32_t format = spv_use(module, LLVMGetOperand(call, 0));
    if (words) {
        spv_read_words(module, pointer, words, ids);
    }
    uint32_t size = (uint32_t)sizeof(struct cw_vk_record) + (4 * words + 7) / 8 * 8;
    uint32_t base = spv_push_word(module, SPV_PUSH_SERVICE, 64), relaxed = constant(module, 32, 0);
    uint32_t used = op2(module, SPV_IAdd, wide, base, constant(module, 64, offsetof(struct cw_vk_service, output_used)));
    uint32_t place = SPV_RESULT(module, SPV_ConvertUToPtr, spv_pointer(module, SPV_PHYSICAL, word), used);
    uint32_t at = SPV_RESULT(module, SPV_AtomicIAdd, word, place, constant(module, 32, SPV_SCOPE_DEVICE), relaxed, constant(module, 32, size));
    uint32_t room = op2(module, SPV_IAdd, wide, base, constant(module, 64, offsetof(struct cw_vk_service, output_size)));
    room = spv_load_physical(module, room, word, 4);
    uint32_t end = op2(module, SPV_IAdd, word, at, constant(module, 32, size));
    uint32_t fits = op2(module, SPV_ULessThanEqual, spv_bool(module), end, room), inside = spv_id(module), merge = spv_id(module);
    SPV_EMIT(&module->body, SPV_SelectionMerge, merge, 0);
    SPV_EMIT(&module->body, SPV_BranchConditional, fits, inside, merge);
    spv_open(module, inside);
    uint32_t record = op2(module, SPV_IAdd, wide, base, spv_resize(module, at, 32, 64, false));
    store_word(module, record, CW_VK_OUTPUT_OFFSET, 32, constant(module, 32, size));
    store_word(module, record, CW_VK_OUTPUT_OFFSET + (uint32_t)offsetof(struct cw_vk_record, format), 64, format);
    for (uint32_t i = 0; i < words; i++) {
        store_word(module, record, CW_VK_OUTPUT_OFFSET + (uint32_t)sizeof(struct cw_vk_record) + 4 * i, 32, ids[i]);
    }
    SPV_EMIT(&module->body, SPV_Branch, merge);
    spv_open(module, merge);
    spv_define_one(module, call, constant(module, 32, count));
}
