// SPDX-License-Identifier: Apache-2.0
// The module's memory: a first-fit allocator over its heap, as cudaMalloc is one over a device's memory, and arrays in it.
import {CudaError} from "./errors.js";

const ALIGNMENT = 256; // cudaMalloc's
const PAGE = 65536;
const BEHIND = 32; // what a load under a mask may read behind the last allocation (src/target/wasm/masked.c)

const roundUp = (value, to) => Math.ceil(value / to) * to;

export class Heap {
    /** @param {WebAssembly.Memory} memory @param {number} base the first byte that is free */
    constructor(memory, base, maximumPages) {
        this.memory = memory;
        this.maximum = maximumPages * PAGE;
        this.end = roundUp(base, ALIGNMENT); // everything from here on was never given out
        this.free = []; // [start, size], sorted, never adjacent
        this.used = new Map(); // start -> size
        this.bytes = 0;
    }

    allocate(size) {
        const wanted = roundUp(Math.max(size, 1), ALIGNMENT);
        let start = this.take(wanted);
        if (start === undefined) {
            start = this.end;
            if (start + wanted + BEHIND > this.maximum || !this.grow(start + wanted + BEHIND)) {
                throw new CudaError(2, `${size} bytes don't fit: ${this.bytes} of at most ${this.maximum} are in use`);
            }
            this.end = start + wanted;
        }
        this.used.set(start, wanted);
        this.bytes += wanted;
        return start;
    }

    take(wanted) {
        const at = this.free.findIndex(([, size]) => size >= wanted);
        if (at < 0) return undefined;
        const [start, size] = this.free[at];
        if (size === wanted) this.free.splice(at, 1);
        else this.free[at] = [start + wanted, size - wanted];
        return start;
    }

    grow(end) {
        const missing = end - this.memory.buffer.byteLength;
        if (missing <= 0) return true;
        try {
            // In larger steps than asked for: growing copies where the engine can't map memory behind it.
            const pages = Math.ceil(missing / PAGE);
            const generous = Math.min(Math.max(pages, 256), Math.floor((this.maximum - this.memory.buffer.byteLength) / PAGE));
            this.memory.grow(Math.max(pages, generous));
            return true;
        } catch {
            return false;
        }
    }

    release(start) {
        const size = this.used.get(start);
        if (size === undefined) throw new CudaError(1, `nothing was allocated at ${start}`);
        this.used.delete(start);
        this.bytes -= size;
        const at = this.free.findIndex(([other]) => other > start);
        this.free.splice(at < 0 ? this.free.length : at, 0, [start, size]);
        for (let i = this.free.length - 1; i > 0; i--) {
            const [before, length] = this.free[i - 1];
            if (before + length === this.free[i][0]) {
                this.free[i - 1][1] += this.free[i][1];
                this.free.splice(i, 1);
            }
        }
    }
}

/** Memory of the device that holds numbers of one type. */
export class DeviceArray {
    #device;
    #address;

    #owned;

    /** Allocates, unless `address` is memory that somebody else owns. */
    constructor(device, Type, length, address) {
        this.#device = device;
        this.Type = Type;
        this.length = length;
        this.#owned = address === undefined;
        this.#address = address ?? device.allocate(length * Type.BYTES_PER_ELEMENT);
        if (this.#owned) device.arrays.register(this, this.#address, this);
    }

    /** Where it lies in the module's memory. */
    get address() {
        if (this.#address === undefined) throw new CudaError(1, "the array was freed");
        return this.#address;
    }

    get byteLength() {
        return this.length * this.Type.BYTES_PER_ELEMENT;
    }

    belongsTo(device) {
        return this.#device === device;
    }

    #view() {
        return new this.Type(this.#device.memory.buffer, this.address, this.length);
    }

    /** A copy of the contents, once all launches before are done. */
    async read() {
        if (this.#device.gpu) return this.#device.gpu.read(this.Type, this.address, this.length);
        await this.#device.idle();
        return this.#view().slice();
    }

    /** The same into `target`, a typed array of the same length; for loops that want no garbage. */
    async readInto(target) {
        if (target.length !== this.length) throw new CudaError(1, `${target.length} elements, and the array has ${this.length}`);
        if (this.#device.gpu) {
            target.set(await this.read());
            return target;
        }
        await this.#device.idle();
        target.set(this.#view());
        return target;
    }

    /** Replaces the contents, once all launches before are done. */
    async write(values) {
        if (values.length > this.length) throw new CudaError(1, `${values.length} elements, and the array has ${this.length}`);
        if (this.#device.gpu) return this.#device.gpu.write(this.address, values instanceof this.Type ? values : this.Type.from(values));
        await this.#device.idle();
        this.#view().set(values);
        return undefined;
    }

    /** Gives the memory back, once all launches before are done. */
    async free() {
        const address = this.address;
        if (!this.#owned) throw new CudaError(1, "a variable of the module can't be freed");
        this.#address = undefined;
        this.#device.arrays.unregister(this);
        await this.#device.idle();
        this.#device.release(address);
    }
}
