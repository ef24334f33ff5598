// SPDX-License-Identifier: Apache-2.0
// std::async, promises, futures and packaged tasks in host code, with kernels launched by what they run.
// EXPECT: async: 6 60
// EXPECT: deferred: ready 0, 42
// EXPECT: promise: 17
// EXPECT: void: done, valid 0
// EXPECT: shared: 5 5
// EXPECT: task: 64
// EXPECT: exception: no number
// EXPECT: broken promise
// EXPECT: already satisfied
// EXPECT: timeout 1, then ready 1
#include <chrono>
#include <cstdio>
#include <future>
#include <stdexcept>
#include <thread>

#include "check.h"

__global__ void add(int *out, int value) { atomicAdd(out, value); }

static int sum(int blocks, int value) {
    Array<int> out(1);
    add<<<blocks, 2>>>(out.data, value);
    return out.host()[0];
}

int main() {
    auto first = std::async(std::launch::async, sum, 3, 1), second = std::async(std::launch::async, sum, 3, 10);
    const int one = first.get(), ten = second.get();
    std::printf("async: %d %d\n", one, ten);

    auto later = std::async(std::launch::deferred, [] { return sum(21, 1); });
    const bool ready = later.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    std::printf("deferred: ready %d, %d\n", ready, later.get());

    std::promise<int> promise;
    std::thread setter([&] { promise.set_value(17); });
    std::printf("promise: %d\n", promise.get_future().get());
    setter.join();

    std::promise<void> done;
    auto wait = done.get_future();
    done.set_value();
    wait.get();
    std::printf("void: done, valid %d\n", wait.valid());

    std::promise<int> source;
    std::shared_future<int> shared = source.get_future().share(), copy = shared;
    source.set_value(5);
    std::printf("shared: %d %d\n", shared.get(), copy.get());

    std::packaged_task<int(int)> task([](int blocks) { return sum(blocks, 1); });
    auto result = task.get_future();
    task(32);
    std::printf("task: %d\n", result.get());

    try {
        std::printf("%d\n", std::async(std::launch::async, []() -> int { throw std::runtime_error("no number"); }).get());
    } catch (const std::runtime_error &error) {
        std::printf("exception: %s\n", error.what());
    }
    std::future<void> orphan;
    {
        std::promise<void> lost;
        orphan = lost.get_future();
    }
    try {
        orphan.get();
    } catch (const std::future_error &error) {
        std::puts(error.code() == std::future_errc::broken_promise ? "broken promise" : "?");
    }
    try {
        std::promise<void> twice;
        twice.set_value();
        twice.set_value();
    } catch (const std::future_error &error) {
        std::puts(error.code() == std::future_errc::promise_already_satisfied ? "already satisfied" : "?");
    }
    std::promise<void> gate;
    auto through = gate.get_future();
    const bool timeout = through.wait_for(std::chrono::milliseconds(1)) == std::future_status::timeout;
    gate.set_value();
    std::printf("timeout %d, then ready %d\n", timeout, through.wait_for(std::chrono::seconds(9)) == std::future_status::ready);
}
