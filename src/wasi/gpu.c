/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gpu.c: the backend `webgpu` of programs in pages: the CPU's, with a GPU before it (gpu.h). What the GPU does not have (textures, a
 * kernel that WGSL can't express, a block that is too large for the adapter) is the CPU's, and the contents of memory
 * move to where they are used. There is one queue, so all streams are one.
 *
 * Memory that the host uses too (managed, mapped) lies in both places: before the GPU works it gets what the host wrote, and when
 * the host has waited, the host gets what the GPU wrote (CUDA C++ Programming Guide, "Coherency and Concurrency": the host
 * keeps away from it meanwhile).
 */
#include "wasi/gpu.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/cpu/backend.h"
#include "module/module.h"

#define PARAMETERS_MAX 16384u /* ARGUMENTS of web/src/gpu_device.js */

/* What the GPU's heap has at the addresses from `start` on. */
struct range {
    uintptr_t start;
    size_t size;
    bool shared; /* the host uses it too */
    struct cw_backend_module *module; /* whose variables lie there, or NULL */
    struct range *next;
};

struct plan {
    struct cw_dim3 block;
    uint32_t shared;
    bool possible;
    uint32_t pipeline;
    struct plan *next;
};

struct cw_backend_kernel {
    struct cw_backend_kernel *own; /* the CPU's */
    struct cw_backend_module *module;
    char *name;
    bool on_gpu;
    uint32_t index, shared, parameter_bytes;
    char why[512]; /* it doesn't run on the GPU; told when it first runs */
    struct plan *plans;
    struct cw_backend_kernel *next;
};

struct variable {
    char *name;
    void *address, *own; /* on the GPU; in linear memory, NULL: it has none there */
    size_t size;
    struct variable *next;
};

struct cw_backend_module {
    struct cw_backend_module *own;
    struct cw_backend_device *device;
    bool on_gpu;
    uint32_t index;
    void *globals;
    char why[512];
    struct variable *variables;
    struct cw_backend_kernel *kernels;
};

struct cw_backend_device {
    struct cw_backend_device *own;
    pthread_mutex_t lock;
    struct range *ranges;
    bool elsewhere;   /* contents are in linear memory */
    bool lost;        /* and stay there: the GPU has no memory for them */
    bool host_has;    /* of shared ranges the host has the newest contents */
    uint32_t next_time;
};

struct cw_backend_stream {
    struct cw_backend_device *device;
};

struct cw_backend_event {
    struct cw_backend_device *device;
    uint32_t place;
};

#define ASK(reply, operation, ...)                                                                                     \
    do {                                                                                                               \
        const uint32_t words[] = {__VA_ARGS__};                                                                        \
        cw_gpu_ask(operation, words, sizeof words / sizeof words[0], NULL, 0, reply);                                  \
    } while (0)
#define WORD(pointer) ((uint32_t)(uintptr_t)(pointer))

/* ---- Where contents are ---- */

static struct range *range_at(const struct cw_backend_device *device, const void *pointer) {
    for (struct range *range = device->ranges; range; range = range->next) {
        if ((uintptr_t)pointer - range->start < range->size) {
            return range;
        }
    }
    return NULL;
}

/* Where a pointer's contents are while they are in linear memory: a module's variables have a place of their own there. */
static void *place_of(const struct range *range, const void *pointer) {
    const struct variable *variable = range && range->module ? range->module->variables : NULL;
    for (; variable; variable = variable->next) {
        size_t into = (size_t)((uintptr_t)pointer - (uintptr_t)variable->address);
        if (variable->own && into < variable->size) {
            return (char *)variable->own + into;
        }
    }
    return (void *)(uintptr_t)pointer;
}

static void update_shared(struct cw_backend_device *device, bool host_has) {
    if (device->elsewhere || device->host_has == host_has) {
        return;
    }
    device->host_has = host_has;
    for (struct range *range = device->ranges; range; range = range->next) {
        if (range->shared) {
            struct cw_gpu_reply reply;
            ASK(&reply, host_has ? CW_GPU_READ : CW_GPU_WRITE, WORD(range->start), WORD(range->start), (uint32_t)range->size);
        }
    }
}

