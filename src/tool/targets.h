/* SPDX-License-Identifier: Apache-2.0 */
/*
 * targets.h: which devices' code programs carry, beside the CPU's and the bitcode from which the runtime has other code made.
 *
 * A list is words "TARGET" or "TARGET:PROCESSOR" between commas: "ptx:sm_90,ptx:sm_80,spirv".
 */
#ifndef CW_TOOL_TARGETS_H
#define CW_TOOL_TARGETS_H

#include <stdbool.h>
#include <stddef.h>

#define CW_TARGETS_MAX 24u

struct cw_artifact_target {
    char target[32];
    char cpu[64]; /* "": the target's own choice */
};

/* The environment's variable that programs are built by where no option says anything. */
#define CW_TARGETS_VARIABLE "CUDA_WASM_TARGETS"

/* Reads a list; NULL is the environment's, which may be empty. False, having said what is wrong, when it is no list. */
bool cw_targets_read(const char *list, struct cw_artifact_target targets[CW_TARGETS_MAX], size_t *count);

#endif
