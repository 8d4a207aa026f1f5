/* Texts small enough for a page: gzip, which browsers unpack themselves, as base64. */
#ifndef LMEVAL_PAGE_PACK_H
#define LMEVAL_PAGE_PACK_H

#include <lmeval/str.h>

void lme_pack(lme_builder *out, lme_str text);

void lme_base64(lme_builder *out, const unsigned char *bytes, size_t n);

/* "'sha256-...'", as a Content-Security-Policy names a script of the page. */
void lme_pack_source(lme_builder *out, lme_str text);

#endif
