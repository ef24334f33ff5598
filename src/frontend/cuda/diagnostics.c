/* SPDX-License-Identifier: Apache-2.0 */
#include "frontend/cuda/diagnostics.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum line_kind { LINE_ERROR, LINE_WARNING, LINE_INCLUDE, LINE_COUNT, LINE_OTHER };

/* Copies a line without its terminal escapes (ESC '[' ... letter). */
static void strip_colour(struct cw_text *out, const char *line, size_t size) {
    cw_text_clear(out);
    for (size_t i = 0; i < size; i++) {
        if (line[i] == '\033' && i + 1 < size && line[i + 1] == '[') {
            i += 2;
            while (i < size && !isalpha((unsigned char)line[i])) {
                i++;
            }
        } else {
            cw_text_append(out, line + i, 1);
        }
    }
}

/* "3 errors generated when compiling for sm_80.", "1 warning and 2 errors generated." */
static bool is_count(const char *line) {
    size_t digits = strspn(line, "0123456789");
    return digits > 0 && line[digits] == ' ' && strstr(line, " generated") &&
           (strstr(line, "error") || strstr(line, "warning"));
}

/* Source text that clang quotes starts with blanks or a line number and a bar, so it can't be mistaken. */
static enum line_kind classify(const char *line) {
    if (is_count(line)) {
        return LINE_COUNT;
    }
    if (strncmp(line, "In file included from ", 22) == 0) {
        return LINE_INCLUDE;
    }
    if (line[0] == ' ' || line[0] == '\0') {
        return LINE_OTHER;
    }
    const char *error = strstr(line, "error: ");
    const char *warning = strstr(line, "warning: ");
    if (error && (error == line || error[-1] == ' ') && (!warning || error < warning)) {
        return LINE_ERROR;
    }
    if (warning && (warning == line || warning[-1] == ' ')) {
        return LINE_WARNING;
    }
    return LINE_OTHER;
}

static bool seen_before(struct cw_diagnostics *diagnostics, const char *block, size_t size) {
    for (size_t i = 0; i < diagnostics->seen_count; i++) {
        if (strlen(diagnostics->seen[i]) == size && memcmp(diagnostics->seen[i], block, size) == 0) {
            return true;
        }
    }
    diagnostics->seen =
        cw_grow(diagnostics->seen, diagnostics->seen_count, &diagnostics->seen_capacity, sizeof *diagnostics->seen);
    diagnostics->seen[diagnostics->seen_count++] = cw_strndup(block, size);
    return false;
}

static void add_block(struct cw_diagnostics *diagnostics, const char *block, size_t size, enum line_kind kind) {
    if (size == 0 || seen_before(diagnostics, block, size)) {
        return;
    }
    cw_text_append(&diagnostics->text, block, size);
    diagnostics->errors += kind == LINE_ERROR;
    diagnostics->warnings += kind == LINE_WARNING;
}

void cw_diagnostics_add(struct cw_diagnostics *diagnostics, const char *output) {
    struct cw_text plain = {0};
    const char *block = output; /* start of the current diagnostic, its include stack first */
    enum line_kind block_kind = LINE_OTHER;
    bool has_head = false; /* the block already holds its error or warning line */
    for (const char *line = output; *line;) {
        size_t size = strcspn(line, "\n");
        strip_colour(&plain, line, size);
        const char *next = line + size + (line[size] == '\n');
        enum line_kind kind = classify(cw_text_string(&plain));
        bool starts = kind == LINE_ERROR || kind == LINE_WARNING || kind == LINE_INCLUDE;
        if (kind == LINE_COUNT || (starts && has_head)) {
            add_block(diagnostics, block, (size_t)(line - block), block_kind);
            block = kind == LINE_COUNT ? next : line;
            has_head = false;
            block_kind = LINE_OTHER;
        }
        if (kind == LINE_ERROR || kind == LINE_WARNING) {
            has_head = true;
            block_kind = kind;
        }
        line = next;
    }
    add_block(diagnostics, block, strlen(block), block_kind);
    cw_text_fini(&plain);
}

