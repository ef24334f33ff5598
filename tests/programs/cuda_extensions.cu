// SPDX-License-Identifier: Apache-2.0
// libcu++'s small headers: access properties, nv/target, ceil_div, function objects, stream_ref; nvcc's questions about
// closure types.
// EXPECT: 42 on the device, 7 on the host
// EXPECT: dispatch: device, host
// EXPECT: arithmetic: ok
// EXPECT: stream: ok
// NVCC: skip the architecture at hand is another
#include "check.h"
#include <cuda/annotated_ptr>
#include <cuda/cmath>
#include <cuda/functional>
#include <cuda/stream_ref>
#include <nv/target>

__host__ __device__ int where() {
    NV_IF_TARGET(NV_IS_DEVICE, (int x = 40; return x + 2;))
    NV_IF_ELSE_TARGET(NV_PROVIDES_SM_70, (return 1;), (return 7;))
}
__host__ __device__ const char *dispatch() {
    NV_DISPATCH_TARGET(NV_PROVIDES_SM_90, (return "later";), NV_PROVIDES_SM_80, (return "device";), NV_IS_HOST, (return "host";))
}
__global__ void kernel(const int *in, int *out) {
    cuda::annotated_ptr<const int, cuda::access_property::persisting> kept{in};
    cuda::annotated_ptr<int, cuda::access_property> streamed{out, cuda::access_property(cuda::access_property::streaming())};
    cuda::apply_access_property(in, 4 * sizeof(int), cuda::access_property::persisting{});
    const int *same = cuda::associate_access_property(in, cuda::access_property::normal{});
    streamed[0] = where();
    streamed[1] = dispatch()[0];
    streamed[2] = kept[2] + *kept + same[1];
}

static_assert(!__nv_is_extended_device_lambda_closure_type(int), "");
static_assert(!__nv_is_extended_host_device_lambda_closure_type(int), "");

int main() {
    Array<int> in(std::vector<int>{1, 10, 100}), out(3);
    kernel<<<1, 1>>>(in, out);
    CHECK_LAUNCH();
    std::vector<int> have = out.host();
    std::printf("%d on the device, %d on the host\n", have[0], where());
    std::printf("dispatch: %s, %s\n", have[1] == 'd' ? "device" : "wrong", dispatch());
    auto half = cuda::proclaim_return_type<double>([](int x) { return x * 0.5; });
    bool right = have[2] == 111 && cuda::ceil_div(10, 3) == 4 && cuda::round_up(10u, 4u) == 12 && cuda::round_down(11, 4) == 8 &&
                 half(3) == 1.5 && cuda::maximum<>()(2, 2.5) == 2.5 && cuda::minimum<int>()(4, 3) == 3;
    std::printf("arithmetic: %s\n", right ? "ok" : "wrong");
    cudaStream_t stream;
    CHECK(cudaStreamCreate(&stream));
    cuda::stream_ref ref(stream);
    ref.wait();
    std::printf("stream: %s\n", ref.ready() && ref == cuda::stream_ref(stream) && ref.get() == stream ? "ok" : "wrong");
    CHECK(cudaStreamDestroy(stream));
    return 0;
}
