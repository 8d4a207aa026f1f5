/* Private to core's regexes: what Python writes otherwise than PCRE2. */
#ifndef LMEVAL_CORE_REGEX_PYTHON_H
#define LMEVAL_CORE_REGEX_PYTHON_H

#include <lmeval/str.h>

/* The same pattern in PCRE2's words: \Z is \z there, \uXXXX and \UXXXXXXXX are \x{...}. */
lme_str lme_regex_to_pcre2(lme_arena *arena, lme_str pattern);

#endif
