/* SPDX-License-Identifier: Apache-2.0 */
/* doctor: what compiling and running needs, whether it is here, and how to get it. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/cache.h"
#include "base/file.h"
#include "base/process.h"
#include "frontend/cuda/toolchain.h"
#include "tool/arguments.h"
#include "tool/backends.h"
#include "tool/command.h"
#include "tool/compiler.h"
#include "tool/host.h"
#include "tool/terminal.h"

struct request {
    bool json;
};

enum { KEY_JSON = 256 };

static const struct argp_option own_options[] = {
    {"json", KEY_JSON, NULL, 0, "print JSON", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct request *request = state->input;
    (void)argument;
    if (key != KEY_JSON) {
        return ARGP_ERR_UNKNOWN;
    }
    request->json = true;
    return 0;
}

static const struct argp argp = {
    .options = own_options,
    .parser = parse,
    .args_doc = "",
    .doc =
        "Checks what is installed, and says how to get what is missing.\v"
        "Examples:\n"
        "  cuda-wasm doctor\n"
        "  cuda-wasm doctor --json | jq '.checks[] | select(.ok | not)'\n\n"
        "Exit codes: 0 everything that is needed is here; 2 the command line makes no sense; 3 something that is needed "
        "is missing.\n",
};

/* What a check found. `detail` describes what is there or what is wrong; `advice` says how to get it. */
struct finding {
    const char *name;
    bool needed;
    bool ok;
    struct cw_text detail;
    struct cw_text advice;
    char own_name[48];
};

#define FINDINGS_MAX 32u

struct examination {
    struct cw_layout layout;
    struct cw_toolchain toolchain;
    struct finding findings[FINDINGS_MAX];
    size_t count;
};

static struct finding *add(struct examination *examination, const char *name, bool needed) {
    struct finding *finding = &examination->findings[examination->count++];
    *finding = (struct finding){.name = name, .needed = needed};
    return finding;
}

/* Runs a program; true if it ended well. Its stdout's first line goes to `out`. */
static bool ask(char *const argv[], struct cw_text *out) {
    struct cw_process process = {0};
    bool well = cw_process_start(&process, argv) == CW_OK;
    if (well) {
        struct cw_process *all[] = {&process};
        cw_process_wait(all, 1);
        well = process.status == 0;
        if (out) {
            cw_text_append(out, process.out.data, strcspn(cw_text_string(&process.out), "\n"));
        }
    }
    cw_process_fini(&process);
    return well;
}

/* A tool of LLVM 22: there, runs, and of that version. */
static void check_tool(struct examination *examination, const char *name, char *path, const char *version_words,
                       const char *package) {
    struct finding *finding = add(examination, name, true);
    struct cw_text version = {0};
    char *argv[] = {path, (char *)"--version", NULL};
    if (!path) {
        cw_text_add(&finding->detail, "not found");
    } else if (!ask(argv, &version)) {
        cw_text_printf(&finding->detail, "%s does not run", path);
    } else if (!strstr(cw_text_string(&version), version_words)) {
        cw_text_printf(&finding->detail, "%s is of another version: %s", path, cw_text_string(&version));
    } else {
        finding->ok = true;
        cw_text_printf(&finding->detail, "%s (%s)", path, cw_text_string(&version));
    }
    cw_text_printf(&finding->advice, "apt-get install %s", package);
    cw_text_fini(&version);
}

static void check_cxx_headers(struct examination *examination) {
    struct finding *finding = add(examination, "C++ library", true);
    char *argv[] = {examination->toolchain.clang, (char *)"-xc++",     (char *)"-fsyntax-only",
                    (char *)"-include",           (char *)"vector",    (char *)"-include",
                    (char *)"stdlib.h",           (char *)"/dev/null", NULL};
    finding->ok = examination->toolchain.clang && ask(argv, NULL);
    cw_text_add(&finding->detail, finding->ok ? "headers found" : "clang does not find <vector>");
    cw_text_add(&finding->advice, "apt-get install libstdc++-12-dev libc6-dev");
}

