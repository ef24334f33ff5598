/* SPDX-License-Identifier: Apache-2.0 */
/*
 * object.h: looking into native object files and static libraries: 64-bit ELF of this machine's byte order (System V
 * ABI, "Object Files"), ar archives with GNU's long names, thin archives too. Anything else is skipped, not refused:
 * linkers know more formats than this does. Nothing in a file is trusted.
 */
#ifndef CW_BASE_OBJECT_H
#define CW_BASE_OBJECT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "cudawasm/cw.h"

/* One relocatable object, or a shared library. Borrowed during the call. */
struct cw_object {
    const char *name; /* "a.o", or "libx.a(b.o)" */
    char *bytes;
    size_t size;
};

/* Calls `visit` for the object at `path`, or for every one in the archive there. Not CW_OK, errno set, when the file, or a
 * member of a thin archive, can't be read. */
cw_status cw_objects_visit(const char *path, void (*visit)(void *context, const struct cw_object *object),
                           void *context) CW_MUST_USE;

/* Calls `visit` with the contents of every section called `section`. */
void cw_object_sections(const struct cw_object *object, const char *section,
                        void (*visit)(void *context, const void *data, size_t size), void *context);

/* Calls `visit` with the rest of the name of every section whose name begins with `prefix`. */
void cw_object_section_names(const struct cw_object *object, const char *prefix,
                             void (*visit)(void *context, const char *rest), void *context);

/* Calls `visit` with every global symbol that begins with `prefix`; of a shared library those that it shows. */
void cw_object_symbols(const struct cw_object *object, const char *prefix,
                       void (*visit)(void *context, const char *name, bool defined), void *context);

/* Makes global definitions whose name begins with `prefix` weak, so that two objects may define the same. In place; true if
 * there was one. */
bool cw_object_weaken(const struct cw_object *object, const char *prefix);

/* ---- Programs ---- */

bool cw_object_is_elf(const void *bytes, size_t size);

struct cw_object_program {
    unsigned machine;  /* ELF's number of the processor */
    bool native;       /* 64-bit ELF for this processor; the rest is known only then */
    bool executable;   /* a program, and not an object or a library */
    bool interpreted;  /* the dynamic linker starts it */
    bool dynamic;      /* it has a dynamic section */
};

/* False when the bytes are no ELF file. */
bool cw_object_program(const struct cw_object *object, struct cw_object_program *program);
/* Calls `visit` with the name of every shared library that is asked for. */
void cw_object_needed(const struct cw_object *object, void (*visit)(void *context, const char *name), void *context);
/* True if the table of symbols, which `strip` removes, has a definition of `name`, local ones included. */
bool cw_object_function(const struct cw_object *object, const char *name);

#endif
