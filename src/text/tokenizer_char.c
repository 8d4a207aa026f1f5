/* Every character is a word: sacrebleu 2.6.0 tokenizers/tokenizer_char.py. */
#include "tokenizer.h"

#include <lmeval/unicode.h>

lme_str lme_separate_char(lme_arena *scratch, lme_str line)
{
    char *out = lme_arena_alloc(scratch, 2 * line.len + 1);
    size_t n = 0;
    for (size_t at = 0; at < line.len;) {
        size_t start = at;
        lme_codepoint_next(line, &at);
        for (size_t i = start; i < at; i++)
            out[n++] = line.ptr[i];
        out[n++] = ' ';
    }
    return (lme_str){out, n};
}
