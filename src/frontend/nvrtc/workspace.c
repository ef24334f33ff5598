/* SPDX-License-Identifier: Apache-2.0 */
/* workspace.c: see workspace.h. */
#include "frontend/nvrtc/workspace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

/* Programs name headers "../x.h"; the folder that they are in lies deep enough for that. */
#define HEADER_FOLDERS "/h/h/h/h"
#define HEADER_DEPTH 3

/* ---- Headers ----------------------------------------------------------------------------------------------------- */

/* True if the name stays in the workspace: relative, and up no more often than there are folders. */
static bool name_fits(const char *name) {
    int depth = 0, lowest = 0;
    if (*name == '/' || *name == '\0') {
        return false;
    }
    while (*name) {
        size_t length = strcspn(name, "/");
        if (length == 2 && memcmp(name, "..", 2) == 0) {
            depth--;
        } else if (length > 0 && !(length == 1 && *name == '.')) {
            depth++;
        }
        lowest = depth < lowest ? depth : lowest;
        name += length;
        name += *name == '/';
    }
    return lowest >= -HEADER_DEPTH;
}

static bool write_header(const struct cw_nvrtc_workspace *workspace, const char *name, const char *text,
                         struct cw_text *log) {
    if (!name_fits(name)) {
        cw_text_printf(log, "nvrtc: error: the header name %s: a name relative to the source is wanted\n", name);
        return false;
    }
    char *path = cw_format("%s/%s", workspace->headers, name);
    char *folder = cw_strndup(path, (size_t)(cw_path_name(path) - path));
    bool written = cw_folder_make(folder) == CW_OK && cw_file_write(path, text, strlen(text), 0) == CW_OK;
    if (!written) {
        cw_text_printf(log, "nvrtc: error: %s can't be written: %s\n", path, strerror(errno));
    }
    free(path);
    free(folder);
    return written;
}

/* ---- The source -------------------------------------------------------------------------------------------------- */

/* A line directive; `name` as a string literal. */
static void add_line(struct cw_text *out, const char *name) {
    cw_text_add(out, "\n#line 1 \"");
    for (; *name; name++) {
        if (*name == '"' || *name == '\\') {
            cw_text_append(out, "\\", 1);
        }
        cw_text_append(out, name, 1);
    }
    cw_text_add(out, "\"\n");
}

/* The program's text; then a variable for each name expression, which has the templates it names instantiated, and which
 * the compiler takes out of the module again (src/module/ir/lowered.c). */
static void make_source(struct cw_text *out, const struct cw_source *source, const char *name, bool default_device) {
    if (default_device) {
        cw_text_add(out, "#pragma clang force_cuda_host_device begin");
    }
    add_line(out, name);
    cw_text_add(out, source->text);
    if (default_device) {
        cw_text_add(out, "\n#pragma clang force_cuda_host_device end");
    }
    add_line(out, "end of the program");
    cw_text_add(out, "extern \"C\" { __device__ char __cw_nvrtc_program; }\n");
    for (uint32_t i = 0; i < source->expression_count; i++) {
        add_line(out, "name expression");
        cw_text_printf(out, "extern \"C\" { __device__ const void *__cw_lowered_%u = (const void *)(%s); }\n", i,
                       source->expressions[i]);
    }
}

bool cw_nvrtc_workspace_open(struct cw_nvrtc_workspace *workspace, const struct cw_source *source, const char *name,
                             bool default_device, struct cw_text *log) {
    workspace->folder = cw_folder_temporary("cuda-wasm-nvrtc-");
    if (!workspace->folder) {
        cw_text_printf(log, "nvrtc: error: no folder for temporary files can be made: %s\n", strerror(errno));
        return false;
    }
    workspace->source = cw_format("%s/source.cu", workspace->folder);
    workspace->headers = cw_format("%s" HEADER_FOLDERS, workspace->folder);
    workspace->dependencies = cw_format("%s/source.d", workspace->folder);
    struct cw_text text = {0};
    make_source(&text, source, name, default_device);
    bool written = cw_file_write(workspace->source, text.data, text.size, 0) == CW_OK;
    if (!written) {
        cw_text_printf(log, "nvrtc: error: %s can't be written: %s\n", workspace->source, strerror(errno));
    }
    cw_text_fini(&text);
    for (uint32_t i = 0; written && i < source->header_count; i++) {
        written = write_header(workspace, source->header_names[i], source->headers[i], log);
    }
    return written;
}

void cw_nvrtc_workspace_includes(const struct cw_nvrtc_workspace *workspace, const char *name, bool no_source_include,
                                 struct cw_strings *preprocessor) {
    struct cw_strings before = *preprocessor;
    *preprocessor = (struct cw_strings){0};
    cw_strings_addf(preprocessor, "-I%s", workspace->headers);
    for (size_t i = 0; i < before.count; i++) {
        cw_strings_add(preprocessor, before.items[i]);
    }
    cw_strings_fini(&before);
    size_t folder = (size_t)(cw_path_name(name) - name);
    if (!no_source_include) {
        cw_strings_addf(preprocessor, "-I%.*s", folder > 0 ? (int)folder : 1, folder > 0 ? name : ".");
    }
}

/* ---- Diagnostics ------------------------------------------------------------------------------------------------- */

/* Appends `size` bytes of a line without the paths of our folders. */
static void add_without_folders(const struct cw_nvrtc_workspace *workspace, const char *line, size_t size,
                                struct cw_text *log) {
    const char *end = line + size;
    while (line < end) {
        const char *found =
            workspace->folder ? memmem(line, (size_t)(end - line), workspace->folder, strlen(workspace->folder)) : NULL;
        cw_text_append(log, line, (size_t)((found ? found : end) - line));
        if (!found) {
            break;
        }
        line = found + strlen(workspace->folder);
        size_t deep = strlen(HEADER_FOLDERS);
        if ((size_t)(end - line) > deep && strncmp(line, HEADER_FOLDERS "/", deep + 1) == 0) {
            line += deep;
        }
        line += line < end && *line == '/';
    }
}

void cw_nvrtc_workspace_log(const struct cw_nvrtc_workspace *workspace, const char *name, const char *diagnostics,
                            struct cw_text *log) {
    unsigned errors = 0;
    while (*diagnostics) {
        size_t size = strcspn(diagnostics, "\n");
        size_t whole = size + (diagnostics[size] == '\n');
        bool count = memmem(diagnostics, size, " generated when compiling for ", 30) ||
                     (size > 11 && memcmp(diagnostics + size - 11, " generated.", 11) == 0);
        errors += memmem(diagnostics, size, ": error: ", 9) || memmem(diagnostics, size, ": fatal error: ", 15);
        if (!count) {
            add_without_folders(workspace, diagnostics, whole, log);
        }
        diagnostics += whole;
    }
    if (errors > 0) {
        cw_text_printf(log, "\n%u error%s detected in the compilation of \"%s\".\n", errors, errors > 1 ? "s" : "",
                       name);
    }
}

void cw_nvrtc_workspace_close(struct cw_nvrtc_workspace *workspace) {
    if (workspace->folder) {
        cw_folder_remove(workspace->folder);
    }
    free(workspace->folder);
    free(workspace->source);
    free(workspace->headers);
    free(workspace->dependencies);
    *workspace = (struct cw_nvrtc_workspace){0};
}
