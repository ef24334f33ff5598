/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shapes.c: see shapes.h.
 *
 * Launches of few threads are not looked at: they stay as cheap as they are. The others of a shape are timed until they took LOOK_NS
 * together, then the cache is asked; if it has nothing, until they took COMPILE_NS, of which compiling is a small fraction: shorter programs
 * neither share a processor with it nor wait for it at their end. One thread
 * compiles what is asked for, one after another. It has a copy of all that it needs, so that modules can be unloaded meanwhile; what
 * comes out too late is in the cache all the same. The process doesn't end in the middle of a compilation, since LLVM's own
 * destructors would run beside it.
 */
#include "runtime/shapes.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "module/module.h"
#include "runtime/loading.h"
#include "runtime/thread.h"
#include "runtime/wait.h"

#define THREADS_MIN 4096u
#define LOOK_NS 1000000u
#define COMPILE_NS 1000000000u
#define BITCODE_MAX ((size_t)8 << 20) /* parsing more takes longer than what could be won */

enum mode { UNKNOWN, OFF, LATER, NOW };
enum state { COUNTING, LOOKED, SETTLED };

struct request {
    struct request *next;
    const struct cw_backend *backend;
    struct CUfunc_st *kernel;    /* NULL when it is gone */
    struct cw_rt_loaded *loaded; /* likewise */
    struct cw_rt_shape_source source; /* malloc'd copies */
};

/* Everything below; also held while code is handed to the backend. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t rested = PTHREAD_COND_INITIALIZER;
static struct request *first, *current;
static pid_t owner; /* the process that compiles; 0: none yet */
static bool working, ending;
static uint32_t waiting; /* launches that compile */

static enum mode mode(void) {
    static _Atomic int known;
    int answer = atomic_load_explicit(&known, memory_order_relaxed);
    if (answer == UNKNOWN) {
        const char *value = getenv("CUDA_WASM_SHAPES"), *vector = getenv("CUDA_WASM_VECTOR");
        answer = value && strcmp(value, "now") == 0 ? NOW : LATER;
        if ((value && strcmp(value, "0") == 0) || (vector && strcmp(vector, "0") == 0)) {
            answer = OFF;
        }
        atomic_store_explicit(&known, answer, memory_order_relaxed);
    }
    return (enum mode)answer;
}

/* ---- Sources -------------------------------------------------------------------------------------------------- */

static void shapes_free(struct cw_rt_shapes *shapes) {
    free(shapes->bitcode);
    free(shapes->target);
    free(shapes->cpu);
    free(shapes->features);
    free(shapes);
}

struct cw_rt_shapes *cw_rt_shapes_keep(const struct cw_backend *backend, const struct cw_entry *bitcode, const struct cw_entry *artifact) {
    if (!backend->kernel_shape || !bitcode || bitcode->size > BITCODE_MAX || mode() == OFF) {
        return NULL;
    }
    struct cw_rt_shapes *shapes = calloc(1, sizeof *shapes);
    if (!shapes) {
        return NULL;
    }
    shapes->bitcode = malloc(bitcode->size);
    shapes->size = bitcode->size;
    shapes->target = strdup(backend->target);
    shapes->cpu = strdup(artifact->cpu);
    shapes->features = strdup(artifact->features);
    if (!shapes->bitcode || !shapes->target || !shapes->cpu || !shapes->features) {
        shapes_free(shapes);
        return NULL;
    }
    memcpy(shapes->bitcode, bitcode->data, bitcode->size);
    return shapes;
}

static struct cw_rt_shape_source source_of(const struct CUfunc_st *kernel, const struct cw_rt_shape *shape) {
    const struct cw_rt_shapes *shapes = kernel->loaded->shapes;
    return (struct cw_rt_shape_source){shapes->bitcode, shapes->size, shapes->target, shapes->cpu, shapes->features, kernel->row->name, shape->block};
}

static void request_free(struct request *request) {
    const void *all[] = {request->source.bitcode, request->source.target, request->source.cpu, request->source.features, request->source.kernel};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        free((void *)(uintptr_t)all[i]);
    }
    free(request);
}

static struct request *request_make(const struct cw_backend *backend, struct CUfunc_st *kernel, const struct cw_rt_shape *shape) {
    const struct cw_rt_shape_source from = source_of(kernel, shape);
    struct request *request = calloc(1, sizeof *request);
    if (!request) {
        return NULL;
    }
    void *bitcode = malloc(from.size);
    request->backend = backend;
    request->kernel = kernel;
    request->loaded = kernel->loaded;
    request->source = (struct cw_rt_shape_source){bitcode, from.size, strdup(from.target), strdup(from.cpu), strdup(from.features),
                                                  strdup(from.kernel), from.block};
    if (!bitcode || !request->source.target || !request->source.cpu || !request->source.features || !request->source.kernel) {
        request_free(request);
        return NULL;
    }
    memcpy(bitcode, from.bitcode, from.size);
    return request;
}

