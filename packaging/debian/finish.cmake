# Run by cpack on the tree that it packs: what Debian's policy wants beside the files themselves, so
# each package's copyright and change log.
if(NOT CPACK_GENERATOR STREQUAL DEB)
    return()
endif()

# SOURCE_DATE_EPOCH, when it is set, is the date. The C locale's names of days and months.
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)

foreach(component program library development)
    set(package ${CPACK_LMEVAL_PACKAGE_${component}})
    set(tree ${CPACK_TEMPORARY_DIRECTORY}/${component}/usr)
    if(NOT IS_DIRECTORY ${tree})
        message(FATAL_ERROR "no ${tree}: packages are for /usr (-DCMAKE_INSTALL_PREFIX=/usr)")
    endif()
    set(doc ${tree}/share/doc/${package})
    file(COPY ${CPACK_LMEVAL_SOURCE}/copyright DESTINATION ${doc}
         FILE_PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
    configure_file(${CPACK_LMEVAL_SOURCE}/changelog.in ${doc}/changelog @ONLY)
    if(EXISTS ${CPACK_LMEVAL_SOURCE}/${component}.lintian-overrides)
        configure_file(${CPACK_LMEVAL_SOURCE}/${component}.lintian-overrides
                       ${tree}/share/lintian/overrides/${package} COPYONLY)
    endif()
    execute_process(COMMAND gzip -9nf ${doc}/changelog RESULT_VARIABLE failed)
    if(failed)
        message(FATAL_ERROR "gzip: ${failed}")
    endif()
endforeach()
