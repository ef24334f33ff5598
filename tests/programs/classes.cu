// SPDX-License-Identifier: Apache-2.0
// Classes in device code: constructors, destructors, copies and moves, inheritance, static members, operators, friends.
// EXPECT: fraction: 5/6 -1/6 1/6 3/2
// EXPECT: objects alive inside 3, after 0
// EXPECT: order of construction and destruction: 1 2 12 11
// EXPECT: static constant 42, counted 64
// EXPECT: swapped: 9 4
#include "check.h"
#include <utility>

class Fraction {
  public:
    __host__ __device__ constexpr Fraction(int n = 0, int d = 1) : numerator(n / gcd(n, d)), denominator(d / gcd(n, d)) {}
    __host__ __device__ friend Fraction operator+(Fraction a, Fraction b) {
        return Fraction(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator);
    }
    __host__ __device__ Fraction operator-() const { return Fraction(-numerator, denominator); }
    __host__ __device__ Fraction operator-(Fraction b) const { return *this + -b; }
    __host__ __device__ Fraction &operator*=(const Fraction &b) {
        return *this = Fraction(numerator * b.numerator, denominator * b.denominator);
    }
    __host__ __device__ Fraction operator/(Fraction b) const { return Fraction(numerator * b.denominator, denominator * b.numerator); }
    int numerator, denominator;

  private:
    __host__ __device__ static constexpr int gcd(int a, int b) { return b == 0 ? (a < 0 ? -a : a) : gcd(b, a % b); }
};

struct Counted {
    int *counter;
    __device__ explicit Counted(int *where) : counter(where) { ++*counter; }
    __device__ Counted(const Counted &other) : counter(other.counter) { ++*counter; }
    __device__ ~Counted() { --*counter; }
};

struct Logged {
    int *log, *used, id;
    __device__ Logged(int *l, int *u, int i) : log(l), used(u), id(i) { log[(*used)++] = id; }
    __device__ ~Logged() { log[(*used)++] = id + 10; }
};
struct Base : Logged {
    using Logged::Logged;
};
struct Derived : Base {
    Logged member;
    __device__ Derived(int *l, int *u) : Base(l, u, 1), member(l, u, 2) {}
};

struct Statistics {
    static constexpr int answer = 42;
    static __device__ int count(int *counter) { return atomicAdd(counter, 1); }
};

class Owner {
    int *pointer;

  public:
    __device__ explicit Owner(int *p) : pointer(p) {}
    __device__ Owner(Owner &&other) : pointer(other.pointer) { other.pointer = nullptr; }
    __device__ Owner &operator=(Owner &&other) {
        int *mine = pointer;
        pointer = other.pointer;
        other.pointer = mine;
        return *this;
    }
    __device__ int get() const { return *pointer; }
};

__global__ void fractions(Fraction *out) {
    Fraction half(1, 2), third(1, 3);
    out[0] = half + third;
    out[1] = third - half;
    out[2] = half;
    out[2] *= third;
    out[3] = half / third;
}

__global__ void lifetimes(int *out) {
    int alive = 0;
    {
        Counted a(&alive), b = a, c(b);
        out[0] = alive;
    }
    out[1] = alive;
    int used = 0;
    { Derived object(out + 2, &used); }
}

__global__ void statics(int *out) {
    Statistics::count(&out[0]);
    if (threadIdx.x == 0)
        out[1] = Statistics::answer;
}

__global__ void moves(int *out) {
    int x = 4, y = 9;
    Owner a(&x), b(&y);
    Owner c(static_cast<Owner &&>(a));
    c = static_cast<Owner &&>(b);
    out[0] = c.get();
    out[1] = b.get();
}

int main() {
    Array<Fraction> fraction(4);
    fractions<<<1, 1>>>(fraction);
    CHECK_LAUNCH();
    std::printf("fraction:");
    for (Fraction f : fraction.host())
        std::printf(" %d/%d", f.numerator, f.denominator);
    Array<int> out(8);
    lifetimes<<<1, 1>>>(out);
    CHECK_LAUNCH();
    auto o = out.host();
    std::printf("\nobjects alive inside %d, after %d\n", o[0], o[1]);
    std::printf("order of construction and destruction: %d %d %d %d\n", o[2], o[3], o[4], o[5]);
    Array<int> counted(2);
    statics<<<2, 32>>>(counted);
    CHECK_LAUNCH();
    std::printf("static constant %d, counted %d\n", counted.host()[1], counted.host()[0]);
    moves<<<1, 1>>>(out);
    CHECK_LAUNCH();
    std::printf("swapped: %d %d\n", out.host()[0], out.host()[1]);
    return 0;
}
