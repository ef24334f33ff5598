// SPDX-License-Identifier: Apache-2.0
// atomicInc and atomicDec wrap at their limit: ((old >= limit) ? 0 : old + 1), ((old == 0 || old > limit) ? limit : old - 1).
// EXPECT: inc modulo 7 after 1000: 6, tickets even: yes
// EXPECT: dec modulo 7 after 1000: 1
// EXPECT: beyond the limit: inc 0, dec 5
// EXPECT: limit 0: 0 0
#include "check.h"

__global__ void many(unsigned *v, unsigned *tickets) {
    unsigned old = atomicInc(&v[0], 6);
    atomicAdd(&tickets[old], 1u);
    atomicDec(&v[1], 6);
}

__global__ void edges(unsigned *v) {
    atomicInc(&v[0], 5);
    atomicDec(&v[1], 5);
    atomicInc(&v[2], 0);
    atomicDec(&v[3], 0);
}

int main() {
    Array<unsigned> v(2), tickets(7);
    many<<<8, 125>>>(v, tickets);
    CHECK_LAUNCH();
    bool even = true;
    for (unsigned n : tickets.host())
        even = even && (n == 142 || n == 143);
    std::printf("inc modulo 7 after 1000: %u, tickets even: %s\n", v.host()[0], even ? "yes" : "no");
    std::printf("dec modulo 7 after 1000: %u\n", v.host()[1]);
    Array<unsigned> e(std::vector<unsigned>{9, 9, 0, 0});
    edges<<<1, 1>>>(e);
    CHECK_LAUNCH();
    auto h = e.host();
    std::printf("beyond the limit: inc %u, dec %u\nlimit 0: %u %u\n", h[0], h[1], h[2], h[3]);
    return 0;
}
