/* SPDX-License-Identifier: Apache-2.0 */
/*
 * module.c: loading an artifact. Nothing in it is trusted: offsets are checked before use; what a module of SPIR-V does is
 * the driver's to check.
 *
 * Execution modes that only some devices have are added here, so that one artifact serves all: denormals and signed zeros are
 * kept as they are (SPIR-V Specification, "Execution Mode"), which CUDA's arithmetic promises.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/vulkan/device.h"

enum { OP_ENTRY_POINT = 15, OP_EXECUTION_MODE = 16, OP_CAPABILITY = 17, OP_TYPE_FLOAT = 22 };
enum { CAPABILITY_DENORM_PRESERVE = 4464, CAPABILITY_SIGNED_ZERO = 4466, MODE_DENORM_PRESERVE = 4459, MODE_SIGNED_ZERO = 4461 };

/* Words of the device's features that an artifact was made for; each must be there. */
static int score_words(const struct cw_device_facts *facts, const char *features) {
    int score = 0;
    while (*features) {
        size_t length = strcspn(features, ",+");
        char word[64];
        snprintf(word, sizeof word, "%.*s,", (int)(length < 60 ? length : 60), features);
        bool everywhere = strcmp(word, "plain-model,") == 0;
        if (length && !everywhere && !strstr(facts->target_features, word)) {
            return -1000;
        }
        score += length > 0;
        features += length + (features[length] != 0);
    }
    return score;
}

int cw_vk_artifact_score(struct cw_backend_device *device, const char *cpu, const char *features) {
    struct cw_device_facts facts;
    if (strncmp(cpu, "vulkan", 6) != 0) {
        return 0;
    }
    cw_vk_device_facts(device, &facts);
    int score = 1 + score_words(&facts, cpu + 6) + score_words(&facts, features);
    return score > 0 ? score : 0;
}

/* ---- SPIR-V --------------------------------------------------------------------------------------------------- */

struct shader_words {
    uint32_t words[64];
    uint32_t count;
};

static void add(struct shader_words *out, uint32_t op, uint32_t a, uint32_t b, uint32_t c, uint32_t operands) {
    const uint32_t values[3] = {a, b, c};
    out->words[out->count++] = (operands + 1) << 16 | op;
    for (uint32_t i = 0; i < operands; i++) {
        out->words[out->count++] = values[i];
    }
}

static bool has_float(const uint32_t *code, uint32_t count, uint32_t width) {
    for (uint32_t at = 5; at < count;) {
        uint32_t size = code[at] >> 16;
        if ((code[at] & 0xffff) == OP_TYPE_FLOAT && size == 3 && at + 2 < count && code[at + 2] == width) {
            return true;
        }
        at += size ? size : 1;
    }
    return false;
}