/* ---- Making --------------------------------------------------------------------------------------------------- */

/* With the lock held. */
static void hand_over(const struct cw_backend *backend, struct CUfunc_st *kernel, const struct cw_dim3 *block, const struct cw_text *artifact,
                      const char *how) {
    char error[512] = "";
    if (backend->kernel_shape(kernel->backend, block, artifact->data, artifact->size, error, sizeof error) == CW_OK) {
        cw_rt_log("the kernel %s has code for blocks of (%u, %u, %u), %s", kernel->row->name, block->x, block->y, block->z, how);
    } else {
        cw_rt_log("the kernel %s keeps its code for any shape of blocks: %s", kernel->row->name, error);
    }
}

static void log_refusal(const struct cw_rt_shape_source *source, const struct cw_text *reason) {
    const char *words = cw_text_string(reason);
    words += strncmp(words, "error: ", 7) == 0 ? 7 : 0;
    cw_rt_log("the kernel %s keeps its code for any shape of blocks: %.*s", source->kernel, (int)strcspn(words, "\n"), words);
}

/* With the lock held, which is let go meanwhile. */
static void serve(struct request *request) {
    struct cw_text artifact = {0}, reason = {0};
    char key[33];
    pthread_mutex_unlock(&lock);
    cw_rt_shape_key(&request->source, key);
    bool made = cw_rt_shape_compile(&request->source, key, &artifact, &reason);
    pthread_mutex_lock(&lock);
    if (!made) {
        log_refusal(&request->source, &reason);
    } else if (request->kernel) {
        hand_over(request->backend, request->kernel, &request->source.block, &artifact, "compiled now");
    }
    cw_text_fini(&artifact);
    cw_text_fini(&reason);
}

/* Before the process ends. In a child of fork nobody compiles. */
static void end(void) {
    if (owner != getpid()) {
        return;
    }
    pthread_mutex_lock(&lock);
    ending = true;
    while (working || waiting) {
        pthread_cond_wait(&rested, &lock);
    }
    pthread_mutex_unlock(&lock);
}

/*
 * LLVM makes some of its static objects when they are first used, and what is registered last runs first: a function that atexit knows can
 * come too late. exit() runs the destructors of the calling thread's variables before all else (Itanium C++ ABI, "Thread-local
 * storage", as glibc does it), so the thread that loads this library, which is the one that usually ends the process, gets one.
 */
extern int __cxa_thread_atexit_impl(void (*destructor)(void *), void *object, void *library);
extern void *__dso_handle;

static void main_ends(void *unused) {
    (void)unused;
    end();
}

__attribute__((constructor)) static void watch_main(void) {
    if (gettid() == getpid()) {
        (void)__cxa_thread_atexit_impl(main_ends, NULL, &__dso_handle);
    }
}

/* With the lock held. Where another thread ends the process, this comes before what LLVM's library registered when it was opened. */
static void open_compiler(void) {
    static bool done;
    struct cw_text ignored = {0};
    if (done) {
        return;
    }
    done = true;
    pthread_mutex_unlock(&lock);
    bool opened = cw_rt_compiler_open(&ignored) != NULL;
    cw_text_fini(&ignored);
    if (opened) {
        atexit(end);
    }
    pthread_mutex_lock(&lock);
}

static void *work(void *unused) {
    (void)unused;
    pthread_mutex_lock(&lock);
    open_compiler();
    while (first && !ending) {
        current = first;
        first = first->next;
        serve(current);
        request_free(current);
        current = NULL;
    }
    working = false;
    pthread_cond_broadcast(&rested);
    pthread_mutex_unlock(&lock);
    return NULL;
}

/* With the lock held. The program's signals are for its own threads. */
static bool start(void) {
    sigset_t blocked, before;
    sigfillset(&blocked);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, (size_t)8 << 20);
    pthread_sigmask(SIG_SETMASK, &blocked, &before);
    pthread_t thread;
    bool started = pthread_create(&thread, &attributes, work, NULL) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return started;
}

static void ask(struct request *request) {
    struct request **last = &first;
    pthread_mutex_lock(&lock);
    bool forked = owner && owner != getpid();
    if (!owner && !ending) {
        owner = getpid();
        atexit(end); /* before the compiler is opened */
    }
    if (!ending && !forked) {
        while (*last) {
            last = &(*last)->next;
        }
        *last = request;
        request = NULL;
        working = working || start();
    }
    pthread_mutex_unlock(&lock);
    if (request) {
        request_free(request);
    }
}

void cw_rt_shapes_drop(struct cw_rt_loaded *loaded) {
    if (!loaded->shapes) {
        return;
    }
    pthread_mutex_lock(&lock);
    for (struct request **link = &first; *link;) {
        struct request *request = *link;
        if (request->loaded == loaded) {
            *link = request->next;
            request_free(request);
        } else {
            link = &request->next;
        }
    }
    if (current && current->loaded == loaded) {
        current->kernel = NULL;
        current->loaded = NULL;
    }
    pthread_mutex_unlock(&lock);
    shapes_free(loaded->shapes);
    loaded->shapes = NULL;
}

