// simdjson's tree copied into lme_values. Its dom parser picks the fastest code for the processor
// at run time, where the on-demand one is fixed when compiling; and its strictness is whole before
// the first value is taken. What it refuses goes to json_slow.c, which says where and why. No
// exception leaves this file: error codes are used throughout, and what a vector
// might throw ends the program at a noexcept function, as an arena without memory does.
#include "json_reader.hpp"

#include <cstring>
#include <new>

extern "C" {
#include "json_slow.h"

#include <lmeval/limits.h>
}

namespace dom = simdjson::dom;

namespace
{

struct Walk {
    lme_arena *arena;
    lme_json_reader *reader;
    char *texts; // where the next text goes, see read_document
};

lme_str copy(Walk &w, std::string_view text)
{
    char *to = w.texts;
    if (!text.empty())
        std::memcpy(to, text.data(), text.size());
    to[text.size()] = '\0';
    w.texts += text.size() + 1;
    return lme_str{to, text.size()};
}

// simdjson counts members up to 0xFFFFFF, and stops counting there.
template <typename Scope> size_t count(const Scope &scope)
{
    size_t n = scope.size();
    if (n == 0xFFFFFF) {
        n = 0;
        for (auto at = scope.begin(); at != scope.end(); ++at)
            n++;
    }
    return n;
}

void read_value(Walk &w, dom::element from, lme_value &value) noexcept;

void read_list(Walk &w, dom::array list, lme_value &value)
{
    const size_t n = count(list);
    lme_value *items = LME_ARRAY(w.arena, lme_value, n);
    value.kind = LME_LIST;
    value.list = {items, n};
    for (const dom::element item : list)
        read_value(w, item, *items++);
}

void read_map(Walk &w, dom::object map, lme_value &value)
{
    const size_t n = count(map);
    lme_pair *pairs = LME_ARRAY(w.arena, lme_pair, n);
    value.kind = LME_MAP;
    value.map = {pairs, n};
    for (const dom::key_value_pair field : map) {
        pairs->key = lme_string(copy(w, field.key));
        read_value(w, field.value, pairs->value);
        pairs++;
    }
}

// The parser's depth bound holds the recursion. The value_unsafe calls are of the type just seen.
// `value` is zero, as the arena gives it.
void read_value(Walk &w, dom::element from, lme_value &value) noexcept
{
    switch (from.type()) {
    case dom::element_type::ARRAY:
        read_list(w, from.get_array().value_unsafe(), value);
        break;
    case dom::element_type::OBJECT:
        read_map(w, from.get_object().value_unsafe(), value);
        break;
    case dom::element_type::STRING:
        value.kind = LME_STRING;
        value.string = copy(w, from.get_string().value_unsafe());
        break;
    case dom::element_type::INT64:
        value.kind = LME_INT;
        value.integer = from.get_int64().value_unsafe();
        break;
    case dom::element_type::UINT64:
        value.kind = LME_FLOAT;
        value.number = static_cast<double>(from.get_uint64().value_unsafe());
        break;
    case dom::element_type::DOUBLE:
        value.kind = LME_FLOAT;
        value.number = from.get_double().value_unsafe();
        break;
    case dom::element_type::BOOL:
        value.kind = LME_BOOL;
        value.boolean = from.get_bool().value_unsafe();
        break;
    case dom::element_type::NULL_VALUE:
        break;
    }
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
    reader->fit(text.len);
    dom::element root;
    if (reader->parser.parse(padded, text.len, false).get(root))
        return lme_json_read_slowly(w.arena, text, at, value, err);
    // A text's quotes stand where its last byte and a NUL go, and no escape is shorter than what it
    // stands for: all texts together fit into as many bytes as were read.
    w.texts = static_cast<char *>(lme_arena_alloc(w.arena, text.len));
    *value = lme_null();
    read_value(w, root, *value);
    return true;
}

} // namespace

void lme_json_reader::fit(size_t len) noexcept
{
    const size_t least = 4096;
    if (parser.capacity() >= len && parser.max_depth() == LME_LIMIT_DEPTH)
        return;
    if (parser.allocate(len < least ? least : len, LME_LIMIT_DEPTH))
        lme_bug(__FILE__, __LINE__, "out of memory");
}

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

extern "C" const char *lme_json_library(void)
{
#define TEXT_OF(version)  #version
#define VALUE_OF(version) TEXT_OF(version)
    return VALUE_OF(SIMDJSON_VERSION);
#undef VALUE_OF
#undef TEXT_OF
}

extern "C" bool lme_json_read(lme_arena *arena, lme_json_reader *reader, lme_str text,
                              const lme_place *at, lme_value *value, lme_error *err)
{
    lme_json_reader *own = reader == nullptr ? lme_json_reader_new() : nullptr;
    Walk w = {arena, own != nullptr ? own : reader, nullptr};
    const bool ok = read_document(w, text, at, value, err);
    lme_json_reader_free(own);
    return ok;
}
