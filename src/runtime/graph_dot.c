/* SPDX-License-Identifier: Apache-2.0 */
/* graph_dot.c: graphs written as DOT files, for Graphviz: one box a node, a cluster for each child graph and body. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cuda/cuda_runtime_api.h"
#include "runtime/graph.h"
#include "runtime/loading.h"
#include "runtime/thread.h"

#define KNOWN_FLAGS ((unsigned)(0x1f7d | cudaGraphDebugDotFlagsVerbose | cudaGraphDebugDotFlagsConditionalNodeParams))

static const char *const type_names[] = {
    [cudaGraphNodeTypeKernel] = "KERNEL",
    [cudaGraphNodeTypeMemcpy] = "MEMCPY",
    [cudaGraphNodeTypeMemset] = "MEMSET",
    [cudaGraphNodeTypeHost] = "HOST",
    [cudaGraphNodeTypeGraph] = "GRAPH",
    [cudaGraphNodeTypeEmpty] = "EMPTY",
    [cudaGraphNodeTypeWaitEvent] = "EVENT_WAIT",
    [cudaGraphNodeTypeEventRecord] = "EVENT_RECORD",
    [cudaGraphNodeTypeMemAlloc] = "MEM_ALLOC",
    [cudaGraphNodeTypeMemFree] = "MEM_FREE",
    [CW_RT_NODE_WORDS] = "BATCH_MEM_OP",
    [cudaGraphNodeTypeConditional] = "CONDITIONAL",
};

struct printer {
    FILE *file;
    unsigned flags;
};

static bool wants(const struct printer *printer, unsigned flag) {
    return (printer->flags & (flag | cudaGraphDebugDotFlagsVerbose)) != 0;
}

/* Function names may hold characters that mean something to DOT. */
static void print_text(FILE *file, const char *text) {
    for (; *text; text++) {
        if (*text == '"' || *text == '\\') {
            fputc('\\', file);
        }
        fputc(*text, file);
    }
}

static void print_kernel(const struct printer *printer, const struct CUgraphNode_st *node) {
    const struct cw_rt_request *request = &node->of.kernel.request;
    fputs("\\n", printer->file);
    print_text(printer->file, request->kernel->row->name);
    if (wants(printer, cudaGraphDebugDotFlagsKernelNodeParams)) {
        fprintf(printer->file, "\\n<<<(%u,%u,%u), (%u,%u,%u), %zu>>>", request->grid.x, request->grid.y,
                request->grid.z, request->block.x, request->block.y, request->block.z, request->shared);
    }
    if (wants(printer, cudaGraphDebugDotFlagsKernelNodeAttributes)) {
        fprintf(printer->file, "\\ncooperative: %d", request->cooperative);
        if (request->cluster.x) {
            fprintf(printer->file, "\\ncluster: (%u,%u,%u)", request->cluster.x, request->cluster.y, request->cluster.z);
        }
    }
}

static void print_details(const struct printer *printer, const struct CUgraphNode_st *node) {
    FILE *file = printer->file;
    switch (node->type) {
    case cudaGraphNodeTypeKernel:
        print_kernel(printer, node);
        break;
    case cudaGraphNodeTypeMemcpy:
        if (wants(printer, cudaGraphDebugDotFlagsMemcpyNodeParams)) {
            const struct cudaMemcpy3DParms *copy = &node->of.copy.params;
            fprintf(file, "\\n%p <- %p\\nextent: %zu x %zu x %zu\\nkind: %d", copy->dstPtr.ptr, copy->srcPtr.ptr,
                    copy->extent.width, copy->extent.height, copy->extent.depth, (int)copy->kind);
        }
        break;
    case cudaGraphNodeTypeMemset:
        if (wants(printer, cudaGraphDebugDotFlagsMemsetNodeParams)) {
            const struct cudaMemsetParams *fill = &node->of.fill.params;
            fprintf(file, "\\n%p\\nvalue: 0x%x of %u bytes\\n%zu x %zu", fill->dst, fill->value, fill->elementSize,
                    fill->width, fill->height);
        }
        break;
    case cudaGraphNodeTypeHost:
        if (wants(printer, cudaGraphDebugDotFlagsHostNodeParams)) {
            fprintf(file, "\\nfunction: %p\\ndata: %p", (void *)(uintptr_t)node->of.host.fn, node->of.host.userData);
        }
        break;
    case cudaGraphNodeTypeWaitEvent:
    case cudaGraphNodeTypeEventRecord:
        if (wants(printer, cudaGraphDebugDotFlagsEventNodeParams)) {
            fprintf(file, "\\nevent: %p", (void *)node->of.event);
        }
        break;
    case cudaGraphNodeTypeMemAlloc:
        fprintf(file, "\\n%zu bytes", node->of.alloc.params.bytesize);
        break;
    case cudaGraphNodeTypeConditional:
        if (wants(printer, cudaGraphDebugDotFlagsConditionalNodeParams)) {
            static const char *const names[] = {"IF", "WHILE", "SWITCH"};
            fprintf(file, "\\n%s, %u bodies", names[node->of.conditional.type], node->of.conditional.size);
        }
        break;
    default:
        break;
    }
    if (wants(printer, cudaGraphDebugDotFlagsHandles)) {
        fprintf(file, "\\nhandle: %p", (const void *)node);
    }
}

