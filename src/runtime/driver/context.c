/* SPDX-License-Identifier: Apache-2.0 */
/* context.c: the driver API's contexts; runtime/context.h says what a context is. */
#include "runtime/driver/driver.h"

/* ---- Checking ---------------------------------------------------------------------------------------------------- */

static cudaError_t no_context(const char *why) {
    return cw_rt_fail(cudaErrorDeviceUninitialized, "%s", why); /* CUDA_ERROR_INVALID_CONTEXT */
}

/* That `context` is one that lives. */
static cudaError_t check(CUcontext context) {
    if (!cw_rt_context_known(context)) {
        return no_context("the handle is no context");
    }
    return atomic_load(&context->live) ? cudaSuccess
                                       : cw_rt_fail(cudaErrorContextIsDestroyed, "the context was destroyed");
}

/* `context`, or the current one for NULL. */
static cudaError_t named_or_current(CUcontext context, CUcontext *found) {
    *found = context ? context : cw_rt_thread()->context;
    return *found ? check(*found) : no_context("no context is current");
}

static cudaError_t check_flags(unsigned flags) {
    unsigned schedule = flags & CU_CTX_SCHED_MASK;
    if ((flags & ~(unsigned)CU_CTX_FLAGS_MASK) || (schedule & (schedule - 1))) {
        return cw_rt_fail(cudaErrorInvalidValue, "unknown flags 0x%x of a context", flags);
    }
    return cudaSuccess;
}

static cudaError_t open_device(CUdevice ordinal, struct cw_rt_device **device) {
    cudaError_t error = cw_rt_device_at(ordinal, device);
    return error != cudaSuccess ? error : cw_rt_device_open(*device);
}

/* ---- Creating and destroying ------------------------------------------------------------------------------------- */

static cudaError_t create(CUcontext *place, unsigned processors, unsigned flags, CUdevice ordinal) {
    struct cw_rt_device *device;
    cudaError_t error = cw_driver_place(place, "context");
    if (error == cudaSuccess) {
        error = check_flags(flags);
    }
    if (error == cudaSuccess) {
        error = open_device(ordinal, &device);
    }
    if (error != cudaSuccess) {
        return error;
    }
    CUcontext context = cw_rt_context_create(device, flags, processors);
    if (!context || !cw_rt_context_push(context)) {
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory for a context");
    }
    *place = context;
    return cudaSuccess;
}

CUresult cuCtxCreate(CUcontext *context, unsigned flags, CUdevice device) {
    return CW_DRIVER_PLAIN(create(context, 0, flags, device));
}

static cudaError_t create_with(CUcontext *context, const CUexecAffinityParam *affinity, int count, unsigned flags,
                               CUdevice device) {
    if (count < 0 || (count > 0 && !affinity)) {
        return cw_rt_fail(cudaErrorInvalidValue, "%d execution affinities at %p", count, (const void *)affinity);
    }
    unsigned processors = 0;
    struct cw_rt_device *found;
    for (int i = 0; i < count; i++) {
        if (affinity[i].type != CU_EXEC_AFFINITY_TYPE_SM_COUNT || affinity[i].param.smCount.val == 0) {
            return cw_rt_fail(cudaErrorInvalidValue, "execution affinity %d is no number of multiprocessors", i);
        }
        processors = affinity[i].param.smCount.val;
    }
    cudaError_t error = count > 0 ? open_device(device, &found) : cudaSuccess;
    if (error == cudaSuccess && count > 0 && !found->facts.partitions) {
        error = cw_rt_fail(cudaErrorUnsupportedExecAffinity, "the device %s can't keep kernels to some of its processors",
                           found->facts.name);
    }
    return error == cudaSuccess ? create(context, processors, flags, device) : error;
}

CUresult cuCtxCreate_v3(CUcontext *context, CUexecAffinityParam *affinity, int count, unsigned flags, CUdevice device) {
    return CW_DRIVER_PLAIN(create_with(context, affinity, count, flags, device));
}

