/* SPDX-License-Identifier: Apache-2.0 */
/*
 * entry.c: kernels without parameters.
 *
 * A shader's entry point takes none; they lie in memory that it reads. So each kernel becomes a function that is inlined
 * into a new one of its name, which reads the arguments. A class is passed as LLVM's byval, which copies it when it is
 * inlined, since each thread may change its own; copies that nobody changes go again. The entry has no debug
 * information of its own: what is inlined keeps its places.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "target/shader/shader.h"

struct wrapper {
    LLVMModuleRef llvm;
    LLVMContextRef context;
    LLVMBuilderRef builder;
    LLVMValueRef params;
};

static LLVMValueRef parameter_address(const struct wrapper *wrapper, uint32_t offset) {
    LLVMValueRef index = LLVMConstInt(LLVMInt64TypeInContext(wrapper->context), offset, 0);
    return LLVMBuildInBoundsGEP2(wrapper->builder, LLVMInt8TypeInContext(wrapper->context), wrapper->params, &index, 1, "");
}

static void set_invariant(const struct wrapper *wrapper, LLVMValueRef load) {
    unsigned kind = LLVMGetMDKindIDInContext(wrapper->context, "invariant.load", 14);
    LLVMSetMetadata(load, kind, LLVMMetadataAsValue(wrapper->context, LLVMMDNodeInContext2(wrapper->context, NULL, 0)));
}

static LLVMValueRef argument(const struct wrapper *wrapper, LLVMValueRef kernel, unsigned index, const struct cw_parameter *row) {
    LLVMBuilderRef b = wrapper->builder;
    LLVMTypeRef type = LLVMTypeOf(LLVMGetParam(kernel, index));
    LLVMValueRef address = parameter_address(wrapper, row->offset);
    if (LLVMGetEnumAttributeAtIndex(kernel, index + 1, cw_attribute_kind("byval"))) {
        return LLVMBuildAddrSpaceCast(b, address, type, "");
    }
    bool is_bool = LLVMGetTypeKind(type) == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(type) == 1;
    LLVMValueRef load = LLVMBuildLoad2(b, is_bool ? LLVMInt8TypeInContext(wrapper->context) : type, address, "");
    LLVMSetAlignment(load, row->align < 16 ? row->align : 16);
    set_invariant(wrapper, load);
    return is_bool ? LLVMBuildICmp(b, LLVMIntNE, load, LLVMConstNull(LLVMTypeOf(load)), "") : load;
}

static void copy_attributes(LLVMValueRef kernel, LLVMValueRef call) {
    static const char *const kinds[] = {"byval", "align"};
    for (unsigned i = 0; i < LLVMCountParams(kernel); i++) {
        for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
            LLVMAttributeRef attribute = LLVMGetEnumAttributeAtIndex(kernel, i + 1, cw_attribute_kind(kinds[k]));
            if (attribute) {
                LLVMAddCallSiteAttribute(call, i + 1, attribute);
            }
        }
    }
}

static void add_text_attribute(const struct wrapper *wrapper, LLVMValueRef function, const char *name, const char *text) {
    LLVMAttributeRef attribute =
        LLVMCreateStringAttribute(wrapper->context, name, (unsigned)strlen(name), text, (unsigned)strlen(text));
    LLVMAddAttributeAtIndex(function, CW_FUNCTION_INDEX, attribute);
}

static void annotate(const struct wrapper *wrapper, LLVMValueRef entry, const struct cw_kernel *row, uint32_t refused_features) {
    static const char *const names[] = {
#define X(name, text) text,
        CW_FEATURE_LIST(X)
#undef X
    };
    char *text = cw_format("%u %u %u %u %s", row->param_bytes, row->max_threads, row->line, row->features, row->source);
    add_text_attribute(wrapper, entry, CW_SHADER_ROW, text);
    free(text);
    struct cw_text refused = {0};
    for (uint32_t f = 0; f < CW_FEATURE_COUNT; f++) {
        if (row->features & refused_features & 1u << f) {
            cw_text_printf(&refused, "%s%s", refused.size ? ", " : "", names[f]);
        }
    }
    if (refused.size) {
        add_text_attribute(wrapper, entry, CW_SHADER_REFUSED, cw_text_string(&refused));
    }
    cw_text_fini(&refused);
}

bool cw_shader_row(LLVMValueRef function, struct cw_kernel *row, char *buffer, size_t size) {
    unsigned length;
    LLVMAttributeRef attribute = LLVMGetStringAttributeAtIndex(function, CW_FUNCTION_INDEX, CW_SHADER_ROW, sizeof CW_SHADER_ROW - 1);
    *row = (struct cw_kernel){.name = cw_value_name(function), .source = ""};
    if (!attribute) {
        return false;
    }
    const char *text = LLVMGetStringAttributeValue(attribute, &length);
    snprintf(buffer, size, "%.*s", (int)length, text);
    int read = 0;
    (void)sscanf(buffer, "%u %u %u %u %n", &row->param_bytes, &row->max_threads, &row->line, &row->features, &read);
    row->source = buffer + read;
    return true;
}

static void wrap(struct wrapper *wrapper, LLVMValueRef kernel, const struct cw_kernel *row, uint32_t refused_features) {
    LLVMTypeRef type = LLVMFunctionType(LLVMVoidTypeInContext(wrapper->context), NULL, 0, 0);
    char *name = cw_strdup(row->name), *body = cw_format("%s.body", row->name);
    LLVMSetValueName2(kernel, body, strlen(body));
    LLVMValueRef entry = LLVMAddFunction(wrapper->llvm, name, type);
    free(body);
    free(name);
    LLVMSetFunctionCallConv(entry, CW_CALLING_CONVENTION_KERNEL);
    LLVMSetFunctionCallConv(kernel, LLVMCCallConv);
    LLVMSetLinkage(kernel, LLVMInternalLinkage);
    cw_add_attribute(entry, "nounwind", 0);
    cw_add_attribute(entry, "convergent", 0);
    cw_remove_attribute(kernel, "optnone");
    cw_remove_attribute(kernel, "noinline");
    cw_add_attribute(kernel, "alwaysinline", 0);
    annotate(wrapper, entry, row, refused_features);
    LLVMPositionBuilderAtEnd(wrapper->builder, LLVMAppendBasicBlockInContext(wrapper->context, entry, "entry"));
    if (row->features & refused_features) {
        LLVMBuildRetVoid(wrapper->builder);
        return;
    }
    LLVMValueRef *arguments = cw_alloc_array(row->param_count + 1u, sizeof *arguments);
    for (uint32_t i = 0; i < row->param_count; i++) {
        arguments[i] = argument(wrapper, kernel, i, &row->params[i]);
    }
    LLVMValueRef call = LLVMBuildCall2(wrapper->builder, LLVMGlobalGetValueType(kernel), kernel, arguments, row->param_count, "");
    copy_attributes(kernel, call);
    free(arguments);
    LLVMBuildRetVoid(wrapper->builder);
}

static LLVMValueRef add_params(LLVMModuleRef llvm, LLVMContextRef context, const struct cw_module *module) {
    uint32_t size = 1;
    for (uint32_t i = 0; i < module->table.kernel_count; i++) {
        uint32_t bytes = module->table.kernels[i].param_bytes;
        size = bytes > size ? bytes : size;
    }
    LLVMTypeRef type = LLVMArrayType2(LLVMInt8TypeInContext(context), size);
    LLVMValueRef params = LLVMAddGlobalInAddressSpace(llvm, type, CW_SHADER_PARAMS, CW_SHADER_SPACE_PARAMS);
    LLVMSetGlobalConstant(params, 1);
    LLVMSetAlignment(params, 16);
    return params;
}

void cw_shader_entries(const struct cw_module *module, LLVMModuleRef llvm, uint32_t refused_features) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    struct wrapper wrapper = {.llvm = llvm, .context = context, .builder = LLVMCreateBuilderInContext(context)};
    wrapper.params = add_params(llvm, context, module);
    for (uint32_t i = 0; i < module->table.kernel_count; i++) {
        LLVMValueRef kernel = LLVMGetNamedFunction(llvm, module->table.kernels[i].name);
        if (kernel && !cw_is_declaration(kernel)) {
            wrap(&wrapper, kernel, &module->table.kernels[i], refused_features);
        }
    }
    LLVMDisposeBuilder(wrapper.builder);
}
