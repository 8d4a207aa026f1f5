#include "pace.h"

#include "logprobs.h"
#include "loop.h"

#include <math.h>

#include <lmeval/json.h>

double lme_timings_now(void)
{
    return (double)lme_now_ns() * 1e-9;
}

/* The only message of a conversation; "" when there are more. */
static lme_str only_message(const lme_value *sent)
{
    const lme_value *messages = lme_value_find(sent, "messages");
    if (messages == NULL || messages->kind != LME_LIST || messages->list.len != 1)
        return LME_STR("");
    return lme_value_text(&messages->list.items[0], "content");
}

/* As OpenAI's API, llama-server's and SGLang's own tell it; 0: not told. */
static double prompt_tokens(const lme_value *answer)
{
    int64_t n = lme_usage(answer, "prompt_tokens");
    if (n > 0)
        return (double)n;
    n = lme_tokens_told(answer, "tokens_evaluated");
    return (double)(n > 0 ? n
                          : lme_tokens_told(lme_value_find(answer, "meta_info"), "prompt_tokens"));
}

static void count(lme_token_counts *counts, lme_str text, double tokens)
{
    double bytes = (double)text.len;
    if (text.len == 0 || tokens <= 0)
        return;
    counts->n++;
    counts->x += bytes;
    counts->y += tokens;
    counts->xx += bytes * bytes;
    counts->xy += bytes * tokens;
}

/* A model answered, not a tokenizer. */
static bool is_computed(const lme_value *answer)
{
    static const char *const keys[] = {"choices", "completion_probabilities", "meta_info",
                                       "tokens_evaluated"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (lme_value_find(answer, keys[i]) != NULL)
            return true;
    }
    return false;
}

static void take_lower(double *value, double seconds)
{
    if (*value <= 0 || seconds < *value)
        *value = seconds;
}

void lme_timings_take(lme_timings *timings, lme_str body, const lme_value *answer, double seconds)
{
    enum {
        FEWEST = 4 /* generated tokens that say how long one takes */
    };
    lme_arena *arena = lme_arena_new();
    lme_value sent;
    if (is_computed(answer) && lme_json_read(arena, NULL, body, NULL, &sent, NULL)) {
        double tokens = prompt_tokens(answer);
        lme_str text = lme_value_text(&sent, "prompt");
        count(&timings->texts, text.len > 0 ? text : lme_value_text(&sent, "text"), tokens);
        count(&timings->chats, only_message(&sent), tokens);
        double n_made = (double)lme_usage(answer, "completion_tokens");
        if (seconds > 0)
            take_lower(&timings->quickest_s, seconds);
        if (seconds > 0 && n_made >= FEWEST)
            take_lower(&timings->token_s, seconds / n_made);
    }
    lme_arena_free(arena);
}

lme_pace lme_timings_pace(const lme_timings *timings, bool chats)
{
    /* Tokens a byte: from long words to single bytes of other scripts. */
    static const double fewest = 0.05, most = 2;
    const lme_token_counts *c = chats ? &timings->chats : &timings->texts;
    lme_pace pace = {.quickest_s = timings->quickest_s, .token_s = timings->token_s};
    double spread = c->n * c->xx - c->x * c->x;
    /* Of prompts of one length a text's tokens are all its own; a chat's are its template's, too.
     */
    if (c->n < 1 || (chats && spread <= 0))
        return pace;
    double slope = spread > 0 ? (c->n * c->xy - c->x * c->y) / spread : c->y / c->x;
    if (slope < fewest || slope > most)
        return pace;
    pace.tokens_a_byte = slope;
    pace.tokens_a_prompt = fmax(0, (c->y - slope * c->x) / c->n);
    pace.n_counted = (size_t)c->n;
    return pace;
}
