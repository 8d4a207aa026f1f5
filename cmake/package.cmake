# cpack -G DEB: lmeval, liblmeval0 and liblmeval-dev; cpack -G TGZ: all of it in a tarball.
# `./bootstrap.sh package` makes both, for /usr and with the distribution's own flags.
set(CPACK_PACKAGE_NAME lmeval)
set(CPACK_PACKAGE_VENDOR "The lmeval authors")
set(CPACK_PACKAGE_CONTACT "The lmeval authors <lmeval@lmeval.example>" CACHE STRING
    "Maintainer of the packages that are made here: NAME <ADDRESS>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "measures language models behind OpenAI-compatible servers")
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR}/packages)
set(CPACK_STRIP_FILES ON)
set(CPACK_THREADS 0)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_SOURCE_DIR}/packaging/debian/finish.cmake)

# What finish.cmake writes: the name of each component's package, and a change log with its date.
set(soname_package liblmeval${PROJECT_VERSION_MAJOR})
set(CPACK_LMEVAL_SOURCE ${CMAKE_SOURCE_DIR}/packaging/debian)
set(CPACK_LMEVAL_PACKAGE_program lmeval)
set(CPACK_LMEVAL_PACKAGE_library ${soname_package})
set(CPACK_LMEVAL_PACKAGE_development liblmeval-dev)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)

set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME lmeval)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_RECOMMENDS ca-certificates) # https servers, the hub
set(CPACK_COMPONENT_PROGRAM_DESCRIPTION
"Reads the YAML task files of EleutherAI's lm_eval, asks a server that speaks
the OpenAI API, and prints accuracy and other scores with their standard
errors, with the same digits. A killed run goes on where it stopped, and two
runs are compared item by item, with an interval and a verdict.
.
A small reference server, tasks and sample rows are with it.")

set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME ${soname_package})
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libs)
# Policy wants a trigger where cpack makes scripts that call ldconfig (overridden for lintian). The
# exact version, since a minor one may change interfaces.
file(WRITE ${CMAKE_BINARY_DIR}/debian/shlibs
     "liblmeval ${PROJECT_VERSION_MAJOR} ${soname_package} (= ${PROJECT_VERSION})\n")
file(WRITE ${CMAKE_BINARY_DIR}/debian/triggers "activate-noawait ldconfig\n")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_EXTRA
    ${CMAKE_BINARY_DIR}/debian/shlibs ${CMAKE_BINARY_DIR}/debian/triggers)
set(CPACK_COMPONENT_LIBRARY_DESCRIPTION
"What the program lmeval is made of, for other programs: tasks, prompts,
servers, metrics, statistics, comparisons of runs.
.
This is the shared library.")

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME liblmeval-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
string(REPLACE ";" ", " with_it "${lmeval_debian_packages}")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS
    "${soname_package} (= ${PROJECT_VERSION}), lmeval (= ${PROJECT_VERSION}), ${with_it}")
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION
"What the program lmeval is made of, for other programs: tasks, prompts,
servers, metrics, statistics, comparisons of runs.
.
These are the headers, the static library, a pkg-config file and a CMake
package.")

include(CPack)
