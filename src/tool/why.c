/* SPDX-License-Identifier: Apache-2.0 */
/* why.c: see why.h. Notes come in the order of the code; people get them by line, equal ones once, with the source line. */
#include "tool/why.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"

#define DIFFERS "differs: "

struct note {
    char *file, *text;
    unsigned line, count;
};

struct notes {
    char *runs; /* how the kernel runs */
    struct note *items;
    size_t count, capacity;
};

char *cw_why_notes(const struct cw_device_code *code, const struct cw_artifact_target *target) {
    const struct cw_lower_options options = {
        .size = sizeof options, .target = target->target, .cpu = target->cpu[0] ? target->cpu : NULL, .opt_level = 3};
    struct cw_bytes bytes = {0};
    if (code->api->emit(code->compiler, code->module, &options, CW_EMIT_NOTES, &bytes) != CW_OK) return NULL;
    return bytes.data;
}

static void add_note(struct notes *notes, const char *line, size_t length) {
    char *copy = cw_strndup(line, length), *text = strstr(copy, ": ");
    char *colon = text;
    while (colon && colon > copy && *--colon != ':') {}
    if (text && colon && *colon == ':') {
        *text = *colon = 0;
        unsigned number = (unsigned)strtoul(colon + 1, NULL, 10);
        for (size_t i = 0; i < notes->count; i++) {
            struct note *note = &notes->items[i];
            if (note->line == number && strcmp(note->file, copy) == 0 && strcmp(note->text, text + 2) == 0) {
                note->count++;
                free(copy);
                return;
            }
        }
        notes->items = cw_grow(notes->items, notes->count, &notes->capacity, sizeof *notes->items);
        notes->items[notes->count++] = (struct note){cw_strdup(copy), cw_strdup(text + 2), number, 1};
    }
    free(copy);
}

static int compare(const void *a, const void *b) {
    const struct note *x = a, *y = b;
    int order = strcmp(x->file, y->file);
    return order ? order : (x->line > y->line) - (x->line < y->line);
}

static void read_notes(struct notes *notes, const char *text, const char *symbol) {
    char *begin = cw_format("kernel %s: ", symbol);
    bool ours = false;
    for (const char *line = text; *line;) {
        size_t length = strcspn(line, "\n");
        if (strncmp(line, "kernel ", 7) == 0) {
            ours = strncmp(line, begin, strlen(begin)) == 0;
            if (ours) notes->runs = cw_strndup(line + strlen(begin), length - strlen(begin));
        } else if (strncmp(line, DIFFERS, sizeof DIFFERS - 1) == 0) {
            ours = false;
        } else if (ours) {
            add_note(notes, line, length);
        }
        line += length + (line[length] == '\n');
    }
    free(begin);
    if (notes->count) qsort(notes->items, notes->count, sizeof *notes->items, compare);
}

static void free_notes(struct notes *notes) {
    for (size_t i = 0; i < notes->count; i++) {
        free(notes->items[i].file);
        free(notes->items[i].text);
    }
    free(notes->items);
    free(notes->runs);
}

/* One line of a source file without its indentation; "" when the file can't be read. malloc'd. */
static char *source_line(const char *path, unsigned number) {
    struct cw_text text = {0};
    char *result = NULL;
    if (number && cw_file_read(path, &text) == CW_OK) {
        const char *at = cw_text_string(&text);
        for (unsigned n = 1; n < number && *at; n++) {
            at += strcspn(at, "\n");
            at += *at == '\n';
        }
        at += strspn(at, " \t");
        result = cw_strndup(at, strcspn(at, "\n"));
    }
    cw_text_fini(&text);
    return result ? result : cw_strdup("");
}

void cw_why_print(const char *text, const char *symbol, const char *target) {
    struct notes notes = {0};
    read_notes(&notes, text, symbol);
    bool cpu = strcmp(target, "cpu") == 0;
    if (notes.runs || cpu) printf("  on %-12s%s\n", cpu ? "a CPU" : target, notes.runs ? notes.runs : "unknown");
    for (size_t i = 0; i < notes.count; i++) {
        const struct note *note = &notes.items[i];
        if (i == 0 || notes.items[i - 1].line != note->line || strcmp(notes.items[i - 1].file, note->file) != 0) {
            char *line = source_line(note->file, note->line);
            if (note->line) printf("    %s:%u  %s\n", note->file, note->line, line);
            free(line);
        }
        printf("        %s", note->text);
        if (note->count > 1) printf(" (%u times)", note->count);
        putchar('\n');
    }
    free_notes(&notes);
}

json_t *cw_why_json(const char *text, const char *symbol) {
    struct notes notes = {0};
    json_t *list = json_array();
    read_notes(&notes, text, symbol);
    for (size_t i = 0; i < notes.count; i++) {
        const struct note *note = &notes.items[i];
        json_array_append_new(list, json_pack("{s:s,s:i,s:s,s:i}", "file", note->file, "line", (int)note->line, "text", note->text, "count",
                                              (int)note->count));
    }
    json_t *result = json_pack("{s:s,s:o}", "runs", notes.runs ? notes.runs : "", "notes", list);
    free_notes(&notes);
    return result;
}

/* The next line that says what differs from CUDA, and its length; NULL when there is none. */
static const char *next_difference(const char *text, size_t *length) {
    while (text && *text) {
        *length = strcspn(text, "\n");
        if (strncmp(text, DIFFERS, sizeof DIFFERS - 1) == 0) {
            *length -= sizeof DIFFERS - 1;
            return text + sizeof DIFFERS - 1;
        }
        text += *length + (text[*length] == '\n');
    }
    return NULL;
}

void cw_why_print_differences(const char *text, const char *target) {
    size_t length;
    bool first = true;
    for (const char *line = text; (line = next_difference(line, &length)); line += length) {
        if (first) printf("%s differs from CUDA\n", target);
        printf("  %.*s\n", (int)length, line);
        first = false;
    }
}

json_t *cw_why_differences_json(const char *text) {
    size_t length;
    json_t *list = json_array();
    for (const char *line = text; (line = next_difference(line, &length)); line += length) json_array_append_new(list, json_stringn(line, length));
    return list;
}
