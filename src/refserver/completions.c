/* Answers of /v1/completions in OpenAI's legacy shape, with vLLM's prompt_logprobs beside it. */
#include "api.h"

#include <math.h>
#include <stdlib.h>

#include <lmeval/unicode.h>

typedef struct writing {
    const lme_service *service;
    const lme_order *order;
    lme_str head; /* {"id": ... "model": ... */
    lme_reply *reply;
} writing;

/* One choice with all that its logprobs object needs. */
typedef struct choice {
    size_t index;
    const lme_prompt *prompt;
    lme_sequence sequence;
    int64_t *offsets;       /* sequence.n; NULL without logprobs */
    const lme_str *spelled; /* sequence.n texts of tokens; NULL: as each is printed alone */
} choice;

static bool has_trait(const writing *w, lme_trait trait)
{
    return lme_traits_have(w->service->traits, trait);
}

/* Moves the offsets so that the first generated token's is 0.
 *   end  of the last token */
static void begin_at_answer(const lme_sequence *sequence, size_t from, int64_t end,
                            int64_t *offsets)
{
    int64_t answer = sequence->n > sequence->n_prompt ? offsets[sequence->n_prompt] : end;
    for (size_t i = from; i < sequence->n; i++)
        offsets[i] -= answer;
}

/* Where each token begins: characters complete before it, from the first token shown. */
static int64_t *offsets_of(const writing *w, const choice *c, size_t from)
{
    const lme_sequence *sequence = &c->sequence;
    int64_t *offsets = LME_ARRAY(w->reply->scratch, int64_t, sequence->n);
    lme_characters characters = {0};
    int64_t at = 0;
    for (size_t i = from; i < sequence->n; i++) {
        uint16_t token = sequence->tokens[i];
        const lme_print *print = &w->service->model->prints[token];
        lme_str bytes = w->service->model->vocab->bytes[token];
        offsets[i] = has_trait(w, LME_TRAIT_OFFSET_MINUS_ONE) ? -1 : at;
        if (has_trait(w, LME_TRAIT_OFFSET_BYTES))
            at += (int64_t)bytes.len;
        else if (c->spelled != NULL)
            at += (int64_t)lme_codepoints(c->spelled[i]);
        else if (has_trait(w, LME_TRAIT_REPLACEMENT_CHARACTER))
            at += (int64_t)print->codepoints + !print->is_whole;
        else if (print->is_whole && characters.n_needed == 0)
            at += (int64_t)print->codepoints;
        else
            at += (int64_t)lme_characters_add(&characters, bytes, NULL);
    }
    if (has_trait(w, LME_TRAIT_OFFSET_COMPLETION) && sequence->n > 0)
        begin_at_answer(sequence, from, at, offsets);
    return offsets;
}

static bool prints_same(const lme_model *model, uint16_t a, uint16_t b)
{
    const lme_print *left = &model->prints[a], *right = &model->prints[b];
    if (left->is_whole && right->is_whole)
        return a == b;
    return lme_str_equal(left->text, right->text);
}

/* The best n tokens and a place's own, in the order in which a server puts them into a map. */
typedef struct tops {
    uint16_t own;
    lme_candidate items[LME_NGRAM_TOP + 1]; /* n; their probabilities are in nats */
    size_t n;
} tops;

static tops tops_of(const writing *w, const lme_sequence *sequence, size_t at)
{
    const lme_candidate *top = sequence->top + at * sequence->n_top;
    tops t = {.own = sequence->tokens[at]};
    const lme_candidate own = {t.own, sequence->logprobs[at]};
    bool has_own = false;
    if (has_trait(w, LME_TRAIT_TOP_LAST))
        t.items[t.n++] = own;
    for (size_t i = 0; i < w->order->n_top; i++) {
        bool is_own = top[i].token == t.own;
        has_own = has_own || is_own;
        if (!is_own || !has_trait(w, LME_TRAIT_TOP_LAST))
            t.items[t.n++] = is_own ? own : (lme_candidate){top[i].token, log(top[i].probability)};
    }
    if (!has_own && !has_trait(w, LME_TRAIT_TOP_FIRST) && !has_trait(w, LME_TRAIT_TOP_LAST))
        t.items[t.n++] = own;
    return t;
}

/* Of tokens that print alike one stays in the map: the first, the last, or the place's own, else
 * the first (peer README, top_logprobs). */
static bool stays(const writing *w, const tops *t, size_t i)
{
    bool first = has_trait(w, LME_TRAIT_TOP_FIRST), last = has_trait(w, LME_TRAIT_TOP_LAST);
    for (size_t k = 0; k < t->n; k++) {
        if (k == i || !prints_same(w->service->model, t->items[i].token, t->items[k].token))
            continue;
        bool other_wins = last ? k > i : k < i;
        if (!first && !last && t->items[i].token == t->own)
            other_wins = false;
        if (!first && !last && t->items[k].token == t->own)
            other_wins = true;
        if (other_wins)
            return false;
    }
    return true;
}

