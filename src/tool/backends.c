/* SPDX-License-Identifier: Apache-2.0 */
#include "tool/backends.h"

#include <dirent.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define PREFIX "libcudawasm-backend-"
#define SUFFIX ".so"

static int is_plugin(const struct dirent *entry) {
    size_t length = strlen(entry->d_name), around = sizeof PREFIX - 1 + sizeof SUFFIX - 1;
    return length > around && strncmp(entry->d_name, PREFIX, sizeof PREFIX - 1) == 0 &&
           strcmp(entry->d_name + length - (sizeof SUFFIX - 1), SUFFIX) == 0;
}

static const struct cw_backend *open_plugin(const char *path, struct cw_text *reason) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    const struct cw_backend *(*entry)(void) = NULL;
    if (library) {
        *(void **)&entry = dlsym(library, "cw_backend_entry");
    }
    const struct cw_backend *backend = entry ? entry() : NULL;
    if (!library) {
        cw_text_printf(reason, "%s", dlerror());
    } else if (!backend || backend->abi_version != CW_BACKEND_ABI || backend->struct_size < sizeof *backend) {
        cw_text_printf(reason, "it is of another version than this cuda-wasm");
        backend = NULL;
    } else if (backend->probe() == 0) {
        const char *why = backend->problem ? backend->problem() : "";
        cw_text_printf(reason, "%s", why[0] ? why : "no device or driver is here");
        backend = NULL;
    }
    return backend;
}

void cw_backends_visit(const char *folder,
                       void (*visit)(const char *name, const struct cw_backend *backend, const char *reason, void *context),
                       void *context) {
    struct dirent **entries;
    int count = scandir(folder, &entries, is_plugin, alphasort);
    for (int i = 0; i < count; i++) {
        struct cw_text reason = {0};
        char *path = cw_format("%s/%s", folder, entries[i]->d_name);
        char *name = cw_strndup(entries[i]->d_name + sizeof PREFIX - 1,
                                strlen(entries[i]->d_name) - (sizeof PREFIX - 1) - (sizeof SUFFIX - 1));
        const struct cw_backend *backend = open_plugin(path, &reason);
        visit(name, backend, cw_text_string(&reason), context);
        cw_text_fini(&reason);
        free(name);
        free(path);
        free(entries[i]);
    }
    if (count >= 0) {
        free(entries);
    }
}

void cw_backend_describe(const struct cw_backend *backend, uint32_t ordinal, struct cw_text *text) {
    struct cw_backend_device *device = NULL;
    struct cw_device_facts facts = {0};
    struct cw_device_state state = {.temperature_celsius = -1, .busy_percent = -1};
    cw_status status = backend->device_open(ordinal, &device);
    if (status != CW_OK) {
        cw_text_printf(text, "   can't be opened\n");
        return;
    }
    backend->device_facts(device, &facts);
    if (backend->device_state) {
        backend->device_state(device, &state);
    }
    cw_text_printf(text, "   name                %s\n   memory              %.1f GB\n", facts.name,
                   (double)facts.total_memory / 1e9);
    if (facts.capability) {
        cw_text_printf(text, "   compute capability  %u.%u\n", facts.capability / 10, facts.capability % 10);
    }
    if (facts.target_cpu[0]) {
        cw_text_printf(text, "   compiled for        %s\n", facts.target_cpu);
    }
    if (facts.driver[0]) {
        cw_text_printf(text, "   driver              %s\n", facts.driver);
    }
    if (facts.bus_id[0]) {
        cw_text_printf(text, "   bus                 %s\n", facts.bus_id);
    }
    if (state.temperature_celsius >= 0) {
        cw_text_printf(text, "   temperature         %d C\n", state.temperature_celsius);
    }
    if (state.power_milliwatts) {
        cw_text_printf(text, "   power               %.1f W\n", state.power_milliwatts / 1e3);
    }
    backend->device_close(device);
}
