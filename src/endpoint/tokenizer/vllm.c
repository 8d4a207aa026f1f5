/* vLLM's /tokenize and /detokenize; SGLang has the same, but calls the text `text`. */
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
    return server->tokenizer_info;
}

static lme_str encode(lme_arena *arena, const lme_form *form, lme_str text, bool special)
{
    lme_builder out = {.arena = arena};
    lme_builder_add(&out, LME_STR("{\"model\": "));
    lme_json_write_string(&out, form->model, true);
    lme_builder_add(&out, LME_STR(", \"prompt\": "));
    lme_json_write_string(&out, text, true);
    lme_builder_format(&out, ", \"add_special_tokens\": %s}", special ? "true" : "false");
    return lme_builder_finish(&out);
}

static lme_str decode(lme_arena *arena, const lme_form *form, const lme_ids *ids)
{
    lme_builder out = {.arena = arena};
    lme_builder_add(&out, LME_STR("{\"model\": "));
    lme_json_write_string(&out, form->model, true);
    lme_builder_add(&out, LME_STR(", \"tokens\": "));
    lme_ids_write(&out, ids);
    lme_builder_char(&out, '}');
    return lme_builder_finish(&out);
}

static const char *const texts[] = {"prompt", "text", NULL};

const lme_server_tokenizer lme_server_tokenizer_vllm = {
    .name = "vLLM, SGLang",
    .route = "/tokenize with prompt",
    .url = url,
    .encode = encode,
    .back_url = back_url,
    .decode = decode,
    .texts = texts,
    .about_url = about_url,
};
