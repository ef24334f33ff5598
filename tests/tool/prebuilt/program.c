/* SPDX-License-Identifier: Apache-2.0 */
/*
 * program.c: what nvcc makes of a CUDA program, by hand: host code that has its kernels as a fat binary and calls NVIDIA's
 * runtime library by its names and in the forms of version CUDART (11, 12 or 13). FATBIN names the file with the container,
 * UNITS, for a device link, the files with the containers of what was linked.
 *
 * usage: program properties|pointers|graphs|managed|kernel|launch
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef void *cudaStream_t;
struct dim3 {
    unsigned x, y, z;
};

void **__cudaRegisterFatBinary(void *wrapper);
void __cudaRegisterFatBinaryEnd(void **handle);
void __cudaUnregisterFatBinary(void **handle);
void __cudaRegisterFunction(void **handle, const char *host, char *device, const char *name, int thread_limit, void *tid,
                            void *bid, void *block_dim, void *grid_dim, int *warp_size);
void __cudaRegisterVar(void **handle, char *host, char *device, const char *name, int external, size_t size, int constant,
                       int global);
void __cudaRegisterManagedVar(void **handle, void **host, char *device, const char *name, int external, size_t size,
                              int constant, int global);
char __cudaInitModule(void **handle);
unsigned __cudaPushCallConfiguration(struct dim3 grid, struct dim3 block, size_t shared, cudaStream_t stream);
int __cudaPopCallConfiguration(struct dim3 *grid, struct dim3 *block, size_t *shared, cudaStream_t *stream);
int cudaLaunchKernel(const void *function, struct dim3 grid, struct dim3 block, void **args, size_t shared,
                     cudaStream_t stream);
int __cudaGetKernel(void **kernel, const void *function);
int __cudaLaunchKernel(void *kernel, struct dim3 grid, struct dim3 block, void **args, size_t shared, cudaStream_t stream);
int cudaLaunchCooperativeKernel(const void *function, struct dim3 grid, struct dim3 block, void **args, size_t shared,
                                cudaStream_t stream);
int cudaMalloc(void **pointer, size_t size);
int cudaMemcpy(void *to, const void *from, size_t size, int kind);
int cudaMemcpyToSymbol(const void *symbol, const void *from, size_t size, size_t offset, int kind);
int cudaMemcpyFromSymbol(void *to, const void *symbol, size_t size, size_t offset, int kind);
int cudaDeviceSynchronize(void);
int cudaPointerGetAttributes(void *attributes, const void *pointer);
const char *cudaGetErrorName(int error);
int cudaGraphCreate(void **graph, unsigned flags);
int cudaGraphAddEmptyNode(void **node, void *graph, void *const *dependencies, size_t count);
#if CUDART == 11
int cudaGraphInstantiate(void **exec, void *graph, void **node, char *log, size_t size);
#else
int cudaGraphInstantiate(void **exec, void *graph, unsigned long long flags);
#endif
#if CUDART == 13
int cudaGraphAddDependencies(void *graph, void *const *from, void *const *to, const void *edges, size_t count);
#else
int cudaGraphAddDependencies(void *graph, void *const *from, void *const *to, size_t count);
#endif
#if CUDART == 12
#define cudaGetDeviceProperties cudaGetDeviceProperties_v2
#endif
int cudaGetDeviceProperties(void *properties, int device);

/* ---- Registration --------------------------------------------------------------------------------------------------- */

