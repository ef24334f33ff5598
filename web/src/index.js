// SPDX-License-Identifier: Apache-2.0
// CUDA kernels as functions: what a module of `cuda-wasm build --lib` is loaded with.
import {findAdapter} from "./adapter.js";
import {LIBRARY, missing} from "./engine.js";
import {CudaError} from "./errors.js";
import {JOB_BYTES, MESSAGE, Reports, WORD, runBlocks} from "./job.js";
import {DeviceArray, Heap} from "./memory.js";
import {Pool, processors, threadsPossible} from "./pool.js";
import {arraysFor, dimensions, noFit, pack, spell} from "./types.js";

export {CudaError, DeviceArray};

const GRID_MAX = [2147483647, 65535, 65535];
const BLOCK_MAX = [1024, 1024, 64];
const SHARED_MAX = 163 * 1024;
const PARAMS_MAX = 32764;
const TYPED = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array,
    Float64Array, BigInt64Array, BigUint64Array];

class Device {
    constructor(table, options) {
        this.table = table;
        this.print = options.print ?? ((text) => console.log(text.replace(/\n$/, "")));
        this.arrays = new FinalizationRegistry((address) => this.idle().then(() => this.release(address), () => {}));
        this.last = Promise.resolve();
        this.scratch = {at: 0, size: 0};
        this.pool = undefined;
        this.fault = undefined;
    }

    async open(bytes, options, kernelsForGpu) {
        const threads = options.threads ?? (this.table.threaded && threadsPossible() ? await processors() : 1);
        this.threads = threads > 1 && this.table.threaded && threadsPossible() ? threads : 1;
        const maximum = Math.min(options.maximumPages ?? 65536, 65536);
        // One module serves both: a memory that is shared needs no workers.
        this.memory = new WebAssembly.Memory({initial: this.table.initialPages, maximum, shared: this.table.threaded});
        const reports = new Reports(this.memory, (text) => this.print(text));
        const module = bytes instanceof WebAssembly.Module ? bytes : await compile(bytes);
        await reports.explain(module, this.table.code);
        this.exports = (await WebAssembly.instantiate(module, {env: reports.imports()})).exports;
        this.exports._initialize();
        this.reports = reports;
        this.module = module;
        this.device = {kind: "cpu", name: "WebAssembly", why: "asked for"};
        const wanted = options.device ?? "auto", base = this.exports.__heap_base.value;
        if (!["auto", "webgpu", "cpu"].includes(wanted)) throw new CudaError(1, `device: "${wanted}" is none of "auto", "webgpu" and "cpu"`);
        if (wanted !== "cpu") await this.openGpu(kernelsForGpu, wanted, options.log ?? ((text) => console.info(text)));
        this.heap = this.gpu?.heap(this.memory, base, maximum) ?? new Heap(this.memory, base, maximum);
        if (this.gpu && !this.gpu.device.reserve(this.heap.end + PARAMS_MAX + JOB_BYTES)) throw new CudaError(2, "the adapter has no memory");
        this.params = this.heap.allocate(PARAMS_MAX);
        this.job = this.heap.allocate(JOB_BYTES);
        this.gpu?.start(this.heap);
        if (!this.gpu) await this.openPool();
    }

    async openGpu(kernelsForGpu, wanted, say) {
        const {gpu, why} = await this.findGpu(kernelsForGpu, wanted, say);
        if (!gpu && wanted === "webgpu") throw new CudaError(100, why);
        this.gpu = gpu;
        this.device = gpu ? {kind: "webgpu", name: gpu.device.name} : {kind: "cpu", name: "WebAssembly", why};
    }

    /** The GPU's side of the module, whose code is loaded where there is a GPU; or why there is none. */
    async findGpu(kernelsForGpu, wanted, say) {
        const {adapter, why} = await findAdapter(wanted);
        if (why) return {why};
        if (!kernelsForGpu) {
            const {gpuRefused} = this.table;
            return {why: gpuRefused ? `WGSL can't express this module: ${gpuRefused}` : "the library was built without kernels for WebGPU"};
        }
        return (await import("./gpu.js")).openGpu(this, adapter, kernelsForGpu, say);
    }

    async openPool() {
        if (this.threads > 1) this.pool ??= await Pool.create(this, this.module, this.threads);
    }

    allocate(size) {
        return this.gpu ? this.gpu.allocate(size) : this.heap.allocate(size);
    }

    release(address) {
        if (this.gpu) this.gpu.release(address);
        else this.heap.release(address);
    }

