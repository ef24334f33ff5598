/* SPDX-License-Identifier: Apache-2.0 */
/*
 * link.h: linking a program's objects into a native executable.
 *
 * lld is started directly: going through clang's driver costs as much again as the link itself. What the driver would have
 * added (startup objects, library folders, the C++ library) is asked of it once (-###) and kept in the cache, named by
 * clang's path, size and time. Host options that change how the driver links (-fopenmp, -static, ...) still go through it.
 */
#ifndef CW_FRONTEND_CUDA_LINK_H
#define CW_FRONTEND_CUDA_LINK_H

#include "base/memory.h"
#include "frontend/cuda/options.h"
#include "frontend/cuda/toolchain.h"

/* The driver's words for a link with one input; empty when the driver is to do the link itself. */
struct cw_link_template {
    struct cw_strings words;
};

void cw_link_template_find(struct cw_link_template *template, const struct cw_toolchain *toolchain,
                           const struct cw_cuda_options *options);
void cw_link_template_fini(struct cw_link_template *template);

/* Builds the command line. `objects` are ours; the inputs and libraries of `options` follow them. The executable finds
 * libcudawasm.so in our library folder. `dependencies`: where lld lists what it read; NULL for none. */
void cw_link_command(struct cw_strings *argv, const struct cw_link_template *template,
                     const struct cw_toolchain *toolchain, const struct cw_layout *layout,
                     const struct cw_cuda_options *options, const struct cw_strings *objects, const char *output,
                     const char *dependencies);

/* Appends a sentence for people when the linker's output says that a function of CUDA's is missing. */
void cw_link_explain(const char *output, struct cw_text *advice);

#endif
