#include "markup.h"

#include <lmeval/json.h>
#include <lmeval/unicode.h>

enum {
    PICTURES = 0x2400, /* the control pictures, in the order of the controls */
    PICTURE_OF_DELETE = 0x2421
};

static const char *escape_of(unsigned char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

static bool is_control(uint32_t c)
{
    return (c < 0x20 && c != '\t' && c != '\n') || (c >= 0x7f && c < 0xa0);
}

/* What is no character to HTML: U+FDD0 ... U+FDEF, and the last two of each plane. */
static bool is_no_character(uint32_t c)
{
    return (c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) == 0xfffe;
}

static void add_codepoint(lme_builder *out, uint32_t c)
{
    if (c < 0x20)
        lme_builder_codepoint(out, PICTURES + c);
    else if (c == 0x7f)
        lme_builder_codepoint(out, PICTURE_OF_DELETE);
    else
        lme_builder_codepoint(out, 0xfffd);
}

void lme_page_text(lme_builder *out, lme_str text)
{
    size_t done = 0, at = 0;
    while (at < text.len) {
        size_t begin = at;
        uint32_t c = lme_codepoint_next(text, &at);
        const char *escape = c < 0x80 ? escape_of((unsigned char)c) : NULL;
        bool bad = is_control(c) || is_no_character(c) || (c == 0xfffd && at == begin + 1);
        if (escape == NULL && !bad)
            continue;
        lme_builder_add(out, lme_str_slice(text, done, begin));
        if (escape != NULL)
            lme_builder_add(out, lme_str_from(escape));
        else
            add_codepoint(out, c);
        done = at;
    }
    lme_builder_add(out, lme_str_slice(text, done, text.len));
}

void lme_page_put(lme_builder *out, const char *markup, const lme_str *texts, size_t n)
{
    size_t used = 0;
    for (const char *c = markup; *c != 0; c++) {
        if (*c != '%') {
            lme_builder_char(out, *c);
            continue;
        }
        LME_BUG(used == n, "markup with more places than texts");
        lme_page_text(out, texts[used++]);
    }
    LME_BUG(used != n, "markup with fewer places than texts");
}

void lme_page_json(lme_builder *out, const lme_value *value)
{
    lme_builder json = {.arena = out->arena};
    lme_json_write(&json, value,
                   &(lme_json_style){.ensure_ascii = true, .compact = true, .nan_as_null = true});
    lme_str text = lme_builder_finish(&json);
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '<' || c == '>' || c == '&')
            lme_builder_format(out, "\\u%04x", (unsigned)(unsigned char)c);
        else
            lme_builder_char(out, c);
    }
}
