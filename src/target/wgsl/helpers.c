/* SPDX-License-Identifier: Apache-2.0 */
/* helpers.c: the functions of helpers.def and helpers_warp.def, those that are used; and functions of the module that are not inlined, by the
 * names that the text calls them. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "backend/webgpu/artifact.h"
#include "target/wgsl/wgsl.h"

static const struct helper {
    const char *name, *text;
} table[] = {
#define HELPER(name, text) {name, text},
#include "target/wgsl/helpers.def"
#define HELPER(name, text) {name, text},
#include "target/wgsl/helpers_warp.def"
};
enum { HELPER_COUNT = sizeof table / sizeof table[0] };

/* "NAME@OBJECT" is per object. */
static const struct helper *find(const char *name, size_t length) {
    for (size_t h = 0; h < HELPER_COUNT; h++)
        if (strncmp(table[h].name, name, length) == 0 && !table[h].name[length]) return &table[h];
    return NULL;
}

bool wgsl_is_helper(const char *name) {
    return find(name, strlen(name)) != NULL;
}

static bool listed(const struct cw_strings *list, const char *name) {
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i], name) == 0) return true;
    return false;
}

/* Adds what the text of a helper uses of others. */
static void add_needs(struct wgsl_shader *shader, const char *text) {
    for (const char *c = text; *c;) {
        if (!isalpha((unsigned char)*c)) {
            c++;
            continue;
        }
        const char *word = c;
        while (isalnum((unsigned char)*c) || *c == '_') c++;
        const struct helper *helper = find(word, (size_t)(c - word));
        if (helper && !listed(&shader->taken, helper->name)) wgsl_helper(shader, helper->name);
    }
}

const char *wgsl_helper(struct wgsl_shader *shader, const char *name) {
    const char *at = strchr(name, '@');
    const struct helper *helper = at ? find(name, (size_t)(at - name) + 1) : find(name, strlen(name));
    if (!helper && strncmp(name, "generic_", 8) == 0) return name; /* shader.c writes these */
    if (!helper) {
        /* A function of the module: of the software's doubles, or one that is not inlined. */
        char *full = strncmp(name, "f64_", 4) == 0 || strncmp(name, "f32_", 4) == 0 || strncmp(name, "half_", 5) == 0 || strncmp(name, "bfloat_", 7) == 0 ? cw_format("cw_%s", name) : cw_strdup(name);
        if (!LLVMGetNamedFunction(shader->llvm, full)) wgsl_refuse(shader, NULL, "the operation '%s'", name);
        if (!listed(&shader->functions, full)) cw_strings_add(&shader->functions, full);
        free(full);
        const char *clean = strncmp(name, "cw_", 3) == 0 ? name + 3 : name;
        return strncmp(clean, "_Z", 2) == 0 ? wgsl_clean(&shader->arena, clean) : cw_arena_strdup(&shader->arena, clean);
    }
    if (strcmp(name, "pointer_bits") == 0 && !shader->options.heap) shader->untyped = "a pointer becomes an integer";
    if (!listed(&shader->taken, name)) {
        cw_strings_add(&shader->taken, name);
        add_needs(shader, helper->text);
    }
    if (!at) return helper->name;
    char *joined = cw_format("%.*s_%s", (int)(at - name), name, at + 1);
    const char *copy = cw_arena_strdup(&shader->arena, joined);
    free(joined);
    return copy;
}

void wgsl_helpers_write(const struct wgsl_shader *shader, struct cw_text *out) {
    for (size_t i = 0; i < shader->taken.count; i++) {
        const char *name = shader->taken.items[i];
        const char *at = strchr(name, '@');
        const struct helper *helper = at ? find(name, (size_t)(at - name) + 1) : find(name, strlen(name));
        cw_text_add(out, "\n");
        for (const char *c = helper->text; *c;) {
            const char *mark = at ? strstr(c, "OBJECT") : NULL;
            if (!mark) {
                cw_text_add(out, c);
                break;
            }
            cw_text_append(out, c, (size_t)(mark - c));
            cw_text_add(out, at + 1);
            c = mark + 6;
        }
    }
}
