/* SPDX-License-Identifier: Apache-2.0 */
#include "tool/prelude.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "frontend/cuda/dependencies.h"
#include "tool/command.h"
#include "tool/tasks.h"
#include "tool/terminal.h"

/* One header being made. */
struct making {
    bool device;
    char *output;
    char *list; /* dependency file */
    int result;
    struct cw_text diagnostics, problem;
};

struct job {
    const struct cw_setting *setting;
    const char *folder; /* removed on a signal; NULL: none */
    struct making makings[2];
    size_t count;
};

static void make(void *context, size_t index) {
    struct job *job = context;
    struct making *making = &job->makings[index];
    struct cw_strings argv = {0};
    struct cw_text out = {0};
    cw_precompiled_command(&argv, making->device, job->setting->toolchain, job->setting->layout, job->setting->options,
                           making->output, making->list);
    making->result = cw_clang_run(&argv, job->setting->options->verbose, &out, &making->diagnostics, &making->problem);
    cw_text_fini(&out);
    cw_strings_fini(&argv);
}

static void interrupted(void *context) {
    const struct job *job = context;
    if (job->folder) {
        cw_folder_remove(job->folder);
    }
}

static void add_making(struct job *job, bool device, char *output) {
    job->makings[job->count++] = (struct making){
        .device = device,
        .output = output,
        .list = cw_format("%s.d", output),
    };
}

static void run_job(struct job *job) {
    const struct cw_tasks tasks = {
        .run = make,
        .context = job,
        .count = job->count,
        .doing = "precompiling CUDA's headers",
        .interrupted = interrupted,
    };
    cw_tasks_run(&tasks);
}

static void free_job(struct job *job) {
    for (size_t i = 0; i < job->count; i++) {
        free(job->makings[i].output);
        free(job->makings[i].list);
        cw_text_fini(&job->makings[i].diagnostics);
        cw_text_fini(&job->makings[i].problem);
    }
}

void cw_prelude_prepare(struct cw_prelude *prelude, const struct cw_setting *setting, const char *folder) {
    struct job job = {.setting = setting, .folder = folder};
    const char *const tools[] = {setting->toolchain->clang, NULL};
    struct cw_manifest_inputs inputs = {.layout = setting->layout, .tools = tools};
    clock_gettime(CLOCK_REALTIME, &inputs.start);
    for (int device = 0; device < 2; device++) {
        cw_precompiled_find(&prelude->passes[device], device, setting->toolchain, setting->layout, setting->options);
        if (prelude->passes[device].wanted) {
            add_making(&job, device, cw_format("%s/%s.pch", folder, device ? "device" : "host"));
        }
    }
    if (job.count > 0) {
        run_job(&job);
    }
    for (size_t i = 0; i < job.count; i++) {
        /* What went wrong with the headers, the passes themselves will say. */
        struct cw_strings files = {0};
        inputs.files = &files;
        if (job.makings[i].result == CW_EXIT_OK && cw_dependencies_read(job.makings[i].list, &files) == CW_OK) {
            cw_precompiled_store(&prelude->passes[job.makings[i].device], job.makings[i].output, &inputs);
        }
        cw_strings_fini(&files);
    }
    free_job(&job);
}

void cw_prelude_fini(struct cw_prelude *prelude) {
    cw_precompiled_fini(&prelude->passes[0]);
    cw_precompiled_fini(&prelude->passes[1]);
}

/* Notes beside a new header what it was made from. */
static int seal(const struct cw_setting *setting, const struct making *making, struct cw_manifest_inputs *inputs) {
    struct cw_strings files = {0};
    struct cw_precompiled found;
    inputs->files = &files;
    cw_precompiled_find(&found, making->device, setting->toolchain, setting->layout, setting->options);
    cw_status status = cw_dependencies_read(making->list, &files);
    if (status == CW_OK) {
        status = cw_manifest_write_beside(found.key, making->output, inputs);
    }
    if (status != CW_OK) {
        cw_say_error("%s.manifest can't be written: %s", making->output, strerror(errno));
    }
    unlink(making->list);
    cw_precompiled_fini(&found);
    cw_strings_fini(&files);
    return status == CW_OK ? CW_EXIT_OK : CW_EXIT_ENVIRONMENT;
}

int cw_prelude_install(const struct cw_setting *setting) {
    struct job job = {.setting = setting};
    const char *const tools[] = {setting->toolchain->clang, NULL};
    struct cw_manifest_inputs inputs = {.layout = setting->layout, .tools = tools};
    char *folder = cw_format("%s/prelude", setting->layout->data);
    int result = CW_EXIT_OK;
    clock_gettime(CLOCK_REALTIME, &inputs.start);
    if (cw_folder_make(folder) != CW_OK) {
        cw_say_error("%s can't be made: %s", folder, strerror(errno));
        result = CW_EXIT_ENVIRONMENT;
    } else {
        (void)chmod(folder, 0755); /* an installation is for every user */
        for (int device = 0; device < 2; device++) {
            add_making(&job, device, cw_precompiled_installed(setting->layout, device));
        }
        run_job(&job);
    }
    for (size_t i = 0; i < job.count; i++) {
        fputs(cw_text_string(&job.makings[i].diagnostics), stderr);
        if (job.makings[i].problem.size > 0) {
            cw_say_error("%s", cw_text_string(&job.makings[i].problem));
        }
        int code = job.makings[i].result;
        if (code == CW_EXIT_OK) {
            code = seal(setting, &job.makings[i], &inputs);
        }
        result = code > result ? code : result;
    }
    free_job(&job);
    free(folder);
    return result;
}
