# SPDX-License-Identifier: Apache-2.0
# What `make install` adds to the libraries and the program: headers, pkg-config, CMake package, precompiled headers.
include(CMakePackageConfigHelpers)

install(DIRECTORY ${CMAKE_SOURCE_DIR}/include/cuda ${CMAKE_SOURCE_DIR}/include/cudawasm DESTINATION include/cuda-wasm)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/bench/suite/ DESTINATION lib/cuda-wasm/bench)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/web/src/ DESTINATION lib/cuda-wasm/web)
install(FILES ${CMAKE_SOURCE_DIR}/LICENSE DESTINATION share/doc/cuda-wasm)

configure_file(${CMAKE_SOURCE_DIR}/packaging/cuda-wasm.pc.in ${CMAKE_BINARY_DIR}/packaging/cuda-wasm.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/packaging/cuda-wasm.pc DESTINATION lib/pkgconfig)

set(CW_HEADERS include/cuda-wasm)
set(CW_PROGRAM bin/cuda-wasm)
set(CW_RUNTIME lib/libcudawasm.so)
configure_package_config_file(
  ${CMAKE_SOURCE_DIR}/cmake/cuda-wasm-config.cmake.in ${CMAKE_BINARY_DIR}/packaging/cuda-wasm-config.cmake
  INSTALL_DESTINATION lib/cmake/cuda-wasm
  PATH_VARS CW_HEADERS CW_PROGRAM CW_RUNTIME)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/packaging/cuda-wasm-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/packaging/cuda-wasm-config.cmake
              ${CMAKE_BINARY_DIR}/packaging/cuda-wasm-config-version.cmake
        DESTINATION lib/cmake/cuda-wasm)

# The headers that every source includes, parsed beforehand; they belong to one place and one clang. Without them compiling
# is slower, so a failure here is a warning. A staged installation (DESTDIR) is not where it will be used.
set(CW_PRECOMPILED_STAMP ${CMAKE_BINARY_DIR}/lib/cuda-wasm/prelude/stamp)
file(GLOB_RECURSE CW_CUDA_HEADERS CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/include/cuda/*)
add_custom_command(
  OUTPUT ${CW_PRECOMPILED_STAMP}
  COMMAND cuda-wasm cache prepare || ${CMAKE_COMMAND} -E echo "CUDA's headers are not precompiled; programs compile slower"
  COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/lib/cuda-wasm/prelude
  COMMAND ${CMAKE_COMMAND} -E touch ${CW_PRECOMPILED_STAMP}
  DEPENDS cuda-wasm ${CW_CUDA_HEADERS}
  COMMENT "Precompiling CUDA's headers"
  VERBATIM)
add_custom_target(cw_prelude ALL DEPENDS ${CW_PRECOMPILED_STAMP})
if(TARGET cudawasm-compiler)
  add_dependencies(cw_prelude cudawasm-compiler)
endif()

# The folder that build systems take for CUDA's: it names this place too.
set(CW_TOOLKIT_STAMP ${CMAKE_BINARY_DIR}/lib/cuda-wasm/toolkit.stamp)
if(TARGET cudawasm)
  add_custom_command(
    OUTPUT ${CW_TOOLKIT_STAMP}
    COMMAND cuda-wasm cache toolkit
    COMMAND ${CMAKE_COMMAND} -E touch ${CW_TOOLKIT_STAMP}
    DEPENDS cuda-wasm cudawasm
    COMMENT "Laying out the toolkit folder"
    VERBATIM)
  add_custom_target(cw_toolkit ALL DEPENDS ${CW_TOOLKIT_STAMP})
endif()
install(CODE [[
  if("$ENV{DESTDIR}" STREQUAL "")
    execute_process(COMMAND "${CMAKE_INSTALL_PREFIX}/bin/cuda-wasm" cache prepare RESULT_VARIABLE result)
    if(NOT result EQUAL 0)
      message(WARNING "CUDA's headers are not precompiled; programs compile slower ('cuda-wasm doctor' may say why)")
    endif()
    execute_process(COMMAND "${CMAKE_INSTALL_PREFIX}/bin/cuda-wasm" cache toolkit RESULT_VARIABLE result)
    if(NOT result EQUAL 0)
      message(WARNING "The toolkit folder was not made: CMake projects can't be built ('cuda-wasm doctor' may say why)")
    endif()
  endif()
]])
