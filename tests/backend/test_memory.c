/* SPDX-License-Identifier: Apache-2.0 */
/* Device memory, the device heap, copies and fills. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "backend/cpu/backend.h"
#include "harness.h"

Test(memory, allocations_are_aligned_and_apart) {
    struct bench bench;
    bench_open(&bench, 1);
    enum { COUNT = 200 };
    static char *pointers[COUNT];
    static size_t sizes[COUNT];
    uint64_t seed = 7, free_before, total;
    cw_backend_cpu.memory_info(bench.device, &free_before, &total);
    cr_assert(total > 0 && free_before <= total);
    for (int round = 0; round < 10; round++) {
        for (int i = 0; i < COUNT; i++) {
            if (pointers[i]) {
                for (size_t j = 0; j < sizes[i]; j += 97) {
                    cr_assert_eq(pointers[i][j], (char)i);
                }
                if (random_next(&seed) % 2) {
                    continue;
                }
                cw_backend_cpu.memory_free(bench.device, pointers[i]);
            }
            sizes[i] = random_next(&seed) % (random_next(&seed) % 4 ? 20000 : 3000000) + 1;
            void *pointer;
            cr_assert_eq(cw_backend_cpu.memory_alloc(bench.device, sizes[i], &pointer), CW_OK);
            cr_assert_eq((uintptr_t)pointer % 512, 0);
            pointers[i] = pointer;
            memset(pointer, i, sizes[i]);
        }
    }
    for (int i = 0; i < COUNT; i++) {
        cw_backend_cpu.memory_free(bench.device, pointers[i]);
    }
    cw_backend_cpu.memory_free(bench.device, NULL);
    bench_close(&bench);
}

Test(memory, limits_hold) {
    setenv("CUDA_WASM_MEMORY", "10M", 1);
    struct bench bench;
    bench_open(&bench, 1);
    uint64_t unused, total;
    cw_backend_cpu.memory_info(bench.device, &unused, &total);
    cr_assert_eq(total, 10 << 20);
    cr_assert_eq(unused, 10 << 20);
    void *first, *second;
    cr_assert_eq(cw_backend_cpu.memory_alloc(bench.device, 6 << 20, &first), CW_OK);
    cr_assert_eq(cw_backend_cpu.memory_alloc(bench.device, 6 << 20, &second), CW_ERROR_OUT_OF_MEMORY);
    cr_assert_null(second);
    cw_backend_cpu.memory_info(bench.device, &unused, &total);
    cr_assert_eq(unused, 4 << 20);
    cr_assert_eq(cw_backend_cpu.memory_alloc(bench.device, SIZE_MAX - 5, &second), CW_ERROR_OUT_OF_MEMORY);
    cw_backend_cpu.memory_free(bench.device, first);
    cr_assert_eq(cw_backend_cpu.memory_alloc(bench.device, 10 << 20, &first), CW_OK);
    cw_backend_cpu.memory_free(bench.device, first);
    uint32_t count = 0;
    while (cw_backend_cpu.memory_alloc(bench.device, 1000, &first) == CW_OK) {
        count++;
    }
    cr_assert_eq(count, 10 << 10);
    bench_close(&bench);
}

Test(memory, copies_and_fills) {
    struct bench bench;
    bench_open(&bench, 3);
    size_t size = (40 << 20) + 4;
    uint32_t *from = malloc(size), *to;
    void *pointer;
    cr_assert_eq(cw_backend_cpu.memory_alloc(bench.device, size, &pointer), CW_OK);
    to = pointer;
    for (size_t i = 0; i < size / 4; i++) {
        from[i] = (uint32_t)i * 7;
    }
    cr_assert_eq(cw_backend_cpu.copy(bench.device, to, from, size, CW_COPY_HOST_TO_DEVICE), CW_OK);
    cr_assert_eq(memcmp(from, to, size), 0);
    cr_assert_eq(cw_backend_cpu.copy(bench.device, to, from + 1, 100, CW_COPY_HOST_TO_DEVICE), CW_OK);
    cr_assert_eq(memcmp(from + 1, to, 100), 0);
    static const uint32_t patterns[] = {0x12345678, 0x1234, 0xab};
    for (uint32_t i = 0; i < 3; i++) {
        uint32_t bytes = 4u >> i;
        cr_assert_eq(cw_backend_cpu.fill(bench.device, to, patterns[i], bytes, size / bytes - 4 / bytes), CW_OK);
        for (size_t j = 0; j < size - 4; j += 4001) {
            cr_assert_eq(((unsigned char *)to)[j], (unsigned char)(patterns[i] >> j % bytes * 8));
        }
        cr_assert_eq(to[size / 4 - 1], from[size / 4 - 1]);
    }
    cr_assert_eq(cw_backend_cpu.fill(bench.device, to, 0, 3, 1), CW_ERROR_INVALID_ARGUMENT);
    free(from);
    bench_close(&bench);
}

struct heap_test {
    uint32_t wrong;
    uint64_t total;
};

/* Each thread allocates, fills, checks and frees blocks of many sizes, while others do. */
static void use_heap(void *data, const struct cw_cpu_block *block, uint32_t index) {
    struct heap_test *test = data;
    uint64_t seed = block->block_idx[0] * 1000 + index;
    unsigned char *pointers[6] = {0};
    size_t sizes[6];
    unsigned char mark = (unsigned char)(seed * 37);
    uint32_t wrong = 0;
    for (int i = 0; i < 30; i++) {
        uint32_t slot = random_next(&seed) % 6;
        if (pointers[slot]) {
            for (size_t j = 0; j < sizes[slot]; j++) {
                wrong += pointers[slot][j] != mark;
            }
            cw.release(pointers[slot]);
        }
        sizes[slot] = random_next(&seed) % (i % 8 ? 300 : 9000) + 1;
        pointers[slot] = cw.alloc(sizes[slot]);
        wrong += !pointers[slot] || (uintptr_t)pointers[slot] % 16 != 0;
        if (pointers[slot]) {
            memset(pointers[slot], mark, sizes[slot]);
        }
        if (i % 10 == 0) {
            cw.barrier(0, 0);
        }
    }
    for (int i = 0; i < 6; i++) {
        cw.release(pointers[i]);
    }
    __atomic_fetch_add(&test->wrong, wrong, __ATOMIC_RELAXED);
}

