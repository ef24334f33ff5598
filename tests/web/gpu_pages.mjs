// SPDX-License-Identifier: Apache-2.0
// Whole programs in pages on WebGPU, in a browser whose adapter is software (SwiftShader): where memory can be shared, a worker has the
// GPU; where it can't, the program is suspended; and without an adapter the same page runs as WebAssembly. gpu_pages.mjs BUILD SOURCE
import assert from "node:assert/strict";
import {spawn, spawnSync} from "node:child_process";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join, resolve} from "node:path";
import {browserPath, findPlaywright, needRuntime, skip} from "./browser.mjs";

const [build, source] = process.argv.slice(2).map((path) => resolve(path));
needRuntime(build);
const playwright = findPlaywright(source);
const folder = mkdtempSync(join(tmpdir(), "cuda-wasm-gpu-pages-"));
process.on("exit", () => rmSync(folder, {recursive: true, force: true}));

writeFileSync(join(folder, "all.cu"), `
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>
#define CHECK(call) do { cudaError_t e = (call); if (e != cudaSuccess) { std::printf("%s: %s\\n", #call, cudaGetErrorString(e)); std::exit(1); } } while (0)
__device__ int calls;
__device__ int table[4] = {10, 20, 30, 40};
__constant__ float factor = 2.0f;
__global__ void saxpy(float *y, const float *x, float a, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) y[i] = a * x[i] + y[i];
    if (i == 0) atomicAdd(&calls, 1);
}
__global__ void scale(float *y, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) y[i] *= factor;
}
__global__ void sum(const float *x, float *out, int n) {
    extern __shared__ float s[];
    float v = 0;
    for (int i = threadIdx.x; i < n; i += blockDim.x) v += x[i];
    s[threadIdx.x] = v;
    for (int k = blockDim.x / 2; k; k /= 2) {
        __syncthreads();
        if (threadIdx.x < k) s[threadIdx.x] += s[threadIdx.x + k];
    }
    if (threadIdx.x == 0) *out = s[0];
}
struct Node { int value; Node *next; };
__global__ void link(Node *nodes, int n) { for (int i = 0; i < n; i++) nodes[i] = Node{i, i + 1 < n ? nodes + i + 1 : nullptr}; }
__global__ void follow(const Node *node, int *sum) { for (*sum = 0; node; node = node->next) *sum += node->value; }
__global__ void recursive(int *out);
__device__ int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
__global__ void recursive(int *out) { out[threadIdx.x] = fib(out[threadIdx.x]) + calls; if (threadIdx.x == 1) calls += 100; }
__global__ void add(int *p, int n, int v) { int i = blockIdx.x * blockDim.x + threadIdx.x; if (i < n) p[i] += v; }
int main(int count, char **words) {
    cudaDeviceProp prop;
    CHECK(cudaGetDeviceProperties(&prop, 0));
    std::fprintf(stderr, "device: %s\\n", prop.name);
    const int n = 100000;
    std::vector<float> x(n), y(n, 1.0f);
    for (int i = 0; i < n; i++) x[i] = i % 100;
    float *dx, *dy, *total;
    CHECK(cudaMalloc(&dx, n * 4)); CHECK(cudaMalloc(&dy, n * 4)); CHECK(cudaMalloc(&total, 4));
    CHECK(cudaMemcpy(dx, x.data(), n * 4, cudaMemcpyHostToDevice));
    CHECK(cudaMemcpy(dy, y.data(), n * 4, cudaMemcpyDefault));
    cudaEvent_t from, to;
    CHECK(cudaEventCreate(&from)); CHECK(cudaEventCreate(&to));
    CHECK(cudaEventRecord(from));
    for (int i = 0; i < 200; i++) saxpy<<<(n + 255) / 256, 256>>>(dy, dx, i < 3 ? 2.0f : 0.0f, n);
    scale<<<(n + 255) / 256, 256>>>(dy, n);
    CHECK(cudaEventRecord(to));
    CHECK(cudaEventSynchronize(to));
    float ms = -1;
    CHECK(cudaEventElapsedTime(&ms, from, to));
    CHECK(cudaMemcpy(y.data(), dy, n * 4, cudaMemcpyDeviceToHost));
    int wrong = 0;
    for (int i = 0; i < n; i++) wrong += y[i] != (1 + 6 * x[i]) * 2;
    std::printf("saxpy: %d wrong, timed %d\\n", wrong, ms >= 0 && ms < 60000);
    sum<<<1, 128, 512>>>(dx, total, n);
    float s; int c; float f = 0.5f; int t[4];
    CHECK(cudaMemcpy(&s, total, 4, cudaMemcpyDeviceToHost));
    CHECK(cudaMemcpyFromSymbol(&c, calls, 4)); CHECK(cudaMemcpyToSymbol(factor, &f, 4)); CHECK(cudaMemcpyFromSymbol(t, table, 16));
    scale<<<(n + 255) / 256, 256>>>(dy, n);
    CHECK(cudaMemcpy(y.data(), dy, 40, cudaMemcpyDeviceToHost));
    std::printf("sum %g, calls %d, scaled %g, table %d\\n", s, c, y[7], t[0] + t[1] + t[2] + t[3]);
    // Bytes: sizes and addresses that are no words.
    unsigned char *b, host[64], back[64];
    CHECK(cudaMalloc(&b, 64));
    for (int i = 0; i < 64; i++) host[i] = i;
    CHECK(cudaMemcpy(b, host, 64, cudaMemcpyHostToDevice));
    CHECK(cudaMemset(b + 3, 0xee, 5)); CHECK(cudaMemcpy(b + 33, b + 1, 9, cudaMemcpyDeviceToDevice)); CHECK(cudaMemcpy(b + 61, host, 3, cudaMemcpyHostToDevice));
    CHECK(cudaMemcpy(back + 1, b + 1, 62, cudaMemcpyDeviceToHost));
    std::printf("bytes %d %d %d %d %d %d\\n", back[2], back[3], back[7], back[8], back[35], back[62]);
    Node *nodes; int *i0;
    CHECK(cudaMalloc(&nodes, 50 * sizeof(Node))); CHECK(cudaMalloc(&i0, 400));
    link<<<1, 1>>>(nodes, 50); follow<<<1, 1>>>(nodes, i0);
    CHECK(cudaMemcpy(&c, i0, 4, cudaMemcpyDeviceToHost));
    std::printf("linked %d\\n", c);
    // Memory that the host uses too.
    int *m, *pinned, *mapped;
    CHECK(cudaMallocManaged(&m, 400));
    for (int i = 0; i < 100; i++) m[i] = i;
    add<<<1, 128>>>(m, 100, 5); add<<<1, 128>>>(m, 100, 5);
    CHECK(cudaDeviceSynchronize());
    m[99] += 1000;
    add<<<1, 128>>>(m, 100, 1);
    CHECK(cudaDeviceSynchronize());
    CHECK(cudaHostAlloc(&pinned, 400, cudaHostAllocMapped)); CHECK(cudaHostGetDevicePointer(&mapped, pinned, 0));
    pinned[3] = 7;
    add<<<1, 128>>>(mapped, 4, 1);
    CHECK(cudaDeviceSynchronize());
    std::printf("managed %d %d, mapped %d\\n", m[0], m[99], pinned[3]);
    // What WGSL can't express runs as WebAssembly, on the same memory; then the GPU goes on.
    int ints[2] = {10, 12};
    CHECK(cudaMemcpy(i0, ints, 8, cudaMemcpyHostToDevice));
    recursive<<<1, 2>>>(i0);
    add<<<1, 32>>>(i0, 2, 1);
    CHECK(cudaMemcpy(ints, i0, 8, cudaMemcpyDeviceToHost));
    saxpy<<<1, 32>>>(dy, dx, 0, n);
    CHECK(cudaMemcpyFromSymbol(&c, calls, 4));
    CHECK(cudaMemcpy(y.data(), dy, 40, cudaMemcpyDeviceToHost));
    std::printf("recursive %d %d, calls %d, kept %g\\n", ints[0], ints[1], c, y[7]);
    add<<<1, 2000>>>(i0, 1, 1);
    std::printf("refused: %s\\n", cudaGetErrorName(cudaGetLastError()));
    void *huge = nullptr;
    std::printf("too much: %s\\n", cudaGetErrorName(cudaMalloc(&huge, 4000000000u)));
    CHECK(cudaFree(dx)); CHECK(cudaFree(dy));
    CHECK(cudaDeviceSynchronize());
    std::printf("done\\n");
}`);
const made = spawnSync(join(build, "bin/cuda-wasm"), ["build", "all.cu", "-o", "all.html"],
    {cwd: folder, encoding: "utf8", env: {...process.env, XDG_CACHE_HOME: join(folder, "cache")}});
