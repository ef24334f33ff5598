/* SPDX-License-Identifier: Apache-2.0 */
/* cache.c: see cache.h for the layout. Whatever goes wrong is a miss or an entry that is not stored, never an error. */
#include "base/cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/memory.h"

#define HEADER_SIZE 32u
#define MAGIC "CWCACHE1"
#define MAGIC_SIZE 8u
#define LOCK_NAME ".cw-lock"
/* cw_file_write names its temporary files so; a killed writer leaves one behind. */
#define TEMPORARY_PREFIX ".cw-"

static pthread_once_t folder_once = PTHREAD_ONCE_INIT;
static char *folder_path;

static _Thread_local char problem[512];

static void find_folder(void) {
    const char *own = getenv("CUDA_WASM_CACHE_DIR");
    const char *cache = getenv("XDG_CACHE_HOME");
    const char *home = getenv("HOME");
    if (own != NULL && own[0] != '\0') {
        folder_path = cw_strdup(own);
    } else if (cache != NULL && cache[0] == '/') { /* a relative path is to be ignored: XDG Base Directory */
        folder_path = cw_format("%s/cuda-wasm", cache);
    } else if (home != NULL && home[0] == '/') {
        folder_path = cw_format("%s/.cache/cuda-wasm", home);
    } else {
        folder_path = cw_strdup("");
    }
}

const char *cw_cache_folder(void) {
    pthread_once(&folder_once, find_folder);
    return folder_path;
}

const char *cw_cache_problem(void) {
    return problem;
}

