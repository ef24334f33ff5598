// SPDX-License-Identifier: Apache-2.0
// The worker of a page: runs a WASI program, and tells the page what it prints and writes.
import {Folder, walk} from "./files.js";
import {Exit, Wasi} from "./wasi.js";

const PICTURE = /\.(p[bgpn]m|png|jpe?g|gif|bmp|webp|svg)$/i;

async function fetchModule(url) {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
    // Servers that don't know .wasm send another type, which streaming refuses.
    return /^application\/wasm\b/.test(response.headers.get("content-type") ?? "")
        ? WebAssembly.compileStreaming(response)
        : WebAssembly.compile(await response.arrayBuffer());
}

/** Why a trap happened, for people. */
function explain(error) {
    if (!(error instanceof WebAssembly.RuntimeError)) return `${error.name}: ${error.message}`;
    const place = /at (.+?) \(wasm:/.exec(error.stack ?? "")?.[1];
    return `The program trapped: ${error.message}${place ? `, in ${place}` : ""}.`;
}

onmessage = async ({data: program}) => {
    const root = new Folder(), sent = new Map();
    /** New and changed files; pictures while the program runs, everything at its end. */
    function send(which) {
        for (const [path, file] of walk(root)) {
            if (sent.get(path) === file.changed || !which.test(path)) continue;
            sent.set(path, file.changed);
            postMessage({file: {path, bytes: file.contents()}});
        }
    }
    const wasi = new Wasi({
        args: [program.name, ...program.args],
        root,
        write: (stream, bytes) => postMessage({write: {stream, bytes}}),
        closed: () => send(PICTURE),
    });
    const where = "one thread";
    let message;
    try {
        const module = await fetchModule(program.wasm);
        const {exports} = await WebAssembly.instantiate(module, {wasi_snapshot_preview1: wasi.imports()});
        wasi.memory = exports.memory;
        postMessage({running: where});
        try {
            exports._start();
            message = {exit: 0, where};
        } catch (error) {
            if (!(error instanceof Exit)) throw error;
            message = {exit: error.status, where};
        }
    } catch (error) {
        message = {error: explain(error)};
    }
    send(/^/);
    postMessage(message);
};
