// SPDX-License-Identifier: Apache-2.0
// demo: a lantern over water, from ray marching to a PNG file, as a pipeline of CUDA kernels.
//
//     render               one thread a pixel: signed distances, reflections, four samples (functors, recursion-free C++)
//     luminance_histogram  atomics in shared memory, merged with atomics in global memory
//     reduce               a template over the operation: barriers, then warp shuffles, then one atomic a block
//     blur                 a template over the direction: tiles with halos in shared memory, weights in constant memory
//     develop              exposure from the histogram, glow, filmic curve, eight bits
//
// Usage: demo [FILE.png [WIDTH HEIGHT]]. Prints what ran where and how fast, and compares the histogram and the maximum with
// loops on the host.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include <cuda_runtime.h>

static void check(cudaError_t error, const char *what) {
    if (error != cudaSuccess)
        throw std::runtime_error(std::string(what) + ": " + cudaGetErrorString(error));
}
#define CHECK(call) check((call), #call)

// ---- Vectors -----------------------------------------------------------------------------------------------------

__host__ __device__ inline float3 operator+(float3 a, float3 b) { return make_float3(a.x + b.x, a.y + b.y, a.z + b.z); }
__host__ __device__ inline float3 operator-(float3 a, float3 b) { return make_float3(a.x - b.x, a.y - b.y, a.z - b.z); }
__host__ __device__ inline float3 operator*(float3 a, float3 b) { return make_float3(a.x * b.x, a.y * b.y, a.z * b.z); }
__host__ __device__ inline float3 operator*(float3 a, float s) { return make_float3(a.x * s, a.y * s, a.z * s); }
__host__ __device__ inline float dot(float3 a, float3 b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
__device__ inline float3 normalize(float3 a) { return a * rsqrtf(dot(a, a)); }
__device__ inline float3 mix(float3 a, float3 b, float t) { return a + (b - a) * t; }
__device__ inline float3 reflect(float3 d, float3 n) { return d - n * (2.0f * dot(d, n)); }
__device__ inline float clamp01(float x) { return fminf(fmaxf(x, 0.0f), 1.0f); }
__device__ inline float smoothstep(float low, float high, float x) {
    float t = clamp01((x - low) / (high - low));
    return t * t * (3.0f - 2.0f * t);
}

// ---- The scene ---------------------------------------------------------------------------------------------------

struct Ball {
    float3 centre;
    float radius;
    float3 glow;
};

constexpr int ball_count = 13;
__constant__ Ball balls[ball_count];

struct Camera {
    float3 eye, right, up, forward;
};

__device__ constexpr float lantern_radius = 1.0f, core_radius = 0.33f;
__device__ inline float3 lantern_centre() { return make_float3(0.0f, 1.22f, 0.0f); }
__device__ inline float3 lantern_light() { return make_float3(1.0f, 0.50f, 0.17f); }

__device__ inline float hash(int x, int y) {
    unsigned h = static_cast<unsigned>(x) * 0x9e3779b1u ^ static_cast<unsigned>(y) * 0x85ebca77u;
    h = (h ^ (h >> 15)) * 0x2c1b3c6du;
    h = (h ^ (h >> 12)) * 0x297a2d39u;
    return static_cast<float>(h >> 8) * (1.0f / 16777216.0f);
}

__device__ float noise(float x, float y) {
    float fx = floorf(x), fy = floorf(y);
    int ix = static_cast<int>(fx), iy = static_cast<int>(fy);
    float u = x - fx, v = y - fy;
    u = u * u * (3.0f - 2.0f * u);
    v = v * v * (3.0f - 2.0f * v);
    float low = hash(ix, iy) + (hash(ix + 1, iy) - hash(ix, iy)) * u;
    float high = hash(ix, iy + 1) + (hash(ix + 1, iy + 1) - hash(ix, iy + 1)) * u;
    return low + (high - low) * v;
}

template <int Octaves> __device__ float fractal_noise(float x, float y) {
    float sum = 0.0f, weight = 0.5f;
#pragma unroll
    for (int i = 0; i < Octaves; i++) {
        sum += weight * noise(x, y);
        float turned = 0.8f * x - 0.6f * y;
        y = 2.03f * (0.6f * x + 0.8f * y) + 11.0f;
        x = 2.03f * turned + 17.0f;
        weight *= 0.5f;
    }
    return sum;
}

// Where the sun went down: 1 in that direction, 0 opposite.
__device__ inline float westward(float3 d) { return clamp01(0.5f + 0.5f * (d.x * 0.45f + d.z * 0.89f)); }

__device__ inline float3 horizon_colour(float3 d) {
    float west = westward(d);
    return mix(make_float3(0.10f, 0.09f, 0.16f), make_float3(0.95f, 0.36f, 0.13f), west * west * west);
}

// Two ridges of hills, the farther one paler. True, and their colour, when they hide the sky.
__device__ bool hills(float3 d, float height, float3 horizon, float3 &colour) {
    float bearing = 3.0f * d.x / (fabsf(d.z) + 0.35f);
    float near = 0.085f * fractal_noise<4>(1.9f * bearing + 7.0f, 3.5f) * smoothstep(0.9f, 2.6f, fabsf(bearing - 0.3f));
    if (height < near) {
        colour = mix(make_float3(0.020f, 0.022f, 0.045f), horizon, 0.10f * (1.0f - height / near));
        return true;
    }
    float far = 0.012f + 0.075f * fractal_noise<4>(1.3f * bearing + 40.0f, 0.5f) * smoothstep(-0.2f, 1.6f, fabsf(bearing - 0.5f));
    if (height < far) {
        colour = mix(make_float3(0.060f, 0.050f, 0.085f), horizon, 0.22f + 0.25f * (1.0f - height / far));
        return true;
    }
    return false;
}

// Dusk: warm at the horizon, blue above, bands of cloud, stars.
__device__ float3 sky(float3 d) {
    float height = fmaxf(d.y, 0.0f), west = westward(d);
    float3 zenith = make_float3(0.012f, 0.030f, 0.085f), middle = make_float3(0.055f, 0.085f, 0.20f);
    float3 horizon = horizon_colour(d);
    float3 colour = mix(middle, zenith, smoothstep(0.1f, 0.7f, height));
    colour = mix(colour, horizon, expf(-7.0f * height));
    float3 hidden;
    if (height < 0.10f && hills(d, height, horizon, hidden))
        return hidden;
    if (height > 0.015f) {
        float x = d.x / (height + 0.12f), y = d.z / (height + 0.12f);
        float cover = smoothstep(0.46f, 0.80f, fractal_noise<4>(0.55f * x + 3.0f, 1.5f * y));
        float3 lit = mix(make_float3(0.05f, 0.055f, 0.10f), make_float3(0.75f, 0.27f, 0.17f), west * expf(-3.5f * height));
        colour = mix(colour, lit, 0.75f * cover * smoothstep(0.015f, 0.10f, height));
        float sx = 190.0f * d.x / (1.0f + d.y), sy = 190.0f * d.z / (1.0f + d.y);
        float cell = hash(static_cast<int>(floorf(sx)) + 77, static_cast<int>(floorf(sy)) - 31);
        if (cell > 0.992f) {
            float u = sx - floorf(sx) - 0.5f, v = sy - floorf(sy) - 0.5f;
            float star = expf(-22.0f * (u * u + v * v)) * (cell - 0.992f) * 125.0f;
            colour = colour + make_float3(0.8f, 0.9f, 1.0f) * (0.9f * star * (1.0f - cover) * smoothstep(0.12f, 0.5f, height));
        }
    }
    return colour;
}

// The lattice: a gyroid within a spherical shell. `p` is relative to the lantern's centre.
__device__ float lattice(float3 p) {
    constexpr float scale = 10.5f;
    float3 q = p * scale;
    float gyroid = __sinf(q.x) * __cosf(q.y) + __sinf(q.y) * __cosf(q.z) + __sinf(q.z) * __cosf(q.x);
    float wall = fabsf(gyroid) * (0.62f / scale) - 0.017f;
    float r = sqrtf(dot(p, p));
    return fmaxf(wall, fmaxf(r - lantern_radius, 0.70f - r));
}

__device__ float3 lattice_normal(float3 p) {
    constexpr float e = 0.0012f;
    float3 a = make_float3(e, -e, -e), b = make_float3(-e, -e, e), c = make_float3(-e, e, -e), d = make_float3(e, e, e);
    return normalize(a * lattice(p + a) + b * lattice(p + b) + c * lattice(p + c) + d * lattice(p + d));
}

// Where a ray enters and leaves a sphere at the origin.
__device__ bool sphere(float3 o, float3 d, float radius, float &near, float &far) {
    float b = dot(o, d), h = b * b - dot(o, o) + radius * radius;
    if (h < 0.0f)
        return false;
    h = sqrtf(h);
    near = -b - h;
    far = -b + h;
    return far > 0.0f;
}

// Gold, lit from the core behind it and by the sky.
__device__ float3 shade_lattice(float3 p, float3 d) {
    float3 n = lattice_normal(p);
    float r2 = dot(p, p);
    float3 to_core = p * -rsqrtf(r2);
    float open = clamp01(0.25f + lattice(p + n * 0.10f) * 9.0f);
    float from_core = fmaxf(dot(n, to_core), 0.0f) * 0.85f / r2 + 0.05f / r2;
    float facing = fmaxf(-dot(n, d), 0.0f);
    float fresnel = 0.2f + 0.8f * powf(1.0f - facing, 5.0f);
    float3 gold = make_float3(1.0f, 0.72f, 0.32f);
    float3 mirror = sky(reflect(d, n)) * gold;
    float3 ambient = mix(make_float3(0.20f, 0.085f, 0.04f), make_float3(0.06f, 0.09f, 0.18f), 0.5f + 0.5f * n.y) * gold;
    return (ambient * 0.8f + mirror * (1.1f * fresnel)) * open + lantern_light() * gold * (2.4f * from_core * (0.4f + 0.6f * open));
}

// Light that the air around the lantern scatters towards the eye: the integral of 1 / distance^2 along the ray.
__device__ float3 haze(float3 o, float3 d, float t) {
    float3 q = o - lantern_centre();
    float b = dot(q, d), c = dot(q, q), s = rsqrtf(fmaxf(c - b * b, 0.02f));
    return lantern_light() * (0.020f * s * (atanf((t + b) * s) - atanf(b * s)));
}

// What a ray meets in the air: lattice, core, balls, or the sky. `t` is how far it went.
__device__ float3 trace(float3 o, float3 d, float &t) {
    t = 1e4f;
    float3 colour = make_float3(0, 0, 0), local = o - lantern_centre();
    bool hit = false;
    float near, far;
    for (int i = 0; i < ball_count; i++)
        if (sphere(o - balls[i].centre, d, balls[i].radius, near, far) && near > 0.0f && near < t) {
            t = near;
            float3 n = normalize(o + d * near - balls[i].centre);
            float facing = fmaxf(-dot(n, d), 0.0f);
            colour = balls[i].glow * (0.35f + 1.3f * facing * facing);
            hit = true;
        }
    if (sphere(local, d, lantern_radius, near, far)) {
        float core_near, core_far, end = fminf(far, t);
        bool core = sphere(local, d, core_radius, core_near, core_far) && core_near < end;
        if (core)
            end = core_near;
        float s = fmaxf(near, 0.0f);
        bool met = false;
        for (int step = 0; step < 90 && s < end; step++) {
            float distance = lattice(local + d * s);
            if (distance < 0.0008f) {
                met = true;
                break;
            }
            s += distance * 0.85f;
        }
        if (met) {
            t = s;
            colour = shade_lattice(local + d * s, d);
            hit = true;
        } else if (core && core_near < t) {
            t = core_near;
            float facing = fmaxf(-dot(normalize(local + d * core_near), d), 0.0f);
            colour = (lantern_light() + make_float3(0.0f, 0.25f, 0.22f)) * (5.0f + 7.0f * facing);
            hit = true;
        }
    }
    return (hit ? colour : sky(d)) + haze(o, d, fminf(t, 30.0f));
}

// Ripples: slopes of a few travelling waves and of noise, calmer with distance.
__device__ float3 water_normal(float x, float z, float distance) {
    float dx = 0.0f, dz = 0.0f;
    const float directions[5][2] = {{0.8f, 0.6f}, {-0.45f, 0.89f}, {0.98f, -0.2f}, {0.3f, 0.95f}, {-0.9f, -0.43f}};
    float frequency = 2.3f, slope = 0.020f;
#pragma unroll
    for (int i = 0; i < 5; i++) {
        float phase = frequency * (directions[i][0] * x + directions[i][1] * z) + 1.7f * i + 2.2f * noise(0.9f * x + 5.0f * i, 0.9f * z);
        dx += slope * directions[i][0] * cosf(phase);
        dz += slope * directions[i][1] * cosf(phase);
        frequency *= 1.83f;
        slope *= 0.80f;
    }
    float calm = 1.0f / (1.0f + 0.015f * distance * distance);
    return normalize(make_float3(-dx * calm, 1.0f, -dz * calm));
}

__device__ float3 radiance(float3 o, float3 d) {
    float t;
    if (d.y > -0.001f)
        return trace(o, d, t);
    float to_water = -o.y / d.y;
    float3 above = trace(o, d, t);
    if (t < to_water)
        return above;
    float3 p = o + d * to_water, n = water_normal(p.x, p.z, to_water), mirrored = reflect(d, n);
    mirrored.y = fmaxf(mirrored.y, 0.004f);
    mirrored = normalize(mirrored);
    float fresnel = 0.03f + 0.97f * powf(1.0f - clamp01(-dot(d, n)), 5.0f);
    float3 reflected = trace(p, mirrored, t);
    float3 deep = make_float3(0.006f, 0.016f, 0.026f);
    float3 to_lantern = lantern_centre() - p;
    deep = deep + lantern_light() * make_float3(0.05f, 0.075f, 0.08f) * (1.0f / (0.6f + dot(to_lantern, to_lantern)));
    for (int i = 0; i < ball_count; i++) {
        float3 to = balls[i].centre - p;
        deep = deep + balls[i].glow * (0.0012f / (0.02f + dot(to, to)));
    }
    float3 colour = mix(deep, reflected, fmaxf(fresnel, 0.14f));
    float far = 1.0f - expf(-0.0016f * to_water * to_water);
    return mix(colour, horizon_colour(d) * 0.8f, far * 0.6f) + haze(o, d, fminf(to_water, 30.0f)) * 0.6f;
}

// Linear light; the fourth component is its luminance.
__global__ void render(float4 *image, int width, int height, Camera camera) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x >= width || y >= height)
        return;
    const float offsets[4][2] = {{0.375f, 0.125f}, {0.875f, 0.375f}, {0.125f, 0.625f}, {0.625f, 0.875f}};
    float3 sum = make_float3(0, 0, 0);
    for (int s = 0; s < 4; s++) {
        float u = (2.0f * (x + offsets[s][0]) - width) / height, v = (height - 2.0f * (y + offsets[s][1])) / height;
        float3 colour = radiance(camera.eye, normalize(camera.right * u + camera.up * v + camera.forward));
        // A soft limit keeps one bright sample from making a hard edge of its pixel.
        float most = fmaxf(colour.x, fmaxf(colour.y, colour.z));
        sum = sum + colour * (1.0f / (1.0f + 0.04f * most));
    }
    sum = sum * 0.25f;
    image[y * width + x] = make_float4(sum.x, sum.y, sum.z, 0.2126f * sum.x + 0.7152f * sum.y + 0.0722f * sum.z);
}

