// SPDX-License-Identifier: Apache-2.0
// REFUSED: refuse_printf.cu:5:\d+: error: kernel '_Z5hellov' uses vprintf, which target 'wgsl' can't express
#include <cstdio>
__global__ void hello() {
    printf("hello\n");
}
