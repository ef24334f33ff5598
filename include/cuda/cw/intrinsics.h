/* SPDX-License-Identifier: Apache-2.0 */
/*
 * intrinsics.h: device functions that the compiler knows. Generated from src/module/intrinsics.def by
 * cw-intrinsics: change that table, then build the target `intrinsics`.
 *
 * They serve our own CUDA headers; programs use CUDA's names.
 */
#ifndef CW_CUDA_INTRINSICS_H
#define CW_CUDA_INTRINSICS_H
#if defined(__CUDA__) && defined(__clang__)

/* ---- Special registers ---- */

/* threadIdx.x (CUDA: Built-in Variables). */
extern "C" __attribute__((device)) int __cw_tid_x(void) __asm__("cw.tid.x")
    __attribute__((nothrow, noconvergent, const));
/* threadIdx.y. */
extern "C" __attribute__((device)) int __cw_tid_y(void) __asm__("cw.tid.y")
    __attribute__((nothrow, noconvergent, const));
/* threadIdx.z. */
extern "C" __attribute__((device)) int __cw_tid_z(void) __asm__("cw.tid.z")
    __attribute__((nothrow, noconvergent, const));
/* blockDim.x. */
extern "C" __attribute__((device)) int __cw_ntid_x(void) __asm__("cw.ntid.x")
    __attribute__((nothrow, noconvergent, const));
/* blockDim.y. */
extern "C" __attribute__((device)) int __cw_ntid_y(void) __asm__("cw.ntid.y")
    __attribute__((nothrow, noconvergent, const));
/* blockDim.z. */
extern "C" __attribute__((device)) int __cw_ntid_z(void) __asm__("cw.ntid.z")
    __attribute__((nothrow, noconvergent, const));
/* blockIdx.x. */
extern "C" __attribute__((device)) int __cw_ctaid_x(void) __asm__("cw.ctaid.x")
    __attribute__((nothrow, noconvergent, const));
/* blockIdx.y. */
extern "C" __attribute__((device)) int __cw_ctaid_y(void) __asm__("cw.ctaid.y")
    __attribute__((nothrow, noconvergent, const));
/* blockIdx.z. */
extern "C" __attribute__((device)) int __cw_ctaid_z(void) __asm__("cw.ctaid.z")
    __attribute__((nothrow, noconvergent, const));
/* gridDim.x. */
extern "C" __attribute__((device)) int __cw_nctaid_x(void) __asm__("cw.nctaid.x")
    __attribute__((nothrow, noconvergent, const));
/* gridDim.y. */
extern "C" __attribute__((device)) int __cw_nctaid_y(void) __asm__("cw.nctaid.y")
    __attribute__((nothrow, noconvergent, const));
/* gridDim.z. */
extern "C" __attribute__((device)) int __cw_nctaid_z(void) __asm__("cw.nctaid.z")
    __attribute__((nothrow, noconvergent, const));
/* Lane of the thread in its warp, 0 to 31: linear thread index modulo 32. */
extern "C" __attribute__((device)) int __cw_laneid(void) __asm__("cw.laneid")
    __attribute__((nothrow, noconvergent, const));
/* Warp of the thread in its block: linear thread index divided by 32. */
extern "C" __attribute__((device)) int __cw_warpid(void) __asm__("cw.warpid")
    __attribute__((nothrow, noconvergent, const));
/* Index of the processor that runs the block. */
extern "C" __attribute__((device)) int __cw_smid(void) __asm__("cw.smid")
    __attribute__((nothrow, noconvergent, const));
/* Bytes of dynamic shared memory of the launch (PTX: %dynamic_smem_size). */
extern "C" __attribute__((device)) int __cw_dynamic_shared_size(void) __asm__("cw.dynamic_shared_size")
    __attribute__((nothrow, noconvergent, const));

/* ---- Block barriers ---- */

/* Barrier (id, count): waits until `count` threads of the block have arrived at barrier `id`; count 0 means every thread that has not exited. __syncthreads() is (0, 0). Ids 0 to 127. */
extern "C" __attribute__((device)) void __cw_barrier(int, int) __asm__("cw.barrier")
    __attribute__((nothrow, convergent));
