# Where everything goes: cmake --install BUILD [--prefix DIR]. The programs find their data from
# where they stand (src/core/share.c), so that an installed tree may be moved.
include(CMakePackageConfigHelpers)

get_property(headers GLOBAL PROPERTY LME_LIBRARY_HEADERS)
install(TARGETS lmeval lmeval-refserver RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT program)
install(DIRECTORY tasks datasets docs DESTINATION ${CMAKE_INSTALL_DATADIR}/lmeval COMPONENT program)
install(FILES README.md DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT program)

# Manual pages and completions are what the program itself says of its commands.
file(STRINGS src/cli/command/list.h commands REGEX "^COMMAND")
list(TRANSFORM commands REPLACE "COMMAND\\((.*)\\)" "\\1")
set(made "")
function(lme_made file)
    add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/${file} DEPENDS lmeval
        COMMAND sh -c "file=$1; shift; exec \"$0\" help \"$@\" >\"$file\"" $<TARGET_FILE:lmeval>
                ${CMAKE_BINARY_DIR}/${file} ${ARGN} VERBATIM)
    set(made ${made} ${CMAKE_BINARY_DIR}/${file} PARENT_SCOPE)
endfunction()
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/man ${CMAKE_BINARY_DIR}/completions)
# Compressed, as systems keep them.
function(lme_made_page page)
    lme_made(man/${page} --man ${ARGN})
    add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/man/${page}.gz DEPENDS ${CMAKE_BINARY_DIR}/man/${page}
        COMMAND gzip -9nkf ${CMAKE_BINARY_DIR}/man/${page} VERBATIM)
    set(made ${made} ${CMAKE_BINARY_DIR}/man/${page}.gz PARENT_SCOPE)
endfunction()
lme_made_page(lmeval.1)
foreach(command ${commands})
    lme_made_page(lmeval-${command}.1 ${command})
endforeach()
set(page ${CMAKE_BINARY_DIR}/man/lmeval-refserver.1)
add_custom_command(OUTPUT ${page}.gz
    DEPENDS lmeval-refserver ${CMAKE_SOURCE_DIR}/cmake/install/refserver_page.sh
    COMMAND sh ${CMAKE_SOURCE_DIR}/cmake/install/refserver_page.sh $<TARGET_FILE:lmeval-refserver>
            ${PROJECT_VERSION} ${page}
    COMMAND gzip -9nf ${page} VERBATIM)
list(APPEND made ${page}.gz)
lme_made(completions/lmeval --completion bash)
lme_made(completions/_lmeval --completion zsh)
lme_made(completions/lmeval.fish --completion fish)
add_custom_target(lmeval_made ALL DEPENDS ${made})
install(DIRECTORY ${CMAKE_BINARY_DIR}/man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT program
        FILES_MATCHING PATTERN "*.1.gz")
install(FILES ${CMAKE_BINARY_DIR}/completions/lmeval
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT program)
install(FILES ${CMAKE_BINARY_DIR}/completions/_lmeval
        DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions COMPONENT program)
install(FILES ${CMAKE_BINARY_DIR}/completions/lmeval.fish
        DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT program)

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