static void to_memory(struct cw_backend_device *device, const char *name, const char *why) {
    struct cw_gpu_reply reply;
    update_shared(device, true);
    ASK(&reply, CW_GPU_TO_MEMORY, WORD(name), (uint32_t)strlen(name), WORD(why), (uint32_t)strlen(why));
    device->elsewhere = true;
}

static void to_gpu(struct cw_backend_device *device) {
    if (device->elsewhere) {
        ASK(NULL, CW_GPU_TO_GPU, 0);
        device->elsewhere = false;
        device->host_has = true;
    }
    update_shared(device, false);
}

/* Waits until nothing is pending. */
static cw_status finish(struct cw_backend_device *device, struct cw_fault *fault) {
    struct cw_gpu_reply reply;
    ASK(&reply, CW_GPU_FINISH, 0);
    if (reply.status != 0) {
        if (fault) {
            *fault = (struct cw_fault){.kind = CW_FAULT_NONE};
            snprintf(fault->message, sizeof fault->message, "%s", reply.text);
        }
        return CW_ERROR_FAULT;
    }
    update_shared(device, true);
    return CW_OK;
}

/* ---- The device ---- */

static int probe(void) {
    return 300;
}

static uint32_t device_count(void) {
    return 1;
}

static cw_status device_open(uint32_t ordinal, struct cw_backend_device **device) {
    struct cw_backend_device *made = calloc(1, sizeof *made);
    cw_status status = made ? cw_backend_cpu.device_open(ordinal, &made->own) : CW_ERROR_OUT_OF_MEMORY;
    if (status != CW_OK) {
        free(made);
        return status;
    }
    pthread_mutex_init(&made->lock, NULL);
    made->host_has = true;
    *device = made;
    return CW_OK;
}

static void device_close(struct cw_backend_device *device) {
    cw_backend_cpu.device_close(device->own);
    while (device->ranges) {
        struct range *next = device->ranges->next;
        free(device->ranges);
        device->ranges = next;
    }
    pthread_mutex_destroy(&device->lock);
    free(device);
}

static void device_facts(struct cw_backend_device *device, struct cw_device_facts *facts) {
    cw_backend_cpu.device_facts(device->own, facts);
    snprintf(facts->name, sizeof facts->name, "%s", cw_gpu_shared.name);
    snprintf(facts->driver, sizeof facts->driver, "WebGPU in a browser");
    if (facts->total_memory > cw_gpu_shared.memory_max) {
        facts->total_memory = cw_gpu_shared.memory_max;
    }
    facts->unified_memory = 0;
    facts->reads_host_memory = 1;
}

static void device_answers(struct cw_backend_device *device, int64_t (*answer)(void *, uint32_t, int64_t), void *context) {
    cw_backend_cpu.device_answers(device->own, answer, context);
}

static cw_status device_limit(struct cw_backend_device *device, enum cw_device_limit limit, uint64_t value) {
    return cw_backend_cpu.device_limit(device->own, limit, value);
}

/* ---- Memory ---- */

/* The GPU's heap gets room at the addresses; where it has none, everything goes on in linear memory. */
static cw_status note_range(struct cw_backend_device *device, void *pointer, size_t size, bool shared, struct cw_backend_module *module) {
    struct range *range = malloc(sizeof *range);
    struct cw_gpu_reply reply = {0};
    if (!range) {
        return CW_ERROR_OUT_OF_MEMORY;
    }
    *range = (struct range){(uintptr_t)pointer, size, shared, module, device->ranges};
    device->ranges = range;
    if (device->lost) {
        return CW_OK;
    }
    /* What the host has in shared memory, the GPU gets with the next launch. */
    update_shared(device, true);
    ASK(&reply, CW_GPU_ALLOC, WORD(pointer), (uint32_t)size, shared);
    if (reply.status != 0) {
        if (!device->elsewhere) {
            to_memory(device, "everything", reply.text);
        }
        device->lost = true;
    }
    return CW_OK;
}

static void forget_range(struct cw_backend_device *device, const void *pointer) {
    for (struct range **link = &device->ranges; *link; link = &(*link)->next) {
        struct range *range = *link;
        if (range->start == (uintptr_t)pointer) {
            *link = range->next;
            free(range);
            ASK(NULL, CW_GPU_FREE, WORD(pointer));
            return;
        }
    }
}

