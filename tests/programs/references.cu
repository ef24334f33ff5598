// SPDX-License-Identifier: Apache-2.0
// References and newer C++ in device code: lvalue and rvalue references, range for, structured bindings, initialisers in
// if and switch, scoped enumerations, attributes, default arguments, overloads, variable templates.
// EXPECT: swap 2 1, maximum 9, moved 5
// EXPECT: range for 15, structured bindings 3 4.5
// EXPECT: if with initialiser 12, enum class 2, default arguments 6 11
// EXPECT: overloads 1 2 3 4, variable template 3 3.14
// EXPECT: alias of an array element 70
#include "check.h"

struct Pair {
    int first;
    float second;
};
enum class Colour : unsigned char { red, green, blue };
template <typename T> constexpr T pi = static_cast<T>(3.14159265358979);

__device__ void exchange(int &a, int &b) {
    int t = a;
    a = b;
    b = t;
}
__device__ int &maximum(int (&values)[4]) {
    int *best = values;
    for (int &value : values)
        if (value > *best)
            best = &value;
    return *best;
}
__device__ int take(int &&value) { return value; }
__device__ int sum(int a, int b = 2, int c = 3) { return a + b + c; }
__device__ int which(int) { return 1; }
__device__ int which(float) { return 2; }
__device__ int which(const int *) { return 3; }
__device__ int which(...) { return 4; }
__device__ Pair make_pair(int a) { return {a, a * 1.5f}; }

__global__ void kernel(float *out) {
    int a = 1, b = 2;
    exchange(a, b);
    out[0] = a;
    out[1] = b;
    int values[4] = {3, 9, 4, 1};
    out[2] = maximum(values);
    out[3] = take(a + 3);
    int total = 0;
    for (int value : {1, 2, 3, 4, 5})
        total += value;
    out[4] = total;
    auto [first, second] = make_pair(3);
    out[5] = first;
    out[6] = second;
    if (int x = total - 3; x > 10)
        out[7] = x;
    switch (Colour colour = Colour::blue; colour) {
    case Colour::red: out[8] = 0; break;
    case Colour::green: out[8] = 1; break;
    case Colour::blue: out[8] = 2; break;
    }
    out[9] = sum(1);
    out[10] = sum(1, 7);
    out[11] = which(1);
    out[12] = which(1.0f);
    out[13] = which(&a);
    out[14] = which(Colour::red);
    out[15] = pi<int>;
    out[16] = pi<float>;
    maximum(values) = 70;
    out[17] = values[1];
}

int main() {
    Array<float> out(18);
    kernel<<<1, 1>>>(out);
    CHECK_LAUNCH();
    auto o = out.host();
    std::printf("swap %g %g, maximum %g, moved %g\n", o[0], o[1], o[2], o[3]);
    std::printf("range for %g, structured bindings %g %g\n", o[4], o[5], o[6]);
    std::printf("if with initialiser %g, enum class %g, default arguments %g %g\n", o[7], o[8], o[9], o[10]);
    std::printf("overloads %g %g %g %g, variable template %g %.2f\n", o[11], o[12], o[13], o[14], o[15], o[16]);
    std::printf("alias of an array element %g\n", o[17]);
    return 0;
}