static void check_file(struct examination *examination, const char *name, const char *path) {
    struct finding *finding = add(examination, name, true);
    finding->ok = cw_file_exists(path);
    cw_text_printf(&finding->detail, finding->ok ? "%s" : "%s is not there", path);
    cw_text_add(&finding->advice, "build and install CUDA-WASM again: make install");
}

static void check_compiler(struct examination *examination) {
    struct finding *finding = add(examination, "compiler", true);
    struct cw_text problem = {0};
    finding->ok = cw_compiler_open(&examination->layout, &problem) != NULL;
    cw_text_add(&finding->detail, finding->ok ? examination->layout.compiler : cw_text_string(&problem));
    cw_text_add(&finding->advice, "build and install CUDA-WASM again: make install");
    cw_text_fini(&problem);
}

static void check_cache(struct examination *examination) {
    struct finding *finding = add(examination, "cache", false);
    static const char probe[] = "doctor";
    finding->ok = cw_cache_put("doctor", "probe", probe, sizeof probe);
    cw_text_add(&finding->detail, finding->ok ? cw_cache_folder() : cw_cache_problem());
    cw_text_add(&finding->advice, "programs run, but are compiled each time; CUDA_WASM_CACHE_DIR names another folder");
}

static void check_temporary(struct examination *examination) {
    struct finding *finding = add(examination, "temporary folder", true);
    char *folder = cw_folder_temporary("cuda-wasm");
    const char *chosen = getenv("TMPDIR");
    finding->ok = folder != NULL;
    cw_text_printf(&finding->detail, folder ? "%s" : "%s can't be written", chosen && *chosen ? chosen : "/tmp");
    cw_text_add(&finding->advice, "TMPDIR names another folder");
    if (folder) {
        cw_folder_remove(folder);
    }
    free(folder);
}

static void check_processor(struct examination *examination) {
    struct finding *finding = add(examination, "processor", false);
    struct utsname name = {0};
    uname(&name);
    finding->ok = true;
    cw_text_printf(&finding->detail, "%s, %ld cores, %s", name.machine, sysconf(_SC_NPROCESSORS_ONLN),
                   cw_host_vector_features());
}

static void check_gdb(struct examination *examination) {
    struct finding *finding = add(examination, "gdb", false);
    char *path = cw_program_find("gdb");
    finding->ok = path != NULL;
    cw_text_add(&finding->detail, path ? path : "not found; only debugging needs it");
    cw_text_add(&finding->advice, "apt-get install gdb");
    free(path);
}

/* What `cuda-wasm bench` compares with: a compiler that finds `header`. */
static void check_peer(struct examination *examination, const char *name, const char *compiler, const char *option,
                       const char *header, const char *package) {
    struct finding *finding = add(examination, name, false);
    char *path = cw_program_find(compiler);
    char *argv[] = {path,           (char *)option,      (char *)"-xc", (char *)"-fsyntax-only", (char *)"-include",
                    (char *)header, (char *)"/dev/null", NULL};
    finding->ok = path && ask(argv, NULL);
    cw_text_add(&finding->detail, finding->ok ? path : "not found; only 'cuda-wasm bench' compares with it");
    cw_text_printf(&finding->advice, "apt-get install %s", package);
    free(path);
}

/* A device that isn't here is nothing wrong: what is said is why programs will not use it. */
static void check_backend(const char *name, const struct cw_backend *backend, const char *reason, void *context) {
    struct examination *examination = context;
    if (examination->count == FINDINGS_MAX) {
        return;
    }
    struct finding *finding = add(examination, "", false);
    snprintf(finding->own_name, sizeof finding->own_name, "devices: %s", name);
    finding->name = finding->own_name;
    finding->ok = backend != NULL;
    if (backend) {
        uint32_t count = backend->device_count();
        cw_text_printf(&finding->detail, "%u device%s", count, count == 1 ? "" : "s");
    } else {
        cw_text_add(&finding->detail, reason);
        cw_text_add(&finding->advice, "needed only for devices of that kind");
    }
}

