// SPDX-License-Identifier: Apache-2.0
// Launches that a formatter without CUDA has put blanks into; shifts, templates and literals beside them stay as they are.
// EXPECT: 42 43 44 12
// EXPECT: << <not a launch>> >
#include <cstdio>
#include <map>
#include <vector>

template <class T> struct stream {
    T value;
};

template <class T> int operator<<(stream<T> a, int b)
{
    return (int)a.value << b;
}

template <class T> __global__ void set(T *out, T value)
{
    out[threadIdx.x] = value;
}

int main()
{
    int *out, host[3];
    std::map<int, std::vector<std::vector<int>> > nested; // >> > ends templates here, and "<< <" is no launch
    const char *text = "<< <not a launch>> >", *raw = R"(k<< <1, 1>> >())";
    cudaMalloc(&out, sizeof host);
    set<int> << <1, 1>> >(out, 42);
    set << < dim3(1, 1), (16 >> 4) >> > (out + 1, 43);
    set<< <1, nested.size() + 1, (size_t)(sizeof(int) > 8), cudaStream_t(0)>> >(out + 2,
        44);
    cudaMemcpy(host, out, sizeof host, cudaMemcpyDeviceToHost);
    printf("%d %d %d %d\n", host[0], host[1], host[2], operator<< <int>({3}, 2));
    printf("%s\n", text);
    return raw[0] != 'k';
}
