/* SPDX-License-Identifier: Apache-2.0 */
#include "tool/page.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "tool/command.h"
#include "tool/library.h"
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
static void fill(struct cw_text *out, const char *template, const char *name, const char *program) {
    json_t *object = json_pack("{s:s,s:s,s:[]}", "name", name, "wasm", cw_path_name(program), "args");
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
    json_decref(object);
}

int cw_page_write(const struct cw_layout *layout, const char *output, const char *program) {
    static const char *const runtime_files[] = {"page.js", "program.js", "pnm.js", "wasi.js", "files.js", NULL};
    struct cw_text template = {0}, page = {0};
    char *from = cw_format("%s/web/page.html", layout->data);
    char *name = cw_strdup(cw_path_name(output)), *dot = strrchr(name, '.');
    const char *slash = strrchr(output, '/');
    char *folder = slash ? cw_format("%.*s/cuda-wasm", (int)(slash - output), output) : cw_strdup("cuda-wasm");
    int result = CW_EXIT_OK;
    if (dot) {
        *dot = '\0';
    }
    if (cw_file_read(from, &template) != CW_OK) {
        cw_say_error("%s can't be read: %s", from, strerror(errno));
        result = CW_EXIT_ENVIRONMENT;
    } else {
        fill(&page, cw_text_string(&template), name, program);
        if (cw_file_write(output, page.data, page.size, 0) != CW_OK) {
            cw_say_error("%s can't be written: %s", output, strerror(errno));
            result = CW_EXIT_FAILURE;
        }
    }
    result = result == CW_EXIT_OK ? cw_library_copy_runtime(layout, runtime_files, folder) : result;
    cw_text_fini(&template);
    cw_text_fini(&page);
    free(from);
    free(name);
    free(folder);
    return result;
}
