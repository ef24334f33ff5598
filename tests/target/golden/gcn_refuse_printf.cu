// SPDX-License-Identifier: Apache-2.0
// RUN: --to hsaco --arch gfx90a
// REFUSED: kernel '_Z5speakv' uses printf, which target 'gcn' can't express
#include <cstdio>
__global__ void speak() { printf("hello\n"); }
