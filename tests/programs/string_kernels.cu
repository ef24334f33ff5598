// SPDX-License-Identifier: Apache-2.0
// Text on the device: bytes, memcpy, memset and comparison in kernels, string literals, tables of strings, word counting.
// EXPECT: upper case: THE QUICK BROWN FOX JUMPS OVER THE LAZY DOG
// EXPECT: words 9, longest 5, matches of 'the': 2
// EXPECT: day 3 is Wednesday
#include "check.h"
#include <cstring>

__constant__ const char *const days[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};

__global__ void upper(char *text, int length) {
    int i = threadIdx.x;
    if (i < length && text[i] >= 'a' && text[i] <= 'z')
        text[i] -= 'a' - 'A';
}

__device__ bool starts_with(const char *text, const char *prefix) {
    while (*prefix)
        if (*text++ != *prefix++)
            return false;
    return true;
}

__global__ void count(const char *text, int length, int *out) {
    int i = threadIdx.x;
    if (i >= length)
        return;
    bool start = text[i] != ' ' && (i == 0 || text[i - 1] == ' ');
    if (start) {
        int end = i;
        while (end < length && text[end] != ' ')
            end++;
        atomicAdd(&out[0], 1);
        atomicMax(&out[1], end - i);
    }
    if (starts_with(text + i, "the"))
        atomicAdd(&out[2], 1);
}

__global__ void copy(int day, char *out) {
    char local[16];
    memset(local, 0, sizeof local);
    const char *name = days[day];
    int n = 0;
    while (name[n])
        n++;
    memcpy(local, name, n);
    memcpy(out, local, sizeof local);
}

int main() {
    const char text[] = "the quick brown fox jumps over the lazy dog";
    Array<char> device(std::vector<char>(text, text + sizeof text)), name(16);
    Array<int> out(3);
    count<<<1, 64>>>(device, sizeof text - 1, out);
    upper<<<1, 64>>>(device, sizeof text - 1);
    copy<<<1, 1>>>(3, name);
    CHECK_LAUNCH();
    std::printf("upper case: %s\n", device.host().data());
    auto o = out.host();
    std::printf("words %d, longest %d, matches of 'the': %d\n", o[0], o[1], o[2]);
    std::printf("day 3 is %s\n", name.host().data());
    return 0;
}