// ---- Statistics --------------------------------------------------------------------------------------------------

// Bins are eighths of a power of two: the exponent and three bits of the fraction, from 2^-20 up.
constexpr int bin_count = 256;
__host__ __device__ inline int bin_of(unsigned bits) {
    int bin = static_cast<int>(bits >> 20) - ((127 - 20) << 3);
    return bin < 0 ? 0 : bin >= bin_count ? bin_count - 1 : bin;
}

__global__ void luminance_histogram(const float4 *image, int count, unsigned *bins) {
    __shared__ unsigned local[bin_count];
    for (int i = threadIdx.x; i < bin_count; i += blockDim.x)
        local[i] = 0;
    __syncthreads();
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < count; i += gridDim.x * blockDim.x)
        atomicAdd(&local[bin_of(__float_as_uint(image[i].w))], 1u);
    __syncthreads();
    for (int i = threadIdx.x; i < bin_count; i += blockDim.x)
        if (local[i])
            atomicAdd(&bins[i], local[i]);
}

// Operations of `reduce`: how a pixel counts, how two values join, and how a block hands in its result.
struct Brightest {
    __device__ unsigned of(float4 pixel) const { return __float_as_uint(pixel.w); } // not negative: bits order like values
    __device__ unsigned join(unsigned a, unsigned b) const { return a > b ? a : b; }
    __device__ void hand_in(unsigned *result, unsigned value) const { atomicMax(result, value); }
};
struct PixelsAbove {
    float limit;
    __device__ unsigned of(float4 pixel) const { return pixel.w > limit; }
    __device__ unsigned join(unsigned a, unsigned b) const { return a + b; }
    __device__ void hand_in(unsigned *result, unsigned value) const { atomicAdd(result, value); }
};

