// SPDX-License-Identifier: Apache-2.0
// A worker of the pool: waits for launches and runs blocks of them. It gets the compiled module, the shared memory, and its own
// stack and thread-local memory; then it never goes back to its event loop.
import {MESSAGE, MESSAGE_MAX, Reports, WORD, runBlocks} from "./job.js";

async function serve({module, memory, code, job, index, stack, tls}, send) {
    const words = new Int32Array(memory.buffer, job, MESSAGE / 4);
    const bytes = new Uint8Array(memory.buffer, job + MESSAGE, MESSAGE_MAX);
    const reports = new Reports(memory, (text) => send({print: text}));
    await reports.explain(module, code);
    const {exports} = await WebAssembly.instantiate(module, {env: reports.imports()});
    exports.__stack_pointer.value = stack;
    exports.__wasm_init_tls?.(tls);
    let seen = Atomics.load(words, WORD.sequence);
    send({ready: true});
    for (;;) {
        Atomics.wait(words, WORD.sequence, seen);
        seen = Atomics.load(words, WORD.sequence);
        const {code, message} = runBlocks(exports, reports, words, Atomics.load(words, WORD.scratch + index));
        if (code !== 0 && Atomics.compareExchange(words, WORD.error, 0, code) === 0) {
            const text = new TextEncoder().encode(message).subarray(0, MESSAGE_MAX);
            bytes.set(text);
            Atomics.store(words, WORD.length, text.length);
        }
        if (Atomics.sub(words, WORD.pending, 1) === 1) {
            Atomics.notify(words, WORD.pending);
            send({done: seen});
        }
    }
}

if (globalThis.process?.versions?.node) {
    const {parentPort, workerData} = await import("node:worker_threads");
    serve(workerData, (message) => parentPort.postMessage(message));
} else {
    onmessage = ({data}) => serve(data, (message) => postMessage(message));
}
