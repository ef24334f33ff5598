/* SPDX-License-Identifier: Apache-2.0 */
/* image.c: see image.h. */
#include "runtime/driver/image.h"

#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "base/file.h"
#include "module/fatbin.h"
#include "module/module.h"
#include "runtime/loading.h"
#include "runtime/prebuilt/fatbin.h"
#include "runtime/registry.h"
#include "runtime/thread.h"

#define ELF_MACHINE_CUDA 190u
#define LTO_IR_MAGIC 0x7f4e43edu /* what -dlto of nvcc and libNVVM writes begins with */
#define PTX_SCAN_BYTES 4096u /* how far the directive that begins PTX is looked for */

static cudaError_t refuse(struct cw_text *reason, cudaError_t error, const char *sentence) {
    cw_text_add(reason, sentence);
    return error;
}

/* True if the first thing behind white space and comments is PTX's `.version`, which every PTX module begins with. */
static bool is_ptx(const char *text, size_t size) {
    size_t limit = size < PTX_SCAN_BYTES ? size : PTX_SCAN_BYTES;
    size_t at = 0;
    while (at < limit && text[at]) {
        if (isspace((unsigned char)text[at])) {
            at++;
        } else if (at + 1 < limit && text[at] == '/' && text[at + 1] == '/') {
            while (at < limit && text[at] && text[at] != '\n') {
                at++;
            }
        } else if (at + 1 < limit && text[at] == '/' && text[at + 1] == '*') {
            at += 2;
            while (at + 1 < limit && text[at] && (text[at] != '*' || text[at + 1] != '/')) {
                at++;
            }
            at += 2;
        } else {
            return at + 8 <= limit && memcmp(text + at, ".version", 8) == 0;
        }
    }
    return false;
}

static cudaError_t refuse_elf(const unsigned char *bytes, struct cw_text *reason) {
    unsigned machine = bytes[18] | (unsigned)bytes[19] << 8;
    if (machine == ELF_MACHINE_CUDA) {
        return refuse(
            reason, cudaErrorNoKernelImageForDevice,
            "this is a cubin, machine code for NVIDIA's GPUs; compile the source with cuda-wasm (-fatbin), or "
            "let NVRTC compile it");
    }
    return refuse(reason, cudaErrorInvalidKernelImage,
                  "this is an ELF file and no kernel module; cuda-wasm cc -fatbin and -ptx make what can be loaded");
}

static cudaError_t open_container(struct cw_driver_image *image, const void *bytes, size_t size,
                                  struct cw_text *reason) {
    uint8_t id[16];
    if (size >= CW_REFERENCE_SIZE && cw_reference_read(bytes, id)) {
        image->container = cw_rt_registry_container(id, &image->size);
        return image->container ? cudaSuccess
                                : refuse(reason, cudaErrorNoKernelImageForDevice,
                                         "the object that holds this fat binary's kernels is not linked in");
    }
    image->container = bytes;
    image->size = cw_container_size(bytes);
    if (image->size == 0 || image->size > size) {
        return refuse(reason, cudaErrorInvalidKernelImage,
                      "this CUDA-WASM kernel module is cut short or of another version");
    }
    return cudaSuccess;
}

static cudaError_t open_fatbin(struct cw_driver_image *image, const void *bytes, size_t size, const void *const *units,
                               struct cw_text *reason) {
    cudaError_t error = cw_rt_fatbin_container(bytes, size, units, &image->storage, reason);
    image->container = image->storage.data;
    image->size = image->storage.size;
    return error;
}

static cudaError_t open_wrapped(struct cw_driver_image *image, const struct cw_fatbin_wrapper *wrapper,
                                struct cw_text *reason) {
    uint32_t magic = 0;
    if (wrapper->data && wrapper->version == 2) {
        memcpy(&magic, wrapper->data, sizeof magic);
    }
    return magic == CW_FATBIN_MAGIC ? open_fatbin(image, wrapper->data, 0, wrapper->units, reason)
                                    : cw_driver_image_open(image, wrapper->data, 0, reason);
}

static cudaError_t open_ptx(struct cw_driver_image *image, const char *text, size_t size, struct cw_text *reason) {
    const struct cw_rt_ptx ptx = {"ptx", text, size};
    if (!cw_rt_ptx_containers(&ptx, 1, &image->storage, reason)) {
        return cudaErrorInvalidPtx;
    }
    image->container = image->storage.data;
    image->size = image->storage.size;
    return cudaSuccess;
}

/* PTX, maybe with the kernel module behind it of which it was made. */
static cudaError_t open_text(struct cw_driver_image *image, const char *text, size_t size, struct cw_text *reason) {
    cw_status status = cw_container_text_read(text, size, &image->storage);
    if (status == CW_ERROR_NOT_FOUND) {
        return is_ptx(text, size) ? open_ptx(image, text, size, reason)
                                  : refuse(reason, cudaErrorInvalidKernelImage, "this is no kernel module");
    }
    if (status != CW_OK) {
        return refuse(reason, cudaErrorInvalidPtx,
                      "the text of this CUDA-WASM kernel module is damaged, cut short or of another version");
    }
    image->container = image->storage.data;
    image->size = image->storage.size;
    return cudaSuccess;
}

