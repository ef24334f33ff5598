/* SPDX-License-Identifier: Apache-2.0 */
/* fault.c: raising faults from services, and composing their reports. The signal handler is in signal.c. */
#include "backend/cpu/fault.h"

#include <dlfcn.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/cpu/block.h"
#include "backend/cpu/line.h"
#include "backend/cpu/worker.h"

#define SCAN_WORDS 2048 /* how far up a stack a return address into the kernel is looked for */

/* ---- Raising ------------------------------------------------------------------------------------------------------ */

_Noreturn void cw_cpu_fault_raise(struct cw_cpu_state *state, enum cw_fault_kind kind, const void *pc,
                                  const char *format, ...) {
    struct cw_cpu_fault_record *fault = &state->worker->fault;
    *fault = (struct cw_cpu_fault_record){.kind = kind, .in_thread = true, .pc = (uintptr_t)pc};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(fault->text, sizeof fault->text, format, arguments);
    va_end(arguments);
    cw_cpu_block_leave(state);
}

_Noreturn void cw_cpu_fault_raise_block(struct cw_cpu_state *state, enum cw_fault_kind kind, const char *format, ...) {
    struct cw_cpu_fault_record *fault = &state->worker->fault;
    *fault = (struct cw_cpu_fault_record){.kind = kind};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(fault->text, sizeof fault->text, format, arguments);
    va_end(arguments);
    cw_cpu_block_leave(state);
}

/* ---- Where it was ------------------------------------------------------------------------------------------------- */

static const void *image_of(uintptr_t address) {
    Dl_info info;
    return dladdr((const void *)address, &info) ? info.dli_fbase : NULL;
}

/* The address in the kernel's own image where the fault happened. When it happened in a library that the kernel called
 * (memcpy of a bad pointer) or by a jump to nowhere, the innermost return address on the stack that leads back into the
 * image; 0 when there is none. */
__attribute__((no_sanitize("address", "thread"))) static uintptr_t kernel_pc(const struct cw_cpu_fault_record *fault,
                                                                               const struct cw_cpu_state *state) {
    if (fault->signal == 0) {
        return fault->pc ? fault->pc - 1 : 0; /* a return address: the call is before it */
    }
    const void *image = image_of((uintptr_t)state->grid->kernel->run);
    if (!image || image_of(fault->pc) == image) {
        return fault->pc;
    }
    uintptr_t end = (uintptr_t)state->fault_stack;
    if (end == 0) {
        return 0;
    }
    uintptr_t lowest = (end & ~(CW_CPU_STACK_SIZE - 1)) + cw_cpu_stack_guard();
    uintptr_t start = (fault->sp > lowest ? fault->sp : lowest) & ~(sizeof(uintptr_t) - 1);
    for (size_t i = 0; i < SCAN_WORDS && start + i * sizeof(uintptr_t) < end; i++) {
        uintptr_t word = ((const uintptr_t *)start)[i];
        if (word > 4096 && image_of(word - 1) == image) {
            return word - 1;
        }
    }
    return 0;
}

/* ---- What it was -------------------------------------------------------------------------------------------------- */

static void describe_segv(const struct cw_cpu_worker *worker, const struct cw_cpu_state *state,
                          struct cw_cpu_fault_record *fault) {
    uintptr_t address = fault->address;
    bool in_guard = cw_cpu_stacks_own(&worker->stacks, address) &&
                    (address & (CW_CPU_STACK_SIZE - 1)) < cw_cpu_stack_guard() &&
                    cw_cpu_thread_of(address) == state->fault_stack;
    fault->kind = CW_FAULT_ILLEGAL_ADDRESS;
    if (in_guard) {
        fault->kind = CW_FAULT_STACK_OVERFLOW;
        snprintf(fault->text, sizeof fault->text,
                 "overflowed a thread's stack of %" PRIuPTR " KiB (runaway recursion or too much local memory)",
                 CW_CPU_STACK_SIZE >> 10);
    } else if (fault->signal == SIGSEGV && fault->code != SEGV_MAPERR && fault->code != SEGV_ACCERR && address == 0) {
        /* x86 does not tell the address of an access that is not canonical or not aligned as its instruction wants. */
        snprintf(fault->text, sizeof fault->text,
                 "read or wrote an illegal address (not a possible address, or not aligned for a vector access)");
    } else if (address == fault->pc) {
        snprintf(fault->text, sizeof fault->text, "called the illegal address 0x%" PRIxPTR, address);
    } else {
        const char *verb = fault->write < 0 ? "read or wrote" : fault->write ? "wrote" : "read";
        snprintf(fault->text, sizeof fault->text, "%s an illegal address 0x%" PRIxPTR, verb, address);
    }
}

