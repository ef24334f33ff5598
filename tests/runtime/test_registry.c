/* SPDX-License-Identifier: Apache-2.0 */
/* Registration in every order, and images that hold nothing usable. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "fake.h"
#include "harness.h"
#include "module/module.h"

/* An image of `data`, with all symbols. */
static void **register_image(const void *data) {
    struct fatbin_wrapper *wrapper = malloc(sizeof *wrapper);
    *wrapper = (struct fatbin_wrapper){FATBIN_MAGIC, 1, data, NULL};
    void **handle = __cudaRegisterFatBinary(wrapper);
    fake_register_symbols(handle);
    __cudaRegisterFatBinaryEnd(handle);
    return handle;
}

static void expect_refusal(cudaError_t error, const char *text) {
    int size = 0;
    GIVES(error, fake_note(1, NULL));
    CHECK(strstr(cw_last_error_detail(), text), "%s", cw_last_error_detail());
    /* A failure is remembered. */
    GIVES(error, fake_note(1, NULL));
    GIVES(error, cudaMemcpyToSymbol(&variable_numbers, &size, 4, 0, cudaMemcpyHostToDevice));
    OK(cudaDeviceSynchronize());
    CHECK(atomic_load(&fake_launches) == 0);
}

static void expect_work(void) {
    OK(fake_note(7, NULL));
    OK(cudaDeviceSynchronize());
    CHECK(fake_log_at(fake_log_count() - 1) == 7);
}

TEST(registry, inline_containers) {
    struct cw_text container = {0};
    fake_container(&container, true, true, "fake");
    register_image(container.data);
    expect_work();
}

TEST(registry, nothing_is_loaded_before_it_is_used) {
    char *p;
    fake_register();
    CHECK(atomic_load(&fake_opens) == 0);
    OK(cudaMalloc((void **)&p, 16));
    CHECK(atomic_load(&fake_modules) == 0);
    expect_work();
    CHECK(atomic_load(&fake_modules) == 1);
}

TEST(registry, the_container_may_come_after_the_first_call) {
    static uint8_t reference[CW_REFERENCE_SIZE];
    static const uint8_t id[16] = "comes later";
    struct cw_text container = {0};
    char *p;
    cw_reference_write(reference, id);
    register_image(reference);
    OK(cudaMalloc((void **)&p, 16));
    fake_container(&container, true, true, "fake");
    __cw_register_container(id, container.data, container.size);
    expect_work();
}

TEST(registry, a_missing_container_is_named) {
    static uint8_t reference[CW_REFERENCE_SIZE];
    static const uint8_t id[16] = {0xab, 0xcd};
    cw_reference_write(reference, id);
    register_image(reference);
    expect_refusal(cudaErrorNoKernelImageForDevice, "abcd0000");
}

/* A fat binary with one entry: its kind (1 PTX, 2 machine code), architecture 90, and `bytes` bytes of nothing. */
static void write_fatbin(uint8_t out[96], uint8_t kind, uint8_t bytes) {
    static const uint8_t header[16] = {0x50, 0xed, 0x55, 0xba, 1, 0, 16, 0, 80};
    memset(out, 0, 96);
    memcpy(out, header, sizeof header);
    out[16] = kind;
    out[20] = 64; /* the size of the entry's header */
    out[24] = bytes;
    out[44] = 90;
}

TEST(registry, nvidia_machine_code_is_refused) {
    static uint8_t nvidia[96];
    write_fatbin(nvidia, 2, 16);
    register_image(nvidia);
    expect_refusal(cudaErrorNoKernelImageForDevice,
                   "only as machine code for NVIDIA's GPUs (sm_90); build it with PTX in it, which nvcc's option -gencode "
                   "arch=compute_80,code=compute_80 adds");
}

TEST(registry, damaged_fat_binaries_are_refused) {
    static uint8_t nvidia[96];
    write_fatbin(nvidia, 1, 17);
    register_image(nvidia);
    expect_refusal(cudaErrorInvalidKernelImage, "damaged");
}

/* A device link: the container has machine code only, the units that were linked have the PTX. */
TEST(registry, units_of_a_device_link_all_need_ptx) {
    static uint8_t linked[96], unit[96];
    static const void *units[] = {unit, NULL};
    write_fatbin(linked, 2, 16);
    write_fatbin(unit, 2, 16);
    struct fatbin_wrapper wrapper = {FATBIN_MAGIC, 2, linked, (void *)units};
    void **handle = __cudaRegisterFatBinary(&wrapper);
    fake_register_symbols(handle);
    expect_refusal(cudaErrorNoKernelImageForDevice, "with PTX in it, in every object that is linked");
}

