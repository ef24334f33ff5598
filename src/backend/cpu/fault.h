/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fault.h: how a kernel fails. A fault is recorded on the worker where it happens, by the signal handler or by a
 * service; the block is left at once; what people read is composed afterwards on the OS thread's own stack.
 */
#ifndef CW_BACKEND_CPU_FAULT_H
#define CW_BACKEND_CPU_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cudawasm/cw_backend.h"

struct cw_cpu_state;
struct cw_cpu_worker;

struct cw_cpu_fault_record {
    enum cw_fault_kind kind;
    bool in_thread;  /* `thread` is known */
    uint32_t thread; /* linear index */
    int signal;      /* 0: a service raised it */
    int code;        /* si_code */
    int write;       /* cw_cpu_signal_write */
    uintptr_t pc, sp, address;
    char text[320];   /* from a service: what the kernel did, to follow the kernel's name */
    char detail[512]; /* what is to be said after the place; "" when nothing */
};

/* Installs the signal handlers, once a process, and gives the calling OS thread an alternative signal stack. */
void cw_cpu_fault_prepare(void);

/* In a service: where in the kernel it was called from. WebAssembly's code has no addresses. */
#if defined(__wasm__)
#define CW_CPU_CALLER NULL
#else
#define CW_CPU_CALLER __builtin_return_address(0)
#endif

/* From a service: ends the launch. `format` says what the kernel did, to follow its name ("failed ..."). `pc` is the
 * address in the kernel, or NULL when the text has the place already. */
_Noreturn void cw_cpu_fault_raise(struct cw_cpu_state *state, enum cw_fault_kind kind, const void *pc,
                                  const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The same where the thread is not to blame: the whole block is. */
_Noreturn void cw_cpu_fault_raise_block(struct cw_cpu_state *state, enum cw_fault_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Composes the report of the worker's recorded fault, which happened in `state`. */
void cw_cpu_fault_report(const struct cw_cpu_worker *worker, const struct cw_cpu_state *state, struct cw_fault *fault);

#endif
