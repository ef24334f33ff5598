// SPDX-License-Identifier: Apache-2.0
// NVCC: skip the words of logs are our own
// What NVRTC refuses, and what its log says: files and lines, options, handles, name expressions.
// EXPECT: version: ok
// EXPECT: error in the source: ok
// EXPECT: error in a header: ok
// EXPECT: warning: ok
// EXPECT: options: ok
// EXPECT: standards: ok
// EXPECT: macros and pre-includes: ok
// EXPECT: default execution space: ok
// EXPECT: the same again: ok
// EXPECT: cubin: ok
// EXPECT: link-time: ok
// EXPECT: no host headers: ok
// EXPECT: handles: ok
// EXPECT: name expressions: ok
// EXPECT: error strings: ok
// EXPECT: several threads: ok
// EXPECT: without clang: ok
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include <nvrtc.h>

struct Outcome {
    nvrtcResult result;
    std::string log, code;
    size_t ptx = 0, cubin = 0, lto = 0;
};

static Outcome compile(const char *source, std::vector<const char *> options, const char *header = nullptr,
                       const char *expression = nullptr) {
    const char *name = "part.h";
    nvrtcProgram program;
    Outcome outcome;
    size_t size = 0;
    nvrtcCreateProgram(&program, source, "program.cu", header ? 1 : 0, &header, &name);
    if (expression)
        nvrtcAddNameExpression(program, expression);
    outcome.result = nvrtcCompileProgram(program, static_cast<int>(options.size()), options.data());
    nvrtcGetProgramLogSize(program, &size);
    outcome.log.resize(size);
    nvrtcGetProgramLog(program, &outcome.log[0]);
    nvrtcGetPTXSize(program, &outcome.ptx);
    nvrtcGetCUBINSize(program, &outcome.cubin);
    nvrtcGetLTOIRSize(program, &outcome.lto);
    outcome.code.resize(outcome.ptx);
    if (outcome.ptx > 0)
        nvrtcGetPTX(program, &outcome.code[0]);
    nvrtcDestroyProgram(&program);
    return outcome;
}

static bool says(const Outcome &outcome, const char *words) { return outcome.log.find(words) != std::string::npos; }
static void say(const char *what, bool fine) { std::printf("%s: %s\n", what, fine ? "ok" : "wrong"); }

