/* SPDX-License-Identifier: Apache-2.0 */
#include "tool/host.h"

#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/utsname.h>

#ifndef AT_HWCAP2
#define AT_HWCAP2 26
#endif

#if defined(__x86_64__)
#include <cpuid.h>

void cw_host_hash(struct cw_hash *hash) {
    /* Feature bits and model; the leaf's ebx holds the APIC number, which differs from core to core. */
    unsigned a, b, c, d;
    if (__get_cpuid(1, &a, &b, &c, &d)) {
        const unsigned words[] = {a, c, d};
        cw_hash_bytes(hash, words, sizeof words);
    }
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d)) {
        const unsigned words[] = {b, c, d};
        cw_hash_bytes(hash, words, sizeof words);
    }
    if (__get_cpuid_count(7, 1, &a, &b, &c, &d)) {
        const unsigned words[] = {a, b, c, d};
        cw_hash_bytes(hash, words, sizeof words);
    }
    if (__get_cpuid(0x80000001u, &a, &b, &c, &d)) {
        const unsigned words[] = {c, d};
        cw_hash_bytes(hash, words, sizeof words);
    }
}

const char *const *cw_host_portable_cpus(void) {
    static const char *const cpus[] = {"x86-64-v4", "x86-64-v3", "x86-64", NULL};
    return cpus;
}

const char *cw_host_vector_features(void) {
    static char words[64];
    snprintf(words, sizeof words, "%s%s%s%s", __builtin_cpu_supports("sse4.2") ? "sse4.2 " : "sse2 ",
             __builtin_cpu_supports("avx") ? "avx " : "", __builtin_cpu_supports("avx2") ? "avx2 fma " : "",
             __builtin_cpu_supports("avx512f") ? "avx512f " : "");
    words[strlen(words) - 1] = '\0';
    return words;
}

#else

void cw_host_hash(struct cw_hash *hash) {
    struct utsname name;
    const unsigned long words[] = {getauxval(AT_HWCAP), getauxval(AT_HWCAP2)};
    cw_hash_bytes(hash, words, sizeof words);
    if (uname(&name) == 0) {
        cw_hash_string(hash, name.machine);
    }
}

const char *const *cw_host_portable_cpus(void) {
#if defined(__riscv)
    static const char *const cpus[] = {"generic-rv64", NULL};
#else
    static const char *const cpus[] = {"generic", NULL};
#endif
    return cpus;
}

const char *cw_host_vector_features(void) {
    static char words[64];
    snprintf(words, sizeof words, "hwcap %lx %lx", getauxval(AT_HWCAP), getauxval(AT_HWCAP2));
    return words;
}

#endif
