/* SPDX-License-Identifier: Apache-2.0 */
/*
 * link.c: cuLinkCreate and its relatives. The inputs are kernel modules of ours; what comes out is a container that
 * cuModuleLoadData takes. It belongs to the link and goes with it, as CUDA's does.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/driver/driver.h"
#include "runtime/driver/image.h"

struct CUlinkState_st {
    struct CUlinkState_st *next;
    struct cw_driver_jit jit;
    struct cw_text log;   /* why it failed */
    struct cw_text input; /* the container; one is taken */
    unsigned inputs;
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

/* ---- Adding -------------------------------------------------------------------------------------------------- */

static cudaError_t failed(CUlinkState state, cudaError_t error) {
    cw_driver_jit_report(&state->jit, &state->log, true, 0);
    return cw_rt_fail(error, "%s", cw_text_string(&state->log));
}

static cudaError_t take(CUlinkState state, struct cw_driver_image *image) {
    if (++state->inputs > 1) {
        cw_text_add(&state->log, "CUDA-WASM links one kernel module; give all sources that call each other to one "
                                 "compilation");
        return cudaErrorNotSupported;
    }
    cw_text_append(&state->input, image->container, image->size);
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

static cudaError_t add_data(CUlinkState state, CUjitInputType type, const void *data, size_t size, unsigned count,
                            const CUjit_option *options, void **values) {
    struct cw_driver_image image;
    cudaError_t error = check_add(state, type, count, options, values);
    if (error != cudaSuccess) {
        return error;
    }
    cw_text_clear(&state->log);
    error = size ? cw_driver_image_open(&image, data, size, &state->log) : cudaErrorInvalidValue;
    if (error == cudaSuccess) {
        error = take(state, &image);
        cw_driver_image_fini(&image);
    }
    return error != cudaSuccess ? failed(state, error) : cudaSuccess;
}

CUresult cuLinkAddData(CUlinkState state, CUjitInputType type, void *data, size_t size, const char *name,
                       unsigned count, CUjit_option *options, void **values) {
    (void)name; /* inputs are named by what they hold */
    return CW_DRIVER_PLAIN(add_data(state, type, data, size, count, options, values));
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
        error = take(state, &image);
    }
    cw_driver_image_fini(&image);
    return error != cudaSuccess ? failed(state, error) : cudaSuccess;
}

CUresult cuLinkAddFile(CUlinkState state, CUjitInputType type, const char *path, unsigned count, CUjit_option *options,
                       void **values) {
    return CW_DRIVER_PLAIN(add_file(state, type, path, count, options, values));
}

/* ---- The result ---------------------------------------------------------------------------------------------- */

static cudaError_t complete(CUlinkState state, void **data, size_t *size) {
    cudaError_t error = check(state);
    if (error != cudaSuccess) {
        return error;
    }
    cw_text_clear(&state->log);
    if (!data || state->inputs == 0) {
        cw_text_add(&state->log, "a link needs an input, and a place for its result");
        return failed(state, cudaErrorInvalidValue);
    }
    state->complete = true;
    *data = state->input.data;
    if (size) {
        *size = state->input.size;
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
    cw_text_fini(&state->input);
    free(state);
    return cudaSuccess;
}

CUresult cuLinkDestroy(CUlinkState state) {
    return CW_DRIVER_PLAIN(destroy(state));
}