static void exhaust_heap(void *data, const struct cw_cpu_block *block, uint32_t index) {
    struct heap_test *test = data;
    (void)block, (void)index;
    size_t size = (size_t)test->wrong;
    test->total = 0;
    void **last = NULL, **pointer;
    while ((pointer = cw.alloc(size)) != NULL) {
        *pointer = last;
        last = pointer;
        test->total += size;
    }
    while (last) {
        void **next = *last;
        cw.release(last);
        last = next;
    }
}

Test(memory, device_heap) {
    struct bench bench;
    bench_open(&bench, 3);
    cr_assert_eq(cw_backend_cpu.device_limit(bench.device, CW_LIMIT_MALLOC_HEAP, 16 << 20), CW_OK);
    struct heap_test test = {0};
    cr_assert_eq(bench_launch(&bench, (struct launch_shape){.grid = 20, .block = 64}, use_heap, &test), CW_OK, "%s",
                 bench.fault.message);
    cr_assert_eq(test.wrong, 0);
    cr_assert_neq(cw_backend_cpu.device_limit(bench.device, CW_LIMIT_MALLOC_HEAP, 1 << 20), CW_OK);
    static const uint32_t sizes[] = {8, 16, 100, 1000, 2048, 4096, 5000, 100000, 15 << 20};
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
            test.wrong = sizes[i];
            cr_assert_eq(bench_launch(&bench, (struct launch_shape){.grid = 1, .block = 1}, exhaust_heap, &test), CW_OK);
            cr_assert(test.total <= 16 << 20 && test.total >= 7 << 20, "%u: %lu", sizes[i], (unsigned long)test.total);
        }
    }
    bench_close(&bench);
}

Test(memory, device_heap_has_cudas_limit) {
    struct bench bench;
    bench_open(&bench, 1);
    struct heap_test test = {.wrong = 4096};
    cr_assert_eq(bench_launch(&bench, (struct launch_shape){.grid = 1, .block = 1}, exhaust_heap, &test), CW_OK);
    cr_assert_eq(test.total, 8 << 20);
    bench_close(&bench);
}
