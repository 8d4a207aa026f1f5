/* libyaml's events to values. Anchors are kept by name with the number of nodes they stand for, so
 * that an alias costs what it repeats and a bomb of aliases meets the node limit.
 */
#include "yaml_scalar.h"

#include <string.h>
#include <yaml.h>

#include <lmeval/limits.h>
#include <lmeval/unicode.h>
#include <lmeval/yaml.h>

typedef struct anchor {
    struct anchor *older;
    lme_str name;
    lme_value value;
    size_t n_nodes;
} anchor;

typedef struct reader {
    lme_arena *arena;
    yaml_parser_t parser;
    const char *file;
    lme_str text;
    anchor *anchors;
    size_t n_nodes;
    lme_error *err;
} reader;

static lme_place place_of(const reader *r, yaml_mark_t mark)
{
    return (lme_place){
        .file = r->file, .line = (uint32_t)mark.line + 1, .column = (uint32_t)mark.column + 1};
}

/* What libyaml's scanner or parser says, with both of its places. */
static bool fail_parser(reader *r)
{
    const yaml_parser_t *p = &r->parser;
    const char *problem = p->problem != NULL ? p->problem : "cannot be read";
    if (p->error == YAML_READER_ERROR) {
        lme_place at = {.file = r->file, .line = 1, .column = 1};
        for (size_t i = 0; i < p->problem_offset && i < r->text.len; i++)
            at.line += r->text.ptr[i] == '\n';
        at.column = 0;
        return lme_fail(r->err, LME_ERR_TASK, &at, "bad YAML: %s", problem);
    }
    lme_place at = place_of(r, p->problem_mark);
    if (p->context == NULL)
        return lme_fail(r->err, LME_ERR_TASK, &at, "bad YAML: %s", problem);
    return lme_fail(r->err, LME_ERR_TASK, &at, "bad YAML: %s, %s that begins in line %zu", problem,
                    p->context, p->context_mark.line + 1);
}

static bool next_event(reader *r, yaml_event_t *event)
{
    return yaml_parser_parse(&r->parser, event) == 1 || fail_parser(r);
}

static bool count_nodes(reader *r, size_t n, yaml_mark_t mark)
{
    r->n_nodes += n;
    if (r->n_nodes <= LME_LIMIT_YAML_NODES)
        return true;
    lme_place at = place_of(r, mark);
    return lme_fail(r->err, LME_ERR_LIMIT, &at, "more than %u values, aliases counted",
                    LME_LIMIT_YAML_NODES);
}

static lme_str event_text(const reader *r, const yaml_char_t *bytes, size_t len)
{
    return lme_str_copy(r->arena, (lme_str){(const char *)bytes, len});
}

static lme_str name_of(const reader *r, const yaml_char_t *name)
{
    return name == NULL ? LME_STR("") : event_text(r, name, strlen((const char *)name));
}

static void keep_anchor(reader *r, lme_str name, lme_value value, size_t n_nodes)
{
    if (name.len == 0)
        return;
    anchor *made = LME_NEW(r->arena, anchor);
    *made = (anchor){.older = r->anchors, .name = name, .value = value, .n_nodes = n_nodes};
    r->anchors = made;
}

static bool read_alias(reader *r, const yaml_event_t *event, lme_value *value)
{
    lme_str name = name_of(r, event->data.alias.anchor);
    for (const anchor *a = r->anchors; a != NULL; a = a->older) {
        if (lme_str_equal(a->name, name)) {
            *value = a->value;
            return count_nodes(r, a->n_nodes, event->start_mark);
        }
    }
    lme_place at = place_of(r, event->start_mark);
    return lme_fail(r->err, LME_ERR_TASK, &at, "alias *%.*s names no anchor above it",
                    LME_STR_ARG(name));
}

static bool fail_tag(const reader *r, const yaml_event_t *event, lme_str tag, lme_str text)
{
    lme_place at = place_of(r, event->start_mark);
    return lme_fail(r->err, LME_ERR_TASK, &at, "\"%.*s\" cannot be read with the tag %.*s",
                    LME_STR_ARG(text), LME_STR_ARG(tag));
}

