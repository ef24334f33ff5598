// SPDX-License-Identifier: Apache-2.0
// Ways to launch: from functions and class members, through pointers to kernels, cudaLaunchKernel with an argument array,
// explicit and deduced template arguments, static member kernels' friends, default arguments, kernels without parameters.
// EXPECT: from a function 1, a member 2, a constructor 3
// EXPECT: through pointers: 15 50 7
// EXPECT: cudaLaunchKernel: 12 2.5 c
// EXPECT: template arguments: 4 8
// EXPECT: no parameters: 77, default argument 9
#include "check.h"

__device__ int global_result;

__global__ void store(int *out, int value) { *out = value; }
__global__ void add(int *out, int value) { *out += value; }
__global__ void multiply(int *out, int value) { *out *= value; }
__global__ void several(int a, double b, char c, double *out) {
    out[0] = a;
    out[1] = b;
    out[2] = c;
}
__global__ void no_parameters() { global_result = 77; }
__global__ void with_default(int *out, int value = 9) { *out = value; }
template <typename T, int N> __global__ void sized(T *out) { *out = N * static_cast<T>(sizeof(T)); }

static int read(const int *pointer) {
    int value;
    CHECK(cudaMemcpy(&value, pointer, sizeof value, cudaMemcpyDeviceToHost));
    return value;
}

static int from_function(int *out) {
    store<<<1, 1>>>(out, 1);
    return read(out);
}

class Runner {
    int *out;

  public:
    int first;
    explicit Runner(int *o) : out(o) {
        store<<<1, 1>>>(out, 3);
        first = read(out);
    }
    int run(int value) const {
        store<<<1, 1>>>(out, value);
        return read(out);
    }
};

typedef void (*Kernel)(int *, int);

int main() {
    Array<int> out(1);
    Runner runner(out);
    std::printf("from a function %d, a member %d, a constructor %d\n", from_function(out), runner.run(2), runner.first);
    const Kernel kernels[] = {add, multiply, store};
    int results[3];
    for (int i = 0; i < 3; i++) {
        store<<<1, 1>>>(out, 10);
        kernels[i]<<<1, 1>>>(out, i == 2 ? 7 : 5);
        results[i] = read(out);
    }
    std::printf("through pointers: %d %d %d\n", results[0], results[1], results[2]);
    Array<double> doubles(3);
    int a = 12;
    double b = 2.5;
    char c = 'c';
    double *pointer = doubles;
    void *arguments[] = {&a, &b, &c, &pointer};
    CHECK(cudaLaunchKernel((const void *)several, dim3(1), dim3(1), arguments, 0, nullptr));
    CHECK_LAUNCH();
    auto d = doubles.host();
    std::printf("cudaLaunchKernel: %g %g %c\n", d[0], d[1], static_cast<char>(d[2]));
    sized<int, 1><<<1, 1>>>(out.data);
    int small = read(out);
    Array<long long> wide(1);
    sized<long long, 1><<<1, 1>>>(wide.data);
    CHECK_LAUNCH();
    std::printf("template arguments: %d %lld\n", small, wide.host()[0]);
    no_parameters<<<1, 1>>>();
    int global;
    CHECK(cudaMemcpyFromSymbol(&global, global_result, sizeof global));
    with_default<<<1, 1>>>(out);
    std::printf("no parameters: %d, default argument %d\n", global, read(out));
    return 0;
}
