/* SPDX-License-Identifier: Apache-2.0 */
/*
 * device_link.h: separate compilation's second half (NVCC manual, "Using Separate Compilation").
 *
 * An object of relocatable device code holds bitcode in its section .cw_device, and its host code calls a function
 * __cudaRegisterLinkedBinary_ID that it doesn't define. A device link makes one container of the bitcode of all objects and
 * static libraries of a program, and an object that carries it and defines those functions. All members of a static library
 * take part: which of them the host's linker will take isn't known yet.
 */
#ifndef CW_TOOL_DEVICE_LINK_H
#define CW_TOOL_DEVICE_LINK_H

#include "tool/units.h"

struct cw_device_link {
    struct cw_setting setting;
    const char *const *cpus; /* as in struct cw_units */
    size_t cpu_count;
    const char *folder;               /* for what is made on the way */
    const struct cw_strings *objects; /* objects and archives beside those that the options name */
    const struct cw_strings *host_objects; /* WebAssembly: those whose host code registers with what is linked; else NULL */
    const char *output;
    const char *kernels; /* WebAssembly: the object of the kernels' own code, to be written beside `output`; else NULL */
    uint8_t id[16];      /* WebAssembly: of the container */
    bool always;         /* write the object even when there is nothing to link */
};

/* Links what the options and `objects` hold. `*made`: the output was written. An enum cw_exit; says what went wrong. */
int cw_device_link_run(const struct cw_device_link *link, bool *made);

#endif
