/* SPDX-License-Identifier: Apache-2.0 */
/*
 * criterion.h: as much of Criterion's interface as these tests use, for builds under ThreadSanitizer, where Criterion
 * itself crashes before the first test. Each test runs in a child process; plain_main.c has the main function.
 */
#ifndef CW_TESTS_BACKEND_PLAIN_CRITERION_H
#define CW_TESTS_BACKEND_PLAIN_CRITERION_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct plain_test {
    struct plain_test *next;
    const char *suite;
    const char *name;
    void (*function)(void);
    int exit_code; /* what the test is to exit with */
};
void plain_register(struct plain_test *test);

#define Test(suite_, name_, ...)                                                                                       \
    static void suite_##_##name_(void);                                                                                \
    __attribute__((constructor)) static void register_##suite_##_##name_(void) {                                       \
        static struct plain_test test = {.suite = #suite_, .name = #name_, .function = suite_##_##name_, __VA_ARGS__}; \
        plain_register(&test);                                                                                         \
    }                                                                                                                  \
    static void suite_##_##name_(void)

#define cr_assert_(condition, text, ...)                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: assertion failed: %s\n    ", __FILE__, __LINE__, text);                            \
            fprintf(stderr, " " __VA_ARGS__);                                                                          \
            fprintf(stderr, "\n");                                                                                     \
            exit(1);                                                                                                   \
        }                                                                                                              \
    } while (0)
#define cr_assert(condition, ...) cr_assert_(condition, #condition, __VA_ARGS__)
#define cr_assert_eq(a, b, ...) cr_assert_((a) == (b), #a " == " #b, __VA_ARGS__)
#define cr_assert_neq(a, b, ...) cr_assert_((a) != (b), #a " != " #b, __VA_ARGS__)
#define cr_assert_gt(a, b, ...) cr_assert_((a) > (b), #a " > " #b, __VA_ARGS__)
#define cr_assert_null(a, ...) cr_assert_((a) == NULL, #a " is NULL", __VA_ARGS__)
#define cr_assert_not_null(a, ...) cr_assert_((a) != NULL, #a " is not NULL", __VA_ARGS__)
#define cr_assert_str_eq(a, b, ...) cr_assert_(strcmp(a, b) == 0, #a " equals " #b, __VA_ARGS__)

#endif
