// SPDX-License-Identifier: Apache-2.0
// nvcuda::wmma: every type and shape of compute capability 8.0 in every layout, with leading dimensions beyond the tile:
// integers and bits exactly, floating-point products within the bound that cw/wmma/multiply.h states of a product in
// long double; fills, work on elements, saturation, several warps.
// EXPECT: half, float: ok
// EXPECT: half, half: ok
// EXPECT: half, mixed: ok
// EXPECT: bfloat16: ok
// EXPECT: tf32: ok
// EXPECT: double: ok
// EXPECT: signed bytes: ok
// EXPECT: unsigned bytes: ok
// EXPECT: nibbles: ok
// EXPECT: bits: ok
// EXPECT: saturation: ok
// EXPECT: elements: ok
// EXPECT: warps of a block: ok
// TIMEOUT: 180
// NVCC: skip saturation of halves is documented and not in its headers
#include "check.h"
#include <cmath>
#include <mma.h>

using namespace nvcuda;

/* How far apart rows (or columns) lie beyond the tile's own extent, so that the leading dimension matters. */
const int gap = 8;

template <typename T, typename Stored, typename C, typename D, int m, int n, int k, typename LayoutA, typename LayoutB>
__global__ void product(const Stored *a, const Stored *b, const C *c, D *d, int lda, int ldb, int ldc, int ldd, bool c_rows,
                        bool d_rows, bool satf) {
    wmma::fragment<wmma::matrix_a, m, n, k, T, LayoutA> fa;
    wmma::fragment<wmma::matrix_b, m, n, k, T, LayoutB> fb;
    wmma::fragment<wmma::accumulator, m, n, k, C> fc;
    wmma::fragment<wmma::accumulator, m, n, k, D> fd;
    wmma::load_matrix_sync(fa, a, lda);
    wmma::load_matrix_sync(fb, b, ldb);
    wmma::load_matrix_sync(fc, c, ldc, c_rows ? wmma::mem_row_major : wmma::mem_col_major);
    wmma::mma_sync(fd, fa, fb, fc, satf);
    wmma::store_matrix_sync(d, fd, ldd, d_rows ? wmma::mem_row_major : wmma::mem_col_major);
}

template <typename T> struct Is {
    static long double value(T x) { return (long double)(double)x; }
};
template <> struct Is<__half> {
    static long double value(__half x) { return __half2float(x); }
};
template <> struct Is<__nv_bfloat16> {
    static long double value(__nv_bfloat16 x) { return __bfloat162float(x); }
};

/* One shape and one pair of layouts. `unit` is half an ulp of 1 in the type of the sums, `last` in that of the result. */
template <typename T, typename Stored, typename C, typename D, int m, int n, int k, typename LayoutA, typename LayoutB>
static bool one(bool a_rows, bool b_rows, double unit, double last, int range) {
    Random random(m + n);
    int lda = (a_rows ? k : m) + gap, ldb = (b_rows ? n : k) + gap, ldc = n + gap, ldd = m + gap;
    std::vector<Stored> a(lda * (a_rows ? m : k)), b(ldb * (b_rows ? k : n));
    std::vector<C> c(ldc * m);
    /* Integers where the type is one, and where not, numbers that the type has. */
    auto number = [&] {
        bool integer = sizeof(Stored) == 1;
        int below = random.below(2 * range) - (std::is_unsigned<Stored>::value ? 0 : range);
        return integer ? (float)(std::is_unsigned<Stored>::value ? below % 256 : below) : (float)(below) / 16.0f;
    };
    for (Stored &x : a)
        x = Stored(number());
    for (Stored &x : b)
        x = Stored(number());
    for (C &x : c)
        x = C((float)(random.below(2000) - 1000) / (std::is_integral<C>::value ? 1 : 8));
    Array<Stored> device_a(a), device_b(b);
    Array<C> device_c(c);
    Array<D> device_d(ldd * n);
    product<T, Stored, C, D, m, n, k, LayoutA, LayoutB>
        <<<1, 32>>>(device_a, device_b, device_c, device_d, lda, ldb, ldc, ldd, true, false, false);
    CHECK_LAUNCH();
    std::vector<D> d = device_d.host();
    for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
            long double sum = Is<C>::value(c[i * ldc + j]), size = std::fabs(sum);
            for (int l = 0; l < k; l++) {
                long double term = Is<Stored>::value(a[a_rows ? i * lda + l : l * lda + i]) *
                                   Is<Stored>::value(b[b_rows ? l * ldb + j : j * ldb + l]);
                sum += term;
                size += std::fabs(term);
            }
            long double have = Is<D>::value(d[j * ldd + i]), bound = k * unit * size + last * std::fabs(sum);
            if (!(std::fabs(have - sum) <= bound)) {
                std::printf("%dx%dx%d [%d][%d] is %.9Lg, should be %.9Lg within %Lg\n", m, n, k, i, j, have, sum, bound);
                return false;
            }
        }
    }
    return true;
}
/* Every layout of one shape, or two of the four with each shape: the types share the code that tells layouts apart. */
template <typename T, typename C, typename D> static bool layouts(double unit, double last, int range) {
    return one<T, T, C, D, 16, 16, 16, wmma::row_major, wmma::row_major>(true, true, unit, last, range) &&
           one<T, T, C, D, 16, 16, 16, wmma::row_major, wmma::col_major>(true, false, unit, last, range) &&
           one<T, T, C, D, 32, 8, 16, wmma::col_major, wmma::row_major>(false, true, unit, last, range) &&
           one<T, T, C, D, 8, 32, 16, wmma::col_major, wmma::col_major>(false, false, unit, last, range);
}
template <typename T, typename C, typename D> static bool shapes(double unit, double last, int range) {
    return one<T, T, C, D, 16, 16, 16, wmma::col_major, wmma::row_major>(false, true, unit, last, range) &&
           one<T, T, C, D, 32, 8, 16, wmma::row_major, wmma::col_major>(true, false, unit, last, range) &&
           one<T, T, C, D, 8, 32, 16, wmma::row_major, wmma::row_major>(true, true, unit, last, range);
}
static void report(const char *name, bool right) { std::printf("%s: %s\n", name, right ? "ok" : "wrong"); }