template <int Threads, typename Operation>
__global__ void __launch_bounds__(Threads) reduce(const float4 *image, int count, unsigned *result, Operation operation) {
    __shared__ unsigned parts[Threads];
    unsigned value = 0;
    for (int i = blockIdx.x * Threads + threadIdx.x; i < count; i += gridDim.x * Threads)
        value = operation.join(value, operation.of(image[i]));
    parts[threadIdx.x] = value;
    __syncthreads();
#pragma unroll
    for (int step = Threads / 2; step >= 32; step /= 2) {
        if (threadIdx.x < step)
            parts[threadIdx.x] = operation.join(parts[threadIdx.x], parts[threadIdx.x + step]);
        __syncthreads();
    }
    if (threadIdx.x < 32) {
        value = parts[threadIdx.x];
        for (int step = 16; step > 0; step /= 2)
            value = operation.join(value, __shfl_down_sync(0xffffffffu, value, step));
        if (threadIdx.x == 0)
            operation.hand_in(result, value);
    }
}

// ---- Glow --------------------------------------------------------------------------------------------------------

constexpr int blur_radius = 24, blur_tile = 64, blur_lines = 4;
__constant__ float blur_weights[blur_radius + 1];

// A quarter of the width and height, and only what is brighter than the threshold.
__global__ void bright_parts(const float4 *image, int width, int height, float4 *out, int out_width, int out_height, float threshold) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x >= out_width || y >= out_height)
        return;
    float3 sum = make_float3(0, 0, 0);
    for (int dy = 0; dy < 4; dy++)
        for (int dx = 0; dx < 4; dx++) {
            int sx = 4 * x + dx < width ? 4 * x + dx : width - 1, sy = 4 * y + dy < height ? 4 * y + dy : height - 1;
            float4 p = image[sy * width + sx];
            float keep = fmaxf(p.w - threshold, 0.0f) / fmaxf(p.w, 1e-6f);
            sum = sum + make_float3(p.x, p.y, p.z) * keep;
        }
    out[y * out_width + x] = make_float4(sum.x / 16.0f, sum.y / 16.0f, sum.z / 16.0f, 0.0f);
}