/* __syncthreads_count(predicate): barrier 0, then how many threads had a non-zero predicate. */
extern "C" __attribute__((device)) int __cw_barrier_popc(int) __asm__("cw.barrier.popc")
    __attribute__((nothrow, convergent));
/* __syncthreads_and(predicate): barrier 0, then 1 if every thread's predicate was non-zero, else 0. */
extern "C" __attribute__((device)) int __cw_barrier_and(int) __asm__("cw.barrier.and")
    __attribute__((nothrow, convergent));
/* __syncthreads_or(predicate): barrier 0, then 1 if any thread's predicate was non-zero, else 0. */
extern "C" __attribute__((device)) int __cw_barrier_or(int) __asm__("cw.barrier.or")
    __attribute__((nothrow, convergent));
/* Arrives at a barrier (id, count) as cw.barrier does, and goes on without waiting; gives the phase that the arrival belongs to. A thread that exits after it has arrived counts once. barrier_arrive() of a block is (0, 0); PTX: bar.arrive. */
extern "C" __attribute__((device)) long long __cw_barrier_arrive(int, int) __asm__("cw.barrier.arrive")
    __attribute__((nothrow, convergent));
/* Waits (id, phase) until the barrier is complete for that phase, in which the thread has arrived by cw.barrier.arrive. */
extern "C" __attribute__((device)) void __cw_barrier_wait(int, long long) __asm__("cw.barrier.wait")
    __attribute__((nothrow, convergent));
/* grid_group::is_valid(): 1 in a cooperative launch, else 0. */
extern "C" __attribute__((device)) int __cw_grid_valid(void) __asm__("cw.grid.valid")
    __attribute__((nothrow, noconvergent, const));
/* Memory of a cooperative launch with which PTX of nvcc's makes the grid's barrier, 64 bytes that begin as 0; NULL in other launches (PTX: %envreg1, %envreg2). */
extern "C" __attribute__((device)) void *__cw_grid_workspace(void) __asm__("cw.grid.workspace")
    __attribute__((nothrow, noconvergent, const));
/* The block has arrived at the grid's barrier; gives the phase to wait for. Outside of a cooperative launch it ends the launch as cw.trap does. */
extern "C" __attribute__((device)) long long __cw_grid_arrive(void) __asm__("cw.grid.arrive")
    __attribute__((nothrow, convergent));
/* Waits until every block of the grid has arrived in that phase. */
extern "C" __attribute__((device)) void __cw_grid_wait(long long) __asm__("cw.grid.wait")
    __attribute__((nothrow, convergent));

/* ---- Thread block clusters ---- */

/* Blocks of a cluster along x (PTX: %cluster_nctaid.x). */
extern "C" __attribute__((device)) int __cw_cluster_nctaid_x(void) __asm__("cw.cluster.nctaid.x")
    __attribute__((nothrow, noconvergent, const));
/* Blocks of a cluster along y. */
extern "C" __attribute__((device)) int __cw_cluster_nctaid_y(void) __asm__("cw.cluster.nctaid.y")
    __attribute__((nothrow, noconvergent, const));
/* Blocks of a cluster along z. */
extern "C" __attribute__((device)) int __cw_cluster_nctaid_z(void) __asm__("cw.cluster.nctaid.z")
    __attribute__((nothrow, noconvergent, const));
/* The block's index in its cluster along x (PTX: %cluster_ctaid.x). */
extern "C" __attribute__((device)) int __cw_cluster_ctaid_x(void) __asm__("cw.cluster.ctaid.x")
    __attribute__((nothrow, noconvergent, const));
/* The block's index in its cluster along y. */
extern "C" __attribute__((device)) int __cw_cluster_ctaid_y(void) __asm__("cw.cluster.ctaid.y")
    __attribute__((nothrow, noconvergent, const));
/* The block's index in its cluster along z. */
extern "C" __attribute__((device)) int __cw_cluster_ctaid_z(void) __asm__("cw.cluster.ctaid.z")
    __attribute__((nothrow, noconvergent, const));
/* The block's rank in its cluster: x + y * nx + z * nx * ny of its index there (PTX: %cluster_ctarank). */
extern "C" __attribute__((device)) int __cw_cluster_ctarank(void) __asm__("cw.cluster.ctarank")
    __attribute__((nothrow, noconvergent, const));
