/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registry.h: what the program's objects registered: images of kernels ("fat binaries"), and the host addresses that
 * stand for kernels and device variables.
 *
 * Registration comes from static constructors, in any order, from several shared objects, and does next to nothing. An
 * image is resolved when something of it is first used on a device: its data is a container, or a reference to one
 * that another object registers by its id. The registry's lock guards everything here; loading (loading.h) happens
 * outside it.
 */
#ifndef CW_RUNTIME_REGISTRY_H
#define CW_RUNTIME_REGISTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cuda/driver_types.h"
#include "runtime/thread.h"

struct cw_rt_loaded;
struct CUfunc_st;

struct cw_rt_image {
    const void *data;         /* a reference, a container, or a fat binary of NVIDIA's */
    const void *const *units; /* of a fat binary that a device link made: NULL-terminated; else NULL */
    bool handles;     /* its symbols are handles of kernels that are loaded already (loading.c) */
    struct cw_rt_symbol *symbols;
    struct cw_rt_image *next;
    struct cw_rt_loaded *loaded[CW_RT_DEVICES_MAX]; /* NULL until used there; loading.c's lock */
};

enum cw_rt_symbol_kind {
    CW_RT_SYMBOL_KERNEL,
    CW_RT_SYMBOL_VARIABLE,
    CW_RT_SYMBOL_MANAGED,
    CW_RT_SYMBOL_TEXTURE, /* a reference (reference.h) */
    CW_RT_SYMBOL_SURFACE,
};

struct cw_rt_symbol {
    const void *host;
    const char *name; /* the device's; borrowed from the registering object */
    enum cw_rt_symbol_kind kind;
    struct cw_rt_image *image;
    struct cw_rt_symbol *next_in_image;
    struct cw_rt_symbol *next_in_bucket;
    size_t size; /* of a managed variable, which is where `host` says; of a texture reference: 1 if its reads normalise */
    bool fill;   /* a managed variable whose value is still only in the device code */
    struct cw_rt_symbol *next_managed;
    struct CUfunc_st *kernels[CW_RT_DEVICES_MAX]; /* once loaded */
};

/* What a lookup gives: a copy, since the symbol may be unregistered meanwhile. */
struct cw_rt_found {
    const char *name;
    enum cw_rt_symbol_kind kind;
    struct cw_rt_image *image;
    bool handle;              /* a kernel's own handle, which is good on one device only */
    struct CUfunc_st *kernel; /* on the device asked for; NULL when not loaded yet */
    size_t size;              /* of a managed variable; of a texture reference: 1 if its reads normalise */
};

struct cw_rt_image *cw_rt_registry_add_image(const void *data);
/* The image that was added with `data`; NULL when there is none, or it was removed. */
struct cw_rt_image *cw_rt_registry_find_image(const void *data);
void cw_rt_registry_remove_image(struct cw_rt_image *image);
/* The same for an image that nothing was loaded of, or no longer is: it is freed. */
void cw_rt_registry_drop_image(struct cw_rt_image *image);
void cw_rt_registry_add_symbol(struct cw_rt_image *image, const void *host, const char *name,
                               enum cw_rt_symbol_kind kind);
/* A texture or surface reference: the host's structure, at `host`. */
void cw_rt_registry_add_reference(struct cw_rt_image *image, const void *host, const char *name,
                                  enum cw_rt_symbol_kind kind, bool to_float);
/* A managed variable: the host's own, at `host`. */
void cw_rt_registry_add_managed(struct cw_rt_image *image, void *host, const char *name, size_t size);
/* A managed variable of nvcc's: room is made for it, which is where `host` says then; its first value comes from the device
 * code. NULL when out of memory. */
void *cw_rt_registry_make_managed(struct cw_rt_image *image, const char *name, size_t size);
/* Whether the managed variable at `host` still needs its first value; from now on it doesn't. */
bool cw_rt_registry_fill_managed(const void *host);
/* Whether a managed variable of the image still needs it. */
bool cw_rt_registry_must_fill(struct cw_rt_image *image);
void cw_rt_registry_add_container(const uint8_t id[16], const void *bytes, size_t size);

/* False when `host` stands for nothing of the wanted sort (a kernel, or a variable). */
bool cw_rt_registry_find(const void *host, bool kernel, int device, struct cw_rt_found *found);
/* The managed variable that holds `pointer`; false when none does. */
bool cw_rt_registry_find_managed(const void *pointer, const void **base, size_t *size);
/* The host's address of the managed variable that the device calls `name`; NULL when the image has none. */
void *cw_rt_registry_managed_address(struct cw_rt_image *image, const char *name);
/* The bytes registered under `id`; NULL when there are none. They may be registered later still. */
const void *cw_rt_registry_container(const uint8_t id[16], size_t *size);
/* The containers that were registered so far, one after the other; NULL behind the last. */
const void *cw_rt_registry_container_at(size_t index, size_t *size);
/* Lets lookups of `host` give `kernel` from now on. */
void cw_rt_registry_note_kernel(const void *host, int device, struct CUfunc_st *kernel);
/* Forgets all kernels of a device. `visit` is called for each image with the lock held. */
void cw_rt_registry_forget(int device, void (*visit)(struct cw_rt_image *image, int device));

#endif
