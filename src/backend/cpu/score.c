/* SPDX-License-Identifier: Apache-2.0 */
/*
 * score.c: whether code made for a CPU, in LLVM's words, can run here. The system's own list of instruction sets
 * (/proc/cpuinfo) is compared with the names in LLVM's feature string. Names whose instructions a compiler never puts
 * in by itself (privileged, cryptographic, tuning hints) don't matter, whatever the list says.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>

#include "backend/cpu/machine.h"

#define LIST_BYTES 8192

/* LLVM's word, and the system's where it is another. */
struct word {
    const char *llvm;
    const char *system;
};

struct level {
    const char *cpu;
    int score;
    const char *needs; /* the system's words, separated by spaces */
};

#if defined(__x86_64__)
static const char list_key[] = "flags";
/* Words of LLVM that matter; those that begin with "avx" matter too, under their own name. */
static const struct word words[] = {
    {"sse3", "pni"},          {"ssse3", "ssse3"},          {"sse4.1", "sse4_1"},
    {"sse4.2", "sse4_2"},     {"sse4a", "sse4a"},          {"popcnt", "popcnt"},
    {"cx16", "cx16"},         {"sahf", "lahf_lm"},         {"fma", "fma"},
    {"fma4", "fma4"},         {"xop", "xop"},              {"tbm", "tbm"},
    {"bmi", "bmi1"},          {"bmi2", "bmi2"},            {"lzcnt", "abm"},
    {"movbe", "movbe"},       {"f16c", "f16c"},            {"adx", "adx"},
    {"gfni", "gfni"},         {"avxvnni", "avx_vnni"},     {"avx512vbmi2", "avx512_vbmi2"},
    {"avx512vnni", "avx512_vnni"}, {"avx512bf16", "avx512_bf16"}, {"avx512fp16", "avx512_fp16"},
    {"avx512bitalg", "avx512_bitalg"}, {"avx512vpopcntdq", "avx512_vpopcntdq"},
    {"avx512vp2intersect", "avx512_vp2intersect"}, {"avxifma", "avx_ifma"},
    {"avxvnniint8", "avx_vnni_int8"}, {"avxneconvert", "avx_ne_convert"}, {"avxvnniint16", "avx_vnni_int16"},
    {"egpr", "apx"},          {"ndd", "apx"},              {"push2pop2", "apx"},
    {"ppx", "apx"},           {"ccmp", "apx"},             {"nf", "apx"},
    {"zu", "apx"},            {"cf", "apx"},               {"evex512", "avx512f"},
};
static const struct level levels[] = {
    {"x86-64", 10, "sse2"},
    {"x86-64-v2", 20, "sse2 cx16 lahf_lm popcnt pni sse4_1 sse4_2 ssse3"},
    {"x86-64-v3", 30, "cx16 lahf_lm popcnt sse4_2 ssse3 avx avx2 bmi1 bmi2 f16c fma abm movbe xsave"},
    {"x86-64-v4", 40,
     "cx16 lahf_lm popcnt sse4_2 ssse3 avx avx2 bmi1 bmi2 f16c fma abm movbe xsave avx512f avx512bw avx512cd avx512dq "
     "avx512vl"},
};
static bool matters(const char *word) {
    return strncmp(word, "avx", 3) == 0;
}
#elif defined(__aarch64__)
static const char list_key[] = "Features";
static const struct word words[] = {
    {"fp-armv8", "fp"},     {"neon", "asimd"},     {"crc", "crc32"},      {"lse", "atomics"},
    {"fullfp16", "asimdhp"}, {"rdm", "asimdrdm"},  {"dotprod", "asimddp"}, {"rcpc", "lrcpc"},
    {"rcpc-immo", "ilrcpc"}, {"jsconv", "jscvt"},  {"complxnum", "fcma"}, {"fp16fml", "asimdfhm"},
    {"sve", "sve"},         {"sve2", "sve2"},      {"i8mm", "i8mm"},      {"bf16", "bf16"},
    {"sve2p1", "sve2p1"},   {"lse2", "uscat"},     {"lse128", "lse128"},  {"cssc", "cssc"},
    {"mops", "mops"},       {"sme", "sme"},        {"fptoint", "frint"},  {"altnzcv", "flagm2"},
    {"flagm", "flagm"},
};
static const struct level levels[] = {
    {"generic", 10, "fp asimd"},
    {"armv8-a", 10, "fp asimd"},
    {"neoverse-v1", 30, "fp asimd atomics asimdhp asimddp sve"},
    {"a64fx", 30, "fp asimd atomics asimdhp sve"},
};
static bool matters(const char *word) {
    (void)word;
    return false;
}
#elif defined(__riscv)
static const char list_key[] = "isa";
/* The list is one word such as rv64imafdcv_zba_zbb; read_list takes it apart. */
static const struct word words[] = {
    {"m", "m"},     {"a", "a"},     {"f", "f"},     {"d", "d"},     {"c", "c"},       {"v", "v"},
    {"zba", "zba"}, {"zbb", "zbb"}, {"zbc", "zbc"}, {"zbs", "zbs"}, {"zfh", "zfh"},   {"zvfh", "zvfh"},
    {"zvbb", "zvbb"}, {"zicond", "zicond"}, {"zfa", "zfa"}, {"zcb", "zcb"},
};
static const struct level levels[] = {
    {"generic-rv64", 10, "m a f d c"},
    {"generic", 10, "m a f d c"},
};
static bool matters(const char *word) {
    (void)word;
    return false;
}
#else
#error "The CPU backend knows x86-64, AArch64 and 64-bit RISC-V."
#endif

