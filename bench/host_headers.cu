// SPDX-License-Identifier: Apache-2.0
// What the compile benchmark compiles: a whole program with C++ headers on the host side.
#include <algorithm>
#include <iostream>
#include <map>
#include <string>
#include <vector>

template <class T> __global__ void scale(T *x, T a, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n)
        x[i] *= a;
}

int main() {
    std::vector<double> x(1000, 1.5);
    std::map<std::string, double> sums;
    double *d;
    cudaMalloc(&d, x.size() * sizeof(double));
    cudaMemcpy(d, x.data(), x.size() * sizeof(double), cudaMemcpyHostToDevice);
    scale<<<4, 256>>>(d, 2.0, static_cast<int>(x.size()));
    cudaMemcpy(x.data(), d, x.size() * sizeof(double), cudaMemcpyDeviceToHost);
    for (double value : x)
        sums["scaled"] += value;
    std::cout << sums["scaled"] << '\n';
    return sums["scaled"] != 3000;
}
