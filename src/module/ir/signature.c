/* SPDX-License-Identifier: Apache-2.0 */
/*
 * signature.c: kernels' parameters with the source's names and types, as JSON, for whoever calls kernels without a C++
 * compiler (typed bindings of other languages). Read off the debug information, which knows what a mangled name doesn't:
 * kernels declared extern "C", members of classes, what pointers point to.
 *
 * One object a kernel: {"symbol", "name", "line", "parameters": [{"name", "type"}]}. A type is an object with "kind":
 *     "float", "int", "uint", "bool"          with "size" in bytes
 *     "pointer"                               with "size", "const" and, unless it is void, "to", a type
 *     "struct", "union"                       with "size", "name", "fields": [{"name", "offset", "type"}]
 *     "array"                                 with "size", "of", "count"
 *     "other"                                 with "size" and "name": what has no form outside C++
 * Source: DWARF 4, section 5 (type entries); LLVM's DebugInfoMetadata for the order of operands.
 */
#include "module/ir/ir.h"

#include <llvm-c/DebugInfo.h>
#include <stdlib.h>
#include <string.h>

/* DWARF 4, figure 18. */
enum {
    TAG_ARRAY = 0x01,
    TAG_CLASS = 0x02,
    TAG_ENUMERATION = 0x04,
    TAG_MEMBER = 0x0d,
    TAG_POINTER = 0x0f,
    TAG_REFERENCE = 0x10,
    TAG_STRUCTURE = 0x13,
    TAG_TYPEDEF = 0x16,
    TAG_UNION = 0x17,
    TAG_INHERITANCE = 0x1c,
    TAG_BASE = 0x24,
    TAG_CONST = 0x26,
    TAG_VOLATILE = 0x35,
    TAG_RESTRICT = 0x37,
};

/* Operands of LLVM's nodes. */
enum { OPERAND_NAME = 2, OPERAND_SUBPROGRAM_TYPE = 4, OPERAND_BASE = 5, OPERAND_PARAMETERS = 5, OPERAND_ELEMENTS = 6 };

/* Pointers lead back to the types that hold them; so deep is what anyone reads. */
enum { DEPTH_MAX = 6 };

struct writer {
    LLVMContextRef context;
    struct cw_text *out;
};

static void add_string(struct cw_text *out, const char *text, size_t length) {
    cw_text_add(out, "\"");
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)text[i] < 0x20) {
            cw_text_printf(out, "\\u%04x", (unsigned)(unsigned char)text[i]);
            continue;
        }
        if (text[i] == '"' || text[i] == '\\') {
            cw_text_add(out, "\\");
        }
        cw_text_append(out, text + i, 1);
    }
    cw_text_add(out, "\"");
}

/* Operand `index` of a node; NULL when there is none. */
static LLVMValueRef operand(const struct writer *writer, LLVMMetadataRef node, unsigned index) {
    LLVMValueRef value = LLVMMetadataAsValue(writer->context, node);
    unsigned count = LLVMGetMDNodeNumOperands(value);
    if (index >= count) {
        return NULL;
    }
    LLVMValueRef *operands = cw_alloc_array(count, sizeof *operands);
    LLVMGetMDNodeOperands(value, operands);
    LLVMValueRef found = operands[index];
    free(operands);
    return found;
}

static LLVMMetadataRef child(const struct writer *writer, LLVMMetadataRef node, unsigned index) {
    LLVMValueRef value = operand(writer, node, index);
    return value && LLVMIsAMDNode(value) ? LLVMValueAsMetadata(value) : NULL;
}

static void add_name(const struct writer *writer, LLVMMetadataRef node) {
    LLVMValueRef name = operand(writer, node, OPERAND_NAME);
    unsigned length = 0;
    const char *text = name && LLVMIsAMDString(name) ? LLVMGetMDString(name, &length) : "";
    add_string(writer->out, text, length);
}

static unsigned tag_of(LLVMMetadataRef type) {
    return type ? LLVMGetDINodeTag(type) : 0;
}

