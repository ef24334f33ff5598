/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dlfcn.c: include/dlfcn.h: nothing is ever found, but for one function that the backend looks for when it reports a fault: the C++
 * runtime's that makes kernels' names readable. libc++abi's would be the largest part of many programs; the one here
 * gives the name without its parameters.
 */
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define NAME_MAX_BYTES 512u

static void append(char *text, const char *piece, size_t length) {
    size_t used = strlen(text);
    if (length > NAME_MAX_BYTES - 1 - used) {
        length = NAME_MAX_BYTES - 1 - used;
    }
    memcpy(text + used, piece, length);
    text[used + length] = '\0';
}

/* Itanium C++ ABI, 5.1: _Z NAME, or _Z N NAME... E, where a name is its length and its letters; what follows I are the arguments of
 * a template. Any other name stays as it is. */
static char *readable(const char *name, char *buffer, size_t *size, int *status) {
    static const char anonymous[] = "_GLOBAL__N_1";
    (void)buffer, (void)size, (void)status;
    if (strncmp(name, "_Z", 2) != 0) {
        return NULL;
    }
    const char *at = name + 2;
    at += *at == 'N';
    at += *at == 'L';
    char *text = calloc(1, NAME_MAX_BYTES);
    while (text && *at >= '1' && *at <= '9') {
        char *letters;
        size_t length = strtoul(at, &letters, 10);
        if (length > strlen(letters)) {
            break;
        }
        if (*text) {
            append(text, "::", 2);
        }
        if (length == sizeof anonymous - 1 && memcmp(letters, anonymous, length) == 0) {
            append(text, "(anonymous namespace)", 21);
        } else {
            append(text, letters, length);
        }
        at = letters + length;
    }
    if (text && *text && *at == 'I') {
        append(text, "<...>", 5);
    }
    if (text && !*text) {
        free(text);
        text = NULL;
    }
    return text;
}

void *dlopen(const char *path, int flags) {
    (void)path, (void)flags;
    return NULL;
}

int dlclose(void *library) {
    (void)library;
    return 0;
}

void *dlsym(void *library, const char *name) {
    (void)library;
    return strcmp(name, "__cxa_demangle") == 0 ? (void *)(uintptr_t)readable : NULL;
}

char *dlerror(void) {
    return (char *)(uintptr_t) "WebAssembly programs can't load shared objects";
}

int dladdr(const void *address, Dl_info *info) {
    (void)address, (void)info;
    return 0;
}
