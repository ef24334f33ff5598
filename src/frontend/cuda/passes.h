/* SPDX-License-Identifier: Apache-2.0 */
/*
 * passes.h: the command lines of clang's passes.
 *
 * A CUDA source is compiled twice. The device pass makes LLVM bitcode for an NVPTX triple, LLVM's own passes off: only
 * clang's NVPTX code generation marks address spaces (shared, constant) that a kernel module stands on. The host pass makes an
 * object whose registration code hands the runtime a *reference* with the unit's id; the device code itself travels in
 * another object (libcudawasm-compiler's `embed`), so that neither pass waits for the other.
 *
 * Both passes go through clang's driver: it costs no measurable time over -cc1 and knows this machine's header folders.
 * Both get the same id (-cuid), because clang derives names of externalised device variables from it.
 */
#ifndef CW_FRONTEND_CUDA_PASSES_H
#define CW_FRONTEND_CUDA_PASSES_H

#include "base/memory.h"
#include "frontend/cuda/options.h"
#include "frontend/cuda/spaced_launch.h"
#include "frontend/cuda/toolchain.h"

/* What a pass needs to know beside the options. Borrowed during the call. */
struct cw_pass_files {
    const char *source;
    const char *output;
    const char *dependencies; /* make-style list of what was read; NULL: none */
    const char *instead;      /* host pass: what to do instead of compiling ("-E", "-M"); NULL: compile */
    bool nonsystem;           /* the list leaves system headers out */
    const char *reference;    /* host pass of CUDA: the 32-byte file */
    const uint8_t *id;        /* 16 bytes */
    const char *precompiled;  /* the prelude as this pass reads it, precompiled; NULL: from source */
    struct cw_remaps *remaps; /* files that clang is to read in place of others; NULL: none */
    bool device_launches;     /* kernels may be launched by device code, which clang ties to relocatable device code */
    bool references;          /* with texture and surface references, which CUDA 12 removed (cw/texture_references.h) */
    bool bitcode;             /* host pass of CUDA: LLVM bitcode, not optimised, for cw_host_finish */
    bool colour;              /* diagnostics go to a terminal */
    bool keep_names;          /* device pass: LLVM values keep the source's names */
    bool types;               /* device pass: debug information knows types, for CW_EMIT_SIGNATURES */
};

/* Both take the prelude itself as a source too, which makes its precompiled form. */
void cw_device_pass(struct cw_strings *argv, const struct cw_toolchain *toolchain, const struct cw_layout *layout,
                    const struct cw_cuda_options *options, const struct cw_pass_files *files);
/* For CUDA, C++ and C sources. */
void cw_host_pass(struct cw_strings *argv, const struct cw_toolchain *toolchain, const struct cw_layout *layout,
                  const struct cw_cuda_options *options, enum cw_input_kind kind, const struct cw_pass_files *files);

/* From the bitcode of a host pass to its object. */
void cw_host_finish(struct cw_strings *argv, const struct cw_toolchain *toolchain, const struct cw_layout *layout,
                    const struct cw_cuda_options *options,
                    const char *bitcode, const char *object);

#endif