/* A scalar with an explicit tag. */
static bool read_tagged(reader *r, const yaml_event_t *event, lme_str text, lme_value *value)
{
    lme_str tag = name_of(r, event->data.scalar.tag);
    bool yes;
    double number;
    *value = lme_string(text);
    if (lme_str_is(tag, "tag:yaml.org,2002:str") || lme_str_is(tag, "!"))
        return true;
    if (lme_str_is(tag, "!function")) {
        value->kind = LME_FUNCTION;
        return true;
    }
    if (lme_str_is(tag, "tag:yaml.org,2002:null")) {
        *value = lme_null();
        return true;
    }
    if (lme_str_is(tag, "tag:yaml.org,2002:bool") && lme_yaml_bool(text, &yes)) {
        *value = lme_bool(yes);
        return true;
    }
    if (lme_str_is(tag, "tag:yaml.org,2002:int") && lme_yaml_int(r->arena, text, value))
        return true;
    if (lme_str_is(tag, "tag:yaml.org,2002:float")) {
        lme_value integer;
        if (lme_yaml_float(r->arena, text, &number))
            *value = lme_float(number);
        else if (lme_yaml_int(r->arena, text, &integer))
            *value = lme_float(integer.kind == LME_INT ? (double)integer.integer : integer.number);
        return value->kind == LME_FLOAT || fail_tag(r, event, tag, text);
    }
    return fail_tag(r, event, tag, text);
}

static bool read_scalar(reader *r, const yaml_event_t *event, lme_value *value)
{
    lme_str text = event_text(r, event->data.scalar.value, event->data.scalar.length);
    if (event->data.scalar.tag != NULL)
        return read_tagged(r, event, text, value);
    bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    *value = plain ? lme_yaml_plain(r->arena, text) : lme_string(text);
    return true;
}

static bool read_node(reader *r, const yaml_event_t *event, size_t depth, lme_value *value);

/* A list or map may carry its own type's tag or none. */
static bool check_collection_tag(reader *r, const yaml_event_t *event, const yaml_char_t *given,
                                 const char *allowed)
{
    lme_str tag = name_of(r, given);
    if (tag.len == 0 || lme_str_is(tag, allowed) || lme_str_is(tag, "!"))
        return true;
    lme_place at = place_of(r, event->start_mark);
    return lme_fail(r->err, LME_ERR_TASK, &at, "unknown tag %.*s", LME_STR_ARG(tag));
}

static bool read_list(reader *r, size_t depth, lme_value *value)
{
    lme_list_builder list = {.arena = r->arena};
    while (true) {
        yaml_event_t event;
        lme_value item;
        if (!next_event(r, &event))
            return false;
        bool end = event.type == YAML_SEQUENCE_END_EVENT;
        bool ok = end || read_node(r, &event, depth + 1, &item);
        yaml_event_delete(&event);
        if (!ok)
            return false;
        if (end)
            break;
        lme_list_add(&list, item);
    }
    *value = lme_list_finish(&list);
    return true;
}

static bool is_hashable(lme_kind kind)
{
    return kind != LME_LIST && kind != LME_MAP && kind != LME_TUPLE;
}

static bool check_key(reader *r, const lme_map_builder *map, const lme_value *key)
{
    lme_place at = {.file = r->file, .line = key->line, .column = key->column};
    if (!is_hashable(key->kind))
        return lme_fail(r->err, LME_ERR_TASK, &at, "a key cannot be a %s",
                        lme_kind_name(key->kind));
    for (size_t i = 0; i < map->len; i++) {
        const lme_value *other = &map->pairs[i].key;
        if (other->kind == key->kind && lme_value_equal(other, key)) {
            lme_str name = lme_value_str(r->arena, key);
            return lme_fail(r->err, LME_ERR_TASK, &at, "key %.*s stands twice: here and in line %u",
                            LME_STR_ARG(name), (unsigned)other->line);
        }
    }
    return true;
}

/* `<<: map` or `<<: [maps]`: their pairs come first, and a later one or the map's own wins. */
static void add_merged(lme_map_builder *out, const lme_value *from, const lme_map_builder *own)
{
    for (size_t i = 0; i < from->map.len; i++) {
        const lme_pair *pair = &from->map.pairs[i];
        bool known = false;
        for (size_t k = 0; k < own->len; k++)
            known = known || lme_value_equal(&own->pairs[k].key, &pair->key);
        for (size_t k = 0; k < out->len; k++)
            known = known || lme_value_equal(&out->pairs[k].key, &pair->key);
        if (!known)
            lme_map_add_pair(out, pair->key, pair->value);
    }
}

static bool merge(reader *r, const lme_value *from, lme_map_builder *own)
{
    lme_map_builder out = {.arena = r->arena};
    lme_place at = {.file = r->file, .line = from->line, .column = from->column};
    if (from->kind == LME_MAP) {
        add_merged(&out, from, own);
    } else if (from->kind == LME_LIST) {
        for (size_t i = 0; i < from->list.len; i++) {
            if (from->list.items[i].kind != LME_MAP)
                return lme_fail(r->err, LME_ERR_TASK, &at, "<< wants maps, item %zu is a %s", i + 1,
                                lme_kind_name(from->list.items[i].kind));
            add_merged(&out, &from->list.items[i], own);
        }
    } else {
        return lme_fail(r->err, LME_ERR_TASK, &at, "<< wants a map or a list of maps, got a %s",
                        lme_kind_name(from->kind));
    }
    for (size_t i = 0; i < own->len; i++)
        lme_map_add_pair(&out, own->pairs[i].key, own->pairs[i].value);
    *own = out;
    return true;
}

