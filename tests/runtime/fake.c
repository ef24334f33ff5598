/* SPDX-License-Identifier: Apache-2.0 */
/* fake.c: see fake.h. */
#include "fake.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "backend/cpu/backend.h"
#include "module/module.h"

char kernel_note, kernel_gate, kernel_fault, kernel_add, kernel_empty, kernel_bounded, kernel_absent, kernel_unlisted,
    kernel_foreign, variable_numbers, variable_absent;

atomic_int fake_allocations, fake_launches, fake_modules, fake_opens, fake_flushes;
atomic_bool fake_alloc_fails;
atomic_int fake_score = 1;
atomic_uint fake_devices = 1;
atomic_bool fake_apart;
atomic_uint fake_copies[3];

#define FAKE_MAGIC "FAKEARTIFACT"

/* ---- The log ------------------------------------------------------------------------------------------------- */

static struct {
    pthread_mutex_t lock;
    int values[4096];
    int count;
} notes = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void note(int value) {
    pthread_mutex_lock(&notes.lock);
    notes.values[notes.count++ % 4096] = value;
    pthread_mutex_unlock(&notes.lock);
}

int fake_log_count(void) {
    pthread_mutex_lock(&notes.lock);
    int count = notes.count;
    pthread_mutex_unlock(&notes.lock);
    return count;
}

int fake_log_at(int index) {
    pthread_mutex_lock(&notes.lock);
    int value = index < notes.count ? notes.values[index] : -1;
    pthread_mutex_unlock(&notes.lock);
    return value;
}

/* ---- Kernels ------------------------------------------------------------------------------------------------- */

static void nap(void) {
    nanosleep(&(struct timespec){.tv_nsec = 50000}, NULL);
}

static bool wait_for(atomic_bool *flag) {
    for (int i = 0; i < 200000 && !atomic_load(flag); i++) {
        nap();
    }
    return atomic_load(flag);
}

bool gate_wait_reached(struct gate *gate) {
    return wait_for(&gate->reached);
}

static cw_status run_note(const char *params, struct cw_fault *fault) {
    int value;
    (void)fault;
    memcpy(&value, params, sizeof value);
    note(value);
    return CW_OK;
}

static cw_status run_gate(const char *params, struct cw_fault *fault) {
    struct gate *gate;
    memcpy(&gate, params, sizeof gate);
    atomic_store(&gate->reached, true);
    if (!wait_for(&gate->open)) {
        return CW_ERROR_INTERNAL;
    }
    return run_note(params + 8, fault);
}

static cw_status run_fault(const char *params, struct cw_fault *fault) {
    int kind;
    memcpy(&kind, params, sizeof kind);
    fault->kind = (enum cw_fault_kind)kind;
    strcpy(fault->message, "the fake kernel failed as it was told");
    return CW_ERROR_FAULT;
}

static cw_status run_add(const char *params, struct cw_fault *fault) {
    atomic_int *sum;
    int value;
    (void)fault;
    memcpy(&sum, params, sizeof sum);
    memcpy(&value, params + 8, sizeof value);
    atomic_fetch_add(sum, value);
    return CW_OK;
}

static cw_status run_empty(const char *params, struct cw_fault *fault) {
    (void)params;
    (void)fault;
    return CW_OK;
}

static struct cw_parameter int_param[] = {{0, 4, 4}};
static struct cw_parameter pointer_int_params[] = {{0, 8, 8}, {8, 4, 4}};

struct cw_backend_kernel {
    const char *name;
    cw_status (*run)(const char *params, struct cw_fault *fault);
};

static struct cw_backend_kernel kernels[] = {
    {"note", run_note}, {"gate", run_gate},   {"fault", run_fault},
    {"add", run_add},   {"empty", run_empty}, {"bounded", run_empty},
};

static struct cw_kernel rows[] = {
    {.name = "note", .source = "", .shared_align = 1, .param_count = 1, .param_bytes = 4, .params = int_param},
    {.name = "gate",
     .source = "",
     .shared_align = 1,
     .param_count = 2,
     .param_bytes = 12,
     .params = pointer_int_params},
    {.name = "fault", .source = "", .shared_align = 1, .param_count = 1, .param_bytes = 4, .params = int_param},
    {.name = "add", .source = "", .shared_align = 1, .param_count = 2, .param_bytes = 12, .params = pointer_int_params},
    {.name = "empty", .source = "", .shared_align = 1},
    {.name = "bounded", .source = "", .shared_align = 16, .static_shared = 1024, .max_threads = 128},
    {.name = "absent", .source = "", .shared_align = 1},
};
#define ROW_COUNT (sizeof rows / sizeof rows[0])

