/* str.lower, upper, title, capitalize. Most code points map to one; the rest are in a table of
 * SpecialCasing.txt's unconditional rows, and U+03A3 depends on what stands around it.
 */
#include <utf8proc.h>

#include <lmeval/unicode.h>

typedef struct full_case {
    uint32_t from;
    uint32_t upper[3], title[3]; /* 0 ends */
} full_case;

static const full_case table[] = {
    {0x00DF, {0x53, 0x53}, {0x53, 0x73}},
    {0x0149, {0x2BC, 0x4E}, {0x2BC, 0x4E}},
    {0x01F0, {0x4A, 0x30C}, {0x4A, 0x30C}},
    {0x0390, {0x399, 0x308, 0x301}, {0x399, 0x308, 0x301}},
    {0x03B0, {0x3A5, 0x308, 0x301}, {0x3A5, 0x308, 0x301}},
    {0x0587, {0x535, 0x552}, {0x535, 0x582}},
    {0x1E96, {0x48, 0x331}, {0x48, 0x331}},
    {0x1E97, {0x54, 0x308}, {0x54, 0x308}},
    {0x1E98, {0x57, 0x30A}, {0x57, 0x30A}},
    {0x1E99, {0x59, 0x30A}, {0x59, 0x30A}},
    {0x1E9A, {0x41, 0x2BE}, {0x41, 0x2BE}},
    {0xFB00, {0x46, 0x46}, {0x46, 0x66}},
    {0xFB01, {0x46, 0x49}, {0x46, 0x69}},
    {0xFB02, {0x46, 0x4C}, {0x46, 0x6C}},
    {0xFB03, {0x46, 0x46, 0x49}, {0x46, 0x66, 0x69}},
    {0xFB04, {0x46, 0x46, 0x4C}, {0x46, 0x66, 0x6C}},
    {0xFB05, {0x53, 0x54}, {0x53, 0x74}},
    {0xFB06, {0x53, 0x54}, {0x53, 0x74}},
};

static const full_case *find_full(uint32_t c)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (table[i].from == c)
            return &table[i];
    }
    return NULL;
}

static void add_all(lme_builder *out, const uint32_t *codepoints)
{
    for (size_t i = 0; i < 3 && codepoints[i] != 0; i++)
        lme_builder_codepoint(out, codepoints[i]);
}

static void add_upper(lme_builder *out, uint32_t c)
{
    const full_case *full = c < 0x80 ? NULL : find_full(c);
    if (full != NULL)
        add_all(out, full->upper);
    else
        lme_builder_codepoint(out, (uint32_t)utf8proc_toupper((utf8proc_int32_t)c));
}

static void add_title(lme_builder *out, uint32_t c)
{
    const full_case *full = c < 0x80 ? NULL : find_full(c);
    if (full != NULL)
        add_all(out, full->title);
    else
        lme_builder_codepoint(out, (uint32_t)utf8proc_totitle((utf8proc_int32_t)c));
}

static bool is_cased(uint32_t c)
{
    utf8proc_category_t k = utf8proc_category((utf8proc_int32_t)c);
    return k == UTF8PROC_CATEGORY_LU || k == UTF8PROC_CATEGORY_LL || k == UTF8PROC_CATEGORY_LT ||
           lme_is_upper(c) || lme_is_lower(c);
}

static bool is_case_ignorable(uint32_t c)
{
    utf8proc_category_t k = utf8proc_category((utf8proc_int32_t)c);
    return k == UTF8PROC_CATEGORY_MN || k == UTF8PROC_CATEGORY_ME || k == UTF8PROC_CATEGORY_CF ||
           k == UTF8PROC_CATEGORY_LM || k == UTF8PROC_CATEGORY_SK || c == '\'' || c == '.' ||
           c == ':' || c == 0xB7 || c == 0x2018 || c == 0x2019 || c == 0x2024 || c == 0x2027;
}

/* Final_Sigma: a cased letter before, none after; ignorable ones do not count. */
static bool is_final_sigma(lme_str s, size_t at, size_t next)
{
    bool before = false;
    for (size_t i = 0; i < at;) {
        uint32_t c = lme_codepoint_next(s, &i);
        if (!is_case_ignorable(c))
            before = is_cased(c);
    }
    while (before && next < s.len) {
        uint32_t c = lme_codepoint_next(s, &next);
        if (!is_case_ignorable(c))
            return !is_cased(c);
    }
    return before;
}

static void add_lower(lme_builder *out, lme_str s, size_t at, size_t next, uint32_t c)
{
    if (c == 0x130) {
        lme_builder_codepoint(out, 'i');
        lme_builder_codepoint(out, 0x307);
    } else if (c == 0x3A3) {
        lme_builder_codepoint(out, is_final_sigma(s, at, next) ? 0x3C2 : 0x3C3);
    } else {
        lme_builder_codepoint(out, (uint32_t)utf8proc_tolower((utf8proc_int32_t)c));
    }
}

lme_str lme_lower(lme_arena *arena, lme_str s)
{
    lme_builder out = {.arena = arena};
    for (size_t at = 0; at < s.len;) {
        size_t from = at;
        uint32_t c = lme_codepoint_next(s, &at);
        add_lower(&out, s, from, at, c);
    }
    return lme_builder_finish(&out);
}

lme_str lme_upper(lme_arena *arena, lme_str s)
{
    lme_builder out = {.arena = arena};
    for (size_t at = 0; at < s.len;)
        add_upper(&out, lme_codepoint_next(s, &at));
    return lme_builder_finish(&out);
}

lme_str lme_title(lme_arena *arena, lme_str s)
{
    lme_builder out = {.arena = arena};
    bool in_word = false;
    for (size_t at = 0; at < s.len;) {
        size_t from = at;
        uint32_t c = lme_codepoint_next(s, &at);
        if (in_word)
            add_lower(&out, s, from, at, c);
        else
            add_title(&out, c);
        in_word = is_cased(c);
    }
    return lme_builder_finish(&out);
}

lme_str lme_capitalize(lme_arena *arena, lme_str s)
{
    lme_builder out = {.arena = arena};
    for (size_t at = 0; at < s.len;) {
        size_t from = at;
        uint32_t c = lme_codepoint_next(s, &at);
        if (from == 0)
            add_title(&out, c);
        else
            add_lower(&out, s, from, at, c);
    }
    return lme_builder_finish(&out);
}
