/* SPDX-License-Identifier: Apache-2.0 */
/*
 * module.c: see module.h. An artifact is loaded by the dynamic linker from memory (memfd). The descriptor stays open and
 * the name has this process's id, so that debuggers, which look at the link map from outside, find the file.
 */
#include "backend/cpu/module.h"

#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "backend/cpu/block.h"
#include "backend/cpu/services.h"

#if defined(__x86_64__)
#define MACHINE EM_X86_64
#define MACHINE_NAME "x86-64"
#elif defined(__aarch64__)
#define MACHINE EM_AARCH64
#define MACHINE_NAME "AArch64"
#elif defined(__riscv)
#define MACHINE EM_RISCV
#define MACHINE_NAME "RISC-V"
#endif

static bool is_ours(const void *bytes, size_t size, char *error, size_t error_size) {
    Elf64_Ehdr header;
    if (size < sizeof header || memcmp(bytes, ELFMAG, SELFMAG) != 0) {
        snprintf(error, error_size, "the artifact is not an ELF file");
        return false;
    }
    memcpy(&header, bytes, sizeof header);
    if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_type != ET_DYN || header.e_machine != MACHINE) {
        snprintf(error, error_size, "the artifact is not a 64-bit shared object for " MACHINE_NAME);
        return false;
    }
    /* The dynamic linker maps what the program headers name, and dies of what the file does not have. */
    uint64_t table = (uint64_t)header.e_phnum * sizeof(Elf64_Phdr);
    bool whole = header.e_phentsize == sizeof(Elf64_Phdr) && header.e_phoff <= size && table <= size - header.e_phoff;
    for (uint32_t i = 0; whole && i < header.e_phnum; i++) {
        Elf64_Phdr part;
        memcpy(&part, (const char *)bytes + header.e_phoff + i * sizeof part, sizeof part);
        whole = part.p_offset <= size && part.p_filesz <= size - part.p_offset;
    }
    if (!whole) {
        snprintf(error, error_size, "the artifact is cut short");
    }
    return whole;
}

static cw_status check(const struct cw_cpu_artifact *artifact, char *error, size_t error_size) {
    if (artifact->abi_version != CW_CPU_ARTIFACT_ABI) {
        snprintf(error, error_size, "the artifact has ABI version %u, and this runtime knows version %u",
                 artifact->abi_version, CW_CPU_ARTIFACT_ABI);
        return CW_ERROR_BAD_MODULE;
    }
    for (uint32_t i = 0; i < artifact->kernel_count; i++) {
        const struct cw_cpu_kernel *kernel = &artifact->kernels[i];
        if (!kernel->name || !kernel->run || kernel->static_shared > CW_CPU_SHARED_MAX) {
            snprintf(error, error_size, "kernel `%s` of the artifact is damaged or needs more than %u bytes of shared memory",
                     kernel->name ? kernel->name : "", CW_CPU_SHARED_MAX);
            return CW_ERROR_BAD_MODULE;
        }
    }
    return CW_OK;
}

static cw_status resolve(const struct cw_cpu_artifact *artifact, char *error, size_t error_size) {
    for (uint32_t i = 0; i < artifact->import_count; i++) {
        void *service = cw_cpu_service_find(artifact->imports[i].name);
        if (!service) {
            snprintf(error, error_size, "the artifact needs `%s`, which the CPU backend does not have",
                     artifact->imports[i].name);
            return CW_ERROR_UNSUPPORTED;
        }
        *artifact->imports[i].slot = service;
    }
    return CW_OK;
}

cw_status cw_cpu_module_adopt(const struct cw_cpu_artifact *artifact, struct cw_backend_module **module, char *error,
                              size_t error_size) {
    cw_status status = check(artifact, error, error_size);
    if (status == CW_OK) {
        status = resolve(artifact, error, error_size);
    }
    if (status != CW_OK) {
        return status;
    }
    struct cw_backend_module *made = calloc(1, sizeof *made + artifact->kernel_count * sizeof made->kernels[0]);
    if (!made) {
        snprintf(error, error_size, "out of memory");
        return CW_ERROR_OUT_OF_MEMORY;
    }
    bool launches = false;
    for (uint32_t i = 0; i < artifact->import_count; i++) {
        launches |= strncmp(artifact->imports[i].name, "cw.child.", 9) == 0;
    }
    made->artifact = artifact;
    made->file = -1;
    for (uint32_t i = 0; i < artifact->kernel_count; i++) {
        made->kernels[i].code = &artifact->kernels[i];
        made->kernels[i].module = made;
        made->kernels[i].launches = launches;
    }
    *module = made;
    return CW_OK;
}

static bool write_all(int file, const char *bytes, size_t size) {
    while (size) {
        ssize_t written = write(file, bytes, size);
        if (written < 0 && errno != EINTR) {
            return false;
        }
        if (written > 0) {
            bytes += written;
            size -= (size_t)written;
        }
    }
    return true;
}

/* What the dynamic linker gives for an artifact. */
struct opened {
    void *library;
    int file;
    const struct cw_cpu_artifact *artifact;
};

