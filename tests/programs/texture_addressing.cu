// SPDX-License-Identifier: Apache-2.0
// tex1D, tex2D, tex3D in every address mode, filter mode and coordinate form, against plain loops over the formulas of the
// CUDA C++ Programming Guide, "Texture Fetching".
// EXPECT: 1 dimensions: ok
// EXPECT: 2 dimensions: ok
// EXPECT: 3 dimensions: ok
#include "check.h"

#include <algorithm>
#include <cmath>

static const float BORDER = 0.625f;

struct Setting {
    cudaTextureAddressMode address;
    cudaTextureFilterMode filter;
    bool normalized;
};

/* ---- The reference ---- */

/* One axis in double: which two elements, and how much of the second. */
struct Axis {
    long at[2];
    double second;
};

static long fold(long i, int n, cudaTextureAddressMode mode) {
    if (i >= 0 && i < n)
        return i;
    switch (mode) {
    case cudaAddressModeWrap: return ((i % n) + n) % n;
    case cudaAddressModeMirror: {
        long around = ((i % (2 * n)) + 2 * n) % (2 * n);
        return around < n ? around : 2 * n - 1 - around;
    }
    case cudaAddressModeBorder: return -1;
    default: return std::clamp(i, 0L, n - 1L);
    }
}

static Axis axis(double x, int n, const Setting &s) {
    bool folds = s.address == cudaAddressModeWrap || s.address == cudaAddressModeMirror;
    cudaTextureAddressMode mode = folds && !s.normalized ? cudaAddressModeClamp : s.address;
    double texel = s.normalized ? x * n : x;
    Axis result{};
    if (s.filter == cudaFilterModePoint) {
        result.at[0] = result.at[1] = fold((long)std::floor(texel), n, mode);
        return result;
    }
    double low = std::floor(texel - 0.5);
    result.at[0] = fold((long)low, n, mode);
    result.at[1] = fold((long)low + 1, n, mode);
    result.second = std::floor((texel - 0.5 - low) * 256.0 + 0.5) / 256.0;
    return result;
}

struct Image {
    int size[3];
    std::vector<float> values;
    double at(long x, long y, long z) const {
        return x < 0 || y < 0 || z < 0 ? BORDER : values[(size_t)((z * size[1] + y) * size[0] + x)];
    }
};

static double reference(const Image &image, int dimensions, const float *x, const Setting &s) {
    Axis a[3] = {};
    for (int d = 0; d < dimensions; d++)
        a[d] = axis(x[d], image.size[d], s);
    double sum = 0;
    for (int corner = 0; corner < 8; corner++) {
        double w = 1;
        long at[3];
        for (int d = 0; d < 3; d++) {
            int bit = corner >> d & 1;
            w *= bit ? a[d].second : 1 - a[d].second;
            at[d] = a[d].at[bit];
        }
        if (w != 0)
            sum += w * image.at(at[0], at[1], at[2]);
    }
    return sum;
}

/* ---- The device ---- */

template <int DIMENSIONS> __global__ void read(cudaTextureObject_t texture, const float *x, float *out, int count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= count)
        return;
    const float *at = x + 3 * i;
    if constexpr (DIMENSIONS == 1)
        out[i] = tex1D<float>(texture, at[0]);
    else if constexpr (DIMENSIONS == 2)
        out[i] = tex2D<float>(texture, at[0], at[1]);
    else
        tex3D(&out[i], texture, at[0], at[1], at[2]);
}

static cudaArray_t upload(const Image &image, int dimensions) {
    cudaArray_t array;
    cudaChannelFormatDesc format = cudaCreateChannelDesc<float>();
    cudaExtent extent = make_cudaExtent(image.size[0], dimensions > 1 ? image.size[1] : 0, dimensions > 2 ? image.size[2] : 0);
    CHECK(cudaMalloc3DArray(&array, &format, extent));
    cudaMemcpy3DParms copy = {};
    copy.srcPtr = make_cudaPitchedPtr((void *)image.values.data(), image.size[0] * sizeof(float), image.size[0], image.size[1]);
    copy.dstArray = array;
    copy.extent = make_cudaExtent(image.size[0], image.size[1], image.size[2]);
    copy.kind = cudaMemcpyHostToDevice;
    CHECK(cudaMemcpy3D(&copy));
    return array;
}

/* Coordinates around and far outside of the image; a quarter of an element keeps away from where rounding decides. */
static std::vector<float> coordinates(const Image &image, const Setting &s) {
    Random random(7);
    std::vector<float> x;
    for (int i = 0; i < 400; i++) {
        for (int d = 0; d < 3; d++) {
            int n = image.size[d];
            float texel = random.below(16 * n) - 6 * n + 0.0625f + 0.125f * random.below(8);
            x.push_back(s.normalized ? texel / n : texel);
        }
    }
    return x;
}

template <int DIMENSIONS> static int run(const Image &image) {
    int bad = 0;
    cudaArray_t array = upload(image, DIMENSIONS);
    for (int which = 0; which < 16; which++) {
        Setting s = {(cudaTextureAddressMode)(which & 3), (cudaTextureFilterMode)(which >> 2 & 1), (which & 8) != 0};
        cudaResourceDesc resource = {};
        resource.resType = cudaResourceTypeArray;
        resource.res.array.array = array;
        cudaTextureDesc desc = {};
        for (int d = 0; d < DIMENSIONS; d++) // hardware mixes a border into one dimension when the second has the mode
            desc.addressMode[d] = s.address;
        desc.filterMode = s.filter;
        desc.normalizedCoords = s.normalized;
        desc.borderColor[0] = BORDER;
        cudaTextureObject_t texture;
        CHECK(cudaCreateTextureObject(&texture, &resource, &desc, nullptr));
        Array<float> x(coordinates(image, s));
        int count = (int)x.size / 3;
        Array<float> out(count);
        read<DIMENSIONS><<<(count + 127) / 128, 128>>>(texture, x, out, count);
        CHECK_LAUNCH();
        std::vector<float> have = out.host(), at = x.host();
        for (int i = 0; i < count && bad < 5; i++) {
            double want = reference(image, DIMENSIONS, &at[3 * i], s);
            /* Coordinates that are divided by the size and multiplied again may meet the neighbouring 1/256. */
            double tolerance = s.normalized && s.filter == cudaFilterModeLinear ? 0.01 : 1e-6;
            if (!(std::fabs(have[i] - want) <= tolerance)) {
                std::printf("address %d filter %d normalized %d at (%g, %g, %g): %.9g, should be %.9g\n", s.address,
                            s.filter, s.normalized, at[3 * i], at[3 * i + 1], at[3 * i + 2], have[i], want);
                bad++;
            }
        }
        CHECK(cudaDestroyTextureObject(texture));
    }
    CHECK(cudaFreeArray(array));
    if (bad == 0)
        std::printf("%d dimensions: ok\n", DIMENSIONS);
    return bad;
}

static Image picture(int width, int height, int depth) {
    Image image = {{width, height, depth}, {}};
    Random random(3);
    for (int i = 0; i < width * height * depth; i++)
        image.values.push_back(random.unit());
    return image;
}

int main() {
    int bad = run<1>(picture(13, 1, 1)) + run<2>(picture(8, 5, 1)) + run<3>(picture(4, 6, 3));
    return bad != 0;
}