    /** Resolves when every launch so far is done; rejects after a fault, until reset(). */
    async idle() {
        if (this.gpu && !this.fault) return this.gpu.idle();
        await this.last;
        if (this.fault) throw this.fault;
        return undefined;
    }

    address(value, type) {
        if (value === null) return 0;
        if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value; // an address from .address, maybe moved
        if (!(value instanceof DeviceArray)) {
            throw noFit(value, type, TYPED.some((T) => value instanceof T) ? "put it on the device first, with array()" : undefined);
        }
        if (!value.belongsTo(this)) throw noFit(value, type, "the array belongs to another module");
        const fits = type.to ? arraysFor(type.to) : TYPED;
        if (!fits.includes(value.Type) && value.Type !== Uint8Array) {
            throw noFit(value, type, `it holds ${value.Type.name}, and ${spell(type.to)} is ${fits[0].name}`);
        }
        return value.address;
    }

    check(kernel, launch) {
        const fail = (code, message) => { throw new CudaError(code, message, kernel.name); };
        if (typeof launch !== "object" || launch === null) fail(9, "the first argument is the launch: {grid, block, shared}");
        const grid = dimensions(launch.grid, "grid"), block = dimensions(launch.block, "block");
        for (const shape of [grid, block]) if (typeof shape === "string") fail(9, shape);
        const shared = launch.shared ?? 0;
        grid.forEach((n, i) => n > GRID_MAX[i] && fail(9, `grid: ${n} blocks along ${"xyz"[i]}, and ${GRID_MAX[i]} are possible`));
        block.forEach((n, i) => n > BLOCK_MAX[i] && fail(9, `block: ${n} threads along ${"xyz"[i]}, and ${BLOCK_MAX[i]} are possible`));
        const threads = block[0] * block[1] * block[2], most = Math.min(1024, kernel.maxThreads || 1024);
        if (threads > most) fail(kernel.maxThreads ? 701 : 9, `block: ${threads} threads, and ${most} are possible`);
        if (grid[0] * grid[1] * grid[2] > 2 ** 32 - 1) fail(9, "grid: more than 4294967295 blocks");
        if (!Number.isInteger(shared) || shared < 0) fail(1, `shared: ${shared} is no number of bytes`);
        if (kernel.staticShared + shared > SHARED_MAX) {
            fail(1, `shared: ${kernel.staticShared} + ${shared} bytes, and ${SHARED_MAX} are possible`);
        }
        return {kernel: kernel.index, grid, block, shared};
    }

    /** Checks at once, runs after what was launched before. */
    launch(kernel, given, values) {
        const launch = this.check(kernel, given);
        const buffer = new Uint8Array(kernel.parameterBytes);
        const wrong = pack(new DataView(buffer.buffer), kernel.parameters, values, (value, type) => this.address(value, type));
        if (wrong) throw new CudaError(1, wrong, kernel.name);
        if (this.gpu && !this.fault) return this.gpu.launch(kernel, launch, buffer);
        const done = this.last.then(() => this.run(kernel, launch, buffer));
        // As with CUDA a fault stays: what comes after it fails alike, also when nobody awaited the launch itself.
        this.last = done.catch((error) => { this.fault ??= error; });
        return done;
    }

    async run(kernel, launch, buffer) {
        if (this.fault) throw this.fault;
        const bytes = this.exports.cw_scratch(launch.kernel, ...launch.block, launch.shared) >>> 0;
        if (bytes === 0) throw new CudaError(701, "the block is too large for this kernel", kernel.name);
        new Uint8Array(this.memory.buffer, this.params, buffer.length).set(buffer);
        launch.params = this.params;
        const blocks = launch.grid[0] * launch.grid[1] * launch.grid[2];
        const result = this.pool && blocks > 1 ? await this.pool.run(launch, bytes) : this.runHere(launch, bytes);
        if (result.code !== 0) throw new CudaError(result.code, result.message || "the kernel failed", kernel.name);
    }

    runHere(launch, bytes) {
        if (this.scratch.size < bytes) {
            if (this.scratch.size) this.heap.release(this.scratch.at);
            this.scratch = {at: 0, size: 0};
            this.scratch = {at: this.heap.allocate(bytes), size: bytes};
        }
        const words = new Int32Array(this.memory.buffer, this.job, MESSAGE / 4);
        words.set([launch.kernel, launch.params, ...launch.grid, ...launch.block, launch.shared], WORD.kernel);
        words[WORD.counter] = 0;
        return runBlocks(this.exports, this.reports, words, this.scratch.at);
    }
}