static cudaError_t create_from(CUcontext *context, const CUctxCreateParams *params, unsigned flags, CUdevice device) {
    static const CUctxCreateParams none;
    const CUctxCreateParams *p = params ? params : &none;
    if (p->cigParams) {
        return cw_rt_fail(cudaErrorNotSupported, "contexts for graphics clients (CUctxCigParam)");
    }
    return create_with(context, p->execAffinityParams, p->numExecAffinityParams, flags, device);
}

CUresult cuCtxCreate_v4(CUcontext *context, CUctxCreateParams *params, unsigned flags, CUdevice device) {
    return CW_DRIVER_PLAIN(create_from(context, params, flags, device));
}

static cudaError_t destroy(CUcontext context) {
    cudaError_t error = check(context);
    if (error == cudaSuccess && context->primary) {
        error = no_context("a primary context is released, not destroyed");
    }
    if (error != cudaSuccess) {
        return error;
    }
    if (cw_rt_thread()->context == context) {
        cw_rt_context_pop();
    }
    return cw_rt_context_destroy(context);
}

CUresult cuCtxDestroy(CUcontext context) {
    return CW_DRIVER_PLAIN(destroy(context));
}

static cudaError_t attach(CUcontext *place, unsigned flags) {
    CUcontext current = cw_rt_thread()->context;
    cudaError_t error = cw_driver_place(place, "context");
    if (error == cudaSuccess && flags != 0) {
        error = cw_rt_fail(cudaErrorInvalidValue, "unknown flags 0x%x", flags);
    }
    if (error == cudaSuccess) {
        current->attaches++;
        *place = current;
    }
    return error;
}

CUresult cuCtxAttach(CUcontext *context, unsigned flags) {
    return CW_DRIVER(attach(context, flags));
}

static cudaError_t detach(CUcontext context) {
    cudaError_t error = check(context);
    if (error == cudaSuccess && context->attaches == 0) {
        error = no_context("the context is not attached");
    }
    if (error != cudaSuccess || --context->attaches > 0) {
        return error;
    }
    return destroy(context);
}

CUresult cuCtxDetach(CUcontext context) {
    return CW_DRIVER_PLAIN(detach(context));
}

/* ---- The current context ----------------------------------------------------------------------------------------- */

static cudaError_t push(CUcontext context) {
    cudaError_t error = check(context);
    if (error == cudaSuccess && !cw_rt_context_push(context)) {
        error = cw_rt_fail(cudaErrorMemoryAllocation, "no memory for a stack of contexts");
    }
    return error;
}

CUresult cuCtxPushCurrent(CUcontext context) {
    return CW_DRIVER_PLAIN(push(context));
}

static cudaError_t pop(CUcontext *place) {
    CUcontext top = cw_rt_context_pop();
    if (!top) {
        return no_context("no context is current");
    }
    if (place) {
        *place = top;
    }
    return cudaSuccess;
}

CUresult cuCtxPopCurrent(CUcontext *context) {
    return CW_DRIVER_PLAIN(pop(context));
}

static cudaError_t set_current(CUcontext context) {
    cudaError_t error = context ? check(context) : cudaSuccess;
    return error != cudaSuccess ? error : cw_rt_context_select(context);
}

CUresult cuCtxSetCurrent(CUcontext context) {
    return CW_DRIVER_PLAIN(set_current(context));
}

static cudaError_t get_current(CUcontext *place) {
    cudaError_t error = cw_driver_place(place, "context");
    if (error == cudaSuccess) {
        *place = cw_rt_thread()->context;
    }
    return error;
}

CUresult cuCtxGetCurrent(CUcontext *context) {
    return CW_DRIVER_PLAIN(get_current(context));
}

static cudaError_t get_device(CUdevice *place) {
    cudaError_t error = cw_driver_place(place, "device");
    if (error == cudaSuccess) {
        *place = cw_rt_thread()->context->device->ordinal;
    }
    return error;
}

CUresult cuCtxGetDevice(CUdevice *device) {
    return CW_DRIVER(get_device(device));
}

