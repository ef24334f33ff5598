/* SPDX-License-Identifier: Apache-2.0 */
/* bench_report.c: what was measured, as a table for people and as JSON for machines. */
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "tool/bench.h"
#include "tool/host.h"
#include "tool/terminal.h"

static bool is_fast_math(int form) {
    return form == CW_BENCH_GCC_FAST || form == CW_BENCH_CLANG_FAST;
}

enum cw_bench_form cw_bench_best_openmp(const struct cw_bench_row *row, int fast_math) {
    enum cw_bench_form best = CW_BENCH_FORM_COUNT;
    for (int form = CW_BENCH_GCC; form <= CW_BENCH_CLANG_FAST; form++) {
        const struct cw_bench_result *result = &row->results[form];
        bool eligible = fast_math < 0 || is_fast_math(form) == (fast_math == 1);
        if (eligible && result->state == CW_BENCH_MEASURED &&
            (best == CW_BENCH_FORM_COUNT || result->median_ms < row->results[best].median_ms)) {
            best = (enum cw_bench_form)form;
        }
    }
    return best;
}

double cw_bench_ratio(const struct cw_bench_row *row, enum cw_bench_form other) {
    const struct cw_bench_result *ours = &row->results[CW_BENCH_OURS];
    if (other == CW_BENCH_FORM_COUNT || ours->state != CW_BENCH_MEASURED || ours->median_ms <= 0 ||
        row->results[other].state != CW_BENCH_MEASURED) {
        return 0;
    }
    return row->results[other].median_ms / ours->median_ms;
}

bool cw_bench_all_well(const struct cw_bench *bench) {
    for (size_t i = 0; i < bench->row_count; i++) {
        for (int form = 0; form < CW_BENCH_FORM_COUNT; form++) {
            if (bench->rows[i].results[form].state == CW_BENCH_FAILED) {
                return false;
            }
        }
    }
    return true;
}

void cw_bench_size_text(size_t size, char text[24]) {
    size_t million = (size_t)1 << 20, thousand = (size_t)1 << 10;
    if (size >= million && size % million == 0) {
        snprintf(text, 24, "%zuM", size / million);
    } else if (size > thousand && size % thousand == 0) {
        snprintf(text, 24, "%zuK", size / thousand);
    } else {
        snprintf(text, 24, "%zu", size);
    }
}

char *cw_bench_processor(void) {
    char line[256], name[128] = "";
    FILE *file = fopen("/proc/cpuinfo", "r");
    while (file && fgets(line, sizeof line, file)) {
        if (sscanf(line, "model name : %127[^\n]", name) == 1) {
            break;
        }
    }
    if (file) {
        fclose(file);
    }
    return cw_strdup(name);
}

/* The ratios to some form of every row, as a geometric mean. */
struct mean {
    double logarithms;
    double least;
    size_t count;
    const char *least_name;
};

static void mean_add(struct mean *mean, double ratio, const char *name) {
    if (ratio > 0) {
        mean->logarithms += log(ratio);
        if (mean->count++ == 0 || ratio < mean->least) {
            mean->least = ratio;
            mean->least_name = name;
        }
    }
}

static double mean_value(const struct mean *mean) {
    return mean->count ? exp(mean->logarithms / (double)mean->count) : 0;
}

/* What ours is compared with. */
enum comparison { OPENMP, OPENMP_STRICT, OPENMP_FAST, POCL, SCALAR, LIMIT, COMPARISON_COUNT };

static const struct {
    const char *key;
    const char *text;
} comparisons[COMPARISON_COUNT] = {
    [OPENMP] = {"openmp", "OpenMP, the fastest of all"},
    [OPENMP_STRICT] = {"openmp_strict", "OpenMP without -ffast-math"},
    [OPENMP_FAST] = {"openmp_fast_math", "OpenMP with -ffast-math"},
    [POCL] = {"pocl", "PoCL"},
    [SCALAR] = {"scalar", "scalar mode"},
    [LIMIT] = {"limit", "the machine's limit"},
};

