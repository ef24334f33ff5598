/* SPDX-License-Identifier: Apache-2.0 */
/*
 * locks.c: Debian's wasi-libc is made for one thread. In the form with threads the linker gives calls of its heap and of its
 * stdio the functions here (--wrap), each of which takes a lock around libc's own; and static variables of C++ functions are
 * initialised once (Itanium C++ ABI, 3.3.3), which libc++abi for one thread doesn't see to.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include "wasi/thread.h"

/* ---- The heap ---- */

static pthread_mutex_t heap = PTHREAD_MUTEX_INITIALIZER;

static void enter(pthread_mutex_t *lock) {
    if (!cw_wasi_alone()) {
        pthread_mutex_lock(lock);
    }
}

static void leave(pthread_mutex_t *lock) {
    if (!cw_wasi_alone()) {
        pthread_mutex_unlock(lock);
    }
}

#define LOCKED(lock, result, name, parameters, arguments)                                                              \
    result __real_##name parameters;                                                                                   \
    result __wrap_##name parameters;                                                                                   \
    result __wrap_##name parameters {                                                                                  \
        enter(&lock);                                                                                                  \
        result value = __real_##name arguments;                                                                        \
        leave(&lock);                                                                                                  \
        return value;                                                                                                  \
    }

LOCKED(heap, void *, malloc, (size_t size), (size))
LOCKED(heap, void *, calloc, (size_t count, size_t size), (count, size))
LOCKED(heap, void *, realloc, (void *old, size_t size), (old, size))
LOCKED(heap, void *, aligned_alloc, (size_t align, size_t size), (align, size))
LOCKED(heap, int, posix_memalign, (void **result, size_t align, size_t size), (result, align, size))

void __real_free(void *pointer);
void __wrap_free(void *pointer);
void __wrap_free(void *pointer) {
    enter(&heap);
    __real_free(pointer);
    leave(&heap);
}

/* ---- stdio, whose functions call each other ---- */

static pthread_mutex_t files = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

LOCKED(files, size_t, fwrite, (const void *from, size_t size, size_t count, FILE *file), (from, size, count, file))
LOCKED(files, size_t, fread, (void *to, size_t size, size_t count, FILE *file), (to, size, count, file))
LOCKED(files, int, fputs, (const char *text, FILE *file), (text, file))
LOCKED(files, int, fputc, (int c, FILE *file), (c, file))
LOCKED(files, int, putc, (int c, FILE *file), (c, file))
LOCKED(files, int, putchar, (int c), (c))
LOCKED(files, int, puts, (const char *text), (text))
LOCKED(files, int, fgetc, (FILE *file), (file))
LOCKED(files, int, getc, (FILE *file), (file))
LOCKED(files, char *, fgets, (char *text, int size, FILE *file), (text, size, file))
LOCKED(files, int, vfprintf, (FILE *file, const char *format, va_list arguments), (file, format, arguments))
LOCKED(files, int, fflush, (FILE *file), (file))
LOCKED(files, FILE *, fopen, (const char *path, const char *mode), (path, mode))
LOCKED(files, int, fclose, (FILE *file), (file))

/* ---- Static variables: guards have 32 bits here, of which the first byte says initialised ---- */

enum { FREE = 0, DONE = 1, TAKEN = 0x100, AWAITED = 0x200 };

int __cxa_guard_acquire(uint32_t *guard);
void __cxa_guard_release(uint32_t *guard);
void __cxa_guard_abort(uint32_t *guard);

int __cxa_guard_acquire(uint32_t *guard) {
    for (;;) {
        uint32_t seen = FREE;
        if (__atomic_compare_exchange_n(guard, &seen, TAKEN, false, __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE)) {
            return 1;
        }
        if (seen == DONE) {
            return 0;
        }
        if (cw_wasi_alone()) {
            __builtin_trap(); /* the initialiser came here again */
        }
        if (seen == AWAITED || __atomic_compare_exchange_n(guard, &seen, AWAITED, false, __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE)) {
            cw_wasi_wait(guard, AWAITED, -1);
        }
    }
}

static void leave_as(uint32_t *guard, uint32_t state) {
    if (__atomic_exchange_n(guard, state, __ATOMIC_RELEASE) == AWAITED) {
        cw_wasi_wake(guard, UINT32_MAX);
    }
}

void __cxa_guard_release(uint32_t *guard) {
    leave_as(guard, DONE);
}

void __cxa_guard_abort(uint32_t *guard) {
    leave_as(guard, FREE);
}