/* ---- Packed elements ---- */

template <typename T> __global__ void nibbles(const void *a, const void *b, int *d) {
    wmma::fragment<wmma::matrix_a, 8, 8, 32, T, wmma::row_major> fa;
    wmma::fragment<wmma::matrix_b, 8, 8, 32, T, wmma::col_major> fb;
    wmma::fragment<wmma::accumulator, 8, 8, 32, int> fc;
    wmma::fill_fragment(fc, 5);
    wmma::load_matrix_sync(fa, a, 32);
    wmma::load_matrix_sync(fb, b, 32);
    wmma::mma_sync(fc, fa, fb, fc);
    wmma::store_matrix_sync(d, fc, 8, wmma::mem_row_major);
}
__global__ void bits(const void *a, const void *b, int *d, bool intersect) {
    using namespace wmma::experimental;
    wmma::fragment<wmma::matrix_a, 8, 8, 128, precision::b1, wmma::row_major> fa;
    wmma::fragment<wmma::matrix_b, 8, 8, 128, precision::b1, wmma::col_major> fb;
    wmma::fragment<wmma::accumulator, 8, 8, 128, int> fc;
    wmma::fill_fragment(fc, 0);
    wmma::load_matrix_sync(fa, a, 128);
    wmma::load_matrix_sync(fb, b, 128);
    wmma::bmma_sync(fc, fa, fb, fc, intersect ? bmmaBitOpAND : bmmaBitOpXOR, bmmaAccumulateOpPOPC);
    wmma::store_matrix_sync(d, fc, 8, wmma::mem_row_major);
}
static bool packed_nibbles(bool is_signed) {
    Random random(4);
    std::vector<unsigned> a(32), b(32);
    for (int i = 0; i < 32; i++)
        a[i] = random.next() << 12 ^ random.next(), b[i] = random.next() << 12 ^ random.next();
    Array<unsigned> device_a(a), device_b(b);
    Array<int> d(64);
    if (is_signed)
        nibbles<wmma::experimental::precision::s4><<<1, 32>>>(device_a.data, device_b.data, d);
    else
        nibbles<wmma::experimental::precision::u4><<<1, 32>>>(device_a.data, device_b.data, d);
    CHECK_LAUNCH();
    std::vector<int> have = d.host();
    auto element = [&](const std::vector<unsigned> &v, int line, int i) {
        int x = (int)(v[line * 4 + i / 8] >> i % 8 * 4 & 15);
        return is_signed && x > 7 ? x - 16 : x;
    };
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 8; j++) {
            int sum = 5;
            for (int l = 0; l < 32; l++)
                sum += element(a, i, l) * element(b, j, l);
            if (have[i * 8 + j] != sum)
                return false;
        }
    return true;
}
static bool packed_bits(bool intersect) {
    Random random(1);
    std::vector<unsigned> a(32), b(32);
    for (int i = 0; i < 32; i++)
        a[i] = random.next() << 12 ^ random.next(), b[i] = random.next() << 12 ^ random.next();
    Array<unsigned> device_a(a), device_b(b);
    Array<int> d(64);
    bits<<<1, 32>>>(device_a.data, device_b.data, d, intersect);
    CHECK_LAUNCH();
    std::vector<int> have = d.host();
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 8; j++) {
            int sum = 0;
            for (int l = 0; l < 4; l++)
                sum += __builtin_popcount(intersect ? a[i * 4 + l] & b[j * 4 + l] : a[i * 4 + l] ^ b[j * 4 + l]);
            if (have[i * 8 + j] != sum)
                return false;
        }
    return true;
}

