/* SPDX-License-Identifier: Apache-2.0 */
/*
 * artifact.h: the agreement between the SPIR-V target and the Vulkan backend.
 *
 * An artifact is, little-endian, offsets in bytes from its start:
 *
 *     struct cw_vk_header | struct cw_vk_kernel, kernel_count of them | struct cw_vk_variable, variable_count of them
 *     | u32 relocations | strings, the variables' first contents, one SPIR-V module a kernel
 *
 * A kernel that can't be expressed has a `refusal` and no code; the others of its module still run.
 *
 * How a kernel is started: entry point "main"; specialisation constants 0 to 2 the block's dimensions, 3 the bytes of dynamic
 * shared memory, a multiple of 16; push constants as struct cw_vk_push, then the parameters if they fit, else their
 * address. The grid's dimensions stand there too, since a grid may be several dispatches.
 *
 * How a kernel speaks to the host: `service` in the push constants is the address of a struct cw_vk_service.
 */
#ifndef CW_BACKEND_VULKAN_ARTIFACT_H
#define CW_BACKEND_VULKAN_ARTIFACT_H

#include <stdint.h>

#define CW_VK_MAGIC "CWSPIRV\2"

enum cw_vk_kernel_flag {
    CW_VK_WARP = 1,    /* subgroups must have 32 lanes, and be full */
    CW_VK_FLAT = 2,    /* the block is dispatched as one row of threads: constants 4 to 6 are its dimensions */
    CW_VK_SERVICE = 4, /* it uses the service record */
    CW_VK_GRID = 16, /* it synchronises the grid through `grid_arrived`, which is 0 when it starts */
    CW_VK_CONSTANTS = 8, /* it reads the constant variables through the uniform buffer of set 0, binding 0 */
};

struct cw_vk_header {
    char magic[8];
    uint32_t kernel_count, variable_count, relocation_count;
    uint32_t kernels, variables, relocations; /* offsets */
    uint32_t image, image_size;               /* the variables' contents */
    uint32_t size;                            /* of the artifact */
    uint32_t constant_size;                   /* of the variables in constant memory, with which the image begins */
};

struct cw_vk_kernel {
    uint32_t name, refusal; /* offsets of strings; refusal 0: none */
    uint32_t code, code_size; /* bytes */
    uint32_t param_bytes;
    uint32_t static_shared;
    uint32_t local_bytes;
    uint32_t max_threads;
    uint32_t flags;
    uint32_t reserved;
};

struct cw_vk_variable {
    uint32_t name;
    uint32_t offset; /* in the image */
    uint64_t size;
};

struct cw_vk_push {
    uint64_t globals, service;
    uint32_t grid[3];
    uint32_t flags; /* bit 0: a cooperative launch */
};

#define CW_VK_CONSTANTS_MAX 65536u /* bytes: CUDA's limit too */
#define CW_VK_PUSH_BYTES 128u
#define CW_VK_PUSH_PARAMS_MAX (CW_VK_PUSH_BYTES - 32u)

enum cw_vk_fault { CW_VK_FAULT_NONE, CW_VK_FAULT_TRAP, CW_VK_FAULT_ASSERT };

/* Written by kernels, read by the host behind each launch. The first thread that faults fills the fault in. Output: records
 * from byte `output_used` modulo nothing on: a thread adds its record's size to `output_used` and writes the record if it
 * fits; else it is lost, as CUDA's buffer overwrites. */
struct cw_vk_service {
    uint32_t fault;              /* enum cw_vk_fault */
    uint32_t block[3], thread[3];
    uint32_t line;
    uint64_t text[3];            /* addresses: message, file, function */
    uint32_t output_used, output_size;
    uint64_t output;             /* address of the records */
    uint64_t heap;               /* address of the device heap; 0: none */
    uint64_t heap_size;
    uint32_t grid_arrived, reserved;
};

#define CW_VK_OUTPUT_OFFSET 4096u /* of the records from the service record */

/* A record: its size in bytes, a multiple of 8, the format's address, then the arguments as vprintf gets them. */
struct cw_vk_record {
    uint32_t size, reserved;
    uint64_t format;
};

#endif
