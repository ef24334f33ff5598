/* SPDX-License-Identifier: Apache-2.0 */
/*
 * launch.c: the device runtime that PTX of kernels calls which launch kernels: CUDA C++ Programming Guide, "CUDA Dynamic
 * Parallelism", and cuda_device_runtime_api.h, where nvcc 12 and later call each function __cudaCDP2NAME. Those are
 * __cw_ptx_launch_NAME here; what they do is what include/cuda/cw/device/runtime.h does for CUDA C++. Pointers and handles come
 * as 64-bit integers, as PTX passes them.
 *
 * A launch is two calls: one gives room for the parameters and takes the kernel and its configuration, which the other,
 * knowing only the room, needs. So the configuration is kept behind the most that parameters can take.
 */
#include "library/ptx/device.h"

#define PARAMETERS_MAX 4096u
#define INVALID_VALUE 1
#define MEMORY_ALLOCATION 2
#define INVALID_PITCH_VALUE 12

typedef uint64_t address;

void *cw_child_buffer(uint64_t size) __asm__("cw.child.buffer");
int cw_child_launch(void *kernel, void *buffer, int gx, int gy, int gz, int bx, int by, int bz, int shared,
                    void *stream) __asm__("cw.child.launch");
int cw_child_copy(void *to, uint64_t to_pitch, uint64_t to_slice, void *from, uint64_t from_pitch, uint64_t from_slice, uint64_t width,
                  uint64_t height, uint64_t depth, void *stream) __asm__("cw.child.copy");
int cw_child_fill(void *to, uint64_t pitch, uint64_t slice, int value, uint64_t width, uint64_t height, uint64_t depth,
                  void *stream) __asm__("cw.child.fill");
void *cw_child_stream(int flags) __asm__("cw.child.stream");
int cw_child_stream_end(void *stream) __asm__("cw.child.stream.end");
int cw_child_stream_wait(void *stream, void *event) __asm__("cw.child.stream.wait");
void *cw_child_event(int flags) __asm__("cw.child.event");
int cw_child_event_end(void *event) __asm__("cw.child.event.end");
int cw_child_event_record(void *event, void *stream) __asm__("cw.child.event.record");
int cw_error_last(int reset) __asm__("cw.error.last");
int cw_error_note(int error) __asm__("cw.error.note");
long long cw_ask(int question, long long argument) __asm__("cw.ask");
void *cw_malloc(uint64_t size) __asm__("malloc");
void cw_free(void *pointer) __asm__("free");

/* ---- Launches ---- */

struct configuration {
    void *kernel;
    int grid[3], block[3], shared;
};

EXPORT address __cw_ptx_launch_buffer(address kernel, uint32_t gx, uint32_t gy, uint32_t gz, uint32_t bx, uint32_t by, uint32_t bz,
                                      uint32_t shared) {
    char *buffer = cw_child_buffer(PARAMETERS_MAX + sizeof(struct configuration));
    if (buffer) {
        struct configuration *configuration = (struct configuration *)(buffer + PARAMETERS_MAX);
        configuration->kernel = (void *)kernel;
        configuration->grid[0] = (int)gx;
        configuration->grid[1] = (int)gy;
        configuration->grid[2] = (int)gz;
        configuration->block[0] = (int)bx;
        configuration->block[1] = (int)by;
        configuration->block[2] = (int)bz;
        configuration->shared = (int)shared;
    }
    return (address)buffer;
}

EXPORT uint32_t __cw_ptx_launch_LaunchDeviceV2(address place, address stream) {
    char *buffer = (char *)place;
    if (!buffer) return (uint32_t)cw_error_note(INVALID_VALUE);
    const struct configuration *c = (const struct configuration *)(buffer + PARAMETERS_MAX);
    return (uint32_t)cw_child_launch(c->kernel, buffer, c->grid[0], c->grid[1], c->grid[2], c->block[0], c->block[1], c->block[2],
                                     c->shared, (void *)stream);
}

/* ---- Errors, the device ---- */

EXPORT uint32_t __cw_ptx_launch_GetLastError(void) {
    return (uint32_t)cw_error_last(1);
}

EXPORT uint32_t __cw_ptx_launch_PeekAtLastError(void) {
    return (uint32_t)cw_error_last(0);
}

EXPORT address __cw_ptx_launch_GetErrorName(uint32_t error) {
    return (address)cw_ask(2, error);
}

EXPORT address __cw_ptx_launch_GetErrorString(uint32_t error) {
    return (address)cw_ask(3, error);
}

EXPORT uint32_t __cw_ptx_launch_GetDevice(address device) {
    *(int *)device = (int)cw_ask(4, 0);
    return 0;
}

