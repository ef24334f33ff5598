/* SPDX-License-Identifier: Apache-2.0 */
/* backend_bench: what the CPU backend's own machinery costs: launches, switches, barriers, collectives. No compiler. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "backend/cpu/backend.h"
#include "harness.h"

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void nothing(void *data, const struct cw_cpu_block *block, uint32_t index) {
    (void)data, (void)block, (void)index;
}

static uint32_t rounds;

static void many_barriers(void *data, const struct cw_cpu_block *block, uint32_t index) {
    (void)data, (void)block, (void)index;
    for (uint32_t i = 0; i < rounds; i++) {
        cw.barrier(0, 0);
    }
}

static void many_shuffles(void *data, const struct cw_cpu_block *block, uint32_t index) {
    (void)data, (void)block;
    for (uint32_t i = 0; i < rounds; i++) {
        index = cw.shfl_xor(0xffffffff, index, 1, 32);
    }
}

static void some_work(void *data, const struct cw_cpu_block *block, uint32_t index) {
    float *values = data;
    uint32_t i = block->block_idx[0] * block->thread_count + index;
    values[i] = values[i] * 1.5f + 1.0f;
}

/* The median of several runs, nanoseconds. */
static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double measure(struct bench *bench, struct launch_shape shape, body *function, void *data, uint32_t repeats) {
    double times[15];
    for (int i = 0; i < 15; i++) {
        double start = now();
        for (uint32_t j = 0; j < repeats; j++) {
            if (bench_launch(bench, shape, function, data) != CW_OK) {
                fprintf(stderr, "%s\n", bench->fault.message);
                exit(1);
            }
        }
        times[i] = (now() - start) / repeats;
    }
    qsort(times, 15, sizeof times[0], compare);
    return times[7];
}

int main(void) {
    struct bench bench;
    bench_open(&bench, 0);
    printf("empty launch, 1 block of 1 thread      %10.0f ns\n",
           measure(&bench, (struct launch_shape){.grid = 1, .block = 1}, nothing, NULL, 1000));
    printf("empty launch, 1 block of 256, run_all  %10.0f ns\n",
           measure(&bench, (struct launch_shape){.grid = 1, .block = 256, .all = true}, nothing, NULL, 1000));
    printf("empty launch, 1 block of 256, run      %10.0f ns\n",
           measure(&bench, (struct launch_shape){.grid = 1, .block = 256}, nothing, NULL, 1000));
    printf("16 small blocks of 64, run_all         %10.0f ns\n",
           measure(&bench, (struct launch_shape){.grid = 16, .block = 64, .all = true}, nothing, NULL, 1000));
    static const uint32_t sizes[] = {2, 32, 256, 1024};
    for (int i = 0; i < 4; i++) {
        struct launch_shape shape = {.grid = 1, .block = sizes[i]};
        rounds = 100;
        double base = measure(&bench, shape, many_barriers, NULL, 1);
        rounds = 1100;
        double time = (measure(&bench, shape, many_barriers, NULL, 1) - base) / 1000;
        printf("barrier of %4u threads                %10.0f ns, %.1f ns a thread\n", sizes[i], time, time / sizes[i]);
    }
    rounds = 10000;
    double shuffle = measure(&bench, (struct launch_shape){.grid = 1, .block = 32}, many_shuffles, NULL, 1) / rounds;
    printf("shuffle of a warp                      %10.0f ns, %.1f ns a lane\n", shuffle, shuffle / 32);
    rounds = 4;
    double million = measure(&bench, (struct launch_shape){.grid = 4096, .block = 256}, many_barriers, NULL, 1);
    printf("1M threads, 4 barriers each            %10.2f ms, %.1f ns a thread and barrier\n", million / 1e6,
           million / (4096.0 * 256 * rounds));
    uint32_t elements = 1 << 22;
    float *values = calloc(elements, sizeof *values);
    for (int all = 0; all < 2; all++) {
        struct launch_shape shape = {.grid = elements / 256, .block = 256, .all = all};
        printf("4M threads of saxpy, %-7s           %10.2f ms\n", all ? "run_all" : "run",
               measure(&bench, shape, some_work, values, 1) / 1e6);
    }
    free(values);
    size_t size = (size_t)256 << 20;
    void *from, *to;
    if (cw_backend_cpu.memory_alloc(bench.device, size, &from) == CW_OK &&
        cw_backend_cpu.memory_alloc(bench.device, size, &to) == CW_OK) {
        double times[4];
        for (int i = 0; i < 4; i++) {
            double start = now();
            (void)!cw_backend_cpu.copy(bench.device, i == 0 ? from : to, i == 0 ? to : from, size, CW_COPY_DEVICE_TO_DEVICE);
            times[i] = now() - start;
        }
        printf("copy of 256 MiB: first touch           %10.1f ms, again %.1f ms (%.1f GB/s)\n", times[0] / 1e6,
               times[3] / 1e6, (double)size / times[3]);
    }
    bench_close(&bench);
    return 0;
}
