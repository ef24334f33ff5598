/* SPDX-License-Identifier: Apache-2.0 */
/*
 * parts.c: how many vectors a group has side by side. One would wait for itself in loops: several overlap their latencies, and
 * what they share is computed once. They cost registers and code.
 *
 * Loops that stride by the block (or the grid) through memory want the whole block in one group. A group goes through its whole
 * loop before the next one starts, so narrow groups visit every row of memory once each, a piece at a time; processors
 * fetch ahead along rows. 33,554,432 floats summed in pieces of 1024 bytes took two thirds of the time that pieces of 256 did.
 */
#include <string.h>

#include "pass/vector/state.h"

#define INSTRUCTIONS_MAX 400u
#define INSTRUCTIONS_MANY 120u
#define SECTION_MAX 40u /* on average, between barriers */
#define SECTIONS_INSTRUCTIONS_MAX 1600u
#define STREAM_INSTRUCTIONS_MAX 300u
#define WIDE_LANES 16u /* of which two make a warp */
#define NARROW_LANES 4u
#define STREAM_THREADS 256u
#define STRIPE_MIN 64u /* elements */
#define STRIPE_MAX 1024u
#define ROW_DEPTH 24u
#define ROW_STEPS 400u

/* ---- Loops that stride by the block ---- */

/* True if `pointer` is computed from `phi`. */
static bool depends_on(LLVMValueRef value, LLVMValueRef phi, unsigned depth) {
    if (value == phi) return true;
    if (depth == 0 || !LLVMIsAInstruction(value) || LLVMIsAPHINode(value) || LLVMIsALoadInst(value) || LLVMIsACallInst(value)) return false;
    for (int k = 0; k < LLVMGetNumOperands(value); k++)
        if (depends_on(LLVMGetOperand(value, (unsigned)k), phi, depth - 1)) return true;
    return false;
}

/* True if `value` is `phi` times a number of about a block's threads: an item of each thread, then the next one. */
static bool is_striped(LLVMValueRef value, LLVMValueRef phi, unsigned depth) {
    if (depth == 0 || !LLVMIsAInstruction(value) || LLVMIsAPHINode(value)) return false;
    LLVMOpcode opcode = LLVMGetInstructionOpcode(value);
    if ((opcode == LLVMMul || opcode == LLVMShl) && LLVMGetOperand(value, 0) == phi && LLVMIsAConstantInt(LLVMGetOperand(value, 1))) {
        uint64_t factor = LLVMConstIntGetZExtValue(LLVMGetOperand(value, 1));
        return opcode == LLVMMul ? factor >= STRIPE_MIN && factor <= STRIPE_MAX : factor < 32 && 1u << factor >= STRIPE_MIN && 1u << factor <= STRIPE_MAX;
    }
    for (int k = 0; k < LLVMGetNumOperands(value); k++)
        if (is_striped(LLVMGetOperand(value, (unsigned)k), phi, depth - 1)) return true;
    return false;
}

/* The block's or the grid's size, as far as can be told: no constant, or one of many threads. */
static bool is_wide_step(LLVMValueRef step) {
    if (!LLVMIsAConstant(step)) return true;
    return LLVMIsAConstantInt(step) && LLVMConstIntGetSExtValue(step) >= (long long)STRIPE_MIN;
}

/* True if the header's number rises by a wide step. */
static bool strides(const struct cw_cfg *cfg, uint32_t loop, LLVMValueRef phi) {
    for (unsigned k = 0; k < LLVMCountIncoming(phi); k++) {
        uint32_t from = cw_cfg_index(cfg, LLVMGetIncomingBlock(phi, k));
        LLVMValueRef next = LLVMGetIncomingValue(phi, k);
        if (from == CW_CFG_NONE || !cfg->loops[loop].contains[from] || !LLVMIsABinaryOperator(next)) continue;
        LLVMValueRef a = LLVMGetOperand(next, 0), b = LLVMGetOperand(next, 1);
        if (LLVMGetInstructionOpcode(next) == LLVMAdd && ((a == phi && is_wide_step(b)) || (b == phi && is_wide_step(a)))) return true;
    }
    return false;
}

/* Atomics cost more than what fetching ahead saves: a histogram took half as long again. */
static bool has_atomics(const struct cw_cfg *cfg, uint32_t loop) {
    for (uint32_t b = 0; b < cfg->count; b++) {
        if (!cfg->loops[loop].contains[b]) continue;
        for (LLVMValueRef i = LLVMGetFirstInstruction(cfg->blocks[b]); i; i = LLVMGetNextInstruction(i))
            if (LLVMIsAAtomicRMWInst(i) || LLVMIsAAtomicCmpXchgInst(i)) return true;
    }
    return false;
}

