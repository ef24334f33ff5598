/* SPDX-License-Identifier: Apache-2.0 */
/* descriptor.c: the artifact's one exported symbol, `cw_cpu_artifact`, with the tables of backend/cpu/artifact.h. Field
 * order here is that of the structs there. */
#include <llvm-c/Target.h>
#include <stdlib.h>
#include <string.h>

#include "backend/cpu/artifact.h"
#include "target/cpu/cpu.h"

const struct cw_cpu_form cw_cpu_native = {.symbol = CW_CPU_ARTIFACT_SYMBOL};

struct table_builder {
    LLVMModuleRef llvm;
    LLVMContextRef context;
    LLVMTypeRef i32, i64, pointer;
};

static LLVMValueRef number(struct table_builder *table, uint32_t value) {
    return LLVMConstInt(table->i32, value, 0);
}

static LLVMValueRef hidden_constant(struct table_builder *table, LLVMValueRef initializer, const char *name) {
    LLVMValueRef global = LLVMAddGlobal(table->llvm, LLVMTypeOf(initializer), name);
    LLVMSetInitializer(global, initializer);
    LLVMSetGlobalConstant(global, 1);
    LLVMSetLinkage(global, LLVMPrivateLinkage);
    return global;
}

static LLVMValueRef string(struct table_builder *table, const char *text) {
    return hidden_constant(table, LLVMConstStringInContext2(table->context, text, strlen(text), 0), "cw.name");
}

/* Rows to one constant array; a NULL pointer when there are none. */
static LLVMValueRef array(struct table_builder *table, LLVMValueRef *rows, uint32_t count, const char *name) {
    if (!count) return LLVMConstNull(table->pointer);
    return hidden_constant(table, LLVMConstArray2(LLVMTypeOf(rows[0]), rows, count), name);
}

static LLVMValueRef kernels(struct table_builder *table, const struct cw_cpu_entry *entries, uint32_t count,
                            const struct cw_shared_layout *layout) {
    LLVMValueRef *rows = cw_alloc_array(count + 1, sizeof *rows);
    for (uint32_t i = 0; i < count; i++) {
        const struct cw_kernel *kernel = entries[i].kernel;
        const uint32_t *scale = entries[i].needs.block_scale;
        LLVMValueRef nothing = LLVMConstNull(table->pointer);
        LLVMValueRef fields[] = {string(table, kernel->name),
                                 entries[i].run ? entries[i].run : nothing,
                                 entries[i].run_all ? entries[i].run_all : nothing,
                                 entries[i].run_lanes ? entries[i].run_lanes : nothing,
                                 number(table, entries[i].run_lanes ? entries[i].lanes : 0),
                                 number(table, entries[i].suspends),
                                 number(table, scale[0]),
                                 number(table, scale[1]),
                                 number(table, scale[2]),
                                 number(table, entries[i].needs.frame_bytes),
                                 number(table, layout->kernel_ends[i]),
                                 number(table, layout->dynamic_offset),
                                 number(table, kernel->param_bytes),
                                 number(table, kernel->max_threads),
                                 number(table, entries[i].streamed),
                                 number(table, entries[i].needs.stream_bytes),
                                 number(table, entries[i].needs.stream_loops),
                                 number(table, kernel->cluster.x),
                                 number(table, kernel->cluster.y),
                                 number(table, kernel->cluster.z)};
        rows[i] = LLVMConstStructInContext(table->context, fields, sizeof fields / sizeof fields[0], 0);
    }
    LLVMValueRef result = array(table, rows, count, "cw.kernels");
    free(rows);
    return result;
}

/* Linked code imports nothing; that it launches kernels is told by a row without a slot. */
static LLVMValueRef linked_imports(struct table_builder *table, uint32_t *count) {
    static const char launch[] = "cw.child.launch";
    *count = LLVMGetNamedFunction(table->llvm, cw_cpu_service_symbol(launch)) ? 1 : 0;
    if (!*count) return LLVMConstNull(table->pointer);
    LLVMValueRef fields[2] = {string(table, launch), LLVMConstNull(table->pointer)};
    LLVMValueRef row = LLVMConstStructInContext(table->context, fields, 2, 0);
    return array(table, &row, 1, "cw.imports");
}

static LLVMValueRef imports(struct table_builder *table, uint32_t *count) {
    LLVMValueRef *rows = NULL;
    size_t capacity = 0;
    *count = 0;
    for (LLVMValueRef g = LLVMGetFirstGlobal(table->llvm); g; g = LLVMGetNextGlobal(g)) {
        const char *name = cw_value_name(g);
        if (strncmp(name, CW_CPU_SLOT_PREFIX, sizeof CW_CPU_SLOT_PREFIX - 1) != 0) continue;
        rows = cw_grow(rows, *count, &capacity, sizeof *rows);
        LLVMValueRef fields[2] = {string(table, name + sizeof CW_CPU_SLOT_PREFIX - 1), g};
        rows[(*count)++] = LLVMConstStructInContext(table->context, fields, 2, 0);
    }
    LLVMValueRef result = array(table, rows, *count, "cw.imports");
    free(rows);
    return result;
}

