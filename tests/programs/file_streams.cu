// SPDX-License-Identifier: Apache-2.0
// Files by C++ streams, as programs write pictures with them: text and bytes, appended, read back, and one that isn't there.
// EXPECT: wrote P6 4 4 255
// EXPECT: 59 bytes, the last one 240
// EXPECT: lines 3, sum 60
// EXPECT: not there: 0
#include <cstdio>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "check.h"

__global__ void paint(unsigned char *pixels) {
    int i = threadIdx.y * blockDim.x + threadIdx.x;
    for (int c = 0; c < 3; c++) {
        pixels[3 * i + c] = static_cast<unsigned char>(i * 16);
    }
}

int main() {
    const char *picture = "file_streams_picture.ppm", *notes = "file_streams_notes.txt";
    unsigned char *pixels;
    CHECK(cudaMalloc(&pixels, 48));
    paint<<<1, dim3(4, 4)>>>(pixels);
    std::vector<unsigned char> host(48);
    CHECK(cudaMemcpy(host.data(), pixels, 48, cudaMemcpyDeviceToHost));
    {
        std::ofstream out(picture, std::ios::binary);
        out << "P6\n4 4\n255\n";
        out.write(reinterpret_cast<const char *>(host.data()), 48);
    }
    std::ifstream in(picture, std::ios::binary);
    std::string kind;
    int width, height, most;
    in >> kind >> width >> height >> most;
    std::cout << "wrote " << kind << ' ' << width << ' ' << height << ' ' << most << std::endl;
    in.seekg(-1, std::ios::end);
    int last = in.get();
    std::cout << in.tellg() << " bytes, the last one " << last << std::endl;
    std::ofstream(notes) << 10 << '\n' << 20 << std::endl;
    std::ofstream(notes, std::ios::app) << 30 << std::endl;
    std::fstream both(notes, std::ios::in | std::ios::out);
    int lines = 0, sum = 0;
    for (std::string line; std::getline(both, line); lines++) {
        sum += std::stoi(line);
    }
    std::cout << "lines " << lines << ", sum " << sum << std::endl;
    std::cout << "not there: " << std::ifstream("file_streams_nothing.txt").is_open() << std::endl;
    std::remove(picture);
    std::remove(notes);
    return 0;
}