static void print_graph(const struct printer *printer, const struct CUgraph_st *graph, const char *label);

static void print_inner(const struct printer *printer, const struct CUgraph_st *inner,
                        const struct CUgraphNode_st *node, const char *label) {
    print_graph(printer, inner, label);
    if (inner->count > 0) {
        fprintf(printer->file, "n%llu -> n%llu [style=dashed];\n", (unsigned long long)node->identity,
                (unsigned long long)inner->nodes[0]->identity);
    }
}

static void print_node(const struct printer *printer, const struct CUgraphNode_st *node) {
    fprintf(printer->file, "n%llu [shape=box, label=\"%zu: %s", (unsigned long long)node->identity, node->index,
            type_names[node->type]);
    print_details(printer, node);
    fputs("\"];\n", printer->file);
    for (size_t i = 0; i < node->dependencies.count; i++) {
        fprintf(printer->file, "n%llu -> n%llu;\n", (unsigned long long)node->dependencies.items[i].node->identity,
                (unsigned long long)node->identity);
    }
    if (node->type == cudaGraphNodeTypeGraph) {
        print_inner(printer, node->of.child.graph, node, "child graph");
    }
    for (unsigned i = 0; node->type == cudaGraphNodeTypeConditional && i < node->of.conditional.size; i++) {
        print_inner(printer, node->of.conditional.bodies[i], node, "body");
    }
}

static void print_graph(const struct printer *printer, const struct CUgraph_st *graph, const char *label) {
    if (label) {
        fprintf(printer->file, "subgraph cluster_%llu {\nlabel=\"%s\";\n", (unsigned long long)graph->identity, label);
    } else {
        fprintf(printer->file, "digraph graph_%llu {\n", (unsigned long long)graph->identity);
    }
    for (size_t i = 0; i < graph->count; i++) {
        print_node(printer, graph->nodes[i]);
    }
    fputs("}\n", printer->file);
}

static cudaError_t dot_print(cudaGraph_t graph, const char *path, unsigned flags) {
    if (!path || (flags & ~KNOWN_FLAGS)) {
        return cw_rt_fail(cudaErrorInvalidValue, path ? "unknown flags 0x%x" : "the path is NULL", flags);
    }
    pthread_mutex_lock(&cw_rt_graph_lock);
    cudaError_t error = cw_rt_graph_check(graph);
    if (error == cudaSuccess) {
        struct printer printer = {fopen(path, "we"), flags};
        if (printer.file) {
            print_graph(&printer, graph, NULL);
        }
        bool written = printer.file && !ferror(printer.file);
        if (printer.file && fclose(printer.file) != 0) {
            written = false;
        }
        if (!written) {
            error = cw_rt_fail(cudaErrorOperatingSystem, "%s can't be written: %s", path, strerror(errno));
        }
    }
    pthread_mutex_unlock(&cw_rt_graph_lock);
    return error;
}

cudaError_t cudaGraphDebugDotPrint(cudaGraph_t graph, const char *path, unsigned flags) {
    return cw_rt_record(dot_print(graph, path, flags));
}
