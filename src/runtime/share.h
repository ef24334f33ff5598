/* SPDX-License-Identifier: Apache-2.0 */
/*
 * share.h: what processes on one machine share (CUDA C++ Programming Guide, "Interprocess Communication"): memory by
 * handles, pools by descriptors, events. A handle names the exporting process and one of its file descriptors, which the
 * other process opens through /proc: it must run as the same user, in the same PID namespace, and the exporting process
 * must be there still, as CUDA's rules have it.
 */
#ifndef CW_RUNTIME_SHARE_H
#define CW_RUNTIME_SHARE_H

#include <stdbool.h>
#include <stdint.h>

#include "cuda/driver_types.h"

struct cw_rt_device;
struct CUevent_st;

/* Memory of another process, as handles and export data hold it. */
struct cw_rt_shared_memory {
    uint64_t magic;
    int32_t process;
    int32_t file;
    uint64_t offset;
    uint64_t size;
    uint64_t token; /* the pool's that it is from; 0 */
    uint64_t birth; /* of the process, so that one with the same number is not mistaken for it */
};

/* Describes an allocation that begins at `pointer`. Waits for the device. */
cudaError_t cw_rt_share_memory(struct cw_rt_device *device, void *pointer, size_t size,
                               struct cw_rt_shared_memory *shared);
/* Maps it. cudaErrorInvalidResourceHandle when it is not there. */
cudaError_t cw_rt_map_memory(struct cw_rt_device *device, const struct cw_rt_shared_memory *shared, void **pointer);
/* Opens a descriptor of another process; -1. */
int cw_rt_open_shared(int32_t process, uint64_t birth, int32_t file);
/* When a process began, in the system's ticks; 0 when there is none. */
uint64_t cw_rt_process_birth(int32_t process);

/* ---- Events: event_share.c ---- */

/* Tickets in memory that processes share: what was recorded last, and what has happened. */
struct cw_rt_shared_event;

struct cw_rt_shared_event *cw_rt_shared_event_create(void);
void cw_rt_shared_event_release(struct cw_rt_shared_event *event);
/* Behind the work of a stream. */
cudaError_t cw_rt_shared_event_record(struct cw_rt_shared_event *event, struct CUstream_st *stream);
/* Lets a stream wait for the last record so far. */
cudaError_t cw_rt_shared_event_wait(struct cw_rt_shared_event *event, struct CUstream_st *stream);
bool cw_rt_shared_event_done(struct cw_rt_shared_event *event);
/* Lets the host wait. */
void cw_rt_shared_event_synchronize(struct cw_rt_shared_event *event);

#endif
