/* SPDX-License-Identifier: Apache-2.0 */
/* jitlink.c: nvJitLink's functions: links of the driver API (driver/link.c) that need neither cuInit nor a device, with
 * options and logs of their own. A handle is used by one thread at a time. */
#include "cuda/nvJitLink.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "module/module.h"
#include "runtime/driver/image.h"
#include "runtime/loading.h"

#define VERSION_MAJOR 12
#define VERSION_MINOR 9
#define INPUTS_MAX 1024u

struct input {
    char *name;
    struct cw_text container;
};

struct nvJitLink {
    struct input *inputs;
    uint32_t count;
    bool complete;
    struct cw_text result; /* the container */
    struct cw_text ptx;    /* of the container, made when it is first asked for */
    unsigned architecture; /* -arch */
    struct cw_text log;
};

/* ---- Options ----------------------------------------------------------------------------------------------------- */

/* Those that change nothing here, each alone or with "=value". */
static const char *const accepted[] = {"-lto",
                                       "-ptx",
                                       "-g",
                                       "-lineinfo",
                                       "-ftz",
                                       "-prec-div",
                                       "-prec-sqrt",
                                       "-fma",
                                       "-maxrregcount",
                                       "-time",
                                       "-verbose",
                                       "-O",
                                       "-kernels-used",
                                       "-variables-used",
                                       "-optimize-unused-variables",
                                       "-Xptxas",
                                       "-Xnvvm",
                                       "-split-compile",
                                       "-split-compile-extended",
                                       "-jump-table-density",
                                       "-no-cache",
                                       "-device-stack-protector",
                                       "-cache",
                                       "-r",
                                       "-no-cache",
                                       "-inline-info",
                                       NULL};

static bool is_option(const char *option, const char *name) {
    size_t size = strlen(name);
    return strncmp(option, name, size) == 0 && (option[size] == '\0' || option[size] == '=' || strcmp(name, "-O") == 0);
}

static nvJitLinkResult read_options(uint32_t count, const char **options, unsigned *number) {
    bool architecture = false;
    for (uint32_t i = 0; i < count; i++) {
        const char *const *known = accepted;
        if (!options[i]) {
            return NVJITLINK_ERROR_NULL_INPUT;
        }
        if (strncmp(options[i], "-arch=", 6) == 0) {
            if (strncmp(options[i] + 6, "sm_", 3) != 0 && strncmp(options[i] + 6, "compute_", 8) != 0) {
                return NVJITLINK_ERROR_UNRECOGNIZED_ARCH;
            }
            architecture = true;
            *number = (unsigned)strtoul(strchr(options[i], '_') + 1, NULL, 10);
            continue;
        }
        while (*known && !is_option(options[i], *known)) {
            known++;
        }
        if (!*known) {
            return NVJITLINK_ERROR_UNRECOGNIZED_OPTION;
        }
    }
    return architecture ? NVJITLINK_SUCCESS : NVJITLINK_ERROR_MISSING_ARCH;
}

nvJitLinkResult nvJitLinkCreate(nvJitLinkHandle *place, uint32_t count, const char **options) {
    if (!place || (count > 0 && !options)) {
        return NVJITLINK_ERROR_NULL_INPUT;
    }
    unsigned architecture = 0;
    nvJitLinkResult result = read_options(count, options, &architecture);
    if (result != NVJITLINK_SUCCESS) {
        return result;
    }
    *place = calloc(1, sizeof **place);
    if (!*place) {
        return NVJITLINK_ERROR_INTERNAL;
    }
    (*place)->architecture = architecture;
    return NVJITLINK_SUCCESS;
}

