/* SPDX-License-Identifier: Apache-2.0 */
/*
 * link.c: cuLinkCreate and its relatives. The inputs are kernel modules of ours, units of separate compilation among them;
 * what comes out is a container that cuModuleLoadData takes. It belongs to the link and goes with it, as CUDA's does.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/driver/driver.h"
#include "runtime/driver/image.h"
#include "runtime/loading.h"

#define INPUTS_MAX 1024u

struct input {
    char *name;
    struct cw_text container;
};

struct CUlinkState_st {
    struct CUlinkState_st *next;
    struct cw_driver_jit jit;
    struct cw_text log; /* why it failed */
    struct input *inputs;
    unsigned count;
    struct cw_text result; /* of several inputs; one input is its own */
    bool complete;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct CUlinkState_st *links;

/* With the lock held. */
static struct CUlinkState_st **find_link(CUlinkState state) {
    struct CUlinkState_st **link = &links;
    while (*link && *link != state) {
        link = &(*link)->next;
    }
    return link;
}

static cudaError_t check(CUlinkState state) {
    pthread_mutex_lock(&lock);
    bool known = state && *find_link(state);
    pthread_mutex_unlock(&lock);
    return known ? cudaSuccess : cw_rt_fail(cudaErrorInvalidResourceHandle, "the link was destroyed or never was one");
}

static cudaError_t create(unsigned count, const CUjit_option *options, void **values, CUlinkState *place) {
    struct cw_driver_jit jit;
    cudaError_t error = cw_driver_place(place, "link");
    if (error == cudaSuccess) {
        error = cw_driver_jit_read(&jit, count, options, values);
    }
    if (error != cudaSuccess) {
        return error;
    }
    struct CUlinkState_st *state = calloc(1, sizeof *state);
    if (!state) {
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory for a link");
    }
    state->jit = jit;
    pthread_mutex_lock(&lock);
    state->next = links;
    links = state;
    pthread_mutex_unlock(&lock);
    *place = state;
    return cudaSuccess;
}

CUresult cuLinkCreate(unsigned count, CUjit_option *options, void **values, CUlinkState *state) {
    return CW_DRIVER_PLAIN(create(count, options, values, state));
}

/* ---- Adding ------------------------------------------------------------------------------------------------------ */

static cudaError_t failed(CUlinkState state, cudaError_t error) {
    cw_driver_jit_report(&state->jit, &state->log, true, 0);
    return cw_rt_fail(error, "%s", cw_text_string(&state->log));
}

static cudaError_t take(CUlinkState state, const struct cw_driver_image *image, const char *name) {
    struct input *grown = state->count < INPUTS_MAX ? realloc(state->inputs, (state->count + 1) * sizeof *grown) : NULL;
    char *copy = grown ? cw_format("%s", name && *name ? name : "input") : NULL;
    if (grown) {
        state->inputs = grown;
    }
    if (!copy) {
        cw_text_printf(&state->log, "no memory for an input, or more than %u", INPUTS_MAX);
        return cudaErrorMemoryAllocation;
    }
    struct input *input = &state->inputs[state->count++];
    *input = (struct input){.name = copy};
    cw_text_append(&input->container, image->container, image->size);
    return cudaSuccess;
}

static cudaError_t check_add(CUlinkState state, CUjitInputType type, unsigned count, const CUjit_option *options,
                             void **values) {
    struct cw_driver_jit unused;
    cudaError_t error = check(state);
    if (error == cudaSuccess && ((int)type < 0 || type >= CU_JIT_NUM_INPUT_TYPES || state->complete)) {
        error = cw_rt_fail(cudaErrorInvalidValue, "an input of type %d, or to a link that is complete", (int)type);
    }
    return error != cudaSuccess ? error : cw_driver_jit_read(&unused, count, options, values);
}

static cudaError_t add_data(CUlinkState state, CUjitInputType type, const void *data, size_t size, const char *name,
                            unsigned count, const CUjit_option *options, void **values) {
    struct cw_driver_image image;
    cudaError_t error = check_add(state, type, count, options, values);
    if (error != cudaSuccess) {
        return error;
    }
    cw_text_clear(&state->log);
    error = size ? cw_driver_image_open(&image, data, size, &state->log) : cudaErrorInvalidValue;
    if (error == cudaSuccess) {
        error = take(state, &image, name);
        cw_driver_image_fini(&image);
    }
    return error != cudaSuccess ? failed(state, error) : cudaSuccess;
}

