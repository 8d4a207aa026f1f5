/* `variants`: one file for many tasks that differ in a few words. For each map of the list, every
 * text of the file has ${name} replaced by what the map says for that name. */
#include "settings.h"

#include <string.h>

#include <lmeval/limits.h>

enum {
    MOST_VARIANTS = 10000 /* of one file; lm_eval's largest family has 2,484 tasks */
};

/* One variant being put in. */
typedef struct writer {
    lme_arena *arena;
    const lme_value *names; /* map: what each name stands for */
    bool *used;             /* of each pair of it */
    size_t share;           /* bytes that this variant may make */
    size_t *left;           /* of them */
    size_t which;           /* from 1 */
    const char *file;       /* of the text under way */
    const char *names_file;
    lme_error *err;
} writer;

static bool is_name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* Length of the name that stands at the text's begin. */
static size_t name_length(lme_str text)
{
    size_t n = 0;
    while (n < text.len &&
           (is_name_start(text.ptr[n]) || (n > 0 && text.ptr[n] >= '0' && text.ptr[n] <= '9')))
        n++;
    return n;
}

static bool unknown_name(const writer *w, const lme_value *text, lme_str name)
{
    lme_place at = lme_place_of(w->file, text);
    lme_str *names = LME_ARRAY(w->arena, lme_str, w->names->map.len);
    for (size_t i = 0; i < w->names->map.len; i++)
        names[i] = w->names->map.pairs[i].key.string;
    lme_str nearest = lme_str_nearest(name, names, w->names->map.len);
    lme_fail(w->err, LME_ERR_TASK, &at, "variant %zu says nothing for ${%.*s}", w->which,
             LME_STR_ARG(name));
    if (nearest.len > 0)
        return lme_hint(w->err, "did you mean ${%.*s}?", LME_STR_ARG(nearest));
    return lme_hint(w->err, "add it to each map of variants (%s)", w->names_file);
}

/* What stands for the name; NULL with an error when nothing does. */
static const lme_value *look_up(const writer *w, const lme_value *text, lme_str name)
{
    for (size_t i = 0; i < w->names->map.len; i++) {
        if (lme_str_equal(w->names->map.pairs[i].key.string, name)) {
            w->used[i] = true;
            return &w->names->map.pairs[i].value;
        }
    }
    unknown_name(w, text, name);
    return NULL;
}

/* The ${name} at `from`: what stands for it, and where it ends; NULL with an error. */
static const lme_value *read_name(const writer *w, const lme_value *text, size_t from, size_t *end)
{
    lme_str rest = lme_str_slice(text->string, from + 2, SIZE_MAX);
    size_t n = name_length(rest);
    lme_place at = lme_place_of(w->file, text);
    if (n == 0 || n == rest.len || rest.ptr[n] != '}') {
        lme_fail(w->err, LME_ERR_TASK, &at, "\"${\" without a name and \"}\" behind it");
        lme_hint(w->err, "in a file with variants, write $${ for the text ${");
        return NULL;
    }
    *end = from + 2 + n + 1;
    return look_up(w, text, lme_str_slice(rest, 0, n));
}

/* Bytes one variant may make: no more than a file written out could have, and its part of what all
 * of them may. */
static size_t share_of(size_t n_variants)
{
    size_t share = LME_LIMIT_VARIANTS / n_variants;
    return share < LME_LIMIT_TASK_FILE ? share : LME_LIMIT_TASK_FILE;
}

/* Takes bytes that are about to be made for a value from what is left. */
static bool take(const writer *w, const lme_value *value, size_t bytes)
{
    if (bytes <= *w->left) {
        *w->left -= bytes;
        return true;
    }
    lme_place at = lme_place_of(w->file, value);
    lme_fail(w->err, LME_ERR_LIMIT, &at, "variant %zu grows above %zu bytes here", w->which,
             w->share);
    return lme_hint(w->err,
                    "use fewer ${...} of long texts, or split the file: its variants share "
                    "%u MB",
                    LME_LIMIT_VARIANTS >> 20);
}

static bool add_value(const writer *w, const lme_value *text, const lme_value *value,
                      lme_builder *out)
{
    if (value->kind != LME_LIST && value->kind != LME_MAP) {
        lme_str said = lme_value_str(w->arena, value);
        if (!take(w, text, said.len))
            return false;
        lme_builder_add(out, said);
        return true;
    }
    lme_place at = lme_place_of(w->file, text);
    return lme_fail(w->err, LME_ERR_TASK, &at,
                    "variant %zu has a %s here, which can only stand alone, not inside of a text",
                    w->which, lme_kind_name(value->kind));
}

/* A value that is ${name} and nothing else keeps the type of what stands for it. */
static bool write_text(const writer *w, const lme_value *text, lme_value *out)
{
    lme_builder made = {.arena = w->arena};
    lme_str s = text->string;
    size_t done = 0, end = 0;
    if (lme_str_find(s, LME_STR("${"), 0) != SIZE_MAX && !take(w, text, s.len))
        return false;
    for (size_t at = lme_str_find(s, LME_STR("${"), 0); at != SIZE_MAX;
         at = lme_str_find(s, LME_STR("${"), end)) {
        bool escaped = at > done && s.ptr[at - 1] == '$';
        lme_builder_add(&made, lme_str_slice(s, done, at));
        end = at + 2;
        if (escaped) {
            lme_builder_char(&made, '{');
        } else {
            const lme_value *value = read_name(w, text, at, &end);
            if (value == NULL)
                return false;
            if (at == 0 && end == s.len) {
                *out = *value;
                out->line = text->line;
                out->column = text->column;
                return true;
            }
            if (!add_value(w, text, value, &made))
                return false;
        }
        done = end;
    }
    if (done == 0)
        return true;
    lme_builder_add(&made, lme_str_slice(s, done, SIZE_MAX));
    out->string = lme_builder_finish(&made);
    return true;
}

