/* SPDX-License-Identifier: Apache-2.0 */
#include "frontend/cuda/architecture.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "frontend/cuda/option_table.h"

enum { ARCHITECTURES_MAX = sizeof((struct cw_cuda_options *)0)->architectures / sizeof(unsigned) };

/* The oldest architecture of CUDA 12: 5.0. */
#define OLDEST 50u

static void note(struct cw_cuda_options *options, unsigned architecture) {
    unsigned *list = options->architectures;
    size_t at = 0;
    while (at < options->architecture_count && list[at] < architecture) {
        at++;
    }
    bool known = at < options->architecture_count && list[at] == architecture;
    if (!known && options->architecture_count < ARCHITECTURES_MAX) {
        memmove(&list[at + 1], &list[at], (options->architecture_count - at) * sizeof *list);
        list[at] = architecture;
        options->architecture_count++;
    }
    options->architecture = list[0];
    for (size_t i = 0; i < options->architecture_count && list[i] <= CW_ARCHITECTURE_DEFAULT; i++) {
        options->architecture = list[i];
    }
}

/* One name: prefix, two or three digits, perhaps 'a' or 'f' for features of one family. */
static bool add_name(struct cw_cuda_options *options, const char *name) {
    static const char *const all[] = {"native", "all", "all-major"};
    static const char *const prefixes[] = {"sm_", "compute_", "lto_"};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (strcmp(name, all[i]) == 0) {
            note(options, CW_ARCHITECTURE_DEFAULT);
            options->native |= i == 0;
            return true;
        }
    }
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        size_t size = strlen(prefixes[i]);
        if (strncmp(name, prefixes[i], size) != 0) {
            continue;
        }
        char *end;
        unsigned long number = isdigit((unsigned char)name[size]) ? strtoul(name + size, &end, 10) : 0;
        if (number < 10 || number > 999 || (*end && strcmp(end, "a") != 0 && strcmp(end, "f") != 0)) {
            return false;
        }
        /* What CUDA 12 can't compile for any more says nothing about what the source needs. */
        note(options, number < OLDEST ? CW_ARCHITECTURE_DEFAULT : (unsigned)number * 10);
        return true;
    }
    return false;
}

bool cw_architecture_add(struct cw_cuda_options *options, const char *value) {
    struct cw_strings names = {0};
    char *plain = cw_strdup(value), *end = plain;
    for (const char *at = value; *at; at++) {
        if (*at != '"') {
            *end++ = *at; /* makefiles write code=\"sm_80,compute_80\" */
        }
    }
    *end = '\0';
    cw_option_pieces(&names, plain);
    free(plain);
    bool known = names.count > 0;
    for (size_t i = 0; i < names.count && known; i++) {
        char *name = names.items[i];
        size_t size = strlen(name);
        if (size > 0 && name[size - 1] == ']') {
            name[size - 1] = '\0';
        }
        known = add_name(options, name[0] == '[' ? name + 1 : name);
    }
    cw_strings_fini(&names);
    return known;
}

bool cw_architecture_add_pair(struct cw_cuda_options *options, const char *value) {
    const char *arch = strstr(value, "arch="), *code = strstr(value, "code=");
    if (!arch) {
        return false;
    }
    arch += strlen("arch=");
    char *name = cw_strndup(arch, strcspn(arch, ", "));
    bool known = add_name(options, name) && (!code || cw_architecture_add(options, code + strlen("code=")));
    free(name);
    return known;
}

void cw_architecture_macros(struct cw_strings *argv, const struct cw_cuda_options *options, bool device) {
    if (device && options->architecture && options->architecture != CW_ARCHITECTURE_DEFAULT) {
        cw_strings_add(argv, "-U__CUDA_ARCH__");
        cw_strings_addf(argv, "-D__CUDA_ARCH__=%u", options->architecture);
    }
    bool usual = options->architecture_count == 0 ||
                 (options->architecture_count == 1 && options->architectures[0] == CW_ARCHITECTURE_DEFAULT);
    if (usual) {
        return; /* clang's own definition says that */
    }
    struct cw_text list = {0};
    for (size_t i = 0; i < options->architecture_count; i++) {
        cw_text_printf(&list, "%s%u", i ? "," : "", options->architectures[i]);
    }
    cw_strings_add(argv, "-U__CUDA_ARCH_LIST__"); /* clang's own */
    cw_strings_addf(argv, "-D__CUDA_ARCH_LIST__=%s", cw_text_string(&list));
    cw_text_fini(&list);
}

void cw_architecture_list(struct cw_text *out, bool code) {
    static const unsigned known[] = {50, 52, 53, 60, 61, 62, 70, 72, 75, 80, 86, 87, 89, 90, 100, 101, 103, 120, 121};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        cw_text_printf(out, "%s%u\n", code ? "sm_" : "compute_", known[i]);
    }
}
