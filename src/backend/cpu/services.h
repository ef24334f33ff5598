/* SPDX-License-Identifier: Apache-2.0 */
/*
 * services.h: the functions that kernels import, one for each intrinsic that generated code does not resolve itself.
 * They run on thread stacks. What each one means is said in module/intrinsics.def; artifact.h says how types map.
 */
#ifndef CW_BACKEND_CPU_SERVICES_H
#define CW_BACKEND_CPU_SERVICES_H

#include <stddef.h>
#include <stdint.h>

/* The service that artifacts import as `name`, or NULL. */
void *cw_cpu_service_find(const char *name);

/* barrier.c */
void cw_cpu_barrier(uint32_t id, uint32_t count);
uint32_t cw_cpu_barrier_popc(uint32_t predicate);
uint32_t cw_cpu_barrier_and(uint32_t predicate);
uint32_t cw_cpu_barrier_or(uint32_t predicate);
uint64_t cw_cpu_barrier_arrive(uint32_t id, uint32_t count);
void cw_cpu_barrier_wait(uint32_t id, uint64_t phase);

/* cluster.c */
void cw_cpu_cluster_arrive(void);
void cw_cpu_cluster_wait(void);

/* warp.c */
void cw_cpu_warp_sync(uint32_t mask);
uint32_t cw_cpu_shfl_idx(uint32_t mask, uint32_t value, uint32_t lane, uint32_t width);
uint32_t cw_cpu_shfl_up(uint32_t mask, uint32_t value, uint32_t delta, uint32_t width);
uint32_t cw_cpu_shfl_down(uint32_t mask, uint32_t value, uint32_t delta, uint32_t width);
uint32_t cw_cpu_shfl_xor(uint32_t mask, uint32_t value, uint32_t lane_mask, uint32_t width);
uint64_t cw_cpu_shfl_idx_b64(uint32_t mask, uint64_t value, uint32_t lane, uint32_t width);
uint64_t cw_cpu_shfl_up_b64(uint32_t mask, uint64_t value, uint32_t delta, uint32_t width);
uint64_t cw_cpu_shfl_down_b64(uint32_t mask, uint64_t value, uint32_t delta, uint32_t width);
uint64_t cw_cpu_shfl_xor_b64(uint32_t mask, uint64_t value, uint32_t lane_mask, uint32_t width);
uint32_t cw_cpu_vote_all(uint32_t mask, uint32_t predicate);
uint32_t cw_cpu_vote_any(uint32_t mask, uint32_t predicate);
uint32_t cw_cpu_vote_uni(uint32_t mask, uint32_t predicate);
uint32_t cw_cpu_vote_ballot(uint32_t mask, uint32_t predicate);
uint32_t cw_cpu_match_any(uint32_t mask, uint32_t value);
uint32_t cw_cpu_match_all(uint32_t mask, uint32_t value);
uint32_t cw_cpu_match_any_b64(uint32_t mask, uint64_t value);
uint32_t cw_cpu_match_all_b64(uint32_t mask, uint64_t value);
uint32_t cw_cpu_redux_add(uint32_t mask, uint32_t value);
uint32_t cw_cpu_redux_min(uint32_t mask, uint32_t value);
uint32_t cw_cpu_redux_max(uint32_t mask, uint32_t value);
uint32_t cw_cpu_redux_umin(uint32_t mask, uint32_t value);
uint32_t cw_cpu_redux_umax(uint32_t mask, uint32_t value);
uint32_t cw_cpu_redux_and(uint32_t mask, uint32_t value);
uint32_t cw_cpu_redux_or(uint32_t mask, uint32_t value);
uint32_t cw_cpu_redux_xor(uint32_t mask, uint32_t value);

/* progress.c */
void cw_cpu_thread_exit(void);
uint64_t cw_cpu_barrier_vote(uint32_t positives, uint32_t lanes);
uint32_t cw_cpu_activemask(void);
void cw_cpu_yield(void);
void cw_cpu_poll(void);
void cw_cpu_nanosleep(uint32_t nanoseconds);

/* grid.c */
uint32_t cw_cpu_grid_valid(void);
void *cw_cpu_grid_workspace(void);
uint64_t cw_cpu_grid_arrive(void);
void cw_cpu_grid_wait(uint64_t token);

