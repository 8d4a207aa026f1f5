/* The shape of a streamed answer. lmeval does not stream: it is noted for who asks the same server
 * by other clients. */
#include "answer.h"
#include "generate.h"
#include "logprobs.h"
#include "probe.h"
#include "sse.h"

#include <lmeval/json.h>

enum {
    STREAMED_TOKENS = 16
};

/* What came, event by event. */
typedef struct stream {
    size_t n_events, n_unreadable, n_after_end;
    lme_builder text;
    lme_str error;    /* "" when none came */
    bool has_usage;   /* an event counts tokens */
    bool is_finished; /* an event has a finish_reason */
    bool has_end;     /* [DONE] */
} stream;

static void take_event(lme_arena *arena, stream *s, const lme_sse_event *event, bool chats)
{
    lme_value value;
    lme_error why = {0};
    s->n_after_end += s->has_end;
    if (event->error.len > 0 || lme_str_is(event->data, "[DONE]")) {
        s->has_end = s->has_end || event->error.len == 0;
        s->error = event->error.len > 0 ? event->error : s->error;
        return;
    }
    s->n_events++;
    if (!lme_json_read(arena, NULL, event->data, NULL, &value, &why)) {
        s->n_unreadable++;
        return;
    }
    const lme_value *error = lme_value_find(&value, "error");
    if (error != NULL && error->kind != LME_NULL)
        s->error = lme_answer_error(arena, NULL, event->data, NULL);
    const lme_value *choice = lme_first_choice(&value);
    s->has_usage = s->has_usage || lme_usage(&value, "completion_tokens") > 0;
    s->is_finished = s->is_finished || lme_value_text(choice, "finish_reason").len > 0;
    lme_builder_add(&s->text, chats ? lme_value_text(lme_value_find(choice, "delta"), "content")
                                    : lme_value_text(choice, "text"));
}

static stream read_stream(lme_arena *arena, lme_str body, bool chats)
{
    stream s = {.text = {.arena = arena}, .error = LME_STR("")};
    lme_sse_event event;
    while (lme_sse_next(arena, &body, &event))
        take_event(arena, &s, &event, chats);
    return s;
}

static lme_value extra_of(lme_arena *arena, bool counts)
{
    lme_map_builder options = {.arena = arena}, extra = {.arena = arena};
    lme_map_add(&options, LME_STR("include_usage"), lme_bool(true));
    lme_map_add(&extra, LME_STR("stream"), lme_bool(true));
    if (counts)
        lme_map_add(&extra, LME_STR("stream_options"), lme_map_finish(&options));
    return lme_map_finish(&extra);
}

/* Asks with stream_options first, which strict servers refuse. */
static bool ask(lme_prober *prober, bool chats, lme_probed *probed, bool *counts, lme_error *err)
{
    *counts = true;
    for (;;) {
        lme_generation streamed = {.max_tokens = STREAMED_TOKENS,
                                   .extra = extra_of(prober->arena, *counts)};
        if (!lme_prober_asks_stream(prober, chats, &streamed, probed, err))
            return false;
        if (!*counts || (probed->status != 400 && probed->status != 422))
            return true;
        *counts = false;
    }
}

/* What is wrong with it; NULL: nothing. */
static const char *fault_of(stream *s, lme_str plain)
{
    if (s->n_events == 0)
        return "stream is not heeded: the answer is no stream of events";
    if (s->error.len > 0)
        return "an error comes within the stream";
    if (s->n_unreadable > 0)
        return "events are not JSON";
    if (!lme_str_equal(lme_builder_finish(&s->text), plain))
        return "the events' texts are not the answer that comes unstreamed";
    if (!s->is_finished)
        return "no event has a finish_reason";
    if (!s->has_end)
        return "ends without [DONE]";
    return s->n_after_end > 0 ? "goes on behind [DONE]" : NULL;
}

static void judge(lme_prober *prober, const char *name, stream *s, lme_str plain, bool counts)
{
    const char *fault = fault_of(s, plain);
    lme_str said = lme_transport_scrub(prober->arena, prober->endpoint->transport, s->error);
    said = lme_one_line(prober->arena, said, 60);
    const char *usage = !counts        ? "stream_options are refused"
                        : s->has_usage ? "usage"
                                       : "no usage";
    if (fault != NULL)
        lme_prober_find(prober, name, false, "%s%s%.*s", fault, said.len > 0 ? ": " : "",
                        LME_STR_ARG(said));
    else
        lme_prober_find(prober, name, true, "%zu events with the answer's text, %s, [DONE]",
                        s->n_events, usage);
}

static bool find_stream(lme_prober *prober, bool chats, lme_error *err)
{
    const char *name = chats ? "chat streams" : "streams";
    const lme_generation plain = {.max_tokens = STREAMED_TOKENS, .extra = {.kind = LME_NULL}};
    lme_str text, failure;
    lme_probed probed;
    bool counts;
    /* Thoughts are cut off an answer, and stand in a stream: the text as it comes is compared. */
    lme_str mark = prober->endpoint->form.think_end;
    prober->endpoint->form.think_end = LME_STR("");
    bool ok = lme_prober_writes(prober, chats, &plain, &text, &failure, err);
    prober->endpoint->form.think_end = mark;
    if (!ok || !ask(prober, chats, &probed, &counts, err))
        return false;
    if (probed.outcome != LME_OUTCOME_OK) {
        lme_prober_find(prober, name, false, "%.*s", LME_STR_ARG(probed.failure));
        return true;
    }
    stream s = read_stream(prober->arena, probed.body, chats);
    judge(prober, name, &s, text, counts);
    return true;
}

bool lme_find_streams(lme_prober *prober, lme_error *err)
{
    const lme_profile *profile = prober->profile;
    return (!profile->generates || find_stream(prober, false, err)) &&
           (!profile->chats || find_stream(prober, true, err));
}
