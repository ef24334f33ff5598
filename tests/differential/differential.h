// SPDX-License-Identifier: Apache-2.0
// differential.h: what generated kernels are made of. Every operation is defined for all values: integers wrap around,
// shifts take their count modulo the width, nothing is divided by zero, conversions from floating point saturate. Results
// that IEEE 754 leaves open (a NaN's sign and payload, which of -0 and +0 a minimum is) never reach a result.
#ifndef DIFFERENTIAL_H
#define DIFFERENTIAL_H

#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_runtime.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <type_traits>
#include <vector>

#define HD __host__ __device__

typedef int32_t i32;
typedef uint32_t u32;
typedef long long i64;
typedef unsigned long long u64;
typedef float f32;
typedef double f64;

// A conversion that no parser takes for a type: (u32(i32(x))) would be one.
template <class T, class S> HD inline T to(S x) {
    return T(x);
}

template <class T> using unsigned_of = typename std::make_unsigned<T>::type;

template <class T> HD inline T add(T a, T b) {
    // A wrong result planted in some threads, for the test of the comparison itself.
#if defined(DIFFERENTIAL_FAULT) && defined(__CUDA_ARCH__)
    if (threadIdx.x % 4 == 0)
        return b;
#endif
    return T(unsigned_of<T>(a) + unsigned_of<T>(b));
}
template <class T> HD inline T sub(T a, T b) {
    return T(unsigned_of<T>(a) - unsigned_of<T>(b));
}
template <class T> HD inline T mul(T a, T b) {
    return T(unsigned_of<T>(a) * unsigned_of<T>(b));
}
template <class T> HD inline T shl(T a, u32 b) {
    return T(unsigned_of<T>(a) << (b & (sizeof(T) * 8 - 1)));
}
template <class T> HD inline T shr(T a, u32 b) {
    return T(a >> (b & (sizeof(T) * 8 - 1)));
}
template <class T> HD inline T quotient(T a, T b) {
    return b == 0 ? a : std::is_signed<T>::value && b == T(-1) ? sub(T(0), a) : T(a / b);
}
template <class T> HD inline T remainder_of(T a, T b) {
    return b == 0 ? a : std::is_signed<T>::value && b == T(-1) ? T(0) : T(a % b);
}
template <class T> HD inline T least(T a, T b) {
    return a < b ? a : b;
}
template <class T> HD inline T most(T a, T b) {
    return a > b ? a : b;
}

// Saturating conversion; a NaN becomes 0. The bounds are exact in both types.
template <class T, class F> HD inline T convert(F x) {
    const F low = std::is_signed<T>::value ? -F(u64(1) << (sizeof(T) * 8 - 1)) : F(0);
    const F high = F(u64(1) << (sizeof(T) * 8 - 2)) * (std::is_signed<T>::value ? F(2) : F(4));
    if (!(x == x))
        return T(0);
    if (x <= low)
        return std::is_signed<T>::value ? T(unsigned_of<T>(1) << (sizeof(T) * 8 - 1)) : T(0);
    if (x >= high)
        return std::is_signed<T>::value ? T(~(unsigned_of<T>(1) << (sizeof(T) * 8 - 1))) : T(~T(0));
    return T(x);
}

HD inline u32 bits_of(f32 x) {
    u32 bits;
    memcpy(&bits, &x, sizeof bits);
    return x == x ? bits : 0x7fc00000u;
}
HD inline u64 bits_of(f64 x) {
    u64 bits;
    memcpy(&bits, &x, sizeof bits);
    return x == x ? bits : 0x7ff8000000000000ull;
}

HD inline u32 ones(u32 x) {
    return u32(__builtin_popcount(x));
}
HD inline u32 leading(u32 x) {
    return x ? u32(__builtin_clz(x)) : 32;
}
HD inline u32 high_product(u32 a, u32 b) {
    return u32(u64(a) * b >> 32);
}

