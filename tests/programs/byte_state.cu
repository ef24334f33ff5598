// SPDX-License-Identifier: Apache-2.0
// A state of bytes and integers in each thread's own memory, as hash functions have it: read and written at indices that the
// compiler knows, at ones that it does not, and by lanes that are off for part of the loop. Against the same on the host.
// EXPECT: bytes: ok
// EXPECT: words of 16 bits: ok
#include "check.h"

template <class T> struct State {
    T table[48];
    T data[16];
    int length;
};

__constant__ unsigned char box[256];
static unsigned char host_box[256];

template <class T> static __host__ __device__ void mix(State<T> *state, const unsigned char *substitute) {
    for (int i = 0; i < 16; i++) {
        state->table[i + 16] = state->data[i];
        state->table[i + 32] = state->table[i + 16] ^ state->table[i];
    }
    int t = 0;
    for (int round = 0; round < 6; round++) {
        for (int i = 0; i < 48; i++) {
            state->table[i] ^= substitute[t];
            t = state->table[i] & 0xff;
        }
        t = (t + round) & 0xff;
    }
}

template <class T> static __host__ __device__ unsigned digest(const unsigned char *in, int length, const unsigned char *substitute) {
    State<T> state;
    for (int i = 0; i < 48; i++) state.table[i] = T(i);
    state.length = 0;
    for (int i = 0; i < length; i++) {
        state.data[state.length++] = T(in[i] * 3);
        if (state.length == 16) {
            mix(&state, substitute);
            state.length = 0;
        }
    }
    while (state.length < 16) state.data[state.length++] = T(length);
    mix(&state, substitute);
    unsigned sum = 0;
    for (int i = 0; i < 48; i++) sum = sum * 31 + state.table[i];
    return sum;
}

template <class T> __global__ void digests(const unsigned char *in, const int *lengths, unsigned *out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) out[i] = digest<T>(in + i * 64, lengths[i], box);
}

template <class T> static void test(const char *name) {
    const int n = 300;
    unsigned char *in;
    int *lengths;
    unsigned *out;
    CHECK(cudaMallocManaged(&in, n * 64));
    CHECK(cudaMallocManaged(&lengths, n * sizeof(int)));
    CHECK(cudaMallocManaged(&out, n * sizeof(unsigned)));
    for (int i = 0; i < n * 64; i++) in[i] = (unsigned char)(i * 7 + i / 64);
    for (int i = 0; i < n; i++) lengths[i] = i * 5 % 65;
    digests<T><<<(n + 95) / 96, 96>>>(in, lengths, out, n);
    CHECK(cudaDeviceSynchronize());
    int wrong = 0;
    for (int i = 0; i < n; i++) wrong += out[i] != digest<T>(in + i * 64, lengths[i], host_box);
    if (wrong) std::printf("%d differ\n", wrong);
    std::printf("%s: %s\n", name, wrong ? "wrong" : "ok");
}

int main() {
    for (int i = 0; i < 256; i++) host_box[i] = (unsigned char)(i * 167 + 13);
    CHECK(cudaMemcpyToSymbol(box, host_box, 256));
    test<unsigned char>("bytes");
    test<unsigned short>("words of 16 bits");
    return 0;
}
