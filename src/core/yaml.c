/* libyaml's events to values. Anchors are kept with the number of nodes that they stand for, so
 * that an alias costs what it repeats and a bomb of aliases meets the node limit.
 */
#include "yaml_keys.h"
#include "yaml_scalar.h"

#include <string.h>
#include <yaml.h>

#include <lmeval/hash.h>
#include <lmeval/limits.h>
#include <lmeval/unicode.h>
#include <lmeval/yaml.h>

typedef struct anchor {
    lme_value value;
    size_t n_nodes;
    size_t height; /* levels of nesting in it */
    bool open;     /* its value is being read */
} anchor;

typedef struct reader {
    lme_arena *arena;
    yaml_parser_t parser;
    const char *file;
    lme_str text;
    lme_table *names; /* of anchors to their index */
    anchor *anchors;
    size_t n_anchors, capacity;
    size_t n_nodes;
    size_t deepest; /* level reached since it was last set */
    lme_error *err;
} reader;

static lme_place place_of(const reader *r, yaml_mark_t mark)
{
    return (lme_place){
        .file = r->file, .line = (uint32_t)mark.line + 1, .column = (uint32_t)mark.column + 1};
}

/* Byte offset of a place that libyaml tells. */
static size_t offset_of(const reader *r, yaml_mark_t mark)
{
    size_t at = 0;
    for (size_t line = 0; line < mark.line && at != SIZE_MAX; line++) {
        at = lme_str_find(r->text, LME_STR("\n"), at);
        at += at != SIZE_MAX;
    }
    if (at == SIZE_MAX)
        return r->text.len;
    lme_str rest = lme_str_slice(r->text, at, SIZE_MAX);
    return at + lme_codepoint_offset(rest, mark.column);
}

/* What people mostly meant where libyaml's words do not help. */
static bool hint_at(reader *r, const char *problem, size_t byte)
{
    if (strstr(problem, "mapping values are not allowed") != NULL)
        return lme_hint(r->err, "put a text that contains \": \" in quotes");
    if (byte >= r->text.len || strstr(problem, "cannot start any token") == NULL)
        return false;
    if (r->text.ptr[byte] == '\t')
        return lme_hint(r->err, "this is a tab: indent with blanks");
    return lme_hint(r->err, "put a text that begins with %c in quotes", r->text.ptr[byte]);
}

/* A byte that is not UTF-8, or a character that YAML forbids. */
static bool fail_bytes(reader *r)
{
    const yaml_parser_t *p = &r->parser;
    lme_place at = {.file = r->file, .line = 1, .column = 1};
    for (size_t i = 0; i < p->problem_offset && i < r->text.len; i++) {
        unsigned char c = (unsigned char)r->text.ptr[i];
        at.column = c == '\n' ? 1 : at.column + ((c & 0xC0) != 0x80);
        at.line += c == '\n';
    }
    return lme_fail(r->err, LME_ERR_TASK, &at, "bad YAML: %s (0x%02x)", p->problem,
                    (unsigned)p->problem_value);
}

