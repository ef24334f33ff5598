// SPDX-License-Identifier: Apache-2.0
// The kernels of the example page: picture filters, gravity between bodies, and the training of a small neural network.
// `cuda-wasm build --lib kernels.cu -o kernels` makes functions of them that JavaScript calls.

/* ---- Pictures ---- */

__device__ inline int clamped(int value, int limit) { return value < 0 ? 0 : value >= limit ? limit - 1 : value; }
__device__ inline float grey(uchar4 c) { return 0.299f * c.x + 0.587f * c.y + 0.114f * c.z; }
__device__ inline unsigned char byte_of(float value) { return (unsigned char)fminf(fmaxf(value + 0.5f, 0.0f), 255.0f); }

/* A Gaussian of the given width in elements, cut where it has faded. */
__global__ void blur(const uchar4 *in, uchar4 *out, int width, int height, float sigma) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x >= width || y >= height)
        return;
    int reach = (int)ceilf(2.0f * sigma);
    float r = 0, g = 0, b = 0, total = 0;
    for (int dy = -reach; dy <= reach; dy++)
        for (int dx = -reach; dx <= reach; dx++) {
            float weight = expf(-(float)(dx * dx + dy * dy) / (2.0f * sigma * sigma));
            uchar4 c = in[clamped(y + dy, height) * width + clamped(x + dx, width)];
            r += weight * c.x;
            g += weight * c.y;
            b += weight * c.z;
            total += weight;
        }
    out[y * width + x] = make_uchar4(byte_of(r / total), byte_of(g / total), byte_of(b / total), 255);
}

/* Sobel's operator: how fast brightness changes. */
__global__ void edges(const uchar4 *in, uchar4 *out, int width, int height, float strength) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x >= width || y >= height)
        return;
    float near[3][3];
    for (int dy = 0; dy < 3; dy++)
        for (int dx = 0; dx < 3; dx++)
            near[dy][dx] = grey(in[clamped(y + dy - 1, height) * width + clamped(x + dx - 1, width)]);
    float across = near[0][2] + 2 * near[1][2] + near[2][2] - near[0][0] - 2 * near[1][0] - near[2][0];
    float down = near[2][0] + 2 * near[2][1] + near[2][2] - near[0][0] - 2 * near[0][1] - near[0][2];
    unsigned char v = byte_of(strength * sqrtf(across * across + down * down) * 0.25f);
    out[y * width + x] = make_uchar4(v, v, v, 255);
}

/* Kuwahara's filter: the mean of the calmest quarter of the surroundings, which looks painted. */
__global__ void paint(const uchar4 *in, uchar4 *out, int width, int height, int radius) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x >= width || y >= height)
        return;
    float best = 1e30f;
    float3 colour = make_float3(0, 0, 0);
    for (int quarter = 0; quarter < 4; quarter++) {
        int x0 = quarter & 1 ? 0 : -radius, y0 = quarter & 2 ? 0 : -radius;
        float sum = 0, squares = 0;
        float3 mean = make_float3(0, 0, 0);
        for (int dy = 0; dy <= radius; dy++)
            for (int dx = 0; dx <= radius; dx++) {
                uchar4 c = in[clamped(y + y0 + dy, height) * width + clamped(x + x0 + dx, width)];
                float light = grey(c);
                sum += light;
                squares += light * light;
                mean.x += c.x;
                mean.y += c.y;
                mean.z += c.z;
            }
        float count = (float)((radius + 1) * (radius + 1));
        float variance = squares / count - sum / count * (sum / count);
        if (variance < best) {
            best = variance;
            colour = make_float3(mean.x / count, mean.y / count, mean.z / count);
        }
    }
    out[y * width + x] = make_uchar4(byte_of(colour.x), byte_of(colour.y), byte_of(colour.z), 255);
}

/* ---- Bodies ---- */

const int TILE = 64;

/* One step of leapfrog integration; positions carry the mass in w. Blocks read the bodies tile by tile through shared memory. */
__global__ void __launch_bounds__(TILE) attract(const float4 *from, float4 *to, float4 *velocities, int count, float step) {
    __shared__ float4 tile[TILE];
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    float4 own = from[min(i, count - 1)];
    float ax = 0, ay = 0, az = 0;
    for (int base = 0; base < count; base += TILE) {
        int other = base + threadIdx.x;
        tile[threadIdx.x] = other < count ? from[other] : make_float4(0, 0, 0, 0);
        __syncthreads();
        for (int k = 0; k < TILE; k++) {
            float dx = tile[k].x - own.x, dy = tile[k].y - own.y, dz = tile[k].z - own.z;
            float inverse = rsqrtf(dx * dx + dy * dy + dz * dz + 0.01f);
            float pull = tile[k].w * inverse * inverse * inverse;
            ax += pull * dx;
            ay += pull * dy;
            az += pull * dz;
        }
        __syncthreads();
    }
    if (i >= count)
        return;
    float4 v = velocities[i];
    v.x += step * ax;
    v.y += step * ay;
    v.z += step * az;
    velocities[i] = v;
    to[i] = make_float4(own.x + step * v.x, own.y + step * v.y, own.z + step * v.z, own.w);
}