/* Headers of CUDA's toolkit that are not here, by the beginning of their names, and what helps. */
static const struct {
    const char *name, *note;
} absent[] = {
#define CCCL "Thrust and CUB are NVIDIA's CCCL, which works as published: get it (github.com/NVIDIA/cccl, or the Python package nvidia-cuda-cccl) and add its include folder with -I"
    {"thrust/", CCCL},
    {"cub/", CCCL},
    {"cuda/", "libcu++ here has what docs/compatibility.md lists; NVIDIA's CCCL has the rest: add its include folder with -I"},
#define LIBRARY "this is a library of NVIDIA's that is not here; docs/compatibility.md says what there is"
    {"cufft", LIBRARY},
    {"cusparse", LIBRARY},
    {"cusolver", LIBRARY},
    {"cudnn", LIBRARY},
    {"cutensor", LIBRARY},
    {"npp", LIBRARY},
    {"nvjpeg", LIBRARY},
    {"nccl", LIBRARY},
    {"nvml.h", LIBRARY},
    {"cupti", LIBRARY},
    {"omp.h'", "clang's OpenMP brings it (libomp-22-dev); pragmas and the library need -Xcompiler -fopenmp"},
};

/* True if the text says that a header whose name begins with `name` is missing. */
static bool lacks(const char *text, const char *name) {
    for (const char *end = text; (end = strstr(end, "' file not found")); end++) {
        const char *start = end;
        while (start > text && start[-1] != '\'' && start[-1] != '\n') {
            start--;
        }
        if (start > text && start[-1] == '\'' && strncmp(start, name, strlen(name)) == 0) {
            return true;
        }
    }
    return false;
}

static void add_help(struct cw_text *text) {
    const char *last = NULL;
    for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++) {
        if (lacks(cw_text_string(text), absent[i].name) && (!last || strcmp(last, absent[i].note) != 0)) {
            last = absent[i].note;
            cw_text_printf(text, "cuda-wasm: note: %s\n", last);
        }
    }
}

void cw_diagnostics_finish(struct cw_diagnostics *diagnostics) {
    unsigned errors = diagnostics->errors, warnings = diagnostics->warnings;
    if (errors > 0) {
        add_help(&diagnostics->text);
    }
    if (errors == 0 && warnings == 0) {
        return;
    }
    if (warnings > 0) {
        cw_text_printf(&diagnostics->text, "%u warning%s%s", warnings, warnings == 1 ? "" : "s", errors ? " and " : "");
    }
    if (errors > 0) {
        cw_text_printf(&diagnostics->text, "%u error%s", errors, errors == 1 ? "" : "s");
    }
    cw_text_add(&diagnostics->text, " generated.\n");
}

void cw_diagnostics_fini(struct cw_diagnostics *diagnostics) {
    for (size_t i = 0; i < diagnostics->seen_count; i++) {
        free(diagnostics->seen[i]);
    }
    free(diagnostics->seen);
    cw_text_fini(&diagnostics->text);
    *diagnostics = (struct cw_diagnostics){0};
}

/* ---- Texture and surface references ---- */

bool cw_misses_references(const char *diagnostics) {
    static const char *const words[] = {"no template named '", "unknown type name '", "use of undeclared identifier '"};
    static const char *const names[] = {
        "texture'",         "surface'",          "textureReference'",        "surfaceReference'",
        "cudaBindTexture",  "cudaUnbindTexture", "cudaGetTextureReference'", "cudaGetTextureAlignmentOffset'",
        "cudaBindSurface",  "cudaGetSurfaceReference'",
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        for (const char *at = strstr(diagnostics, words[i]); at; at = strstr(at, words[i])) {
            at += strlen(words[i]);
            for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
                if (strncmp(at, names[n], strlen(names[n])) == 0) {
                    return true;
                }
            }
        }
    }
    return false;
}
