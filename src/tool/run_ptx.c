/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run_ptx.c: `run k.ptx --kernel NAME --grid ... --block ... --arg ...`. The runtime library is opened, not linked, and used
 * through the CUDA driver API, as a program would; the text is read by the front end first, so that its mistakes are shown with
 * their lines, and arguments are held against the kernel's parameters (PTX ISA 5.1.6.1).
 */
#include "tool/run_ptx.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cuda.h>

#include "base/file.h"
#include "frontend/cuda/toolchain.h"
#include "frontend/ptx/ast.h"
#include "tool/arguments.h"
#include "tool/command.h"
#include "tool/ptx_argument.h"
#include "tool/terminal.h"

struct request {
    const char *path, *kernel;
    unsigned grid[3], block[3];
    unsigned shared; /* bytes */
    unsigned shown;  /* elements of each buffer that are printed */
    struct cw_strings arguments;
    bool bad;
};

enum { KEY_KERNEL = 256, KEY_GRID, KEY_BLOCK, KEY_SHARED, KEY_ARG, KEY_SHOW, KEY_BACKEND };

static const struct argp_option own_options[] = {
    {"kernel", KEY_KERNEL, "NAME", 0, "the .entry to launch; needed when the text has several", 0},
    {"grid", KEY_GRID, "X[,Y[,Z]]", 0, "blocks (default: 1)", 0},
    {"block", KEY_BLOCK, "X[,Y[,Z]]", 0, "threads of a block (default: 1)", 0},
    {"shared", KEY_SHARED, "BYTES", 0, "dynamic shared memory", 0},
    {"arg", KEY_ARG, "ARGUMENT", 0,
     "one for each parameter, in order. TYPE:VALUE is a scalar, f32:1.5; TYPE[N] a buffer of N zeros, TYPE[N]=1,2,3 one with "
     "these first values, TYPE[N]=iota one with 0, 1, 2, ..., TYPE[N]=@FILE one with the file's bytes. TYPE is u8 s8 u16 s16 "
     "u32 s32 u64 s64 f32 or f64",
     0},
    {"show", KEY_SHOW, "N", 0, "how many elements of each buffer are printed afterwards (default: 16)", 0},
    {"backend", KEY_BACKEND, "NAME", 0, "where the kernel runs, as in CUDA_WASM_BACKEND", 0},
    {0},
};

/* A number from 0 to `most`; false, having said so, for anything else. */
static bool read_count(const char *option, const char *text, unsigned most, unsigned *value) {
    char *end;
    errno = 0;
    unsigned long number = strtoul(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || number > most) {
        cw_say_error("--%s %s: a number up to %u is wanted", option, text, most);
        return false;
    }
    *value = (unsigned)number;
    return true;
}

/* X, X,Y or X,Y,Z; the rest stays 1. */
static bool read_axes(const char *option, const char *text, unsigned axes[3]) {
    char *copy = cw_strdup(text), *rest = copy;
    bool good = true;
    unsigned count = 0;
    for (char *word = strsep(&rest, ","); word != NULL && good; word = strsep(&rest, ",")) {
        good = count < 3 && read_count(option, word, 2147483647u, &axes[count]) && axes[count] > 0;
        count++;
    }
    free(copy);
    if (!good) {
        cw_say_error("--%s %s: up to three sizes with commas between them are wanted, each at least 1", option, text);
    }
    return good;
}

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct request *request = state->input;
    switch (key) {
    case KEY_KERNEL:
        request->kernel = argument;
        return 0;
    case KEY_GRID:
        request->bad |= !read_axes("grid", argument, request->grid);
        return 0;
    case KEY_BLOCK:
        request->bad |= !read_axes("block", argument, request->block);
        return 0;
    case KEY_SHARED:
        request->bad |= !read_count("shared", argument, 1u << 30, &request->shared);
        return 0;
    case KEY_ARG:
        cw_strings_add(&request->arguments, argument);
        return 0;
    case KEY_SHOW:
        request->bad |= !read_count("show", argument, 1u << 30, &request->shown);
        return 0;
    case KEY_BACKEND:
        setenv("CUDA_WASM_BACKEND", argument, 1);
        return 0;
    case ARGP_KEY_ARG:
        if (request->path != NULL) {
            cw_say_error("run launches a kernel of one PTX file; '%s' is a second word", argument);
            request->bad = true;
        }
        request->path = argument;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = own_options,
    .parser = parse,
    .args_doc = "KERNELS.ptx",
    .doc =
        "Launches one kernel of a PTX text, on data that the command line describes, and prints what its buffers hold then.\v"
        "Examples:\n"
        "  cuda-wasm run saxpy.ptx --grid 4 --block 256 --arg f32:2 --arg f32[1024]=iota --arg 'f32[1024]' --arg u32:1024\n"
        "  cuda-wasm run kernels.ptx --kernel histogram --block 64 --arg u8[4096]=@image.raw --arg u32[256] --show 256\n\n" CW_EXIT_TEXT
        "\n",
};

