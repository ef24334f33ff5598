// SPDX-License-Identifier: Apache-2.0
// What a device costs beside its kernels: launches, copies to and from page-locked memory, and what a million launches leave
// behind. Prints "name value" lines; with the argument `leak` only the last.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <vector>

__global__ void empty() {}

static double now_us() {
    return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

template <class Body> static double median_us(int samples, Body body) {
    std::vector<double> times;
    for (int i = 0; i < samples; i++) {
        double start = now_us();
        body();
        times.push_back(now_us() - start);
    }
    std::nth_element(times.begin(), times.begin() + samples / 2, times.end());
    return times[samples / 2];
}

static double resident_kb() {
    double kb = 0;
    char line[256];
    if (std::FILE *status = std::fopen("/proc/self/status", "r")) {
        while (std::fgets(line, sizeof line, status))
            if (std::strncmp(line, "VmRSS:", 6) == 0)
                std::sscanf(line + 6, "%lf", &kb);
        std::fclose(status);
    }
    return kb;
}

static void launches() {
    std::printf("launch_and_wait_us %.3f\n", median_us(2001, [] {
                    empty<<<1, 32>>>();
                    cudaDeviceSynchronize();
                }));
    std::printf("launch_us %.3f\n", median_us(51, [] {
                                        for (int i = 0; i < 1000; i++)
                                            empty<<<1, 32>>>();
                                        cudaDeviceSynchronize();
                                    }) / 1000);
    // What the host pays alone: few enough that no queue is full.
    std::printf("launch_call_us %.3f\n", [] {
        std::vector<double> times;
        for (int round = 0; round < 51; round++) {
            double start = now_us();
            for (int i = 0; i < 100; i++)
                empty<<<1, 32>>>();
            times.push_back((now_us() - start) / 100);
            cudaDeviceSynchronize();
        }
        std::nth_element(times.begin(), times.begin() + 25, times.end());
        return times[25];
    }());
}

static void copies() {
    const size_t bytes = 256u << 20;
    void *host, *device;
    cudaMallocHost(&host, bytes);
    cudaMalloc(&device, bytes);
    std::memset(host, 1, bytes);
    double to = median_us(9, [&] { cudaMemcpy(device, host, bytes, cudaMemcpyHostToDevice); });
    double from = median_us(9, [&] { cudaMemcpy(host, device, bytes, cudaMemcpyDeviceToHost); });
    std::printf("pinned_to_device_gbs %.2f\npinned_to_host_gbs %.2f\n", bytes * 1e-3 / to, bytes * 1e-3 / from);
    std::vector<char> pageable(bytes, 1);
    to = median_us(5, [&] { cudaMemcpy(device, pageable.data(), bytes, cudaMemcpyHostToDevice); });
    std::printf("pageable_to_device_gbs %.2f\n", bytes * 1e-3 / to);
    cudaFree(device);
    cudaFreeHost(host);
}

static void million() {
    cudaStream_t streams[4];
    size_t before, after, total;
    for (cudaStream_t &stream : streams)
        cudaStreamCreate(&stream);
    for (int i = 0; i < 10000; i++)
        empty<<<1, 32, 0, streams[i % 4]>>>();
    cudaDeviceSynchronize();
    double resident = resident_kb();
    cudaMemGetInfo(&before, &total);
    for (int i = 0; i < 1000000; i++)
        empty<<<1, 32, 0, streams[i % 4]>>>();
    cudaDeviceSynchronize();
    cudaMemGetInfo(&after, &total);
    std::printf("million_launches_host_kb %.0f\nmillion_launches_device_kb %.0f\n", resident_kb() - resident,
                (double(before) - double(after)) / 1024);
}

int main(int argc, char **argv) {
    empty<<<1, 32>>>();
    cudaDeviceSynchronize();
    if (argc < 2 || std::strcmp(argv[1], "leak") != 0) {
        launches();
        copies();
    }
    million();
    return cudaGetLastError() != cudaSuccess;
}
