/* SPDX-License-Identifier: Apache-2.0 */
/*
 * harness.h: TEST and CHECK over Criterion, or, with CW_TEST_PLAIN, over a runner of our own (runner.c): Criterion maps
 * memory where the thread sanitizer keeps its shadow. Either way each test has a process of its own, so that every
 * test meets a runtime that nothing has used yet.
 */
#ifndef CW_TESTS_RUNTIME_HARNESS_H
#define CW_TESTS_RUNTIME_HARNESS_H

#ifdef CW_TEST_PLAIN
#include <stdio.h>
#include <stdlib.h>

struct plain_test {
    const char *suite, *name;
    void (*run)(void);
    struct plain_test *next;
};
void plain_test_add(struct plain_test *test);

#define TEST(suite_, name_)                                                                                            \
    static void suite_##_##name_(void);                                                                                \
    __attribute__((constructor)) static void suite_##_##name_##_add(void) {                                            \
        static struct plain_test test = {#suite_, #name_, suite_##_##name_, NULL};                                     \
        plain_test_add(&test);                                                                                         \
    }                                                                                                                  \
    static void suite_##_##name_(void)
#define CHECK(condition, ...)                                                                                          \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: %s: ", __FILE__, __LINE__, #condition);                                            \
            fprintf(stderr, " " __VA_ARGS__);                                                                          \
            fputc('\n', stderr);                                                                                       \
            exit(1);                                                                                                   \
        }                                                                                                              \
    } while (0)
#else
#include <criterion/criterion.h>

#define TEST(suite, name) Test(suite, name, .timeout = 60)
#define CHECK(condition, ...) cr_assert(condition, ##__VA_ARGS__)
#endif

/* That a CUDA call gives `expected`. */
#define GIVES(expected, call)                                                                                          \
    do {                                                                                                               \
        cudaError_t gave_ = (call);                                                                                    \
        CHECK(gave_ == (expected), "%s gives %s (%s), not %s", #call, cudaGetErrorName(gave_), cw_last_error_detail(), \
              cudaGetErrorName(expected));                                                                             \
    } while (0)
#define OK(call) GIVES(cudaSuccess, call)

#endif