/* Below typedefs and qualifiers; notes whether one of those is const. */
static LLVMMetadataRef plain(const struct writer *writer, LLVMMetadataRef type, bool *is_const) {
    for (;;) {
        switch (tag_of(type)) {
        case TAG_CONST: *is_const = true; break;
        case TAG_TYPEDEF:
        case TAG_VOLATILE:
        case TAG_RESTRICT: break;
        default: return type;
        }
        type = child(writer, type, OPERAND_BASE);
    }
}

/* C's words for numbers, by what they say. */
static const char *kind_of_base(const char *name) {
    if (strstr(name, "float") || strstr(name, "double")) {
        return "float";
    }
    if (strcmp(name, "bool") == 0 || strcmp(name, "_Bool") == 0) {
        return "bool";
    }
    return strstr(name, "unsigned") ? "uint" : "int";
}

static void add_type(const struct writer *writer, LLVMMetadataRef type, int depth);

static void add_fields(const struct writer *writer, LLVMMetadataRef type, int depth) {
    LLVMMetadataRef elements = child(writer, type, OPERAND_ELEMENTS);
    unsigned count = elements ? LLVMGetMDNodeNumOperands(LLVMMetadataAsValue(writer->context, elements)) : 0;
    bool first = true;
    cw_text_add(writer->out, ", \"fields\": [");
    for (unsigned i = 0; i < count; i++) {
        LLVMMetadataRef element = child(writer, elements, i);
        unsigned tag = tag_of(element);
        if (tag != TAG_MEMBER && tag != TAG_INHERITANCE) {
            continue;
        }
        cw_text_add(writer->out, first ? "{\"name\": " : ", {\"name\": ");
        add_name(writer, element);
        cw_text_printf(writer->out, ", \"offset\": %llu, \"type\": ",
                       (unsigned long long)LLVMDITypeGetOffsetInBits(element) / 8);
        add_type(writer, child(writer, element, OPERAND_BASE), depth + 1);
        cw_text_add(writer->out, "}");
        first = false;
    }
    cw_text_add(writer->out, "]");
}

static void add_pointer(const struct writer *writer, LLVMMetadataRef type, int depth) {
    bool is_const = false;
    LLVMMetadataRef target = plain(writer, child(writer, type, OPERAND_BASE), &is_const);
    cw_text_printf(writer->out, "{\"kind\": \"pointer\", \"size\": %llu, \"const\": %s",
                   (unsigned long long)LLVMDITypeGetSizeInBits(type) / 8, is_const ? "true" : "false");
    if (target) {
        cw_text_add(writer->out, ", \"to\": ");
        add_type(writer, target, depth + 1);
    }
    cw_text_add(writer->out, "}");
}

static void add_array(const struct writer *writer, LLVMMetadataRef type, int depth) {
    bool is_const = false;
    unsigned long long size = LLVMDITypeGetSizeInBits(type) / 8;
    LLVMMetadataRef element = plain(writer, child(writer, type, OPERAND_BASE), &is_const);
    unsigned long long each = element ? LLVMDITypeGetSizeInBits(element) / 8 : 0;
    cw_text_printf(writer->out, "{\"kind\": \"array\", \"size\": %llu, \"count\": %llu, \"of\": ", size,
                   each ? size / each : 0);
    add_type(writer, element, depth + 1);
    cw_text_add(writer->out, "}");
}

