// SPDX-License-Identifier: Apache-2.0
// cudaMemset in one and two dimensions: bytes, ragged lengths and offsets, neighbours untouched.
// EXPECT: bytes: ok
// EXPECT: offset and ragged length: ok
// EXPECT: two dimensions: ok
// EXPECT: value is a byte: 0x12121212
#include "check.h"

int main() {
    const int count = 1003;
    Array<unsigned char> bytes(count);
    CHECK(cudaMemset(bytes, 0xab, count));
    same("bytes", bytes.host(), std::vector<unsigned char>(count, 0xab));
    CHECK(cudaMemset(bytes + 17, 3, 801));
    std::vector<unsigned char> want(count, 0xab);
    for (int i = 17; i < 17 + 801; i++)
        want[i] = 3;
    same("offset and ragged length", bytes.host(), want);
    CHECK(cudaMemset2D(bytes + 5, 100, 9, 33, 7));
    for (int y = 0; y < 7; y++)
        for (int x = 0; x < 33; x++)
            want[5 + y * 100 + x] = 9;
    same("two dimensions", bytes.host(), want);
    Array<unsigned> words(3);
    CHECK(cudaMemset(words, 0x7712, sizeof(unsigned)));
    std::printf("value is a byte: 0x%08x\n", words.host()[0]);
    return 0;
}
