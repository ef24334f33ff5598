/* SPDX-License-Identifier: Apache-2.0 */
/* module.c: artifacts (format: artifact.h), and pipelines, one a kernel, block shape and size of dynamic
 * shared memory. */
#include "backend/webgpu/artifact.h"
#include "backend/webgpu/webgpu.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>



struct reader {
    const char *at, *end;
    struct cw_backend_module *module;
    char *error;
    size_t error_size;
    uint64_t (*relocations)[2];
    size_t relocation_count;
};

static bool damaged(struct reader *reader, const char *what) {
    snprintf(reader->error, reader->error_size, "the WGSL artifact is damaged: %s", what);
    return false;
}

/* The next line without its end, in `line`; false at the end. */
static bool next_line(struct reader *reader, char *line, size_t size) {
    const char *end = memchr(reader->at, '\n', (size_t)(reader->end - reader->at));
    if (!end) return false;
    size_t length = (size_t)(end - reader->at);
    if (length >= size) length = size - 1;
    memcpy(line, reader->at, length);
    line[length] = 0;
    reader->at = end + 1;
    return true;
}

static bool read_text(struct reader *reader, const char *line) {
    struct cw_backend_kernel *kernel = reader->module->kernels;
    unsigned subgroups, heap, params, dynamic;
    unsigned long long shared;
    size_t size;
    if (!kernel || sscanf(line, "text %u %u %u %u %llu %zu", &subgroups, &heap, &params, &dynamic, &shared, &size) != 6) return damaged(reader, "a text");
    if (size > (size_t)(reader->end - reader->at)) return damaged(reader, "a text is cut short");
    /* With subgroups only where they are warps; then rather than without. */
    if (!subgroups || reader->module->device->subgroups) {
        const char *from = reader->at;
        size_t left = size;
        /* naga knows subgroups without being told, and refuses to be. */
        while (!cw_webgpu()->dawn && left > 10 && (strncmp(from, "enable subgroups;", 17) == 0 || strncmp(from, "diagnostic(", 11) == 0)) {
            const char *end = memchr(from, '\n', left);
            if (!end) break;
            left -= (size_t)(end + 1 - from);
            from = end + 1;
        }
        free(kernel->text);
        kernel->text = strndup(from, left);
        kernel->text_uses_subgroups = subgroups != 0;
        kernel->dynamic = dynamic != 0;
        kernel->shared_bytes = (uint32_t)shared;
    }
    reader->at += size;
    if (reader->at < reader->end && *reader->at == '\n') reader->at++;
    return true;
}

static bool read_kernel(struct reader *reader, const char *line) {
    struct cw_backend_kernel *kernel = calloc(1, sizeof *kernel);
    int name = 0;
    if (!kernel) return damaged(reader, "out of memory");
    kernel->module = reader->module;
    kernel->next = reader->module->kernels;
    reader->module->kernels = kernel;
    if (sscanf(line, "kernel %u %u %u %n", &kernel->param_bytes, &kernel->static_shared, &kernel->max_threads, &name) != 3 || !name) return damaged(reader, "a kernel");
    kernel->name = strdup(line + name);
    return kernel->name != NULL;
}

static bool read_variable(struct reader *reader, const char *line) {
    struct cw_webgpu_variable *variable = calloc(1, sizeof *variable);
    int name = 0;
    if (!variable) return damaged(reader, "out of memory");
    variable->next = reader->module->variables;
    reader->module->variables = variable;
    if (sscanf(line, "variable %u %zu %n", &variable->offset, &variable->size, &name) != 2 || !name) return damaged(reader, "a variable");
    variable->name = strdup(line + name);
    return variable->name != NULL;
}

static bool read_relocation(struct reader *reader, const char *line) {
    unsigned long long at, target;
    if (sscanf(line, "relocation %llu %llu", &at, &target) != 2) return damaged(reader, "a relocation");
    void *more = realloc(reader->relocations, (reader->relocation_count + 1) * sizeof *reader->relocations);
    if (!more) return damaged(reader, "out of memory");
    reader->relocations = more;
    reader->relocations[reader->relocation_count][0] = at;
    reader->relocations[reader->relocation_count++][1] = target;
    return true;
}

static bool read_globals(struct reader *reader, const char *line) {
    struct cw_backend_module *module = reader->module;
    size_t size;
    if (sscanf(line, "globals %zu", &size) != 1 || size > (size_t)(reader->end - reader->at)) return damaged(reader, "the variables");
    if (size) {
        unsigned char *bytes = malloc(size);
        if (!bytes || cw_webgpu_memory_alloc(module->device, size, &module->globals) != CW_OK) {
            free(bytes);
            snprintf(reader->error, reader->error_size, "there is no memory for the module's variables");
            return false;
        }
        module->globals_size = size;
        memcpy(bytes, reader->at, size);
        for (size_t r = 0; r < reader->relocation_count; r++) {
            uint64_t address = (uint64_t)(uintptr_t)module->globals + reader->relocations[r][1];
            if (reader->relocations[r][0] + 8 <= size) memcpy(bytes + reader->relocations[r][0], &address, 8);
        }
        cw_status status = cw_webgpu_copy(module->device, module->globals, bytes, size, CW_COPY_HOST_TO_DEVICE);
        free(bytes);
        if (status != CW_OK) return damaged(reader, "the variables can't be copied");
    }
    reader->at += size;
    if (reader->at < reader->end && *reader->at == '\n') reader->at++;
    return true;
}