static bool loads_at(const struct cw_cfg *cfg, uint32_t loop, LLVMValueRef phi, bool striped) {
    for (uint32_t b = 0; b < cfg->count; b++) {
        if (!cfg->loops[loop].contains[b]) continue;
        for (LLVMValueRef i = LLVMGetFirstInstruction(cfg->blocks[b]); i; i = LLVMGetNextInstruction(i))
            if (LLVMIsALoadInst(i) && (striped ? is_striped(LLVMGetOperand(i, 0), phi, 5) : depends_on(LLVMGetOperand(i, 0), phi, 8))) return true;
    }
    return false;
}

static bool streams(const struct cw_cfg *cfg) {
    for (uint32_t l = 0; l < cfg->loop_count; l++) {
        if (has_atomics(cfg, l)) continue;
        for (LLVMValueRef phi = LLVMGetFirstInstruction(cfg->blocks[cfg->loops[l].header]); phi && LLVMIsAPHINode(phi); phi = LLVMGetNextInstruction(phi))
            if (LLVMGetTypeKind(LLVMTypeOf(phi)) == LLVMIntegerTypeKind && loads_at(cfg, l, phi, !strides(cfg, l, phi))) return true;
    }
    return false;
}

/* ---- The choice ---- */

static bool uses_rows_of_threads(LLVMValueRef kernel) {
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(kernel); block; block = LLVMGetNextBasicBlock(block))
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i))
            if (LLVMIsACallInst(i) && cw_called_intrinsic(i) == CW_INTRINSIC_TID_Y) return true;
    return false;
}

/* True if `value` is computed from threadIdx.y, as far as a look of `steps` values tells. */
static bool depends_on_row(LLVMValueRef value, unsigned depth, unsigned *steps) {
    if (!LLVMIsAInstruction(value) || depth == 0 || *steps == 0) return false;
    --*steps;
    if (LLVMIsACallInst(value)) return cw_called_intrinsic(value) == CW_INTRINSIC_TID_Y;
    if (LLVMIsALoadInst(value)) return false;
    for (int k = 0; k < LLVMGetNumOperands(value); k++)
        if (depends_on_row(LLVMGetOperand(value, (unsigned)k), depth - 1, steps)) return true;
    return false;
}

/* True if the kernel loads (in loops, or anywhere), and nothing of it is what several rows of threads have in common. */
static bool rows_load_apart(const struct cw_cfg *cfg, bool in_loops) {
    bool any = false;
    for (uint32_t b = 0; b < cfg->count; b++) {
        if (in_loops && cfg->innermost_loop[b] == CW_CFG_NONE) continue;
        for (LLVMValueRef i = LLVMGetFirstInstruction(cfg->blocks[b]); i; i = LLVMGetNextInstruction(i)) {
            unsigned steps = ROW_STEPS;
            if (!LLVMIsALoadInst(i)) continue;
            if (!depends_on_row(LLVMGetOperand(i, 0), ROW_DEPTH, &steps)) return false;
            any = true;
        }
    }
    return any;
}

static bool loops_load(const struct cw_cfg *cfg) {
    for (uint32_t b = 0; b < cfg->count; b++) {
        if (cfg->innermost_loop[b] == CW_CFG_NONE) continue;
        for (LLVMValueRef i = LLVMGetFirstInstruction(cfg->blocks[b]); i; i = LLVMGetNextInstruction(i))
            if (LLVMIsALoadInst(i)) return true;
    }
    return false;
}

/* True if a loop's number starts at threadIdx.x. */
static bool starts_at_thread(const struct cw_cfg *cfg) {
    for (uint32_t l = 0; l < cfg->loop_count; l++)
        for (LLVMValueRef phi = LLVMGetFirstInstruction(cfg->blocks[cfg->loops[l].header]); LLVMIsAPHINode(phi); phi = LLVMGetNextInstruction(phi))
            for (unsigned k = 0; k < LLVMCountIncoming(phi); k++) {
                LLVMValueRef start = LLVMGetIncomingValue(phi, k);
                if (LLVMIsACallInst(start) && cw_called_intrinsic(start) == CW_INTRINSIC_TID_X) return true;
            }
    return false;
}

