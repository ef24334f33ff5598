/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ptx_test.c: tests of the PTX front end, over files.
 *
 *   ptx-test constraint FILE...   Each line that ends in `// error: TEXT` or `// warning: TEXT` gets one such diagnostic, whose
 *                                 sentence or section holds TEXT; no other line gets any. Several are separated by ` && `.
 *                                 A line that begins with `// Another module:` ends a module; another begins.
 *   ptx-test sections FOLDER LIST Each section of the list has its constraint test; each section of an instruction is there.
 *   ptx-test round FILE...        The file is read without errors, printed, read again: equal, and printed the same again.
 *   ptx-test golden FILE EXPECTED The file is printed exactly so.
 *   ptx-test truncate FILE...     Each beginning of the file is read, or refused with an error; nothing else happens.
 *   ptx-test hostile all          Texts that are deep, long or greedy, made here, are read or refused in little time and memory.
 *   ptx-test corpus FILE          Each input of the fuzzer (tests/fuzz/ptx.corpus) as the fuzzer tries it.
 *   ptx-test inline all           Texts of asm() statements: what they are printed as, or what is said about them.
 *   ptx-test show FILE...         What is said about the files, for people.
 *
 * Names of folders stand for the .ptx files in them. The last line says how many files were tested.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "frontend/ptx/ast.h"
#include "frontend/ptx/table.h"

static unsigned files, failures;

static void fail(const char *path, unsigned line, const char *what, const char *detail) {
    printf("%s:%u: %s: %s\n", path, line, what, detail);
    failures++;
}

/* ---- constraint ---------------------------------------------------------------------------------------------- */

struct expectation {
    unsigned line;
    bool warning, met;
    char text[256];
};

static size_t read_expectations(const char *text, struct expectation *list, size_t most) {
    size_t count = 0;
    unsigned line = 1;
    for (const char *p = text; *p != '\0';) {
        const char *end = strchrnul(p, '\n');
        const char *comment = memmem(p, (size_t)(end - p), "// ", 3);
        while (comment != NULL && comment < end && count < most) {
            bool warning = strncmp(comment + 3, "warning: ", 9) == 0;
            if (!warning && strncmp(comment + 3, "error: ", 7) != 0) {
                break;
            }
            const char *begin = comment + 3 + (warning ? 9 : 7);
            const char *stop = memmem(begin, (size_t)(end - begin), " && ", 4);
            size_t length = (size_t)((stop != NULL ? stop : end) - begin);
            struct expectation *item = &list[count++];
            *item = (struct expectation){.line = line, .warning = warning};
            memcpy(item->text, begin, length < sizeof(item->text) - 1 ? length : sizeof(item->text) - 1);
            comment = stop != NULL ? stop + 1 : NULL;
        }
        p = *end == '\0' ? end : end + 1;
        line++;
    }
    return count;
}

/* Meets the expectations with what is said about one module. */
static void test_module(const char *path, const char *text, size_t size, struct expectation *list, size_t count) {
    struct cw_ptx_diagnostics diagnostics = {0};
    struct cw_ptx_module *module = cw_ptx_parse(text, size, path, &diagnostics);
    for (size_t i = 0; i < diagnostics.count; i++) {
        const struct cw_ptx_diagnostic *item = &diagnostics.items[i];
        char all[1024];
        snprintf(all, sizeof(all), "%s (PTX ISA %s)", item->message, item->section);
        size_t k = 0;
        while (k < count && (list[k].met || list[k].line != item->span.line || list[k].warning != item->warning ||
                             strstr(all, list[k].text) == NULL)) {
            k++;
        }
        if (k == count) {
            fail(path, item->span.line, item->warning ? "unexpected warning" : "unexpected error", all);
        } else {
            list[k].met = true;
        }
    }
    if ((module == NULL) != (diagnostics.errors > 0)) {
        fail(path, 0, "inconsistent", "a module is given exactly when there are no errors");
    }
    cw_ptx_module_free(module);
    cw_ptx_diagnostics_fini(&diagnostics);
}