// One direction of a separable Gaussian: a block does blur_lines lines of blur_tile pixels, with a halo on both sides.
template <bool Rows> __global__ void blur(const float4 *in, float4 *out, int width, int height) {
    __shared__ float4 tile[blur_lines][blur_tile + 2 * blur_radius];
    const int length = Rows ? width : height, lines = Rows ? height : width;
    int start = blockIdx.x * blur_tile, line = blockIdx.y * blur_lines + threadIdx.y;
    if (line < lines)
        for (int i = threadIdx.x; i < blur_tile + 2 * blur_radius; i += blur_tile) {
            int at = start + i - blur_radius;
            at = at < 0 ? 0 : at >= length ? length - 1 : at;
            tile[threadIdx.y][i] = in[Rows ? line * width + at : at * width + line];
        }
    __syncthreads();
    int at = start + threadIdx.x;
    if (at >= length || line >= lines)
        return;
    float4 sum = make_float4(0, 0, 0, 0);
    for (int k = -blur_radius; k <= blur_radius; k++) {
        float weight = blur_weights[k < 0 ? -k : k];
        float4 p = tile[threadIdx.y][threadIdx.x + blur_radius + k];
        sum.x += weight * p.x;
        sum.y += weight * p.y;
        sum.z += weight * p.z;
    }
    out[Rows ? line * width + at : at * width + line] = sum;
}

