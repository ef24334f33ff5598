/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "tool/cc.h"
#include "tool/command.h"
#include "tool/device_link.h"
#include "tool/host.h"
#include "tool/launch.h"
#include "tool/program.h"
#include "tool/tasks.h"
#include "tool/terminal.h"

size_t cw_cc_cpus(const struct cw_cuda_options *options, const char *const **cpus) {
    static const char *const native[] = {NULL};
    size_t count = 0;
    if (options->native) {
        *cpus = native;
        return 1;
    }
    *cpus = cw_host_portable_cpus();
    while ((*cpus)[count]) {
        count++;
    }
    return count;
}

/* ---- Commands that are not clang's passes ---- */

struct command {
    struct cw_strings argv;
    const char *folder; /* removed on a signal */
    bool show;
    int result;
    struct cw_text out, diagnostics, problem;
};

static void run_command(void *context, size_t index) {
    struct command *command = context;
    (void)index;
    command->result =
        cw_clang_run(&command->argv, command->show, &command->out, &command->diagnostics, &command->problem);
}

static void interrupted(void *context) {
    const struct command *command = context;
    cw_folder_remove(command->folder);
}

/* Runs it and shows what it says. Frees its words. An enum cw_exit. */
static int finish_command(struct command *command, const char *doing) {
    const struct cw_tasks tasks = {
        .run = run_command, .context = command, .count = 1, .doing = doing, .interrupted = interrupted};
    cw_tasks_run(&tasks);
    fwrite(cw_text_string(&command->out), 1, command->out.size, stdout);
    fputs(cw_text_string(&command->diagnostics), stderr);
    if (command->problem.size > 0) {
        cw_say_error("%s", cw_text_string(&command->problem));
    }
    cw_strings_fini(&command->argv);
    cw_text_fini(&command->out);
    cw_text_fini(&command->diagnostics);
    cw_text_fini(&command->problem);
    return command->result;
}

/* ---- -c ---- */

void cw_cc_merge_command(struct cw_strings *argv, const struct cw_toolchain *toolchain, const char *host,
                         const char *device, const char *output) {
    cw_strings_add(argv, toolchain->lld);
    cw_strings_add(argv, "-r");
    cw_strings_add(argv, "-o");
    cw_strings_add(argv, output);
    cw_strings_add(argv, host);
    if (device) {
        cw_strings_add(argv, device);
    }
}

static int write_object(const struct cw_units *units, const struct cw_compiled_unit *unit, const char *output) {
    if (!unit->device) {
        return cw_cc_copy(unit->host, output) ? CW_EXIT_OK : CW_EXIT_FAILURE;
    }
    struct command command = {.folder = units->folder, .show = units->setting.options->verbose};
    cw_cc_merge_command(&command.argv, units->setting.toolchain, unit->host, unit->device, output);
    return finish_command(&command, "merging objects");
}

/* Writes what -c, -ptx and -fatbin write for one source. */
static int write_result(const struct cw_units *units, const struct cw_compiled_unit *unit) {
    const struct cw_cuda_options *options = units->setting.options;
    char *output = cw_cc_output(options, unit->input->path);
    int result = CW_EXIT_OK;
    if (units->form == CW_UNITS_OBJECTS) {
        result = write_object(units, unit, output);
    } else if (!unit->device) {
        cw_say_error("%s has no device code", unit->input->path);
        result = CW_EXIT_USAGE;
    } else if (!cw_cc_copy(unit->device, output)) {
        result = CW_EXIT_FAILURE;
    }
    const char *list = unit->host_dependencies ? unit->host_dependencies : unit->device_dependencies;
    if (result == CW_EXIT_OK && options->driver.with_dependencies &&
        !cw_cc_write_rule(&units->setting, list, unit->input->path)) {
        result = CW_EXIT_FAILURE;
    }
    free(output);
    return result;
}

static struct cw_units units_for(const struct cw_setting *setting, const char *folder) {
    struct cw_units units = {
        .setting = *setting,
        .folder = folder,
        .named = setting->options->driver.keep,
        .nonsystem = setting->options->driver.nonsystem,
    };
    units.cpu_count = cw_cc_cpus(setting->options, &units.cpus);
    return units;
}

static int compile(const struct cw_setting *setting, const char *folder, enum cw_units_form form) {
    struct cw_units units = units_for(setting, folder);
    units.form = form;
    int result = cw_units_compile(&units);
    for (size_t i = 0; i < units.count && result == CW_EXIT_OK; i++) {
        result = write_result(&units, &units.all[i]);
    }
    cw_units_fini(&units);
    return result;
}

/* ---- -lib ---- */

void cw_cc_library_command(struct cw_strings *argv, const struct cw_cuda_options *options) {
    const struct cw_driver_options *driver = &options->driver;
    char *output = cw_cc_output(options, NULL);
    cw_strings_add(argv, driver->archiver ? driver->archiver : "ar");
    cw_strings_add(argv, "qcs");
    for (size_t i = 0; i < driver->archive_options.count; i++) {
        cw_strings_add(argv, driver->archive_options.items[i]);
    }
    cw_strings_add(argv, output);
    free(output);
}

