/* SPDX-License-Identifier: Apache-2.0 */
/*
 * warp.c: warp collectives, from two primitives: reading another lane's word, and a ballot.
 *
 * Where subgroups have 32 lanes the primitives are subgroup operations. The block is then dispatched as one row of threads,
 * so that subgroups are CUDA's warps: neighbouring linear indices. Elsewhere lanes talk through shared memory: each writes
 * its slot, the block meets, each reads, the block meets again, and slots become 0, so that lanes which take no part
 * contribute nothing. That is exact where the whole block comes to the collective, or where the device lets the threads
 * of a block wait for each other in divergent code, as drivers do that run a block on one CPU thread.
 */
#include "backend/vulkan/artifact.h"
#include "target/spirv/spirv.h"

#define LANES 32u

enum { EXCHANGE_COUNTER = 1024, EXCHANGE_BALLOTS = 1025, EXCHANGE_WORDS = 1025 + 32 };

static uint32_t op2(struct spv_module *module, enum spv_op op, uint32_t a, uint32_t b) {
    return SPV_RESULT(module, op, spv_int(module, 32), a, b);
}

static uint32_t test2(struct spv_module *module, enum spv_op op, uint32_t a, uint32_t b) {
    return SPV_RESULT(module, op, spv_bool(module), a, b);
}

static uint32_t word(struct spv_module *module, uint32_t value) {
    return spv_constant(module, 32, value);
}

static uint32_t choose(struct spv_module *module, uint32_t test, uint32_t a, uint32_t b) {
    return SPV_RESULT(module, SPV_Select, spv_int(module, 32), test, a, b);
}

static bool has_subgroups(const struct spv_module *module) {
    return module->abilities & SPV_ABILITY_WARP;
}

uint32_t spv_local_index(struct spv_module *module) {
    enum { BUILTIN_LOCAL_INDEX = 29 };
    uint32_t type = spv_int(module, 32);
    if (!module->local_index) {
        module->local_index = spv_builtin(module, BUILTIN_LOCAL_INDEX, type);
    }
    return SPV_RESULT(module, SPV_Load, type, module->local_index);
}

static uint32_t lane(struct spv_module *module) {
    return op2(module, SPV_BitwiseAnd, spv_local_index(module), word(module, LANES - 1));
}

/* ---- Through shared memory ------------------------------------------------------------------------------------ */

static uint32_t slot_pointer(struct spv_module *module, uint32_t index) {
    uint32_t type = spv_int(module, 32);
    if (!module->exchange) {
        /* Whole warps of slots, whatever the block's size: the array is as long as the largest block. Behind them a counter, and a
         * word a warp. */
        module->exchange = spv_global_variable(module, SPV_WORKGROUP, spv_array(module, type, word(module, EXCHANGE_WORDS), 0));
        module->exchange_bytes = EXCHANGE_WORDS * 4;
    }
    return SPV_RESULT(module, SPV_AccessChain, spv_pointer(module, SPV_WORKGROUP, type), module->exchange, index);
}

static uint32_t load_slot(struct spv_module *module, uint32_t index) {
    return SPV_RESULT(module, SPV_Load, spv_int(module, 32), slot_pointer(module, index), spv_non_private(module));
}

static void store_slot(struct spv_module *module, uint32_t index, uint32_t value) {
    uint32_t pointer = slot_pointer(module, index);
    SPV_EMIT(&module->body, SPV_Store, pointer, value, spv_non_private(module));
}

static uint32_t ballot_place(struct spv_module *module) {
    uint32_t warp = op2(module, SPV_ShiftRightLogical, spv_local_index(module), word(module, 5));
    return op2(module, SPV_IAdd, warp, word(module, EXCHANGE_BALLOTS));
}

/* Slots and ballots are 0 outside of collectives. */
void spv_begin_warps(struct spv_module *module) {
    if (!has_subgroups(module) && module->row->features & CW_FEATURE_WARP) {
        store_slot(module, spv_local_index(module), word(module, 0));
        store_slot(module, ballot_place(module), word(module, 0));
        spv_emit_barrier(module);
    }
}