static void set_problem(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void set_problem(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(problem, sizeof(problem), format, arguments);
    va_end(arguments);
}

static bool cache_enabled(void) {
    const char *setting = getenv("CUDA_WASM_CACHE");
    return cw_cache_folder()[0] != '\0' && (setting == NULL || strcmp(setting, "0") != 0);
}

static bool word_valid(const char *word) {
    static const char allowed[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-";
    return word[0] != '\0' && word[strspn(word, allowed)] == '\0';
}

/* KEY.KIND in the folder, malloc'd; NULL when there is no cache or a word is not one. */
static char *entry_path(const char *key, const char *kind) {
    if (!cache_enabled() || !word_valid(key) || !word_valid(kind)) {
        return NULL;
    }
    return cw_format("%s/%s.%s", cw_cache_folder(), key, kind);
}

/* Before a put: the folder is there, or the reason why not is set. */
static bool put_possible(const char *key, const char *kind) {
    problem[0] = '\0';
    if (!cache_enabled()) {
        set_problem("%s", cw_cache_folder()[0] == '\0'
                              ? "There is no folder for the cache: neither CUDA_WASM_CACHE_DIR nor HOME is set."
                              : "The cache is switched off by CUDA_WASM_CACHE=0.");
        return false;
    }
    if (!word_valid(key) || !word_valid(kind)) {
        set_problem("'%s.%s' can't name a cache entry.", key, kind);
        return false;
    }
    if (cw_folder_make(cw_cache_folder()) != CW_OK) {
        set_problem("The cache folder %s can't be made: %s.", cw_cache_folder(), strerror(errno));
        return false;
    }
    return true;
}

static void header_write(uint8_t header[HEADER_SIZE], uint64_t size, const uint8_t digest[16]) {
    memcpy(header, MAGIC, MAGIC_SIZE);
    for (unsigned i = 0; i < 8; i++) {
        header[MAGIC_SIZE + i] = (uint8_t)(size >> (8 * i));
    }
    memcpy(header + MAGIC_SIZE + 8, digest, 16);
}

static void header_of(uint8_t header[HEADER_SIZE], const void *data, size_t size) {
    uint8_t digest[16];
    cw_hash128(data, size, digest);
    header_write(header, size, digest);
}

/* ---- Entries of one file ------------------------------------------------------------------------------------- */

bool cw_cache_get(const char *key, const char *kind, struct cw_text *out) {
    char *path = entry_path(key, kind);
    if (path == NULL) {
        return false;
    }
    struct cw_text text = {0};
    bool whole = false;
    if (cw_file_read(path, &text) == CW_OK) {
        if (text.size >= HEADER_SIZE) {
            uint8_t header[HEADER_SIZE];
            header_of(header, text.data + HEADER_SIZE, text.size - HEADER_SIZE);
            whole = memcmp(header, text.data, HEADER_SIZE) == 0;
        }
        if (whole) {
            cw_text_append(out, text.data + HEADER_SIZE, text.size - HEADER_SIZE);
        } else {
            unlink(path);
        }
    }
    cw_text_fini(&text);
    free(path);
    return whole;
}

bool cw_cache_put(const char *key, const char *kind, const void *data, size_t size) {
    if (!put_possible(key, kind)) {
        return false;
    }
    char *path = entry_path(key, kind);
    struct cw_text text = {0};
    uint8_t header[HEADER_SIZE];
    header_of(header, data, size);
    cw_text_append(&text, header, HEADER_SIZE);
    cw_text_append(&text, data, size);
    bool stored = cw_file_write(path, text.data, text.size, 0600) == CW_OK;
    if (!stored) {
        set_problem("%s can't be written: %s.", path, strerror(errno));
    }
    cw_text_fini(&text);
    free(path);
    return stored;
}

/* ---- Executables: KEY.KIND and KEY.sum ----------------------------------------------------------------------- */

/* Takes the folder's lock; -1 when that is impossible, and then nobody can change the folder either. */
static int lock_folder(void) {
    char *path = cw_format("%s/" LOCK_NAME, cw_cache_folder());
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    free(path);
    while (fd >= 0 && flock(fd, LOCK_EX) != 0) {
        if (errno != EINTR) {
            break; /* a file system without locks: the pair may look torn at times, which costs a rebuild */
        }
    }
    return fd;
}

static void unlock_folder(int fd) {
    if (fd >= 0) {
        close(fd);
    }
}

enum pair_state { PAIR_ABSENT, PAIR_WHOLE, PAIR_DAMAGED };

static enum pair_state pair_check(const char *path, const char *sum_path) {
    if (!cw_file_exists(path) || !cw_file_exists(sum_path)) {
        return PAIR_ABSENT;
    }
    enum pair_state state = PAIR_DAMAGED;
    struct cw_text sum = {0};
    struct cw_text text = {0};
    if (cw_file_read(sum_path, &sum) == CW_OK && cw_file_read(path, &text) == CW_OK) {
        uint8_t header[HEADER_SIZE];
        header_of(header, text.data, text.size);
        if (sum.size == HEADER_SIZE && memcmp(sum.data, header, HEADER_SIZE) == 0 && cw_file_executable(path)) {
            state = PAIR_WHOLE;
        }
    }
    cw_text_fini(&sum);
    cw_text_fini(&text);
    return state;
}

char *cw_cache_get_file(const char *key, const char *kind) {
    char *path = entry_path(key, kind);
    if (path == NULL) {
        return NULL;
    }
    char *sum_path = entry_path(key, "sum");
    enum pair_state state = pair_check(path, sum_path);
    if (state == PAIR_DAMAGED) {
        /* Perhaps only seen between a writer's two renames: what is damaged under the lock is damaged. */
        int lock = lock_folder();
        state = pair_check(path, sum_path);
        if (state == PAIR_DAMAGED) {
            unlink(path);
            unlink(sum_path);
        }
        unlock_folder(lock);
    }
    free(sum_path);
    if (state != PAIR_WHOLE) {
        free(path);
        return NULL;
    }
    return path;
}

/* The header goes first: so an executable never lies in the folder without one, and cw_cache_clear knows it. */
static bool pair_put(const char *from, const char *path, const char *sum_path, const struct cw_text *contents) {
    uint8_t header[HEADER_SIZE];
    header_of(header, contents->data, contents->size);
    if (cw_file_write(sum_path, header, HEADER_SIZE, 0600) != CW_OK) {
        return false;
    }
    /* A rename needs no space and no copy; another file system needs both. */
    if (chmod(from, 0700) == 0 && rename(from, path) == 0) {
        return true;
    }
    if (cw_file_write(path, contents->data, contents->size, 0700) == CW_OK) {
        unlink(from);
        return true;
    }
    int saved = errno;
    unlink(sum_path);
    unlink(path);
    errno = saved;
    return false;
}

char *cw_cache_put_file(const char *key, const char *kind, const char *from) {
    if (!put_possible(key, kind)) {
        return NULL;
    }
    char *path = entry_path(key, kind);
    char *sum_path = entry_path(key, "sum");
    struct cw_text contents = {0};
    bool stored = false;
    if (cw_file_read(from, &contents) != CW_OK) {
        set_problem("%s can't be read: %s.", from, strerror(errno));
    } else {
        int lock = lock_folder();
        stored = pair_put(from, path, sum_path, &contents);
        if (!stored) {
            set_problem("%s can't be written: %s.", path, strerror(errno));
        }
        unlock_folder(lock);
    }
    cw_text_fini(&contents);
    free(sum_path);
    if (!stored) {
        free(path);
        return NULL;
    }
    return path;
}

/* ---- The folder as a whole ----------------------------------------------------------------------------------- */

enum file_role { FILE_FOREIGN, FILE_ENTRY, FILE_EXECUTABLE, FILE_SUM, FILE_TEMPORARY };

static bool has_magic(int folder, const char *name) {
    char magic[MAGIC_SIZE];
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0) {
        return false;
    }
    bool ours = read(fd, magic, sizeof(magic)) == (ssize_t)sizeof(magic) && memcmp(magic, MAGIC, sizeof(magic)) == 0;
    close(fd);
    return ours;
}

/* What a file in the folder is. Foreign files stay: the user may have named any folder as the cache. */
static enum file_role classify(int folder, const char *name, uint64_t *size) {
    struct stat facts;
    if (fstatat(folder, name, &facts, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(facts.st_mode)) {
        return FILE_FOREIGN;
    }
    *size = (uint64_t)facts.st_size;
    if (strncmp(name, TEMPORARY_PREFIX, strlen(TEMPORARY_PREFIX)) == 0) {
        return strcmp(name, LOCK_NAME) == 0 ? FILE_FOREIGN : FILE_TEMPORARY;
    }
    const char *dot = strchr(name, '.');
    if (dot == NULL) {
        return FILE_FOREIGN;
    }
    if (has_magic(folder, name)) {
        return strcmp(dot, ".sum") == 0 ? FILE_SUM : FILE_ENTRY;
    }
    char *sum = cw_format("%.*s.sum", (int)(dot - name), name);
    bool executable = has_magic(folder, sum);
    free(sum);
    return executable ? FILE_EXECUTABLE : FILE_FOREIGN;
}

typedef void visit_file(int folder, const char *name, enum file_role role, uint64_t size, void *context);

static void each_file(visit_file *visit, void *context) {
    const char *path = cw_cache_folder();
    DIR *folder = path[0] == '\0' ? NULL : opendir(path);
    if (folder == NULL) {
        return;
    }
    const struct dirent *item;
    while ((item = readdir(folder)) != NULL) {
        uint64_t size = 0;
        enum file_role role = classify(dirfd(folder), item->d_name, &size);
        if (role != FILE_FOREIGN) {
            visit(dirfd(folder), item->d_name, role, size, context);
        }
    }
    closedir(folder);
}

static void measure_one(int folder, const char *name, enum file_role role, uint64_t size, void *context) {
    (void)folder;
    (void)name;
    struct cw_cache_usage *usage = context;
    usage->entries += role == FILE_ENTRY || role == FILE_EXECUTABLE;
    usage->bytes += size;
}

void cw_cache_measure(struct cw_cache_usage *usage) {
    *usage = (struct cw_cache_usage){0};
    each_file(measure_one, usage);
}

struct clearing {
    bool sums; /* headers go in a second round: executables are known by them */
    uint64_t removed;
};

static void clear_one(int folder, const char *name, enum file_role role, uint64_t size, void *context) {
    (void)size;
    struct clearing *clearing = context;
    if ((role == FILE_SUM) == clearing->sums && unlinkat(folder, name, 0) == 0) {
        clearing->removed += role == FILE_ENTRY || role == FILE_EXECUTABLE;
    }
}

uint64_t cw_cache_clear(void) {
    struct clearing clearing = {0};
    if (cw_cache_folder()[0] == '\0' || !cw_file_exists(cw_cache_folder())) {
        return 0;
    }
    int lock = lock_folder();
    each_file(clear_one, &clearing);
    clearing.sums = true;
    each_file(clear_one, &clearing);
    unlock_folder(lock);
    return clearing.removed;
}
