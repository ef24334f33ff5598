/* SPDX-License-Identifier: Apache-2.0 */
/* takeover.c: see takeover.h. */
#include "runtime/prebuilt/takeover.h"

#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/thread.h"

#define LIBRARY "libcudawasm.so"

/* ---- The program's table of symbols -------------------------------------------------------------------------------- */

struct file {
    const char *bytes;
    size_t size;
    const Elf64_Sym *symbols; /* unaligned at worst: read by memcpy */
    size_t symbol_count;
    const char *strings;
    size_t strings_size;
};

static bool holds(const struct file *file, uint64_t offset, uint64_t size) {
    return offset <= file->size && size <= file->size - offset;
}

static bool read_section(const struct file *file, const Elf64_Ehdr *header, uint64_t index, Elf64_Shdr *section) {
    uint64_t offset = header->e_shoff + index * sizeof *section;
    if (index >= header->e_shnum || header->e_shoff > file->size || !holds(file, offset, sizeof *section)) {
        return false;
    }
    memcpy(section, file->bytes + offset, sizeof *section);
    return section->sh_type == SHT_NOBITS || holds(file, section->sh_offset, section->sh_size);
}

/* Finds the table of symbols. False when there is none: the program was stripped. */
static bool find_symbols(struct file *file) {
    Elf64_Ehdr header;
    Elf64_Shdr table, strings;
    if (!holds(file, 0, sizeof header)) {
        return false;
    }
    memcpy(&header, file->bytes, sizeof header);
    if (memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64 ||
        header.e_shentsize != sizeof table) {
        return false;
    }
    for (uint64_t i = 0; read_section(file, &header, i, &table); i++) {
        if (table.sh_type != SHT_SYMTAB) {
            continue;
        }
        if (!read_section(file, &header, table.sh_link, &strings) || strings.sh_type != SHT_STRTAB ||
            strings.sh_size == 0 || file->bytes[strings.sh_offset + strings.sh_size - 1] != '\0') {
            return false;
        }
        file->symbols = (const Elf64_Sym *)(const void *)(file->bytes + table.sh_offset);
        file->symbol_count = table.sh_size / sizeof(Elf64_Sym);
        file->strings = file->bytes + strings.sh_offset;
        file->strings_size = strings.sh_size;
        return true;
    }
    return false;
}

/* The name of symbol `index` if it is a function that the file defines, named like one of the runtime API's; else NULL. */
static const char *function_at(const struct file *file, size_t index, Elf64_Sym *symbol) {
    memcpy(symbol, (const char *)file->symbols + index * sizeof *symbol, sizeof *symbol);
    if (ELF64_ST_TYPE(symbol->st_info) != STT_FUNC || symbol->st_shndx == SHN_UNDEF ||
        symbol->st_name >= file->strings_size) {
        return NULL;
    }
    const char *name = file->strings + symbol->st_name;
    return strncmp(name, "cuda", 4) == 0 || strncmp(name, "__cuda", 6) == 0 ? name : NULL;
}

static bool defines(const struct file *file, const char *wanted) {
    Elf64_Sym symbol;
    for (size_t i = 0; i < file->symbol_count; i++) {
        const char *name = function_at(file, i, &symbol);
        if (name && strcmp(name, wanted) == 0) {
            return true;
        }
    }
    return false;
}

/* Which version the functions are of shows in names that came and went: the archive of the static runtime is linked as a
 * whole. cudaGetDeviceProperties_v2 is CUDA 12's alone; __cudaGetKernel came with 12. */
static int version_of(const struct file *file) {
    if (!defines(file, "__cudaRegisterFatBinary")) {
        return 0;
    }
    return defines(file, "cudaGetDeviceProperties_v2") ? 12 : defines(file, "__cudaGetKernel") ? 13 : 11;
}

int cw_takeover_functions(const void *bytes, size_t size, cw_takeover_visit *visit, void *context) {
    struct file file = {.bytes = bytes, .size = size};
    Elf64_Sym symbol;
    if (!find_symbols(&file)) {
        return 0;
    }
    int version = version_of(&file);
    for (size_t i = 0; version != 0 && i < file.symbol_count; i++) {
        const char *name = function_at(&file, i, &symbol);
        if (name) {
            visit(context, name, symbol.st_value, symbol.st_size);
        }
    }
    return version;
}

