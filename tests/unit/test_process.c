/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of base/process.h. */
#include "base/process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <criterion/criterion.h>

static struct cw_process start_shell(const char *script) {
    struct cw_process process;
    char *const argv[] = {(char *)"sh", (char *)"-c", (char *)(uintptr_t)script, NULL};
    cr_assert_eq(cw_process_start(&process, argv), CW_OK);
    return process;
}

static void wait_for(struct cw_process *process) {
    cw_process_wait(&process, 1);
}

Test(process, output_and_status) {
    struct cw_process process = start_shell("echo out; echo err >&2; exit 3");
    wait_for(&process);
    cr_assert_eq(process.status, 3);
    cr_assert_str_eq(cw_text_string(&process.out), "out\n");
    cr_assert_str_eq(cw_text_string(&process.err), "err\n");
    cr_assert_eq(process.pid, 0);
    cw_process_fini(&process);
}

Test(process, stdin_is_empty) {
    struct cw_process process = start_shell("cat; echo end");
    wait_for(&process);
    cr_assert_str_eq(cw_text_string(&process.out), "end\n");
    cw_process_fini(&process);
}

/* Both fill both pipes several times over, and each writes one of them last: reading one after the other would hang. */
Test(process, two_at_once_without_deadlock, .timeout = 60) {
    struct cw_process first = start_shell("head -c 3000000 /dev/zero; head -c 1000000 /dev/zero >&2");
    struct cw_process second = start_shell("head -c 1000000 /dev/zero >&2; head -c 3000000 /dev/zero");
    struct cw_process *both[] = {&first, &second};
    cw_process_wait(both, 2);
    for (unsigned i = 0; i < 2; i++) {
        cr_assert_eq(both[i]->status, 0);
        cr_assert_eq(both[i]->out.size, 3000000);
        cr_assert_eq(both[i]->err.size, 1000000);
        cw_process_fini(both[i]);
    }
}

Test(process, missing_program) {
    struct cw_process process;
    char *const argv[] = {(char *)"cw-no-such-program", NULL};
    cr_assert_eq(cw_process_start(&process, argv), CW_ERROR_MISSING_TOOL);
    cr_assert_eq(errno, ENOENT);
    cr_assert_eq(process.status, 127);
    wait_for(&process);
    cr_assert_eq(process.status, 127);
    cw_process_fini(&process);

    char *const folder[] = {(char *)"/proc", NULL};
    cr_assert_eq(cw_process_start(&process, folder), CW_ERROR_MISSING_TOOL);
    cw_process_fini(&process);
}

Test(process, killed_child) {
    struct cw_process process = start_shell("echo before; kill -9 $$");
    wait_for(&process);
    cr_assert_eq(process.status, 128 + SIGKILL);
    cr_assert_str_eq(cw_text_string(&process.out), "before\n");
    cw_process_fini(&process);
}

Test(process, fini_ends_what_still_runs, .timeout = 30) {
    struct cw_process process = start_shell("exec sleep 1000");
    pid_t pid = process.pid;
    cw_process_fini(&process);
    cr_assert_eq(waitpid(pid, NULL, WNOHANG), -1);
    cr_assert_eq(errno, ECHILD);
}

static unsigned count_open_files(void) {
    unsigned count = 0;
    DIR *directory = opendir("/proc/self/fd");
    while (readdir(directory) != NULL) {
        count++;
    }
    closedir(directory);
    return count;
}

Test(process, leaves_no_descriptors_open_and_gives_none_away) {
    unsigned before = count_open_files();
    static const char count_own[] = "ls /proc/self/fd | wc -l";
    struct cw_process alone = start_shell(count_own);
    wait_for(&alone);
    struct cw_process first = start_shell("sleep 0.1");
    /* The second child must not hold the first one's pipes. */
    struct cw_process second = start_shell(count_own);
    struct cw_process *both[] = {&first, &second};
    cw_process_wait(both, 2);
    cr_assert_str_eq(cw_text_string(&second.out), cw_text_string(&alone.out));
    cw_process_fini(&alone);
    cw_process_fini(&first);
    cw_process_fini(&second);
    struct cw_process missing;
    char *const argv[] = {(char *)"cw-no-such-program", NULL};
    cr_assert_neq(cw_process_start(&missing, argv), CW_OK);
    cw_process_fini(&missing);
    cr_assert_eq(count_open_files(), before);
}

Test(process, zero_initialised_is_harmless) {
    struct cw_process process = {0};
    wait_for(&process);
    cw_process_fini(&process);
    cr_assert_neq(fcntl(STDIN_FILENO, F_GETFD), -1);
}

Test(process, works_with_closed_standard_descriptors, .timeout = 30) {
    int saved[3];
    for (int fd = 0; fd < 3; fd++) {
        saved[fd] = fcntl(fd, F_DUPFD_CLOEXEC, 100);
        close(fd);
    }
    struct cw_process process = start_shell("echo out; echo err >&2");
    wait_for(&process);
    for (int fd = 0; fd < 3; fd++) {
        dup2(saved[fd], fd);
        close(saved[fd]);
    }
    cr_assert_eq(process.status, 0);
    cr_assert_str_eq(cw_text_string(&process.out), "out\n");
    cr_assert_str_eq(cw_text_string(&process.err), "err\n");
    cw_process_fini(&process);
}

static bool ends_in_dot(const struct cw_text *out) {
    return out->size > 0 && out->data[out->size - 1] == '.';
}

Test(process, goes_on_when_output_is_whole) {
    struct cw_process process = start_shell("echo warning >&2; printf whole.; exec sleep 20");
    cr_assert(cw_process_collect(&process, ends_in_dot));
    cr_assert_str_eq(cw_text_string(&process.out), "whole.");
    cr_assert_str_eq(cw_text_string(&process.err), "warning\n");
    cw_process_fini(&process); /* still asleep: ended */
}

Test(process, output_that_is_never_whole_ends_with_the_process) {
    struct cw_process process = start_shell("printf part; exit 3");
    cr_assert_not(cw_process_collect(&process, ends_in_dot));
    cr_assert_str_eq(cw_text_string(&process.out), "part");
    cr_assert_eq(process.status, 3);
    cw_process_fini(&process);
}
