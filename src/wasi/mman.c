/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mman.c: the anonymous mappings that the runtime makes (sys/mman.h), of linear memory: zeroed blocks of the C heap. Nothing is
 * reserved without being taken, nothing can be protected, and only what was mapped as a whole can be unmapped.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define PAGE 4096u

void *mmap(void *address, size_t size, int protection, int flags, int file, off_t offset) {
    (void)protection, (void)offset;
    if (address || file >= 0 || !(flags & MAP_ANONYMOUS) || size == 0 || size > SIZE_MAX - PAGE) {
        errno = ENOTSUP;
        return MAP_FAILED;
    }
    size_t whole = (size + PAGE - 1) & ~(size_t)(PAGE - 1);
    void *memory = aligned_alloc(PAGE, whole);
    if (!memory) {
        errno = ENOMEM;
        return MAP_FAILED;
    }
    return memset(memory, 0, whole);
}

int munmap(void *address, size_t size) {
    (void)size;
    free(address);
    return 0;
}

int mprotect(void *address, size_t size, int protection) {
    (void)address, (void)size, (void)protection;
    return 0;
}

int madvise(void *address, size_t size, int advice) {
    (void)address, (void)size, (void)advice;
    return 0;
}

/* A file of memory, to be shared: there is nobody to share with. */
int memfd_create(const char *name, unsigned flags);
int memfd_create(const char *name, unsigned flags) {
    (void)name, (void)flags;
    errno = ENOSYS;
    return -1;
}
