/* SPDX-License-Identifier: Apache-2.0 */
/*
 * probe.c: what it costs to find out that there is no GPU: opening each backend named on the command line and asking it. The bound of 5 ms
 * (cw_backend.h, `probe`) is held against the processor's time, which other processes don't lengthen; the wall clock's is shown beside it.
 * Backends that find a device are not judged.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cudawasm/cw_backend.h"

#define BOUND_MS 5.0

static double now_ms(clockid_t clock) {
    struct timespec at;
    clock_gettime(clock, &at);
    return (double)at.tv_sec * 1e3 + (double)at.tv_nsec * 1e-6;
}

/* Whether what is printed goes to the file or to where it went before. */
static void redirect(int to) {
    fflush(stdout);
    dup2(to, 1);
}

int main(int count, char **paths) {
    double cpu_sum = 0, wall_sum = 0;
    int wrong = 0, judged = 0, terminal = dup(1);
    FILE *file = tmpfile();
    if (!file || terminal < 0) {
        return 2;
    }
    for (int i = 1; i < count; i++) {
        long before = (long)lseek(fileno(file), 0, SEEK_END);
        redirect(fileno(file));
        double wall = now_ms(CLOCK_MONOTONIC), cpu = now_ms(CLOCK_PROCESS_CPUTIME_ID);
        void *library = dlopen(paths[i], RTLD_NOW | RTLD_LOCAL);
        const struct cw_backend *(*entry)(void) = NULL;
        if (library) {
            *(void **)&entry = dlsym(library, "cw_backend_entry");
        }
        int score = entry ? entry()->probe() : -1;
        cpu = now_ms(CLOCK_PROCESS_CPUTIME_ID) - cpu;
        wall = now_ms(CLOCK_MONOTONIC) - wall;
        redirect(terminal);
        long bytes = (long)lseek(fileno(file), 0, SEEK_END) - before;
        const char *name = strrchr(paths[i], '/');
        printf("%s: score %d, %.2f ms of the processor, %.2f ms in all, %ld bytes printed\n", name ? name + 1 : paths[i], score, cpu, wall,
               bytes);
        wrong += !entry || bytes != 0;
        if (score == 0) {
            judged++;
            cpu_sum += cpu;
            wall_sum += wall;
        }
    }
    printf("together: %d without a device, %.2f ms of the processor, %.2f ms in all\n", judged, cpu_sum, wall_sum);
    return wrong || cpu_sum >= BOUND_MS;
}
