/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of base/cache.h. Each test is a process of its own with a cache folder of its own. */
#include "base/cache.h"

#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "base/file.h"

#define KEY "0123456789abcdef0123456789abcdef"

static char *folder;

static void make_folder(void) {
    folder = cw_folder_temporary("cw-unit");
    cr_assert_not_null(folder);
    char *cache = cw_format("%s/cache", folder);
    setenv("CUDA_WASM_CACHE_DIR", cache, 1);
    unsetenv("CUDA_WASM_CACHE");
    free(cache);
}

static void remove_folder(void) {
    cw_folder_remove(folder);
    free(folder);
}

TestSuite(cache, .init = make_folder, .fini = remove_folder, .timeout = 60);

/* The caller frees it. */
static char *entry(const char *name) {
    return cw_format("%s/%s", cw_cache_folder(), name);
}

static void flip_byte(const char *path, size_t at) {
    struct cw_text text = {0};
    cr_assert_eq(cw_file_read(path, &text), CW_OK);
    text.data[at] = (char)(text.data[at] ^ 1);
    cr_assert_eq(cw_file_write(path, text.data, text.size, 0700), CW_OK);
    cw_text_fini(&text);
}

static void assert_hit(const char *kind, const char *expected) {
    struct cw_text text = {0};
    cr_assert(cw_cache_get(KEY, kind, &text));
    cr_assert_str_eq(cw_text_string(&text), expected);
    cw_text_fini(&text);
}

static void assert_miss(const char *kind) {
    struct cw_text text = {0};
    cw_text_add(&text, "kept");
    cr_assert(!cw_cache_get(KEY, kind, &text));
    cr_assert_str_eq(cw_text_string(&text), "kept");
    cw_text_fini(&text);
}

static unsigned count_files(const char *path) {
    unsigned count = 0;
    DIR *directory = opendir(path);
    while (readdir(directory) != NULL) {
        count++;
    }
    closedir(directory);
    return count - 2; /* "." and ".." */
}

Test(cache, round_trip) {
    assert_miss("module");
    cr_assert(cw_cache_put(KEY, "module", "bytes", 5));
    assert_hit("module", "bytes");
    assert_miss("other");
    cr_assert(cw_cache_put(KEY, "module", "changed", 7));
    assert_hit("module", "changed");
    cr_assert(cw_cache_put(KEY, "empty", NULL, 0));
    assert_hit("empty", "");
    cr_assert_str_eq(cw_cache_problem(), "");
    struct stat facts;
    cr_assert_eq(stat(cw_cache_folder(), &facts), 0);
    cr_assert_eq(facts.st_mode & 0777, 0700);
}

Test(cache, a_torn_entry_is_removed) {
    char *path = entry(KEY ".module");
    struct cw_text whole = {0};
    cr_assert(cw_cache_put(KEY, "module", "some bytes", 10));
    cr_assert_eq(cw_file_read(path, &whole), CW_OK);
    for (size_t size = 0; size < whole.size; size++) {
        cr_assert_eq(cw_file_write(path, whole.data, size, 0), CW_OK);
        assert_miss("module");
        cr_assert(!cw_file_exists(path));
    }
    cw_text_add(&whole, "x");
    cr_assert_eq(cw_file_write(path, whole.data, whole.size, 0), CW_OK);
    assert_miss("module");
    cr_assert(!cw_file_exists(path));
    cw_text_fini(&whole);
    free(path);
}

Test(cache, a_damaged_byte_is_noticed) {
    char *path = entry(KEY ".module");
    for (size_t at = 0; at < 32 + 10; at++) {
        cr_assert(cw_cache_put(KEY, "module", "some bytes", 10));
        flip_byte(path, at);
        assert_miss("module");
        cr_assert(!cw_file_exists(path));
    }
    free(path);
}

static char *put_executable(const char *contents) {
    char *from = cw_format("%s/program", folder);
    cr_assert_eq(cw_file_write(from, contents, strlen(contents), 0644), CW_OK);
    char *path = cw_cache_put_file(KEY, "exe", from);
    free(from);
    return path;
}

