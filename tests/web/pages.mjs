// SPDX-License-Identifier: Apache-2.0
// Pages in a browser, used as a person would: load, click, read. With and without cross-origin isolation. pages.mjs BUILD SOURCE
import assert from "node:assert/strict";
import {spawn, spawnSync} from "node:child_process";
import {cpSync, mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join, resolve} from "node:path";
import {browserPath, findPlaywright, needRuntime} from "./browser.mjs";

const [build, source] = process.argv.slice(2).map((path) => resolve(path));
needRuntime(build);
const playwright = findPlaywright(source);

const folder = mkdtempSync(join(tmpdir(), "cuda-wasm-pages-"));
process.on("exit", () => rmSync(folder, {recursive: true, force: true}));
const shots = process.env.CUDA_WASM_SCREENSHOTS; // a folder that gets pictures, for looking at

function compile(...words) {
    const {status, stderr} = spawnSync(join(build, "bin/cuda-wasm"), ["build", ...words],
        {cwd: folder, encoding: "utf8", env: {...process.env, XDG_CACHE_HOME: join(folder, "cache")}});
    assert.equal(status, 0, stderr);
}

async function serve(isolated, work) {
    const server = spawn(process.execPath, [join(source, "web/serve.mjs"), folder, "--port", "0", ...(isolated ? ["--isolate"] : [])],
        {stdio: ["ignore", "pipe", "inherit"]});
    try {
        await work(await new Promise((done) => server.stdout.once("data", (data) => done(String(data).trim()))));
    } finally {
        server.kill();
    }
}

cpSync(join(source, "examples/web"), folder, {recursive: true, filter: (path) => !path.endsWith("examples/web/kernels")});
compile("--lib", "kernels.cu", "-o", "kernels");
writeFileSync(join(folder, "shade.cu"), `
#include <cstdio>
#include <cstdlib>
#include <vector>
__global__ void wild(int *p) { p[threadIdx.x] = 1; }
__global__ void shade(unsigned char *out, int width, int height) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (blockIdx.x == 3 && blockIdx.y == 1 && threadIdx.x + threadIdx.y == 0) printf("kernel: 7 of 8\\n");
    if (x < width && y < height) { unsigned char *p = out + 3 * (y * width + x); p[0] = x; p[1] = y; p[2] = x ^ y; }
}
int main(int count, char **words) {
    const int width = 64, height = 32;
    unsigned char *device;
    if (cudaMalloc(&device, 3 * width * height) != cudaSuccess) return 1;
    shade<<<dim3(4, 2), dim3(16, 16)>>>(device, width, height);
    std::vector<unsigned char> host(3 * width * height);
    cudaMemcpy(host.data(), device, host.size(), cudaMemcpyDeviceToHost);
    FILE *file = std::fopen("out/shade.ppm", "wb");
    if (file) return 9; // there is no such folder
    file = std::fopen("shade.ppm", "wb");
    std::fprintf(file, "P6\\n%d %d\\n255\\n", width, height);
    std::fwrite(host.data(), 1, host.size(), file);
    std::fclose(file);
    std::printf("shaded for %s\\n", count > 1 ? words[1] : "nobody");
    std::fprintf(stderr, "a word of warning\\n");
    if (count > 3) {
        wild<<<4, 32>>>((int *)0xfffff000u);
        std::printf("illegal: %s\\n", cudaGetErrorName(cudaDeviceSynchronize()));
        return 0;
    }
    if (count > 2) std::abort();
    return count > 1 ? 3 : 0;
}`);
compile("shade.cu", "-o", "shade.html");