static cw_status alloc(struct cw_backend_device *device, size_t size, void **pointer, bool shared) {
    pthread_mutex_lock(&device->lock);
    cw_status status = cw_backend_cpu.memory_alloc(device->own, size, pointer);
    if (status == CW_OK && (status = note_range(device, *pointer, size ? size : 1, shared, NULL)) != CW_OK) {
        cw_backend_cpu.memory_free(device->own, *pointer);
    }
    pthread_mutex_unlock(&device->lock);
    return status;
}

static cw_status memory_alloc(struct cw_backend_device *device, size_t size, void **pointer) {
    return alloc(device, size, pointer, false);
}

static cw_status managed_alloc(struct cw_backend_device *device, size_t size, void **pointer) {
    return alloc(device, size, pointer, true);
}

static void memory_free(struct cw_backend_device *device, void *pointer) {
    pthread_mutex_lock(&device->lock);
    forget_range(device, pointer);
    cw_backend_cpu.memory_free(device->own, pointer);
    pthread_mutex_unlock(&device->lock);
}

static void memory_info(struct cw_backend_device *device, uint64_t *free_bytes, uint64_t *total_bytes) {
    cw_backend_cpu.memory_info(device->own, free_bytes, total_bytes);
    if (*total_bytes > cw_gpu_shared.memory_max) {
        uint64_t used = *total_bytes - *free_bytes;
        *total_bytes = cw_gpu_shared.memory_max;
        *free_bytes = used < *total_bytes ? *total_bytes - used : 0;
    }
}

static cw_status host_alloc(struct cw_backend_device *device, size_t size, void **pointer) {
    return managed_alloc(device, size, pointer);
}

static void host_free(struct cw_backend_device *device, void *pointer) {
    memory_free(device, pointer);
}

static cw_status host_register(struct cw_backend_device *device, void *pointer, size_t size) {
    pthread_mutex_lock(&device->lock);
    cw_status status = note_range(device, pointer, size, true, NULL);
    pthread_mutex_unlock(&device->lock);
    return status;
}

static void host_unregister(struct cw_backend_device *device, void *pointer, size_t size) {
    (void)size;
    pthread_mutex_lock(&device->lock);
    forget_range(device, pointer);
    pthread_mutex_unlock(&device->lock);
}

static cw_status copy(struct cw_backend_device *device, void *dst, const void *src, size_t size, enum cw_copy_kind kind) {
    cw_status status = CW_OK;
    pthread_mutex_lock(&device->lock);
    struct range *to = kind == CW_COPY_DEVICE_TO_HOST ? NULL : range_at(device, dst);
    struct range *from = kind == CW_COPY_HOST_TO_DEVICE ? NULL : range_at(device, src);
    if ((to && to->shared) || (from && from->shared)) {
        update_shared(device, false);
    }
    if (device->elsewhere || (!to && !from)) {
        memmove(place_of(to, dst), place_of(from, src), size);
    } else {
        struct cw_gpu_reply reply;
        enum cw_gpu_operation operation = to && from ? CW_GPU_MOVE : to ? CW_GPU_WRITE : CW_GPU_READ;
        ASK(operation == CW_GPU_MOVE ? NULL : &reply, operation, WORD(dst), WORD(src), (uint32_t)size);
        status = operation != CW_GPU_MOVE && reply.status != 0 ? CW_ERROR_FAULT : CW_OK;
        /* The caller may read managed memory behind a copy that has waited. */
        if (operation != CW_GPU_MOVE && ((to && to->shared) || (from && from->shared))) {
            update_shared(device, true);
        }
    }
    pthread_mutex_unlock(&device->lock);
    return status;
}

static cw_status fill(struct cw_backend_device *device, void *dst, uint32_t pattern, uint32_t pattern_size, size_t count) {
    cw_status status = CW_OK;
    pthread_mutex_lock(&device->lock);
    struct range *to = range_at(device, dst);
    if (to && to->shared) {
        update_shared(device, false);
    }
    if (device->elsewhere || !to) {
        status = cw_backend_cpu.fill(device->own, place_of(to, dst), pattern, pattern_size, count);
    } else {
        ASK(NULL, CW_GPU_FILL, WORD(dst), pattern, pattern_size, (uint32_t)count);
    }
    pthread_mutex_unlock(&device->lock);
    return status;
}