assert.equal(made.status, 0, made.stderr);

const WANT = `saxpy: 0 wrong, timed 1
sum 4.95e+06, calls 200, scaled 43, table 100
bytes 2 238 238 8 238 1
linked 1225
managed 11 1110, mapped 8
recursive 256 345, calls 301, kept 43
refused: cudaErrorInvalidConfiguration
too much: cudaErrorMemoryAllocation
done
`;

async function run(isolated, args, device) {
    const server = spawn(process.execPath, [join(source, "web/serve.mjs"), folder, "--port", "0", ...(isolated ? ["--isolate"] : [])], {stdio: ["ignore", "pipe", "inherit"]});
    const browser = await playwright.chromium.launch({executablePath: browserPath, args: ["--headless=new", "--no-sandbox", ...args]});
    try {
        const url = await new Promise((done) => server.stdout.once("data", (data) => done(String(data).trim())));
        const page = await browser.newPage({viewport: {width: 900, height: 820}});
        const faults = [];
        page.on("pageerror", (error) => faults.push(error.message));
        page.on("console", (message) => process.env.VERBOSE && console.log(message.text()));
        await page.goto(`${url}all.html?device=${device}`);
        await page.waitForFunction(() => /Done|Ended|no WebGPU|Error|trapped/.test(document.getElementById("state").textContent), null, {timeout: 120000})
            .catch(() => {});
        const out = await page.evaluate(() => Object.fromEntries(["state", "device", "terminal"].map((id) => [id, document.getElementById(id).textContent])));
        if (process.env.CUDA_WASM_SCREENSHOTS) await page.screenshot({path: join(process.env.CUDA_WASM_SCREENSHOTS, `gpu-page-${isolated}-${device}.png`)});
        assert.deepEqual(faults, []);
        return out;
    } finally {
        await browser.close();
        server.kill();
    }
}