Test(cache, executable_round_trip) {
    cr_assert_null(cw_cache_get_file(KEY, "exe"));
    char *put = put_executable("#!/bin/sh\nexit 7\n");
    cr_assert_not_null(put);
    char *got = cw_cache_get_file(KEY, "exe");
    cr_assert_str_eq(got, put);
    cr_assert(cw_file_executable(got));
    int status = system(got);
    cr_assert_eq(WEXITSTATUS(status), 7);
    free(got);
    free(put);
}

Test(cache, a_damaged_executable_is_noticed) {
    char *sum = entry(KEY ".sum");
    for (size_t at = 0; at < 40; at++) {
        char *path = put_executable("12345678");
        cr_assert_not_null(path);
        /* First the 8 bytes of the program, then the 32 of its header. */
        flip_byte(at < 8 ? path : sum, at < 8 ? at : at - 8);
        cr_assert_null(cw_cache_get_file(KEY, "exe"));
        cr_assert(!cw_file_exists(path));
        cr_assert(!cw_file_exists(sum));
        free(path);
    }
    char *path = put_executable("12345678");
    cr_assert_eq(truncate(path, 3), 0);
    cr_assert_null(cw_cache_get_file(KEY, "exe"));
    free(path);
    free(sum);
}

Test(cache, an_executable_without_its_header_is_a_miss) {
    char *sum = entry(KEY ".sum");
    char *path = put_executable("12345678");
    cr_assert_eq(unlink(sum), 0);
    cr_assert_null(cw_cache_get_file(KEY, "exe"));
    free(path);
    path = put_executable("12345678");
    char *got = cw_cache_get_file(KEY, "exe");
    cr_assert_not_null(got);
    free(got);
    free(path);
    free(sum);
}

Test(cache, put_file_of_nothing) {
    cr_assert_null(cw_cache_put_file(KEY, "exe", "/proc/cw-unit-test"));
    cr_assert_str_neq(cw_cache_problem(), "");
}

/* Another file system than the cache's, where a rename is impossible. */
Test(cache, put_file_from_another_file_system) {
    struct stat here, there;
    if (stat("/dev/shm", &there) != 0 || stat(folder, &here) != 0 || here.st_dev == there.st_dev) {
        cr_skip_test("/dev/shm is no other file system here");
    }
    setenv("TMPDIR", "/dev/shm", 1);
    char *other = cw_folder_temporary("cw-unit");
    char *from = cw_format("%s/program", other);
    cr_assert_eq(cw_file_write(from, "12345678", 8, 0), CW_OK);
    char *path = cw_cache_put_file(KEY, "exe", from);
    cr_assert_not_null(path);
    char *got = cw_cache_get_file(KEY, "exe");
    cr_assert_str_eq(got, path);
    cr_assert(!cw_file_exists(from));
    free(got);
    free(path);
    free(from);
    cw_folder_remove(other);
    free(other);
}

/* ---- Many processes ------------------------------------------------------------------------------------------ */

/* Contents that tell a mixture of two writers: one letter throughout, a length of its own. */
static void contents_of(unsigned writer, struct cw_text *out) {
    size_t size = 20000 + 1000 * (size_t)writer;
    memset(cw_text_reserve(out, size), 'a' + (int)writer, size);
    out->size += size;
    out->data[out->size] = '\0';
}

static bool contents_whole(const struct cw_text *text) {
    if (text->size == 0 || text->data[0] < 'a') {
        return false;
    }
    struct cw_text expected = {0};
    contents_of((unsigned)(text->data[0] - 'a'), &expected);
    bool same = expected.size == text->size && memcmp(expected.data, text->data, text->size) == 0;
    cw_text_fini(&expected);
    return same;
}

