// SPDX-License-Identifier: Apache-2.0
// NVTX's marks, ranges, domains and names, and CUDA's profiler control: depths and identities, and that nothing of it
// disturbs.
// EXPECT: depths 0 1 1 0
// EXPECT: ranges differ: yes
// EXPECT: domain depths 0 0
// EXPECT: nothing to pop: negative
// NVCC: before 13 nvToolsExt.h is gone
#include <cuda_profiler_api.h>
#include <nvToolsExt.h>
#include <nvToolsExtCuda.h>
#include <nvToolsExtCudaRt.h>
#include <nvtx3/nvToolsExt.h>

#include "check.h"

int main() {
    CHECK(cudaProfilerStart());
    int first = nvtxRangePush("outer");
    nvtxEventAttributes_t attributes = {};
    attributes.version = NVTX_VERSION;
    attributes.size = NVTX_EVENT_ATTRIB_STRUCT_SIZE;
    attributes.colorType = NVTX_COLOR_ARGB;
    attributes.color = 0xff00ff00;
    attributes.messageType = NVTX_MESSAGE_TYPE_ASCII;
    attributes.message.ascii = "inner";
    int second = nvtxRangePushEx(&attributes);
    nvtxMarkA("here");
    nvtxMarkW(L"there");
    int third = nvtxRangePop(), fourth = nvtxRangePop();
    std::printf("depths %d %d %d %d\n", first, second, third, fourth);
    nvtxRangeId_t one = nvtxRangeStart("one"), two = nvtxRangeStartEx(&attributes);
    std::printf("ranges differ: %s\n", one != two && one && two ? "yes" : "no");
    nvtxRangeEnd(one);
    nvtxRangeEnd(two);
    nvtxDomainHandle_t domain = nvtxDomainCreate("solver");
    attributes.messageType = NVTX_MESSAGE_TYPE_REGISTERED;
    attributes.message.registered = nvtxDomainRegisterString(domain, "step");
    int depth = nvtxDomainRangePushEx(domain, &attributes);
    nvtxDomainMarkEx(domain, &attributes);
    std::printf("domain depths %d %d\n", depth, nvtxDomainRangePop(domain));
    nvtxNameCategory(3, "copies");
    cudaStream_t stream;
    CHECK(cudaStreamCreate(&stream));
    nvtxNameCudaDevice(0, "processors");
    nvtxNameCudaStream(stream, "copies");
    nvtxNameCuStreamW(stream, L"copies again");
    CHECK(cudaStreamDestroy(stream));
    nvtxDomainDestroy(domain);
    std::printf("nothing to pop: %s\n", nvtxRangePop() < 0 ? "negative" : "a depth");
    CHECK(cudaProfilerStop());
    return 0;
}