#define INCLUDE(label, file)                                                                                           \
    __asm__(".section .nv_fatbin, \"a\"\n.balign 8\n" #label ": .incbin \"" file "\"\n.previous\n");                    \
    extern const char label[]
INCLUDE(fatbin, FATBIN);
#ifdef UNIT
INCLUDE(unit, UNIT);
static const void *const units[] = {unit, NULL};
#define LINKED_VERSION 2
#else
#define units NULL
#define LINKED_VERSION 1
#endif

static struct {
    int magic, version;
    const void *data, *more;
} wrapper __attribute__((section(".nvFatBinSegment"))) = {0x466243b1, LINKED_VERSION, fatbin, units};

static void **handle;
static int factor, blocks; /* stand for the device's */
static int *total;

static void scale(int *values, int count, char unused, const int *offsets);

/* Stands for a kernel that is only launched by its address. */
static void meet(void) {
    abort();
}

static void end(void) {
    __cudaUnregisterFatBinary(handle);
}

__attribute__((constructor)) static void begin(void) {
    handle = __cudaRegisterFatBinary(&wrapper);
    __cudaRegisterFunction(handle, (const char *)scale, (char *)"scale", "scale", -1, NULL, NULL, NULL, NULL, NULL);
    __cudaRegisterFunction(handle, (const char *)meet, (char *)"meet", "meet", -1, NULL, NULL, NULL, NULL, NULL);
    __cudaRegisterVar(handle, (char *)&factor, (char *)"factor", "factor", 0, 4, 1, 0);
    __cudaRegisterVar(handle, (char *)&blocks, (char *)"blocks", "blocks", 0, 4, 0, 0);
    __cudaRegisterManagedVar(handle, (void **)&total, (char *)"total", "total", 0, 4, 0, 0);
    __cudaRegisterFatBinaryEnd(handle);
    atexit(end);
}

/* The stub of a kernel. CUDA 13's goes by a handle. */
static void scale(int *values, int count, char unused, const int *offsets) {
    struct dim3 grid, block;
    size_t shared;
    cudaStream_t stream;
    void *args[] = {&values, &count, &unused, &offsets};
    if (__cudaPopCallConfiguration(&grid, &block, &shared, &stream) != 0) {
        return;
    }
#if CUDART == 13
    static void *kernel;
    if (__cudaGetKernel(&kernel, (const void *)scale) == 0) {
        (void)__cudaLaunchKernel(kernel, grid, block, args, shared, stream);
    }
#else
    (void)cudaLaunchKernel((const void *)scale, grid, block, args, shared, stream);
#endif
}

/* ---- What is tested ------------------------------------------------------------------------------------------------- */

static void check(int error, const char *call) {
    if (error != 0) {
        printf("%s: %s\n", call, cudaGetErrorName(error));
        exit(1);
    }
}
#define CHECK(call) check(call, #call)

#define GUARD 0x5a
#define ROOM 2048

/* How many bytes of a struct of `expected` bytes were written: no more than those. */
static void check_guard(const unsigned char *room, size_t expected) {
    for (size_t i = expected; i < ROOM; i++) {
        if (room[i] != GUARD) {
            printf("byte %zu behind the struct's %zu was written\n", i, expected);
            exit(1);
        }
    }
}

/* Where some members of cudaDeviceProp are: driver_types.h of CUDA 11.8, 12.9, 13.0. */
enum {
    SIZE = CUDART == 11 ? 728 : CUDART == 12 ? 1032 : 1008,
    WARP = 308,
    MAJOR = 360,
    PROCESSORS = CUDART == 13 ? 384 : 388,
    ALIGNMENT = CUDART == 13 ? 552 : 568,
    COOPERATIVE = CUDART == 13 ? 668 : 688,
    RESERVED = CUDART == 13 ? 696 : 720,
};

static int word(const unsigned char *room, size_t offset) {
    int value;
    memcpy(&value, room + offset, sizeof value);
    return value;
}

static void properties(void) {
    unsigned char room[ROOM];
    memset(room, GUARD, sizeof room);
    CHECK(cudaGetDeviceProperties(room, 0));
    check_guard(room, SIZE);
    printf("warp %d, capability %d.%d, processors %s, surfaces %d, cooperative %d, reserved %d\n", word(room, WARP),
           word(room, MAJOR), word(room, MAJOR + 4), word(room, PROCESSORS) > 0 ? "some" : "none", word(room, ALIGNMENT),
           word(room, COOPERATIVE), word(room, RESERVED));
}

static void pointers(void) {
    unsigned char room[ROOM];
    void *memory;
    memset(room, GUARD, sizeof room);
    CHECK(cudaMalloc(&memory, 64));
    CHECK(cudaPointerGetAttributes(room, memory));
    check_guard(room, CUDART == 13 ? 88 : 24);
    printf("type %d, device %d\n", word(room, 0), word(room, 4));
}

static void graphs(void) {
    void *graph, *exec = NULL, *nodes[2];
    CHECK(cudaGraphCreate(&graph, 0));
    CHECK(cudaGraphAddEmptyNode(&nodes[0], graph, NULL, 0));
    CHECK(cudaGraphAddEmptyNode(&nodes[1], graph, NULL, 0));
#if CUDART == 13
    CHECK(cudaGraphAddDependencies(graph, &nodes[0], &nodes[1], NULL, 1));
#else
    CHECK(cudaGraphAddDependencies(graph, &nodes[0], &nodes[1], 1));
#endif
#if CUDART == 11
    char log[16] = "not touched";
    void *node = graph;
    CHECK(cudaGraphInstantiate(&exec, graph, &node, log, sizeof log));
    printf("log \"%s\", %s node\n", log, node ? "a" : "no");
#else
    CHECK(cudaGraphInstantiate(&exec, graph, 0));
#endif
    puts(exec ? "instantiated" : "nothing");
}

/* nvcc's host code calls __cudaInitModule before it first looks at a managed variable. */
static void managed(void) {
    int loaded = __cudaInitModule(handle);
    printf("module %d, total %d\n", loaded, *total);
}

static void kernel(void) {
    enum { COUNT = 1000 };
    int values[COUNT], offsets[COUNT], three = 3, seen = 0;
    void *memory, *more;
    for (int i = 0; i < COUNT; i++) {
        values[i] = i;
        offsets[i] = 7 * i;
    }
    CHECK(cudaMalloc(&memory, sizeof values));
    CHECK(cudaMalloc(&more, sizeof values));
    CHECK(cudaMemcpy(memory, values, sizeof values, 1));
    CHECK(cudaMemcpy(more, offsets, sizeof values, 1));
    CHECK(cudaMemcpyToSymbol(&factor, &three, sizeof three, 0, 1));
    if (__cudaPushCallConfiguration((struct dim3){8, 1, 1}, (struct dim3){128, 1, 1}, 0, NULL) == 0) {
        scale(memory, COUNT, 'x', more);
    }
    CHECK(cudaDeviceSynchronize());
    CHECK(cudaMemcpy(values, memory, sizeof values, 2));
    CHECK(cudaMemcpyFromSymbol(&seen, &blocks, sizeof seen, 0, 2));
    long sum = 0;
    for (int i = 0; i < COUNT; i++) {
        sum += values[i];
    }
    printf("sum %ld, blocks %d, total %d\n", sum, seen, *total);
}

/* 3 blocks of 128 threads; the upper tile of 64 of each sums 64 to 127. */
static void launch(void) {
    int values[4] = {0};
    void *memory, *args[] = {&memory};
    CHECK(cudaMalloc(&memory, sizeof values));
    CHECK(cudaMemcpy(memory, values, sizeof values, 1));
    CHECK(cudaLaunchCooperativeKernel((const void *)meet, (struct dim3){3, 1, 1}, (struct dim3){128, 1, 1}, args, 0, NULL));
    CHECK(cudaDeviceSynchronize());
    CHECK(cudaMemcpy(values, memory, sizeof values, 2));
    printf("met %d, seen %d, child %d %d\n", values[0], values[1], values[2], values[3]);
}

int main(int argc, char **argv) {
    static const struct {
        const char *name;
        void (*run)(void);
    } parts[] = {{"properties", properties}, {"pointers", pointers}, {"graphs", graphs}, {"managed", managed}, {"kernel", kernel}, {"launch", launch}};
    for (int a = 1; a < argc; a++) {
        for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
            if (strcmp(argv[a], parts[i].name) == 0) {
                parts[i].run();
            }
        }
    }
    return 0;
}
