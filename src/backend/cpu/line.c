/* SPDX-License-Identifier: Apache-2.0 */
/*
 * line.c: see line.h. libdw (elfutils) is opened only when a fault is reported, so that the runtime does not depend on
 * it. Its functions are declared here as elfutils documents them in <elfutils/libdwfl.h>, for builds without headers.
 */
#include "backend/cpu/line.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct dwfl; /* Dwfl, Dwfl_Module, Dwarf_Die and Dwarf_Line, opaque */
struct dwfl_module;
struct dwarf_die;
struct dwarf_line;

struct dwfl_callbacks {
    int (*find_elf)(struct dwfl_module *, void **, const char *, uint64_t, char **, void **);
    int (*find_debuginfo)(struct dwfl_module *, void **, const char *, uint64_t, const char *, const char *, uint32_t,
                          char **);
    int (*section_address)(struct dwfl_module *, void **, const char *, uint64_t, const char *, uint32_t, const void *,
                           uint64_t *);
    char **debuginfo_path;
};

struct library {
    struct dwfl *(*begin)(const struct dwfl_callbacks *);
    void (*end)(struct dwfl *);
    struct dwfl_module *(*report_elf)(struct dwfl *, const char *, const char *, int, uint64_t, bool);
    int (*report_end)(struct dwfl *, int (*)(struct dwfl_module *, void *, const char *, uint64_t, void *), void *);
    struct dwarf_die *(*nextcu)(struct dwfl_module *, struct dwarf_die *, uint64_t *);
    struct dwarf_line *(*getsrc)(struct dwarf_die *, uint64_t);
    int (*lineno)(struct dwarf_line *, int *);
    const char *(*linesrc)(struct dwarf_line *, uint64_t *, uint64_t *);
};

static bool load(void *handle, const char *name, void *function) {
    void *address = dlsym(handle, name);
    memcpy(function, &address, sizeof address);
    return address != NULL;
}

/* The library stays open: faults are rare, but closing it would not give much back. */
static bool open_library(struct library *library) {
    void *handle = dlopen("libdw.so.1", RTLD_NOW | RTLD_LOCAL);
    return handle && load(handle, "dwfl_begin", &library->begin) && load(handle, "dwfl_end", &library->end) &&
           load(handle, "dwfl_report_elf", &library->report_elf) &&
           load(handle, "dwfl_report_end", &library->report_end) &&
           load(handle, "dwfl_module_nextcu", &library->nextcu) && load(handle, "dwarf_getsrc_die", &library->getsrc) &&
           load(handle, "dwarf_lineno", &library->lineno) && load(handle, "dwarf_linesrc", &library->linesrc);
}

/* Artifacts carry their own line table; searching elsewhere may even ask servers. */
static int find_no_debuginfo(struct dwfl_module *module, void **data, const char *name, uint64_t base, const char *file,
                             const char *link, uint32_t crc, char **result) {
    (void)module, (void)data, (void)name, (void)base, (void)file, (void)link, (void)crc, (void)result;
    return -1;
}

static int find_no_elf(struct dwfl_module *module, void **data, const char *name, uint64_t base, char **file, void **elf) {
    (void)module, (void)data, (void)name, (void)base, (void)file, (void)elf;
    return -1;
}

static const char *shorten(const char *path) {
    char folder[4096];
    if (getcwd(folder, sizeof folder)) {
        size_t length = strlen(folder);
        if (strncmp(path, folder, length) == 0 && path[length] == '/') {
            return path + length + 1;
        }
    }
    return path;
}

/* Looks into every unit: LLVM writes no index from address to unit. */
static bool find(const struct library *library, struct dwfl_module *module, uintptr_t pc, char *text, size_t size) {
    uint64_t bias = 0;
    struct dwarf_die *unit = NULL;
    while ((unit = library->nextcu(module, unit, &bias)) != NULL) {
        struct dwarf_line *line = library->getsrc(unit, pc - bias);
        int number = 0;
        const char *name = line ? library->linesrc(line, NULL, NULL) : NULL;
        if (name && library->lineno(line, &number) == 0 && number > 0) {
            snprintf(text, size, "%s:%d", shorten(name), number);
            return true;
        }
    }
    return false;
}

enum cw_cpu_line_result cw_cpu_line_find(uintptr_t pc, char *text, size_t size) {
    Dl_info info;
    if (!dladdr((const void *)pc, &info) || !info.dli_fname) {
        return CW_CPU_LINE_UNKNOWN;
    }
    struct library library;
    if (!open_library(&library)) {
        return CW_CPU_LINE_NO_LIBRARY;
    }
    int file = open(info.dli_fname, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC); /* the link map has argv[0] for the program itself */
    }
    static const struct dwfl_callbacks callbacks = {.find_elf = find_no_elf, .find_debuginfo = find_no_debuginfo};
    struct dwfl *session = file < 0 ? NULL : library.begin(&callbacks);
    if (!session) {
        if (file >= 0) {
            close(file);
        }
        return CW_CPU_LINE_UNKNOWN;
    }
    enum cw_cpu_line_result result = CW_CPU_LINE_UNKNOWN;
    /* The library takes the descriptor over when it succeeds. */
    struct dwfl_module *module =
        library.report_elf(session, "artifact", info.dli_fname, file, (uintptr_t)info.dli_fbase, false);
    if (!module) {
        close(file);
    }
    if (module && library.report_end(session, NULL, NULL) == 0 && find(&library, module, pc, text, size)) {
        result = CW_CPU_LINE_FOUND;
    }
    library.end(session);
    return result;
}