TEST(registry, foreign_data_is_refused) {
    static const char nonsense[64] = "this is no container";
    register_image(nonsense);
    expect_refusal(cudaErrorInvalidKernelImage, "no form that cuda-wasm knows");
}

TEST(registry, foreign_wrappers_are_refused) {
    struct fatbin_wrapper wrapper = {0x12345678, 1, "whatever", NULL};
    void **handle = __cudaRegisterFatBinary(&wrapper);
    CHECK(handle != NULL);
    fake_register_symbols(handle);
    expect_refusal(cudaErrorInvalidKernelImage, "no form");
}

/* Every single damaged byte must be noticed: the hash covers what the checks of sizes and offsets don't. */
TEST(registry, damaged_containers_are_refused) {
    struct cw_text container = {0};
    fake_container(&container, true, true, "fake");
    for (size_t at = 0; at < container.size; at += 13) {
        static const uint8_t id[16] = "damaged";
        uint8_t reference[CW_REFERENCE_SIZE];
        char *damaged = malloc(container.size);
        memcpy(damaged, container.data, container.size);
        damaged[at] = (char)(damaged[at] ^ 0x20);
        cw_reference_write(reference, id);
        void **handle = register_image(reference);
        __cw_register_container(id, damaged, container.size);
        cudaError_t error = fake_note(1, NULL);
        CHECK(error == cudaErrorInvalidKernelImage, "byte %zu: %s", at, cudaGetErrorName(error));
        __cudaUnregisterFatBinary(handle);
    }
    (void)cudaGetLastError();
    OK(cudaDeviceSynchronize());
    CHECK(atomic_load(&fake_launches) == 0);
}

TEST(registry, truncated_containers_are_refused) {
    struct cw_text container = {0};
    fake_container(&container, true, true, "fake");
    for (size_t size = 0; size < container.size; size += 41) {
        static const uint8_t id[16] = "truncated";
        uint8_t reference[CW_REFERENCE_SIZE];
        char *cut = malloc(size ? size : 1);
        memcpy(cut, container.data, size);
        cw_reference_write(reference, id);
        void **handle = register_image(reference);
        __cw_register_container(id, cut, size);
        GIVES(cudaErrorInvalidKernelImage, fake_note(1, NULL));
        __cudaUnregisterFatBinary(handle);
    }
}

TEST(registry, containers_without_table_are_refused) {
    struct cw_text container = {0};
    fake_container(&container, false, true, "fake");
    register_image(container.data);
    expect_refusal(cudaErrorInvalidKernelImage, "table");
}

TEST(registry, containers_for_other_targets_are_refused) {
    struct cw_text container = {0};
    fake_container(&container, true, true, "another");
    register_image(container.data);
    expect_refusal(cudaErrorNoKernelImageForDevice, "no kernels for the fake device");
}

TEST(registry, artifacts_for_other_machines_are_refused) {
    struct cw_text container = {0};
    atomic_store(&fake_score, 0);
    fake_container(&container, true, true, "fake");
    register_image(container.data);
    expect_refusal(cudaErrorNoKernelImageForDevice, "no kernels for the fake device");
}

TEST(registry, a_missing_compiler_is_named) {
    struct cw_text container = {0};
    const struct cw_entry entry = {CW_ENTRY_BITCODE, "", "", "", "BC\xc0\xde", 4};
    setenv("CUDA_WASM_CACHE_DIR", "/nonexistent/cuda-wasm", 1);
    cw_container_write(&container, &entry, 1);
    register_image(container.data);
    expect_refusal(cudaErrorNoKernelImageForDevice, "libcudawasm-compiler.so");
}

TEST(registry, unregistered_kernels_are_gone) {
    struct cw_text container = {0};
    fake_container(&container, true, true, "fake");
    void **handle = register_image(container.data);
    expect_work();
    __cudaUnregisterFatBinary(handle);
    GIVES(cudaErrorInvalidDeviceFunction, fake_note(1, NULL));
    register_image(container.data);
    expect_work();
    /* What the first image had loaded goes with the device. */
    OK(cudaDeviceReset());
    CHECK(atomic_load(&fake_modules) == 0);
    expect_work();
}

