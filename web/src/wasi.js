// SPDX-License-Identifier: Apache-2.0
// What a program of `cuda-wasm build` asks of its surroundings, in a page: WASI preview 1 (github.com/WebAssembly/WASI,
// legacy/preview1/docs.md) over a file system in memory. Node has its own.
import {File, Folder} from "./files.js";

const E = {SUCCESS: 0, BADF: 8, EXIST: 20, INVAL: 28, ISDIR: 31, NOENT: 44, NOSYS: 52, NOTDIR: 54, NOTEMPTY: 55, NOTCAPABLE: 76, SPIPE: 70};
const TYPE = {unknown: 0, character: 2, folder: 3, file: 4};
const OPEN = {create: 1, folder: 2, exclusive: 4, truncate: 8};
const FLAG_APPEND = 1;
const ALL_RIGHTS = 0x1fffffffn;

/** Thrown through the program by proc_exit. */
export class Exit extends Error {
    constructor(status) {
        super(`exit ${status}`);
        this.status = status;
    }
}

export class Wasi {
    /**
     * @param {object} options
     * @param {string[]} options.args the program's name and its arguments
     * @param {Record<string, string>} [options.env]
     * @param {Folder | null} [options.root] what "/" and "." are; null: there are no files
     * @param {(stream: 1 | 2, bytes: Uint8Array) => void} options.write
     * @param {() => Uint8Array | undefined} [options.read] the next bytes of stdin; undefined or nothing at its end
     * @param {() => void} [options.closed] a file that was written has been closed
     */
    constructor({args, env = {}, root = new Folder(), write, read = () => undefined, closed = () => {}}) {
        Object.assign(this, {args, env, root, write, read, closed});
        this.input = new Uint8Array(0);
        this.descriptors = [
            {type: TYPE.character},
            {type: TYPE.character},
            {type: TYPE.character},
        ];
        if (root) this.descriptors.push({type: TYPE.folder, node: root, preopened: "/"});
    }

    get view() {
        return new DataView(this.memory.buffer);
    }

    bytes(at, length) {
        return new Uint8Array(this.memory.buffer, at, length);
    }

    string(at, length) {
        return new TextDecoder().decode(this.bytes(at, length).slice()); // decoders don't read shared memory
    }

    strings(list, pointers, text) {
        const {view} = this;
        for (const item of list) {
            const bytes = new TextEncoder().encode(`${item}\0`);
            view.setUint32(pointers, text, true);
            this.bytes(text, bytes.length).set(bytes);
            pointers += 4;
            text += bytes.length;
        }
        return E.SUCCESS;
    }

    sizes(list, count, size) {
        this.view.setUint32(count, list.length, true);
        this.view.setUint32(size, list.reduce((sum, item) => sum + new TextEncoder().encode(item).length + 1, 0), true);
        return E.SUCCESS;
    }

    /** The folder that holds the last name of a path, that name, and what it leads to, if anything. */
    find(descriptor, at, length) {
        const names = [];
        for (const name of this.string(at, length).split("/")) {
            if (name === "..") {
                if (names.length === 0) return {error: E.NOTCAPABLE};
                names.pop();
            } else if (name && name !== ".") {
                names.push(name);
            }
        }
        let folder = descriptor.node;
        const last = names.pop();
        for (const name of names) {
            folder = folder.entries.get(name);
            if (!(folder instanceof Folder)) return {error: folder ? E.NOTDIR : E.NOENT};
        }
        return last === undefined ? {node: folder} : {folder, last, node: folder.entries.get(last)};
    }

    stat(node, at) {
        const {view} = this, time = BigInt(Math.round((node?.changed ?? Date.now()) * 1e6));
        this.bytes(at, 64).fill(0);
        view.setUint8(at + 16, node instanceof Folder ? TYPE.folder : node ? TYPE.file : TYPE.character);
        view.setBigUint64(at + 24, 1n, true);
        view.setBigUint64(at + 32, BigInt(node instanceof File ? node.size : 0), true);
        for (const field of [40, 48, 56]) view.setBigUint64(at + field, time, true);
        return E.SUCCESS;
    }

    /** Calls `each` with the pieces of memory that a list of vectors names, until it says that it is done. */
    vectors(list, count, each) {
        const {view} = this;
        let total = 0;
        for (let i = 0; i < count; i++) {
            const length = view.getUint32(list + 8 * i + 4, true);
            const moved = each(this.bytes(view.getUint32(list + 8 * i, true), length));
            total += moved;
            if (moved < length) break;
        }
        return total;
    }

    readFrom(descriptor, target, at) {
        if (descriptor.node instanceof File) {
            const piece = descriptor.node.read(at, target.length);
            target.set(piece);
            return piece.length;
        }
        if (this.input.length === 0) this.input = this.read() ?? this.input;
        const piece = this.input.subarray(0, target.length);
        target.set(piece);
        this.input = this.input.subarray(piece.length);
        return piece.length;
    }

