// SPDX-License-Identifier: Apache-2.0
// The worker of a page: runs a WASI program, and tells the page what it prints and writes. Where there is a GPU, kernels run on it: a
// worker of its own has it when memory can be shared, else this one, which suspends the program meanwhile.
import {compileProgram} from "./engine.js";
import {Folder, walk} from "./files.js";
import {ProgramGpu} from "./gpu_program.js";
import {explainHost, isProgramError} from "./lines.js";
import {imports, serve} from "./threads.js";
import {Exit, Wasi} from "./wasi.js";

const SPARE = 2; // workers beside those for blocks: for streams that run at the same time
const PICTURE = /\.(p[bgpn]m|png|jpe?g|gif|bmp|webp|svg)$/i;

async function fetchModule(url) {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
    // Servers that don't know .wasm send another type, which streaming refuses.
    return /^application\/wasm\b/.test(response.headers.get("content-type") ?? "")
        ? WebAssembly.compileStreaming(response)
        : WebAssembly.compile(await response.arrayBuffer());
}

/** Processors that kernels may use; workers can share memory only in pages that are cross-origin isolated. */
const processors = () => (globalThis.crossOriginIsolated === true ? navigator.hardwareConcurrency || 1 : 1);

/** Why a program ended early, for people. */
function explain(error, module, code) {
    return isProgramError(error) ? explainHost(error, module, code) : `${error.name}: ${error.message}`;
}

/** Posts messages with a number each, by which the page puts what several threads say in order. */
function numbered(post, counter) {
    return (message) => post(counter ? {...message, number: Atomics.add(counter, 0, 1)} : message);
}

/** Starts a worker of this file that serves as a thread. What it prints and how it fails goes to the page by a channel of its own. */
function addWorker(start, exports) {
    const stack = exports.cw_thread_stack() >>> 0;
    if (stack === 0) return undefined;
    const worker = new Worker(new URL(import.meta.url), {type: "module"});
    const {port1, port2} = new MessageChannel();
    postMessage({port: port1}, [port1]);
    return new Promise((resolve, reject) => {
        worker.onmessage = () => resolve(worker);
        worker.onerror = (event) => reject(new Error(event.message || "a worker can't be started"));
        worker.postMessage({thread: {...start, stack}, port: port2}, [port2]);
    });
}

/** A worker's life. It has no files: those are the first thread's. */
async function work(start, port) {
    const say = numbered((message) => port.postMessage(message), start.counter);
    const wasi = new Wasi({args: [], root: null, write: (stream, bytes) => say({write: {stream, bytes}})});
    wasi.memory = start.memory;
    try {
        await serve(start, wasi.imports(), () => postMessage({ready: true}));
    } catch (error) {
        say(error instanceof Exit ? {exit: error.status} : {error: explain(error, start.module, start.code)});
    }
}

/** The life of the worker that has the GPU. */
async function workOnGpu({memory, block, wanted}, port) {
    const {gpu, why} = await ProgramGpu.open(memory, wanted, (text) => port.postMessage({note: text}));
    if (gpu) gpu.begin(block, false);
    postMessage({name: gpu?.name, why});
    if (gpu) await gpu.serveForever();
}

/** A worker with the GPU, or why there is none. @returns {Promise<{name?: string, why?: string}>} */
function addGpuWorker(start) {
    const worker = new Worker(new URL(import.meta.url), {type: "module"});
    const {port1, port2} = new MessageChannel();
    postMessage({port: port1}, [port1]);
    return new Promise((resolve) => {
        worker.onmessage = ({data}) => {
            if (data.why) worker.terminate();
            resolve(data);
        };
        worker.onerror = (event) => resolve({why: event.message || "a worker can't be started"});
        worker.postMessage({gpu: start, port: port2}, [port2]);
    });
}

/** @returns {Promise<{name?: string, why?: string, own?: ProgramGpu}>} the GPU for the program; `own` when this worker has it */
async function findGpu(program, memory, block, note) {
    if (program.device === "cpu") return {why: "the page was asked for none"};
    const wanted = program.device === "webgpu" ? "webgpu" : "auto";
    if (globalThis.crossOriginIsolated) return addGpuWorker({memory, block, wanted});
    if (typeof WebAssembly.Suspending !== "function") return {why: "this page is not cross-origin isolated, and this browser can't suspend WebAssembly"};
    const {gpu, why} = await ProgramGpu.open(memory, wanted, note);
    if (gpu) gpu.begin(block, true);
    return {name: gpu?.name, why, own: gpu};
}

async function runProgram(program) {
    const count = processors(), root = new Folder(), sent = new Map();
    const counter = count > 1 ? new Int32Array(new SharedArrayBuffer(4)) : undefined;
    const say = numbered((message) => postMessage(message), counter);
    /** New and changed files; pictures while the program runs, everything at its end. */
    function send(which) {
        for (const [path, file] of walk(root)) {
            if (sent.get(path) === file.changed || !which.test(path)) continue;
            sent.set(path, file.changed);
            say({file: {path, bytes: file.contents()}});
        }
    }
    const wasi = new Wasi({
        args: [program.name, ...program.args],
        root,
        write: (stream, bytes) => say({write: {stream, bytes}}),
        closed: () => send(PICTURE),
    });
    let message, module;
    try {
        module = await compileProgram(() => fetchModule(program.wasm));
        const memory = new WebAssembly.Memory({initial: program.pages, maximum: 65536, shared: true});
        const start = {module, memory, code: program.code, counter};
        let gpu;
        const serve = typeof WebAssembly.Suspending === "function" ? new WebAssembly.Suspending(() => gpu.own.serve()) : undefined;
        const instance = await WebAssembly.instantiate(module, {
            wasi_snapshot_preview1: wasi.imports(), env: imports(start, () => instance, undefined, serve),
        });
        const {exports} = instance, workers = [];
        wasi.memory = memory;
        gpu = await findGpu(program, memory, exports.cw_gpu_block() >>> 0, (text) => say({note: text}));
        if (program.device === "webgpu" && !gpu.name) throw new Error(`no WebGPU device: ${gpu.why}`);
        if (count > 1) {
            for (let index = 0; index < count - 1 + SPARE; index++) workers.push(addWorker({...start, index}, exports));
        }
        exports.cw_threads_begin((await Promise.all(workers)).filter(Boolean).length, count);
        const cpu = count > 1 ? `${count} threads` : globalThis.crossOriginIsolated ? "one thread" : "one thread, as this page is not cross-origin isolated";
        const where = gpu.name ? `the GPU through WebGPU (${gpu.name})` : cpu;
        say({running: gpu.name ? where : `WebAssembly on ${cpu}`, why: gpu.why});
        try {
            if (gpu.own) await WebAssembly.promising(exports._start)();
            else exports._start();
            message = {exit: 0, where};
        } catch (error) {
            if (!(error instanceof Exit)) throw error;
            message = {exit: error.status, where};
        }
    } catch (error) {
        message = {error: explain(error, module, program.code)};
    }
    send(/^/);
    say(message);
}

onmessage = ({data}) => (data.thread ? work(data.thread, data.port) : data.gpu ? workOnGpu(data.gpu, data.port) : runProgram(data));