TEST(registry, the_same_stub_in_two_images) {
    struct cw_text container = {0};
    fake_container(&container, true, true, "fake");
    void **first = register_image(container.data);
    void **second = register_image(container.data);
    expect_work();
    __cudaUnregisterFatBinary(second);
    expect_work();
    __cudaUnregisterFatBinary(first);
    GIVES(cudaErrorInvalidDeviceFunction, fake_note(1, NULL));
}

/* nvcc's objects register a pointer to the variable, for which the runtime makes room. */
TEST(registry, managed_variables_of_nvcc_get_room) {
    static int *host;
    int value = 7, back = 0;
    struct cudaPointerAttributes attributes;
    struct cw_text container = {0};
    fake_container(&container, true, true, "fake");
    void **handle = register_image(container.data);
    __cudaRegisterManagedVar(handle, (void **)&host, NULL, "shared_counter", 0, 4, 0, 0);
    CHECK(host != NULL && *host == 0 && (uintptr_t)host % 256 == 0);
    OK(cudaMemcpyToSymbol(host, &value, 4, 0, cudaMemcpyHostToDevice));
    CHECK(*host == 7);
    OK(cudaMemcpyFromSymbol(&back, host, 4, 0, cudaMemcpyDeviceToHost));
    CHECK(back == 7);
    OK(cudaPointerGetAttributes(&attributes, host));
    CHECK(attributes.type == cudaMemoryTypeManaged);
    GIVES(cudaErrorInvalidSymbol, cudaMemcpyToSymbol(&host, &value, 4, 0, cudaMemcpyHostToDevice));
}

TEST(registry, launch_configurations_nest) {
    dim3 grid, block;
    size_t shared;
    cudaStream_t stream, own;
    OK(cudaStreamCreate(&own));
    CHECK(__cudaPushCallConfiguration((dim3){1, 2, 3}, (dim3){4, 5, 6}, 7, own) == 0);
    CHECK(__cudaPushCallConfiguration((dim3){9, 1, 1}, (dim3){8, 1, 1}, 0, NULL) == 0);
    OK(__cudaPopCallConfiguration(&grid, &block, &shared, &stream));
    CHECK(grid.x == 9 && block.x == 8 && shared == 0 && stream == NULL);
    OK(__cudaPopCallConfiguration(&grid, &block, &shared, &stream));
    CHECK(grid.x == 1 && grid.z == 3 && block.y == 5 && shared == 7 && stream == own);
    GIVES(cudaErrorMissingConfiguration, __cudaPopCallConfiguration(&grid, &block, &shared, &stream));
}

static void *launch_first(void *unused) {
    (void)unused;
    OK(fake_note(7, NULL));
    return NULL;
}

TEST(registry, threads_that_load_at_once_load_once) {
    pthread_t threads[8];
    fake_register();
    for (int i = 0; i < 8; i++) {
        CHECK(pthread_create(&threads[i], NULL, launch_first, NULL) == 0);
    }
    for (int i = 0; i < 8; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
    OK(cudaDeviceSynchronize());
    CHECK(fake_log_count() == 8 && atomic_load(&fake_modules) == 1);
}

static void *register_many(void *data) {
    char *hosts = data;
    struct fatbin_wrapper wrapper = {FATBIN_MAGIC, 1, NULL, NULL};
    for (int round = 0; round < 20; round++) {
        void **handle = __cudaRegisterFatBinary(&wrapper);
        for (int i = 0; i < 200; i++) {
            __cudaRegisterFunction(handle, &hosts[i], NULL, "none", -1, NULL, NULL, NULL, NULL, NULL);
        }
        __cudaUnregisterFatBinary(handle);
    }
    return NULL;
}

TEST(registry, registration_beside_launches) {
    static char hosts[4][200];
    pthread_t threads[4];
    fake_register();
    for (int i = 0; i < 4; i++) {
        CHECK(pthread_create(&threads[i], NULL, register_many, hosts[i]) == 0);
    }
    for (int i = 0; i < 200; i++) {
        OK(fake_note(i, NULL));
    }
    for (int i = 0; i < 4; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
    expect_work();
    GIVES(cudaErrorInvalidDeviceFunction, fake_launch(&hosts[0][0], NULL, NULL));
}