// ---- Development -------------------------------------------------------------------------------------------------

// Narkowicz's fit of the ACES film curve, then sRGB's gamma.
__device__ float film(float x) {
    x = clamp01(x * (2.51f * x + 0.03f) / (x * (2.43f * x + 0.59f) + 0.14f));
    return x < 0.0031308f ? 12.92f * x : 1.055f * powf(x, 1.0f / 2.4f) - 0.055f;
}

__global__ void develop(const float4 *image, int width, int height, const float4 *glow, int glow_width, int glow_height,
                        float exposure, uchar3 *out) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x >= width || y >= height)
        return;
    float gx = fminf(fmaxf((x + 0.5f) / 4.0f - 0.5f, 0.0f), glow_width - 1.0f);
    float gy = fminf(fmaxf((y + 0.5f) / 4.0f - 0.5f, 0.0f), glow_height - 1.0f);
    int x0 = static_cast<int>(gx), y0 = static_cast<int>(gy);
    int x1 = x0 + 1 < glow_width ? x0 + 1 : x0, y1 = y0 + 1 < glow_height ? y0 + 1 : y0;
    float u = gx - x0, v = gy - y0;
    auto colour_at = [&](int cx, int cy) {
        float4 p = glow[cy * glow_width + cx];
        return make_float3(p.x, p.y, p.z);
    };
    float3 halo = mix(mix(colour_at(x0, y0), colour_at(x1, y0), u), mix(colour_at(x0, y1), colour_at(x1, y1), u), v);
    float4 p = image[y * width + x];
    float cx = (2.0f * x - width) / width, cy = (2.0f * y - height) / height;
    float vignette = 1.0f - 0.22f * (cx * cx + cy * cy);
    float3 c = (make_float3(p.x, p.y, p.z) + halo * 0.85f) * (exposure * vignette);
    float grain = hash(x, y) - 0.5f; // less than a step: hides the banding of eight bits in the sky
    auto byte = [grain](float value) { return static_cast<unsigned char>(clamp01(film(value) + grain / 255.0f) * 255.0f + 0.5f); };
    out[y * width + x] = make_uchar3(byte(c.x), byte(c.y), byte(c.z));
}

