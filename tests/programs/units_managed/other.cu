// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

__managed__ int counter = 5;
__managed__ float table[4] = {1, 2};
static __managed__ int own = 7;

__global__ void child(int value) {
    printf("child %d %d\n", value, own);
    counter *= 2;
    own++;
}

int own_counter() { return own; }
