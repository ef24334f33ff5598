/* SPDX-License-Identifier: Apache-2.0 */
/* Embedded containers: an object that a C linker takes, and that registers itself before main. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "compile.h"

/* A program that notes what was registered before its own constructors and before main. */
static const char program[] =
    "#include <stdio.h>\n#include <string.h>\n"
    "static int count; static unsigned long size; static unsigned char id[16]; static const unsigned char *bytes; static int early;\n"
    "void __cw_register_container(const unsigned char *i, const void *b, unsigned long s) {\n"
    "    count++; memcpy(id, i, 16); bytes = b; size = s; }\n"
    "__attribute__((constructor)) static void construct(void) { early = count; }\n"
    "int main(void) {\n"
    "    unsigned long sum = 0; for (unsigned long i = 0; i < size; i++) sum = sum * 31 + bytes[i];\n"
    "    printf(\"%d %d %d %d %lu %lu %d\", count, early, id[0], id[15], size, sum, (int)((unsigned long)bytes % 16));\n"
    "    return 0; }\n";

static void write_file(const char *folder, const char *name, const void *data, size_t size) {
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    cr_assert_not_null(file);
    cr_assert_eq(fwrite(data, 1, size, file), size);
    fclose(file);
}

static void run_program(const char *folder, const char *flags, char *answer, size_t size) {
    char command[1024];
    snprintf(command, sizeof command, "cd %s && cc %s -o p main.c object.o 2>&1 && ./p", folder, flags);
    FILE *pipe = popen(command, "r");
    cr_assert_not_null(pipe);
    answer[fread(answer, 1, size - 1, pipe)] = 0;
    cr_assert_eq(pclose(pipe), 0, "%s", answer);
}

static void check_size(size_t size) {
    static const char *const flags[] = {"", "-O2 -Wl,--gc-sections", "-static-pie", "-no-pie"};
    char folder[] = "/tmp/cw-test-embed-XXXXXX";
    cr_assert_not_null(mkdtemp(folder));
    unsigned char *container = malloc(size + 1);
    unsigned long sum = 0;
    for (size_t i = 0; i < size; i++) {
        container[i] = (unsigned char)(i * 7 + 3);
        sum = sum * 31 + container[i];
    }
    const uint8_t id[16] = {200, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 250};
    const struct cw_compiler_api *api = cw_compiler_api(CW_COMPILER_ABI);
    struct cw_compiler *compiler = api->create();
    struct cw_bytes object, again;
    cr_assert_eq(api->embed(compiler, id, container, size, &object), CW_OK, "%s", api->log(compiler));
    cr_assert_eq(api->embed(compiler, id, container, size, &again), CW_OK);
    cr_assert_eq(object.size, again.size);
    cr_assert_eq(memcmp(object.data, again.data, object.size), 0);

    write_file(folder, "object.o", object.data, object.size);
    write_file(folder, "main.c", program, sizeof program - 1);
    char expected[256], answer[512];
    snprintf(expected, sizeof expected, "1 1 200 250 %zu %lu 0", size, sum);
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        run_program(folder, flags[i], answer, sizeof answer);
        cr_assert_str_eq(answer, expected, "%s", flags[i]);
    }
    static const char *const files[] = {"object.o", "main.c", "p"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char path[256];
        snprintf(path, sizeof path, "%s/%s", folder, files[i]);
        unlink(path);
    }
    rmdir(folder);
    free(object.data);
    free(again.data);
    free(container);
    api->destroy(compiler);
}

Test(embed, small) {
    check_size(77);
}

Test(embed, empty) {
    check_size(0);
}

Test(embed, three_megabytes) {
    check_size(3u << 20);
}
