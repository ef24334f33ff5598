/* SPDX-License-Identifier: Apache-2.0 */
/*
 * agree.c: warp collectives that not all of a block's threads come to, on devices without subgroups of 32 lanes. There lanes talk through
 * shared memory and meet at barriers of the block (warp.c), which Vulkan leaves undefined unless every thread comes to them (Vulkan
 * Specification, "Scope": control barriers are in uniform control flow). Who comes where says shader/agreement.h.
 *
 * Drivers that run a block's threads by turns on one CPU thread let some of them pass a barrier while the others have ended or are elsewhere:
 * these go through the statements without a lane. But lavapipe leaves a loop in which no lane is after one turn, comes to fewer barriers
 * then, and takes the block for ended when the first of its pieces is; so barriers in loops that not all threads go round alike are refused there.
 */
#include "target/shader/agreement.h"
#include "target/spirv/spirv.h"

/* Why the device can't do what the instruction wants of the lanes that are there; NULL: it can. */
static const char *problem_of(const struct cw_agreement *a, LLVMValueRef i, uint32_t block, bool by_turns) {
    bool collective = cw_shader_is_collective(i);
    if (!by_turns) {
        return collective ? "a warp collective that not all threads of the block come to, on a device without subgroups of 32" : NULL;
    }
    if (!cw_agreement_in_partial_loop(a, block) || (!collective && !cw_shader_is_barrier(i))) {
        return NULL;
    }
    return collective ? "a warp collective in a loop that lanes leave at different turns, or do not come to, on a device without subgroups of 32"
                      : "a barrier in a loop that lanes leave at different turns, or do not come to, on a device that runs threads by turns";
}

void spv_refuse_partial_collectives(struct spv_module *module) {
    struct cw_agreement a;
    bool by_turns = module->abilities & SPV_ABILITY_TURNS;
    unsigned wanted = CW_FEATURE_WARP | (by_turns ? CW_FEATURE_BARRIER : 0u);
    if (module->abilities & SPV_ABILITY_WARP || !(module->row->features & wanted)) {
        return;
    }
    cw_agreement_build(&a, module->function);
    for (uint32_t b = 0; b < a.cfg.count; b++) {
        for (LLVMValueRef i = LLVMGetFirstInstruction(a.cfg.blocks[b]); i && a.partial[b]; i = LLVMGetNextInstruction(i)) {
            const char *problem = problem_of(&a, i, b, by_turns);
            if (problem) {
                spv_refuse(module, i, "%s", problem);
            }
        }
    }
    cw_agreement_fini(&a);
}