/* The module with the modes that the device has. The caller frees it. */
static uint32_t *add_modes(const struct cw_vk_adapter *adapter, const uint32_t *code, uint32_t count, uint32_t *result_count) {
    const struct {
        uint32_t width;
        bool denorm, zero;
    } widths[] = {{16, adapter->denorm_preserve16, false},
                  {32, adapter->denorm_preserve32, adapter->signed_zero32},
                  {64, adapter->denorm_preserve64, adapter->signed_zero64}};
    struct shader_words capabilities = {0}, modes = {0};
    uint32_t entry = 0, mode_place = 0;
    bool denorm = false, zero = false;
    for (uint32_t at = 5; at < count && !mode_place;) {
        uint32_t op = code[at] & 0xffff, size = code[at] >> 16;
        if (op == OP_ENTRY_POINT && at + 2 < count) {
            entry = code[at + 2];
        } else if (op == OP_EXECUTION_MODE) {
            mode_place = at;
        }
        at += size ? size : 1;
    }
    for (size_t i = 0; i < sizeof widths / sizeof widths[0] && mode_place; i++) {
        if (!has_float(code, count, widths[i].width)) {
            continue;
        }
        if (widths[i].denorm) {
            add(&modes, OP_EXECUTION_MODE, entry, MODE_DENORM_PRESERVE, widths[i].width, 3);
            denorm = true;
        }
        if (widths[i].zero) {
            add(&modes, OP_EXECUTION_MODE, entry, MODE_SIGNED_ZERO, widths[i].width, 3);
            zero = true;
        }
    }
    if (denorm) {
        add(&capabilities, OP_CAPABILITY, CAPABILITY_DENORM_PRESERVE, 0, 0, 1);
    }
    if (zero) {
        add(&capabilities, OP_CAPABILITY, CAPABILITY_SIGNED_ZERO, 0, 0, 1);
    }
    *result_count = count + capabilities.count + modes.count;
    uint32_t *out = malloc(*result_count * sizeof *out);
    if (!out) {
        return NULL;
    }
    uint32_t before = mode_place ? mode_place : 5;
    memcpy(out, code, 5 * sizeof *out);
    memcpy(out + 5, capabilities.words, capabilities.count * sizeof *out);
    memcpy(out + 5 + capabilities.count, code + 5, (before - 5) * sizeof *out);
    memcpy(out + before + capabilities.count, modes.words, modes.count * sizeof *out);
    memcpy(out + before + capabilities.count + modes.count, code + before, (count - before) * sizeof *out);
    return out;
}

static cw_status make_shader(struct cw_backend_device *device, struct cw_backend_kernel *kernel, const char *artifact) {
    uint32_t count;
    uint32_t *code = add_modes(device->adapter, (const uint32_t *)(const void *)(artifact + kernel->row.code), kernel->row.code_size / 4, &count);
    if (!code) {
        return CW_ERROR_OUT_OF_MEMORY;
    }
    VkShaderModuleCreateInfo info = {.sType = VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO, .codeSize = count * sizeof *code, .pCode = code};
    VkResult result = device->vk.CreateShaderModule(device->handle, &info, NULL, &kernel->shader);
    free(code);
    return cw_vk_status(result);
}

/* ---- The artifact --------------------------------------------------------------------------------------------- */

static bool in_range(uint64_t offset, uint64_t size, uint64_t all) {
    return offset <= all && size <= all - offset;
}

/* A string's offset is inside, and the last byte of the artifact's strings ends it: the artifact ends with a zero of ours. */
static const char *string_at(const char *artifact, uint32_t offset, size_t size) {
    return offset && offset < size ? artifact + offset : NULL;
}

static bool is_whole(const struct cw_vk_header *header, size_t size) {
    return memcmp(header->magic, CW_VK_MAGIC, sizeof header->magic) == 0 && header->size <= size &&
           in_range(header->kernels, (uint64_t)header->kernel_count * sizeof(struct cw_vk_kernel), size) &&
           in_range(header->variables, (uint64_t)header->variable_count * sizeof(struct cw_vk_variable), size) &&
           in_range(header->relocations, (uint64_t)header->relocation_count * sizeof(uint32_t), size) &&
           in_range(header->image, header->image_size, size) && header->constant_size <= header->image_size && header->kernels % 4 == 0 && header->variables % 8 == 0 &&
           header->relocations % 4 == 0;
}

static cw_status load_kernels(struct cw_backend_module *module, const struct cw_vk_header *header, size_t size, char *error, size_t error_size) {
    const struct cw_vk_kernel *rows = (const struct cw_vk_kernel *)(const void *)(module->artifact + header->kernels);
    module->kernels = calloc(header->kernel_count + 1u, sizeof *module->kernels);
    if (!module->kernels) {
        return CW_ERROR_OUT_OF_MEMORY;
    }
    for (uint32_t i = 0; i < header->kernel_count; i++) {
        struct cw_backend_kernel *kernel = &module->kernels[module->kernel_count++];
        *kernel = (struct cw_backend_kernel){.module = module, .row = rows[i]};
        kernel->name = string_at(module->artifact, rows[i].name, size);
        kernel->refusal = string_at(module->artifact, rows[i].refusal, size);
        bool constants = rows[i].flags & CW_VK_CONSTANTS;
        if ((constants && !(header->constant_size && module->device->adapter->constants)) || !kernel->name || !in_range(rows[i].code, rows[i].code_size, size) || rows[i].code % 4 || rows[i].code_size % 4) {
            snprintf(error, error_size, "the kernels for Vulkan are damaged");
            return CW_ERROR_BAD_MODULE;
        }
        cw_status status = kernel->refusal || rows[i].code_size < 20 ? CW_OK : make_shader(module->device, kernel, module->artifact);
        if (status != CW_OK) {
            snprintf(error, error_size, "the driver rejects kernel '%s'", kernel->name);
            return status;
        }
    }
    return CW_OK;
}

