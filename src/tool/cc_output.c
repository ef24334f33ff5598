/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "frontend/cuda/dependencies.h"
#include "tool/cc.h"
#include "tool/command.h"
#include "tool/terminal.h"

/* "dir/x.cu" and ".o" make "x.o", in the folder of -odir. */
static char *derive(const struct cw_cuda_options *options, const char *source, const char *extension) {
    const char *name = cw_path_name(source), *dot = strrchr(name, '.');
    int length = dot && dot > name ? (int)(dot - name) : (int)strlen(name);
    const char *folder = options->driver.output_folder;
    return cw_format("%s%s%.*s%s", folder ? folder : "", folder ? "/" : "", length, name, extension);
}

char *cw_cc_output(const struct cw_cuda_options *options, const char *source) {
    static const char *const extensions[] = {
        [CW_PHASE_OBJECT] = ".o", [CW_PHASE_PTX] = ".ptx", [CW_PHASE_FATBIN] = ".fatbin"};
    const struct cw_driver_options *driver = &options->driver;
    if (driver->output) {
        return cw_strdup(driver->output);
    }
    if (source) {
        return derive(options, source, extensions[driver->phase]);
    }
    return derive(options, driver->phase == CW_PHASE_DEVICE_LINK ? "a_dlink" : "a",
                  driver->phase == CW_PHASE_DEVICE_LINK ? ".o"
                  : driver->phase == CW_PHASE_LIBRARY   ? ".a"
                                                        : ".out");
}

static void add_name(struct cw_text *rule, const char *name) {
    for (; *name; name++) {
        if (*name == ' ' || *name == '#') {
            cw_text_add(rule, "\\");
        } else if (*name == '$') {
            cw_text_add(rule, "$");
        }
        cw_text_append(rule, name, 1);
    }
}

/* The precompiled prelude is no file of the user's, and our headers are the system's, although one is included by its
 * path. */
static bool is_left_out(const struct cw_setting *setting, const char *path) {
    const char *headers = setting->layout->headers;
    return strcmp(cw_path_extension(path), "pch") == 0 ||
           (setting->options->driver.nonsystem && strncmp(path, headers, strlen(headers)) == 0);
}

static char *rule_target(const struct cw_cuda_options *options, const char *source) {
    const struct cw_driver_options *driver = &options->driver;
    if (driver->dependency_target) {
        return cw_strdup(driver->dependency_target);
    }
    bool object = driver->phase == CW_PHASE_DEPENDENCIES || driver->phase == CW_PHASE_LINK;
    return object ? derive(options, source, ".o") : cw_cc_output(options, source);
}

/* Where the rule goes: NULL for stdout. */
static char *rule_path(const struct cw_cuda_options *options, const char *source) {
    const struct cw_driver_options *driver = &options->driver;
    if (driver->dependency_file) {
        return cw_strdup(driver->dependency_file);
    }
    if (driver->phase == CW_PHASE_DEPENDENCIES) {
        return driver->output ? cw_strdup(driver->output) : NULL;
    }
    if (driver->output && driver->phase != CW_PHASE_LINK) {
        const char *dot = strrchr(cw_path_name(driver->output), '.');
        int length = dot ? (int)(dot - driver->output) : (int)strlen(driver->output);
        return cw_format("%.*s.d", length, driver->output);
    }
    return derive(options, source, ".d");
}

bool cw_cc_write_rule(const struct cw_setting *setting, const char *list, const char *source) {
    struct cw_strings files = {0};
    struct cw_text rule = {0};
    bool written = cw_dependencies_read(list, &files) == CW_OK;
    char *path = rule_path(setting->options, source), *target = rule_target(setting->options, source);
    cw_text_add(&rule, target); /* as it is: -MT may name several */
    cw_text_add(&rule, " :");
    for (size_t i = 0; i < files.count; i++) {
        if (!is_left_out(setting, files.items[i])) {
            cw_text_add(&rule, " \\\n    ");
            add_name(&rule, files.items[i]);
        }
    }
    cw_text_add(&rule, "\n");
    for (size_t i = 0; i < files.count && setting->options->driver.phony; i++) {
        if (!is_left_out(setting, files.items[i]) && strcmp(files.items[i], source) != 0) {
            cw_text_add(&rule, "\n");
            add_name(&rule, files.items[i]);
            cw_text_add(&rule, " :\n");
        }
    }
    if (!written) {
        cw_say_error("the list of what %s includes can't be read", source);
    } else if (!path) {
        fputs(cw_text_string(&rule), stdout);
    } else if (cw_file_write(path, rule.data, rule.size, 0) != CW_OK) {
        cw_say_error("%s can't be written: %s", path, strerror(errno));
        written = false;
    }
    cw_strings_fini(&files);
    cw_text_fini(&rule);
    free(path);
    free(target);
    return written;
}

bool cw_cc_copy(const char *from, const char *to) {
    struct cw_text text = {0};
    bool copied = false;
    if (cw_file_read(from, &text) != CW_OK) {
        cw_say_error("%s can't be read: %s", from, strerror(errno));
    } else if (cw_file_write(to, text.data, text.size, 0) != CW_OK) {
        cw_say_error("%s can't be written: %s", to, strerror(errno));
    } else {
        copied = true;
    }
    cw_text_fini(&text);
    return copied;
}

bool cw_cc_keep(const struct cw_cuda_options *options, const char *folder) {
    const char *to = options->driver.keep_folder ? options->driver.keep_folder : ".";
    if (cw_folder_make(to) != CW_OK) {
        cw_say_error("%s can't be made: %s", to, strerror(errno));
        return false;
    }
    bool kept = true;
    DIR *files = opendir(folder);
    for (struct dirent *entry; files && kept && (entry = readdir(files));) {
        if (entry->d_type == DT_REG) {
            char *source = cw_format("%s/%s", folder, entry->d_name), *target = cw_format("%s/%s", to, entry->d_name);
            kept = cw_cc_copy(source, target);
            free(source);
            free(target);
        }
    }
    if (files) {
        closedir(files);
    }
    return kept;
}