// ---- The host's part ---------------------------------------------------------------------------------------------

// PNG with stored (uncompressed) deflate blocks needs nothing but two checksums.
static void write_png(const std::string &path, const std::vector<uchar3> &pixels, int width, int height) {
    uint32_t table[256];
    for (uint32_t i = 0; i < 256; i++) {
        table[i] = i;
        for (int bit = 0; bit < 8; bit++)
            table[i] = table[i] & 1 ? 0xedb88320u ^ (table[i] >> 1) : table[i] >> 1;
    }
    auto big_endian = [](std::string &to, uint32_t v) {
        for (int shift = 24; shift >= 0; shift -= 8)
            to += static_cast<char>(v >> shift);
    };
    std::ofstream file(path, std::ios::binary);
    auto chunk = [&](const std::string &kind, const std::string &data) {
        std::string body = kind + data, out;
        uint32_t crc = ~0u;
        for (unsigned char c : body)
            crc = table[(crc ^ c) & 255] ^ (crc >> 8);
        big_endian(out, static_cast<uint32_t>(data.size()));
        out += body;
        big_endian(out, ~crc);
        file.write(out.data(), static_cast<std::streamsize>(out.size()));
    };
    std::string raw;
    raw.reserve(pixels.size() * 3 + static_cast<size_t>(height));
    for (int y = 0; y < height; y++) {
        raw += '\0'; // no filter
        raw.append(reinterpret_cast<const char *>(&pixels[static_cast<size_t>(y) * width]), static_cast<size_t>(width) * 3);
    }
    std::string stream = "\x78\x01";
    uint32_t a = 1, b = 0;
    for (size_t at = 0; at < raw.size(); at += 65535) {
        size_t size = std::min<size_t>(65535, raw.size() - at);
        stream += at + size == raw.size() ? '\1' : '\0';
        for (size_t v : {size, ~size}) {
            stream += static_cast<char>(v & 255);
            stream += static_cast<char>(v >> 8 & 255);
        }
        stream.append(raw, at, size);
    }
    for (unsigned char c : raw) {
        a = (a + c) % 65521;
        b = (b + a) % 65521;
    }
    big_endian(stream, b << 16 | a);
    std::string header;
    big_endian(header, static_cast<uint32_t>(width));
    big_endian(header, static_cast<uint32_t>(height));
    header += std::string("\x08\x02\x00\x00\x00", 5); // 8 bits, RGB
    file << "\x89PNG\r\n\x1a\n";
    chunk("IHDR", header);
    chunk("IDAT", stream);
    chunk("IEND", "");
    if (!file.flush())
        throw std::runtime_error("can't write " + path);
}

template <typename T> class DeviceArray {
    T *pointer = nullptr;
    size_t count;

  public:
    explicit DeviceArray(size_t n) : count(n) {
        CHECK(cudaMalloc(&pointer, n * sizeof(T)));
        CHECK(cudaMemset(pointer, 0, n * sizeof(T)));
    }
    DeviceArray(const DeviceArray &) = delete;
    DeviceArray &operator=(const DeviceArray &) = delete;
    ~DeviceArray() { cudaFree(pointer); }
    operator T *() const { return pointer; }
    std::vector<T> download() const {
        std::vector<T> host(count);
        CHECK(cudaMemcpy(host.data(), pointer, count * sizeof(T), cudaMemcpyDeviceToHost));
        return host;
    }
};