/* Runs `work` in 6 processes at once; each gives 0 for success. */
static void in_processes(int (*work)(unsigned)) {
    enum { COUNT = 6 };
    pid_t pids[COUNT];
    for (unsigned i = 0; i < COUNT; i++) {
        pids[i] = fork();
        cr_assert_geq(pids[i], 0);
        if (pids[i] == 0) {
            _exit(work(i));
        }
    }
    for (unsigned i = 0; i < COUNT; i++) {
        int status = 0;
        cr_assert_eq(waitpid(pids[i], &status, 0), pids[i]);
        cr_assert_eq(status, 0, "process %u ended with %d", i, status);
    }
}

static int put_and_get(unsigned writer) {
    struct cw_text mine = {0};
    contents_of(writer, &mine);
    for (unsigned round = 0; round < 100; round++) {
        struct cw_text got = {0};
        if (!cw_cache_put(KEY, "module", mine.data, mine.size)) {
            return 1;
        }
        if (!cw_cache_get(KEY, "module", &got)) {
            return 2; /* nobody removes it, so it is always there */
        }
        if (!contents_whole(&got)) {
            return 3;
        }
        cw_text_fini(&got);
    }
    cw_text_fini(&mine);
    return 0;
}

Test(cache, concurrent_writers) {
    in_processes(put_and_get);
    struct cw_text got = {0};
    cr_assert(cw_cache_get(KEY, "module", &got));
    cr_assert(contents_whole(&got));
    cw_text_fini(&got);
    cr_assert_eq(count_files(cw_cache_folder()), 1);
}

/* Writers disagree about the contents, as two links of one program may: what a put returned must stay executable. */
static int put_and_start(unsigned writer) {
    for (unsigned round = 0; round < 40; round++) {
        char *from = cw_format("%s/program-%u", folder, writer);
        struct cw_text script = {0};
        cw_text_printf(&script, "#!/bin/sh\n# %u %u\nexit 7\n", writer, round);
        if (cw_file_write(from, script.data, script.size, 0755) != CW_OK) {
            return 1;
        }
        char *path = cw_cache_put_file(KEY, "exe", from);
        if (path == NULL) {
            return 2;
        }
        char *got = cw_cache_get_file(KEY, "exe");
        if (!cw_file_executable(path)) {
            return 3;
        }
        free(got);
        free(path);
        free(from);
        cw_text_fini(&script);
    }
    return 0;
}

Test(cache, concurrent_executables) {
    in_processes(put_and_start);
    char *got = cw_cache_get_file(KEY, "exe");
    cr_assert_not_null(got);
    free(got);
}

/* ---- Where there is no place --------------------------------------------------------------------------------- */

static void assert_nothing_stored(void) {
    cr_assert(!cw_cache_put(KEY, "module", "bytes", 5));
    cr_assert_str_neq(cw_cache_problem(), "");
    assert_miss("module");
    char *from = cw_format("%s/program", folder);
    cr_assert_eq(cw_file_write(from, "x", 1, 0755), CW_OK);
    cr_assert_null(cw_cache_put_file(KEY, "exe", from));
    cr_assert_str_neq(cw_cache_problem(), "");
    cr_assert(cw_file_exists(from), "the caller still has its file");
    cr_assert_null(cw_cache_get_file(KEY, "exe"));
    struct cw_cache_usage usage;
    cw_cache_measure(&usage);
    cr_assert_eq(usage.entries, 0);
    cr_assert_eq(cw_cache_clear(), 0);
    free(from);
}

Test(cache, no_home) {
    unsetenv("CUDA_WASM_CACHE_DIR");
    unsetenv("XDG_CACHE_HOME");
    unsetenv("HOME");
    cr_assert_str_eq(cw_cache_folder(), "");
    assert_nothing_stored();
}

Test(cache, read_only_home) {
    setenv("CUDA_WASM_CACHE_DIR", "/proc/cw-unit-test", 1);
    assert_nothing_stored();
    cr_assert_not_null(strstr(cw_cache_problem(), "/proc/cw-unit-test"));
}

Test(cache, folder_that_takes_no_files) {
    setenv("CUDA_WASM_CACHE_DIR", "/proc/self", 1);
    assert_nothing_stored();
}