/* ---- Modules ---- */

static int artifact_score(struct cw_backend_device *device, const char *cpu, const char *features) {
    return cw_backend_cpu.artifact_score(device->own, cpu, features);
}

static const struct cw_entry *find_wgsl(const void *id, struct cw_entry *entries) {
    size_t size;
    uint32_t count = 0;
    const void *container = cw_wasi_container(id, &size);
    if (!container || cw_container_read(container, size, entries, &count) != CW_OK) {
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (entries[i].kind == CW_ENTRY_ARTIFACT && strcmp(entries[i].name, "wgsl") == 0) {
            return &entries[i];
        }
    }
    return NULL;
}

/* The module's variables have a place on the GPU, and on the CPU the one that WebAssembly gives them. */
static void find_variables(struct cw_backend_module *module) {
    struct cw_gpu_reply reply;
    for (uint32_t index = 0;; index++) {
        ASK(&reply, CW_GPU_VARIABLE, module->index, index);
        struct variable *variable = reply.status == 0 ? calloc(1, sizeof *variable) : NULL;
        if (!variable) {
            return;
        }
        variable->name = strdup(reply.text);
        variable->address = (char *)module->globals + reply.values[0];
        variable->size = reply.values[1];
        variable->next = module->variables;
        module->variables = variable;
        size_t size;
        if (variable->name && cw_backend_cpu.variable_find(module->own, variable->name, &variable->own, &size) == CW_OK) {
            ASK(NULL, CW_GPU_MIRROR, WORD(variable->address), WORD(variable->own), (uint32_t)variable->size);
        }
    }
}

static void load_on_gpu(struct cw_backend_module *module, const void *id) {
    struct cw_entry entries[CW_CONTAINER_ENTRIES_MAX];
    struct cw_gpu_reply reply;
    struct cw_backend_device *device = module->device;
    const struct cw_entry *wgsl = find_wgsl(id, entries);
    if (!wgsl) {
        snprintf(module->why, sizeof module->why, "WGSL can't express its module");
        return;
    }
    ASK(&reply, CW_GPU_MODULE, WORD(wgsl->data), (uint32_t)wgsl->size);
    uint32_t size = reply.values[1];
    module->index = reply.values[0];
    if (reply.status != 0) {
        snprintf(module->why, sizeof module->why, "%s", reply.text);
        return;
    }
    if (size && (cw_backend_cpu.memory_alloc(device->own, size, &module->globals) != CW_OK ||
                 note_range(device, module->globals, size, false, module) != CW_OK)) {
        snprintf(module->why, sizeof module->why, "there is no memory for its variables");
        return;
    }
    module->on_gpu = true;
    ASK(NULL, CW_GPU_START, module->index, WORD(module->globals));
    find_variables(module);
    if (device->elsewhere) {
        /* What its variables begin with belongs to the GPU's side, which takes all contents from linear memory when it is used. */
        device->elsewhere = false;
        to_memory(device, "", "");
    }
}

static cw_status module_load(struct cw_backend_device *device, const void *artifact, size_t size,
                             struct cw_backend_module **module, char *error, size_t error_size) {
    struct cw_backend_module *made = calloc(1, sizeof *made);
    cw_status status = made ? cw_backend_cpu.module_load(device->own, artifact, size, &made->own, error, error_size)
                            : CW_ERROR_OUT_OF_MEMORY;
    if (status != CW_OK) {
        free(made);
        return status;
    }
    made->device = device;
    pthread_mutex_lock(&device->lock);
    load_on_gpu(made, artifact);
    pthread_mutex_unlock(&device->lock);
    *module = made;
    return CW_OK;
}

