/* SPDX-License-Identifier: Apache-2.0 */
/*
 * artifact.h: the binary interface between code that the CPU target generates (src/target/cpu) and the CPU backend
 * that runs it. Plain C, included by both sides; the generated code knows the structs by the offsets below.
 *
 * An artifact is an ELF shared object that exports one symbol, `cw_cpu_artifact`. It imports nothing from us by symbol:
 * the services it needs are listed by their intrinsic names in `imports`, and the backend stores their addresses into
 * the slots before the first launch. libc and libm symbols (memcpy, fmaf, ...) are resolved by the dynamic linker.
 *
 * Execution model. A block is run by one OS thread. Kernel code always runs on a *thread stack*: a region of
 * CW_CPU_STACK_SIZE bytes, aligned to its size, whose top holds a struct cw_cpu_thread. So any code can find its thread
 * from the stack pointer alone (cw_cpu_thread_of), without hidden parameters or thread-local storage:
 *
 *     region, aligned          guard page | ... stack grows down ... | struct cw_cpu_thread | colour padding |
 *
 * The colour padding, a function of the region's address, spreads the threads of a block over cache sets.
 *
 * On WebAssembly an artifact is a part of the program: its symbol is hidden and has a name that its container gives
 * (`imports` is empty, services are symbols that the linker finds, by the names of services.def), the running thread is the
 * thread-local variable CW_CPU_CURRENT_SYMBOL, and `run` is NULL where run_lanes exists and threads on their own would
 * have to wait. Functions that may wait in a service, or end the block from within one, have names that end in
 * CW_CPU_SUSPENDS_SUFFIX: what switches stacks there (src/wasi/fibers.c) must know them.
 *
 * Entry points of a kernel:
 *   run      runs threads until the block has no thread left to start:
 *                while ((t = block->next_thread) < block->thread_count) {
 *                    block->next_thread = t + 1;
 *                    thread = cw_cpu_thread_of(sp); thread->index = t; thread->tid = ...;
 *                    body(t);
 *                    cw.thread_exit();      (a service: see below)
 *                }
 *            When a thread must wait, the service switches to another stack, where `run` was left suspended or is called
 *            afresh to start the next thread. So a kernel that never waits runs as a plain loop on one stack, and a
 *            barrier makes as many stacks as there are threads.
 *   run_all  NULL when the kernel may suspend, or has run_lanes; otherwise runs every thread of the block as plain loops over
 *            z, y, x, which the loop vectoriser sees. It does not keep `thread->index`. When it faults, the backend runs
 *            the block again by `run` to learn which thread it was: memory is undefined after a fault.
 *   run_lanes  NULL when the kernel has no vector form. Runs `lanes` neighbouring threads, a *group*, as the lanes of
 *            vectors. If `lanes_suspend` is 0 it runs the whole block, as run_all does. Else it takes groups from the block's
 *            queue as `run` takes threads: one stack a group, which suspends as a whole; thread->index is the group's number,
 *            block->thread_count the number of groups. Faults are as with run_all. It may be used only for grids with
 *            grid_dim[k] * max(block_dim[k], block_scale[k]) + 2^16 <= 2^31 along each axis k, and blocks whose frames, one of
 *            frame_bytes a group, take no more than CW_CPU_FRAMES_MAX. A block has as many groups as its rows take, each on its
 *            own, or as the threads of the block take together, whichever is more.
 *
 * Blocks of one shape. An artifact may be for blocks of `shape` alone; it has one kernel, whose run_lanes or run_all is what counts. It is
 * loaded beside the artifact for any shape that was made of the same module, and shares its variables: the address of each row of its
 * own `variables` is that of a pointer, which the backend sets to the variable of that name there.
 *
 * Stores past the caches. A block's `streamed` has the bits of pointers to what doesn't fit the caches, of those that the kernel has in
 * its own; 0 is always right. Such stores are weakly ordered: the backend fences before the block's end is seen.
 */
#ifndef CW_BACKEND_CPU_ARTIFACT_H
#define CW_BACKEND_CPU_ARTIFACT_H

#include <stddef.h>
#include <stdint.h>

#define CW_CPU_ARTIFACT_ABI 7u
#define CW_CPU_ARTIFACT_SYMBOL "cw_cpu_artifact"
#define CW_CPU_CURRENT_SYMBOL "cw_cpu_current"
#define CW_CPU_SUSPENDS_SUFFIX ".suspends"
#define CW_CPU_FIBERS_SYMBOL "cw_wasi_fibers" /* what an artifact with such functions asks the linker for */

#if defined(__wasm__)
#define CW_CPU_STACK_SHIFT 17u /* 128 KiB: a block of 1024 threads that all wait must fit into 4 GiB with the program */
#else
#define CW_CPU_STACK_SHIFT 20u /* 1 MiB: room for 512 KiB, the most local memory that CUDA gives a thread */
#endif
#define CW_CPU_STACK_SIZE ((uintptr_t)1 << CW_CPU_STACK_SHIFT)
#define CW_CPU_STACK_COLOURS 1024u
#define CW_CPU_STACK_COLOUR_SHIFT 8u /* 256 bytes a colour */
#define CW_CPU_FRAMES_MAX (256u << 10) /* bytes of a stack for the frames of a block's groups */

