/* SPDX-License-Identifier: Apache-2.0 */
/* bench_measure.c: running the suite's programs, one at a time, and reading what they print. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/process.h"
#include "tool/bench.h"
#include "tool/tasks.h"

/* Elements of the arrays for the machine's memory rate: as many as the suite's vectors have. */
#define TRIAD_ELEMENTS "33554432"

/* Programs sum in different orders; and in mandelbrot, points near the edge depend on rounding. */
#define CHECKSUM_TOLERANCE 1e-3

/* The program's exit status that says "not on this machine". */
#define CANNOT_RUN 77

static int ascending(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The value at `share` of a sorted list, between neighbours if need be. */
static double quantile(const double *values, size_t count, double share) {
    double place = share * (double)(count - 1);
    size_t below = (size_t)place;
    size_t above = below + 1 < count ? below + 1 : below;
    return values[below] + (place - (double)below) * (values[above] - values[below]);
}

static bool take_samples(struct cw_bench_result *result, const json_t *samples) {
    size_t count = json_array_size(samples);
    if (count == 0) {
        return false;
    }
    double *values = cw_alloc_array(count, sizeof *values);
    for (size_t i = 0; i < count; i++) {
        values[i] = json_number_value(json_array_get(samples, i));
    }
    qsort(values, count, sizeof *values, ascending);
    result->samples = count;
    result->median_ms = quantile(values, count, 0.5);
    result->least_ms = values[0];
    result->most_ms = values[count - 1];
    result->spread = result->median_ms > 0
                         ? (quantile(values, count, 0.75) - quantile(values, count, 0.25)) / 2 / result->median_ms
                         : 0;
    free(values);
    return true;
}

/* Reads the program's one JSON object. */
void cw_bench_read_output(struct cw_bench_result *result, const struct cw_process *process) {
    json_error_t error;
    json_t *value = json_loads(cw_text_string(&process->out), 0, &error);
    double wrong = json_number_value(json_object_get(value, "wrong"));
    double compared = json_number_value(json_object_get(value, "compared"));
    result->bytes = json_number_value(json_object_get(value, "bytes"));
    result->operations = json_number_value(json_object_get(value, "operations"));
    result->checksum = json_number_value(json_object_get(value, "checksum"));
    if (value && wrong > 0) {
        cw_text_printf(&result->problem, "%.0f of %.0f results are wrong\n%s", wrong, compared,
                       cw_text_string(&process->err));
    } else if (process->status != 0) {
        cw_text_printf(&result->problem, "it ended with status %d\n%s", process->status, cw_text_string(&process->err));
    } else if (!value || compared < 1 || !take_samples(result, json_object_get(value, "samples_ms"))) {
        cw_text_printf(&result->problem, "what it printed makes no sense: %s", cw_text_string(&process->out));
    }
    result->state = result->problem.size ? CW_BENCH_FAILED : CW_BENCH_MEASURED;
    json_decref(value);
}

static void run_program(const struct cw_bench *bench, const struct cw_bench_row *row, enum cw_bench_form form,
                        struct cw_bench_result *result) {
    struct cw_strings words = {0};
    struct cw_process process = {0};
    if (form == CW_BENCH_OURS || form == CW_BENCH_SCALAR) {
        cw_bench_our_words(&words, bench, row, form);
    } else {
        cw_strings_add(&words, result->program);
    }
    cw_strings_add(&words, "--size");
    cw_strings_addf(&words, "%zu", row->size);
    cw_strings_add(&words, "--warm-up");
    cw_strings_addf(&words, "%ld", bench->warm_up);
    cw_strings_add(&words, "--iterations");
    cw_strings_addf(&words, "%ld", bench->iterations);
    cw_strings_add(&words, "--seconds");
    cw_strings_addf(&words, "%g", bench->seconds);
    if (bench->quick) {
        cw_strings_add(&words, "--all");
    }
    if (cw_process_start(&process, words.items) == CW_OK) {
        struct cw_process *all[] = {&process};
        cw_process_wait(all, 1);
    }
    if (process.status == CANNOT_RUN && form == CW_BENCH_POCL) {
        result->state = CW_BENCH_ABSENT;
    } else {
        cw_bench_read_output(result, &process);
    }
    cw_process_fini(&process);
    cw_strings_fini(&words);
}

/* All forms of a kernel must have computed the same: ours is compared with the reference, the others with ours too. */
static void compare_checksums(struct cw_bench_row *row) {
    const struct cw_bench_result *ours = &row->results[CW_BENCH_OURS];
    for (int form = 0; form < CW_BENCH_FORM_COUNT; form++) {
        struct cw_bench_result *result = &row->results[form];
        if (ours->state != CW_BENCH_MEASURED || result->state != CW_BENCH_MEASURED) {
            continue;
        }
        double difference = result->checksum - ours->checksum, size = ours->checksum;
        difference = difference < 0 ? -difference : difference;
        size = size < 0 ? -size : size;
        if (difference > CHECKSUM_TOLERANCE * size) {
            result->state = CW_BENCH_FAILED;
            cw_text_printf(&result->problem, "its results add up to %.9g, ours to %.9g\n", result->checksum,
                           ours->checksum);
        }
    }
}

/* At best: all bytes at the memory's rate, or all operations at the cores', whichever takes longer. */
static void set_limit(const struct cw_bench *bench, struct cw_bench_row *row) {
    const struct cw_bench_result *ours = &row->results[CW_BENCH_OURS];
    double rate = bench->bytes_per_second[row->kernel->access];
    if (rate > 0 && bench->operations_per_second > 0) {
        double memory = ours->bytes / rate * 1e3;
        double cores = ours->operations / bench->operations_per_second * 1e3;
        row->limit_ms = memory > cores ? memory : cores;
    }
}

static void raise_rate(double *rate, const json_t *rates, const char *name) {
    double value = json_number_value(json_object_get(rates, name));
    *rate = value > *rate ? value : *rate;
}

/* The probe, by whichever compiler there is. */
static void measure_machine(struct cw_bench *bench) {
    static const enum cw_bench_form forms[] = {CW_BENCH_GCC, CW_BENCH_CLANG};
    char *source = cw_format("%s/probe.c", bench->suite);
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        struct cw_text problem = {0};
        struct cw_process process = {0};
        char *program = bench->wanted[forms[i]] ? cw_bench_compile_peer(bench, forms[i], source, NULL, &problem) : NULL;
        char *argv[] = {program, (char *)TRIAD_ELEMENTS, NULL};
        if (program && cw_process_start(&process, argv) == CW_OK) {
            struct cw_process *all[] = {&process};
            json_error_t error;
            cw_process_wait(all, 1);
            json_t *value = json_loads(cw_text_string(&process.out), 0, &error);
            raise_rate(&bench->bytes_per_second[CW_BENCH_STREAMS], value, "triad_bytes_per_second");
            raise_rate(&bench->bytes_per_second[CW_BENCH_UPDATES], value, "update_bytes_per_second");
            raise_rate(&bench->bytes_per_second[CW_BENCH_READS], value, "read_bytes_per_second");
            raise_rate(&bench->operations_per_second, value, "operations_per_second");
            json_decref(value);
        }
        cw_process_fini(&process);
        cw_text_fini(&problem);
        free(program);
    }
    free(source);
}