static uint32_t warp_base(struct spv_module *module) {
    return op2(module, SPV_BitwiseAnd, spv_local_index(module), word(module, ~(LANES - 1)));
}

/* Every lane's word for its warp to see, until `withdraw`. */
static void publish(struct spv_module *module, uint32_t value) {
    store_slot(module, spv_local_index(module), value);
    spv_emit_barrier(module);
}

static uint32_t published(struct spv_module *module, uint32_t lane_id) {
    return load_slot(module, op2(module, SPV_IAdd, warp_base(module), lane_id));
}

static void withdraw(struct spv_module *module) {
    spv_emit_barrier(module);
    store_slot(module, spv_local_index(module), word(module, 0));
}

/* ---- Primitives ----------------------------------------------------------------------------------------------- */

/* `value` of lane `from`, which is below 32. */
static uint32_t read_lane(struct spv_module *module, uint32_t value, uint32_t from) {
    if (has_subgroups(module)) {
        spv_need(module, SPV_CAP_GROUP);
        spv_need(module, SPV_CAP_GROUP_SHUFFLE);
        uint32_t scope = word(module, SPV_SCOPE_SUBGROUP);
        return SPV_RESULT(module, SPV_GroupNonUniformShuffle, spv_int(module, 32), scope, value, from);
    }
    publish(module, value);
    uint32_t result = published(module, from);
    withdraw(module);
    return result;
}

/* Bit set of the lanes for which `predicate` holds, of those that are here. */
static uint32_t ballot(struct spv_module *module, uint32_t predicate) {
    if (has_subgroups(module)) {
        uint32_t type = spv_int(module, 32);
        spv_need(module, SPV_CAP_GROUP);
        spv_need(module, SPV_CAP_GROUP_BALLOT);
        uint32_t scope = word(module, SPV_SCOPE_SUBGROUP);
        uint32_t four = SPV_RESULT(module, SPV_GroupNonUniformBallot, spv_vector(module, type, 4), scope, predicate);
        return SPV_RESULT(module, SPV_CompositeExtract, type, four, 0);
    }
    uint32_t place = ballot_place(module), pointer = slot_pointer(module, place);
    uint32_t own = op2(module, SPV_ShiftLeftLogical, choose(module, predicate, word(module, 1), word(module, 0)), lane(module));
    (void)SPV_RESULT(module, SPV_AtomicOr, spv_int(module, 32), pointer, word(module, SPV_SCOPE_WORKGROUP), word(module, 0), own);
    spv_emit_barrier(module);
    uint32_t result = load_slot(module, place);
    spv_emit_barrier(module);
    store_slot(module, place, word(module, 0));
    spv_emit_barrier(module);
    return result;
}

/* ---- Collectives ---------------------------------------------------------------------------------------------- */

enum shuffle { FROM_LANE, FROM_BELOW, FROM_ABOVE, FROM_XOR };

/* The lane to read from, and whether it is in the segment (PTX ISA, "shfl.sync"). */
static uint32_t source_lane(struct spv_module *module, enum shuffle kind, uint32_t operand, uint32_t width, uint32_t *inside) {
    uint32_t own = lane(module), low = op2(module, SPV_ISub, width, word(module, 1));
    uint32_t first = op2(module, SPV_BitwiseAnd, own, SPV_RESULT(module, SPV_Not, spv_int(module, 32), low));
    uint32_t last = op2(module, SPV_BitwiseOr, first, low), from;
    switch (kind) {
    case FROM_LANE:
        *inside = spv_bool_constant(module, true);
        return op2(module, SPV_BitwiseOr, first, op2(module, SPV_BitwiseAnd, operand, low));
    case FROM_BELOW:
        from = op2(module, SPV_ISub, own, operand);
        *inside = test2(module, SPV_SGreaterThanEqual, from, first);
        break;
    case FROM_ABOVE:
        from = op2(module, SPV_IAdd, own, operand);
        *inside = test2(module, SPV_ULessThanEqual, from, last);
        break;
    default:
        from = op2(module, SPV_BitwiseXor, own, operand);
        *inside = test2(module, SPV_ULessThanEqual, from, last);
        break;
    }
    return choose(module, *inside, from, own);
}

