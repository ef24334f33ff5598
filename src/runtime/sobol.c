/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sobol.c: direction vectors of Sobol sequences, the part of cuRAND's host interface that kernels with curand_kernel.h need:
 * cuRAND documentation, "curandGetDirectionVectors32" and its kin. 20,000 dimensions of Joe and Kuo's table, which is read from
 * lib/cuda-wasm (scripts/make-sobol-table) when it is first asked for, and kept.
 *
 * cuRAND does not say how its scrambled vectors and constants come about. Here a scrambled vector is the plain one, times a random
 * lower triangular matrix of bits with ones on its diagonal (Matousek, "On the L2-discrepancy for anchored boxes", 1998), and
 * the constants are random words; both from splitmix64, the same in every run.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "cuda/curand.h"
#include "runtime/thread.h"

#define DIMENSIONS 20000u
#define DEGREE_MAX 18u

/* One of the four sets: made when asked for. */
struct set {
    pthread_once_t once;
    void *vectors;
    void *constants;
};

static struct set plain32 = {.once = PTHREAD_ONCE_INIT}, plain64 = {.once = PTHREAD_ONCE_INIT},
                  scrambled32 = {.once = PTHREAD_ONCE_INIT}, scrambled64 = {.once = PTHREAD_ONCE_INIT};

/* ---- The table ----------------------------------------------------------------------------------------------- */

struct bits {
    const unsigned char *bytes;
    size_t size, at; /* `at` counts bits */
};

static unsigned take(struct bits *bits, unsigned count) {
    unsigned value = 0;
    for (unsigned i = 0; i < count && bits->at / 8 < bits->size; i++, bits->at++) {
        value |= (unsigned)(bits->bytes[bits->at / 8] >> bits->at % 8 & 1) << i;
    }
    return value;
}

/* The vectors of one dimension, as fractions of 64 bits: v_k = m_k / 2^k, by the recurrence of its polynomial. */
static void make_dimension(struct bits *bits, uint64_t v[64]) {
    unsigned degree = take(bits, 5), inner = degree > 0 ? take(bits, degree - 1) : 0;
    if (degree == 0 || degree > DEGREE_MAX) {
        memset(v, 0, 64 * sizeof *v);
        return;
    }
    for (unsigned k = 1; k <= degree; k++) {
        v[k - 1] = (uint64_t)(take(bits, k - 1) << 1 | 1) << (64 - k);
    }
    for (unsigned k = degree; k < 64; k++) {
        v[k] = v[k - degree] ^ v[k - degree] >> degree;
        for (unsigned i = 1; i < degree; i++) {
            if (inner >> (degree - 1 - i) & 1) {
                v[k] ^= v[k - i];
            }
        }
    }
}

