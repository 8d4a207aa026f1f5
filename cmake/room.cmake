# Rooms and their walls.
#
#   lme_room(name HEADERS a.h b.h USES other rooms LIBS libraries)
#
# makes the static library lme_<name> from src/<name>/ and gives it one include path of our own:
# a folder of links to its HEADERS and to those of the rooms it USES. A forbidden include therefore
# does not compile. The lme_room() lines of CMakeLists.txt are the map of the program.
#
#   lme_tests(room)    every tests/unit/<room>/*_test.c is one CTest with the room's own view.

function(lme_view name)
    set(view ${CMAKE_BINARY_DIR}/sees/${name})
    foreach(header ${ARGN})
        file(MAKE_DIRECTORY ${view}/lmeval)
        file(CREATE_LINK ${CMAKE_SOURCE_DIR}/include/lmeval/${header} ${view}/lmeval/${header}
             SYMBOLIC)
    endforeach()
endfunction()

function(lme_room name)
    cmake_parse_arguments(room "" "" "HEADERS;USES;LIBS" ${ARGN})
    set(sees ${room_HEADERS})
    set(links "")
    foreach(used ${room_USES})
        get_property(headers GLOBAL PROPERTY LME_HEADERS_${used})
        list(APPEND sees ${headers})
        list(APPEND links lme_${used})
    endforeach()
    set_property(GLOBAL PROPERTY LME_HEADERS_${name} ${room_HEADERS})
    set_property(GLOBAL PROPERTY LME_SEES_${name} ${sees})
    set_property(GLOBAL APPEND PROPERTY LME_ROOMS ${name})
    file(REMOVE_RECURSE ${CMAKE_BINARY_DIR}/sees/${name})
    lme_view(${name} ${sees})

    file(GLOB sources CONFIGURE_DEPENDS
         ${CMAKE_SOURCE_DIR}/src/${name}/*.c ${CMAKE_SOURCE_DIR}/src/${name}/*/*.c
         ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp)
    list(FILTER sources EXCLUDE REGEX "/main\\.c$")
    if(sources)
        # Compiled once, for the room's own library and for liblmeval (cmake/library.cmake).
        add_library(lme_${name}_objects OBJECT ${sources})
        set_target_properties(lme_${name}_objects PROPERTIES POSITION_INDEPENDENT_CODE ON)
        # Nobody replaces a function of ours at run time, so calls inside a file may be inlined.
        target_compile_options(lme_${name}_objects PRIVATE -fno-semantic-interposition)
        target_include_directories(lme_${name}_objects PRIVATE ${CMAKE_BINARY_DIR}/sees/${name}
                                   ${CMAKE_SOURCE_DIR}/src/${name})
        target_link_libraries(lme_${name}_objects PRIVATE ${room_LIBS})
        lme_warnings(lme_${name}_objects)
        set_property(GLOBAL PROPERTY LME_LIBS_${name} ${room_LIBS})
        add_library(lme_${name} STATIC $<TARGET_OBJECTS:lme_${name}_objects>)
        target_link_libraries(lme_${name} PUBLIC ${links} ${room_LIBS})
    else()
        add_library(lme_${name} INTERFACE)
        target_link_libraries(lme_${name} INTERFACE ${links} ${room_LIBS})
    endif()
endfunction()

# The executable of a room: src/<room>/main.c with the room's view.
function(lme_program program room)
    add_executable(${program} ${CMAKE_SOURCE_DIR}/src/${room}/main.c)
    target_include_directories(${program} PRIVATE ${CMAKE_BINARY_DIR}/sees/${room}
                               ${CMAKE_SOURCE_DIR}/src/${room})
    target_link_libraries(${program} PRIVATE lme_${room})
    lme_warnings(${program})
endfunction()

function(lme_tests room)
    file(GLOB tests CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/unit/${room}/*_test.c)
    foreach(source ${tests})
        get_filename_component(name ${source} NAME_WE)
        set(target ${room}_${name})
        add_executable(${target} ${source})
        target_include_directories(${target} PRIVATE ${CMAKE_BINARY_DIR}/sees/${room}
                                   ${CMAKE_SOURCE_DIR}/src/${room}
                                   ${CMAKE_SOURCE_DIR}/tests/support)
        target_link_libraries(${target} PRIVATE lme_test_support lme_${room} PkgConfig::CMOCKA)
        lme_warnings(${target})
        add_test(NAME unit/${room}/${name} COMMAND ${target})
        set_tests_properties(unit/${room}/${name} PROPERTIES
            ENVIRONMENT "LMEVAL_SOURCE_DIR=${CMAKE_SOURCE_DIR};LMEVAL_BUILD_DIR=${CMAKE_BINARY_DIR}"
            TIMEOUT 120)
    endforeach()
endfunction()
