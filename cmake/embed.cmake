# A text of the source tree as an array in the program.
#
#   lme_embed(room file symbol)      adds `const unsigned char symbol[]` and `const size_t symbol_size`
#
# The texts stay files that an editor, a browser and a diff know what to do with.
function(lme_embed room file symbol)
    set(input ${CMAKE_SOURCE_DIR}/src/${room}/${file})
    set(output ${CMAKE_BINARY_DIR}/embedded/${symbol}.c)
    add_custom_command(OUTPUT ${output}
        COMMAND ${CMAKE_COMMAND} -DINPUT=${input} -DOUTPUT=${output} -DSYMBOL=${symbol}
                -P ${CMAKE_SOURCE_DIR}/cmake/embed_file.cmake
        DEPENDS ${input} ${CMAKE_SOURCE_DIR}/cmake/embed_file.cmake
        COMMENT "Embedding ${file}" VERBATIM)
    target_sources(lme_${room}_objects PRIVATE ${output})
endfunction()
