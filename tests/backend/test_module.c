/* SPDX-License-Identifier: Apache-2.0 */
/* Loading artifacts, and what the device says of itself. */
#include <elf.h>
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/cpu/backend.h"
#include "backend/cpu/module.h"
#include "backend/cpu/services.h"
#include "module/module.h"

static struct cw_backend_device *open_device(void) {
    struct cw_backend_device *device = NULL;
    cr_assert_eq(cw_backend_cpu.device_open(0, &device), CW_OK);
    return device;
}

static char *read_sample(size_t *size) {
    FILE *file = fopen(SAMPLE_ARTIFACT, "rb");
    cr_assert_not_null(file);
    fseek(file, 0, SEEK_END);
    *size = (size_t)ftell(file);
    rewind(file);
    char *bytes = malloc(*size);
    cr_assert_eq(fread(bytes, 1, *size, file), *size);
    fclose(file);
    return bytes;
}

Test(module, loads_a_shared_object) {
    struct cw_backend_device *device = open_device();
    struct cw_backend_module *module = NULL, *second = NULL;
    char error[256] = "";
    size_t size, variable_size;
    char *bytes = read_sample(&size);
    cr_assert_eq(cw_backend_cpu.module_load(device, bytes, size, &module, error, sizeof error), CW_OK, "%s", error);
    cr_assert_eq(cw_backend_cpu.module_load(device, bytes, size, &second, error, sizeof error), CW_OK, "%s", error);
    free(bytes);

    struct cw_backend_kernel *kernel;
    struct cw_kernel_facts facts;
    cr_assert_eq(cw_backend_cpu.kernel_find(module, "missing", &kernel), CW_ERROR_NOT_FOUND);
    cr_assert_eq(cw_backend_cpu.kernel_find(module, "add_factor", &kernel), CW_OK);
    cw_backend_cpu.kernel_facts(kernel, &facts);
    cr_assert_eq(facts.param_bytes, sizeof(void *));
    cr_assert_eq(facts.max_threads, 256);

    void *factor, *other;
    cr_assert_eq(cw_backend_cpu.variable_find(module, "missing", &factor, &variable_size), CW_ERROR_NOT_FOUND);
    cr_assert_eq(cw_backend_cpu.variable_find(module, "factor", &factor, &variable_size), CW_OK);
    cr_assert_eq(variable_size, sizeof(int));
    cr_assert_eq(cw_backend_cpu.variable_find(second, "factor", &other, &variable_size), CW_OK);
    cr_assert_neq(factor, other); /* each load has variables of its own */
    *(int *)factor = 5;

    int values[300] = {0}, *params = values;
    struct cw_fault fault;
    struct cw_launch launch = {.kernel = kernel, .grid = {3, 1, 1}, .block = {100, 1, 1}, .params = &params};
    cr_assert_eq(cw_backend_cpu.launch(device, &launch, &fault), CW_OK);
    for (int i = 0; i < 300; i++) {
        cr_assert_eq(values[i], 5 + i % 100);
    }
    cw_backend_cpu.module_unload(module);
    cw_backend_cpu.module_unload(second);
    cw_backend_cpu.device_close(device);
}

/* How many bytes of an ELF file the dynamic linker maps: debug information behind them may be missing. */
static size_t loaded_size(const char *bytes) {
    Elf64_Ehdr header;
    size_t end = 0;
    memcpy(&header, bytes, sizeof header);
    for (uint32_t i = 0; i < header.e_phnum; i++) {
        Elf64_Phdr part;
        memcpy(&part, bytes + header.e_phoff + i * sizeof part, sizeof part);
        end = part.p_offset + part.p_filesz > end ? part.p_offset + part.p_filesz : end;
    }
    return end;
}

Test(module, refuses_what_is_not_an_artifact) {
    struct cw_backend_device *device = open_device();
    struct cw_backend_module *module = NULL;
    char error[256] = "";
    size_t size;
    char *bytes = read_sample(&size);
    cr_assert_eq(cw_backend_cpu.module_load(device, "nonsense", 8, &module, error, sizeof error), CW_ERROR_BAD_MODULE);
    cr_assert(strstr(error, "not an ELF file"), "%s", error);
    size_t cut = loaded_size(bytes) - 1;
    cr_assert_eq(cw_backend_cpu.module_load(device, bytes, cut, &module, error, sizeof error), CW_ERROR_BAD_MODULE);
    cr_assert(strstr(error, "cut short"), "%s", error);
    bytes[18] = 0; /* the machine */
    bytes[19] = 0;
    cr_assert_eq(cw_backend_cpu.module_load(device, bytes, size, &module, error, sizeof error), CW_ERROR_BAD_MODULE);
    cr_assert(strstr(error, "shared object for"), "%s", error);
    free(bytes);
    cw_backend_cpu.device_close(device);
}