static double compare(const struct cw_bench_row *row, enum comparison comparison) {
    switch (comparison) {
    case OPENMP:
        return cw_bench_ratio(row, cw_bench_best_openmp(row, -1));
    case OPENMP_STRICT:
        return cw_bench_ratio(row, cw_bench_best_openmp(row, 0));
    case OPENMP_FAST:
        return cw_bench_ratio(row, cw_bench_best_openmp(row, 1));
    case POCL:
        return cw_bench_ratio(row, CW_BENCH_POCL);
    case SCALAR:
        return cw_bench_ratio(row, CW_BENCH_SCALAR);
    default:
        return row->results[CW_BENCH_OURS].state == CW_BENCH_MEASURED
                   ? row->limit_ms / row->results[CW_BENCH_OURS].median_ms
                   : 0;
    }
}

static void means_of(const struct cw_bench *bench, struct mean means[COMPARISON_COUNT]) {
    memset(means, 0, COMPARISON_COUNT * sizeof *means);
    for (size_t i = 0; i < bench->row_count; i++) {
        for (int c = 0; c < COMPARISON_COUNT; c++) {
            mean_add(&means[c], compare(&bench->rows[i], (enum comparison)c), bench->rows[i].kernel->name);
        }
    }
}

/* "12.3", with about three digits; "-" for nothing. */
static void print_ms(double ms, int width) {
    if (ms <= 0) {
        printf("%*s", width, "-");
    } else {
        printf("%*.*f", width, ms < 1 ? 3 : ms < 10 ? 2 : ms < 1000 ? 1 : 0, ms);
    }
}

static void print_ratio(double ratio, int width, bool colour) {
    if (ratio <= 0) {
        printf("%*s", width, "-");
        return;
    }
    const char *tint = !colour ? "" : ratio < 0.8 ? "\033[31m" : ratio >= 1 ? "\033[32m" : "\033[33m";
    printf("%s%*.*fx%s", tint, width - 1,
           ratio < 0.1   ? 3
           : ratio < 10  ? 2
           : ratio < 100 ? 1
                         : 0,
           ratio, colour ? "\033[0m" : "");
}

static void print_time(const struct cw_bench_result *result, int width) {
    if (result->state == CW_BENCH_FAILED) {
        printf("%*s", width + 5, "FAILED");
    } else if (result->state != CW_BENCH_MEASURED) {
        printf("%*s%5s", width, "-", "");
    } else {
        print_ms(result->median_ms, width);
        printf(" ±%2.0f%%", result->spread < 0.99 ? 100 * result->spread : 99.0);
    }
}

static void print_row(const struct cw_bench_row *row, bool colour) {
    static const struct cw_bench_result nothing;
    enum cw_bench_form openmp = cw_bench_best_openmp(row, -1);
    char size[24];
    cw_bench_size_text(row->size, size);
    printf("%-15s %6s ", row->kernel->name, size);
    print_time(&row->results[CW_BENCH_OURS], 8);
    print_time(openmp == CW_BENCH_FORM_COUNT ? &nothing : &row->results[openmp], 8);
    print_time(&row->results[CW_BENCH_POCL], 8);
    print_time(&row->results[CW_BENCH_SCALAR], 8);
    print_ms(row->limit_ms, 9);
    for (int c = 0; c < COMPARISON_COUNT; c++) {
        if (c == OPENMP || c == POCL || c == SCALAR) {
            print_ratio(compare(row, (enum comparison)c), 8, colour);
        }
    }
    double share = compare(row, LIMIT);
    if (share > 0) {
        printf("%6.0f%%", 100 * share);
    } else {
        printf("%7s", "-");
    }
    printf("  %s\n", openmp == CW_BENCH_FORM_COUNT ? "" : cw_bench_form_text[openmp]);
}