static bool read_all(struct reader *reader) {
    char line[8192];
    while (next_line(reader, line, sizeof line)) {
        bool good = true;
        if (strcmp(line, "end") == 0) return true;
        if (strncmp(line, "kernel ", 7) == 0) good = read_kernel(reader, line);
        else if (strncmp(line, "text ", 5) == 0) good = read_text(reader, line);
        else if (strncmp(line, "refused ", 8) == 0) {
            struct cw_backend_kernel *kernel = reader->module->kernels;
            unsigned subgroups = line[8] == '1';
            if (kernel && (!subgroups || reader->module->device->subgroups)) {
                free(kernel->reason);
                kernel->reason = strdup(line + 10);
            }
        } else if (strncmp(line, "variable ", 9) == 0) good = read_variable(reader, line);
        else if (strncmp(line, "relocation ", 11) == 0) good = read_relocation(reader, line);
        else if (strncmp(line, "globals ", 8) == 0) good = read_globals(reader, line);
        else if (strncmp(line, "refused-variable ", 17) == 0) {
            snprintf(reader->error, reader->error_size, "the initial value of the variable '%s' is an address that WGSL can't express", line + 17);
            return false;
        } else if (line[0]) good = damaged(reader, "an unknown line");
        if (!good) return false;
    }
    return damaged(reader, "it has no end");
}

cw_status cw_webgpu_module_load(struct cw_backend_device *device, const void *artifact, size_t size, struct cw_backend_module **result, char *error, size_t error_size) {
    struct cw_backend_module *module = calloc(1, sizeof *module);
    if (!module) return CW_ERROR_OUT_OF_MEMORY;
    module->device = device;
    struct reader reader = {(const char *)artifact + strlen(CW_WGSL_MAGIC), (const char *)artifact + size, module, error, error_size, NULL, 0};
    bool good = size > strlen(CW_WGSL_MAGIC) && memcmp(artifact, CW_WGSL_MAGIC, strlen(CW_WGSL_MAGIC)) == 0;
    if (!good) snprintf(error, error_size, "this is no WGSL artifact of this version");
    good = good && read_all(&reader);
    free(reader.relocations);
    if (!good) {
        cw_webgpu_module_unload(module);
        return CW_ERROR_BAD_MODULE;
    }
    if (cw_webgpu_reports_start(module) != CW_OK) {
        snprintf(error, error_size, "there is no memory for what the module's kernels print");
        cw_webgpu_module_unload(module);
        return CW_ERROR_OUT_OF_MEMORY;
    }
    *result = module;
    return CW_OK;
}

void cw_webgpu_module_unload(struct cw_backend_module *module) {
    const struct cw_webgpu_library *wgpu = cw_webgpu();
    if (module->reports) cw_webgpu_reports_end(module);
    cw_webgpu_constants_end(module);
    if (module->globals) cw_webgpu_memory_free(module->device, module->globals);
    for (struct cw_backend_kernel *kernel = module->kernels, *next; kernel; kernel = next) {
        next = kernel->next;
        for (struct cw_webgpu_pipeline *p = kernel->pipelines, *after; p; p = after) {
            after = p->next;
            wgpu->ComputePipelineRelease(p->pipeline);
            free(p);
        }
        if (kernel->shader) wgpu->ShaderModuleRelease(kernel->shader);
        free(kernel->name);
        free(kernel->reason);
        free(kernel->text);
        free(kernel);
    }
    for (struct cw_webgpu_variable *variable = module->variables, *next; variable; variable = next) {
        next = variable->next;
        free(variable->name);
        free(variable);
    }
    free(module);
}

cw_status cw_webgpu_kernel_find(struct cw_backend_module *module, const char *name, struct cw_backend_kernel **kernel) {
    for (struct cw_backend_kernel *k = module->kernels; k; k = k->next)
        if (strcmp(k->name, name) == 0) {
            *kernel = k;
            return CW_OK;
        }
    return CW_ERROR_NOT_FOUND;
}

void cw_webgpu_kernel_facts(struct cw_backend_kernel *kernel, struct cw_kernel_facts *facts) {
    uint32_t most = kernel->module->device->limits.maxComputeInvocationsPerWorkgroup;
    *facts = (struct cw_kernel_facts){.static_shared = kernel->static_shared,
                                      .max_threads = kernel->max_threads && kernel->max_threads < most ? kernel->max_threads : most,
                                      .param_bytes = kernel->param_bytes};
}

