// SPDX-License-Identifier: Apache-2.0
// The device heap has the size that cudaDeviceSetLimit gave it: malloc returns NULL beyond it, and works again after free.
// EXPECT: limit read back: 16777216
// EXPECT: 1 MB pieces: some, not more than fit: yes
// EXPECT: after free: yes
// EXPECT: more than the heap: null
#include "check.h"

__global__ void fill(void **pieces, int most, int *got) {
    int n = 0;
    while (n < most) {
        pieces[n] = malloc(1 << 20);
        if (!pieces[n])
            break;
        n++;
    }
    *got = n;
    for (int i = 0; i < n; i++)
        free(pieces[i]);
}
__global__ void huge(int *got) {
    void *p = malloc(size_t(1) << 30);
    *got = p != nullptr;
    free(p);
}

int main() {
    const size_t limit = 16 << 20;
    CHECK(cudaDeviceSetLimit(cudaLimitMallocHeapSize, limit));
    size_t read = 0;
    CHECK(cudaDeviceGetLimit(&read, cudaLimitMallocHeapSize));
    std::printf("limit read back: %zu\n", read);
    Array<void *> pieces(64);
    Array<int> got(1);
    fill<<<1, 1>>>(pieces, 64, got);
    CHECK_LAUNCH();
    int first = got.host()[0];
    std::printf("1 MB pieces: some, not more than fit: %s\n", first >= 8 && first <= 32 ? "yes" : "no");
    fill<<<1, 1>>>(pieces, 8, got);
    CHECK_LAUNCH();
    std::printf("after free: %s\n", got.host()[0] == 8 ? "yes" : "no");
    huge<<<1, 1>>>(got);
    CHECK_LAUNCH();
    std::printf("more than the heap: %s\n", got.host()[0] ? "given" : "null");
    return 0;
}
