# cmake -DLMEVAL_SANITIZE=address,undefined or thread: the whole build with that sanitizer.
set(LMEVAL_SANITIZE "" CACHE STRING "Sanitizers to build with, as -fsanitize= takes them")

if(LMEVAL_SANITIZE)
    add_compile_options(-fsanitize=${LMEVAL_SANITIZE} -fno-omit-frame-pointer
                        -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${LMEVAL_SANITIZE})
endif()

# clang only: every room with coverage for libFuzzer, and the fuzz_* binaries of tests/fuzz.
option(LMEVAL_FUZZ "Build the libFuzzer binaries (clang)" OFF)
if(LMEVAL_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link)
endif()
