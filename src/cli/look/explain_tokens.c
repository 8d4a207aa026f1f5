/* Tokens with their log-probabilities; of the context only the last, unless all are wanted. */
#include "../block.h"
#include "explain.h"

enum {
    BEFORE = 4 /* tokens of the context */
};

static void write_token(const lme_listed *listed, size_t i, lme_builder *out)
{
    lme_arena *arena = out->arena;
    const lme_value *value = &listed->logprobs[i];
    bool scored = i >= listed->from && i < listed->to;
    lme_builder_format(out, "  %s %5zu ", scored ? ">" : " ", i);
    if (value->kind == LME_NULL)
        lme_builder_format(out, "%12s  ", "none");
    else
        lme_builder_format(out, "%12.6f  ",
                           value->kind == LME_INT ? (double)value->integer : value->number);
    lme_builder text = {.arena = arena};
    lme_builder_char(&text, '"');
    lme_builder_add(&text, lme_value_str(arena, &listed->tokens[i]));
    lme_builder_char(&text, '"');
    lme_fold(out, lme_builder_finish(&text), 24);
}

void lme_explain_tokens(const lme_explanation *e, const lme_asked_again *asked, lme_builder *out)
{
    const lme_listed *listed = &asked->listed;
    if (listed->n == 0) {
        lme_explain_row(out, "tokens",
                        asked->unlisted.len > 0 ? asked->unlisted
                                                : LME_STR("this scoring path lists none"));
        return;
    }
    size_t first = e->view.full || listed->from < BEFORE ? 0 : listed->from - BEFORE;
    size_t last = e->view.full ? listed->n : listed->to;
    lme_builder_format(out, "tokens as the server lists them (> scored), %zu of %zu%s\n",
                       last - first, listed->n, last - first < listed->n ? " (--full: all)" : "");
    for (size_t i = first; i < last; i++) {
        if (i == listed->from && i > first)
            lme_builder_add(out, LME_STR("  ----- the continuation begins\n"));
        if (i == listed->to)
            lme_builder_add(out, LME_STR("  ----- what follows is not scored\n"));
        write_token(listed, i, out);
    }
}
