/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ptx_test.c: tests of the PTX front end, over files.
 *
 *   ptx-test constraint FILE...   Each line that ends in `// error: TEXT` or `// warning: TEXT` gets one such diagnostic, whose
 *                                 sentence or section holds TEXT; no other line gets any. Several are separated by ` && `.
 *   ptx-test round FILE...        The file is read without errors, printed, read again: equal, and printed the same again.
 *   ptx-test golden FILE EXPECTED The file is printed exactly so.
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

static void test_constraint(const char *path, const struct cw_text *text) {
    static struct expectation list[2000];
    size_t count = read_expectations(cw_text_string(text), list, sizeof(list) / sizeof(list[0]));
    struct cw_ptx_diagnostics diagnostics = {0};
    struct cw_ptx_module *module = cw_ptx_parse(cw_text_string(text), text->size, path, &diagnostics);
    for (size_t i = 0; i < diagnostics.count; i++) {
        const struct cw_ptx_diagnostic *item = &diagnostics.items[i];
        char all[1024];
        snprintf(all, sizeof(all), "%s (PTX ISA %s)", item->message, item->section);
        size_t k = 0;
        while (k < count && (list[k].met || list[k].line != item->span.line || list[k].warning != item->warning || strstr(all, list[k].text) == NULL)) {
            k++;
        }
        if (k == count) {
            fail(path, item->span.line, item->warning ? "unexpected warning" : "unexpected error", all);
        } else {
            list[k].met = true;
        }
    }
    for (size_t k = 0; k < count; k++) {
        if (!list[k].met) {
            fail(path, list[k].line, list[k].warning ? "missing warning" : "missing error", list[k].text);
        }
    }
    if ((module == NULL) != (diagnostics.errors > 0)) {
        fail(path, 0, "inconsistent", "a module is given exactly when there are no errors");
    }
    cw_ptx_module_free(module);
    cw_ptx_diagnostics_fini(&diagnostics);
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
        fprintf(stderr, "usage: ptx-test constraint|round|show FILE... | golden FILE EXPECTED\n");
        return 2;
    }
    if (strcmp(argv[1], "golden") == 0) {
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
