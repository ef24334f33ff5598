/* SPDX-License-Identifier: Apache-2.0 */
#include "tool/page.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "tool/command.h"
#include "tool/library.h"
#include "tool/script.h"
#include "tool/terminal.h"

/* HTML's characters (HTML standard, "Serializing HTML fragments"). */
static void add_escaped(struct cw_text *out, const char *text) {
    for (; *text; text++) {
        switch (*text) {
        case '&': cw_text_add(out, "&amp;"); break;
        case '<': cw_text_add(out, "&lt;"); break;
        case '>': cw_text_add(out, "&gt;"); break;
        default: cw_text_append(out, text, 1);
        }
    }
}

/* The template with its marks replaced. In a script "</" would end the element. */
static void fill(struct cw_text *out, const char *template, const char *name, json_t *object) {
    char *json = json_dumps(object, JSON_COMPACT | JSON_ESCAPE_SLASH);
    while (*template) {
        if (strncmp(template, "@NAME@", strlen("@NAME@")) == 0) {
            add_escaped(out, name);
            template += strlen("@NAME@");
        } else if (strncmp(template, "@PROGRAM@", strlen("@PROGRAM@")) == 0) {
            cw_text_add(out, json);
            template += strlen("@PROGRAM@");
        } else {
            cw_text_append(out, template++, 1);
        }
    }
    free(json);
}

int cw_page_write(const struct cw_layout *layout, const char *output, const char *program) {
    static const char *const runtime_files[] = {"page.js", "program.js", "adapter.js", "gpu_program.js", "gpu_device.js", "gpu_artifact.js", "errors.js", "pnm.js", "wasi.js", "files.js", "engine.js", "threads.js", "lines.js", NULL};
    struct cw_text template = {0}, page = {0};
    char *from = cw_format("%s/web/page.html", layout->data);
    char *name = cw_strdup(cw_path_name(output)), *dot = strrchr(name, '.');
    char *folder = cw_path_beside(output, "cuda-wasm");
    int result = CW_EXIT_OK;
    json_t *facts = cw_script_facts(program);
    if (dot) {
        *dot = '\0';
    }
    if (!facts) {
        result = CW_EXIT_FAILURE;
    } else if (cw_file_read(from, &template) != CW_OK) {
        cw_say_error("%s can't be read: %s", from, strerror(errno));
        result = CW_EXIT_ENVIRONMENT;
    } else {
        json_object_set_new(facts, "name", json_string(name));
        json_object_set_new(facts, "args", json_array());
        fill(&page, cw_text_string(&template), name, facts);
        if (cw_file_write(output, page.data, page.size, 0) != CW_OK) {
            cw_say_error("%s can't be written: %s", output, strerror(errno));
            result = CW_EXIT_FAILURE;
        }
    }
    result = result == CW_EXIT_OK ? cw_library_copy_runtime(layout, runtime_files, folder) : result;
    cw_text_fini(&template);
    cw_text_fini(&page);
    json_decref(facts);
    free(from);
    free(name);
    free(folder);
    return result;
}
