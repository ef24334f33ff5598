/* SPDX-License-Identifier: Apache-2.0 */
/*
 * event_share.c: events of several processes (cudaEventInterprocess). Their state is a page of a memory file: each record
 * draws the next ticket when it is submitted, and `done` grows to the ticket when the stream comes to it. Who waits, waits
 * for the ticket that was drawn last; now and then it looks whether the process that drew it is alive.
 */
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "cuda/cuda_runtime_api.h"
#include "runtime/device.h"
#include "runtime/event.h"
#include "runtime/share.h"
#include "runtime/stream.h"
#include "runtime/thread.h"

#define MAGIC 0x746e6576652d7763u
#define PATIENCE_NS 200000000L

/* In the file. */
struct page {
    uint64_t magic;
    _Atomic uint64_t drawn;
    _Atomic uint64_t done;
    _Atomic uint32_t word;   /* sleepers, of all processes */
    _Atomic int32_t process; /* that drew last */
};

struct cw_rt_shared_event {
    _Atomic uint32_t refs; /* the event and operations */
    int file;
    struct page *page;
};

struct handle {
    uint64_t magic;
    int32_t process;
    int32_t file;
    uint64_t birth;
};
_Static_assert(sizeof(struct handle) <= CUDA_IPC_HANDLE_SIZE, "it fits into a handle");

static struct cw_rt_shared_event *map_file(int file) {
    struct stat facts;
    struct cw_rt_shared_event *event = malloc(sizeof *event);
    struct page *page = MAP_FAILED;
    if (event && fstat(file, &facts) == 0 && facts.st_size >= (off_t)sizeof *page) {
        page = mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    }
    if (page == MAP_FAILED) {
        free(event);
        return NULL;
    }
    event->file = file;
    event->page = page;
    atomic_init(&event->refs, 1);
    return event;
}

struct cw_rt_shared_event *cw_rt_shared_event_create(void) {
    int file = memfd_create("cuda-wasm-event", MFD_CLOEXEC);
    struct cw_rt_shared_event *event = NULL;
    if (file >= 0 && ftruncate(file, (off_t)sizeof(struct page)) == 0) {
        event = map_file(file);
    }
    if (event) {
        event->page->magic = MAGIC;
    } else if (file >= 0) {
        close(file);
    }
    return event;
}

void cw_rt_shared_event_release(struct cw_rt_shared_event *event) {
    if (atomic_fetch_sub_explicit(&event->refs, 1, memory_order_acq_rel) == 1) {
        munmap(event->page, sizeof *event->page);
        close(event->file);
        free(event);
    }
}

/* ---- Waiting ------------------------------------------------------------------------------------------------- */

static bool reached(const struct page *page, uint64_t ticket) {
    return atomic_load_explicit(&page->done, memory_order_acquire) >= ticket;
}

static void wait_for(struct page *page, uint64_t ticket) {
    while (!reached(page, ticket)) {
        uint32_t seen = atomic_load_explicit(&page->word, memory_order_acquire);
        if (reached(page, ticket)) {
            return;
        }
        struct timespec patience = {.tv_nsec = PATIENCE_NS};
        long result = syscall(SYS_futex, &page->word, FUTEX_WAIT, seen, &patience, NULL, 0);
        int32_t process = atomic_load_explicit(&page->process, memory_order_relaxed);
        if (result != 0 && errno == ETIMEDOUT && cw_rt_process_birth(process) == 0) {
            cw_rt_say("process %d ended before the event that it had recorded happened", (int)process);
            return;
        }
    }
}

struct ticket {
    struct cw_rt_shared_event *event;
    uint64_t number;
};