// Runs launches between two events and prints their time and rate.
class Stopwatch {
    cudaEvent_t start, stop;
    size_t pixels;
    float total = 0.0f;

  public:
    explicit Stopwatch(size_t n) : pixels(n) {
        CHECK(cudaEventCreate(&start));
        CHECK(cudaEventCreate(&stop));
    }
    ~Stopwatch() {
        cudaEventDestroy(start);
        cudaEventDestroy(stop);
    }
    template <typename Launch> void time(const char *name, const char *what, Launch launch) {
        CHECK(cudaEventRecord(start));
        launch();
        CHECK(cudaGetLastError());
        CHECK(cudaEventRecord(stop));
        CHECK(cudaEventSynchronize(stop));
        float ms = 0.0f;
        CHECK(cudaEventElapsedTime(&ms, start, stop));
        total += ms;
        std::cout << "  " << std::left << std::setw(21) << name << std::right << std::fixed << std::setprecision(2) << std::setw(9)
                  << ms << " ms" << std::setprecision(1) << std::setw(9) << pixels / (1000.0 * std::fmax(ms, 1e-6f))
                  << " Mpixel/s   " << what << "\n";
    }
    float milliseconds() const { return total; }
};

static float3 from_hue(float hue, float strength) {
    auto wave = [&](float shift) { return strength * (0.52f + 0.48f * std::cos(6.2831853f * (hue + shift))); };
    return make_float3(wave(0.0f), wave(0.67f), wave(0.33f));
}

static void place_balls() {
    std::vector<Ball> scene(ball_count);
    for (int i = 0; i < ball_count; i++) {
        // A rising spiral around the lantern, in steps of the golden angle.
        float angle = 2.39996f * i + 0.6f, ring = 1.55f + 0.24f * static_cast<float>(i);
        float lift = 0.16f + 0.9f * std::fmod(0.618034f * i, 1.0f);
        scene[i].centre = make_float3(ring * std::cos(angle), lift, ring * std::sin(angle) * 0.9f + 0.3f);
        scene[i].radius = 0.040f + 0.035f * std::fmod(0.377f * i + 0.2f, 1.0f);
        scene[i].glow = from_hue(0.97f + 0.14f * std::fmod(0.618f * i, 1.0f) + (i % 4 == 2 ? 0.5f : 0.0f), 1.7f);
    }
    CHECK(cudaMemcpyToSymbol(balls, scene.data(), ball_count * sizeof(Ball)));
}

static Camera place_camera() {
    auto unit = [](float3 v) { return v * (1.0f / std::sqrt(dot(v, v))); };
    auto cross = [](float3 a, float3 b) { return make_float3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x); };
    Camera camera;
    camera.eye = make_float3(-1.5f, 1.0f, -6.2f);
    float3 forward = unit(make_float3(0.45f, 0.80f, 0.0f) - camera.eye);
    camera.right = unit(cross(make_float3(0.0f, 1.0f, 0.0f), forward));
    camera.up = cross(forward, camera.right);
    camera.forward = forward * 2.1f; // focal length over half the picture's height
    return camera;
}

static void place_weights() {
    float weights[blur_radius + 1], sum = 0.0f;
    for (int k = 0; k <= blur_radius; k++) {
        weights[k] = std::exp(-0.5f * static_cast<float>(k * k) / 20.0f) + 0.35f * std::exp(-0.5f * static_cast<float>(k * k) / 120.0f);
        sum += k == 0 ? weights[k] : 2.0f * weights[k];
    }
    for (float &w : weights)
        w /= sum;
    CHECK(cudaMemcpyToSymbol(blur_weights, weights, sizeof weights));
}

// The luminance below which `share` of the pixels lie.
static float percentile(const std::vector<unsigned> &bins, size_t pixels, double share) {
    double wanted = share * static_cast<double>(pixels), seen = 0;
    for (int i = 0; i < bin_count; i++) {
        seen += bins[i];
        if (seen >= wanted)
            return std::exp2(static_cast<float>(i) / 8.0f - 20.0f);
    }
    return 1.0f;
}

