/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A manifest is text. First line: "cuda-wasm manifest 1 KEY", KEY the result's. Then a line a file:
 *
 *     f SIZE SECONDS NANOSECONDS HASH PATH    a file of the user's: equal size and time, or else equal contents
 *     s SIZE SECONDS NANOSECONDS - PATH       a file of the system's or of ours: equal size and time
 *     t SIZE SECONDS NANOSECONDS - PATH       a tool: as 's', but it may be gone, since running doesn't need it
 *
 * File systems stamp with a clock that ticks every few milliseconds: a file that was changed just before the manifest was
 * written may change again without a new time. Such a file is recorded with time 0, and so its contents are compared.
 */
#include "frontend/cuda/manifest.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cache.h"
#include "base/file.h"
#include "base/hash.h"

#define MAGIC "cuda-wasm manifest 1 "
#define RACY_NS 50000000ll

/* ---- Files ---- */

struct file_state {
    long long size, seconds, nanoseconds;
};

static bool file_state(const char *path, struct file_state *state) {
    struct stat st;
    if (stat(path, &st) != 0) {
        return false;
    }
    *state = (struct file_state){st.st_size, st.st_mtim.tv_sec, st.st_mtim.tv_nsec};
    return true;
}

static bool file_hash(const char *path, char hex[33]) {
    struct cw_text text = {0};
    bool read = cw_file_read(path, &text) == CW_OK;
    if (read) {
        uint8_t digest[16];
        cw_hash128(text.data, text.size, digest);
        cw_hash_hex(digest, hex);
    }
    cw_text_fini(&text);
    return read;
}

/* Files that packages install change their time with their contents. */
static bool is_installed(const char *path, const struct cw_layout *layout) {
    size_t prefix = strlen(layout->prefix);
    return strncmp(path, "/usr/", 5) == 0 || strncmp(path, "/lib", 4) == 0 ||
           (strncmp(path, layout->prefix, prefix) == 0 && path[prefix] == '/');
}

/* ---- Looking up ---- */

/* Cuts the next word, up to `end`, out of a line. */
static char *next_word(char **at, char end) {
    char *word = *at;
    char *stop = strchr(word, end);
    if (!stop) {
        return NULL;
    }
    *stop = '\0';
    *at = stop + 1;
    return word;
}

/* True if the file that a manifest line describes is as it was. */
static bool line_holds(char *line) {
    char *kind = next_word(&line, ' ');
    char *size = kind ? next_word(&line, ' ') : NULL;
    char *seconds = size ? next_word(&line, ' ') : NULL;
    char *nanoseconds = seconds ? next_word(&line, ' ') : NULL;
    char *hash = nanoseconds ? next_word(&line, ' ') : NULL;
    struct file_state state;
    char hex[33];
    if (!hash) {
        return false;
    }
    if (!file_state(line, &state)) {
        return *kind == 't';
    }
    if (state.size != atoll(size)) {
        return false;
    }
    if (state.seconds == atoll(seconds) && state.nanoseconds == atoll(nanoseconds)) {
        return true;
    }
    return *kind == 'f' && file_hash(line, hex) && strcmp(hex, hash) == 0;
}

/* Cuts a manifest up. The key of its result if all its files are as they were, else NULL. */
static const char *check_manifest(char *manifest) {
    if (!manifest || strncmp(manifest, MAGIC, sizeof MAGIC - 1) != 0) {
        return NULL;
    }
    char *at = manifest + sizeof MAGIC - 1;
    const char *result = next_word(&at, '\n');
    while (result && *at) {
        char *line = next_word(&at, '\n');
        if (!line || !line_holds(line)) {
            return NULL;
        }
    }
    return result;
}

char *cw_manifest_find(const char key[33], const char *kind) {
    struct cw_text text = {0};
    char *path = NULL;
    if (cw_cache_get(key, "manifest", &text)) {
        const char *result = check_manifest(text.data);
        path = result ? cw_cache_get_file(result, kind) : NULL;
    }
    cw_text_fini(&text);
    return path;
}

bool cw_manifest_holds_beside(const char key[33], const char *path) {
    struct cw_text text = {0};
    char *manifest = cw_format("%s.manifest", path);
    bool holds = false;
    if (cw_file_exists(path) && cw_file_read(manifest, &text) == CW_OK) {
        const char *result = check_manifest(text.data);
        holds = result && strcmp(result, key) == 0;
    }
    cw_text_fini(&text);
    free(manifest);
    return holds;
}

/* ---- Storing ---- */

