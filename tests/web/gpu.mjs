// SPDX-License-Identifier: Apache-2.0
// Libraries of kernels on WebGPU, in a browser whose adapter is software (SwiftShader), and in one without any. gpu.mjs BUILD SOURCE
import assert from "node:assert/strict";
import {spawn, spawnSync} from "node:child_process";
import {cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join, resolve} from "node:path";
import {browserPath, findPlaywright, needRuntime, skip} from "./browser.mjs";

const [build, source] = process.argv.slice(2).map((path) => resolve(path));
needRuntime(build);
const playwright = findPlaywright(source);

const folder = mkdtempSync(join(tmpdir(), "cuda-wasm-gpu-"));
process.on("exit", () => rmSync(folder, {recursive: true, force: true}));

function compile(...words) {
    const {status, stderr} = spawnSync(join(build, "bin/cuda-wasm"), words,
        {cwd: folder, encoding: "utf8", env: {...process.env, XDG_CACHE_HOME: join(folder, "cache")}});
    assert.equal(status, 0, stderr);
}

writeFileSync(join(folder, "k.cu"), `
__device__ int calls;
__device__ float weights[3] = {1, 2, 3};
__constant__ float factor = 2.0f;
__global__ void saxpy(float *y, const float *x, float a, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) y[i] = a * x[i] + y[i];
    if (i == 0) atomicAdd(&calls, 1);
}
__global__ void scale(float *y, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) y[i] *= factor * weights[2];
}
__global__ void bytes(unsigned char *out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) out[i] = i * 3;
}
__global__ void sum(const float *x, float *out, int n) {
    extern __shared__ float s[];
    int t = threadIdx.x;
    float v = 0;
    for (int i = blockIdx.x * blockDim.x + t; i < n; i += gridDim.x * blockDim.x) v += x[i];
    s[t] = v;
    for (int k = blockDim.x / 2; k; k /= 2) {
        __syncthreads();
        if (t < k) s[t] += s[t + k];
    }
    if (!t) out[blockIdx.x] = s[0];
}
struct Node { int value; Node *next; };
__global__ void link(Node *nodes, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) { nodes[i].value = i; nodes[i].next = i + 1 < n ? nodes + i + 1 : nullptr; }
}
__global__ void follow(const Node *nodes, int *sum) {
    *sum = 0;
    for (const Node *node = nodes; node; node = node->next) *sum += node->value;
}
__global__ void lanes(int *out) { out[threadIdx.x] = __shfl_xor_sync(~0u, (int)threadIdx.x, 5) + __popc(__ballot_sync(~0u, threadIdx.x & 1)); }
__global__ void prints(float *y) { printf("y is %g\\n", y[threadIdx.x]); if (threadIdx.x == 0) { y[0] += 1; calls += 10; } }
`);
compile("build", "--lib", "k.cu", "-o", "k");
writeFileSync(join(folder, "index.html"), "<!doctype html><title>kernels</title>");

const server = spawn(process.execPath, [join(source, "web/serve.mjs"), folder, "--port", "0"], {stdio: ["ignore", "pipe", "inherit"]});
process.on("exit", () => server.kill());
const url = await new Promise((done) => server.stdout.once("data", (data) => done(String(data).trim())));

