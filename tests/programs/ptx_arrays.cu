// SPDX-License-Identifier: Apache-2.0
// A local array of 40 floats as compilers write it in PTX, a register and a statement an element: what a CPU makes loops over an array of again,
// or leaves as it is where that would change a result. Each kernel against what it means, on 64 threads with memory of their own.
// EXPECT: sums: 0 wrong
// EXPECT: backwards: 0 wrong
// EXPECT: scaled: 0 wrong
// EXPECT: total: 0 wrong
// EXPECT: total_inside: 0 wrong
// EXPECT: one_escapes: 0 wrong
// EXPECT: store_between: 0 wrong
// EXPECT: store_between_stores: 0 wrong
// EXPECT: exchanged: 0 wrong
// EXPECT: shifted: 0 wrong
// EXPECT: over_itself: 0 wrong
// EXPECT: seldom: 0 wrong
#include <cstdio>
#include <cstdlib>
#include <cuda.h>
#include <functional>
#include <string>
#include <vector>

constexpr int elements = 40, threads = 64, slice = 128, turns = 5;

static void check(CUresult result, const char *what) {
    if (result == CUDA_SUCCESS)
        return;
    printf("%s: error %d\n", what, int(result));
    exit(1);
}

// `text` for every element, with the element's number for @, its bytes for &, the number before for <, the one after for >.
static std::string each(const std::string &text, bool backwards = false) {
    std::string all;
    for (int n = 0; n < elements; n++) {
        int k = backwards ? elements - 1 - n : n;
        for (char c : text) {
            if (c == '@')
                all += std::to_string(k);
            else if (c == '&')
                all += std::to_string(4 * k);
            else if (c == '<')
                all += std::to_string((k + elements - 1) % elements);
            else if (c == '>')
                all += std::to_string((k + 1) % elements);
            else
                all += c;
        }
    }
    return all;
}

static const std::string zeros = each("mov.f32 %s@, 0f00000000;"), stores = each("st.global.f32 [%out+&], %s@;");

// %in and %out are the thread's own, %i counts the turns; the body is in a loop, `after` behind it.
static std::string kernel(const std::string &name, const std::string &before, const std::string &body, const std::string &after) {
    return ".visible .entry " + name + "(.param .u64 in, .param .u64 out, .param .u32 n) {\n"
           ".reg .f32 %s<40>, %t<40>, %x<40>, %f<9>; .reg .b64 %in, %out, %a<4>; .reg .b32 %i, %n, %r<4>; .reg .pred %p<3>;\n"
           "ld.param.u64 %a0, [in]; ld.param.u64 %a1, [out]; ld.param.u32 %n, [n]; cvta.to.global.u64 %a0, %a0; cvta.to.global.u64 %a1, %a1;\n"
           "mov.u32 %r0, %tid.x; mul.wide.u32 %a2, %r0, 512; add.s64 %in, %a0, %a2; add.s64 %out, %a1, %a2; mov.u32 %i, 0;\n" +
           before + "\nsetp.lt.s32 %p0, %n, 1; @%p0 bra done;\nturn:\n" + body +
           "\nadd.s32 %i, %i, 1; setp.lt.s32 %p0, %i, %n; @%p0 bra turn;\ndone:\n" + after + "\nret;\n}\n";
}

struct floats {
    float in[slice], out[slice];
};

struct test {
    std::string name, text;
    std::function<void(floats &, int)> model;
};

static const std::string add = each("ld.global.f32 %x@, [%in+&]; add.f32 %s@, %s@, %x@;");

static void add_all(const floats &f, float *s) {
    for (int k = 0; k < elements; k++)
        s[k] += f.in[k];
}

