// SPDX-License-Identifier: Apache-2.0
// Virtual functions in device code: objects made by one kernel and used by the next, abstract bases, overrides, multiple
// and virtual inheritance, virtual destructors.
// EXPECT: areas: 12.00 3.14 12.00 6.28
// EXPECT: total area 9.14 of 2 kinds
// EXPECT: multiple inheritance: 1 20 300, 3 20 300
// EXPECT: virtual base shared: 8
// EXPECT: destroyed: 2
#include "check.h"

struct Shape {
    __device__ virtual ~Shape() {}
    __device__ virtual float area() const = 0;
    __device__ virtual float twice() const { return 2.0f * area(); }
};
struct Rectangle : Shape {
    float width, height;
    __device__ Rectangle(float w, float h) : width(w), height(h) {}
    __device__ float area() const override { return width * height; }
    __device__ float twice() const override { return area(); }
};
struct Circle final : Shape {
    float radius;
    int *destroyed;
    __device__ Circle(float r, int *d) : radius(r), destroyed(d) {}
    __device__ ~Circle() override { atomicAdd(destroyed, 1); }
    __device__ float area() const override { return 3.14159265f * radius * radius; }
};

struct A {
    int a = 1;
    __device__ virtual int get_a() const { return a; }
};
struct B {
    int b = 20;
    __device__ virtual int get_b() const { return b; }
};
struct C : A, B {
    int c = 300;
    __device__ int get_a() const override { return a + 2; }
    __device__ virtual int get_c() const { return c; }
};

struct Common { int value = 0; };
struct Left : virtual Common {};
struct Right : virtual Common {};
struct Bottom : Left, Right {};

__global__ void make(Shape **shapes, int count, int *destroyed) {
    for (int i = threadIdx.x; i < count; i += blockDim.x) {
        if (i % 2 == 0)
            shapes[i] = new Rectangle(3.0f, 4.0f);
        else
            shapes[i] = new Circle(1.0f, destroyed);
    }
}

__global__ void measure(Shape *const *shapes, float *areas, float *doubled) {
    areas[threadIdx.x] = shapes[threadIdx.x]->area();
    doubled[threadIdx.x] = shapes[threadIdx.x]->twice();
}

__global__ void destroy(Shape **shapes) { delete shapes[threadIdx.x]; }

__device__ int read_b(const B *object) { return object->get_b(); }

__global__ void inheritance(int *out) {
    A plain;
    C object;
    const A *as_a[2] = {&plain, &object};
    for (int i = 0; i < 2; i++)
        out[3 * i] = as_a[i]->get_a();
    out[1] = out[4] = read_b(&object);
    out[2] = out[5] = object.get_c();
    Bottom bottom;
    static_cast<Left &>(bottom).value = 8;
    out[6] = static_cast<Right &>(bottom).value;
}

int main() {
    Array<Shape *> shapes(4);
    Array<int> destroyed(1), out(7);
    Array<float> areas(4), doubled(4);
    make<<<1, 2>>>(shapes, 4, destroyed);
    measure<<<1, 4>>>(shapes, areas, doubled);
    CHECK_LAUNCH();
    auto a = areas.host(), d = doubled.host();
    std::printf("areas: %.2f %.2f %.2f %.2f\n", a[0], a[1], d[0], d[1]);
    std::printf("total area %.2f of 2 kinds\n", a[2] + a[3] - 6.0f);
    inheritance<<<1, 1>>>(out);
    CHECK_LAUNCH();
    auto o = out.host();
    std::printf("multiple inheritance: %d %d %d, %d %d %d\n", o[0], o[1], o[2], o[3], o[4], o[5]);
    std::printf("virtual base shared: %d\n", o[6]);
    destroy<<<1, 4>>>(shapes);
    CHECK_LAUNCH();
    std::printf("destroyed: %d\n", destroyed.host()[0]);
    return 0;
}
