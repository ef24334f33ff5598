// SPDX-License-Identifier: Apache-2.0
// Pointers to data members and member functions, also virtual ones, in device code.
// EXPECT: data members: 1 2 3
// EXPECT: member functions: 6 24
// EXPECT: virtual through a pointer to member: 100 200
#include "check.h"

struct Point {
    int x, y, z;
    __device__ int sum() const { return x + y + z; }
    __device__ int product(int factor) const { return x * y * z * factor; }
};

struct Base {
    __device__ virtual int value() const { return 100; }
};
struct Derived : Base {
    __device__ int value() const override { return 200; }
};

__global__ void pointers(int *out) {
    Point point = {1, 2, 3};
    int Point::*members[] = {&Point::x, &Point::y, &Point::z};
    for (int i = 0; i < 3; i++)
        out[i] = point.*members[(i + threadIdx.x) % 3];
    int (Point::*sum)() const = &Point::sum;
    int (Point::*product)(int) const = &Point::product;
    const Point *where = &point;
    out[3] = (point.*sum)();
    out[4] = (where->*product)(4);
    int (Base::*value)() const = &Base::value;
    Base base;
    Derived derived;
    const Base *objects[] = {&base, &derived};
    for (int i = 0; i < 2; i++)
        out[5 + i] = (objects[i]->*value)();
}

int main() {
    Array<int> out(7);
    pointers<<<1, 1>>>(out);
    CHECK_LAUNCH();
    auto o = out.host();
    std::printf("data members: %d %d %d\n", o[0], o[1], o[2]);
    std::printf("member functions: %d %d\n", o[3], o[4]);
    std::printf("virtual through a pointer to member: %d %d\n", o[5], o[6]);
    return 0;
}
