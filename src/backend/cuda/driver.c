/* SPDX-License-Identifier: Apache-2.0 */
/*
 * driver.c: finding and opening NVIDIA's libcuda.so.1.
 *
 * This project has a libcuda.so.1 of its own for programs of the driver API, which may be in the process already and
 * may be what the loader finds by that name. So the vendor's is opened by its full path, in the folders where drivers are
 * installed, and one that has our mark is left alone. It binds its own symbols first (RTLD_DEEPBIND), so that ours of the
 * same names are none of its business; the sanitizers' runtimes forbid that flag.
 *
 * Without the kernel's driver there is nothing to open: then probing is a look at two device files.
 */
#include "backend/cuda/driver.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LIBRARY "libcuda.so.1"
#define OUR_MARK "cw_last_error_detail" /* exported by our runtime, which our libcuda.so.1 needs */

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define FLAGS (RTLD_NOW | RTLD_LOCAL)
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define FLAGS (RTLD_NOW | RTLD_LOCAL)
#endif
#endif
#ifndef FLAGS
#define FLAGS (RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND)
#endif

static struct cw_cuda_driver driver;
static bool usable;
static char problem[512];
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* NULL when the file isn't there, is no library for this process, or is ours. */
static void *open_vendor(const char *folder) {
    char path[1024];
    int length = snprintf(path, sizeof path, "%s/" LIBRARY, folder);
    if (length < 0 || (size_t)length >= sizeof path || access(path, R_OK) != 0) {
        return NULL;
    }
    void *library = dlopen(path, FLAGS);
    if (library && dlsym(library, OUR_MARK)) {
        dlclose(library);
        return NULL;
    }
    return library;
}

static void *open_listed(const char *list) {
    char folder[1024];
    void *library = NULL;
    while (list && *list && !library) {
        size_t length = strcspn(list, ":");
        if (length > 0 && length < sizeof folder) {
            memcpy(folder, list, length);
            folder[length] = '\0';
            library = open_vendor(folder);
        }
        list += length;
        list += *list == ':';
    }
    return library;
}

/* Debian and Ubuntu, Fedora and SUSE, Arch, containers, WSL, NixOS. */
#define FOLDERS                                                                                                        \
    "/usr/lib/x86_64-linux-gnu:/usr/lib/aarch64-linux-gnu:/usr/lib64:/usr/lib:/usr/local/nvidia/lib64:"                \
    "/usr/local/nvidia/lib:/usr/lib/wsl/lib:/run/opengl-driver/lib"

static void *open_driver(void) {
    const char *named = getenv("CUDA_WASM_LIBCUDA");
    if (named && *named) {
        void *library = dlopen(named, FLAGS);
        if (!library) {
            snprintf(problem, sizeof problem, "CUDA_WASM_LIBCUDA: %s", dlerror());
        }
        return library;
    }
    if (access("/dev/nvidiactl", F_OK) != 0 && access("/dev/dxg", F_OK) != 0) {
        snprintf(problem, sizeof problem, "no NVIDIA driver is loaded (/dev/nvidiactl does not exist)");
        return NULL;
    }
    void *library = open_listed(FOLDERS);
    if (!library) {
        library = open_listed(getenv("LD_LIBRARY_PATH"));
    }
    if (!library) {
        snprintf(problem, sizeof problem,
                 "NVIDIA's kernel driver is loaded, but its library " LIBRARY " is not installed (searched " FOLDERS
                 " and LD_LIBRARY_PATH)");
    }
    return library;
}

/* False when a function is missing: the driver is older than the backend needs. */
static bool find_functions(void *library) {
#define CW_DRIVER_FUNCTION(member, symbol, parameters)                                                                 \
    *(void **)&driver.member = dlsym(library, symbol);                                                                 \
    if (!driver.member) {                                                                                              \
        snprintf(problem, sizeof problem, "NVIDIA's driver is too old: it has no %s; CUDA 11.4 or newer is needed",    \
                 symbol);                                                                                              \
        return false;                                                                                                  \
    }
#define CW_DRIVER_OPTIONAL(member, symbol, parameters) *(void **)&driver.member = dlsym(library, symbol);
#include "backend/cuda/driver.def"
    return true;
}

