/* SPDX-License-Identifier: Apache-2.0 */
/* Which backend is chosen, and what is said of one that can't be. PLUGIN_FOLDER holds the plug-ins of plugin.c. */
#include <stdlib.h>
#include <string.h>

#include "fake.h"
#include "harness.h"

static void choose(const char *name, const char *path) {
    setenv("CUDA_WASM_BACKEND", name, 1);
    setenv("CUDA_WASM_BACKEND_PATH", path, 1);
}

static void expect_device(const char *name, int count) {
    struct cudaDeviceProp prop;
    int have = 0;
    OK(cudaGetDeviceCount(&have));
    CHECK(have == count, "%d devices", have);
    OK(cudaGetDeviceProperties(&prop, count - 1));
    CHECK(strcmp(prop.name, name) == 0, "%s", prop.name);
}

static void expect_problem(const char *text) {
    int count = 99;
    char *p;
    GIVES(cudaErrorInitializationError, cudaGetDeviceCount(&count));
    CHECK(count == 0);
    CHECK(strstr(cw_last_error_detail(), text), "%s", cw_last_error_detail());
    GIVES(cudaErrorInitializationError, cudaMalloc((void **)&p, 16));
    GIVES(cudaErrorInitializationError, cudaDeviceSynchronize());
    CHECK(strstr(cw_last_error_detail(), text), "%s", cw_last_error_detail());
    CHECK(cudaGetLastError() == cudaErrorInitializationError);
}

TEST(backend, the_cpu_when_there_is_nothing_else) {
    choose("auto", "/nonexistent:/tmp");
    expect_device("Fake", 1);
}

TEST(backend, the_cpu_by_name) {
    choose("cpu", PLUGIN_FOLDER);
    expect_device("Fake", 1);
}

TEST(backend, a_plugin_by_name) {
    choose("good", "/nonexistent:" PLUGIN_FOLDER);
    expect_device("good", 2);
    OK(cudaSetDevice(1));
    int device = -1;
    OK(cudaGetDevice(&device));
    CHECK(device == 1);
}

TEST(backend, the_best_score_wins_and_bad_plugins_are_skipped) {
    choose("auto", PLUGIN_FOLDER);
    expect_device("good", 2);
}

TEST(backend, unknown_names) {
    choose("quantum", PLUGIN_FOLDER);
    expect_problem("CUDA_WASM_BACKEND=quantum: there is no such backend");
}

TEST(backend, names_are_not_paths) {
    choose("../runtime/good", PLUGIN_FOLDER);
    expect_problem("there is no such backend");
}

TEST(backend, another_version) {
    choose("old", PLUGIN_FOLDER);
    expect_problem("version 77 of the backend contract");
}

TEST(backend, a_missing_member) {
    choose("hollow", PLUGIN_FOLDER);
    expect_problem("lacks the required member launch");
}

TEST(backend, a_table_that_is_too_small) {
    choose("small", PLUGIN_FOLDER);
    expect_problem("its table has 16 bytes");
}

TEST(backend, no_entry) {
    choose("mute", PLUGIN_FOLDER);
    expect_problem("does not export cw_backend_entry");
}

TEST(backend, no_device) {
    choose("idle", PLUGIN_FOLDER);
    expect_problem("finds no device or driver");
}

TEST(backend, not_a_library) {
    choose("broken", PLUGIN_FOLDER);
    expect_problem("libcudawasm-backend-broken.so");
}
