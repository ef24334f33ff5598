/* SPDX-License-Identifier: Apache-2.0 */
/* module.c: the closed sets of names that a kernel module may use, and the words for status codes. */
#include "module/module.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* The effects' short names in intrinsics.def. */
enum {
    PURE = CW_EFFECT_PURE,
    MEMORY = CW_EFFECT_MEMORY,
    CONVERGENT = CW_EFFECT_CONVERGENT,
    SUSPENDS = CW_EFFECT_SUSPENDS,
    NORETURN = CW_EFFECT_NORETURN,
};

const struct cw_intrinsic_info cw_intrinsics[CW_INTRINSIC_COUNT] = {
#define CW_INTRINSIC(name, text, signature, effects, feature, doc)                                                     \
    [CW_INTRINSIC_##name] = {text, signature, effects, feature, doc},
#include "module/intrinsics.def"
};

static const char *const llvm_names[] = {
#define CW_LLVM_INTRINSIC(text) text,
#include "module/llvm_intrinsics.def"
};

static const char *const math_names[] = {
#define CW_MATH(name, signature) #name,
#include "module/math.def"
};

enum {
    LLVM_COUNT = sizeof(llvm_names) / sizeof(llvm_names[0]),
    MATH_COUNT = sizeof(math_names) / sizeof(math_names[0]),
};

/* The tables are ordered for their readers; these are their names in strcmp's order, made once. */
struct named {
    const char *text;
    unsigned row;
};

static pthread_once_t sorted_once = PTHREAD_ONCE_INIT;
static struct named intrinsics_sorted[CW_INTRINSIC_COUNT];
static struct named llvm_sorted[LLVM_COUNT];
static struct named math_sorted[MATH_COUNT];

static int compare_named(const void *a, const void *b) {
    const struct named *left = a;
    const struct named *right = b;
    return strcmp(left->text, right->text);
}

static void sort_names(void) {
    for (unsigned i = 0; i < CW_INTRINSIC_COUNT; i++) {
        intrinsics_sorted[i] = (struct named){cw_intrinsics[i].text, i};
    }
    for (unsigned i = 0; i < LLVM_COUNT; i++) {
        llvm_sorted[i] = (struct named){llvm_names[i], i};
    }
    for (unsigned i = 0; i < MATH_COUNT; i++) {
        math_sorted[i] = (struct named){math_names[i], i};
    }
    qsort(intrinsics_sorted, CW_INTRINSIC_COUNT, sizeof(struct named), compare_named);
    qsort(llvm_sorted, LLVM_COUNT, sizeof(struct named), compare_named);
    qsort(math_sorted, MATH_COUNT, sizeof(struct named), compare_named);
}

static const struct named *find(const struct named *sorted, size_t count, const char *text) {
    pthread_once(&sorted_once, sort_names);
    const struct named key = {text, 0};
    return bsearch(&key, sorted, count, sizeof(key), compare_named);
}

enum cw_intrinsic cw_intrinsic_find(const char *text) {
    const struct named *found = find(intrinsics_sorted, CW_INTRINSIC_COUNT, text);
    return found == NULL ? CW_INTRINSIC_COUNT : (enum cw_intrinsic)found->row;
}

bool cw_math_function_known(const char *name) {
    return find(math_sorted, MATH_COUNT, name) != NULL;
}

/* The end of the decimal number at `at`, or NULL when there is none. */
static const char *skip_number(const char *at) {
    size_t digits = strspn(at, "0123456789");
    return digits == 0 ? NULL : at + digits;
}

/* True if `suffix` is a list of the types that an overloaded intrinsic's name ends in, as ".p0.v4f32.i64". Scalable
 * vectors and target types have no place in a kernel module. */
static bool type_suffix(const char *suffix) {
    while (suffix != NULL && *suffix == '.') {
        const char *at = suffix + 1;
        while (at != NULL && *at == 'v') {
            at = skip_number(at + 1);
        }
        if (at == NULL) {
            return false;
        }
        at += strncmp(at, "bf16", 4) == 0;
        if (*at != 'i' && *at != 'f' && *at != 'p') {
            return false;
        }
        suffix = skip_number(at + 1);
    }
    return suffix != NULL && *suffix == '\0';
}

bool cw_llvm_intrinsic_allowed(const char *name) {
    char stem[64];
    size_t length = strnlen(name, sizeof(stem));
    if (length == sizeof(stem)) {
        return false;
    }
    memcpy(stem, name, length + 1);
    /* Names contain dots themselves: take type after type off the end until the rest is a row. */
    for (;;) {
        if (find(llvm_sorted, LLVM_COUNT, stem) != NULL) {
            return type_suffix(name + strlen(stem));
        }
        char *dot = strrchr(stem, '.');
        if (dot == NULL) {
            return false;
        }
        *dot = '\0';
    }
}

const char *cw_status_text(cw_status status) {
    static const char *const texts[] = {
#define X(name, text) [name] = text,
        CW_STATUS_LIST(X)
#undef X
    };
    if ((unsigned)status >= sizeof(texts) / sizeof(texts[0])) {
        return "unknown status";
    }
    return texts[status];
}
