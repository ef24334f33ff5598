/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench_wasm.c: `cuda-wasm bench --target wasm`: the suite as WebAssembly, on one thread, against our own native code limited to
 * what WebAssembly has (SSE4.2, 128-bit vectors, one thread), and against the same module built without SIMD. The forms of
 * a kernel run in turn, round after round, so that what else the machine does hits all of them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <math.h>

#include "base/file.h"
#include "base/process.h"
#include "tool/bench.h"
#include "tool/command.h"
#include "tool/tasks.h"
#include "tool/terminal.h"
#include "tool/wasm_engine.h"

#define ROUNDS 3
#define NATIVE_CPU "x86-64-v2" /* SSE4.2 is the last vector extension in it */

enum form { NATIVE, WASMTIME, V8, PLAIN, FORMS };
static const char *const form_text[FORMS] = {"native", "wasmtime", "V8", "wasmtime, no SIMD"};

struct row {
    const struct cw_bench_kernel *kernel;
    size_t size;
    char *programs[FORMS];
    double ms[FORMS][ROUNDS]; /* medians; 0: not measured */
    size_t bytes;             /* of the module */
    struct cw_text problem;
};

struct job {
    const struct cw_bench *bench;
    struct row *rows;
    char *script; /* for Node; NULL: it isn't here */
};

/* ---- Programs ---- */

/* What Node runs: a WASI command. */
static const char node_script[] =
    "// Runs a WASI command in Node.\n"
    "import fs from \"node:fs\";\n"
    "import { WASI } from \"node:wasi\";\n"
    "const wasi = new WASI({ version: \"preview1\", args: process.argv.slice(2), env: process.env });\n"
    "const module = await WebAssembly.compile(fs.readFileSync(process.argv[2]));\n"
    "const instance = await WebAssembly.instantiate(module, wasi.getImportObject());\n"
    "process.exit(wasi.start(instance));\n";

static bool run(struct cw_strings *words, struct cw_process *process) {
    bool well = cw_process_start(process, words->items) == CW_OK;
    if (well) {
        struct cw_process *all[] = {process};
        cw_process_wait(all, 1);
        well = process->status == 0;
    }
    cw_strings_fini(words);
    return well;
}

static void compile(const struct job *job, struct row *row, enum form form) {
    struct cw_strings words = {0};
    struct cw_process process = {0};
    char *output = cw_format("%s/%s.%d%s", job->bench->folder, row->kernel->name, (int)form, form == NATIVE ? "" : ".wasm");
    cw_strings_add(&words, job->bench->self);
    cw_strings_add(&words, "build");
    cw_strings_add(&words, "-O3");
    if (form == NATIVE) {
        cw_strings_add(&words, "--cpu");
        cw_strings_add(&words, NATIVE_CPU);
    } else if (form == PLAIN) {
        cw_strings_add(&words, "--no-simd");
    }
    cw_strings_addf(&words, "%s/%s.cu", job->bench->suite, row->kernel->name);
    cw_strings_add(&words, "-o");
    cw_strings_add(&words, output);
    if (run(&words, &process)) {
        row->programs[form] = output;
        output = NULL;
    } else {
        cw_text_printf(&row->problem, "%s, %s does not compile:\n%s", row->kernel->name, form_text[form],
                       cw_text_string(&process.err));
    }
    free(output);
    cw_process_fini(&process);
}

static void prepare(const struct job *job, struct row *row) {
    struct cw_text module = {0};
    compile(job, row, NATIVE);
    compile(job, row, WASMTIME);
    compile(job, row, PLAIN);
    if (row->programs[WASMTIME] && job->script) {
        row->programs[V8] = cw_strdup(row->programs[WASMTIME]);
    }
    if (row->programs[WASMTIME] && cw_file_read(row->programs[WASMTIME], &module) == CW_OK) {
        row->bytes = module.size;
    }
    cw_text_fini(&module);
}

static void measure(const struct job *job, struct row *row, enum form form, int round) {
    const struct cw_bench *bench = job->bench;
    struct cw_strings words = {0};
    struct cw_process process = {0};
    if (!row->programs[form]) {
        return;
    }
    cw_strings_add(&words, "env");
    cw_strings_add(&words, "CUDA_WASM_THREADS=1");
    cw_strings_add(&words, "CUDA_WASM_BACKEND=cpu");
    if (form == V8) {
        cw_strings_add(&words, "node");
        cw_strings_add(&words, "--no-warnings");
        cw_strings_add(&words, "--no-concurrent-marking"); /* Node 20's V8 crashes in it: docs/webassembly.md */
        cw_strings_add(&words, job->script);
    } else if (form != NATIVE) {
        cw_strings_add(&words, bench->self);
        cw_strings_add(&words, "run");
    }
    cw_strings_add(&words, row->programs[form]);
    if (form == WASMTIME || form == PLAIN) {
        cw_strings_add(&words, "--");
    }
    cw_strings_add(&words, "--size");
    cw_strings_addf(&words, "%zu", row->size);
    cw_strings_add(&words, "--warm-up");
    cw_strings_addf(&words, "%ld", bench->warm_up);
    cw_strings_add(&words, "--iterations");
    cw_strings_addf(&words, "%ld", bench->iterations);
    cw_strings_add(&words, "--seconds");
    cw_strings_addf(&words, "%g", bench->seconds);
    struct cw_bench_result result = {0};
    (void)run(&words, &process);
    cw_bench_read_output(&result, &process);
    if (result.state == CW_BENCH_MEASURED) {
        row->ms[form][round] = result.median_ms;
    } else {
        cw_text_printf(&row->problem, "%s, %s: %s", row->kernel->name, form_text[form], cw_text_string(&result.problem));
    }
    cw_text_fini(&result.problem);
    cw_process_fini(&process);
}

