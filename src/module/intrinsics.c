/* SPDX-License-Identifier: Apache-2.0 */
/* intrinsics.c: prints what is generated from intrinsics.def: the declarations that our CUDA headers call (header) and
 * the reference for people (reference). Both results are committed, so that neither building nor reading them needs
 * this program; a test runs it with the committed file's name, and then it only compares. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "module/module.h"

/* The groups of intrinsics.def in its order, each beginning at its first row. */
static const struct group {
    enum cw_intrinsic first;
    const char *title;
    const char *text;
} groups[] = {
    {CW_INTRINSIC_TID_X, "Special registers",
     "Values that never change during a thread's life (PTX ISA, \"Special Registers\")."},
    {CW_INTRINSIC_BARRIER, "Block barriers",
     "Every thread of the block that has not exited takes part; a thread that has exited counts as arrived. Memory "
     "accesses before a barrier are visible to the block behind it (CUDA C++ Programming Guide, \"Synchronization "
     "Functions\"; PTX ISA, \"bar, barrier\")."},
    {CW_INTRINSIC_CLUSTER_NCTAID_X, "Thread block clusters",
     "Blocks that run at the same time and reach each other's shared memory (CUDA C++ Programming Guide, \"Thread Block Clusters\", "
     "\"Distributed Shared Memory\"; PTX ISA, `barrier.cluster`, `mapa`, `getctarank`). In a launch without clusters each block is one of "
     "its own, and so it is on targets that have none."},
    {CW_INTRINSIC_WARP_SYNC, "Warp collectives",
     "The first operand `mask` names the lanes that take part; each of them must come to the same call with the same mask. "
     "Lanes that have exited, or that the block does not have, count as arrived and contribute nothing (CUDA C++ "
     "Programming Guide, \"Warp Vote\", \"Warp Match\", \"Warp Reduce\" and \"Warp Shuffle Functions\"). Values of 64 bits "
     "are moved whole."},
    {CW_INTRINSIC_YIELD, "Forward progress", "Passes insert these; sources do not call them."},
    {CW_INTRINSIC_IS_SHARED, "Address spaces",
     "Predicates of a generic pointer, 1 or 0 (CUDA C++ Programming Guide, \"Address Space Predicate Functions\")."},
    {CW_INTRINSIC_CLOCK, "Time", "CUDA C++ Programming Guide, \"Time Function\"; PTX ISA, `%clock64`, `%globaltimer`."},
    {CW_INTRINSIC_TRAP, "Ends of a launch",
     "CUDA C++ Programming Guide, \"Trap function\", \"Breakpoint Function\", \"Assertion\"."},
    {CW_INTRINSIC_VPRINTF, "Output and the device heap",
     "CUDA C++ Programming Guide, \"Formatted Output\", \"Dynamic Global Memory Allocation and Operations\"."},
    {CW_INTRINSIC_TEXTURE_FETCH, "Textures and surfaces",
     "CUDA C++ Programming Guide, \"Texture Functions\", \"Surface Functions\", \"Texture Fetching\"; PTX ISA, `tex`, `tld4`, "
     "`suld`, `sust`. `kind` is a constant, with the numbers of `cudaTextureType1D` and so on: 1, 2, 3 dimensions, 12 "
     "cubemap, 241 and 242 layered, 252 layered cubemap; operands that a kind has no use for are 0. A texture read stores "
     "four 32-bit channels, float or integer as the texture says; channels that it lacks are 0, 0 and 1."},
};

enum { GROUP_COUNT = sizeof(groups) / sizeof(groups[0]) };

/* The group that begins at row `i`, or NULL. */
static const struct group *group_at(unsigned i) {
    for (unsigned g = 0; g < GROUP_COUNT; g++) {
        if ((unsigned)groups[g].first == i) {
            return &groups[g];
        }
    }
    return NULL;
}

static const char *c_type(char letter) {
    switch (letter) {
    case 'v':
        return "void";
    case 'i':
        return "int";
    case 'l':
        return "long long";
    case 'f':
        return "float";
    case 'p':
        return "void *";
    case 'z':
        return "__SIZE_TYPE__";
    default:
        fprintf(stderr, "cw-intrinsics: intrinsics.def: unknown letter '%c' in a signature\n", letter);
        exit(1);
    }
}

