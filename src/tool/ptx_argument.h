/* SPDX-License-Identifier: Apache-2.0 */
/* ptx_argument.h: a kernel's argument as the command line spells it: f32:1.5, u32[1024], f64[16]=1,2,3, s32[64]=iota. */
#ifndef CW_TOOL_PTX_ARGUMENT_H
#define CW_TOOL_PTX_ARGUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cw_ptx_argument {
    char kind;       /* 'u', 's' or 'f' */
    unsigned width;  /* bytes of an element */
    size_t count;    /* elements of a buffer; 0: a scalar */
    size_t size;     /* bytes in all */
    void *bytes;     /* owned */
    uint64_t address; /* of the buffer on the device */
};

/* False, having said why, for a word that is none. cw_ptx_argument_fini in either case. */
bool cw_ptx_argument_read(struct cw_ptx_argument *argument, const char *word);
/* One line: the buffer's type and its first `shown` values. */
void cw_ptx_argument_print(const struct cw_ptx_argument *argument, unsigned shown);
void cw_ptx_argument_fini(struct cw_ptx_argument *argument);

#endif
