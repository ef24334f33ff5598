/* SPDX-License-Identifier: Apache-2.0 */
/* runner.c: runs tests one by one, each in a process of its own. An argument SUITE/ * selects a suite. */
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"

#define TIMEOUT_SECONDS 120u

static struct plain_test *tests;

void plain_test_add(struct plain_test *test) {
    test->next = tests;
    tests = test;
}

int main(int argc, char **argv) {
    int failed = 0, ran = 0;
    const char *filter = argc > 1 ? argv[argc - 1] : "";
    size_t length = strcspn(filter, "/");
    for (struct plain_test *test = tests; test; test = test->next) {
        if (length > 0 && (strncmp(test->suite, filter, length) != 0 || test->suite[length] != '\0')) {
            continue;
        }
        fflush(NULL);
        pid_t child = fork();
        if (child == 0) {
            alarm(TIMEOUT_SECONDS);
            test->run();
            exit(0);
        }
        int status = 0;
        if (child < 0 || waitpid(child, &status, 0) != child) {
            status = 1;
        }
        ran++;
        if (status != 0) {
            failed++;
            fprintf(stderr, "FAILED %s/%s (status 0x%x)\n", test->suite, test->name, (unsigned)status);
        }
    }
    printf("%d tests, %d failed\n", ran, failed);
    return failed == 0 && ran > 0 ? 0 : 1;
}