static int compare_strings(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool later(const struct timespec *a, const struct file_state *b) {
    return b->seconds > a->tv_sec || (b->seconds == a->tv_sec && b->nanoseconds > a->tv_nsec);
}

/* Adds a line. False when the file can't be vouched for: it is gone, or changed while it was read. */
static bool add_line(struct cw_text *out, char kind, const char *path, const struct timespec *start,
                     const struct timespec *now) {
    struct file_state state;
    char hex[33] = "-";
    if (!file_state(path, &state)) {
        return kind == 't';
    }
    if (strchr(path, '\n') || (kind != 't' && later(start, &state))) {
        return false;
    }
    if (kind == 'f' && !file_hash(path, hex)) {
        return false;
    }
    long long age = (now->tv_sec - state.seconds) * 1000000000ll + now->tv_nsec - state.nanoseconds;
    if (kind == 'f' && age < RACY_NS) {
        state.seconds = state.nanoseconds = 0;
    }
    cw_text_printf(out, "%c %lld %lld %lld %s %s\n", kind, state.size, state.seconds, state.nanoseconds, hex, path);
    return true;
}

/* The manifest's lines. False when a file can't be vouched for. `beside`: the result; what lies in its folder are
 * intermediate files, which are no inputs of anything that lasts. */
static bool describe(struct cw_text *lines, const struct cw_manifest_inputs *inputs, const char *beside) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    for (const char *const *tool = inputs->tools; *tool; tool++) {
        if (!add_line(lines, 't', *tool, &inputs->start, &now)) {
            return false;
        }
    }
    size_t count = inputs->files->count, folder = (size_t)(cw_path_name(beside) - beside);
    char **sorted = cw_alloc_array(count + 1, sizeof *sorted);
    memcpy(sorted, inputs->files->items, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare_strings);
    bool complete = true;
    for (size_t i = 0; i < count && complete; i++) {
        bool repeated = i > 0 && strcmp(sorted[i], sorted[i - 1]) == 0;
        if (!repeated && strncmp(sorted[i], beside, folder) != 0) {
            char kind = is_installed(sorted[i], inputs->layout) ? 's' : 'f';
            complete = add_line(lines, kind, sorted[i], &inputs->start, &now);
        }
    }
    free(sorted);
    return complete;
}

/* What the result is made of: the files' contents, not their times. */
static void result_key(char hex[33], const char key[33], const char *lines) {
    struct cw_hash hash;
    uint8_t digest[16];
    cw_hash_init(&hash);
    cw_hash_string(&hash, key);
    while (*lines) {
        size_t size = strcspn(lines, "\n");
        const char *words = lines;
        if (*lines == 'f') { /* skip the time: blank 2 to blank 4 */
            int blanks = 0;
            for (; words < lines + size && blanks < 4; words++) {
                blanks += *words == ' ';
            }
        }
        cw_hash_bytes(&hash, words, (size_t)(lines + size - words));
        lines += size + (lines[size] == '\n');
    }
    cw_hash_finish(&hash, digest);
    cw_hash_hex(digest, hex);
}

char *cw_manifest_store(const char key[33], const char *kind, const char *path, const struct cw_manifest_inputs *inputs,
                        struct cw_text *problem) {
    struct cw_text lines = {0}, text = {0};
    char *stored = NULL;
    if (!describe(&lines, inputs, path)) {
        cw_text_add(problem, "A source changed while it was compiled.");
        goto out;
    }
    char result[33];
    result_key(result, key, cw_text_string(&lines));
    stored = cw_cache_put_file(result, kind, path);
    if (stored) {
        cw_text_printf(&text, MAGIC "%s\n", result);
        cw_text_append(&text, lines.data, lines.size);
        (void)cw_cache_put(key, "manifest", text.data, text.size); /* without it the next run compiles again */
    } else {
        cw_text_add(problem, cw_cache_problem());
    }
out:
    cw_text_fini(&lines);
    cw_text_fini(&text);
    return stored;
}

cw_status cw_manifest_write_beside(const char key[33], const char *path, const struct cw_manifest_inputs *inputs) {
    struct cw_text text = {0};
    char *manifest = cw_format("%s.manifest", path);
    cw_text_printf(&text, MAGIC "%s\n", key);
    cw_status status = CW_ERROR_IO;
    if (describe(&text, inputs, path)) {
        status = cw_file_write(manifest, text.data, text.size, 0);
    }
    cw_text_fini(&text);
    free(manifest);
    return status;
}