/* What the kernel tells each program, for systems whose list is another machine's (emulators) or missing. */
static void read_auxiliary(char list[LIST_BYTES]) {
#if defined(__aarch64__)
    static const struct {
        unsigned bit;
        const char *word;
    } bits[] = {{0, "fp"}, {1, "asimd"}, {8, "atomics"}, {9, "fphp"}, {10, "asimdhp"}, {20, "asimddp"}, {22, "sve"}};
    unsigned long set = getauxval(AT_HWCAP);
    size_t used = 0;
    for (size_t i = 0; i < sizeof bits / sizeof bits[0]; i++) {
        if (set >> bits[i].bit & 1) {
            used += (size_t)snprintf(list + used, LIST_BYTES - used, " %s ", bits[i].word);
        }
    }
#elif defined(__riscv)
    unsigned long set = getauxval(AT_HWCAP); /* a bit a letter */
    size_t used = 0;
    for (unsigned letter = 0; letter < 26; letter++) {
        if (set >> letter & 1) {
            used += (size_t)snprintf(list + used, LIST_BYTES - used, " %c ", (char)('a' + letter));
        }
    }
#else
    (void)list;
#endif
}

/* The instruction sets that the system lists, each with a space before and behind. "" when there is no list. */
static void read_list(char list[LIST_BYTES]) {
    size_t used = 0;
    FILE *file = fopen("/proc/cpuinfo", "re");
    char line[LIST_BYTES - 64];
    list[0] = '\0';
    while (file && used == 0 && fgets(line, sizeof line, file)) {
        if (strncmp(line, list_key, sizeof list_key - 1) != 0 || !strchr(line, ':')) {
            continue;
        }
        const char *at = strchr(line, ':') + 1;
        at += strspn(at, " \t");
#if defined(__riscv)
        at += strncmp(at, "rv64", 4) == 0 ? 4 : 0;
        for (; *at && *at != '_' && *at != '\n' && used + 4 < LIST_BYTES; at++) {
            used += (size_t)snprintf(list + used, LIST_BYTES - used, " %c", *at == 'g' ? 'm' : *at);
            if (*at == 'g') {
                used += (size_t)snprintf(list + used, LIST_BYTES - used, " a f d");
            }
        }
#endif
        list[used++] = ' ';
        for (; *at && *at != '\n' && used + 2 < LIST_BYTES; at++) {
            list[used++] = *at == '_' && sizeof list_key == sizeof "isa" ? ' ' : *at;
        }
        list[used++] = ' ';
        list[used] = '\0';
    }
    if (file) {
        fclose(file);
    }
    if (used == 0) {
        read_auxiliary(list);
    }
}

static bool has(const char *list, const char *word, size_t length) {
    for (const char *at = list; (at = strchr(at, ' ')) != NULL; at++) {
        if (strncmp(at + 1, word, length) == 0 && at[1 + length] == ' ') {
            return true;
        }
    }
    return false;
}

static bool has_all(const char *list, const char *needs) {
    while (*needs) {
        size_t length = strcspn(needs, " ");
        if (!has(list, needs, length)) {
            return false;
        }
        needs += length + (needs[length] == ' ');
    }
    return true;
}

/* The system's word for LLVM's, NULL when it does not matter. */
static const char *system_word(const char *llvm) {
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i].llvm, llvm) == 0) {
            return words[i].system;
        }
    }
    return matters(llvm) ? llvm : NULL;
}

/* How many of the features that matter are wanted, or -1 when one is missing. */
static int count_features(const char *list, const char *features) {
    int count = 0;
    while (*features) {
        size_t length = strcspn(features, ",");
        char word[64];
        if (features[0] == '+' && length < sizeof word) {
            snprintf(word, sizeof word, "%.*s", (int)length - 1, features + 1);
            const char *name = system_word(word);
            if (name && !has(list, name, strlen(name))) {
                return -1;
            }
            count += name != NULL;
        }
        features += length + (features[length] == ',');
    }
    return count;
}

/* True if the machine's vectors are as long as code for the processor of that name assumes (target/cpu/vector.c). */
static bool has_vectors_of(const char *cpu) {
#if defined(__aarch64__)
    size_t name = strcspn(cpu, ",");
    int wanted = name == 11 && strncmp(cpu, "neoverse-v1", name) == 0 ? 32 : name == 5 && strncmp(cpu, "a64fx", name) == 0 ? 64 : 0;
    int length = wanted ? prctl(PR_SVE_GET_VL) : 0;
    return !wanted || (length >= 0 && (length & PR_SVE_VL_LEN_MASK) == wanted);
#else
    (void)cpu;
    return true;
#endif
}

int cw_cpu_machine_score(const char *cpu, const char *features) {
    char list[LIST_BYTES];
    read_list(list);
    cpu = cpu ? cpu : "";
    int wanted = count_features(list, features ? features : "");
    if (wanted < 0 || !has_vectors_of(cpu)) {
        return 0;
    }
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
        if (strcmp(levels[i].cpu, cpu) == 0) {
            return has_all(list, levels[i].needs) ? levels[i].score + (wanted > 0) : 0;
        }
    }
    /* Some processor's name, such as the compiler's host: only its full feature string tells what it needs. */
    return wanted > 0 ? 50 + wanted : 0;
}
