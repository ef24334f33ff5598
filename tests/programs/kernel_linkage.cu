// SPDX-License-Identifier: Apache-2.0
// Kernels of every linkage: extern "C", static, inline, overloaded, declared before they are defined, friends, explicit
// instantiations and specialisations.
// EXPECT: extern C 1, static 2, inline 3, declared 4
// EXPECT: overloads 10 20
// EXPECT: friend 30, specialised 40, general 41, instantiated 42
#include "check.h"

extern "C" __global__ void c_kernel(int *out) { *out = 1; }
static __global__ void static_kernel(int *out) { *out = 2; }
inline __global__ void inline_kernel(int *out) { *out = 3; }
__global__ void declared_kernel(int *out);

__global__ void overloaded(int *out, int) { *out = 10; }
__global__ void overloaded(int *out, float) { *out = 20; }

class Secret {
    int value;
    friend __global__ void friend_kernel(Secret *, int *);

  public:
    explicit Secret(int v) : value(v) {}
};
__global__ void friend_kernel(Secret *secret, int *out) { *out = secret->value; }

template <typename T> __global__ void templated(int *out) { *out = 41; }
template <> __global__ void templated<double>(int *out) { *out = 40; }
template <int N> __global__ void instantiated(int *out) { *out = N; }
template __global__ void instantiated<42>(int *);

int main() {
    Array<int> out(4);
    c_kernel<<<1, 1>>>(out);
    static_kernel<<<1, 1>>>(out + 1);
    inline_kernel<<<1, 1>>>(out + 2);
    declared_kernel<<<1, 1>>>(out + 3);
    CHECK_LAUNCH();
    auto o = out.host();
    std::printf("extern C %d, static %d, inline %d, declared %d\n", o[0], o[1], o[2], o[3]);
    overloaded<<<1, 1>>>(out, 1);
    overloaded<<<1, 1>>>(out + 1, 1.0f);
    CHECK_LAUNCH();
    o = out.host();
    std::printf("overloads %d %d\n", o[0], o[1]);
    Array<Secret> secret(std::vector<Secret>{Secret(30)});
    friend_kernel<<<1, 1>>>(secret, out);
    templated<double><<<1, 1>>>(out + 1);
    templated<char><<<1, 1>>>(out + 2);
    instantiated<42><<<1, 1>>>(out + 3);
    CHECK_LAUNCH();
    o = out.host();
    std::printf("friend %d, specialised %d, general %d, instantiated %d\n", o[0], o[1], o[2], o[3]);
    return 0;
}

__global__ void declared_kernel(int *out) { *out = 4; }
