// SPDX-License-Identifier: Apache-2.0
// A bad pointer in host code still ends the process with its signal: what catches kernels' faults catches nothing else.
// ENV: ASAN_OPTIONS=handle_segv=0
// ENV: TSAN_OPTIONS=handle_segv=0
// EXPECT: kernel ran
// EXPECT-EXIT: -11
#include "check.h"

__global__ void store(int *out) { *out = 1; }

int main() {
    Array<int> out(1);
    store<<<1, 1>>>(out);
    CHECK_LAUNCH();
    std::printf("kernel ran\n");
    std::fflush(stdout);
    int *volatile bad = reinterpret_cast<int *>(8);
    *bad = 1;
    std::printf("not reached\n");
    return 0;
}
