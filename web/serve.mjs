#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// A static web server for trying pages: node serve.mjs [FOLDER] [--port N] [--isolate]. With --isolate it sends the headers that make a page
// cross-origin isolated, without which browsers give it one thread.
import {createReadStream} from "node:fs";
import {stat} from "node:fs/promises";
import {createServer} from "node:http";
import {extname, join, normalize} from "node:path";
import {parseArgs} from "node:util";

const {values, positionals} = parseArgs({
    allowPositionals: true,
    options: {port: {type: "string", default: "8000"}, isolate: {type: "boolean", default: false}},
});
const folder = positionals[0] ?? ".";
const TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css",
    ".wasm": "application/wasm", ".json": "application/json", ".cu": "text/plain; charset=utf-8", ".png": "image/png"};

const server = createServer(async (request, response) => {
    try {
        let path = join(folder, normalize(decodeURIComponent(new URL(request.url, "http://localhost").pathname)));
        if ((await stat(path)).isDirectory()) path = join(path, "index.html");
        await stat(path);
        response.setHeader("content-type", TYPES[extname(path)] ?? "application/octet-stream");
        if (values.isolate) {
            response.setHeader("cross-origin-opener-policy", "same-origin");
            response.setHeader("cross-origin-embedder-policy", "require-corp");
        }
        createReadStream(path).pipe(response);
    } catch {
        response.statusCode = 404;
        response.end("not found\n");
    }
});
server.listen(Number(values.port), "127.0.0.1", () => {
    console.log(`http://127.0.0.1:${server.address().port}/`);
});
