#include "model_args.h"

#include "pairs.h"

#include <stddef.h>
#include <string.h>

#include <lmeval/limits.h>

/* lm_eval's kinds of models that are servers with the OpenAI API. */
typedef struct client {
    const char *name;
    bool chats;
    const char *base_url; /* NULL: it is given */
} client;

static const client clients[] = {
    {"local-completions", false, NULL},
    {"local-chat-completions", true, NULL},
    {"openai-completions", false, "https://api.openai.com/v1"},
    {"openai-chat-completions", true, "https://api.openai.com/v1"},
};

/* And those that load a model into the process. */
static const char *const loaders[] = {"hf",   "hf-auto", "huggingface", "vllm",      "sglang",
                                      "gguf", "ggml",    "openvino",    "mamba_ssm", "nemo_lm"};

typedef enum use {
    USE_TEXT,     /* const char * at `offset` */
    USE_SIZE,     /* size_t at `offset`, from `least` */
    USE_ATTEMPTS, /* lm_eval counts tries, we count what comes after the first */
    USE_INT,
    USE_NOTE,   /* no effect: `why` */
    USE_REFUSE, /* an error: `why` says what to do */
} use;

typedef struct model_arg {
    const char *key;
    use use;
    size_t offset;
    int64_t least, most;
    const char *why;
} model_arg;

#define FLAG(name) offsetof(lme_server_flags, name)

static const char no_tokenizer[] = "has no effect: texts are sent, the server's tokenizer is used";

static const model_arg keys[] = {
    {"model", USE_TEXT, FLAG(model), 0, 0, NULL},
    {"pretrained", USE_TEXT, FLAG(model), 0, 0, NULL},
    {"base_url", USE_TEXT, FLAG(base_url), 0, 0, NULL},
    {"num_concurrent", USE_SIZE, FLAG(concurrency), 1, LME_LIMIT_CONCURRENCY, NULL},
    {"ca_cert_path", USE_TEXT, FLAG(network.cacert), 0, 0, NULL},
    {"timeout", USE_SIZE, FLAG(timeout_s), 1, 86400, NULL},
    {"max_retries", USE_ATTEMPTS, FLAG(max_retries), 1, 101, NULL},
    {"think_end_token", USE_TEXT, FLAG(think_end_token), 0, 0, NULL},
    {"seed", USE_INT, FLAG(request_seed), INT64_MIN, INT64_MAX, NULL},
    {"tokenizer", USE_NOTE, 0, 0, 0, no_tokenizer},
    {"tokenizer_backend", USE_NOTE, 0, 0, 0, no_tokenizer},
    {"tokenized_requests", USE_NOTE, 0, 0, 0, no_tokenizer},
    {"use_fast_tokenizer", USE_NOTE, 0, 0, 0, no_tokenizer},
    {"add_bos_token", USE_NOTE, 0, 0, 0, no_tokenizer},
    {"trust_remote_code", USE_NOTE, 0, 0, 0, no_tokenizer},
    {"revision", USE_NOTE, 0, 0, 0, no_tokenizer},
    {"batch_size", USE_NOTE, 0, 0, 0, "has no effect: the server makes its batches"},
    {"max_length", USE_SIZE, FLAG(max_length), 3, 1 << 30, NULL},
    {"truncate", USE_REFUSE, 0, 0, 0,
     "it has no effect in lm_eval; --truncate left cuts prompts as lm_eval does"},
    {"max_gen_toks", USE_REFUSE, 0, 0, 0, "write --gen_kwargs max_gen_toks=N"},
    {"eos_string", USE_REFUSE, 0, 0, 0, "write it into --gen_kwargs until=[...]"},
    {"custom_prefix_token_id", USE_INT, FLAG(prefix_token), 0, INT32_MAX, NULL},
    {"header", USE_REFUSE, 0, 0, 0, "write --header 'Name: value'"},
    {"auth_token", USE_REFUSE, 0, 0, 0, "put it into $LMEVAL_API_KEY or --api-key-file FILE"},
    {"verify_certificate", USE_REFUSE, 0, 0, 0,
     "certificates are always verified; --cacert FILE names whom to trust"},
    {"max_images", USE_REFUSE, 0, 0, 0, "leave it out: only text is sent"},
};
enum {
    N_CLIENTS = sizeof clients / sizeof clients[0],
    N_LOADERS = sizeof loaders / sizeof loaders[0],
    N_KEYS = sizeof keys / sizeof keys[0]
};