/* What libyaml's scanner or parser says, with both of its places. */
static bool fail_parser(reader *r)
{
    const yaml_parser_t *p = &r->parser;
    LME_BUG(p->error == YAML_MEMORY_ERROR, "out of memory");
    if (p->error == YAML_READER_ERROR)
        return fail_bytes(r);
    const char *problem = p->problem != NULL ? p->problem : "cannot be read";
    yaml_mark_t begin = p->context_mark;
    lme_place at = place_of(r, p->problem_mark);
    if (p->context == NULL)
        lme_fail(r->err, LME_ERR_TASK, &at, "bad YAML: %s", problem);
    else if (begin.index == p->problem_mark.index)
        lme_fail(r->err, LME_ERR_TASK, &at, "bad YAML: %s, %s", problem, p->context);
    else
        lme_fail(r->err, LME_ERR_TASK, &at, "bad YAML: %s, %s that begins in line %zu, column %zu",
                 problem, p->context, begin.line + 1, begin.column + 1);
    return hint_at(r, problem, offset_of(r, p->problem_mark));
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

/* Returns the anchor's index; it is open until its value is known. */
static size_t open_anchor(reader *r, const yaml_char_t *name)
{
    if (r->n_anchors == r->capacity) {
        size_t capacity = r->capacity == 0 ? 16 : 2 * r->capacity;
        r->anchors = lme_arena_grow(r->arena, r->anchors, r->capacity * sizeof *r->anchors,
                                    capacity * sizeof *r->anchors);
        r->capacity = capacity;
    }
    if (r->names == NULL)
        r->names = lme_table_new(r->arena);
    lme_table_set(r->names, name_of(r, name), r->n_anchors);
    r->anchors[r->n_anchors] = (anchor){.open = true};
    return r->n_anchors++;
}

static bool check_depth(reader *r, size_t depth, const lme_place *at)
{
    r->deepest = depth > r->deepest ? depth : r->deepest;
    return depth <= LME_LIMIT_DEPTH ||
           lme_fail(r->err, LME_ERR_LIMIT, at, "nested deeper than %d levels", LME_LIMIT_DEPTH);
}

static bool read_alias(reader *r, const yaml_event_t *event, size_t depth, lme_value *value)
{
    lme_str name = name_of(r, event->data.alias.anchor);
    lme_place at = place_of(r, event->start_mark);
    size_t i;
    if (r->names == NULL || !lme_table_get(r->names, name, &i))
        return lme_fail(r->err, LME_ERR_TASK, &at, "alias *%.*s names no anchor above it",
                        LME_STR_ARG(name));
    if (r->anchors[i].open)
        return lme_fail(r->err, LME_ERR_TASK, &at, "alias *%.*s stands inside of what it repeats",
                        LME_STR_ARG(name));
    *value = r->anchors[i].value;
    return check_depth(r, depth + r->anchors[i].height, &at) &&
           count_nodes(r, r->anchors[i].n_nodes, event->start_mark);
}

/* Tags as people write them. */
static lme_str short_tag(const reader *r, lme_str tag)
{
    lme_str prefix = LME_STR("tag:yaml.org,2002:");
    if (!lme_str_starts(tag, prefix))
        return tag;
    return lme_str_concat(r->arena, LME_STR("!!"), lme_str_slice(tag, prefix.len, tag.len));
}

/* A tag that does not suit what it stands at. */
static bool fail_tag(const reader *r, const yaml_event_t *event, lme_str tag)
{
    static const char *const known[] = {"!function", "!!str",   "!!null", "!!bool",
                                        "!!int",     "!!float", "!!seq",  "!!map"};
    lme_place at = place_of(r, event->start_mark);
    lme_str name = short_tag(r, tag);
    const char *kind = event->type == YAML_SEQUENCE_START_EVENT  ? "list"
                       : event->type == YAML_MAPPING_START_EVENT ? "map"
                                                                 : "text";
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (lme_str_is(name, known[i]))
            return lme_fail(r->err, LME_ERR_TASK, &at, "a %s cannot have the tag %s", kind,
                            known[i]);
    }
    lme_fail(r->err, LME_ERR_TASK, &at, "unknown tag %.*s", LME_STR_ARG(name));
    return lme_hint(r->err, "known are !function, !!str, !!null, !!bool, !!int, !!float, !!seq and "
                            "!!map");
}

static bool find_scalar_tag(lme_str tag, lme_yaml_type *type)
{
    static const struct {
        const char *tag;
        lme_yaml_type type;
    } tags[] = {
        {"tag:yaml.org,2002:str", LME_YAML_TEXT},    {"tag:yaml.org,2002:null", LME_YAML_NULL},
        {"tag:yaml.org,2002:bool", LME_YAML_BOOL},   {"tag:yaml.org,2002:int", LME_YAML_INT},
        {"tag:yaml.org,2002:float", LME_YAML_FLOAT},
    };
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
        if (lme_str_is(tag, tags[i].tag)) {
            *type = tags[i].type;
            return true;
        }
    }
    return false;
}

