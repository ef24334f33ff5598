/* SPDX-License-Identifier: Apache-2.0 */
#include "base/object.h"

#include <elf.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"

/* ---- ELF ---- */

#if defined(__aarch64__)
#define CW_OBJECT_MACHINE EM_AARCH64
#elif defined(__riscv)
#define CW_OBJECT_MACHINE EM_RISCV
#else
#define CW_OBJECT_MACHINE EM_X86_64
#endif

/* True if [offset, offset + size) lies within the object. */
static bool holds(const struct cw_object *object, uint64_t offset, uint64_t size) {
    return offset <= object->size && size <= object->size - offset;
}

static bool read_header(const struct cw_object *object, Elf64_Ehdr *header) {
    if (!holds(object, 0, sizeof *header)) {
        return false;
    }
    memcpy(header, object->bytes, sizeof *header);
    const uint16_t one = 1;
    unsigned char order = *(const unsigned char *)&one ? ELFDATA2LSB : ELFDATA2MSB;
    return memcmp(header->e_ident, ELFMAG, SELFMAG) == 0 && header->e_ident[EI_CLASS] == ELFCLASS64 &&
           header->e_ident[EI_DATA] == order &&
           (header->e_type == ET_REL || header->e_type == ET_DYN || header->e_type == ET_EXEC) &&
           (header->e_shoff == 0 || header->e_shentsize == sizeof(Elf64_Shdr));
}

static bool read_section(const struct cw_object *object, const Elf64_Ehdr *header, uint64_t index,
                         Elf64_Shdr *section) {
    uint64_t offset = header->e_shoff + index * sizeof *section;
    if (header->e_shoff > object->size || !holds(object, offset, sizeof *section)) {
        return false;
    }
    memcpy(section, object->bytes + offset, sizeof *section);
    return section->sh_type == SHT_NOBITS || holds(object, section->sh_offset, section->sh_size);
}

/* The string at `offset` of a string table; NULL when it isn't one. */
static const char *string_at(const struct cw_object *object, const Elf64_Shdr *table, uint64_t offset) {
    if (table->sh_type != SHT_STRTAB || offset >= table->sh_size) {
        return NULL;
    }
    const char *string = object->bytes + table->sh_offset + offset;
    return memchr(string, '\0', table->sh_size - offset) ? string : NULL;
}

/* An object with very many sections has their number, and the index of their names, in the first one (SHN_XINDEX). */
static uint64_t section_count(const struct cw_object *object, const Elf64_Ehdr *header, uint64_t *names) {
    Elf64_Shdr first;
    *names = header->e_shstrndx;
    if (header->e_shoff == 0 || !read_section(object, header, 0, &first)) {
        return 0;
    }
    if (header->e_shstrndx == SHN_XINDEX) {
        *names = first.sh_link;
    }
    return header->e_shnum ? header->e_shnum : first.sh_size;
}

/* Calls `visit` for each section whose contents are in the file. */
static void each_section(const struct cw_object *object,
                         void (*visit)(void *context, const char *name, const void *data, size_t size), void *context) {
    Elf64_Ehdr header;
    Elf64_Shdr names, row;
    uint64_t names_index;
    if (!read_header(object, &header)) {
        return;
    }
    uint64_t count = section_count(object, &header, &names_index);
    if (!read_section(object, &header, names_index, &names)) {
        return;
    }
    for (uint64_t i = 0; i < count && read_section(object, &header, i, &row); i++) {
        const char *name = string_at(object, &names, row.sh_name);
        if (name && row.sh_type != SHT_NOBITS) {
            visit(context, name, object->bytes + row.sh_offset, row.sh_size);
        }
    }
}

struct section_search {
    const char *name;
    void (*visit)(void *context, const void *data, size_t size);
    void (*visit_name)(void *context, const char *rest);
    void *context;
};

static void match_section(void *context, const char *name, const void *data, size_t size) {
    struct section_search *search = context;
    if (strcmp(name, search->name) == 0) {
        search->visit(search->context, data, size);
    }
}

void cw_object_sections(const struct cw_object *object, const char *section,
                        void (*visit)(void *context, const void *data, size_t size), void *context) {
    struct section_search search = {.name = section, .visit = visit, .context = context};
    each_section(object, match_section, &search);
}

static void match_prefix(void *context, const char *name, const void *data, size_t size) {
    struct section_search *search = context;
    size_t length = strlen(search->name);
    (void)data;
    (void)size;
    if (strncmp(name, search->name, length) == 0) {
        search->visit_name(search->context, name + length);
    }
}

void cw_object_section_names(const struct cw_object *object, const char *prefix,
                             void (*visit)(void *context, const char *rest), void *context) {
    struct section_search search = {.name = prefix, .visit_name = visit, .context = context};
    each_section(object, match_prefix, &search);
}

/* ---- Programs ---- */

bool cw_object_is_elf(const void *bytes, size_t size) {
    return size >= SELFMAG && memcmp(bytes, ELFMAG, SELFMAG) == 0;
}