cudaError_t cw_driver_image_open(struct cw_driver_image *image, const void *bytes, size_t size,
                                 struct cw_text *reason) {
    uint32_t magic;
    *image = (struct cw_driver_image){0};
    if (!bytes) {
        cw_text_add(reason, "the image is NULL");
        return cudaErrorInvalidValue;
    }
    /* An image without a size is text, which ends with a NUL, or says its size in its first bytes, none of which is 0. */
    size_t room = size ? size : SIZE_MAX;
    const char *text = bytes;
    if (strnlen(text, room < sizeof magic ? room : sizeof magic) < sizeof magic) {
        return refuse(reason, cudaErrorInvalidKernelImage, "this is no kernel module");
    }
    memcpy(&magic, bytes, sizeof magic);
    if (magic == CW_FATBIN_WRAPPER_MAGIC && room >= sizeof(struct cw_fatbin_wrapper)) {
        const struct cw_fatbin_wrapper *wrapper = bytes;
        return open_wrapped(image, wrapper, reason);
    }
    if (magic == CW_FATBIN_MAGIC && room >= CW_FATBIN_HEADER_SIZE) {
        return open_fatbin(image, bytes, size, NULL, reason);
    }
    if (magic == LTO_IR_MAGIC) {
        return refuse(reason, cudaErrorInvalidKernelImage,
                      "this is NVIDIA's LTO IR, a form that only its own linker reads; give PTX (without -dlto or -gen-lto)");
    }
    if (memcmp(bytes, "\177ELF", 4) == 0 && room >= 20) {
        return refuse_elf(bytes, reason);
    }
    if (memcmp(bytes, "CWMO", 4) == 0 && room >= CW_REFERENCE_SIZE) {
        return open_container(image, bytes, room, reason);
    }
    return open_text(image, text, strnlen(text, room), reason);
}

cudaError_t cw_driver_image_read(struct cw_driver_image *image, const char *path, struct cw_text *reason) {
    struct cw_text bytes = {0};
    *image = (struct cw_driver_image){0};
    if (!path) {
        cw_text_add(reason, "the file's name is NULL");
        return cudaErrorInvalidValue;
    }
    if (cw_file_read(path, &bytes) != CW_OK) {
        cw_text_printf(reason, "%s can't be read: %s", path, strerror(errno));
        cw_text_fini(&bytes);
        return cudaErrorFileNotFound;
    }
    cudaError_t error = bytes.size == 0 ? refuse(reason, cudaErrorInvalidKernelImage, "the file is empty")
                                        : cw_driver_image_open(image, bytes.data, bytes.size, reason);
    if (error == cudaSuccess && image->container == bytes.data) {
        image->storage = bytes;
    } else {
        cw_text_fini(&bytes);
    }
    return error;
}

void cw_driver_image_fini(struct cw_driver_image *image) {
    cw_text_fini(&image->storage);
    *image = (struct cw_driver_image){0};
}

/* ---- Options ----------------------------------------------------------------------------------------------------- */

cudaError_t cw_driver_jit_read(struct cw_driver_jit *jit, unsigned count, const CUjit_option *options, void **values) {
    *jit = (struct cw_driver_jit){0};
    if (count > 0 && (!options || !values)) {
        return cw_rt_fail(cudaErrorInvalidValue, "%u options of compilation at NULL", count);
    }
    for (unsigned i = 0; i < count; i++) {
        switch (options[i]) {
        case CU_JIT_WALL_TIME:
            jit->time_place = &values[i];
            break;
        case CU_JIT_INFO_LOG_BUFFER:
            jit->info_log = values[i];
            break;
        case CU_JIT_INFO_LOG_BUFFER_SIZE_BYTES:
            jit->info_size = (unsigned)(uintptr_t)values[i];
            jit->info_place = &values[i];
            break;
        case CU_JIT_ERROR_LOG_BUFFER:
            jit->error_log = values[i];
            break;
        case CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES:
            jit->error_size = (unsigned)(uintptr_t)values[i];
            jit->error_place = &values[i];
            break;
        default:
            if ((int)options[i] < 0 || options[i] >= CU_JIT_NUM_OPTIONS) {
                return cw_rt_fail(cudaErrorInvalidValue, "there is no option %d of compilation", (int)options[i]);
            }
            break;
        }
    }
    return cudaSuccess;
}

/* As much of `text` as there is room for, with its NUL; the bytes written go to `place`. */
static void write_log(char *log, size_t size, void **place, const char *text) {
    size_t written = 0;
    if (log && size > 0) {
        written = strnlen(text, size - 1);
        memcpy(log, text, written);
        log[written] = '\0';
    }
    if (place) {
        *place = (void *)(uintptr_t)written;
    }
}

void cw_driver_jit_report(const struct cw_driver_jit *jit, const struct cw_text *reason, bool failed, float ms) {
    write_log(jit->error_log, jit->error_size, jit->error_place, failed ? cw_text_string(reason) : "");
    write_log(jit->info_log, jit->info_size, jit->info_place, "");
    if (jit->time_place) {
        *jit->time_place = NULL;
        memcpy(jit->time_place, &ms, sizeof ms);
    }
}
