/* Read from the body's text: it is wanted of every answer, and only some are read as a whole. A key
 * in quotes cannot stand in a JSON text, whose quotes are escaped. */
#include "fingerprints.h"

#include <string.h>

#include <lmeval/unicode.h>

#define KEY "\"system_fingerprint\""

enum {
    REACH = 512 /* bytes at either end of a body: it stands beside the choices, not in them */
};

/* The text behind the key in this part of a body; "" when there is none. */
static lme_str value_in(lme_str part)
{
    size_t at = lme_str_find(part, LME_STR(KEY), 0);
    if (at >= part.len)
        return LME_STR("");
    lme_str rest = lme_lstrip(lme_str_slice(part, at + sizeof KEY - 1, part.len));
    if (!lme_str_starts(rest, LME_STR(":")))
        return LME_STR("");
    rest = lme_lstrip(lme_str_slice(rest, 1, rest.len));
    size_t end = lme_str_starts(rest, LME_STR("\"")) ? lme_str_find(rest, LME_STR("\""), 1) : 0;
    return end < rest.len ? lme_str_slice(rest, end > 0 ? 1 : 0, end) : LME_STR("");
}

/* Letters, digits and what joins them: no other has been seen, and others are not for a terminal.
 */
static bool is_plain(lme_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && (c == '\0' || strchr("_-.:+/", c) == NULL))
            return false;
    }
    return text.len > 0 && text.len < LME_FINGERPRINT_BYTES;
}

void lme_fingerprints_count(lme_fingerprints *fingerprints, size_t server, lme_str body)
{
    lme_str text = value_in(lme_str_slice(body, 0, REACH));
    if (text.len == 0 && body.len > REACH)
        text = value_in(lme_str_slice(body, body.len - REACH, body.len));
    if (!is_plain(text))
        return;
    size_t i = 0;
    while (i < fingerprints->n && (fingerprints->seen[i].server != server ||
                                   !lme_str_equal(fingerprints->seen[i].text, text)))
        i++;
    if (i == LME_FINGERPRINTS)
        i--;
    if (i == fingerprints->n) {
        memcpy(fingerprints->texts[i], text.ptr, text.len);
        fingerprints->seen[i] =
            (lme_system_fingerprint){.server = server, .text = {fingerprints->texts[i], text.len}};
        fingerprints->n++;
    }
    fingerprints->seen[i].n_answers++;
}
