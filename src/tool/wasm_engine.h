/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wasm_engine.h: running a WASI command in this process, in wasmtime by its C API. The library is opened when it is first
 * needed: CUDA_WASM_WASMTIME, else libwasmtime.so on the loader's path, else the one of the Python package `wasmtime`, which
 * is where Debian gets it from (scripts/install-dependencies).
 */
#ifndef CW_TOOL_WASM_ENGINE_H
#define CW_TOOL_WASM_ENGINE_H

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

/* The library's path, malloc'd; NULL, and a sentence with what to install, when there is none. */
char *cw_wasm_engine_find(struct cw_text *problem);

struct cw_wasm_run {
    const char *module;    /* path of the .wasm file */
    const char *compiled;  /* path of a file that holds, or is to hold, the module compiled for this machine; NULL: none */
    char **words;          /* argv, NULL-terminated */
    uint64_t memory_bytes; /* the most that linear memory may grow to; 0: 4 GiB */
    const char *library;   /* of cw_wasm_engine_find */
};

/* Runs it, with this process's environment, files and streams. The program's exit status; 134 after a trap, which is reported
 * on stderr by kernel, and by source line if the module has DWARF; -1, and a sentence, when it could not be started. */
int cw_wasm_engine_run(const struct cw_wasm_run *run, struct cw_text *problem);
/* The bytes that CUDA_WASM_MEMORY's value means: a number with K, M or G; 0 when it is none. */
uint64_t cw_wasm_memory_bytes(const char *text);

#endif
