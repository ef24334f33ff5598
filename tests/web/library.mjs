// SPDX-License-Identifier: Apache-2.0
// Kernels as JavaScript functions, from `cuda-wasm build --lib` to results, in Node: library.mjs BUILD SOURCE
import assert from "node:assert/strict";
import {execFileSync, spawnSync} from "node:child_process";
import {existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join, resolve} from "node:path";
import {pathToFileURL} from "node:url";

const [build, source] = process.argv.slice(2).map((path) => resolve(path));
if (!existsSync(join(build, "lib/cuda-wasm/wasm/libcudawasm-library.a"))) {
    console.log("skipped: the runtime for WebAssembly was not built (wasi-libc is not installed)");
    process.exit(77);
}
const folder = mkdtempSync(join(tmpdir(), "cuda-wasm-web-"));
process.on("exit", () => rmSync(folder, {recursive: true, force: true}));

/** Runs the tool; its result and output. */
function tool(...words) {
    return spawnSync(join(build, "bin/cuda-wasm"), words, {cwd: folder, encoding: "utf8", env: {...process.env, XDG_CACHE_HOME: join(folder, "cache")}});
}

async function library(name, text, ...options) {
    writeFileSync(join(folder, `${name}.cu`), text);
    const {status, stderr} = tool("build", "--lib", ...options, `${name}.cu`, "-o", name);
    assert.equal(status, 0, stderr);
    const loaded = await import(pathToFileURL(join(folder, name, `${name}.js`)));
    return {...loaded, stderr, size: statSync(join(folder, name, `${name}.wasm`)).size};
}

function refused(name, text, pattern) {
    writeFileSync(join(folder, `${name}.cu`), text);
    const {status, stderr} = tool("build", "--lib", `${name}.cu`, "-o", name);
    assert.notEqual(status, 0);
    assert.match(stderr, pattern);
    assert.ok(!existsSync(join(folder, name)), "nothing is left of a refused library");
}

const ADD = `extern "C" __global__ void vectorAdd(const float *a, const float *b, float *c, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) c[i] = a[i] + b[i];
}`;

const KERNELS = `
#include <cstdio>
#include <cassert>
struct Line { float slope; int offset[2]; };
__constant__ float factors[4];
__device__ int counter;
__global__ void line(float *out, Line l, bool negate, double scale, long long big, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) out[i] = (negate ? -1 : 1) * (float)(scale * (l.slope * i + l.offset[0] - l.offset[1]) + (double)(big >> 40));
}
template <typename T> __global__ void scale(T *data, int n) { int i = threadIdx.x; if (i < n) data[i] *= (T)factors[i % 4]; }
template __global__ void scale<double>(double *, int);
template __global__ void scale<int>(int *, int);
__global__ void overload(int *p) { *p = 1; }
__global__ void overload(float *p) { *p = 2; }
__global__ void sums(const int *in, int *out, int n) {
    __shared__ int tile[256];
    extern __shared__ int more[];
    int i = blockIdx.x * blockDim.x + threadIdx.x, t = threadIdx.x;
    tile[t] = i < n ? in[i] : 0;
    more[t] = t;
    __syncthreads();
    for (int step = blockDim.x / 2; step > 0; step /= 2) {
        if (t < step) tile[t] += tile[t + step];
        __syncthreads();
    }
    int sum = __shfl_sync(~0u, tile[0], 0);
    if (t == 0) { out[blockIdx.x] = sum; atomicAdd(&counter, more[blockDim.x - 1]); }
}
__global__ void tell(const char *, int value) { printf("block %d of %d says %d and %s\\n", blockIdx.x, gridDim.x, value, "hello"); }
__global__ void check(int n) { assert((int)threadIdx.x < n); }
__global__ void array(float4 *p) { p[threadIdx.x].y = threadIdx.x; }
__global__ void wild(int *p) { *p = 1; }
__global__ void __launch_bounds__(64) bounded(int *p) { *p = blockDim.x; }
`;