static void measure_one(void *context, size_t index) {
    struct cw_bench *bench = context;
    if (index == 0) {
        if (!bench->quick) {
            measure_machine(bench);
        }
        return;
    }
    struct cw_bench_row *row = &bench->rows[(index - 1) / CW_BENCH_FORM_COUNT];
    enum cw_bench_form form = (enum cw_bench_form)((index - 1) % CW_BENCH_FORM_COUNT);
    struct cw_bench_result *result = &row->results[form];
    if (result->state == CW_BENCH_READY) {
        run_program(bench, row, form, result);
    }
    if (form == CW_BENCH_FORM_COUNT - 1) {
        compare_checksums(row);
        set_limit(bench, row);
    }
}

static void describe(void *context, size_t index, struct cw_text *line) {
    const struct cw_bench *bench = context;
    if (index == 0) {
        cw_text_add(line, "measuring the machine");
    } else {
        const struct cw_bench_row *row = &bench->rows[(index - 1) / CW_BENCH_FORM_COUNT];
        cw_text_printf(line, "measuring %s, %s (%zu of %zu)", row->kernel->name,
                       cw_bench_form_text[(index - 1) % CW_BENCH_FORM_COUNT], index,
                       bench->row_count * CW_BENCH_FORM_COUNT);
    }
}

static void interrupted(void *context) {
    const struct cw_bench *bench = context;
    cw_folder_remove(bench->folder);
}

void cw_bench_measure(struct cw_bench *bench) {
    /* One thread: nothing else runs while a program is measured. */
    const struct cw_tasks tasks = {.run = measure_one,
                                   .context = bench,
                                   .count = 1 + bench->row_count * CW_BENCH_FORM_COUNT,
                                   .threads = 1,
                                   .describe = describe,
                                   .interrupted = interrupted};
    cw_tasks_run(&tasks);
}