/* 1 if the launch or the kernel names the cluster's dimensions, else 0 (PTX: %is_explicit_cluster). */
extern "C" __attribute__((device)) int __cw_cluster_explicit(void) __asm__("cw.cluster.explicit")
    __attribute__((nothrow, noconvergent, const));
/* cluster_group::map_shared_rank(pointer, rank): where the block of that rank has what the generic pointer names in the shared memory of any block of the cluster (PTX: mapa). */
extern "C" __attribute__((device)) void *__cw_cluster_map(const void *, int) __asm__("cw.cluster.map")
    __attribute__((nothrow, noconvergent, const));
/* cluster_group::query_shared_rank(pointer): the rank of the block in whose shared memory the generic pointer points (PTX: getctarank). */
extern "C" __attribute__((device)) int __cw_cluster_rank_of(const void *) __asm__("cw.cluster.rank_of")
    __attribute__((nothrow, noconvergent, const));
/* The generic pointer to a shared::cluster address (PTX: cvta.shared::cluster). */
extern "C" __attribute__((device)) void *__cw_cluster_pointer(__SIZE_TYPE__) __asm__("cw.cluster.pointer")
    __attribute__((nothrow, noconvergent, const));
/* The shared::cluster address of a generic pointer into a shared memory of the cluster (PTX: cvta.to.shared::cluster). */
extern "C" __attribute__((device)) __SIZE_TYPE__ __cw_cluster_address(const void *) __asm__("cw.cluster.address")
    __attribute__((nothrow, noconvergent, const));
/* cw.cluster.map of a shared::cluster address, as one (PTX: mapa.shared::cluster). All blocks of the cluster can use the result. */
extern "C" __attribute__((device)) __SIZE_TYPE__ __cw_cluster_map_address(__SIZE_TYPE__, int) __asm__("cw.cluster.map_address")
    __attribute__((nothrow, noconvergent, const));
/* __isClusterShared(pointer): 1 if the generic pointer points into the shared memory of a block of the cluster. */
extern "C" __attribute__((device)) int __cw_is_cluster_shared(const void *) __asm__("cw.is_cluster_shared")
    __attribute__((nothrow, noconvergent, const));
/* The thread has arrived at the cluster's barrier, and goes on (PTX: barrier.cluster.arrive). A thread that has exited counts as arrived. */
extern "C" __attribute__((device)) void __cw_cluster_arrive(void) __asm__("cw.cluster.arrive")
    __attribute__((nothrow, convergent));
/* Waits until every thread of the cluster has arrived in the phase in which this one has (PTX: barrier.cluster.wait). */
extern "C" __attribute__((device)) void __cw_cluster_wait(void) __asm__("cw.cluster.wait")
    __attribute__((nothrow, convergent));

/* ---- Warp collectives ---- */

/* __syncwarp(mask). */
extern "C" __attribute__((device)) void __cw_warp_sync(int) __asm__("cw.warp.sync")
    __attribute__((nothrow, convergent));
/* __activemask(): the lanes of the warp that have reached this call together. */
extern "C" __attribute__((device)) int __cw_activemask(void) __asm__("cw.activemask")
    __attribute__((nothrow, convergent));
/* __shfl_sync(mask, value, lane, width): the value of lane (lane mod width) of the caller's segment of `width` lanes. */
extern "C" __attribute__((device)) int __cw_shfl_idx(int, int, int, int) __asm__("cw.shfl.idx")
    __attribute__((nothrow, convergent));
/* __shfl_up_sync(mask, value, delta, width): the value of the lane `delta` below; its own where that leaves the segment. */
extern "C" __attribute__((device)) int __cw_shfl_up(int, int, int, int) __asm__("cw.shfl.up")
    __attribute__((nothrow, convergent));
/* __shfl_down_sync(mask, value, delta, width): the value of the lane `delta` above; its own where that leaves the segment. */
extern "C" __attribute__((device)) int __cw_shfl_down(int, int, int, int) __asm__("cw.shfl.down")
    __attribute__((nothrow, convergent));
/* __shfl_xor_sync(mask, value, lane_mask, width): the value of lane (own XOR lane_mask); its own where that lies beyond the segment. */
extern "C" __attribute__((device)) int __cw_shfl_xor(int, int, int, int) __asm__("cw.shfl.xor")
    __attribute__((nothrow, convergent));
