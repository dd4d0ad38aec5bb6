# The tests, the examples and the measurements of the C++ SDK. Options choose one way to compile
# them; `cargo xtask test cpp` goes through the ways.

set(SPATIO_CPP_STANDARD 17 CACHE STRING "C++ standard to compile the tests by: 17 or 20")
option(SPATIO_CPP_SANITIZE "Compiles the tests under ASan and UBSan" OFF)
option(SPATIO_CPP_NO_EXCEPTIONS "Compiles the tests with -fno-exceptions -fno-rtti" OFF)

find_package(Threads REQUIRED)
get_filename_component(spatio_root "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)

# How every program here is compiled.
add_library(spatio_cpp_flags INTERFACE)
target_link_libraries(spatio_cpp_flags INTERFACE spatio::cpp Threads::Threads)
target_compile_options(spatio_cpp_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -g)
if(SPATIO_CPP_SANITIZE)
  set(spatio_sanitizers -fsanitize=address,undefined -fno-sanitize-recover=all
    -fno-omit-frame-pointer)
  target_compile_options(spatio_cpp_flags INTERFACE ${spatio_sanitizers})
  target_link_options(spatio_cpp_flags INTERFACE ${spatio_sanitizers})
endif()

function(spatio_cpp_program name)
  add_executable(${name} ${ARGN})
  target_link_libraries(${name} PRIVATE spatio_cpp_flags)
  set_target_properties(${name} PROPERTIES
    CXX_STANDARD ${SPATIO_CPP_STANDARD} CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF)
endfunction()

# The suite; without exceptions it has the face of results alone.
file(GLOB spatio_cpp_sources CONFIGURE_DEPENDS
  "${CMAKE_CURRENT_SOURCE_DIR}/tests/*.cpp" "${CMAKE_CURRENT_SOURCE_DIR}/tests/behaviour/*.cpp")
spatio_cpp_program(suite ${spatio_cpp_sources})
target_compile_definitions(suite PRIVATE
  "SPATIO_BEHAVIOUR_FOLDER=\"${spatio_root}/tests/behaviour\""
  "SPATIO_C_HEADER=\"${spatio_root}/include/spatio.h\""
  "SPATIO_CPP_HEADER=\"${CMAKE_CURRENT_SOURCE_DIR}/include/spatio/spatio.hpp\"")
if(SPATIO_CPP_NO_EXCEPTIONS)
  target_compile_options(suite PRIVATE -fno-exceptions -fno-rtti)
  target_compile_definitions(suite PRIVATE DOCTEST_CONFIG_NO_EXCEPTIONS_BUT_WITH_ALL_ASSERTS)
else()
  target_compile_definitions(suite PRIVATE SPATIO_EXCEPTIONS)
endif()
# What every file of the suite begins with is read once.
target_precompile_headers(suite PRIVATE <doctest/doctest.h> <filesystem> <map> <random> <string>
  <vector> <spatio/spatio.hpp>)
add_test(NAME suite COMMAND suite)

# A library of another interface.
spatio_cpp_program(other_library tests/programs/other_library.cpp)
add_test(NAME other_library COMMAND other_library)

# Files of different standards in one program, which is the same whatever the suite's standard is.
if(SPATIO_CPP_STANDARD EQUAL 17)
  spatio_cpp_program(mixed tests/programs/mixed_main.cpp)
  foreach(way IN ITEMS 17 20 17_noexcept 20_noexcept)
    string(REGEX MATCH "^[0-9]+" standard ${way})
    add_library(mixed_${way} OBJECT tests/programs/mixed_part.cpp)
    target_link_libraries(mixed_${way} PRIVATE spatio_cpp_flags)
    target_compile_definitions(mixed_${way} PRIVATE "PART=part_${way}")
    set_target_properties(mixed_${way} PROPERTIES CXX_STANDARD ${standard} CXX_EXTENSIONS OFF)
    if(way MATCHES noexcept)
      target_compile_options(mixed_${way} PRIVATE -fno-exceptions -fno-rtti)
    endif()
    target_sources(mixed PRIVATE $<TARGET_OBJECTS:mixed_${way}>)
  endforeach()
  if(SPATIO_CPP_SANITIZE)
    # Objects that were made without RTTI have nothing that this check could look at.
    set_source_files_properties(tests/programs/mixed_main.cpp tests/programs/mixed_part.cpp
      PROPERTIES COMPILE_OPTIONS -fno-sanitize=vptr)
  endif()
  add_test(NAME mixed COMMAND mixed)
endif()

# The programs of the README, word for word, and what they say there.
file(READ "${CMAKE_CURRENT_SOURCE_DIR}/README.md" spatio_readme)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
  "${CMAKE_CURRENT_SOURCE_DIR}/README.md")
function(spatio_cpp_program_of_readme name heading)
  string(FIND "${spatio_readme}" "\n## ${heading}\n" at)
  if(at EQUAL -1)
    message(FATAL_ERROR "README.md has no heading \"${heading}\"")
  endif()
  string(SUBSTRING "${spatio_readme}" ${at} -1 rest)
  foreach(fence IN ITEMS cpp text)
    string(FIND "${rest}" "```${fence}\n" from)
    string(SUBSTRING "${rest}" ${from} -1 rest)
    string(FIND "${rest}" "\n```\n" to)
    string(LENGTH "```${fence}\n" skip)
    math(EXPR length "${to} - ${skip} + 1")
    string(SUBSTRING "${rest}" ${skip} ${length} block)
    if(fence STREQUAL "cpp")
      file(GENERATE OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp" CONTENT "${block}")
    else()
      file(WRITE "${CMAKE_CURRENT_BINARY_DIR}/${name}.expected" "${block}")
    endif()
  endforeach()
  spatio_cpp_program(${name} "${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp")
  add_test(NAME ${name} COMMAND "${CMAKE_COMMAND}" -DPROGRAM=$<TARGET_FILE:${name}>
    "-DEXPECTED=${CMAKE_CURRENT_BINARY_DIR}/${name}.expected"
    -P "${CMAKE_CURRENT_SOURCE_DIR}/cmake/says.cmake")
endfunction()
spatio_cpp_program_of_readme(readme_first "First program")
spatio_cpp_program_of_readme(readme_packed "Packed indexes")
spatio_cpp_program_of_readme(readme_packs "Packs and fences")
if(NOT SPATIO_CPP_NO_EXCEPTIONS)
  spatio_cpp_program_of_readme(readme_throwing "With exceptions")
endif()

# The example, which checks itself.
spatio_cpp_program(area_of_interest examples/area_of_interest.cpp)
if(SPATIO_CPP_NO_EXCEPTIONS)
  target_compile_options(area_of_interest PRIVATE -fno-exceptions -fno-rtti)
endif()
add_test(NAME area_of_interest COMMAND area_of_interest 2000 60)

# The measurements are compiled, and run once to see that they do.
set(spatio_work "${CMAKE_CURRENT_SOURCE_DIR}/../go/bench")
spatio_cpp_program(crossing bench/crossing.cpp "${spatio_work}/crossing.c")
target_include_directories(crossing PRIVATE "${spatio_work}")
# It is C, in words that C++ has too: so the compiler of the way is the only one.
set_source_files_properties("${spatio_work}/crossing.c" PROPERTIES LANGUAGE CXX
  COMPILE_OPTIONS "-Wno-old-style-cast;-Wno-deprecated")
add_test(NAME crossing COMMAND crossing --quick)
