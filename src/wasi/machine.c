/* SPDX-License-Identifier: Apache-2.0 */
/* machine.c: backend/cpu/machine.h on WebAssembly: the processors that JavaScript counts, or one, and whatever linear memory may grow to. */
#include "backend/cpu/machine.h"

#include <stdio.h>
#include <stdlib.h>

#include "backend/cpu/line.h"
#include "base/wish.h"
#ifdef __wasm_atomics__
#include "wasi/threads.h"
#endif

#define ADDRESSABLE (((uint64_t)1 << 32) - PAGE) /* a size_t must hold it */
#define DEVICES_MAX 16u
#define PAGE ((uint64_t)64 << 10)

uint32_t cw_cpu_machine_devices(void) {
    char wish[16];
    long count = cw_wish_for("cpu", wish, sizeof wish) && wish[0] ? strtol(wish, NULL, 10) : 1;
    return count < 1 ? 1 : count > (long)DEVICES_MAX ? DEVICES_MAX : (uint32_t)count;
}

uint32_t cw_cpu_machine_processors(void) {
#ifdef __wasm_atomics__
    return cw_wasi_processors();
#else
    return 1;
#endif
}

uint64_t cw_cpu_machine_memory(void) {
    const char *wish = getenv("CUDA_WASM_MEMORY");
    char *end = NULL;
    uint64_t bytes = wish && *wish ? strtoull(wish, &end, 10) : 0;
    if (bytes != 0) {
        unsigned shift = *end == 'K' || *end == 'k' ? 10 : *end == 'M' || *end == 'm' ? 20 : *end == 'G' || *end == 'g' ? 30 : 0;
        bytes <<= shift;
    }
    return bytes != 0 && bytes < ADDRESSABLE ? bytes : ADDRESSABLE;
}

/* The engine may stop earlier: only growing tells. What the heap has free is left out. */
uint64_t cw_cpu_machine_memory_free(void) {
    return ADDRESSABLE - (uint64_t)__builtin_wasm_memory_size(0) * PAGE;
}

void cw_cpu_machine_name(char *name, size_t size) {
    snprintf(name, size, "WebAssembly");
}

uint32_t cw_cpu_machine_clock_khz(void) {
    return 1000000; /* clock64 counts nanoseconds */
}

uint32_t cw_cpu_machine_cache(void) {
    return 0;
}

/* There is one form of an artifact: the one that was linked in. */
int cw_cpu_machine_score(const char *cpu, const char *features) {
    (void)cpu, (void)features;
    return 1;
}

/* Code has no addresses that a program could ask for; engines name the source line of a trap themselves. */
enum cw_cpu_line_result cw_cpu_line_find(uintptr_t pc, char *text, size_t size) {
    (void)pc, (void)text, (void)size;
    return CW_CPU_LINE_UNKNOWN;
}