static void test_constraint(const char *path, const struct cw_text *text) {
    static struct expectation list[2000];
    static const char separator[] = "// Another module:";
    size_t count = read_expectations(cw_text_string(text), list, sizeof(list) / sizeof(list[0]));
    struct cw_text part = {0};
    for (const char *p = cw_text_string(text); p != NULL;) {
        const char *next = strstr(p, separator), *end = next != NULL ? next : strchr(p, '\0');
        cw_text_append(&part, p, (size_t)(end - p));
        test_module(path, cw_text_string(&part), part.size, list, count);
        /* The lines keep their numbers: what was tested becomes empty lines. */
        size_t lines = 0;
        for (const char *c = cw_text_string(&part); *c != '\0'; c++) {
            lines += *c == '\n';
        }
        cw_text_fini(&part);
        for (size_t i = 0; i < lines; i++) {
            cw_text_add(&part, "\n");
        }
        p = next != NULL ? strchr(next, '\n') : NULL;
    }
    cw_text_fini(&part);
    for (size_t k = 0; k < count; k++) {
        if (!list[k].met) {
            fail(path, list[k].line, list[k].warning ? "missing warning" : "missing error", list[k].text);
        }
    }
}

/* ---- sections ------------------------------------------------------------------------------------------------ */

/* True if the file names a diagnostic of the section, or of the one that the list says instead. */
static bool names_section(const char *path, const char *section) {
    struct cw_text text = {0};
    char *wanted = cw_format("(PTX ISA %s)", section);
    bool named = cw_file_read(path, &text) == CW_OK && strstr(cw_text_string(&text), wanted) != NULL;
    free(wanted);
    cw_text_fini(&text);
    return named;
}

/* The list has a line for each section: its number, its file's name, and where nothing of the section's own can be wrong, the
 * section whose rule is tested there. Every section that a form of an instruction has is in the list. */
static void test_sections(const char *folder, const char *list_path) {
    struct cw_text list = {0};
    if (cw_file_read(list_path, &list) != CW_OK) {
        fail(list_path, 0, "sections", "can't be read");
        return;
    }
    unsigned line = 1;
    for (const char *p = cw_text_string(&list); *p != '\0'; line++) {
        char text[128] = "", section[32] = "", name[64] = "", other[32] = "";
        const char *end = strchrnul(p, '\n');
        memcpy(text, p, (size_t)(end - p) < sizeof(text) - 1 ? (size_t)(end - p) : sizeof(text) - 1);
        if (*p != '#' && sscanf(text, "%31s %63s %31s", section, name, other) >= 2) {
            char *path = cw_format("%s/s%s-%s.ptx", folder, section, name);
            if (!names_section(path, other[0] != '\0' ? other : section)) {
                fail(list_path, line, "no such test, or it expects no diagnostic of the section", path);
            }
            files++;
            free(path);
        }
        p = *end == '\0' ? end : end + 1;
    }
    const struct cw_ptx_tables *tables = cw_ptx_tables();
    for (unsigned i = 0; i < CW_PTX_FORM_COUNT; i++) {
        char *start = cw_format("\n%s ", tables->forms[i].section);
        if (strstr(cw_text_string(&list), start) == NULL) {
            fail(list_path, 0, "a section of instructions.def is not in the list", tables->forms[i].section);
        }
        free(start);
    }
    cw_text_fini(&list);
}

/* ---- round, golden, show ------------------------------------------------------------------------------------- */

static struct cw_ptx_module *read_module(const char *path, const char *text, size_t size, bool show) {
    struct cw_ptx_diagnostics diagnostics = {0};
    struct cw_ptx_module *module = cw_ptx_parse(text, size, path, &diagnostics);
    if (show || module == NULL) {
        struct cw_text out = {0};
        cw_ptx_diagnostics_render(&diagnostics, path, text, size, &out);
        fputs(cw_text_string(&out), stdout);
        cw_text_fini(&out);
    }
    cw_ptx_diagnostics_fini(&diagnostics);
    return module;
}