nvJitLinkResult nvJitLinkDestroy(nvJitLinkHandle *place) {
    if (!place || !*place) {
        return NVJITLINK_ERROR_NULL_INPUT;
    }
    nvJitLinkHandle handle = *place;
    for (uint32_t i = 0; i < handle->count; i++) {
        free(handle->inputs[i].name);
        cw_text_fini(&handle->inputs[i].container);
    }
    free(handle->inputs);
    cw_text_fini(&handle->result);
    cw_text_fini(&handle->ptx);
    cw_text_fini(&handle->log);
    free(handle);
    *place = NULL;
    return NVJITLINK_SUCCESS;
}

nvJitLinkResult nvJitLinkVersion(unsigned *major, unsigned *minor) {
    if (!major || !minor) {
        return NVJITLINK_ERROR_NULL_INPUT;
    }
    *major = VERSION_MAJOR;
    *minor = VERSION_MINOR;
    return NVJITLINK_SUCCESS;
}

/* ---- Inputs ------------------------------------------------------------------------------------------------------ */

static nvJitLinkResult take(nvJitLinkHandle handle, cudaError_t opened, struct cw_driver_image *image,
                            const char *name) {
    nvJitLinkResult result = NVJITLINK_ERROR_INVALID_INPUT;
    struct input *grown = NULL;
    if (opened == cudaSuccess && handle->count < INPUTS_MAX) {
        grown = realloc(handle->inputs, (handle->count + 1) * sizeof *grown);
        result = NVJITLINK_ERROR_INTERNAL;
    }
    if (grown) {
        struct input *input = &grown[handle->count++];
        handle->inputs = grown;
        *input = (struct input){.name = cw_format("%s", name && *name ? name : "input")};
        cw_text_append(&input->container, image->container, image->size);
        result = NVJITLINK_SUCCESS;
    }
    cw_driver_image_fini(image);
    return result;
}

static nvJitLinkResult check_add(nvJitLinkHandle handle, nvJitLinkInputType type, const void *data) {
    if (!handle || !data) {
        return NVJITLINK_ERROR_NULL_INPUT;
    }
    bool known = (type > NVJITLINK_INPUT_NONE && type <= NVJITLINK_INPUT_INDEX) || type == NVJITLINK_INPUT_ANY;
    return known && !handle->complete ? NVJITLINK_SUCCESS : NVJITLINK_ERROR_UNRECOGNIZED_INPUT;
}

nvJitLinkResult nvJitLinkAddData(nvJitLinkHandle handle, nvJitLinkInputType type, const void *data, size_t size,
                                 const char *name) {
    struct cw_driver_image image = {0};
    nvJitLinkResult result = check_add(handle, type, data);
    if (result != NVJITLINK_SUCCESS) {
        return result;
    }
    cudaError_t opened = size > 0 ? cw_driver_image_open(&image, data, size, &handle->log) : cudaErrorInvalidValue;
    return take(handle, opened, &image, name);
}

nvJitLinkResult nvJitLinkAddFile(nvJitLinkHandle handle, nvJitLinkInputType type, const char *path) {
    struct cw_driver_image image = {0};
    nvJitLinkResult result = check_add(handle, type, path);
    return result != NVJITLINK_SUCCESS ? result
                                       : take(handle, cw_driver_image_read(&image, path, &handle->log), &image, path);
}

/* ---- The result -------------------------------------------------------------------------------------------------- */

/* The bitcode of an input; size 0 when it holds none. */
static struct cw_unit unit_of(const struct input *input) {
    struct cw_entry entries[CW_CONTAINER_ENTRIES_MAX];
    struct cw_unit unit = {.name = input->name};
    uint32_t count = 0;
    if (cw_container_read(input->container.data, input->container.size, entries, &count) != CW_OK) {
        return unit;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (entries[i].kind == CW_ENTRY_BITCODE) {
            unit.bitcode = entries[i].data;
            unit.size = entries[i].size;
        }
    }
    return unit;
}

