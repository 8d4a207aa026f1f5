// Reading what is looked at, and passing over the rest. simdjson's first stage finds where each
// bracket, comma, colon, text, number and word begins, and sees that texts close and that UTF-8 is
// UTF-8, by the fastest code for the processor; the walk from place to place is ours. What it does
// not like is read as a whole by lme_json_read, which says where and why.
#include "json_reader.hpp"

#include <cstring>

extern "C" {
#include "eight_bytes.h"

#include <lmeval/json.h>
#include <lmeval/limits.h>
}

namespace
{

struct Skim {
    lme_arena *arena;
    const char *const *left; // ends in a null pointer
    const char *text;
    const uint32_t *at;  // the place that comes next
    const uint32_t *end; // there stands the text's length
    const char *text_end;
};

constexpr size_t FEW = 2; // items that room is made for at first

bool read_value(Skim &skim, size_t depth, lme_value &value) noexcept;

bool is_blank(char c)
{
    return static_cast<unsigned char>(c) <= ' ' &&
           (c == ' ' || c == '\t' || c == '\n' || c == '\r');
}

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

// What stands at the next place; NUL at the end.
char peek(const Skim &skim)
{
    return skim.at == skim.end ? '\0' : skim.text[*skim.at];
}

// The text, number or word at the next place.
std::string_view take_token(Skim &skim)
{
    const char *from = skim.text + *skim.at++;
    const char *to = skim.text + *skim.at;
    while (is_blank(to[-1]))
        to--;
    return {from, static_cast<size_t>(to - from)};
}

bool is_left(const Skim &skim, lme_str key)
{
    for (const char *const *name = skim.left; *name != nullptr; name++) {
        if (lme_str_is(key, *name))
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

// False: certainly not. Most texts are short, and of those eight bytes are looked at at once,
// whether they are all theirs or not.
bool may_have_backslash(const Skim &skim, std::string_view text)
{
    uint64_t x = 0;
    if (text.size() > sizeof x || skim.text_end - text.data() < std::ptrdiff_t{sizeof x})
        return std::memchr(text.data(), '\\', text.size()) != nullptr;
    std::memcpy(&x, text.data(), sizeof x);
    return lme_zero_bytes(x ^ LME_EACH_BYTE * '\\') != 0;
}

// A text that stands as it is meant, in its quotes.
bool read_plain_text(const Skim &skim, std::string_view token, lme_value &value)
{
    if (token.size() < 2 || token.back() != '"')
        return false;
    const std::string_view text = token.substr(1, token.size() - 2);
    if (may_have_backslash(skim, text))
        return false;
    value.kind = LME_STRING;
    value.string = {text.data(), text.size()};
    return true;
}

// Digits alone, so few that they are an integer; nothing else that JSON has begins so and is one.
bool read_digits(std::string_view token, lme_value &value)
{
    const size_t longest = 18;
    int64_t whole = 0;
    if (token.size() > longest || (token.front() == '0' && token.size() > 1))
        return false;
    for (const char c : token) {
        if (!is_digit(c))
            return false;
        whole = whole * 10 + (c - '0');
    }
    value.kind = LME_INT;
    value.integer = whole;
    return true;
}

// A text, a number or a word.
bool read_token(Skim &skim, lme_value &value)
{
    const std::string_view token = take_token(skim);
    if (token.front() == '"' ? read_plain_text(skim, token, value) : read_digits(token, value))
        return true;
    lme_value unread = lme_null();
    unread.kind = LME_UNREAD;
    unread.string = {token.data(), token.size()};
    return lme_json_open(skim.arena, &unread, &value, nullptr);
}

// Past the list or map at the next place.
bool pass_nested(Skim &skim)
{
    size_t n_open = 0;
    do {
        switch (peek(skim)) {
        case '{':
        case '[':
            n_open++;
            break;
        case '}':
        case ']':
            n_open--;
            break;
        case '\0':
            return false;
        default:
            break;
        }
        skim.at++;
    } while (n_open > 0);
    return true;
}

// An item of a list under a key that is left: numbers, lists and maps stay text.
bool leave_item(Skim &skim, lme_value &value)
{
    const char *from = skim.text + *skim.at;
    size_t len = 0;
    if (*from == '{' || *from == '[') {
        if (!pass_nested(skim))
            return false;
        len = static_cast<size_t>(skim.text + skim.at[-1] + 1 - from);
    } else if (*from == '-' || is_digit(*from)) {
        len = take_token(skim).size();
    } else {
        return read_token(skim, value);
    }
    value.kind = LME_UNREAD;
    value.string = {from, len};
    return true;
}

bool read_item(Skim &skim, size_t depth, lme_value &value)
{
    const char c = skim.text[*skim.at];
    return c == '"' || is_digit(c) ? read_token(skim, value) : read_value(skim, depth, value);
}

// Behind an item: past a comma (more is true) or the closing bracket.
bool take_comma(Skim &skim, char close, bool &more)
{
    const char c = peek(skim);
    more = c == ',';
    skim.at++;
    return more || c == close;
}

// Of a list under a key that is left the items `leave`.
template <bool leave> bool read_list(Skim &skim, size_t depth, lme_value &value)
{
    size_t n = 0;
    size_t capacity = FEW;
    lme_value *items = LME_ARRAY(skim.arena, lme_value, capacity);
    skim.at++;
    bool more = peek(skim) != ']';
    skim.at += more ? 0 : 1;
    while (more) {
        if (skim.at == skim.end)
            return false;
        lme_value &item = grow(skim.arena, items, n, capacity);
        n++;
        if (!(leave ? leave_item(skim, item) : read_item(skim, depth, item)) ||
            !take_comma(skim, ']', more))
            return false;
    }
    lme_arena_trim(skim.arena, items, capacity * sizeof *items, n * sizeof *items);
    value.kind = LME_LIST;
    value.list = {items, n};
    return true;
}

bool read_pair(Skim &skim, size_t depth, lme_pair &pair)
{
    if (peek(skim) != '"' || !read_token(skim, pair.key) || peek(skim) != ':')
        return false;
    skim.at++;
    if (peek(skim) == '[' && is_left(skim, pair.key.string))
        return depth < LME_LIMIT_DEPTH && read_list<true>(skim, depth + 1, pair.value);
    return read_value(skim, depth, pair.value);
}

bool read_map(Skim &skim, size_t depth, lme_value &value)
{
    size_t n = 0;
    size_t capacity = FEW;
    lme_pair *pairs = LME_ARRAY(skim.arena, lme_pair, capacity);
    skim.at++;
    bool more = peek(skim) != '}';
    skim.at += more ? 0 : 1;
    while (more) {
        lme_pair &pair = grow(skim.arena, pairs, n, capacity);
        n++;
        if (!read_pair(skim, depth, pair) || !take_comma(skim, '}', more))
            return false;
    }
    lme_arena_trim(skim.arena, pairs, capacity * sizeof *pairs, n * sizeof *pairs);
    value.kind = LME_MAP;
    value.map = {pairs, n};
    return true;
}

// `value` is zero, as the arena gives it. `depth`: how many lists and maps are open around it.
bool read_value(Skim &skim, size_t depth, lme_value &value) noexcept
{
    const char c = peek(skim);
    if (c != '[' && c != '{')
        return c != '\0' && read_token(skim, value);
    if (depth == LME_LIMIT_DEPTH)
        return false;
    return c == '[' ? read_list<false>(skim, depth + 1, value) : read_map(skim, depth + 1, value);
}

// simdjson marks `implementation` "for benchmarking access"; it is the same from 1.0.2 to 3.12.3.
bool read_document(Skim &skim, lme_json_reader *reader, size_t len, lme_value *value) noexcept
{
    reader->fit(len);
    simdjson::internal::dom_parser_implementation &stages = *reader->parser.implementation;
    *value = lme_null();
    if (stages.stage1(reinterpret_cast<const uint8_t *>(skim.text), len,
                      simdjson::stage1_mode::regular))
        return false;
    skim.at = stages.structural_indexes.get();
    skim.end = skim.at + stages.n_structural_indexes;
    return peek(skim) == '{' && read_map(skim, 1, *value) && skim.at == skim.end;
}

} // namespace

extern "C" bool lme_json_skim(lme_arena *arena, lme_json_reader *reader, lme_str text,
                              const char *const *left, lme_value *value, lme_error *err)
{
    Skim skim = {arena, left, text.ptr, nullptr, nullptr, text.ptr + text.len};
    return read_document(skim, reader, text.len, value) ||
           lme_json_read(arena, reader, text, nullptr, value, err);
}
