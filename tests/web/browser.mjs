// SPDX-License-Identifier: Apache-2.0
// What tests in a browser need, each missing piece a skip with its reason (exit 77).
import {existsSync} from "node:fs";
import {createRequire} from "node:module";
import {join} from "node:path";

export function skip(reason) {
    console.log(`skipped: ${reason}`);
    process.exit(77);
}

export const browserPath = ["/usr/bin/chromium", "/usr/bin/google-chrome"].find(existsSync) ?? skip("chromium is not installed");

/** playwright-core, which lies in `source`/web. */
export function findPlaywright(source) {
    try {
        return createRequire(join(source, "web/package.json"))("playwright-core");
    } catch {
        return skip("playwright-core is not installed (npm install in web)");
    }
}

/** Skips where the runtime for WebAssembly was not built. */
export function needRuntime(build) {
    if (!existsSync(join(build, "lib/cuda-wasm/wasm/libcudawasm-library.a"))) skip("the runtime for WebAssembly was not built (wasi-libc is not installed)");
}