static void describe(const struct cw_cpu_worker *worker, const struct cw_cpu_state *state,
                     struct cw_cpu_fault_record *fault) {
    switch (fault->signal) {
    case 0:
        break;
    case SIGFPE:
        fault->kind = CW_FAULT_TRAP;
        snprintf(fault->text, sizeof fault->text, "%s",
                 fault->code == FPE_INTDIV ? "divided an integer by zero" : "stopped in an arithmetic exception");
        break;
    case SIGILL:
        fault->kind = CW_FAULT_ILLEGAL_INSTRUCTION;
        snprintf(fault->text, sizeof fault->text, "executed an illegal instruction");
        break;
    default:
        if (fault->signal == SIGBUS && fault->code == BUS_ADRALN) {
            fault->kind = CW_FAULT_MISALIGNED;
            snprintf(fault->text, sizeof fault->text, "read or wrote the misaligned address 0x%" PRIxPTR,
                     fault->address);
        } else {
            describe_segv(worker, state, fault);
        }
        break;
    }
    if (fault->signal != 0 && state->fault_stack && state->entry == state->grid->kernel->run) {
        fault->in_thread = true;
    }
    if (fault->in_thread && !state->grid->kernel->run && fault->signal == 0 && state->fault_stack) {
        /* No block runs again here; who called the service has noted which thread it was. */
        fault->thread = state->fault_stack->linear;
        fault->in_thread = fault->thread < state->grid->thread_count;
    } else if (fault->in_thread) {
        fault->thread = state->fault_stack ? state->fault_stack->index : UINT32_MAX;
        fault->in_thread = state->entry == state->grid->kernel->run && fault->thread < state->block.thread_count;
    }
}

/* ---- The report --------------------------------------------------------------------------------------------------- */

/* The name as people write it, malloc'd, or NULL. Uses the C++ runtime only if there is one. */
static char *demangle(const char *name) {
    char *(*function)(const char *, char *, size_t *, int *);
    void *address = dlsym(RTLD_DEFAULT, "__cxa_demangle");
    if (!address) {
        void *library = dlopen("libstdc++.so.6", RTLD_NOW | RTLD_LOCAL);
        address = library ? dlsym(library, "__cxa_demangle") : NULL;
    }
    if (!address) {
        return NULL;
    }
    memcpy(&function, &address, sizeof function);
    int status = 0;
    return function(name, NULL, NULL, &status);
}

void cw_cpu_fault_report(const struct cw_cpu_worker *worker, const struct cw_cpu_state *state, struct cw_fault *fault) {
    struct cw_cpu_fault_record record = worker->fault;
    describe(worker, state, &record);
    const struct cw_cpu_block *block = &state->block;
    *fault = (struct cw_fault){.kind = record.kind, .address = record.address};
    memcpy(&fault->block, block->block_idx, sizeof fault->block);

    char place[512] = "";
    const char *hint = "";
    uintptr_t pc = kernel_pc(&record, state);
    if (pc) {
        char line[480];
        switch (cw_cpu_line_find(pc, line, sizeof line)) {
        case CW_CPU_LINE_FOUND: snprintf(place, sizeof place, " at %s", line); break;
        case CW_CPU_LINE_NO_LIBRARY: hint = ". Installing libdw1 would add the source line"; break;
        case CW_CPU_LINE_UNKNOWN: break;
        }
    }
    char thread[64] = "";
    if (record.in_thread) {
        uint32_t row = record.thread / block->block_dim[0];
        fault->thread = (struct cw_dim3){record.thread % block->block_dim[0], row % block->block_dim[1],
                                         row / block->block_dim[1]};
        snprintf(thread, sizeof thread, ", thread (%u,%u,%u)", fault->thread.x, fault->thread.y, fault->thread.z);
    }
    const char *name = state->grid->kernel->name;
    char *readable = demangle(name);
    int length = snprintf(fault->message, sizeof fault->message, "kernel `%.300s` %s%s, block (%u,%u,%u)%s%s%s%s",
                          readable ? readable : name, record.text, place, block->block_idx[0], block->block_idx[1],
                          block->block_idx[2], thread, record.detail[0] ? ": " : "", record.detail, hint);
    if (length >= (int)sizeof fault->message) {
        memcpy(fault->message + sizeof fault->message - 4, "...", 4);
    }
    free(readable);
}