/* ---- Tasks: a row's programs, then its rounds ---- */

#define STEPS (1 + ROUNDS * FORMS)

static void step(void *context, size_t index) {
    struct job *job = context;
    struct row *row = &job->rows[index / STEPS];
    size_t part = index % STEPS;
    if (part == 0) {
        prepare(job, row);
    } else {
        measure(job, row, (enum form)((part - 1) % FORMS), (int)((part - 1) / FORMS));
    }
}

static void describe(void *context, size_t index, struct cw_text *line) {
    const struct job *job = context;
    size_t part = index % STEPS;
    cw_text_printf(line, "%s %s%s%s", part == 0 ? "compiling" : "measuring", job->rows[index / STEPS].kernel->name,
                   part == 0 ? "" : ", ", part == 0 ? "" : form_text[(part - 1) % FORMS]);
}

static void interrupted(void *context) {
    const struct job *job = context;
    cw_folder_remove(job->bench->folder);
}

/* ---- Report ---- */

static int ascending(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The middle round; 0 when one is missing. */
static double middle(const struct row *row, enum form form) {
    double values[ROUNDS];
    memcpy(values, row->ms[form], sizeof values);
    qsort(values, ROUNDS, sizeof values[0], ascending);
    return values[0] > 0 ? values[ROUNDS / 2] : 0;
}

struct mean {
    double logs;
    size_t count;
};

static void print_ratio(double ratio, struct mean *mean) {
    if (!(ratio > 0)) {
        printf(" %10s", "-");
        return;
    }
    printf(" %10.2f", ratio);
    mean->logs += log(ratio);
    mean->count++;
}

static void report(const struct job *job) {
    struct mean means[3] = {{0}};
    printf("%-15s %6s %10s %10s %10s %10s %10s %10s %10s %8s\n", "kernel", "size", "native ms", "wasmtime", "V8", "no SIMD",
           "wasmtime/n", "V8/native", "SIMD gain", "module");
    for (size_t i = 0; i < job->bench->row_count; i++) {
        const struct row *row = &job->rows[i];
        double native = middle(row, NATIVE), wasmtime = middle(row, WASMTIME), v8 = middle(row, V8), plain = middle(row, PLAIN);
        char size[24];
        cw_bench_size_text(row->size, size);
        printf("%-15s %6s %10.3f %10.3f %10.3f %10.3f", row->kernel->name, size, native, wasmtime, v8, plain);
        print_ratio(wasmtime > 0 ? native / wasmtime : 0, &means[0]);
        print_ratio(v8 > 0 ? native / v8 : 0, &means[1]);
        print_ratio(wasmtime > 0 ? plain / wasmtime : 0, &means[2]);
        printf(" %6zuK\n", (row->bytes + 1023) / 1024);
    }
    printf("%-15s %6s %10s %10s %10s %10s", "geometric mean", "", "", "", "", "");
    for (size_t k = 0; k < 3; k++) {
        if (means[k].count) {
            printf(" %10.2f", exp(means[k].logs / (double)means[k].count));
        } else {
            printf(" %10s", "-");
        }
    }
    printf("\n\nAll on one thread; native is compiled for " NATIVE_CPU " (SSE4.2). A ratio above 1 means that WebAssembly is faster; "
           "SIMD gain is the time without SIMD over that with it. Each time is the middle one of %d rounds' medians.\n",
           ROUNDS);
}

/* An enum cw_exit. */
int cw_bench_wasm(const struct cw_bench *bench) {
    struct cw_text problem = {0};
    char *library = cw_wasm_engine_find(&problem), *node = cw_program_find("node");
    struct job job = {.bench = bench, .rows = cw_alloc_array(bench->row_count, sizeof *job.rows)};
    int result = CW_EXIT_OK;
    if (!library) {
        cw_say_error("%s", cw_text_string(&problem));
        result = CW_EXIT_ENVIRONMENT;
    }
    if (node) {
        job.script = cw_format("%s/run.mjs", bench->folder);
        if (cw_file_write(job.script, node_script, sizeof node_script - 1, 0) != CW_OK) {
            cw_say_error("%s can't be written", job.script);
            result = CW_EXIT_ENVIRONMENT;
        }
    } else {
        cw_say_note("Node is not installed, so V8 is left out: apt-get install nodejs");
    }
    for (size_t i = 0; i < bench->row_count; i++) {
        job.rows[i].kernel = bench->rows[i].kernel;
        job.rows[i].size = bench->rows[i].size;
    }
    if (result == CW_EXIT_OK) {
        const struct cw_tasks tasks = {.run = step,
                                       .context = &job,
                                       .count = bench->row_count * STEPS,
                                       .threads = 1,
                                       .describe = describe,
                                       .interrupted = interrupted};
        cw_tasks_run(&tasks);
        report(&job);
    }
    for (size_t i = 0; i < bench->row_count; i++) {
        if (job.rows[i].problem.size) {
            cw_say_error("%s", cw_text_string(&job.rows[i].problem));
            result = CW_EXIT_FAILURE;
        }
        for (int form = 0; form < FORMS; form++) {
            free(job.rows[i].programs[form]);
        }
        cw_text_fini(&job.rows[i].problem);
    }
    cw_text_fini(&problem);
    free(job.rows);
    free(job.script);
    free(library);
    free(node);
    return result;
}