/* Times of small sizes say nothing: only what was checked. */
static void print_quick(const struct cw_bench *bench) {
    fputs(cw_text_string(&bench->left_out), stdout);
    for (size_t i = 0; i < bench->row_count; i++) {
        const struct cw_bench_row *row = &bench->rows[i];
        printf("%-15s %6zu ", row->kernel->name, row->size);
        for (int form = 0; form < CW_BENCH_FORM_COUNT; form++) {
            if (row->results[form].state == CW_BENCH_MEASURED) {
                printf("  %s right", cw_bench_form_text[form]);
            } else if (row->results[form].state == CW_BENCH_FAILED) {
                printf("  %s FAILED", cw_bench_form_text[form]);
            }
        }
        putchar('\n');
    }
}

static void print_table(const struct cw_bench *bench) {
    bool colour = cw_terminal_colour(STDOUT_FILENO);
    char *processor = cw_bench_processor();
    struct mean means[COMPARISON_COUNT];
    printf("%s%s%ld cores, %s", processor, *processor ? ", " : "", sysconf(_SC_NPROCESSORS_ONLN),
           cw_host_vector_features());
    if (bench->cpu) {
        printf("; ours compiled for %s", bench->cpu);
    }
    if (bench->operations_per_second > 0) {
        printf("; memory %.1f GB/s (triad), multiply-adds %.0f Gop/s", bench->bytes_per_second[CW_BENCH_STREAMS] / 1e9,
               bench->operations_per_second / 1e9);
    }
    printf("\n%s\n", cw_text_string(&bench->left_out));
    printf("%-15s %6s %13s%13s%13s%13s%9s%8s%8s%8s%7s\n", "", "", "ours ", "OpenMP ", "PoCL ", "scalar ", "limit",
           "ours to", "ours to", "ours to", "of the");
    printf("%-15s %6s %13s%13s%13s%13s%9s%8s%8s%8s%7s  %s\n", "kernel", "size", "ms     ", "ms     ", "ms     ",
           "ms     ", "ms", "OpenMP", "PoCL", "scalar", "limit", "OpenMP by");
    for (size_t i = 0; i < bench->row_count; i++) {
        print_row(&bench->rows[i], colour);
    }
    printf("\nMedians, and half the distance between the quartiles.\n");
    means_of(bench, means);
    for (int c = 0, printed = 0; c < COMPARISON_COUNT; c++) {
        if (means[c].count) {
            printf("%s  %-28s", printed++ ? "" : "Times as fast, geometric means:\n", comparisons[c].text);
            print_ratio(mean_value(&means[c]), 8, colour && c != LIMIT);
            printf("   %zu kernel%s, least %.3gx (%s)\n", means[c].count, means[c].count == 1 ? "" : "s",
                   means[c].least, means[c].least_name);
        }
    }
    free(processor);
}

void cw_bench_print(const struct cw_bench *bench) {
    if (bench->quick) {
        print_quick(bench);
    } else {
        print_table(bench);
    }
}

static json_t *json_of_machine(const struct cw_bench *bench) {
    static const char *const rates[CW_BENCH_ACCESS_COUNT] = {
        [CW_BENCH_STREAMS] = "triad_bytes_per_second",
        [CW_BENCH_UPDATES] = "update_bytes_per_second",
        [CW_BENCH_READS] = "read_bytes_per_second",
    };
    char *processor = cw_bench_processor();
    json_t *machine = json_pack("{s:s,s:I,s:s}", "processor", processor, "cores",
                                (json_int_t)sysconf(_SC_NPROCESSORS_ONLN), "features", cw_host_vector_features());
    if (bench->operations_per_second > 0) {
        for (int access = 0; access < CW_BENCH_ACCESS_COUNT; access++) {
            json_object_set_new(machine, rates[access], json_real(bench->bytes_per_second[access]));
        }
        json_object_set_new(machine, "operations_per_second", json_real(bench->operations_per_second));
    }
    if (bench->cpu) {
        json_object_set_new(machine, "ours_compiled_for", json_string(bench->cpu));
    }
    for (int form = 0; form < CW_BENCH_FORM_COUNT; form++) {
        if (bench->wanted[form] && bench->versions[form].size) {
            json_object_set_new(machine, cw_bench_form_text[form], json_string(cw_text_string(&bench->versions[form])));
        }
    }
    free(processor);
    return machine;
}

