/* SPDX-License-Identifier: Apache-2.0 */
/*
 * atomic.c: atomics, fences and block barriers, by the Vulkan memory model (Vulkan Specification, appendix "Memory Model").
 * What the device has no instruction for became a loop around compare-and-exchange before (target/shader/atomics.c).
 */
#include <stdlib.h>

#include "target/spirv/address.h"

struct atomic {
    LLVMValueRef instruction;
    enum spv_op op;
    unsigned bits;
    uint32_t value, expected;
    bool is_float;
};

static enum spv_op rmw_op(LLVMValueRef i) {
    switch (LLVMGetAtomicRMWBinOp(i)) {
    case LLVMAtomicRMWBinOpXchg: return SPV_AtomicExchange;
    case LLVMAtomicRMWBinOpAdd: return SPV_AtomicIAdd;
    case LLVMAtomicRMWBinOpSub: return SPV_AtomicISub;
    case LLVMAtomicRMWBinOpAnd: return SPV_AtomicAnd;
    case LLVMAtomicRMWBinOpOr: return SPV_AtomicOr;
    case LLVMAtomicRMWBinOpXor: return SPV_AtomicXor;
    case LLVMAtomicRMWBinOpMax: return SPV_AtomicSMax;
    case LLVMAtomicRMWBinOpMin: return SPV_AtomicSMin;
    case LLVMAtomicRMWBinOpUMax: return SPV_AtomicUMax;
    case LLVMAtomicRMWBinOpUMin: return SPV_AtomicUMin;
    case LLVMAtomicRMWBinOpFAdd: return SPV_AtomicFAddEXT;
    default: return SPV_Unreachable;
    }
}

static uint32_t full_semantics(LLVMAtomicOrdering ordering) {
    uint32_t memory = SPV_UNIFORM_MEMORY | SPV_WORKGROUP_MEMORY;
    switch (ordering) {
    case LLVMAtomicOrderingAcquire: return SPV_ACQUIRE | memory | SPV_MAKE_VISIBLE;
    case LLVMAtomicOrderingRelease: return SPV_RELEASE | memory | SPV_MAKE_AVAILABLE;
    case LLVMAtomicOrderingAcquireRelease:
    case LLVMAtomicOrderingSequentiallyConsistent: return SPV_ACQUIRE_RELEASE | memory | SPV_MAKE_AVAILABLE | SPV_MAKE_VISIBLE;
    default: return 0;
    }
}

static uint32_t semantics_of(const struct spv_module *module, LLVMAtomicOrdering ordering) {
    return spv_semantics(module, full_semantics(ordering));
}

/* A load only acquires and a store only releases (SPIR-V Specification, "OpAtomicLoad", "OpAtomicStore"). */
uint32_t spv_access_semantics(const struct spv_module *module, LLVMAtomicOrdering ordering, bool is_store) {
    bool orders = ordering != LLVMAtomicOrderingNotAtomic && ordering != LLVMAtomicOrderingUnordered && ordering != LLVMAtomicOrderingMonotonic;
    return orders ? semantics_of(module, is_store ? LLVMAtomicOrderingRelease : LLVMAtomicOrderingAcquire) : 0;
}

static uint32_t element_pointer(struct spv_module *module, const struct atomic *atomic, const struct spv_where *where) {
    if (where->region == CW_REGION_NONE) {
        uint32_t type = atomic->is_float ? spv_float(module, atomic->bits) : spv_int(module, atomic->bits);
        return SPV_RESULT(module, SPV_ConvertUToPtr, spv_pointer(module, SPV_PHYSICAL, type), where->address);
    }
    if (module->regions.regions[where->region].bits != atomic->bits) {
        spv_refuse(module, atomic->instruction, "a %u-bit atomic of memory that is also accessed in another width", atomic->bits);
    }
    return spv_element(module, where->region, &where->offset, 0);
}