/* ---- Learning ---- */

/* A network of two inputs, two hidden layers and one output that tells two classes of points apart. */
const int HIDDEN = 16;
const int FIRST = 0, SECOND = FIRST + HIDDEN * 3, LAST = SECOND + HIDDEN * (HIDDEN + 1), WEIGHTS = LAST + HIDDEN + 1;

/* What every layer computes; each row of weights ends with its bias. */
__device__ float evaluate(const float *weights, float x, float y, float *one, float *two) {
    for (int i = 0; i < HIDDEN; i++) {
        const float *row = weights + FIRST + i * 3;
        one[i] = tanhf(row[0] * x + row[1] * y + row[2]);
    }
    for (int i = 0; i < HIDDEN; i++) {
        const float *row = weights + SECOND + i * (HIDDEN + 1);
        float sum = row[HIDDEN];
        for (int k = 0; k < HIDDEN; k++)
            sum += row[k] * one[k];
        two[i] = tanhf(sum);
    }
    float sum = weights[LAST + HIDDEN];
    for (int k = 0; k < HIDDEN; k++)
        sum += weights[LAST + k] * two[k];
    return 1.0f / (1.0f + expf(-sum));
}

/* A thread a sample: its part of the loss (cross entropy) and of the gradient of every weight. points holds x, y and the class. */
__global__ void learn(const float3 *points, int count, const float *weights, float *gradient, float *loss) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= count)
        return;
    float one[HIDDEN], two[HIDDEN], back[HIDDEN];
    float3 p = points[i];
    float answer = evaluate(weights, p.x, p.y, one, two);
    float error = (answer - p.z) / count;
    atomicAdd(loss, -logf(fmaxf(p.z > 0.5f ? answer : 1.0f - answer, 1e-7f)) / count);
    for (int k = 0; k < HIDDEN; k++)
        back[k] = 0;
    for (int j = 0; j < HIDDEN; j++) {
        atomicAdd(&gradient[LAST + j], error * two[j]);
        float slope = error * weights[LAST + j] * (1.0f - two[j] * two[j]);
        for (int k = 0; k < HIDDEN; k++) {
            atomicAdd(&gradient[SECOND + j * (HIDDEN + 1) + k], slope * one[k]);
            back[k] += slope * weights[SECOND + j * (HIDDEN + 1) + k];
        }
        atomicAdd(&gradient[SECOND + j * (HIDDEN + 1) + HIDDEN], slope);
    }
    atomicAdd(&gradient[LAST + HIDDEN], error);
    for (int k = 0; k < HIDDEN; k++) {
        float slope = back[k] * (1.0f - one[k] * one[k]);
        atomicAdd(&gradient[FIRST + k * 3], slope * p.x);
        atomicAdd(&gradient[FIRST + k * 3 + 1], slope * p.y);
        atomicAdd(&gradient[FIRST + k * 3 + 2], slope);
    }
}

/* Adam (Kingma and Ba 2015); gradients are zero again afterwards. */
__global__ void improve(float *weights, float *gradient, float *mean, float *square, int step, float rate) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= WEIGHTS)
        return;
    float g = gradient[i];
    float m = mean[i] = 0.9f * mean[i] + 0.1f * g;
    float v = square[i] = 0.999f * square[i] + 0.001f * g * g;
    weights[i] -= rate * m / (1.0f - powf(0.9f, (float)step)) / (sqrtf(v / (1.0f - powf(0.999f, (float)step))) + 1e-8f);
    gradient[i] = 0;
}

/* What the network answers at every point of a map of the square from -1 to 1. */
__global__ void answer(const float *weights, unsigned char *map, int side) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x >= side || y >= side)
        return;
    float one[HIDDEN], two[HIDDEN];
    float value = evaluate(weights, (x + 0.5f) / side * 2 - 1, (y + 0.5f) / side * 2 - 1, one, two);
    map[y * side + x] = byte_of(255.0f * value);
}
