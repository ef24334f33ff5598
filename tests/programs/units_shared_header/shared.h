/* SPDX-License-Identifier: Apache-2.0 */
/* shared.h: what the units of this program know of each other. */
#ifndef UNITS_SHARED_H
#define UNITS_SHARED_H

struct Settings {
    __host__ __device__ static constexpr int value() { return 7; }
};

void scale_in_first(int *values);
void scale_in_second(int *values);
int counter_of_first();
int counter_of_second();
int value_seen_by_first();
int value_seen_by_second();

__global__ void exported_kernel(int *out);

#endif
