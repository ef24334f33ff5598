/* SPDX-License-Identifier: Apache-2.0 */
/* file.c: files and folders. Cleanup never changes the errno of the failure that it follows. */
#include "base/file.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

static cw_status status_of_errno(void) {
    switch (errno) {
    case ENOENT:
        return CW_ERROR_NOT_FOUND;
    case ENOMEM:
        return CW_ERROR_OUT_OF_MEMORY;
    default:
        return CW_ERROR_IO;
    }
}

static void close_keeping_errno(int fd) {
    int saved = errno;
    close(fd);
    errno = saved;
}

static void unlink_keeping_errno(const char *path) {
    int saved = errno;
    unlink(path);
    errno = saved;
}

cw_status cw_file_read(const char *path, struct cw_text *out) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return status_of_errno();
    }
    /* The size is a hint only: files under /proc say 0, and others may grow while they are read. */
    struct stat facts;
    size_t chunk = 65536;
    if (fstat(fd, &facts) == 0 && facts.st_size > 0) {
        chunk = (size_t)facts.st_size + 1;
    }
    size_t start = out->size;
    for (;;) {
        ssize_t got = read(fd, cw_text_reserve(out, chunk), chunk);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            close_keeping_errno(fd);
            out->size = start;
            out->data[start] = '\0';
            return status_of_errno();
        }
        out->size += (size_t)got;
        out->data[out->size] = '\0';
        if (got == 0) {
            break;
        }
        chunk = 65536;
    }
    close(fd);
    return CW_OK;
}

static bool write_all(int fd, const void *data, size_t size) {
    const char *bytes = data;
    while (size > 0) {
        ssize_t put = write(fd, bytes, size);
        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put <= 0) {
            errno = put == 0 ? EIO : errno;
            return false;
        }
        bytes += put;
        size -= (size_t)put;
    }
    return true;
}

/* A device, pipe or socket: it is written to, never replaced by a file. */
static cw_status write_special(const char *path, const void *data, size_t size) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) {
        return status_of_errno();
    }
    if (!write_all(fd, data, size)) {
        close_keeping_errno(fd);
        return status_of_errno();
    }
    return close(fd) == 0 ? CW_OK : status_of_errno();
}

static cw_status write_and_rename(const char *path, const void *data, size_t size, unsigned mode) {
    char *temporary = cw_format("%.*s.cw-XXXXXX", (int)(cw_path_name(path) - path), path);
    cw_status status = CW_OK;
    int fd = mkostemp(temporary, O_CLOEXEC);
    if (fd < 0) {
        status = status_of_errno();
        goto out_free;
    }
    if (fchmod(fd, mode == 0 ? 0644 : (mode_t)mode) != 0 || !write_all(fd, data, size)) {
        close_keeping_errno(fd);
        goto out_unlink;
    }
    if (close(fd) != 0 || rename(temporary, path) != 0) {
        goto out_unlink;
    }
    goto out_free;

out_unlink:
    status = status_of_errno();
    unlink_keeping_errno(temporary);
out_free:
    free(temporary);
    return status;
}

cw_status cw_file_write(const char *path, const void *data, size_t size, unsigned mode) {
    struct stat facts;
    if (stat(path, &facts) != 0) {
        return write_and_rename(path, data, size, mode);
    }
    if (S_ISDIR(facts.st_mode)) {
        errno = EISDIR;
        return CW_ERROR_IO;
    }
    if (!S_ISREG(facts.st_mode)) {
        return write_special(path, data, size);
    }
    /* What a symbolic link points to is replaced, not the link. */
    char *target = realpath(path, NULL);
    if (target == NULL) {
        return status_of_errno();
    }
    cw_status status = write_and_rename(target, data, size, mode);
    free(target);
    return status;
}

static bool is_folder(const char *path) {
    struct stat facts;
    return stat(path, &facts) == 0 && S_ISDIR(facts.st_mode);
}

/* One level. True if the folder is there afterwards, whoever made it. */
static bool make_one(const char *path) {
    if (mkdir(path, 0700) == 0 || (errno == EEXIST && is_folder(path))) {
        return true;
    }
    if (errno == EEXIST) {
        errno = ENOTDIR;
    }
    return false;
}

cw_status cw_folder_make(const char *path) {
    if (is_folder(path)) {
        return CW_OK;
    }
    char *prefix = cw_strdup(path);
    cw_status status = CW_OK;
    for (char *at = prefix; *at != '\0' && status == CW_OK; at++) {
        if (*at == '/' && at != prefix) {
            *at = '\0';
            /* Only the last level's failure counts: a level above may exist and yet not be ours to make or see. */
            make_one(prefix);
            *at = '/';
        }
    }
    if (!make_one(prefix)) {
        status = status_of_errno();
    }
    free(prefix);
    return status;
}

static int remove_one(const char *path, const struct stat *facts, int kind, struct FTW *place) {
    (void)facts;
    (void)kind;
    (void)place;
    remove(path);
    return 0;
}

void cw_folder_remove(const char *path) {
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

char *cw_folder_temporary(const char *prefix) {
    const char *parents[] = {getenv("TMPDIR"), "/tmp"};
    for (size_t i = 0; i < 2; i++) {
        if (parents[i] == NULL || parents[i][0] == '\0') {
            continue;
        }
        char *path = cw_format("%s/%s-XXXXXX", parents[i], prefix);
        if (mkdtemp(path) != NULL) {
            return path;
        }
        int saved = errno;
        free(path);
        errno = saved;
    }
    return NULL;
}

bool cw_file_exists(const char *path) {
    return access(path, F_OK) == 0;
}

bool cw_file_executable(const char *path) {
    struct stat facts;
    return stat(path, &facts) == 0 && S_ISREG(facts.st_mode) && access(path, X_OK) == 0;
}

char *cw_program_find(const char *name) {
    if (name[0] == '\0') {
        return NULL;
    }
    if (strchr(name, '/') != NULL) {
        return cw_file_executable(name) ? cw_strdup(name) : NULL;
    }
    const char *at = getenv("PATH");
    if (at == NULL) {
        at = "/usr/local/bin:/usr/bin:/bin";
    }
    for (;;) {
        size_t length = strcspn(at, ":");
        /* An empty element means the current folder. */
        char *path = length == 0 ? cw_format("./%s", name) : cw_format("%.*s/%s", (int)length, at, name);
        if (cw_file_executable(path)) {
            return path;
        }
        free(path);
        if (at[length] == '\0') {
            return NULL;
        }
        at += length + 1;
    }
}

char *cw_folder_of_symbol(const void *symbol) {
    Dl_info info;
    struct link_map *map = NULL;
    if (dladdr1(symbol, &info, (void **)&map, RTLD_DL_LINKMAP) == 0 || map == NULL) {
        return NULL;
    }
    /* The program itself has no name in the link map; dli_fname would be argv[0], which need not be a path. */
    char *path = realpath(map->l_name[0] == '\0' ? "/proc/self/exe" : map->l_name, NULL);
    if (path == NULL) {
        return NULL;
    }
    size_t length = (size_t)(cw_path_name(path) - path);
    path[length > 1 ? length - 1 : length] = '\0';
    return path;
}

const char *cw_path_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

char *cw_path_beside(const char *path, const char *name) {
    return cw_format("%.*s%s", (int)(cw_path_name(path) - path), path, name);
}

const char *cw_path_extension(const char *path) {
    const char *name = cw_path_name(path);
    const char *dot = strrchr(name, '.');
    return dot == NULL || dot == name ? "" : dot + 1;
}
