// SPDX-License-Identifier: Apache-2.0
// Host lambdas around kernel launches: captured by reference, stored in std::function, called in algorithms.
// EXPECT: after the first 3 steps: 8 16 24
// EXPECT: tasks: 9 17 25
// EXPECT: launches 5
#include "check.h"
#include <algorithm>
#include <functional>

__global__ void add(int *values, int amount) { values[threadIdx.x] += amount; }
__global__ void twice(int *values) { values[threadIdx.x] *= 2; }

int main() {
    Array<int> values(std::vector<int>{1, 2, 3});
    int launches = 0;
    auto run = [&](auto kernel, auto... arguments) {
        kernel<<<1, 3>>>(values.data, arguments...);
        launches++;
    };
    std::vector<int> steps = {0, 1, 2};
    std::for_each(steps.begin(), steps.end(), [&](int) { run(twice); });
    CHECK_LAUNCH();
    auto show = [&](const char *name) {
        std::vector<int> v = values.host();
        std::printf("%s: %d %d %d\n", name, v[0], v[1], v[2]);
    };
    show("after the first 3 steps");
    std::vector<std::function<void()>> tasks = {[&] { run(add, 5); }, [&run] { run(add, -4); }};
    for (auto &task : tasks)
        task();
    CHECK_LAUNCH();
    show("tasks");
    std::printf("launches %d\n", launches);
    return 0;
}
