// SPDX-License-Identifier: Apache-2.0
// __constant__ variables: initialised, filled by cudaMemcpyToSymbol at offsets, read back, structs, addresses, in loops.
// EXPECT: initialised: 3 1 4 1 5
// EXPECT: polynomial: ok
// EXPECT: after an update at an offset: 3 1 40 50 5
// EXPECT: struct: scale 2.5 name 'ab', size 16
// EXPECT: through the symbol's address: 77, size of the table 20
// EXPECT: to a symbol on a stream: 8
#include "check.h"

struct Settings {
    double scale;
    char name[8];
};

__constant__ int digits[5] = {3, 1, 4, 1, 5};
__constant__ float coefficients[4];
__constant__ Settings settings;
static __constant__ int single;

__global__ void read_digits(int *out) {
    for (int i = threadIdx.x; i < 5; i += blockDim.x)
        out[i] = digits[i];
}

__global__ void polynomial(const float *x, float *y, int count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= count)
        return;
    float value = 0;
    for (int k = 3; k >= 0; k--)
        value = value * x[i] + coefficients[k];
    y[i] = value;
}

__global__ void read_settings(Settings *out, int *number) {
    *out = settings;
    *number = single;
}

static void show(const char *name, Array<int> &out) {
    read_digits<<<1, 3>>>(out);
    CHECK_LAUNCH();
    auto o = out.host();
    std::printf("%s: %d %d %d %d %d\n", name, o[0], o[1], o[2], o[3], o[4]);
}

int main() {
    Array<int> out(5);
    show("initialised", out);
    const float host_coefficients[4] = {1.0f, -2.0f, 3.0f, 0.5f};
    CHECK(cudaMemcpyToSymbol(coefficients, host_coefficients, sizeof host_coefficients));
    std::vector<float> x(200), want(200);
    for (int i = 0; i < 200; i++) {
        x[i] = static_cast<float>(i % 16);
        want[i] = 1.0f - 2.0f * x[i] + 3.0f * x[i] * x[i] + 0.5f * x[i] * x[i] * x[i];
    }
    Array<float> device_x(x), y(200);
    polynomial<<<4, 64>>>(device_x, y, 200);
    CHECK_LAUNCH();
    same("polynomial", y.host(), want);
    const int two[2] = {40, 50};
    CHECK(cudaMemcpyToSymbol(digits, two, sizeof two, 2 * sizeof(int)));
    show("after an update at an offset", out);
    Settings host_settings = {2.5, "ab"}, back = {};
    CHECK(cudaMemcpyToSymbol(settings, &host_settings, sizeof host_settings, 0, cudaMemcpyHostToDevice));
    CHECK(cudaMemcpyFromSymbol(&back, settings, sizeof back));
    size_t size = 0;
    CHECK(cudaGetSymbolSize(&size, settings));
    std::printf("struct: scale %g name '%s', size %zu\n", back.scale, back.name, size);
    void *address = nullptr;
    const int number = 77;
    CHECK(cudaGetSymbolAddress(&address, single));
    CHECK(cudaMemcpy(address, &number, sizeof number, cudaMemcpyHostToDevice));
    Array<Settings> device_settings(1);
    read_settings<<<1, 1>>>(device_settings, out);
    CHECK_LAUNCH();
    CHECK(cudaGetSymbolSize(&size, digits));
    std::printf("through the symbol's address: %d, size of the table %zu\n", out.host()[0], size);
    const int eight = 8;
    cudaStream_t stream;
    CHECK(cudaStreamCreate(&stream));
    CHECK(cudaMemcpyToSymbolAsync(single, &eight, sizeof eight, 0, cudaMemcpyHostToDevice, stream));
    read_settings<<<1, 1, 0, stream>>>(device_settings, out);
    CHECK(cudaStreamSynchronize(stream));
    std::printf("to a symbol on a stream: %d\n", out.host()[0]);
    CHECK(cudaStreamDestroy(stream));
    return 0;
}
