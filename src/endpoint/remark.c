#include "remark.h"

enum {
    LONGEST = 16 << 10, /* bytes of what was said: the cause comes first, the quote behind it */
    AROUND = 12         /* bytes beside the words that make a quote: more than "the ... is " */
};

/* A quote may have been escaped once more, and prompts have lines. */
static lme_str plain(lme_arena *arena, lme_str text)
{
    lme_builder out = {.arena = arena};
    bool blank = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '\\' && i + 1 < text.len) {
            char escaped = text.ptr[++i];
            c = escaped == 'n' || escaped == 'r' || escaped == 't' ? ' ' : escaped;
        }
        bool is_blank = (unsigned char)c <= ' ';
        if (is_blank && blank)
            continue;
        blank = is_blank;
        char lower = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
        lme_builder_char(&out, is_blank ? ' ' : lower);
    }
    return lme_builder_finish(&out);
}

void lme_remark_sent(lme_arena *arena, lme_remark *remark, lme_str text)
{
    if (text.len == 0)
        return;
    size_t n = remark->n_sent, each = sizeof *remark->sent;
    remark->sent = lme_arena_grow(arena, remark->sent, n * each, (n + 1) * each);
    remark->sent[remark->n_sent++] = plain(arena, text);
}

lme_remark lme_remark_of(lme_arena *arena, lme_str said, const lme_request *request, lme_str model)
{
    lme_remark remark = {.text = plain(arena, lme_str_slice(said, 0, LONGEST))};
    lme_remark_sent(arena, &remark, model);
    if (request == NULL)
        return remark;
    lme_remark_sent(arena, &remark, lme_str_concat(arena, request->context, request->continuation));
    for (size_t i = 0; i < request->n_messages; i++)
        lme_remark_sent(arena, &remark, request->messages[i].content);
    return remark;
}

/* Whether the words at `at` are those at `place` of what was sent. */
static bool is_copy(lme_str text, size_t at, lme_str sent, size_t place, size_t len)
{
    size_t left = 0, right = 0;
    while (left < AROUND && left < at && left < place &&
           text.ptr[at - 1 - left] == sent.ptr[place - 1 - left])
        left++;
    while (right < AROUND && at + len + right < text.len && place + len + right < sent.len &&
           text.ptr[at + len + right] == sent.ptr[place + len + right])
        right++;
    bool is_all = left == place && place + len + right == sent.len && sent.len > len;
    return is_all || left + right >= AROUND;
}

bool lme_remark_quotes(const lme_remark *remark, size_t at, lme_str words)
{
    for (size_t i = 0; i < remark->n_sent; i++) {
        lme_str sent = remark->sent[i];
        for (size_t place = lme_str_find(sent, words, 0); place < sent.len;
             place = lme_str_find(sent, words, place + 1)) {
            if (is_copy(remark->text, at, sent, place, words.len))
                return true;
        }
    }
    return false;
}

bool lme_remark_has(const lme_remark *remark, const char *words)
{
    lme_str wanted = lme_str_from(words), text = remark->text;
    for (size_t at = lme_str_find(text, wanted, 0); at < text.len;
         at = lme_str_find(text, wanted, at + 1)) {
        if (!lme_remark_quotes(remark, at, wanted))
            return true;
    }
    return false;
}

bool lme_remark_has_one(const lme_remark *remark, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (lme_remark_has(remark, words[i]))
            return true;
    }
    return false;
}
