// SPDX-License-Identifier: Apache-2.0
// A syntax error is clang's diagnostic at the user's own file and line, with the line's text, once.
// EXPECT-COMPILE-ERROR: refuse_syntax_error\.cu:%LINE(broken):\d+: error: expected ';'
// EXPECT-COMPILE-ERROR: int value = \*out
#include <cstdio>

__global__ void kernel(int *out) {
    int value = *out // broken
    value++;
    *out = value;
}

int main() {
    std::printf("must not run\n");
    return 0;
}
