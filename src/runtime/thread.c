/* SPDX-License-Identifier: Apache-2.0 */
/* thread.c: per-thread state, errors of calls, and messages. */
#include "runtime/thread.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cuda/cuda_runtime_api.h"
#include "cudawasm/cw.h"
#include "runtime/stream.h"

#define DETAIL_BYTES 2048u

static _Thread_local struct cw_rt_thread state;
static pthread_key_t exit_key;
static pthread_once_t exit_key_once = PTHREAD_ONCE_INIT;

/* Thread-local variables are still there while the destructors of keys run. */
static void thread_ended(void *unused) {
    (void)unused;
    cw_rt_streams_thread_ended(&state);
    free(state.detail);
    state.detail = NULL;
    free(state.contexts);
    state.contexts = NULL;
    state.context_count = state.context_capacity = 0;
}

static void make_exit_key(void) {
    if (pthread_key_create(&exit_key, thread_ended) != 0) {
        cw_rt_say("no thread key left: per-thread streams will not be released");
    }
}

struct cw_rt_thread *cw_rt_thread(void) {
    return &state;
}

void cw_rt_thread_watch(void) {
    pthread_once(&exit_key_once, make_exit_key);
    pthread_setspecific(exit_key, &state);
}

cudaError_t cw_rt_record(cudaError_t error) {
    /* CUDA's guide ("Error Checking"): an answer that something is not ready is no error. */
    if (error == cudaSuccess || error == cudaErrorNotReady) {
        return error;
    }
    state.last_error = error;
    if (!state.detail_fresh && state.detail) {
        state.detail[0] = '\0';
    }
    if (state.detail_fresh) {
        cw_rt_log("%s: %s", cudaGetErrorName(error), state.detail);
    }
    state.detail_fresh = false;
    return error;
}

cudaError_t cw_rt_fail(cudaError_t error, const char *format, ...) {
    if (!state.detail) {
        state.detail = malloc(DETAIL_BYTES);
        if (!state.detail) {
            return error;
        }
        cw_rt_thread_watch();
    }
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(state.detail, DETAIL_BYTES, format, arguments);
    va_end(arguments);
    state.detail_fresh = true;
    return error;
}

const char *cw_last_error_detail(void) {
    return state.detail ? state.detail : "";
}

static void write_line(const char *format, va_list arguments) {
    char line[DETAIL_BYTES + 64];
    int used = snprintf(line, sizeof line, "cuda-wasm: ");
    vsnprintf(line + used, sizeof line - (size_t)used - 1, format, arguments);
    strcat(line, "\n");
    fputs(line, stderr);
}

void cw_rt_say(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    write_line(format, arguments);
    va_end(arguments);
}

void cw_rt_log(const char *format, ...) {
    const char *level = getenv("CUDA_WASM_LOG");
    if (!level || (strcmp(level, "info") != 0 && strcmp(level, "debug") != 0)) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    write_line(format, arguments);
    va_end(arguments);
}
