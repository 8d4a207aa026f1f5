#include <string.h>

#include <lmeval/markdown.h>

void lme_markdown_cell(lme_builder *out, lme_str text)
{
    lme_builder_char(out, ' ');
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '\n' || c == '\r')
            c = ' ';
        else if (c == '<') {
            lme_builder_add(out, LME_STR("&lt;"));
            continue;
        } else if (c != '\0' && strchr("|\\`*_[]", c) != NULL)
            lme_builder_char(out, '\\');
        lme_builder_char(out, c);
    }
    lme_builder_add(out, LME_STR(" |"));
}

void lme_markdown_rule(lme_builder *out, size_t n, size_t left)
{
    lme_builder_char(out, '|');
    for (size_t i = 0; i < n; i++)
        lme_builder_add(out, i < left ? LME_STR("---|") : LME_STR("---:|"));
    lme_builder_char(out, '\n');
}

void lme_markdown_number(lme_builder *out, lme_str text)
{
    lme_builder_format(out, " %.*s |", LME_STR_ARG(text));
}