/* True if the kernel compares threadIdx.x with a constant: what a loop from it on becomes where its turns were counted beforehand. */
static bool compares_thread(LLVMValueRef kernel) {
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(kernel); block; block = LLVMGetNextBasicBlock(block))
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i)) {
            LLVMValueRef callee = LLVMIsACallInst(i) ? cw_called_function(i) : NULL;
            bool compares = LLVMIsAICmpInst(i) || (callee && strncmp(cw_value_name(callee), "llvm.smax.", 10) == 0);
            if (!compares || !LLVMIsAConstantInt(LLVMGetOperand(i, 1)) || !LLVMIsACallInst(LLVMGetOperand(i, 0))) continue;
            if (cw_called_intrinsic(LLVMGetOperand(i, 0)) == CW_INTRINSIC_TID_X) return true;
        }
    return false;
}

/* Warps are several registers already, and two of them that leave a loop at different times wait for each other: a sparse product
 * took 1.2 (AVX-512) to 1.5 times (AVX2) as long with two. */
static unsigned usual_parts(const struct cw_cfg *cfg, LLVMValueRef kernel, unsigned lanes, unsigned count) {
    if (lanes > WIDE_LANES) return 1;
    if (lanes < WIDE_LANES) return 4;
    if (!loops_load(cfg)) return 4; /* nothing to share: mandelbrot took 1.18 times as long with eight */
    return count > INSTRUCTIONS_MANY || !cw_vector_never_waits(kernel) ? 4 : 8;
}

/* How wide groups of several rows are. Rows share what depends on x, columns what depends on y: two vectors by four rows take six loads a step
 * of a matrix product, eight of one kind nine. Of short vectors two also use more of the lines of memory that they touch: with 4 lanes a product
 * straight from memory took 5 times as long in two rows of one vector as in four of two. */
static void choose_rows(struct cw_vector_parts *parts, const struct cw_cfg *cfg, LLVMValueRef kernel, unsigned lanes) {
    bool waits = !cw_vector_never_waits(kernel), short_vectors = lanes < WIDE_LANES;
    bool apart = rows_load_apart(cfg, !waits) && !(waits && short_vectors);
    unsigned usual = parts->many;
    if (!parts->along_y || lanes > WIDE_LANES || (!short_vectors && !waits && !apart)) return;
    /* Columns of threads that walk through memory side by side, each row by itself: the wider, and the fewer, the better processors
     * fetch (a stencil along z: eight rows of one vector took 1.2 times as long as two of two; a transpose: four of two 1.18 times). */
    if (apart) parts->many = 2;
    if (apart && short_vectors) return;
    parts->few = usual;
    parts->wide = 2;
    parts->one_row = waits && !short_vectors && (starts_at_thread(cfg) || compares_thread(kernel));
}

/* Long kernels get no second vector: registers run out. But what stands between two barriers is a piece of code by itself, and the kernel
 * may be as long as it likes where these are short: a sorting network whose 55 steps a compiler unrolled took twice as long with one vector. */
static bool is_short(LLVMValueRef kernel, unsigned count) {
    unsigned sections = 1;
    if (count <= INSTRUCTIONS_MAX) return true;
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(kernel); block; block = LLVMGetNextBasicBlock(block))
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i))
            sections += LLVMIsACallInst(i) && cw_vector_is_barrier(cw_called_intrinsic(i));
    return count <= SECTIONS_INSTRUCTIONS_MAX && count / sections <= SECTION_MAX;
}

struct cw_vector_parts cw_vector_choose_parts(LLVMValueRef kernel, unsigned lanes, unsigned machine) {
    struct cw_vector_parts parts = {.many = 1, .few = 1, .wide = 1};
    unsigned count = 0, calls = 0;
    struct cw_cfg cfg;
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(kernel); block; block = LLVMGetNextBasicBlock(block))
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i)) {
            count++;
            LLVMValueRef callee = LLVMIsACallInst(i) ? cw_called_function(i) : NULL;
            calls += LLVMIsACallInst(i) && (!callee || !cw_is_declaration(callee));
        }
    parts.along_y = uses_rows_of_threads(kernel);
    cw_cfg_build(&cfg, kernel);
    bool repeats = cfg.loop_count || !cw_vector_never_waits(kernel);
    if (repeats && !calls && is_short(kernel, count)) {
        parts.many = usual_parts(&cfg, kernel, lanes, count);
        unsigned all = STREAM_THREADS / lanes, most = CW_VECTOR_PARTS_MAX * machine / lanes;
        if (all > most) all = most;
        if (!parts.along_y && count <= STREAM_INSTRUCTIONS_MAX && all > parts.many && streams(&cfg)) {
            parts.few = lanes > WIDE_LANES && machine != NARROW_LANES ? 2 : parts.many;
            parts.many = all;
        }
        choose_rows(&parts, &cfg, kernel, lanes);
    }
    cw_cfg_fini(&cfg);
    return parts;
}