async function results(load, threads) {
    const printed = [];
    const k = await load({threads, print: (text) => printed.push(text)});
    assert.equal(k.threads, threads);
    const out = k.array(Float32Array, 1000);
    await k.line({grid: 4, block: {x: 256}}, out, {slope: 0.5, offset: [3, 1]}, true, 2, 5n << 40n, 1000);
    assert.deepEqual(await out.read(), Float32Array.from({length: 1000}, (_, i) => -(2 * (0.5 * i + 2) + 5)));

    await k.variable("factors", Float32Array).write([1, 2, 3, 4]);
    const doubles = k.array(Float64Array.from([1, 1, 1, 1, 10])), ints = k.array(Int32Array.from([5, 5]));
    await k.scale_double({grid: 1, block: 5}, doubles, 5);
    await k.scale_int({grid: 1, block: 2}, ints, 2);
    assert.deepEqual([...await doubles.read(), ...await ints.read()], [1, 2, 3, 4, 10, 5, 10]);

    const one = k.array(Int32Array, 1), two = k.array(Float32Array, 1);
    await k.overload({grid: 1, block: 1}, one);
    await k.overload_2({grid: 1, block: 1}, two);
    assert.deepEqual([(await one.read())[0], (await two.read())[0]], [1, 2]);

    const n = 100000, host = Int32Array.from({length: n}, (_, i) => i % 1000);
    const input = k.array(host), blocks = Math.ceil(n / 256), partial = k.array(Int32Array, blocks);
    k.sums({grid: [blocks, 1, 1], block: 256, shared: 1024}, input, partial, n); // in order: nobody needs to wait in between
    const sums = await partial.read();
    assert.equal(sums.reduce((a, b) => a + b), host.reduce((a, b) => a + b));
    assert.deepEqual([...await k.variable("counter", Int32Array).read()], [255 * blocks]);

    await k.tell({grid: 3, block: 1}, null, 7);
    await k.synchronize();
    const lines = () => printed.join("").split("\n").length - 1;
    for (const end = Date.now() + 10000; lines() < 3 && Date.now() < end;) await new Promise((done) => setTimeout(done, 5));
    assert.deepEqual(printed.join("").split("\n").sort().slice(1), [0, 1, 2].map((b) => `block ${b} of 3 says 7 and hello`));

    const floats = k.array(new Float32Array(16)), used = k.memory().used;
    await k.array_({grid: 1, block: 4}, floats);
    assert.deepEqual([...await floats.read()].filter((_, i) => i % 4 === 1), [0, 1, 2, 3]);
    await k.wild({grid: 1, block: 1}, input.address + 4);
    assert.equal((await input.read())[1], 1);
    await floats.free();
    assert.ok(k.memory().used < used);

    // Mistakes are told at once, and leave everything as it was.
    assert.throws(() => k.line({grid: 1, block: 1}, out), {cudaName: "cudaErrorInvalidValue", kernel: "line", message: /1 arguments, and it takes 6/});
    assert.throws(() => k.wild({grid: 1, block: 1025}, one), {cudaName: "cudaErrorInvalidConfiguration"});
    assert.throws(() => k.bounded({grid: 1, block: 65}, one), {cudaName: "cudaErrorLaunchOutOfResources", message: /65 threads, and 64 are possible/});
    assert.throws(() => k.wild({grid: 1, block: 1}, out), /it holds Float32Array, and int is Int32Array/);
    assert.throws(() => k.wild({grid: 1, block: 1}, host), /put it on the device first/);
    assert.throws(() => k.array_({grid: 1, block: 1}, floats), /the array was freed/);
    assert.throws(() => k.variable("nothing"), /there is no variable nothing; there are: factors, counter|counter, factors/);
    await k.synchronize();

    // Faults stay until reset().
    await assert.rejects(k.check({grid: 2, block: 8}, 5), {cudaName: "cudaErrorAssert", kernel: "check", message: /assertion `\(int\)threadIdx\.x < n` failed/});
    await assert.rejects(out.read(), {cudaName: "cudaErrorAssert"});
    await k.reset();
    await assert.rejects(k.wild({grid: 2, block: 1}, 0xfffffff0), {cudaName: "cudaErrorIllegalAddress"});
    await k.reset();
    await k.wild({grid: 1, block: 1}, one);
    assert.equal((await one.read())[0], 1);
    k.close();
    await assert.rejects(k.wild({grid: 1, block: 1}, one), {cudaName: "cudaErrorContextIsDestroyed"});
}

