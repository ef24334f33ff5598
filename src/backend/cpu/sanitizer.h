/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sanitizer.h: what AddressSanitizer and ThreadSanitizer must be told when code changes stacks. Everything here is
 * empty in ordinary builds.
 */
#ifndef CW_BACKEND_CPU_SANITIZER_H
#define CW_BACKEND_CPU_SANITIZER_H

#include <stddef.h>

#if defined(__SANITIZE_ADDRESS__)
#define CW_CPU_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define CW_CPU_ASAN 1
#endif
#endif
#if defined(__SANITIZE_THREAD__)
#define CW_CPU_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define CW_CPU_TSAN 1
#endif
#endif

#if defined(CW_CPU_ASAN) || defined(CW_CPU_TSAN)
#define CW_CPU_SANITIZED 1
#endif

/* One side of a switch: a stack as the sanitizers know it. */
struct cw_cpu_fiber {
    void *fake_stack; /* ASan: kept while the stack is left */
    void *fiber;      /* TSan */
    const void *bottom;
    size_t size;
};

#ifdef CW_CPU_ASAN
void __sanitizer_start_switch_fiber(void **fake_stack_save, const void *bottom, size_t size);
void __sanitizer_finish_switch_fiber(void *fake_stack_save, const void **bottom_old, size_t *size_old);
void __asan_unpoison_memory_region(const volatile void *address, size_t size);
#endif
#ifdef CW_CPU_TSAN
void *__tsan_get_current_fiber(void);
void *__tsan_create_fiber(unsigned flags);
void __tsan_destroy_fiber(void *fiber);
void __tsan_switch_to_fiber(void *fiber, unsigned flags);
#endif

/* Functions that a switch leaves in the middle of. ThreadSanitizer keeps a record of calls for each stack, made on entry and
 * undone on exit: the two helpers below are part of their callers, and a function that is entered again and again on
 * pooled stacks but never returns must not be recorded. */
#define CW_CPU_PART_OF_CALLER inline __attribute__((always_inline))
#if defined(CW_CPU_TSAN) && defined(__clang__)
#define CW_CPU_UNRECORDED __attribute__((disable_sanitizer_instrumentation))
#elif defined(CW_CPU_TSAN)
#define CW_CPU_UNRECORDED __attribute__((no_sanitize("thread")))
#else
#define CW_CPU_UNRECORDED
#endif

/* Just before a switch from `from` (NULL: it is never resumed) to `to`. */
static CW_CPU_PART_OF_CALLER void cw_cpu_fiber_leave(struct cw_cpu_fiber *from, const struct cw_cpu_fiber *to) {
#ifdef CW_CPU_ASAN
    __sanitizer_start_switch_fiber(from ? &from->fake_stack : NULL, to->bottom, to->size);
#endif
#ifdef CW_CPU_TSAN
    __tsan_switch_to_fiber(to->fiber, 0);
#endif
    (void)from;
    (void)to;
}

/* Just after `self` runs again, or for the first time. */
static CW_CPU_PART_OF_CALLER void cw_cpu_fiber_arrive(const struct cw_cpu_fiber *self) {
#ifdef CW_CPU_ASAN
    __sanitizer_finish_switch_fiber(self->fake_stack, NULL, NULL);
#endif
    (void)self;
}

#endif