static json_t *json_of_result(const struct cw_bench_result *result) {
    return json_pack("{s:f,s:f,s:f,s:f,s:I}", "median_ms", result->median_ms, "least_ms", result->least_ms, "most_ms",
                     result->most_ms, "spread", result->spread, "samples", (json_int_t)result->samples);
}

/* A peer that wasn't measured has no member. */
static json_t *json_of_row(const struct cw_bench_row *row) {
    static const struct {
        const char *key;
        enum cw_bench_form form;
    } times[] = {{"ours_ms", CW_BENCH_OURS}, {"pocl_ms", CW_BENCH_POCL}, {"scalar_ms", CW_BENCH_SCALAR}};
    json_t *value =
        json_pack("{s:s,s:I,s:s}", "kernel", row->kernel->name, "size", (json_int_t)row->size, "target", "cpu");
    enum cw_bench_form openmp = cw_bench_best_openmp(row, -1);
    bool checked = row->results[CW_BENCH_OURS].state == CW_BENCH_MEASURED;
    json_t *details = json_object();
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        if (row->results[times[i].form].state == CW_BENCH_MEASURED) {
            json_object_set_new(value, times[i].key, json_real(row->results[times[i].form].median_ms));
        }
    }
    if (openmp != CW_BENCH_FORM_COUNT) {
        json_object_set_new(value, "openmp_ms", json_real(row->results[openmp].median_ms));
        json_object_set_new(value, "openmp_by", json_string(cw_bench_form_text[openmp]));
    }
    if (row->limit_ms > 0) {
        json_object_set_new(value, "limit_ms", json_real(row->limit_ms));
    }
    for (int form = 0; form < CW_BENCH_FORM_COUNT; form++) {
        const struct cw_bench_result *result = &row->results[form];
        checked = checked && result->state != CW_BENCH_FAILED;
        if (result->state == CW_BENCH_MEASURED) {
            json_object_set_new(details, cw_bench_form_text[form], json_of_result(result));
        } else if (result->state == CW_BENCH_FAILED) {
            json_object_set_new(details, cw_bench_form_text[form],
                                json_pack("{s:s}", "problem", cw_text_string(&result->problem)));
        }
    }
    json_object_set_new(value, "checked", json_boolean(checked));
    json_object_set_new(value, "details", details);
    return value;
}

static bool write_file(const char *path, const char *data, size_t size) {
    if (cw_file_write(path, data, size, 0) != CW_OK) {
        cw_say_error("%s can't be written: %s", path, strerror(errno));
        return false;
    }
    return true;
}

bool cw_bench_write_json(const struct cw_bench *bench, const char *path) {
    struct mean means[COMPARISON_COUNT];
    json_t *results = json_array(), *geometric = json_object();
    means_of(bench, means);
    for (size_t i = 0; i < bench->row_count; i++) {
        json_array_append_new(results, json_of_row(&bench->rows[i]));
    }
    for (int c = 0; c < COMPARISON_COUNT; c++) {
        if (means[c].count) {
            json_object_set_new(geometric, comparisons[c].key, json_real(mean_value(&means[c])));
        }
    }
    json_t *all = json_pack("{s:s,s:o,s:o,s:o}", "version", CW_VERSION, "machine", json_of_machine(bench), "results",
                            results, "geometric_means", geometric);
    char *text = json_dumps(all, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
    struct cw_text line = {0};
    cw_text_printf(&line, "%s\n", text);
    bool written = true;
    if (strcmp(path, "-") == 0) {
        fputs(cw_text_string(&line), stdout);
    } else {
        written = write_file(path, line.data, line.size);
    }
    cw_text_fini(&line);
    free(text);
    json_decref(all);
    return written;
}
