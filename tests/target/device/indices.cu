// SPDX-License-Identifier: Apache-2.0
// Special registers, in the kernel and in a function that stays a call.
#include "device.h"

__device__ static inline void write(unsigned *o) {
    o[0] = tid_x(); o[1] = tid_y(); o[2] = tid_z();
    o[3] = ntid_x(); o[4] = ntid_y(); o[5] = ntid_z();
    o[6] = ctaid_x(); o[7] = ctaid_y(); o[8] = ctaid_z();
    o[9] = nctaid_x(); o[10] = nctaid_y(); o[11] = nctaid_z();
    o[12] = laneid(); o[13] = warpid(); o[14] = smid(); o[15] = dynamic_shared_size();
}
__device__ NOINLINE void write_called(unsigned *o) { write(o); }

extern "C" __global__ void inlined(unsigned *out) { write(out + 16 * linear()); }
extern "C" __global__ void called(unsigned *out) { write_called(out + 16 * linear()); }
extern "C" __global__ void waits(unsigned *out) {
    unsigned *o = out + 16 * linear();
    o[0] = 77;
    barrier(0, 0);
    write(o);
    barrier(0, 0);
    if (o[0] != tid_x()) o[0] = 99;
}
