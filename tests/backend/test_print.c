/* SPDX-License-Identifier: Apache-2.0 */
/* Device printf: formats against the C library's, the packing of arguments, and the buffer. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend/cpu/backend.h"
#include "harness.h"

struct call {
    const char *format;
    char packed[128];
    size_t size;
    int result;
};

static void pack(struct call *call, const void *value, size_t size) {
    call->size = (call->size + size - 1) & ~(size - 1);
    memcpy(call->packed + call->size, value, size);
    call->size += size;
}

#define PACK(call, type, ...)                                                                                          \
    do {                                                                                                               \
        type value_ = (__VA_ARGS__);                                                                                   \
        pack(call, &value_, sizeof value_);                                                                            \
    } while (0)

static void print_once(void *data, const struct cw_cpu_block *block, uint32_t index) {
    struct call *call = data;
    (void)block, (void)index;
    call->result = (int)cw.print(call->format, call->packed);
}

static int saved_stdout;
static FILE *captured;

static void capture_start(void) {
    fflush(stdout);
    saved_stdout = dup(1);
    captured = tmpfile();
    dup2(fileno(captured), 1);
}

/* What stdout got since; malloc'd. */
static char *capture_end(void) {
    fflush(stdout);
    dup2(saved_stdout, 1);
    close(saved_stdout);
    long size = lseek(fileno(captured), 0, SEEK_END);
    char *text = calloc(1, (size_t)size + 1);
    cr_assert_eq(pread(fileno(captured), text, (size_t)size, 0), size);
    fclose(captured);
    return text;
}

static void expect(struct bench *bench, struct call *call, int result, const char *text) {
    capture_start();
    cw_status status = bench_launch(bench, (struct launch_shape){.grid = 1, .block = 1}, print_once, call);
    cw_backend_cpu.output_flush(bench->device);
    char *got = capture_end();
    cr_assert_eq(status, CW_OK);
    cr_assert_str_eq(got, text, "format `%s`: `%s`, not `%s`", call->format, got, text);
    cr_assert_eq(call->result, result, "format `%s` gave %d", call->format, call->result);
    free(got);
}

#define EXPECT_ONE(format_text, type, ...)                                                                             \
    do {                                                                                                               \
        struct call call_ = {.format = format_text};                                                                   \
        char text_[512];                                                                                               \
        PACK(&call_, type, __VA_ARGS__);                                                                               \
        snprintf(text_, sizeof text_, format_text, (type)(__VA_ARGS__));                                               \
        expect(&bench, &call_, 1, text_);                                                                              \
    } while (0)

Test(print, formats_as_the_c_library) {
    struct bench bench;
    bench_open(&bench, 1);
    EXPECT_ONE("%d", int, -42);
    EXPECT_ONE("[%-8i] tail", int, 17);
    EXPECT_ONE("%+05d%%", int, 17);
    EXPECT_ONE("% d", int, 17);
    EXPECT_ONE("%u", unsigned, 4000000000u);
    EXPECT_ONE("%#x", unsigned, 0xbeef);
    EXPECT_ONE("%08X", unsigned, 0xbeef);
    EXPECT_ONE("%#o", unsigned, 8);
    EXPECT_ONE("%.5d", int, 42);
    EXPECT_ONE("%ld", long, -5000000000);
    EXPECT_ONE("%lld", long long, -5000000000);
    EXPECT_ONE("%llu", unsigned long long, 18000000000000000000u);
    EXPECT_ONE("%lx", unsigned long, 0x123456789abcul);
    EXPECT_ONE("%zu", size_t, 5000000000u);
    EXPECT_ONE("%hd", short, -3);
    EXPECT_ONE("%hhu", unsigned char, 250);
    EXPECT_ONE("%c", int, 'q');
    EXPECT_ONE("%5c|", int, 'q');
    EXPECT_ONE("%f", double, 3.14159);
    EXPECT_ONE("%10.3f|", double, -2.5);
    EXPECT_ONE("%-10.1f|", double, 2.25);
    EXPECT_ONE("%e", double, 12345.678);
    EXPECT_ONE("%.2E", double, 12345.678);
    EXPECT_ONE("%g", double, 1e-10);
    EXPECT_ONE("%G", double, 1e20);
    EXPECT_ONE("%a", double, 1.5);
    EXPECT_ONE("%F", double, INFINITY);
    EXPECT_ONE("%f", double, 1e300);
    EXPECT_ONE("%s", const char *, "text");
    EXPECT_ONE("%10s|", const char *, "text");
    EXPECT_ONE("%-10.2s|", const char *, "text");
    EXPECT_ONE("%p", void *, (void *)0x1234);
    bench_close(&bench);
}

