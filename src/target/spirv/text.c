/* SPDX-License-Identifier: Apache-2.0 */
/* text.c: SPIR-V as text, in the syntax of SPIRV-Tools: "%7 = OpIAdd %3 %5 %6". Which operands are ids and which are numbers
 * is told by a pattern for the few instructions that have numbers. */
#include <stdio.h>
#include <string.h>

#include "target/spirv/spirv.h"

/* Operands: i id, t result type, r result, n number, s string, * the last one again for the rest. */
static const struct pattern {
    enum spv_op op;
    const char *name, *operands;
} patterns[] = {
#define CW_OP(name, number) {SPV_##name, #name, NULL},
#include "target/spirv/words.def"
};

static const struct {
    enum spv_op op;
    const char *operands;
} special[] = {
    {SPV_Name, "is"}, {SPV_Extension, "s"}, {SPV_ExtInstImport, "rs"}, {SPV_ExtInst, "trini*"}, {SPV_MemoryModel, "nn"},
    {SPV_EntryPoint, "nisi*"}, {SPV_ExecutionMode, "in*"}, {SPV_Capability, "n"}, {SPV_TypeVoid, "r"}, {SPV_TypeBool, "r"},
    {SPV_TypeInt, "rnn"}, {SPV_TypeFloat, "rn"}, {SPV_TypeVector, "rin"}, {SPV_TypeArray, "rii"}, {SPV_TypeStruct, "ri*"},
    {SPV_TypePointer, "rni"}, {SPV_TypeFunction, "ri*"}, {SPV_Constant, "trn*"}, {SPV_SpecConstant, "trn"},
    {SPV_SpecConstantOp, "trni*"}, {SPV_Function, "trni"}, {SPV_FunctionEnd, ""}, {SPV_Variable, "trn"}, {SPV_Load, "trin*"},
    {SPV_Store, "iin*"}, {SPV_Decorate, "in*"}, {SPV_MemberDecorate, "inn*"}, {SPV_CompositeExtract, "trin*"},
    {SPV_ControlBarrier, "iii"}, {SPV_MemoryBarrier, "ii"}, {SPV_AtomicStore, "iiii"}, {SPV_LoopMerge, "iin"},
    {SPV_SelectionMerge, "in"}, {SPV_Label, "r"}, {SPV_Branch, "i"}, {SPV_BranchConditional, "iii"}, {SPV_Switch, "iini*"},
    {SPV_Return, ""}, {SPV_Unreachable, ""},
};

static const struct pattern *find_pattern(uint32_t op) {
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        if ((uint32_t)patterns[i].op == op) {
            return &patterns[i];
        }
    }
    return NULL;
}

static const char *operands_of(uint32_t op) {
    for (size_t i = 0; i < sizeof special / sizeof special[0]; i++) {
        if ((uint32_t)special[i].op == op) {
            return special[i].operands;
        }
    }
    return "tri*";
}

static void print_operands(struct cw_text *out, uint32_t op, const uint32_t *words, uint32_t count) {
    const char *kind = operands_of(op);
    for (uint32_t i = 1; i < count; i++) {
        char what = *kind;
        if (what == '*' || !what) {
            what = kind > operands_of(op) ? kind[-1] : 'i';
        } else {
            kind++;
        }
        /* The pairs of a switch go on as number and label. */
        if (op == SPV_Switch && i > 2) {
            what = i % 2 ? 'n' : 'i';
        }
        if (what == 'r') {
            continue;
        }
        if (what == 's') {
            const char *text = (const char *)(words + i);
            cw_text_printf(out, " \"%s\"", text);
            i += (uint32_t)strlen(text) / 4;
        } else {
            cw_text_printf(out, what == 'n' ? " %u" : " %%%u", words[i]);
        }
    }
}

void spv_print(struct cw_text *out, const uint32_t *words, size_t count) {
    for (size_t at = 5; at < count;) {
        uint32_t size = words[at] >> 16, op = words[at] & 0xffff;
        const struct pattern *pattern = find_pattern(op);
        const char *kind = operands_of(op), *result = strchr(kind, 'r');
        if (result) {
            cw_text_printf(out, "%%%u = ", words[at + 1 + (size_t)(result - kind)]);
        }
        cw_text_printf(out, "Op%s", pattern ? pattern->name : "?");
        print_operands(out, op, words + at, size);
        cw_text_printf(out, "\n");
        at += size ? size : 1;
    }
}