static LLVMValueRef variable_row(struct table_builder *table, LLVMValueRef global, uint64_t size) {
    LLVMValueRef fields[3] = {string(table, cw_value_name(global)), global, LLVMConstInt(table->i64, size, 0)};
    return LLVMConstStructInContext(table->context, fields, 3, 0);
}

static bool is_in_table(const struct cw_module *module, const char *name) {
    for (uint32_t i = 0; i < module->table.variable_count; i++)
        if (strcmp(module->table.variables[i].name, name) == 0) return true;
    return false;
}

/* What the host knows, and, in code that is loaded, what only kernels do: code for one shape of blocks finds it by name. */
static LLVMValueRef variables(struct table_builder *table, const struct cw_module *module, bool linked, uint32_t *count) {
    uint32_t total = module->table.variable_count;
    LLVMValueRef *rows = NULL;
    size_t capacity = 0;
    *count = 0;
    for (uint32_t i = 0; i < total; i++) {
        const struct cw_variable *variable = &module->table.variables[i];
        LLVMValueRef global = LLVMGetNamedGlobal(table->llvm, variable->name);
        if (!global) continue;
        LLVMSetLinkage(global, LLVMInternalLinkage);
        rows = cw_grow(rows, *count, &capacity, sizeof *rows);
        rows[(*count)++] = variable_row(table, global, variable->size);
    }
    LLVMTargetDataRef layout = LLVMGetModuleDataLayout(table->llvm);
    for (LLVMValueRef g = LLVMGetFirstGlobal(table->llvm); g && !linked; g = LLVMGetNextGlobal(g)) {
        const char *name = cw_value_name(g);
        if (!name[0] || !LLVMGetFirstUse(g) || !cw_cpu_is_variable(g) || is_in_table(module, name)) continue;
        rows = cw_grow(rows, *count, &capacity, sizeof *rows);
        rows[(*count)++] = variable_row(table, g, LLVMABISizeOfType(layout, LLVMGlobalGetValueType(g)));
    }
    LLVMValueRef result = array(table, rows, *count, "cw.variables");
    free(rows);
    return result;
}

void cw_cpu_add_descriptor(const struct cw_module *module, LLVMModuleRef llvm, const struct cw_cpu_entry *entries,
                           const struct cw_shared_layout *layout, const struct cw_cpu_form *form, const struct cw_dim3 *shape) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    struct table_builder table = {llvm, context, LLVMInt32TypeInContext(context), LLVMInt64TypeInContext(context),
                                  LLVMPointerTypeInContext(context, 0)};
    uint32_t import_count, variable_count, kernel_count = module->table.kernel_count;
    LLVMValueRef kernel_rows = kernels(&table, entries, kernel_count, layout);
    LLVMValueRef import_rows = form->linked ? linked_imports(&table, &import_count) : imports(&table, &import_count);
    LLVMValueRef variable_rows = variables(&table, module, form->linked, &variable_count);
    LLVMValueRef sizes[3] = {number(&table, shape ? shape->x : 0), number(&table, shape ? shape->y : 0), number(&table, shape ? shape->z : 0)};
    LLVMValueRef fields[8] = {number(&table, CW_CPU_ARTIFACT_ABI), number(&table, kernel_count), kernel_rows, number(&table, import_count),
                              number(&table, variable_count), import_rows, variable_rows, LLVMConstArray2(table.i32, sizes, 3)};
    LLVMValueRef descriptor = LLVMConstStructInContext(context, fields, 8, 0);
    LLVMValueRef symbol = LLVMAddGlobal(llvm, LLVMTypeOf(descriptor), form->symbol);
    LLVMSetInitializer(symbol, descriptor);
    LLVMSetGlobalConstant(symbol, 1);
    if (form->linked) LLVMSetVisibility(symbol, LLVMHiddenVisibility);
    /* Everything else stays inside the object. */
    for (LLVMValueRef g = LLVMGetFirstGlobal(llvm); g; g = LLVMGetNextGlobal(g))
        if (g != symbol && !LLVMIsDeclaration(g) && LLVMGetLinkage(g) != LLVMPrivateLinkage && LLVMGetLinkage(g) != LLVMAppendingLinkage)
            LLVMSetLinkage(g, LLVMInternalLinkage);
}
