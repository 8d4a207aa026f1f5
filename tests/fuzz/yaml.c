/* What reads twice reads the same, with places in the text; what JSON can hold survives JSON, which
 * is YAML. */
#include <stddef.h>
#include <stdint.h>

#include <lmeval/json.h>
#include <lmeval/limits.h>
#include <lmeval/yaml.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* JSON's text of it means the same in YAML 1.1: 1e-07 would be a text there, control characters are
 * refused, U+0085 is a line break, and a key may take 1,024 characters. */
static bool is_plain_text(lme_str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] < 0x20 || s.ptr[i] > 0x7E)
            return false;
    }
    return s.len < 500;
}

static bool is_plain_leaf(const lme_value *v)
{
    return v->kind == LME_NULL || v->kind == LME_BOOL || v->kind == LME_INT ||
           (v->kind == LME_STRING && is_plain_text(v->string));
}

static void check_place(const lme_value *v)
{
    LME_BUG(v->line == 0 || v->column == 0, "a value without a place");
}

/* Looks at each value; false when it holds something that JSON does not. */
static bool check(const lme_value *v, size_t depth)
{
    bool plain = true;
    check_place(v);
    LME_BUG(depth > LME_LIMIT_DEPTH, "deeper than allowed");
    if (v->kind == LME_LIST) {
        for (size_t i = 0; i < v->list.len; i++)
            plain = check(&v->list.items[i], depth + 1) && plain;
        return plain;
    }
    if (v->kind != LME_MAP)
        return is_plain_leaf(v);
    for (size_t i = 0; i < v->map.len; i++) {
        const lme_pair *pair = &v->map.pairs[i];
        check_place(&pair->key);
        plain = pair->key.kind == LME_STRING && is_plain_text(pair->key.string) && plain;
        plain = check(&pair->value, depth + 1) && plain;
    }
    return plain;
}

static void read_json_of(lme_arena *arena, const lme_value *value)
{
    lme_builder json = {.arena = arena};
    lme_value again;
    lme_json_write(&json, value, NULL);
    bool ok = lme_yaml_read(arena, lme_builder_finish(&json), "input", &again, NULL);
    LME_BUG(!ok || !lme_value_equal(value, &again), "JSON reads otherwise as YAML");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    lme_arena *arena = lme_arena_new();
    lme_str text = {(const char *)data, size};
    lme_value value, again;
    lme_error err = {.code = LME_OK};
    bool ok = lme_yaml_read(arena, text, "input", &value, &err);
    LME_BUG(!ok && (err.code == LME_OK || err.line == 0 || err.message[0] == 0),
            "an error without a place or words");
    /* Values that stand for many, by aliases, are looked at once each time: not those of bombs. */
    if (ok && size > 0 && size < 4096 && lme_arena_used(arena) < (1u << 20)) {
        bool plain = check(&value, 0);
        LME_BUG(!lme_yaml_read(arena, text, "input", &again, NULL), "read once, refused twice");
        LME_BUG(plain && !lme_value_equal(&value, &again), "read twice, differently");
        if (plain)
            read_json_of(arena, &value);
    }
    lme_arena_free(arena);
    return 0;
}