/* cw.shfl.idx of 64 bits. */
extern "C" __attribute__((device)) long long __cw_shfl_idx_b64(int, long long, int, int) __asm__("cw.shfl.idx.b64")
    __attribute__((nothrow, convergent));
/* cw.shfl.up of 64 bits. */
extern "C" __attribute__((device)) long long __cw_shfl_up_b64(int, long long, int, int) __asm__("cw.shfl.up.b64")
    __attribute__((nothrow, convergent));
/* cw.shfl.down of 64 bits. */
extern "C" __attribute__((device)) long long __cw_shfl_down_b64(int, long long, int, int) __asm__("cw.shfl.down.b64")
    __attribute__((nothrow, convergent));
/* cw.shfl.xor of 64 bits. */
extern "C" __attribute__((device)) long long __cw_shfl_xor_b64(int, long long, int, int) __asm__("cw.shfl.xor.b64")
    __attribute__((nothrow, convergent));
/* __all_sync(mask, predicate): 1 or 0. */
extern "C" __attribute__((device)) int __cw_vote_all(int, int) __asm__("cw.vote.all")
    __attribute__((nothrow, convergent));
/* __any_sync(mask, predicate): 1 or 0. */
extern "C" __attribute__((device)) int __cw_vote_any(int, int) __asm__("cw.vote.any")
    __attribute__((nothrow, convergent));
/* __uni_sync(mask, predicate): 1 if all predicates are equally zero or non-zero. */
extern "C" __attribute__((device)) int __cw_vote_uni(int, int) __asm__("cw.vote.uni")
    __attribute__((nothrow, convergent));
/* __ballot_sync(mask, predicate): bit set of the lanes whose predicate is non-zero. */
extern "C" __attribute__((device)) int __cw_vote_ballot(int, int) __asm__("cw.vote.ballot")
    __attribute__((nothrow, convergent));
/* __match_any_sync(mask, value): bit set of the lanes that hold the same 32 bits. */
extern "C" __attribute__((device)) int __cw_match_any(int, int) __asm__("cw.match.any")
    __attribute__((nothrow, convergent));
/* __match_all_sync(mask, value): the participating lanes if all hold the same 32 bits, else 0. */
extern "C" __attribute__((device)) int __cw_match_all(int, int) __asm__("cw.match.all")
    __attribute__((nothrow, convergent));
/* cw.match.any of 64 bits. */
extern "C" __attribute__((device)) int __cw_match_any_b64(int, long long) __asm__("cw.match.any.b64")
    __attribute__((nothrow, convergent));
/* cw.match.all of 64 bits. */
extern "C" __attribute__((device)) int __cw_match_all_b64(int, long long) __asm__("cw.match.all.b64")
    __attribute__((nothrow, convergent));
/* __reduce_add_sync(mask, value): sum modulo 2^32. */
extern "C" __attribute__((device)) int __cw_redux_add(int, int) __asm__("cw.redux.add")
    __attribute__((nothrow, convergent));
/* __reduce_min_sync of int. */
extern "C" __attribute__((device)) int __cw_redux_min(int, int) __asm__("cw.redux.min")
    __attribute__((nothrow, convergent));
/* __reduce_max_sync of int. */
extern "C" __attribute__((device)) int __cw_redux_max(int, int) __asm__("cw.redux.max")
    __attribute__((nothrow, convergent));
/* __reduce_min_sync of unsigned. */
extern "C" __attribute__((device)) int __cw_redux_umin(int, int) __asm__("cw.redux.umin")
    __attribute__((nothrow, convergent));
/* __reduce_max_sync of unsigned. */
extern "C" __attribute__((device)) int __cw_redux_umax(int, int) __asm__("cw.redux.umax")
    __attribute__((nothrow, convergent));
/* __reduce_and_sync. */
extern "C" __attribute__((device)) int __cw_redux_and(int, int) __asm__("cw.redux.and")
    __attribute__((nothrow, convergent));
/* __reduce_or_sync. */
extern "C" __attribute__((device)) int __cw_redux_or(int, int) __asm__("cw.redux.or")
    __attribute__((nothrow, convergent));
