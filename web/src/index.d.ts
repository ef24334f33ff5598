// SPDX-License-Identifier: Apache-2.0
// Types of the runtime. Modules that `cuda-wasm build --lib` makes bring types of their own kernels, built on these.

export type TypedArray =
    | Int8Array | Uint8Array | Uint8ClampedArray | Int16Array | Uint16Array | Int32Array | Uint32Array
    | Float32Array | Float64Array | BigInt64Array | BigUint64Array;

type TypedArrayClass<T extends TypedArray> = {
    new (length: number): T;
    readonly BYTES_PER_ELEMENT: number;
    readonly name: string;
};

/** Something that kernels see as memory: an array, null, or an address inside of one (array.address + bytes). */
export type Pointer<T extends TypedArray = TypedArray> = DeviceArray<T> | DeviceArray<Uint8Array> | number | null;

/** One, two or three dimensions. */
export type Dimensions = number | readonly [number] | readonly [number, number] | readonly [number, number, number] |
    {x: number; y?: number; z?: number};

export interface Launch {
    /** Blocks of the grid. */
    grid: Dimensions;
    /** Threads of a block: 1024 at most. */
    block: Dimensions;
    /** Bytes of dynamic shared memory. */
    shared?: number;
}

/** Memory of the device. It is given back by free(), or when nobody refers to it any more. */
export class DeviceArray<T extends TypedArray = TypedArray> {
    private constructor();
    readonly length: number;
    readonly byteLength: number;
    /** Where it lies; for pointers into the middle, counted in bytes. */
    readonly address: number;
    /** A copy of the contents, once all launches before are done. */
    read(): Promise<T>;
    /** The same into `target`, of the same length. */
    readInto(target: T): Promise<T>;
    /** Replaces the first elements, once all launches before are done. */
    write(values: T | ArrayLike<T extends BigInt64Array | BigUint64Array ? bigint : number>): Promise<void>;
    /** Gives the memory back, once all launches before are done. */
    free(): Promise<void>;
}

/** What goes wrong with a kernel, with CUDA's number and name for it. */
export class CudaError extends Error {
    readonly code: number;
    readonly cudaName: string;
    /** The kernel that it is about, where there is one. */
    readonly kernel?: string;
}

export interface LoadOptions {
    /** How many threads run blocks: 1, or by default as many as there are processors where threads can share memory. */
    threads?: number;
    /** Gets what kernels print; console.log by default. */
    print?: (text: string) => void;
    /** The most that memory may grow to, in pages of 64 KiB: 65536, which is 4 GiB, by default. */
    maximumPages?: number;
    /**
     * What runs the kernels. "webgpu": the GPU, or load() fails with why not. "cpu": WebAssembly. "auto", the default: the GPU where
     * there is one. Kernels that can't run on the GPU run as WebAssembly, with their memory; `log` is told why, once.
     */
    device?: "auto" | "webgpu" | "cpu";
    /** Gets remarks, such as why a kernel doesn't run on the GPU; console.info by default. */
    log?: (text: string) => void;
}

/** What every module offers beside its kernels. Launches run in the order in which they were made. */
export interface Module {
    readonly threads: number;
    /** What runs the kernels, and with "cpu" why. */
    readonly device: {readonly kind: "webgpu" | "cpu"; readonly name: string; readonly why?: string};
    /** Device memory with these values ... */
    array<T extends TypedArray>(values: T): DeviceArray<T>;
    /** ... or of so many elements, whose contents are undefined. */
    array<T extends TypedArray>(type: TypedArrayClass<T>, length: number): DeviceArray<T>;
    /** A __device__ or __constant__ variable. */
    variable<T extends TypedArray = Uint8Array>(name: string, type?: TypedArrayClass<T>): DeviceArray<T>;
    /** Resolves when all launches are done; rejects after a fault. */
    synchronize(): Promise<void>;
    /** Milliseconds that the launches of `work` take, by the device's own timestamps or by a clock. */
    time(work: () => void | Promise<void>): Promise<{milliseconds: number; by: "device" | "clock"}>;
    /** After a fault: lets launches and reads work again. Memory keeps what is in it. */
    reset(): Promise<void>;
    /** Bytes of device memory. */
    memory(): {used: number; total: number};
    /** Ends the workers. The module can't launch any more. */
    close(): void;
}

export function loadKernels<T extends Module>(table: object, source: URL | string | BufferSource | WebAssembly.Module,
    options?: LoadOptions, kernelsForGpu?: URL | string | ArrayBuffer | Uint8Array): Promise<T>;
