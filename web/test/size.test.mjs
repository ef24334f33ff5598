// SPDX-License-Identifier: Apache-2.0
// What a page loads of the package is small: under 30 KB minified, with the workers' part. What runs kernels by WebGPU is a file of its
// own, which is loaded only where there is a GPU.
import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {mkdtempSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {basename, join} from "node:path";
import {fileURLToPath} from "node:url";
import {test} from "node:test";

const MOST = 30000;
const source = fileURLToPath(new URL("../src/", import.meta.url));

/** The bundler's outputs, by what its own description says of them. */
function bundle(folder) {
    const words = ["index.js", "worker.js", "--bundle", "--minify", "--splitting", "--format=esm", "--platform=neutral", "--external:node:*",
        "--log-level=error", `--outdir=${folder}`, `--metafile=${join(folder, "about.json")}`];
    const {error, status, stderr} = spawnSync("esbuild", words, {cwd: source, encoding: "utf8"});
    if (error?.code === "ENOENT") return undefined;
    assert.equal(status, 0, stderr);
    const {outputs} = JSON.parse(readFileSync(join(folder, "about.json"), "utf8"));
    return new Map(Object.entries(outputs).map(([path, output]) => [basename(path), output]));
}

/** What is loaded with `name`, before anything else is asked for. */
function closure(outputs, name, found = new Set()) {
    if (found.has(name)) return found;
    found.add(name);
    for (const {path, kind} of outputs.get(name).imports) {
        if (kind === "import-statement" && outputs.has(basename(path))) closure(outputs, basename(path), found);
    }
    return found;
}

test("the runtime is under 30 KB minified, and WebGPU's part is loaded when it is wanted", (context) => {
    const folder = mkdtempSync(join(tmpdir(), "cuda-wasm-size-"));
    context.after(() => rmSync(folder, {recursive: true, force: true}));
    const outputs = bundle(folder);
    if (!outputs) {
        context.skip("esbuild is not installed");
        return;
    }
    const inputs = (name) => Object.keys(outputs.get(name).inputs).map((path) => basename(path));
    const first = new Set(["index.js", "worker.js"].flatMap((name) => [...closure(outputs, name)]));
    for (const name of first) assert.ok(!inputs(name).some((input) => /^(gpu|lines)/.test(input)), `${name} holds ${inputs(name)}`);
    // Everything but WebGPU's part counts, the lines of debug builds among it.
    const rest = [...outputs.keys()].filter((name) => !inputs(name).includes("gpu.js"));
    const bytes = rest.reduce((sum, name) => sum + outputs.get(name).bytes, 0);
    context.diagnostic(`${bytes} bytes, ${[...first].reduce((sum, name) => sum + outputs.get(name).bytes, 0)} of them at first`);
    assert.ok(bytes < MOST, `${bytes} bytes`);
});