/* __reduce_xor_sync. */
extern "C" __attribute__((device)) int __cw_redux_xor(int, int) __asm__("cw.redux.xor")
    __attribute__((nothrow, convergent));
/* Matrix instruction `what` (cw/wmma/native.h), a constant, of the device's own units (what, d, a, b, c, stride in elements): fragments and tiles by their addresses. 1; where the device has none for it 0, and nothing was done. */
extern "C" __attribute__((device)) int __cw_matrix(int, void *, void *, void *, void *, int) __asm__("cw.matrix")
    __attribute__((nothrow, convergent));
/* Asynchronous copies (what, to, from, size, valid): 0 copies `size` (4, 8 or 16, a constant) bytes, of which those from `valid` on are zeros, if `to` is shared and `from` global memory; 1 ends a group; 2 waits until at most `size`, a constant, of the thread's groups are pending, 3 for all copies. 1; where the device has none of it 0, and nothing was done. */
extern "C" __attribute__((device)) int __cw_async(int, void *, void *, int, int) __asm__("cw.async")
    __attribute__((nothrow, noconvergent));

/* ---- Forward progress ---- */

/* Before a volatile access: lets the other lanes of the warp come to theirs, so that warp-synchronous volatile code runs in lockstep. */
extern "C" __attribute__((device)) void __cw_yield(void) __asm__("cw.yield")
    __attribute__((nothrow, noconvergent));
/* In a loop that waits for another thread's store: lets others run after some turns. */
extern "C" __attribute__((device)) void __cw_poll(void) __asm__("cw.poll")
    __attribute__((nothrow, noconvergent));

/* ---- Address spaces ---- */

/* __isShared(pointer): 1 if the generic pointer points into the block's shared memory. */
extern "C" __attribute__((device)) int __cw_is_shared(const void *) __asm__("cw.is_shared")
    __attribute__((nothrow, noconvergent, const));
/* __isGlobal(pointer). */
extern "C" __attribute__((device)) int __cw_is_global(const void *) __asm__("cw.is_global")
    __attribute__((nothrow, noconvergent, const));
/* __isLocal(pointer). */
extern "C" __attribute__((device)) int __cw_is_local(const void *) __asm__("cw.is_local")
    __attribute__((nothrow, noconvergent, const));
/* __isConstant(pointer). */
extern "C" __attribute__((device)) int __cw_is_constant(const void *) __asm__("cw.is_constant")
    __attribute__((nothrow, noconvergent, const));
/* Where the block's shared memory begins, as a generic pointer. A shared address (PTX: .shared; __cvta_generic_to_shared) is the distance from it, and fits 32 bits. */
extern "C" __attribute__((device)) void *__cw_shared_window(void) __asm__("cw.shared.window")
    __attribute__((nothrow, noconvergent, const));

/* ---- Time ---- */

/* clock(): the low 32 bits of cw.clock64. */
extern "C" __attribute__((device)) int __cw_clock(void) __asm__("cw.clock")
    __attribute__((nothrow, noconvergent));
/* clock64(): a counter that rises at the device's clock rate. */
extern "C" __attribute__((device)) long long __cw_clock64(void) __asm__("cw.clock64")
    __attribute__((nothrow, noconvergent));
/* Nanoseconds of a clock that all threads share. */
extern "C" __attribute__((device)) long long __cw_globaltimer(void) __asm__("cw.globaltimer")
    __attribute__((nothrow, noconvergent));
/* __nanosleep(ns): suspends the thread for about that long, at most 1 ms. */
extern "C" __attribute__((device)) void __cw_nanosleep(int) __asm__("cw.nanosleep")
    __attribute__((nothrow, noconvergent));

/* ---- Ends of a launch ---- */

/* __trap(): aborts the launch with cudaErrorLaunchFailure. */
extern "C" __attribute__((device)) void __cw_trap(void) __asm__("cw.trap")
    __attribute__((nothrow, noconvergent, noreturn));
/* __brkpt(): stops in a debugger that is attached; otherwise does nothing. */
extern "C" __attribute__((device)) void __cw_breakpoint(void) __asm__("cw.breakpoint")
    __attribute__((nothrow, noconvergent));

/* ---- Textures and surfaces ---- */

