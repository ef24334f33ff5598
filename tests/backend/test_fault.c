/* SPDX-License-Identifier: Apache-2.0 */
/* Faults: what is reported, and that the device goes on working. */
#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "backend/cpu/backend.h"
#include "backend/cpu/sanitizer.h"
#include "harness.h"

static void nothing(void *data, const struct cw_cpu_block *block, uint32_t index) {
    (void)data, (void)block, (void)index;
}

/* Expects a fault of block `block`, thread `thread` (-1: none is named), with `text` in its message. */
static void expect_at(struct bench *bench, bool all, body *body, void *data, enum cw_fault_kind kind, uint32_t block,
                      int thread, const char *text) {
    for (int i = 0; i < 2; i++) {
        struct launch_shape shape = {.grid = 12, .block = 96, .all = all};
        cr_assert_eq(bench_launch(bench, shape, body, data), CW_ERROR_FAULT);
        const struct cw_fault *fault = &bench->fault;
        cr_assert_eq(fault->kind, kind, "kind %d: %s", (int)fault->kind, fault->message);
        cr_assert_eq(fault->block.x, block, "%s", fault->message);
        cr_assert(strstr(fault->message, text), "`%s` not in: %s", text, fault->message);
        cr_assert_eq(strstr(fault->message, ", thread (") != NULL, thread >= 0, "%s", fault->message);
        if (thread >= 0) {
            cr_assert_eq(fault->thread.x, (uint32_t)thread, "%s", fault->message);
        }
        cr_assert_eq(bench_launch(bench, (struct launch_shape){.grid = 12, .block = 96, .all = all}, nothing, NULL), CW_OK);
    }
}

/* Bad on purpose. */
#define WILD __attribute__((no_sanitize("undefined")))

static bool is_victim(const struct cw_cpu_block *block, uint32_t index) {
    return block->block_idx[0] == 7 && index == 70;
}

WILD static void write_null(void *data, const struct cw_cpu_block *block, uint32_t index) {
    int *volatile *pointer = data;
    if (is_victim(block, index)) {
        **pointer = 1;
    }
}

WILD static void read_far(void *data, const struct cw_cpu_block *block, uint32_t index) {
    if (is_victim(block, index)) {
        int *volatile *pointer = data;
        int value = (*pointer)[0x40000];
        __asm__ volatile("" : : "r"(value));
    }
}

static void fault_between_barriers(void *data, const struct cw_cpu_block *block, uint32_t index) {
    cw.barrier(0, 0);
    write_null(data, block, index);
    cw.barrier(0, 0);
}

Test(fault, illegal_addresses_are_reported) {
    struct bench bench;
    bench_open(&bench, 3);
    int *null = NULL;
    for (int all = 0; all < 2; all++) {
        expect_at(&bench, all, write_null, &null, CW_FAULT_ILLEGAL_ADDRESS, 7, 70, "an illegal address 0x0");
        expect_at(&bench, all, read_far, &null, CW_FAULT_ILLEGAL_ADDRESS, 7, 70, "an illegal address 0x100000");
        cr_assert_eq(bench.fault.address, 0); /* of the launch that went well */
    }
    expect_at(&bench, false, fault_between_barriers, &null, CW_FAULT_ILLEGAL_ADDRESS, 7, 70, "an illegal address 0x0");
    bench_close(&bench);
}

Test(fault, reports_name_the_source_line) {
    struct bench bench;
    bench_open(&bench, 1);
    int *null = NULL;
    cr_assert_eq(bench_launch(&bench, (struct launch_shape){.grid = 12, .block = 96}, write_null, &null), CW_ERROR_FAULT);
    cr_assert(strstr(bench.fault.message, "test_fault.c:") || strstr(bench.fault.message, "libdw1"), "%s",
              bench.fault.message);
    cr_assert(strstr(bench.fault.message, "kernel `thread(void*)` "), "%s", bench.fault.message);
    bench_close(&bench);
}

/* A library function faults on the kernel's behalf. */
WILD static void copy_to_null(void *data, const struct cw_cpu_block *block, uint32_t index) {
    void *volatile *pointer = data;
    if (is_victim(block, index)) {
        char bytes[4096] = {1};
        memcpy(*pointer, bytes, sizeof bytes);
        __asm__ volatile("" ::: "memory");
    }
}

Test(fault, library_calls_fault_as_kernels) {
    struct bench bench;
    bench_open(&bench, 1);
    void *null = NULL;
    expect_at(&bench, false, copy_to_null, &null, CW_FAULT_ILLEGAL_ADDRESS, 7, 70, "an illegal address 0x");
    bench_close(&bench);
}

WILD static void call_nowhere(void *data, const struct cw_cpu_block *block, uint32_t index) {
    if (is_victim(block, index)) {
        void (*volatile *function)(void) = data;
        (*function)();
        __asm__ volatile("" ::: "memory");
    }
}