/** Runs in the page; `device` is the option of load(). */
async function work(device) {
    const notes = [], printed = [];
    const {load} = await import("/k/k.js");
    const k = await load({device, log: (text) => notes.push(text), print: (text) => printed.push(text)});
    const out = {device: k.device, notes, printed};
    const n = 100000, x = Float32Array.from({length: n}, (_, i) => i % 100), y = k.array(new Float32Array(n).fill(1)), dx = k.array(x);
    for (let i = 0; i < 3; i++) k.saxpy({grid: 391, block: 256}, y, dx, 2, n); // not awaited: they run in order
    k.scale({grid: 391, block: 256}, y, n);
    const got = await y.read();
    out.saxpy = got.every((value, i) => value === (1 + 6 * x[i]) * 6);
    out.calls = [...await k.variable("calls", Int32Array).read()];
    await k.variable("factor", Float32Array).write([0.5]);
    await k.scale({grid: 391, block: 256}, y, n);
    out.scaled = (await y.read())[7] === (1 + 42) * 9;
    const b = k.array(new Uint8Array(1003));
    await k.bytes({grid: 4, block: 256}, b, 1001);
    out.bytes = (await b.read()).every((value, i) => value === (i < 1001 ? i * 3 % 256 : 0));
    await b.write(new Uint8Array([9, 9, 9]));
    out.rest = [...(await b.read()).slice(0, 5)];
    const sums = k.array(Float32Array, 4);
    await k.sum({grid: 4, block: 128, shared: 512}, dx, sums, n);
    out.sum = (await sums.read()).reduce((a, v) => a + v);
    const nodes = k.array(Uint8Array, 8 * 50), total = k.array(Int32Array, 1);
    k.link({grid: 1, block: 64}, nodes, 50);
    await k.follow({grid: 1, block: 1}, nodes, total);
    out.linked = (await total.read())[0];
    const lanes = k.array(Int32Array, 64);
    await k.lanes({grid: 1, block: 64}, lanes);
    out.lanes = (await lanes.read()).every((value, i) => value === (i ^ 5) + 16);
    // A grid beyond 65,535 groups.
    await k.saxpy({grid: 70000, block: 1}, y, dx, 0, 1);
    await k.prints({grid: 1, block: 2}, y);
    await k.prints({grid: 1, block: 1}, y);
    out.before = (await y.read())[0];
    await k.saxpy({grid: 391, block: 256}, y, dx, 1, n);
    out.after = (await y.read())[1];
    out.callsAfter = [...await k.variable("calls", Int32Array).read()];
    const time = await k.time(() => { for (let i = 0; i < 10; i++) k.saxpy({grid: 391, block: 256}, y, dx, 1, n); });
    out.timed = time.milliseconds >= 0 && time.by;
    out.wrong = await (async () => k.saxpy({grid: 1, block: 2000}, y, dx, 1, n))().catch((error) => error.cudaName);
    await y.free();
    k.close();
    return out;
}

async function run(args, device) {
    const browser = await playwright.chromium.launch({executablePath: browserPath, args: ["--headless=new", "--no-sandbox", ...args]});
    try {
        const page = await browser.newPage();
        page.on("console", (message) => process.env.VERBOSE && console.log(message.text()));
        await page.goto(url);
        return await page.evaluate(`(${work})(${JSON.stringify(device)}).catch((error) => ({error: String(error.message), stack: error.stack}))`);
    } finally {
        await browser.close();
    }
}

function check(out) {
    const results = {saxpy: true, calls: [3], scaled: true, bytes: true, rest: [9, 9, 9, 9, 12], sum: 4950000, linked: 1225, lanes: true, before: 11, after: 64, wrong: "cudaErrorInvalidConfiguration"};
    for (const [name, want] of Object.entries(results)) assert.deepEqual(out[name], want, `${name}: ${JSON.stringify(out)}`);
    assert.deepEqual(out.callsAfter, [25]);
    assert.equal(out.printed.join(""), out.printed.join("").match(/^y is \S+\ny is \S+\ny is \S+\n$/)?.[0], JSON.stringify(out.printed));
}

const software = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];
const none = ["--disable-gpu", "--disable-features=WebGPU"];
const onGpu = await run(software, "webgpu");
if (/no adapter|no WebGPU/.test(onGpu.error ?? "")) skip(`the browser offers no WebGPU adapter: ${onGpu.error}`);
assert.equal(onGpu.error, undefined, onGpu.stack);
assert.equal(onGpu.device.kind, "webgpu");
check(onGpu);
assert.equal(onGpu.notes.length, 1, JSON.stringify(onGpu.notes));
assert.match(onGpu.notes[0], /^prints runs as WebAssembly, not on the GPU: .*printf/);
assert.equal(typeof onGpu.timed, "string");

const automatic = await run(software, "auto");
assert.equal(automatic.error, undefined, automatic.stack);
assert.equal(automatic.device.kind, "cpu");
assert.match(automatic.device.why, /software/);
check(automatic);

