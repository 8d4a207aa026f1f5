/* What parses, prints in every style and parses to the same value; the two readers agree. */
#include <stddef.h>
#include <stdint.h>

#include <lmeval/json.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void print_and_parse(lme_arena *arena, lme_json_reader *reader, const lme_value *value)
{
    static const lme_json_style styles[] = {
        {.compact = true}, {.indent = 2}, {.ensure_ascii = true}, {.indent = 1, .compact = true}};
    for (size_t i = 0; i < sizeof styles / sizeof styles[0]; i++) {
        lme_builder text = {.arena = arena};
        lme_value again;
        lme_json_write(&text, value, &styles[i]);
        bool ok = lme_json_read(arena, reader, lme_builder_finish(&text), NULL, &again, NULL);
        LME_BUG(!ok || !lme_value_equal(value, &again), "printed JSON reads otherwise");
    }
}

/* simdjson refuses integers of more than 64 bits, so a list that begins with one takes the slow
 * path. */
static void compare_readers(lme_arena *arena, lme_str text, const lme_value *value)
{
    lme_builder wrapped = {.arena = arena};
    lme_value list;
    lme_error err = {.code = LME_OK};
    lme_builder_add(&wrapped, LME_STR("[99999999999999999999,"));
    lme_builder_add(&wrapped, text);
    lme_builder_char(&wrapped, ']');
    bool ok = lme_json_read(arena, NULL, lme_builder_finish(&wrapped), NULL, &list, &err);
    if (!ok && err.code == LME_ERR_LIMIT)
        return; /* one level deeper */
    ok = ok && list.list.len == 2;
    LME_BUG(ok != (value != NULL), "the fast and the slow reader disagree");
    LME_BUG(ok && !lme_value_equal(value, &list.list.items[1]), "two readers, two values");
}

/* What is left in lists under these keys opens to what reading gives. */
static bool opens_to(lme_arena *arena, const lme_value *skimmed, const lme_value *whole)
{
    lme_value v;
    if (!lme_json_open(arena, skimmed, &v, NULL) || v.kind != whole->kind)
        return false;
    if (v.kind != LME_LIST && v.kind != LME_MAP)
        return lme_value_equal(&v, whole);
    size_t n = v.kind == LME_LIST ? v.list.len : v.map.len;
    if (n != (v.kind == LME_LIST ? whole->list.len : whole->map.len))
        return false;
    for (size_t i = 0; i < n; i++) {
        bool same = v.kind == LME_LIST
                        ? opens_to(arena, &v.list.items[i], &whole->list.items[i])
                        : lme_value_equal(&v.map.pairs[i].key, &whole->map.pairs[i].key) &&
                              opens_to(arena, &v.map.pairs[i].value, &whole->map.pairs[i].value);
        if (!same)
            return false;
    }
    return true;
}

static void skim(lme_arena *arena, lme_json_reader *reader, lme_str text, const lme_value *whole)
{
    static const char *const left[] = {"a", "b", NULL};
    lme_builder padded = {.arena = arena};
    lme_value value;
    lme_builder_add(&padded, text);
    lme_builder_reserve(&padded, LME_JSON_PADDING);
    bool ok = lme_json_skim(arena, reader, lme_builder_finish(&padded), left, &value, NULL);
    LME_BUG(!ok && whole != NULL, "skimming refuses what reading takes");
    LME_BUG(whole != NULL && !opens_to(arena, &value, whole), "skimmed and read otherwise");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    lme_arena *arena = lme_arena_new();
    lme_json_reader *reader = lme_json_reader_new();
    lme_str text = {(const char *)data, size};
    lme_place at = {.file = "input", .line = 1, .column = 1};
    lme_value value;
    lme_error err = {.code = LME_OK};
    bool ok = lme_json_read(arena, reader, text, &at, &value, &err);
    LME_BUG(!ok && (err.code == LME_OK || err.line == 0 || err.column == 0 || err.message[0] == 0),
            "an error without a place or words");
    if (ok)
        print_and_parse(arena, reader, &value);
    if (ok || err.code != LME_ERR_LIMIT)
        compare_readers(arena, text, ok ? &value : NULL);
    skim(arena, reader, text, ok ? &value : NULL);
    lme_json_reader_free(reader);
    lme_arena_free(arena);
    return 0;
}