static cudaError_t run_record(struct cw_rt_device *device, void *payload) {
    const struct ticket *ticket = payload;
    struct page *page = ticket->event->page;
    (void)device;
    uint64_t done = atomic_load_explicit(&page->done, memory_order_relaxed);
    while (done < ticket->number &&
           !atomic_compare_exchange_weak_explicit(&page->done, &done, ticket->number, memory_order_release,
                                                  memory_order_relaxed)) {}
    atomic_fetch_add_explicit(&page->word, 1, memory_order_release);
    syscall(SYS_futex, &page->word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
    cw_rt_shared_event_release(ticket->event);
    return cudaSuccess;
}

static cudaError_t run_wait(struct cw_rt_device *device, void *payload) {
    const struct ticket *ticket = payload;
    (void)device;
    wait_for(ticket->event->page, ticket->number);
    cw_rt_shared_event_release(ticket->event);
    return cudaSuccess;
}

/* A thread that waits must not run another process's wait: a dispatcher does both kinds. */
static cudaError_t queue(struct cw_rt_shared_event *event, struct CUstream_st *stream, bool record) {
    struct cw_rt_operation *operation = cw_rt_operation_take(sizeof(struct ticket));
    if (!operation) {
        return cw_rt_fail(cudaErrorMemoryAllocation, "no memory to queue an operation");
    }
    struct page *page = event->page;
    struct ticket *ticket = operation->payload;
    ticket->event = event;
    if (record) {
        atomic_store_explicit(&page->process, (int32_t)getpid(), memory_order_relaxed);
        ticket->number = atomic_fetch_add_explicit(&page->drawn, 1, memory_order_acq_rel) + 1;
    } else {
        ticket->number = atomic_load_explicit(&page->drawn, memory_order_acquire);
    }
    atomic_fetch_add_explicit(&event->refs, 1, memory_order_relaxed);
    operation->execute = record ? run_record : run_wait;
    operation->flags = CW_RT_EVEN_AFTER_FAULT | CW_RT_DISPATCHER_ONLY;
    return cw_rt_queue(stream, operation, CW_RT_ASYNC, NULL);
}

cudaError_t cw_rt_shared_event_record(struct cw_rt_shared_event *event, struct CUstream_st *stream) {
    return queue(event, stream, true);
}

cudaError_t cw_rt_shared_event_wait(struct cw_rt_shared_event *event, struct CUstream_st *stream) {
    return cw_rt_shared_event_done(event) ? cudaSuccess : queue(event, stream, false);
}

bool cw_rt_shared_event_done(struct cw_rt_shared_event *event) {
    return reached(event->page, atomic_load_explicit(&event->page->drawn, memory_order_acquire));
}

void cw_rt_shared_event_synchronize(struct cw_rt_shared_event *event) {
    wait_for(event->page, atomic_load_explicit(&event->page->drawn, memory_order_acquire));
}

/* ---- Handles ------------------------------------------------------------------------------------------------- */

static cudaError_t get_handle(cudaIpcEventHandle_t *result, cudaEvent_t event) {
    cudaError_t error = cw_rt_event_check(event);
    if (error != cudaSuccess) {
        return error;
    }
    if (!result || !event->shared) {
        return cw_rt_fail(result ? cudaErrorInvalidResourceHandle : cudaErrorInvalidValue,
                          "the event was created without cudaEventInterprocess, or there is no place for the handle");
    }
    struct handle handle = {MAGIC, (int32_t)getpid(), event->shared->file, cw_rt_process_birth((int32_t)getpid())};
    memset(result, 0, sizeof *result);
    memcpy(result, &handle, sizeof handle);
    return cudaSuccess;
}

cudaError_t cudaIpcGetEventHandle(cudaIpcEventHandle_t *handle, cudaEvent_t event) {
    return cw_rt_record(get_handle(handle, event));
}

static cudaError_t open_handle(cudaEvent_t *event, const cudaIpcEventHandle_t *given) {
    struct handle handle;
    if (!event) {
        return cw_rt_fail(cudaErrorInvalidValue, "the place for the event is NULL");
    }
    memcpy(&handle, given, sizeof handle);
    int file = handle.magic == MAGIC ? cw_rt_open_shared(handle.process, handle.birth, handle.file) : -1;
    struct cw_rt_shared_event *shared = file >= 0 ? map_file(file) : NULL;
    if (!shared || shared->page->magic != MAGIC) {
        if (shared) {
            cw_rt_shared_event_release(shared);
        } else if (file >= 0) {
            close(file);
        }
        return cw_rt_fail(
            cudaErrorMapBufferObjectFailed,
            "the handle stands for no event: its process has ended, has destroyed it, or is another user's");
    }
    return cw_rt_event_adopt(event, shared);
}

cudaError_t cudaIpcOpenEventHandle(cudaEvent_t *event, cudaIpcEventHandle_t handle) {
    return cw_rt_record(open_handle(event, &handle));
}
