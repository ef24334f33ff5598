/* SPDX-License-Identifier: Apache-2.0 */
/*
 * profile.h: what the program says of itself for a profiler: NVTX marks and ranges, names of threads, and between which
 * calls it wants to be looked at (cudaProfilerStart, cudaProfilerStop). It is kept in this process, the last
 * CW_RT_NOTES_MAX of them, for tools that read it later.
 */
#ifndef CW_RUNTIME_PROFILE_H
#define CW_RUNTIME_PROFILE_H

#include <stddef.h>
#include <stdint.h>

#define CW_RT_NOTES_MAX 4096u
#define CW_RT_NOTE_TEXT_MAX 96u

enum cw_rt_note_kind {
    CW_RT_NOTE_MARK,
    CW_RT_NOTE_BEGIN, /* of a range */
    CW_RT_NOTE_END,
    CW_RT_NOTE_NAME,        /* of a thread, `id` */
    CW_RT_NOTE_OBJECT_NAME, /* of a device, stream, event or context: `id` is its number or handle */
    CW_RT_NOTE_PROFILER_START,
    CW_RT_NOTE_PROFILER_STOP,
};

struct cw_rt_note {
    uint64_t time_ns; /* cw_rt_now_ns */
    uint64_t id;      /* of a range that isn't nested; the depth of one that is; a thread's number */
    uint32_t thread;  /* that made it: the system's number */
    uint32_t color;   /* 0: none was given */
    uint32_t category;
    enum cw_rt_note_kind kind;
    char domain[24];
    char text[CW_RT_NOTE_TEXT_MAX]; /* cut to what fits */
};

/* Copies the notes number *next and later that are still kept, up to `room`; *next becomes the one after the last copied.
 * Returns how many they are. */
size_t cw_rt_notes_read(uint64_t *next, struct cw_rt_note *notes, size_t room);

#endif
