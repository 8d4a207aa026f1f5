/* A refusal names the parameter in `param`, or quotes it in its message; servers agree on neither
 * the words nor the status. What names no parameter that was sent teaches nothing. */
#include "dialect.h"

#include "answer.h"
#include "remark.h"

#include <lmeval/json.h>

static const char *const refusals[] = {
    "not supported", "unsupported",  "does not support", "not permitted", "not allowed",
    "unknown",       "unrecognized", "unexpected",       "forbidden",     "not a valid parameter",
};

static const char *const too_many[] = {"too long", "too many", "maximum length",
                                       "at most",  "up to",    "no more than"};

lme_dialect lme_dialect_of_completions(void)
{
    return (lme_dialect){.max_stops = SIZE_MAX};
}

lme_dialect lme_dialect_of_chats(void)
{
    return (lme_dialect){.max_stops = LME_DIALECT_STOPS};
}

bool lme_dialect_refuses(const lme_dialect *dialect, lme_str key)
{
    for (size_t i = 0; i < dialect->n_refused; i++) {
        if (lme_str_equal(dialect->refused[i], key))
            return true;
    }
    return false;
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/* Where a text names a key: quoted, in a path (body.stop), or, unless it is an English word too, as
 * a word. SIZE_MAX: nowhere. */
static size_t named_at(const lme_remark *remark, lme_str key)
{
    lme_str text = remark->text;
    bool is_english = lme_str_is(key, "stop") || lme_str_is(key, "seed") || lme_str_is(key, "n");
    for (size_t at = lme_str_find(text, key, 0); at < text.len;
         at = lme_str_find(text, key, at + 1)) {
        char before = at > 0 ? text.ptr[at - 1] : ' ';
        char after = at + key.len < text.len ? text.ptr[at + key.len] : ' ';
        if (is_word(before) || is_word(after))
            continue;
        bool is_quoted =
            (before == '\'' || before == '"' || before == '`' || before == '.') && after != ' ';
        if ((is_quoted || !is_english) && !lme_remark_quotes(remark, at, key))
            return at;
    }
    return SIZE_MAX;
}

/* The keys of the request that could have been refused. */
static size_t keys_sent(const lme_dialect *dialect, const lme_refused *refused, lme_str *keys,
                        size_t max)
{
    const lme_generation *generation = refused->request->generation;
    bool has_more = generation->extra.kind == LME_MAP && !refused->is_score;
    size_t n = 0;
    keys[n++] =
        dialect->completion_tokens ? LME_STR("max_completion_tokens") : LME_STR("max_tokens");
    static const char *const usual[] = {"temperature", "seed"};
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
        if (!lme_dialect_refuses(dialect, lme_str_from(usual[i])))
            keys[n++] = lme_str_from(usual[i]);
    }
    if (generation->n_until > 0 && dialect->max_stops > 0)
        keys[n++] = LME_STR("stop");
    for (size_t i = 0; has_more && i < generation->extra.map.len; i++) {
        lme_str key = generation->extra.map.pairs[i].key.string;
        if (n < max && key.len > 0 && !lme_dialect_refuses(dialect, key))
            keys[n++] = key;
    }
    return n;
}

/* `param` names what was asked itself, as "messages.[0].content" does. */
static bool is_of_question(lme_str param)
{
    return lme_str_starts(param, LME_STR("prompt")) || lme_str_starts(param, LME_STR("messages")) ||
           lme_str_is(param, "model");
}

/* The refused key: the one that `param` names, else the one that stands first in the text. */
static lme_str refused_key(const lme_value *body, const lme_remark *remark, const lme_str *keys,
                           size_t n)
{
    lme_str param = lme_value_text(lme_value_find(body, "error"), "param");
    lme_str found = LME_STR("");
    size_t first = SIZE_MAX;
    for (size_t i = 0; i < n && !is_of_question(param); i++) {
        if (lme_str_equal(param, keys[i]))
            return keys[i];
        size_t at = named_at(remark, keys[i]);
        if (at < first) {
            first = at;
            found = keys[i];
        }
    }
    return found;
}

static bool learn_stops(lme_dialect *dialect, const lme_remark *remark, size_t n_until,
                        bool is_refused)
{
    size_t sent = n_until < dialect->max_stops ? n_until : dialect->max_stops;
    bool is_long = sent > LME_DIALECT_STOPS &&
                   lme_remark_has_one(remark, too_many, sizeof too_many / sizeof *too_many);
    if (!is_long && !is_refused)
        return false;
    dialect->fewer_stops = true;
    dialect->max_stops = is_long ? LME_DIALECT_STOPS : 0;
    return true;
}

static bool learn_key(lme_arena *arena, lme_dialect *dialect, lme_str key, const lme_remark *remark)
{
    if (lme_str_is(key, "max_tokens") && lme_remark_has(remark, "max_completion_tokens")) {
        dialect->completion_tokens = true;
        return true;
    }
    /* Without a bound on its length an answer means something else: that is refused in turn. */
    if (lme_str_is(key, "max_tokens") || lme_str_is(key, "max_completion_tokens") ||
        dialect->n_refused == LME_DIALECT_REFUSALS)
        return false;
    dialect->refused[dialect->n_refused++] = lme_str_copy(arena, key);
    return true;
}

bool lme_dialect_learn(lme_arena *arena, lme_dialect *dialect, const lme_refused *refused)
{
    enum {
        MAX_KEYS = 32
    };
    lme_str keys[MAX_KEYS];
    lme_error err = {0};
    lme_arena *scratch = lme_arena_new();
    lme_value body = lme_null();
    if (!lme_json_read(scratch, NULL, refused->answer, NULL, &body, &err))
        body = lme_null();
    lme_str said = lme_answer_error(scratch, NULL, refused->answer, NULL);
    lme_remark remark = lme_remark_of(scratch, said, refused->request, refused->model);
    size_t n = keys_sent(dialect, refused, keys, MAX_KEYS);
    lme_str key = refused_key(&body, &remark, keys, n);
    bool is_refused = lme_remark_has_one(&remark, refusals, sizeof refusals / sizeof *refusals);
    bool learned = false;
    if (lme_str_is(key, "stop"))
        learned = learn_stops(dialect, &remark, refused->request->generation->n_until, is_refused);
    else if (key.len > 0 && is_refused && !lme_remark_has(&remark, "context length"))
        learned = learn_key(arena, dialect, key, &remark);
    dialect->n_lessons += learned;
    lme_arena_free(scratch);
    return learned;
}

lme_str lme_dialect_text(lme_arena *arena, const lme_dialect *dialect)
{
    lme_builder out = {.arena = arena};
    if (dialect->n_lessons == 0)
        return LME_STR("");
    if (dialect->completion_tokens)
        lme_builder_add(&out, LME_STR("max_tokens is sent as max_completion_tokens"));
    if (dialect->fewer_stops && dialect->max_stops == 0)
        lme_builder_format(&out, "%sstop texts are refused: answers are cut at them here",
                           out.len > 0 ? "; " : "");
    else if (dialect->fewer_stops)
        lme_builder_format(&out,
                           "%sat most %zu stop texts are sent: answers are cut at others here",
                           out.len > 0 ? "; " : "", dialect->max_stops);
    for (size_t i = 0; i < dialect->n_refused; i++)
        lme_builder_format(&out, "%s%.*s is refused and left out%s", out.len > 0 ? "; " : "",
                           LME_STR_ARG(dialect->refused[i]),
                           lme_str_is(dialect->refused[i], "temperature")
                               ? ": answers are drawn at the server's own"
                               : "");
    return lme_builder_finish(&out);
}