HD inline u32 difference(u32 a, u32 b) {
    return a - b;
}

// Calls itself, to a depth that differs from thread to thread.
static __noinline__ HD u32 recurse(u32 depth, u32 x) {
    if (depth == 0)
        return x * 3 + 1;
    u32 inner = recurse(depth - 1, x ^ depth);
    return inner + (x >> 3);
}

HD inline f32 root(f32 x) {
    return sqrtf(fabsf(x));
}
HD inline f64 root(f64 x) {
    return sqrt(fabs(x));
}

// Half precision, operated on as CUDA's functions do: each operation rounded once.
HD inline f32 half_sum(f32 a, f32 b) {
    return __half2float(__float2half(__half2float(__float2half(a)) + __half2float(__float2half(b))));
}
HD inline f32 half_product(f32 a, f32 b) {
    return __half2float(__float2half(__half2float(__float2half(a)) * __half2float(__float2half(b))));
}

HD inline u64 mix(u64 hash, u64 value) {
    hash = (hash ^ value) * 0x9e3779b97f4a7c15ull;
    return hash ^ (hash >> 29);
}
HD inline u64 mix(u64 hash, f32 value) {
    return mix(hash, u64(bits_of(value)));
}
HD inline u64 mix(u64 hash, f64 value) {
    return mix(hash, bits_of(value));
}

// Atomics whose order doesn't matter: their result isn't used. On the host, plain.
HD inline void atomic_add(u32 *p, u32 v) {
#ifdef __CUDA_ARCH__
    atomicAdd(p, v);
#else
    *p += v;
#endif
}
HD inline void atomic_add(u64 *p, u64 v) {
#ifdef __CUDA_ARCH__
    atomicAdd(p, v);
#else
    *p += v;
#endif
}
HD inline void atomic_max(u32 *p, u32 v) {
#ifdef __CUDA_ARCH__
    atomicMax(p, v);
#else
    *p = *p < v ? v : *p;
#endif
}
HD inline void atomic_min(i32 *p, i32 v) {
#ifdef __CUDA_ARCH__
    atomicMin(p, v);
#else
    *p = *p > v ? v : *p;
#endif
}
HD inline void atomic_xor(u32 *p, u32 v) {
#ifdef __CUDA_ARCH__
    atomicXor(p, v);
#else
    *p ^= v;
#endif
}
HD inline void atomic_or(u32 *p, u32 v) {
#ifdef __CUDA_ARCH__
    atomicOr(p, v);
#else
    *p |= v;
#endif
}

// Atomics whose results are used: on what the thread owns, so that they don't depend on the order of threads.
HD inline u32 fetch_add(u32 *p, u32 v) {
#ifdef __CUDA_ARCH__
    return atomicAdd(p, v);
#else
    u32 old = *p;
    *p += v;
    return old;
#endif
}
HD inline u32 exchange_word(u32 *p, u32 v) {
#ifdef __CUDA_ARCH__
    return atomicExch(p, v);
#else
    u32 old = *p;
    *p = v;
    return old;
#endif
}
HD inline u32 compare_exchange(u32 *p, u32 expected, u32 v) {
#ifdef __CUDA_ARCH__
    return atomicCAS(p, expected, v);
#else
    u32 old = *p;
    *p = old == expected ? v : old;
    return old;
#endif
}

// The largest of all, by the loop that programs write for operations that have no atomic of their own.
HD inline void retry_max(u32 *p, u32 v) {
    u32 old = *p, seen;
    do {
        seen = old;
        old = compare_exchange(p, seen, seen < v ? v : seen);
    } while (old != seen);
}

struct pair {
    i32 first;
    f32 second;
    unsigned char tag;
    i64 wide;
};

enum : u32 { INPUTS = 1024, SUMS = 16, WORDS_MAX = 8192 };

struct inputs {
    const i32 *words;
    const f32 *floats;
    const f64 *doubles;
    const unsigned char *bytes;
    const short *shorts;
    const i64 *longs;
    u32 count; // of threads that do something
    u32 a, b;  // uniform values
};

