/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench.h: what the programs of the suite share, in the language that C17 and C++17 have in common.
 *
 * A program measures one kernel in one form (CUDA, OpenMP, OpenCL). `cuda-wasm bench` starts it as
 *
 *     program --size N --warm-up N --iterations N --seconds S [--all] [--events]
 *
 * and reads one JSON object from its stdout: the time of every sample, the least bytes and operations that the algorithm
 * needs, and what the check of the results found. A sample is one whole operation, every launch and the wait for its end
 * included, copies between host and device left out. `--nothing` ends the program at once: it only makes the caller
 * compile it. Exit status: 0 measured and right, 1 a wrong result or a failure, 2 words that make no sense, 77 this form
 * can't run on this machine.
 */
#ifndef BENCH_H
#define BENCH_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#ifdef _OPENMP
#define BENCH_PARALLEL _Pragma("omp parallel for")
#else
#define BENCH_PARALLEL
#endif

enum { BENCH_SAMPLES_MAX = 1000, BENCH_CANNOT_RUN = 77 };

struct bench {
    size_t size;
    long warm_up;
    long iterations;
    double seconds;
    bool all; /* check every result, however long that takes */
    bool events; /* take the device's time, where the form has such a clock (BENCH_DEVICE_MS) */
    int samples;
    double samples_ms[BENCH_SAMPLES_MAX];
};

/* What comparing with the reference found. */
struct bench_check {
    size_t compared;
    size_t wrong;
    double worst;    /* the largest error, as a share of what is tolerated */
    double checksum; /* of all results, for comparing the forms of a kernel with each other */
};

static inline void bench_start(struct bench *bench, int argc, char **argv) {
    memset(bench, 0, sizeof *bench);
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--nothing") == 0) {
            exit(0);
        } else if (strcmp(argv[i], "--all") == 0) {
            bench->all = true;
        } else if (strcmp(argv[i], "--events") == 0) {
            bench->events = true;
        } else if (i + 1 < argc && strcmp(argv[i], "--size") == 0) {
            bench->size = strtoul(argv[++i], NULL, 10);
        } else if (i + 1 < argc && strcmp(argv[i], "--warm-up") == 0) {
            bench->warm_up = strtol(argv[++i], NULL, 10);
        } else if (i + 1 < argc && strcmp(argv[i], "--iterations") == 0) {
            bench->iterations = strtol(argv[++i], NULL, 10);
        } else if (i + 1 < argc && strcmp(argv[i], "--seconds") == 0) {
            bench->seconds = strtod(argv[++i], NULL);
        } else {
            fprintf(stderr, "%s: '%s' makes no sense here\n", argv[0], argv[i]);
            exit(2);
        }
    }
    if (bench->size == 0 || bench->iterations < 1 || bench->iterations > BENCH_SAMPLES_MAX) {
        fprintf(stderr, "%s: --size and --iterations (1 to %d) are needed\n", argv[0], BENCH_SAMPLES_MAX);
        exit(2);
    }
}

static inline double bench_now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec * 1e-6;
}

/* Milliseconds of the clock that samples are taken by. The device's begins at 0 before each. */
static inline double bench_clock(const struct bench *bench, int end) {
#ifdef BENCH_DEVICE_MS
    if (bench->events) {
        return BENCH_DEVICE_MS(end);
    }
#endif
    (void)bench, (void)end;
    return bench_now_ms();
}

/*
 * Takes samples of `run(context)`; `prepare`, which may be NULL, is called before each and isn't timed. Stops after
 * `iterations` samples, or once `seconds` are over and three samples are there.
 */
static inline void bench_measure(struct bench *bench, void (*prepare)(void *), void (*run)(void *), void *context) {
    const double start = bench_now_ms();
    for (long i = 0; i < bench->warm_up && (i == 0 || bench_now_ms() - start < 1e3 * bench->seconds); i++) {
        if (prepare) {
            prepare(context);
        }
        run(context);
    }
    const double first = bench_now_ms();
    while (bench->samples < bench->iterations &&
           (bench->samples < 3 || bench_now_ms() - first < 1e3 * bench->seconds)) {
        if (prepare) {
            prepare(context);
        }
        const double before = bench_clock(bench, 0);
        run(context);
        bench->samples_ms[bench->samples++] = bench_clock(bench, 1) - before;
    }
}

