// SPDX-License-Identifier: Apache-2.0
// What PTX asks for and no target has is refused by its name, at its line, all of it at once; what is wrong is told with the line.
// NVCC: skip NVIDIA's hardware has what is refused
// EXPECT: grids of clusters: refused
// EXPECT: warpgroup product: refused
// EXPECT: tensor copy: refused
// EXPECT: several memories: refused
// EXPECT: texture offset: refused
// EXPECT: reference: refused
// EXPECT: driver's register: refused
// EXPECT: two at once: refused
// EXPECT: undeclared: refused
// EXPECT: missing function: refused
#include <cstring>
#include <string>

#include "check_driver.h"

#define BEGIN ".version 8.3\n.target sm_90\n.address_size 64\n"
#define KERNEL(text)                                                                                                   \
    BEGIN ".visible .entry k()\n{\n.reg .b32 %r<9>;\n.reg .b64 %x<4>;\n.reg .b128 %q<4>;\n" text "\nret;\n}\n"

static void refused(const char *name, const char *ptx, const char *first, const char *second = "") {
    static char log[8192];
    CUjit_option options[] = {CU_JIT_ERROR_LOG_BUFFER, CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES};
    void *values[] = {log, (void *)sizeof log};
    CUmodule module;
    log[0] = 0;
    CUresult result = cuModuleLoadDataEx(&module, ptx, 2, options, values);
    bool fine = result != CUDA_SUCCESS && std::strstr(log, first) && std::strstr(log, second);
    std::printf("%s: %s\n", name, fine ? "refused" : (std::string("result ") + std::to_string((int)result) + ", " + log).c_str());
}

int main() {
    driver_start();
    refused("grids of clusters", ".version 9.0\n.target sm_90\n.address_size 64\n.visible .entry k() .reqntid 32 .reqnctapercluster 2 .blocksareclusters\n{\nret;\n}\n", "ptx:4:17: error: .blocksareclusters");
    refused("warpgroup product", KERNEL("wgmma.fence.sync.aligned;"), "ptx:9:1: error: warpgroup matrix instructions (wgmma)");
    refused("tensor copy", KERNEL("cp.async.bulk.tensor.1d.global.shared::cta.bulk_group [%x1, {%r1}], [%r2];"), "tensor copies (cp.async.bulk.tensor)");
    refused("several memories", KERNEL("multimem.ld_reduce.global.add.u32 %r1, [%x1];"), "multi-memory instructions (multimem)");
    refused("texture offset", KERNEL("tex.2d.v4.u32.s32 {%r1,%r2,%r3,%r4}, [%x1, {%r5,%r6}], {%r7,%r8};"), "tex with an offset");
    refused("reference", BEGIN ".global .samplerref s;\n.visible .entry k()\n{\nret;\n}\n", "samplers of their own");
    refused("driver's register", KERNEL("mov.b32 %r1, %envreg7;"), "%envreg");
    refused("two at once", KERNEL("multimem.red.global.add.u32 [%x1], %r1;\ntcgen05.wait::ld.sync.aligned;"), "ptx:9:1: error: multi-memory", "ptx:10:1: error: fifth");
    refused("undeclared", KERNEL("add.u32 %r1, %s1, 1;"), "ptx:9:14: error: ");
    refused("missing function", BEGIN ".extern .func nobody;\n.visible .entry k()\n{\ncall nobody;\nret;\n}\n", "nobody");
    return 0;
}
