/* SPDX-License-Identifier: Apache-2.0 */
/* prebuilt.h: programs that are built already, by nvcc mostly: run with our libraries in the place of NVIDIA's, and looked
 * into. */
#ifndef CW_TOOL_PREBUILT_H
#define CW_TOOL_PREBUILT_H

#include <jansson.h>
#include <stdbool.h>

/* The path of the program that `word` names, malloc'd, when it is one for `run`: an ELF program, or the name of one on PATH.
 * NULL when it is something else, a source for example. */
char *cw_prebuilt_find(const char *word);
/* Starts it in this process's place, with `words` as its argv. Returns an exit code when that can't be done, having said
 * why. */
int cw_prebuilt_run(const char *path, char **words);

/* True for files with device code of nvcc's to list: ELF programs, objects, libraries, and fat binaries. */
bool cw_prebuilt_has_code(const char *path);
/* Lists the fat binaries in a file; as JSON into `list` unless that is NULL. Returns an exit code. */
int cw_prebuilt_inspect(const char *path, json_t *list);

#endif