    imports() {
        const wasi = this;
        /** A function of one descriptor: bad numbers and wrong kinds are answered here. */
        const on = (work, kind) => (number, ...rest) => {
            const descriptor = wasi.descriptors[number];
            if (!descriptor) return E.BADF;
            if (kind === "file" && !(descriptor.node instanceof File)) return descriptor.node ? E.ISDIR : E.SPIPE;
            if (kind === "folder" && !(descriptor.node instanceof Folder)) return E.NOTDIR;
            return work(descriptor, ...rest, number) ?? E.SUCCESS;
        };
        const put32 = (at, value) => wasi.view.setUint32(at, value, true);
        const put64 = (at, value) => wasi.view.setBigUint64(at, BigInt(value), true);
        const path = (work) => on((descriptor, ...rest) => work(descriptor, ...rest), "folder");
        return {
            args_sizes_get: (count, size) => wasi.sizes(wasi.args, count, size),
            args_get: (pointers, text) => wasi.strings(wasi.args, pointers, text),
            environ_sizes_get: (count, size) => wasi.sizes(Object.entries(wasi.env).map(([k, v]) => `${k}=${v}`), count, size),
            environ_get: (pointers, text) => wasi.strings(Object.entries(wasi.env).map(([k, v]) => `${k}=${v}`), pointers, text),
            clock_res_get: (id, at) => (put64(at, 1000), E.SUCCESS),
            clock_time_get(id, precision, at) {
                put64(at, Math.round((id === 0 ? Date.now() : performance.now()) * 1e6));
                return E.SUCCESS;
            },
            random_get(at, length) {
                for (let done = 0; done < length; done += 65536) {
                    const piece = new Uint8Array(Math.min(65536, length - done)); // shared memory can't be filled directly
                    crypto.getRandomValues(piece);
                    wasi.bytes(at + done, piece.length).set(piece);
                }
                return E.SUCCESS;
            },
            sched_yield: () => E.SUCCESS,
            poll_oneoff(events, out, count, written) {
                const {view} = wasi, until = performance.now();
                let wait = Infinity;
                for (let i = 0; i < count; i++) {
                    const event = events + 48 * i;
                    wasi.bytes(out + 32 * i, 32).fill(0);
                    view.setBigUint64(out + 32 * i, view.getBigUint64(event, true), true);
                    view.setUint8(out + 32 * i + 10, view.getUint8(event + 8));
                    const ms = Number(view.getBigUint64(event + 24, true)) / 1e6;
                    const absolute = view.getUint16(event + 40, true) & 1;
                    const now = view.getUint32(event + 16, true) === 0 ? Date.now() : performance.now();
                    wait = view.getUint8(event + 8) === 0 ? Math.min(wait, absolute ? ms - now : ms) : 0;
                }
                while (performance.now() < until + wait && wait !== Infinity) { /* a worker has nothing else to do */ }
                put32(written, count);
                return E.SUCCESS;
            },
            proc_exit(status) {
                throw new Exit(status);
            },
            proc_raise: () => E.NOSYS,
            fd_close: on((descriptor, number) => {
                wasi.descriptors[number] = undefined;
                if (descriptor.node instanceof File) wasi.closed();
            }),
            fd_fdstat_get: on((descriptor, at) => {
                wasi.bytes(at, 24).fill(0);
                wasi.view.setUint8(at, descriptor.type);
                wasi.view.setUint16(at + 2, descriptor.flags ?? 0, true);
                put64(at + 8, descriptor.type === TYPE.character ? ALL_RIGHTS & ~0x24n : ALL_RIGHTS); // no seeking there
                put64(at + 16, ALL_RIGHTS);
            }),
            fd_fdstat_set_flags: on((descriptor, flags) => { descriptor.flags = flags; }),
            fd_fdstat_set_rights: on(() => {}),
            fd_filestat_get: on((descriptor, at) => wasi.stat(descriptor.node, at)),
            fd_filestat_set_size: on((descriptor, size) => { descriptor.node.resize(Number(size)); }, "file"),
            fd_filestat_set_times: on(() => {}),
            fd_advise: on(() => {}),
            fd_allocate: on((descriptor, at, length) => {
                descriptor.node.resize(Math.max(descriptor.node.size, Number(at) + Number(length)));
            }, "file"),
            fd_sync: on(() => {}),
            fd_datasync: on(() => {}),
            fd_prestat_get: on((descriptor, at) => {
                if (!descriptor.preopened) return E.BADF;
                put32(at, 0);
                put32(at + 4, descriptor.preopened.length);
            }),
            fd_prestat_dir_name: on((descriptor, at, length) => {
                if (!descriptor.preopened) return E.BADF;
                wasi.bytes(at, length).set(new TextEncoder().encode(descriptor.preopened).subarray(0, length));
            }),
            fd_read: on((descriptor, list, count, read) => {
                if (descriptor.node instanceof Folder) return E.ISDIR;
                put32(read, wasi.vectors(list, count, (target) => {
                    const moved = wasi.readFrom(descriptor, target, descriptor.at);
                    descriptor.at += moved;
                    return moved;
                }));
            }),
            fd_pread: on((descriptor, list, count, offset, read) => {
                let at = Number(offset);
                put32(read, wasi.vectors(list, count, (target) => {
                    const moved = wasi.readFrom(descriptor, target, at);
                    at += moved;
                    return moved;
                }));
            }, "file"),
            fd_write: on((descriptor, list, count, written, number) => {
                if (descriptor.node instanceof Folder) return E.ISDIR;
                put32(written, wasi.vectors(list, count, (source) => {
                    if (!descriptor.node) {
                        wasi.write(number, source.slice());
                        return source.length;
                    }
                    if ((descriptor.flags ?? 0) & FLAG_APPEND) descriptor.at = descriptor.node.size;
                    descriptor.node.write(descriptor.at, source);
                    descriptor.at += source.length;
                    return source.length;
                }));
            }),
            fd_pwrite: on((descriptor, list, count, offset, written) => {
                let at = Number(offset);
                put32(written, wasi.vectors(list, count, (source) => {
                    descriptor.node.write(at, source);
                    at += source.length;
                    return source.length;
                }));
            }, "file"),
            fd_seek: on((descriptor, offset, whence, at) => {
                const to = Number(offset) + [0, descriptor.at, descriptor.node.size][whence];
                if (to < 0) return E.INVAL;
                descriptor.at = to;
                put64(at, to);
            }, "file"),
            fd_tell: on((descriptor, at) => { put64(at, descriptor.at); }, "file"),
            fd_readdir: on((descriptor, at, length, cookie, used) => {
                let filled = 0;
                for (const [i, [name, entry]] of [...descriptor.node.entries].entries()) {
                    if (i < Number(cookie)) continue;
                    const text = new TextEncoder().encode(name), record = new Uint8Array(24 + text.length);
                    const view = new DataView(record.buffer);
                    view.setBigUint64(0, BigInt(i + 1), true);
                    view.setUint32(16, text.length, true);
                    view.setUint8(20, entry instanceof Folder ? TYPE.folder : TYPE.file);
                    record.set(text, 24);
                    const piece = record.subarray(0, length - filled);
                    wasi.bytes(at + filled, piece.length).set(piece);
                    filled += piece.length;
                    if (filled === length) break;
                }
                put32(used, filled);
            }, "folder"),
            fd_renumber: on((descriptor, to, number) => {
                wasi.descriptors[to] = descriptor;
                wasi.descriptors[number] = undefined;
            }),
            path_open: path((descriptor, lookup, at, length, how, rights, inheriting, flags, opened) => {
                const found = wasi.find(descriptor, at, length);
                if (found.error) return found.error;
                let {node} = found;
                if (node && how & OPEN.create && how & OPEN.exclusive) return E.EXIST;
                if (!node && !(how & OPEN.create)) return E.NOENT;
                if (!node) {
                    node = new File();
                    found.folder.entries.set(found.last, node);
                }
                if (how & OPEN.folder && !(node instanceof Folder)) return E.NOTDIR;
                if (how & OPEN.truncate && node instanceof File) node.resize(0);
                let number = wasi.descriptors.findIndex((other) => !other);
                if (number < 0) number = wasi.descriptors.length;
                wasi.descriptors[number] = {type: node instanceof Folder ? TYPE.folder : TYPE.file, node, flags, at: 0};
                put32(opened, number);
            }),
            path_create_directory: path((descriptor, at, length) => {
                const found = wasi.find(descriptor, at, length);
                if (found.error) return found.error;
                if (found.node) return E.EXIST;
                found.folder.entries.set(found.last, new Folder());
            }),
            path_filestat_get: path((descriptor, lookup, at, length, out) => {
                const found = wasi.find(descriptor, at, length);
                return found.error ?? (found.node ? wasi.stat(found.node, out) : E.NOENT);
            }),
            path_filestat_set_times: path(() => {}),
            path_unlink_file: path((descriptor, at, length) => {
                const found = wasi.find(descriptor, at, length);
                if (found.error || !found.node) return found.error ?? E.NOENT;
                if (found.node instanceof Folder) return E.ISDIR;
                found.folder.entries.delete(found.last);
            }),
            path_remove_directory: path((descriptor, at, length) => {
                const found = wasi.find(descriptor, at, length);
                if (found.error || !found.node) return found.error ?? E.NOENT;
                if (!(found.node instanceof Folder)) return E.NOTDIR;
                if (found.node.entries.size || !found.folder) return E.NOTEMPTY;
                found.folder.entries.delete(found.last);
            }),
            path_rename: path((descriptor, at, length, toDescriptor, toAt, toLength) => {
                const from = wasi.find(descriptor, at, length);
                const target = wasi.descriptors[toDescriptor];
                if (!target) return E.BADF;
                const to = wasi.find(target, toAt, toLength);
                if (from.error || to.error || !from.node) return from.error ?? to.error ?? E.NOENT;
                from.folder.entries.delete(from.last);
                to.folder.entries.set(to.last, from.node);
            }),
            path_link: path(() => E.NOSYS),
            path_symlink: () => E.NOSYS,
            path_readlink: path(() => E.INVAL),
            sock_accept: () => E.NOSYS,
            sock_recv: () => E.NOSYS,
            sock_send: () => E.NOSYS,
            sock_shutdown: () => E.NOSYS,
        };
    }
}
