/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cc_show.c: what -v, --dryrun and --version print. Build systems read it: CMake takes the toolkit's place, its folders, the
 * default architecture and the linker's command line from it, in nvcc's form (Modules/CMakeDetermineCUDACompiler.cmake).
 */
#include <stdio.h>
#include <stdlib.h>

#include "cudawasm/cw.h"
#include "frontend/cuda/link.h"
#include "tool/cc.h"
#include "tool/command.h"

void cw_cc_show_environment(const struct cw_setting *setting) {
    const char *toolkit = setting->layout->toolkit, *path = getenv("PATH");
    struct cw_text text = {0};
    cw_text_printf(&text, "#$ _CUDART_=cudart\n#$ _HERE_=%s/bin\n#$ _THERE_=%s/bin\n", toolkit, toolkit);
    cw_text_printf(&text, "#$ TOP=%s\n#$ NVVMIR_LIBRARY_DIR=%s/nvvm/libdevice\n", toolkit, toolkit);
    cw_text_printf(&text, "#$ PATH=%s/bin:%s\n", toolkit, path ? path : "");
    cw_text_printf(&text, "#$ INCLUDES=-I%s/include\n#$ SYSTEM_INCLUDES=\n", toolkit);
    cw_text_printf(&text, "#$ LIBRARIES=-L%s/lib64/stubs -L%s/lib64\n", toolkit, toolkit);
    cw_text_printf(&text, "#$ DEVICE_FLAGS=-arch compute_%u\n",
                   setting->options->architecture ? setting->options->architecture / 10 : 80);
    fputs(cw_text_string(&text), stderr);
    cw_text_fini(&text);
}

void cw_cc_show_version(void) {
    /* CMake and others look for the first line's words and the last line's number. */
    puts("nvcc: NVIDIA (R) Cuda compiler driver's command line, in CUDA-WASM " CW_VERSION "\n"
         "This is not NVIDIA's compiler: it compiles CUDA for the processors that are here.\n"
         "Cuda compilation tools, release 12.9, V12.9.86");
}

static void show_and_clear(struct cw_strings *argv) {
    cw_command_show(argv);
    cw_strings_fini(argv);
}

/* The commands for one source; adds what they would make to `objects`. */
static void show_passes(const struct cw_setting *setting, const struct cw_input *input, struct cw_strings *objects) {
    static const uint8_t no_id[16];
    const struct cw_driver_options *driver = &setting->options->driver;
    struct cw_strings argv = {0};
    bool cuda = input->kind == CW_INPUT_CUDA;
    bool listing = driver->phase == CW_PHASE_PREPROCESS || driver->phase == CW_PHASE_DEPENDENCIES;
    bool device_only = driver->phase == CW_PHASE_PTX || driver->phase == CW_PHASE_FATBIN;
    char *host = cw_format("%s.host.o", input->path), *device = cw_format("%s.device.o", input->path);
    struct cw_pass_files files = {.source = input->path, .output = device, .id = no_id};
    if (cuda && !listing) {
        cw_device_pass(&argv, setting->toolchain, setting->layout, setting->options, &files);
        show_and_clear(&argv);
    }
    files.output = listing ? "-" : host;
    files.instead = !listing ? NULL : driver->phase == CW_PHASE_PREPROCESS ? "-E" : driver->nonsystem ? "-MM" : "-M";
    if (!device_only) {
        cw_host_pass(&argv, setting->toolchain, setting->layout, setting->options, input->kind, &files);
        show_and_clear(&argv);
    }
    cw_strings_add(objects, host);
    if (cuda && !setting->options->relocatable) {
        cw_strings_add(objects, device);
    }
    if (driver->phase == CW_PHASE_OBJECT) {
        char *output = cw_cc_output(setting->options, input->path);
        cw_cc_merge_command(&argv, setting->toolchain, host, cuda ? device : NULL, output);
        show_and_clear(&argv);
        free(output);
    }
    free(host);
    free(device);
}

int cw_cc_dry_run(const struct cw_setting *setting) {
    const struct cw_cuda_options *options = setting->options;
    struct cw_strings objects = {0}, argv = {0};
    for (size_t i = 0; i < options->input_count; i++) {
        if (options->inputs[i].kind != CW_INPUT_LINKER) {
            show_passes(setting, &options->inputs[i], &objects);
        }
    }
    if (options->driver.phase == CW_PHASE_LINK) {
        const struct cw_link_template none = {0};
        char *output = cw_cc_output(options, NULL);
        cw_link_command(&argv, &none, setting->toolchain, setting->layout, options, &objects, output, NULL);
        show_and_clear(&argv);
        free(output);
    } else if (options->driver.phase == CW_PHASE_LIBRARY) {
        cw_cc_library_command(&argv, options);
        for (size_t i = 0; i < objects.count; i++) {
            cw_strings_add(&argv, objects.items[i]);
        }
        show_and_clear(&argv);
    }
    cw_strings_fini(&objects);
    return CW_EXIT_OK;
}
