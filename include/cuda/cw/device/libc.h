/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libc.h: the C library's functions that device code has: printf, assert, malloc, free, memcpy and their like.
 *
 * The first few are declared under their plain names because clang turns printf into vprintf and new into malloc by
 * itself.
 */
#ifndef CW_CUDA_DEVICE_LIBC_H
#define CW_CUDA_DEVICE_LIBC_H

#include <stddef.h>

#include "define.h"

extern "C" {
__device__ int vprintf(const char *format, const char *arguments);
__device__ int printf(const char *format, ...);
__device__ void *malloc(size_t size) __attribute__((nothrow, malloc));
__device__ void free(void *pointer) __attribute__((nothrow));
__device__ void __assertfail(const char *message, const char *file, unsigned int line, const char *function,
                             size_t char_size) __attribute__((nothrow));

/* What the C library's assert macro calls. */
static __inline__ __attribute__((device, always_inline, nodebug, nothrow)) void
__assert_fail(const char *message, const char *file, unsigned int line, const char *function) {
    __assertfail(message, file, line, function, sizeof(char));
}

/* What the C++ library's own checks call. */
__device__ void __cxa_pure_virtual(void);
}

CW_DEVICE void *calloc(size_t count, size_t size) {
    size_t bytes = 0;
    void *pointer = __builtin_mul_overflow(count, size, &bytes) ? (void *)0 : malloc(bytes);
    if (pointer) __builtin_memset(pointer, 0, bytes);
    return pointer;
}

CW_DEVICE void *memcpy(void *to, const void *from, size_t size) { return __builtin_memcpy(to, from, size); }
CW_DEVICE void *memmove(void *to, const void *from, size_t size) { return __builtin_memmove(to, from, size); }
CW_DEVICE void *memset(void *to, int value, size_t size) { return __builtin_memset(to, value, size); }

namespace std {
using ::calloc;
using ::free;
using ::malloc;
using ::memcpy;
using ::memmove;
using ::memset;
using ::printf;
} // namespace std

#endif