CUresult cuLinkAddData(CUlinkState state, CUjitInputType type, void *data, size_t size, const char *name,
                       unsigned count, CUjit_option *options, void **values) {
    return CW_DRIVER_PLAIN(add_data(state, type, data, size, name, count, options, values));
}

static cudaError_t add_file(CUlinkState state, CUjitInputType type, const char *path, unsigned count,
                            const CUjit_option *options, void **values) {
    struct cw_driver_image image;
    cudaError_t error = check_add(state, type, count, options, values);
    if (error != cudaSuccess) {
        return error;
    }
    cw_text_clear(&state->log);
    error = cw_driver_image_read(&image, path, &state->log);
    if (error == cudaSuccess) {
        error = take(state, &image, path);
    }
    cw_driver_image_fini(&image);
    return error != cudaSuccess ? failed(state, error) : cudaSuccess;
}

CUresult cuLinkAddFile(CUlinkState state, CUjitInputType type, const char *path, unsigned count, CUjit_option *options,
                       void **values) {
    return CW_DRIVER_PLAIN(add_file(state, type, path, count, options, values));
}

/* ---- The result -------------------------------------------------------------------------------------------------- */

/* The bitcode of every input, linked. */
static cudaError_t link_inputs(CUlinkState state) {
    struct cw_entry entries[CW_CONTAINER_ENTRIES_MAX];
    struct cw_unit *units = calloc(state->count, sizeof *units);
    cudaError_t error = units ? cudaSuccess : cudaErrorMemoryAllocation;
    for (unsigned i = 0; error == cudaSuccess && i < state->count; i++) {
        const struct cw_text *container = &state->inputs[i].container;
        uint32_t count = 0;
        if (cw_container_read(container->data, container->size, entries, &count) != CW_OK) {
            count = 0;
        }
        for (uint32_t e = 0; e < count && !units[i].bitcode; e++) {
            if (entries[e].kind == CW_ENTRY_BITCODE) {
                units[i] = (struct cw_unit){state->inputs[i].name, entries[e].data, entries[e].size};
            }
        }
        if (!units[i].bitcode) {
            cw_text_printf(&state->log, "%s is damaged, or holds no code that can be linked", state->inputs[i].name);
            error = cudaErrorInvalidKernelImage;
        }
    }
    if (error == cudaSuccess && !cw_rt_link(units, state->count, &state->result, &state->log)) {
        error = cudaErrorInvalidKernelImage;
    }
    free(units);
    return error;
}

static cudaError_t complete(CUlinkState state, void **data, size_t *size) {
    cudaError_t error = check(state);
    if (error != cudaSuccess) {
        return error;
    }
    cw_text_clear(&state->log);
    if (!data || state->count == 0) {
        cw_text_add(&state->log, "a link needs an input, and a place for its result");
        return failed(state, cudaErrorInvalidValue);
    }
    if (!state->complete && state->count > 1) {
        error = link_inputs(state);
        if (error != cudaSuccess) {
            return failed(state, error);
        }
    }
    const struct cw_text *result = state->count > 1 ? &state->result : &state->inputs[0].container;
    state->complete = true;
    *data = result->data;
    if (size) {
        *size = result->size;
    }
    cw_driver_jit_report(&state->jit, &state->log, false, 0);
    return cudaSuccess;
}

CUresult cuLinkComplete(CUlinkState state, void **data, size_t *size) {
    return CW_DRIVER_PLAIN(complete(state, data, size));
}

static cudaError_t destroy(CUlinkState state) {
    cudaError_t error = check(state);
    if (error != cudaSuccess) {
        return error;
    }
    pthread_mutex_lock(&lock);
    struct CUlinkState_st **link = find_link(state);
    *link = state->next;
    pthread_mutex_unlock(&lock);
    cw_text_fini(&state->log);
    cw_text_fini(&state->result);
    for (unsigned i = 0; i < state->count; i++) {
        cw_text_fini(&state->inputs[i].container);
        free(state->inputs[i].name);
    }
    free(state->inputs);
    free(state);
    return cudaSuccess;
}

CUresult cuLinkDestroy(CUlinkState state) {
    return CW_DRIVER_PLAIN(destroy(state));
}