/* The value behind a key. */
static bool read_pair_value(reader *r, size_t depth, lme_value *value)
{
    yaml_event_t event;
    if (!next_event(r, &event))
        return false;
    bool ok = read_node(r, &event, depth, value);
    yaml_event_delete(&event);
    return ok;
}

static bool read_map(reader *r, size_t depth, lme_value *value)
{
    lme_map_builder map = {.arena = r->arena};
    lme_value merged = {.kind = LME_NULL};
    bool merges = false;
    while (true) {
        yaml_event_t event;
        lme_value key, item;
        if (!next_event(r, &event))
            return false;
        bool end = event.type == YAML_MAPPING_END_EVENT;
        bool ok = end || read_node(r, &event, depth + 1, &key);
        bool is_merge = ok && !end && event.type == YAML_SCALAR_EVENT &&
                        event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
                        key.kind == LME_STRING && lme_str_is(key.string, "<<");
        yaml_event_delete(&event);
        if (!ok)
            return false;
        if (end)
            break;
        if ((!is_merge && !check_key(r, &map, &key)) || !read_pair_value(r, depth + 1, &item))
            return false;
        if (is_merge) {
            merges = true;
            merged = item;
        } else {
            lme_map_add_pair(&map, key, item);
        }
    }
    if (merges && !merge(r, &merged, &map))
        return false;
    *value = lme_map_finish(&map);
    return true;
}

static bool read_collection(reader *r, const yaml_event_t *event, size_t depth, lme_value *value)
{
    if (event->type == YAML_SEQUENCE_START_EVENT)
        return check_collection_tag(r, event, event->data.sequence_start.tag,
                                    "tag:yaml.org,2002:seq") &&
               read_list(r, depth, value);
    return check_collection_tag(r, event, event->data.mapping_start.tag, "tag:yaml.org,2002:map") &&
           read_map(r, depth, value);
}

/* The node that begins with this event. */
static bool read_node(reader *r, const yaml_event_t *event, size_t depth, lme_value *value)
{
    lme_place at = place_of(r, event->start_mark);
    size_t before = r->n_nodes;
    if (depth > LME_LIMIT_DEPTH)
        return lme_fail(r->err, LME_ERR_LIMIT, &at, "nested deeper than %d levels",
                        LME_LIMIT_DEPTH);
    if (!count_nodes(r, 1, event->start_mark))
        return false;
    const yaml_char_t *name = NULL;
    bool ok = false;
    if (event->type == YAML_ALIAS_EVENT) {
        ok = read_alias(r, event, value);
    } else if (event->type == YAML_SCALAR_EVENT) {
        name = event->data.scalar.anchor;
        ok = read_scalar(r, event, value);
    } else {
        name = event->type == YAML_SEQUENCE_START_EVENT ? event->data.sequence_start.anchor
                                                        : event->data.mapping_start.anchor;
        ok = read_collection(r, event, depth, value);
    }
    value->line = at.line;
    value->column = at.column;
    if (ok)
        keep_anchor(r, name_of(r, name), *value, r->n_nodes - before);
    return ok;
}

/* Passes one event that must come (stream start, document end ...). */
static bool pass(reader *r)
{
    yaml_event_t event;
    if (!next_event(r, &event))
        return false;
    yaml_event_delete(&event);
    return true;
}

static bool read_stream(reader *r, lme_value *value)
{
    yaml_event_t event;
    *value = lme_null();
    if (!pass(r) || !next_event(r, &event))
        return false;
    bool empty = event.type == YAML_STREAM_END_EVENT;
    yaml_event_delete(&event);
    if (empty)
        return true;
    if (!next_event(r, &event))
        return false;
    bool ok = read_node(r, &event, 0, value);
    yaml_event_delete(&event);
    if (!ok || !pass(r) || !next_event(r, &event))
        return false;
    lme_place at = place_of(r, event.start_mark);
    bool ends = event.type == YAML_STREAM_END_EVENT;
    yaml_event_delete(&event);
    return ends ||
           lme_fail(r->err, LME_ERR_TASK, &at, "a second document begins here: one is read");
}

bool lme_yaml_read(lme_arena *arena, lme_str text, const char *file, lme_value *value,
                   lme_error *err)
{
    reader r = {.arena = arena, .file = file, .text = text, .err = err};
    LME_BUG(yaml_parser_initialize(&r.parser) == 0, "out of memory");
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)text.ptr, text.len);
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    bool ok = read_stream(&r, value);
    yaml_parser_delete(&r.parser);
    return ok;
}