bool cw_run_ptx_wanted(int argc, char **argv) {
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (argv[i][0] != '-' && strcmp(cw_path_extension(argv[i]), "ptx") == 0) {
            return true;
        }
    }
    return false;
}

/* ---- The kernel ---------------------------------------------------------------------------------------------- */

/* The kernel to launch, borrowed from the module; NULL after having said what is wrong. */
static const struct cw_ptx_function *find_kernel(const struct cw_ptx_module *module, const struct request *request) {
    const struct cw_ptx_function *found = NULL;
    unsigned count = 0;
    struct cw_text names = {0};
    for (uint32_t i = 0; i < module->item_count; i++) {
        const struct cw_ptx_function *function =
            module->items[i].kind == CW_PTX_ITEM_FUNCTION ? module->items[i].function : NULL;
        if (function == NULL || !function->entry || function->body == NULL) {
            continue;
        }
        cw_text_printf(&names, " %s", function->symbol->name);
        if (request->kernel == NULL || strcmp(request->kernel, function->symbol->name) == 0) {
            found = function;
            count++;
        }
    }
    if (names.size == 0) {
        cw_say_error("%s has no kernel (.entry)", request->path);
    } else if (count == 0) {
        cw_say_error("%s has no kernel '%s'; it has:%s", request->path, request->kernel, names.data);
    } else if (count > 1) {
        cw_say_error("which kernel? Give --kernel and one of:%s", names.data);
    }
    cw_text_fini(&names);
    return count == 1 ? found : NULL;
}

/* Reads the arguments and holds them against the parameters. */
static bool read_arguments(const struct request *request, const struct cw_ptx_function *kernel,
                           struct cw_ptx_argument *arguments) {
    if (request->arguments.count != kernel->param_count) {
        cw_say_error("'%s' has %u parameter%s, %zu --arg given", kernel->symbol->name, kernel->param_count,
                     kernel->param_count == 1 ? "" : "s", request->arguments.count);
        return false;
    }
    for (uint32_t i = 0; i < kernel->param_count; i++) {
        const struct cw_ptx_symbol *param = kernel->params[i];
        if (!cw_ptx_argument_read(&arguments[i], request->arguments.items[i])) {
            return false;
        }
        size_t size = arguments[i].count == 0 ? arguments[i].size : 8;
        if (size != param->size) {
            cw_say_error("--arg %s: parameter %u ('%s') has %llu bytes, %s has %zu", request->arguments.items[i], i,
                         param->name, (unsigned long long)param->size,
                         arguments[i].count == 0 ? "this" : "a buffer's address", size);
            return false;
        }
    }
    return true;
}

/* ---- The launch ---------------------------------------------------------------------------------------------- */

/* A function's name as its symbol: the headers rename some by macros. */
#define SYMBOL_OF(function) #function
#define SYMBOL(function) SYMBOL_OF(function)