// Every thread owns the elements at its number, and `slots[4 * number ..]`; `scattered` at a permutation of it.
struct outputs {
    u64 *hashes;
    u32 *slots;
    unsigned char *bytes;
    unsigned short *shorts;
    u32 *floats; // bits
    u64 *doubles;
    u32 *scattered;
    u32 *sums;
    u64 *long_sums;
    i32 *minima;
    u32 *maxima;
};

static __constant__ u32 constant_table[16] = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3};
static __device__ const u32 device_table[16] = {2, 7, 1, 8, 2, 8, 1, 8, 2, 8, 4, 5, 9, 0, 4, 5};

// Where a thread is.
struct place {
    u32 number, thread, block, threads, x, y, z;
};

__device__ inline place here() {
    place p;
    p.x = threadIdx.x, p.y = threadIdx.y, p.z = threadIdx.z;
    p.threads = blockDim.x * blockDim.y * blockDim.z;
    p.thread = (threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x;
    p.block = blockIdx.x;
    p.number = p.block * p.threads + p.thread;
    return p;
}

// Barriers inside of functions.
template <class T> __device__ inline T exchange(T *shared, T value, u32 mine, u32 other) {
    shared[mine] = value;
    __syncthreads();
    T found = shared[other];
    __syncthreads();
    return found;
}
template <class T> static __noinline__ __device__ T exchange_apart(T *shared, T value, u32 mine, u32 other) {
    return exchange(shared, value, mine, other);
}

// Memory for inputs and outputs, on the device and, for kernels that the host can run too, on the host.
struct arena {
    std::vector<u64> in, out;
    u64 *device_in, *device_out;
};

static inline u64 next_random(u64 &state) {
    state += 0x9e3779b97f4a7c15ull;
    u64 z = state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
}

static inline void check(cudaError_t status, const char *doing) {
    if (status != cudaSuccess) {
        printf("%s: %s\n", doing, cudaGetErrorString(status));
        exit(3);
    }
}

// Offsets, in 8-byte words, of what an arena holds.
enum : u32 {
    AT_WORDS = 0,
    AT_FLOATS = AT_WORDS + INPUTS / 2,
    AT_DOUBLES = AT_FLOATS + INPUTS / 2,
    AT_BYTES = AT_DOUBLES + INPUTS,
    AT_SHORTS = AT_BYTES + INPUTS / 8,
    AT_LONGS = AT_SHORTS + INPUTS / 4,
    IN_WORDS = AT_LONGS + INPUTS,

    THREADS_MAX = 2048,
    AT_HASHES = 0,
    AT_SLOTS = AT_HASHES + THREADS_MAX,
    AT_OUT_BYTES = AT_SLOTS + 2 * THREADS_MAX,
    AT_OUT_SHORTS = AT_OUT_BYTES + THREADS_MAX / 8,
    AT_OUT_FLOATS = AT_OUT_SHORTS + THREADS_MAX / 4,
    AT_OUT_DOUBLES = AT_OUT_FLOATS + THREADS_MAX / 2,
    AT_SCATTERED = AT_OUT_DOUBLES + THREADS_MAX,
    AT_SUMS = AT_SCATTERED + THREADS_MAX / 2,
    AT_LONG_SUMS = AT_SUMS + SUMS / 2,
    AT_MINIMA = AT_LONG_SUMS + SUMS,
    AT_MAXIMA = AT_MINIMA + SUMS / 2,
    OUT_WORDS = AT_MAXIMA + SUMS / 2,
};

static inline inputs inputs_at(u64 *base, u32 count, u32 a, u32 b) {
    return {reinterpret_cast<i32 *>(base + AT_WORDS),
            reinterpret_cast<f32 *>(base + AT_FLOATS),
            reinterpret_cast<f64 *>(base + AT_DOUBLES),
            reinterpret_cast<unsigned char *>(base + AT_BYTES),
            reinterpret_cast<short *>(base + AT_SHORTS),
            reinterpret_cast<i64 *>(base + AT_LONGS),
            count,
            a,
            b};
}

static inline outputs outputs_at(u64 *base) {
    return {base + AT_HASHES,
            reinterpret_cast<u32 *>(base + AT_SLOTS),
            reinterpret_cast<unsigned char *>(base + AT_OUT_BYTES),
            reinterpret_cast<unsigned short *>(base + AT_OUT_SHORTS),
            reinterpret_cast<u32 *>(base + AT_OUT_FLOATS),
            base + AT_OUT_DOUBLES,
            reinterpret_cast<u32 *>(base + AT_SCATTERED),
            reinterpret_cast<u32 *>(base + AT_SUMS),
            base + AT_LONG_SUMS,
            reinterpret_cast<i32 *>(base + AT_MINIMA),
            reinterpret_cast<u32 *>(base + AT_MAXIMA)};
}

static inline void arena_fill(arena &memory, u64 seed) {
    memory.in.resize(IN_WORDS);
    for (u64 &word : memory.in)
        word = next_random(seed);
    f32 *floats = reinterpret_cast<f32 *>(memory.in.data() + AT_FLOATS);
    f64 *doubles = reinterpret_cast<f64 *>(memory.in.data() + AT_DOUBLES);
    i32 *words = reinterpret_cast<i32 *>(memory.in.data() + AT_WORDS);
    for (u32 i = 0; i < INPUTS; i++) {
        floats[i] = f32(i32(next_random(seed) % 4001) - 2000) / 256.0f;
        doubles[i] = f64(i32(next_random(seed) % 400001) - 200000) / 4096.0;
        if (next_random(seed) % 2)
            words[i] %= 100; // small numbers meet more branches
    }
    // What a kernel doesn't write must stay as it is, so that stray stores show.
    memory.out.assign(OUT_WORDS, 0x5a5a5a5a5a5a5a5aull);
    memset(memory.out.data() + AT_SUMS, 0, (OUT_WORDS - AT_SUMS) * sizeof(u64));
    check(cudaMemcpy(memory.device_in, memory.in.data(), IN_WORDS * sizeof(u64), cudaMemcpyHostToDevice), "copy in");
    check(cudaMemcpy(memory.device_out, memory.out.data(), OUT_WORDS * sizeof(u64), cudaMemcpyHostToDevice), "copy in");
}

static inline arena arena_make() {
    arena memory;
    check(cudaMalloc(&memory.device_in, IN_WORDS * sizeof(u64)), "allocate");
    check(cudaMalloc(&memory.device_out, OUT_WORDS * sizeof(u64)), "allocate");
    return memory;
}

static inline u64 hash_of(const std::vector<u64> &words) {
    u64 hash = 0;
    for (u64 word : words)
        hash = mix(hash, word);
    return hash;
}

// Prints the kernel's line; `host` is what the host computed, or empty.
static inline void report(arena &memory, unsigned seed, const std::vector<u64> &host) {
    check(cudaGetLastError(), "launch");
    cudaError_t status = cudaDeviceSynchronize();
    if (status != cudaSuccess) {
        printf("kernel %u %s\n", seed, cudaGetErrorString(status));
        exit(3);
    }
    std::vector<u64> device(OUT_WORDS);
    check(cudaMemcpy(device.data(), memory.device_out, OUT_WORDS * sizeof(u64), cudaMemcpyDeviceToHost), "copy out");
    printf("kernel %u %016llx", seed, hash_of(device));
    if (!host.empty() && host != device) {
        u32 at = 0;
        while (host[at] == device[at])
            at++;
        printf(" differs from the host at word %u: %016llx, not %016llx", at, device[at], host[at]);
    }
    printf("\n");
    fflush(stdout);
}

#endif
