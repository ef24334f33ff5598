/* SPDX-License-Identifier: Apache-2.0 */
/*
 * target.h: the contract of a code generator.
 *
 * A target turns a kernel module into what its backend loads. It lowers everything that the waist holds or refuses by
 * name: a kernel that uses a feature outside `features` never reaches `lower`, and what else it can't express it
 * reports through cw_diagnose with the construct's name and source line. Targets are listed in targets.def.
 */
#ifndef CW_TARGET_TARGET_H
#define CW_TARGET_TARGET_H

#include "module/ir/ir.h"

struct cw_target {
    const char *name;
    /* The processor that it compiles for when none is asked for; NULL: this machine's. */
    const char *cpu;
    const char *cpu_features; /* what code for it may use, in LLVM's words; NULL: what it has */
    /* It has instructions for cw.matrix and cw.async, or answers 0 itself; for the others the compiler does, before `lower`. */
    bool has_units;
    /* Set of enum cw_feature that it can express. */
    uint32_t features;
    /* Those of them that it refuses kernel by kernel, so that a module's other kernels run. */
    uint32_t refused;
    /* What else it refuses, and where kernels may compute something else than CUDA says: sentences without an end, ended by a
     * NULL; NULL: nothing. docs/targets.md is made of these (cw_compiler_api's target_matrix). */
    const char *const *refusals;
    const char *const *deviations;
    bool tells; /* `emit` knows CW_EMIT_NOTES */
    /* Required. Rewrites `llvm`, a copy of the module's LLVM module that the caller owns, into the target's own form.
     * After it the module is ready for `emit`. The kernel table is the original's. */
    cw_status (*lower)(struct cw_compiler *compiler, const struct cw_module *module, LLVMModuleRef llvm,
                       const struct cw_lower_options *options);
    /* Required. Writes the lowered module: CW_EMIT_ARTIFACT or CW_EMIT_ASSEMBLY. */
    cw_status (*emit)(struct cw_compiler *compiler, LLVMModuleRef llvm, const struct cw_lower_options *options,
                      enum cw_emit_form form, struct cw_bytes *out);
};

/* NULL-terminated, in the order of targets.def. */
extern const struct cw_target *const cw_targets[];

/* leave_out.c: takes the kernels that the options name out of the module, with the functions that only they call. */
bool cw_left_out(const struct cw_lower_options *options, const char *kernel);
void cw_leave_out(LLVMModuleRef llvm, const struct cw_lower_options *options);

/* matrix.c: cw_compiler_api's. */
void cw_target_matrix(struct cw_bytes *out);

/* Copies `size` bytes into a fresh allocation for `out`. */
void cw_bytes_set(struct cw_bytes *out, const void *data, size_t size);

#endif