/* Texel (result, texture, kind, x, y, z) at whole coordinates, unfiltered; what lies outside is 0 in every channel. In layered kinds z is the layer. tex1Dfetch. */
extern "C" __attribute__((device)) void __cw_texture_fetch(void *, long long, int, int, int, int) __asm__("cw.texture.fetch")
    __attribute__((nothrow, noconvergent));
/* cw.texture.fetch with the level of detail, a whole number, as last operand. PTX: tex.level at whole coordinates. */
extern "C" __attribute__((device)) void __cw_texture_fetch_level(void *, long long, int, int, int, int, int) __asm__("cw.texture.fetch.level")
    __attribute__((nothrow, noconvergent));
/* Sample (result, texture, kind, x, y, z, layer) of the most detailed level, filtered and addressed as the texture says. tex1D, tex2D, tex3D, texCubemap, ...Layered. */
extern "C" __attribute__((device)) void __cw_texture_sample(void *, long long, int, float, float, float, int) __asm__("cw.texture.sample")
    __attribute__((nothrow, noconvergent));
/* cw.texture.sample with the level of detail as last operand. ...Lod. */
extern "C" __attribute__((device)) void __cw_texture_sample_lod(void *, long long, int, float, float, float, int, float) __asm__("cw.texture.sample.lod")
    __attribute__((nothrow, noconvergent));
/* cw.texture.sample with the level of detail from the derivatives of x, y, z along one screen axis, then along the other. ...Grad. */
extern "C" __attribute__((device)) void __cw_texture_sample_grad(void *, long long, int, float, float, float, int, float, float, float, float, float, float) __asm__("cw.texture.sample.grad")
    __attribute__((nothrow, noconvergent));
/* Channel `component` (result, texture, kind, x, y, z, layer, component) of the four texels that a linear filter would mix, counter-clockwise from the lower left: (0, 1), (1, 1), (1, 0), (0, 0). tex2Dgather. */
extern "C" __attribute__((device)) void __cw_texture_gather(void *, long long, int, float, float, float, int, int) __asm__("cw.texture.gather")
    __attribute__((nothrow, noconvergent));
/* What a texture is (texture, question, level): enum cw_image_question of cw_backend.h. PTX: txq. */
extern "C" __attribute__((device)) int __cw_texture_query(long long, int, int) __asm__("cw.texture.query")
    __attribute__((nothrow, noconvergent));
/* Bytes (result, surface, kind, x, y, z, layer, size, boundary): reads `size` (1, 2, 4, 8 or 16) bytes at byte x of a row. Layer is 6 * layer + face in cubemaps. Boundary, when outside: 0 gives zeros, 1 the nearest place inside, 2 ends the launch. surf...read. */
extern "C" __attribute__((device)) void __cw_surface_load(void *, long long, int, int, int, int, int, int, int) __asm__("cw.surface.load")
    __attribute__((nothrow, noconvergent));
/* cw.surface.load's counterpart: stores `size` bytes of what the first operand points to; boundary 0 drops what is outside. surf...write. */
extern "C" __attribute__((device)) void __cw_surface_store(void *, long long, int, int, int, int, int, int, int) __asm__("cw.surface.store")
    __attribute__((nothrow, noconvergent));
/* Stores four 32-bit channels (channels, surface, kind, x, y, z, layer, boundary) in the surface's own format, x counting elements: integers are brought into range, floats rounded. PTX: sust.p. */
extern "C" __attribute__((device)) void __cw_surface_store_format(void *, long long, int, int, int, int, int, int) __asm__("cw.surface.store.format")
    __attribute__((nothrow, noconvergent));
/* Atomic operation (surface, kind, x, y, z, layer, operation, size, boundary, value) on `size` (4 or 8) bytes at byte x, or with size 0 on element x: 0 add, 1 and 2 signed and unsigned min, 3 and 4 max, 5 and, 6 or. PTX: sured. */
extern "C" __attribute__((device)) void __cw_surface_reduce(long long, int, int, int, int, int, int, int, int, long long) __asm__("cw.surface.reduce")
    __attribute__((nothrow, noconvergent));
/* What a surface is (surface, question), as cw.texture.query. PTX: suq. */
extern "C" __attribute__((device)) int __cw_surface_query(long long, int) __asm__("cw.surface.query")
    __attribute__((nothrow, noconvergent));
