/* llama-server's /tokenize and /detokenize, which call the text `content`. */
#include "../tokenizer.h"

#include <lmeval/json.h>

static const char *url(const lme_server_url *server)
{
    return server->tokenize;
}

static const char *back_url(const lme_server_url *server)
{
    return server->detokenize;
}

static const char *about_url(const lme_server_url *server)
{
    return server->props;
}

static lme_str encode(lme_arena *arena, const lme_form *form, lme_str text, bool special)
{
    (void)form;
    lme_builder out = {.arena = arena};
    lme_builder_add(&out, LME_STR("{\"content\": "));
    lme_json_write_string(&out, text, true);
    lme_builder_format(&out, ", \"add_special\": %s}", special ? "true" : "false");
    return lme_builder_finish(&out);
}

static lme_str decode(lme_arena *arena, const lme_form *form, const lme_ids *ids)
{
    (void)form;
    lme_builder out = {.arena = arena};
    lme_builder_add(&out, LME_STR("{\"tokens\": "));
    lme_ids_write(&out, ids);
    lme_builder_char(&out, '}');
    return lme_builder_finish(&out);
}

static const char *const texts[] = {"content", NULL};

const lme_server_tokenizer lme_server_tokenizer_llama_server = {
    .name = "llama-server",
    .route = "/tokenize with content",
    .url = url,
    .encode = encode,
    .back_url = back_url,
    .decode = decode,
    .texts = texts,
    .about_url = about_url,
};
