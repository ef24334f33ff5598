/* SPDX-License-Identifier: Apache-2.0 */
#include "tool/tasks.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/memory.h"
#include "tool/terminal.h"

#define PROGRESS_DELAY_MS 500

struct crew {
    const struct cw_tasks *tasks;
    atomic_size_t next;
    atomic_size_t done;
    int event; /* counts finished tasks for the calling thread's poll */
};

static void *work(void *argument) {
    struct crew *crew = argument;
    for (;;) {
        size_t index = atomic_fetch_add(&crew->next, 1);
        if (index >= crew->tasks->count) {
            return NULL;
        }
        crew->tasks->run(crew->tasks->context, index);
        atomic_fetch_add(&crew->done, 1);
        eventfd_write(crew->event, 1);
    }
}

static void die_of(const struct cw_tasks *tasks, const sigset_t *old_mask, int number) {
    cw_progress(NULL);
    tasks->interrupted(tasks->context);
    signal(number, SIG_DFL);
    pthread_sigmask(SIG_SETMASK, old_mask, NULL);
    raise(number);
    _exit(128 + number);
}

static void show_progress(const struct crew *crew) {
    const struct cw_tasks *tasks = crew->tasks;
    struct cw_text line = {0};
    size_t done = atomic_load(&crew->done);
    if (!tasks->describe) {
        cw_text_printf(&line, "%s: %zu of %zu", tasks->doing, done, tasks->count);
    } else if (done < tasks->count) {
        tasks->describe(tasks->context, done, &line);
    }
    if (line.size) {
        cw_progress(cw_text_string(&line));
    }
    cw_text_fini(&line);
}

/* Until every task is done. */
static void attend(struct crew *crew, int signals, const sigset_t *old_mask) {
    bool patient = true; /* the first half second shows nothing */
    while (atomic_load(&crew->done) < crew->tasks->count) {
        struct pollfd polls[2] = {{.fd = crew->event, .events = POLLIN}, {.fd = signals, .events = POLLIN}};
        int ready = poll(polls, 2, patient ? PROGRESS_DELAY_MS : -1);
        if (ready == 0) {
            patient = false;
        }
        if (ready > 0 && (polls[0].revents & POLLIN)) {
            eventfd_t count;
            (void)eventfd_read(crew->event, &count);
        }
        if (ready > 0 && (polls[1].revents & POLLIN)) {
            struct signalfd_siginfo info;
            if (read(signals, &info, sizeof info) == (ssize_t)sizeof info) {
                die_of(crew->tasks, old_mask, (int)info.ssi_signo);
            }
        }
        if (!patient) {
            show_progress(crew);
        }
    }
    cw_progress(NULL);
}

size_t cw_tasks_processors(void) {
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 1 ? (size_t)CPU_COUNT(&set) : 1;
}

void cw_tasks_run(const struct cw_tasks *tasks) {
    struct crew crew = {.tasks = tasks};
    sigset_t mask, old_mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGINT);
    sigaddset(&mask, SIGTERM);
    sigaddset(&mask, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &mask, &old_mask);
    crew.event = eventfd(0, EFD_CLOEXEC);
    int signals = signalfd(-1, &mask, SFD_CLOEXEC);

    size_t processors = cw_tasks_processors(), wanted = processors > 2 ? processors : 2;
    if (tasks->threads) {
        wanted = tasks->threads;
    }
    if (wanted > tasks->count) {
        wanted = tasks->count;
    }
    pthread_t *threads = cw_alloc_array(wanted + 1, sizeof *threads);
    size_t started = 0;
    while (started < wanted && pthread_create(&threads[started], NULL, work, &crew) == 0) {
        started++;
    }
    if (tasks->meanwhile) {
        tasks->meanwhile(tasks->context);
    }
    if (started == 0) {
        work(&crew); /* no threads to be had: this one does it all */
    }
    attend(&crew, signals, &old_mask);
    for (size_t i = 0; i < started; i++) {
        pthread_join(threads[i], NULL);
    }
    free(threads);
    close(crew.event);
    close(signals);
    pthread_sigmask(SIG_SETMASK, &old_mask, NULL);
}
