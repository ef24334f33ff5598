/* SPDX-License-Identifier: Apache-2.0 */
/*
 * driver_options.h: what nvcc's command line says beyond how to compile: how far to go, where to write, what to list.
 * Source: the NVCC manual, "NVCC Command Options".
 */
#ifndef CW_FRONTEND_CUDA_DRIVER_OPTIONS_H
#define CW_FRONTEND_CUDA_DRIVER_OPTIONS_H

#include <stdbool.h>

#include "base/memory.h"
#include "base/text.h"

/* How far a command goes, from its inputs. */
enum cw_phase {
    CW_PHASE_LINK,         /* an executable, or a shared library: the default */
    CW_PHASE_OBJECT,       /* -c */
    CW_PHASE_DEVICE_LINK,  /* -dlink */
    CW_PHASE_LIBRARY,      /* -lib */
    CW_PHASE_PTX,          /* -ptx: PTX, and the container behind it as comments */
    CW_PHASE_FATBIN,       /* -fatbin: a container */
    CW_PHASE_PREPROCESS,   /* -E */
    CW_PHASE_DEPENDENCIES, /* -M, -MM */
};

struct cw_driver_options {
    bool enabled; /* this is nvcc's command line; other commands refuse what stands here */
    enum cw_phase phase;
    bool phase_given;
    bool shared;
    bool run;               /* -run: start the executable */
    bool clean;             /* -clean: remove what the same command without it would write */
    bool no_device_link;    /* -nodlink */
    bool dry_run;           /* list the commands, run none */
    bool keep;              /* intermediate files stay */
    bool no_runtime;        /* -cudart none */
    bool shared_runtime;    /* -cudart shared */
    bool forward_compiler;  /* unknown options go to the host compiler ... */
    bool forward_linker;    /* ... or to the linker */
    bool with_dependencies; /* -MD, -MMD */
    bool nonsystem;         /* -MM, -MMD: without system headers */
    bool phony;             /* -MP */
    bool version, help, list_architectures, list_codes;
    char *output;            /* -o */
    char *output_folder;     /* -odir */
    char *keep_folder;       /* -keep-dir */
    char *dependency_file;   /* -MF */
    char *dependency_target; /* -MT */
    char *host_compiler;     /* -ccbin */
    char *archiver;          /* -arbin */
    struct cw_strings archive_options;
    struct cw_strings run_arguments;
};

void cw_driver_options_fini(struct cw_driver_options *driver);

/* The words of a command line as nvcc reads it: NVCC_PREPEND_FLAGS, `argv` (argv[0] stays first), NVCC_APPEND_FLAGS, and
 * in place of each "--options-file F" or "@F" the words of that file. False, with a sentence, when a file can't be read
 * or files include each other without end. */
bool cw_driver_words(struct cw_strings *words, int argc, char *const argv[], struct cw_text *problem);

#endif
