/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of base/object.h, on objects made here: whole ones, cut ones, ones with any byte changed, archives of them. */
#include "base/object.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "base/file.h"
#include "base/memory.h"

static const char strings[] = "\0.payload\0.strtab\0.symtab\0wrap_here\0wrap_there\0other";
enum { PAYLOAD = 1, STRTAB = 10, SYMTAB = 18, HERE = 26, THERE = 36, OTHER = 47 };

struct image {
    Elf64_Ehdr header;
    Elf64_Shdr sections[4];
    Elf64_Sym symbols[4];
    char strings[sizeof strings];
    char payload[6];
};

#define AT(member) offsetof(struct image, member)

static struct image make_image(void) {
    struct image image = {
        .header = {.e_type = ET_REL,
                   .e_shoff = AT(sections),
                   .e_shentsize = sizeof(Elf64_Shdr),
                   .e_shnum = 4,
                   .e_shstrndx = 1},
        .sections =
            {
                [1] = {.sh_name = STRTAB, .sh_type = SHT_STRTAB, .sh_offset = AT(strings), .sh_size = sizeof strings},
                [2] = {.sh_name = SYMTAB,
                       .sh_type = SHT_SYMTAB,
                       .sh_offset = AT(symbols),
                       .sh_size = sizeof image.symbols,
                       .sh_link = 1},
                [3] = {.sh_name = PAYLOAD, .sh_type = SHT_PROGBITS, .sh_offset = AT(payload), .sh_size = 5},
            },
        .symbols =
            {
                [1] = {.st_name = HERE, .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC), .st_shndx = 3},
                [2] = {.st_name = THERE, .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC), .st_shndx = SHN_UNDEF},
                [3] = {.st_name = OTHER, .st_info = ELF64_ST_INFO(STB_LOCAL, STT_FUNC), .st_shndx = 3},
            },
        .payload = "hello",
    };
    const uint16_t one = 1;
    memcpy(image.header.e_ident, ELFMAG, SELFMAG);
    image.header.e_ident[EI_CLASS] = ELFCLASS64;
    image.header.e_ident[EI_DATA] = *(const unsigned char *)&one ? ELFDATA2LSB : ELFDATA2MSB;
    memcpy(image.strings, strings, sizeof strings);
    return image;
}

static void add_section(void *context, const void *data, size_t size) {
    cw_text_printf(context, "[%.*s]", (int)size, (const char *)data);
}

static void add_symbol(void *context, const char *name, bool defined) {
    cw_text_printf(context, "%s%s ", name, defined ? "" : "?");
}

/* Everything that the reader says of an object. */
static void describe(void *context, const struct cw_object *object) {
    cw_text_printf(context, "%s:", cw_path_name(object->name));
    cw_object_sections(object, ".payload", add_section, context);
    cw_object_symbols(object, "", add_symbol, context);
}

Test(object, sections_and_symbols) {
    struct image image = make_image();
    struct cw_text text = {0};
    const struct cw_object object = {"a.o", (char *)&image, sizeof image};
    describe(&text, &object);
    cr_assert_str_eq(cw_text_string(&text), "a.o:[hello]wrap_here wrap_there? ");
    cw_text_clear(&text);
    cw_object_symbols(&object, "wrap_t", add_symbol, &text);
    cr_assert_str_eq(cw_text_string(&text), "wrap_there? ");
    cw_text_fini(&text);
}

Test(object, weak_definitions) {
    struct image image = make_image();
    const struct cw_object object = {"a.o", (char *)&image, sizeof image};
    cr_assert_not(cw_object_weaken(&object, "nothing"));
    cr_assert(cw_object_weaken(&object, "wrap_"));
    cr_assert_eq(ELF64_ST_BIND(image.symbols[1].st_info), STB_WEAK);
    cr_assert_eq(ELF64_ST_TYPE(image.symbols[1].st_info), STT_FUNC);
    cr_assert_eq(ELF64_ST_BIND(image.symbols[2].st_info), STB_GLOBAL, "a reference stays one");
}

