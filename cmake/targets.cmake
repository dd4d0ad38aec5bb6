# `spatio::spatio` and `spatio::static` for a project that takes this folder by `add_subdirectory`.
# An installed library brings the same targets in spatio-config.cmake.

add_library(spatio_shared SHARED IMPORTED GLOBAL)
set_target_properties(spatio_shared PROPERTIES
  IMPORTED_LOCATION "${spatio_stage_dir}/${spatio_shared_file}"
  INTERFACE_INCLUDE_DIRECTORIES "${CMAKE_CURRENT_SOURCE_DIR}/include")
if(spatio_import_file)
  set_target_properties(spatio_shared PROPERTIES
    IMPORTED_IMPLIB "${spatio_stage_dir}/${spatio_import_file}")
else()
  set_target_properties(spatio_shared PROPERTIES IMPORTED_SONAME "${spatio_soname}")
endif()
add_dependencies(spatio_shared spatio_cargo)
add_library(spatio::spatio ALIAS spatio_shared)

add_library(spatio_static STATIC IMPORTED GLOBAL)
set_target_properties(spatio_static PROPERTIES
  IMPORTED_LOCATION "${spatio_stage_dir}/${spatio_static_file}"
  INTERFACE_INCLUDE_DIRECTORIES "${CMAKE_CURRENT_SOURCE_DIR}/include"
  INTERFACE_LINK_LIBRARIES "${spatio_native_list}")
add_dependencies(spatio_static spatio_cargo)
add_library(spatio::static ALIAS spatio_static)

# What find_package would tell.
if(NOT CMAKE_SOURCE_DIR STREQUAL CMAKE_CURRENT_SOURCE_DIR)
  set(spatio_VERSION "${PROJECT_VERSION}" PARENT_SCOPE)
endif()