/* ---- Around launches ------------------------------------------------------------------------------------------ */

static bool same(const struct cw_dim3 *a, const struct cw_dim3 *b) {
    return a->x == b->x && a->y == b->y && a->z == b->z;
}

static struct cw_rt_shape *find(struct CUfunc_st *kernel, const struct cw_dim3 *block) {
    uint32_t count = atomic_load_explicit(&kernel->shape_count, memory_order_acquire);
    for (uint32_t i = 0; i < count; i++) {
        if (same(&kernel->shapes[i].block, block)) {
            return &kernel->shapes[i];
        }
    }
    return NULL;
}

static struct cw_rt_shape *find_or_add(struct CUfunc_st *kernel, const struct cw_dim3 *block) {
    struct cw_rt_shape *shape = find(kernel, block);
    if (shape || atomic_load_explicit(&kernel->shape_count, memory_order_relaxed) == CW_RT_SHAPES_MAX) {
        return shape;
    }
    pthread_mutex_lock(&lock);
    shape = find(kernel, block);
    uint32_t count = atomic_load_explicit(&kernel->shape_count, memory_order_relaxed);
    if (!shape && count < CW_RT_SHAPES_MAX) {
        shape = &kernel->shapes[count];
        shape->block = *block;
        atomic_store_explicit(&kernel->shape_count, count + 1, memory_order_release);
    }
    pthread_mutex_unlock(&lock);
    return shape;
}

/* From the cache, or, with `compile`, made now. */
static bool take(const struct cw_backend *backend, struct CUfunc_st *kernel, const struct cw_rt_shape *shape, bool compile) {
    const struct cw_rt_shape_source source = source_of(kernel, shape);
    struct cw_text artifact = {0}, reason = {0};
    char key[33];
    cw_rt_shape_key(&source, key);
    bool cached = cw_rt_shape_cached(key, &artifact);
    if (!cached && compile) {
        pthread_mutex_lock(&lock);
        owner = owner ? owner : getpid();
        open_compiler();
        compile = !ending;
        waiting += compile;
        pthread_mutex_unlock(&lock);
    }
    bool made = !cached && compile && cw_rt_shape_compile(&source, key, &artifact, &reason);
    if (!cached && compile) {
        pthread_mutex_lock(&lock);
        waiting--;
        pthread_cond_broadcast(&rested);
        pthread_mutex_unlock(&lock);
    }
    if (cached || made) {
        pthread_mutex_lock(&lock);
        hand_over(backend, kernel, &source.block, &artifact, cached ? "from the cache" : "compiled now");
        pthread_mutex_unlock(&lock);
    } else if (compile) {
        log_refusal(&source, &reason);
    }
    cw_text_fini(&artifact);
    cw_text_fini(&reason);
    return cached || made;
}

/* True if this thread is the one that moves it on. */
static bool move_on(struct cw_rt_shape *shape, int from, int to) {
    return atomic_compare_exchange_strong_explicit(&shape->state, &from, to, memory_order_acq_rel, memory_order_relaxed);
}

struct cw_rt_shape *cw_rt_shape_begin(struct CUfunc_st *kernel, const struct cw_launch *launch, uint64_t *start_ns) {
    const struct cw_dim3 *block = &launch->block, *grid = &launch->grid;
    if ((uint64_t)block->x * block->y * block->z * grid->x * ((uint64_t)grid->y * grid->z) < THREADS_MIN && mode() != NOW) {
        return NULL;
    }
    struct cw_rt_shape *shape = find_or_add(kernel, block);
    if (!shape || atomic_load_explicit(&shape->state, memory_order_relaxed) == SETTLED) {
        return NULL;
    }
    if (mode() == NOW) {
        const struct cw_backend *backend;
        if (move_on(shape, COUNTING, SETTLED) && cw_rt_backend(&backend) == cudaSuccess) {
            (void)take(backend, kernel, shape, true);
        }
        return NULL;
    }
    *start_ns = cw_rt_now_ns();
    return shape;
}

void cw_rt_shape_end(struct CUfunc_st *kernel, struct cw_rt_shape *shape, uint64_t start_ns) {
    uint64_t took = cw_rt_now_ns() - start_ns;
    uint64_t sum = atomic_fetch_add_explicit(&shape->ns, took, memory_order_relaxed) + took;
    const struct cw_backend *backend;
    if (sum < LOOK_NS || cw_rt_backend(&backend) != cudaSuccess) {
        return;
    }
    if (move_on(shape, COUNTING, LOOKED) && take(backend, kernel, shape, false)) {
        atomic_store_explicit(&shape->state, SETTLED, memory_order_relaxed);
    }
    if (sum >= COMPILE_NS && move_on(shape, LOOKED, SETTLED)) {
        struct request *request = request_make(backend, kernel, shape);
        if (request) {
            ask(request);
        }
    }
}