const browser = await playwright.chromium.launch({executablePath: browserPath, args: ["--headless=new", "--no-sandbox", "--disable-gpu"]});
const faults = [];
async function open(url) {
    const page = await browser.newPage({viewport: {width: 900, height: 820}});
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
    await page.goto(url);
    return page;
}
const shoot = async (page, name) => shots && page.screenshot({path: join(shots, `${name}.png`)});
const until = (page, id, pattern) => page.waitForFunction(([id, text]) => new RegExp(text).test(document.getElementById(id).textContent),
    [id, pattern.source], {timeout: 60000}).catch(async () => assert.fail(`${id} says "${await page.textContent(`#${id}`)}", not ${pattern}`));

/** Red, green and blue of the middle of a canvas. */
const middle = (page, id) => page.evaluate((name) => {
    const canvas = document.getElementById(name);
    return [...canvas.getContext("2d").getImageData(canvas.width >> 1, canvas.height >> 1, 1, 1).data].slice(0, 3);
}, id);

async function kernels(url, isolated) {
    const page = await open(url);
    await until(page, "machine", isolated ? /on [0-9]+ threads/ : /on one thread \(this page is not cross-origin isolated\)/);
    await until(page, "picture-time", /640 × 400 elements in/);
    const painted = await middle(page, "picture-canvas");
    await page.selectOption("#filter", "edges");
    await page.waitForFunction((before) => {
        const canvas = document.getElementById("picture-canvas");
        const now = canvas.getContext("2d").getImageData(canvas.width >> 1, canvas.height >> 1, 1, 1).data;
        return before.some((value, i) => Math.abs(value - now[i]) > 20);
    }, painted);
    const [r, g, b] = await middle(page, "picture-canvas");
    assert.ok(r === g && g === b, "edges are grey");
    await shoot(page, `picture-${isolated}`);

    await page.focus("#tab-picture");
    await page.keyboard.press("ArrowRight"); // by keyboard
    await until(page, "bodies-time", /million attractions a second/);
    assert.equal(await page.getAttribute("#tab-bodies", "aria-selected"), "true");
    await page.click("#bodies-run");
    assert.equal(await page.textContent("#bodies-run"), "Go on");
    await shoot(page, `bodies-${isolated}`);
    await page.click("#tab-learning");
    await until(page, "learning-time", /loss 0\.[0-4]/); // it begins near 0.7
    await page.setViewportSize({width: 390, height: 844});
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "a phone needs no sideways scrolling");
    await shoot(page, `learning-${isolated}`);
    await page.close();
}

async function program(url, isolated) {
    const page = await open(`${url}shade.html`);
    await until(page, "state", isolated ? /Done in .* on [0-9]+ threads/ : /Done in .* on one thread, as this page is not cross-origin isolated/);
    assert.equal(await page.textContent("#terminal"), "kernel: 7 of 8\nshaded for nobody\na word of warning\n");
    assert.equal(await page.textContent("#terminal .error"), "a word of warning\n");
    const [width, pixel] = await page.evaluate(() => {
        const canvas = document.querySelector("#files canvas");
        return [canvas.width, [...canvas.getContext("2d").getImageData(5, 3, 1, 1).data]];
    });
    assert.deepEqual([width, pixel], [64, [5, 3, 6, 255]]);
    assert.match(await page.textContent("#files figcaption"), /shade\.ppm, 6157 bytes/);
    await shoot(page, `program-${isolated}`);
    await page.fill("#arguments", `"the whole world"`);
    await page.click("#run");
    await until(page, "state", /Ended with exit status 3/);
    assert.match(await page.textContent("#terminal"), /^kernel: 7 of 8\nshaded for the whole world\n/);
    await page.fill("#arguments", "one two");
    await page.keyboard.press("Enter");
    await until(page, "state", /the program trapped: unreachable/);
    await page.fill("#arguments", "one two three");
    await page.keyboard.press("Enter");
    await until(page, "state", /Done|Ended/);
    assert.match(await page.textContent("#terminal"), /kernel `wild` read or wrote an illegal address.*\nillegal: cudaErrorIllegalAddress\n/);
    await page.close();
}

try {
    for (const isolated of [false, true]) await serve(isolated, (url) => kernels(url, isolated));
    for (const isolated of [false, true]) await serve(isolated, (url) => program(url, isolated));
    assert.deepEqual(faults, []);
    console.log("pages: ok");
} finally {
    await browser.close();
}