static std::vector<test> tests() {
    std::vector<test> list;
    auto make = [&](const std::string &name, const std::string &before, const std::string &body, const std::string &after,
                    std::function<void(floats &, int)> model) { list.push_back({name, kernel(name, before, body, after), model}); };
    make("sums", zeros, add, stores, [](floats &f, int n) {
        float s[elements] = {};
        for (int i = 0; i < n; i++)
            add_all(f, s);
        std::copy(s, s + elements, f.out);
    });
    make("backwards", zeros, each("ld.global.f32 %x@, [%in+&];") + each("add.f32 %s@, %s@, %x@;", true), each("st.global.f32 [%out+&], %s@;", true),
         [](floats &f, int n) {
             float s[elements] = {};
             for (int i = 0; i < n; i++)
                 add_all(f, s);
             std::copy(s, s + elements, f.out);
         });
    // As in attention: scaled before each turn, and a sum over products with another array.
    make("scaled", zeros + each("ld.global.f32 %t@, [%in+&];") + "mov.f32 %f0, 0f00000000;",
         "mov.f32 %f1, 0f00000000;" + each("ld.global.f32 %x@, [%in+&]; fma.rn.f32 %f1, %t@, %x@, %f1;") +
             each("mul.f32 %s@, %s@, 0f3F000000;") + add + "add.f32 %f0, %f0, %f1;",
         stores + "st.global.f32 [%out+400], %f0;", [](floats &f, int n) {
             float s[elements] = {}, all = 0;
             for (int i = 0; i < n; i++) {
                 float sum = 0;
                 for (int k = 0; k < elements; k++)
                     sum = f.in[k] * f.in[k] + sum; // whole numbers: exact
                 all += sum;
                 for (int k = 0; k < elements; k++)
                     s[k] = s[k] * 0.5f + f.in[k];
             }
             std::copy(s, s + elements, f.out);
             f.out[100] = all;
         });
    // The sum of all is needed before the first is stored.
    make("total", zeros, add, "mov.f32 %f0, 0f00000000;" + each("add.f32 %f0, %f0, %s@;") + each("mul.f32 %s@, %s@, %f0;") + stores, [](floats &f, int n) {
        float s[elements] = {}, all = 0;
        for (int i = 0; i < n; i++)
            add_all(f, s);
        for (float x : s)
            all += x;
        for (int k = 0; k < elements; k++)
            f.out[k] = s[k] * all;
    });
    // The sum of what a turn computes limits it.
    make("total_inside", zeros, add + "mov.f32 %f0, 0f00000000;" + each("add.f32 %f0, %f0, %s@;") + each("min.f32 %s@, %s@, %f0;"), stores, [](floats &f, int n) {
        float s[elements] = {};
        for (int i = 0; i < n; i++) {
            float all = 0;
            add_all(f, s);
            for (float x : s)
                all += x;
            for (float &x : s)
                x = x < all ? x : all;
        }
        std::copy(s, s + elements, f.out);
    });
    make("one_escapes", zeros + "mov.f32 %f0, 0f00000000;", add + "add.f32 %f0, %f0, %s7;", stores + "st.global.f32 [%out+400], %f0;", [](floats &f, int n) {
        float s[elements] = {}, one = 0;
        for (int i = 0; i < n; i++) {
            add_all(f, s);
            one += s[7];
        }
        std::copy(s, s + elements, f.out);
        f.out[100] = one;
    });
    // What is stored in the middle is loaded by the later half alone.
    std::string half = each("ld.global.f32 %x@, [%in+&];");
    size_t middle = half.find("ld.global.f32 %x20,");
    make("store_between", zeros, half.substr(0, middle) + "st.global.f32 [%in+32], %s1; st.global.f32 [%in+120], %s2;" + half.substr(middle) +
         each("add.f32 %s@, %s@, %x@;"), stores, [](floats &f, int n) {
        float s[elements] = {}, x[elements];
        for (int i = 0; i < n; i++) {
            std::copy(f.in, f.in + 20, x);
            f.in[8] = s[1];
            f.in[30] = s[2];
            std::copy(f.in + 20, f.in + elements, x + 20);
            for (int k = 0; k < elements; k++)
                s[k] += x[k];
        }
        std::copy(s, s + elements, f.out);
    });
    size_t later = stores.find("st.global.f32 [%out+80]");
    make("store_between_stores", zeros, add, stores.substr(0, later) + "ld.global.f32 %f0, [%out+20]; st.global.f32 [%out+100], %f0;" + stores.substr(later) +
         "ld.global.f32 %f1, [%out+100]; st.global.f32 [%out+400], %f0; st.global.f32 [%out+404], %f1;", [](floats &f, int n) {
        float s[elements] = {};
        for (int i = 0; i < n; i++)
            add_all(f, s);
        std::copy(s, s + elements, f.out);
        f.out[100] = s[5];
        f.out[101] = s[25];
    });
    // Two arrays that change places in every turn.
    make("exchanged", zeros + each("mov.f32 %t@, 0f3F800000;"), each("ld.global.f32 %x@, [%in+&]; add.f32 %x@, %x@, %s@; mov.f32 %s@, %t@; mov.f32 %t@, %x@;"),
         stores + each("st.global.f32 [%out+256+&], %t@;"), [](floats &f, int n) {
             float s[elements] = {}, t[elements];
             for (float &x : t)
                 x = 1;
             for (int i = 0; i < n; i++)
                 for (int k = 0; k < elements; k++) {
                     float x = f.in[k] + s[k];
                     s[k] = t[k];
                     t[k] = x;
                 }
             std::copy(s, s + elements, f.out);
             std::copy(t, t + elements, f.out + 64);
         });
    // Each takes its neighbour's value.
    make("shifted", each("ld.global.f32 %s@, [%in+&];"), each("add.f32 %t@, %s>, 0f3F800000;") + each("mov.f32 %s@, %t@;"), stores, [](floats &f, int n) {
        float s[elements], t[elements];
        std::copy(f.in, f.in + elements, s);
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < elements; k++)
                t[k] = s[(k + 1) % elements] + 1;
            std::copy(t, t + elements, s);
        }
        std::copy(s, s + elements, f.out);
    });
    // Loads and stores of one array, an element apart: all are loaded before the first is stored.
    make("over_itself", zeros, each("ld.global.f32 %x@, [%in+&];") + each("add.f32 %s@, %s@, %x@; st.global.f32 [%in+4+&], %s@;"), stores, [](floats &f, int n) {
        float s[elements] = {}, x[elements];
        for (int i = 0; i < n; i++) {
            std::copy(f.in, f.in + elements, x);
            for (int k = 0; k < elements; k++)
                f.in[k + 1] = s[k] += x[k];
        }
        std::copy(s, s + elements, f.out);
    });
    // Threads that add in different turns.
    make("seldom", zeros, "and.b32 %r1, %r0, %i; setp.eq.s32 %p1, %r1, 0; @%p1 bra skip;" + add + "skip:", stores, nullptr);
    return list;
}

