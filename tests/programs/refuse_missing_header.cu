// SPDX-License-Identifier: Apache-2.0
// A header that isn't there is named, at the line that includes it.
// EXPECT-COMPILE-ERROR: refuse_missing_header\.cu:%LINE(include):\d+: fatal error: 'no_such_header\.h' file not found
#include <cstdio>
#include "no_such_header.h" // include

int main() {
    std::printf("must not run\n");
    return 0;
}