EXPORT uint32_t __cw_ptx_launch_GetDeviceCount(address count) {
    *(int *)count = (int)cw_ask(5, 0);
    return 0;
}

EXPORT uint32_t __cw_ptx_launch_DeviceGetAttribute(address value, uint32_t attribute, uint32_t device) {
    long long answer = (int)device == (int)cw_ask(4, 0) ? cw_ask(0, attribute) : -1;
    if (answer == -1) return (uint32_t)cw_error_note(INVALID_VALUE);
    *(int *)value = (int)answer;
    return 0;
}

/* ---- Memory ---- */

EXPORT uint32_t __cw_ptx_launch_Malloc(address place, uint64_t size) {
    void *pointer = cw_malloc(size);
    *(void **)place = pointer;
    return pointer || size == 0 ? 0 : (uint32_t)cw_error_note(MEMORY_ALLOCATION);
}

EXPORT uint32_t __cw_ptx_launch_Free(address pointer) {
    cw_free((void *)pointer);
    return 0;
}

EXPORT uint32_t __cw_ptx_launch_MemcpyAsync(address to, address from, uint64_t size, uint32_t kind, address stream) {
    (void)kind;
    return (uint32_t)cw_child_copy((void *)to, size, size, (void *)from, size, size, size, 1, 1, (void *)stream);
}

EXPORT uint32_t __cw_ptx_launch_Memcpy2DAsync(address to, uint64_t to_pitch, address from, uint64_t from_pitch, uint64_t width,
                                              uint64_t height, uint32_t kind, address stream) {
    (void)kind;
    if (width > to_pitch || width > from_pitch) return (uint32_t)cw_error_note(INVALID_PITCH_VALUE);
    return (uint32_t)cw_child_copy((void *)to, to_pitch, 0, (void *)from, from_pitch, 0, width, height, 1, (void *)stream);
}

EXPORT uint32_t __cw_ptx_launch_MemsetAsync(address to, uint32_t value, uint64_t size, address stream) {
    return (uint32_t)cw_child_fill((void *)to, size, size, (int)value, size, 1, 1, (void *)stream);
}

EXPORT uint32_t __cw_ptx_launch_Memset2DAsync(address to, uint64_t pitch, uint32_t value, uint64_t width, uint64_t height,
                                              address stream) {
    if (width > pitch) return (uint32_t)cw_error_note(INVALID_VALUE);
    return (uint32_t)cw_child_fill((void *)to, pitch, 0, (int)value, width, height, 1, (void *)stream);
}

/* ---- Streams and events ---- */

EXPORT uint32_t __cw_ptx_launch_StreamCreateWithFlags(address place, uint32_t flags) {
    void *stream = cw_child_stream((int)flags);
    *(void **)place = stream;
    return stream ? 0 : (uint32_t)cw_error_last(0);
}

EXPORT uint32_t __cw_ptx_launch_StreamDestroy(address stream) {
    return (uint32_t)cw_child_stream_end((void *)stream);
}

EXPORT uint32_t __cw_ptx_launch_StreamWaitEvent(address stream, address event, uint32_t flags) {
    if (flags) return (uint32_t)cw_error_note(INVALID_VALUE);
    return (uint32_t)cw_child_stream_wait((void *)stream, (void *)event);
}

EXPORT uint32_t __cw_ptx_launch_EventCreateWithFlags(address place, uint32_t flags) {
    void *event = cw_child_event((int)flags);
    *(void **)place = event;
    return event ? 0 : (uint32_t)cw_error_last(0);
}

EXPORT uint32_t __cw_ptx_launch_EventDestroy(address event) {
    return (uint32_t)cw_child_event_end((void *)event);
}

EXPORT uint32_t __cw_ptx_launch_EventRecord(address event, address stream) {
    return (uint32_t)cw_child_event_record((void *)event, (void *)stream);
}

/* ---- Graphs: include/cuda/cw/device/graph.h ---- */

struct graph_question {
    uint64_t graph, stream, place;
};

/* CUDA's named streams for graphs are 1 to 3 in the highest byte; ours are 5 to 7. */
EXPORT uint32_t __cw_ptx_launch_GraphLaunch(address graph, address stream) {
    uint64_t named = stream >> 56;
    struct graph_question question = {graph, named >= 1 && named <= 3 && stream << 8 == 0 ? named + 4 : stream, 0};
    return (uint32_t)cw_error_note((int)cw_ask(6, (long long)&question));
}

EXPORT address __cw_ptx_launch_current_graph(void) {
    struct graph_question question = {0, 0, 0};
    return (address)cw_ask(7, (long long)&question);
}

EXPORT void __cw_ptx_launch_GraphSetConditional(address handle, uint32_t value) {
    __atomic_store_n((uint32_t *)handle, value, __ATOMIC_RELAXED);
}