static void open_once(void) {
    char words[160];
    void *library = open_driver();
    if (!library || !find_functions(library)) {
        return;
    }
    int result = driver.init(0);
    if (result == CW_CUDA_SUCCESS) {
        result = driver.device_count(&driver.count);
    }
    if (result != CW_CUDA_SUCCESS) {
        snprintf(problem, sizeof problem, "NVIDIA's driver can't be used: %s%s",
                 cw_cuda_words(result, words, sizeof words),
                 access("/dev/nvidiactl", R_OK | W_OK) == 0 ? "" : "; this user may not open /dev/nvidiactl");
        return;
    }
    if (driver.count == 0) {
        snprintf(problem, sizeof problem, "NVIDIA's driver finds no device (CUDA_VISIBLE_DEVICES hides them, perhaps)");
        return;
    }
    (void)driver.driver_version(&driver.version);
    usable = true;
}

const struct cw_cuda_driver *cw_cuda_driver(void) {
    pthread_once(&once, open_once);
    return usable ? &driver : NULL;
}

const char *cw_cuda_problem(void) {
    (void)cw_cuda_driver();
    return problem;
}

/* ---- Results ------------------------------------------------------------------------------------------------- */

const char *cw_cuda_words(int result, char *room, size_t size) {
    const char *name = NULL, *text = NULL;
    if (driver.error_name) {
        (void)driver.error_name(result, &name);
        (void)driver.error_text(result, &text);
    }
    snprintf(room, size, "%s (%d)%s%s", name ? name : "CUDA error", result, text ? ": " : "", text ? text : "");
    return room;
}

cw_status cw_cuda_status(int result) {
    switch (result) {
    case CW_CUDA_SUCCESS:
        return CW_OK;
    case CW_CUDA_OUT_OF_MEMORY:
        return CW_ERROR_OUT_OF_MEMORY;
    case CW_CUDA_INVALID_VALUE:
        return CW_ERROR_INVALID_ARGUMENT;
    case CW_CUDA_NOT_FOUND:
        return CW_ERROR_NOT_FOUND;
    case CW_CUDA_NOT_SUPPORTED:
        return CW_ERROR_UNSUPPORTED;
    case CW_CUDA_INVALID_IMAGE:
    case CW_CUDA_NO_BINARY:
    case CW_CUDA_INVALID_PTX:
    case CW_CUDA_UNSUPPORTED_PTX:
        return CW_ERROR_BAD_MODULE;
    default:
        return CW_ERROR_LAUNCH;
    }
}

static enum cw_fault_kind kind_of(int result) {
    switch (result) {
    case CW_CUDA_ILLEGAL_ADDRESS:
    case CW_CUDA_INVALID_SPACE:
        return CW_FAULT_ILLEGAL_ADDRESS;
    case CW_CUDA_ASSERT:
        return CW_FAULT_ASSERT;
    case CW_CUDA_STACK_ERROR:
        return CW_FAULT_STACK_OVERFLOW;
    case CW_CUDA_TIMEOUT:
        return CW_FAULT_DEADLOCK;
    case CW_CUDA_ILLEGAL_INSTRUCTION:
    case CW_CUDA_INVALID_PC:
        return CW_FAULT_ILLEGAL_INSTRUCTION;
    case CW_CUDA_MISALIGNED:
        return CW_FAULT_MISALIGNED;
    case CW_CUDA_OUT_OF_RESOURCES:
    case CW_CUDA_TOO_LARGE:
    case CW_CUDA_OUT_OF_MEMORY:
        return CW_FAULT_RESOURCES;
    default:
        return CW_FAULT_TRAP;
    }
}

cw_status cw_cuda_fault(int result, const char *what, struct cw_fault *fault) {
    char words[160];
    if (result == CW_CUDA_SUCCESS) {
        return CW_OK;
    }
    memset(fault, 0, sizeof *fault);
    fault->kind = kind_of(result);
    snprintf(fault->message, sizeof fault->message, "%s ended with %s", what,
             cw_cuda_words(result, words, sizeof words));
    return CW_ERROR_FAULT;
}
