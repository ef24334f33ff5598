/* SPDX-License-Identifier: Apache-2.0 */
/*
 * atomic.h: atomic functions of every documented type: CUDA C++ Programming Guide, "Atomic Functions". Each is
 * relaxed and comes in three scopes: the plain name is the device's, _block the block's, _system the whole system's.
 * They become LLVM's atomic instructions.
 */
#ifndef CW_CUDA_DEVICE_ATOMIC_H
#define CW_CUDA_DEVICE_ATOMIC_H

#include "define.h"
#include "sync.h"

#define CW_ATOMIC_RMW(name, builtin, type, scope)                                                                      \
    CW_DEVICE type name(type *address, type value) { return builtin(address, value, __ATOMIC_RELAXED, scope); }

#define CW_ATOMIC_CAS(name, type, scope)                                                                               \
    CW_DEVICE type name(type *address, type compare, type value) {                                                     \
        __scoped_atomic_compare_exchange_n(address, &compare, value, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED,        \
                                           scope);                                                                     \
        return compare;                                                                                                \
    }

/* Values without an atomic instruction of their own travel as their bits. */
#define CW_ATOMIC_EXCHANGE_BITS(name, type, bits, scope)                                                               \
    CW_DEVICE type name(type *address, type value) {                                                                   \
        bits in;                                                                                                       \
        type out;                                                                                                      \
        __builtin_memcpy(&in, &value, sizeof in);                                                                      \
        bits old = __scoped_atomic_exchange_n((bits *)address, in, __ATOMIC_RELAXED, scope);                           \
        __builtin_memcpy(&out, &old, sizeof out);                                                                      \
        return out;                                                                                                    \
    }