/* Of local memory, which no other thread sees: an ordinary load and store. */
static void act_private(struct spv_module *module, const struct atomic *atomic, uint32_t pointer, uint32_t *results) {
    uint32_t type = spv_int(module, atomic->bits);
    uint32_t old = SPV_RESULT(module, SPV_Load, type, pointer), fresh = atomic->value;
    uint32_t test;
    switch ((int)atomic->op) {
    case SPV_AtomicExchange: break;
    case SPV_AtomicIAdd: fresh = SPV_RESULT(module, SPV_IAdd, type, old, atomic->value); break;
    case SPV_AtomicISub: fresh = SPV_RESULT(module, SPV_ISub, type, old, atomic->value); break;
    case SPV_AtomicAnd: fresh = SPV_RESULT(module, SPV_BitwiseAnd, type, old, atomic->value); break;
    case SPV_AtomicOr: fresh = SPV_RESULT(module, SPV_BitwiseOr, type, old, atomic->value); break;
    case SPV_AtomicXor: fresh = SPV_RESULT(module, SPV_BitwiseXor, type, old, atomic->value); break;
    case SPV_AtomicCompareExchange:
        test = SPV_RESULT(module, SPV_IEqual, spv_bool(module), old, atomic->expected);
        fresh = SPV_RESULT(module, SPV_Select, type, test, atomic->value, old);
        break;
    default: {
        bool is_max = atomic->op == SPV_AtomicSMax || atomic->op == SPV_AtomicUMax;
        bool is_signed = atomic->op == SPV_AtomicSMax || atomic->op == SPV_AtomicSMin;
        test = SPV_RESULT(module, is_signed ? SPV_SGreaterThan : SPV_UGreaterThan, spv_bool(module), old, atomic->value);
        fresh = SPV_RESULT(module, SPV_Select, type, test, is_max ? old : atomic->value, is_max ? atomic->value : old);
        break;
    }
    }
    SPV_EMIT(&module->body, SPV_Store, pointer, fresh);
    results[0] = old;
}

static void act(struct spv_module *module, const struct spv_where *where, void *context, uint32_t *results) {
    const struct atomic *atomic = context;
    uint32_t pointer = element_pointer(module, atomic, where);
    bool region = where->region != CW_REGION_NONE;
    if (region && module->regions.regions[where->region].space == CW_SPACE_LOCAL) {
        act_private(module, atomic, pointer, results);
        return;
    }
    uint32_t scope = spv_constant(module, 32, region ? SPV_SCOPE_WORKGROUP : SPV_SCOPE_DEVICE);
    uint32_t semantics = spv_constant(module, 32, semantics_of(module, LLVMIsAAtomicCmpXchgInst(atomic->instruction)
                                                                   ? LLVMGetCmpXchgSuccessOrdering(atomic->instruction)
                                                                   : LLVMGetOrdering(atomic->instruction)));
    uint32_t type = atomic->is_float ? spv_float(module, atomic->bits) : spv_int(module, atomic->bits);
    if (!region) {
        spv_need(module, SPV_CAP_MEMORY_MODEL_DEVICE);
    }
    if (atomic->op == SPV_AtomicCompareExchange) {
        /* On failure nothing is released, and SPIR-V wants to hear of no release. */
        uint32_t failed = spv_constant(module, 32, spv_access_semantics(module, LLVMGetCmpXchgFailureOrdering(atomic->instruction), false));
        results[0] = SPV_RESULT(module, atomic->op, type, pointer, scope, semantics, failed, atomic->value, atomic->expected);
    } else {
        results[0] = SPV_RESULT(module, atomic->op, type, pointer, scope, semantics, atomic->value);
    }
}

static uint32_t as_integer(struct spv_module *module, LLVMTypeRef type, uint32_t id) {
    return spv_is_float(type) ? SPV_RESULT(module, SPV_Bitcast, spv_int(module, spv_bits(module, type)), id) : id;
}

void spv_emit_atomic(struct spv_module *module, LLVMValueRef i) {
    bool is_rmw = LLVMIsAAtomicRMWInst(i) != NULL;
    LLVMValueRef value = LLVMGetOperand(i, is_rmw ? 1 : 2);
    LLVMTypeRef type = LLVMTypeOf(value);
    struct atomic atomic = {.instruction = i, .op = is_rmw ? rmw_op(i) : SPV_AtomicCompareExchange, .bits = spv_bits(module, type)};
    uint32_t result = 0;
    if (atomic.op == SPV_Unreachable || atomic.bits < 32) {
        spv_refuse(module, i, "internal: an atomic that should have become a loop");
        return;
    }
    atomic.is_float = atomic.op == SPV_AtomicFAddEXT;
    if (atomic.is_float) {
        spv_need(module, atomic.bits == 32 ? SPV_CAP_ATOMIC_FLOAT32_ADD : SPV_CAP_ATOMIC_FLOAT64_ADD);
        module->uses_float_atomics = true;
    } else if (atomic.bits == 64) {
        spv_need(module, SPV_CAP_INT64_ATOMICS);
    }
    atomic.value = atomic.is_float ? spv_use(module, value) : as_integer(module, type, spv_use(module, value));
    if (!is_rmw) {
        atomic.expected = as_integer(module, type, spv_use(module, LLVMGetOperand(i, 1)));
    }
    uint32_t result_type = atomic.is_float ? spv_float(module, atomic.bits) : spv_int(module, atomic.bits);
    spv_for_where(module, LLVMGetOperand(i, 0), act, &atomic, &result_type, 1, &result);
    uint32_t ids[2] = {result, 0};
    if (!atomic.is_float && spv_is_float(type)) {
        ids[0] = SPV_RESULT(module, SPV_Bitcast, spv_scalar_type(module, type), result);
    }
    if (!is_rmw) {
        ids[1] = SPV_RESULT(module, SPV_IEqual, spv_bool(module), result, atomic.expected);
    }
    spv_define(module, i, ids, is_rmw ? 1 : 2);
}

