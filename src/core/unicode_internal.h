/* Private to core's Unicode. */
#ifndef LMEVAL_CORE_UNICODE_INTERNAL_H
#define LMEVAL_CORE_UNICODE_INTERNAL_H

#include <lmeval/unicode.h>

/* Decodes the code point that ends before byte *at and moves *at to its first byte; a bad byte
 * gives U+FFFD and moves one. *at must be above 0 and at most s.len. */
uint32_t lme_codepoint_before(lme_str s, size_t *at);

#endif