static void add_type(const struct writer *writer, LLVMMetadataRef type, int depth) {
    bool is_const = false;
    type = plain(writer, type, &is_const);
    unsigned tag = tag_of(type);
    unsigned long long size = type ? LLVMDITypeGetSizeInBits(type) / 8 : 0;
    size_t length = 0;
    const char *name = type ? LLVMDITypeGetName(type, &length) : NULL;
    name = name ? name : "";
    if (depth < DEPTH_MAX) {
        switch (tag) {
        case TAG_BASE:
            cw_text_printf(writer->out, "{\"kind\": \"%s\", \"size\": %llu}", kind_of_base(name), size);
            return;
        case TAG_ENUMERATION: {
            LLVMMetadataRef base = child(writer, type, OPERAND_BASE);
            if (base) {
                add_type(writer, base, depth);
            } else {
                cw_text_printf(writer->out, "{\"kind\": \"int\", \"size\": %llu}", size);
            }
            return;
        }
        case TAG_POINTER:
        case TAG_REFERENCE: add_pointer(writer, type, depth); return;
        case TAG_ARRAY: add_array(writer, type, depth); return;
        case TAG_CLASS:
        case TAG_STRUCTURE:
        case TAG_UNION:
            cw_text_printf(writer->out, "{\"kind\": \"%s\", \"size\": %llu, \"name\": ", tag == TAG_UNION ? "union" : "struct",
                           size);
            add_name(writer, type);
            add_fields(writer, type, depth);
            cw_text_add(writer->out, "}");
            return;
        default: break;
        }
    }
    cw_text_printf(writer->out, "{\"kind\": \"other\", \"size\": %llu, \"name\": ", size);
    add_string(writer->out, name, length);
    cw_text_add(writer->out, "}");
}

/* The list of the types of result and parameters; NULL when the function was compiled without type information. */
static LLVMMetadataRef types_of(const struct writer *writer, LLVMValueRef function) {
    LLVMMetadataRef subprogram = LLVMGetSubprogram(function);
    LLVMMetadataRef type = subprogram ? child(writer, subprogram, OPERAND_SUBPROGRAM_TYPE) : NULL;
    return type ? child(writer, type, OPERAND_PARAMETERS) : NULL;
}

bool cw_module_has_types(const struct cw_module *module) {
    const struct writer writer = {module->compiler->context, NULL};
    for (LLVMValueRef f = LLVMGetFirstFunction(module->llvm); f; f = LLVMGetNextFunction(f)) {
        LLVMMetadataRef types = types_of(&writer, f);
        /* Line tables have a list too, with nothing in it. */
        if (types && LLVMGetMDNodeNumOperands(LLVMMetadataAsValue(writer.context, types)) > 0) {
            return true;
        }
    }
    return false;
}

/* False when the kernel was compiled without type information. */
static bool add_kernel(const struct writer *writer, LLVMValueRef function, const struct cw_kernel *kernel) {
    LLVMMetadataRef subprogram = LLVMGetSubprogram(function);
    LLVMMetadataRef types = types_of(writer, function);
    unsigned count = LLVMCountParams(function);
    /* The first of the types is the result's. */
    if (!types || LLVMGetMDNodeNumOperands(LLVMMetadataAsValue(writer->context, types)) != count + 1) {
        return false;
    }
    cw_text_add(writer->out, "{\"symbol\": ");
    add_string(writer->out, kernel->name, strlen(kernel->name));
    cw_text_add(writer->out, ", \"name\": ");
    add_name(writer, subprogram);
    cw_text_printf(writer->out, ", \"line\": %u, \"parameters\": [", kernel->line);
    for (unsigned i = 0; i < count; i++) {
        const char *name = cw_value_name(LLVMGetParam(function, i));
        cw_text_add(writer->out, i ? ", {\"name\": " : "{\"name\": ");
        add_string(writer->out, name, strlen(name));
        cw_text_add(writer->out, ", \"type\": ");
        add_type(writer, child(writer, types, i + 1), 0);
        cw_text_add(writer->out, "}");
    }
    cw_text_add(writer->out, "]}");
    return true;
}

cw_status cw_module_signatures(struct cw_compiler *compiler, const struct cw_module *module, struct cw_text *out) {
    const struct writer writer = {compiler->context, out};
    cw_text_add(out, "[");
    for (uint32_t i = 0; i < module->table.kernel_count; i++) {
        const struct cw_kernel *kernel = &module->table.kernels[i];
        LLVMValueRef function = LLVMGetNamedFunction(module->llvm, kernel->name);
        cw_text_add(out, i ? ",\n " : "\n ");
        if (!function || !add_kernel(&writer, function, kernel)) {
            cw_diagnose(compiler, function, "the kernel %s was compiled without information on its types", kernel->name);
            return CW_ERROR_UNSUPPORTED;
        }
    }
    cw_text_add(out, "\n]\n");
    return CW_OK;
}