const software = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];
const none = ["--disable-gpu", "--disable-features=WebGPU"];
const printed = (out) => out.terminal.replace(/^device: .*\n/m, "");
for (const isolated of [true, false]) {
    const out = await run(isolated, software, "webgpu");
    if (/no WebGPU device/.test(out.state)) skip(`the browser offers no WebGPU adapter: ${out.state}`);
    assert.equal(printed(out), WANT, JSON.stringify(out));
    assert.match(out.state, /^Done in .* on the GPU through WebGPU \(.*\)\.$/);
    assert.match(out.device, /^recursive runs as WebAssembly, not on the GPU: .*recursion/);
    const name = out.state.match(/WebGPU \((.*)\)/)[1];
    assert.ok(out.terminal.includes(`device: ${name}`), JSON.stringify(out));
    console.log(`${isolated ? "shared memory" : "suspended"}: ${out.state}`);
}
const automatic = await run(true, software, "auto");
// Without a GPU the times are another subject's, and this machine may be busy.
const untimed = (out) => printed(out).replace("timed 0", "timed 1");
assert.equal(untimed(automatic), WANT);
assert.match(automatic.device, /Not on a GPU: the only WebGPU adapter is software/);
const without = await run(false, none, "auto");
assert.equal(untimed(without), WANT);
assert.match(without.state, /on one thread/);
assert.match(without.device, /Not on a GPU: .*(no WebGPU|no adapter)/);
assert.match((await run(true, none, "webgpu")).state, /no WebGPU device/);
console.log("gpu_pages: ok");
process.exit(0);