/* ---- Facts and settings ------------------------------------------------------------------------------------------ */

static unsigned *flags_of(CUcontext context) {
    return context->primary ? &context->device->flags : &context->flags;
}

static cudaError_t get_flags(unsigned *place) {
    cudaError_t error = cw_driver_place(place, "flags");
    if (error == cudaSuccess) {
        *place = *flags_of(cw_rt_thread()->context);
    }
    return error;
}

CUresult cuCtxGetFlags(unsigned *flags) {
    return CW_DRIVER(get_flags(flags));
}

static cudaError_t set_flags(unsigned flags) {
    cudaError_t error = check_flags(flags);
    if (error == cudaSuccess) {
        *flags_of(cw_rt_thread()->context) = flags;
    }
    return error;
}

CUresult cuCtxSetFlags(unsigned flags) {
    return CW_DRIVER(set_flags(flags));
}

static cudaError_t get_id(CUcontext context, unsigned long long *place) {
    CUcontext found;
    cudaError_t error = cw_driver_place(place, "id");
    if (error == cudaSuccess) {
        error = named_or_current(context, &found);
    }
    if (error == cudaSuccess) {
        *place = found->id;
    }
    return error;
}

CUresult cuCtxGetId(CUcontext context, unsigned long long *id) {
    return CW_DRIVER_PLAIN(get_id(context, id));
}

static cudaError_t get_version(CUcontext context, unsigned *place) {
    CUcontext found;
    cudaError_t error = cw_driver_place(place, "version");
    if (error == cudaSuccess) {
        error = named_or_current(context, &found);
    }
    if (error == cudaSuccess) {
        *place = found->version;
    }
    return error;
}

CUresult cuCtxGetApiVersion(CUcontext context, unsigned *version) {
    return CW_DRIVER_PLAIN(get_version(context, version));
}

static cudaError_t get_affinity(CUexecAffinityParam *place, CUexecAffinityType type) {
    cudaError_t error = cw_driver_place(place, "execution affinity");
    if (error == cudaSuccess && type != CU_EXEC_AFFINITY_TYPE_SM_COUNT) {
        error = cw_rt_fail(cudaErrorUnsupportedExecAffinity, "there is no type %d of execution affinity", (int)type);
    }
    if (error == cudaSuccess) {
        uint32_t processors = cw_rt_thread()->context->device->facts.processors;
        uint32_t limit = cw_rt_context_processors();
        processors = processors ? processors : 1;
        place->type = type;
        place->param.smCount.val = limit && limit < processors ? limit : processors;
    }
    return error;
}

CUresult cuCtxGetExecAffinity(CUexecAffinityParam *affinity, CUexecAffinityType type) {
    return CW_DRIVER(get_affinity(affinity, type));
}

CUresult cuCtxSynchronize(void) {
    return CW_DRIVER(cudaDeviceSynchronize());
}

CUresult cuCtxSetLimit(CUlimit limit, size_t value) {
    return CW_DRIVER(cudaDeviceSetLimit((enum cudaLimit)limit, value));
}

CUresult cuCtxGetLimit(size_t *value, CUlimit limit) {
    return CW_DRIVER(cudaDeviceGetLimit(value, (enum cudaLimit)limit));
}

CUresult cuCtxGetCacheConfig(CUfunc_cache *config) {
    return CW_DRIVER(cudaDeviceGetCacheConfig((enum cudaFuncCache *)config));
}

CUresult cuCtxSetCacheConfig(CUfunc_cache config) {
    return CW_DRIVER(cudaDeviceSetCacheConfig((enum cudaFuncCache)config));
}

CUresult cuCtxGetSharedMemConfig(CUsharedconfig *config) {
    return CW_DRIVER(cudaDeviceGetSharedMemConfig((enum cudaSharedMemConfig *)config));
}

CUresult cuCtxSetSharedMemConfig(CUsharedconfig config) {
    return CW_DRIVER(cudaDeviceSetSharedMemConfig((enum cudaSharedMemConfig)config));
}