// A small module is small.
const add = await library("add", ADD);
assert.ok(add.size < 20000, `vector add has ${add.size} bytes`);
assert.match(readFileSync(join(folder, "add/add.d.ts"), "utf8"),
    /vectorAdd\(launch: Launch, a: Pointer<Float32Array>, b: Pointer<Float32Array>, c: Pointer<Float32Array>, n: number\): Promise<void>;/);

const {load, stderr} = await library("kernels", KERNELS);
assert.match(stderr, /the kernel scale<double> is the function scale_double/);
assert.match(stderr, /the kernel array is the function array_/);
for (const threads of [1, 2]) await results(load, threads);

// A debug build names the line of a trap.
const debug = await library("debug", `__global__ void store(int *p) {
    int i = threadIdx.x;
    p[i] = 1;
}`, "-g");
for (const threads of [1, 2]) {
    const k = await debug.load({threads, device: "cpu"});
    await assert.rejects(k.store({grid: 2, block: 1}, 0xfffffff0), /store: trap: .* at .*debug\.cu:3 \(cudaErrorIllegalAddress\)/);
    k.close();
}

// The package, from its tarball in an empty project.
if (spawnSync("npm", ["--version"]).status !== 0) {
    console.log("npm is not installed: the package was not tried");
} else {
    usePackage();
}

function usePackage() {
    const pack = execFileSync("npm", ["pack", "--silent", join(source, "web")], {cwd: folder, encoding: "utf8"}).trim();
    writeFileSync(join(folder, "package.json"), '{"type": "module"}');
    execFileSync("npm", ["install", "--silent", "--offline", "--no-audit", "--no-fund", join(folder, pack)], {cwd: folder});
    const runtime = readdirSync(join(folder, "node_modules/cuda-wasm/src"));
    assert.ok(runtime.includes("index.js") && runtime.includes("worker.js"));
    writeFileSync(join(folder, "use.mjs"), `import {loadKernels, CudaError} from "cuda-wasm";
import {readFileSync} from "node:fs";
const table = JSON.parse(/const table = (.*);/.exec(readFileSync("add/add.js", "utf8"))[1]);
const k = await loadKernels(table, readFileSync("add/add.wasm"), {threads: 1});
const a = k.array(Float32Array.from([1, 2])), c = k.array(Float32Array, 2);
await k.vectorAdd({grid: 1, block: 32}, a, a, c, 2);
console.log([...await c.read()].join(), new CudaError(1, "x").cudaName);`);
    assert.equal(execFileSync(process.execPath, ["use.mjs"], {cwd: folder, encoding: "utf8"}), "2,4 cudaErrorInvalidValue\n");
}

// Refusals.
refused("heap", `__global__ void k(int **p) { *p = (int *)malloc(4); }`, /heap\.cu: the kernels use malloc or new.*whole program/);
refused("textured", `__global__ void k(float *p, cudaTextureObject_t t) { *p = tex2D<float>(t, 0, 0); }`, /the kernels use textures/);
refused("empty", `__device__ int x;`, /has no kernels/);
refused("broken", `__global__ void k( {`, /broken\.cu:1:\d+: error/);
assert.match(tool("build", "--lib", "add.cu", "kernels.cu", "-o", "both").stderr, /--lib takes one CUDA source/);
console.log("libraries: ok");