static void write_top(const writing *w, const choice *c, size_t at)
{
    const lme_sequence *sequence = &c->sequence;
    lme_builder *out = &w->reply->body;
    const tops t = tops_of(w, sequence, at);
    bool is_first = true;
    lme_builder_char(out, '{');
    for (size_t i = 0; i < t.n; i++) {
        if (!stays(w, &t, i))
            continue;
        if (!is_first)
            lme_builder_char(out, ',');
        is_first = false;
        if (t.items[i].token == t.own)
            lme_write_spelled(out, w->service, c->spelled, sequence, at);
        else if (has_trait(w, LME_TRAIT_TOKEN_ID_TEXTS))
            lme_builder_format(out, "\"token_id:%u\"", t.items[i].token);
        else
            lme_write_token(out, w->service, t.items[i].token);
        lme_builder_char(out, ':');
        lme_write_logprob(out, t.items[i].probability);
    }
    lme_builder_char(out, '}');
}

typedef enum logprobs_column {
    COLUMN_OFFSET,
    COLUMN_LOGPROB,
    COLUMN_TOKEN,
    COLUMN_TOP,
} logprobs_column;

static void write_entry(const writing *w, const choice *c, logprobs_column column, size_t at)
{
    lme_builder *out = &w->reply->body;
    switch (column) {
    case COLUMN_OFFSET:
        if (c->offsets[at] < 0)
            lme_builder_char(out, '-');
        lme_write_number(out, (size_t)llabs(c->offsets[at]));
        break;
    case COLUMN_LOGPROB:
        if (at < lme_n_unscored(w->service, &c->sequence))
            lme_builder_add(out, LME_STR("null"));
        else
            lme_write_logprob(out, c->sequence.logprobs[at]);
        break;
    case COLUMN_TOKEN:
        lme_write_spelled(out, w->service, c->spelled, &c->sequence, at);
        break;
    case COLUMN_TOP:
        if (at < lme_n_unscored(w->service, &c->sequence))
            lme_builder_add(out, LME_STR("null"));
        else
            write_top(w, c, at);
        break;
    }
}

static void write_logprobs(const writing *w, const choice *c, size_t from, size_t to)
{
    static const char *const names[] = {"{\"text_offset\":[", "],\"token_logprobs\":[",
                                        "],\"tokens\":[", "],\"top_logprobs\":["};
    lme_builder *out = &w->reply->body;
    if (!w->order->has_logprobs) {
        lme_builder_add(out, LME_STR("null"));
        return;
    }
    if (has_trait(w, LME_TRAIT_CONTENT_LOGPROBS)) {
        lme_write_content_logprobs(out, w->service, &c->sequence, from, to);
        return;
    }
    if (from == 0 && c->sequence.n_prompt > 0 && has_trait(w, LME_TRAIT_FIRST_TOKEN_MISSING))
        from = 1;
    for (logprobs_column column = COLUMN_OFFSET; column <= COLUMN_TOP; column++) {
        lme_builder_add(out, lme_str_from(names[column]));
        for (size_t i = from; i < to; i++) {
            if (i > from)
                lme_builder_char(out, ',');
            write_entry(w, c, column, i);
        }
    }
    lme_builder_add(out, LME_STR("]}"));
}

/* A part of a choice: all of it, or what one SSE event carries. */
typedef struct choice_part {
    lme_str text;
    size_t from, to;    /* tokens */
    const char *finish; /* NULL: null */
    bool is_whole;
} choice_part;

static void write_choice(const writing *w, const choice *c, const choice_part *part)
{
    lme_builder *out = &w->reply->body;
    lme_builder_add(out, LME_STR("{\"index\":"));
    lme_write_number(out, c->index);
    lme_builder_add(out, LME_STR(",\"text\":"));
    lme_json_write_string(out, part->text, false);
    lme_builder_add(out, LME_STR(",\"logprobs\":"));
    if (part->is_whole || part->to > part->from)
        write_logprobs(w, c, part->from, part->to);
    else
        lme_builder_add(out, LME_STR("null"));
    lme_builder_add(out, LME_STR(",\"finish_reason\":"));
    if (part->finish == NULL)
        lme_builder_add(out, LME_STR("null"));
    else
        lme_json_write_string(out, lme_str_from(part->finish), false);
    if (part->is_whole && w->order->prompt_logprobs != SIZE_MAX)
        lme_write_prompt_logprobs(w->reply, w->service, w->order, &c->sequence);
    lme_builder_char(out, '}');
}

static const lme_str *spell_ids(lme_arena *arena, const lme_sequence *sequence)
{
    lme_str *texts = LME_ARRAY(arena, lme_str, sequence->n);
    for (size_t i = 0; i < sequence->n; i++)
        texts[i] = lme_str_format(arena, "token_id:%u", sequence->tokens[i]);
    return texts;
}