/* The constant variables as a uniform buffer, for kernels that read them so. */
static cw_status describe_constants(struct cw_backend_module *module, uint32_t size) {
    struct cw_backend_device *device = module->device;
    static const VkDescriptorPoolSize room = {VK_DESCRIPTOR_TYPE_UNIFORM_BUFFER, 1};
    VkDescriptorPoolCreateInfo pool = {
        .sType = VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO, .maxSets = 1, .poolSizeCount = 1, .pPoolSizes = &room};
    VkResult result = device->vk.CreateDescriptorPool(device->handle, &pool, NULL, &module->pool);
    VkDescriptorSetAllocateInfo info = {.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_ALLOCATE_INFO,
                                        .descriptorPool = module->pool,
                                        .descriptorSetCount = 1,
                                        .pSetLayouts = &device->set_layout};
    if (result == VK_SUCCESS) {
        result = device->vk.AllocateDescriptorSets(device->handle, &info, &module->constants);
    }
    if (result != VK_SUCCESS) {
        return cw_vk_status(result);
    }
    VkDescriptorBufferInfo buffer = {.range = size};
    pthread_mutex_lock(&device->lock);
    buffer.buffer = cw_vk_find(device, module->globals, &buffer.offset)->buffer;
    pthread_mutex_unlock(&device->lock);
    VkWriteDescriptorSet write = {.sType = VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET,
                                  .dstSet = module->constants,
                                  .descriptorCount = 1,
                                  .descriptorType = VK_DESCRIPTOR_TYPE_UNIFORM_BUFFER,
                                  .pBufferInfo = &buffer};
    device->vk.UpdateDescriptorSets(device->handle, 1, &write, 0, NULL);
    return CW_OK;
}

/* Variables' contents, with addresses where they hold some. */
static cw_status load_variables(struct cw_backend_module *module, const struct cw_vk_header *header, char *error, size_t error_size) {
    module->variables = (const struct cw_vk_variable *)(const void *)(module->artifact + header->variables);
    module->variable_count = header->variable_count;
    if (!header->image_size) {
        return CW_OK;
    }
    cw_status status = cw_vk_memory_alloc(module->device, header->image_size, &module->globals);
    if (status != CW_OK) {
        snprintf(error, error_size, "there is no memory for the module's variables (%u bytes)", header->image_size);
        return status;
    }
    if (header->constant_size && header->constant_size <= CW_VK_CONSTANTS_MAX && module->device->adapter->constants) {
        status = describe_constants(module, header->constant_size);
        if (status != CW_OK) {
            snprintf(error, error_size, "there is no descriptor for the module's constant variables");
            return status;
        }
    }
    char *image = module->artifact + header->image;
    const uint32_t *places = (const uint32_t *)(const void *)(module->artifact + header->relocations);
    for (uint32_t i = 0; i < header->relocation_count; i++) {
        uint64_t value;
        if (!in_range(places[i], sizeof value, header->image_size)) {
            return CW_ERROR_BAD_MODULE;
        }
        memcpy(&value, image + places[i], sizeof value);
        value += (uint64_t)(uintptr_t)module->globals;
        memcpy(image + places[i], &value, sizeof value);
    }
    return cw_vk_copy(module->device, module->globals, image, header->image_size, CW_COPY_HOST_TO_DEVICE);
}