static void module_unload(struct cw_backend_module *module) {
    for (struct cw_backend_kernel *kernel = module->kernels, *next; kernel; kernel = next) {
        next = kernel->next;
        for (struct plan *plan = kernel->plans, *after; plan; plan = after) {
            after = plan->next;
            free(plan);
        }
        free(kernel->name);
        free(kernel);
    }
    for (struct variable *variable = module->variables, *next; variable; variable = next) {
        next = variable->next;
        free(variable->name);
        free(variable);
    }
    if (module->globals) {
        memory_free(module->device, module->globals);
    }
    cw_backend_cpu.module_unload(module->own);
    free(module);
}

static cw_status kernel_find(struct cw_backend_module *module, const char *name, struct cw_backend_kernel **kernel) {
    struct cw_backend_kernel *own;
    cw_status status = cw_backend_cpu.kernel_find(module->own, name, &own);
    if (status != CW_OK) {
        return status;
    }
    pthread_mutex_lock(&module->device->lock);
    struct cw_backend_kernel *made = module->kernels;
    while (made && made->own != own) {
        made = made->next;
    }
    if (!made && (made = calloc(1, sizeof *made))) {
        struct cw_gpu_reply reply = {.status = 1};
        made->own = own;
        made->module = module;
        made->name = strdup(name);
        made->next = module->kernels;
        module->kernels = made;
        if (module->on_gpu) {
            ASK(&reply, CW_GPU_KERNEL, module->index, WORD(name), (uint32_t)strlen(name));
        }
        made->on_gpu = reply.status == 0;
        made->index = reply.values[0];
        made->shared = reply.values[1];
        made->parameter_bytes = reply.values[2];
        snprintf(made->why, sizeof made->why, "%s", module->on_gpu ? reply.text : module->why);
    }
    pthread_mutex_unlock(&module->device->lock);
    *kernel = made;
    return made ? CW_OK : CW_ERROR_OUT_OF_MEMORY;
}

static void kernel_facts(struct cw_backend_kernel *kernel, struct cw_kernel_facts *facts) {
    cw_backend_cpu.kernel_facts(kernel->own, facts);
}

static cw_status variable_find(struct cw_backend_module *module, const char *name, void **pointer, size_t *size) {
    for (struct variable *variable = module->variables; variable; variable = variable->next) {
        if (variable->name && strcmp(variable->name, name) == 0) {
            *pointer = variable->address;
            *size = variable->size;
            return CW_OK;
        }
    }
    return cw_backend_cpu.variable_find(module->own, name, pointer, size);
}

/* ---- Launches ---- */

static bool fits(const struct cw_launch *launch, char *why, size_t size) {
    const uint32_t block[3] = {launch->block.x, launch->block.y, launch->block.z};
    const uint32_t grid[3] = {launch->grid.x, launch->grid.y, launch->grid.z};
    uint64_t most = cw_gpu_shared.groups_max, blocks = (uint64_t)grid[0] * grid[1];
    bool folded = false;
    for (unsigned axis = 0; axis < 3; axis++) {
        if (block[axis] > cw_gpu_shared.block_max[axis]) {
            snprintf(why, size, "the adapter's groups have at most %u threads along an axis", cw_gpu_shared.block_max[axis]);
            return false;
        }
        folded |= grid[axis] > most;
    }
    if ((uint64_t)block[0] * block[1] * block[2] > cw_gpu_shared.threads_max) {
        snprintf(why, size, "the adapter's groups have at most %u threads", cw_gpu_shared.threads_max);
    } else if (launch->kernel->shared + launch->dynamic_shared > cw_gpu_shared.shared_max) {
        snprintf(why, size, "the adapter has %u bytes of shared memory a block", cw_gpu_shared.shared_max);
    } else if (launch->kernel->parameter_bytes > PARAMETERS_MAX) {
        snprintf(why, size, "it has more than %u bytes of parameters", PARAMETERS_MAX);
    } else if (folded && (blocks > UINT32_MAX || blocks * grid[2] > UINT32_MAX || (blocks * grid[2] + most - 1) / most > most)) {
        snprintf(why, size, "the grid has too many blocks for WebGPU");
    } else if (launch->cooperative) {
        snprintf(why, size, "WebGPU has no cooperative launches");
    } else {
        return true;
    }
    return false;
}

