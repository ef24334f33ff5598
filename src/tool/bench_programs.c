/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench_programs.c: compiling the suite. Ours is compiled by `cuda-wasm run`, whose cache keeps it; the peers by the
 * compilers that the user has, and kept in the same cache under a key of their sources, compiler, flags and processor.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cache.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/process.h"
#include "tool/bench.h"
#include "tool/host.h"
#include "tool/tasks.h"

static int is_header(const struct dirent *entry) {
    return strcmp(cw_path_extension(entry->d_name), "h") == 0;
}

static void hash_file(struct cw_hash *hash, const char *path) {
    struct cw_text text = {0};
    if (cw_file_read(path, &text) == CW_OK) {
        cw_hash_bytes(hash, text.data, text.size);
    }
    cw_text_fini(&text);
}

/* Everything that a peer's program is made from. */
static void peer_key(char key[33], const struct cw_bench *bench, enum cw_bench_form form,
                     const struct cw_strings *words, const char *source) {
    struct cw_hash hash;
    struct stat compiler = {0};
    struct dirent **headers = NULL;
    uint8_t digest[16];
    cw_hash_init(&hash);
    cw_hash_string(&hash, "bench peer");
    cw_host_hash(&hash);
    for (size_t i = 0; i < words->count; i++) {
        cw_hash_string(&hash, words->items[i]);
    }
    if (stat(bench->compilers[form], &compiler) == 0) {
        cw_hash_bytes(&hash, &compiler.st_size, sizeof compiler.st_size);
        cw_hash_bytes(&hash, &compiler.st_mtim, sizeof compiler.st_mtim);
    }
    hash_file(&hash, source);
    int count = scandir(bench->suite, &headers, is_header, alphasort);
    for (int i = 0; i < count; i++) {
        char *path = cw_format("%s/%s", bench->suite, headers[i]->d_name);
        hash_file(&hash, path);
        free(path);
        free(headers[i]);
    }
    free(headers);
    cw_hash_finish(&hash, digest);
    cw_hash_hex(digest, key);
}

static void peer_words(struct cw_strings *words, const struct cw_bench *bench, enum cw_bench_form form,
                       const char *source, const char *kernels) {
    cw_strings_add(words, bench->compilers[form]);
    cw_strings_add(words, "-std=gnu17");
    cw_strings_add(words, "-w");
    if (form == CW_BENCH_POCL) {
        cw_strings_add(words, "-O2");
        if (kernels) {
            cw_strings_addf(words, "-DBENCH_CL=\"%s\"", kernels);
        }
    } else {
        cw_strings_add(words, "-O3");
        cw_strings_add(words, "-march=native");
        cw_strings_add(words, "-fopenmp");
        if (form == CW_BENCH_GCC_FAST || form == CW_BENCH_CLANG_FAST) {
            cw_strings_add(words, "-ffast-math");
        }
    }
    cw_strings_add(words, source);
    if (form == CW_BENCH_POCL) {
        cw_strings_add(words, "-lOpenCL");
    }
    cw_strings_add(words, "-lm");
}

char *cw_bench_compile_peer(const struct cw_bench *bench, enum cw_bench_form form, const char *source,
                            const char *kernels, struct cw_text *problem) {
    struct cw_strings words = {0};
    struct cw_process process = {0};
    char key[33];
    peer_words(&words, bench, form, source, kernels);
    peer_key(key, bench, form, &words, source);
    char *program = cw_cache_get_file(key, "peer");
    if (!program) {
        char *output = cw_format("%s/%s", bench->folder, key);
        cw_strings_add(&words, "-o");
        cw_strings_add(&words, output);
        if (cw_process_start(&process, words.items) == CW_OK) {
            struct cw_process *all[] = {&process};
            cw_process_wait(all, 1);
        }
        if (process.status == 0) {
            program = cw_cache_put_file(key, "peer", output);
            if (!program) {
                program = output;
                output = NULL;
            }
        } else {
            cw_text_printf(problem, "%s does not compile %s:\n%s", bench->compilers[form], source,
                           cw_text_string(&process.err));
        }
        free(output);
        cw_process_fini(&process);
    }
    cw_strings_fini(&words);
    return program;
}

/* Runs a program; true if it ended well. The first line of its stdout goes to `line`. */
static bool ask(const char *program, const char *word, struct cw_text *line) {
    struct cw_process process = {0};
    char *argv[] = {(char *)program, (char *)word, NULL};
    bool well = cw_process_start(&process, argv) == CW_OK;
    if (well) {
        struct cw_process *all[] = {&process};
        cw_process_wait(all, 1);
        well = process.status == 0;
        cw_text_append(line, process.out.data, strcspn(cw_text_string(&process.out), "\n"));
    }
    cw_process_fini(&process);
    return well;
}

/* A peer that compiles its probe, and whose probe runs, is here. */
static bool probe(struct cw_bench *bench, enum cw_bench_form form, const char *name) {
    struct cw_text problem = {0};
    char *source = cw_format("%s/%s", bench->suite, name);
    char *program = bench->compilers[form] ? cw_bench_compile_peer(bench, form, source, NULL, &problem) : NULL;
    bool well = program != NULL;
    if (well && form == CW_BENCH_POCL) {
        well = ask(program, NULL, &bench->versions[form]);
    } else if (well) {
        well = ask(bench->compilers[form], "--version", &bench->versions[form]);
    }
    cw_text_fini(&problem);
    free(program);
    free(source);
    return well;
}

static char *find_compiler(const char *first, const char *second) {
    char *path = cw_program_find(first);
    return path || !second ? path : cw_program_find(second);
}