static bool write_value(const writer *w, const lme_value *value, size_t depth, lme_value *out);

static bool write_list(const writer *w, const lme_value *value, size_t depth, lme_value *out)
{
    if (!take(w, value, value->list.len * sizeof(lme_value)))
        return false;
    lme_value *items = LME_ARRAY(w->arena, lme_value, value->list.len);
    for (size_t i = 0; i < value->list.len; i++) {
        if (!write_value(w, &value->list.items[i], depth + 1, &items[i]))
            return false;
    }
    out->list.items = items;
    return true;
}

static bool write_map(const writer *w, const lme_value *value, size_t depth, lme_value *out)
{
    if (!take(w, value, value->map.len * sizeof(lme_pair)))
        return false;
    lme_pair *pairs = LME_ARRAY(w->arena, lme_pair, value->map.len);
    for (size_t i = 0; i < value->map.len; i++) {
        pairs[i].key = value->map.pairs[i].key;
        if (!write_value(w, &value->map.pairs[i].value, depth + 1, &pairs[i].value))
            return false;
    }
    out->map.pairs = pairs;
    return true;
}

/* Goes down a value; the YAML reader bounds its depth. */
static bool write_value(const writer *w, const lme_value *value, size_t depth, lme_value *out)
{
    LME_BUG(depth > LME_LIMIT_DEPTH + 1, "a YAML value is deeper than its reader allows");
    *out = *value;
    if (value->kind == LME_STRING)
        return write_text(w, value, out);
    if (value->kind == LME_LIST)
        return write_list(w, value, depth, out);
    return value->kind != LME_MAP || write_map(w, value, depth, out);
}

size_t lme_settings_variants(const lme_settings *settings)
{
    const lme_setting *variants = lme_settings_find(settings, "variants");
    return variants != NULL && variants->value.kind == LME_LIST ? variants->value.list.len : 0;
}

/* A list of maps from names to what they stand for. */
static bool check_variant(const lme_setting *variants, size_t which, lme_error *err)
{
    const lme_value *map = &variants->value.list.items[which - 1];
    lme_place at = lme_place_of(variants->file, map);
    if (map->kind != LME_MAP)
        return lme_fail(err, LME_ERR_TASK, &at, "a variant is a map of names, got %s",
                        lme_kind_name(map->kind));
    for (size_t i = 0; i < map->map.len; i++) {
        const lme_value *key = &map->map.pairs[i].key;
        at = lme_place_of(variants->file, key);
        if (key->kind != LME_STRING || key->string.len == 0 ||
            name_length(key->string) != key->string.len)
            return lme_fail(err, LME_ERR_TASK, &at,
                            "a name in variants is made of letters, digits and _");
    }
    return true;
}

static bool check_variants(const lme_setting *variants, lme_error *err)
{
    lme_place at = lme_place_of(variants->file, &variants->value);
    if (variants->value.kind != LME_LIST || variants->value.list.len == 0)
        return lme_fail(err, LME_ERR_TASK, &at, "variants is a list of maps, one a task");
    return variants->value.list.len <= MOST_VARIANTS ||
           lme_fail(err, LME_ERR_LIMIT, &at, "more than %d variants in one file", MOST_VARIANTS);
}

static bool check_used(const writer *w)
{
    for (size_t i = 0; i < w->names->map.len; i++) {
        const lme_value *key = &w->names->map.pairs[i].key;
        if (w->used[i])
            continue;
        lme_place at = lme_place_of(w->names_file, key);
        lme_fail(w->err, LME_ERR_TASK, &at, "variant %zu names %.*s, which the file never uses",
                 w->which, LME_STR_ARG(key->string));
        return lme_hint(w->err, "write ${%.*s} where it belongs, or take it out",
                        LME_STR_ARG(key->string));
    }
    return true;
}

bool lme_settings_vary(lme_arena *arena, const lme_settings *settings, size_t which,
                       lme_settings *varied, lme_error *err)
{
    const lme_setting *variants = lme_settings_find(settings, "variants");
    *varied = *settings;
    if (variants == NULL)
        return true;
    if (!check_variants(variants, err) || !check_variant(variants, which, err))
        return false;
    const lme_value *names = &variants->value.list.items[which - 1];
    size_t share = share_of(variants->value.list.len), left = share;
    writer w = {.arena = arena,
                .names = names,
                .share = share,
                .left = &left,
                .used = LME_ARRAY(arena, bool, names->map.len),
                .which = which,
                .names_file = variants->file,
                .err = err};
    varied->items = LME_ARRAY(arena, lme_setting, settings->len);
    varied->len = 0;
    for (size_t i = 0; i < settings->len; i++) {
        const lme_setting *from = &settings->items[i];
        if (from == variants)
            continue;
        lme_setting *to = &varied->items[varied->len++];
        *to = *from;
        w.file = from->file;
        if (!write_value(&w, &from->value, 0, &to->value))
            return false;
    }
    return check_used(&w);
}
