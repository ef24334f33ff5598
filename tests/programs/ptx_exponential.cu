// SPDX-License-Identifier: Apache-2.0
// How compilers write exponentials in PTX: fma.rm with which nvcc makes an integer of a number in [0, 1], and ex2.approx.ftz, over
// their ranges, against sums that double has exactly and the host's exp2.
// EXPECT: floors: 0 wrong
// EXPECT: directed sums: 0 wrong
// EXPECT: powers: 0 wrong
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <vector>

__global__ void floors(const float *in, float *out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n)
        asm("{ .reg .f32 x; cvt.sat.f32.f32 x, %1; fma.rm.f32 %0, x, 0f437C0000, 0f4B400001; }" : "=f"(out[i]) : "f"(in[i]));
}

// The same instruction with operands that are not known to be small.
__global__ void sums(const float *in, float *out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n)
        asm("fma.rm.f32 %0, %1, 0f437C0000, 0f4B400001;" : "=f"(out[i]) : "f"(in[i]));
}

__global__ void powers(const float *in, float *out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n)
        asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(out[i]) : "f"(in[i]));
}

static float from_bits(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

typedef void kernel(const float *, float *, int);

static std::vector<float> run(kernel *code, const std::vector<float> &in) {
    int n = int(in.size());
    float *a, *b;
    cudaMalloc(&a, n * sizeof(float));
    cudaMalloc(&b, n * sizeof(float));
    cudaMemcpy(a, in.data(), n * sizeof(float), cudaMemcpyHostToDevice);
    code<<<(n + 127) / 128, 128>>>(a, b, n);
    std::vector<float> out(n);
    cudaMemcpy(out.data(), b, n * sizeof(float), cudaMemcpyDeviceToHost);
    cudaFree(a);
    cudaFree(b);
    return out;
}

static std::vector<float> unit_numbers() {
    std::vector<float> in;
    for (int k = 0; k <= 252; k++) // about the places where the integer changes
        for (int d = -3; d <= 3; d++) {
            uint32_t bits;
            float x = float(k / 252.0);
            memcpy(&bits, &x, sizeof bits);
            in.push_back(from_bits(k == 0 && d < 0 ? 0x80000000u - uint32_t(d) : bits + d));
        }
    uint32_t seed = 1;
    for (int i = 0; i < 20000; i++) in.push_back(from_bits((seed = seed * 1664525u + 1013904223u) % 0x3f800001u));
    const float others[] = {1, 2, -1, -0.0f, INFINITY, -INFINITY, NAN, 1e-45f};
    in.insert(in.end(), others, others + 8);
    return in;
}

static int wrong_sums(const std::vector<float> &in, const std::vector<float> &out, bool saturates) {
    int wrong = 0;
    for (size_t i = 0; i < in.size(); i++) {
        double x = in[i];
        if (saturates) x = x > 0 ? (x < 1 ? x : 1) : 0;
        if (!(x >= 0 && x <= 1)) continue;
        wrong += double(out[i]) != floor(x * 252) + 12582913;
    }
    return wrong;
}

int main() {
    std::vector<float> in = unit_numbers();
    printf("floors: %d wrong\n", wrong_sums(in, run(floors, in), true));
    printf("directed sums: %d wrong\n", wrong_sums(in, run(sums, in), false));
    in.clear();
    for (int k = -160 * 64; k <= 140 * 64; k++) in.push_back(float(k) / 64);
    for (int k = -126; k <= 128; k++)
        for (float d : {-1e-5f, 1e-5f}) in.push_back(float(k) + d);
    in.push_back(1e-45f);
    in.push_back(-1e-45f);
    in.push_back(INFINITY);
    in.push_back(-INFINITY);
    std::vector<float> out = run(powers, in);
    int wrong = 0;
    for (size_t i = 0; i < in.size(); i++) {
        double expected = exp2(double(in[i]));
        if (expected < 0x1p-126) expected = 0;
        // PTX ISA, "ex2": 2 ulp.
        wrong += std::isinf(expected) || double(float(expected)) >= INFINITY ? !std::isinf(out[i]) : std::fabs(out[i] - expected) > expected * 0x1p-22;
    }
    float none = NAN;
    wrong += !std::isnan(run(powers, {none})[0]);
    printf("powers: %d wrong\n", wrong);
}
