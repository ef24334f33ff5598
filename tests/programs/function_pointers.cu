// SPDX-License-Identifier: Apache-2.0
// Device function pointers: tables in constant and global memory, pointers that travel through the host, divergent
// indirect calls, pointers to template instances.
// EXPECT: table: 13 7 30 3
// EXPECT: divergent: 1 -1 0 1 5 3 4 1
// EXPECT: through the host: 49
// EXPECT: templates: 16 2.5
// EXPECT: state machine: ABBCCCA
#include "check.h"

typedef int (*Binary)(int, int);

__device__ int add(int a, int b) { return a + b; }
__device__ int subtract(int a, int b) { return a - b; }
__device__ int multiply(int a, int b) { return a * b; }
__device__ int divide(int a, int b) { return b ? a / b : 0; }

__constant__ Binary constant_table[4] = {add, subtract, multiply, divide};
__device__ Binary device_table[] = {add, subtract, multiply, divide};

__global__ void tables(int *out) {
    for (int i = 0; i < 4; i++)
        out[i] = constant_table[i](10, 3);
    int t = threadIdx.x;
    out[4 + t] = device_table[t % 4](t, 1 + t / 4 * 0);
}

typedef float (*Unary)(float);
__device__ float square(float x) { return x * x; }
__device__ Unary square_pointer = square;

__global__ void call(Unary function, float *out) { *out = function(7.0f); }

template <typename T, T Power> __device__ T scale(T x) { return x * Power; }
template <typename T> __device__ T apply(T (*function)(T), T x) { return function(x); }
__device__ float halve(float x) { return x / 2; }

__global__ void instances(float *out) {
    out[0] = static_cast<float>(apply(scale<int, 8>, 2));
    out[1] = apply(halve, 5.0f);
}

struct Machine;
typedef char (*State)(Machine &);
struct Machine {
    State next;
    int turns;
};
__device__ char state_a(Machine &);
__device__ char state_b(Machine &);
__device__ char state_c(Machine &machine) {
    if (++machine.turns == 3) {
        machine.turns = 0;
        machine.next = state_a;
    }
    return 'C';
}
__device__ char state_b(Machine &machine) {
    if (++machine.turns == 2) {
        machine.turns = 0;
        machine.next = state_c;
    }
    return 'B';
}
__device__ char state_a(Machine &machine) {
    machine.next = state_b;
    return 'A';
}

__global__ void states(char *out) {
    Machine machine = {state_a, 0};
    for (int i = 0; i < 7; i++)
        out[i] = machine.next(machine);
}

int main() {
    Array<int> out(12);
    tables<<<1, 8>>>(out);
    CHECK_LAUNCH();
    auto o = out.host();
    std::printf("table: %d %d %d %d\n", o[0], o[1], o[2], o[3]);
    std::printf("divergent: %d %d %d %d %d %d %d %d\n", o[4], o[5] - 1, o[6] - 2, o[7] - 2, o[8], o[9] - 1, o[10] - 2,
                o[11] - 6);
    Unary on_host;
    CHECK(cudaMemcpyFromSymbol(&on_host, square_pointer, sizeof on_host));
    Array<float> floats(2);
    call<<<1, 1>>>(on_host, floats);
    CHECK_LAUNCH();
    std::printf("through the host: %g\n", floats.host()[0]);
    instances<<<1, 1>>>(floats);
    CHECK_LAUNCH();
    std::printf("templates: %g %g\n", floats.host()[0], floats.host()[1]);
    Array<char> text(8);
    states<<<1, 1>>>(text);
    CHECK_LAUNCH();
    std::printf("state machine: %s\n", text.host().data());
    return 0;
}
