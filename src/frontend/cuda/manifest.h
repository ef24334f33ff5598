/* SPDX-License-Identifier: Apache-2.0 */
/*
 * manifest.h: which file in the cache was made from what.
 *
 * A caller's key hashes whatever decides how the file is made (options, folders, versions). Under the key lies a manifest:
 * every file that was read in making it, as it was then, and the key of the result. The result's own key hashes the contents
 * of those files too: a run that was killed between writing one and the other leaves nothing that could be taken for
 * something else.
 */
#ifndef CW_FRONTEND_CUDA_MANIFEST_H
#define CW_FRONTEND_CUDA_MANIFEST_H

#include <time.h>

#include "base/memory.h"
#include "frontend/cuda/toolchain.h"

/* The path of the file of this kind ("exe", "pch") if it is in the cache and nothing that it was made from has changed;
 * malloc'd. */
char *cw_manifest_find(const char key[33], const char *kind);

/* What a file was made from. Borrowed. */
struct cw_manifest_inputs {
    const struct cw_strings *files; /* every file that was read; those beside the result itself are left out */
    struct timespec start;          /* before the first was read */
    const struct cw_layout *layout;
    const char *const *tools; /* programs and libraries that made it; NULL-terminated */
};

/* Moves the file at `path` into the cache. Its path there, malloc'd; NULL when it could not be stored, with the reason in
 * `problem`. */
char *cw_manifest_store(const char key[33], const char *kind, const char *path, const struct cw_manifest_inputs *inputs,
                        struct cw_text *problem);

/* The same for a file outside the cache, `path`, whose manifest lies at `path`.manifest. */
bool cw_manifest_holds_beside(const char key[33], const char *path);
cw_status cw_manifest_write_beside(const char key[33], const char *path,
                                   const struct cw_manifest_inputs *inputs) CW_MUST_USE;

#endif