static struct cw_variable variable_rows[] = {{"numbers", 256, 4, 0, 0, CW_REFERENCE_NONE}};
static int numbers[64];

/* ---- The backend --------------------------------------------------------------------------------------------- */

struct cw_backend_device {
    int unused;
};
struct cw_backend_module {
    int unused;
};

static struct cw_backend_device devices[2];

static int probe(void) {
    return 1;
}

static uint32_t device_count(void) {
    return atomic_load(&fake_devices);
}

static cw_status device_open(uint32_t ordinal, struct cw_backend_device **device) {
    atomic_fetch_add(&fake_opens, 1);
    *device = &devices[ordinal];
    return CW_OK;
}

static void device_close(struct cw_backend_device *device) {
    (void)device;
    atomic_fetch_sub(&fake_opens, 1);
}

static void device_facts(struct cw_backend_device *device, struct cw_device_facts *facts) {
    (void)device;
    *facts = (struct cw_device_facts){
        .name = "Fake",
        .total_memory = 1u << 30,
        .shared_per_block = 163 * 1024,
        .processors = 4,
        .clock_khz = 2000000,
        .max_threads_per_block = 1024,
        .unified_memory = !atomic_load(&fake_apart),
    };
}

static cw_status device_limit(struct cw_backend_device *device, enum cw_device_limit limit, uint64_t value) {
    (void)device;
    (void)limit;
    return value > (uint64_t)1 << 40 ? CW_ERROR_INVALID_ARGUMENT : CW_OK;
}

static cw_status memory_alloc(struct cw_backend_device *device, size_t size, void **pointer) {
    (void)device;
    if (atomic_load(&fake_alloc_fails) || size > 1u << 30 || posix_memalign(pointer, 256, size) != 0) {
        return CW_ERROR_OUT_OF_MEMORY;
    }
    atomic_fetch_add(&fake_allocations, 1);
    return CW_OK;
}

static void memory_free(struct cw_backend_device *device, void *pointer) {
    (void)device;
    atomic_fetch_sub(&fake_allocations, 1);
    free(pointer);
}

static void memory_info(struct cw_backend_device *device, uint64_t *free_bytes, uint64_t *total_bytes) {
    (void)device;
    *free_bytes = 1u << 29;
    *total_bytes = 1u << 30;
}

static cw_status copy(struct cw_backend_device *device, void *dst, const void *src, size_t size,
                      enum cw_copy_kind kind) {
    (void)device;
    atomic_fetch_add(&fake_copies[kind], 1);
    memcpy(dst, src, size);
    return CW_OK;
}

static cw_status fill(struct cw_backend_device *device, void *dst, uint32_t pattern, uint32_t pattern_size,
                      size_t count) {
    (void)device;
    for (size_t i = 0; i < count; i++) {
        memcpy((char *)dst + i * pattern_size, &pattern, pattern_size);
    }
    return CW_OK;
}

static int artifact_score(struct cw_backend_device *device, const char *cpu, const char *features) {
    (void)device;
    (void)features;
    return strcmp(cpu, "never") == 0 ? 0 : atomic_load(&fake_score);
}

static cw_status module_load(struct cw_backend_device *device, const void *artifact, size_t size,
                             struct cw_backend_module **module, char *error, size_t error_size) {
    (void)device;
    if (size != sizeof FAKE_MAGIC || memcmp(artifact, FAKE_MAGIC, size) != 0) {
        strncpy(error, "not a fake artifact", error_size - 1);
        return CW_ERROR_BAD_MODULE;
    }
    *module = malloc(sizeof **module);
    memset(numbers, 0, sizeof numbers);
    atomic_fetch_add(&fake_modules, 1);
    return CW_OK;
}

static void module_unload(struct cw_backend_module *module) {
    atomic_fetch_sub(&fake_modules, 1);
    free(module);
}

static cw_status kernel_find(struct cw_backend_module *module, const char *name, struct cw_backend_kernel **kernel) {
    (void)module;
    for (size_t i = 0; i < sizeof kernels / sizeof kernels[0]; i++) {
        if (strcmp(kernels[i].name, name) == 0) {
            *kernel = &kernels[i];
            return CW_OK;
        }
    }
    return CW_ERROR_NOT_FOUND;
}

static void kernel_facts(struct cw_backend_kernel *kernel, struct cw_kernel_facts *facts) {
    (void)kernel;
    *facts = (struct cw_kernel_facts){.max_threads = 1024};
}

