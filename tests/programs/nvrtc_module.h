/* SPDX-License-Identifier: Apache-2.0 */
/* nvrtc_module.h: source text to what cuModuleLoadData takes, by NVRTC. */
#ifndef PROGRAMS_NVRTC_MODULE_H
#define PROGRAMS_NVRTC_MODULE_H

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <nvrtc.h>

/* The text for the source; ends the program with the log when it doesn't compile. */
inline std::string compile_text(const char *source, std::vector<const char *> options = {}) {
    nvrtcProgram program;
    size_t size = 0;
    nvrtcCreateProgram(&program, source, "source.cu", 0, nullptr, nullptr);
    if (nvrtcCompileProgram(program, static_cast<int>(options.size()), options.data()) != NVRTC_SUCCESS) {
        nvrtcGetProgramLogSize(program, &size);
        std::string log(size, '\0');
        nvrtcGetProgramLog(program, &log[0]);
        std::fprintf(stderr, "%s\n", log.c_str());
        std::exit(2);
    }
    nvrtcGetPTXSize(program, &size);
    std::string text(size, '\0');
    nvrtcGetPTX(program, &text[0]);
    nvrtcDestroyProgram(&program);
    return text;
}

#endif
