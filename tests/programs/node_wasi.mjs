// SPDX-License-Identifier: Apache-2.0
// Runs a WASI command in Node: node node_wasi.mjs PROGRAM.wasm [ARGUMENTS]. Its exit status is the program's, 134 after a trap.
import fs from "node:fs";
import { WASI } from "node:wasi";

const wasi = new WASI({
  version: "preview1",
  args: process.argv.slice(2),
  env: process.env,
  preopens: { ".": ".", "/": "/" },
});
const module = await WebAssembly.compile(fs.readFileSync(process.argv[2]));
const instance = await WebAssembly.instantiate(module, wasi.getImportObject());
try {
  process.exit(wasi.start(instance));
} catch (error) {
  if (!(error instanceof WebAssembly.RuntimeError)) throw error;
  console.error(error.stack);
  process.exit(134);
}
