// SPDX-License-Identifier: Apache-2.0
// Shuffles of every type that CUDA has an overload for, all four kinds of each.
// EXPECT: int ok
// EXPECT: unsigned ok
// EXPECT: long ok
// EXPECT: unsigned long ok
// EXPECT: long long ok
// EXPECT: unsigned long long ok
// EXPECT: float ok
// EXPECT: double ok
#include "check.h"

template <typename T> __host__ __device__ T value_of(int lane) {
    const T factor = static_cast<T>(sizeof(T) == 8 ? 70368744177665 : 100003); // products stay exact in every type
    return static_cast<T>(static_cast<T>(lane) * factor + static_cast<T>(lane % 2 ? 3 : -5));
}

template <typename T> __global__ void shuffle(T *out) {
    int lane = threadIdx.x;
    T value = value_of<T>(lane);
    out[lane] = __shfl_sync(0xffffffff, value, 31 - lane);
    out[32 + lane] = __shfl_up_sync(0xffffffff, value, 5, 16);
    out[64 + lane] = __shfl_down_sync(0xffffffff, value, 2, 8);
    out[96 + lane] = __shfl_xor_sync(0xffffffff, value, 9);
}

template <typename T> static void test(const char *name) {
    Array<T> out(128);
    shuffle<<<1, 32>>>(out.data);
    CHECK_LAUNCH();
    std::vector<T> have = out.host();
    bool fine = true;
    for (int lane = 0; lane < 32; lane++) {
        fine = fine && have[lane] == value_of<T>(31 - lane);
        fine = fine && have[32 + lane] == value_of<T>(lane % 16 < 5 ? lane : lane - 5);
        fine = fine && have[64 + lane] == value_of<T>(lane % 8 + 2 > 7 ? lane : lane + 2);
        fine = fine && have[96 + lane] == value_of<T>(lane ^ 9);
    }
    std::printf("%s %s\n", name, fine ? "ok" : "wrong");
}

int main() {
    test<int>("int");
    test<unsigned>("unsigned");
    test<long>("long");
    test<unsigned long>("unsigned long");
    test<long long>("long long");
    test<unsigned long long>("unsigned long long");
    test<float>("float");
    test<double>("double");
    return 0;
}
