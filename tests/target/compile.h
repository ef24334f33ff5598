/* SPDX-License-Identifier: Apache-2.0 */
/* compile.h: device bitcode to artifacts, through the public compiler interface only. Failures end the test. */
#ifndef CW_TESTS_TARGET_COMPILE_H
#define CW_TESTS_TARGET_COMPILE_H

#include <stdbool.h>

#include "cudawasm/cw.h"

struct session {
    const struct cw_compiler_api *api;
    struct cw_compiler *compiler;
    struct cw_module *module;
    bool scalar; /* emit_cpu makes no vector forms */
};

/* The bitcode of device/NAME.cu, malloc'd. */
struct cw_bytes read_bitcode(const char *name);
/* A session that has imported device/NAME.cu. */
struct session open_session(const char *name);
void close_session(struct session *session);
/* What `emit` writes for the CPU target. `cpu` NULL: this machine. The caller frees the data. */
struct cw_bytes emit_cpu(struct session *session, const char *cpu, int opt_level, enum cw_emit_form form);

/* The processors that code is made for and can run here: NULL first, which is this one. NULL-terminated after that. */
extern const char *const processors[];
bool processor_runs_here(const char *cpu);

#endif