const without = await run(none, "auto");
assert.equal(without.device.kind, "cpu");
assert.match(without.device.why, /no WebGPU|no adapter/);
check(without);
assert.match((await run(none, "webgpu")).error, /no (WebGPU|adapter)/);

// Modules of `transpile --js`: typed bindings, variables, shared memory, one heap buffer where pointers are in memory.
writeFileSync(join(folder, "plain.cu"), readFileSync(join(folder, "k.cu"), "utf8").replace(/__global__ void prints.*\n/, ""));
compile("transpile", "--to", "wgsl", "--js", "plain.cu", "-o", "plain.wgsl");
async function transpiled() {
    const k = await (await import("/plain.js")).load(), out = {};
    const n = 5000, x = Float32Array.from({length: n}, (_, i) => i % 10), y = new Float32Array(n).fill(1);
    await k.saxpy({grid: 20, block: 256}, y, x, 2, n);
    out.saxpy = y.every((value, i) => value === 1 + 2 * (i % 10));
    await k.scale({grid: 20, block: 256}, y, n);
    out.scale = y[9] === 19 * 6;
    const kept = k.buffer(y);
    await k.saxpy({grid: 20, block: 256}, kept, x, -1, n);
    out.kept = (await k.read(kept, new Float32Array(n)))[9] === 19 * 6 - 9;
    const sums = new Float32Array(4);
    await k.sum({grid: 4, block: 128, shared: 512}, x, sums, n);
    out.sum = sums.reduce((a, v) => a + v) === 22500;
    out.refused = await k.saxpy({grid: 1, block: 1}, y).catch((error) => error.message);
    out.lanes = await k.lanes({grid: 1, block: 64}, new Int32Array(64)).catch((error) => error.message);
    const b = new Uint8Array(1000);
    await k.bytes({grid: 4, block: 256}, b, 999);
    out.bytes = b.every((value, i) => value === (i < 999 ? i * 3 % 256 : 0));
    return out;
}
{
    const browser = await playwright.chromium.launch({executablePath: browserPath, args: ["--headless=new", "--no-sandbox", ...software]});
    const page = await browser.newPage();
    await page.goto(url);
    const out = await page.evaluate(`(${transpiled})().catch((error) => ({error: error.stack}))`);
    assert.deepEqual(out, {saxpy: true, scale: true, kept: true, sum: true, refused: "saxpy: 1 arguments, and the kernel has 4", bytes: true, lanes: "lanes: its warps are subgroups of 32 lanes, and this adapter's are not (build --lib has another way)"});
    await browser.close();
}

// The example site says what runs.
cpSync(join(source, "examples/web"), folder, {recursive: true, filter: (path) => !path.endsWith("examples/web/kernels")});
compile("build", "--lib", "kernels.cu", "-o", "kernels");
{
    const browser = await playwright.chromium.launch({executablePath: browserPath, args: ["--headless=new", "--no-sandbox", ...software]});
    const page = await browser.newPage({viewport: {width: 900, height: 820}});
    const says = (id, pattern) => page.waitForFunction(([name, text]) => new RegExp(text).test(document.getElementById(name).textContent), [id, pattern.source], {timeout: 120000})
        .catch(async () => assert.fail(`${id} says "${await page.textContent(`#${id}`)}", not ${pattern}`));
    await page.goto(`${url}?device=webgpu`);
    await says("machine", /on the GPU through WebGPU \(.*\)/);
    await says("picture-time", /640 × 400 elements in/);
    const [r, g, b, a] = await page.evaluate(() => [...document.getElementById("picture-canvas").getContext("2d").getImageData(320, 200, 1, 1).data]);
    assert.ok(r + g + b > 0 && a === 255, "the picture is painted");
    await page.click("#tab-bodies");
    await says("bodies-time", /million attractions a second/);
    await page.click("#machine a");
    await says("machine", /as WebAssembly on one thread/);
    if (process.env.CUDA_WASM_SCREENSHOTS) await page.screenshot({path: join(process.env.CUDA_WASM_SCREENSHOTS, "device.png")});
    await browser.close();
}
console.log(`gpu: ok (${onGpu.device.name}; time by ${onGpu.timed})`);
process.exit(0);
