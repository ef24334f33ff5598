// SPDX-License-Identifier: Apache-2.0
// Constant memory between launches: the host writes it whole and in parts, fills it, copies within the device, and a kernel writes it by
// the address that the host gave it, for later launches to see; indices that are constants and not, bytes, and structures.
// EXPECT: initial 1 2 3 4, sum 10, table 30, byte 7
// EXPECT: copied 5 2 3 4
// EXPECT: part 5 2 9 4
// EXPECT: filled 0 0 9 4
// EXPECT: on the device 11 12 13 14
// EXPECT: by a kernel 21 12 13 14
// EXPECT: again 22 12 13 14
#include <cstdio>

struct config {
    int values[4];
    unsigned char byte;
};
__constant__ config settings = {{1, 2, 3, 4}, 7};
__device__ const int table[4] = {10, 20, 30, 40};
__device__ int others[4] = {11, 12, 13, 14};

__global__ void read(int *out, int index) {
    out[0] = settings.values[0];
    out[1] = settings.values[1];
    out[2] = settings.values[2];
    out[3] = settings.values[3];
    int sum = 0;
    for (int i = 0; i < 4; i++)
        sum += settings.values[(i + index) & 3];
    out[4] = sum;
    out[5] = table[index];
    out[6] = settings.byte;
}

__global__ void write(int *where, int value) {
    *where = value;
}

static int host[7];

static void show(const char *title, int *out) {
    read<<<1, 1>>>(out, 2);
    cudaMemcpy(host, out, sizeof host, cudaMemcpyDeviceToHost);
    std::printf("%s %d %d %d %d", title, host[0], host[1], host[2], host[3]);
}

int main() {
    int *out, five = 5, nine = 9;
    void *address, *device;
    cudaMalloc(&out, sizeof host);
    show("initial", out);
    std::printf(", sum %d, table %d, byte %d\n", host[4], host[5], host[6]);
    cudaMemcpyToSymbol(settings, &five, 4);
    show("copied", out);
    cudaMemcpyToSymbol(settings, &nine, 4, 8);
    show("\npart", out);
    cudaGetSymbolAddress(&address, settings);
    cudaMemset(address, 0, 8);
    show("\nfilled", out);
    cudaGetSymbolAddress(&device, others);
    cudaMemcpy(address, device, 16, cudaMemcpyDeviceToDevice);
    show("\non the device", out);
    write<<<1, 1>>>(static_cast<int *>(address), 21);
    show("\nby a kernel", out);
    write<<<1, 1>>>(static_cast<int *>(address), 22);
    show("\nagain", out);
    std::printf("\n");
    return cudaGetLastError() != cudaSuccess;
}