static uint64_t splitmix64(uint64_t *state) {
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* Each bit becomes the sum of itself and a random choice of those above it. */
static void scramble(uint64_t v[64], uint64_t *state) {
    uint64_t rows[64], result[64] = {0};
    for (unsigned bit = 0; bit < 64; bit++) {
        uint64_t above = bit == 0 ? 0 : ~(uint64_t)0 << (64 - bit), own = (uint64_t)1 << (63 - bit);
        rows[bit] = (splitmix64(state) & above) | own;
    }
    for (unsigned k = 0; k < 64; k++) {
        for (unsigned bit = 0; bit < 64; bit++) {
            result[k] |= (uint64_t)(__builtin_popcountll(rows[bit] & v[k]) & 1) << (63 - bit);
        }
    }
    memcpy(v, result, sizeof result);
}

static void *fill(const struct cw_text *table, bool wide, bool scrambled) {
    struct bits bits = {.bytes = (const unsigned char *)table->data, .size = table->size};
    unsigned width = wide ? 64 : 32;
    size_t each = wide ? sizeof(curandDirectionVectors64_t) : sizeof(curandDirectionVectors32_t);
    char *vectors = malloc(DIMENSIONS * each);
    uint64_t state = wide ? 64 : 32;
    for (unsigned d = 0; vectors && d < DIMENSIONS; d++) {
        uint64_t v[64];
        for (unsigned k = 0; d == 0 && k < 64; k++) {
            v[k] = (uint64_t)1 << (63 - k); /* the sequence of van der Corput */
        }
        if (d > 0) {
            make_dimension(&bits, v);
        }
        if (scrambled) {
            scramble(v, &state);
        }
        for (unsigned k = 0; k < width; k++) {
            if (wide) {
                ((unsigned long long *)(vectors + d * each))[k] = v[k];
            } else {
                ((unsigned *)(vectors + d * each))[k] = (unsigned)(v[k] >> 32);
            }
        }
    }
    return vectors;
}

static void make(struct set *set, bool wide, bool scrambled) {
    struct cw_text table = {0};
    char *folder = cw_folder_of_symbol((const void *)&splitmix64);
    char *path = folder ? cw_format("%s/cuda-wasm/joe-kuo-6.bin", folder) : NULL;
    if (path && cw_file_read(path, &table) == CW_OK) {
        set->vectors = fill(&table, wide, scrambled);
    } else {
        (void)cw_rt_fail(cudaErrorFileNotFound, "the table of Sobol's direction numbers, %s, can't be read", path ? path : "");
    }
    free(path);
    free(folder);
    cw_text_fini(&table);
    uint64_t state = wide ? 0x640000 : 0x320000;
    size_t each = wide ? sizeof(unsigned long long) : sizeof(unsigned);
    set->constants = scrambled && set->vectors ? malloc(DIMENSIONS * each) : NULL;
    for (unsigned d = 0; set->constants && d < DIMENSIONS; d++) {
        uint64_t word = splitmix64(&state);
        if (wide) {
            ((unsigned long long *)set->constants)[d] = word;
        } else {
            ((unsigned *)set->constants)[d] = (unsigned)(word >> 32);
        }
    }
}

static void make_plain32(void) {
    make(&plain32, false, false);
}
static void make_plain64(void) {
    make(&plain64, true, false);
}
static void make_scrambled32(void) {
    make(&scrambled32, false, true);
}
static void make_scrambled64(void) {
    make(&scrambled64, true, true);
}

/* ---- cuRAND's functions -------------------------------------------------------------------------------------- */

curandStatus_t curandGetDirectionVectors32(curandDirectionVectors32_t *vectors[], curandDirectionVectorSet_t set) {
    bool scrambled = set == CURAND_SCRAMBLED_DIRECTION_VECTORS_32_JOEKUO6;
    if (!vectors || (!scrambled && set != CURAND_DIRECTION_VECTORS_32_JOEKUO6)) {
        return CURAND_STATUS_OUT_OF_RANGE;
    }
    struct set *made = scrambled ? &scrambled32 : &plain32;
    pthread_once(&made->once, scrambled ? make_scrambled32 : make_plain32);
    *vectors = made->vectors;
    return made->vectors ? CURAND_STATUS_SUCCESS : CURAND_STATUS_INITIALIZATION_FAILED;
}

curandStatus_t curandGetDirectionVectors64(curandDirectionVectors64_t *vectors[], curandDirectionVectorSet_t set) {
    bool scrambled = set == CURAND_SCRAMBLED_DIRECTION_VECTORS_64_JOEKUO6;
    if (!vectors || (!scrambled && set != CURAND_DIRECTION_VECTORS_64_JOEKUO6)) {
        return CURAND_STATUS_OUT_OF_RANGE;
    }
    struct set *made = scrambled ? &scrambled64 : &plain64;
    pthread_once(&made->once, scrambled ? make_scrambled64 : make_plain64);
    *vectors = made->vectors;
    return made->vectors ? CURAND_STATUS_SUCCESS : CURAND_STATUS_INITIALIZATION_FAILED;
}

curandStatus_t curandGetScrambleConstants32(unsigned int **constants) {
    if (!constants) {
        return CURAND_STATUS_OUT_OF_RANGE;
    }
    pthread_once(&scrambled32.once, make_scrambled32);
    *constants = scrambled32.constants;
    return *constants ? CURAND_STATUS_SUCCESS : CURAND_STATUS_INITIALIZATION_FAILED;
}

curandStatus_t curandGetScrambleConstants64(unsigned long long **constants) {
    if (!constants) {
        return CURAND_STATUS_OUT_OF_RANGE;
    }
    pthread_once(&scrambled64.once, make_scrambled64);
    *constants = scrambled64.constants;
    return *constants ? CURAND_STATUS_SUCCESS : CURAND_STATUS_INITIALIZATION_FAILED;
}

curandStatus_t curandGetVersion(int *version) {
    if (!version) {
        return CURAND_STATUS_OUT_OF_RANGE;
    }
    *version = CURAND_VERSION;
    return CURAND_STATUS_SUCCESS;
}
