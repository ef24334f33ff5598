/* SPDX-License-Identifier: Apache-2.0 */
/* dlfcn.c: include/dlfcn.h: nothing is ever found. */
#include <dlfcn.h>
#include <stdint.h>
#include <stddef.h>

void *dlopen(const char *path, int flags) {
    (void)path, (void)flags;
    return NULL;
}

int dlclose(void *library) {
    (void)library;
    return 0;
}

void *dlsym(void *library, const char *name) {
    (void)library, (void)name;
    return NULL;
}

char *dlerror(void) {
    return (char *)(uintptr_t) "WebAssembly programs can't load shared objects";
}

int dladdr(const void *address, Dl_info *info) {
    (void)address, (void)info;
    return 0;
}
