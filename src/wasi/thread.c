/* SPDX-License-Identifier: Apache-2.0 */
/* thread.c: pthread.h's values of a thread, for the form with one thread, and dlfcn.h. */
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>

#define KEYS 32u

static const void *values[KEYS];
static uint32_t used;

int pthread_key_create(pthread_key_t *key, void (*destructor)(void *)) {
    (void)destructor;
    if (used == KEYS) {
        return EAGAIN;
    }
    *key = used++;
    return 0;
}

int pthread_setspecific(pthread_key_t key, const void *value) {
    values[key % KEYS] = value;
    return 0;
}

void *pthread_getspecific(pthread_key_t key) {
    return (void *)(uintptr_t)values[key % KEYS];
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
