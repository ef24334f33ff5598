/* SPDX-License-Identifier: Apache-2.0 */
/*
 * library.h: what a module of kernels alone exports and imports: the agreement with web/src/index.js.
 *
 * Also exported: __heap_base (memory from there on is the caller's), __stack_pointer (mutable; each instance but the first gets a
 * stack of its own), and, when the module has thread-local memory, __wasm_init_tls and __tls_size. The memory is imported as
 * env.memory, and may be shared.
 */
#ifndef CW_WASI_LIBRARY_H
#define CW_WASI_LIBRARY_H

#include <stddef.h>
#include <stdint.h>

#define CW_EXPORT(name) __attribute__((export_name(name)))
#define CW_IMPORT(name) __attribute__((import_module("env"), import_name(name)))

/* To be called once, by the first instance. */
CW_EXPORT("_initialize") void cw_library_initialize(void);

/* Bytes of scratch memory that each instance needs for blocks of that shape with `dynamic` bytes of dynamic shared memory; 0 when
 * kernel `index` of the kernel table can't run such blocks. */
CW_EXPORT("cw_scratch") uint32_t cw_library_scratch(uint32_t index, uint32_t bx, uint32_t by, uint32_t bz, uint32_t dynamic);

/* Runs blocks of a grid: takes the next one's number from `counter`, which starts at 0, until there is none left. Instances that
 * share the memory may run the same grid at once, each with its own scratch. `params` is packed as the kernel table says. 0, or
 * cudaErrorInvalidDeviceFunction, cudaErrorLaunchOutOfResources; a fault tells cw_fault what happened, and traps. */
CW_EXPORT("cw_launch")
uint32_t cw_library_launch(uint32_t index, const void *params, uint32_t gx, uint32_t gy, uint32_t gz, uint32_t bx, uint32_t by,
                           uint32_t bz, uint32_t dynamic, char *scratch, uint32_t *counter);

/* Where variable `index` of the kernel table lies. */
CW_EXPORT("cw_variable") void *cw_library_variable(uint32_t index);

/* A text of device printf. */
CW_IMPORT("cw_print") void cw_library_print(const char *text, size_t size);
/* Why the kernel is about to trap: CUDA's error, and a sentence. */
CW_IMPORT("cw_fault") void cw_library_fault(uint32_t error, const char *text, size_t size);
/* Nanoseconds from some start. */
CW_IMPORT("cw_clock") uint64_t cw_library_clock(void);

#endif