Test(module, refuses_unknown_versions_and_imports) {
    void *slot;
    struct cw_cpu_import import = {.name = "cw.teleport", .slot = &slot};
    struct cw_cpu_artifact artifact = {.abi_version = CW_CPU_ARTIFACT_ABI + 1, .import_count = 1, .imports = &import};
    struct cw_backend_module *module = NULL;
    char error[256] = "";
    cr_assert_eq(cw_cpu_module_adopt(&artifact, &module, error, sizeof error), CW_ERROR_BAD_MODULE);
    char version[32];
    snprintf(version, sizeof version, "ABI version %u", CW_CPU_ARTIFACT_ABI + 1);
    cr_assert(strstr(error, version), "%s", error);
    artifact.abi_version = CW_CPU_ARTIFACT_ABI;
    cr_assert_eq(cw_cpu_module_adopt(&artifact, &module, error, sizeof error), CW_ERROR_UNSUPPORTED);
    cr_assert(strstr(error, "cw.teleport"), "%s", error);
}

/* That every intrinsic has a row is checked when services.c compiles. */
Test(module, finds_services_by_name) {
    cr_assert_not_null(cw_cpu_service_find("cw.barrier"));
    cr_assert_not_null(cw_cpu_service_find("vprintf"));
    cr_assert_not_null(cw_cpu_service_find("cw.thread_exit"));
    cr_assert_null(cw_cpu_service_find("cw.tid.x"));
    cr_assert_null(cw_cpu_service_find("cw.nonsense"));
}

Test(module, device_tells_its_facts) {
    setenv("CUDA_WASM_THREADS", "7", 1);
    struct cw_backend_device *device = open_device();
    struct cw_device_facts facts;
    cw_backend_cpu.device_facts(device, &facts);
    cr_assert(strstr(facts.name, "(cuda-wasm CPU)"), "%s", facts.name);
    cr_assert_eq(facts.processors, 7);
    cr_assert_eq(facts.max_threads_per_block, 1024);
    cr_assert_eq(facts.shared_per_block, 227 << 10);
    cr_assert(facts.total_memory > 1 << 20 && facts.clock_khz > 100000);
    cw_backend_cpu.device_close(device);
    cr_assert_eq(cw_backend_cpu.device_open(1, &device), CW_ERROR_INVALID_ARGUMENT);
}

Test(module, scores_artifacts_by_cpu) {
#if defined(__x86_64__)
    int base = cw_backend_cpu.artifact_score(NULL, "x86-64", "");
    cr_assert_gt(base, 0);
    cr_assert_eq(cw_backend_cpu.artifact_score(NULL, "x86-64-v3", NULL) > base, __builtin_cpu_supports("avx2") != 0);
    cr_assert_eq(cw_backend_cpu.artifact_score(NULL, "x86-64-v4", NULL) > base, __builtin_cpu_supports("avx512bw") != 0);
    cr_assert_eq(cw_backend_cpu.artifact_score(NULL, "x86-64", "+sse2,+avx99"), 0);
    cr_assert_gt(cw_backend_cpu.artifact_score(NULL, "x86-64", "+sse2,-avx99,+shstk,+64bit"), 0);
    cr_assert_eq(cw_backend_cpu.artifact_score(NULL, "znver9", ""), 0);
    cr_assert_gt(cw_backend_cpu.artifact_score(NULL, "nehalem", "+sse2,+sse3,+cx16,-avx"), base);
    cr_assert_eq(cw_backend_cpu.artifact_score(NULL, "sapphirerapids", "+sse3,+avx512fp16,+avx10.9") > 0, 0);
#endif
    cr_assert_eq(cw_backend_cpu.artifact_score(NULL, "pentium-pro-of-another-machine", NULL), 0);
}
