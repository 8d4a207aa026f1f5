// The slow path of JSON reading: simdjson's on-demand parser goes through a text value by value, so
// it knows where it stands when something is wrong, and it lets us take an integer too long for 64
// bits as the nearest double. json_read.cpp comes here only with texts that its fast path refuses.
#include "json_slow.h"

#include <cstring>
#include <simdjson.h>

extern "C" {
#include <lmeval/limits.h>
}

namespace od = simdjson::ondemand;

namespace
{

struct Walk {
    lme_arena *arena;
    std::vector<lme_value> items;
    std::vector<lme_pair> pairs;
    bool too_deep;
};

lme_str copy(lme_arena *arena, std::string_view text)
{
    return lme_str_copy(arena, lme_str{text.data(), text.size()});
}

template <typename T>
simdjson::error_code read_value(Walk &w, T &&from, size_t depth, lme_value *out);

simdjson::error_code read_list(Walk &w, od::array list, size_t depth, lme_value *out)
{
    std::vector<lme_value> &stack = w.items;
    const size_t base = stack.size();
    simdjson::error_code error = simdjson::SUCCESS;
    for (auto item : list) {
        od::value value;
        lme_value read;
        error = item.get(value);
        if (!error)
            error = read_value(w, value, depth + 1, &read);
        if (error)
            break;
        stack.push_back(read);
    }
    const size_t n = stack.size() - base;
    if (!error) {
        lme_value *items = LME_ARRAY(w.arena, lme_value, n);
        if (n > 0)
            std::memcpy(items, &stack[base], n * sizeof *items);
        *out = lme_value{};
        out->kind = LME_LIST;
        out->list.items = items;
        out->list.len = n;
    }
    stack.resize(base);
    return error;
}

simdjson::error_code read_map(Walk &w, od::object map, size_t depth, lme_value *out)
{
    std::vector<lme_pair> &stack = w.pairs;
    const size_t base = stack.size();
    simdjson::error_code error = simdjson::SUCCESS;
    for (simdjson::simdjson_result<od::field> item : map) {
        od::field field;
        std::string_view key;
        lme_pair pair;
        error = std::move(item).get(field);
        if (!error)
            error = field.unescaped_key().get(key);
        if (error)
            break;
        pair.key = lme_string(copy(w.arena, key));
        error = read_value(w, field.value(), depth + 1, &pair.value);
        if (error)
            break;
        stack.push_back(pair);
    }
    const size_t n = stack.size() - base;
    if (!error) {
        lme_pair *pairs = LME_ARRAY(w.arena, lme_pair, n);
        if (n > 0)
            std::memcpy(pairs, &stack[base], n * sizeof *pairs);
        *out = lme_value{};
        out->kind = LME_MAP;
        out->map.pairs = pairs;
        out->map.len = n;
    }
    stack.resize(base);
    return error;
}

// A number that simdjson calls out of range is a long integer: Python would keep it, we take the
// nearest double.
template <typename T> simdjson::error_code read_number(T &&from, lme_value *out)
{
    od::number number;
    const simdjson::error_code error = from.get_number().get(number);
    if (error)
        return error;
    if (number.is_int64())
        *out = lme_int(number.get_int64());
    else if (number.is_uint64())
        *out = lme_float(static_cast<double>(number.get_uint64()));
    else
        *out = lme_float(number.get_double());
    return simdjson::SUCCESS;
}

template <typename T> simdjson::error_code read_big_number(T &&from, lme_value *out)
{
    double number = 0;
    const simdjson::error_code error = from.get_double().get(number);
    *out = lme_float(number);
    return error;
}

template <typename T>
simdjson::error_code read_scalar(Walk &w, T &&from, od::json_type type, lme_value *out)
{
    simdjson::error_code error = simdjson::SUCCESS;
    std::string_view text;
    bool yes = false;
    switch (type) {
    case od::json_type::string:
        error = from.get_string().get(text);
        if (!error)
            *out = lme_string(copy(w.arena, text));
        return error;
    case od::json_type::boolean:
        error = from.get_bool().get(yes);
        *out = lme_bool(yes);
        return error;
    case od::json_type::number:
        error = read_number(from, out);
        return error ? read_big_number(from, out) : error;
    case od::json_type::null:
    case od::json_type::object:
    case od::json_type::array:
        break;
    }
    *out = lme_null();
    return from.is_null() ? simdjson::SUCCESS : simdjson::N_ATOM_ERROR;
}

template <typename T>
simdjson::error_code read_value(Walk &w, T &&from, size_t depth, lme_value *out)
{
    od::json_type type;
    simdjson::error_code error = from.type().get(type);
    if (error)
        return error;
    if (depth > LME_LIMIT_DEPTH) {
        w.too_deep = true;
        return simdjson::DEPTH_ERROR;
    }
    if (type == od::json_type::array) {
        od::array list;
        error = from.get_array().get(list);
        return error ? error : read_list(w, list, depth, out);
    }
    if (type == od::json_type::object) {
        od::object map;
        error = from.get_object().get(map);
        return error ? error : read_map(w, map, depth, out);
    }
    return read_scalar(w, from, type, out);
}

// Line and column (in code points) of a byte, counted on from where the text begins.
lme_place place_of(lme_str text, size_t byte, const lme_place *at)
{
    lme_place place = {};
    place.file = at != nullptr ? at->file : nullptr;
    place.line = at != nullptr && at->line > 0 ? at->line : 1;
    place.column = at != nullptr && at->column > 0 ? at->column : 1;
    for (size_t i = 0; i < byte && i < text.len; i++) {
        const unsigned char c = static_cast<unsigned char>(text.ptr[i]);
        if (c == '\n') {
            place.line++;
            place.column = 1;
        } else if ((c & 0xC0) != 0x80) {
            place.column++;
        }
    }
    return place;
}

const char *describe(simdjson::error_code error)
{
    static const struct {
        simdjson::error_code code;
        const char *words;
    } rows[] = {
        {simdjson::EMPTY, "there is no value"},
        {simdjson::UTF8_ERROR, "the text is not valid UTF-8"},
        {simdjson::STRING_ERROR, "a text has a bad escape"},
        {simdjson::UNESCAPED_CHARS, "a text holds a control character, or lacks its closing quote"},
        {simdjson::UNCLOSED_STRING, "a text lacks its closing quote"},
        {simdjson::T_ATOM_ERROR, "a word is none of true, false, null"},
        {simdjson::F_ATOM_ERROR, "a word is none of true, false, null"},
        {simdjson::N_ATOM_ERROR, "a word is none of true, false, null"},
        {simdjson::NUMBER_ERROR, "a number is malformed"},
        {simdjson::INCOMPLETE_ARRAY_OR_OBJECT, "a list or map is not closed"},
        {simdjson::TRAILING_CONTENT, "something stands behind the value"},
    };
    for (const auto &row : rows) {
        if (row.code == error)
            return row.words;
    }
    return "a value, comma, colon or bracket is missing or out of place";
}

bool fail(const Walk &w, simdjson::error_code error, lme_str text, size_t byte, const lme_place *at,
          lme_error *err)
{
    const lme_place place = place_of(text, byte, at);
    if (w.too_deep)
        return lme_fail(err, LME_ERR_LIMIT, &place, "JSON nested deeper than %d levels",
                        LME_LIMIT_DEPTH);
    return lme_fail(err, LME_ERR_DATA, &place, "bad JSON: %s", describe(error));
}

} // namespace

bool lme_json_read_slowly(lme_arena *arena, const char *padded, lme_str text, const lme_place *at,
                          lme_value *value, lme_error *err)
{
    Walk w = {arena, {}, {}, false};
    od::parser parser;
    od::document document;
    simdjson::error_code error =
        parser.iterate(padded, text.len, text.len + simdjson::SIMDJSON_PADDING).get(document);
    if (error)
        return fail(w, error, text, 0, at, err);
    error = read_value(w, document, 0, value);
    const char *where = nullptr;
    const bool located = !document.current_location().get(where) && where >= padded;
    if (!error && !located)
        return true;
    const size_t byte = located ? static_cast<size_t>(where - padded) : text.len;
    return fail(w, error ? error : simdjson::TRAILING_CONTENT, text, byte, at, err);
}