Test(fault, calls_of_bad_pointers_are_reported) {
    struct bench bench;
    bench_open(&bench, 1);
    void (*nowhere)(void) = (void (*)(void))(uintptr_t)0x1000;
    expect_at(&bench, false, call_nowhere, &nowhere, CW_FAULT_ILLEGAL_ADDRESS, 7, 70, "called the illegal address 0x1000");
    bench_close(&bench);
}

static __attribute__((noinline)) uint32_t recurse(volatile uint32_t *data, uint32_t depth) {
    volatile uint32_t frame[32] = {depth};
    uint32_t result = *data ? recurse(data, depth + 1) : 0;
    return result + frame[depth % 32];
}

static void overflow(void *data, const struct cw_cpu_block *block, uint32_t index) {
    if (is_victim(block, index)) {
        *(volatile uint32_t *)data += recurse(data, 1);
    }
}

Test(fault, runaway_recursion_is_reported) {
    struct bench bench;
    bench_open(&bench, 2);
    uint32_t one = 1;
    expect_at(&bench, false, overflow, &one, CW_FAULT_STACK_OVERFLOW, 7, 70, "runaway recursion");
    expect_at(&bench, true, overflow, &one, CW_FAULT_STACK_OVERFLOW, 7, 70, "runaway recursion");
    bench_close(&bench);
}

static void use_much_stack(void *data, const struct cw_cpu_block *block, uint32_t index) {
    volatile char memory[400 << 10];
    uint32_t *good = data;
    memory[0] = (char)index;
    for (size_t i = 0; i < sizeof memory; i += 4096) {
        memory[i] = (char)index;
    }
    cw.barrier(0, 0);
    *good += memory[0] == (char)index && memory[4096 * 50] == (char)index;
    (void)block;
}

Test(fault, threads_have_nearly_all_of_their_stack) {
    struct bench bench;
    bench_open(&bench, 1);
    uint32_t good = 0;
    cr_assert_eq(bench_launch(&bench, (struct launch_shape){.grid = 1, .block = 200}, use_much_stack, &good), CW_OK);
    cr_assert_eq(good, 200);
    bench_close(&bench);
}

static void trap_in_victim(void *data, const struct cw_cpu_block *block, uint32_t index) {
    (void)data;
    if (is_victim(block, index)) {
        cw.trap();
    }
}

static void call_pure_virtual(void *data, const struct cw_cpu_block *block, uint32_t index) {
    (void)data;
    if (is_victim(block, index)) {
        cw.pure_virtual();
    }
}

static void assert_in_victim(void *data, const struct cw_cpu_block *block, uint32_t index) {
    (void)data;
    if (is_victim(block, index)) {
        cw.assert_fail("x < n", "prog.cu", 12, "void kernel(int)", 1);
    }
}

static void divide_by_zero(void *data, const struct cw_cpu_block *block, uint32_t index) {
    volatile int *zero = data;
    if (is_victim(block, index)) {
#if defined(__x86_64__)
        int quotient = 1;
        __asm__ volatile("cltd\n\tidivl %1" : "+a"(quotient) : "r"(*zero) : "rdx", "cc");
#else
        (void)zero;
        raise(SIGFPE);
#endif
    }
}

static void execute_nonsense(void *data, const struct cw_cpu_block *block, uint32_t index) {
    (void)data;
    if (is_victim(block, index)) {
#if defined(__x86_64__)
        __asm__ volatile("ud2");
#elif defined(__aarch64__)
        __asm__ volatile("udf #0");
#else
        __asm__ volatile("unimp");
#endif
    }
}

Test(fault, traps_and_asserts_are_reported) {
    struct bench bench;
    bench_open(&bench, 2);
    int zero = 0;
    for (int all = 0; all < 2; all++) {
        expect_at(&bench, all, trap_in_victim, NULL, CW_FAULT_TRAP, 7, 70, "executed a trap");
        expect_at(&bench, all, call_pure_virtual, NULL, CW_FAULT_TRAP, 7, 70, "pure virtual");
        expect_at(&bench, all, execute_nonsense, NULL, CW_FAULT_ILLEGAL_INSTRUCTION, 7, 70, "illegal instruction");
#if defined(__x86_64__)
        expect_at(&bench, all, divide_by_zero, &zero, CW_FAULT_TRAP, 7, 70, "divided an integer by zero");
#endif
        int ends[2], saved = dup(2);
        cr_assert_eq(pipe(ends), 0);
        dup2(ends[1], 2);
        expect_at(&bench, all, assert_in_victim, NULL, CW_FAULT_ASSERT, 7, 70, "failed the assertion `x < n` at prog.cu:12");
        dup2(saved, 2);
        char text[1024] = "";
        const char line[] = "prog.cu:12: void kernel(int): block: [7,0,0], thread: [70,0,0] Assertion `x < n` failed.\n";
        ssize_t size = read(ends[0], text, sizeof text - 1);
        cr_assert_eq(size, 2 * (ssize_t)strlen(line), "%s", text);
        cr_assert_eq(strncmp(text, line, strlen(line)), 0, "%s", text);
        close(ends[0]), close(ends[1]), close(saved);
    }
    (void)zero, (void)divide_by_zero;
    bench_close(&bench);
}

