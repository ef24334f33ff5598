/* SPDX-License-Identifier: Apache-2.0 */
/*
 * takeover.h: putting our runtime in the place of NVIDIA's inside a program that links it statically (nvcc's default,
 * -cudart static).
 *
 * Such a program calls its own copy of cudaMalloc, and that copy talks to NVIDIA's driver by tables that are documented
 * nowhere, so a driver of ours can't serve it. What can be replaced are the functions themselves: the program's table of
 * symbols, unless it was stripped, says where each one begins. When the library is preloaded, its constructor runs before
 * the program's, and writes a jump to ours over the beginning of each. Nothing of NVIDIA's runtime runs then.
 */
#ifndef CW_RUNTIME_PREBUILT_TAKEOVER_H
#define CW_RUNTIME_PREBUILT_TAKEOVER_H

#include <stddef.h>
#include <stdint.h>

/* How much of the code at a function's beginning the jump takes. */
#if defined(__x86_64__)
#define CW_TAKEOVER_JUMP_SIZE 14u
#elif defined(__aarch64__)
#define CW_TAKEOVER_JUMP_SIZE 16u
#else
#define CW_TAKEOVER_JUMP_SIZE 0u /* not done on this processor */
#endif

/* The functions to replace, of one ELF file. Called for each with its address in the file and its size. */
typedef void cw_takeover_visit(void *context, const char *name, uint64_t address, uint64_t size);

/* Calls `visit` for the functions of the runtime API that the ELF file in `bytes` defines, those that are not shown
 * to other objects included; gives the major version of the runtime that they are of, 11, 12 or 13, or 0 when the
 * file has none. Nothing in the bytes is trusted. */
int cw_takeover_functions(const void *bytes, size_t size, cw_takeover_visit *visit, void *context);

#endif
