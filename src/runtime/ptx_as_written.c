/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ptx_as_written.c: see ptx_as_written.h. PTX that passed our own front end is well formed, so words are enough here (PTX ISA,
 * "Source Format", ".target", ".extern").
 */
#include "runtime/ptx_as_written.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where the first `.target` names its architecture: "sm_90a". False when there is none. */
static bool read_target(const char *text, char cpu[32]) {
    const char *at = strstr(text, "\n.target");
    at = at ? at + 1 : strncmp(text, ".target", 7) == 0 ? text : NULL;
    return at && sscanf(at, ".target %31[a-z0-9_]", cpu) == 1 && strncmp(cpu, "sm_", 3) == 0;
}

/* What the driver defines in every module (CUDA C++ Programming Guide: formatted output, assertion, dynamic allocation). */
static bool is_of_driver(const char *name, size_t length) {
    static const char *const names[] = {"vprintf", "malloc", "free", "__assertfail"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strlen(names[i]) == length && strncmp(name, names[i], length) == 0) {
            return true;
        }
    }
    return false;
}

/* The name of a function stands behind its result in parentheses, if it has one. */
static bool leaves_function_open(const char *text) {
    for (const char *at = text; (at = strstr(at, ".extern"));) {
        at += 7;
        at += strspn(at, " \t\r\n");
        if (strncmp(at, ".func", 5) != 0) {
            continue;
        }
        at += 5;
        at += strspn(at, " \t\r\n");
        if (*at == '(') {
            at += strcspn(at, ")");
            at += *at == ')';
            at += strspn(at, " \t\r\n");
        }
        size_t length = strcspn(at, " \t\r\n(;");
        if (!is_of_driver(at, length)) {
            return true;
        }
    }
    return false;
}

bool cw_rt_ptx_as_written(const struct cw_rt_ptx *ptx, const struct cw_text *table, char cpu[32]) {
    struct cw_table read;
    cpu[0] = '\0';
    if (cw_table_read(table->data, table->size, &read) != CW_OK) {
        return false;
    }
    bool own = true;
    for (uint32_t i = 0; i < read.kernel_count; i++) {
        own = own && !(read.kernels[i].features & (CW_FEATURE_IMAGE | CW_FEATURE_CHILD_LAUNCH));
    }
    for (uint32_t i = 0; i < read.variable_count; i++) {
        own = own && !read.variables[i].managed;
    }
    cw_table_fini(&read);
    char *text = cw_format("%.*s", (int)ptx->size, ptx->text); /* with a NUL behind it */
    own = own && read_target(text, cpu) && !leaves_function_open(text);
    free(text);
    return own;
}
