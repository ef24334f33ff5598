/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reader.c: the archive's reader on the real archive and on damaged copies of it.
 *
 *     test-math-reader ARCHIVE.cwm
 *
 * A damaged archive must be refused, or, where only a module's bytes are hit, be found out by its checksum; and nothing
 * may read outside the file, for which this test is best run under a sanitizer.
 */
#include "library/math/archive.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static unsigned failures;

static void expect(bool condition, const char *what) {
    if (!condition) {
        failures++;
        printf("failed: %s\n", what);
    }
}

static struct cw_math_archive *open_bytes(const void *bytes, size_t size) {
    char path[] = "/tmp/cw-math-reader-XXXXXX";
    int fd = mkstemp(path);
    if (fd < 0 || write(fd, bytes, size) != (ssize_t)size) {
        perror(path);
        exit(1);
    }
    close(fd);
    errno = 0;
    struct cw_math_archive *archive = cw_math_archive_open(path);
    int problem = errno;
    unlink(path);
    errno = problem;
    return archive;
}

static void whole(const char *path) {
    struct cw_math_archive *archive = cw_math_archive_open(path);
    expect(archive != NULL, "the archive opens");
    if (archive == NULL) {
        return;
    }
    expect(cw_math_archive_intact(archive), "its checksum is right");
    const void *bytes;
    size_t size;
    for (uint32_t i = 0; i < cw_math_archive_count(archive); i++) {
        bool found = cw_math_archive_find(archive, cw_math_archive_name(archive, i), &bytes, &size);
        expect(found && size > 4 && memcmp(bytes, "BC\xc0\xde", 4) == 0, "every function is found, as bitcode");
    }
    expect(cw_math_archive_count(archive) > 300, "it has libdevice's functions");
    expect(!cw_math_archive_find(archive, "__nv_sinff", &bytes, &size), "an unknown name is not found");
    expect(!cw_math_archive_find(archive, "", &bytes, &size), "an empty name is not found");
    cw_math_archive_close(archive);
}

static void damaged(const uint8_t *bytes, size_t size) {
    static const size_t cuts[] = {0, 1, 31, 32, 33, 100, 5000};
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        expect(open_bytes(bytes, cuts[i]) == NULL && errno == EINVAL, "a cut archive is refused");
    }
    expect(open_bytes(bytes, size - 1) == NULL && errno == EINVAL, "an archive that lacks a byte is refused");
    uint8_t *copy = malloc(size);
    if (copy == NULL) {
        exit(1);
    }
    /* Every byte of the directory's first part, then bytes all over. */
    for (size_t at = 0; at < size; at += at < 300 ? 1 : size / 100) {
        memcpy(copy, bytes, size);
        copy[at] ^= 0xff;
        struct cw_math_archive *archive = open_bytes(copy, size);
        if (archive == NULL) {
            continue;
        }
        expect(!cw_math_archive_intact(archive), "a damaged archive has a wrong checksum");
        const void *module;
        size_t module_size;
        for (uint32_t i = 0; i < cw_math_archive_count(archive); i++) {
            cw_math_archive_find(archive, cw_math_archive_name(archive, i), &module, &module_size);
        }
        cw_math_archive_close(archive);
    }
    free(copy);
}

int main(int argc, char **argv) {
    if (argc != 2) {
        return 1;
    }
    whole(argv[1]);
    expect(cw_math_archive_open("/nonexistent/math.cwm") == NULL && errno == ENOENT, "a missing archive says so");
    FILE *file = fopen(argv[1], "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        return 1;
    }
    long size = ftell(file);
    uint8_t *bytes = malloc((size_t)size);
    rewind(file);
    if (bytes == NULL || fread(bytes, 1, (size_t)size, file) != (size_t)size) {
        return 1;
    }
    fclose(file);
    damaged(bytes, (size_t)size);
    free(bytes);
    printf("%u failed\n", failures);
    return failures != 0;
}
