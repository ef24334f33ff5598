/* SPDX-License-Identifier: Apache-2.0 */
/* machine.h: what this machine has, read from the system: processors, memory, caches, instruction sets. */
#ifndef CW_BACKEND_CPU_MACHINE_H
#define CW_BACKEND_CPU_MACHINE_H

#include <stddef.h>
#include <stdint.h>

/* How many devices the machine is presented as: CUDA_WASM_DEVICES (base/wish.h), 1 without it, at most 16. They share
 * processors and memory evenly; of fewer processors than devices each has one. */
uint32_t cw_cpu_machine_devices(void);
/* CPUs that this process may use, or CUDA_WASM_THREADS when that is set; at least 1. */
uint32_t cw_cpu_machine_processors(void);
/* Bytes: the least of physical memory, the control group's limit and CUDA_WASM_MEMORY (a number with K, M or G). */
uint64_t cw_cpu_machine_memory(void);
/* Bytes that can still be had without swapping, within the control group's limit. */
uint64_t cw_cpu_machine_memory_free(void);
/* The processor's name; "CPU" when the system doesn't tell. */
void cw_cpu_machine_name(char *name, size_t size);
/* 0 when the system doesn't tell. */
uint32_t cw_cpu_machine_clock_khz(void);
/* Bytes of the last level of cache; 0 when the system doesn't tell. */
uint32_t cw_cpu_machine_cache(void);

/* 0 when code for LLVM's CPU name `cpu` with its feature string `features` can't run here; else how good a match. */
int cw_cpu_machine_score(const char *cpu, const char *features);

#endif
