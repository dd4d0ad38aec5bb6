# How the library is built: by cargo, into `spatio_stage_dir`, under the names that are installed.

find_program(SPATIO_CARGO cargo REQUIRED DOC "cargo, 1.95 or newer")
find_program(SPATIO_RUSTC rustc DOC "rustc, asked which system libraries a static link needs")
set(SPATIO_CARGO_PROFILE "release" CACHE STRING "Cargo profile to build with")
set(SPATIO_CARGO_TARGET "" CACHE STRING "Rust target triple; empty for this machine")
set(SPATIO_CARGO_FLAGS "" CACHE STRING "More arguments for cargo build, such as --offline")
set(SPATIO_NATIVE_LIBS "" CACHE STRING
  "System libraries that spatio::static needs; empty: asked of rustc")
if(DEFINED ENV{CARGO_TARGET_DIR})
  get_filename_component(spatio_target_default "$ENV{CARGO_TARGET_DIR}" ABSOLUTE)
else()
  set(spatio_target_default "${CMAKE_CURRENT_BINARY_DIR}/cargo")
endif()
set(SPATIO_CARGO_TARGET_DIR "${spatio_target_default}" CACHE PATH "Where cargo builds")

if(CMAKE_CROSSCOMPILING AND SPATIO_CARGO_TARGET STREQUAL "")
  message(FATAL_ERROR "spatio: this is a cross build; set SPATIO_CARGO_TARGET to a Rust triple")
endif()

# build.rs owns the name that programs remember the library by.
file(STRINGS build.rs spatio_soname_line REGEX "^const SONAME: &str = \"" LIMIT_COUNT 1)
string(REGEX MATCH "libspatio\\.so\\.[0-9]+" spatio_soname "${spatio_soname_line}")
if(spatio_soname STREQUAL "")
  message(FATAL_ERROR "spatio: build.rs does not name the SONAME")
endif()

# What cargo makes, and the name that each file is installed under.
set(spatio_stage_dir "${CMAKE_CURRENT_BINARY_DIR}/lib")
set(spatio_static_file "libspatio.a")
if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
  set(spatio_shared_built "libspatio.so")
  set(spatio_shared_file "libspatio.so.${PROJECT_VERSION}")
elseif(MINGW)
  set(spatio_shared_built "spatio.dll")
  set(spatio_shared_file "spatio.dll")
  set(spatio_import_file "libspatio.dll.a")
else()
  message(FATAL_ERROR "spatio: CMake builds for Linux and for Windows with MinGW, not for "
    "${CMAKE_SYSTEM_NAME} with ${CMAKE_C_COMPILER_ID}; docs/PACKAGING.md says what else there is")
endif()

set(spatio_cargo_arguments build --locked --package libspatio --lib
  --manifest-path "${CMAKE_CURRENT_SOURCE_DIR}/Cargo.toml"
  --profile "${SPATIO_CARGO_PROFILE}" --target-dir "${SPATIO_CARGO_TARGET_DIR}")
set(spatio_built_dir "${SPATIO_CARGO_TARGET_DIR}")
set(spatio_environment "")
if(NOT SPATIO_CARGO_TARGET STREQUAL "")
  list(APPEND spatio_cargo_arguments --target "${SPATIO_CARGO_TARGET}")
  string(APPEND spatio_built_dir "/${SPATIO_CARGO_TARGET}")
  string(TOUPPER "${SPATIO_CARGO_TARGET}" spatio_triple)
  string(REPLACE "-" "_" spatio_triple "${spatio_triple}")
  set(spatio_environment "CARGO_TARGET_${spatio_triple}_LINKER=${CMAKE_C_COMPILER}")
endif()
if(SPATIO_CARGO_PROFILE STREQUAL "dev")
  string(APPEND spatio_built_dir "/debug")
else()
  string(APPEND spatio_built_dir "/${SPATIO_CARGO_PROFILE}")
endif()
separate_arguments(spatio_cargo_flags NATIVE_COMMAND "${SPATIO_CARGO_FLAGS}")

# The libraries of the system below Rust's standard library, which a static link names itself.
if(SPATIO_NATIVE_LIBS STREQUAL "")
  set(spatio_probe "${CMAKE_CURRENT_BINARY_DIR}/probe")
  file(WRITE "${spatio_probe}/probe.rs" "")
  set(spatio_probe_target "")
  if(NOT SPATIO_CARGO_TARGET STREQUAL "")
    set(spatio_probe_target --target "${SPATIO_CARGO_TARGET}")
  endif()
  execute_process(
    COMMAND "${SPATIO_RUSTC}" ${spatio_probe_target} --crate-type staticlib
      --print native-static-libs -o "${spatio_probe}/probe.a" "${spatio_probe}/probe.rs"
    WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}"
    RESULT_VARIABLE spatio_probe_result
    OUTPUT_VARIABLE spatio_probe_output ERROR_VARIABLE spatio_probe_output)
  string(REGEX MATCH "native-static-libs: ([^\n]*)" spatio_probe_line "${spatio_probe_output}")
  if(NOT spatio_probe_result EQUAL 0 OR spatio_probe_line STREQUAL "")
    message(FATAL_ERROR "spatio: ${SPATIO_RUSTC} does not tell which system libraries a static "
      "link needs; set SPATIO_NATIVE_LIBS. It said:\n${spatio_probe_output}")
  endif()
  string(STRIP "${CMAKE_MATCH_1}" spatio_native_libs)
else()
  set(spatio_native_libs "${SPATIO_NATIVE_LIBS}")
endif()

separate_arguments(spatio_native_list UNIX_COMMAND "${spatio_native_libs}")

# Cargo knows by itself what is fresh, so it is always asked.
set(spatio_stage_commands
  COMMAND ${CMAKE_COMMAND} -E make_directory "${spatio_stage_dir}"
  COMMAND ${CMAKE_COMMAND} -E copy_if_different
    "${spatio_built_dir}/${spatio_shared_built}" "${spatio_stage_dir}/${spatio_shared_file}"
  COMMAND ${CMAKE_COMMAND} -E copy_if_different
    "${spatio_built_dir}/${spatio_static_file}" "${spatio_stage_dir}/${spatio_static_file}")
if(spatio_import_file)
  list(APPEND spatio_stage_commands COMMAND ${CMAKE_COMMAND} -E copy_if_different
    "${spatio_built_dir}/${spatio_import_file}" "${spatio_stage_dir}/${spatio_import_file}")
  set(spatio_staged "${spatio_import_file}")
else()
  list(APPEND spatio_stage_commands
    COMMAND ${CMAKE_COMMAND} -E create_symlink
      "${spatio_shared_file}" "${spatio_stage_dir}/${spatio_soname}"
    COMMAND ${CMAKE_COMMAND} -E create_symlink
      "${spatio_soname}" "${spatio_stage_dir}/libspatio.so")
  set(spatio_staged "${spatio_soname}" "libspatio.so")
endif()
list(APPEND spatio_staged "${spatio_shared_file}" "${spatio_static_file}")
list(TRANSFORM spatio_staged PREPEND "${spatio_stage_dir}/")
add_custom_target(spatio_cargo ALL
  COMMAND ${CMAKE_COMMAND} -E env ${spatio_environment}
    "${SPATIO_CARGO}" ${spatio_cargo_arguments} ${spatio_cargo_flags}
  ${spatio_stage_commands}
  BYPRODUCTS ${spatio_staged}
  WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}"
  COMMENT "Building libspatio with cargo"
  VERBATIM USES_TERMINAL)
