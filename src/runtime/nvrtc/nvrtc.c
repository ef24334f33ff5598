/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nvrtc.c: NVRTC's functions. A program holds its source, headers and name expressions, and what the last compilation gave;
 * libcudawasm-nvrtc.so (cudawasm/cw_source.h) compiles. Programs are used by one thread at a time, as NVRTC's are.
 */
#include "cuda/nvrtc.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cudawasm/cw_source.h"
#include "module/module.h"
#include "runtime/loading.h"

#define LIBRARY "libcudawasm-nvrtc.so"
#define VERSION_MAJOR 12
#define VERSION_MINOR 9
#define PCH_HEAP_BYTES (256u << 20)

struct list {
    char **items;
    uint32_t count;
};

struct _nvrtcProgram {
    nvrtcProgram next;
    char *source, *name;
    struct list headers, header_names, expressions;
    bool compiled; /* a compilation was tried: `result` is its */
    struct cw_source_result result;
    struct cw_text log; /* instead of the result's, when there is no library to compile */
    struct cw_text ptx; /* made when it is first asked for */
    int (*callback)(void *payload, void *reserved);
    void *payload;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static nvrtcProgram programs;

/* ---- Facts ------------------------------------------------------------------------------------------------------- */

const char *nvrtcGetErrorString(nvrtcResult result) {
    switch (result) {
#define NAME(code)                                                                                                     \
    case code:                                                                                                         \
        return #code
        NAME(NVRTC_SUCCESS);
        NAME(NVRTC_ERROR_OUT_OF_MEMORY);
        NAME(NVRTC_ERROR_PROGRAM_CREATION_FAILURE);
        NAME(NVRTC_ERROR_INVALID_INPUT);
        NAME(NVRTC_ERROR_INVALID_PROGRAM);
        NAME(NVRTC_ERROR_INVALID_OPTION);
        NAME(NVRTC_ERROR_COMPILATION);
        NAME(NVRTC_ERROR_BUILTIN_OPERATION_FAILURE);
        NAME(NVRTC_ERROR_NO_NAME_EXPRESSIONS_AFTER_COMPILATION);
        NAME(NVRTC_ERROR_NO_LOWERED_NAMES_BEFORE_COMPILATION);
        NAME(NVRTC_ERROR_NAME_EXPRESSION_NOT_VALID);
        NAME(NVRTC_ERROR_INTERNAL_ERROR);
        NAME(NVRTC_ERROR_TIME_FILE_WRITE_FAILED);
        NAME(NVRTC_ERROR_NO_PCH_CREATE_ATTEMPTED);
        NAME(NVRTC_ERROR_PCH_CREATE_HEAP_EXHAUSTED);
        NAME(NVRTC_ERROR_PCH_CREATE);
        NAME(NVRTC_ERROR_CANCELLED);
        NAME(NVRTC_ERROR_TIME_TRACE_FILE_WRITE_FAILED);
#undef NAME
    }
    return "NVRTC_ERROR unknown";
}

nvrtcResult nvrtcVersion(int *major, int *minor) {
    if (!major || !minor) {
        return NVRTC_ERROR_INVALID_INPUT;
    }
    *major = VERSION_MAJOR;
    *minor = VERSION_MINOR;
    return NVRTC_SUCCESS;
}

/* Those of CUDA 12.9. The device has 8.0; sources for others compile as they do by nvcc. */
static const int architectures[] = {50, 52, 53, 60, 61, 62, 70, 72, 75, 80, 86, 87, 89, 90, 100, 101, 103, 120, 121};

nvrtcResult nvrtcGetNumSupportedArchs(int *count) {
    if (!count) {
        return NVRTC_ERROR_INVALID_INPUT;
    }
    *count = (int)(sizeof architectures / sizeof architectures[0]);
    return NVRTC_SUCCESS;
}

nvrtcResult nvrtcGetSupportedArchs(int *list) {
    if (!list) {
        return NVRTC_ERROR_INVALID_INPUT;
    }
    memcpy(list, architectures, sizeof architectures);
    return NVRTC_SUCCESS;
}

/* ---- Programs ---------------------------------------------------------------------------------------------------- */

static void free_list(struct list *list) {
    for (uint32_t i = 0; i < list->count; i++) {
        free(list->items[i]);
    }
    free(list->items);
    *list = (struct list){0};
}

static bool add(struct list *list, const char *string) {
    char **grown = realloc(list->items, (list->count + 1u) * sizeof *grown);
    char *copy = grown ? strdup(string) : NULL;
    if (grown) {
        list->items = grown;
    }
    if (!copy) {
        return false;
    }
    list->items[list->count++] = copy;
    return true;
}

/* The link that leads to `program`, or to the end of the list. With the lock held. */
static nvrtcProgram *find_link(nvrtcProgram program) {
    nvrtcProgram *link = &programs;
    while (*link && *link != program) {
        link = &(*link)->next;
    }
    return link;
}

static bool is_program(nvrtcProgram program) {
    pthread_mutex_lock(&lock);
    bool known = program && *find_link(program);
    pthread_mutex_unlock(&lock);
    return known;
}

static const struct cw_source_api *api;

static void forget_result(nvrtcProgram program) {
    if (program->result.log) { /* then this thread, or one before it, opened the library */
        api->free_result(&program->result);
    }
    cw_text_fini(&program->log);
    cw_text_fini(&program->ptx);
    program->compiled = false;
}

static void free_program(nvrtcProgram program) {
    forget_result(program);
    free_list(&program->headers);
    free_list(&program->header_names);
    free_list(&program->expressions);
    free(program->source);
    free(program->name);
    free(program);
}

nvrtcResult nvrtcCreateProgram(nvrtcProgram *place, const char *source, const char *name, int header_count,
                               const char *const *headers, const char *const *header_names) {
    if (!place || !source || header_count < 0 || (header_count > 0 && (!headers || !header_names))) {
        return NVRTC_ERROR_INVALID_INPUT;
    }
    nvrtcProgram program = calloc(1, sizeof *program);
    if (!program) {
        return NVRTC_ERROR_OUT_OF_MEMORY;
    }
    program->source = strdup(source);
    program->name = strdup(name && *name ? name : "default_program");
    bool complete = program->source && program->name;
    for (int i = 0; complete && i < header_count; i++) {
        if (!headers[i] || !header_names[i]) {
            free_program(program);
            return NVRTC_ERROR_INVALID_INPUT;
        }
        complete = add(&program->headers, headers[i]) && add(&program->header_names, header_names[i]);
    }
    if (!complete) {
        free_program(program);
        return NVRTC_ERROR_OUT_OF_MEMORY;
    }
    pthread_mutex_lock(&lock);
    program->next = programs;
    programs = program;
    pthread_mutex_unlock(&lock);
    *place = program;
    return NVRTC_SUCCESS;
}

nvrtcResult nvrtcDestroyProgram(nvrtcProgram *place) {
    if (!place || !is_program(*place)) {
        return NVRTC_ERROR_INVALID_PROGRAM;
    }
    pthread_mutex_lock(&lock);
    nvrtcProgram *link = find_link(*place);
    *link = (*link)->next;
    pthread_mutex_unlock(&lock);
    free_program(*place);
    *place = NULL;
    return NVRTC_SUCCESS;
}

nvrtcResult nvrtcAddNameExpression(nvrtcProgram program, const char *const expression) {
    if (!is_program(program)) {
        return NVRTC_ERROR_INVALID_PROGRAM;
    }
    if (!expression) {
        return NVRTC_ERROR_INVALID_INPUT;
    }
    if (program->compiled) {
        return NVRTC_ERROR_NO_NAME_EXPRESSIONS_AFTER_COMPILATION;
    }
    return add(&program->expressions, expression) ? NVRTC_SUCCESS : NVRTC_ERROR_OUT_OF_MEMORY;
}

nvrtcResult nvrtcSetFlowCallback(nvrtcProgram program, int (*callback)(void *, void *), void *payload) {
    if (!is_program(program)) {
        return NVRTC_ERROR_INVALID_PROGRAM;
    }
    if (!callback) {
        return NVRTC_ERROR_INVALID_INPUT;
    }
    program->callback = callback;
    program->payload = payload;
    return NVRTC_SUCCESS;
}

/* ---- Compiling --------------------------------------------------------------------------------------------------- */

/* Opens the library once. False, and a line in `log`, when it is not there. */
static bool open_library(struct cw_text *log) {
    pthread_mutex_lock(&lock);
    if (!api) {
        char *path = cw_rt_installed_path(LIBRARY);
        const struct cw_source_api *(*entry)(uint32_t) = NULL;
        void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
        if (library) {
            *(void **)&entry = dlsym(library, "cw_source_api");
        }
        api = entry ? entry(CW_SOURCE_ABI) : NULL;
        if (!library) {
            cw_text_printf(log, "nvrtc: error: %s can't be loaded: %s\n", LIBRARY, dlerror());
        } else if (!api) {
            cw_text_printf(log, "nvrtc: error: %s is of another version than this runtime\n", path);
        }
        free(path);
    }
    bool opened = api != NULL;
    pthread_mutex_unlock(&lock);
    return opened;
}

static const struct cw_compiler_api *open_compiler(char **reason) {
    struct cw_text text = {0};
    const struct cw_compiler_api *compiler = cw_rt_compiler_open(&text);
    if (!compiler) {
        *reason = cw_text_take(&text, NULL);
    }
    cw_text_fini(&text);
    return compiler;
}

static nvrtcResult outcome(const struct cw_source_result *result) {
    switch (result->outcome) {
    case CW_SOURCE_OK:
        return NVRTC_SUCCESS;
    case CW_SOURCE_INVALID_OPTION:
        return NVRTC_ERROR_INVALID_OPTION;
    case CW_SOURCE_ERRORS:
        return NVRTC_ERROR_COMPILATION;
    case CW_SOURCE_ENVIRONMENT:
        break;
    }
    return NVRTC_ERROR_BUILTIN_OPERATION_FAILURE;
}

nvrtcResult nvrtcCompileProgram(nvrtcProgram program, int option_count, const char *const *options) {
    if (!is_program(program)) {
        return NVRTC_ERROR_INVALID_PROGRAM;
    }
    if (option_count < 0 || (option_count > 0 && !options)) {
        return NVRTC_ERROR_INVALID_INPUT;
    }
    forget_result(program);
    program->compiled = true;
    if (program->callback && program->callback(program->payload, NULL)) {
        return NVRTC_ERROR_CANCELLED;
    }
    if (!open_library(&program->log)) {
        return NVRTC_ERROR_BUILTIN_OPERATION_FAILURE;
    }
    const struct cw_source source = {
        .size = sizeof source,
        .name = program->name,
        .text = program->source,
        .header_count = program->headers.count,
        .header_names = (const char *const *)program->header_names.items,
        .headers = (const char *const *)program->headers.items,
        .expression_count = program->expressions.count,
        .expressions = (const char *const *)program->expressions.items,
        .option_count = (uint32_t)option_count,
        .options = options,
        .compiler = open_compiler,
    };
    api->compile(&source, &program->result);
    return outcome(&program->result);
}

/* ---- What came out ----------------------------------------------------------------------------------------------- */

static const char *log_of(nvrtcProgram program) {
    return program->result.log ? program->result.log : cw_text_string(&program->log);
}

nvrtcResult nvrtcGetProgramLogSize(nvrtcProgram program, size_t *size) {
    if (!is_program(program)) {
        return NVRTC_ERROR_INVALID_PROGRAM;
    }
    if (!size) {
        return NVRTC_ERROR_INVALID_INPUT;
    }
    *size = strlen(log_of(program)) + 1;
    return NVRTC_SUCCESS;
}

nvrtcResult nvrtcGetProgramLog(nvrtcProgram program, char *log) {
    if (!is_program(program)) {
        return NVRTC_ERROR_INVALID_PROGRAM;
    }
    if (!log) {
        return NVRTC_ERROR_INVALID_INPUT;
    }
    strcpy(log, log_of(program));
    return NVRTC_SUCCESS;
}

nvrtcResult nvrtcGetLoweredName(nvrtcProgram program, const char *const expression, const char **name) {
    if (!is_program(program)) {
        return NVRTC_ERROR_INVALID_PROGRAM;
    }
    if (!expression || !name) {
        return NVRTC_ERROR_INVALID_INPUT;
    }
    if (!program->compiled || program->result.lowered_count < program->expressions.count) {
        return NVRTC_ERROR_NO_LOWERED_NAMES_BEFORE_COMPILATION;
    }
    for (uint32_t i = 0; i < program->expressions.count; i++) {
        if (strcmp(program->expressions.items[i], expression) == 0) {
            *name = program->result.lowered[i];
            return NVRTC_SUCCESS;
        }
    }
    return NVRTC_ERROR_NAME_EXPRESSION_NOT_VALID;
}

enum form { PTX, CUBIN, LTOIR };

/* Makes the PTX, once. What can't be done joins the log. */
static bool make_ptx(nvrtcProgram program) {
    const struct cw_source_result *result = &program->result;
    struct cw_text reason = {0};
    bool made = program->ptx.size > 0 ||
                cw_rt_ptx_text(result->container.data, result->container.size, result->architecture,
                               result->relocatable != 0, &program->ptx, &reason);
    if (!made) {
        cw_text_printf(&program->log, "nvrtc: error: %s\n", cw_text_string(&reason));
    }
    cw_text_fini(&reason);
    return made;
}

/* The bytes of one form of the result, size 0 when the last compilation gave none. */
static nvrtcResult get(nvrtcProgram program, enum form form, const void **data, size_t *size) {
    if (!is_program(program)) {
        return NVRTC_ERROR_INVALID_PROGRAM;
    }
    *data = NULL;
    *size = 0;
    const struct cw_source_result *result = &program->result;
    if (!program->compiled || result->container.size == 0) {
        return NVRTC_ERROR_INVALID_PROGRAM;
    }
    if (form == PTX && !result->link_time) {
        if (!make_ptx(program)) {
            return NVRTC_ERROR_BUILTIN_OPERATION_FAILURE;
        }
        *data = program->ptx.data;
        *size = program->ptx.size + 1;
    } else if ((form == CUBIN && result->real_architecture && !result->link_time) ||
               (form == LTOIR && result->link_time)) {
        *data = result->container.data;
        *size = result->container.size;
    }
    return NVRTC_SUCCESS;
}

static nvrtcResult get_size(nvrtcProgram program, enum form form, size_t *place) {
    const void *data;
    size_t size;
    nvrtcResult result = get(program, form, &data, &size);
    if (result == NVRTC_SUCCESS && !place) {
        result = NVRTC_ERROR_INVALID_INPUT;
    }
    if (result == NVRTC_SUCCESS) {
        *place = size;
    }
    return result;
}

static nvrtcResult get_bytes(nvrtcProgram program, enum form form, char *place) {
    const void *data;
    size_t size;
    nvrtcResult result = get(program, form, &data, &size);
    if (result == NVRTC_SUCCESS && !place) {
        result = NVRTC_ERROR_INVALID_INPUT;
    }
    if (result == NVRTC_SUCCESS && size == 0) {
        result = NVRTC_ERROR_INVALID_PROGRAM;
    }
    if (result == NVRTC_SUCCESS) {
        memcpy(place, data, size);
    }
    return result;
}

nvrtcResult nvrtcGetPTXSize(nvrtcProgram program, size_t *size) {
    return get_size(program, PTX, size);
}

nvrtcResult nvrtcGetPTX(nvrtcProgram program, char *ptx) {
    return get_bytes(program, PTX, ptx);
}

nvrtcResult nvrtcGetCUBINSize(nvrtcProgram program, size_t *size) {
    return get_size(program, CUBIN, size);
}

nvrtcResult nvrtcGetCUBIN(nvrtcProgram program, char *cubin) {
    return get_bytes(program, CUBIN, cubin);
}

nvrtcResult nvrtcGetLTOIRSize(nvrtcProgram program, size_t *size) {
    return get_size(program, LTOIR, size);
}

nvrtcResult nvrtcGetLTOIR(nvrtcProgram program, char *ir) {
    return get_bytes(program, LTOIR, ir);
}

/* NVRTC's names for the same before CUDA 12. */
CW_CUDA_API nvrtcResult nvrtcGetNVVMSize(nvrtcProgram program, size_t *size);
CW_CUDA_API nvrtcResult nvrtcGetNVVM(nvrtcProgram program, char *ir);
nvrtcResult nvrtcGetNVVMSize(nvrtcProgram program, size_t *size) {
    return nvrtcGetLTOIRSize(program, size);
}
nvrtcResult nvrtcGetNVVM(nvrtcProgram program, char *ir) {
    return nvrtcGetLTOIR(program, ir);
}

/* The option for OptiX IR is refused, so no program has any. */
nvrtcResult nvrtcGetOptiXIRSize(nvrtcProgram program, size_t *size) {
    if (!is_program(program)) {
        return NVRTC_ERROR_INVALID_PROGRAM;
    }
    if (!size) {
        return NVRTC_ERROR_INVALID_INPUT;
    }
    *size = 0;
    return NVRTC_SUCCESS;
}

nvrtcResult nvrtcGetOptiXIR(nvrtcProgram program, char *ir) {
    (void)ir;
    (void)program;
    return NVRTC_ERROR_INVALID_PROGRAM;
}

/* ---- Precompiled headers: none is made --------------------------------------------------------------------------- */

static _Atomic size_t heap_size = PCH_HEAP_BYTES;

nvrtcResult nvrtcGetPCHHeapSize(size_t *size) {
    if (!size) {
        return NVRTC_ERROR_INVALID_INPUT;
    }
    *size = heap_size;
    return NVRTC_SUCCESS;
}

nvrtcResult nvrtcSetPCHHeapSize(size_t size) {
    heap_size = size;
    return NVRTC_SUCCESS;
}

nvrtcResult nvrtcGetPCHCreateStatus(nvrtcProgram program) {
    return is_program(program) ? NVRTC_ERROR_NO_PCH_CREATE_ATTEMPTED : NVRTC_ERROR_INVALID_PROGRAM;
}

nvrtcResult nvrtcGetPCHHeapSizeRequired(nvrtcProgram program, size_t *size) {
    if (!is_program(program)) {
        return NVRTC_ERROR_INVALID_PROGRAM;
    }
    if (!size) {
        return NVRTC_ERROR_INVALID_INPUT;
    }
    *size = 0;
    return NVRTC_SUCCESS;
}