async function compile(source) {
    if (source instanceof URL && source.protocol === "file:" && globalThis.process?.versions?.node) {
        const {readFile} = await import("node:fs/promises");
        return WebAssembly.compile(await readFile(source));
    }
    if (source instanceof URL || typeof source === "string") {
        const response = await fetch(source);
        if (!response.ok) throw new Error(`${source}: ${response.status} ${response.statusText}`);
        // Servers that don't know .wasm send another type, which streaming refuses.
        return /^application\/wasm\b/.test(response.headers.get("content-type") ?? "")
            ? WebAssembly.compileStreaming(response)
            : WebAssembly.compile(await response.arrayBuffer());
    }
    return WebAssembly.compile(source);
}

/**
 * Loads a module of kernels. Modules that `cuda-wasm build --lib` writes call this with their table.
 * @param {object} table what the build knows of the kernels
 * @param {URL | string | BufferSource | WebAssembly.Module} source the WebAssembly
 * @param {{threads?: number, print?: (text: string) => void, maximumPages?: number, device?: "auto" | "webgpu" | "cpu",
 *     log?: (text: string) => void}} [options]
 * @param {URL | string | ArrayBuffer | Uint8Array} [kernelsForGpu] the same kernels for WebGPU
 */
export async function loadKernels(table, source, options = {}, kernelsForGpu = undefined) {
    const lacks = missing(LIBRARY);
    if (lacks) throw new CudaError(801, lacks);
    const device = new Device(table, options);
    await device.open(source, options, kernelsForGpu);
    const api = {
        /** What runs the kernels: {kind: "webgpu" | "cpu", name}, and why it is the CPU. */
        device: device.device,
        /** How many threads run blocks. */
        threads: device.threads,
        /** Device memory with the values, or of so many elements (their contents are undefined): array(Float32Array, 100). */
        array(values, length) {
            if (TYPED.includes(values)) {
                if (!Number.isInteger(length) || length < 0) throw new CudaError(1, `array: ${length} is no number of elements`);
                return new DeviceArray(device, values, length);
            }
            const Type = TYPED.find((T) => values instanceof T);
            if (!Type) throw new CudaError(1, "array: give a typed array, or a typed array's class and a length");
            const array = new DeviceArray(device, Type, values.length);
            if (device.gpu) void device.gpu.write(array.address, values);
            else new Type(device.memory.buffer, array.address, values.length).set(values);
            return array;
        },
        /** A __device__ or __constant__ variable as an array of `Type`. */
        variable(name, Type = Uint8Array) {
            const variable = table.variables.find((other) => other.name === name);
            if (!variable) throw new CudaError(1, `there is no variable ${name}; there are: ${table.variables.map((v) => v.name).join(", ") || "none"}`);
            if (variable.size % Type.BYTES_PER_ELEMENT) throw new CudaError(1, `${name} has ${variable.size} bytes, no whole number of ${Type.name} elements`);
            return new DeviceArray(device, Type, variable.size / Type.BYTES_PER_ELEMENT,
                device.gpu ? device.gpu.variable(name) : device.exports.cw_variable(variable.index));
        },
        /** Resolves when all launches are done; rejects if one has faulted. */
        synchronize: () => device.idle(),
        /** After a fault: lets launches and reads work again. Memory keeps what is in it. */
        async reset() {
            await device.last;
            device.fault = undefined;
            if (device.gpu) device.gpu.fault = undefined;
        },
        /**
         * Milliseconds that the launches of `work` take, and who measured: the device by its timestamps, or a clock, where the way there
         * and back counts too.
         */
        async time(work) {
            const onDevice = await device.gpu?.time(work);
            if (onDevice !== undefined) return {milliseconds: onDevice, by: "device"};
            await device.idle();
            const start = performance.now();
            await work();
            await device.idle();
            return {milliseconds: performance.now() - start, by: "clock"};
        },
        /** Bytes of device memory in use, and the most that there can be. */
        memory: () => ({used: device.heap.bytes, total: device.heap.maximum}),
        /** Ends the workers. The module can't launch any more. */
        close() {
            device.pool?.close();
            device.gpu?.close();
            device.fault = new CudaError(709, "the module was closed");
        },
    };
    for (const kernel of table.kernels) {
        api[kernel.name] = (launch, ...values) => device.launch(kernel, launch, values);
    }
    return api;
}