/* The pipeline for the launch; NULL: it runs as WebAssembly, `why` says the reason. */
static const struct plan *plan_for(const struct cw_launch *launch, char *why, size_t size) {
    struct cw_backend_kernel *kernel = launch->kernel;
    if (!kernel->on_gpu) {
        snprintf(why, size, "%s", kernel->why);
        return NULL;
    }
    if (!fits(launch, why, size)) {
        return NULL;
    }
    for (struct plan *plan = kernel->plans; plan; plan = plan->next) {
        if (memcmp(&plan->block, &launch->block, sizeof plan->block) == 0 && plan->shared == launch->dynamic_shared) {
            return plan->possible ? plan : NULL;
        }
    }
    struct plan *plan = calloc(1, sizeof *plan);
    struct cw_gpu_reply reply;
    if (!plan) {
        return NULL;
    }
    ASK(&reply, CW_GPU_PIPELINE, kernel->index, launch->block.x, launch->block.y, launch->block.z, launch->dynamic_shared);
    *plan = (struct plan){launch->block, launch->dynamic_shared, reply.status == 0, reply.values[0], kernel->plans};
    kernel->plans = plan;
    snprintf(why, size, "%s", reply.text);
    return plan->possible ? plan : NULL;
}

static cw_status launch_it(struct cw_backend_device *device, const struct cw_launch *launch, struct cw_fault *fault) {
    struct cw_backend_kernel *kernel = launch->kernel;
    char why[600] = "";
    const struct plan *plan = device->lost ? NULL : plan_for(launch, why, sizeof why);
    if (plan) {
        to_gpu(device);
        const uint32_t words[] = {plan->pipeline, launch->grid.x, launch->grid.y, launch->grid.z, WORD(kernel->module->globals), kernel->parameter_bytes};
        cw_gpu_ask(CW_GPU_LAUNCH, words, sizeof words / sizeof words[0], launch->params, kernel->parameter_bytes, NULL);
        return CW_OK;
    }
    if (!device->elsewhere) {
        to_memory(device, kernel->name ? kernel->name : "", why);
    }
    struct cw_launch own = *launch;
    own.kernel = kernel->own;
    return cw_backend_cpu.launch(device->own, &own, fault);
}

static cw_status launch(struct cw_backend_device *device, const struct cw_launch *wanted, struct cw_fault *fault) {
    pthread_mutex_lock(&device->lock);
    cw_status status = launch_it(device, wanted, fault);
    if (status == CW_OK) {
        status = finish(device, fault);
    }
    pthread_mutex_unlock(&device->lock);
    return status;
}

static void output_flush(struct cw_backend_device *device) {
    cw_backend_cpu.output_flush(device->own);
}

/* ---- Textures: kernels that use them run as WebAssembly ---- */

static cw_status image_create(struct cw_backend_device *device, const struct cw_image *image, const struct cw_sampler *sampler,
                              uint64_t *object) {
    return cw_backend_cpu.image_create(device->own, image, sampler, object);
}

static void image_destroy(struct cw_backend_device *device, uint64_t object) {
    cw_backend_cpu.image_destroy(device->own, object);
}

/* ---- Streams and events: one queue ---- */

static cw_status stream_create(struct cw_backend_device *device, int priority, struct cw_backend_stream **stream) {
    (void)priority;
    *stream = calloc(1, sizeof **stream);
    if (!*stream) {
        return CW_ERROR_OUT_OF_MEMORY;
    }
    (*stream)->device = device;
    return CW_OK;
}

static void stream_destroy(struct cw_backend_stream *stream) {
    free(stream);
}

static cw_status wait_for(struct cw_backend_device *device, struct cw_fault *fault) {
    pthread_mutex_lock(&device->lock);
    cw_status status = finish(device, fault);
    pthread_mutex_unlock(&device->lock);
    cw_backend_cpu.output_flush(device->own);
    return status;
}

static cw_status stream_wait(struct cw_backend_stream *stream, struct cw_fault *fault) {
    return wait_for(stream->device, fault);
}

static bool is_idle(struct cw_backend_device *device) {
    struct cw_gpu_reply reply;
    pthread_mutex_lock(&device->lock);
    ASK(&reply, CW_GPU_IDLE, 0);
    if (reply.values[0]) {
        update_shared(device, true);
    }
    pthread_mutex_unlock(&device->lock);
    return reply.values[0] != 0;
}

