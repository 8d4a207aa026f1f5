/* Refusals in the shapes that servers and what stands before them have for errors (servers 3.11).
 */
#include "api.h"

#include <lmeval/unicode.h>

static const char *type_of(unsigned status)
{
    if (status >= 500)
        return status == 503 ? "service_unavailable_error" : "internal_server_error";
    if (status == 401)
        return "authentication_error";
    if (status == 404)
        return "not_found_error";
    return status == 429 ? "rate_limit_error" : "invalid_request_error";
}

static void write_text_or_null(lme_builder *out, const char *text)
{
    if (text == NULL)
        lme_builder_add(out, LME_STR("null"));
    else
        lme_json_write_string(out, lme_str_from(text), false);
}

static void write_openai(lme_builder *out, const lme_refusal *refusal, lme_str message)
{
    lme_builder_add(out, LME_STR("{\"error\":{\"message\":"));
    lme_json_write_string(out, message, false);
    lme_builder_add(out, LME_STR(",\"type\":"));
    write_text_or_null(out, type_of(refusal->status));
    lme_builder_add(out, LME_STR(",\"param\":"));
    write_text_or_null(out, refusal->param);
    lme_builder_add(out, LME_STR(",\"code\":"));
    write_text_or_null(out, refusal->code);
    lme_builder_add(out, LME_STR("}}"));
}

static void write_object(lme_builder *out, const lme_refusal *refusal, lme_str message)
{
    lme_builder_add(out, LME_STR("{\"object\":\"error\",\"message\":"));
    lme_json_write_string(out, message, false);
    lme_builder_format(out, ",\"type\":\"%s\",\"code\":%u}", type_of(refusal->status),
                       refusal->status);
}

static void write_detail(lme_builder *out, const lme_refusal *refusal, lme_str message)
{
    lme_builder_add(out, LME_STR("{\"detail\":[{\"type\":\"value_error\",\"loc\":[\"body\""));
    if (refusal->param != NULL) {
        lme_builder_char(out, ',');
        write_text_or_null(out, refusal->param);
    }
    lme_builder_add(out, LME_STR("],\"msg\":"));
    lme_json_write_string(out, message, false);
    lme_builder_add(out, LME_STR("}]}"));
}

static void write_string(lme_builder *out, const lme_refusal *refusal, lme_str message)
{
    (void)refusal;
    lme_builder_add(out, LME_STR("{\"error\":"));
    lme_json_write_string(out, message, false);
    lme_builder_char(out, '}');
}

static void write_text(lme_builder *out, const lme_refusal *refusal, lme_str message)
{
    (void)refusal;
    lme_builder_add(out, message);
}

static void write_page(lme_builder *out, const lme_refusal *refusal, lme_str message)
{
    lme_builder_format(out,
                       "<html>\r\n<head><title>%u</title></head>\r\n<body><h1>%.*s</h1></body>\r\n"
                       "</html>\r\n",
                       refusal->status, LME_STR_ARG(message));
}

typedef struct shape {
    lme_trait trait;
    const char *content_type;
    void (*write)(lme_builder *out, const lme_refusal *refusal, lme_str message);
} shape;

static const shape shapes[] = {
    {LME_TRAIT_ERROR_OBJECT, "application/json", write_object},
    {LME_TRAIT_ERROR_DETAIL, "application/json", write_detail},
    {LME_TRAIT_ERROR_STRING, "application/json", write_string},
    {LME_TRAIT_ERROR_TEXT, "text/plain; charset=utf-8", write_text},
    {LME_TRAIT_ERROR_HTML, "text/html", write_page},
};

static const shape *shape_of(lme_traits traits)
{
    static const shape openai = {LME_TRAITS, "application/json", write_openai};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        if (lme_traits_have(traits, shapes[i].trait))
            return &shapes[i];
    }
    return &openai;
}

void lme_reply_refuse(lme_reply *reply, const lme_refusal *refusal)
{
    const shape *form = shape_of(reply->traits);
    bool hides_status = lme_traits_have(reply->traits, LME_TRAIT_ERROR_STATUS_200);
    reply->status = hides_status ? 200 : refusal->status;
    reply->content_type = form->content_type;
    reply->n_events = 0;
    reply->body.len = 0;
    form->write(&reply->body, refusal,
                lme_utf8_repair(reply->scratch, lme_str_from(refusal->message)));
}