Test(cache, file_in_the_place_of_the_folder) {
    char *path = cw_format("%s/cache", folder);
    cr_assert_eq(cw_file_write(path, "", 0, 0), CW_OK);
    assert_nothing_stored();
    free(path);
}

Test(cache, switched_off) {
    cr_assert(cw_cache_put(KEY, "module", "bytes", 5));
    setenv("CUDA_WASM_CACHE", "0", 1);
    assert_miss("module");
    cr_assert(!cw_cache_put(KEY, "module", "bytes", 5));
    cr_assert_not_null(strstr(cw_cache_problem(), "CUDA_WASM_CACHE=0"));
    setenv("CUDA_WASM_CACHE", "1", 1);
    assert_hit("module", "bytes");
}

Test(cache, full_disk) {
    cr_assert(cw_cache_put(KEY, "module", "old", 3));
    char *large = calloc(1, 100000);
    char *from = cw_format("%s/program", folder);
    cr_assert_eq(cw_file_write(from, large, 100000, 0755), CW_OK);
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit limit = {1000, 1000};
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    cr_assert(!cw_cache_put(KEY, "module", large, 100000));
    cr_assert_str_neq(cw_cache_problem(), "");
    assert_hit("module", "old");
    cr_assert_eq(count_files(cw_cache_folder()), 1, "no temporary file is left");
    cr_assert(cw_cache_put(KEY, "module", "new", 3));
    cr_assert_str_eq(cw_cache_problem(), "");
    free(from);
    free(large);
}

Test(cache, places) {
    unsetenv("CUDA_WASM_CACHE_DIR");
    setenv("XDG_CACHE_HOME", "relative", 1);
    setenv("HOME", "/home/somebody", 1);
    cr_assert_str_eq(cw_cache_folder(), "/home/somebody/.cache/cuda-wasm");
}

Test(cache, place_by_xdg) {
    unsetenv("CUDA_WASM_CACHE_DIR");
    setenv("XDG_CACHE_HOME", "/elsewhere", 1);
    cr_assert_str_eq(cw_cache_folder(), "/elsewhere/cuda-wasm");
}

Test(cache, names_that_would_leave_the_folder) {
    struct cw_text text = {0};
    cr_assert(!cw_cache_put("../x", "module", "a", 1));
    cr_assert(!cw_cache_put(KEY, "a/b", "a", 1));
    cr_assert(!cw_cache_put("", "module", "a", 1));
    cr_assert(!cw_cache_get("../x", "module", &text));
    cr_assert_null(cw_cache_get_file("..", "exe"));
}

/* ---- Measuring and clearing ---------------------------------------------------------------------------------- */

Test(cache, measure_and_clear_leave_foreign_files) {
    struct cw_cache_usage usage;
    cw_cache_measure(&usage);
    cr_assert_eq(usage.entries, 0);
    cr_assert_eq(cw_cache_clear(), 0);

    cr_assert(cw_cache_put(KEY, "module", "bytes", 5));
    free(put_executable("12345678"));
    char *foreign = entry("notes.txt");
    char *torn = entry(".cw-a1b2c3");
    cr_assert_eq(cw_file_write(foreign, "the user's", 10, 0), CW_OK);
    cr_assert_eq(cw_file_write(torn, "half", 4, 0), CW_OK);
    cw_cache_measure(&usage);
    cr_assert_eq(usage.entries, 2);
    cr_assert_eq(usage.bytes, 32 + 5 + 8 + 32 + 4);

    cr_assert_eq(cw_cache_clear(), 2);
    cr_assert(cw_file_exists(foreign));
    cr_assert(!cw_file_exists(torn));
    assert_miss("module");
    cr_assert_null(cw_cache_get_file(KEY, "exe"));
    cw_cache_measure(&usage);
    cr_assert_eq(usage.entries, 0);
    cr_assert_eq(usage.bytes, 0);
    free(foreign);
    free(torn);
}