/* Under the address sanitizer a read outside of the bytes ends the test. */
Test(object, damage_is_survived) {
    const struct image image = make_image();
    for (size_t size = 0; size < sizeof image; size++) {
        char *cut = cw_alloc(size + 1);
        struct cw_text text = {0};
        memcpy(cut, &image, size);
        char *exact = malloc(size ? size : 1);
        memcpy(exact, cut, size);
        describe(&text, &(struct cw_object){"cut", exact, size});
        free(exact);
        free(cut);
        cw_text_fini(&text);
    }
    for (size_t at = 0; at < sizeof image; at++) {
        for (int value = 0; value < 256; value += 51) {
            struct image *changed = malloc(sizeof *changed);
            struct cw_text text = {0};
            *changed = image;
            ((unsigned char *)changed)[at] = (unsigned char)value;
            const struct cw_object object = {"changed", (char *)changed, sizeof *changed};
            describe(&text, &object);
            (void)cw_object_weaken(&object, "w");
            free(changed);
            cw_text_fini(&text);
        }
    }
}

static void add_member(struct cw_text *archive, const char *name, const void *data, size_t size) {
    char header[61];
    snprintf(header, sizeof header, "%-16s%-12d%-6d%-6d%-8d%-10zu`\n", name, 0, 0, 0, 644, size);
    cw_text_append(archive, header, 60);
    cw_text_append(archive, data, size);
    if (size & 1) {
        cw_text_add(archive, "\n");
    }
}

Test(object, archives) {
    const struct image image = make_image();
    char *folder = cw_folder_temporary("cw-unit"), *path = cw_format("%s/lib.a", folder);
    struct cw_text archive = {0}, text = {0};
    cw_text_add(&archive, "!<arch>\n");
    add_member(&archive, "/", "index", 5);
    add_member(&archive, "//", "a_long_name_of_a_member.o/\nb.o/\n", 32);
    add_member(&archive, "/0", &image, sizeof image);
    add_member(&archive, "c.o/", &image, sizeof image);
    add_member(&archive, "/999", "none", 4);
    cr_assert_eq(cw_file_write(path, archive.data, archive.size, 0), CW_OK);
    cr_assert_eq(cw_objects_visit(path, describe, &text), CW_OK);
    cr_assert_str_eq(cw_text_string(&text), "lib.a(a_long_name_of_a_member.o):[hello]wrap_here wrap_there? "
                                            "lib.a(c.o):[hello]wrap_here wrap_there? lib.a():");
    for (size_t size = 0; size < archive.size; size += 7) {
        cr_assert_eq(cw_file_write(path, archive.data, size, 0), CW_OK);
        cr_assert_eq(cw_objects_visit(path, describe, &text), CW_OK);
    }
    cr_assert_eq(cw_objects_visit("/nonexistent/lib.a", describe, &text), CW_ERROR_NOT_FOUND);
    cw_folder_remove(folder);
    cw_text_fini(&archive);
    cw_text_fini(&text);
    free(path);
    free(folder);
}

Test(object, thin_archives) {
    const struct image image = make_image();
    char *folder = cw_folder_temporary("cw-unit"), *path = cw_format("%s/thin.a", folder);
    char *member = cw_format("%s/m.o", folder), header[61];
    struct cw_text archive = {0}, text = {0};
    cw_text_add(&archive, "!<thin>\n");
    add_member(&archive, "//", "m.o/\n", 5);
    snprintf(header, sizeof header, "%-16s%-12d%-6d%-6d%-8d%-10zu`\n", "/0", 0, 0, 0, 644, sizeof image);
    cw_text_append(&archive, header, 60);
    cr_assert_eq(cw_file_write(path, archive.data, archive.size, 0), CW_OK);
    cr_assert_eq(cw_objects_visit(path, describe, &text), CW_ERROR_NOT_FOUND, "its member is not there yet");
    cr_assert_eq(cw_file_write(member, &image, sizeof image, 0), CW_OK);
    cr_assert_eq(cw_objects_visit(path, describe, &text), CW_OK);
    cr_assert_str_eq(cw_text_string(&text), "thin.a(m.o):[hello]wrap_here wrap_there? ");
    cw_folder_remove(folder);
    cw_text_fini(&archive);
    cw_text_fini(&text);
    free(path);
    free(member);
    free(folder);
}
