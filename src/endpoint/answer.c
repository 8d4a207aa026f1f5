/* HTTP bodies, good and bad. Servers have at least five forms of saying that something is wrong
 * (servers 3.11), and proxies in front of them answer in HTML. */
#include "answer.h"

#include <lmeval/limits.h>
#include <lmeval/unicode.h>

enum {
    MAX_TEXT = 200,   /* characters of a plain text or HTML page */
    MAX_MESSAGE = 500 /* characters of an error object's message */
};

lme_str lme_one_line(lme_arena *arena, lme_str text, size_t max)
{
    /* A code point is at most four bytes, so nothing behind 4 * max can be shown; what is cut
     * through there is repaired and then cut off. */
    size_t reach = max + 1 <= text.len / 4 ? 4 * (max + 1) : text.len;
    lme_str s = lme_strip(lme_utf8_repair(arena, lme_str_slice(text, 0, reach)));
    lme_builder line = {.arena = arena};
    size_t n = 0;
    bool blank = false;
    for (size_t at = 0; at < s.len;) {
        uint32_t codepoint = lme_codepoint_next(s, &at);
        if (lme_is_space(codepoint) || codepoint < 0x20 || codepoint == 0x7f) {
            blank = true;
            continue;
        }
        if (n + blank >= max) {
            lme_builder_add(&line, LME_STR("…"));
            break;
        }
        if (blank)
            lme_builder_char(&line, ' ');
        n += 1 + (size_t)blank;
        blank = false;
        lme_builder_codepoint(&line, codepoint);
    }
    return lme_builder_finish(&line);
}

static bool is_text(const lme_value *v)
{
    return v != NULL && v->kind == LME_STRING && v->string.len > 0;
}

/* One validation error of FastAPI: {"loc": ["body", "stop"], "msg": "..."}. */
static void add_detail(lme_arena *arena, lme_builder *out, const lme_value *item)
{
    const lme_value *place = lme_value_find(item, "loc");
    const lme_value *message = lme_value_find(item, "msg");
    if (out->len > 0)
        lme_builder_add(out, LME_STR("; "));
    if (!is_text(message)) {
        lme_builder_add(out, lme_value_str(arena, item));
        return;
    }
    if (place != NULL && place->kind == LME_LIST) {
        for (size_t i = 0; i < place->list.len; i++) {
            if (i > 0)
                lme_builder_char(out, '.');
            lme_builder_add(out, lme_value_str(arena, &place->list.items[i]));
        }
        lme_builder_add(out, LME_STR(": "));
    }
    lme_builder_add(out, message->string);
}

static lme_str detail_text(lme_arena *arena, const lme_value *detail)
{
    enum {
        MAX_DETAILS = 3
    };
    if (detail->kind != LME_LIST)
        return lme_value_str(arena, detail);
    lme_builder out = {.arena = arena};
    for (size_t i = 0; i < detail->list.len && i < MAX_DETAILS; i++)
        add_detail(arena, &out, &detail->list.items[i]);
    return lme_builder_finish(&out);
}

/* {"error": {...}}: its message; without one, whatever names the error. */
static lme_str error_object_text(lme_arena *arena, const lme_value *error)
{
    static const char *const keys[] = {"message", "detail", "type", "code"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const lme_value *text = lme_value_find(error, keys[i]);
        if (is_text(text) || (text != NULL && text->kind == LME_INT))
            return i < 2 ? lme_value_str(arena, text)
                         : lme_str_format(arena, "an error without a message (%s %s)", keys[i],
                                          lme_value_str(arena, text).ptr);
    }
    return lme_value_str(arena, error);
}

static bool is_set(const lme_value *v)
{
    return v != NULL && v->kind != LME_NULL;
}

static bool is_abort(const lme_value *reason)
{
    return reason != NULL && reason->kind == LME_STRING && lme_str_is(reason->string, "abort");
}

/* vLLM and SGLang end a request so when they drop it: what came of it is no answer. */
static bool was_aborted(const lme_value *body)
{
    const lme_value *choices = lme_value_find(body, "choices");
    const lme_value *native = lme_value_find(lme_value_find(body, "meta_info"), "finish_reason");
    if (is_abort(native) || is_abort(lme_value_find(native, "type")))
        return true;
    for (size_t i = 0; choices != NULL && choices->kind == LME_LIST && i < choices->list.len; i++) {
        if (is_abort(lme_value_find(&choices->list.items[i], "finish_reason")))
            return true;
    }
    return false;
}

/* The error that a JSON body tells of; false when it tells of none. */
static bool error_in(lme_arena *arena, const lme_value *body, lme_str *text)
{
    const lme_value *error = lme_value_find(body, "error");
    const lme_value *object = lme_value_find(body, "object");
    const lme_value *message = lme_value_find(body, "message");
    const lme_value *detail = lme_value_find(body, "detail");
    if (is_set(error)) {
        *text =
            error->kind == LME_MAP ? error_object_text(arena, error) : lme_value_str(arena, error);
        return true;
    }
    if (object != NULL && object->kind == LME_STRING && lme_str_is(object->string, "error")) {
        *text = error_object_text(arena, body);
        return true;
    }
    if (was_aborted(body)) {
        *text = LME_STR("finish_reason abort: the server dropped the request half-way");
        return true;
    }
    if (lme_value_find(body, "choices") != NULL || lme_value_find(body, "data") != NULL)
        return false;
    if (is_set(detail) || is_text(message)) {
        *text = is_set(detail) ? detail_text(arena, detail) : message->string;
        return true;
    }
    return false;
}

lme_outcome lme_answer_read(lme_arena *arena, lme_json_reader *reader, lme_str body,
                            const char *const *left, lme_value *value)
{
    lme_error err = {0};
    lme_str text;
    bool ok = left != NULL ? lme_json_skim(arena, reader, body, left, value, &err)
                           : lme_json_read(arena, reader, body, NULL, value, &err);
    if (!ok) {
        *value = lme_null();
        return err.code == LME_ERR_LIMIT ? LME_OUTCOME_TOO_LARGE : LME_OUTCOME_NOT_JSON;
    }
    return error_in(arena, value, &text) ? LME_OUTCOME_ERROR : LME_OUTCOME_OK;
}

lme_str lme_answer_error(lme_arena *arena, lme_json_reader *reader, lme_str body,
                         const lme_secrets *secrets)
{
    lme_value value;
    lme_str text = body;
    size_t max = MAX_TEXT;
    lme_error err = {0};
    if (lme_json_read(arena, reader, body, NULL, &value, &err) && error_in(arena, &value, &text))
        max = MAX_MESSAGE;
    text = lme_one_line(arena, lme_secrets_hide(arena, secrets, text), max);
    return text.len > 0 ? text : LME_STR("an empty body");
}
