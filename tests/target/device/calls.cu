// SPDX-License-Identifier: Apache-2.0
// Calls that stay calls: recursion, function pointers, virtual functions, and services below them.
#include "device.h"

__device__ NOINLINE int fibonacci(int n) { return n < 2 ? n + (int)tid_x() * 0 : fibonacci(n - 1) + fibonacci(n - 2); }
__device__ int is_odd(int n);
__device__ __attribute__((always_inline)) int is_even(int n) { return n == 0 ? 1 : is_odd(n - 1); }
__device__ __attribute__((always_inline)) int is_odd(int n) { return n == 0 ? 0 : is_even(n - 1); }
extern "C" __global__ void recursion(int *out) {
    int i = (int)linear();
    out[i] = fibonacci(i % 15) * 2 + is_even(i);
}

__device__ int twice(int x) { return 2 * x + (int)tid_y(); }
__device__ int square(int x) { return x * x + (int)laneid(); }
__device__ int (*const chosen[2])(int) = {twice, square};
extern "C" __global__ void pointers(int *out) {
    int i = (int)linear();
    out[i] = chosen[i & 1](i);
}

struct Shape {
    int size;
    __device__ Shape(int size) : size(size) {}
    __device__ virtual int area() const = 0;
    __device__ virtual int name() const { return 1; }
};
struct Square : Shape {
    __device__ Square(int size) : Shape(size) {}
    __device__ int area() const override { return size * size + (int)tid_x(); }
};
struct Line : Shape {
    __device__ Line(int size) : Shape(size) {}
    __device__ int area() const override { return 0; }
    __device__ int name() const override { return 2 + (int)ntid_x(); }
};
extern "C" __global__ void virtual_calls(int *out) {
    int i = (int)linear();
    Square square(i);
    Line line(i);
    Shape *shape = i & 1 ? (Shape *)&square : (Shape *)&line;
    out[i] = shape->area() * 100 + shape->name();
}

__device__ NOINLINE void wait_deep(int depth) {
    if (depth) wait_deep(depth - 1);
    else barrier(0, 0);
}
extern "C" __global__ void barrier_below(int *out) {
    int i = (int)linear();
    out[i] = i;
    wait_deep(i % 5);
    int value = out[(i + 1) % (int)(ntid_x() * ntid_y() * ntid_z())];
    wait_deep(2);
    out[i] = value * 10;
}

// The address of a service, in memory and as an argument.
typedef int print_function(const char *, void *);
__device__ NOINLINE int print_by(print_function *print, const char *text) { return print(text, nullptr); }
extern "C" __global__ void service_address(int *out) {
    out[linear()] = print_by(vprintf, "hello\n");
}
extern "C" __global__ void services(int *out) {
    int i = (int)linear();
    int *p = (int *)malloc(sizeof(int));
    *p = i;
    unsigned a = clock_low(), b = clock_low();
    out[i] = *p + (b != a);
    free(p);
}
extern "C" __global__ void traps(int *out) {
    out[linear()] = 1;
    if (linear() == 3) trap();
}