CUresult cuCtxGetStreamPriorityRange(int *least, int *greatest) {
    return CW_DRIVER(cudaDeviceGetStreamPriorityRange(least, greatest));
}

CUresult cuCtxResetPersistingL2Cache(void) {
    return CW_DRIVER(cudaCtxResetPersistingL2Cache());
}

/* ---- Peers ------------------------------------------------------------------------------------------------------- */

static cudaError_t peer_access(CUcontext peer, unsigned flags, bool enable) {
    cudaError_t error = check(peer);
    if (error == cudaSuccess && peer == cw_rt_thread()->context) {
        error = no_context("a context is no peer of itself");
    }
    if (error != cudaSuccess) {
        return error;
    }
    if (flags != 0) {
        return cw_rt_fail(cudaErrorInvalidValue, "unknown flags 0x%x", flags);
    }
    int ordinal = peer->device->ordinal;
    if (ordinal == cw_rt_thread()->device) { /* contexts of one device share its memory */
        return enable ? cudaSuccess : cw_rt_fail(cudaErrorPeerAccessNotEnabled, "access was not enabled");
    }
    return enable ? cudaDeviceEnablePeerAccess(ordinal, flags) : cudaDeviceDisablePeerAccess(ordinal);
}

CUresult cuCtxEnablePeerAccess(CUcontext peer, unsigned flags) {
    return CW_DRIVER(peer_access(peer, flags, true));
}

CUresult cuCtxDisablePeerAccess(CUcontext peer) {
    return CW_DRIVER(peer_access(peer, 0, false));
}

/* ---- Primary contexts -------------------------------------------------------------------------------------------- */

static cudaError_t primary_retain(CUcontext *place, CUdevice ordinal) {
    struct cw_rt_device *device;
    cudaError_t error = cw_driver_place(place, "context");
    if (error == cudaSuccess) {
        error = open_device(ordinal, &device);
    }
    if (error == cudaSuccess) {
        *place = cw_rt_context_retain(device);
    }
    return error;
}

CUresult cuDevicePrimaryCtxRetain(CUcontext *context, CUdevice device) {
    return CW_DRIVER_PLAIN(primary_retain(context, device));
}

static cudaError_t primary_release(CUdevice ordinal) {
    struct cw_rt_device *device;
    cudaError_t error = cw_rt_device_at(ordinal, &device);
    return error != cudaSuccess ? error : cw_rt_context_release(device);
}

CUresult cuDevicePrimaryCtxRelease(CUdevice device) {
    return CW_DRIVER_PLAIN(primary_release(device));
}

static cudaError_t primary_reset(CUdevice ordinal) {
    struct cw_rt_device *device;
    cudaError_t error = cw_rt_device_at(ordinal, &device);
    return error != cudaSuccess ? error : cw_rt_device_reset(device);
}

CUresult cuDevicePrimaryCtxReset(CUdevice device) {
    return CW_DRIVER_PLAIN(primary_reset(device));
}

static cudaError_t primary_flags(CUdevice ordinal, unsigned flags) {
    struct cw_rt_device *device;
    cudaError_t error = cw_rt_device_at(ordinal, &device);
    if (error == cudaSuccess) {
        error = check_flags(flags);
    }
    if (error == cudaSuccess) {
        device->flags = flags;
    }
    return error;
}

CUresult cuDevicePrimaryCtxSetFlags(CUdevice device, unsigned flags) {
    return CW_DRIVER_PLAIN(primary_flags(device, flags));
}

static cudaError_t primary_state(CUdevice ordinal, unsigned *flags, int *active) {
    struct cw_rt_device *device;
    cudaError_t error = flags && active ? cw_rt_device_at(ordinal, &device) : cw_driver_place(NULL, "state");
    if (error == cudaSuccess) {
        *flags = device->flags;
        *active = atomic_load(&cw_rt_context_primary(device)->live);
    }
    return error;
}

CUresult cuDevicePrimaryCtxGetState(CUdevice device, unsigned *flags, int *active) {
    return CW_DRIVER_PLAIN(primary_state(device, flags, active));
}