#define CW_ATOMIC_INTEGER(type, suffix, scope)                                                                         \
    CW_ATOMIC_RMW(atomicAdd##suffix, __scoped_atomic_fetch_add, type, scope)                                           \
    CW_ATOMIC_RMW(atomicMin##suffix, __scoped_atomic_fetch_min, type, scope)                                           \
    CW_ATOMIC_RMW(atomicMax##suffix, __scoped_atomic_fetch_max, type, scope)                                           \
    CW_ATOMIC_RMW(atomicAnd##suffix, __scoped_atomic_fetch_and, type, scope)                                           \
    CW_ATOMIC_RMW(atomicOr##suffix, __scoped_atomic_fetch_or, type, scope)                                             \
    CW_ATOMIC_RMW(atomicXor##suffix, __scoped_atomic_fetch_xor, type, scope)                                           \
    CW_ATOMIC_RMW(atomicExch##suffix, __scoped_atomic_exchange_n, type, scope)                                         \
    CW_ATOMIC_CAS(atomicCAS##suffix, type, scope)

#define CW_ATOMIC_SCOPE(suffix, scope)                                                                                 \
    CW_ATOMIC_INTEGER(int, suffix, scope)                                                                              \
    CW_ATOMIC_INTEGER(unsigned int, suffix, scope)                                                                     \
    CW_ATOMIC_INTEGER(long long, suffix, scope)                                                                        \
    CW_ATOMIC_INTEGER(unsigned long long, suffix, scope)                                                               \
    CW_ATOMIC_RMW(atomicSub##suffix, __scoped_atomic_fetch_sub, int, scope)                                            \
    CW_ATOMIC_RMW(atomicSub##suffix, __scoped_atomic_fetch_sub, unsigned int, scope)                                   \
    CW_ATOMIC_RMW(atomicAdd##suffix, __scoped_atomic_fetch_add, float, scope)                                          \
    CW_ATOMIC_EXCHANGE_BITS(atomicExch##suffix, float, unsigned int, scope)                                            \
    CW_ATOMIC_EXCHANGE_BITS(atomicExch##suffix, double, unsigned long long, scope)                                     \
    CW_ATOMIC_CAS(atomicCAS##suffix, unsigned short, scope)                                                            \
    /* ((old >= value) ? 0 : old + 1) and ((old == 0 || old > value) ? value : old - 1) */                             \
    CW_DEVICE unsigned int atomicInc##suffix(unsigned int *address, unsigned int value) {                              \
        unsigned int old = __scoped_atomic_load_n(address, __ATOMIC_RELAXED, scope);                                   \
        while (!__scoped_atomic_compare_exchange_n(address, &old, old >= value ? 0u : old + 1u, false,                 \
                                                   __ATOMIC_RELAXED, __ATOMIC_RELAXED, scope)) {}                      \
        return old;                                                                                                    \
    }                                                                                                                  \
    CW_DEVICE unsigned int atomicDec##suffix(unsigned int *address, unsigned int value) {                              \
        unsigned int old = __scoped_atomic_load_n(address, __ATOMIC_RELAXED, scope);                                   \
        while (!__scoped_atomic_compare_exchange_n(address, &old, old == 0u || old > value ? value : old - 1u, false,  \
                                                   __ATOMIC_RELAXED, __ATOMIC_RELAXED, scope)) {}                      \
        return old;                                                                                                    \
    }

CW_ATOMIC_SCOPE(, CW_SCOPE_DEVICE)
CW_ATOMIC_SCOPE(_block, CW_SCOPE_BLOCK)
CW_ATOMIC_SCOPE(_system, CW_SCOPE_SYSTEM)

/* Programs define their own for architectures before 6.0, by the example in CUDA's guide ("Atomic Functions"). */
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 600
CW_ATOMIC_RMW(atomicAdd, __scoped_atomic_fetch_add, double, CW_SCOPE_DEVICE)
CW_ATOMIC_RMW(atomicAdd_block, __scoped_atomic_fetch_add, double, CW_SCOPE_BLOCK)
CW_ATOMIC_RMW(atomicAdd_system, __scoped_atomic_fetch_add, double, CW_SCOPE_SYSTEM)
#endif

#undef CW_ATOMIC_RMW
#undef CW_ATOMIC_CAS
#undef CW_ATOMIC_EXCHANGE_BITS
#undef CW_ATOMIC_INTEGER
#undef CW_ATOMIC_SCOPE

/* ---- The generic functions of CUDA 12.8: __nv_atomic_*(pointer, value, order, scope) ---- */

#define __NV_ATOMIC_RELAXED __ATOMIC_RELAXED
#define __NV_ATOMIC_CONSUME __ATOMIC_CONSUME
#define __NV_ATOMIC_ACQUIRE __ATOMIC_ACQUIRE
#define __NV_ATOMIC_RELEASE __ATOMIC_RELEASE
#define __NV_ATOMIC_ACQ_REL __ATOMIC_ACQ_REL
#define __NV_ATOMIC_SEQ_CST __ATOMIC_SEQ_CST
#define __NV_THREAD_SCOPE_THREAD __MEMORY_SCOPE_SINGLE
#define __NV_THREAD_SCOPE_BLOCK __MEMORY_SCOPE_WRKGRP
#define __NV_THREAD_SCOPE_CLUSTER __MEMORY_SCOPE_CLUSTR
#define __NV_THREAD_SCOPE_DEVICE __MEMORY_SCOPE_DEVICE
#define __NV_THREAD_SCOPE_SYSTEM __MEMORY_SCOPE_SYSTEM
#define __nv_atomic_load_n __scoped_atomic_load_n
#define __nv_atomic_load __scoped_atomic_load
#define __nv_atomic_store_n __scoped_atomic_store_n
#define __nv_atomic_store __scoped_atomic_store
#define __nv_atomic_exchange_n __scoped_atomic_exchange_n
#define __nv_atomic_exchange __scoped_atomic_exchange
#define __nv_atomic_compare_exchange_n __scoped_atomic_compare_exchange_n
#define __nv_atomic_compare_exchange __scoped_atomic_compare_exchange
#define __nv_atomic_fetch_add __scoped_atomic_fetch_add
#define __nv_atomic_fetch_sub __scoped_atomic_fetch_sub
#define __nv_atomic_fetch_min __scoped_atomic_fetch_min
#define __nv_atomic_fetch_max __scoped_atomic_fetch_max
#define __nv_atomic_fetch_and __scoped_atomic_fetch_and
#define __nv_atomic_fetch_or __scoped_atomic_fetch_or
#define __nv_atomic_fetch_xor __scoped_atomic_fetch_xor
#define __nv_atomic_thread_fence __scoped_atomic_thread_fence

#endif
