/* SPDX-License-Identifier: Apache-2.0 */
/* prebuilt_inspect.c: what device code a file of nvcc's holds: its fat binaries, entry by entry, and their kernels. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/object.h"
#include "module/fatbin.h"
#include "tool/command.h"
#include "tool/prebuilt.h"
#include "tool/terminal.h"

/* Sections that hold fat binaries: of a unit, and of a unit that is linked later (-rdc=true). */
static const char *const sections[] = {".nv_fatbin", "__nv_relfatbin"};

struct listing {
    const char *path;
    json_t *list; /* NULL: print */
    const char *section;
    unsigned containers, entries, with_ptx;
    bool damaged;
};

/* ---- Kernels ------------------------------------------------------------------------------------------------------- */

static bool is_symbol_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$';
}

/* The names behind `.entry` in PTX (PTX ISA, "Kernel Function Directives"). Declarations of kernels elsewhere, `.extern`, are
 * not among them. */
static void add_ptx_kernels(const struct cw_text *text, json_t *names) {
    const char *at = cw_text_string(text);
    while ((at = strstr(at, ".entry"))) {
        const char *line = at;
        while (line > text->data && line[-1] != '\n') {
            line--;
        }
        at += strlen(".entry");
        at += strspn(at, " \t\r\n");
        size_t length = 0;
        while (is_symbol_character(at[length])) {
            length++;
        }
        bool declared = strncmp(line, ".extern", 7) == 0 || strncmp(line, "//", 2) == 0;
        if (length > 0 && !declared) {
            json_array_append_new(names, json_stringn(at, length));
        }
        at += length;
    }
}

/* In machine code each kernel with parameters has a constant bank of its own; all have a section of facts. */
static void add_elf_kernel(void *context, const char *name) {
    json_array_append_new(context, json_string(name));
}

static json_t *kernel_names(const struct cw_fatbin_entry *entry, bool *damaged) {
    json_t *names = json_array();
    struct cw_text bytes = {0};
    if (entry->kind != CW_FATBIN_PTX && entry->kind != CW_FATBIN_ELF) {
        return names;
    }
    if (cw_fatbin_unpack(entry, &bytes) != CW_OK) {
        *damaged = true;
    } else if (entry->kind == CW_FATBIN_PTX) {
        add_ptx_kernels(&bytes, names);
    } else {
        const struct cw_object object = {"cubin", bytes.data, bytes.size};
        cw_object_section_names(&object, ".nv.constant0.", add_elf_kernel, names);
    }
    cw_text_fini(&bytes);
    return names;
}

/* ---- Entries ------------------------------------------------------------------------------------------------------- */

static const char *packing_text(enum cw_fatbin_packing packing) {
    return packing == CW_FATBIN_LZ4 ? "lz4" : packing == CW_FATBIN_ZSTD ? "zstd" : "none";
}

static void print_entry(const struct listing *listing, const struct cw_fatbin_entry *entry, const char *architecture,
                        const json_t *names, bool damaged) {
    printf("%s[%u] %-12s", listing->section, listing->containers, architecture);
    if (entry->kind == CW_FATBIN_PTX) {
        printf(" PTX %u.%u", entry->major, entry->minor);
    } else {
        printf(" %s", entry->kind == CW_FATBIN_ELF ? "machine code" : "of an unknown kind");
    }
    printf(", %zu bytes", entry->whole_size);
    if (entry->packing != CW_FATBIN_PLAIN) {
        printf(" in %zu (%s)", entry->size, packing_text(entry->packing));
    }
    if (entry->name_size > 0) {
        printf(", %.*s", (int)entry->name_size, entry->name);
    }
    puts(damaged ? ", damaged" : "");
    size_t index;
    json_t *name;
    json_array_foreach(names, index, name) {
        printf("  kernel %s\n", json_string_value(name));
    }
}

