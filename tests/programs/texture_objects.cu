// SPDX-License-Identifier: Apache-2.0
// Many texture objects at once, in arrays and structs that kernels read; objects made and destroyed by several threads;
// an object destroyed behind a launch that uses it.
// EXPECT: many: ok
// EXPECT: threads: ok
// EXPECT: destroyed behind a launch: ok
#include "check.h"

#include <thread>

static cudaTextureObject_t line(float *memory, size_t count) {
    cudaResourceDesc resource = {};
    resource.resType = cudaResourceTypeLinear;
    resource.res.linear.devPtr = memory;
    resource.res.linear.desc = cudaCreateChannelDesc<float>();
    resource.res.linear.sizeInBytes = count * sizeof(float);
    cudaTextureDesc desc = {};
    cudaTextureObject_t texture;
    CHECK(cudaCreateTextureObject(&texture, &resource, &desc, nullptr));
    return texture;
}

struct Scene {
    cudaTextureObject_t *textures;
    int count;
};

__global__ void sum(Scene scene, float *out) {
    float total = 0;
    for (int i = threadIdx.x; i < scene.count; i += blockDim.x)
        total += tex1Dfetch<float>(scene.textures[i], i % 128) + tex1Dfetch<float>(scene.textures[i], -1) +
                 tex1Dfetch<float>(scene.textures[i], 128); /* outside: 0 */
    out[threadIdx.x] = total;
}

__global__ void slow(cudaTextureObject_t texture, float *out) {
    long long begin = clock64();
    float total = 0;
    for (int i = 0; i < 100000 || clock64() - begin < 20000000; i++)
        total = tex1Dfetch<float>(texture, i & 127);
    out[threadIdx.x] = total - total + tex1Dfetch<float>(texture, 5);
}

static void worker(float *memory, bool *fine) {
    Array<float> out(1);
    for (int round = 0; round < 100; round++) {
        cudaTextureObject_t a = line(memory, 128), b = line(memory, 64);
        cudaResourceDesc back;
        CHECK(cudaGetTextureObjectResourceDesc(&back, a));
        *fine &= back.res.linear.sizeInBytes == 512 && a != b;
        CHECK(cudaDestroyTextureObject(a));
        CHECK(cudaDestroyTextureObject(b));
    }
}

int main() {
    std::vector<float> values(128);
    for (int i = 0; i < 128; i++)
        values[i] = (float)i;
    Array<float> memory(values);
    const int count = 5000; /* more than are kept from being used again at once */
    std::vector<cudaTextureObject_t> textures;
    for (int i = 0; i < count; i++)
        textures.push_back(line(memory, 128));
    Array<cudaTextureObject_t> table(textures);
    Array<float> out(64);
    sum<<<1, 64>>>(Scene{table, count}, out);
    CHECK_LAUNCH();
    double total = 0, want = 0;
    for (float part : out.host())
        total += part;
    for (int i = 0; i < count; i++)
        want += i % 128;
    for (cudaTextureObject_t texture : textures)
        CHECK(cudaDestroyTextureObject(texture));
    std::printf("many: %s\n", total == want ? "ok" : "wrong");

    bool fine[3] = {true, true, true};
    std::vector<std::thread> threads;
    for (bool &each : fine)
        threads.emplace_back(worker, memory.data, &each);
    for (std::thread &thread : threads)
        thread.join();
    std::printf("threads: %s\n", fine[0] && fine[1] && fine[2] ? "ok" : "wrong");

    cudaTextureObject_t texture = line(memory, 128);
    slow<<<1, 1>>>(texture, out);
    CHECK(cudaDestroyTextureObject(texture));
    CHECK_LAUNCH();
    std::printf("destroyed behind a launch: %s\n", out.host()[0] == 5 ? "ok" : "wrong");
    return 0;
}
