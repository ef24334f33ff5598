/* SPDX-License-Identifier: Apache-2.0 */
/*
 * standard/atomic_access.h: atomic operations on memory at a scope and with an order, of any type of 1, 2, 4 or 8 bytes:
 * libcu++, "Synchronization Primitives, cuda::atomic"; CUDA C++ Programming Guide, "Thread Scopes". Values travel as
 * their bits unless the operation is arithmetic.
 */
#ifndef CW_CUDA_STANDARD_ATOMIC_ACCESS_H
#define CW_CUDA_STANDARD_ATOMIC_ACCESS_H

#include "define.h"

namespace cuda {

enum thread_scope { thread_scope_system = 0, thread_scope_device = 1, thread_scope_block = 2, thread_scope_thread = 3 };

namespace std {
enum memory_order {
    memory_order_relaxed = __ATOMIC_RELAXED,
    memory_order_consume = __ATOMIC_CONSUME,
    memory_order_acquire = __ATOMIC_ACQUIRE,
    memory_order_release = __ATOMIC_RELEASE,
    memory_order_acq_rel = __ATOMIC_ACQ_REL,
    memory_order_seq_cst = __ATOMIC_SEQ_CST
};
} // namespace std

using std::memory_order;
using std::memory_order_acq_rel;
using std::memory_order_acquire;
using std::memory_order_consume;
using std::memory_order_relaxed;
using std::memory_order_release;
using std::memory_order_seq_cst;

namespace details {

#if defined(__clang__)
#define CW_ATOMIC(operation, ...) __scoped_atomic_##operation(__VA_ARGS__, clang_scope(Scope))
#define CW_ATOMIC_FENCE(order, scope) __scoped_atomic_thread_fence(order, scope)
CW_API_CONSTEXPR int clang_scope(thread_scope scope) {
    return scope == thread_scope_system   ? __MEMORY_SCOPE_SYSTEM
           : scope == thread_scope_device ? __MEMORY_SCOPE_DEVICE
           : scope == thread_scope_block  ? __MEMORY_SCOPE_WRKGRP
                                          : __MEMORY_SCOPE_SINGLE;
}
#else
#define CW_ATOMIC(operation, ...) __atomic_##operation(__VA_ARGS__)
#endif

template <::std::size_t Size> struct atomic_bits {
    static_assert(Size == 0, "an atomic object must have 1, 2, 4 or 8 bytes: a larger one would need a lock");
};
template <> struct atomic_bits<1> {
    typedef unsigned char __attribute__((may_alias)) type;
};
template <> struct atomic_bits<2> {
    typedef unsigned short __attribute__((may_alias)) type;
};
template <> struct atomic_bits<4> {
    typedef unsigned int __attribute__((may_alias)) type;
};
template <> struct atomic_bits<8> {
    typedef unsigned long long __attribute__((may_alias)) type;
};

template <class T> struct atomic_value {
    static_assert(::std::is_trivially_copyable<T>::value, "an atomic object must be trivially copyable");
    typedef typename atomic_bits<sizeof(T)>::type bits;
    CW_API static bits to_bits(T value) {
        bits b;
        __builtin_memcpy(&b, &value, sizeof b);
        return b;
    }
    CW_API static T of_bits(bits b) {
        T value;
        __builtin_memcpy(&value, &b, sizeof b);
        return value;
    }
    CW_API static bits *word(volatile T *at) { return (bits *)const_cast<T *>(at); }
};

/* The order of the load that a failed exchange is. */
CW_API_CONSTEXPR int failure_order(int order) {
    return order == __ATOMIC_ACQ_REL ? __ATOMIC_ACQUIRE : order == __ATOMIC_RELEASE ? __ATOMIC_RELAXED : order;
}

template <thread_scope Scope> struct access {
    template <class T> CW_API static T load(const volatile T *at, int order) {
        typedef atomic_value<T> value;
        return value::of_bits(CW_ATOMIC(load_n, value::word(const_cast<volatile T *>(at)), order));
    }
    template <class T> CW_API static void store(volatile T *at, T desired, int order) {
        typedef atomic_value<T> value;
        CW_ATOMIC(store_n, value::word(at), value::to_bits(desired), order);
    }
    template <class T> CW_API static T exchange(volatile T *at, T desired, int order) {
        typedef atomic_value<T> value;
        return value::of_bits(CW_ATOMIC(exchange_n, value::word(at), value::to_bits(desired), order));
    }
    template <class T>
    CW_API static bool compare_exchange(volatile T *at, T &expected, T desired, bool weak, int success, int failure) {
        typedef atomic_value<T> value;
        typename value::bits old = value::to_bits(expected);
        (void)weak;
        bool done =
            CW_ATOMIC(compare_exchange_n, value::word(at), &old, value::to_bits(desired), false, success, failure);
        if (!done) expected = value::of_bits(old);
        return done;
    }
    /* What no instruction does: `combine` of the old value. */
    template <class T, class Combine> CW_API static T update(volatile T *at, int order, Combine combine) {
        T old = load(at, __ATOMIC_RELAXED);
        while (!compare_exchange(at, old, combine(old), true, order, failure_order(order))) {}
        return old;
    }

    template <class T> CW_API static T add(volatile T *at, T value, int order, ::std::true_type /* integer */) {
        return CW_ATOMIC(fetch_add, const_cast<T *>(at), value, order);
    }
    template <class T> CW_API static T add(volatile T *at, T value, int order, ::std::false_type) {
#if defined(__clang__)
        return CW_ATOMIC(fetch_add, const_cast<T *>(at), value, order);
#else
        return update(at, order, [value](T old) { return (T)(old + value); });
#endif
    }
    template <class T> CW_API static T fetch_add(volatile T *at, T value, int order) {
        static_assert(!::std::is_same<T, bool>::value, "bool has no atomic arithmetic");
        return add(at, value, order, ::std::is_integral<T>());
    }
    /* Pointers move by whole elements. */
    template <class T> CW_API static T *fetch_add(T *volatile *at, ::std::ptrdiff_t count, int order) {
        unsigned long long bytes = (unsigned long long)(count * (::std::ptrdiff_t)sizeof(T));
        return (T *)CW_ATOMIC(fetch_add, atomic_value<T *>::word(at), bytes, order);
    }
    template <class T> CW_API static T negated(T value) { return (T)(T(0) - value); }
    CW_API static float negated(float value) { return -value; }
    CW_API static double negated(double value) { return -value; }

    template <class T> CW_API static T fetch_and(volatile T *at, T value, int order) {
        return CW_ATOMIC(fetch_and, const_cast<T *>(at), value, order);
    }
    template <class T> CW_API static T fetch_or(volatile T *at, T value, int order) {
        return CW_ATOMIC(fetch_or, const_cast<T *>(at), value, order);
    }
    template <class T> CW_API static T fetch_xor(volatile T *at, T value, int order) {
        return CW_ATOMIC(fetch_xor, const_cast<T *>(at), value, order);
    }
    template <class T> CW_API static T fetch_min(volatile T *at, T value, int order) {
        return update(at, order, [value](T old) { return value < old ? value : old; });
    }
    template <class T> CW_API static T fetch_max(volatile T *at, T value, int order) {
        return update(at, order, [value](T old) { return old < value ? value : old; });
    }

    /* Waits until the value is another one. The compiler lets other threads run in a loop that polls. */
    template <class T> CW_API static void wait(const volatile T *at, T old, int order) {
        typedef atomic_value<T> value;
        while (CW_ATOMIC(load_n, value::word(const_cast<volatile T *>(at)), order) == value::to_bits(old)) {}
    }

    CW_API static void fence(int order) {
#if defined(__clang__)
        __scoped_atomic_thread_fence(order, clang_scope(Scope));
#else
        __atomic_thread_fence(order);
#endif
    }
};

#undef CW_ATOMIC
#undef CW_ATOMIC_FENCE

} // namespace details
} // namespace cuda

#endif