/* ---- The rest ---- */

static bool saturates() {
    std::vector<signed char> a(256, 127), b(256, 127);
    std::vector<int> c(256, 2147483000);
    Array<signed char> device_a(a), device_b(b);
    Array<int> device_c(c), device_d(256);
    bool right = true;
    for (bool satf : {false, true}) {
        product<signed char, signed char, int, int, 16, 16, 16, wmma::row_major, wmma::col_major>
            <<<1, 32>>>(device_a, device_b, device_c, device_d, 16, 16, 16, 16, true, true, satf);
        CHECK_LAUNCH();
        int want = satf ? 2147483647 : (int)(2147483000u + 16u * 127 * 127);
        right = right && device_d.host() == std::vector<int>(256, want);
    }
    std::vector<__half> large(256, __half(60000.0f));
    Array<__half> device_large(large), half_d(256);
    product<__half, __half, __half, __half, 16, 16, 16, wmma::row_major, wmma::row_major>
        <<<1, 32>>>(device_large, device_large, device_large, half_d, 16, 16, 16, 16, true, true, true);
    CHECK_LAUNCH();
    for (__half x : half_d.host())
        right = right && __half2float(x) == 65504.0f;
    return right;
}

/* alpha * a * b + beta * c, element by element, as programs do it; tf32 elements are rounded in place. */
__global__ void elements(const float *a, const float *b, float *c, unsigned *count) {
    wmma::fragment<wmma::matrix_a, 16, 16, 8, wmma::precision::tf32, wmma::row_major> fa;
    wmma::fragment<wmma::matrix_b, 16, 16, 8, wmma::precision::tf32, wmma::col_major> fb;
    wmma::fragment<wmma::accumulator, 16, 16, 8, float> product, old;
    wmma::fill_fragment(product, 0.0f);
    wmma::load_matrix_sync(fa, a, 8);
    wmma::load_matrix_sync(fb, b, 8);
    wmma::load_matrix_sync(old, c, 16, wmma::mem_col_major);
    for (int i = 0; i < fa.num_elements; i++)
        fa.x[i] = wmma::__float_to_tf32(fa.x[i]);
    for (int i = 0; i < fb.num_elements; i++)
        fb.x[i] = wmma::__float_to_tf32(fb.x[i]);
    wmma::mma_sync(product, fa, fb, product);
    for (int i = 0; i < product.num_elements; i++)
        old.x[i] = 2.0f * product.x[i] + 0.5f * old.x[i];
    wmma::store_matrix_sync(c, old, 16, wmma::mem_col_major);
    atomicAdd(count, (unsigned)product.num_elements);
}
static bool check_elements() {
    std::vector<float> a(128), b(128), c(256);
    for (int i = 0; i < 128; i++)
        a[i] = 1.0f + (float)i * 0x1p-12f, b[i] = (float)(i % 9 - 4);
    for (int i = 0; i < 256; i++)
        c[i] = (float)i;
    Array<float> device_a(a), device_b(b), device_c(c);
    Array<unsigned> count(1);
    elements<<<1, 32>>>(device_a, device_b, device_c, count);
    CHECK_LAUNCH();
    std::vector<float> have = device_c.host();
    bool right = count.host()[0] == 256;
    for (int i = 0; i < 16; i++)
        for (int j = 0; j < 16; j++) {
            double sum = 0;
            for (int l = 0; l < 8; l++)
                sum += std::floor(a[i * 8 + l] * 1024 + 0.5) / 1024 * b[j * 8 + l];
            right = right && have[j * 16 + i] == (float)(2 * sum + 0.5 * (j * 16 + i));
        }
    return right;
}