/* By the bits: under -ffast-math compilers take isfinite() for true, and a NaN for equal to everything. */
static inline bool bench_finite(double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return (bits >> 52 & 0x7ff) != 0x7ff;
}

/* Prints what was measured. `bytes` and `operations` are the least that the algorithm moves and computes, 0 for
 * unknown. Returns the program's exit status. */
static inline int bench_finish(const struct bench *bench, double bytes, double operations,
                               const struct bench_check *check) {
    printf("{\"size\": %zu, \"bytes\": %.17g, \"operations\": %.17g, \"compared\": %zu, \"wrong\": %zu, "
           "\"worst\": %.6g, \"checksum\": %.17g, \"samples_ms\": [",
           bench->size, bytes, operations, check->compared, check->wrong,
           bench_finite(check->worst) ? check->worst : 1e300, bench_finite(check->checksum) ? check->checksum : 0.0);
    for (int i = 0; i < bench->samples; i++) {
        printf("%s%.6f", i ? ", " : "", bench->samples_ms[i]);
    }
    printf("]}\n");
    return check->wrong == 0 && check->compared > 0 ? 0 : 1;
}

/* Compares one result; `tolerance` is absolute. The first wrong ones are shown. */
static inline void bench_compare(struct bench_check *check, size_t index, double got, double want, double tolerance) {
    const double error = fabs(got - want);
    check->compared++;
    if (bench_finite(error) && tolerance > 0 && error / tolerance > check->worst) {
        check->worst = error / tolerance;
    }
    if (!bench_finite(got) || error > tolerance) {
        if (check->wrong++ < 3) {
            fprintf(stderr, "result %zu is %.9g, not %.9g\n", index, got, want);
        }
    }
}

/* Which of `count` results are compared: all of them, or about `wanted`, first and last included. */
static inline size_t bench_stride(const struct bench *bench, size_t count, size_t wanted) {
    const size_t stride = bench->all ? 1 : count / wanted;
    return stride > 1 ? stride | 1 : 1;
}

/* Memory for an array, in large pages where the system has them, as a library for numbers would take it. */
static inline void *bench_bytes(size_t bytes) {
    const size_t huge = (size_t)2 << 20;
    const size_t whole = (bytes + huge - 1) / huge * huge;
    /* Arrays live as long as the program; holding on to them tells leak checkers that this is meant. */
    static void *held[16];
    static size_t count;
    void *memory = aligned_alloc(huge, whole ? whole : huge);
    if (!memory) {
        fprintf(stderr, "%zu bytes of memory are not to be had\n", bytes);
        exit(1);
    }
    held[count++ % 16] = memory;
#ifdef MADV_HUGEPAGE
    (void)madvise(memory, whole, MADV_HUGEPAGE);
#endif
    return memory;
}

static inline float *bench_floats(size_t count) {
    return (float *)bench_bytes(count * sizeof(float));
}

/* The index-th number of a fixed random sequence (SplitMix64's output function): the same in every form of a kernel. */
static inline uint64_t bench_random(uint64_t seed, uint64_t index) {
    uint64_t z = (index + 1) * UINT64_C(0x9e3779b97f4a7c15) + seed * UINT64_C(0xd1342543de82ef95);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* In [low, high). */
static inline float bench_uniform(uint64_t seed, uint64_t index, float low, float high) {
    return low + (high - low) * ((float)(bench_random(seed, index) >> 40) * (1.0f / 16777216.0f));
}

/* Touches the pages in the pattern in which parallel loops will use them. */
static inline float *bench_random_floats(size_t count, uint64_t seed, float low, float high) {
    float *array = bench_floats(count);
    BENCH_PARALLEL
    for (size_t i = 0; i < count; i++) {
        array[i] = bench_uniform(seed, i, low, high);
    }
    return array;
}

static inline float *bench_zero_floats(size_t count) {
    float *array = bench_floats(count);
    BENCH_PARALLEL
    for (size_t i = 0; i < count; i++) {
        array[i] = 0.0f;
    }
    return array;
}

static inline double bench_sum(const float *array, size_t count) {
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += fabs((double)array[i]);
    }
    return sum;
}

#endif
