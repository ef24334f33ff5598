/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text.c: what is said otherwise to a native compiler of WGSL than to a browser's.
 *
 * Arguments in a uniform buffer have to be written to it, which wgpu does with a buffer, a copy and a barrier of its own before each
 * submission; immediates (Vulkan's push constants) go with the launch. And naga knows integers of 64 bits. Both are wgpu's
 * extensions of WGSL; a device that lacks them gets the text as it is. How a grid is folded is a pipeline constant rather than an argument.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/webgpu/artifact.h"
#include "backend/webgpu/webgpu.h"
#include "base/text.h"

#define ARGUMENTS_BINDING "@group(0) @binding(1) var<uniform> "
#define LAUNCH_BINDING "@group(0) @binding(2) var<uniform> "
#define CONSTANTS                                                                                                      \
    "@group(1) @binding(0) var<uniform> constants: array<vec4<u32>, %u>;\n" CW_WGSL_CONSTANT_WORD                      \
    "    let four = constants[i >> 2u];\n"                                                                             \
    "    return select(select(four.x, four.y, (i & 1u) != 0u), select(four.z, four.w, (i & 1u) != 0u), (i & 2u) != 0u);\n"
#define MULTIPLY "    return u32((u64(a) * u64(b)) >> 32u);\n"

/* A binding's declaration "HEAD NAME: TYPE;" and where it ends. */
struct binding {
    const char *start, *end;
    const char *name, *type;
    size_t name_length, type_length;
};

static struct binding find_binding(const char *text, const char *head) {
    struct binding b = {.start = strstr(text, head)};
    const char *colon = b.start ? strchr(b.start, ':') : NULL;
    const char *end = colon ? strchr(colon, ';') : NULL;
    if (!end) return (struct binding){0};
    b.name = b.start + strlen(head);
    b.name_length = (size_t)(colon - b.name);
    b.type = colon + 2;
    b.type_length = (size_t)(end - b.type);
    b.end = end + 1;
    return b;
}

static bool is_word(char c) {
    return isalnum((unsigned char)c) || c == '_';
}

static bool is_binding(const struct binding *b, const char *word, size_t length) {
    return b->start && b->name_length == length && strncmp(b->name, word, length) == 0;
}

static void with_immediates(const char *text, struct cw_text *out) {
    struct binding arguments = find_binding(text, ARGUMENTS_BINDING), launch = find_binding(text, LAUNCH_BINDING);
    const char *first = arguments.start && (!launch.start || arguments.start < launch.start) ? arguments.start : launch.start;
    for (const char *c = text; *c;) {
        if (c == arguments.start || c == launch.start) {
            if (c == first) {
                cw_text_add(out, "struct Immediates {\n    launch: Launch,\n");
                if (arguments.start) cw_text_printf(out, "    %.*s: %.*s,\n", (int)arguments.name_length, arguments.name, (int)arguments.type_length, arguments.type);
                cw_text_add(out, "}\nvar<immediate> immediates: Immediates;");
            }
            c = c == arguments.start ? arguments.end : launch.end;
            continue;
        }
        if (!isalpha((unsigned char)*c) && *c != '_') {
            /* Numbers and members are passed over whole. */
            if (isdigit((unsigned char)*c) || *c == '.') {
                const char *from = c++;
                while (is_word(*c)) c++;
                cw_text_append(out, from, (size_t)(c - from));
            } else {
                cw_text_append(out, c++, 1);
            }
            continue;
        }
        const char *word = c;
        while (is_word(*c)) c++;
        size_t length = (size_t)(c - word);
        if (*c == '.' && (is_binding(&arguments, word, length) || is_binding(&launch, word, length))) cw_text_add(out, "immediates.");
        cw_text_append(out, word, length);
    }
}

/* The function that begins with `head` becomes `body`, up to its "}". */
static void replace_function(struct cw_text *text, const char *head, const char *body) {
    const char *whole = cw_text_string(text), *start = strstr(whole, head);
    const char *end = start ? strstr(start, "\n}\n") : NULL;
    struct cw_text out = {0};
    if (!end) return;
    cw_text_append(&out, whole, (size_t)(start - whole));
    cw_text_add(&out, body);
    cw_text_add(&out, end + 1);
    cw_text_fini(text);
    *text = out;
}

/* Every `from` becomes `to`. */
static void replace_all(struct cw_text *text, const char *from, const char *to) {
    struct cw_text out = {0};
    const char *at = cw_text_string(text);
    for (const char *next; (next = strstr(at, from)) != NULL; at = next + strlen(from)) {
        cw_text_append(&out, at, (size_t)(next - at));
        cw_text_add(&out, to);
    }
    cw_text_add(&out, at);
    cw_text_fini(text);
    *text = out;
}

/* Known when the pipeline is made, how the grid is folded costs a kernel next to nothing. */
bool cw_webgpu_text_folds(const char *text) {
    return strstr(text, CW_WGSL_FOLDED) && strstr(text, CW_WGSL_DEEP);
}

bool cw_webgpu_reads_constants(const char *text) {
    return strstr(text, CW_WGSL_CONSTANT_WORD) != NULL;
}

char *cw_webgpu_native_text(const char *text, bool immediates, bool int64, uint32_t constant_bytes) {
    struct cw_text out = {0};
    if (cw_webgpu_text_folds(text)) cw_text_add(&out, "override " CW_WEBGPU_FOLDED ": u32;\noverride " CW_WEBGPU_FLAT ": bool;\n");
    cw_text_add(&out, text);
    if (cw_webgpu_text_folds(text)) {
        replace_all(&out, CW_WGSL_FOLDED, CW_WEBGPU_FOLDED);
        replace_all(&out, CW_WGSL_DEEP, "!" CW_WEBGPU_FLAT);
    }
    if (int64) replace_function(&out, CW_WGSL_MULTIPLY_HIGH, CW_WGSL_MULTIPLY_HIGH MULTIPLY);
    if (constant_bytes) {
        char body[600];
        snprintf(body, sizeof body, CONSTANTS, (constant_bytes + 15) / 16);
        replace_function(&out, CW_WGSL_CONSTANT_WORD, body);
    }
    if (immediates) {
        struct cw_text other = {0};
        with_immediates(cw_text_string(&out), &other);
        cw_text_fini(&out);
        out = other;
    }
    return cw_text_take(&out, NULL);
}
