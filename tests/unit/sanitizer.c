/* SPDX-License-Identifier: Apache-2.0 */
/* sanitizer.c: Criterion's runner keeps a few allocations of its own until it exits; they are not leaks of ours. */
const char *__lsan_default_suppressions(void);

__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void) {
    return "leak:libcriterion\n";
}