static void add_parameters(struct cw_text *out, const struct cw_intrinsic_info *info) {
    const char *first = info->signature + 1;
    cw_text_add(out, "(");
    for (const char *at = first; *at != '\0'; at++) {
        /* What is pure only looks at a pointer. */
        bool constant = *at == 'p' && (info->effects & CW_EFFECT_PURE) != 0;
        cw_text_printf(out, "%s%s%s", at == first ? "" : ", ", constant ? "const " : "", c_type(*at));
    }
    cw_text_add(out, *first == '\0' ? "void)" : ")");
}

/* ---- The device header --------------------------------------------------------------------------------------- */

/* Rows with names of their own ("malloc") are declared by the CUDA headers, with their own types. */
static bool in_header(const struct cw_intrinsic_info *info) {
    return strncmp(info->text, "cw.", 3) == 0;
}

static void add_declaration(struct cw_text *out, const struct cw_intrinsic_info *info) {
    const char *result = c_type(info->signature[0]);
    cw_text_printf(out, "/* %s */\n", info->doc);
    cw_text_printf(out, "extern \"C\" __attribute__((device)) %s%s__cw_", result,
                   strchr(result, '*') != NULL ? "" : " ");
    for (const char *at = info->text + 3; *at != '\0'; at++) {
        cw_text_append(out, *at == '.' ? "_" : at, 1);
    }
    add_parameters(out, info);
    cw_text_printf(out, " __asm__(\"%s\")\n    __attribute__((nothrow, %s%s%s));\n", info->text,
                   info->effects & CW_EFFECT_CONVERGENT ? "convergent" : "noconvergent",
                   info->effects & CW_EFFECT_PURE ? ", const" : "",
                   info->effects & CW_EFFECT_NORETURN ? ", noreturn" : "");
}

static void write_header(struct cw_text *out) {
    cw_text_add(
        out, "/* SPDX-License-Identifier: Apache-2.0 */\n"
             "/*\n"
             " * intrinsics.h: device functions that the compiler knows. Generated from src/module/intrinsics.def by\n"
             " * cw-intrinsics: change that table, then build the target `intrinsics`.\n"
             " *\n"
             " * They serve our own CUDA headers; programs use CUDA's names.\n"
             " */\n"
             "#ifndef CW_CUDA_INTRINSICS_H\n"
             "#define CW_CUDA_INTRINSICS_H\n"
             "#if defined(__CUDA__) && defined(__clang__)\n");
    for (unsigned i = 0; i < CW_INTRINSIC_COUNT; i++) {
        const struct group *group = group_at(i);
        if (group != NULL && in_header(&cw_intrinsics[i])) {
            cw_text_printf(out, "\n/* ---- %s ---- */\n\n", group->title);
        }
        if (in_header(&cw_intrinsics[i])) {
            add_declaration(out, &cw_intrinsics[i]);
        }
    }
    cw_text_add(out, "\n#endif\n#endif\n");
}

/* ---- The reference ------------------------------------------------------------------------------------------- */

static const char *feature_text(uint32_t feature) {
    switch (feature) {
#define X(name, text)                                                                                                  \
    case name:                                                                                                         \
        return text;
        CW_FEATURE_LIST(X)
#undef X
    default:
        return "";
    }
}

static void add_effects(struct cw_text *out, uint32_t effects) {
    static const struct {
        uint32_t effect;
        const char *text;
    } names[] = {
        {CW_EFFECT_PURE, "pure"},         {CW_EFFECT_MEMORY, "memory"},     {CW_EFFECT_CONVERGENT, "convergent"},
        {CW_EFFECT_SUSPENDS, "suspends"}, {CW_EFFECT_NORETURN, "noreturn"},
    };
    const char *separator = "";
    for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (effects & names[i].effect) {
            cw_text_printf(out, "%s%s", separator, names[i].text);
            separator = ", ";
        }
    }
}

/* A cell of a Markdown table: '|' would end it, '*' and '_' would be markup. */
static void add_cell(struct cw_text *out, const char *string) {
    for (const char *at = string; *at != '\0'; at++) {
        if (strchr("|*_<>\\", *at) != NULL) {
            cw_text_add(out, "\\");
        }
        cw_text_append(out, at, 1);
    }
}

