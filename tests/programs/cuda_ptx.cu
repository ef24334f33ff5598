// SPDX-License-Identifier: Apache-2.0
// <cuda/ptx>: special registers, fences, barriers in shared memory, whole numbers; <cuda/warp>; <cuda/bit>.
// EXPECT: registers: ok
// EXPECT: barrier: ok
// EXPECT: numbers: ok
// EXPECT: shuffles: ok
// NVCC: skip <cuda/warp> and <cuda/bit> come with CCCL 3
#include "check.h"
#include <cuda/bit>
#include <cuda/ptx>
#include <cuda/warp>

namespace ptx = cuda::ptx;

__global__ void registers(int *wrong) {
    bool right = ptx::get_sreg_tid_x() == threadIdx.x && ptx::get_sreg_tid_y() == threadIdx.y &&
                 ptx::get_sreg_ntid_x() == blockDim.x && ptx::get_sreg_ntid_z() == 1 && ptx::get_sreg_ctaid_x() == blockIdx.x &&
                 ptx::get_sreg_nctaid_y() == 1 && ptx::get_sreg_laneid() == threadIdx.x % 32 &&
                 ptx::get_sreg_lanemask_eq() == 1u << threadIdx.x % 32;
    auto before = ptx::get_sreg_clock64();
    right = right && ptx::get_sreg_clock64() >= before && ptx::get_sreg_globaltimer() > 0;
    if (!right)
        atomicAdd(wrong, 1);
}

__global__ void barrier(int *out) {
    __shared__ uint64_t state;
    __shared__ int value[64];
    if (threadIdx.x == 0) {
        ptx::mbarrier_init(&state, blockDim.x);
        ptx::fence(ptx::sem_acq_rel, ptx::scope_cta);
    }
    __syncthreads();
    for (int round = 0; round < 4; round++) {
        value[threadIdx.x] = (int)threadIdx.x + round;
        uint64_t token = ptx::mbarrier_arrive(&state);
        if (round % 2)
            while (!ptx::mbarrier_test_wait(&state, token)) {
            }
        else
            while (!ptx::mbarrier_test_wait_parity(&state, (uint32_t)round & 1u)) {
            }
        int other = value[63 - threadIdx.x];
        __syncthreads();
        out[threadIdx.x + 64 * round] = other;
    }
    ptx::fence(ptx::sem_sc, ptx::scope_gpu);
}

__global__ void numbers(int *wrong) {
    unsigned x = 0x00f01234u;
    bool right = ptx::bfind(x) == 23 && ptx::bfind_shiftamt(x) == 8 && ptx::bfind(-1) == 0xffffffffu && ptx::bfind(uint64_t(1) << 40) == 40 &&
                 ptx::bmsk_clamp(4, 8) == 0xff0u && ptx::prmt(0x33221100u, 0x77665544u, 0x7531u) == 0x77553311u &&
                 cuda::bit_reverse(1u) == 0x80000000u && cuda::bitmask(4, 8) == 0xff0u &&
                 cuda::bitfield_insert(0xffffu, 0u, 4, 8) == 0xf00fu && cuda::bitfield_extract(x, 4, 8) == 0x23u;
    if (!right)
        atomicAdd(wrong, 1);
}

struct Three {
    int a;
    float b;
    char c;
};

__global__ void shuffles(int *wrong) {
    int lane = threadIdx.x % 32;
    Three mine{lane, lane * 0.5f, (char)lane};
    auto from = cuda::device::warp_shuffle_idx(mine, 5);
    auto down = cuda::device::warp_shuffle_down(mine, 3);
    auto up = cuda::device::warp_shuffle_up<16>(mine, 2);
    auto with = cuda::device::warp_shuffle_xor(mine, 1);
    bool right = from.data.a == 5 && from.data.b == 2.5f && from.data.c == 5 && down.pred == (lane < 29) &&
                 down.data.a == (lane < 29 ? lane + 3 : lane) && up.pred == (lane % 16 >= 2) &&
                 up.data.c == (lane % 16 >= 2 ? lane - 2 : lane) && with.data.a == (lane ^ 1) && !cuda::device::warp_match_all(lane) &&
                 cuda::device::warp_match_all(3.5);
    if (!right)
        atomicAdd(wrong, 1);
}

int main() {
    int *wrong, *out;
    cudaMallocManaged(&wrong, 4);
    cudaMallocManaged(&out, 256 * sizeof(int));
    auto test = [&](const char *name, auto launch) {
        *wrong = 0;
        launch();
        cudaError_t error = cudaDeviceSynchronize();
        printf("%s: %s\n", name, error != cudaSuccess ? cudaGetErrorString(error) : *wrong ? "wrong" : "ok");
    };
    test("registers", [&] { registers<<<3, dim3(32, 2)>>>(wrong); });
    test("barrier", [&] {
        barrier<<<1, 64>>>(out);
        cudaDeviceSynchronize();
        for (int i = 0; i < 256; i++)
            *wrong += out[i] != 63 - i % 64 + i / 64;
    });
    test("numbers", [&] { numbers<<<1, 32>>>(wrong); });
    test("shuffles", [&] { shuffles<<<1, 64>>>(wrong); });
    return 0;
}
