/* The dialects in the order in which the probe tries them. */
#include "../tokenizer.h"

#define TOKENIZER(name) extern const lme_server_tokenizer lme_server_tokenizer_##name;
#include "list.h"
#undef TOKENIZER

#define TOKENIZER(name) &lme_server_tokenizer_##name,
static const lme_server_tokenizer *const rows[] = {
#include "list.h"
};
#undef TOKENIZER

const lme_server_tokenizer *const *lme_server_tokenizers(size_t *n)
{
    *n = sizeof rows / sizeof rows[0];
    return rows;
}

bool lme_tokens_read(lme_arena *arena, const lme_value *answer, lme_str text, lme_ids *ids,
                     lme_error *err)
{
    const lme_value *list = lme_value_find(answer, "tokens");
    if (list == NULL || list->kind != LME_LIST)
        return lme_fail(err, LME_ERR_SERVER, NULL, "the answer of /tokenize has no list of tokens");
    size_t n = list->list.len;
    if (n > LME_SPECIAL_TOKENS && n - LME_SPECIAL_TOKENS > text.len)
        return lme_fail(err, LME_ERR_SERVER, NULL,
                        "/tokenize gives %zu tokens for a text of %zu bytes", n, text.len);
    *ids = (lme_ids){.ids = LME_ARRAY(arena, int64_t, n), .n = n};
    for (size_t i = 0; i < n; i++) {
        if (list->list.items[i].kind != LME_INT)
            return lme_fail(err, LME_ERR_SERVER, NULL,
                            "token %zu of /tokenize is %s, expected a number", i,
                            lme_kind_name(list->list.items[i].kind));
        ids->ids[i] = list->list.items[i].integer;
    }
    return true;
}
