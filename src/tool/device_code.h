/* SPDX-License-Identifier: Apache-2.0 */
/* device_code.h: one CUDA source's device code: clang's device pass, then the compiler's kernel module. */
#ifndef CW_TOOL_DEVICE_CODE_H
#define CW_TOOL_DEVICE_CODE_H

#include "base/process.h"
#include "frontend/cuda/passes.h"
#include "tool/compiler.h"

/* Where the tools are and what the user asked for. Borrowed. */
struct cw_setting {
    const struct cw_layout *layout;
    const struct cw_toolchain *toolchain;
    const struct cw_cuda_options *options;
    const char *targets; /* --target (targets.h); NULL: what the environment says */
    bool alone;          /* one device pass for the CPU is all there is to do: another processor is free meanwhile */
};

struct cw_device_code {
    const struct cw_compiler_api *api;
    struct cw_compiler *compiler;
    struct cw_module *module;
    struct cw_text unit;         /* relocatable code: its bitcode, to be linked later */
    struct cw_text clang_output; /* clang's diagnostics */
    struct cw_process clang;     /* may still be ending */
    struct cw_text problem;      /* what failed behind clang: sentences for people, or the compiler's log */
};

/* The id by which host object and container find each other: of the source, its place and the options. CW_ERROR_IO, errno
 * set, when the source can't be read. */
cw_status cw_source_id(const struct cw_cuda_options *options, const char *source, uint8_t id[16]) CW_MUST_USE;

/* Shows a command on stderr as nvcc does, "#$ " before it, quoted for a shell. */
void cw_command_show(const struct cw_strings *argv);

/* Runs a pass of clang; its stdout goes to `out`, its diagnostics to `diagnostics`. An enum cw_exit; on failure without a
 * diagnostic of clang's, `problem` says what happened. */
int cw_clang_run(struct cw_strings *argv, bool show, struct cw_text *out, struct cw_text *diagnostics,
                 struct cw_text *problem);

/* True if the failed pass is worth another run with `files` as this leaves them: without a precompiled prelude that clang
 * does not take, with the mode that launches from device code need, or with launches closed up. */
bool cw_clang_again(struct cw_pass_files *files, const char *diagnostics);

/* False, having said so, when `cpu` names no CPU of this architecture. NULL is this machine's. */
bool cw_cpu_check(const struct cw_toolchain *toolchain, const char *cpu);

/* Compiles as far as the kernel module; PTX (a source named .ptx) is imported. An enum cw_exit. `files` needs source, id, dependencies, colour, keep_names. */
int cw_device_code_make(struct cw_device_code *code, const struct cw_setting *setting,
                        const struct cw_pass_files *files);
/* Appends the session's log, or the status' words when that is empty, to `problem`. Returns the exit code for `status`. */
int cw_device_code_failed(struct cw_device_code *code, cw_status status, const char *doing);
void cw_device_code_fini(struct cw_device_code *code);

/* Shows what went wrong with `source` on stderr: diagnostics as they are, a sentence as an error of ours. */
void cw_problem_show(const char *source, const struct cw_text *problem);

/* The sentence for a status, without the runtime library. */
const char *cw_status_words(cw_status status);

#endif
