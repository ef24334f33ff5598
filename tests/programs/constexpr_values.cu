// SPDX-License-Identifier: Apache-2.0
// constexpr: functions shared by host and device, tables computed by the compiler, sizes of shared arrays, constants.
// NVCC: --expt-relaxed-constexpr
// EXPECT: crc table: 00000000 77073096 ee0e612c 2d02ef8d
// EXPECT: crc of the message: cbf43926 cbf43926
// EXPECT: powers 1 3 9 27 81, tile 48
// EXPECT: limits 2147483647 3.40282e+38
// EXPECT: static_assert and host agree: 20
#include "check.h"
#include <limits>

struct CrcTable {
    unsigned entries[256];
    constexpr CrcTable() : entries() {
        for (unsigned i = 0; i < 256; i++) {
            unsigned value = i;
            for (int bit = 0; bit < 8; bit++)
                value = value & 1 ? 0xedb88320u ^ (value >> 1) : value >> 1;
            entries[i] = value;
        }
    }
};
constexpr CrcTable host_table;
__constant__ CrcTable device_table = CrcTable();

__host__ __device__ constexpr int power(int base, int exponent) { return exponent == 0 ? 1 : base * power(base, exponent - 1); }
constexpr int tile = power(2, 4) * 3;
static_assert(power(3, 4) == 81, "computed by the compiler");

template <typename T> __host__ __device__ constexpr T larger(T a, T b) { return a > b ? a : b; }

__host__ __device__ unsigned crc(const unsigned *table, const char *text, int length) {
    unsigned value = ~0u;
    for (int i = 0; i < length; i++)
        value = table[(value ^ static_cast<unsigned char>(text[i])) & 255] ^ (value >> 8);
    return ~value;
}

__global__ void kernel(unsigned *out, float *floats) {
    __shared__ int shared[tile];
    const char message[] = "123456789";
    const int where[] = {0, 1, 2, 255};
    for (int i = 0; i < 4; i++)
        out[i] = device_table.entries[where[i]];
    out[4] = crc(device_table.entries, message, sizeof message - 1);
    constexpr int base = 3;
    for (int i = 0; i < 5; i++)
        out[5 + i] = power(base, i);
    out[10] = sizeof shared / sizeof shared[0];
    out[11] = std::numeric_limits<int>::max();
    floats[0] = std::numeric_limits<float>::max();
    out[12] = larger(20, 7);
}

int main() {
    Array<unsigned> out(13);
    Array<float> floats(1);
    kernel<<<1, 1>>>(out, floats);
    CHECK_LAUNCH();
    auto o = out.host();
    std::printf("crc table: %08x %08x %08x %08x\n", o[0], o[1], o[2], o[3]);
    std::printf("crc of the message: %08x %08x\n", o[4], crc(host_table.entries, "123456789", 9));
    std::printf("powers %u %u %u %u %u, tile %u\n", o[5], o[6], o[7], o[8], o[9], o[10]);
    std::printf("limits %u %g\n", o[11], floats.host()[0]);
    std::printf("static_assert and host agree: %u\n", o[12] == static_cast<unsigned>(larger(20, 7)) ? o[12] : 0);
    return 0;
}
