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

/* Clang's built-in functions, with the scope that CUDA's have by default: the system. NUMBER is how many arguments they take. */
#define CW_NV_COUNT_(a, b, c, d, e, f, g, count, ...) count
#define CW_NV_COUNT(...) CW_NV_COUNT_(__VA_ARGS__, 7, 6, 5, 4, 3, 2, 1, 0)
#define CW_NV_CALL_(number, count, ...) CW_NV_##number##_##count(__VA_ARGS__)
#define CW_NV_CALL(number, count, ...) CW_NV_CALL_(number, count, __VA_ARGS__)
#define CW_NV_2_1(function, ...) function(__VA_ARGS__, __NV_THREAD_SCOPE_SYSTEM)
#define CW_NV_2_2(function, ...) function(__VA_ARGS__)
#define CW_NV_3_2(function, ...) function(__VA_ARGS__, __NV_THREAD_SCOPE_SYSTEM)
#define CW_NV_3_3(function, ...) function(__VA_ARGS__)
#define CW_NV_4_3(function, ...) function(__VA_ARGS__, __NV_THREAD_SCOPE_SYSTEM)
#define CW_NV_4_4(function, ...) function(__VA_ARGS__)
#define CW_NV_5_4(function, ...) function(__VA_ARGS__, __NV_THREAD_SCOPE_SYSTEM)
#define CW_NV_5_5(function, ...) function(__VA_ARGS__)
#define CW_NV_7_6(function, ...) function(__VA_ARGS__, __NV_THREAD_SCOPE_SYSTEM)
#define CW_NV_7_7(function, ...) function(__VA_ARGS__)
#define CW_NV_ATOMIC(number, function, ...) CW_NV_CALL(number, CW_NV_COUNT(__VA_ARGS__), __scoped_atomic_##function, __VA_ARGS__)

#define __nv_atomic_load_n(...) CW_NV_ATOMIC(3, load_n, __VA_ARGS__)
#define __nv_atomic_load(...) CW_NV_ATOMIC(4, load, __VA_ARGS__)
#define __nv_atomic_store_n(...) CW_NV_ATOMIC(4, store_n, __VA_ARGS__)
#define __nv_atomic_store(...) CW_NV_ATOMIC(4, store, __VA_ARGS__)
#define __nv_atomic_exchange_n(...) CW_NV_ATOMIC(4, exchange_n, __VA_ARGS__)
#define __nv_atomic_exchange(...) CW_NV_ATOMIC(5, exchange, __VA_ARGS__)
#define __nv_atomic_compare_exchange_n(...) CW_NV_ATOMIC(7, compare_exchange_n, __VA_ARGS__)
#define __nv_atomic_compare_exchange(...) CW_NV_ATOMIC(7, compare_exchange, __VA_ARGS__)
#define __nv_atomic_fetch_add(...) CW_NV_ATOMIC(4, fetch_add, __VA_ARGS__)
#define __nv_atomic_fetch_sub(...) CW_NV_ATOMIC(4, fetch_sub, __VA_ARGS__)
#define __nv_atomic_fetch_min(...) CW_NV_ATOMIC(4, fetch_min, __VA_ARGS__)
#define __nv_atomic_fetch_max(...) CW_NV_ATOMIC(4, fetch_max, __VA_ARGS__)
#define __nv_atomic_fetch_and(...) CW_NV_ATOMIC(4, fetch_and, __VA_ARGS__)
#define __nv_atomic_fetch_or(...) CW_NV_ATOMIC(4, fetch_or, __VA_ARGS__)
#define __nv_atomic_fetch_xor(...) CW_NV_ATOMIC(4, fetch_xor, __VA_ARGS__)
#define __nv_atomic_add(...) (void)CW_NV_ATOMIC(4, fetch_add, __VA_ARGS__)
#define __nv_atomic_sub(...) (void)CW_NV_ATOMIC(4, fetch_sub, __VA_ARGS__)
#define __nv_atomic_min(...) (void)CW_NV_ATOMIC(4, fetch_min, __VA_ARGS__)
#define __nv_atomic_max(...) (void)CW_NV_ATOMIC(4, fetch_max, __VA_ARGS__)
#define __nv_atomic_and(...) (void)CW_NV_ATOMIC(4, fetch_and, __VA_ARGS__)
#define __nv_atomic_or(...) (void)CW_NV_ATOMIC(4, fetch_or, __VA_ARGS__)
#define __nv_atomic_xor(...) (void)CW_NV_ATOMIC(4, fetch_xor, __VA_ARGS__)
#define __nv_atomic_thread_fence(...) CW_NV_ATOMIC(2, thread_fence, __VA_ARGS__)

#endif
