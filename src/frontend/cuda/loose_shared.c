/* SPDX-License-Identifier: Apache-2.0 */
/* loose_shared.c: from the last place to the first, so that those before keep their columns. */
#include "frontend/cuda/loose_shared.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "frontend/cuda/source_scan.h"

static const char qualifier[] = "__shared__";

struct places {
    size_t *items;
    size_t count;
};

/* The offset of a line and column, both from 1; the text's size when it has no such place. */
static size_t offset_of(const struct cw_text *source, unsigned long line, unsigned long column) {
    const char *text = cw_text_string(source), *at = text;
    for (unsigned long i = 1; i < line && at; i++) {
        at = strchr(at, '\n');
        at = at ? at + 1 : NULL;
    }
    size_t offset = at ? (size_t)(at - text) + (column > 0 ? column - 1 : 0) : source->size;
    return offset < source->size ? offset : source->size;
}

static int descending(const void *a, const void *b) {
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x < y) - (x > y);
}

/* Where the errors lie, last first, each once. */
static struct places find_places(const struct cw_text *source, const char *path, const char *diagnostics) {
    static const char message[] = ": error: initialization is not supported for __shared__ variables";
    struct places places = {0};
    size_t length = strlen(path);
    for (const char *at = diagnostics; (at = strstr(at, path)); at += length) {
        char *end = NULL;
        if ((at > diagnostics && at[-1] != '\n') || at[length] != ':') {
            continue;
        }
        unsigned long line = strtoul(at + length + 1, &end, 10);
        unsigned long column = *end == ':' ? strtoul(end + 1, &end, 10) : 0;
        if (column == 0 || strncmp(end, message, sizeof message - 1) != 0) {
            continue;
        }
        places.items = cw_realloc_array(places.items, places.count + 1, sizeof *places.items);
        places.items[places.count++] = offset_of(source, line, column);
    }
    if (places.count > 1) {
        qsort(places.items, places.count, sizeof *places.items, descending);
    }
    return places;
}

/* True if the text is one type: balanced, without a comma outside of brackets. */
static bool is_type(const char *text, size_t size) {
    int depth = 0;
    bool any = false;
    for (size_t i = 0; i < size; i++) {
        char c = text[i];
        depth += (c == '<' || c == '(') - (c == '>' || c == ')');
        if (depth < 0 || (depth == 0 && c == ',') || strchr("=*&\"/#;{}", c)) {
            return false;
        }
        any |= cw_source_is_word(c);
    }
    return depth == 0 && any;
}

/* The end of "[4][N + 1]" and blanks at `at`; NULL when a ';' does not follow. */
static const char *skip_bounds(const char *at) {
    for (int depth = 0; *at && (depth > 0 || *at == '[' || isspace((unsigned char)*at)); at++) {
        depth += (*at == '[') - (*at == ']');
    }
    return *at == ';' ? at : NULL;
}

/* The qualifier of the declaration whose name is at `name`; NULL when it is not in this statement. */
static const char *find_qualifier(const char *text, const char *name) {
    size_t length = sizeof qualifier - 1;
    for (const char *at = name; at > text; at--) {
        if (strchr(";{}", at[-1])) {
            return NULL;
        }
        if ((size_t)(name - at) >= length && memcmp(at, qualifier, length) == 0) {
            return at;
        }
    }
    return NULL;
}

static bool mend_one(struct cw_text *source, size_t place) {
    const char *text = cw_text_string(source), *name = text + place, *end = name;
    while (cw_source_is_word(*end)) {
        end++;
    }
    const char *start = find_qualifier(text, name), *bounds = end > name ? skip_bounds(end) : NULL;
    const char *type = start ? start + sizeof qualifier - 1 : NULL;
    if (!start || !bounds || !is_type(type, (size_t)(name - type))) {
        return false;
    }
    struct cw_text out = {0};
    cw_text_append(&out, text, (size_t)(type - text));
    cw_text_printf(&out, " ::cw_shared_storage<%.*s%.*s> cw_of_%.*s; auto &%.*s = cw_of_%.*s.value", (int)(name - type), type,
                   (int)(bounds - end), end, (int)(end - name), name, (int)(end - name), name, (int)(end - name), name);
    cw_text_add(&out, bounds);
    cw_text_clear(source);
    cw_text_append(source, out.data, out.size);
    cw_text_fini(&out);
    return true;
}

/* The diagnostics without a terminal's colours. */
static void strip_escapes(struct cw_text *plain, const char *text) {
    while (*text) {
        size_t size = strcspn(text, "\033");
        cw_text_append(plain, text, size);
        text += size;
        while (*text && !isalpha((unsigned char)*text)) {
            text++;
        }
        text += *text != '\0';
    }
}

bool cw_shared_mend(struct cw_text *source, const char *path, const char *diagnostics) {
    struct cw_text plain = {0};
    strip_escapes(&plain, diagnostics);
    struct places places = find_places(source, path, cw_text_string(&plain));
    cw_text_fini(&plain);
    bool mended = false;
    for (size_t i = 0; i < places.count; i++) {
        if (i == 0 || places.items[i] != places.items[i - 1]) {
            mended |= places.items[i] < source->size && mend_one(source, places.items[i]);
        }
    }
    free(places.items);
    return mended;
}
