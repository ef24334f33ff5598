/* SPDX-License-Identifier: Apache-2.0 */
/*
 * units.h: compiling sources, each to an object of host code and one of device code.
 *
 * Every CUDA source is two tasks, device and host, that run side by side and know nothing of each other; the compiler
 * library is opened meanwhile. Diagnostics are collected, put in the order of the sources, and shown once.
 */
#ifndef CW_TOOL_UNITS_H
#define CW_TOOL_UNITS_H

#include "tool/device_code.h"

struct cw_compiled_unit {
    const struct cw_input *input;
    uint8_t id[16];
    char *host;              /* object; NULL: none is wanted */
    char *device;            /* object, or container; NULL: the source has no device code */
    char *kernels;           /* WebAssembly: the object of the kernels' own code; NULL: native, relocatable, or no device code */
    char *host_dependencies; /* make-style lists of what the passes read; NULL where there is no such pass */
    char *device_dependencies;
};

enum cw_units_form {
    CW_UNITS_OBJECTS,    /* host and device objects */
    CW_UNITS_CONTAINERS, /* device code only: the container itself */
    CW_UNITS_TEXTS,      /* device code only: the container as text */
};

/* Set what the first part says; cw_units_compile sets the second. */
struct cw_units {
    struct cw_setting setting;
    const char *const *cpus; /* LLVM CPU names that artifacts are made for; NULL in it: this machine's own */
    size_t cpu_count;
    const char *folder; /* for what is made; removed when a signal ends the tool */
    bool named;         /* files are named after their sources */
    bool nonsystem;     /* the host passes' lists leave system headers out */
    enum cw_units_form form;
    void (*meanwhile)(void *context); /* NULL, or called once while passes run */
    void *context;

    struct cw_compiled_unit *all; /* in the order of the sources */
    size_t count;
};

/* Compiles the sources among the options' inputs. An enum cw_exit; says on stderr what went wrong. */
int cw_units_compile(struct cw_units *units);
void cw_units_fini(struct cw_units *units);

/* Appends the container of a kernel module: its table, its bitcode, an artifact for each CPU. On failure the session's log
 * says why. */
cw_status cw_container_make(struct cw_device_code *code, const struct cw_units *units,
                            struct cw_text *container) CW_MUST_USE;

#endif
