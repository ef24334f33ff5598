/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cw_source.h: the contract between the runtime (NVRTC's functions) and libcudawasm-nvrtc.so, which compiles CUDA source to
 * kernel modules while a program runs. The runtime opens it when a program first compiles something, so that programs
 * that never do need neither it nor clang.
 */
#ifndef CUDAWASM_CW_SOURCE_H
#define CUDAWASM_CW_SOURCE_H

#include "cw.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CW_SOURCE_ABI 2u

/* What to compile. Strings are borrowed during the call. */
struct cw_source {
    uint32_t size;    /* sizeof of the struct as the caller knows it */
    const char *name; /* what diagnostics call the source */
    const char *text;
    uint32_t header_count; /* headers that sources include by these names */
    const char *const *header_names;
    const char *const *headers;
    uint32_t expression_count; /* expressions whose lowered names are wanted, as nvrtcAddNameExpression takes them */
    const char *const *expressions;
    uint32_t option_count; /* NVRTC's options */
    const char *const *options;
    /* Gives the compiler, or NULL and a sentence in `reason` (malloc'd; the callee frees it). Called when it is needed. */
    const struct cw_compiler_api *(*compiler)(char **reason);
};

enum cw_source_outcome {
    CW_SOURCE_OK,
    CW_SOURCE_INVALID_OPTION, /* `log` names it */
    CW_SOURCE_ERRORS,         /* `log` has the diagnostics */
    CW_SOURCE_ENVIRONMENT,    /* clang, the compiler or a folder to work in is missing: `log` says which */
};

/* What came out. The caller ends with `free_result` in every case. */
struct cw_source_result {
    enum cw_source_outcome outcome;
    char *log;                 /* never NULL */
    struct cw_bytes container; /* kernel table and bitcode; for a real architecture also code for this machine's CPU */
    char **lowered;            /* one a name expression */
    uint32_t lowered_count;
    uint32_t real_architecture; /* 1: an option asked for one (sm_80), not for a virtual one (compute_80) */
    uint32_t link_time;         /* 1: -dlto was given */
    uint32_t architecture;      /* that the source was compiled for: 80 for compute_80; 0: none was asked for */
    uint32_t relocatable;       /* 1: it is to be linked with others */
};

struct cw_source_api {
    uint32_t abi_version; /* CW_SOURCE_ABI */
    uint32_t struct_size;
    void (*compile)(const struct cw_source *source, struct cw_source_result *result);
    void (*free_result)(struct cw_source_result *result);
};

/* Exported by libcudawasm-nvrtc.so. NULL when it cannot serve `abi_version`. */
CW_API const struct cw_source_api *cw_source_api(uint32_t abi_version);

#ifdef __cplusplus
}
#endif
#endif
