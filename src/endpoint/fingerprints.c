#include "fingerprints.h"

#include <string.h>

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

void lme_fingerprints_count(lme_fingerprints *fingerprints, size_t server, const lme_value *answer)
{
    lme_str text = lme_value_text(answer, "system_fingerprint");
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
