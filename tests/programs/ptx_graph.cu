// SPDX-License-Identifier: Apache-2.0
// What kernels of a graph call, in PTX as nvcc writes it: cudaGraphSetConditional, cudaGraphLaunch with CUDA's numbers for its named streams, and
// %current_graph_exec (PTX ISA 10.32).
// EXPECT: turns of the loop: 10
// EXPECT: the graph's runs: 3
// NVCC: skip it asks the runtime for a graph on the device as this one makes it
#include "check.h"
#include "check_driver.h"

static const char text[] = R"(
.version 8.4
.target sm_80
.address_size 64
.extern .func cudaGraphSetConditional (.param .b64 handle, .param .b32 value);
.extern .func (.param .b32 result) cudaGraphLaunch (.param .b64 graph, .param .b64 stream);

.visible .entry count_down(.param .u64 left, .param .u64 done, .param .u64 handle)
{
    .reg .pred %p<2>;
    .reg .b32 %r<5>;
    .reg .b64 %rd<6>;
    ld.param.u64 %rd1, [left];
    ld.param.u64 %rd2, [done];
    ld.param.u64 %rd3, [handle];
    ld.global.u32 %r1, [%rd2];
    add.s32 %r1, %r1, 1;
    st.global.u32 [%rd2], %r1;
    ld.global.u32 %r2, [%rd1];
    add.s32 %r2, %r2, -1;
    st.global.u32 [%rd1], %r2;
    setp.gt.s32 %p1, %r2, 0;
    selp.u32 %r3, 1, 0, %p1;
    {
        .param .b64 param0;
        st.param.b64 [param0+0], %rd3;
        .param .b32 param1;
        st.param.b32 [param1+0], %r3;
        call.uni cudaGraphSetConditional, (param0, param1);
    }
    ret;
}

.visible .entry again(.param .u64 runs)
{
    .reg .pred %p<2>;
    .reg .b32 %r<3>;
    .reg .b64 %rd<4>;
    ld.param.u64 %rd1, [runs];
    ld.global.u32 %r1, [%rd1];
    add.s32 %r1, %r1, 1;
    st.global.u32 [%rd1], %r1;
    setp.ge.s32 %p1, %r1, 3;
    @%p1 bra done;
    mov.u64 %rd2, %current_graph_exec;
    mov.u64 %rd3, 0x0100000000000000;
    {
        .param .b64 param0;
        st.param.b64 [param0+0], %rd2;
        .param .b64 param1;
        st.param.b64 [param1+0], %rd3;
        .param .b32 retval0;
        call.uni (retval0), cudaGraphLaunch, (param0, param1);
    }
done:
    ret;
}
)";

static cudaGraphNode_t add_kernel(cudaGraph_t graph, CUfunction function, void **arguments) {
    cudaKernelNodeParams params = {};
    params.func = reinterpret_cast<void *>(function);
    params.gridDim = params.blockDim = dim3(1);
    params.kernelParams = arguments;
    cudaGraphNode_t node;
    CHECK(cudaGraphAddKernelNode(&node, graph, nullptr, 0, &params));
    return node;
}

int main() {
    CUmodule module;
    CUfunction count_down, again;
    int *numbers, host[3] = {10, 0, 0};
    CHECK(cudaMalloc(&numbers, sizeof host));
    CHECK(cudaMemcpy(numbers, host, sizeof host, cudaMemcpyHostToDevice));
    DRIVER(cuModuleLoadData(&module, text));
    DRIVER(cuModuleGetFunction(&count_down, module, "count_down"));
    DRIVER(cuModuleGetFunction(&again, module, "again"));

    cudaGraph_t graph;
    cudaGraphExec_t exec;
    cudaGraphConditionalHandle handle;
    CHECK(cudaGraphCreate(&graph, 0));
    CHECK(cudaGraphConditionalHandleCreate(&handle, graph, 1, cudaGraphCondAssignDefault));
    cudaGraphNodeParams params = {};
    params.type = cudaGraphNodeTypeConditional;
    params.conditional.handle = handle;
    params.conditional.type = cudaGraphCondTypeWhile;
    params.conditional.size = 1;
    cudaGraphNode_t node;
    CHECK(cudaGraphAddNode(&node, graph, nullptr, nullptr, 0, &params));
    int *left = numbers, *done = numbers + 1, *runs = numbers + 2;
    void *arguments[] = {&left, &done, &handle};
    add_kernel(params.conditional.phGraph_out[0], count_down, arguments);
    CHECK(cudaGraphInstantiate(&exec, graph, 0));
    CHECK(cudaGraphLaunch(exec, 0));
    CHECK(cudaDeviceSynchronize());
    CHECK(cudaGraphExecDestroy(exec));
    CHECK(cudaGraphDestroy(graph));

    CHECK(cudaGraphCreate(&graph, 0));
    void *only[] = {&runs};
    add_kernel(graph, again, only);
    CHECK(cudaGraphInstantiate(&exec, graph, cudaGraphInstantiateFlagDeviceLaunch));
    CHECK(cudaGraphUpload(exec, 0));
    CHECK(cudaGraphLaunch(exec, 0));
    CHECK(cudaDeviceSynchronize());
    CHECK(cudaGraphExecDestroy(exec));
    CHECK(cudaGraphDestroy(graph));
    CHECK(cudaMemcpy(host, numbers, sizeof host, cudaMemcpyDeviceToHost));
    std::printf("turns of the loop: %d\nthe graph's runs: %d\n", host[1], host[2]);
    DRIVER(cuModuleUnload(module));
    CHECK(cudaFree(numbers));
    return 0;
}