/* A 64x64 product by the 16 warps of four blocks, each with four tiles in shared memory. */
__global__ void tiled(const __half *a, const __half *b, float *c) {
    __shared__ __half left[16][64], right[64][16];
    __shared__ float out[4][256];
    int warp = threadIdx.x / 32, lane = threadIdx.x % 32, column = warp * 16;
    wmma::fragment<wmma::accumulator, 16, 16, 16, float> sum;
    wmma::fill_fragment(sum, 0.0f);
    for (int i = threadIdx.x; i < 16 * 64; i += blockDim.x)
        left[i / 64][i % 64] = a[blockIdx.x * 16 * 64 + i];
    for (int w = 0; w < 4; w++) {
        __syncthreads();
        for (int i = threadIdx.x; i < 64 * 16; i += blockDim.x)
            right[i / 16][i % 16] = b[i / 16 * 64 + w * 16 + i % 16];
        __syncthreads();
        if (w != warp)
            continue;
        for (int l = 0; l < 64; l += 16) {
            wmma::fragment<wmma::matrix_a, 16, 16, 16, __half, wmma::row_major> fa;
            wmma::fragment<wmma::matrix_b, 16, 16, 16, __half, wmma::row_major> fb;
            wmma::load_matrix_sync(fa, &left[0][l], 64);
            wmma::load_matrix_sync(fb, &right[l][0], 16);
            wmma::mma_sync(sum, fa, fb, sum);
        }
    }
    wmma::store_matrix_sync(out[warp], sum, 16, wmma::mem_row_major);
    for (int i = lane; i < 256; i += 32)
        c[(blockIdx.x * 16 + i / 16) * 64 + column + i % 16] = out[warp][i];
}
static bool check_warps() {
    std::vector<__half> a(64 * 64), b(64 * 64);
    for (int i = 0; i < 64 * 64; i++)
        a[i] = __half((float)(i * 7 % 13 - 6)), b[i] = __half((float)(i * 5 % 11 - 5));
    Array<__half> device_a(a), device_b(b);
    Array<float> c(64 * 64);
    tiled<<<4, 128>>>(device_a, device_b, c);
    CHECK_LAUNCH();
    std::vector<float> have = c.host();
    for (int i = 0; i < 64; i++)
        for (int j = 0; j < 64; j++) {
            float sum = 0;
            for (int l = 0; l < 64; l++)
                sum += __half2float(a[i * 64 + l]) * __half2float(b[l * 64 + j]);
            if (have[i * 64 + j] != sum)
                return false;
        }
    return true;
}

int main() {
    const double f = 0x1p-24, h = 0x1p-11;
    report("half, float", layouts<__half, float, float>(f, f, 40));
    report("half, half", shapes<__half, __half, __half>(f, h, 40));
    report("half, mixed",
           one<__half, __half, float, __half, 16, 16, 16, wmma::row_major, wmma::row_major>(true, true, f, h, 40) &&
               one<__half, __half, __half, float, 8, 32, 16, wmma::row_major, wmma::col_major>(true, false, f, f, 40));
    report("bfloat16", shapes<__nv_bfloat16, float, float>(f, f, 100));
    report("tf32",
           one<wmma::precision::tf32, float, float, float, 16, 16, 8, wmma::row_major, wmma::col_major>(true, false, f, f, 1000) &&
               one<wmma::precision::tf32, float, float, float, 16, 16, 8, wmma::col_major, wmma::row_major>(false, true, f, f, 1000));
    const double d = 0x1p-53;
    report("double", one<double, double, double, double, 8, 8, 4, wmma::row_major, wmma::col_major>(true, false, d, d, 100000) &&
                         one<double, double, double, double, 8, 8, 4, wmma::col_major, wmma::row_major>(false, true, d, d, 100000));
    report("signed bytes", shapes<signed char, int, int>(0, 0, 128));
    report("unsigned bytes", shapes<unsigned char, int, int>(0, 0, 128));
    report("nibbles", packed_nibbles(true) && packed_nibbles(false));
    report("bits", packed_bits(true) && packed_bits(false));
    report("saturation", saturates());
    report("elements", check_elements());
    report("warps of a block", check_warps());
    return 0;
}