/* One X row a function of the driver API: member, function. */
#define DRIVER_LIST(X)                                                                                                 \
    X(init, cuInit)                                                                                                    \
    X(device, cuDeviceGet)                                                                                             \
    X(retain, cuDevicePrimaryCtxRetain)                                                                                \
    X(current, cuCtxSetCurrent)                                                                                        \
    X(load, cuModuleLoadDataEx)                                                                                        \
    X(function, cuModuleGetFunction)                                                                                   \
    X(allocate, cuMemAlloc)                                                                                            \
    X(to_device, cuMemcpyHtoD)                                                                                         \
    X(to_host, cuMemcpyDtoH)                                                                                           \
    X(launch, cuLaunchKernel)                                                                                          \
    X(synchronize, cuCtxSynchronize)                                                                                   \
    X(error_string, cuGetErrorString)

struct driver {
#define X(member, function) __typeof__(&function) member;
    DRIVER_LIST(X)
#undef X
    const char *(*detail)(void);
};

static bool open_driver(struct driver *driver, const char *path) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        const char *reason = dlerror();
        cw_say_error("the runtime can't be loaded: %s", reason ? reason : path);
        return false;
    }
    bool whole = true;
#define X(member, name)                                                                                                \
    *(void **)&driver->member = dlsym(library, SYMBOL(name));                                                          \
    whole = whole && driver->member != NULL;
    DRIVER_LIST(X)
#undef X
    *(void **)&driver->detail = dlsym(library, "cw_last_error_detail");
    if (!whole || driver->detail == NULL) {
        cw_say_error("%s is of another version than this cuda-wasm; install both together", path);
    }
    return whole && driver->detail != NULL;
}

static bool done(const struct driver *driver, CUresult result, const char *doing) {
    const char *text = NULL;
    if (result == CUDA_SUCCESS) {
        return true;
    }
    driver->error_string(result, &text);
    const char *detail = driver->detail();
    cw_say_error("%s: %s%s%s", doing, text ? text : "unknown error", detail[0] != '\0' ? ": " : "", detail);
    return false;
}

static bool start_driver(const struct driver *driver) {
    CUdevice device;
    CUcontext context;
    return done(driver, driver->init(0), "the device can't be started") &&
           done(driver, driver->device(&device, 0), "there is no device") &&
           done(driver, driver->retain(&context, device), "the device can't be used") &&
           done(driver, driver->current(context), "the device can't be used");
}

static bool load_kernel(const struct driver *driver, const char *text, const char *name, CUfunction *function) {
    CUmodule module;
    static char log[16384];
    CUjit_option options[] = {CU_JIT_ERROR_LOG_BUFFER, CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES};
    void *values[] = {log, (void *)(uintptr_t)sizeof log};
    CUresult result = driver->load(&module, text, 2, options, values);
    if (result != CUDA_SUCCESS && log[0] != '\0') {
        fputs(log, stderr);
        return false;
    }
    return done(driver, result, "the text can't be loaded") &&
           done(driver, driver->function(function, module, name), name);
}

static bool put_arguments(const struct driver *driver, struct cw_ptx_argument *arguments, uint32_t count,
                          void **values) {
    for (uint32_t i = 0; i < count; i++) {
        struct cw_ptx_argument *argument = &arguments[i];
        CUdeviceptr address;
        values[i] = argument->bytes;
        if (argument->count == 0) {
            continue;
        }
        if (!done(driver, driver->allocate(&address, argument->size), "a buffer can't be allocated") ||
            !done(driver, driver->to_device(address, argument->bytes, argument->size), "a buffer can't be filled")) {
            return false;
        }
        argument->address = (uint64_t)address;
        values[i] = &argument->address;
    }
    return true;
}

