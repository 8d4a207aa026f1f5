/* Cells of GitHub-flavoured Markdown tables. */
#ifndef LMEVAL_MARKDOWN_H
#define LMEVAL_MARKDOWN_H

#include <lmeval/str.h>

/* " text |", with what would end the cell or start markup escaped. */
void lme_markdown_cell(lme_builder *out, lme_str text);

/* " text |" of our own making: an interval's brackets stay as they are. */
void lme_markdown_number(lme_builder *out, lme_str text);

/* "|---|---:|...": n columns, the first `left` of them aligned left. */
void lme_markdown_rule(lme_builder *out, size_t n, size_t left);

#endif
