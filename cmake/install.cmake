# What is installed where. No installed file holds an absolute path, so the prefix may be moved.
# Components: `spatio_runtime` is what programs need to run, `spatio_development` the rest.

include(CMakePackageConfigHelpers)

foreach(dir IN ITEMS BINDIR LIBDIR INCLUDEDIR DOCDIR)
  if(IS_ABSOLUTE "${CMAKE_INSTALL_${dir}}")
    message(FATAL_ERROR "spatio: CMAKE_INSTALL_${dir} must be relative to the prefix, "
      "not ${CMAKE_INSTALL_${dir}}")
  endif()
endforeach()

set(spatio_library_permissions PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE
  GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
if(spatio_import_file)
  set(spatio_shared_dir "${CMAKE_INSTALL_BINDIR}")
  install(FILES "${spatio_stage_dir}/${spatio_import_file}"
    DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT spatio_development)
else()
  set(spatio_shared_dir "${CMAKE_INSTALL_LIBDIR}")
  install(FILES "${spatio_stage_dir}/${spatio_soname}"
    DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT spatio_runtime)
  install(FILES "${spatio_stage_dir}/libspatio.so"
    DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT spatio_development)
endif()
install(FILES "${spatio_stage_dir}/${spatio_shared_file}" DESTINATION "${spatio_shared_dir}"
  ${spatio_library_permissions} COMPONENT spatio_runtime)
install(FILES "${spatio_stage_dir}/${spatio_static_file}"
  DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT spatio_development)
install(DIRECTORY include/ bindings/cpp/include/ DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
  COMPONENT spatio_development FILES_MATCHING PATTERN "*.h" PATTERN "*.hpp")

# Who gets the library gets its licences.
install(FILES LICENSE-APACHE LICENSE-MIT
  DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT spatio_runtime)

# find_package(spatio CONFIG). Before 1.0 the second number marks changes that break.
if(PROJECT_VERSION_MAJOR EQUAL 0)
  set(spatio_compatibility SameMinorVersion)
else()
  set(spatio_compatibility SameMajorVersion)
endif()
set(spatio_config_dir "${CMAKE_INSTALL_LIBDIR}/cmake/spatio")
set(spatio_include_path "${CMAKE_INSTALL_INCLUDEDIR}")
set(spatio_shared_path "${spatio_shared_dir}/${spatio_shared_file}")
set(spatio_static_path "${CMAKE_INSTALL_LIBDIR}/${spatio_static_file}")
set(spatio_import_path "${CMAKE_INSTALL_LIBDIR}/${spatio_import_file}")
configure_package_config_file(cmake/spatio-config.cmake.in spatio-config.cmake
  INSTALL_DESTINATION "${spatio_config_dir}"
  PATH_VARS spatio_include_path spatio_shared_path spatio_static_path spatio_import_path)
write_basic_package_version_file("${CMAKE_CURRENT_BINARY_DIR}/spatio-config-version.cmake"
  COMPATIBILITY ${spatio_compatibility})
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/spatio-config.cmake"
  "${CMAKE_CURRENT_BINARY_DIR}/spatio-config-version.cmake"
  DESTINATION "${spatio_config_dir}" COMPONENT spatio_development)

# pkg-config: `spatio` links the shared library, `spatio-static` the static one.
file(RELATIVE_PATH spatio_pc_to_prefix "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
string(REGEX REPLACE "/$" "" spatio_pc_to_prefix "${spatio_pc_to_prefix}")
foreach(pc IN ITEMS spatio spatio-static)
  configure_file("cmake/${pc}.pc.in" "${pc}.pc" @ONLY)
  install(FILES "${CMAKE_CURRENT_BINARY_DIR}/${pc}.pc"
    DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig" COMPONENT spatio_development)
endforeach()
