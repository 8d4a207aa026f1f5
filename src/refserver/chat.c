/* Answers of /v1/chat/completions. */
#include "api.h"

typedef struct writing {
    const lme_service *service;
    const lme_order *order;
    lme_str head;
    lme_reply *reply;
} writing;

/* What one SSE event carries. */
typedef struct chat_delta {
    lme_str fields;     /* of "delta" */
    size_t from, to;    /* tokens with log-probabilities */
    const char *finish; /* NULL: null */
} chat_delta;

static void write_logprobs(const writing *w, const lme_sequence *sequence, size_t from, size_t to)
{
    lme_builder_add(&w->reply->body, LME_STR(",\"logprobs\":"));
    if (w->order->has_logprobs && to >= from)
        lme_write_content_logprobs(&w->reply->body, w->service, sequence, from, to);
    else
        lme_builder_add(&w->reply->body, LME_STR("null"));
}

static void write_finish(const writing *w, const char *finish)
{
    lme_builder *out = &w->reply->body;
    lme_builder_add(out, LME_STR(",\"finish_reason\":"));
    if (finish == NULL)
        lme_builder_add(out, LME_STR("null"));
    else
        lme_json_write_string(out, lme_str_from(finish), false);
    lme_builder_char(out, '}');
}

static lme_sequence make(writing *w, size_t choice)
{
    lme_sequence made = lme_order_sequence(w->reply->scratch, w->service, w->order, 0, choice);
    w->reply->n_completion += made.n_completion + w->order->n_thought;
    return made;
}

static bool has_trait(const writing *w, lme_trait trait)
{
    return lme_traits_have(w->service->traits, trait);
}

/* The field of a message or delta that holds the thought; NULL when the answer's text does. */
static const char *thought_field(const writing *w)
{
    if (w->order->n_thought == 0 || has_trait(w, LME_TRAIT_THINK_TAGS))
        return NULL;
    return has_trait(w, LME_TRAIT_REASONING) ? "reasoning" : "reasoning_content";
}

/* What stands before the answer in its own text. */
static lme_str tagged_thought(const writing *w)
{
    if (w->order->n_thought == 0 || !has_trait(w, LME_TRAIT_THINK_TAGS))
        return LME_STR("");
    return lme_str_format(w->reply->scratch, "<think>\n%.*s%s", LME_STR_ARG(w->order->thought),
                          w->order->is_thinking_cut ? "" : "\n</think>\n\n");
}

static void write_message(const writing *w, lme_str text)
{
    lme_builder *out = &w->reply->body;
    const char *field = thought_field(w);
    lme_builder_add(out, LME_STR(",\"message\":{\"role\":\"assistant\",\"content\":"));
    if ((field != NULL && w->order->is_thinking_cut) || has_trait(w, LME_TRAIT_TOOL_CALLS))
        lme_builder_add(out, LME_STR("null"));
    else
        lme_json_write_string(out, lme_str_concat(w->reply->scratch, tagged_thought(w), text),
                              false);
    if (field != NULL) {
        lme_builder_format(out, ",\"%s\":", field);
        lme_json_write_string(out, w->order->thought, false);
    }
    if (has_trait(w, LME_TRAIT_TOOL_CALLS))
        lme_builder_add(out, LME_STR(",\"tool_calls\":[{\"id\":\"call_0\",\"type\":\"function\","
                                     "\"function\":{\"name\":\"answer\",\"arguments\":\"{}\"}}]"));
    lme_builder_char(out, '}');
}

static void write_event(writing *w, size_t index, const lme_sequence *sequence,
                        const chat_delta *delta)
{
    lme_builder *out = &w->reply->body;
    lme_builder_add(out, LME_STR("data: "));
    lme_builder_add(out, w->head);
    lme_builder_add(out, LME_STR("\"chat.completion.chunk\",\"choices\":["));
    if (sequence != NULL) {
        lme_builder_add(out, LME_STR("{\"index\":"));
        lme_write_number(out, index);
        lme_builder_add(out, LME_STR(",\"delta\":{"));
        lme_builder_add(out, delta->fields);
        lme_builder_char(out, '}');
        if (delta->to > delta->from)
            write_logprobs(w, sequence, delta->from, delta->to);
        else
            lme_builder_add(out, LME_STR(",\"logprobs\":null"));
        write_finish(w, delta->finish);
    }
    lme_builder_char(out, ']');
    if (sequence == NULL)
        lme_write_usage(out, w->service, lme_order_prompt_tokens(w->order), w->reply->n_completion);
    else if (w->order->include_usage)
        lme_builder_add(out, LME_STR(",\"usage\":null"));
    lme_builder_add(out, LME_STR("}\n\n"));
    lme_reply_event(w->reply);
}

