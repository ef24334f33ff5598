// SPDX-License-Identifier: Apache-2.0
// The page of `cuda-wasm build -o NAME.html`: runs the program in a worker, shows what it prints and the pictures that it writes.
import {decodePnm} from "./pnm.js";

const SHOWN_MAX = 200000; // characters; older output goes
const $ = (id) => document.getElementById(id);

/** Words of a command line, with quotes. */
function words(text) {
    return [...text.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+)/g)].map(([, double, single, plain]) =>
        plain ?? single ?? double.replace(/\\(.)/g, "$1"));
}

class Terminal {
    constructor(element) {
        this.element = element;
        this.decoders = {1: new TextDecoder(), 2: new TextDecoder()};
    }

    clear() {
        this.element.textContent = "";
    }

    write(stream, bytes) {
        this.add(this.decoders[stream].decode(bytes, {stream: true}), stream === 2 ? "error" : "");
    }

    add(text, name) {
        const {element} = this;
        const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < 40;
        text = text.replace(/\x1b\[[0-9;?]*[A-Za-z]/g, "");
        const last = element.lastChild;
        if (last && last.className === name) last.append(text);
        else element.append(Object.assign(document.createElement("span"), {className: name, textContent: text}));
        while (element.textContent.length > SHOWN_MAX && element.childNodes.length > 1) element.firstChild.remove();
        if (element.textContent.length > 2 * SHOWN_MAX) element.firstChild.textContent = element.firstChild.textContent.slice(-SHOWN_MAX);
        if (atEnd) element.scrollTop = element.scrollHeight;
    }
}

const IMAGES = {png: "image/png", jpg: "image/jpeg", jpeg: "image/jpeg", gif: "image/gif", bmp: "image/bmp", webp: "image/webp", svg: "image/svg+xml"};

function show(path, bytes) {
    const suffix = path.split(".").pop().toLowerCase();
    const id = `file-${path}`;
    const figure = Object.assign(document.createElement("figure"), {id});
    if (["ppm", "pgm", "pbm", "pnm"].includes(suffix)) {
        const image = decodePnm(bytes);
        if (image) {
            const canvas = Object.assign(document.createElement("canvas"), {width: image.width, height: image.height});
            canvas.setAttribute("aria-label", path);
            canvas.getContext("2d").putImageData(image, 0, 0);
            figure.append(canvas);
        }
    } else if (IMAGES[suffix]) {
        figure.append(Object.assign(new Image(), {src: URL.createObjectURL(new Blob([bytes], {type: IMAGES[suffix]})), alt: path}));
    }
    const link = Object.assign(document.createElement("a"), {href: URL.createObjectURL(new Blob([bytes])), download: path.split("/").pop(), textContent: path});
    const caption = document.createElement("figcaption");
    caption.append(link, `, ${bytes.length} bytes`);
    figure.append(caption);
    const old = document.getElementById(id);
    if (old) old.replaceWith(figure);
    else $("files").append(figure);
}

/**
 * @param {{name: string, wasm: string, pages: number, code: number, args: string[]}} program
 */
export function run(program) {
    const terminal = new Terminal($("terminal"));
    const state = $("state");
    let worker, began, taken, waiting;

    function say(text, bad = false) {
        state.textContent = text;
        state.classList.toggle("bad", bad);
    }

    function end(text, bad) {
        worker?.terminate();
        worker = undefined;
        $("progress").hidden = true;
        $("run").disabled = false;
        $("stop").disabled = true;
        say(text, bad);
    }

    const seconds = () => `${((performance.now() - began) / 1000).toFixed(2)} s`;

    /** Several threads' messages come by several ways: those with a number wait for the ones before. */
    function hear({data}) {
        if (data.number === undefined) return take(data);
        waiting.set(data.number, data);
        for (let next; (next = waiting.get(taken)); taken++) {
            waiting.delete(taken);
            take(next);
        }
    }

    function take(data) {
        if (data.write) terminal.write(data.write.stream, data.write.bytes);
        else if (data.port) (data.port.onmessage = hear);
        else if (data.file) show(data.file.path, data.file.bytes);
        else if (data.running) {
            say(`Running on ${data.running}…`);
            $("device").textContent = data.why ? `Not on a GPU: ${data.why}.` : "";
            began = performance.now();
        } else if (data.note) $("device").textContent += `${data.note}. `;
        else if (data.exit !== undefined) end(data.exit === 0 ? `Done in ${seconds()}, on ${data.where}.` : `Ended with exit status ${data.exit} after ${seconds()}.`, data.exit !== 0);
        else if (data.error) {
            terminal.add(`${data.error}\n`, "error");
            end(data.error, true);
        }
    }

    function start() {
        taken = 0;
        waiting = new Map();
        terminal.clear();
        $("files").replaceChildren();
        $("progress").hidden = false;
        $("run").disabled = true;
        $("stop").disabled = false;
        began = performance.now();
        say("Loading…");
        worker = new Worker(new URL("./program.js", import.meta.url), {type: "module"});
        worker.onmessage = hear;
        worker.onerror = (event) => end(event.message || "the worker can't be started: open this page from a web server", true);
        $("device").textContent = "";
        worker.postMessage({...program, device: $("where").value, wasm: new URL(program.wasm, location.href).href, args: words($("arguments").value)});
    }

    $("arguments").value = new URLSearchParams(location.search).get("arguments") ?? program.args.join(" ");
    $("where").value = ["cpu", "webgpu"].find((device) => device === new URLSearchParams(location.search).get("device")) ?? "auto";
    $("form").addEventListener("submit", (event) => {
        event.preventDefault();
        if (!worker) start();
    });
    $("stop").addEventListener("click", () => worker && end(`Stopped after ${seconds()}.`, true));
    if (typeof WebAssembly !== "object") end("This browser has no WebAssembly.", true);
    else start();
}