int main() {
    int major = 0, minor = 0, count = 0;
    std::vector<int> list(100);
    bool fine = nvrtcVersion(&major, &minor) == NVRTC_SUCCESS && major == 12 &&
                nvrtcVersion(nullptr, &minor) == NVRTC_ERROR_INVALID_INPUT &&
                nvrtcGetNumSupportedArchs(&count) == NVRTC_SUCCESS && count > 0;
    nvrtcGetSupportedArchs(list.data());
    bool has_80 = false;
    for (int i = 0; i < count; i++)
        has_80 = has_80 || list[static_cast<size_t>(i)] == 80;
    say("version", fine && has_80);

    const char *good = "extern \"C\" __global__ void k(int *p) { *p = 1; }\n";
    Outcome outcome = compile("__global__ void k(int *p) {\n  *p = missing;\n}\n", {});
    say("error in the source", outcome.result == NVRTC_ERROR_COMPILATION && says(outcome, "program.cu(2): error:") &&
                                   says(outcome, "missing") && says(outcome, "1 error detected in the compilation") &&
                                   outcome.ptx == 0);
    outcome = compile("#include \"part.h\"\n", {}, "\n\n__device__ int f() { return wrong; }\n");
    say("error in a header", outcome.result == NVRTC_ERROR_COMPILATION && says(outcome, "part.h(3): error:"));
    const char *warns = "__device__ int f(int a) { a == 1; return a; }\n";
    outcome = compile(warns, {});
    fine = outcome.result == NVRTC_SUCCESS && says(outcome, "program.cu(1): warning:");
    say("warning", fine && !says(compile(warns, {"-w"}), "warning"));

    fine = compile(good, {"--no-such-option"}).result == NVRTC_ERROR_INVALID_OPTION &&
           says(compile(good, {"--no-such-option"}), "no-such-option") &&
           compile(good, {"--fmad=maybe"}).result == NVRTC_ERROR_INVALID_OPTION &&
           compile(good, {"--gpu-architecture=sm_1"}).result == NVRTC_ERROR_INVALID_OPTION &&
           compile(good, {"-std=c++42"}).result == NVRTC_ERROR_INVALID_OPTION &&
           compile(good, {"--maxrregcount"}).result == NVRTC_ERROR_INVALID_OPTION &&
           compile(good, {"--optix-ir"}).result == NVRTC_ERROR_INVALID_OPTION;
    say("options", fine && compile(good, {"-arch", "compute_75", "--use_fast_math", "--fmad=false", "-lineinfo",
                                          "--maxrregcount=32", "-G", "--restrict", "-Xptxas", "-v"})
                                   .result == NVRTC_SUCCESS);

    const char *cxx20 = "template <typename T> concept Any = true;\n__device__ int f(Any auto x) { return x; }\n";
    say("standards", compile(cxx20, {"-std=c++20"}).result == NVRTC_SUCCESS &&
                         compile(cxx20, {"-std=c++14"}).result == NVRTC_ERROR_COMPILATION &&
                         compile("static_assert(__cplusplus == 201103L, \"\");\n", {"--std=c++11"}).result ==
                             NVRTC_SUCCESS);
    say("macros and pre-includes",
        compile("#if defined(ONE) && TWO == 2 && !defined(THREE) && defined(__CUDACC_RTC__)\nHEADER\n#endif\n",
                {"-DONE", "-D", "TWO=2", "--define-macro=THREE", "-UTHREE", "--pre-include=part.h"},
                "#define HEADER __device__ int value;\n")
                .result == NVRTC_SUCCESS);
    const char *plain = "int twice(int x) { return 2 * x; }\n__global__ void k(int *p) { *p = twice(*p); }\n";
    say("default execution space", compile(plain, {}).result == NVRTC_ERROR_COMPILATION &&
                                       compile(plain, {"-default-device"}).result == NVRTC_SUCCESS);

    Outcome real = compile(good, {"-arch=sm_80"}), virtual_one = compile(good, {"-arch=compute_80"});
    Outcome again = compile(good, {"-arch=sm_80", "--no-cache"}), twice = compile(good, {"--no-cache", "-arch=sm_80"});
    say("the same again", again.code == twice.code && !again.code.empty());
    say("cubin", real.cubin > 0 && real.ptx > 0 && virtual_one.cubin == 0 && virtual_one.ptx > 0);
    Outcome lto = compile(good, {"-dlto"});
    say("link-time", lto.result == NVRTC_SUCCESS && lto.lto > 0 && lto.ptx == 0 && real.lto == 0);
    say("no host headers", says(compile("#include <vector>\n", {}), "program.cu(1)") &&
                               compile("#include <vector>\n", {}).result == NVRTC_ERROR_COMPILATION);

    nvrtcProgram program = nullptr, none = nullptr;
    size_t size = 0;
    const char *header = nullptr;
    fine = nvrtcCreateProgram(nullptr, good, nullptr, 0, nullptr, nullptr) == NVRTC_ERROR_INVALID_INPUT &&
           nvrtcCreateProgram(&program, nullptr, nullptr, 0, nullptr, nullptr) == NVRTC_ERROR_INVALID_INPUT &&
           nvrtcCreateProgram(&program, good, nullptr, -1, nullptr, nullptr) == NVRTC_ERROR_INVALID_INPUT &&
           nvrtcCreateProgram(&program, good, nullptr, 1, &header, nullptr) == NVRTC_ERROR_INVALID_INPUT &&
           nvrtcCompileProgram(none, 0, nullptr) == NVRTC_ERROR_INVALID_PROGRAM &&
           nvrtcGetPTXSize(none, &size) == NVRTC_ERROR_INVALID_PROGRAM &&
           nvrtcDestroyProgram(&none) == NVRTC_ERROR_INVALID_PROGRAM;
    nvrtcCreateProgram(&program, good, nullptr, 0, nullptr, nullptr);
    nvrtcProgram gone = program;
    nvrtcDestroyProgram(&program);
    say("handles", fine && program == nullptr && nvrtcGetProgramLogSize(gone, &size) == NVRTC_ERROR_INVALID_PROGRAM);

    outcome = compile(good, {}, nullptr, "nothing<int>");
    say("name expressions", outcome.result == NVRTC_ERROR_COMPILATION && says(outcome, "nothing"));
    say("error strings", std::strcmp(nvrtcGetErrorString(NVRTC_ERROR_INVALID_OPTION), "NVRTC_ERROR_INVALID_OPTION") == 0);

    bool compiled[3] = {};
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; i++)
        threads.emplace_back([i, &compiled] {
            std::string source = "__global__ void k(int *p) { *p = " + std::to_string(i) + "; }\n";
            compiled[i] = compile(source.c_str(), {}).result == NVRTC_SUCCESS;
        });
    for (std::thread &thread : threads)
        thread.join();
    say("several threads", compiled[0] && compiled[1] && compiled[2]);
    setenv("CUDA_WASM_CLANG", "/nowhere/clang++", 1);
    outcome = compile("__device__ int never_seen;\n", {});
    say("without clang", outcome.result == NVRTC_ERROR_BUILTIN_OPERATION_FAILURE && says(outcome, "clang-22"));
    return 0;
}