/* The thread faults only the first time: the report names the block alone. */
static void fault_once(void *data, const struct cw_cpu_block *block, uint32_t index) {
    volatile uint32_t *times = data;
    if (is_victim(block, index) && (*times)++ % 2 == 0) {
        cw.trap();
    }
}

Test(fault, faults_that_do_not_come_again_name_the_block) {
    struct bench bench;
    bench_open(&bench, 1);
    uint32_t times = 0;
    expect_at(&bench, true, fault_once, &times, CW_FAULT_TRAP, 7, -1, "executed a trap");
    bench_close(&bench);
}

static volatile sig_atomic_t host_faults;

static void count_host_fault(int signal_number) {
    host_faults++;
    struct sigaction standard = {.sa_handler = SIG_DFL};
    sigaction(signal_number, &standard, NULL);
    _exit(host_faults == 1 ? 77 : 1);
}

WILD static void write_wild(int *pointer) {
    *(volatile int *)pointer = 1;
}

/* A fault of host code goes to the handler that was there before. */
Test(fault, host_faults_go_to_the_previous_handler, .exit_code = 77) {
    struct sigaction action = {.sa_handler = count_host_fault};
    sigaction(SIGSEGV, &action, NULL);
    struct bench bench;
    bench_open(&bench, 1);
    int *null = NULL;
    expect_at(&bench, false, write_null, &null, CW_FAULT_ILLEGAL_ADDRESS, 7, 70, "illegal address");
    int *volatile nowhere = NULL;
    write_wild(nowhere);
}

static void free_nonsense(void *data, const struct cw_cpu_block *block, uint32_t index) {
    if (is_victim(block, index)) {
        cw.release(data);
    }
}

static void free_twice(void *data, const struct cw_cpu_block *block, uint32_t index) {
    (void)data;
    if (is_victim(block, index)) {
        void *pointer = cw.alloc(100);
        cw.release(pointer);
        cw.release(pointer);
    }
}

Test(fault, bad_frees_are_reported) {
    struct bench bench;
    bench_open(&bench, 1);
    int local;
    expect_at(&bench, false, free_nonsense, &local, CW_FAULT_ILLEGAL_ADDRESS, 7, 70, "not an allocation of the device heap");
    expect_at(&bench, false, free_twice, NULL, CW_FAULT_ILLEGAL_ADDRESS, 7, 70, "not an allocation of the device heap");
    bench_close(&bench);
}

#ifndef CW_CPU_SANITIZED /* sanitizers reserve address space of their own */
static void meet(void *data, const struct cw_cpu_block *block, uint32_t index) {
    (void)data, (void)block, (void)index;
    cw.barrier(0, 0);
}

Test(fault, missing_stacks_are_reported) {
    struct bench bench;
    bench_open(&bench, 1);
    struct rlimit limit = {.rlim_cur = (rlim_t)300 << 20, .rlim_max = RLIM_INFINITY};
    cr_assert_eq(setrlimit(RLIMIT_AS, &limit), 0);
    for (int i = 0; i < 2; i++) {
        cr_assert_eq(bench_launch(&bench, (struct launch_shape){.grid = 3, .block = 1024}, meet, NULL), CW_ERROR_FAULT);
        cr_assert_eq(bench.fault.kind, CW_FAULT_RESOURCES);
        cr_assert(strstr(bench.fault.message, "needs more thread stacks"), "%s", bench.fault.message);
        cr_assert_eq(bench_launch(&bench, (struct launch_shape){.grid = 3, .block = 64}, meet, NULL), CW_OK);
    }
    bench_close(&bench);
}
#endif

/* Past the end of a large allocation there is nothing to hit. */
static void run_past_end(void *data, const struct cw_cpu_block *block, uint32_t index) {
    volatile char *bytes = *(char *volatile *)data;
    if (is_victim(block, index)) {
        bytes[1 << 20] = 1;
    }
}

Test(fault, large_allocations_are_guarded) {
    struct bench bench;
    bench_open(&bench, 1);
    void *bytes;
    cr_assert_eq(cw_backend_cpu.memory_alloc(bench.device, 1 << 20, &bytes), CW_OK);
    expect_at(&bench, false, run_past_end, &bytes, CW_FAULT_ILLEGAL_ADDRESS, 7, 70, "wrote an illegal address 0x");
    cw_backend_cpu.memory_free(bench.device, bytes);
    bench_close(&bench);
}
