/* SPDX-License-Identifier: Apache-2.0 */
/*
 * heap.h: the device heap of devices without one of their own: where it lies and how it is laid out, for the code on the device
 * (heap.c) and for the backend that makes it.
 *
 * The heap is GRAIN bytes a unit, and a bit a unit that says whether it is taken. What is allocated begins with a head that says how
 * many units it has. Everything is claimed by compare-and-exchange of words of bits, so that no thread ever waits for another:
 * devices that promise no progress between threads can have it.
 */
#ifndef CW_LIBRARY_HEAP_H
#define CW_LIBRARY_HEAP_H

#include <stdint.h>

#define CW_HEAP_VARIABLE "cw.heap" /* of the module: the address of a struct cw_heap in device memory; 0: there is none */
#define CW_HEAP_GRAIN 64u
#define CW_HEAP_HEAD 16u
#define CW_HEAP_DEFAULT_BYTES (UINT64_C(8) << 20) /* CUDA C++ Programming Guide, "Heap Memory Allocation" */

/* Bits of the last word that stand for no unit are set. `units` is at most 32 times `words`. */
struct cw_heap {
    uint64_t data;  /* address of the first unit */
    uint32_t units, words;
    uint32_t next;  /* word that the next search for whole words begins at */
    uint32_t reserved;
    uint32_t taken[];
};

#endif