/* The thought as an event of its own, whole. */
static void stream_thought(writing *w, size_t index, const lme_sequence *sequence)
{
    if (w->order->n_thought == 0)
        return;
    const char *field = thought_field(w);
    lme_builder fields = {.arena = w->reply->scratch};
    lme_builder_format(&fields, "\"%s\":", field != NULL ? field : "content");
    lme_json_write_string(&fields, field != NULL ? w->order->thought : tagged_thought(w), false);
    write_event(w, index, sequence, &(chat_delta){.fields = lme_builder_finish(&fields)});
}

static void stream_choice(writing *w, size_t index)
{
    lme_sequence s = make(w, index);
    size_t begin = 0;
    write_event(w, index, &s,
                &(chat_delta){.fields = LME_STR("\"role\":\"assistant\",\"content\":\"\"")});
    stream_thought(w, index, &s);
    for (size_t i = s.n_prompt; i < s.n; i++) {
        size_t end = s.text_ends[i - s.n_prompt];
        lme_builder fields = {.arena = w->reply->scratch};
        lme_builder_add(&fields, LME_STR("\"content\":"));
        lme_json_write_string(&fields, lme_str_slice(s.text, begin, end), false);
        if (end > begin || w->order->has_logprobs)
            write_event(
                w, index, &s,
                &(chat_delta){.fields = lme_builder_finish(&fields), .from = i, .to = i + 1});
        begin = end;
    }
    write_event(w, index, &s,
                &(chat_delta){.fields = LME_STR(""),
                              .finish = lme_ending_of(w->service, w->reply, &s).finish});
}

static void stream(writing *w)
{
    w->reply->content_type = "text/event-stream; charset=utf-8";
    for (size_t i = 0; i < w->order->n; i++)
        stream_choice(w, i);
    if (w->order->include_usage)
        write_event(w, 0, NULL, NULL);
    if (has_trait(w, LME_TRAIT_NO_DONE))
        return;
    lme_builder_add(&w->reply->body, LME_STR("data: [DONE]\n\n"));
    lme_reply_event(w->reply);
}

static void write_all(writing *w)
{
    lme_builder *out = &w->reply->body;
    lme_sequence first = {0}; /* any will do: the prompt is the same */
    bool is_reversed = has_trait(w, LME_TRAIT_CHOICES_REVERSED);
    lme_builder_add(out, w->head);
    lme_builder_add(out, LME_STR("\"chat.completion\",\"choices\":["));
    for (size_t i = 0; i < w->order->n; i++) {
        size_t index = is_reversed ? w->order->n - 1 - i : i;
        lme_sequence s = make(w, index);
        first = s;
        lme_builder_add(out, i > 0 ? LME_STR(",{\"index\":") : LME_STR("{\"index\":"));
        lme_write_number(out, index);
        lme_ending ending = lme_ending_of(w->service, w->reply, &s);
        write_message(w, ending.text);
        write_logprobs(w, &s, s.n_prompt, s.n);
        write_finish(w, has_trait(w, LME_TRAIT_TOOL_CALLS) ? "tool_calls" : ending.finish);
    }
    lme_builder_char(out, ']');
    lme_write_usage(out, w->service, lme_order_prompt_tokens(w->order), w->reply->n_completion);
    if (w->order->prompt_logprobs != SIZE_MAX)
        lme_write_prompt_logprobs(w->reply, w->service, w->order, &first);
    lme_builder_char(out, '}');
}

void lme_chat_answer(const lme_service *service, const lme_order *order, lme_str id,
                     lme_reply *reply)
{
    writing w = {.service = service, .order = order, .reply = reply};
    reply->n_prompt = lme_order_prompt_tokens(order);
    lme_builder head = {.arena = reply->scratch};
    lme_builder_format(&head,
                       "{\"id\":\"chatcmpl-%.*s\",\"created\":%lld,\"model\":", LME_STR_ARG(id),
                       (long long)service->created);
    lme_json_write_string(&head, service->name, false);
    lme_write_fingerprint(&head, service);
    lme_builder_add(&head, LME_STR(",\"object\":"));
    w.head = lme_builder_finish(&head);
    if (order->stream)
        stream(&w);
    else
        write_all(&w);
}
