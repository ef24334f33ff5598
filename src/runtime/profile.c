/* SPDX-License-Identifier: Apache-2.0 */
/*
 * profile.c: NVTX (the NVIDIA Tools Extension's public documentation) and CUDA's profiler control. See profile.h. Notes are
 * a ring under a lock: they are made around launches, not in them.
 */
#include "runtime/profile.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <wchar.h>

#include "cuda/cuda_runtime_api.h"
#include "cuda/nvtx3/nvToolsExtCuda.h"
#include "cuda/nvtx3/nvToolsExtCudaRt.h"
#include "runtime/wait.h"

struct nvtxDomainRegistration_st {
    char name[24];
};

struct nvtxStringRegistration_st {
    struct nvtxStringRegistration_st *next;
    char text[CW_RT_NOTE_TEXT_MAX];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct cw_rt_note ring[CW_RT_NOTES_MAX];
static nvtxStringHandle_t strings; /* registered; they live as long as the process */
static uint64_t count; /* of all notes so far */
static _Atomic uint64_t last_range;
static _Thread_local int depth;

/* Copies what fits, never half of a UTF-8 character. */
static void copy_text(char *to, size_t room, const char *from) {
    size_t length = from ? strlen(from) : 0;
    if (length >= room) {
        length = room - 1;
        while (length > 0 && ((unsigned char)from[length] & 0xc0) == 0x80) {
            length--;
        }
    }
    memcpy(to, from ? from : "", length);
    to[length] = '\0';
}

static void note(enum cw_rt_note_kind kind, uint64_t id, nvtxDomainHandle_t domain,
                 const nvtxEventAttributes_t *attributes, const char *text) {
    struct cw_rt_note made = {
        .time_ns = cw_rt_now_ns(), .id = id, .kind = kind, .thread = (uint32_t)syscall(SYS_gettid)};
    copy_text(made.domain, sizeof made.domain, domain ? domain->name : NULL);
    copy_text(made.text, sizeof made.text, text);
    if (attributes) {
        made.color = attributes->colorType == NVTX_COLOR_ARGB ? attributes->color : 0;
        made.category = attributes->category;
    }
    pthread_mutex_lock(&lock);
    ring[count++ % CW_RT_NOTES_MAX] = made;
    pthread_mutex_unlock(&lock);
}

size_t cw_rt_notes_read(uint64_t *next, struct cw_rt_note *notes, size_t room) {
    size_t copied = 0;
    pthread_mutex_lock(&lock);
    uint64_t first = count > CW_RT_NOTES_MAX ? count - CW_RT_NOTES_MAX : 0;
    uint64_t at = *next > first ? *next : first;
    for (; at < count && copied < room; at++) {
        notes[copied++] = ring[at % CW_RT_NOTES_MAX];
    }
    *next = at;
    pthread_mutex_unlock(&lock);
    return copied;
}

/* ---- CUDA's profiler control --------------------------------------------------------------------------------- */

cudaError_t cudaProfilerStart(void) {
    note(CW_RT_NOTE_PROFILER_START, 0, NULL, NULL, NULL);
    return cudaSuccess;
}

cudaError_t cudaProfilerStop(void) {
    note(CW_RT_NOTE_PROFILER_STOP, 0, NULL, NULL, NULL);
    return cudaSuccess;
}

/* ---- Texts: plain, wide and registered ------------------------------------------------------------------------ */

/* Wide text as bytes of the current locale's encoding, or ASCII where it has no such character. */
static void narrow(char *to, size_t room, const wchar_t *from) {
    size_t used = 0;
    for (; from && *from && used + 1 < room; from++) {
        to[used++] = *from > 0 && *from < 128 ? (char)*from : '?';
    }
    to[used] = '\0';
}

static const char *text_of(const nvtxEventAttributes_t *attributes, char *room, size_t size) {
    room[0] = '\0';
    if (!attributes) {
        return room;
    }
    switch (attributes->messageType) {
    case NVTX_MESSAGE_TYPE_ASCII:
        copy_text(room, size, attributes->message.ascii);
        break;
    case NVTX_MESSAGE_TYPE_UNICODE:
        narrow(room, size, attributes->message.unicode);
        break;
    case NVTX_MESSAGE_TYPE_REGISTERED:
        copy_text(room, size, attributes->message.registered ? attributes->message.registered->text : NULL);
        break;
    default:
        break;
    }
    return room;
}

/* ---- Marks and ranges ---------------------------------------------------------------------------------------- */

void nvtxDomainMarkEx(nvtxDomainHandle_t domain, const nvtxEventAttributes_t *attributes) {
    char text[CW_RT_NOTE_TEXT_MAX];
    note(CW_RT_NOTE_MARK, 0, domain, attributes, text_of(attributes, text, sizeof text));
}

int nvtxDomainRangePushEx(nvtxDomainHandle_t domain, const nvtxEventAttributes_t *attributes) {
    char text[CW_RT_NOTE_TEXT_MAX];
    note(CW_RT_NOTE_BEGIN, (uint64_t)depth, domain, attributes, text_of(attributes, text, sizeof text));
    return depth++;
}

int nvtxDomainRangePop(nvtxDomainHandle_t domain) {
    if (depth == 0) {
        return -2; /* NVTX_NO_PUSH_POP_TRACKING: there is nothing to pop */
    }
    depth--;
    note(CW_RT_NOTE_END, (uint64_t)depth, domain, NULL, NULL);
    return depth;
}

nvtxRangeId_t nvtxDomainRangeStartEx(nvtxDomainHandle_t domain, const nvtxEventAttributes_t *attributes) {
    char text[CW_RT_NOTE_TEXT_MAX];
    uint64_t id = ((uint64_t)1 << 32) + atomic_fetch_add_explicit(&last_range, 1, memory_order_relaxed);
    note(CW_RT_NOTE_BEGIN, id, domain, attributes, text_of(attributes, text, sizeof text));
    return id;
}

void nvtxDomainRangeEnd(nvtxDomainHandle_t domain, nvtxRangeId_t id) {
    note(CW_RT_NOTE_END, id, domain, NULL, NULL);
}

void nvtxMarkEx(const nvtxEventAttributes_t *attributes) {
    nvtxDomainMarkEx(NULL, attributes);
}

void nvtxMarkA(const char *message) {
    note(CW_RT_NOTE_MARK, 0, NULL, NULL, message);
}

void nvtxMarkW(const wchar_t *message) {
    char text[CW_RT_NOTE_TEXT_MAX];
    narrow(text, sizeof text, message);
    nvtxMarkA(text);
}

int nvtxRangePushEx(const nvtxEventAttributes_t *attributes) {
    return nvtxDomainRangePushEx(NULL, attributes);
}

int nvtxRangePushA(const char *message) {
    note(CW_RT_NOTE_BEGIN, (uint64_t)depth, NULL, NULL, message);
    return depth++;
}

int nvtxRangePushW(const wchar_t *message) {
    char text[CW_RT_NOTE_TEXT_MAX];
    narrow(text, sizeof text, message);
    return nvtxRangePushA(text);
}

int nvtxRangePop(void) {
    return nvtxDomainRangePop(NULL);
}

nvtxRangeId_t nvtxRangeStartEx(const nvtxEventAttributes_t *attributes) {
    return nvtxDomainRangeStartEx(NULL, attributes);
}

nvtxRangeId_t nvtxRangeStartA(const char *message) {
    nvtxEventAttributes_t attributes = {.messageType = NVTX_MESSAGE_TYPE_ASCII, .message.ascii = message};
    return nvtxDomainRangeStartEx(NULL, &attributes);
}

nvtxRangeId_t nvtxRangeStartW(const wchar_t *message) {
    nvtxEventAttributes_t attributes = {.messageType = NVTX_MESSAGE_TYPE_UNICODE, .message.unicode = message};
    return nvtxDomainRangeStartEx(NULL, &attributes);
}

void nvtxRangeEnd(nvtxRangeId_t id) {
    nvtxDomainRangeEnd(NULL, id);
}

/* ---- Names --------------------------------------------------------------------------------------------------- */

void nvtxNameOsThreadA(uint32_t thread, const char *name) {
    note(CW_RT_NOTE_NAME, thread, NULL, NULL, name);
}

void nvtxNameOsThreadW(uint32_t thread, const wchar_t *name) {
    char text[CW_RT_NOTE_TEXT_MAX];
    narrow(text, sizeof text, name);
    nvtxNameOsThreadA(thread, text);
}

void nvtxDomainNameCategoryA(nvtxDomainHandle_t domain, uint32_t category, const char *name) {
    nvtxEventAttributes_t attributes = {.category = category};
    note(CW_RT_NOTE_NAME, 0, domain, &attributes, name);
}

void nvtxNameCategoryA(uint32_t category, const char *name) {
    nvtxDomainNameCategoryA(NULL, category, name);
}

/* Names of devices, streams, events and contexts: by the number or the handle, whichever API it comes from. */
static void name_wide(uint64_t id, const wchar_t *name) {
    char text[CW_RT_NOTE_TEXT_MAX];
    narrow(text, sizeof text, name);
    note(CW_RT_NOTE_OBJECT_NAME, id, NULL, NULL, text);
}

void nvtxNameCudaDeviceA(int device, const char *name) {
    note(CW_RT_NOTE_OBJECT_NAME, (uint64_t)device, NULL, NULL, name);
}

void nvtxNameCudaDeviceW(int device, const wchar_t *name) {
    name_wide((uint64_t)device, name);
}

void nvtxNameCudaStreamA(cudaStream_t stream, const char *name) {
    note(CW_RT_NOTE_OBJECT_NAME, (uintptr_t)stream, NULL, NULL, name);
}

void nvtxNameCudaStreamW(cudaStream_t stream, const wchar_t *name) {
    name_wide((uintptr_t)stream, name);
}

void nvtxNameCudaEventA(cudaEvent_t event, const char *name) {
    note(CW_RT_NOTE_OBJECT_NAME, (uintptr_t)event, NULL, NULL, name);
}

void nvtxNameCudaEventW(cudaEvent_t event, const wchar_t *name) {
    name_wide((uintptr_t)event, name);
}

void nvtxNameCuDeviceA(CUdevice device, const char *name) {
    nvtxNameCudaDeviceA(device, name);
}

void nvtxNameCuDeviceW(CUdevice device, const wchar_t *name) {
    nvtxNameCudaDeviceW(device, name);
}

void nvtxNameCuContextA(CUcontext context, const char *name) {
    note(CW_RT_NOTE_OBJECT_NAME, (uintptr_t)context, NULL, NULL, name);
}

void nvtxNameCuContextW(CUcontext context, const wchar_t *name) {
    name_wide((uintptr_t)context, name);
}

void nvtxNameCuStreamA(CUstream stream, const char *name) {
    nvtxNameCudaStreamA(stream, name);
}

void nvtxNameCuStreamW(CUstream stream, const wchar_t *name) {
    nvtxNameCudaStreamW(stream, name);
}

void nvtxNameCuEventA(CUevent event, const char *name) {
    nvtxNameCudaEventA(event, name);
}

void nvtxNameCuEventW(CUevent event, const wchar_t *name) {
    nvtxNameCudaEventW(event, name);
}

nvtxDomainHandle_t nvtxDomainCreateA(const char *name) {
    nvtxDomainHandle_t domain = calloc(1, sizeof *domain);
    if (domain) {
        copy_text(domain->name, sizeof domain->name, name);
    }
    return domain;
}

nvtxDomainHandle_t nvtxDomainCreateW(const wchar_t *name) {
    char text[CW_RT_NOTE_TEXT_MAX];
    narrow(text, sizeof text, name);
    return nvtxDomainCreateA(text);
}

void nvtxDomainNameCategoryW(nvtxDomainHandle_t domain, uint32_t category, const wchar_t *name) {
    char text[CW_RT_NOTE_TEXT_MAX];
    narrow(text, sizeof text, name);
    nvtxDomainNameCategoryA(domain, category, text);
}

void nvtxNameCategoryW(uint32_t category, const wchar_t *name) {
    nvtxDomainNameCategoryW(NULL, category, name);
}

void nvtxDomainDestroy(nvtxDomainHandle_t domain) {
    free(domain);
}

nvtxStringHandle_t nvtxDomainRegisterStringA(nvtxDomainHandle_t domain, const char *text) {
    (void)domain;
    nvtxStringHandle_t string = calloc(1, sizeof *string);
    if (string) {
        copy_text(string->text, sizeof string->text, text);
        pthread_mutex_lock(&lock);
        string->next = strings;
        strings = string;
        pthread_mutex_unlock(&lock);
    }
    return string;
}

nvtxStringHandle_t nvtxDomainRegisterStringW(nvtxDomainHandle_t domain, const wchar_t *string) {
    char text[CW_RT_NOTE_TEXT_MAX];
    narrow(text, sizeof text, string);
    return nvtxDomainRegisterStringA(domain, text);
}

void nvtxInitialize(const void *reserved) {
    (void)reserved;
}