static bool show_arguments(const struct driver *driver, struct cw_ptx_argument *arguments, uint32_t count,
                           unsigned shown) {
    for (uint32_t i = 0; i < count; i++) {
        if (arguments[i].count == 0) {
            continue;
        }
        if (!done(driver, driver->to_host(arguments[i].bytes, (CUdeviceptr)arguments[i].address, arguments[i].size),
                  "a buffer can't be read")) {
            return false;
        }
        printf("%u: ", i);
        cw_ptx_argument_print(&arguments[i], shown);
    }
    return true;
}

static int launch(const struct request *request, const char *text, const struct cw_ptx_function *kernel,
                  struct cw_ptx_argument *arguments) {
    struct driver driver;
    struct cw_layout layout = {0};
    CUfunction function;
    int result = CW_EXIT_ENVIRONMENT;
    void **values = cw_alloc_array(kernel->param_count + 1, sizeof *values);
    if (!cw_layout_find(&layout, (const void *)cw_run_ptx)) {
        cw_say_error("the folder of cuda-wasm can't be found out: is /proc mounted?");
    } else if (open_driver(&driver, layout.runtime) && start_driver(&driver)) {
        result = CW_EXIT_FAILURE;
        if (load_kernel(&driver, text, kernel->symbol->name, &function) &&
            put_arguments(&driver, arguments, kernel->param_count, values) &&
            done(&driver,
                 driver.launch(function, request->grid[0], request->grid[1], request->grid[2], request->block[0],
                               request->block[1], request->block[2], request->shared, NULL, values, NULL),
                 "the kernel can't be launched") &&
            done(&driver, driver.synchronize(), "the kernel failed") &&
            show_arguments(&driver, arguments, kernel->param_count, request->shown)) {
            result = CW_EXIT_OK;
        }
    }
    free(values);
    cw_layout_fini(&layout);
    return result;
}

static int run_text(const struct request *request, const struct cw_text *text) {
    struct cw_ptx_diagnostics diagnostics = {0};
    struct cw_text said = {0};
    int result = CW_EXIT_FAILURE;
    struct cw_ptx_module *module = cw_ptx_parse(cw_text_string(text), text->size, request->path, &diagnostics);
    cw_ptx_diagnostics_render(&diagnostics, request->path, cw_text_string(text), text->size, &said);
    fputs(cw_text_string(&said), stderr);
    const struct cw_ptx_function *kernel = module != NULL ? find_kernel(module, request) : NULL;
    if (kernel != NULL) {
        struct cw_ptx_argument *arguments = cw_alloc_array(kernel->param_count + 1, sizeof *arguments);
        result = CW_EXIT_USAGE;
        if (read_arguments(request, kernel, arguments)) {
            result = launch(request, cw_text_string(text), kernel, arguments);
        }
        for (uint32_t i = 0; i < kernel->param_count; i++) {
            cw_ptx_argument_fini(&arguments[i]);
        }
        free(arguments);
    } else if (module != NULL) {
        result = CW_EXIT_USAGE;
    }
    cw_ptx_module_free(module);
    cw_text_fini(&said);
    cw_ptx_diagnostics_fini(&diagnostics);
    return result;
}

int cw_run_ptx(int argc, char **argv) {
    struct request request = {.grid = {1, 1, 1}, .block = {1, 1, 1}, .shown = 16};
    struct cw_arguments arguments = {.argp = &argp, .input = &request};
    struct cw_text text = {0};
    int result = cw_arguments_parse(&arguments, argc, argv);
    if (result == CW_EXIT_OK && (request.bad || request.path == NULL)) {
        result = CW_EXIT_USAGE;
    }
    if (result == CW_EXIT_OK && cw_file_read(request.path, &text) != CW_OK) {
        cw_say_error("%s can't be read: %s", request.path, strerror(errno));
        result = CW_EXIT_FAILURE;
    }
    if (result == CW_EXIT_OK) {
        result = run_text(&request, &text);
    }
    cw_text_fini(&text);
    cw_strings_fini(&request.arguments);
    return result;
}
