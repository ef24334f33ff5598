/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gpu_launch.c: launches on a WebGPU device in a page (gpu_device.h): on the GPU where WGSL can express the kernel and the adapter has
 * room for the block, else as WebAssembly, behind the contents of memory.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wasi/gpu_device.h"

#define PARAMETERS_MAX 16384u /* ARGUMENTS of web/src/gpu_device.js */

static bool fits(const struct cw_launch *launch, char *why, size_t size) {
    const uint32_t block[3] = {launch->block.x, launch->block.y, launch->block.z};
    const uint32_t grid[3] = {launch->grid.x, launch->grid.y, launch->grid.z};
    uint64_t most = cw_gpu_shared.groups_max, blocks = (uint64_t)grid[0] * grid[1];
    bool folded = false;
    for (unsigned axis = 0; axis < 3; axis++) {
        if (block[axis] > cw_gpu_shared.block_max[axis]) {
            snprintf(why, size, "the adapter's groups have at most %u threads along an axis", cw_gpu_shared.block_max[axis]);
            return false;
        }
        folded |= grid[axis] > most;
    }
    if ((uint64_t)block[0] * block[1] * block[2] > cw_gpu_shared.threads_max) {
        snprintf(why, size, "the adapter's groups have at most %u threads", cw_gpu_shared.threads_max);
    } else if (launch->kernel->shared + launch->dynamic_shared > cw_gpu_shared.shared_max) {
        snprintf(why, size, "the adapter has %u bytes of shared memory a block", cw_gpu_shared.shared_max);
    } else if (launch->kernel->parameter_bytes > PARAMETERS_MAX) {
        snprintf(why, size, "it has more than %u bytes of parameters", PARAMETERS_MAX);
    } else if (folded && (blocks > UINT32_MAX || blocks * grid[2] > UINT32_MAX || (blocks * grid[2] + most - 1) / most > most)) {
        snprintf(why, size, "the grid has too many blocks for WebGPU");
    } else if (launch->cooperative) {
        snprintf(why, size, "WebGPU has no cooperative launches");
    } else {
        return true;
    }
    return false;
}

/* The pipeline for the launch; NULL: it runs as WebAssembly, `why` says the reason. */
static const struct cw_gpu_plan *plan_for(const struct cw_launch *launch, char *why, size_t size) {
    struct cw_backend_kernel *kernel = launch->kernel;
    if (!kernel->on_gpu) {
        snprintf(why, size, "%s", kernel->why);
        return NULL;
    }
    if (!fits(launch, why, size)) {
        return NULL;
    }
    for (struct cw_gpu_plan *plan = kernel->plans; plan; plan = plan->next) {
        if (memcmp(&plan->block, &launch->block, sizeof plan->block) == 0 && plan->shared == launch->dynamic_shared) {
            return plan->possible ? plan : NULL;
        }
    }
    struct cw_gpu_plan *plan = calloc(1, sizeof *plan);
    struct cw_gpu_reply reply;
    if (!plan) {
        return NULL;
    }
    ASK(&reply, CW_GPU_PIPELINE, kernel->index, launch->block.x, launch->block.y, launch->block.z, launch->dynamic_shared);
    *plan = (struct cw_gpu_plan){launch->block, launch->dynamic_shared, reply.status == 0, reply.values[0], kernel->plans};
    kernel->plans = plan;
    snprintf(why, size, "%s", reply.text);
    return plan->possible ? plan : NULL;
}

cw_status cw_gpu_start_launch(struct cw_backend_device *device, const struct cw_launch *launch, struct cw_fault *fault) {
    struct cw_backend_kernel *kernel = launch->kernel;
    char why[600] = "";
    const struct cw_gpu_plan *plan = device->lost ? NULL : plan_for(launch, why, sizeof why);
    if (plan) {
        cw_gpu_to_gpu(device);
        const uint32_t words[] = {plan->pipeline, launch->grid.x, launch->grid.y, launch->grid.z, WORD(kernel->module->globals), kernel->parameter_bytes};
        cw_gpu_ask(CW_GPU_LAUNCH, words, sizeof words / sizeof words[0], launch->params, kernel->parameter_bytes, NULL);
        return CW_OK;
    }
    if (!device->elsewhere) {
        cw_gpu_to_memory(device, kernel->name ? kernel->name : "", why);
    }
    struct cw_launch own = *launch;
    own.kernel = kernel->own;
    return cw_backend_cpu.launch(device->own, &own, fault);
}
