/* SPDX-License-Identifier: Apache-2.0 */
/* command.h: the subcommands, and what their exit codes mean. */
#ifndef CW_TOOL_COMMAND_H
#define CW_TOOL_COMMAND_H

/* One X row: word, function, what it does. */
#define CW_COMMAND_LIST(X)                                                                                             \
    X("run", cw_command_run, "compile a CUDA program and run it")                                                      \
    X("build", cw_command_build, "compile a CUDA program to a native executable")                                      \
    X("cc", cw_command_cc, "nvcc's command line, for makefiles: make NVCC=\"cuda-wasm cc\"")                             \
    X("transpile", cw_command_transpile, "show what kernels are compiled to")                                          \
    X("inspect", cw_command_inspect, "list kernels, parameters, shared memory, features")                              \
    X("devices", cw_command_devices, "list the devices that programs see")                                             \
    X("bench", cw_command_bench, "measure kernels against OpenMP, PoCL and the machine's limits")                      \
    X("doctor", cw_command_doctor, "check what is installed, and say how to get what is missing")                      \
    X("cache", cw_command_cache, "show or clear what was compiled before")

enum cw_exit {
    CW_EXIT_OK = 0,
    CW_EXIT_FAILURE = 1,     /* the program doesn't compile, or asks for what is not supported */
    CW_EXIT_USAGE = 2,       /* the command line makes no sense */
    CW_EXIT_ENVIRONMENT = 3, /* a tool, library or folder is missing */
};

#define CW_EXIT_TEXT                                                                                                   \
    "Exit codes: 0 success; 1 the program does not compile or asks for what is not supported; 2 the "                  \
    "command line makes no sense; 3 a tool or library is missing (see 'cuda-wasm doctor')."

/* Each gets its own words: argv[0] is "cuda-wasm NAME". Returns an exit code. */
#define X(word, function, text) int function(int argc, char **argv);
CW_COMMAND_LIST(X)
#undef X

#endif
