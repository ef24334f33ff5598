// SPDX-License-Identifier: Apache-2.0
// Unified addressing: cudaMemcpyDefault finds the direction, pointer attributes tell what a pointer is, memory information.
// EXPECT: round trip with cudaMemcpyDefault: ok
// EXPECT: host to host: ok
// EXPECT: device pointer: type device 0
// EXPECT: inside the allocation: type device 0
// EXPECT: pinned: type host, usable on the device: yes
// EXPECT: managed: type managed
// EXPECT: ordinary host memory: type unregistered
// EXPECT: free memory at most the total: yes
#include "check.h"

__global__ void store(int *out) { *out = 1; }

static void show(const char *name, const void *pointer) {
    cudaPointerAttributes attributes;
    CHECK(cudaPointerGetAttributes(&attributes, pointer));
    const char *types[] = {"unregistered", "host", "device", "managed"};
    std::printf("%s: type %s", name, types[attributes.type]);
    if (attributes.type == cudaMemoryTypeDevice)
        std::printf(" %d", attributes.device);
    if (attributes.type == cudaMemoryTypeHost) {
        int *device = static_cast<int *>(attributes.devicePointer);
        store<<<1, 1>>>(device);
        CHECK_LAUNCH();
        std::printf(", usable on the device: %s", *static_cast<const int *>(attributes.hostPointer) == 1 ? "yes" : "no");
    }
    std::printf("\n");
}

int main() {
    const int count = 777;
    std::vector<int> in(count), out(count), again(count);
    for (int i = 0; i < count; i++)
        in[i] = i * 5;
    Array<int> a(count), b(count);
    CHECK(cudaMemcpy(a, in.data(), count * sizeof(int), cudaMemcpyDefault));
    CHECK(cudaMemcpy(b, a, count * sizeof(int), cudaMemcpyDefault));
    CHECK(cudaMemcpy(out.data(), b, count * sizeof(int), cudaMemcpyDefault));
    same("round trip with cudaMemcpyDefault", out, in);
    CHECK(cudaMemcpy(again.data(), in.data(), count * sizeof(int), cudaMemcpyHostToHost));
    same("host to host", again, in);
    int *pinned, *managed;
    CHECK(cudaMallocHost((void **)&pinned, 64));
    CHECK(cudaMallocManaged(&managed, 64));
    show("device pointer", a.data);
    show("inside the allocation", a + 100);
    show("pinned", pinned);
    show("managed", managed);
    show("ordinary host memory", in.data());
    size_t free_bytes, total_bytes;
    CHECK(cudaMemGetInfo(&free_bytes, &total_bytes));
    std::printf("free memory at most the total: %s\n", free_bytes <= total_bytes && total_bytes > 0 ? "yes" : "no");
    CHECK(cudaFreeHost(pinned));
    CHECK(cudaFree(managed));
    return 0;
}
