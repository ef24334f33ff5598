/* SPDX-License-Identifier: Apache-2.0 */
#include "tool/library_text.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "tool/signature.h"

/* ---- Names ---------------------------------------------------------------------------------------------------------- */

char *cw_library_identifier(const char *name) {
    struct cw_text text = {0};
    bool gap = false;
    for (; *name; name++) {
        if (!isalnum((unsigned char)*name) && *name != '_' && *name != '$') {
            gap = text.size > 0;
            continue;
        }
        if (gap) {
            cw_text_add(&text, "_");
        }
        gap = false;
        if (text.size == 0 && isdigit((unsigned char)*name)) {
            cw_text_add(&text, "_");
        }
        cw_text_append(&text, name, 1);
    }
    char *identifier = cw_strdup(cw_text_string(&text));
    cw_text_fini(&text);
    return identifier;
}

bool cw_library_reserved(const char *name) {
    static const char *const words[] = {"array", "variable", "synchronize", "reset", "memory", "close", "threads", "then", "device", "time",
                                        "constructor", "__proto__"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(name, words[i]) == 0) {
            return true;
        }
    }
    return false;
}

static const char *text_of(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static long long number_of(const json_t *object, const char *key) {
    return (long long)json_integer_value(json_object_get(object, key));
}

/* ---- JavaScript ----------------------------------------------------------------------------------------------------- */

void cw_library_module(struct cw_text *out, const json_t *table, const char *source, const char *name) {
    char *json = json_dumps(table, JSON_COMPACT);
    bool gpu = json_is_true(json_object_get(table, "gpu"));
    cw_text_printf(out,
                   "// The kernels of %s, compiled by cuda-wasm build --lib. Types and documentation: %s.d.ts.\n"
                   "import {CudaError, DeviceArray, loadKernels} from \"./runtime/index.js\";\n"
                   "\n"
                   "const table = %s;\n"
                   "\n"
                   "export {CudaError, DeviceArray};\n"
                   "export const load = (options) => loadKernels(table, options?.wasm ?? new URL(\"./%s.wasm\", import.meta.url), "
                   "options%s%s%s);\n"
                   "export default load;\n",
                   source, name, json, name, gpu ? ", new URL(\"./" : "", gpu ? name : "", gpu ? ".gpu\", import.meta.url)" : "");
    free(json);
}

/* ---- TypeScript ----------------------------------------------------------------------------------------------------- */

static const struct {
    const char *kind;
    int size;
    const char *array;
} arrays[] = {
    {"float", 2, "Uint16Array"},    {"float", 4, "Float32Array"},    {"float", 8, "Float64Array"}, {"int", 1, "Int8Array"},
    {"uint", 1, "Uint8Array"},      {"int", 2, "Int16Array"},        {"uint", 2, "Uint16Array"},   {"int", 4, "Int32Array"},
    {"uint", 4, "Uint32Array"},     {"int", 8, "BigInt64Array"},     {"uint", 8, "BigUint64Array"}, {"bool", 1, "Uint8Array"},
};

/* The number type that a type is made of, NULL when there are several (web/src/types.js, scalar). */
static const json_t *scalar(const json_t *type) {
    const char *kind = text_of(type, "kind");
    if (strcmp(kind, "array") == 0) {
        return scalar(json_object_get(type, "of"));
    }
    if (strcmp(kind, "struct") != 0) {
        for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++) {
            if (strcmp(arrays[i].kind, kind) == 0) {
                return type;
            }
        }
        return NULL;
    }
    const json_t *fields = json_object_get(type, "fields"), *first = NULL;
    for (size_t i = 0; i < json_array_size(fields); i++) {
        const json_t *field = scalar(json_object_get(json_array_get(fields, i), "type"));
        if (!field || (first && (strcmp(text_of(first, "kind"), text_of(field, "kind")) != 0 ||
                                 number_of(first, "size") != number_of(field, "size")))) {
            return NULL;
        }
        first = field;
    }
    return first;
}

static void add_array_class(struct cw_text *out, const json_t *type) {
    const json_t *element = scalar(type);
    for (size_t i = 0; element && i < sizeof arrays / sizeof arrays[0]; i++) {
        if (arrays[i].size == number_of(element, "size") && strcmp(arrays[i].kind, text_of(element, "kind")) == 0) {
            cw_text_add(out, arrays[i].array);
            if (arrays[i].size == 1) {
                cw_text_add(out, " | Uint8ClampedArray");
            }
            return;
        }
    }
    cw_text_add(out, "Uint8Array");
}

