/* SPDX-License-Identifier: Apache-2.0 */
/*
 * proc_address.c: functions of the driver API by name and version: cuGetProcAddress, and the runtime API's
 * cudaGetDriverEntryPoint (Driver API reference, "Driver Entry Point Access").
 *
 * The newest form of a function that is not newer than the version asked for is given. Forms that only 32-bit or long gone
 * toolkits knew are not here: asking for those versions is answered with "version not sufficient".
 */
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

#include "runtime/driver/driver.h"

typedef void (*function)(void);

/* Per-thread forms are declared nowhere but here: programs get their names by macros. */
#define DECLARE_NONE(name)
#define DECLARE_PTDS(name) extern void name##_ptds(void);
#define DECLARE_PTSZ(name) extern void name##_ptsz(void);
#define CW_DRIVER_FUNCTION(name, exported, version, form) DECLARE_##form(exported)
#include "runtime/driver/functions.def"

struct row {
    const char *name;
    function plain;
    function per_thread; /* NULL when it is the same */
    int version;
};

#define PER_THREAD_NONE(name) NULL
#define PER_THREAD_PTDS(name) name##_ptds
#define PER_THREAD_PTSZ(name) name##_ptsz

static const struct row rows[] = {
#define CW_DRIVER_FUNCTION(name, exported, version, form)                                                              \
    {#name, (function)exported, PER_THREAD_##form(exported), version},
#include "runtime/driver/functions.def"
};
enum { ROW_COUNT = sizeof rows / sizeof rows[0] };

static const struct row *find(const char *name, int version, CUdriverProcAddressQueryResult *status) {
    const struct row *best = NULL;
    *status = CU_GET_PROC_ADDRESS_SYMBOL_NOT_FOUND;
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (strcmp(rows[i].name, name) != 0) {
            continue;
        }
        if (rows[i].version <= version) {
            best = &rows[i]; /* rows of one name stand in the order of their versions */
        } else if (!best) {
            *status = CU_GET_PROC_ADDRESS_VERSION_NOT_SUFFICIENT;
        }
    }
    if (best) {
        *status = CU_GET_PROC_ADDRESS_SUCCESS;
    }
    return best;
}

static cudaError_t look_up(const char *name, void **place, int version, uint64_t flags,
                           CUdriverProcAddressQueryResult *status) {
    CUdriverProcAddressQueryResult found;
    const uint64_t both = CU_GET_PROC_ADDRESS_LEGACY_STREAM | CU_GET_PROC_ADDRESS_PER_THREAD_DEFAULT_STREAM;
    if (!name || !place || (flags & ~both) || flags == both) {
        return cw_rt_fail(cudaErrorInvalidValue, "a name, a place for the address and known flags are wanted");
    }
    *place = NULL;
    const struct row *row = find(name, version, &found);
    if (status) {
        *status = found;
    }
    if (row) {
        bool per_thread = (flags & CU_GET_PROC_ADDRESS_PER_THREAD_DEFAULT_STREAM) && row->per_thread;
        *(function *)place = per_thread ? row->per_thread : row->plain;
        return cudaSuccess;
    }
    return cw_rt_fail(cudaErrorSymbolNotFound,
                      found == CU_GET_PROC_ADDRESS_SYMBOL_NOT_FOUND ? "CUDA-WASM does not have the driver function %s"
                                                                    : "%s is newer than the version asked for",
                      name);
}

/* CUDA says what is missing by `status` and succeeds; without a place for that the error says it. */
static cudaError_t with_status(const char *name, void **place, int version, uint64_t flags,
                               CUdriverProcAddressQueryResult *status) {
    cudaError_t error = look_up(name, place, version, flags, status);
    return error == cudaErrorSymbolNotFound && status ? cudaSuccess : error;
}

CUresult cuGetProcAddress(const char *name, void **place, int version, cuuint64_t flags,
                          CUdriverProcAddressQueryResult *status) {
    return CW_DRIVER_ALWAYS(with_status(name, place, version, flags, status));
}

/* Before CUDA 12 there was no status. */
CW_CUDA_API CUresult cuGetProcAddress_v1(const char *name, void **place, int version,
                                         cuuint64_t flags) __asm__("cuGetProcAddress");
CUresult cuGetProcAddress_v1(const char *name, void **place, int version, cuuint64_t flags) {
    return CW_DRIVER_ALWAYS(look_up(name, place, version, flags, NULL));
}

cudaError_t cudaGetDriverEntryPointByVersion(const char *name, void **place, unsigned version, unsigned long long flags,
                                             enum cudaDriverEntryPointQueryResult *status) {
    CUdriverProcAddressQueryResult found = CU_GET_PROC_ADDRESS_SUCCESS;
    cudaError_t error = with_status(name, place, (int)version, flags, &found);
    if (error == cudaSuccess && status) {
        *status = (enum cudaDriverEntryPointQueryResult)found;
    } else if (error == cudaSuccess && found != CU_GET_PROC_ADDRESS_SUCCESS) {
        error = cudaErrorSymbolNotFound;
    }
    return cw_rt_record(error);
}

cudaError_t cudaGetDriverEntryPoint(const char *name, void **place, unsigned long long flags,
                                    enum cudaDriverEntryPointQueryResult *status) {
    return cudaGetDriverEntryPointByVersion(name, place, CUDART_VERSION, flags, status);
}

/* ---- Export tables ------------------------------------------------------------------------------------------------ */

/* Tables of functions by an id, none of which NVIDIA documents. Who asks is mostly NVIDIA's own runtime, linked statically into
 * a program that was started without ours in its place (prebuilt/takeover.h). */
static cudaError_t export_table(const void **table, const CUuuid *id) {
    static atomic_flag said = ATOMIC_FLAG_INIT;
    if (!table || !id) {
        return cw_rt_fail(cudaErrorInvalidValue, "the place for the table or its id is NULL");
    }
    *table = NULL;
    if (!atomic_flag_test_and_set(&said)) {
        cw_rt_say("something in this process asks the driver for tables that NVIDIA does not document, as its runtime does when "
                  "it is linked statically; start the program with 'cuda-wasm run PROGRAM', or build it with nvcc's -cudart "
                  "shared");
    }
    return cw_rt_fail(cudaErrorNotSupported, "NVIDIA does not document what its export tables hold");
}

CUresult cuGetExportTable(const void **table, const CUuuid *id) {
    return CW_DRIVER_ALWAYS(export_table(table, id));
}
