/* How vLLM (0.32, measured) prints tokens that are parts of a character: the one that completes it
 * has all of it, with whatever a part before it had in front, and the parts print nothing. A
 * prompt's first token is printed alone, so that a part there is U+FFFD and what is left of its
 * character is never complete. */
#include "api.h"

#include <lmeval/unicode.h>

#define REPLACEMENT_TEXT "\xEF\xBF\xBD"

const lme_str *lme_spell(lme_arena *arena, const lme_service *service, const lme_sequence *sequence,
                         size_t from)
{
    const lme_model *model = service->model;
    lme_str *texts = LME_ARRAY(arena, lme_str, sequence->n), held = LME_STR("");
    lme_characters characters = {0};
    if (!lme_traits_have(service->traits, LME_TRAIT_WHOLE_CHARACTERS))
        return NULL;
    for (size_t i = from; i < sequence->n; i++) {
        const lme_print *print = &model->prints[sequence->tokens[i]];
        lme_builder text = {.arena = arena};
        texts[i] = LME_STR("");
        if (i == 0 && sequence->n_prompt > 0 && !print->is_whole) {
            texts[i] = lme_str_concat(arena, print->text, LME_STR(REPLACEMENT_TEXT));
            continue;
        }
        lme_characters_add(&characters, model->vocab->bytes[sequence->tokens[i]], &text);
        held = lme_str_concat(arena, held, lme_builder_finish(&text));
        if (characters.n_needed > 0)
            continue;
        texts[i] = held;
        held = LME_STR("");
    }
    return texts;
}

void lme_write_spelled(lme_builder *out, const lme_service *service, const lme_str *texts,
                       const lme_sequence *sequence, size_t at)
{
    if (texts == NULL)
        lme_write_token(out, service, sequence->tokens[at]);
    else
        lme_json_write_string(out, texts[at], false);
}
