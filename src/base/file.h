/* SPDX-License-Identifier: Apache-2.0 */
/* file.h: files and folders. Functions that fail leave errno set. Paths are NUL-terminated. */
#ifndef CW_BASE_FILE_H
#define CW_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "cudawasm/cw.h"

/* Appends the whole file to `out`. */
cw_status cw_file_read(const char *path, struct cw_text *out) CW_MUST_USE;
/* Writes to a temporary file beside `path`, syncs nothing, renames: readers see the old file or the whole new one.
 * On failure (full disk, read-only) the temporary file is gone and errno says why. `mode` as chmod, 0 for 0644. */
cw_status cw_file_write(const char *path, const void *data, size_t size, unsigned mode) CW_MUST_USE;
/* mkdir -p with mode 0700 for what is new. */
cw_status cw_folder_make(const char *path) CW_MUST_USE;
/* Removes a folder and what is in it; ignores what is missing. Never follows symbolic links. */
void cw_folder_remove(const char *path);
/* A new private folder under $TMPDIR or /tmp; malloc'd path, NULL on failure. The caller removes it. */
char *cw_folder_temporary(const char *prefix);
bool cw_file_exists(const char *path);
/* True for an ordinary file that may be executed. */
bool cw_file_executable(const char *path);
/* The first executable `name` on PATH, malloc'd; NULL when there is none. A name with '/' is checked as it is. */
char *cw_program_find(const char *name);
/* The folder of the running shared object or program that contains `symbol`, malloc'd, NULL when unknown. */
char *cw_folder_of_symbol(const void *symbol);
/* Points into `path` behind the last '/', and behind the last '.' ("" when none). */
const char *cw_path_name(const char *path);
const char *cw_path_extension(const char *path);
/* The path of `name` in the folder that `path` is in. malloc'd. */
char *cw_path_beside(const char *path, const char *name);

#endif