nvJitLinkResult nvJitLinkComplete(nvJitLinkHandle handle) {
    if (!handle) {
        return NVJITLINK_ERROR_NULL_INPUT;
    }
    if (handle->count == 0 || handle->complete) {
        return NVJITLINK_ERROR_INVALID_INPUT;
    }
    struct cw_unit *units = calloc(handle->count, sizeof *units);
    if (!units) {
        return NVJITLINK_ERROR_INTERNAL;
    }
    bool whole = true;
    for (uint32_t i = 0; i < handle->count; i++) {
        units[i] = unit_of(&handle->inputs[i]);
        if (units[i].size == 0) {
            cw_text_printf(&handle->log, "%s is damaged, or holds no code that can be linked\n", units[i].name);
            whole = false;
        }
    }
    bool linked = whole && cw_rt_link(units, handle->count, &handle->result, &handle->log);
    free(units);
    if (!linked) {
        return whole ? NVJITLINK_ERROR_FINALIZE : NVJITLINK_ERROR_INVALID_INPUT;
    }
    handle->complete = true;
    return NVJITLINK_SUCCESS;
}

/* Gives the size of a text or of bytes, or copies them; `extra` bytes of 0 follow. */
static nvJitLinkResult give(nvJitLinkHandle handle, const struct cw_text *text, size_t extra, size_t *size,
                            void *place) {
    if (!handle || (!size && !place)) {
        return NVJITLINK_ERROR_NULL_INPUT;
    }
    if (size) {
        *size = text->size + extra;
    } else if (place) {
        memcpy(place, cw_text_string(text), text->size + extra);
    }
    return NVJITLINK_SUCCESS;
}

static nvJitLinkResult give_result(nvJitLinkHandle handle, bool ptx, size_t *size, void *place) {
    if (!handle) {
        return NVJITLINK_ERROR_NULL_INPUT;
    }
    if (!handle->complete) {
        return NVJITLINK_ERROR_INVALID_INPUT;
    }
    if (ptx && handle->ptx.size == 0 &&
        !cw_rt_ptx_text(handle->result.data, handle->result.size, handle->architecture, false, &handle->ptx, &handle->log)) {
        return NVJITLINK_ERROR_INTERNAL;
    }
    return give(handle, ptx ? &handle->ptx : &handle->result, ptx, size, place);
}

nvJitLinkResult nvJitLinkGetLinkedCubinSize(nvJitLinkHandle handle, size_t *size) {
    return give_result(handle, false, size, NULL);
}

nvJitLinkResult nvJitLinkGetLinkedCubin(nvJitLinkHandle handle, void *cubin) {
    return give_result(handle, false, NULL, cubin);
}

nvJitLinkResult nvJitLinkGetLinkedPtxSize(nvJitLinkHandle handle, size_t *size) {
    return give_result(handle, true, size, NULL);
}

nvJitLinkResult nvJitLinkGetLinkedPtx(nvJitLinkHandle handle, char *ptx) {
    return give_result(handle, true, NULL, ptx);
}

nvJitLinkResult nvJitLinkGetErrorLogSize(nvJitLinkHandle handle, size_t *size) {
    return handle ? give(handle, &handle->log, 1, size, NULL) : NVJITLINK_ERROR_NULL_INPUT;
}

nvJitLinkResult nvJitLinkGetErrorLog(nvJitLinkHandle handle, char *log) {
    return handle ? give(handle, &handle->log, 1, NULL, log) : NVJITLINK_ERROR_NULL_INPUT;
}

/* A link that went well says nothing. */
nvJitLinkResult nvJitLinkGetInfoLogSize(nvJitLinkHandle handle, size_t *size) {
    static const struct cw_text nothing;
    return handle ? give(handle, &nothing, 1, size, NULL) : NVJITLINK_ERROR_NULL_INPUT;
}

nvJitLinkResult nvJitLinkGetInfoLog(nvJitLinkHandle handle, char *log) {
    static const struct cw_text nothing;
    return handle ? give(handle, &nothing, 1, NULL, log) : NVJITLINK_ERROR_NULL_INPUT;
}
