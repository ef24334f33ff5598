// SPDX-License-Identifier: Apache-2.0
// What Tint, Chromium's WGSL compiler, says of texts. tint.mjs SOURCE TEXTS.json: an array of {name, text} in, lines of JSON out, one a
// text that is refused: {name, message}; the last line is {browser, texts}. Exit 77, a skip, where there is no browser.
import {mkdtempSync, readFileSync, rmSync} from "node:fs";
import {createServer} from "node:http";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {browserPath, findPlaywright} from "../../web/browser.mjs";

const [source, list] = process.argv.slice(2);
const playwright = findPlaywright(source);
// WebGPU is there on localhost.
const server = createServer((_, response) => response.setHeader("content-type", "text/html").end("<!doctype html><title>Tint</title>"));
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const profile = mkdtempSync(join(tmpdir(), "cuda-wasm-tint-"));
const browser = await playwright.chromium.launch({executablePath: browserPath,
    args: ["--headless=new", "--no-sandbox", "--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader", "--disable-gpu-sandbox"]});
let status = 0;
try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    const texts = JSON.parse(readFileSync(list, "utf8"));
    for (let at = 0; at < texts.length; at += 50) {
        const refused = await page.evaluate(async (part) => {
            globalThis.device ??= await (async () => {
                const adapter = await navigator.gpu?.requestAdapter();
                return adapter?.requestDevice({requiredFeatures: [...adapter.features].filter((name) => ["subgroups", "timestamp-query"].includes(name))});
            })();
            if (!globalThis.device) return null;
            const out = [];
            for (const {name, text} of part) {
                device.pushErrorScope("validation");
                const info = await device.createShaderModule({code: text}).getCompilationInfo();
                await device.popErrorScope();
                const error = info.messages.find((message) => message.type === "error");
                if (error) out.push({name, message: `${error.lineNum}:${error.linePos}: ${error.message} | ${text.split("\n")[error.lineNum - 1]?.trim()}`});
            }
            return out;
        }, texts.slice(at, at + 50));
        if (!refused) {
            console.log("skipped: the browser has no WebGPU adapter");
            status = 77;
            break;
        }
        for (const one of refused) console.log(JSON.stringify(one));
    }
    if (status === 0) console.log(JSON.stringify({browser: browser.version(), texts: texts.length}));
} finally {
    await browser.close();
    server.close();
    rmSync(profile, {recursive: true, force: true});
}
process.exit(status);