int main() {
    CUdevice device;
    CUcontext context;
    CUmodule module;
    check(cuInit(0), "cuInit");
    check(cuDeviceGet(&device, 0), "cuDeviceGet");
#if CUDA_VERSION >= 13000
    check(cuCtxCreate(&context, nullptr, 0, device), "cuCtxCreate");
#else
    check(cuCtxCreate(&context, 0, device), "cuCtxCreate");
#endif
    std::string text = ".version 7.0\n.target sm_80\n.address_size 64\n";
    std::vector<test> all = tests();
    for (const test &t : all)
        text += t.text;
    check(cuModuleLoadData(&module, text.c_str()), "cuModuleLoadData");
    CUdeviceptr in, out;
    size_t bytes = size_t(threads) * slice * sizeof(float);
    check(cuMemAlloc(&in, bytes), "cuMemAlloc");
    check(cuMemAlloc(&out, bytes), "cuMemAlloc");
    for (const test &t : all) {
        std::vector<float> numbers(threads * slice), results(threads * slice), after(threads * slice);
        for (size_t i = 0; i < numbers.size(); i++)
            numbers[i] = float(int(i * 7 % 23) - 11);
        check(cuMemcpyHtoD(in, numbers.data(), bytes), "cuMemcpyHtoD");
        check(cuMemsetD32(out, 0, threads * slice), "cuMemsetD32");
        CUfunction function;
        check(cuModuleGetFunction(&function, module, t.name.c_str()), "cuModuleGetFunction");
        int n = turns;
        void *arguments[] = {&in, &out, &n};
        check(cuLaunchKernel(function, 1, 1, 1, threads, 1, 1, 0, nullptr, arguments, nullptr), "cuLaunchKernel");
        check(cuMemcpyDtoH(results.data(), out, bytes), "cuMemcpyDtoH");
        check(cuMemcpyDtoH(after.data(), in, bytes), "cuMemcpyDtoH");
        int wrong = 0;
        for (int thread = 0; thread < threads; thread++) {
            floats f = {};
            std::copy(&numbers[thread * slice], &numbers[thread * slice] + slice, f.in);
            if (t.model) {
                t.model(f, n);
            } else { // "seldom"
                for (int i = 0; i < n; i++)
                    if (thread & i)
                        add_all(f, f.out);
            }
            for (int k = 0; k < slice; k++)
                wrong += f.out[k] != results[thread * slice + k] || f.in[k] != after[thread * slice + k];
        }
        printf("%s: %d wrong\n", t.name.c_str(), wrong);
    }
    check(cuMemFree(in), "cuMemFree");
    check(cuMemFree(out), "cuMemFree");
    check(cuModuleUnload(module), "cuModuleUnload");
    check(cuCtxDestroy(context), "cuCtxDestroy");
}
