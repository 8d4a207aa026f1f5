# cmake -DINPUT=FILE -DOUTPUT=FILE.c -DSYMBOL=name -P embed_file.cmake   (see embed.cmake)
file(READ ${INPUT} bytes HEX)
string(LENGTH "${bytes}" digits)
math(EXPR size "${digits} / 2")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
file(WRITE ${OUTPUT} "#include <stddef.h>
extern const unsigned char ${SYMBOL}[];
extern const size_t ${SYMBOL}_size;
const unsigned char ${SYMBOL}[] = {${bytes}};
const size_t ${SYMBOL}_size = ${size};
")
