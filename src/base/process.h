/* SPDX-License-Identifier: Apache-2.0 */
/* process.h: child processes, several at a time, their output collected. Started with posix_spawn semantics: no
 * shell, argv as given, environment inherited. */
#ifndef CW_BASE_PROCESS_H
#define CW_BASE_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/text.h"
#include "cudawasm/cw.h"

struct cw_process {
    pid_t pid;          /* 0 when it was never started or has been waited for */
    int out_fd, err_fd; /* pipes, -1 when closed or not collected */
    struct cw_text out, err;
    int status; /* exit status; 128 + signal when killed; 127 when it could not be started */
};

/* Initialises `process` and starts argv[0] (a path, or found on PATH) with stdout and stderr collected, stdin from
 * /dev/null. CW_ERROR_MISSING_TOOL when there is no such program, CW_ERROR_IO with errno set when it can't be started;
 * then `status` is 127 and waiting does nothing. */
cw_status cw_process_start(struct cw_process *process, char *const argv[]) CW_MUST_USE;
/* Collects output until the process has ended or `is_whole` says of what came on stdout that nothing more will come. Returns true in
 * the second case: the process may still be ending then, and is to be waited for later. */
bool cw_process_collect(struct cw_process *process, bool (*is_whole)(const struct cw_text *out));
/* Waits for `count` processes at once, collecting all their output without deadlock. */
void cw_process_wait(struct cw_process *const processes[], size_t count);
/* Frees the output. A process that was not waited for is killed. */
void cw_process_fini(struct cw_process *process);

#endif