bool cw_object_program(const struct cw_object *object, struct cw_object_program *program) {
    Elf64_Ehdr header;
    Elf64_Phdr segment;
    *program = (struct cw_object_program){0};
    if (object->size < sizeof header || !cw_object_is_elf(object->bytes, object->size)) {
        return false;
    }
    memcpy(&header, object->bytes, sizeof header);
    program->machine = header.e_machine;
    program->native = read_header(object, &header) && header.e_machine == CW_OBJECT_MACHINE;
    program->executable = header.e_type == ET_EXEC;
    for (uint64_t i = 0; program->native && header.e_phentsize == sizeof segment && i < header.e_phnum; i++) {
        uint64_t offset = header.e_phoff + i * sizeof segment;
        if (header.e_phoff > object->size || !holds(object, offset, sizeof segment)) {
            break;
        }
        memcpy(&segment, object->bytes + offset, sizeof segment);
        program->interpreted |= segment.p_type == PT_INTERP;
        program->dynamic |= segment.p_type == PT_DYNAMIC;
    }
    program->executable |= program->interpreted;
    return true;
}

void cw_object_needed(const struct cw_object *object, void (*visit)(void *context, const char *name), void *context) {
    Elf64_Ehdr header;
    Elf64_Shdr table, strings;
    uint64_t names_index;
    if (!read_header(object, &header)) {
        return;
    }
    uint64_t count = section_count(object, &header, &names_index);
    for (uint64_t i = 0; i < count && read_section(object, &header, i, &table); i++) {
        if (table.sh_type != SHT_DYNAMIC || !read_section(object, &header, table.sh_link, &strings)) {
            continue;
        }
        for (uint64_t at = 0; at + sizeof(Elf64_Dyn) <= table.sh_size; at += sizeof(Elf64_Dyn)) {
            Elf64_Dyn row;
            memcpy(&row, object->bytes + table.sh_offset + at, sizeof row);
            const char *name = row.d_tag == DT_NEEDED ? string_at(object, &strings, row.d_un.d_val) : NULL;
            if (name) {
                visit(context, name);
            }
        }
    }
}

