/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sync.h: barriers, fences, time, sleep and ends: CUDA C++ Programming Guide, "Synchronization Functions", "Memory
 * Fence Functions", "Time Function", "Trap function", "Breakpoint Function", "Profiler Counter Function".
 */
#ifndef CW_CUDA_DEVICE_SYNC_H
#define CW_CUDA_DEVICE_SYNC_H

#if defined(__CUDACC_RTC__)
typedef long clock_t;
#else
#include <time.h>
#endif

#include "define.h"

/* The scopes of the CUDA memory model. */
#define CW_SCOPE_BLOCK __MEMORY_SCOPE_WRKGRP
#define CW_SCOPE_DEVICE __MEMORY_SCOPE_DEVICE
#define CW_SCOPE_SYSTEM __MEMORY_SCOPE_SYSTEM

/* A macro, because clang knows the name as a builtin of NVPTX, which would become an instruction of that target. */
#define __syncthreads() __cw_barrier(0, 0)
CW_DEVICE int __syncthreads_count(int predicate) { return __cw_barrier_popc(predicate); }
CW_DEVICE int __syncthreads_and(int predicate) { return __cw_barrier_and(predicate); }
CW_DEVICE int __syncthreads_or(int predicate) { return __cw_barrier_or(predicate); }
CW_DEVICE void __syncwarp(unsigned int mask = 0xffffffffu) { __cw_warp_sync((int)mask); }
/* The forms with a barrier of the caller's choice. */
CW_DEVICE void __barrier_sync(unsigned int id) { __cw_barrier((int)id, 0); }
CW_DEVICE void __barrier_sync_count(unsigned int id, unsigned int count) { __cw_barrier((int)id, (int)count); }

CW_DEVICE void __threadfence_block(void) { __scoped_atomic_thread_fence(__ATOMIC_SEQ_CST, CW_SCOPE_BLOCK); }
CW_DEVICE void __threadfence(void) { __scoped_atomic_thread_fence(__ATOMIC_SEQ_CST, CW_SCOPE_DEVICE); }
CW_DEVICE void __threadfence_system(void) { __scoped_atomic_thread_fence(__ATOMIC_SEQ_CST, CW_SCOPE_SYSTEM); }

/* clock() is the C library's function on the host and a counter of the device's clock on the device. */
static __inline__ __attribute__((device, always_inline, nodebug)) clock_t clock(void) { return (clock_t)__cw_clock(); }
CW_DEVICE long long clock64(void) { return __cw_clock64(); }
CW_DEVICE void __nanosleep(unsigned int ns) { __cw_nanosleep((int)ns); }

CW_DEVICE void __trap(void) { __cw_trap(); }
CW_DEVICE void __brkpt(void) { __cw_breakpoint(); }
/* Counters that a profiler would read; there is none to count. */
#define __prof_trigger(counter) ((void)(counter))
#define __assume(condition) __builtin_assume(condition)

#endif
