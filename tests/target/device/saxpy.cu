// SPDX-License-Identifier: Apache-2.0
#include "device.h"

struct Point { float x, y; };
template <class T> __device__ T scale(T a, T x) { return a * x; }

extern "C" __global__ void LAUNCH_BOUNDS(256, 2) saxpy(int n, float a, const float *x, float *y) {
    int i = (int)(ctaid_x() * ntid_x() + tid_x());
    if (i < n) y[i] = scale(a, x[i]) + y[i];
}
extern "C" __global__ void points(Point *p, Point by) {
    unsigned i = linear();
    p[i].x += by.x;
    p[i].y += by.y;
}