static void test_round(const char *path, const struct cw_text *text) {
    struct cw_ptx_module *first = read_module(path, cw_text_string(text), text->size, false);
    if (first == NULL) {
        fail(path, 0, "not read", "see above");
        return;
    }
    struct cw_text printed = {0}, again = {0};
    cw_ptx_print(first, &printed);
    struct cw_ptx_module *second = read_module("(printed)", cw_text_string(&printed), printed.size, false);
    if (second == NULL) {
        fail(path, 0, "its print is not read", "see above");
    } else {
        cw_ptx_print(second, &again);
        if (!cw_ptx_equal(first, second)) {
            fail(path, 0, "round trip", "what was printed and read again is not equal");
        }
        if (strcmp(cw_text_string(&printed), cw_text_string(&again)) != 0) {
            fail(path, 0, "round trip", "printed again, it differs");
        }
    }
    cw_text_fini(&printed);
    cw_text_fini(&again);
    cw_ptx_module_free(first);
    cw_ptx_module_free(second);
}

static void test_golden(const char *path, const char *expected_path) {
    struct cw_text text = {0}, expected = {0}, printed = {0};
    if (cw_file_read(path, &text) != CW_OK || cw_file_read(expected_path, &expected) != CW_OK) {
        fail(path, 0, "golden", "it or what it should print can't be read");
    } else {
        struct cw_ptx_module *module = read_module(path, cw_text_string(&text), text.size, false);
        if (module == NULL) {
            fail(path, 0, "not read", "see above");
        } else {
            cw_ptx_print(module, &printed);
            if (strcmp(cw_text_string(&printed), cw_text_string(&expected)) != 0) {
                printf("%s", cw_text_string(&printed));
                fail(path, 0, "golden", "the above is not what is expected");
            }
        }
        cw_ptx_module_free(module);
    }
    files++;
    cw_text_fini(&text);
    cw_text_fini(&expected);
    cw_text_fini(&printed);
}

/* ---- truncate, hostile --------------------------------------------------------------------------------------- */

/* Reads a text of which nothing is known but that it must not do harm. True if it was accepted. */
static bool read_quietly(const char *name, const char *text, size_t size) {
    struct cw_ptx_diagnostics diagnostics = {0};
    struct cw_ptx_module *module = cw_ptx_parse(text, size, name, &diagnostics);
    bool accepted = module != NULL;
    if (accepted == (diagnostics.errors > 0)) {
        fail(name, (unsigned)size, "inconsistent", "a module is given exactly when there are no errors");
    }
    cw_ptx_module_free(module);
    cw_ptx_diagnostics_fini(&diagnostics);
    return accepted;
}

static void test_truncate(const char *path, const struct cw_text *text) {
    for (size_t size = 0; size < text->size; size++) {
        /* A copy, so that a sanitizer sees reads behind the end. */
        char *copy = malloc(size + 1);
        memcpy(copy, cw_text_string(text), size);
        read_quietly(path, copy, size);
        free(copy);
    }
}

/* A module whose function's body is `before`, `count` times `unit`, `after`. */
static void test_repeated(const char *name, const char *before, const char *unit, unsigned count, const char *after,
                          bool accepted) {
    struct cw_text text = {0};
    cw_text_add(&text, ".version 8.3\n.target sm_80\n.entry k()\n{\n");
    cw_text_add(&text, before);
    for (unsigned i = 0; i < count; i++) {
        cw_text_add(&text, unit);
    }
    cw_text_add(&text, after);
    if (read_quietly(name, cw_text_string(&text), text.size) != accepted) {
        fail(name, 0, "hostile", accepted ? "it should be accepted" : "it should be refused");
    }
    files++;
    cw_text_fini(&text);
}

