# Where everything goes: cmake --install BUILD [--prefix DIR]. The programs find their data from
# where they stand (src/core/share.c), so that an installed tree may be moved.
include(CMakePackageConfigHelpers)

get_property(headers GLOBAL PROPERTY LME_LIBRARY_HEADERS)
install(TARGETS lmeval lmeval-refserver RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT program)
install(DIRECTORY tasks datasets DESTINATION ${CMAKE_INSTALL_DATADIR}/lmeval COMPONENT program)
install(FILES README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT program)
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT program)

install(TARGETS lmeval_shared EXPORT lmeval-targets
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library NAMELINK_COMPONENT development)
install(TARGETS lmeval_static ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
install(FILES ${headers} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/lmeval COMPONENT development)

set(lmeval_cmake ${CMAKE_INSTALL_LIBDIR}/cmake/lmeval)
set(lmeval_data ${CMAKE_INSTALL_DATADIR}/lmeval)
install(EXPORT lmeval-targets NAMESPACE lmeval:: DESTINATION ${lmeval_cmake} COMPONENT development)
configure_package_config_file(cmake/install/lmeval-config.cmake.in ${CMAKE_BINARY_DIR}/lmeval-config.cmake
                              INSTALL_DESTINATION ${lmeval_cmake} PATH_VARS lmeval_data)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/lmeval-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/lmeval-config.cmake ${CMAKE_BINARY_DIR}/lmeval-config-version.cmake
        DESTINATION ${lmeval_cmake} COMPONENT development)

file(RELATIVE_PATH prefix_from_pkgconfig /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REPLACE ";" ", " private_packages "${lmeval_packages}")
configure_file(cmake/install/lmeval.pc.in ${CMAKE_BINARY_DIR}/lmeval.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/lmeval.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development)
