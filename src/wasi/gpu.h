/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gpu.h: a WebGPU device for programs in pages: the agreement with web/src/gpu_program.js.
 *
 * A program can't wait for JavaScript's promises. So the device belongs to JavaScript that serves requests: a worker of its own
 * where memory can be shared (the program waits on a word of it), else the program's own worker, which suspends the program
 * meanwhile (JavaScript Promise Integration). Requests are records in a ring: the words `operation`, `words` (of the whole
 * record), `reply`, then the operation's arguments. They are served in their order. With a reply's address whoever asks waits for it.
 *
 * Device memory has the addresses that the CPU's backend gives it in linear memory: the heap's buffer on the GPU is as long as
 * the highest of them. So what WGSL can't express runs as WebAssembly on the same addresses, after the contents moved.
 */
#ifndef CW_WASI_GPU_H
#define CW_WASI_GPU_H

#include <stdint.h>

#include "cudawasm/cw_backend.h"
#include "wasi/threads.h"

#define CW_GPU_RING_WORDS 16384u
#define CW_GPU_NAME_BYTES 128u
#define CW_GPU_TIMES 2048u /* places of timestamps */

enum cw_gpu_operation {
    CW_GPU_ALLOC = 1,  /* start, size. Status 1: no memory there */
    CW_GPU_FREE,       /* start */
    CW_GPU_WRITE,      /* to on the GPU, from in linear memory, size */
    CW_GPU_READ,       /* to in linear memory, from on the GPU, size */
    CW_GPU_MOVE,       /* to, from, size, both on the GPU */
    CW_GPU_FILL,       /* to, pattern, its bytes, count */
    CW_GPU_MODULE,     /* artifact, size: values are module, bytes of variables. Status 1: text says why not */
    CW_GPU_START,      /* module, address of its variables */
    CW_GPU_KERNEL,     /* module, name, its bytes: values are kernel, static shared bytes, bytes of parameters. Status 1: text says why not */
    CW_GPU_VARIABLE,   /* module, index: values are offset, size; text the name. Status 1: there are no more */
    CW_GPU_MIRROR,     /* address on the GPU, the same variable's in linear memory, size */
    CW_GPU_PIPELINE,   /* kernel, block's x, y, z, dynamic shared bytes: value is the pipeline. Status 1: text says why not */
    CW_GPU_LAUNCH,     /* pipeline, grid's x, y, z, address of variables, bytes of parameters, then these */
    CW_GPU_FINISH,     /* Status 1: a fault, text */
    CW_GPU_IDLE,       /* value 1: nothing is pending */
    CW_GPU_RECORD,     /* place of a timestamp */
    CW_GPU_ELAPSED,    /* two places: time in ms */
    CW_GPU_TO_MEMORY,  /* kernel's name, its bytes, reason, its bytes: contents move to linear memory */
    CW_GPU_TO_GPU,     /* and back */
};

struct cw_gpu_reply {
    uint32_t state; /* 1: answered */
    uint32_t status;
    uint32_t values[4];
    double time;
    char text[512];
};

/* JavaScript fills it before the program starts, where it has a device. */
struct cw_gpu_block {
    uint32_t present;
    uint32_t threads_max, block_max[3], groups_max, shared_max;
    uint32_t memory_max; /* bytes */
    uint32_t head, tail; /* words written, words served; since the start */
    uint32_t unused[6];
    char name[CW_GPU_NAME_BYTES];
    uint32_t ring[CW_GPU_RING_WORDS];
};
CW_EXPORT("cw_gpu_block") struct cw_gpu_block *cw_gpu_block(void);

/* For the form that suspends the program: serves what is in the ring. */
CW_IMPORT("cw_gpu_serve") void cw_gpu_serve(void);

/* gpu.c: NULL where there is none. */
const struct cw_backend *cw_wasi_gpu(void);
/* gpu_ring.c: one request after another; who calls holds the lock. With `reply` it waits for the answer. */
void cw_gpu_ask(enum cw_gpu_operation operation, const uint32_t *arguments, uint32_t count, const void *more, uint32_t more_bytes,
                struct cw_gpu_reply *reply);
extern struct cw_gpu_block cw_gpu_shared;

/* module.c: the container that came with an artifact's id; NULL: none. */
const void *cw_wasi_container(const void *id, size_t *size);

#endif