static void list_entry(struct listing *listing, const struct cw_fatbin_entry *entry) {
    char architecture[32];
    bool damaged = false;
    json_t *names = kernel_names(entry, &damaged);
    snprintf(architecture, sizeof architecture, "%s_%u%.1s", entry->kind == CW_FATBIN_ELF ? "sm" : "compute",
             entry->architecture, &entry->variant);
    listing->damaged |= damaged;
    listing->entries++;
    listing->with_ptx += entry->kind == CW_FATBIN_PTX;
    if (!listing->list) {
        print_entry(listing, entry, architecture, names, damaged);
        json_decref(names);
        return;
    }
    json_t *version = entry->kind == CW_FATBIN_PTX ? json_sprintf("%u.%u", entry->major, entry->minor) : json_null();
    const char *kind = entry->kind == CW_FATBIN_PTX ? "ptx" : entry->kind == CW_FATBIN_ELF ? "elf" : "unknown";
    json_array_append_new(
        listing->list,
        json_pack("{s:s,s:s,s:i,s:s,s:s,s:o,s:I,s:I,s:s,s:s%,s:b,s:o}", "file", listing->path, "section",
                  listing->section, "container", (int)listing->containers, "kind", kind, "architecture", architecture,
                  "ptx_version", version, "size", (json_int_t)entry->whole_size, "stored_size", (json_int_t)entry->size,
                  "compression", packing_text(entry->packing), "source", entry->name, entry->name_size, "damaged",
                  damaged, "kernels", names));
}

/* A section has one container after another, each aligned to 8 bytes. */
static void list_containers(void *context, const void *data, size_t size) {
    struct listing *listing = context;
    const char *bytes = data;
    size_t at = 0;
    while (size - at >= CW_FATBIN_HEADER_SIZE) {
        struct cw_fatbin_entry entry;
        size_t whole = cw_fatbin_size(bytes + at), inside = 0;
        if (whole == 0) {
            at += 8;
            if (at > size) {
                break;
            }
            continue;
        }
        whole = whole < size - at ? whole : size - at;
        cw_status status;
        while ((status = cw_fatbin_next(bytes + at, size - at, &inside, &entry)) == CW_OK) {
            list_entry(listing, &entry);
        }
        listing->damaged |= status != CW_ERROR_NOT_FOUND;
        listing->containers++;
        at += (whole + 7) / 8 * 8;
        if (at > size) {
            break;
        }
    }
}

static void list_object(void *context, const struct cw_object *object) {
    struct listing *listing = context;
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        listing->section = sections[i];
        listing->containers = 0;
        cw_object_sections(object, sections[i], list_containers, listing);
    }
}

/* ---- Files --------------------------------------------------------------------------------------------------------- */

static bool has_magic(const char *path, bool *fatbin) {
    unsigned char head[CW_FATBIN_HEADER_SIZE] = {0};
    FILE *file = fopen(path, "rb");
    size_t got = file ? fread(head, 1, sizeof head, file) : 0;
    if (file) {
        fclose(file);
    }
    *fatbin = got == sizeof head && cw_fatbin_size(head) > 0;
    return *fatbin || cw_object_is_elf(head, got) || (got >= 8 && memcmp(head, "!<arch>\n", 8) == 0);
}

bool cw_prebuilt_has_code(const char *path) {
    bool fatbin;
    return has_magic(path, &fatbin);
}

int cw_prebuilt_inspect(const char *path, json_t *list) {
    struct listing listing = {.path = path, .list = list, .section = "fatbin"};
    struct cw_text bytes = {0};
    bool fatbin;
    cw_status status;
    if (has_magic(path, &fatbin) && fatbin) {
        status = cw_file_read(path, &bytes);
        if (status == CW_OK) {
            list_containers(&listing, bytes.data, bytes.size);
        }
        cw_text_fini(&bytes);
    } else {
        status = cw_objects_visit(path, list_object, &listing);
    }
    if (status != CW_OK) {
        cw_say_error("%s can't be read: %s", path, strerror(errno));
        return CW_EXIT_FAILURE;
    }
    if (listing.damaged) {
        cw_say_error("%s: a fat binary in it is damaged or cut short", path);
        return CW_EXIT_FAILURE;
    }
    if (listing.entries == 0) {
        cw_say_error("%s has no device code of nvcc's", path);
        return CW_EXIT_FAILURE;
    }
    if (listing.with_ptx == 0) {
        cw_say_note("%s has only machine code for NVIDIA's GPUs, which nothing else can run; nvcc's option -gencode "
                    "arch=compute_80,code=compute_80 puts PTX in",
                    path);
    }
    return CW_EXIT_OK;
}
