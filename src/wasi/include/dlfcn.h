/* SPDX-License-Identifier: Apache-2.0 */
/* dlfcn.h: WebAssembly programs have no shared objects: nothing is ever found, and dlerror says so. */
#ifndef CW_WASI_DLFCN_H
#define CW_WASI_DLFCN_H

#define RTLD_LAZY 1
#define RTLD_NOW 2
#define RTLD_NOLOAD 4
#define RTLD_GLOBAL 256
#define RTLD_LOCAL 0
#define RTLD_NODELETE 4096
#define RTLD_DEFAULT ((void *)0)
#define RTLD_NEXT ((void *)-1)

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    const char *dli_fname;
    void *dli_fbase;
    const char *dli_sname;
    void *dli_saddr;
} Dl_info;

void *dlopen(const char *path, int flags);
int dlclose(void *library);
void *dlsym(void *library, const char *name);
char *dlerror(void);
int dladdr(const void *address, Dl_info *info);

#ifdef __cplusplus
}
#endif
#endif