static cw_status open_artifact(const void *bytes, size_t size, struct opened *opened, char *error, size_t error_size) {
    if (!is_ours(bytes, size, error, error_size)) {
        return CW_ERROR_BAD_MODULE;
    }
    int file = memfd_create("cuda-wasm-kernels", MFD_CLOEXEC);
    if (file < 0 || !write_all(file, bytes, size)) {
        snprintf(error, error_size, "no memory for the artifact: %s", strerror(errno));
        if (file >= 0) {
            close(file);
        }
        return CW_ERROR_OUT_OF_MEMORY;
    }
    char path[64];
    snprintf(path, sizeof path, "/proc/%ld/fd/%d", (long)getpid(), file);
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        const char *reason = dlerror();
        snprintf(error, error_size, "the artifact can't be loaded: %s", reason ? reason : "unknown reason");
        close(file);
        return CW_ERROR_BAD_MODULE;
    }
    *opened = (struct opened){library, file, dlsym(library, CW_CPU_ARTIFACT_SYMBOL)};
    if (opened->artifact) {
        return CW_OK;
    }
    snprintf(error, error_size, "the artifact has no symbol `" CW_CPU_ARTIFACT_SYMBOL "`");
    dlclose(library);
    close(file);
    return CW_ERROR_BAD_MODULE;
}

static void close_artifact(void *library, int file) {
    if (library) {
        dlclose(library);
        close(file);
    }
}

cw_status cw_cpu_module_load(struct cw_backend_device *device, const void *bytes, size_t size,
                             struct cw_backend_module **module, char *error, size_t error_size) {
    (void)device;
    struct opened opened;
    cw_status status = open_artifact(bytes, size, &opened, error, error_size);
    if (status != CW_OK) {
        return status;
    }
    if (opened.artifact->abi_version == CW_CPU_ARTIFACT_ABI && opened.artifact->shape[0]) {
        snprintf(error, error_size, "the artifact is for blocks of one shape alone");
        status = CW_ERROR_BAD_MODULE;
    } else {
        status = cw_cpu_module_adopt(opened.artifact, module, error, error_size);
    }
    if (status != CW_OK) {
        close_artifact(opened.library, opened.file);
        return status;
    }
    (*module)->library = opened.library;
    (*module)->file = opened.file;
    return CW_OK;
}

/* ---- Code for blocks of one shape ----------------------------------------------------------------------------------- */

static cw_status share_variables(struct cw_backend_module *module, const struct cw_cpu_artifact *artifact, char *error, size_t error_size) {
    for (uint32_t i = 0; i < artifact->variable_count; i++) {
        void *variable;
        size_t size;
        if (cw_cpu_variable_find(module, artifact->variables[i].name, &variable, &size) != CW_OK) {
            snprintf(error, error_size, "the module has no variable `%s`", artifact->variables[i].name);
            return CW_ERROR_BAD_MODULE;
        }
        memcpy(artifact->variables[i].address, &variable, sizeof variable);
    }
    return CW_OK;
}

static cw_status adopt_shape(struct cw_backend_kernel *kernel, const struct cw_dim3 *block, const struct cw_cpu_artifact *artifact,
                             char *error, size_t error_size) {
    cw_status status = check(artifact, error, error_size);
    if (status != CW_OK) {
        return status;
    }
    if (artifact->kernel_count != 1 || strcmp(artifact->kernels[0].name, kernel->code->name) != 0 || artifact->shape[0] != block->x ||
        artifact->shape[1] != block->y || artifact->shape[2] != block->z || artifact->kernels[0].param_bytes != kernel->code->param_bytes) {
        snprintf(error, error_size, "the artifact is not for kernel `%s` with such blocks", kernel->code->name);
        return CW_ERROR_BAD_MODULE;
    }
    status = resolve(artifact, error, error_size);
    return status == CW_OK ? share_variables(kernel->module, artifact, error, error_size) : status;
}

cw_status cw_cpu_kernel_shape(struct cw_backend_kernel *kernel, const struct cw_dim3 *block, const void *bytes, size_t size, char *error,
                              size_t error_size) {
    struct opened opened;
    uint32_t count = kernel->shaped_count;
    if (count == CW_CPU_SHAPES_MAX || cw_cpu_kernel_code(kernel, block) != kernel->code) {
        snprintf(error, error_size, "kernel `%s` has code for blocks of so many shapes already", kernel->code->name);
        return CW_ERROR_INVALID_ARGUMENT;
    }
    cw_status status = open_artifact(bytes, size, &opened, error, error_size);
    if (status != CW_OK) {
        return status;
    }
    status = adopt_shape(kernel, block, opened.artifact, error, error_size);
    if (status != CW_OK) {
        close_artifact(opened.library, opened.file);
        return status;
    }
    kernel->shaped[count] = (struct cw_cpu_shaped){*block, &opened.artifact->kernels[0], opened.library, opened.file};
    __atomic_store_n(&kernel->shaped_count, count + 1, __ATOMIC_RELEASE);
    return CW_OK;
}

void cw_cpu_module_unload(struct cw_backend_module *module) {
    for (uint32_t k = 0; k < module->artifact->kernel_count; k++) {
        for (uint32_t i = 0; i < module->kernels[k].shaped_count; i++) {
            close_artifact(module->kernels[k].shaped[i].library, module->kernels[k].shaped[i].file);
        }
    }
    close_artifact(module->library, module->file);
    free(module);
}
