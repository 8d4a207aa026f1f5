#include "pairs.h"

#include <string.h>

#include <lmeval/json.h>
#include <lmeval/template.h>
#include <lmeval/unicode.h>

static lme_value read_value(lme_arena *arena, lme_str text)
{
    lme_value value;
    int64_t integer;
    double number;
    lme_str lower = lme_lower(arena, text);
    if (lme_str_is(lower, "true") || lme_str_is(lower, "false"))
        return lme_bool(lme_str_is(lower, "true"));
    if (lme_str_to_int(text, &integer))
        return lme_int(integer);
    if (lme_str_to_double(text, &number))
        return lme_float(number);
    return lme_literal_eval(arena, text, &value, NULL) ? value : lme_string(text);
}

/* End of the part that begins at `from`: a comma outside of brackets and quotes, or the end. */
static size_t part_end(lme_str text, size_t from)
{
    size_t depth = 0;
    char quote = 0;
    for (size_t i = from; i < text.len; i++) {
        char c = text.ptr[i];
        if (quote != 0)
            quote = c == quote ? (char)0 : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (strchr("[({", c) != NULL)
            depth++;
        else if (strchr("])}", c) != NULL)
            depth -= depth > 0;
        else if (c == ',' && depth == 0)
            return i;
    }
    return text.len;
}

static bool read_pairs(lme_arena *arena, const char *option, lme_str text, lme_value *map,
                       lme_error *err)
{
    for (size_t from = 0, end; from < text.len; from = end + 1) {
        end = part_end(text, from);
        lme_str part = lme_str_slice(text, from, end);
        size_t equal = lme_str_find(part, LME_STR("="), 0);
        if (part.len == 0)
            continue;
        if (equal == SIZE_MAX || equal == 0)
            return lme_fail(err, LME_ERR_USAGE, NULL, "--%s wants key=value pairs, got \"%.*s\"",
                            option, LME_STR_ARG(part));
        lme_str key = lme_str_slice(part, 0, equal);
        lme_value value = read_value(arena, lme_str_slice(part, equal + 1, part.len));
        *map = lme_value_with(arena, map, key, value);
    }
    return true;
}

static bool read_object(lme_arena *arena, const char *option, lme_str text, lme_value *map,
                        lme_error *err)
{
    lme_value object;
    if (!lme_json_read(arena, NULL, text, NULL, &object, err)) {
        err->code = LME_ERR_USAGE;
        return lme_while(err, "reading the JSON of --%s", option);
    }
    for (size_t i = 0; i < object.map.len; i++)
        *map =
            lme_value_with(arena, map, object.map.pairs[i].key.string, object.map.pairs[i].value);
    return true;
}

bool lme_pairs_read(lme_arena *arena, const char *option, const lme_option_list *words,
                    lme_value *map, lme_error *err)
{
    lme_map_builder empty = {.arena = arena};
    *map = lme_null();
    if (words->n == 0)
        return true;
    *map = lme_map_finish(&empty);
    for (size_t i = 0; i < words->n; i++) {
        lme_str text = lme_strip(lme_str_from(words->items[i]));
        bool is_object = text.len > 0 && text.ptr[0] == '{';
        if (!(is_object ? read_object : read_pairs)(arena, option, text, map, err))
            return false;
    }
    return true;
}