static bool unknown_key(lme_str name, lme_error *err)
{
    lme_str names[N_KEYS];
    for (size_t i = 0; i < N_KEYS; i++)
        names[i] = lme_str_from(keys[i].key);
    lme_str nearest = lme_str_nearest(name, names, N_KEYS);
    lme_fail(err, LME_ERR_USAGE, NULL, "--model_args has no key \"%.*s\"", LME_STR_ARG(name));
    if (nearest.len > 0)
        return lme_hint(err, "did you mean %.*s?", LME_STR_ARG(nearest));
    return lme_hint(err,
                    "base_url, model, num_concurrent, timeout, max_retries and seed are taken");
}

static bool store_number(const model_arg *arg, const lme_value *value, void *field, lme_error *err)
{
    if (value->kind != LME_INT || value->integer < arg->least || value->integer > arg->most)
        return lme_fail(err, LME_ERR_USAGE, NULL,
                        "%s of --model_args is a whole number from %lld to %lld", arg->key,
                        (long long)arg->least, (long long)arg->most);
    if (arg->use == USE_INT)
        *(int64_t *)field = value->integer;
    else
        *(size_t *)field = (size_t)(value->integer - (arg->use == USE_ATTEMPTS));
    return true;
}

static void add_note(lme_arena *arena, lme_option_list *notes, lme_str note)
{
    notes->items = lme_arena_grow(arena, notes->items, notes->n * sizeof *notes->items,
                                  (notes->n + 1) * sizeof *notes->items);
    notes->items[notes->n++] = note.ptr;
}

static bool apply(lme_arena *arena, const model_arg *arg, const lme_value *value,
                  lme_server_flags *flags, lme_error *err)
{
    void *field = (char *)flags + arg->offset;
    if (arg->use != USE_TEXT)
        return store_number(arg, value, field, err);
    *(const char **)field = lme_str_cstr(arena, lme_value_str(arena, value));
    return true;
}

static bool apply_pair(lme_arena *arena, const lme_pair *pair, lme_server_flags *flags,
                       lme_option_list *notes, lme_error *err)
{
    lme_str name = pair->key.string;
    const model_arg *arg = NULL;
    for (size_t i = 0; i < N_KEYS; i++) {
        if (lme_str_is(name, keys[i].key))
            arg = &keys[i];
    }
    if (arg == NULL)
        return unknown_key(name, err);
    if (arg->use == USE_NOTE) {
        add_note(arena, notes, lme_str_format(arena, "--model_args %s %s", arg->key, arg->why));
        return true;
    }
    if (arg->use != USE_REFUSE)
        return apply(arena, arg, &pair->value, flags, err);
    lme_fail(err, LME_ERR_USAGE, NULL, "%s of --model_args is not taken here", arg->key);
    return lme_hint(err, "%s", arg->why);
}

static const client *find_client(const char *name)
{
    for (size_t i = 0; name != NULL && i < N_CLIENTS; i++) {
        if (strcmp(clients[i].name, name) == 0)
            return &clients[i];
    }
    return NULL;
}

static bool check_loader(const char *name, lme_error *err)
{
    for (size_t i = 0; name != NULL && i < N_LOADERS; i++) {
        if (strcmp(loaders[i], name) != 0)
            continue;
        lme_fail(err, LME_ERR_USAGE, NULL,
                 "--model %s loads a model into lm_eval; here a model is behind a server", name);
        return lme_hint(err,
                        "start one, for example: vllm serve MODEL, and name it with --base-url "
                        "http://localhost:8000");
    }
    return true;
}

bool lme_model_args_apply(lme_arena *arena, lme_server_flags *flags, const lme_option_list *words,
                          bool chat, lme_option_list *notes, lme_error *err)
{
    const client *known = find_client(flags->model);
    lme_value map;
    if (!check_loader(flags->model, err) || !lme_pairs_read(arena, "model_args", words, &map, err))
        return false;
    if (known != NULL) {
        flags->model = NULL;
        flags->base_url = flags->base_url == NULL ? known->base_url : flags->base_url;
    }
    for (size_t i = 0; map.kind == LME_MAP && i < map.map.len; i++) {
        if (!apply_pair(arena, &map.map.pairs[i], flags, notes, err))
            return false;
    }
    if (known == NULL || !known->chats || chat)
        return true;
    lme_fail(err, LME_ERR_USAGE, NULL, "--model %s sends messages, and prompts are texts",
             known->name);
    return lme_hint(err, "add --apply_chat_template, as lm_eval wants it, too");
}