static void test_hostile(void) {
    enum { MANY = 200000 };
    test_repeated("blocks", "", "{", MANY, "", false);
    test_repeated("closed", "", "}", MANY, "", false);
    test_repeated("shallow blocks", "", "{}", MANY, "}", true);
    test_repeated("parentheses", ".reg .b32 r; mov.b32 r, ", "(", MANY, ";}", false);
    test_repeated("signs", ".reg .b32 r; mov.b32 r, ", "-", MANY, "1;}", false);
    test_repeated("choices", ".reg .b32 r; mov.b32 r, 1", "?1:1", MANY, ";}", false);
    test_repeated("sums", ".reg .b32 r; mov.b32 r, 1", "+1", MANY, ";}", true);
    test_repeated("semicolons", "", ";", MANY, "}", true);
    test_repeated("labels that repeat", "", "a:", MANY, "}", false);
    test_repeated("branches", "a:", "bra a;", MANY, "}", true);
    test_repeated("branches to nowhere", "", "bra a;", MANY, "}", false);
    test_repeated("long name", ".reg .b32 ", "x", MANY, ";}", true);
    test_repeated("long modifiers", "add", ".u32", MANY, ";}", false);
    test_repeated("long vector", ".reg .b64 r; mov.b64 r, {r", ",r", MANY, "};}", false);
    test_repeated("many operands", ".reg .b64 r; add.u64 r", ",r", MANY, ";}", false);
    test_repeated("dimensions", ".local .b8 a", "[2]", MANY, ";}", false);
    test_repeated("huge product", ".local .b8 a", "[1000000000]", 3, ";}", false);
    test_repeated("registers", ".reg .b32 %r<4294967295>; mov.b32 %r0, %r4294967294;", "mov.b32 %r1, %r2;", 10, "}",
                  true);
    test_repeated("many ranges", "", ".reg .b32 %a<9>;{", 90, "", false);
    test_repeated("variables by range", "", ".local .b8 a<1025>;", 1, "}", false);
    test_repeated("digits", ".reg .b64 r; mov.b64 r, 1", "0", MANY, ";}", false);
    test_repeated("comments", "", "/**/", MANY, "}", true);
    test_repeated("open comment", "", "/*", MANY, "}", false);
    test_repeated("nulls", "", "\1", MANY, "}", false);
}

/* ---- inline -------------------------------------------------------------------------------------------------- */

/* Operands: %0 to %2 of 32 bits, %3 of 64, %4 f32, %5 the constant -7. */
static const struct {
    bool dollars;
    const char *text;
    const char *printed; /* NULL: refused, and `said` is in the diagnostics */
    const char *said;
} inline_texts[] = {
    {false, "add.s32 %0, %1, %5;", "\tadd.s32 %0, %1, -7;\n", NULL},
    {true, "add.s32 $0, ${1}, $5;", "\tadd.s32 %0, %1, -7;\n", NULL},
    {false, "mov.u32 %0, %%tid.x;", "\tmov.u32 %0, %tid.x;\n", NULL},
    {true, "mov.u32 $0, %laneid; bra $$L; $$L:", "\tmov.u32 %0, %laneid;\n\tbra $L;\n$L:\n", NULL},
    {false, "{ .reg .pred p; setp.ne.s32 p, %1, 0; @p mov.b32 %0, %2; }",
     "\t{\n\t\t.reg .pred p;\n\t\tsetp.ne.s32 p, %1, 0;\n\t\t@p mov.b32 %0, %2;\n\t}\n", NULL},
    {false, "L%=: bra L%=;", "L0:\n\tbra L0;\n", NULL},
    {true, "L${:uid}: bra L${:uid};", "L0:\n\tbra L0;\n", NULL},
    {false, "ld.global.f32 %4, [%3+%5*4];", "\tld.global.f32 %4, [%3+-28];\n", NULL},
    {false, "ld.shared.u32 %0, [elsewhere+4];", "\tld.shared.u32 %0, [elsewhere+4];\n", NULL},
    {false, "bar.sync 0;;", "\tbar.sync 0;\n", NULL},
    {false, "// nothing", "", NULL},
    {false, "", "", NULL},
    {false, "add.f32 %0, %3, %4;", NULL,
     "asm:1:13: error: '%3' is .b64 where the instruction wants .f32 (PTX ISA 9.4)\n    add.f32 %0, %3, %4;\n                ^~\n"},
    {false, "mov.u32 %0, %9;", NULL, "'%9' is not declared"},
    {false, "ld.u32 %0, [%9];", NULL, "'%9' is not declared"},
    {false, "@q mov.u32 %0, 1;", NULL, "'q' is not declared"},
    {false, "selp.b32 %0, 1, 2, q;", NULL, "'q' is not declared in this asm statement"},
    {false, "{ mov.u32 %0, 1;", NULL, "expected '}', but the text ends here"},
    {false, "mov.u32 %0, 1; }", NULL, "expected a statement, found '}'"},
    {false, "bra away;", NULL, "no label 'away' can be reached from here"},
    {false, ".entry k() { ret; }", NULL, "expected a statement, found '.entry'"},
};