static bool read_scalar(reader *r, const yaml_event_t *event, lme_value *value)
{
    static const char *const names[] = {"!!str", "!!null", "!!bool", "!!int", "!!float"};
    lme_str text = event_text(r, event->data.scalar.value, event->data.scalar.length);
    lme_str tag = name_of(r, event->data.scalar.tag);
    lme_place at = place_of(r, event->start_mark);
    lme_yaml_type type = LME_YAML_TEXT;
    if (lme_str_is(tag, "!function")) {
        *value = (lme_value){.kind = LME_FUNCTION, .string = text};
        return true;
    }
    if (tag.len == 0 || lme_str_is(tag, "!"))
        type = event->data.scalar.plain_implicit ? lme_yaml_resolve(text) : LME_YAML_TEXT;
    else if (!find_scalar_tag(tag, &type))
        return fail_tag(r, event, tag);
    return lme_yaml_construct(r->arena, type, text, value) ||
           lme_fail(r->err, LME_ERR_TASK, &at, "\"%.*s\" cannot be read with the tag %s",
                    LME_STR_ARG(text), names[type]);
}

static bool read_node(reader *r, const yaml_event_t *event, size_t depth, lme_value *value);

/* A list or map may carry its own type's tag or none. */
static bool check_collection_tag(reader *r, const yaml_event_t *event, const yaml_char_t *given,
                                 const char *allowed)
{
    lme_str tag = name_of(r, given);
    if (tag.len == 0 || lme_str_is(tag, allowed) || lme_str_is(tag, "!"))
        return true;
    return fail_tag(r, event, tag);
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

/* Of a key that stands twice the later value counts, in the place of the first, as PyYAML has it:
 * some of lm_eval's files are written so. */
static bool add_pair(reader *r, lme_yaml_keys *map, lme_value key, lme_value value)
{
    lme_place at = {.file = r->file, .line = key.line, .column = key.column};
    if (key.kind == LME_LIST || key.kind == LME_MAP)
        return lme_fail(r->err, LME_ERR_TASK, &at, "a key cannot be a %s", lme_kind_name(key.kind));
    lme_yaml_keys_put(map, key, value);
    return true;
}

/* `<<: map` or `<<: [maps]`: of a list's maps the first one wins, so they are kept backwards. */
static bool keep_merged(reader *r, const lme_value *from, lme_list_builder *merged)
{
    lme_place at = {.file = r->file, .line = from->line, .column = from->column};
    if (from->kind == LME_MAP) {
        lme_list_add(merged, *from);
        return true;
    }
    if (from->kind != LME_LIST)
        return lme_fail(r->err, LME_ERR_TASK, &at, "<< wants a map or a list of maps, got %s",
                        lme_kind_name(from->kind));
    for (size_t i = from->list.len; i > 0; i--) {
        const lme_value *item = &from->list.items[i - 1];
        if (item->kind != LME_MAP)
            return lme_fail(r->err, LME_ERR_TASK, &at, "<< wants maps, item %zu is %s", i,
                            lme_kind_name(item->kind));
        lme_list_add(merged, *item);
    }
    return true;
}

/* Merged pairs come first, in order; a later pair of the same key takes the earlier one's place. */
static lme_value merge(reader *r, const lme_list_builder *merged, const lme_map_builder *own)
{
    lme_yaml_keys out = {.map = {.arena = r->arena}};
    for (size_t i = 0; i < merged->len; i++) {
        const lme_value *from = &merged->items[i];
        for (size_t k = 0; k < from->map.len; k++)
            lme_yaml_keys_put(&out, from->map.pairs[k].key, from->map.pairs[k].value);
    }
    for (size_t i = 0; i < own->len; i++)
        lme_yaml_keys_put(&out, own->pairs[i].key, own->pairs[i].value);
    return lme_map_finish(&out.map);
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

static bool is_merge_key(const yaml_event_t *event, const lme_value *key)
{
    return event->type == YAML_SCALAR_EVENT && event->data.scalar.plain_implicit &&
           key->kind == LME_STRING && lme_str_is(key->string, "<<");
}

/* One key and its value; end is true instead when the map is over. */
static bool read_pair(reader *r, size_t depth, lme_yaml_keys *map, lme_list_builder *merged,
                      bool *end)
{
    yaml_event_t event;
    lme_value key = {.kind = LME_NULL}, item = {.kind = LME_NULL};
    if (!next_event(r, &event))
        return false;
    *end = event.type == YAML_MAPPING_END_EVENT;
    bool ok = *end || read_node(r, &event, depth, &key);
    bool is_merge = is_merge_key(&event, &key);
    yaml_event_delete(&event);
    if (!ok || *end)
        return ok;
    if (!read_pair_value(r, depth, &item))
        return false;
    return is_merge ? keep_merged(r, &item, merged) : add_pair(r, map, key, item);
}

static bool read_map(reader *r, size_t depth, lme_value *value)
{
    lme_yaml_keys map = {.map = {.arena = r->arena}};
    lme_list_builder merged = {.arena = r->arena};
    for (bool end = false; !end;) {
        if (!read_pair(r, depth + 1, &map, &merged, &end))
            return false;
    }
    *value = merged.len > 0 ? merge(r, &merged, &map.map) : lme_map_finish(&map.map);
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

static const yaml_char_t *anchor_name(const yaml_event_t *event)
{
    if (event->type == YAML_SCALAR_EVENT)
        return event->data.scalar.anchor;
    if (event->type == YAML_SEQUENCE_START_EVENT)
        return event->data.sequence_start.anchor;
    return event->type == YAML_MAPPING_START_EVENT ? event->data.mapping_start.anchor : NULL;
}

static bool read_kind(reader *r, const yaml_event_t *event, size_t depth, lme_value *value)
{
    if (event->type == YAML_ALIAS_EVENT)
        return read_alias(r, event, depth, value);
    if (event->type == YAML_SCALAR_EVENT)
        return read_scalar(r, event, value);
    return read_collection(r, event, depth, value);
}

/* The node that begins with this event; depth is the number of lists and maps around it. */
static bool read_node(reader *r, const yaml_event_t *event, size_t depth, lme_value *value)
{
    lme_place at = place_of(r, event->start_mark);
    bool opens =
        event->type == YAML_SEQUENCE_START_EVENT || event->type == YAML_MAPPING_START_EVENT;
    if (!count_nodes(r, 1, event->start_mark) || !check_depth(r, depth + opens, &at))
        return false;
    const yaml_char_t *name = anchor_name(event);
    if (name == NULL) {
        bool ok = read_kind(r, event, depth, value);
        value->line = at.line;
        value->column = at.column;
        return ok;
    }

    size_t before = r->n_nodes, deepest = r->deepest, i = open_anchor(r, name);
    r->deepest = depth;
    if (!check_depth(r, depth + opens, &at) || !read_kind(r, event, depth, value))
        return false;
    value->line = at.line;
    value->column = at.column;
    r->anchors[i] =
        (anchor){.value = *value, .n_nodes = r->n_nodes - before, .height = r->deepest - depth};
    r->deepest = deepest > r->deepest ? deepest : r->deepest;
    return true;
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
    *value = (lme_value){.kind = LME_NULL, .line = 1, .column = 1};
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
           lme_fail(r->err, LME_ERR_TASK, &at, "a second document begins here, a file holds one");
}

bool lme_yaml_read(lme_arena *arena, lme_str text, const char *file, lme_value *value,
                   lme_error *err)
{
    reader r = {.arena = arena, .file = file, .text = text, .err = err};
    LME_BUG(yaml_parser_initialize(&r.parser) == 0, "out of memory");
    yaml_parser_set_input_string(
        &r.parser, (const unsigned char *)(text.ptr != NULL ? text.ptr : ""), text.len);
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    bool ok = read_stream(&r, value);
    yaml_parser_delete(&r.parser);
    return ok;
}