static void add_row(struct cw_text *out, const struct cw_intrinsic_info *info) {
    const char *result = c_type(info->signature[0]);
    cw_text_printf(out, "| `%s%s", result, strchr(result, '*') != NULL ? "" : " ");
    cw_text_add(out, info->text);
    add_parameters(out, info);
    cw_text_add(out, "` | ");
    add_effects(out, info->effects);
    cw_text_printf(out, " | %s | ", feature_text(info->feature));
    add_cell(out, info->doc);
    cw_text_add(out, " |\n");
}

static void write_reference(struct cw_text *out) {
    cw_text_add(
        out, "<!-- SPDX-License-Identifier: Apache-2.0 -->\n"
             "<!-- Generated from src/module/intrinsics.def by cw-intrinsics: change that table, then build the "
             "target `intrinsics`. -->\n"
             "# Intrinsics of a kernel module\n\n"
             "A kernel module is LLVM IR plus this closed set of functions. A module calls nothing else that it does "
             "not define, but for\nthe LLVM intrinsics that `src/module/llvm_intrinsics.def` allows and the math "
             "functions of `src/module/math.def`.\nEvery target lowers all of them or refuses a kernel by the name of "
             "what it cannot express.\n\n"
             "Types: `int` is 32 bits, `long long` 64 bits, either signedness; `void *` a generic pointer; "
             "`__SIZE_TYPE__` the\ndevice's `size_t`. Device code reaches a function `cw.a.b` as `__cw_a_b` of "
             "`include/cuda/cw/intrinsics.h`; those without\nthe prefix `cw.` have the names that CUDA's compilers "
             "give them.\n\n"
             "Effects:\n\n"
             "- *pure*: reads nothing that changes during a thread's life; calls may be merged and moved.\n"
             "- *memory*: may read and write memory.\n"
             "- *convergent*: who takes part depends on control flow, so a call must not move across divergent "
             "branches.\n"
             "- *suspends*: the thread may have to wait for others.\n"
             "- *noreturn*: does not return.\n\n"
             "*Feature* is what a use sets in the kernel table's `features`, which `cuda-wasm inspect` shows.\n");
    for (unsigned i = 0; i < CW_INTRINSIC_COUNT; i++) {
        const struct group *group = group_at(i);
        if (group != NULL) {
            cw_text_printf(out, "\n## %s\n\n%s\n\n| function | effects | feature | meaning |\n|---|---|---|---|\n",
                           group->title, group->text);
        }
        add_row(out, &cw_intrinsics[i]);
    }
}

static int compare(const struct cw_text *fresh, const char *path) {
    struct cw_text committed = {0};
    if (cw_file_read(path, &committed) != CW_OK) {
        fprintf(stderr, "cw-intrinsics: %s can't be read\n", path);
        return 1;
    }
    bool same = fresh->size == committed.size && memcmp(fresh->data, committed.data, fresh->size) == 0;
    cw_text_fini(&committed);
    if (!same) {
        fprintf(stderr, "cw-intrinsics: %s is not what intrinsics.def gives; build the target `intrinsics`\n", path);
    }
    return same ? 0 : 1;
}

int main(int argc, char **argv) {
    struct cw_text out = {0};
    bool header = argc >= 2 && strcmp(argv[1], "header") == 0;
    bool reference = argc >= 2 && strcmp(argv[1], "reference") == 0;
    bool comparing = argc == 4 && strcmp(argv[2], "--compare") == 0;
    bool writing = argc == 4 && strcmp(argv[2], "--write") == 0;
    if ((!header && !reference) || (argc != 2 && !comparing && !writing)) {
        fputs("usage: cw-intrinsics header|reference [--compare FILE | --write FILE]\n", stderr);
        return 2;
    }
    int result = 0;
    if (header) {
        write_header(&out);
    } else {
        write_reference(&out);
    }
    if (comparing) {
        result = compare(&out, argv[3]);
    } else if (writing) {
        if (cw_file_write(argv[3], out.data, out.size, 0) != CW_OK) {
            fprintf(stderr, "cw-intrinsics: %s can't be written\n", argv[3]);
            result = 1;
        }
    } else if (fwrite(out.data, 1, out.size, stdout) != out.size || fflush(stdout) != 0) {
        result = 1;
    }
    cw_text_fini(&out);
    return result;
}