/* What generated code reads of a block. The backend's own block state follows it in memory. */
struct cw_cpu_block {
    uint32_t block_idx[3];
    uint32_t block_dim[3];
    uint32_t grid_dim[3];
    uint32_t thread_count;   /* length of the queue: product of block_dim, or groups of lanes */
    uint32_t next_thread;    /* the next thread (or group) to start */
    uint32_t dynamic_shared; /* bytes */
    uint32_t processor;      /* cw.smid */
    uint32_t streamed;       /* words of params, by their bits: stores through these pointers go past the caches; see below */
    _Alignas(8) char *shared;       /* static shared memory, then dynamic at the kernel's dynamic_offset */
    _Alignas(8) const void *params; /* packed parameters */
    _Alignas(8) uint32_t cluster_dim[3]; /* blocks; 1 without clusters */
    uint32_t cluster_idx[3]; /* of the block in its cluster */
    uint32_t cluster_rank;
    uint32_t cluster_explicit;      /* 1: the launch or the kernel says the dimensions */
    uint32_t cluster_shift;         /* the shared memory of rank r begins r << shift bytes behind cluster_shared */
    _Alignas(8) char *cluster_shared;
};

/* What generated code writes and reads of a thread. */
struct cw_cpu_thread {
    struct cw_cpu_block *block;
    _Alignas(8) uint32_t index; /* place in the queue: the linear index, or the group's number */
    uint32_t tid[3]; /* of the thread; of a group the lane that calls a function */
    uint32_t linear; /* x + y * bx + z * bx * by of the same */
    uint32_t site;   /* WebAssembly: which call of cw.activemask comes next, a number of its own for each */
    uint64_t service[12]; /* the backend's own */
};

/* The thread that the stack pointer `sp` belongs to. Generated code computes the same, but on WebAssembly (see below). */
static inline struct cw_cpu_thread *cw_cpu_thread_of(uintptr_t sp) {
    uintptr_t base = sp & ~(CW_CPU_STACK_SIZE - 1);
    uintptr_t colour = (base >> CW_CPU_STACK_SHIFT) & (CW_CPU_STACK_COLOURS - 1);
    return (struct cw_cpu_thread *)(base + CW_CPU_STACK_SIZE - (colour << CW_CPU_STACK_COLOUR_SHIFT) -
                                    sizeof(struct cw_cpu_thread));
}

typedef void cw_cpu_run(const void *params, struct cw_cpu_block *block);

struct cw_cpu_kernel {
    const char *name;
    cw_cpu_run *run;
    cw_cpu_run *run_all;
    cw_cpu_run *run_lanes;
    uint32_t lanes;         /* threads of a group; 0 without run_lanes */
    uint32_t lanes_suspend; /* 1 if groups may have to wait in a service */
    uint32_t block_scale[3];
    uint32_t frame_bytes;   /* that run_lanes takes of its stack for each group of the block */
    uint32_t static_shared;  /* bytes */
    uint32_t dynamic_offset; /* where dynamic shared memory begins, from block->shared */
    uint32_t param_bytes;
    uint32_t max_threads;    /* __launch_bounds__; 0 when none */
    uint32_t streamed;       /* words of params, by their bits: pointers that the kernel only stores through */
    uint32_t stream_bytes;   /* that a thread stores through them, where every store is passed once */
    uint32_t stream_loops;   /* 1 if some of these stores are in loops */
    uint32_t cluster[3];     /* __cluster_dims__; 0 when none */
};

struct cw_cpu_import {
    const char *name; /* an intrinsic's text, or "cw.thread_exit" */
    void **slot;
};

struct cw_cpu_variable {
    const char *name;
    void *address;
    uint64_t size;
};

struct cw_cpu_artifact {
    uint32_t abi_version; /* CW_CPU_ARTIFACT_ABI */
    uint32_t kernel_count;
    const struct cw_cpu_kernel *kernels;
    uint32_t import_count;
    uint32_t variable_count;
    const struct cw_cpu_import *imports;
    const struct cw_cpu_variable *variables;
    uint32_t shape[3]; /* of all blocks; 0: they may have any */
};

/*
 * Services. Signatures follow intrinsics.def (i: int32_t/uint32_t, l: int64_t, f: float, p: void *,
 * z: size_t). Beside the
 * intrinsics there are two that only generated code uses:
 *
 *     void cw.thread_exit(void)    the current thread (or group) has ended: it counts as arrived wherever others wait for it.
 *     int64_t cw.barrier_vote(int32_t yes, int32_t lanes)    of a group: barrier 0, with how many of its `lanes` that arrive
 *                                  said yes; gives the sum of yes over the block in the low half, of lanes in the high half.
 *
 * Intrinsics that generated code resolves itself, and so never imports, are those without a function in services.c: special
 * registers, clock (from clock64), is_constant. It also resolves the part of is_global that excludes constant memory.
 */

_Static_assert(offsetof(struct cw_cpu_block, thread_count) == 36, "generated code knows this offset");
_Static_assert(offsetof(struct cw_cpu_block, shared) == 56, "generated code knows this offset");
_Static_assert(offsetof(struct cw_cpu_thread, index) == 8, "generated code knows this offset");
_Static_assert(sizeof(struct cw_cpu_thread) == 128, "generated code knows this size");

#endif
