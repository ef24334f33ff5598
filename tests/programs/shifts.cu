// SPDX-License-Identifier: Apache-2.0
// Shifts by the operand's width or more: the hardware clamps the amount, and bit packers rely on `x << (32 - bits)`.
// EXPECT: left 80000000 0 0 0
// EXPECT: right 1 0 0 0
// EXPECT: signed ffffffff ffffffff ffffffff ffffffff
// EXPECT: wide 8000000000000000 0 0
// EXPECT: mask ffffffff
#include "check.h"

__global__ void shifts(const unsigned *amounts, unsigned *left, unsigned *right, int *arithmetic,
                       unsigned long long *wide, unsigned *masks) {
    unsigned i = threadIdx.x, amount = amounts[i];
    left[i] = 0x80000001u << amount;
    right[i] = 0x80000001u >> amount;
    arithmetic[i] = int(0x80000001u) >> amount;
    wide[i] = 0x8000000000000001ull << (amount * 2 + (amount & 1));
    masks[i] = (1 << amount) - 1;
}

int main() {
    Array<unsigned> amounts({31, 32, 33, 0xffffffffu}), left(4), right(4), masks(4);
    Array<int> arithmetic(4);
    Array<unsigned long long> wide(4);
    shifts<<<1, 4>>>(amounts, left, right, arithmetic, wide, masks);
    CHECK_LAUNCH();
    auto l = left.host(), r = right.host(), m = masks.host();
    auto a = arithmetic.host();
    auto w = wide.host();
    std::printf("left %x %x %x %x\n", l[0], l[1], l[2], l[3]);
    std::printf("right %x %x %x %x\n", r[0], r[1], r[2], r[3]);
    std::printf("signed %x %x %x %x\n", a[0], a[1], a[2], a[3]);
    std::printf("wide %llx %llx %llx\n", w[0], w[1], w[2]);
    std::printf("mask %x\n", m[1]);
    return 0;
}