static int make_library(const struct cw_setting *setting, const char *folder) {
    struct cw_units units = units_for(setting, folder);
    struct command command = {.folder = folder, .show = setting->options->verbose};
    char *output = cw_cc_output(setting->options, NULL);
    cw_cc_library_command(&command.argv, setting->options);
    int result = cw_units_compile(&units);
    for (size_t i = 0; i < units.count && result == CW_EXIT_OK; i++) {
        /* A member is named after its source. */
        const char *name = cw_path_name(units.all[i].input->path), *dot = strrchr(name, '.');
        char *place = cw_format("%s/member%zu", folder, i);
        char *object = cw_format("%s/%.*s.o", place, dot ? (int)(dot - name) : (int)strlen(name), name);
        if (cw_folder_make(place) != CW_OK) {
            cw_say_error("%s can't be made: %s", place, strerror(errno));
            result = CW_EXIT_ENVIRONMENT;
        } else {
            result = write_object(&units, &units.all[i], object);
        }
        cw_strings_add(&command.argv, object);
        free(place);
        free(object);
    }
    for (size_t i = 0; i < setting->options->input_count; i++) {
        if (setting->options->inputs[i].kind == CW_INPUT_LINKER) {
            cw_strings_add(&command.argv, setting->options->inputs[i].path);
        }
    }
    if (result == CW_EXIT_OK) {
        unlink(output);
        result = finish_command(&command, "making the library");
    } else {
        cw_strings_fini(&command.argv);
    }
    cw_units_fini(&units);
    free(output);
    return result;
}

/* ---- -dlink ---- */

static int link_device(const struct cw_setting *setting, const char *folder) {
    struct cw_units units = units_for(setting, folder);
    struct cw_strings objects = {0};
    char *output = cw_cc_output(setting->options, NULL);
    int result = cw_units_compile(&units);
    for (size_t i = 0; i < units.count; i++) {
        cw_strings_add(&objects, units.all[i].host);
        if (units.all[i].device) {
            cw_strings_add(&objects, units.all[i].device);
        }
    }
    if (result == CW_EXIT_OK) {
        const struct cw_device_link link = {
            .setting = *setting,
            .cpus = units.cpus,
            .cpu_count = units.cpu_count,
            .folder = folder,
            .objects = &objects,
            .output = output,
            .always = true,
        };
        bool made;
        result = cw_device_link_run(&link, &made);
    }
    cw_strings_fini(&objects);
    cw_units_fini(&units);
    free(output);
    return result;
}

/* ---- The default: link ---- */

static int link_program(const struct cw_setting *setting, const char *folder) {
    const struct cw_driver_options *driver = &setting->options->driver;
    char *output = cw_cc_output(setting->options, NULL);
    struct cw_program program = {.setting = *setting, .folder = folder, .output = output};
    program.cpu_count = cw_cc_cpus(setting->options, &program.cpus);
    int result = cw_program_build(&program);
    if (result == CW_EXIT_OK && driver->run) {
        struct cw_strings words = {0};
        char *path = strchr(output, '/') ? cw_strdup(output) : cw_format("./%s", output);
        cw_strings_add(&words, path);
        for (size_t i = 0; i < driver->run_arguments.count; i++) {
            cw_strings_add(&words, driver->run_arguments.items[i]);
        }
        cw_folder_remove(folder);
        cw_launch_replace(path, words.items);
        cw_say_error("%s can't be started: %s", path, strerror(errno));
        result = CW_EXIT_ENVIRONMENT;
        cw_strings_fini(&words);
        free(path);
    }
    cw_strings_fini(&program.dependencies);
    free(output);
    return result;
}

/* ---- -E, -M ---- */

/* One host pass that compiles nothing. Its list, if it makes one, is turned into nvcc's. */
static int run_preprocessor(const struct cw_setting *setting, const struct cw_input *input, const char *folder) {
    static const uint8_t no_id[16];
    const struct cw_driver_options *driver = &setting->options->driver;
    bool lists = driver->phase == CW_PHASE_DEPENDENCIES;
    struct command command = {.folder = folder, .show = setting->options->verbose};
    char *list = cw_format("%s/list.d", folder);
    const struct cw_pass_files files = {
        .source = input->path,
        .output = lists            ? list
                  : driver->output ? driver->output
                                   : "-",
        .id = no_id,
        .instead = !lists              ? "-E"
                   : driver->nonsystem ? "-MM"
                                       : "-M",
    };
    cw_host_pass(&command.argv, setting->toolchain, setting->layout, setting->options, input->kind, &files);
    int result = finish_command(&command, "preprocessing");
    if (result == CW_EXIT_OK && lists && !cw_cc_write_rule(setting, list, input->path)) {
        result = CW_EXIT_FAILURE;
    }
    free(list);
    return result;
}

static int preprocess(const struct cw_setting *setting, const char *folder) {
    int result = CW_EXIT_OK;
    for (size_t i = 0; i < setting->options->input_count && result == CW_EXIT_OK; i++) {
        if (setting->options->inputs[i].kind != CW_INPUT_LINKER) {
            result = run_preprocessor(setting, &setting->options->inputs[i], folder);
        }
    }
    return result;
}

int cw_cc_phase(const struct cw_setting *setting, const char *folder) {
    switch (setting->options->driver.phase) {
    case CW_PHASE_OBJECT:
        return compile(setting, folder, CW_UNITS_OBJECTS);
    case CW_PHASE_PTX:
        return compile(setting, folder, CW_UNITS_TEXTS);
    case CW_PHASE_FATBIN:
        return compile(setting, folder, CW_UNITS_CONTAINERS);
    case CW_PHASE_LIBRARY:
        return make_library(setting, folder);
    case CW_PHASE_DEVICE_LINK:
        return link_device(setting, folder);
    case CW_PHASE_PREPROCESS:
    case CW_PHASE_DEPENDENCIES:
        return preprocess(setting, folder);
    case CW_PHASE_LINK:
        break;
    }
    return link_program(setting, folder);
}
