// SPDX-License-Identifier: Apache-2.0
// __shfl_sync, _up, _down and _xor over whole warps: sources computed by each lane, out-of-range lanes keep their own value.
// EXPECT: idx: ok
// EXPECT: idx of a constant lane: ok
// EXPECT: idx wraps: ok
// EXPECT: up: ok
// EXPECT: down: ok
// EXPECT: xor: ok
// EXPECT: reduction 2016, scan 0 1 3 6 10
#include "check.h"

enum Kind { idx, constant, wraps, up, down, exclusive };

__global__ void shuffle(Kind kind, int *out) {
    int t = threadIdx.x, lane = t % 32, value = 100 + t, result = 0;
    switch (kind) {
    case idx: result = __shfl_sync(0xffffffff, value, (lane * 7 + 3) % 32); break;
    case constant: result = __shfl_sync(0xffffffff, value, 5); break;
    case wraps: result = __shfl_sync(0xffffffff, value, lane + 40); break;
    case up: result = __shfl_up_sync(0xffffffff, value, 3); break;
    case down: result = __shfl_down_sync(0xffffffff, value, 11); break;
    case exclusive: result = __shfl_xor_sync(0xffffffff, value, 21); break;
    }
    out[t] = result;
}

static int source(Kind kind, int lane) {
    switch (kind) {
    case idx: return (lane * 7 + 3) % 32;
    case constant: return 5;
    case wraps: return (lane + 40) % 32;
    case up: return lane < 3 ? lane : lane - 3;
    case down: return lane + 11 > 31 ? lane : lane + 11;
    case exclusive: return lane ^ 21;
    }
    return 0;
}

__global__ void warp_algorithms(int *out) {
    int lane = threadIdx.x % 32, value = threadIdx.x;
    for (int step = 16; step > 0; step /= 2)
        value += __shfl_down_sync(0xffffffff, value, step);
    if (lane == 0)
        atomicAdd(&out[0], value);
    int sum = lane;
    for (int step = 1; step < 32; step *= 2) {
        int other = __shfl_up_sync(0xffffffff, sum, step);
        if (lane >= step)
            sum += other;
    }
    if (threadIdx.x < 5)
        out[1 + lane] = sum;
}

int main() {
    const char *names[] = {"idx", "idx of a constant lane", "idx wraps", "up", "down", "xor"};
    for (int kind = 0; kind < 6; kind++) {
        Array<int> out(96);
        shuffle<<<1, 96>>>(static_cast<Kind>(kind), out);
        CHECK_LAUNCH();
        std::vector<int> want;
        for (int t = 0; t < 96; t++)
            want.push_back(100 + t / 32 * 32 + source(static_cast<Kind>(kind), t % 32));
        same(names[kind], out.host(), want);
    }
    Array<int> out(6);
    warp_algorithms<<<1, 64>>>(out);
    CHECK_LAUNCH();
    auto o = out.host();
    std::printf("reduction %d, scan %d %d %d %d %d\n", o[0], o[1], o[2], o[3], o[4], o[5]);
    return 0;
}
