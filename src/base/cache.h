/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cache.h: what was compiled before, in $CUDA_WASM_CACHE_DIR, else $XDG_CACHE_HOME/cuda-wasm, else ~/.cache/cuda-wasm.
 *
 * An entry is one file named KEY.KIND: a 32-byte header (magic "CWCACHE1", u64 size, 16 bytes XXH3-128 of the data), then
 * the data; or, for executables, the file as it is beside a KEY.sum that holds the header. Written by rename, so that
 * many processes may write the same entry; read with its hash checked, so that a damaged or torn entry is a miss and is
 * removed. Nothing here is an error to the user: a cache that can't be read or written only means more compiling;
 * cw_cache_problem says so once.
 *
 * An executable and its header are two files, so the pair is changed only under a lock of the folder: otherwise one
 * process could take the executable that another is about to start for a damaged one and remove it.
 *
 * `key` and `kind` are letters, digits, '-' and '_'.
 */
#ifndef CW_BASE_CACHE_H
#define CW_BASE_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "cudawasm/cw.h"

/* The cache folder's path; "" when there is no home to put it in. Borrowed for ever. */
const char *cw_cache_folder(void);
/* True, and the data appended to `out`, if the entry is there and whole. */
bool cw_cache_get(const char *key, const char *kind, struct cw_text *out);
/* Stores an entry. False when it could not be stored (full disk, read-only home, CUDA_WASM_CACHE=0). */
bool cw_cache_put(const char *key, const char *kind, const void *data, size_t size);
/* An executable entry: its path, malloc'd, if there and whole (size and hash match, may be executed); NULL otherwise. */
char *cw_cache_get_file(const char *key, const char *kind);
/* Moves or copies the file at `path` into the cache. Its path there, malloc'd, or NULL when it could not be stored. */
char *cw_cache_put_file(const char *key, const char *kind, const char *path);
/* Why this thread's last put failed, as a sentence, "" when none did. Borrowed until the thread's next put. */
const char *cw_cache_problem(void);

struct cw_cache_usage {
    uint64_t entries;
    uint64_t bytes;
};
void cw_cache_measure(struct cw_cache_usage *usage);
/* Removes every entry; entries in use by running programs stay readable to them. How many went. */
uint64_t cw_cache_clear(void);

#endif