/* cudaGetParameterBuffer: memory for a kernel's parameters, 64-byte aligned, for one cw.child.launch; NULL on failure. */
extern "C" __attribute__((device)) void *__cw_child_buffer(__SIZE_TYPE__) __asm__("cw.child.buffer")
    __attribute__((nothrow, noconvergent));
/* cudaLaunchDevice (kernel, buffer, grid x y z, block x y z, dynamic shared memory, stream): launches a grid. */
extern "C" __attribute__((device)) int __cw_child_launch(void *, void *, int, int, int, int, int, int, int, void *) __asm__("cw.child.launch")
    __attribute__((nothrow, noconvergent));
/* cudaDeviceSynchronize of the first version of dynamic parallelism: waits for what the block has launched. */
extern "C" __attribute__((device)) int __cw_child_synchronize(void) __asm__("cw.child.synchronize")
    __attribute__((nothrow, noconvergent));
/* cudaMemcpyAsync and its kinds (to, pitch, slice, from, pitch, slice, width, height, depth, stream): copies a box of bytes. */
extern "C" __attribute__((device)) int __cw_child_copy(void *, __SIZE_TYPE__, __SIZE_TYPE__, void *, __SIZE_TYPE__, __SIZE_TYPE__, __SIZE_TYPE__, __SIZE_TYPE__, __SIZE_TYPE__, void *) __asm__("cw.child.copy")
    __attribute__((nothrow, noconvergent));
/* cudaMemsetAsync and its kinds (to, pitch, slice, byte, width, height, depth, stream). */
extern "C" __attribute__((device)) int __cw_child_fill(void *, __SIZE_TYPE__, __SIZE_TYPE__, int, __SIZE_TYPE__, __SIZE_TYPE__, __SIZE_TYPE__, void *) __asm__("cw.child.fill")
    __attribute__((nothrow, noconvergent));
/* cudaStreamCreateWithFlags(flags): NULL on failure. */
extern "C" __attribute__((device)) void *__cw_child_stream(int) __asm__("cw.child.stream")
    __attribute__((nothrow, noconvergent));
/* cudaStreamDestroy. */
extern "C" __attribute__((device)) int __cw_child_stream_end(void *) __asm__("cw.child.stream.end")
    __attribute__((nothrow, noconvergent));
/* cudaStreamWaitEvent(stream, event). */
extern "C" __attribute__((device)) int __cw_child_stream_wait(void *, void *) __asm__("cw.child.stream.wait")
    __attribute__((nothrow, noconvergent));
/* cudaEventCreateWithFlags(flags): NULL on failure. */
extern "C" __attribute__((device)) void *__cw_child_event(int) __asm__("cw.child.event")
    __attribute__((nothrow, noconvergent));
/* cudaEventDestroy. */
extern "C" __attribute__((device)) int __cw_child_event_end(void *) __asm__("cw.child.event.end")
    __attribute__((nothrow, noconvergent));
/* cudaEventRecord(event, stream). */
extern "C" __attribute__((device)) int __cw_child_event_record(void *, void *) __asm__("cw.child.event.record")
    __attribute__((nothrow, noconvergent));
/* Notes an error, but not success, as the thread's last one; gives it back. */
extern "C" __attribute__((device)) int __cw_error_note(int) __asm__("cw.error.note")
    __attribute__((nothrow, noconvergent));
/* cudaGetLastError (1) or cudaPeekAtLastError (0): the thread's last error. */
extern "C" __attribute__((device)) int __cw_error_last(int) __asm__("cw.error.last")
    __attribute__((nothrow, noconvergent));
/* What the runtime knows (question, argument): enum cw_device_question of cw_backend.h; -1 when it does not. */
extern "C" __attribute__((device)) long long __cw_ask(int, long long) __asm__("cw.ask")
    __attribute__((nothrow, noconvergent));
/* Of a kernel: its static shared memory (0), the most threads of a block (1), its local memory (2); -1 when it is none. */
extern "C" __attribute__((device)) long long __cw_ask_kernel(void *, int) __asm__("cw.ask.kernel")
    __attribute__((nothrow, noconvergent));

#endif
#endif
