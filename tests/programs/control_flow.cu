// SPDX-License-Identifier: Apache-2.0
// Control flow that differs between the threads of a warp: switch with fall-through, do-while, nested break and continue,
// goto, early return, conditional operators, short-circuit evaluation.
// EXPECT: switch: ok
// EXPECT: collatz: ok
// EXPECT: nested loops: ok
// EXPECT: goto: ok
// EXPECT: conditional: ok
// EXPECT: dense switch: ok
#include "check.h"

__host__ __device__ int fall_through(int x) {
    int result = 0;
    switch (x % 7) {
    case 0:
        result += 1;
        [[fallthrough]];
    case 1:
        result += 10;
        break;
    case 2:
        return 1000 + x;
    case 4:
        result += 100;
        // no break here: falls through
        [[fallthrough]];
    default:
        result += 5;
    }
    return result;
}

__host__ __device__ int collatz(int x) {
    int steps = 0;
    unsigned n = static_cast<unsigned>(x) + 1;
    do {
        n = n % 2 ? 3 * n + 1 : n / 2;
        steps++;
    } while (n != 1 && steps < 500);
    return steps;
}

__host__ __device__ int nested(int x) {
    int total = 0;
    for (int i = 0; i < x % 13; i++) {
        if (i == 3)
            continue;
        for (int j = i;; j++) {
            if ((i * j) % 5 == 4)
                break;
            if (j > 20)
                goto next;
            total += j;
        }
        while (total > 100) {
            total -= 17;
            if (total % 3 == 0)
                break;
        }
    next:;
    }
    return total;
}

__host__ __device__ int state_machine(int x) {
    int steps = 0;
start:
    if (++steps > 50)
        goto done;
    if (x % 2)
        goto odd;
    x /= 2;
    if (x == 0)
        goto done;
    goto start;
odd:
    x = x * 3 - 1;
    if (steps % 4 == 3)
        goto start;
    x /= 2;
    if (x > 2)
        goto odd_or_not;
    goto done;
odd_or_not:
    if (x % 2)
        goto odd;
    goto start;
done:
    return steps * 1000 + x % 1000;
}

__host__ __device__ int conditional(int x) {
    int a = x % 3 ? x % 5 ? 1 : 2 : x % 5 ? 3 : 4;
    int calls = 0;
    auto touch = [&calls](bool value) {
        calls++;
        return value;
    };
    if (touch(x % 2) && touch(x % 4 == 1) || touch(x % 8 == 0))
        a += 10;
    int lesser = x < 50 ? x : 50;
    return a + 100 * calls + 1000 * lesser;
}

__host__ __device__ int dense(int x) {
    switch (x & 15) {
    case 0: return 3;
    case 1: return 1;
    case 2: return 4;
    case 3: return 1;
    case 4: return 5;
    case 5: return 9;
    case 6: return 2;
    case 7: return 6;
    case 8: return 5;
    case 9: return 3;
    case 10: return 5;
    case 1000000: return 77;
    case -4: return 78;
    }
    return -1;
}

template <int (*Function)(int)> __global__ void map(int *out, int count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= count)
        return;
    out[i] = Function(i);
}

template <int (*Function)(int)> static void test(const char *name) {
    const int count = 555;
    Array<int> out(count);
    map<Function><<<(count + 95) / 96, 96>>>(out, count);
    CHECK_LAUNCH();
    std::vector<int> want;
    for (int i = 0; i < count; i++)
        want.push_back(Function(i));
    same(name, out.host(), want);
}

int main() {
    test<fall_through>("switch");
    test<collatz>("collatz");
    test<nested>("nested loops");
    test<state_machine>("goto");
    test<conditional>("conditional");
    test<dense>("dense switch");
    return 0;
}
