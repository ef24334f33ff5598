/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of base/file.h. They may run as root, whom permissions don't stop: failures are forced by /proc, by files in
 * the place of folders, and by limits. */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <criterion/criterion.h>

static char *folder;

static void make_folder(void) {
    folder = cw_folder_temporary("cw-unit");
    cr_assert_not_null(folder);
}

static void remove_folder(void) {
    cw_folder_remove(folder);
    cr_assert(!cw_file_exists(folder));
    free(folder);
}

TestSuite(file, .init = make_folder, .fini = remove_folder);

/* Borrowed until the next call. */
static const char *in_folder(const char *name) {
    static struct cw_text path;
    cw_text_clear(&path);
    cw_text_printf(&path, "%s/%s", folder, name);
    return cw_text_string(&path);
}

static unsigned count_files(void) {
    unsigned count = 0;
    DIR *directory = opendir(folder);
    while (readdir(directory) != NULL) {
        count++;
    }
    closedir(directory);
    return count - 2; /* "." and ".." */
}

static void assert_contents(const char *path, const char *expected) {
    struct cw_text text = {0};
    cr_assert_eq(cw_file_read(path, &text), CW_OK);
    cr_assert_str_eq(cw_text_string(&text), expected);
    cw_text_fini(&text);
}

Test(file, write_then_read) {
    const char *path = in_folder("a");
    cr_assert_eq(cw_file_write(path, "one\0two", 7, 0), CW_OK);
    struct cw_text text = {0};
    cw_text_add(&text, "before ");
    cr_assert_eq(cw_file_read(path, &text), CW_OK);
    cr_assert_eq(text.size, 14);
    cr_assert_eq(memcmp(text.data, "before one\0two", 15), 0);
    cw_text_fini(&text);
    struct stat facts;
    cr_assert_eq(stat(path, &facts), 0);
    cr_assert_eq(facts.st_mode & 07777, 0644);
    cr_assert_eq(count_files(), 1);
}

Test(file, write_replaces_and_sets_the_mode) {
    const char *path = in_folder("a");
    cr_assert_eq(cw_file_write(path, "first, longer", 13, 0), CW_OK);
    cr_assert_eq(cw_file_write(path, "second", 6, 0755), CW_OK);
    assert_contents(path, "second");
    cr_assert(cw_file_executable(path));
    cr_assert_eq(cw_file_write(path, NULL, 0, 0), CW_OK);
    assert_contents(path, "");
    cr_assert(!cw_file_executable(path));
}

Test(file, readers_keep_the_old_file) {
    const char *path = in_folder("a");
    cr_assert_eq(cw_file_write(path, "old", 3, 0), CW_OK);
    int fd = open(path, O_RDONLY);
    cr_assert_eq(cw_file_write(path, "new", 3, 0), CW_OK);
    char bytes[4] = {0};
    cr_assert_eq(read(fd, bytes, 3), 3);
    close(fd);
    cr_assert_str_eq(bytes, "old");
    assert_contents(path, "new");
}

Test(file, write_follows_a_link_to_its_file) {
    char *target = strdup(in_folder("target"));
    cr_assert_eq(cw_file_write(target, "old", 3, 0), CW_OK);
    const char *link = in_folder("link");
    cr_assert_eq(symlink("target", link), 0);
    cr_assert_eq(cw_file_write(link, "new", 3, 0), CW_OK);
    struct stat facts;
    cr_assert_eq(lstat(link, &facts), 0);
    cr_assert(S_ISLNK(facts.st_mode));
    assert_contents(target, "new");
    free(target);
}

Test(file, devices_are_written_to_and_not_replaced) {
    cr_assert_eq(cw_file_write("/dev/null", "gone", 4, 0), CW_OK);
    cr_assert_eq(cw_file_write("/dev/full", "x", 1, 0), CW_ERROR_IO);
    cr_assert_eq(errno, ENOSPC);
    struct stat facts;
    cr_assert_eq(stat("/dev/null", &facts), 0);
    cr_assert(S_ISCHR(facts.st_mode));
    cr_assert_eq(stat("/dev/full", &facts), 0);
    cr_assert(S_ISCHR(facts.st_mode));
}

Test(file, a_failed_write_leaves_the_old_file_and_no_other) {
    const char *path = in_folder("a");
    cr_assert_eq(cw_file_write(path, "old", 3, 0), CW_OK);
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit limit = {1000, 1000};
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    char *large = calloc(1, 5000);
    cr_assert_eq(cw_file_write(path, large, 5000, 0), CW_ERROR_IO);
    cr_assert_eq(errno, EFBIG);
    free(large);
    assert_contents(path, "old");
    cr_assert_eq(count_files(), 1);
}

Test(file, write_where_nobody_can) {
    cr_assert_neq(cw_file_write("/proc/cw-unit-test", "x", 1, 0), CW_OK);
    cr_assert_eq(cw_file_write(in_folder("absent/a"), "x", 1, 0), CW_ERROR_NOT_FOUND);
    cr_assert_eq(cw_file_write(folder, "x", 1, 0), CW_ERROR_IO);
    cr_assert_eq(errno, EISDIR);
    cr_assert_eq(cw_file_write(in_folder("a"), "x", 1, 0), CW_OK);
    cr_assert_eq(cw_file_write(in_folder("a/b"), "x", 1, 0), CW_ERROR_IO);
    cr_assert_eq(errno, ENOTDIR);
    cr_assert_eq(count_files(), 1);
}

