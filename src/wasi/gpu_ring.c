/* SPDX-License-Identifier: Apache-2.0 */
/* gpu_ring.c: requests to the JavaScript that has the device (gpu.h), and waiting for its answers. */
#include <string.h>

#include "wasi/gpu.h"
#include "wasi/thread.h"

struct cw_gpu_block cw_gpu_shared;

struct cw_gpu_block *cw_gpu_block(void) {
    return &cw_gpu_shared;
}

static uint32_t load(const uint32_t *word) {
    return __atomic_load_n(word, __ATOMIC_SEQ_CST);
}

/* True if this program's own worker serves, while the program is suspended; it says so in `unused`. */
static bool serves_itself(void) {
    return cw_gpu_shared.unused[0] != 0;
}

static void wait_while(uint32_t *word, uint32_t seen) {
    while (load(word) == seen) {
        if (serves_itself()) {
            cw_gpu_serve();
        } else {
            cw_wasi_wait(word, seen, -1);
        }
    }
}

static void put(uint32_t at, uint32_t word) {
    cw_gpu_shared.ring[at % CW_GPU_RING_WORDS] = word;
}

void cw_gpu_ask(enum cw_gpu_operation operation, const uint32_t *arguments, uint32_t count, const void *more, uint32_t more_bytes,
                struct cw_gpu_reply *reply) {
    uint32_t more_words = (more_bytes + 3) / 4, words = 3 + count + more_words;
    uint32_t head = cw_gpu_shared.head;
    for (uint32_t tail; head + words - (tail = load(&cw_gpu_shared.tail)) > CW_GPU_RING_WORDS;) {
        wait_while(&cw_gpu_shared.tail, tail);
    }
    if (reply) {
        __atomic_store_n(&reply->state, 0, __ATOMIC_SEQ_CST);
        reply->status = 0;
        reply->text[0] = 0;
    }
    put(head, operation);
    put(head + 1, words);
    put(head + 2, (uint32_t)(uintptr_t)reply);
    for (uint32_t i = 0; i < count; i++) {
        put(head + 3 + i, arguments[i]);
    }
    for (uint32_t i = 0; i < more_words; i++) {
        uint32_t word = 0, left = more_bytes - i * 4;
        memcpy(&word, (const char *)more + (size_t)i * 4, left < 4 ? left : 4);
        put(head + 3 + count + i, word);
    }
    __atomic_store_n(&cw_gpu_shared.head, head + words, __ATOMIC_SEQ_CST);
    if (!serves_itself()) {
        cw_wasi_wake(&cw_gpu_shared.head, UINT32_MAX);
    }
    if (reply) {
        wait_while(&reply->state, 0);
    }
}