static void emit_shuffle(struct spv_module *module, LLVMValueRef call, enum shuffle kind, bool wide) {
    uint32_t inside, value = spv_use(module, LLVMGetOperand(call, 1));
    uint32_t from = source_lane(module, kind, spv_use(module, LLVMGetOperand(call, 2)), spv_use(module, LLVMGetOperand(call, 3)), &inside);
    if (!wide) {
        spv_define_one(module, call, read_lane(module, value, from));
        return;
    }
    uint32_t type = spv_int(module, 32), pair_type = spv_vector(module, type, 2);
    uint32_t pair = SPV_RESULT(module, SPV_Bitcast, pair_type, value), halves[2];
    for (uint32_t i = 0; i < 2; i++) {
        halves[i] = read_lane(module, SPV_RESULT(module, SPV_CompositeExtract, type, pair, i), from);
    }
    pair = spv_result(module, SPV_CompositeConstruct, pair_type, halves, 2);
    spv_define_one(module, call, SPV_RESULT(module, SPV_Bitcast, spv_int(module, 64), pair));
}

static uint32_t is_set(struct spv_module *module, LLVMValueRef value) {
    return test2(module, SPV_INotEqual, spv_use(module, value), word(module, 0));
}

static void emit_vote(struct spv_module *module, LLVMValueRef call, enum cw_intrinsic intrinsic) {
    uint32_t mask = spv_use(module, LLVMGetOperand(call, 0)), zero = word(module, 0), boolean = spv_bool(module);
    uint32_t predicate = is_set(module, LLVMGetOperand(call, 1)), result;
    uint32_t yes = intrinsic == CW_INTRINSIC_VOTE_ALL ? zero : op2(module, SPV_BitwiseAnd, ballot(module, predicate), mask);
    if (intrinsic == CW_INTRINSIC_VOTE_BALLOT) {
        spv_define_one(module, call, yes);
        return;
    }
    if (intrinsic == CW_INTRINSIC_VOTE_ANY) {
        result = test2(module, SPV_INotEqual, yes, zero);
    } else {
        uint32_t no = ballot(module, SPV_RESULT(module, SPV_LogicalNot, boolean, predicate));
        result = test2(module, SPV_IEqual, op2(module, SPV_BitwiseAnd, no, mask), zero);
        if (intrinsic == CW_INTRINSIC_VOTE_UNI) {
            result = test2(module, SPV_LogicalOr, result, test2(module, SPV_IEqual, yes, zero));
        }
    }
    spv_define_one(module, call, spv_resize(module, result, 1, 32, false));
}

/* Of the lanes of `lanes`, those whose words are the same as this one's. */
static uint32_t matching_words(struct spv_module *module, uint32_t lanes, uint32_t value) {
    uint32_t same = 0;
    publish(module, value);
    for (uint32_t i = 0; i < LANES; i++) {
        uint32_t equal = test2(module, SPV_IEqual, published(module, word(module, i)), value);
        uint32_t bit = choose(module, equal, word(module, 1u << i), word(module, 0));
        same = same ? op2(module, SPV_BitwiseOr, same, bit) : bit;
    }
    withdraw(module);
    return op2(module, SPV_BitwiseAnd, lanes, same);
}

/* Lanes of the mask with the same bits: one ballot for each bit where ballots are cheap. */
static uint32_t matching(struct spv_module *module, uint32_t mask, uint32_t value, unsigned bits) {
    uint32_t same = op2(module, SPV_BitwiseAnd, mask, ballot(module, spv_bool_constant(module, true)));
    if (!has_subgroups(module)) {
        same = matching_words(module, same, spv_resize(module, value, bits, 32, false));
        if (bits == 64) {
            uint32_t high = SPV_RESULT(module, SPV_ShiftRightLogical, spv_int(module, 64), value, spv_constant(module, 64, 32));
            same = matching_words(module, same, spv_resize(module, high, 64, 32, false));
        }
        return same;
    }
    uint32_t type = spv_int(module, bits), zero = spv_constant(module, bits, 0);
    for (unsigned i = 0; i < bits; i++) {
        uint32_t bit = SPV_RESULT(module, SPV_BitwiseAnd, type, value, spv_constant(module, bits, UINT64_C(1) << i));
        uint32_t set = test2(module, SPV_INotEqual, bit, zero);
        uint32_t lanes = ballot(module, set);
        uint32_t others = SPV_RESULT(module, SPV_Not, spv_int(module, 32), lanes);
        same = op2(module, SPV_BitwiseAnd, same, choose(module, set, lanes, others));
    }
    return same;
}