/* ---- Writing the jumps --------------------------------------------------------------------------------------------- */

struct takeover {
    void *library;
    const char *version; /* "libcudart.so.12" */
    uintptr_t base;      /* what addresses in the file are relative to */
    int memory;          /* /proc/self/mem, which writes to code without making it writable */
    unsigned count, failed;
};

static void write_jump(unsigned char out[CW_TAKEOVER_JUMP_SIZE + 1], const void *target) {
#if defined(__x86_64__)
    static const unsigned char jump[] = {0xff, 0x25, 0, 0, 0, 0}; /* jmp *0(%rip) */
#elif defined(__aarch64__)
    static const unsigned char jump[] = {0x50, 0, 0, 0x58, 0, 0x02, 0x1f, 0xd6}; /* ldr x16, .+8; br x16 */
#else
    static const unsigned char jump[] = {0};
#endif
    memcpy(out, jump, sizeof jump);
    if (CW_TAKEOVER_JUMP_SIZE > sizeof jump) {
        memcpy(out + sizeof jump, &target, sizeof target);
    }
}

/* A function that ours does not have stays: what it then asks the driver for is refused there. */
static void replace(void *context, const char *name, uint64_t address, uint64_t size) {
    struct takeover *takeover = context;
    unsigned char jump[CW_TAKEOVER_JUMP_SIZE + 1];
    const void *target = dlvsym(takeover->library, name, takeover->version);
    if (!target || size < CW_TAKEOVER_JUMP_SIZE) {
        return;
    }
    char *place = (char *)(takeover->base + address);
    write_jump(jump, target);
    if (pwrite(takeover->memory, jump, CW_TAKEOVER_JUMP_SIZE, (off_t)(uintptr_t)place) == (ssize_t)CW_TAKEOVER_JUMP_SIZE) {
        __builtin___clear_cache(place, place + CW_TAKEOVER_JUMP_SIZE);
        takeover->count++;
    } else {
        takeover->failed++;
    }
}

static int first_object(struct dl_phdr_info *info, size_t size, void *base) {
    (void)size;
    *(uintptr_t *)base = info->dlpi_addr; /* the program itself comes first */
    return 1;
}

static void skip(void *context, const char *name, uint64_t address, uint64_t size) {
    (void)context;
    (void)name;
    (void)address;
    (void)size;
}

static void take_over(const void *bytes, size_t size) {
    static const char *const versions[] = {"libcudart.so.11.0", "libcudart.so.12", "libcudart.so.13"};
    struct takeover takeover = {.memory = -1};
    Dl_info info;
    int version = cw_takeover_functions(bytes, size, skip, NULL);
    if (version == 0 || dladdr((const void *)&take_over, &info) == 0) {
        return;
    }
    takeover.version = versions[version - 11];
    takeover.library = dlopen(info.dli_fname, RTLD_NOW | RTLD_NOLOAD);
    takeover.memory = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
    dl_iterate_phdr(first_object, &takeover.base);
    if (takeover.library && takeover.memory >= 0) {
        cw_takeover_functions(bytes, size, replace, &takeover);
    }
    if (takeover.count == 0 || takeover.failed > 0) {
        cw_rt_say("the CUDA runtime that is linked into this program can't be replaced%s; build it with nvcc's -cudart shared",
                  CW_TAKEOVER_JUMP_SIZE == 0 ? " on this processor" : ": its code can't be written");
    }
    if (takeover.memory >= 0) {
        close(takeover.memory);
    }
}

/* Only when the library was preloaded: then the user asked for it. Runs before the program's own constructors, which
 * register its kernels. */
__attribute__((constructor)) static void take_over_program(void) {
    const char *preload = getenv("LD_PRELOAD");
    struct stat state;
    if (!preload || !strstr(preload, LIBRARY)) {
        return;
    }
    int program = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    if (program >= 0 && fstat(program, &state) == 0 && state.st_size > 0) {
        size_t size = (size_t)state.st_size;
        void *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, program, 0);
        if (bytes != MAP_FAILED) {
            take_over(bytes, size);
            munmap(bytes, size);
        }
    }
    if (program >= 0) {
        close(program);
    }
}
