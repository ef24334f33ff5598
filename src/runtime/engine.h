/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine.h: the state that stream.c, engine.c and event.c share, and how operations run. See stream.h for the model.
 *
 * Wakes are system calls of microseconds, so nobody makes them with the lock held: cw_rt_engine_unlock makes those
 * that were asked for meanwhile.
 */
#ifndef CW_RUNTIME_ENGINE_H
#define CW_RUNTIME_ENGINE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "runtime/event.h"
#include "runtime/slots.h"
#include "runtime/stream.h"

struct cw_rt_engine {
    pthread_mutex_t lock;
    struct cw_rt_slots streams;
    struct cw_rt_slots events;
    uint64_t next_identity;
    struct cw_rt_operation *free_operations;

    /* Streams whose head may run and that nobody runs; and streams whose head waits for other streams. */
    struct CUstream_st *ready_first, *ready_last;
    struct CUstream_st *blocked;
    struct CUstream_st *busy;     /* every stream with work pending */
    _Atomic uint32_t ready_count; /* read by spinning dispatchers without the lock */

    /* Dispatchers. `tokens` are wakes that no sleeper has taken yet. */
    uint32_t dispatchers, spinners, sleepers, tokens;
    uint32_t wakes_due, spawns_due; /* for cw_rt_engine_unlock */
    _Atomic uint32_t sleep_word;
    _Atomic uint32_t activity; /* changes with every submission: while it does, dispatchers keep spinning */
};

extern struct cw_rt_engine cw_rt_engine;

void cw_rt_engine_lock(void);
void cw_rt_engine_unlock(void);

/* Runs what one stream has that is ready, if there is one; false if there is none. For callers that have nobody else to do it:
 * where no thread can be started. */
bool cw_rt_engine_help(void);

/* With the lock held: */

bool cw_rt_operation_runnable(const struct cw_rt_operation *operation);
/* The head of `stream` may have become runnable and nobody runs the stream: lists it and has a dispatcher see to it. */
void cw_rt_engine_offer(struct CUstream_st *stream);
/* Queues the operation behind what its stream has. */
void cw_rt_engine_append(struct CUstream_st *stream, struct cw_rt_operation *operation);
/* Marks `stream` as run by the caller; its head is runnable. */
void cw_rt_engine_claim(struct CUstream_st *stream);
/* Runs operations of a claimed stream until none is runnable or, for a thread that waits, until `number` has
 * completed; then lets go of the stream. Unlocks while operations run. */
void cw_rt_engine_run(struct CUstream_st *stream, uint64_t number, bool dispatcher);
/* Takes the stream off the busy list if it has nothing to do and nothing pending on its device. */
void cw_rt_engine_rest(struct CUstream_st *stream);
/* Gives a stream's slot back if it is closing and empty. */
void cw_rt_engine_reap(struct CUstream_st *stream);

#endif
