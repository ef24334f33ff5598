/* SPDX-License-Identifier: Apache-2.0 */
/* devices: what cudaGetDeviceProperties tells programs. The runtime library is opened, not linked, so that `run` doesn't
 * load it. */
#include <dlfcn.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include <cuda_runtime_api.h>

#include "frontend/cuda/toolchain.h"
#include "tool/arguments.h"
#include "tool/backends.h"
#include "tool/command.h"
#include "tool/terminal.h"

struct request {
    bool all;
    bool json;
};

enum { KEY_JSON = 256, KEY_ALL };

static const struct argp_option own_options[] = {
    {"json", KEY_JSON, NULL, 0, "print JSON", 0},
    {"all", KEY_ALL, NULL, 0, "also list the devices of every backend that is installed, with driver and temperature, or why it has none", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct request *request = state->input;
    (void)argument;
    if (key != KEY_JSON && key != KEY_ALL) {
        return ARGP_ERR_UNKNOWN;
    }
    request->json |= key == KEY_JSON;
    request->all |= key == KEY_ALL;
    return 0;
}

static const struct argp argp = {
    .options = own_options,
    .parser = parse,
    .args_doc = "",
    .doc = "Lists the devices that CUDA programs see here.\v"
           "CUDA_WASM_BACKEND chooses the kind of device: auto, cpu, or the NAME of a plug-in "
           "libcudawasm-backend-NAME.so, which lies in a folder of CUDA_WASM_BACKEND_PATH or beside the runtime.\n\n"
           "Examples:\n"
           "  cuda-wasm devices\n"
           "  cuda-wasm devices --all\n"
           "  cuda-wasm devices --json\n\n" CW_EXIT_TEXT "\n",
};

/* A function's name as its symbol: the headers rename some by macros. */
#define SYMBOL_OF(function) #function
#define SYMBOL(function) SYMBOL_OF(function)

struct runtime {
    cudaError_t (*device_count)(int *count);
    cudaError_t (*device_properties)(struct cudaDeviceProp *properties, int device);
    const char *(*error_string)(cudaError_t error);
};

static bool open_runtime(struct runtime *runtime, const char *path) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        const char *reason = dlerror();
        cw_say_error("the runtime can't be loaded: %s", reason ? reason : path);
        return false;
    }
    *(void **)&runtime->device_count = dlsym(library, SYMBOL(cudaGetDeviceCount));
    *(void **)&runtime->device_properties = dlsym(library, SYMBOL(cudaGetDeviceProperties));
    *(void **)&runtime->error_string = dlsym(library, SYMBOL(cudaGetErrorString));
    if (runtime->device_count && runtime->device_properties && runtime->error_string) {
        return true;
    }
    cw_say_error("%s is of another version than this cuda-wasm; install both together", path);
    return false;
}

static void print_device(int ordinal, const struct cudaDeviceProp *properties) {
    printf("%d  %s\n", ordinal, properties->name);
    printf("   compute capability  %d.%d\n", properties->major, properties->minor);
    printf("   processors          %d at %.2f GHz\n", properties->multiProcessorCount, properties->clockRate / 1e6);
    printf("   memory              %.1f GB\n", (double)properties->totalGlobalMem / 1e9);
    printf("   shared memory       %zu KB a block\n", properties->sharedMemPerBlock / 1024);
    printf("   threads             %d a block, warps of %d\n", properties->maxThreadsPerBlock, properties->warpSize);
}

static json_t *device_json(int ordinal, const struct cudaDeviceProp *properties) {
    char capability[16];
    snprintf(capability, sizeof capability, "%d.%d", properties->major, properties->minor);
    return json_pack("{s:i,s:s,s:s,s:i,s:i,s:I,s:I,s:i,s:i}", "ordinal", ordinal, "name", properties->name,
                     "compute_capability", capability, "processors", properties->multiProcessorCount, "clock_khz",
                     properties->clockRate, "memory", (json_int_t)properties->totalGlobalMem, "shared_per_block",
                     (json_int_t)properties->sharedMemPerBlock, "max_threads_per_block", properties->maxThreadsPerBlock,
                     "warp_size", properties->warpSize);
}

static int list_devices(const struct runtime *runtime, bool json) {
    int count = 0;
    json_t *list = json ? json_array() : NULL;
    cudaError_t error = runtime->device_count(&count);
    for (int i = 0; i < count && error == cudaSuccess; i++) {
        struct cudaDeviceProp properties;
        error = runtime->device_properties(&properties, i);
        if (error == cudaSuccess && json) {
            json_array_append_new(list, device_json(i, &properties));
        } else if (error == cudaSuccess) {
            print_device(i, &properties);
        }
    }
    if (error != cudaSuccess) {
        cw_say_error("the devices can't be listed: %s", runtime->error_string(error));
    } else if (json) {
        json_dumpf(list, stdout, JSON_INDENT(2));
        putchar('\n');
    }
    json_decref(list);
    return error == cudaSuccess ? CW_EXIT_OK : CW_EXIT_ENVIRONMENT;
}

/* Every device that any plug-in finds, whatever programs would choose, and why the others find none. */
static void print_backend(const char *name, const struct cw_backend *backend, const char *reason, void *context) {
    struct cw_text text = {0};
    (void)context;
    if (!backend) {
        printf("%s: %s\n", name, reason);
        return;
    }
    for (uint32_t i = 0; i < backend->device_count(); i++) {
        cw_text_clear(&text);
        cw_backend_describe(backend, i, &text);
        printf("%s %u\n%s", name, i, cw_text_string(&text));
    }
    cw_text_fini(&text);
}

int cw_command_devices(int argc, char **argv) {
    struct request request = {0};
    struct runtime runtime;
    struct cw_layout layout = {0};
    struct cw_arguments arguments = {.argp = &argp, .input = &request};
    int result = cw_arguments_parse(&arguments, argc, argv);
    if (result == CW_EXIT_OK) {
        result = CW_EXIT_ENVIRONMENT;
        if (!cw_layout_find(&layout, (const void *)cw_command_devices)) {
            cw_say_error("the folder of cuda-wasm can't be found out: is /proc mounted?");
        } else if (open_runtime(&runtime, layout.runtime)) {
            result = list_devices(&runtime, request.json);
            if (request.all && !request.json) {
                cw_backends_visit(layout.libraries, print_backend, NULL);
            }
        }
    }
    cw_layout_fini(&layout);
    return result;
}