/* query.c */
uint32_t cw_cpu_is_shared(const void *pointer);
uint32_t cw_cpu_is_global(const void *pointer);
uint32_t cw_cpu_is_local(const void *pointer);
uint64_t cw_cpu_clock64(void);
uint64_t cw_cpu_globaltimer(void);
void cw_cpu_breakpoint(void);

/* trap.c */
_Noreturn void cw_cpu_trap(void);
_Noreturn void cw_cpu_assert_fail(const char *expression, const char *file, uint32_t line, const char *function,
                                  size_t char_size);
_Noreturn void cw_cpu_pure_virtual(void);
_Noreturn void cw_cpu_deleted_virtual(void);

/* print.c, heap.c */
uint32_t cw_cpu_vprintf(const char *format, const void *arguments);
void *cw_cpu_malloc(size_t size);
void cw_cpu_free(void *pointer);

/* texture.c, surface.c */
void cw_cpu_texture_fetch(void *result, uint64_t texture, uint32_t kind, int32_t x, int32_t y, int32_t z);
void cw_cpu_texture_fetch_level(void *result, uint64_t texture, uint32_t kind, int32_t x, int32_t y, int32_t z, int32_t level);
void cw_cpu_texture_sample(void *result, uint64_t texture, uint32_t kind, float x, float y, float z, int32_t layer);
void cw_cpu_texture_sample_lod(void *result, uint64_t texture, uint32_t kind, float x, float y, float z, int32_t layer,
                               float level);
void cw_cpu_texture_sample_grad(void *result, uint64_t texture, uint32_t kind, float x, float y, float z, int32_t layer,
                                float ax, float ay, float az, float bx, float by, float bz);
void cw_cpu_texture_gather(void *result, uint64_t texture, uint32_t kind, float x, float y, float z, int32_t layer, uint32_t component);
int32_t cw_cpu_texture_query(uint64_t texture, uint32_t question, int32_t level);
int32_t cw_cpu_surface_query(uint64_t surface, uint32_t question);
void cw_cpu_surface_store_format(const void *channels, uint64_t surface, uint32_t kind, int32_t x, int32_t y, int32_t z, int32_t layer,
                                 uint32_t boundary);
void cw_cpu_surface_reduce(uint64_t surface, uint32_t kind, int32_t x, int32_t y, int32_t z, int32_t layer, uint32_t operation, uint32_t size,
                           uint32_t boundary, uint64_t value);
void cw_cpu_surface_load(void *result, uint64_t surface, uint32_t kind, int32_t x, int32_t y, int32_t z, int32_t layer,
                         uint32_t size, uint32_t boundary);
void cw_cpu_surface_store(const void *value, uint64_t surface, uint32_t kind, int32_t x, int32_t y, int32_t z,
                          int32_t layer, uint32_t size, uint32_t boundary);


/* child.c */
void *cw_cpu_child_buffer(size_t size);
uint32_t cw_cpu_child_launch(const char *name, void *buffer, uint32_t grid_x, uint32_t grid_y, uint32_t grid_z,
                             uint32_t block_x, uint32_t block_y, uint32_t block_z, uint32_t shared, void *stream);
uint32_t cw_cpu_child_copy(void *to, size_t to_pitch, size_t to_slice, const void *from, size_t from_pitch,
                           size_t from_slice, size_t width, size_t height, size_t depth, void *stream);
uint32_t cw_cpu_child_fill(void *to, size_t pitch, size_t slice, uint32_t value, size_t width, size_t height,
                           size_t depth, void *stream);
uint32_t cw_cpu_child_synchronize(void);
void *cw_cpu_child_stream(uint32_t flags);
uint32_t cw_cpu_child_stream_end(void *handle);
uint32_t cw_cpu_child_stream_wait(void *stream, void *handle);
void *cw_cpu_child_event(uint32_t flags);
uint32_t cw_cpu_child_event_end(void *handle);
uint32_t cw_cpu_child_event_record(void *handle, void *stream);
uint32_t cw_cpu_error_note(uint32_t error);
uint32_t cw_cpu_error_last(uint32_t reset);
uint64_t cw_cpu_ask(uint32_t question, uint64_t argument);
uint64_t cw_cpu_ask_kernel(const char *name, uint32_t question);

#endif