static bool stream_idle(struct cw_backend_stream *stream) {
    return is_idle(stream->device);
}

static cw_status stream_follow(struct cw_backend_stream *stream, struct cw_backend_stream *other) {
    (void)stream, (void)other;
    return CW_OK;
}

static cw_status launch_async(struct cw_backend_stream *stream, const struct cw_launch *wanted, struct cw_fault *fault) {
    pthread_mutex_lock(&stream->device->lock);
    cw_status status = launch_it(stream->device, wanted, fault);
    pthread_mutex_unlock(&stream->device->lock);
    return status;
}

static cw_status fill_async(struct cw_backend_stream *stream, void *dst, uint32_t pattern, uint32_t pattern_size, size_t count) {
    return fill(stream->device, dst, pattern, pattern_size, count);
}

static cw_status copy_async(struct cw_backend_stream *stream, void *dst, const void *src, size_t size, enum cw_copy_kind kind) {
    return copy(stream->device, dst, src, size, kind);
}

static cw_status event_create(struct cw_backend_device *device, struct cw_backend_event **event) {
    *event = calloc(1, sizeof **event);
    if (!*event) {
        return CW_ERROR_OUT_OF_MEMORY;
    }
    (*event)->device = device;
    return CW_OK;
}

static void event_destroy(struct cw_backend_event *event) {
    free(event);
}

/* An event that is older than the last CW_GPU_TIMES records has lost its time. */
static cw_status event_record(struct cw_backend_event *event, struct cw_backend_stream *stream) {
    struct cw_backend_device *device = stream->device;
    pthread_mutex_lock(&device->lock);
    event->place = device->next_time++ % CW_GPU_TIMES;
    ASK(NULL, CW_GPU_RECORD, event->place);
    pthread_mutex_unlock(&device->lock);
    return CW_OK;
}

static cw_status event_wait(struct cw_backend_event *event) {
    return wait_for(event->device, NULL);
}

static bool event_idle(struct cw_backend_event *event) {
    return is_idle(event->device);
}

static cw_status event_follow(struct cw_backend_event *event, struct cw_backend_stream *stream) {
    (void)event, (void)stream;
    return CW_OK;
}

static cw_status event_elapsed(struct cw_backend_event *from, struct cw_backend_event *to, double *ms) {
    struct cw_gpu_reply reply;
    pthread_mutex_lock(&from->device->lock);
    ASK(&reply, CW_GPU_ELAPSED, from->place, to->place);
    *ms = reply.time;
    pthread_mutex_unlock(&from->device->lock);
    return reply.status == 0 ? CW_OK : CW_ERROR_FAULT;
}

static const struct cw_backend gpu = {
    .abi_version = CW_BACKEND_ABI,
    .struct_size = sizeof(struct cw_backend),
    .name = "webgpu",
    .target = "cpu", /* the artifact by which the container names what is linked in */
    .probe = probe,
    .device_count = device_count,
    .device_open = device_open,
    .device_close = device_close,
    .device_facts = device_facts,
    .device_answers = device_answers,
    .device_limit = device_limit,
    .memory_alloc = memory_alloc,
    .memory_free = memory_free,
    .memory_info = memory_info,
    .managed_alloc = managed_alloc,
    .host_alloc = host_alloc,
    .host_free = host_free,
    .host_register = host_register,
    .host_unregister = host_unregister,
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
    .image_create = image_create,
    .image_destroy = image_destroy,
    .stream_create = stream_create,
    .stream_destroy = stream_destroy,
    .stream_wait = stream_wait,
    .stream_idle = stream_idle,
    .stream_follow = stream_follow,
    .launch_async = launch_async,
    .fill_async = fill_async,
    .copy_async = copy_async,
    .event_create = event_create,
    .event_destroy = event_destroy,
    .event_record = event_record,
    .event_wait = event_wait,
    .event_idle = event_idle,
    .event_follow = event_follow,
    .event_elapsed = event_elapsed,
};

const struct cw_backend *cw_wasi_gpu(void) {
    return cw_gpu_shared.present ? &gpu : NULL;
}
