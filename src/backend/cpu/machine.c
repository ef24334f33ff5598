/* SPDX-License-Identifier: Apache-2.0 */
/* machine.c: processors, memory and caches: see machine.h. Everything comes from /proc, /sys and libc. */
#include "backend/cpu/machine.h"

#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/wish.h"

#define PROCESSORS_MAX 1024u
#define DEVICES_MAX 16u
#define CLOCK_KHZ_UNKNOWN 1000000u

uint32_t cw_cpu_machine_processors(void) {
    const char *wish = getenv("CUDA_WASM_THREADS");
    if (wish && *wish) {
        long count = strtol(wish, NULL, 10);
        if (count >= 1) {
            return count > (long)PROCESSORS_MAX ? PROCESSORS_MAX : (uint32_t)count;
        }
    }
    uint32_t count = 0;
    cpu_set_t *set = CPU_ALLOC(4096);
    if (set) {
        size_t size = CPU_ALLOC_SIZE(4096);
        CPU_ZERO_S(size, set);
        if (sched_getaffinity(0, size, set) == 0) {
            count = (uint32_t)CPU_COUNT_S(size, set);
        }
        CPU_FREE(set);
    }
    if (count == 0) {
        long online = sysconf(_SC_NPROCESSORS_ONLN);
        count = online > 0 ? (uint32_t)online : 1;
    }
    return count > PROCESSORS_MAX ? PROCESSORS_MAX : count;
}

uint32_t cw_cpu_machine_devices(void) {
    char wish[16];
    long count = cw_wish_for("cpu", wish, sizeof wish) && wish[0] ? strtol(wish, NULL, 10) : 1;
    return count < 1 ? 1 : count > (long)DEVICES_MAX ? DEVICES_MAX : (uint32_t)count;
}

/* ---- Memory ------------------------------------------------------------------------------------------------------- */

/* The number that a file begins with. False when there is none ("max"). */
static bool read_number(const char *path, uint64_t *number) {
    FILE *file = fopen(path, "re");
    if (!file) {
        return false;
    }
    unsigned long long value;
    bool read = fscanf(file, "%llu", &value) == 1;
    fclose(file);
    *number = value;
    return read;
}

/* The least free space below a limit, and the least limit, of the process's memory control group and those above it.
 * `v2` tells the two hierarchies' file names apart. */
static void measure_group(const char *root, char *path, bool v2, uint64_t *limit, uint64_t *space) {
    for (;;) {
        char file[4400];
        uint64_t most, used;
        snprintf(file, sizeof file, "%s%s/%s", root, path, v2 ? "memory.max" : "memory.limit_in_bytes");
        if (read_number(file, &most)) {
            *limit = most < *limit ? most : *limit;
            snprintf(file, sizeof file, "%s%s/%s", root, path, v2 ? "memory.current" : "memory.usage_in_bytes");
            if (read_number(file, &used)) {
                uint64_t left = used < most ? most - used : 0;
                *space = left < *space ? left : *space;
            }
        }
        char *slash = strrchr(path, '/');
        if (!slash) {
            return;
        }
        *slash = '\0'; /* the group above; "" is the root's */
    }
}

static void measure_groups(uint64_t *limit, uint64_t *space) {
    FILE *file = fopen("/proc/self/cgroup", "re");
    if (!file) {
        return;
    }
    char line[4200];
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        char *controllers = strchr(line, ':');
        char *path = controllers ? strchr(controllers + 1, ':') : NULL;
        if (!path) {
            continue;
        }
        *path++ = '\0';
        if (controllers[1] == '\0') {
            measure_group("/sys/fs/cgroup", path, true, limit, space);
        } else if (strstr(controllers, "memory")) {
            measure_group("/sys/fs/cgroup/memory", path, false, limit, space);
        }
    }
    fclose(file);
}

static uint64_t memory_wish(void) {
    const char *wish = getenv("CUDA_WASM_MEMORY");
    if (!wish || !*wish) {
        return UINT64_MAX;
    }
    char *end;
    unsigned long long value = strtoull(wish, &end, 10);
    uint32_t shift = *end == 'K' || *end == 'k' ? 10 : *end == 'M' || *end == 'm' ? 20 : *end == 'G' || *end == 'g' ? 30 : 0;
    return end == wish || value > UINT64_MAX >> shift ? UINT64_MAX : (uint64_t)value << shift;
}

uint64_t cw_cpu_machine_memory(void) {
    long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    uint64_t total = pages > 0 && page > 0 ? (uint64_t)pages * (uint64_t)page : UINT64_MAX;
    uint64_t limit = UINT64_MAX, space = UINT64_MAX;
    measure_groups(&limit, &space);
    uint64_t wish = memory_wish();
    total = limit < total ? limit : total;
    return wish < total ? wish : total;
}

uint64_t cw_cpu_machine_memory_free(void) {
    uint64_t available = UINT64_MAX;
    FILE *file = fopen("/proc/meminfo", "re");
    if (file) {
        char line[128];
        unsigned long long kib;
        while (fgets(line, sizeof line, file)) {
            if (sscanf(line, "MemAvailable: %llu", &kib) == 1) {
                available = (uint64_t)kib << 10;
                break;
            }
        }
        fclose(file);
    }
    uint64_t limit = UINT64_MAX, space = UINT64_MAX;
    measure_groups(&limit, &space);
    return space < available ? space : available;
}

/* ---- Names, clocks, caches ---------------------------------------------------------------------------------------- */

/* The value of the first of /proc/cpuinfo's lines whose key is `key`. */
static bool read_cpuinfo(const char *key, char *value, size_t size) {
    FILE *file = fopen("/proc/cpuinfo", "re");
    if (!file) {
        return false;
    }
    char line[512];
    bool found = false;
    while (!found && fgets(line, sizeof line, file)) {
        size_t length = strlen(key);
        char *colon = strchr(line, ':');
        if (strncmp(line, key, length) == 0 && (line[length] == '\t' || line[length] == ' ' || line[length] == ':') &&
            colon) {
            colon++;
            colon += strspn(colon, " \t");
            colon[strcspn(colon, "\n")] = '\0';
            snprintf(value, size, "%s", colon);
            found = true;
        }
    }
    fclose(file);
    return found;
}

void cw_cpu_machine_name(char *name, size_t size) {
    if (!read_cpuinfo("model name", name, size) && !read_cpuinfo("uarch", name, size)) {
#if defined(__aarch64__)
        snprintf(name, size, "ARM");
#elif defined(__riscv)
        snprintf(name, size, "RISC-V");
#else
        snprintf(name, size, "CPU");
#endif
    }
}

uint32_t cw_cpu_machine_clock_khz(void) {
    uint64_t khz;
    if (read_number("/sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq", &khz) && khz && khz < UINT32_MAX) {
        return (uint32_t)khz;
    }
    char mhz[64];
    if (read_cpuinfo("cpu MHz", mhz, sizeof mhz)) {
        double value = strtod(mhz, NULL);
        if (value > 1 && value < 1e6) {
            return (uint32_t)(value * 1000);
        }
    }
    return CLOCK_KHZ_UNKNOWN;
}

uint32_t cw_cpu_machine_cache(void) {
    uint64_t bytes = 0;
    for (int i = 0; i < 8; i++) {
        char path[96];
        uint64_t kib;
        snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu0/cache/index%d/size", i);
        if (read_number(path, &kib) && kib << 10 > bytes) {
            bytes = kib << 10; /* the levels grow */
        }
    }
    return bytes < UINT32_MAX ? (uint32_t)bytes : UINT32_MAX;
}
