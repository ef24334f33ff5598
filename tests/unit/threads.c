/* SPDX-License-Identifier: Apache-2.0 */
/*
 * threads.c: the LLVM-free parts used by many threads at once, for the thread sanitizer. A program of its own because
 * Criterion maps memory where that sanitizer keeps its shadow.
 *
 * Every thread makes the process's first use of the lazily built tables, uses one cache entry and starts processes.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cache.h"
#include "base/file.h"
#include "base/process.h"
#include "module/module.h"

enum { THREADS = 8, ROUNDS = 20 };

static pthread_barrier_t start;

static const char *use_names(void) {
    for (unsigned i = 0; i < CW_INTRINSIC_COUNT; i++) {
        if ((unsigned)cw_intrinsic_find(cw_intrinsics[i].text) != i) {
            return "an intrinsic is not found";
        }
    }
    return cw_llvm_intrinsic_allowed("llvm.fma.f32") ? NULL : "an LLVM intrinsic is not found";
}

static const char *use_cache(void) {
    static const char key[] = "0123456789abcdef0123456789abcdef";
    struct cw_text text = {0};
    const char *problem = NULL;
    if (!cw_cache_put(key, "module", "the same bytes", 14)) {
        problem = "an entry can't be stored";
    } else if (!cw_cache_get(key, "module", &text) || strcmp(cw_text_string(&text), "the same bytes") != 0) {
        problem = "an entry is not what was stored";
    } else if (cw_cache_put("..", "module", "", 0) || cw_cache_problem()[0] == '\0') {
        problem = "a failed put has no sentence";
    }
    cw_text_fini(&text);
    return problem;
}

static const char *use_process(void) {
    struct cw_process process;
    char *const argv[] = {(char *)"echo", (char *)"out", NULL};
    if (cw_process_start(&process, argv) != CW_OK) {
        return "a process can't be started";
    }
    struct cw_process *one = &process;
    cw_process_wait(&one, 1);
    bool correct = process.status == 0 && strcmp(cw_text_string(&process.out), "out\n") == 0;
    cw_process_fini(&process);
    return correct ? NULL : "a process's output is lost";
}

static void *work(void *argument) {
    const char **problem = argument;
    pthread_barrier_wait(&start);
    *problem = use_names();
    for (unsigned round = 0; round < ROUNDS && *problem == NULL; round++) {
        *problem = use_cache();
    }
    if (*problem == NULL) {
        *problem = use_process();
    }
    return NULL;
}

int main(void) {
    pthread_t threads[THREADS];
    const char *problems[THREADS];
    char *folder = cw_folder_temporary("cw-unit");
    if (folder == NULL || setenv("CUDA_WASM_CACHE_DIR", folder, 1) != 0 || unsetenv("CUDA_WASM_CACHE") != 0) {
        perror("threads: no folder for the cache");
        return 1;
    }
    pthread_barrier_init(&start, NULL, THREADS);
    for (unsigned i = 0; i < THREADS; i++) {
        if (pthread_create(&threads[i], NULL, work, &problems[i]) != 0) {
            fputs("threads: a thread can't be started\n", stderr);
            return 1;
        }
    }
    int result = 0;
    for (unsigned i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        if (problems[i] != NULL) {
            fprintf(stderr, "threads: thread %u: %s\n", i, problems[i]);
            result = 1;
        }
    }
    pthread_barrier_destroy(&start);
    cw_folder_remove(folder);
    free(folder);
    return result;
}
