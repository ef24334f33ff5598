/* SPDX-License-Identifier: Apache-2.0 */
/* fatbin.c: see fatbin.h. Which architecture's PTX is taken: module/fatbin.h. */
#include "runtime/prebuilt/fatbin.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "module/fatbin.h"
#include "runtime/device.h"
#include "runtime/loading.h"

#define ARCHITECTURE (10u * CW_RT_CAPABILITY_MAJOR + CW_RT_CAPABILITY_MINOR)
/* No device link comes near; a bound against lists that do not end. */
#define UNITS_MAX 65536u

/* ---- What can't be used is told apart ---------------------------------------------------------------------------- */

/* "sm_80, sm_90a" */
static void list_machine_code(const void *bytes, size_t size, struct cw_text *out) {
    struct cw_fatbin_entry entry;
    size_t at = 0, start = out->size;
    while (cw_fatbin_next(bytes, size, &at, &entry) == CW_OK) {
        if (entry.kind == CW_FATBIN_ELF) {
            cw_text_printf(out, "%ssm_%u%.1s", out->size > start ? ", " : "", entry.architecture, &entry.variant);
        }
    }
}

static cudaError_t refuse_machine_code(const void *bytes, size_t size, bool linked, struct cw_text *reason) {
    cw_text_add(reason, "this program's kernels are there only as machine code for NVIDIA's GPUs (");
    list_machine_code(bytes, size, reason);
    cw_text_printf(reason,
                   "); build it with PTX in it%s, which nvcc's option -gencode arch=compute_%u,code=compute_%u adds, or "
                   "compile the source with cuda-wasm",
                   linked ? ", in every object that is linked" : "", ARCHITECTURE, ARCHITECTURE);
    return cudaErrorNoKernelImageForDevice;
}

static cudaError_t refuse_damaged(struct cw_text *reason) {
    cw_text_add(reason, "the fat binary with this program's kernels is damaged or of a form that is not known");
    return cudaErrorInvalidKernelImage;
}

/* ---- One unit ---------------------------------------------------------------------------------------------------- */

/* The PTX of one fat binary, unpacked. cudaErrorSymbolNotFound when it has none, nothing said. */
static cudaError_t read_unit(const void *bytes, size_t size, struct cw_text *text, struct cw_text *reason) {
    struct cw_fatbin_entry entry;
    uint32_t kinds;
    cw_status status = cw_fatbin_pick(bytes, size, ARCHITECTURE, &entry, &kinds);
    if (status == CW_ERROR_NOT_FOUND) {
        return cudaErrorSymbolNotFound;
    }
    if (status != CW_OK || cw_fatbin_unpack(&entry, text) != CW_OK) {
        return refuse_damaged(reason);
    }
    return cudaSuccess;
}

static cudaError_t read_alone(const void *bytes, size_t size, struct cw_text *text, struct cw_text *reason) {
    cudaError_t error = read_unit(bytes, size, text, reason);
    return error == cudaErrorSymbolNotFound ? refuse_machine_code(bytes, size, false, reason) : error;
}

/* ---- Units of a device link ------------------------------------------------------------------------------------- */

static size_t count_units(const void *const *units) {
    size_t count = 0;
    while (units && count < UNITS_MAX && units[count]) {
        count++;
    }
    return count;
}

/* Kernels that launch kernels are linked with NVIDIA's device runtime, libcudadevrt, which works on the inside of its GPUs. Its
 * symbols have the name of its source. What programs call of it is the front end's. */
static bool is_device_runtime(const struct cw_text *text) {
    return strstr(cw_text_string(text), "_cuda_device_runtime_cu_") != NULL;
}

/* Every unit must have PTX: a program of which a part is missing can't run. `*count` becomes the number of texts. */
static cudaError_t read_units(const void *const *units, size_t *count, struct cw_text *texts, struct cw_text *reason) {
    cudaError_t error = cudaSuccess;
    size_t kept = 0;
    for (size_t i = 0; i < *count && error == cudaSuccess; i++) {
        size_t size = cw_fatbin_size(units[i]);
        error = size == 0 ? refuse_damaged(reason) : read_unit(units[i], size, &texts[kept], reason);
        if (error == cudaErrorSymbolNotFound) {
            error = refuse_machine_code(units[i], size, true, reason);
        } else if (is_device_runtime(&texts[kept])) {
            cw_text_clear(&texts[kept]);
        } else {
            kept++;
        }
    }
    *count = kept;
    return error;
}

static cudaError_t link_units(const void *const *units, size_t all, struct cw_text *container, struct cw_text *reason) {
    struct cw_text *texts = cw_alloc_array(all, sizeof *texts);
    size_t count = all;
    cudaError_t error = read_units(units, &count, texts, reason);
    if (error == cudaSuccess) {
        struct cw_rt_ptx *ptx = cw_alloc_array(count ? count : 1, sizeof *ptx);
        for (size_t i = 0; i < count; i++) {
            ptx[i] = (struct cw_rt_ptx){"PTX", cw_text_string(&texts[i]), texts[i].size};
        }
        error = cw_rt_ptx_containers(ptx, count, container, reason) ? cudaSuccess : cudaErrorInvalidPtx;
        free(ptx);
    }
    for (size_t i = 0; i < all; i++) {
        cw_text_fini(&texts[i]);
    }
    free(texts);
    return error;
}

cudaError_t cw_rt_fatbin_container(const void *bytes, size_t size, const void *const *units, struct cw_text *container,
                                   struct cw_text *reason) {
    struct cw_text text = {0};
    size_t whole = cw_fatbin_size(bytes), count = count_units(units);
    if (whole == 0 || (size != 0 && whole > size)) {
        return refuse_damaged(reason);
    }
    if (count > 0) {
        return link_units(units, count, container, reason);
    }
    cudaError_t error = read_alone(bytes, whole, &text, reason);
    if (error == cudaSuccess) {
        const struct cw_rt_ptx ptx = {"PTX", cw_text_string(&text), text.size};
        error = cw_rt_ptx_containers(&ptx, 1, container, reason) ? cudaSuccess : cudaErrorInvalidPtx;
    }
    cw_text_fini(&text);
    return error;
}