static void test_inline(void) {
    static const struct cw_ptx_inline_operand operands[] = {
        {.type = CW_PTX_B32}, {.type = CW_PTX_B32}, {.type = CW_PTX_B32},
        {.type = CW_PTX_B64}, {.type = CW_PTX_F32}, {.type = CW_PTX_B32, .constant = true, .value = -7}};
    for (size_t i = 0; i < sizeof(inline_texts) / sizeof(inline_texts[0]); i++, files++) {
        const char *text = inline_texts[i].text, *expected = inline_texts[i].printed;
        struct cw_ptx_diagnostics diagnostics = {0};
        struct cw_text out = {0};
        struct cw_ptx_module *module =
            cw_ptx_parse_inline(text, strlen(text), "asm", inline_texts[i].dollars, 0, 0, operands, 6, &diagnostics);
        if (module != NULL) {
            cw_ptx_print(module, &out);
            for (uint32_t k = 0; k < 6; k++) {
                if (module->inline_body->registers[k]->number != k) {
                    fail("asm", (unsigned)i, text, "the operands are not the first registers");
                }
            }
        } else {
            cw_ptx_diagnostics_render(&diagnostics, "asm", text, strlen(text), &out);
        }
        bool good = expected != NULL ? module != NULL && strcmp(cw_text_string(&out), expected) == 0
                                     : module == NULL && strstr(cw_text_string(&out), inline_texts[i].said) != NULL;
        if (!good) {
            fail("asm", (unsigned)i, text, cw_text_string(&out));
        }
        cw_ptx_module_free(module);
        cw_ptx_diagnostics_fini(&diagnostics);
        cw_text_fini(&out);
    }
}

/* ---- corpus -------------------------------------------------------------------------------------------------- */

/* Accepted, a text is printed so that it is read again, equal. */
static void test_input(const char *path, const char *text, size_t size) {
    struct cw_text whole = {0}, printed = {0};
    cw_text_add(&whole, ".version 8.3\n.target sm_90a\n.address_size 64\n");
    cw_text_append(&whole, text, size);
    struct cw_ptx_diagnostics diagnostics = {0};
    struct cw_ptx_module *first = cw_ptx_parse(cw_text_string(&whole), whole.size, path, &diagnostics);
    if (first != NULL) {
        cw_ptx_print(first, &printed);
        struct cw_ptx_module *second = cw_ptx_parse(cw_text_string(&printed), printed.size, path, &diagnostics);
        if (second == NULL || !cw_ptx_equal(first, second)) {
            fail(path, 0, "round trip", cw_text_string(&whole));
        }
        cw_ptx_module_free(second);
    }
    cw_ptx_module_free(first);
    cw_ptx_diagnostics_fini(&diagnostics);
    cw_text_fini(&whole);
    cw_text_fini(&printed);
}

