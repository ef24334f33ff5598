/* SPDX-License-Identifier: Apache-2.0 */
/*
 * threads.h: what a program with threads exports and imports beside WASI: the agreement with web/src/threads.js.
 *
 * The memory is imported as env.memory, and is shared. Also exported: __stack_pointer (mutable), __wasm_init_tls, and the table of
 * functions, __indirect_function_table.
 */
#ifndef CW_WASI_THREADS_H
#define CW_WASI_THREADS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CW_WASI_THREADS_MAX 256u
#define CW_WASI_STACK_BYTES ((size_t)1 << 20) /* of a worker: as large as the first thread's */
#define CW_WASI_STACK_SLACK 1024u             /* below a stack's limit: what functions use without asking (stack_limit.c) */

#define CW_EXPORT(name) __attribute__((export_name(name)))
#define CW_IMPORT(name) __attribute__((import_module("env"), import_name(name)))

/* Before the program starts: how many workers will serve, each with its index, and how many processors there are. Without the call
 * the program has one thread. */
CW_EXPORT("cw_threads_begin") void cw_threads_begin(uint32_t workers, uint32_t processors);
/* For a worker: what its __stack_pointer is to be, and its __wasm_init_tls is to be called with. 0: out of memory. */
CW_EXPORT("cw_thread_stack") void *cw_thread_stack(void);
/* A worker's life; doesn't return. */
CW_EXPORT("cw_thread_serve") void cw_thread_serve(uint32_t index);
/* Has the program's first thread end it where it waits. */
CW_EXPORT("cw_threads_end") void cw_threads_end(uint32_t status);

/* Starts worker `index`. 0 if that can't be done now. */
CW_IMPORT("cw_more") uint32_t cw_wasi_more(uint32_t index);
/* Calls `function`; 0 if it returns. Else it has trapped: puts the stack pointer back, writes a text of at most `size` bytes,
 * with a 0 at its end, to `text`, and returns CUDA's error number. */
CW_IMPORT("cw_guard") uint32_t cw_wasi_guard(void (*function)(void *), void *argument, char *text, size_t size);
/* What functions of the program call to set their stack pointer: stack_limit.c. */
CW_EXPORT("cw_stack_set") void cw_stack_set(uintptr_t pointer);
/* The lowest address that the thread's stack pointer may have, 0: any. Who changes stacks sets it first. */
extern _Thread_local uintptr_t cw_wasi_stack_limit;
/* Set by the trap of a kernel that went below it. */
extern _Thread_local bool cw_wasi_stack_overflowed;

/* Writes the source line of the innermost caller that has one, "FILE:LINE", as text of at most `size` bytes; its length, 0: none has. */
CW_IMPORT("cw_where") uint32_t cw_wasi_where(char *text, size_t size);

uint32_t cw_wasi_processors(void);

#endif
