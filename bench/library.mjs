#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// Kernels as JavaScript functions, in Node: how large a module is, how long loading and launching take, and what a second thread
// brings. node bench/library.mjs [BUILD FOLDER]
import {execFileSync} from "node:child_process";
import {mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join, resolve} from "node:path";
import {fileURLToPath, pathToFileURL} from "node:url";

const source = dirname(dirname(fileURLToPath(import.meta.url)));
const build = resolve(process.argv[2] ?? join(source, "build"));
const folder = mkdtempSync(join(tmpdir(), "cuda-wasm-bench-"));
process.on("exit", () => rmSync(folder, {recursive: true, force: true}));

writeFileSync(join(folder, "add.cu"), `extern "C" __global__ void vectorAdd(const float *a, const float *b, float *c, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) c[i] = a[i] + b[i];
}`);
writeFileSync(join(folder, "page.cu"), readFileSync(join(source, "examples/web/kernels.cu")));
for (const name of ["add", "page"]) execFileSync(join(build, "bin/cuda-wasm"), ["build", "--lib", `${name}.cu`, "-o", name], {cwd: folder, stdio: "inherit"});
const library = async (name) => (await import(pathToFileURL(join(folder, name, `${name}.js`)))).load;

const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];
async function samples(count, work) {
    const times = [];
    for (let i = 0; i < count; i++) {
        const began = performance.now();
        await work();
        times.push(performance.now() - began);
    }
    return median(times);
}
const row = (what, value, unit) => console.log(`${what.padEnd(58)} ${value.padStart(9)} ${unit}`);

row("module, vector add", String(statSync(join(folder, "add/add.wasm")).size), "bytes");
row("module, the example page's seven kernels", String(statSync(join(folder, "page/page.wasm")).size), "bytes");

const load = await library("add"), module = await WebAssembly.compile(readFileSync(join(folder, "add/add.wasm")));
row("loading from the file, one thread", (await samples(20, async () => (await load({threads: 1})).close())).toFixed(2), "ms");
row("the same of a compiled module", (await samples(20, async () => (await load({threads: 1, wasm: module})).close())).toFixed(2), "ms");
for (const threads of [1, 2]) {
    const k = await load({threads});
    const a = k.array(new Float32Array(64)), c = k.array(Float32Array, 64);
    const launch = () => k.vectorAdd({grid: 2, block: 32}, a, a, c, 64);
    await samples(3000, launch);
    row(`a launch of two blocks that is waited for, ${threads} thread${threads > 1 ? "s" : ""}`, (1000 * await samples(3000, launch)).toFixed(1), "us");
    k.close();
}

const bodies = 8192, times = {};
for (const threads of [1, 2]) {
    const k = await (await library("page"))({threads});
    const from = k.array(new Float32Array(4 * bodies).map((_, i) => Math.sin(i))), to = k.array(Float32Array, 4 * bodies);
    const velocities = k.array(new Float32Array(4 * bodies));
    const step = () => k.attract({grid: bodies / 64, block: 64}, from, to, velocities, bodies, 0.01);
    await samples(10, step);
    times[threads] = await samples(30, step);
    row(`${bodies} bodies, a step, ${threads} thread${threads > 1 ? "s" : ""}`, times[threads].toFixed(2), "ms");
    k.close();
}
row("efficiency of two threads", (times[1] / times[2] / 2).toFixed(2), "");
process.exit(0);
