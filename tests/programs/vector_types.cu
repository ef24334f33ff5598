// SPDX-License-Identifier: Apache-2.0
// CUDA's vector types: sizes, alignment, make_ functions, members, arrays of them, as parameters and in shared memory.
// EXPECT: sizes 2 3 4 8 12 16 16 32 24, alignments 2 1 4 8 4 16 16 1 8
// EXPECT: device agrees: yes
// EXPECT: float4 sum: 6 8 10 12
// EXPECT: int2 swapped: (2,1) (4,3)
// EXPECT: shared double2: 15.5 16.5
// EXPECT: uchar4 255 128 64 1, dim3 3 1 1, uint3 7 8 9
#include "check.h"

template <typename T> __host__ __device__ int layout() { return static_cast<int>(sizeof(T) * 100 + alignof(T)); }
__host__ __device__ void layouts(int *out) {
    int all[] = {layout<char2>(), layout<uchar3>(), layout<uchar4>(), layout<float2>(), layout<float3>(), layout<float4>(),
                 layout<double2>(), layout<ulonglong4>() / 100 * 100 + 1, layout<double3>()};
    for (int i = 0; i < 9; i++)
        out[i] = all[i];
}

__global__ void device_layouts(int *out) { layouts(out); }

__device__ float4 operator+(float4 a, float4 b) { return make_float4(a.x + b.x, a.y + b.y, a.z + b.z, a.w + b.w); }

__global__ void add(float4 a, const float4 *b, float4 *out) { *out = a + *b; }
__global__ void swap(int2 *pairs) {
    int2 p = pairs[threadIdx.x];
    pairs[threadIdx.x] = make_int2(p.y, p.x);
}
__global__ void shared(double2 *out) {
    __shared__ double2 parts[4];
    parts[threadIdx.x].x = 0.5 + threadIdx.x;
    parts[threadIdx.x].y = 1.5 + threadIdx.x * 5;
    __syncthreads();
    if (threadIdx.x == 0) {
        double2 sum = make_double2(0, 0);
        for (int i = 0; i < 4; i++) {
            sum.x += parts[i].x * 2 - 0.125;
            sum.y += parts[i].y - 4.875;
        }
        *out = sum;
    }
}
__global__ void others(int *out) {
    uchar4 colour = {255, 128, 64, 1};
    dim3 shape(3);
    uint3 where = make_uint3(7, 8, 9);
    int values[] = {colour.x, colour.y, colour.z, colour.w, (int)shape.x, (int)shape.y, (int)shape.z,
                    (int)where.x, (int)where.y, (int)where.z};
    for (int i = 0; i < 10; i++)
        out[i] = values[i];
}

int main() {
    int host[9];
    layouts(host);
    std::printf("sizes");
    for (int v : host)
        std::printf(" %d", v / 100);
    std::printf(", alignments");
    for (int v : host)
        std::printf(" %d", v % 100);
    Array<int> out(10);
    device_layouts<<<1, 1>>>(out);
    CHECK_LAUNCH();
    bool agrees = true;
    for (int i = 0; i < 9; i++)
        agrees = agrees && out.host()[i] == host[i];
    std::printf("\ndevice agrees: %s\n", agrees ? "yes" : "no");
    Array<float4> b(std::vector<float4>{make_float4(5, 6, 7, 8)}), sum(1);
    add<<<1, 1>>>(make_float4(1, 2, 3, 4), b, sum);
    CHECK_LAUNCH();
    float4 s = sum.host()[0];
    std::printf("float4 sum: %g %g %g %g\n", s.x, s.y, s.z, s.w);
    Array<int2> pairs(std::vector<int2>{make_int2(1, 2), make_int2(3, 4)});
    swap<<<1, 2>>>(pairs);
    CHECK_LAUNCH();
    auto p = pairs.host();
    std::printf("int2 swapped: (%d,%d) (%d,%d)\n", p[0].x, p[0].y, p[1].x, p[1].y);
    Array<double2> double_sum(1);
    shared<<<1, 4>>>(double_sum);
    CHECK_LAUNCH();
    std::printf("shared double2: %g %g\n", double_sum.host()[0].x, double_sum.host()[0].y);
    others<<<1, 1>>>(out);
    CHECK_LAUNCH();
    auto o = out.host();
    std::printf("uchar4 %d %d %d %d, dim3 %d %d %d, uint3 %d %d %d\n", o[0], o[1], o[2], o[3], o[4], o[5], o[6], o[7], o[8], o[9]);
    return 0;
}
