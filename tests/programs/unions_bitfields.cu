// SPDX-License-Identifier: Apache-2.0
// Unions, anonymous unions and bit-fields have the host's layout in device code; writes of one field keep its neighbours.
// EXPECT: float bits 40490fdb, bytes db 0f 49 40
// EXPECT: tagged 7 2.5
// EXPECT: bit-fields: 5 -3 1 1000 30, word 0x078fa1ed
// EXPECT: sizes 4 16 8
// EXPECT: packed on the device, read on the host: 31 -16 0 999
#include "check.h"
#include <cstdint>
#include <cstring>

union Bits {
    float value;
    uint32_t word;
    unsigned char bytes[4];
};

struct Tagged {
    int kind;
    union {
        int integer;
        double real;
    };
    __device__ double get() const { return kind == 0 ? integer : real; }
};

struct Fields {
    unsigned low : 3;
    signed small : 5;
    bool flag : 1;
    unsigned : 1;
    unsigned middle : 12;
    unsigned high : 10;
};

struct Wide {
    unsigned long long a : 40;
    unsigned long long b : 24;
};

__global__ void unions(uint32_t *words, double *values) {
    Bits bits;
    bits.value = 3.14159274f;
    words[0] = bits.word;
    for (int i = 0; i < 4; i++)
        words[1 + i] = bits.bytes[i];
    Tagged a, b;
    a.kind = 0;
    a.integer = 7;
    b.kind = 1;
    b.real = 2.5;
    const Tagged *both[] = {&a, &b};
    for (int i = 0; i < 2; i++)
        values[i] = both[i]->get();
}

__global__ void fields(Fields *out, unsigned *sizes, unsigned thirteen) {
    Fields f;
    memset(&f, 0, sizeof f);
    f.low = thirteen; // keeps the lowest three bits
    f.small = -3;
    f.flag = true;
    f.middle = 1000;
    f.high = 30;
    f.low = f.low + 8;
    out[0] = f;
    out[1].low = 7;
    out[1].small = 31 - 47;
    out[1].middle = 999;
    sizes[0] = sizeof(Fields);
    sizes[1] = sizeof(Tagged);
    sizes[2] = sizeof(Wide);
}

int main() {
    Array<uint32_t> words(5);
    Array<double> values(2);
    unions<<<1, 1>>>(words, values);
    CHECK_LAUNCH();
    auto w = words.host();
    std::printf("float bits %08x, bytes %02x %02x %02x %02x\n", w[0], w[1], w[2], w[3], w[4]);
    std::printf("tagged %g %g\n", values.host()[0], values.host()[1]);
    Array<Fields> out(2);
    Array<unsigned> sizes(3);
    fields<<<1, 1>>>(out, sizes, 13);
    CHECK_LAUNCH();
    auto f = out.host();
    uint32_t word;
    std::memcpy(&word, &f[0], sizeof word);
    std::printf("bit-fields: %d %d %d %d %d, word 0x%08x\n", f[0].low, f[0].small, f[0].flag, f[0].middle, f[0].high, word);
    auto s = sizes.host();
    std::printf("sizes %u %u %u\n", s[0], s[1], s[2]);
    std::printf("packed on the device, read on the host: %d %d %d %d\n", f[1].low * 4 + 3, f[1].small, f[1].flag, f[1].middle);
    return 0;
}