static cw_status variable_find(struct cw_backend_module *module, const char *name, void **pointer, size_t *size) {
    (void)module;
    if (strcmp(name, "numbers") != 0) {
        return CW_ERROR_NOT_FOUND;
    }
    *pointer = numbers;
    *size = sizeof numbers;
    return CW_OK;
}

static cw_status launch(struct cw_backend_device *device, const struct cw_launch *launch_, struct cw_fault *fault) {
    (void)device;
    atomic_fetch_add(&fake_launches, 1);
    return launch_->kernel->run(launch_->params, fault);
}

static void output_flush(struct cw_backend_device *device) {
    (void)device;
    atomic_fetch_add(&fake_flushes, 1);
}

const struct cw_backend cw_backend_cpu = {
    .abi_version = CW_BACKEND_ABI,
    .struct_size = sizeof(struct cw_backend),
    .name = "fake",
    .target = "fake",
    .probe = probe,
    .device_count = device_count,
    .device_open = device_open,
    .device_close = device_close,
    .device_facts = device_facts,
    .device_limit = device_limit,
    .memory_alloc = memory_alloc,
    .memory_free = memory_free,
    .memory_info = memory_info,
    .copy = copy,
    .fill = fill,
    .artifact_score = artifact_score,
    .module_load = module_load,
    .module_unload = module_unload,
    .kernel_find = kernel_find,
    .kernel_facts = kernel_facts,
    .variable_find = variable_find,
    .launch = launch,
    .output_flush = output_flush,
};

/* ---- Containers and registration ----------------------------------------------------------------------------- */

void fake_container(struct cw_text *out, bool with_table, bool with_artifact, const char *target) {
    const struct cw_table table = {rows, ROW_COUNT, variable_rows, 1, NULL};
    struct cw_text table_bytes = {0};
    struct cw_entry entries[2];
    uint32_t count = 0;
    cw_table_write(&table_bytes, &table);
    if (with_table) {
        entries[count++] = (struct cw_entry){CW_ENTRY_TABLE, "", "", "", table_bytes.data, table_bytes.size};
    }
    if (with_artifact) {
        entries[count++] = (struct cw_entry){CW_ENTRY_ARTIFACT, target, "", "", FAKE_MAGIC, sizeof FAKE_MAGIC};
    }
    cw_container_write(out, entries, count);
    cw_text_fini(&table_bytes);
}

void fake_register_symbols(void **handle) {
    static const struct {
        char *host;
        const char *name;
    } symbols[] = {
        {&kernel_note, "note"},     {&kernel_gate, "gate"},         {&kernel_fault, "fault"},
        {&kernel_add, "add"},       {&kernel_empty, "empty"},       {&kernel_bounded, "bounded"},
        {&kernel_absent, "absent"}, {&kernel_unlisted, "unlisted"},
    };
    for (size_t i = 0; i < sizeof symbols / sizeof symbols[0]; i++) {
        __cudaRegisterFunction(handle, symbols[i].host, NULL, symbols[i].name, -1, NULL, NULL, NULL, NULL, NULL);
    }
    __cudaRegisterVar(handle, &variable_numbers, NULL, "numbers", 0, 256, 0, 0);
    __cudaRegisterVar(handle, &variable_absent, NULL, "nowhere", 0, 4, 0, 0);
}

void fake_register(void) {
    static struct cw_text container;
    static uint8_t reference[CW_REFERENCE_SIZE];
    static struct fatbin_wrapper wrapper = {FATBIN_MAGIC, 1, reference, NULL};
    static const uint8_t id[16] = "fake container!";
    fake_container(&container, true, true, "fake");
    cw_reference_write(reference, id);
    void **handle = __cudaRegisterFatBinary(&wrapper);
    fake_register_symbols(handle);
    __cudaRegisterFatBinaryEnd(handle);
    __cw_register_container(id, container.data, container.size);
}

/* ---- Launching ----------------------------------------------------------------------------------------------- */

cudaError_t fake_launch(const void *kernel, void **args, cudaStream_t stream) {
    return cudaLaunchKernel(kernel, (dim3){1, 1, 1}, (dim3){1, 1, 1}, args, 0, stream);
}

cudaError_t fake_note(int value, cudaStream_t stream) {
    void *args[] = {&value};
    return fake_launch(&kernel_note, args, stream);
}

cudaError_t fake_gate(struct gate *gate, int value, cudaStream_t stream) {
    void *args[] = {&gate, &value};
    return fake_launch(&kernel_gate, args, stream);
}
