// SPDX-License-Identifier: Apache-2.0
// Static shared memory: private to each block, several arrays, 2-D arrays, structs, 48 KB, uninitialised use across
// launches avoided.
// EXPECT: reversed in blocks of 100: ok
// EXPECT: transposed 70 x 45: ok
// EXPECT: struct and pointers: ok
// EXPECT: 48 KB: ok
#include "check.h"

__global__ void reverse(int *values) {
    __shared__ int shared[100];
    int *mine = values + blockIdx.x * 100;
    shared[threadIdx.x] = mine[threadIdx.x];
    __syncthreads();
    mine[threadIdx.x] = shared[99 - threadIdx.x];
}

__global__ void transpose(const float *in, float *out, int width, int height) {
    __shared__ float tile[16][17];
    int x = blockIdx.x * 16 + threadIdx.x, y = blockIdx.y * 16 + threadIdx.y;
    if (x < width && y < height)
        tile[threadIdx.y][threadIdx.x] = in[y * width + x];
    __syncthreads();
    x = blockIdx.y * 16 + threadIdx.x;
    y = blockIdx.x * 16 + threadIdx.y;
    if (x < height && y < width)
        out[y * height + x] = tile[threadIdx.x][threadIdx.y];
}

struct Record {
    char kind;
    double value;
    int *where;
};

__global__ void structs(double *out) {
    __shared__ Record records[32];
    __shared__ int total, slots[32];
    if (threadIdx.x == 0)
        total = 0;
    slots[threadIdx.x] = threadIdx.x * threadIdx.x;
    records[threadIdx.x].kind = static_cast<char>('a' + threadIdx.x % 3);
    records[threadIdx.x].value = threadIdx.x * 0.5;
    records[threadIdx.x].where = &slots[31 - threadIdx.x];
    __syncthreads();
    const Record *other = &records[(threadIdx.x + 5) % 32];
    atomicAdd(&total, *other->where);
    __syncthreads();
    out[blockIdx.x * 32 + threadIdx.x] = total + other->value + (other->kind == 'b' ? 1000 : 0);
}

__global__ void large(int *out) {
    __shared__ int shared[12288];
    for (int i = threadIdx.x; i < 12288; i += blockDim.x)
        shared[i] = i ^ blockIdx.x;
    __syncthreads();
    int sum = 0;
    for (int i = threadIdx.x; i < 12288; i += blockDim.x)
        sum += shared[(i * 5 + 1) % 12288];
    out[blockIdx.x * blockDim.x + threadIdx.x] = sum;
}

int main() {
    std::vector<int> ints(1000), want_ints(1000);
    for (int i = 0; i < 1000; i++) {
        ints[i] = i * 3;
        want_ints[i] = (i / 100 * 100 + 99 - i % 100) * 3;
    }
    Array<int> values(ints);
    reverse<<<10, 100>>>(values);
    CHECK_LAUNCH();
    same("reversed in blocks of 100", values.host(), want_ints);

    const int width = 70, height = 45;
    std::vector<float> in(width * height), want(width * height);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            want[x * height + y] = in[y * width + x] = y * 100.0f + x;
    Array<float> device_in(in), device_out(in.size());
    transpose<<<dim3((width + 15) / 16, (height + 15) / 16), dim3(16, 16)>>>(device_in, device_out, width, height);
    CHECK_LAUNCH();
    same("transposed 70 x 45", device_out.host(), want);

    Array<double> results(96);
    structs<<<3, 32>>>(results);
    CHECK_LAUNCH();
    std::vector<double> want_results;
    for (int i = 0; i < 96; i++) {
        int other = (i % 32 + 5) % 32;
        want_results.push_back(10416 + other * 0.5 + (other % 3 == 1 ? 1000 : 0));
    }
    same("struct and pointers", results.host(), want_results);

    Array<int> sums(3 * 96);
    large<<<3, 96>>>(sums);
    CHECK_LAUNCH();
    std::vector<int> want_sums;
    for (int b = 0; b < 3; b++)
        for (int t = 0; t < 96; t++) {
            int sum = 0;
            for (int i = t; i < 12288; i += 96)
                sum += (i * 5 + 1) % 12288 ^ b;
            want_sums.push_back(sum);
        }
    same("48 KB", sums.host(), want_sums);
    return 0;
}
