# One set of warnings for every room and test; all are errors (LMEVAL_WERROR=OFF for packagers).
option(LMEVAL_WERROR "Treat warnings as errors" ON)

function(lme_warnings target)
    set(c_only -Wstrict-prototypes -Wmissing-prototypes)
    set(both
        -Wall -Wextra -Wshadow -Wconversion -Wcast-qual -Wwrite-strings -Wformat=2 -Wundef -Wvla
        -Wswitch-enum -Wdouble-promotion -Wimplicit-fallthrough -Wredundant-decls)
    # At -O3 gcc cannot see that an out parameter is set whenever the call returned true, and what it
    # sees differs between versions; clang-tidy's analyzer and the sanitizer build look instead.
    if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
        list(APPEND both -Wno-maybe-uninitialized)
    endif()
    target_compile_options(${target} PRIVATE ${both} "$<$<COMPILE_LANGUAGE:C>:${c_only}>")
    if(LMEVAL_WERROR)
        target_compile_options(${target} PRIVATE -Werror)
    endif()
endfunction()