static void emit_match(struct spv_module *module, LLVMValueRef call, bool all, unsigned bits) {
    uint32_t mask = spv_use(module, LLVMGetOperand(call, 0)), value = spv_use(module, LLVMGetOperand(call, 1));
    uint32_t same = matching(module, mask, value, bits);
    if (all) {
        uint32_t here = op2(module, SPV_BitwiseAnd, mask, ballot(module, spv_bool_constant(module, true)));
        same = choose(module, test2(module, SPV_IEqual, same, here), same, word(module, 0));
    }
    spv_define_one(module, call, same);
}

static uint32_t combine(struct spv_module *module, enum cw_intrinsic intrinsic, uint32_t a, uint32_t b) {
    switch (intrinsic) {
    case CW_INTRINSIC_REDUX_ADD: return op2(module, SPV_IAdd, a, b);
    case CW_INTRINSIC_REDUX_AND: return op2(module, SPV_BitwiseAnd, a, b);
    case CW_INTRINSIC_REDUX_OR: return op2(module, SPV_BitwiseOr, a, b);
    case CW_INTRINSIC_REDUX_XOR: return op2(module, SPV_BitwiseXor, a, b);
    case CW_INTRINSIC_REDUX_MIN: return choose(module, test2(module, SPV_SLessThan, a, b), a, b);
    case CW_INTRINSIC_REDUX_MAX: return choose(module, test2(module, SPV_SGreaterThan, a, b), a, b);
    case CW_INTRINSIC_REDUX_UMIN: return choose(module, test2(module, SPV_ULessThan, a, b), a, b);
    default: return choose(module, test2(module, SPV_UGreaterThan, a, b), a, b);
    }
}

/* Every lane of the mask that is here, in turn: lanes may call with different masks at once. */
static void emit_reduce(struct spv_module *module, LLVMValueRef call, enum cw_intrinsic intrinsic) {
    uint32_t own = spv_use(module, LLVMGetOperand(call, 1)), me = lane(module), result = own;
    uint32_t here = op2(module, SPV_BitwiseAnd, spv_use(module, LLVMGetOperand(call, 0)), ballot(module, spv_bool_constant(module, true)));
    if (!has_subgroups(module)) {
        publish(module, own);
    }
    for (uint32_t i = 0; i < LANES; i++) {
        uint32_t other = has_subgroups(module) ? read_lane(module, own, word(module, i)) : published(module, word(module, i));
        uint32_t bit = op2(module, SPV_BitwiseAnd, here, word(module, 1u << i));
        uint32_t counts = test2(module, SPV_LogicalAnd, test2(module, SPV_INotEqual, bit, word(module, 0)), test2(module, SPV_INotEqual, me, word(module, i)));
        result = choose(module, counts, combine(module, intrinsic, result, other), result);
    }
    if (!has_subgroups(module)) {
        withdraw(module);
    }
    spv_define_one(module, call, result);
}

static void emit_sync(struct spv_module *module) {
    if (!has_subgroups(module)) {
        spv_emit_barrier(module);
        return;
    }
    uint32_t semantics = SPV_ACQUIRE_RELEASE | SPV_UNIFORM_MEMORY | SPV_WORKGROUP_MEMORY | SPV_MAKE_AVAILABLE | SPV_MAKE_VISIBLE;
    uint32_t operands[3] = {word(module, SPV_SCOPE_SUBGROUP), word(module, SPV_SCOPE_WORKGROUP), word(module, spv_semantics(module, semantics))};
    spv_emit(&module->body, SPV_ControlBarrier, operands, 3);
}

