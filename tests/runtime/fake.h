/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fake.h: a backend whose kernels are C functions of the test, so that tests can hold a kernel back, watch what runs
 * when, and have it fail. It takes the CPU backend's place in the runtime by its symbol. Beside it: containers made of
 * those kernels, and their registration as compilers do it.
 */
#ifndef CW_TESTS_RUNTIME_FAKE_H
#define CW_TESTS_RUNTIME_FAKE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "cuda/cuda_runtime_api.h"
#include "cudawasm/cw_backend.h"

/* ---- The entry points of registration.c, as compilers call them ------------------------------------------------ */

struct fatbin_wrapper {
    int magic, version;
    const void *data;
    void *unused;
};
#define FATBIN_MAGIC 0x466243b1

void **__cudaRegisterFatBinary(void *wrapper);
void __cudaRegisterFatBinaryEnd(void **handle);
void __cudaUnregisterFatBinary(void **handle);
void __cudaRegisterFunction(void **handle, const char *host, char *device, const char *name, int thread_limit,
                            void *tid, void *bid, void *block_dim, void *grid_dim, int *warp_size);
void __cudaRegisterVar(void **handle, char *host, char *device, const char *name, int external, size_t size,
                       int constant, int global);
void __cudaRegisterManagedVar(void **handle, void **host, char *device, const char *name, int external, size_t size,
                              int constant, int global);
void __cw_register_container(const uint8_t id[16], const void *bytes, size_t size);

/* ---- Kernels: their host addresses, and what they do ------------------------------------------------------------ */

/* Each is a char whose address stands for the kernel on the host side. */
extern char kernel_note;      /* (int value): appends value to the log */
extern char kernel_gate;      /* (struct gate *gate, int value): waits until the gate is open, then as kernel_note */
extern char kernel_fault;     /* (int kind): fails with that cw_fault_kind */
extern char kernel_add;       /* (atomic_int *sum, int value): adds */
extern char kernel_empty;     /* () */
extern char kernel_bounded;   /* () __launch_bounds__(128), 1024 bytes of static shared memory */
extern char kernel_absent;    /* registered and in the table, but not in the artifact */
extern char kernel_unlisted;  /* registered, but not in the table */
extern char kernel_foreign;   /* never registered */
extern char variable_numbers; /* 64 ints */
extern char variable_absent;

struct gate {
    atomic_bool open;
    atomic_bool reached; /* a kernel waits at it, or went through */
};
/* Waits until a kernel has reached the gate; false after some seconds. */
bool gate_wait_reached(struct gate *gate);

/* Builds the container of all the kernels, and registers it and their host addresses. */
void fake_register(void);
/* The same in parts. */
void fake_container(struct cw_text *out, bool with_table, bool with_artifact, const char *target);
void fake_register_symbols(void **handle);

/* What kernel_note and kernel_gate wrote. */
int fake_log_count(void);
int fake_log_at(int index);

/* Counters of the backend. */
extern atomic_int fake_allocations; /* live */
extern atomic_int fake_launches;
extern atomic_int fake_modules; /* loaded now */
extern atomic_int fake_opens;
extern atomic_int fake_flushes;
extern atomic_bool fake_alloc_fails;
extern atomic_uint fake_devices; /* how many there are: 1, or 2 */
extern atomic_bool fake_apart;   /* their memory is not the host's, as far as they say */
extern atomic_uint fake_copies[3]; /* by enum cw_copy_kind: how many were asked for */
extern atomic_int fake_score;    /* that artifact_score gives */

/* Launches `kernel` with one block of one thread. */
cudaError_t fake_launch(const void *kernel, void **args, cudaStream_t stream);
cudaError_t fake_note(int value, cudaStream_t stream);
cudaError_t fake_gate(struct gate *gate, int value, cudaStream_t stream);

#endif