bool cw_object_function(const struct cw_object *object, const char *wanted) {
    Elf64_Ehdr header;
    Elf64_Shdr table, strings;
    uint64_t names_index;
    if (!read_header(object, &header)) {
        return false;
    }
    uint64_t count = section_count(object, &header, &names_index);
    for (uint64_t i = 0; i < count && read_section(object, &header, i, &table); i++) {
        if (table.sh_type != SHT_SYMTAB || !read_section(object, &header, table.sh_link, &strings)) {
            continue;
        }
        for (uint64_t at = 0; at + sizeof(Elf64_Sym) <= table.sh_size; at += sizeof(Elf64_Sym)) {
            Elf64_Sym symbol;
            memcpy(&symbol, object->bytes + table.sh_offset + at, sizeof symbol);
            const char *name = string_at(object, &strings, symbol.st_name);
            if (name && symbol.st_shndx != SHN_UNDEF && strcmp(name, wanted) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* Calls `visit` for each global symbol, with the place of its row. */
static void each_symbol(const struct cw_object *object,
                        void (*visit)(void *context, const char *name, char *row, const Elf64_Sym *symbol),
                        void *context) {
    Elf64_Ehdr header;
    Elf64_Shdr table, strings;
    uint64_t names_index;
    if (!read_header(object, &header)) {
        return;
    }
    uint64_t count = section_count(object, &header, &names_index);
    for (uint64_t i = 0; i < count && read_section(object, &header, i, &table); i++) {
        if (table.sh_type != (header.e_type == ET_DYN ? SHT_DYNSYM : SHT_SYMTAB) ||
            !read_section(object, &header, table.sh_link, &strings)) {
            continue;
        }
        for (uint64_t s = 0; s < table.sh_size / sizeof(Elf64_Sym); s++) {
            Elf64_Sym symbol;
            char *row = object->bytes + table.sh_offset + s * sizeof symbol;
            memcpy(&symbol, row, sizeof symbol);
            const char *name = string_at(object, &strings, symbol.st_name);
            /* A shared library's absolute symbols are the names of its versions. */
            bool version = header.e_type == ET_DYN && symbol.st_shndx == SHN_ABS;
            if (name && ELF64_ST_BIND(symbol.st_info) != STB_LOCAL && !version) {
                visit(context, name, row, &symbol);
            }
        }
    }
}

struct symbol_search {
    const char *prefix;
    void (*visit)(void *context, const char *name, bool defined);
    void *context;
    bool found;
};

static void match_symbol(void *context, const char *name, char *row, const Elf64_Sym *symbol) {
    struct symbol_search *search = context;
    (void)row;
    if (strncmp(name, search->prefix, strlen(search->prefix)) == 0) {
        search->visit(search->context, name, symbol->st_shndx != SHN_UNDEF);
    }
}

void cw_object_symbols(const struct cw_object *object, const char *prefix,
                       void (*visit)(void *context, const char *name, bool defined), void *context) {
    struct symbol_search search = {prefix, visit, context, false};
    each_symbol(object, match_symbol, &search);
}

static void weaken(void *context, const char *name, char *row, const Elf64_Sym *symbol) {
    struct symbol_search *search = context;
    if (symbol->st_shndx != SHN_UNDEF && strncmp(name, search->prefix, strlen(search->prefix)) == 0) {
        Elf64_Sym weak = *symbol;
        weak.st_info = ELF64_ST_INFO(STB_WEAK, ELF64_ST_TYPE(symbol->st_info));
        memcpy(row, &weak, sizeof weak);
        search->found = true;
    }
}

bool cw_object_weaken(const struct cw_object *object, const char *prefix) {
    struct symbol_search search = {.prefix = prefix};
    each_symbol(object, weaken, &search);
    return search.found;
}

/* ---- Archives ---- */

#define ARCHIVE_MAGIC "!<arch>\n"
#define THIN_MAGIC "!<thin>\n"
#define MAGIC_SIZE 8u
#define MEMBER_HEADER_SIZE 60u

struct archive {
    const char *path;
    char *bytes;
    size_t size;
    bool thin;
    const char *long_names;
    size_t long_names_size;
};

/* The name of the member whose header is at `header`, malloc'd. */
static char *member_name(const struct archive *archive, const char *header) {
    size_t length = 16;
    if (header[0] == '/' && header[1] >= '0' && header[1] <= '9') {
        size_t offset = (size_t)strtoul(header + 1, NULL, 10);
        if (offset >= archive->long_names_size) {
            return cw_strdup("");
        }
        const char *name = archive->long_names + offset;
        const char *end = memchr(name, '\n', archive->long_names_size - offset);
        length = end ? (size_t)(end - name) : archive->long_names_size - offset;
        header = name;
    }
    while (length > 0 && (header[length - 1] == ' ' || header[length - 1] == '/')) {
        length--;
    }
    return cw_strndup(header, length);
}

/* A thin archive's member is a file, named from the archive's folder. */
static cw_status visit_thin(const struct archive *archive, const char *name, const char *shown,
                            void (*visit)(void *context, const struct cw_object *object), void *context) {
    struct cw_text text = {0};
    int folder = (int)(cw_path_name(archive->path) - archive->path);
    char *path = name[0] == '/' ? cw_strdup(name) : cw_format("%.*s%s", folder, archive->path, name);
    cw_status status = cw_file_read(path, &text);
    if (status == CW_OK && text.size > 0) {
        visit(context, &(struct cw_object){shown, text.data, text.size});
    }
    cw_text_fini(&text);
    free(path);
    return status;
}

static cw_status visit_archive(struct archive *archive, void (*visit)(void *context, const struct cw_object *object),
                               void *context) {
    cw_status status = CW_OK;
    size_t at = MAGIC_SIZE;
    while (status == CW_OK && archive->size - at >= MEMBER_HEADER_SIZE) {
        char *header = archive->bytes + at;
        size_t size = (size_t)strtoull(header + 48, NULL, 10), left = archive->size - at - MEMBER_HEADER_SIZE;
        bool index = header[0] == '/' && (header[1] == ' ' || strncmp(header, "/SYM64/", 7) == 0);
        bool names = header[0] == '/' && header[1] == '/';
        bool outside = archive->thin && !index && !names;
        if (!outside && size > left) {
            break; /* cut short: the linker will say so */
        }
        if (names) {
            archive->long_names = header + MEMBER_HEADER_SIZE;
            archive->long_names_size = size;
        } else if (!index) {
            char *name = member_name(archive, header);
            char *shown = cw_format("%s(%s)", archive->path, name);
            if (outside) {
                status = visit_thin(archive, name, shown, visit, context);
            } else {
                visit(context, &(struct cw_object){shown, header + MEMBER_HEADER_SIZE, size});
            }
            free(name);
            free(shown);
        }
        size_t step = outside ? 0 : size + (size & 1);
        at += MEMBER_HEADER_SIZE + (step < left ? step : left);
    }
    return status;
}

cw_status cw_objects_visit(const char *path, void (*visit)(void *context, const struct cw_object *object),
                           void *context) {
    struct cw_text text = {0};
    cw_status status = cw_file_read(path, &text);
    if (status == CW_OK && text.size > 0) {
        bool thin = text.size >= MAGIC_SIZE && memcmp(text.data, THIN_MAGIC, MAGIC_SIZE) == 0;
        if (thin || (text.size >= MAGIC_SIZE && memcmp(text.data, ARCHIVE_MAGIC, MAGIC_SIZE) == 0)) {
            struct archive archive = {.path = path, .bytes = text.data, .size = text.size, .thin = thin};
            status = visit_archive(&archive, visit, context);
        } else {
            visit(context, &(struct cw_object){path, text.data, text.size});
        }
    }
    cw_text_fini(&text);
    return status;
}