/* __syncthreads_count and its kind: a counter that only grows, read before and after everyone has added to it. */
static void emit_block_vote(struct spv_module *module, LLVMValueRef call, enum cw_intrinsic intrinsic) {
    uint32_t predicate = is_set(module, LLVMGetOperand(call, 0)), zero = word(module, 0), one = word(module, 1);
    bool counts_zeros = intrinsic == CW_INTRINSIC_BARRIER_AND;
    uint32_t place = word(module, EXCHANGE_COUNTER), pointer = slot_pointer(module, place);
    spv_emit_barrier(module);
    uint32_t before = load_slot(module, place);
    spv_emit_barrier(module);
    uint32_t amount = choose(module, predicate, counts_zeros ? zero : one, counts_zeros ? one : zero);
    (void)SPV_RESULT(module, SPV_AtomicIAdd, spv_int(module, 32), pointer, word(module, SPV_SCOPE_WORKGROUP), zero, amount);
    spv_emit_barrier(module);
    uint32_t count = op2(module, SPV_ISub, load_slot(module, place), before);
    if (intrinsic != CW_INTRINSIC_BARRIER_POPC) {
        uint32_t test = test2(module, counts_zeros ? SPV_IEqual : SPV_INotEqual, count, zero);
        count = spv_resize(module, test, 1, 32, false);
    }
    spv_define_one(module, call, count);
}

bool spv_emit_warp(struct spv_module *module, LLVMValueRef call, enum cw_intrinsic intrinsic) {
    switch (intrinsic) {
    case CW_INTRINSIC_WARP_SYNC: emit_sync(module); return true;
    case CW_INTRINSIC_ACTIVEMASK: spv_define_one(module, call, ballot(module, spv_bool_constant(module, true))); return true;
    case CW_INTRINSIC_SHFL_IDX:
    case CW_INTRINSIC_SHFL_UP:
    case CW_INTRINSIC_SHFL_DOWN:
    case CW_INTRINSIC_SHFL_XOR: emit_shuffle(module, call, (enum shuffle)(intrinsic - CW_INTRINSIC_SHFL_IDX), false); return true;
    case CW_INTRINSIC_SHFL_IDX_B64:
    case CW_INTRINSIC_SHFL_UP_B64:
    case CW_INTRINSIC_SHFL_DOWN_B64:
    case CW_INTRINSIC_SHFL_XOR_B64: emit_shuffle(module, call, (enum shuffle)(intrinsic - CW_INTRINSIC_SHFL_IDX_B64), true); return true;
    case CW_INTRINSIC_VOTE_ALL:
    case CW_INTRINSIC_VOTE_ANY:
    case CW_INTRINSIC_VOTE_UNI:
    case CW_INTRINSIC_VOTE_BALLOT: emit_vote(module, call, intrinsic); return true;
    case CW_INTRINSIC_MATCH_ANY: emit_match(module, call, false, 32); return true;
    case CW_INTRINSIC_MATCH_ALL: emit_match(module, call, true, 32); return true;
    case CW_INTRINSIC_MATCH_ANY_B64: emit_match(module, call, false, 64); return true;
    case CW_INTRINSIC_MATCH_ALL_B64: emit_match(module, call, true, 64); return true;
    case CW_INTRINSIC_REDUX_ADD:
    case CW_INTRINSIC_REDUX_MIN:
    case CW_INTRINSIC_REDUX_MAX:
    case CW_INTRINSIC_REDUX_UMIN:
    case CW_INTRINSIC_REDUX_UMAX:
    case CW_INTRINSIC_REDUX_AND:
    case CW_INTRINSIC_REDUX_OR:
    case CW_INTRINSIC_REDUX_XOR: emit_reduce(module, call, intrinsic); return true;
    case CW_INTRINSIC_BARRIER_POPC:
    case CW_INTRINSIC_BARRIER_AND:
    case CW_INTRINSIC_BARRIER_OR: emit_block_vote(module, call, intrinsic); return true;
    default: return false;
    }
}