static void add_type(struct cw_text *out, const json_t *type) {
    const char *kind = text_of(type, "kind");
    if (strcmp(kind, "pointer") == 0) {
        const json_t *to = json_object_get(type, "to");
        cw_text_add(out, "Pointer");
        if (to) {
            cw_text_add(out, "<");
            add_array_class(out, to);
            cw_text_add(out, ">");
        }
    } else if (strcmp(kind, "struct") == 0) {
        const json_t *fields = json_object_get(type, "fields");
        cw_text_add(out, "{");
        for (size_t i = 0; i < json_array_size(fields); i++) {
            const json_t *field = json_array_get(fields, i);
            cw_text_printf(out, "%s%s: ", i ? "; " : "", text_of(field, "name"));
            add_type(out, json_object_get(field, "type"));
        }
        cw_text_add(out, "}");
    } else if (strcmp(kind, "array") == 0) {
        cw_text_add(out, "ArrayLike<");
        add_type(out, json_object_get(type, "of"));
        cw_text_add(out, ">");
    } else if (strcmp(kind, "bool") == 0) {
        cw_text_add(out, "boolean");
    } else if (strcmp(kind, "float") == 0 || number_of(type, "size") < 8) {
        cw_text_add(out, scalar(type) ? "number" : "Uint8Array");
    } else {
        cw_text_add(out, scalar(type) ? "number | bigint" : "Uint8Array");
    }
}

/* The name of a parameter; JavaScript's words can't be one. */
static void add_parameter_name(struct cw_text *out, const char *name, size_t index) {
    static const char *const words[] = {"in", "function", "var", "let", "const", "with", "delete", "typeof", "yield", "await",
                                        "new", "this", "null", "export", "import", "class", "super", "arguments", "eval"};
    if (!*name) {
        cw_text_printf(out, "argument%zu", index + 1);
        return;
    }
    cw_text_add(out, name);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(name, words[i]) == 0) {
            cw_text_add(out, "_");
        }
    }
}

static void add_kernel(struct cw_text *out, const json_t *kernel, const char *source) {
    const json_t *parameters = json_object_get(kernel, "parameters");
    cw_text_printf(out, "    /**\n     * %s, line %lld:\n     * `(", source, number_of(kernel, "line"));
    for (size_t i = 0; i < json_array_size(parameters); i++) {
        const json_t *parameter = json_array_get(parameters, i);
        cw_text_add(out, i ? ", " : "");
        cw_type_spell(json_object_get(parameter, "type"), out);
        bool joined = out->size > 0 && out->data[out->size - 1] == '*';
        cw_text_printf(out, "%s%s", joined ? "" : " ", text_of(parameter, "name"));
    }
    cw_text_add(out, ")`\n");
    if (number_of(kernel, "maxThreads") > 0) {
        cw_text_printf(out, "     * Blocks have at most %lld threads.\n", number_of(kernel, "maxThreads"));
    }
    cw_text_printf(out, "     */\n    %s(launch: Launch", text_of(kernel, "name"));
    for (size_t i = 0; i < json_array_size(parameters); i++) {
        const json_t *parameter = json_array_get(parameters, i);
        cw_text_add(out, ", ");
        add_parameter_name(out, text_of(parameter, "name"), i);
        cw_text_add(out, ": ");
        add_type(out, json_object_get(parameter, "type"));
    }
    cw_text_add(out, "): Promise<void>;\n");
}

void cw_library_types(struct cw_text *out, const json_t *table, const char *source) {
    const json_t *kernels = json_object_get(table, "kernels");
    cw_text_printf(out,
                   "// The kernels of %s, compiled by cuda-wasm build --lib.\n"
                   "import type {Launch, LoadOptions, Module, Pointer} from \"./runtime/index.js\";\n"
                   "\n"
                   "export {CudaError, DeviceArray} from \"./runtime/index.js\";\n"
                   "export type {Dimensions, Launch, LoadOptions, Module, Pointer, TypedArray} from \"./runtime/index.js\";\n"
                   "\n"
                   "/** Launches take the shape of the grid first, then the kernel's arguments; they run in order. */\n"
                   "export interface Kernels extends Module {\n",
                   source);
    for (size_t i = 0; i < json_array_size(kernels); i++) {
        add_kernel(out, json_array_get(kernels, i), source);
    }
    cw_text_add(out,
                "}\n"
                "\n"
                "/** Loads the WebAssembly beside this module, or what `wasm` says: a URL, its bytes, or a compiled module. */\n"
                "export function load(options?: LoadOptions & {wasm?: URL | string | BufferSource | WebAssembly.Module}): "
                "Promise<Kernels>;\n"
                "export default load;\n");
}
