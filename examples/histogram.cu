// SPDX-License-Identifier: Apache-2.0
// histogram: how often each letter occurs in a text: counters in shared memory for each block, atomics, one merge a block.
//
// Usage: histogram [FILE]. Without a file it counts the letters of its own text, repeated.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

constexpr int letters = 26;

__global__ void count_letters(const char *text, size_t size, unsigned *counts) {
    __shared__ unsigned local[letters];
    if (threadIdx.x < letters)
        local[threadIdx.x] = 0;
    __syncthreads();
    for (size_t i = blockIdx.x * blockDim.x + threadIdx.x; i < size; i += gridDim.x * blockDim.x) {
        int letter = (text[i] | 32) - 'a';
        if (letter >= 0 && letter < letters)
            atomicAdd(&local[letter], 1u);
    }
    __syncthreads();
    if (threadIdx.x < letters)
        atomicAdd(&counts[threadIdx.x], local[threadIdx.x]);
}

static std::string read(int argc, char **argv) {
    if (argc > 1) {
        std::ifstream file(argv[1], std::ios::binary);
        if (!file) {
            std::cerr << "histogram: can't read " << argv[1] << "\n";
            std::exit(1);
        }
        return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    }
    std::string text;
    for (int i = 0; i < 20000; i++)
        text += "When a block needs to count, let it count in shared memory, and add to the whole once. ";
    return text;
}

int main(int argc, char **argv) {
    const std::string text = read(argc, argv);
    char *device_text;
    unsigned *device_counts;
    cudaMalloc(&device_text, std::max<size_t>(text.size(), 1));
    cudaMalloc(&device_counts, letters * sizeof(unsigned));
    cudaMemcpy(device_text, text.data(), text.size(), cudaMemcpyHostToDevice);
    cudaMemset(device_counts, 0, letters * sizeof(unsigned));

    count_letters<<<32, 256>>>(device_text, text.size(), device_counts);

    std::vector<unsigned> counts(letters), want(letters, 0);
    cudaError_t error = cudaMemcpy(counts.data(), device_counts, letters * sizeof(unsigned), cudaMemcpyDeviceToHost);
    if (error != cudaSuccess) {
        std::cerr << "histogram: " << cudaGetErrorString(error) << "\n";
        return 1;
    }
    for (char c : text)
        if (int letter = (c | 32) - 'a'; letter >= 0 && letter < letters)
            want[letter]++;
    const unsigned most = std::max(1u, *std::max_element(counts.begin(), counts.end()));
    for (int i = 0; i < letters; i++)
        std::cout << static_cast<char>('a' + i) << std::setw(9) << counts[i] << " " << std::string(static_cast<size_t>(60.0 * counts[i] / most), '#') << "\n";
    std::cout << text.size() << " bytes, " << (counts == want ? "agrees" : "DOES NOT AGREE") << " with a loop on the host\n";
    cudaFree(device_text);
    cudaFree(device_counts);
    return counts != want;
}
