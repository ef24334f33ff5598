/* SPDX-License-Identifier: Apache-2.0 */
/* plain_main.c: runs the tests of a build without Criterion: all of them, or those of one suite (--filter with its name). */
#include <criterion/criterion.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct plain_test *tests;

void plain_register(struct plain_test *test) {
    test->next = tests;
    tests = test;
}

static bool run(const struct plain_test *test) {
    fflush(NULL);
    time_t start = time(NULL);
    pid_t child = fork();
    if (child == 0) {
        test->function();
        exit(0);
    }
    int status = 0;
    bool passed = child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
                  WEXITSTATUS(status) == test->exit_code;
    printf("[%s] %s::%s, %ld s\n", passed ? "PASS" : "FAIL", test->suite, test->name, (long)(time(NULL) - start));
    return passed;
}

int main(int argc, char **argv) {
    char suite[64] = "";
    if (argc > 2 && strcmp(argv[1], "--filter") == 0) {
        snprintf(suite, sizeof suite, "%.*s", (int)strcspn(argv[2], "/"), argv[2]);
    }
    unsigned failed = 0, count = 0;
    for (const struct plain_test *test = tests; test; test = test->next) {
        if (!suite[0] || strcmp(suite, test->suite) == 0) {
            failed += !run(test);
            count++;
        }
    }
    printf("%u tests, %u failed\n", count, failed);
    return failed != 0 || count == 0;
}
