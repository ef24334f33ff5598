/* SPDX-License-Identifier: Apache-2.0 */
/*
 * services.c: the table from intrinsic to service. Names come from intrinsics.def; a module that imports an intrinsic
 * without a service is refused by name.
 */
#include "backend/cpu/services.h"

#include <string.h>

enum intrinsic {
#define CW_INTRINSIC(name, text, signature, effects, feature, doc) INTRINSIC_##name,
#include "module/intrinsics.def"
    INTRINSIC_COUNT
};

static const char *const intrinsic_texts[INTRINSIC_COUNT] = {
#define CW_INTRINSIC(name, text, signature, effects, feature, doc) [INTRINSIC_##name] = text,
#include "module/intrinsics.def"
};

static void (*const services[INTRINSIC_COUNT])(void) = {
#define CW_SERVICE(name, function) [INTRINSIC_##name] = (void (*)(void))(function),
#include "backend/cpu/services.def"
};

enum {
    SERVICE_COUNT =
#define CW_SERVICE(name, function) +1
#include "backend/cpu/services.def"
};
_Static_assert((int)SERVICE_COUNT == (int)INTRINSIC_COUNT, "every intrinsic has a row in services.def");

void *cw_cpu_service_find(const char *name) {
    void (*service)(void) = NULL;
    if (strcmp(name, "cw.thread_exit") == 0) {
        service = cw_cpu_thread_exit;
    } else if (strcmp(name, "cw.barrier_vote") == 0) {
        service = (void (*)(void))cw_cpu_barrier_vote;
    }
    for (size_t i = 0; i < INTRINSIC_COUNT && !service; i++) {
        if (strcmp(name, intrinsic_texts[i]) == 0) {
            service = services[i];
            break;
        }
    }
    void *address;
    _Static_assert(sizeof address == sizeof service, "POSIX lets object pointers hold functions");
    memcpy(&address, &service, sizeof address);
    return address;
}
