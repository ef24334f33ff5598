// SPDX-License-Identifier: Apache-2.0
// Workers that share the module's memory and run the blocks of a launch side by side.
import {JOB_BYTES, MESSAGE, WORD, WORKERS_MAX} from "./job.js";

const STACK_BYTES = 256 * 1024;
const onNode = Boolean(globalThis.process?.versions?.node);

/** Whether workers can share memory here: browsers want the page to be cross-origin isolated for that. */
export function threadsPossible() {
    return typeof SharedArrayBuffer === "function" && (onNode || globalThis.crossOriginIsolated === true) &&
        (onNode || typeof Worker === "function");
}

export async function processors() {
    if (!onNode) return navigator.hardwareConcurrency || 1;
    return (await import("node:os")).availableParallelism();
}

async function start(data, hear) {
    const url = new URL("./worker.js", import.meta.url);
    if (onNode) {
        const {Worker: NodeWorker} = await import("node:worker_threads");
        const worker = new NodeWorker(url, {workerData: data});
        worker.unref();
        worker.on("message", hear);
        worker.on("error", (error) => hear({error}));
        return worker;
    }
    const worker = new Worker(url, {type: "module"});
    worker.onmessage = ({data: message}) => hear(message);
    worker.onerror = (event) => hear({error: new Error(event.message || "a worker can't be started")});
    worker.postMessage(data);
    return worker;
}

export class Pool {
    static async create(device, module, count) {
        const pool = new Pool(device, Math.min(count, WORKERS_MAX));
        await pool.#start(module);
        return pool;
    }

    constructor(device, count) {
        this.device = device;
        this.count = count;
        this.workers = [];
        this.finish = () => {};
        this.job = device.heap.allocate(JOB_BYTES);
        this.scratch = Array.from({length: count}, () => ({at: 0, size: 0}));
    }

    get words() {
        return new Int32Array(this.device.memory.buffer, this.job, MESSAGE / 4);
    }

    async #start(module) {
        const {heap, memory, exports} = this.device;
        const tlsBytes = exports.__tls_size?.value ?? 0;
        const ready = [];
        for (let index = 0; index < this.count; index++) {
            const data = {
                module, memory, code: this.device.table.code, index, job: this.job,
                stack: heap.allocate(STACK_BYTES) + STACK_BYTES,
                tls: tlsBytes ? heap.allocate(tlsBytes) : 0,
            };
            ready.push(new Promise((resolve, reject) => {
                const hear = (message) => {
                    if (message.print !== undefined) this.device.print(message.print);
                    if (message.ready) resolve();
                    if (message.done !== undefined) this.finish(message.done);
                    if (message.error) {
                        reject(message.error);
                        this.finish(undefined, message.error);
                    }
                };
                start(data, hear).then((worker) => this.workers.push(worker), reject);
            }));
        }
        await Promise.all(ready);
    }

    /** Fills in the launch, wakes the workers, and resolves when the last of them is done. */
    async run(launch, scratchBytes) {
        for (const piece of this.scratch) {
            if (piece.size < scratchBytes) {
                if (piece.size) this.device.heap.release(piece.at);
                piece.size = 0;
                piece.at = this.device.heap.allocate(scratchBytes);
                piece.size = scratchBytes;
            }
        }
        const words = this.words;
        words.set([launch.kernel, launch.params, ...launch.grid, ...launch.block, launch.shared], WORD.kernel);
        this.scratch.forEach((piece, i) => { words[WORD.scratch + i] = piece.at; });
        words[WORD.error] = words[WORD.length] = words[WORD.counter] = 0;
        Atomics.store(words, WORD.pending, this.count);
        const sequence = Atomics.add(words, WORD.sequence, 1) + 1;
        Atomics.notify(words, WORD.sequence);
        await this.#end(words, sequence);
        if (words[WORD.error] === 0) return {code: 0, message: ""};
        const text = new Uint8Array(this.device.memory.buffer, this.job + MESSAGE, words[WORD.length]).slice();
        return {code: words[WORD.error], message: new TextDecoder().decode(text)};
    }

    /** Waiting in memory costs less than a message, where the engine can do it without blocking. */
    async #end(words, sequence) {
        if (typeof Atomics.waitAsync === "function") {
            for (;;) {
                const pending = Atomics.load(words, WORD.pending);
                if (pending === 0) return;
                await Atomics.waitAsync(words, WORD.pending, pending, 1000).value;
            }
        }
        await new Promise((resolve, reject) => {
            this.finish = (done, error) => (error ? reject(error) : done === sequence && resolve());
            if (Atomics.load(words, WORD.pending) === 0) resolve();
        });
    }

    close() {
        for (const worker of this.workers) worker.terminate();
        this.workers = [];
    }
}
