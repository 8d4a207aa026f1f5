/* Streams as some servers write them, made of the usual ones (servers 3.16). */
#include "api.h"

static bool has(const lme_reply *reply, lme_trait trait)
{
    return lme_traits_have(reply->traits, trait);
}

/* Text of the event, its lines ended as the traits want them. */
static void add_event(const lme_reply *reply, lme_builder *out, lme_str event)
{
    if (!has(reply, LME_TRAIT_STREAM_COMMENTS)) {
        lme_builder_add(out, event);
        return;
    }
    lme_builder_add(out, LME_STR(": keep-alive\r\n\r\n"));
    for (size_t i = 0; i < event.len; i++) {
        if (event.ptr[i] == '\n')
            lme_builder_char(out, '\r');
        lme_builder_char(out, event.ptr[i]);
    }
}

void lme_reply_dress(lme_reply *reply)
{
    bool fails = has(reply, LME_TRAIT_STREAM_ERROR), goes_on = has(reply, LME_TRAIT_STREAM_GOES_ON);
    if (reply->n_events == 0 || !(fails || goes_on || has(reply, LME_TRAIT_STREAM_COMMENTS)))
        return;
    lme_str body = {reply->body.ptr, reply->body.len};
    const size_t n = reply->n_events, *ends = reply->events;
    reply->body = (lme_builder){.arena = reply->body.arena};
    reply->events = NULL;
    reply->n_events = reply->events_capacity = 0;
    for (size_t i = 0; i < n; i++) {
        bool skipped = fails && i > 0 && i + 1 < n;
        if (fails && i == 1)
            lme_builder_add(&reply->body, LME_STR("error: {\"code\":500,\"message\":\"the server "
                                                  "had an error\",\"type\":\"server_error\"}\n\n"));
        else if (!skipped)
            add_event(reply, &reply->body, lme_str_slice(body, i > 0 ? ends[i - 1] : 0, ends[i]));
        if (!skipped || i == 1)
            lme_reply_event(reply);
    }
    if (goes_on) {
        add_event(reply, &reply->body, LME_STR("data: {\"choices\":[]}\n\n"));
        lme_reply_event(reply);
    }
}
