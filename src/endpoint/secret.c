#include "secret.h"

#include <lmeval/unicode.h>

enum {
    SHORTEST = 4, /* bytes of a word of a header that is worth hiding */
    LONG = 16     /* bytes that are not written by chance */
};

void lme_secrets_add(lme_arena *arena, lme_secrets *secrets, lme_str text, const char *shown)
{
    if (text.len == 0)
        return;
    size_t n = secrets->n;
    secrets->items = lme_arena_grow(arena, secrets->items, n * sizeof *secrets->items,
                                    (n + 1) * sizeof *secrets->items);
    secrets->items[n] = (lme_secret){lme_str_copy(arena, text), shown};
    secrets->n++;
}

void lme_secrets_add_header(lme_arena *arena, lme_secrets *secrets, lme_str value)
{
    static const char shown[] = "[header]";
    /* The whole value first: it is the longest, and its words are parts of it. */
    if (value.len >= SHORTEST)
        lme_secrets_add(arena, secrets, value, shown);
    for (size_t from = 0; from < value.len;) {
        size_t blank = lme_str_find(value, LME_STR(" "), from);
        size_t to = blank < value.len ? blank : value.len;
        lme_str word = lme_str_slice(value, from, to);
        if (word.len >= SHORTEST && word.len < value.len && !lme_str_is(word, "Bearer") &&
            !lme_str_is(word, "Basic"))
            lme_secrets_add(arena, secrets, word, shown);
        from = to + 1;
    }
}

static lme_str hide(lme_arena *arena, const lme_secrets *secrets, size_t shortest, lme_str text)
{
    for (size_t i = 0; secrets != NULL && i < secrets->n; i++) {
        const lme_secret *secret = &secrets->items[i];
        if (secret->text.len >= shortest && lme_str_find(text, secret->text, 0) < text.len)
            text = lme_str_replace(arena, text, secret->text, lme_str_from(secret->shown));
    }
    return text;
}

lme_str lme_secrets_hide(lme_arena *arena, const lme_secrets *secrets, lme_str text)
{
    return hide(arena, secrets, 1, text);
}

lme_str lme_secrets_hide_long(lme_arena *arena, const lme_secrets *secrets, lme_str text)
{
    return hide(arena, secrets, LONG, text);
}