static void examine(struct examination *examination) {
    struct cw_layout *layout = &examination->layout;
    struct cw_toolchain *toolchain = &examination->toolchain;
    cw_toolchain_find(toolchain);
    check_tool(examination, "clang", toolchain->clang, "clang version 22.", CW_CLANG_PACKAGE);
    check_tool(examination, "lld", toolchain->lld, "LLD 22.", CW_LLD_PACKAGE);
    check_cxx_headers(examination);
    check_compiler(examination);
    check_file(examination, "runtime", layout->runtime);
    check_file(examination, "math library", layout->math);
    check_file(examination, "CUDA headers", layout->prelude);
    check_temporary(examination);
    check_cache(examination);
    check_processor(examination);
    check_gdb(examination);
    check_peer(examination, "OpenMP by gcc", "gcc", "-fopenmp", "omp.h", "gcc");
    check_peer(examination, "OpenMP by clang", CW_CLANG_PACKAGE, "-fopenmp", "omp.h", "libomp-22-dev");
    check_peer(examination, "PoCL", "gcc", "-DCL_TARGET_OPENCL_VERSION=120", "CL/cl.h",
               "pocl-opencl-icd ocl-icd-opencl-dev");
    cw_backends_visit(layout->libraries, check_backend, examination);
}

static void print_text(const struct examination *examination) {
    bool colour = cw_terminal_colour(STDOUT_FILENO);
    for (size_t i = 0; i < examination->count; i++) {
        const struct finding *finding = &examination->findings[i];
        const char *word = finding->ok ? "ok" : finding->needed ? "MISSING" : "missing";
        const char *tint = finding->ok ? "\033[32m" : finding->needed ? "\033[1;31m" : "\033[33m";
        printf("%s%-8s%s %-17s %s\n", colour ? tint : "", word, colour ? "\033[0m" : "", finding->name,
               cw_text_string(&finding->detail));
        if (!finding->ok) {
            printf("%27s%s\n", "-> ", cw_text_string(&finding->advice));
        }
    }
}

static void print_json(const struct examination *examination, bool ok) {
    json_t *checks = json_array();
    for (size_t i = 0; i < examination->count; i++) {
        const struct finding *finding = &examination->findings[i];
        json_array_append_new(checks,
                              json_pack("{s:s,s:b,s:b,s:s,s:s}", "name", finding->name, "ok", (int)finding->ok,
                                        "needed", (int)finding->needed, "detail", cw_text_string(&finding->detail),
                                        "advice", finding->ok ? "" : cw_text_string(&finding->advice)));
    }
    json_t *all = json_pack("{s:b,s:s,s:s,s:o}", "ok", (int)ok, "version", CW_VERSION, "prefix",
                            examination->layout.prefix, "checks", checks);
    json_dumpf(all, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(all);
}

int cw_command_doctor(int argc, char **argv) {
    struct request request = {0};
    struct examination examination = {0};
    struct cw_arguments arguments = {.argp = &argp, .input = &request};
    int result = cw_arguments_parse(&arguments, argc, argv);
    if (result != CW_EXIT_OK) {
        return result;
    }
    if (!cw_layout_find(&examination.layout, (const void *)cw_command_doctor)) {
        cw_say_error("the folder of cuda-wasm can't be found out: is /proc mounted?");
        return CW_EXIT_ENVIRONMENT;
    }
    examine(&examination);
    bool ok = true;
    for (size_t i = 0; i < examination.count; i++) {
        ok = ok && (examination.findings[i].ok || !examination.findings[i].needed);
    }
    if (request.json) {
        print_json(&examination, ok);
    } else {
        print_text(&examination);
    }
    for (size_t i = 0; i < examination.count; i++) {
        cw_text_fini(&examination.findings[i].detail);
        cw_text_fini(&examination.findings[i].advice);
    }
    cw_layout_fini(&examination.layout);
    cw_toolchain_fini(&examination.toolchain);
    return ok ? CW_EXIT_OK : CW_EXIT_ENVIRONMENT;
}