Test(print, packs_arguments_at_their_alignment) {
    struct bench bench;
    bench_open(&bench, 1);
    struct call call = {.format = "%d %f %c %lld %s %d%%\n"};
    PACK(&call, int, 1);
    PACK(&call, double, 2.5);
    PACK(&call, int, 'c');
    PACK(&call, long long, 1ll << 40);
    PACK(&call, const char *, "end");
    PACK(&call, int, 6);
    expect(&bench, &call, 6, "1 2.500000 c 1099511627776 end 6%\n");
    struct call stars = {.format = "[%*d] [%-*.*f] [%.*s] [%*d]"};
    PACK(&stars, int, 5);
    PACK(&stars, int, 42);
    PACK(&stars, int, 8);
    PACK(&stars, int, 2);
    PACK(&stars, double, 1.239);
    PACK(&stars, int, -1);
    PACK(&stars, const char *, "all");
    PACK(&stars, int, -4);
    PACK(&stars, int, 7);
    expect(&bench, &stars, 9, "[   42] [1.24    ] [all] [7   ]");
    struct call none = {.format = "just text\n"};
    expect(&bench, &none, 0, "just text\n");
    bench_close(&bench);
}

Test(print, malformed_formats_give_minus_one) {
    struct bench bench;
    bench_open(&bench, 1);
    static const char *const formats[] = {"%", "%y", "%5", "%l", "%ls", "%n", "%hf", "%99999999d", "a %d %"};
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        struct call call = {.format = formats[i]};
        expect(&bench, &call, -1, "");
    }
    struct call call = {.format = NULL};
    expect(&bench, &call, -1, "");
    bench_close(&bench);
}

static void print_lines(void *data, const struct cw_cpu_block *block, uint32_t index) {
    (void)data;
    uint32_t packed[2] = {block->block_idx[0], index};
    cr_assert_eq(cw.print("block %u thread %04u says something\n", packed), 2);
}

Test(print, loses_no_lines_and_mixes_none) {
    struct bench bench;
    bench_open(&bench, 3);
    cr_assert_eq(cw_backend_cpu.device_limit(bench.device, CW_LIMIT_PRINTF_FIFO, 3000), CW_OK);
    capture_start();
    cr_assert_eq(bench_launch(&bench, (struct launch_shape){.grid = 90, .block = 64}, print_lines, NULL), CW_OK);
    cw_backend_cpu.output_flush(bench.device);
    char *text = capture_end();
    static uint8_t seen[90][64];
    size_t lines = 0;
    for (char *line = text; *line; lines++) {
        unsigned block, thread;
        int length = 0;
        cr_assert_eq(sscanf(line, "block %u thread %u says something%n", &block, &thread, &length), 2);
        cr_assert(block < 90 && thread < 64 && line[length] == '\n');
        cr_assert_eq(seen[block][thread]++, 0);
        line += length + 1;
    }
    cr_assert_eq(lines, 90 * 64);
    free(text);
    bench_close(&bench);
}

static void print_long(void *data, const struct cw_cpu_block *block, uint32_t index) {
    (void)block, (void)index;
    const void *packed[1] = {data};
    cw.print("<%s>", packed);
}

Test(print, texts_may_be_long) {
    struct bench bench;
    bench_open(&bench, 1);
    char *text = malloc(3000001);
    memset(text, 'x', 3000000);
    text[3000000] = '\0';
    capture_start();
    cr_assert_eq(bench_launch(&bench, (struct launch_shape){.grid = 1, .block = 1}, print_long, text), CW_OK);
    cw_backend_cpu.output_flush(bench.device);
    char *got = capture_end();
    cr_assert_eq(strlen(got), 3000002);
    cr_assert_eq(strspn(got + 1, "x"), 3000000);
    free(got);
    free(text);
    bench_close(&bench);
}
