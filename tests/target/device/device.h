/* SPDX-License-Identifier: Apache-2.0 */
/* device.h: the words of device code that these tests need: CUDA's qualifiers and the waist's intrinsics under short names. */
#ifndef CW_TESTS_TARGET_DEVICE_H
#define CW_TESTS_TARGET_DEVICE_H

#define __global__ __attribute__((global))
#define __device__ __attribute__((device))
#define __shared__ __attribute__((shared))
#define __constant__ __attribute__((constant))
#define NOINLINE __attribute__((noinline))
#define LAUNCH_BOUNDS(...) __attribute__((launch_bounds(__VA_ARGS__)))
#define REGISTER(name, text) extern "C" __device__ __attribute__((const)) unsigned name() __asm__(text)

REGISTER(tid_x, "cw.tid.x");
REGISTER(tid_y, "cw.tid.y");
REGISTER(tid_z, "cw.tid.z");
REGISTER(ntid_x, "cw.ntid.x");
REGISTER(ntid_y, "cw.ntid.y");
REGISTER(ntid_z, "cw.ntid.z");
REGISTER(ctaid_x, "cw.ctaid.x");
REGISTER(ctaid_y, "cw.ctaid.y");
REGISTER(ctaid_z, "cw.ctaid.z");
REGISTER(nctaid_x, "cw.nctaid.x");
REGISTER(nctaid_y, "cw.nctaid.y");
REGISTER(nctaid_z, "cw.nctaid.z");
REGISTER(laneid, "cw.laneid");
REGISTER(warpid, "cw.warpid");
REGISTER(smid, "cw.smid");
REGISTER(dynamic_shared_size, "cw.dynamic_shared_size");

extern "C" __device__ __attribute__((convergent)) void barrier(int id, int count) __asm__("cw.barrier");
extern "C" __device__ __attribute__((const)) int is_constant(const void *pointer) __asm__("cw.is_constant");
extern "C" __device__ __attribute__((const)) int is_global(const void *pointer) __asm__("cw.is_global");
extern "C" __device__ unsigned clock_low() __asm__("cw.clock");
extern "C" __device__ __attribute__((noreturn)) void trap() __asm__("cw.trap");
extern "C" __device__ int vprintf(const char *format, void *arguments);
extern "C" __device__ void *malloc(unsigned long size);
extern "C" __device__ void free(void *pointer);
extern "C" __device__ float __nv_sinf(float x);

__device__ static inline unsigned linear() {
    return tid_x() + ntid_x() * (tid_y() + ntid_y() * tid_z());
}

#endif
