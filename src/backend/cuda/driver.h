/* SPDX-License-Identifier: Apache-2.0 */
/*
 * driver.h: NVIDIA's driver library, opened when the backend is first asked for. Its types are written as what they are in
 * memory (CUDA Driver API): handles are pointers, a CUdeviceptr is a 64-bit number, enumerations are ints.
 */
#ifndef CW_BACKEND_CUDA_DRIVER_H
#define CW_BACKEND_CUDA_DRIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cudawasm/cw_backend.h"

/* CUDA_MEMCPY2D. */
struct cw_cuda_rows {
    size_t src_x, src_y;
    int src_type; /* CUmemorytype */
    const void *src_host;
    uint64_t src_device;
    void *src_array;
    size_t src_pitch;
    size_t dst_x, dst_y;
    int dst_type;
    void *dst_host;
    uint64_t dst_device;
    void *dst_array;
    size_t dst_pitch;
    size_t width, height;
};

/* CUstreamBatchMemOpParams. */
struct cw_cuda_word {
    int operation;
    unsigned scope; /* of a barrier */
    uint64_t address;
    uint64_t value;
    unsigned flags;
    uint64_t unused[2];
};

/* CUmemAllocationProp. */
struct cw_cuda_prop {
    int type, handle_types, location, device;
    void *unused;
    unsigned char flags[8];
};

/* CUmemAccessDesc. */
struct cw_cuda_access {
    int location, device, flags;
};

/* CUlaunchAttribute, of whose values the backend uses those that are up to three numbers. */
enum cw_cuda_launch_attribute_id { CW_CUDA_COOPERATIVE = 2, CW_CUDA_CLUSTER_DIMENSION = 4 };

struct cw_cuda_launch_attribute {
    int id; /* enum cw_cuda_launch_attribute_id */
    char unused[4];
    union {
        unsigned numbers[3];
        char room[64];
    } value;
};

/* CUlaunchConfig. */
struct cw_cuda_launch {
    unsigned grid[3], block[3];
    unsigned shared;
    void *stream;
    struct cw_cuda_launch_attribute *attributes;
    unsigned attribute_count;
};

_Static_assert(sizeof(struct cw_cuda_launch_attribute) == 72 && sizeof(struct cw_cuda_launch) == 56, "as the driver has them");
_Static_assert(sizeof(struct cw_cuda_word) == 48 && sizeof(struct cw_cuda_prop) == 32, "as the driver has them");

/* CUipcMemHandle. */
struct cw_cuda_handle {
    uint8_t bytes[64];
};

struct cw_cuda_driver {
#define CW_DRIVER_FUNCTION(member, symbol, parameters) int(*member) parameters;
#include "backend/cuda/driver.def"
    int version; /* 13000 for CUDA 13.0 */
    int count;   /* devices */
};

/* The driver, initialised; the same for ever. NULL when there is none or it has no device: then cw_cuda_problem says why. */
const struct cw_cuda_driver *cw_cuda_driver(void);
const char *cw_cuda_problem(void);

/* What of CUresult the backend tells apart. */
enum cw_cuda_result {
    CW_CUDA_SUCCESS = 0,
    CW_CUDA_INVALID_VALUE = 1,
    CW_CUDA_OUT_OF_MEMORY = 2,
    CW_CUDA_DEINITIALIZED = 4,
    CW_CUDA_NO_DEVICE = 100,
    CW_CUDA_INVALID_IMAGE = 200,
    CW_CUDA_INVALID_CONTEXT = 201,
    CW_CUDA_NO_BINARY = 209,
    CW_CUDA_INVALID_PTX = 218,
    CW_CUDA_UNSUPPORTED_PTX = 222,
    CW_CUDA_NOT_FOUND = 500,
    CW_CUDA_NOT_READY = 600,
    CW_CUDA_ILLEGAL_ADDRESS = 700,
    CW_CUDA_OUT_OF_RESOURCES = 701,
    CW_CUDA_TIMEOUT = 702,
    CW_CUDA_PEER_ALREADY_ENABLED = 704,
    CW_CUDA_ASSERT = 710,
    CW_CUDA_ALREADY_REGISTERED = 712,
    CW_CUDA_STACK_ERROR = 714,
    CW_CUDA_ILLEGAL_INSTRUCTION = 715,
    CW_CUDA_MISALIGNED = 716,
    CW_CUDA_INVALID_SPACE = 717,
    CW_CUDA_INVALID_PC = 718,
    CW_CUDA_LAUNCH_FAILED = 719,
    CW_CUDA_TOO_LARGE = 720,
    CW_CUDA_NOT_SUPPORTED = 801,
};

/* "CUDA_ERROR_X (words)", never NULL, in `room`. */
const char *cw_cuda_words(int result, char *room, size_t size);
/* Ours for the driver's, of calls that run no kernel. */
cw_status cw_cuda_status(int result);
/* The same of calls that may report a kernel's end: fills `fault`, about `what` ("the kernel k"). */
cw_status cw_cuda_fault(int result, const char *what, struct cw_fault *fault);

#endif