static choice make_choice(writing *w, size_t index)
{
    size_t prompt = index / w->order->n;
    choice c = {.index = index, .prompt = &w->order->prompts[prompt]};
    c.sequence =
        lme_order_sequence(w->reply->scratch, w->service, w->order, prompt, index % w->order->n);
    w->reply->n_completion += c.sequence.n_completion;
    if (w->order->has_logprobs) {
        size_t from = w->order->echo ? 0 : c.sequence.n_prompt;
        c.spelled = has_trait(w, LME_TRAIT_TOKEN_ID_TEXTS)
                        ? spell_ids(w->reply->scratch, &c.sequence)
                        : lme_spell(w->reply->scratch, w->service, &c.sequence, from);
        c.offsets = offsets_of(w, &c, from);
    }
    return c;
}

static void write_event(writing *w, const choice *c, const choice_part *part)
{
    lme_builder *out = &w->reply->body;
    lme_builder_add(out, LME_STR("data: "));
    lme_builder_add(out, w->head);
    lme_builder_add(out, LME_STR(",\"choices\":["));
    if (c != NULL)
        write_choice(w, c, part);
    lme_builder_char(out, ']');
    if (c == NULL)
        lme_write_usage(out, w->service, lme_order_prompt_tokens(w->order), w->reply->n_completion);
    else if (w->order->include_usage)
        lme_builder_add(out, LME_STR(",\"usage\":null"));
    lme_builder_add(out, LME_STR("}\n\n"));
    lme_reply_event(w->reply);
}

static void stream_choice(writing *w, size_t index)
{
    choice c = make_choice(w, index);
    const lme_sequence *s = &c.sequence;
    size_t begin = 0;
    if (w->order->echo)
        write_event(w, &c, &(choice_part){.text = c.prompt->text, .to = s->n_prompt});
    for (size_t i = s->n_prompt; i < s->n; i++) {
        size_t end = s->text_ends[i - s->n_prompt];
        if (end > begin || w->order->has_logprobs)
            write_event(
                w, &c,
                &(choice_part){.text = lme_str_slice(s->text, begin, end), .from = i, .to = i + 1});
        begin = end;
    }
    write_event(w, &c,
                &(choice_part){.text = LME_STR(""),
                               .finish = lme_ending_of(w->service, w->reply, s).finish});
}

static void write_all(writing *w, size_t n_choices)
{
    lme_builder *out = &w->reply->body;
    lme_builder_add(out, w->head);
    lme_builder_add(out, LME_STR(",\"choices\":["));
    for (size_t i = 0; i < n_choices; i++) {
        size_t index = has_trait(w, LME_TRAIT_CHOICES_REVERSED) ? n_choices - 1 - i : i;
        choice c = make_choice(w, index);
        lme_ending ending = lme_ending_of(w->service, w->reply, &c.sequence);
        bool lists_prompt = w->order->echo && has_trait(w, LME_TRAIT_NO_GENERATED_ENTRY);
        if (w->order->echo)
            ending.text = lme_str_concat(w->reply->scratch, c.prompt->text, ending.text);
        if (i > 0)
            lme_builder_char(out, ',');
        write_choice(w, &c,
                     &(choice_part){.text = ending.text,
                                    .from = w->order->echo ? 0 : c.sequence.n_prompt,
                                    .to = lists_prompt ? c.sequence.n_prompt : c.sequence.n,
                                    .finish = ending.finish,
                                    .is_whole = true});
    }
    lme_builder_char(out, ']');
    lme_write_usage(out, w->service, lme_order_prompt_tokens(w->order), w->reply->n_completion);
    lme_builder_char(out, '}');
}

void lme_completion_answer(const lme_service *service, const lme_order *order, lme_str id,
                           lme_reply *reply)
{
    writing w = {.service = service, .order = order, .reply = reply};
    reply->n_prompt = lme_order_prompt_tokens(order);
    size_t n_choices = order->n_prompts * order->n;
    lme_builder head = {.arena = reply->scratch};
    lme_builder_format(&head,
                       "{\"id\":\"cmpl-%.*s\",\"object\":\"text_completion\",\"created\":%lld,"
                       "\"model\":",
                       LME_STR_ARG(id), (long long)service->created);
    lme_json_write_string(&head, service->name, false);
    lme_write_fingerprint(&head, service);
    w.head = lme_builder_finish(&head);
    if (!order->stream) {
        write_all(&w, n_choices);
        return;
    }
    reply->content_type = "text/event-stream; charset=utf-8";
    for (size_t i = 0; i < n_choices; i++)
        stream_choice(&w, i);
    if (order->include_usage)
        write_event(&w, NULL, NULL);
    if (has_trait(&w, LME_TRAIT_NO_DONE))
        return;
    lme_builder_add(&reply->body, LME_STR("data: [DONE]\n\n"));
    lme_reply_event(reply);
}
