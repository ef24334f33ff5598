// SPDX-License-Identifier: Apache-2.0
// Whether this browser has a GPU for WebGPU. It stands alone so that what runs kernels there is loaded only where there is one.

/** An adapter, or why there is none. @param {"auto" | "webgpu"} wanted with "auto" one that a CPU pretends to be does not count */
export async function findAdapter(wanted) {
    const gpu = globalThis.navigator?.gpu;
    if (!gpu) return {why: "this browser has no WebGPU, or the page is not in a secure context"};
    const adapter = await gpu.requestAdapter({powerPreference: "high-performance"});
    if (!adapter) return {why: "WebGPU finds no adapter here"};
    const software = adapter.info?.isFallbackAdapter ?? adapter.isFallbackAdapter ?? false;
    if (wanted === "auto" && (software || /swiftshader|llvmpipe/i.test(`${adapter.info?.architecture} ${adapter.info?.description}`))) {
        return {why: "the only WebGPU adapter is software, which WebAssembly is faster than"};
    }
    return {adapter};
}
