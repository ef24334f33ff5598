/* SPDX-License-Identifier: Apache-2.0 */
/* options.h: NVRTC's options (options.def), as those of a device pass and of what is done with its output. */
#ifndef CW_FRONTEND_NVRTC_OPTIONS_H
#define CW_FRONTEND_NVRTC_OPTIONS_H

#include <stdbool.h>

#include "frontend/cuda/options.h"

/* Zero-initialise, read, end with cw_nvrtc_options_fini. */
struct cw_nvrtc_options {
    struct cw_cuda_options cuda;
    bool real_architecture; /* -arch=sm_XX: machine code is wanted too */
    bool link_time;         /* -dlto */
    bool default_device;    /* functions without a qualifier are the device's */
    bool no_source_include; /* the source's folder is not searched */
    bool no_cache;
    bool syntax_only;
    struct cw_strings pre_includes;
};

/* Reads the list of words. False, with a sentence in `problem`, for one that NVRTC doesn't know or that can't be done. */
bool cw_nvrtc_options_read(struct cw_nvrtc_options *options, const char *const *words, size_t count,
                           struct cw_text *problem);
void cw_nvrtc_options_fini(struct cw_nvrtc_options *options);

#endif
