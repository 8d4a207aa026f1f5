// simdjson's tree copied into lme_values. Its dom parser picks the fastest code for the processor
// at run time, where the on-demand one is fixed when compiling; and its strictness is whole before
// the first value is taken. What it refuses goes to json_slow.c, which says where and why. No
// exception leaves this file: error codes are used throughout, and what a vector
// might throw ends the program at a noexcept function, as an arena without memory does.
#include <cstring>
#include <new>
#include <simdjson.h>
#include <vector>

extern "C" {
#include "json_slow.h"

#include <lmeval/limits.h>
}

namespace dom = simdjson::dom;

struct lme_json_reader {
    dom::parser parser;
    std::vector<char> padded;
    std::vector<lme_value> items; // of lists under construction
    std::vector<lme_pair> pairs;  // of maps under construction
};

namespace
{

struct Walk {
    lme_arena *arena;
    lme_json_reader *reader;
};

lme_str copy(lme_arena *arena, std::string_view text)
{
    return lme_str_copy(arena, lme_str{text.data(), text.size()});
}

lme_value read_value(Walk &w, dom::element from) noexcept;

lme_value read_list(Walk &w, dom::array list)
{
    std::vector<lme_value> &stack = w.reader->items;
    const size_t base = stack.size();
    for (const dom::element item : list)
        stack.push_back(read_value(w, item));
    const size_t n = stack.size() - base;
    lme_value out = {};
    out.kind = LME_LIST;
    out.list.len = n;
    lme_value *items = LME_ARRAY(w.arena, lme_value, n);
    if (n > 0)
        std::memcpy(items, &stack[base], n * sizeof *items);
    out.list.items = items;
    stack.resize(base);
    return out;
}

lme_value read_map(Walk &w, dom::object map)
{
    std::vector<lme_pair> &stack = w.reader->pairs;
    const size_t base = stack.size();
    for (const dom::key_value_pair field : map)
        stack.push_back({lme_string(copy(w.arena, field.key)), read_value(w, field.value)});
    const size_t n = stack.size() - base;
    lme_value out = {};
    out.kind = LME_MAP;
    out.map.len = n;
    lme_pair *pairs = LME_ARRAY(w.arena, lme_pair, n);
    if (n > 0)
        std::memcpy(pairs, &stack[base], n * sizeof *pairs);
    out.map.pairs = pairs;
    stack.resize(base);
    return out;
}

// The parser's depth bound holds the recursion. The value_unsafe calls are of the type just seen.
lme_value read_value(Walk &w, dom::element from) noexcept
{
    switch (from.type()) {
    case dom::element_type::ARRAY:
        return read_list(w, from.get_array().value_unsafe());
    case dom::element_type::OBJECT:
        return read_map(w, from.get_object().value_unsafe());
    case dom::element_type::STRING:
        return lme_string(copy(w.arena, from.get_string().value_unsafe()));
    case dom::element_type::INT64:
        return lme_int(from.get_int64().value_unsafe());
    case dom::element_type::UINT64:
        return lme_float(static_cast<double>(from.get_uint64().value_unsafe()));
    case dom::element_type::DOUBLE:
        return lme_float(from.get_double().value_unsafe());
    case dom::element_type::BOOL:
        return lme_bool(from.get_bool().value_unsafe());
    case dom::element_type::NULL_VALUE:
        break;
    }
    return lme_null();
}

bool read_document(Walk &w, lme_str text, const lme_place *at, lme_value *value,
                   lme_error *err) noexcept
{
    lme_json_reader *reader = w.reader;
    const size_t need = text.len + simdjson::SIMDJSON_PADDING;
    if (reader->padded.size() < need)
        reader->padded.resize(need);
    char *padded = reader->padded.data();
    if (text.len > 0)
        std::memcpy(padded, text.ptr, text.len);
    std::memset(padded + text.len, 0, simdjson::SIMDJSON_PADDING);
    // simdjson grows its buffers only for longer texts, and its depth bound is set with them.
    const size_t capacity = reader->parser.capacity();
    if (capacity < text.len || reader->parser.max_depth() != LME_LIMIT_DEPTH) {
        if (reader->parser.allocate(text.len < 4096 ? 4096 : text.len, LME_LIMIT_DEPTH))
            lme_bug(__FILE__, __LINE__, "out of memory");
    }
    dom::element root;
    if (reader->parser.parse(padded, text.len, false).get(root))
        return lme_json_read_slowly(w.arena, text, at, value, err);
    *value = read_value(w, root);
    return true;
}

} // namespace

extern "C" lme_json_reader *lme_json_reader_new(void)
{
    lme_json_reader *reader = new (std::nothrow) lme_json_reader;
    LME_BUG(reader == nullptr, "out of memory");
    return reader;
}

extern "C" void lme_json_reader_free(lme_json_reader *reader)
{
    delete reader;
}

extern "C" bool lme_json_read(lme_arena *arena, lme_json_reader *reader, lme_str text,
                              const lme_place *at, lme_value *value, lme_error *err)
{
    lme_json_reader *own = reader == nullptr ? lme_json_reader_new() : nullptr;
    Walk w = {arena, own != nullptr ? own : reader};
    const bool ok = read_document(w, text, at, value, err);
    lme_json_reader_free(own);
    return ok;
}