cw_status cw_webgpu_variable_find(struct cw_backend_module *module, const char *name, void **pointer, size_t *size) {
    for (struct cw_webgpu_variable *variable = module->variables; variable; variable = variable->next)
        if (strcmp(variable->name, name) == 0) {
            *pointer = (char *)module->globals + variable->offset;
            *size = variable->size;
            return CW_OK;
        }
    return CW_ERROR_NOT_FOUND;
}

/* ---- Pipelines --------------------------------------------------------------------------------------------------- */

static WGPUStringView view(const char *text) {
    return (WGPUStringView){text, strlen(text)};
}

static bool make_shader(struct cw_backend_kernel *kernel) {
    struct cw_backend_device *device = kernel->module->device;
    kernel->immediate = CW_WEBGPU_IMMEDIATE_ARGUMENTS + kernel->param_bytes + 15 <= device->immediate_bytes;
    kernel->constants = kernel->immediate && cw_webgpu_reads_constants(kernel->text) && cw_webgpu_constants_start(kernel->module);
    kernel->folds = cw_webgpu_text_folds(kernel->text);
    char *text = cw_webgpu_native_text(kernel->text, kernel->immediate, device->int64, kernel->constants ? kernel->module->constants.size : 0);
    if (!text) return false;
    WGPUShaderSourceWGSL source = {.chain = {.sType = WGPUSType_ShaderSourceWGSL}, .code = view(text)};
    /* Loops are the program's own affair and need no counter. Indices of buffers are kept inside by the hardware (wgpu asks for
     * robust buffer access), and shared memory is the block's own there; a CPU that plays a GPU gets checks in the shader. */
    WGPUFlags checks = device->software ? WGPUShaderRuntimeChecks_BoundsChecks : 0;
    kernel->shader = cw_webgpu()->DeviceCreateShaderModuleTrusted(device->device, &(WGPUShaderModuleDescriptor){.nextInChain = &source.chain}, checks);
    free(text);
    return kernel->shader && !device->message[0];
}

static WGPUComputePipeline make_pipeline(struct cw_backend_kernel *kernel, struct cw_dim3 block, uint32_t dynamic_words, struct cw_webgpu_fold fold) {
    struct cw_backend_device *device = kernel->module->device;
    WGPUConstantEntry constants[6] = {
        {NULL, view("block_dim_x"), block.x},
        {NULL, view("block_dim_y"), block.y},
        {NULL, view("block_dim_z"), block.z},
    };
    size_t count = block.x ? 3 : 0;
    if (block.x && kernel->dynamic) constants[count++] = (WGPUConstantEntry){NULL, view("dynamic_shared_words"), dynamic_words ? dynamic_words : 1};
    if (kernel->folds) {
        constants[count++] = (WGPUConstantEntry){NULL, view(CW_WEBGPU_FOLDED), fold.folded};
        constants[count++] = (WGPUConstantEntry){NULL, view(CW_WEBGPU_FLAT), fold.flat};
    }
    WGPUComputePipelineDescriptor descriptor = {.layout = kernel->constants ? device->constants_layout : kernel->immediate ? device->immediate_layout : device->layout};
    descriptor.compute.module = kernel->shader;
    descriptor.compute.entryPoint = view("main");
    descriptor.compute.constantCount = count;
    descriptor.compute.constants = constants;
    return cw_webgpu()->DeviceCreateComputePipeline(device->device, &descriptor);
}

WGPUComputePipeline cw_webgpu_pipeline(struct cw_backend_kernel *kernel, struct cw_dim3 block, uint32_t dynamic_words, struct cw_webgpu_fold fold, char *message, size_t size) {
    struct cw_backend_device *device = kernel->module->device;
    for (struct cw_webgpu_pipeline **link = &kernel->pipelines; *link; link = &(*link)->next) {
        struct cw_webgpu_pipeline *p = *link;
        if (p->block.x != block.x || p->block.y != block.y || p->block.z != block.z || p->dynamic_words != dynamic_words || p->fold.folded != fold.folded || p->fold.flat != fold.flat) continue;
        *link = p->next;
        p->next = kernel->pipelines;
        kernel->pipelines = p;
        return p->pipeline;
    }
    device->message[0] = 0;
    struct cw_webgpu_pipeline *made = calloc(1, sizeof *made);
    if (!made) return NULL;
    *made = (struct cw_webgpu_pipeline){.block = block, .dynamic_words = dynamic_words, .fold = fold};
    if (kernel->shader || make_shader(kernel)) made->pipeline = make_pipeline(kernel, block, dynamic_words, fold);
    if (!made->pipeline || device->message[0]) {
        snprintf(message, size, "WebGPU refuses the kernel '%s': %.700s", kernel->name, device->message);
        free(made);
        return NULL;
    }
    made->next = kernel->pipelines;
    kernel->pipelines = made;
    device->new_pipelines = true;
    cw_webgpu_note_end();
    return made->pipeline;
}