static void find_openmp(struct cw_bench *bench, enum cw_bench_form strict, enum cw_bench_form fast, const char *first,
                        const char *second, const char *packages) {
    if (!bench->wanted[strict]) {
        return;
    }
    bench->compilers[strict] = find_compiler(first, second);
    if (probe(bench, strict, "probe.c")) {
        bench->compilers[fast] = cw_strdup(bench->compilers[strict]);
        return;
    }
    cw_text_printf(&bench->left_out, "OpenMP by %s is left out: %s; apt-get install %s\n", cw_bench_form_text[strict],
                   bench->compilers[strict] ? "it has no OpenMP runtime" : "it is not installed", packages);
    bench->wanted[strict] = bench->wanted[fast] = false;
}

void cw_bench_find_peers(struct cw_bench *bench) {
    find_openmp(bench, CW_BENCH_GCC, CW_BENCH_GCC_FAST, "gcc", NULL, "gcc");
    find_openmp(bench, CW_BENCH_CLANG, CW_BENCH_CLANG_FAST, "clang-22", "clang", "clang-22 libomp-22-dev");
    if (bench->wanted[CW_BENCH_POCL]) {
        bench->compilers[CW_BENCH_POCL] = find_compiler("gcc", "clang-22");
        if (!probe(bench, CW_BENCH_POCL, "opencl_probe.c")) {
            cw_text_add(&bench->left_out, "PoCL is left out: it is not installed; "
                                          "apt-get install pocl-opencl-icd ocl-icd-opencl-dev\n");
            bench->wanted[CW_BENCH_POCL] = false;
        }
    }
}

void cw_bench_our_words(struct cw_strings *words, const struct cw_bench *bench, const struct cw_bench_row *row,
                        enum cw_bench_form form) {
    cw_strings_add(words, "env");
    cw_strings_add(words, form == CW_BENCH_SCALAR ? "CUDA_WASM_VECTOR=0" : "CUDA_WASM_VECTOR=1");
    if (bench->cpu) {
        cw_strings_add(words, row->results[form].program);
    } else {
        cw_strings_add(words, bench->self);
        cw_strings_add(words, "run");
        cw_strings_add(words, "-O3");
        cw_strings_addf(words, "%s/%s.cu", bench->suite, row->kernel->name);
        cw_strings_add(words, "--");
    }
}

/* Lets `cuda-wasm run` compile, since the program itself ends at once with --nothing; or builds for a given CPU. */
static void compile_ours(const struct cw_bench *bench, const struct cw_bench_row *row, enum cw_bench_form form,
                         struct cw_bench_result *result) {
    struct cw_process process = {0};
    struct cw_strings words = {0};
    char *source = cw_format("%s/%s.cu", bench->suite, row->kernel->name);
    if (bench->cpu) {
        result->program = cw_format("%s/%s.%d", bench->folder, row->kernel->name, (int)form);
        cw_strings_add(&words, "env");
        cw_strings_add(&words, form == CW_BENCH_SCALAR ? "CUDA_WASM_VECTOR=0" : "CUDA_WASM_VECTOR=1");
        cw_strings_add(&words, bench->self);
        cw_strings_add(&words, "build");
        cw_strings_add(&words, "-O3");
        cw_strings_add(&words, "--cpu");
        cw_strings_add(&words, bench->cpu);
        cw_strings_add(&words, source);
        cw_strings_add(&words, "-o");
        cw_strings_add(&words, result->program);
    } else {
        cw_bench_our_words(&words, bench, row, form);
        cw_strings_add(&words, "--nothing");
    }
    if (cw_process_start(&process, words.items) == CW_OK) {
        struct cw_process *all[] = {&process};
        cw_process_wait(all, 1);
    }
    result->state = process.status == 0 ? CW_BENCH_READY : CW_BENCH_FAILED;
    if (process.status != 0) {
        cw_text_printf(&result->problem, "%s does not compile:\n%s", source, cw_text_string(&process.err));
    }
    cw_process_fini(&process);
    cw_strings_fini(&words);
    free(source);
}

static void compile_theirs(const struct cw_bench *bench, const struct cw_bench_row *row, enum cw_bench_form form,
                           struct cw_bench_result *result) {
    const char *name = row->kernel->name;
    char *kernels = form == CW_BENCH_POCL ? cw_format("%s/%s.cl", bench->suite, name) : NULL;
    char *source = cw_format("%s/%s%s.c", bench->suite, name, kernels ? "_opencl" : "");
    if (!kernels || cw_file_exists(kernels)) {
        result->program = cw_bench_compile_peer(bench, form, source, kernels, &result->problem);
        result->state = result->program ? CW_BENCH_READY : CW_BENCH_FAILED;
    }
    free(source);
    free(kernels);
}

static void compile_one(void *context, size_t index) {
    struct cw_bench *bench = context;
    struct cw_bench_row *row = &bench->rows[index / CW_BENCH_FORM_COUNT];
    enum cw_bench_form form = (enum cw_bench_form)(index % CW_BENCH_FORM_COUNT);
    if (!bench->wanted[form]) {
        return;
    }
    if (form == CW_BENCH_OURS || form == CW_BENCH_SCALAR) {
        compile_ours(bench, row, form, &row->results[form]);
    } else {
        compile_theirs(bench, row, form, &row->results[form]);
    }
}

static void interrupted(void *context) {
    const struct cw_bench *bench = context;
    cw_folder_remove(bench->folder);
}

void cw_bench_compile(struct cw_bench *bench) {
    const struct cw_tasks tasks = {.run = compile_one,
                                   .context = bench,
                                   .count = bench->row_count * CW_BENCH_FORM_COUNT,
                                   .doing = "compiling the suite",
                                   .interrupted = interrupted};
    cw_tasks_run(&tasks);
}
