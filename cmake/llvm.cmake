# SPDX-License-Identifier: Apache-2.0
# cw_llvm: LLVM's C API. Exactly one major version: bitcode from clang must be read by the LLVM of the same release.
find_program(CW_LLVM_CONFIG llvm-config-22)
if(NOT CW_LLVM_CONFIG)
  message(FATAL_ERROR "llvm-config-22 is missing; on Debian 12: apt-get install llvm-22-dev")
endif()
execute_process(COMMAND ${CW_LLVM_CONFIG} --includedir OUTPUT_VARIABLE CW_LLVM_INCLUDE OUTPUT_STRIP_TRAILING_WHITESPACE)
execute_process(COMMAND ${CW_LLVM_CONFIG} --libdir OUTPUT_VARIABLE CW_LLVM_LIB OUTPUT_STRIP_TRAILING_WHITESPACE)
execute_process(COMMAND ${CW_LLVM_CONFIG} --version OUTPUT_VARIABLE CW_LLVM_VERSION OUTPUT_STRIP_TRAILING_WHITESPACE)
add_library(cw_llvm INTERFACE)
target_include_directories(cw_llvm SYSTEM INTERFACE ${CW_LLVM_INCLUDE})
target_link_directories(cw_llvm INTERFACE ${CW_LLVM_LIB})
target_link_libraries(cw_llvm INTERFACE LLVM-22)
