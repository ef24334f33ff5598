// SPDX-License-Identifier: Apache-2.0
// Runs a program of `cuda-wasm build -o NAME.mjs` in Node: host code on the first thread, kernels on workers that share the memory.
import fs from "node:fs";
import {availableParallelism} from "node:os";
import {fileURLToPath} from "node:url";
import {Worker, isMainThread, workerData} from "node:worker_threads";
import {compileProgram} from "./engine.js";
import {imports, serve} from "./threads.js";
import {explainHost, isProgramError} from "./lines.js";

// Node says with every program that its WASI is experimental, on stderr, which is the program's.
const {emitWarning} = process;
process.emitWarning = (warning, ...rest) => String(warning).includes("WASI") || emitWarning.call(process, warning, ...rest);
const {WASI} = await import("node:wasi");
process.emitWarning = emitWarning;

const ABORTED = 134; // exit status of a process that aborts
const SPARE = 2; // workers beside those for blocks: for streams that run at the same time

/** Thrown through the program by proc_exit. */
class Exit {
    constructor(status) {
        this.status = status;
    }
}

/** WASI for one thread; all of them have the process's files. Its memory is not an export of the instance. */
function makeWasi(args, memory) {
    const wasi = new WASI({version: "preview1", args, env: process.env, preopens: {".": ".", "/": "/"}});
    wasi.initialize({exports: {memory, _initialize() {}}});
    return {...wasi.wasiImport, proc_exit(status) { throw new Exit(status); }};
}

/** Starts worker `index` for the program that `exports` is an instance of. False if there is no memory for its stack. */
function addWorker(exports, {module, memory, code, args}, index) {
    const stack = exports.cw_thread_stack() >>> 0;
    if (stack === 0) return false;
    new Worker(new URL(import.meta.url), {workerData: {cudaWasm: {module, memory, code, args, index, stack}}}).unref();
    return true;
}

/**
 * @param {{wasm: string, pages: number, code: number}} program written by the build
 * @param {string} url of the module that calls this
 */
export async function run(program, url) {
    const module = await compileProgram(() => WebAssembly.compile(fs.readFileSync(fileURLToPath(new URL(program.wasm, url)))));
    const memory = new WebAssembly.Memory({initial: program.pages, maximum: 65536, shared: true});
    const args = process.argv.slice(1), common = {module, memory, code: program.code, args};
    const processors = Number(process.env.CUDA_WASM_THREADS) || availableParallelism();
    const wasi = makeWasi(args, memory);
    const instance = await WebAssembly.instantiate(module, {
        wasi_snapshot_preview1: wasi,
        env: imports(common, () => instance, (index) => Number(addWorker(instance.exports, common, index))),
    });
    const {exports} = instance;
    let workers = 0;
    if (processors > 1) {
        while (workers < processors - 1 + SPARE && addWorker(exports, common, workers)) workers++;
    }
    exports.cw_threads_begin(workers, processors);
    try {
        exports._start();
        process.exit(0);
    } catch (error) {
        if (error instanceof Exit) process.exit(error.status);
        if (!isProgramError(error)) throw error;
        fs.writeSync(2, `${explainHost(error, module, program.code)}\n`);
        process.exit(ABORTED);
    }
}

async function work(data) {
    let own;
    try {
        await serve(data, makeWasi(data.args, data.memory), (exports) => { own = exports; },
            (index) => Number(addWorker(own, data, index)));
    } catch (error) {
        if (error instanceof Exit) {
            own.cw_threads_end(error.status);
            return;
        }
        fs.writeSync(2, `${isProgramError(error) ? explainHost(error, data.module, data.code) : error.stack}\n`);
        process.kill(process.pid, "SIGABRT"); // the first thread may not come to where it would see that it must end
    }
}

if (!isMainThread && workerData?.cudaWasm) await work(workerData.cudaWasm);
