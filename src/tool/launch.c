/* SPDX-License-Identifier: Apache-2.0 */
#include "tool/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"

/* A program that was just written may still be open for writing in a child that another thread is about to start. */
#define BUSY_RETRIES 100
#define BUSY_WAIT_US 2000

void cw_launch_replace(const char *path, char *const argv[]) {
    for (int i = 0; i < BUSY_RETRIES; i++) {
        execv(path, argv);
        if (errno != ETXTBSY) {
            return;
        }
        usleep(BUSY_WAIT_US);
    }
}

static volatile pid_t child;

static void pass_on(int number) {
    if (child > 0) {
        kill(child, number);
    }
}

static const int passed_on[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2};
enum { PASSED_ON_COUNT = sizeof passed_on / sizeof passed_on[0] };

/* A terminal sends SIGINT and SIGQUIT to the child itself: passing them on would deliver them twice. */
static bool comes_from_terminal(int number) {
    return (number == SIGINT || number == SIGQUIT) && tcgetpgrp(STDIN_FILENO) == getpgrp();
}

static void end_like_child(int status) {
    if (!WIFSIGNALED(status)) {
        _exit(WEXITSTATUS(status));
    }
    const struct rlimit no_core = {0, 0}; /* the child has dumped core if there was to be one */
    int number = WTERMSIG(status);
    setrlimit(RLIMIT_CORE, &no_core);
    signal(number, SIG_DFL);
    raise(number);
    _exit(128 + number);
}

void cw_launch_and_remove(const char *path, char *const argv[], const char *folder) {
    int report[2]; /* closed by a successful exec; else it carries errno */
    if (pipe2(report, O_CLOEXEC) != 0) {
        return;
    }
    /* Until they are passed on they wait: the program may run, and somebody may have seen it, before this process gets on. */
    sigset_t waiting, mask;
    sigemptyset(&waiting);
    for (int i = 0; i < PASSED_ON_COUNT; i++) {
        sigaddset(&waiting, passed_on[i]);
    }
    pthread_sigmask(SIG_BLOCK, &waiting, &mask);
    pid_t pid = fork();
    if (pid < 0) {
        pthread_sigmask(SIG_SETMASK, &mask, NULL);
        return;
    }
    if (pid == 0) {
        pthread_sigmask(SIG_SETMASK, &mask, NULL);
        cw_launch_replace(path, argv);
        int error = errno;
        ssize_t written = write(report[1], &error, sizeof error);
        _exit(written == (ssize_t)sizeof error ? 126 : 127);
    }
    child = pid;
    for (int i = 0; i < PASSED_ON_COUNT; i++) {
        struct sigaction action = {.sa_handler = comes_from_terminal(passed_on[i]) ? SIG_IGN : pass_on};
        sigaction(passed_on[i], &action, NULL);
    }
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
    close(report[1]);
    int error = 0, status = 0;
    ssize_t got;
    do {
        got = read(report[0], &error, sizeof error);
    } while (got < 0 && errno == EINTR);
    close(report[0]);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
    if (got == (ssize_t)sizeof error) {
        errno = error;
        return;
    }
    cw_folder_remove(folder);
    end_like_child(status);
}
