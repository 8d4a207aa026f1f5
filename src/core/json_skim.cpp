// Reading what is looked at, and passing over the rest: simdjson's on-demand parser, whose search
// for brackets, quotes and bad UTF-8 is the fastest code for the processor, as the dom parser's.
// What it refuses is read as a whole, by the parser that says where and why.
#include "json_reader.hpp"

#include <cstring>

extern "C" {
#include <lmeval/json.h>
#include <lmeval/limits.h>
}

namespace ondemand = simdjson::ondemand;

static_assert(simdjson::SIMDJSON_PADDING <= LME_JSON_PADDING, "simdjson reads on behind the text");

namespace
{

struct Skim {
    lme_arena *arena;
    const char *const *left; // ends in a null pointer
    ondemand::document document;
};

constexpr size_t FEW = 2; // items that room is made for at first

bool read_value(Skim &skim, ondemand::value &from, size_t depth, lme_value &value) noexcept;

bool is_left(const Skim &skim, std::string_view key)
{
    for (const char *const *name = skim.left; *name != nullptr; name++) {
        if (key == *name)
            return true;
    }
    return false;
}

// Room for one more; an array that is the arena's newest thing grows where it is.
template <typename Item> Item &grow(lme_arena *arena, Item *&items, size_t n, size_t &capacity)
{
    if (n == capacity) {
        items = static_cast<Item *>(
            lme_arena_grow(arena, items, n * sizeof(Item), 2 * capacity * sizeof(Item)));
        capacity *= 2;
    }
    return items[n];
}

bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// An item's text ends before the comma or bracket that is the last thing but blanks before `next`.
void end_item(lme_value &item, const char *next)
{
    const char *end = next;
    while (is_blank(end[-1]))
        end--;
    end--;
    while (is_blank(end[-1]))
        end--;
    item.string.len = static_cast<size_t>(end - item.string.ptr);
}

// Of an item of a list that stays text.
bool opens_left(char c)
{
    return c == '-' || (c >= '0' && c <= '9') || c == '{' || c == '[';
}

bool has_backslash(std::string_view text)
{
    if (text.size() > 16)
        return std::memchr(text.data(), '\\', text.size()) != nullptr;
    for (const char c : text) {
        if (c == '\\')
            return true;
    }
    return false;
}

// A text that stands as it is meant, in its quotes.
bool is_plain_text(std::string_view token)
{
    return token.size() >= 2 && token.front() == '"' && token.back() == '"' &&
           !has_backslash(token);
}

// Digits alone, so few that they are an integer; nothing else that JSON has begins so and is one.
bool read_digits(std::string_view token, lme_value &value)
{
    const size_t longest = 18;
    int64_t whole = 0;
    if (token.size() > longest || (token.front() == '0' && token.size() > 1))
        return false;
    for (const char c : token) {
        if (c < '0' || c > '9')
            return false;
        whole = whole * 10 + (c - '0');
    }
    value.kind = LME_INT;
    value.integer = whole;
    return true;
}

// The commonest items of lists, which have thousands of them: short texts and integers. False: what
// it is the parser has to say. A list's texts are not copied.
bool read_plainly(std::string_view token, lme_value &value)
{
    while (is_blank(token.back()))
        token.remove_suffix(1);
    if (token.front() != '"')
        return read_digits(token, value);
    if (!is_plain_text(token))
        return false;
    value.kind = LME_STRING;
    value.string = {token.data() + 1, token.size() - 2};
    return true;
}

// `leaves`: numbers, lists and maps stay text.
bool read_list(Skim &skim, ondemand::array list, size_t depth, bool leaves, lme_value &value)
{
    size_t n = 0;
    size_t capacity = FEW;
    lme_value *items = LME_ARRAY(skim.arena, lme_value, capacity);
    for (auto result : list) {
        ondemand::value item;
        if (result.get(item))
            return false;
        const std::string_view token = item.raw_json_token();
        if (n > 0 && items[n - 1].kind == LME_UNREAD)
            end_item(items[n - 1], token.data());
        lme_value &slot = grow(skim.arena, items, n, capacity);
        n++;
        if (leaves && opens_left(token.front())) {
            slot.kind = LME_UNREAD;
            slot.string = {token.data(), 0};
        } else if (!read_plainly(token, slot) && !read_value(skim, item, depth, slot)) {
            return false;
        }
    }
    const char *behind = nullptr;
    if (n > 0 && items[n - 1].kind == LME_UNREAD) {
        if (skim.document.current_location().get(behind))
            return false;
        end_item(items[n - 1], behind);
    }
    lme_arena_trim(skim.arena, items, capacity * sizeof *items, n * sizeof *items);
    value.kind = LME_LIST;
    value.list = {items, n};
    return true;
}

bool read_map(Skim &skim, ondemand::object map, size_t depth, lme_value &value)
{
    size_t n = 0;
    size_t capacity = FEW;
    lme_pair *pairs = LME_ARRAY(skim.arena, lme_pair, capacity);
    for (auto result : map) {
        ondemand::field field;
        std::string_view key;
        ondemand::array list;
        ondemand::json_type type;
        if (std::move(result).get(field) || field.unescaped_key().get(key))
            return false;
        lme_pair &pair = grow(skim.arena, pairs, n, capacity);
        n++;
        pair.key.kind = LME_STRING;
        pair.key.string = lme_str_copy(skim.arena, lme_str{key.data(), key.size()});
        ondemand::value item = field.value();
        if (item.type().get(type))
            return false;
        if (type != ondemand::json_type::array) {
            if (!read_value(skim, item, depth, pair.value))
                return false;
            continue;
        }
        if (depth == LME_LIMIT_DEPTH || item.get_array().get(list) ||
            !read_list(skim, list, depth + 1, is_left(skim, key), pair.value))
            return false;
    }
    lme_arena_trim(skim.arena, pairs, capacity * sizeof *pairs, n * sizeof *pairs);
    value.kind = LME_MAP;
    value.map = {pairs, n};
    return true;
}

// What is no integer of 64 bits is read by us: simdjson 3.0's on-demand parser has long doubles
// wrong in the last digit (get_double) or altogether (get_number).
bool read_number(Skim &skim, ondemand::value &from, lme_value &value)
{
    value.kind = LME_INT;
    if (!from.get_int64().get(value.integer))
        return true;
    const std::string_view token = from.raw_json_token();
    lme_value number = lme_null();
    number.kind = LME_UNREAD;
    number.string = {token.data(), token.size()};
    return lme_json_open(skim.arena, &number, &value, nullptr);
}

bool read_text(Skim &skim, ondemand::value &from, lme_value &value)
{
    std::string_view text = from.raw_json_token();
    while (is_blank(text.back()))
        text.remove_suffix(1);
    if (is_plain_text(text))
        text = text.substr(1, text.size() - 2);
    else if (from.get_string().get(text))
        return false;
    value.kind = LME_STRING;
    value.string = lme_str_copy(skim.arena, lme_str{text.data(), text.size()});
    return true;
}

// `value` is zero, as the arena gives it.
bool read_value(Skim &skim, ondemand::value &from, size_t depth, lme_value &value) noexcept
{
    ondemand::json_type type;
    ondemand::array list;
    ondemand::object map;
    bool is_it = false;
    if (depth == LME_LIMIT_DEPTH || from.type().get(type))
        return false;
    switch (type) {
    case ondemand::json_type::array:
        return !from.get_array().get(list) && read_list(skim, list, depth + 1, false, value);
    case ondemand::json_type::object:
        return !from.get_object().get(map) && read_map(skim, map, depth + 1, value);
    case ondemand::json_type::string:
        return read_text(skim, from, value);
    case ondemand::json_type::number:
        return read_number(skim, from, value);
    case ondemand::json_type::boolean:
        value.kind = LME_BOOL;
        return !from.get_bool().get(value.boolean);
    case ondemand::json_type::null:
        return !from.is_null().get(is_it) && is_it;
    }
    return false;
}

bool read_document(Skim &skim, lme_json_reader *reader, lme_str text, lme_value *value) noexcept
{
    ondemand::object map;
    *value = lme_null();
    return !reader->skimmer.iterate(text.ptr, text.len, text.len + LME_JSON_PADDING)
                .get(skim.document) &&
           !skim.document.get_object().get(map) && read_map(skim, map, 1, *value) &&
           skim.document.current_location().error() == simdjson::OUT_OF_BOUNDS;
}

} // namespace

extern "C" bool lme_json_skim(lme_arena *arena, lme_json_reader *reader, lme_str text,
                              const char *const *left, lme_value *value, lme_error *err)
{
    Skim skim = {arena, left, {}};
    return read_document(skim, reader, text, value) ||
           lme_json_read(arena, reader, text, nullptr, value, err);
}
