/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workspace.h: the private folder in which clang sees an NVRTC program: the source, the program's headers by their names,
 * and what makes clang name the templates that name expressions ask for.
 */
#ifndef CW_FRONTEND_NVRTC_WORKSPACE_H
#define CW_FRONTEND_NVRTC_WORKSPACE_H

#include <stdbool.h>

#include "base/memory.h"
#include "base/text.h"
#include "cudawasm/cw_source.h"

/* Zero-initialised is closed. Paths are owned. */
struct cw_nvrtc_workspace {
    char *folder;
    char *source;       /* in it */
    char *headers;      /* folder of the program's headers, in it */
    char *dependencies; /* where clang lists what it read */
};

/* Makes the folder and writes the files. False, with a line in `log`, when that can't be done. */
bool cw_nvrtc_workspace_open(struct cw_nvrtc_workspace *workspace, const struct cw_source *source, const char *name,
                             bool default_device, struct cw_text *log);
/* Adds the folders to search to clang's words, before those of the program's options. */
void cw_nvrtc_workspace_includes(const struct cw_nvrtc_workspace *workspace, const char *name, bool no_source_include,
                                 struct cw_strings *preprocessor);
/* Appends diagnostics as NVRTC writes them: our folders left out, and one count at their end. */
void cw_nvrtc_workspace_log(const struct cw_nvrtc_workspace *workspace, const char *name, const char *diagnostics,
                            struct cw_text *log);
/* Removes the folder. */
void cw_nvrtc_workspace_close(struct cw_nvrtc_workspace *workspace);

#endif
