/* SPDX-License-Identifier: Apache-2.0 */
/* process.c: child processes by posix_spawn, which starts them without copying a large parent's page tables. */
#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"

/* Pipe ends are never standard descriptors (see make_pipe), so a zero-initialised process closes nothing. */
static bool is_open(int fd) {
    return fd > STDERR_FILENO;
}

static void close_fd(int *fd) {
    if (is_open(*fd)) {
        int saved = errno;
        close(*fd);
        errno = saved;
        *fd = -1;
    }
}

/* A pipe whose ends are none of the standard descriptors, which a parent may have closed: the child's dup2 onto
 * 0, 1 and 2 must not overwrite an end that is still to be used. */
static bool make_pipe(int ends[2]) {
    int low[2];
    if (pipe2(low, O_CLOEXEC) != 0) {
        ends[0] = ends[1] = -1;
        return false;
    }
    for (int i = 0; i < 2; i++) {
        ends[i] = low[i];
        if (low[i] <= STDERR_FILENO) {
            ends[i] = fcntl(low[i], F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
            close(low[i]);
        }
    }
    return ends[0] >= 0 && ends[1] >= 0;
}

/* The child gets default signal handling whatever the parent does with its own. An errno value, 0 for success. */
static int spawn(pid_t *pid, char *const argv[], int out_fd, int err_fd) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, defaults;
    sigemptyset(&none);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    sigaddset(&defaults, SIGXFSZ);
    int error = posix_spawn_file_actions_init(&actions);
    if (error != 0) {
        return error;
    }
    error = posix_spawnattr_init(&attributes);
    if (error != 0) {
        goto out_actions;
    }
    if ((error = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)) == 0 &&
        (error = posix_spawn_file_actions_adddup2(&actions, out_fd, STDOUT_FILENO)) == 0 &&
        (error = posix_spawn_file_actions_adddup2(&actions, err_fd, STDERR_FILENO)) == 0 &&
        (error = posix_spawnattr_setsigmask(&attributes, &none)) == 0 &&
        (error = posix_spawnattr_setsigdefault(&attributes, &defaults)) == 0 &&
        (error = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)) == 0) {
        error = posix_spawnp(pid, argv[0], &actions, &attributes, argv, environ);
    }
    posix_spawnattr_destroy(&attributes);
out_actions:
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

cw_status cw_process_start(struct cw_process *process, char *const argv[]) {
    *process = (struct cw_process){.out_fd = -1, .err_fd = -1, .status = 127};
    int out[2] = {-1, -1};
    int err[2] = {-1, -1};
    cw_status status = CW_OK;
    int error;
    if (!make_pipe(out) || !make_pipe(err)) {
        error = errno;
    } else {
        error = spawn(&process->pid, argv, out[1], err[1]);
    }
    close_fd(&out[1]);
    close_fd(&err[1]);
    if (error == 0) {
        process->out_fd = out[0];
        process->err_fd = err[0];
        process->status = 0;
    } else {
        close_fd(&out[0]);
        close_fd(&err[0]);
        process->pid = 0;
        errno = error;
        bool missing = error == ENOENT || error == EACCES || error == ENOTDIR || error == ENOEXEC;
        status = missing ? CW_ERROR_MISSING_TOOL : CW_ERROR_IO;
    }
    return status;
}

/* Reads what is there; closes the pipe at its end. */
static void collect(int *fd, struct cw_text *text) {
    const size_t chunk = 65536;
    ssize_t got = read(*fd, cw_text_reserve(text, chunk), chunk);
    if (got > 0) {
        text->size += (size_t)got;
        text->data[text->size] = '\0';
    } else if (got == 0 || (errno != EINTR && errno != EAGAIN)) {
        close_fd(fd);
    }
}

static void reap(struct cw_process *process) {
    int status = 0;
    pid_t pid;
    do {
        pid = waitpid(process->pid, &status, 0);
    } while (pid < 0 && errno == EINTR);
    if (pid < 0) {
        process->status = 127; /* somebody else reaped it (SIGCHLD ignored): its status is lost */
    } else {
        process->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    }
    process->pid = 0;
}

/* Waits until one of the pipes has something, for `timeout` ms (-1: for ever), and reads it. False if none is open, or none had. */
static bool collect_some(struct cw_process *const processes[], size_t count, struct pollfd *polls, int timeout) {
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        const int fds[2] = {processes[i]->out_fd, processes[i]->err_fd};
        for (size_t j = 0; j < 2; j++) {
            /* poll ignores negative descriptors. */
            polls[2 * i + j] = (struct pollfd){.fd = is_open(fds[j]) ? fds[j] : -1, .events = POLLIN};
            any = any || is_open(fds[j]);
        }
    }
    if (!any) {
        return false;
    }
    int ready = poll(polls, (nfds_t)(count * 2), timeout);
    if (ready <= 0) {
        return ready < 0; /* EINTR, or ENOMEM, which passes */
    }
    for (size_t i = 0; i < count; i++) {
        if (polls[2 * i].revents != 0) {
            collect(&processes[i]->out_fd, &processes[i]->out);
        }
        if (polls[2 * i + 1].revents != 0) {
            collect(&processes[i]->err_fd, &processes[i]->err);
        }
    }
    return true;
}

bool cw_process_collect(struct cw_process *process, bool (*is_whole)(const struct cw_text *out)) {
    struct pollfd polls[2];
    while (collect_some(&process, 1, polls, -1)) {
        if (is_open(process->out_fd) && is_whole(&process->out)) {
            while (collect_some(&process, 1, polls, 0)) { /* what it said before */
            }
            return true;
        }
    }
    cw_process_wait(&process, 1);
    return false;
}

void cw_process_wait(struct cw_process *const processes[], size_t count) {
    struct pollfd *polls = cw_alloc_array(count * 2, sizeof(*polls));
    while (collect_some(processes, count, polls, -1)) {
    }
    free(polls);
    for (size_t i = 0; i < count; i++) {
        if (processes[i]->pid > 0) {
            reap(processes[i]);
        }
    }
}

void cw_process_fini(struct cw_process *process) {
    close_fd(&process->out_fd);
    close_fd(&process->err_fd);
    if (process->pid > 0) {
        kill(process->pid, SIGKILL);
        reap(process);
    }
    cw_text_fini(&process->out);
    cw_text_fini(&process->err);
}