void spv_emit_fence(struct spv_module *module, uint32_t scope) {
    uint32_t semantics = SPV_ACQUIRE_RELEASE | SPV_UNIFORM_MEMORY | SPV_WORKGROUP_MEMORY | SPV_MAKE_AVAILABLE | SPV_MAKE_VISIBLE;
    if (scope == SPV_SCOPE_DEVICE) {
        spv_need(module, SPV_CAP_MEMORY_MODEL_DEVICE);
    }
    uint32_t operands[2] = {spv_constant(module, 32, scope), spv_constant(module, 32, spv_semantics(module, semantics))};
    spv_emit(&module->body, SPV_MemoryBarrier, operands, 2);
}

/* ---- Barriers ------------------------------------------------------------------------------------------------- */

static bool writes_device_memory(LLVMValueRef i) {
    LLVMValueRef pointer;
    switch (LLVMGetInstructionOpcode(i)) {
    case LLVMStore: pointer = LLVMGetOperand(i, 1); break;
    case LLVMAtomicRMW:
    case LLVMAtomicCmpXchg: pointer = LLVMGetOperand(i, 0); break;
    default: return false;
    }
    unsigned space = LLVMGetPointerAddressSpace(LLVMTypeOf(pointer));
    return space != CW_SPACE_SHARED && space != CW_SPACE_LOCAL;
}

/* Which blocks are entered by threads that may have written device memory before. */
static void find_writes(struct spv_module *module) {
    uint32_t count = module->flow.flow.count;
    bool *behind = cw_alloc_array(count + 1u, sizeof *behind);
    module->written = cw_alloc_array(count + 1u, sizeof *module->written);
    for (bool more = true; more;) {
        more = false;
        for (uint32_t n = 0; n < count; n++) {
            bool written = module->written[n];
            for (LLVMValueRef i = LLVMGetFirstInstruction(module->flow.blocks[n]); i && !written; i = LLVMGetNextInstruction(i)) {
                written = writes_device_memory(i);
            }
            more |= written != behind[n];
            behind[n] = written;
            for (uint32_t t = 0; t < module->flow.flow.nodes[n].count; t++) {
                module->written[module->flow.flow.nodes[n].targets[t]] |= written;
            }
        }
    }
    free(behind);
}

/* Where no thread has written device memory, a barrier need not order it; drivers make a second instruction of that. */
void spv_emit_block_barrier(struct spv_module *module, LLVMValueRef call) {
    if (!module->written) {
        find_writes(module);
    }
    bool written = module->written[cw_function_flow_node(&module->flow, LLVMGetInstructionParent(call))];
    for (LLVMValueRef i = LLVMGetPreviousInstruction(call); i && !written; i = LLVMGetPreviousInstruction(i)) {
        written = writes_device_memory(i);
    }
    if (written) {
        spv_emit_barrier(module);
        return;
    }
    uint32_t semantics = SPV_ACQUIRE_RELEASE | SPV_WORKGROUP_MEMORY | SPV_MAKE_AVAILABLE | SPV_MAKE_VISIBLE;
    uint32_t scope = spv_constant(module, 32, SPV_SCOPE_WORKGROUP);
    uint32_t operands[3] = {scope, scope, spv_constant(module, 32, spv_semantics(module, semantics))};
    spv_emit(&module->body, SPV_ControlBarrier, operands, 3);
}

void spv_emit_barrier(struct spv_module *module) {
    uint32_t semantics = SPV_ACQUIRE_RELEASE | SPV_UNIFORM_MEMORY | SPV_WORKGROUP_MEMORY | SPV_MAKE_AVAILABLE | SPV_MAKE_VISIBLE;
    uint32_t scope = spv_constant(module, 32, SPV_SCOPE_WORKGROUP);
    uint32_t operands[3] = {scope, scope, spv_constant(module, 32, spv_semantics(module, semantics))};
    spv_emit(&module->body, SPV_ControlBarrier, operands, 3);
}
