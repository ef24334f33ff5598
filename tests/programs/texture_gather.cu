// SPDX-License-Identifier: Apache-2.0
// tex2Dgather: one channel of the four elements that a linear filter would mix, in CUDA's order; and the forms with
// isResident, which tell that everything is.
// EXPECT: gather: ok
// EXPECT: resident: ok
#include "check.h"

static const int WIDTH = 6, HEIGHT = 5;

__global__ void gather(cudaTextureObject_t texture, uchar4 *out) {
    int x = threadIdx.x, y = threadIdx.y, c = blockIdx.x;
    uchar4 value;
    if (c & 1)
        value = tex2Dgather<uchar4>(texture, x + 1.25f, y + 0.75f, c);
    else
        tex2Dgather(&value, texture, x + 1.25f, y + 0.75f, c);
    out[(c * blockDim.y + y) * blockDim.x + x] = value;
}

__global__ void resident(cudaTextureObject_t texture, int *out) {
    bool is[4] = {};
    float2 zero = make_float2(0, 0);
    uchar4 a = tex2D<uchar4>(texture, 1.5f, 1.5f, &is[0]);
    uchar4 b = tex2DLod<uchar4>(texture, 1.5f, 1.5f, 0.0f, &is[1]);
    uchar4 c, d;
    tex2DGrad(&c, texture, 1.5f, 1.5f, zero, zero, &is[2]);
    tex2Dgather(&d, texture, 2.0f, 2.0f, &is[3], 2);
    uchar4 e = tex2Dgather<uchar4>(texture, 2.0f, 2.0f);
    out[0] = is[0] && is[1] && is[2] && is[3];
    out[1] = a.z == b.z && b.z == c.z && d.w == a.z && e.w == a.x;
}

int main() {
    cudaArray_t array;
    cudaChannelFormatDesc format = cudaCreateChannelDesc<uchar4>();
    CHECK(cudaMallocArray(&array, &format, WIDTH, HEIGHT, cudaArrayTextureGather));
    std::vector<uchar4> image(WIDTH * HEIGHT);
    for (int i = 0; i < WIDTH * HEIGHT; i++)
        image[i] = make_uchar4(i, 50 + i, 100 + i, 150 + i);
    CHECK(cudaMemcpy2DToArray(array, 0, 0, image.data(), WIDTH * 4, WIDTH * 4, HEIGHT, cudaMemcpyHostToDevice));
    cudaResourceDesc resource = {};
    resource.resType = cudaResourceTypeArray;
    resource.res.array.array = array;
    cudaTextureDesc desc = {};
    desc.addressMode[0] = desc.addressMode[1] = cudaAddressModeClamp;
    cudaTextureObject_t texture;
    CHECK(cudaCreateTextureObject(&texture, &resource, &desc, nullptr));

    Array<uchar4> out(WIDTH * HEIGHT * 4);
    gather<<<4, dim3(WIDTH, HEIGHT)>>>(texture, out);
    CHECK_LAUNCH();
    std::vector<uchar4> have = out.host();
    bool fine = true;
    for (int c = 0; c < 4; c++) {
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                auto at = [&](int i, int j) {
                    int a = i < WIDTH ? i : WIDTH - 1, b = j < HEIGHT ? j : HEIGHT - 1;
                    return 50 * c + b * WIDTH + a;
                };
                uchar4 value = have[(c * HEIGHT + y) * WIDTH + x];
                fine &= value.x == at(x, y + 1) && value.y == at(x + 1, y + 1) && value.z == at(x + 1, y) && value.w == at(x, y);
            }
        }
    }
    std::printf("gather: %s\n", fine ? "ok" : "wrong");
    Array<int> answers(2);
    resident<<<1, 1>>>(texture, answers);
    CHECK_LAUNCH();
    bool all = answers.host()[0] && answers.host()[1];
    std::printf("resident: %s\n", all ? "ok" : "wrong");
    CHECK(cudaDestroyTextureObject(texture));
    CHECK(cudaFreeArray(array));
    return !(fine && all);
}
