# cpack makes a tarball of the installed tree and three Debian packages: lmeval, liblmeval0,
# liblmeval-dev. packaging/deb.sh configures for /usr, which they want, and looks at the result.
set(CPACK_PACKAGE_NAME lmeval)
set(CPACK_PACKAGE_VENDOR "The lmeval authors")
set(CPACK_PACKAGE_CONTACT "The lmeval authors <lmeval@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "measure language models behind OpenAI-compatible servers")
set(CPACK_RESOURCE_FILE_LICENSE ${CMAKE_SOURCE_DIR}/LICENSE)
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_THREADS 0)
set(CPACK_GENERATOR TGZ)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME lmeval)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PROGRAM_DESCRIPTION
    "Reads lm_eval's YAML task files, asks a completion server, and prints scores
with their standard errors; compares two runs and says whether the second model
kept the quality of the first. This package has the programs.")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME liblmeval${PROJECT_VERSION_MAJOR})
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_LIBRARY_DESCRIPTION
    "Task files, prompts, scoring over HTTP, metrics and statistics of lmeval for
other programs. This package has the shared library.")
configure_file(packaging/shlibs.in ${CMAKE_BINARY_DIR}/debian/shlibs @ONLY)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_EXTRA ${CMAKE_BINARY_DIR}/debian/shlibs
    ${CMAKE_SOURCE_DIR}/packaging/triggers)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME liblmeval-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS
    "liblmeval${PROJECT_VERSION_MAJOR} (= ${PROJECT_VERSION}-1)")
set(CPACK_DEBIAN_DEVELOPMENT_DESCRIPTION
    "What a program is built with that embeds lmeval: headers, the static library,
pkg-config and CMake files.")

# What Debian wants in each package's folder of documents.
foreach(component PROGRAM LIBRARY DEVELOPMENT)
    string(TOLOWER ${component} name)
    set(folder ${CMAKE_BINARY_DIR}/debian/${name})
    configure_file(packaging/copyright ${folder}/copyright COPYONLY)
    configure_file(packaging/changelog.in ${folder}/changelog.Debian @ONLY)
    execute_process(COMMAND gzip -9nf ${folder}/changelog.Debian)
    install(FILES ${folder}/copyright ${folder}/changelog.Debian.gz COMPONENT ${name}
            DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${CPACK_DEBIAN_${component}_PACKAGE_NAME})
endforeach()
include(CPack)