static bool agrees(const std::vector<float4> &image, const std::vector<unsigned> &bins, float brightest) {
    std::vector<unsigned> want(bin_count, 0);
    float most = 0.0f;
    for (const float4 &p : image) {
        unsigned bits;
        std::memcpy(&bits, &p.w, sizeof bits);
        want[bin_of(bits)]++;
        most = std::fmax(most, p.w);
    }
    return want == bins && most == brightest;
}

static int run(int argc, char **argv) {
    const std::string path = argc > 1 ? argv[1] : "demo.png";
    const int width = argc > 3 ? std::atoi(argv[2]) : 1280, height = argc > 3 ? std::atoi(argv[3]) : 720;
    if (width < 16 || height < 16 || width > 16384 || height > 16384) {
        std::cerr << "usage: demo [FILE.png [WIDTH HEIGHT]], sizes from 16 to 16384\n";
        return 2;
    }
    cudaDeviceProp properties;
    CHECK(cudaGetDeviceProperties(&properties, 0));
    std::cout << "Device: " << properties.name << ", " << properties.multiProcessorCount << " multiprocessors\n"
              << "Picture: " << width << " x " << height << " pixels\n";

    const size_t pixels = static_cast<size_t>(width) * height;
    const int count = static_cast<int>(pixels), small_width = (width + 3) / 4, small_height = (height + 3) / 4;
    DeviceArray<float4> image(pixels), glow(static_cast<size_t>(small_width) * small_height), scratch(static_cast<size_t>(small_width) * small_height);
    DeviceArray<unsigned> bins(bin_count), numbers(2);
    DeviceArray<uchar3> developed(pixels);
    place_balls();
    place_weights();
    const Camera camera = place_camera();

    const dim3 block(16, 8), grid((width + 15) / 16, (height + 7) / 8), small_grid((small_width + 15) / 16, (small_height + 7) / 8);
    const dim3 line_block(blur_tile, blur_lines);
    auto blur_grid = [](int length, int lines) { return dim3((length + blur_tile - 1) / blur_tile, (lines + blur_lines - 1) / blur_lines); };
    Stopwatch stopwatch(pixels);
    stopwatch.time("render", "ray marching, 4 samples a pixel", [&] { render<<<grid, block>>>(image, width, height, camera); });
    stopwatch.time("luminance_histogram", "shared and global atomics",
                   [&] { luminance_histogram<<<64, 256>>>(image, count, bins); });
    stopwatch.time("reduce<Brightest>", "barriers and warp shuffles",
                   [&] { reduce<256><<<64, 256>>>(image, count, numbers + 0, Brightest()); });
    const std::vector<unsigned> histogram = bins.download();
    const float key = percentile(histogram, pixels, 0.60), bright = percentile(histogram, pixels, 0.93);
    const float exposure = std::fmin(0.085f / key, 1.8f / bright);
    stopwatch.time("reduce<PixelsAbove>", "the same template, another operation",
                   [&] { reduce<256><<<64, 256>>>(image, count, numbers + 1, PixelsAbove{bright}); });
    stopwatch.time("bright_parts", "a quarter of the size", [&] {
        bright_parts<<<small_grid, block>>>(image, width, height, glow, small_width, small_height, bright);
    });
    stopwatch.time("blur<rows>", "tiles with halos in shared memory",
                   [&] { blur<true><<<blur_grid(small_width, small_height), line_block>>>(glow, scratch, small_width, small_height); });
    stopwatch.time("blur<columns>", "",
                   [&] { blur<false><<<blur_grid(small_height, small_width), line_block>>>(scratch, glow, small_width, small_height); });
    stopwatch.time("develop", "exposure, glow, film curve", [&] {
        develop<<<grid, block>>>(image, width, height, glow, small_width, small_height, exposure, developed);
    });
    std::cout << "  together " << std::setprecision(1) << stopwatch.milliseconds() << " ms\n";

    const std::vector<unsigned> found = numbers.download();
    float brightest;
    std::memcpy(&brightest, &found[0], sizeof brightest);
    std::cout << "Exposure " << std::setprecision(2) << exposure << ", brightest pixel " << brightest << ", " << found[1]
              << " pixels glow\n";
    const bool fine = agrees(image.download(), histogram, brightest);
    std::cout << "Histogram and maximum agree with the host: " << (fine ? "yes" : "NO") << "\n";
    write_png(path, developed.download(), width, height);
    std::cout << "Wrote " << path << "\n";
    return fine ? 0 : 1;
}

int main(int argc, char **argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception &problem) {
        std::cerr << "demo: " << problem.what() << "\n";
        return 1;
    }
}