static void test_inline_input(const char *text, size_t size, bool dollars) {
    static const struct cw_ptx_inline_operand operands[] = {{.type = CW_PTX_B32},
                                                            {.type = CW_PTX_B32},
                                                            {.type = CW_PTX_B64},
                                                            {.type = CW_PTX_F32},
                                                            {.type = CW_PTX_F64},
                                                            {.type = CW_PTX_B16},
                                                            {.type = CW_PTX_B32, .constant = true, .value = -7}};
    struct cw_ptx_diagnostics diagnostics = {0};
    struct cw_ptx_module *module = cw_ptx_parse_inline(text, size, "inline", dollars, 0, 0, operands, 7, &diagnostics);
    cw_ptx_module_free(module);
    cw_ptx_diagnostics_fini(&diagnostics);
}

static void test_corpus(const char *path, const struct cw_text *text) {
    const char *p = strstr(cw_text_string(text), "%%%%\n");
    for (; p != NULL; files++) {
        const char *begin = p + 5, *end = strstr(begin, "%%%%\n");
        size_t size = end != NULL ? (size_t)(end - begin) : strlen(begin);
        size -= size > 0; /* the line end before the percent signs */
        if (size > 0 && (begin[0] == '%' || begin[0] == '$')) {
            test_inline_input(begin + 1, size - 1, begin[0] == '$');
        } else {
            test_input(path, begin, size);
        }
        p = end;
    }
}

static void test_file(const char *mode, const char *path) {
    struct cw_text text = {0};
    if (cw_file_read(path, &text) != CW_OK) {
        fail(path, 0, "file", "can't be read");
        return;
    }
    files++;
    if (strcmp(mode, "constraint") == 0) {
        test_constraint(path, &text);
    } else if (strcmp(mode, "round") == 0) {
        test_round(path, &text);
    } else if (strcmp(mode, "truncate") == 0) {
        test_truncate(path, &text);
    } else if (strcmp(mode, "corpus") == 0) {
        test_corpus(path, &text);
    } else {
        struct cw_ptx_module *module = read_module(path, cw_text_string(&text), text.size, true);
        failures += module == NULL;
        cw_ptx_module_free(module);
    }
    cw_text_fini(&text);
}

static void test_path(const char *mode, const char *path) {
    struct stat status;
    struct dirent **entries;
    if (stat(path, &status) != 0 || !S_ISDIR(status.st_mode)) {
        test_file(mode, path);
        return;
    }
    int count = scandir(path, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        if (strcmp(cw_path_extension(entries[i]->d_name), "ptx") == 0) {
            char *inner = cw_format("%s/%s", path, entries[i]->d_name);
            test_file(mode, inner);
            free(inner);
        }
        free(entries[i]);
    }
    if (count >= 0) {
        free(entries);
    }
}

int main(int argc, char **argv) {
    if (argc < 3) {
        fprintf(
            stderr,
            "usage: ptx-test constraint|round|truncate|corpus|show FILE... | golden FILE EXPECTED | sections FOLDER LIST | hostile all | inline all\n");
        return 2;
    }
    if (strcmp(argv[1], "inline") == 0) {
        test_inline();
    } else if (strcmp(argv[1], "hostile") == 0) {
        test_hostile();
    } else if (strcmp(argv[1], "sections") == 0 && argc == 4) {
        test_sections(argv[2], argv[3]);
    } else if (strcmp(argv[1], "golden") == 0) {
        for (int i = 2; i + 1 < argc; i += 2) {
            test_golden(argv[i], argv[i + 1]);
        }
    } else {
        for (int i = 2; i < argc; i++) {
            test_path(argv[1], argv[i]);
        }
    }
    printf("%u files, %u failures\n", files, failures);
    return failures > 0 || files == 0;
}
