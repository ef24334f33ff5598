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

/* Calls `visit` with every global symbol that begins with `prefix`; of a shared library those that it shows. */
void cw_object_symbols(const struct cw_object *object, const char *prefix,
                       void (*visit)(void *context, const char *name, bool defined), void *context);

/* Makes global definitions whose name begins with `prefix` weak, so that two objects may define the same. In place; true if
 * there was one. */
bool cw_object_weaken(const struct cw_object *object, const char *prefix);

#endif
