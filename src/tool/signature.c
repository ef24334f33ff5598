/* SPDX-License-Identifier: Apache-2.0 */
#include "tool/signature.h"

#include <stdlib.h>
#include <string.h>

json_t *cw_signatures(struct cw_device_code *code) {
    const struct cw_lower_options options = {.size = sizeof options};
    struct cw_bytes bytes = {0};
    json_error_t error;
    cw_status status = code->api->emit(code->compiler, code->module, &options, CW_EMIT_SIGNATURES, &bytes);
    if (status != CW_OK) {
        cw_device_code_failed(code, status, "reading the kernels' types");
        return NULL;
    }
    json_t *signatures = json_loadb(bytes.data, bytes.size, 0, &error);
    if (!signatures) {
        cw_text_printf(&code->problem, "internal: the kernels' types can't be read: %s", error.text);
    }
    free(bytes.data);
    return signatures;
}

static const char *number_words(const char *kind, int size) {
    static const struct {
        const char *kind;
        int size;
        const char *words;
    } rows[] = {
        {"float", 4, "float"},      {"float", 8, "double"},        {"bool", 1, "bool"},
        {"int", 1, "signed char"},  {"uint", 1, "unsigned char"},  {"int", 2, "short"},
        {"uint", 2, "unsigned short"}, {"int", 4, "int"},          {"uint", 4, "unsigned int"},
        {"int", 8, "long long"},    {"uint", 8, "unsigned long long"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].size == size && strcmp(rows[i].kind, kind) == 0) {
            return rows[i].words;
        }
    }
    return NULL;
}

void cw_type_spell(const json_t *type, struct cw_text *out) {
    const char *kind = json_string_value(json_object_get(type, "kind"));
    const char *name = json_string_value(json_object_get(type, "name"));
    int size = (int)json_integer_value(json_object_get(type, "size"));
    const char *words = kind ? number_words(kind, size) : NULL;
    if (words) {
        cw_text_add(out, words);
    } else if (kind && strcmp(kind, "pointer") == 0) {
        const json_t *to = json_object_get(type, "to");
        cw_text_add(out, json_is_true(json_object_get(type, "const")) ? "const " : "");
        if (to) {
            cw_type_spell(to, out);
        } else {
            cw_text_add(out, "void");
        }
        cw_text_add(out, " *");
    } else if (kind && strcmp(kind, "array") == 0) {
        cw_type_spell(json_object_get(type, "of"), out);
        cw_text_printf(out, "[%lld]", (long long)json_integer_value(json_object_get(type, "count")));
    } else {
        cw_text_add(out, name && *name ? name : "(unnamed type)");
    }
}