Test(file, read_failures_leave_the_text_alone) {
    struct cw_text text = {0};
    cr_assert_eq(cw_file_read(in_folder("absent"), &text), CW_ERROR_NOT_FOUND);
    cw_text_add(&text, "kept");
    cr_assert_eq(cw_file_read(folder, &text), CW_ERROR_IO);
    cr_assert_eq(errno, EISDIR);
    cr_assert_str_eq(cw_text_string(&text), "kept");
    cw_text_fini(&text);
}

Test(file, read_of_a_file_that_claims_no_size) {
    struct cw_text text = {0};
    cr_assert_eq(cw_file_read("/proc/self/status", &text), CW_OK);
    cr_assert_not_null(strstr(cw_text_string(&text), "Name:"));
    cw_text_fini(&text);
}

Test(file, folder_make) {
    const char *path = in_folder("a/b//c/");
    cr_assert_eq(cw_folder_make(path), CW_OK);
    cr_assert_eq(cw_folder_make(path), CW_OK);
    struct stat facts;
    cr_assert_eq(stat(in_folder("a/b"), &facts), 0);
    cr_assert_eq(facts.st_mode & 0777, 0700);
    cr_assert_eq(cw_file_write(in_folder("f"), "", 0, 0), CW_OK);
    cr_assert_neq(cw_folder_make(in_folder("f")), CW_OK);
    cr_assert_eq(errno, ENOTDIR);
    cr_assert_neq(cw_folder_make(in_folder("f/g")), CW_OK);
    cr_assert_neq(cw_folder_make("/proc/cw-unit-test/a"), CW_OK);
}

Test(file, folder_remove_does_not_follow_links) {
    char *outside = cw_folder_temporary("cw-unit-outside");
    char *kept = cw_format("%s/kept", outside);
    cr_assert_eq(cw_file_write(kept, "", 0, 0), CW_OK);
    cr_assert_eq(cw_folder_make(in_folder("tree/deep")), CW_OK);
    cr_assert_eq(symlink(outside, in_folder("tree/deep/link")), 0);
    cw_folder_remove(in_folder("tree"));
    cr_assert(!cw_file_exists(in_folder("tree")));
    cr_assert(cw_file_exists(kept));
    cw_folder_remove(outside);
    cw_folder_remove(outside);
    cr_assert(!cw_file_exists(kept));
    free(kept);
    free(outside);
}

Test(file, temporary_folders_differ_and_fall_back) {
    char *first = cw_folder_temporary("cw-unit");
    setenv("TMPDIR", "/proc/cw-unit-test", 1);
    char *second = cw_folder_temporary("cw-unit");
    cr_assert_not_null(first);
    cr_assert_not_null(second);
    cr_assert_eq(strncmp(second, "/tmp/cw-unit-", 13), 0);
    cr_assert_str_neq(first, second);
    cw_folder_remove(first);
    cw_folder_remove(second);
    free(first);
    free(second);
}

Test(file, program_find) {
    char *shell = cw_program_find("sh");
    cr_assert_not_null(shell);
    cr_assert(cw_file_executable(shell));
    free(shell);
    cr_assert_null(cw_program_find("cw-no-such-program"));
    cr_assert_null(cw_program_find(""));

    cr_assert_eq(cw_file_write(in_folder("tool"), "", 0, 0), CW_OK);
    cr_assert_null(cw_program_find(in_folder("tool")));
    cr_assert_eq(chmod(in_folder("tool"), 0755), 0);
    char *found = cw_program_find(in_folder("tool"));
    cr_assert_str_eq(found, in_folder("tool"));
    free(found);

    /* A folder of that name is not a program; an empty element is the current folder. */
    char *path = cw_format("%s/none:/proc:%s", folder, folder);
    setenv("PATH", path, 1);
    cr_assert_null(cw_program_find("self"));
    found = cw_program_find("tool");
    cr_assert_str_eq(found, in_folder("tool"));
    free(found);
    free(path);
    setenv("PATH", "/none:", 1);
    cr_assert_eq(chdir(folder), 0);
    found = cw_program_find("tool");
    cr_assert_str_eq(found, "./tool");
    free(found);
    cr_assert_eq(chdir("/"), 0);
}

Test(file, folder_of_symbol) {
    char program[4096];
    ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);
    cr_assert_gt(length, 0);
    program[length] = '\0';
    char *here = cw_folder_of_symbol((const void *)(uintptr_t)&cw_file_read);
    cr_assert_not_null(here);
    cr_assert_eq(strncmp(program, here, strlen(here)), 0);
    cr_assert_eq(program[strlen(here)], '/');
    free(here);
    char *library = cw_folder_of_symbol((const void *)(uintptr_t)&criterion_options);
    cr_assert_not_null(library);
    free(library);
    int local = 0;
    cr_assert_null(cw_folder_of_symbol(&local));
}

Test(file, parts_of_paths) {
    cr_assert_str_eq(cw_path_name("/a/b.c"), "b.c");
    cr_assert_str_eq(cw_path_name("b"), "b");
    cr_assert_str_eq(cw_path_name("a/"), "");
    cr_assert_str_eq(cw_path_extension("/a.b/c"), "");
    cr_assert_str_eq(cw_path_extension("x.tar.gz"), "gz");
    cr_assert_str_eq(cw_path_extension(".profile"), "");
    cr_assert_str_eq(cw_path_extension("a."), "");
}