cw_status cw_vk_module_load(struct cw_backend_device *device, const void *artifact, size_t size, struct cw_backend_module **result,
                            char *error, size_t error_size) {
    struct cw_vk_header header;
    struct cw_backend_module *module = device->ended ? NULL : calloc(1, sizeof *module);
    char *copy = module ? malloc(size + 16) : NULL;
    if (!copy) {
        free(module);
        return CW_ERROR_OUT_OF_MEMORY;
    }
    memcpy(copy, artifact, size);
    memset(copy + size, 0, 16);
    module->device = device;
    module->artifact = copy;
    if (size < sizeof header || (memcpy(&header, copy, sizeof header), !is_whole(&header, size))) {
        snprintf(error, error_size, "the kernels for Vulkan are damaged or of another version of cuda-wasm");
        cw_vk_module_unload(module);
        return CW_ERROR_BAD_MODULE;
    }
    cw_status status = load_kernels(module, &header, size, error, error_size);
    if (status == CW_OK) {
        status = load_variables(module, &header, error, error_size);
    }
    if (status != CW_OK) {
        cw_vk_module_unload(module);
        return status;
    }
    *result = module;
    return CW_OK;
}

void cw_vk_module_unload(struct cw_backend_module *module) {
    struct cw_backend_device *device = module->device;
    device->last_kernel = NULL;
    if (device->ended) {
        return; /* with the process */
    }
    for (uint32_t i = 0; i < module->kernel_count; i++) {
        cw_vk_pipelines_fini(&module->kernels[i]);
        device->vk.DestroyShaderModule(device->handle, module->kernels[i].shader, NULL);
    }
    if (module->pool) {
        device->vk.DestroyDescriptorPool(device->handle, module->pool, NULL);
    }
    if (module->globals) {
        cw_vk_memory_free(device, module->globals);
    }
    free(module->kernels);
    free(module->artifact);
    free(module);
}

cw_status cw_vk_kernel_find(struct cw_backend_module *module, const char *name, struct cw_backend_kernel **kernel) {
    for (uint32_t i = 0; i < module->kernel_count; i++) {
        if (strcmp(module->kernels[i].name, name) == 0) {
            *kernel = &module->kernels[i];
            return CW_OK;
        }
    }
    return CW_ERROR_NOT_FOUND;
}

void cw_vk_kernel_facts(struct cw_backend_kernel *kernel, struct cw_kernel_facts *facts) {
    uint32_t most = kernel->module->device->adapter->properties.limits.maxComputeWorkGroupInvocations;
    uint32_t own = kernel->row.max_threads ? kernel->row.max_threads : 1024;
    *facts = (struct cw_kernel_facts){.static_shared = kernel->row.static_shared,
                                      .local_bytes = kernel->row.local_bytes,
                                      .max_threads = own < most ? own : most,
                                      .param_bytes = kernel->row.param_bytes};
}

/* One, if it can be launched at all: Vulkan does not say how many a processor holds. */
uint32_t cw_vk_kernel_active_blocks(struct cw_backend_kernel *kernel, uint32_t block_size, size_t dynamic_shared) {
    const VkPhysicalDeviceLimits *limits = &kernel->module->device->adapter->properties.limits;
    return block_size <= limits->maxComputeWorkGroupInvocations && kernel->row.static_shared + dynamic_shared <= limits->maxComputeSharedMemorySize;
}

cw_status cw_vk_variable_find(struct cw_backend_module *module, const char *name, void **pointer, size_t *size) {
    for (uint32_t i = 0; i < module->variable_count; i++) {
        const char *own = module->artifact + module->variables[i].name;
        if (strcmp(own, name) == 0) {
            *pointer = (char *)module->globals + module->variables[i].offset;
            *size = module->variables[i].size;
            return CW_OK;
        }
    }
    return CW_ERROR_NOT_FOUND;
}
