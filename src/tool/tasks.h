/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tasks.h: a list of independent tasks on a few threads, while the calling thread shows progress and minds signals.
 *
 * A signal that ends programs (SIGINT, SIGTERM, SIGHUP) is taken by the calling thread alone: it calls `interrupted`, which
 * removes what the tool has on disk, and then lets the signal do its work.
 */
#ifndef CW_TOOL_TASKS_H
#define CW_TOOL_TASKS_H

#include <stddef.h>

#include "base/text.h"

struct cw_tasks {
    void (*run)(void *context, size_t index); /* called on several threads, once for each index, in order of index */
    void *context;
    size_t count;
    size_t threads;    /* 0: as many as there are processors */
    const char *doing; /* for the progress line: "compiling" */
    /* NULL, or instead of `doing`: what task `index` does, for the progress line. Called on the calling thread. */
    void (*describe)(void *context, size_t index, struct cw_text *line);
    void (*meanwhile)(void *context); /* NULL, or called once on the calling thread while the tasks run */
    void (*interrupted)(void *context);
};

void cw_tasks_run(const struct cw_tasks *tasks);
/* How many processors this process may use, at least 1. */
size_t cw_tasks_processors(void);

#endif
