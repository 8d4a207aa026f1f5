/* Values, their equality and their texts; repr.cases holds CPython's own answers. */
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <lmeval/limits.h>
#include <lmeval/share.h>
#include <lmeval/value.h>

static int setup(void **state)
{
    *state = lme_arena_new();
    return 0;
}

static int teardown(void **state)
{
    lme_arena_free(*state);
    return 0;
}

static lme_value text(const char *s)
{
    return lme_string(lme_str_from(s));
}

static lme_value list_of(lme_arena *arena, const lme_value *items, size_t n)
{
    lme_list_builder b = {.arena = arena};
    for (size_t i = 0; i < n; i++)
        lme_list_add(&b, items[i]);
    return lme_list_finish(&b);
}

static lme_value tuple_of(lme_arena *arena, const lme_value *items, size_t n)
{
    lme_value v = list_of(arena, items, n);
    v.kind = LME_TUPLE;
    return v;
}

static lme_value map_of(lme_arena *arena, const lme_pair *pairs, size_t n)
{
    lme_map_builder b = {.arena = arena};
    for (size_t i = 0; i < n; i++)
        lme_map_add_pair(&b, pairs[i].key, pairs[i].value);
    return lme_map_finish(&b);
}

#define LIST(...)                                                                                  \
    list_of(arena, (lme_value[]){__VA_ARGS__},                                                     \
            sizeof((lme_value[]){__VA_ARGS__}) / sizeof(lme_value))
#define TUPLE(...)                                                                                 \
    tuple_of(arena, (lme_value[]){__VA_ARGS__},                                                    \
             sizeof((lme_value[]){__VA_ARGS__}) / sizeof(lme_value))
#define MAP(...)                                                                                   \
    map_of(arena, (lme_pair[]){__VA_ARGS__}, sizeof((lme_pair[]){__VA_ARGS__}) / sizeof(lme_pair))

static bool equal(lme_value a, lme_value b)
{
    bool forth = lme_value_equal(&a, &b);
    assert_int_equal(lme_value_equal(&b, &a), forth);
    return forth;
}

static void looking_into_maps(void **state)
{
    lme_arena *arena = *state;
    lme_value map = MAP({text("a"), lme_int(1)}, {lme_int(7), lme_int(2)}, {text("a"), lme_int(3)},
                        {text("b"), lme_null()});
    assert_int_equal(lme_value_find(&map, "a")->integer, 3);
    assert_str(lme_value_text(&map, "a"), "");
    assert_int_equal(lme_value_get(&map, LME_STR("b"))->kind, LME_NULL);
    assert_null(lme_value_find(&map, "7"));
    assert_null(lme_value_find(&map, "c"));
    lme_value number = lme_int(1);
    assert_null(lme_value_find(&number, "a"));
    assert_null(lme_value_find(NULL, "a"));
    lme_value named = MAP({text("t"), text("x")});
    assert_str(lme_value_text(&named, "t"), "x");
    assert_str(lme_value_text(&named, "u"), "");
    assert_str(lme_value_text(NULL, "t"), "");
    lme_map_builder none = {.arena = arena};
    lme_value empty = lme_map_finish(&none);
    assert_null(lme_value_find(&empty, ""));
}

static void a_map_with_a_key_more(void **state)
{
    lme_arena *arena = *state;
    lme_value map = MAP({text("a"), lme_int(1)}, {text("b"), lme_int(2)});
    map.line = 4;
    lme_value with = lme_value_with(arena, &map, LME_STR("a"), lme_int(9));
    assert_str(lme_value_repr(arena, &with), "{'a': 9, 'b': 2}");
    assert_int_equal(with.line, 4);
    with = lme_value_with(arena, &map, LME_STR("c"), lme_bool(true));
    assert_str(lme_value_repr(arena, &with), "{'a': 1, 'b': 2, 'c': True}");
    assert_str(lme_value_repr(arena, &map), "{'a': 1, 'b': 2}");
}

static void names_for_people(void **state)
{
    (void)state;
    assert_string_equal(lme_kind_name(LME_LIST), "list");
    assert_string_equal(lme_kind_name(LME_STRING), "text");
    assert_string_equal(lme_kind_name(LME_BOOL), "true or false");
    for (int kind = LME_NULL; kind <= LME_OPAQUE; kind++)
        assert_true(strlen(lme_kind_name((lme_kind)kind)) > 2);
}

static void truth(void **state)
{
    lme_arena *arena = *state;
    lme_value none_of = list_of(arena, NULL, 0);
    lme_value no_pairs = map_of(arena, NULL, 0);
    lme_value undefined = {.kind = LME_UNDEFINED, .string = LME_STR("x")};
    const lme_value falsy[] = {lme_null(),     lme_bool(false), lme_int(0),
                               lme_float(0.0), lme_float(-0.0), text(""),
                               none_of,        no_pairs,        undefined};
    for (size_t i = 0; i < sizeof falsy / sizeof falsy[0]; i++)
        assert_false(lme_value_truth(&falsy[i]));
    const lme_value truthy[] = {lme_bool(true), lme_int(-1),      lme_float((double)NAN),
                                text("0"),      LIST(lme_null()), MAP({text(""), lme_null()})};
    for (size_t i = 0; i < sizeof truthy / sizeof truthy[0]; i++)
        assert_true(lme_value_truth(&truthy[i]));
}

static void numbers_are_equal_by_value(void **state)
{
    (void)state;
    assert_true(equal(lme_int(1), lme_float(1.0)));
    assert_true(equal(lme_bool(true), lme_int(1)));
    assert_true(equal(lme_bool(true), lme_float(1.0)));
    assert_true(equal(lme_bool(false), lme_float(-0.0)));
    assert_false(equal(lme_bool(true), lme_int(2)));
    assert_false(equal(lme_int(1), text("1")));
    assert_false(equal(lme_int(0), lme_null()));
    assert_false(equal(lme_float((double)NAN), lme_float((double)NAN)));
    assert_false(equal(lme_float((double)NAN), lme_int(0)));
    assert_true(equal(lme_float((double)INFINITY), lme_float((double)INFINITY)));
    assert_false(equal(lme_float((double)INFINITY), lme_int(INT64_MAX)));
    /* 2**53 + 1 is no double; 2**63 is no int64. */
    assert_true(equal(lme_int(9007199254740992), lme_float(9007199254740992.0)));
    assert_false(equal(lme_int(9007199254740993), lme_float(9007199254740992.0)));
    assert_false(equal(lme_int(INT64_MAX), lme_float(9223372036854775808.0)));
    assert_true(equal(lme_int(INT64_MIN), lme_float(-9223372036854775808.0)));
}

static void trees_are_equal_by_parts(void **state)
{
    lme_arena *arena = *state;
    assert_true(equal(LIST(lme_int(1), text("a")), LIST(lme_float(1.0), text("a"))));
    assert_false(equal(LIST(lme_int(1)), LIST(lme_int(1), lme_int(1))));
    assert_false(equal(LIST(lme_int(1)), TUPLE(lme_int(1))));
    assert_true(equal(TUPLE(LIST(lme_int(1))), TUPLE(LIST(lme_int(1)))));
    assert_false(equal(list_of(arena, NULL, 0), tuple_of(arena, NULL, 0)));
    assert_false(equal(list_of(arena, NULL, 0), map_of(arena, NULL, 0)));
    assert_false(equal(list_of(arena, NULL, 0), lme_null()));
    assert_true(equal(LIST(LIST(text("x")), lme_null()), LIST(LIST(text("x")), lme_null())));
    assert_false(equal(LIST(LIST(text("x")), lme_null()), LIST(LIST(text("y")), lme_null())));
    lme_value f = {.kind = LME_FUNCTION, .string = LME_STR("a.b")};
    assert_false(equal(f, text("a.b")));
    assert_true(equal(f, f));
}

static void maps_are_equal_in_any_order(void **state)
{
    lme_arena *arena = *state;
    lme_value a = MAP({text("a"), lme_int(1)}, {text("b"), LIST(lme_int(2))});
    assert_true(equal(a, MAP({text("b"), LIST(lme_int(2))}, {text("a"), lme_float(1.0)})));
    assert_true(equal(a, MAP({text("a"), lme_int(1)}, {text("b"), LIST(lme_int(2))})));
    assert_false(equal(a, MAP({text("b"), LIST(lme_int(3))}, {text("a"), lme_int(1)})));
    assert_false(equal(a, MAP({text("a"), lme_int(1)})));
    assert_false(equal(a, MAP({text("a"), lme_int(1)}, {text("c"), LIST(lme_int(2))})));
    /* {1: 'x'} == {True: 'x'} == {1.0: 'x'} != {'1': 'x'} */
    assert_true(equal(MAP({lme_int(1), text("x")}), MAP({lme_bool(true), text("x")})));
    assert_true(equal(MAP({lme_int(1), text("x")}), MAP({lme_float(1.0), text("x")})));
    assert_false(equal(MAP({lme_int(1), text("x")}), MAP({text("1"), text("x")})));
    assert_false(equal(MAP({lme_float(1.5), text("x")}), MAP({text("1.5"), text("x")})));
    assert_true(equal(MAP({lme_null(), text("x")}), MAP({lme_null(), text("x")})));
}

static void of_duplicate_keys_the_last_counts(void **state)
{
    lme_arena *arena = *state;
    lme_value twice =
        MAP({text("a"), lme_int(1)}, {text("b"), lme_int(2)}, {text("a"), lme_int(3)});
    assert_true(equal(twice, MAP({text("a"), lme_int(3)}, {text("b"), lme_int(2)})));
    assert_false(equal(twice, MAP({text("a"), lme_int(1)}, {text("b"), lme_int(2)})));
    lme_value other =
        MAP({text("a"), lme_int(9)}, {text("b"), lme_int(2)}, {text("a"), lme_int(3)});
    assert_true(equal(twice, other));
}

static void wide_maps_are_compared_quickly(void **state)
{
    lme_arena *arena = *state;
    enum {
        N = 20000
    };
    lme_map_builder up = {.arena = arena}, down = {.arena = arena};
    for (int i = 0; i < N; i++) {
        lme_map_add(&up, lme_str_format(arena, "key %d", i), lme_int(i));
        lme_map_add(&down, lme_str_format(arena, "key %d", N - 1 - i), lme_int(N - 1 - i));
    }
    assert_true(equal(lme_map_finish(&up), lme_map_finish(&down)));
    lme_map_add(&up, LME_STR("more"), lme_int(1));
    lme_map_add(&down, LME_STR("else"), lme_int(1));
    assert_false(equal(lme_map_finish(&up), lme_map_finish(&down)));
}

/* As in Python: an item is itself before it is compared. */
static void a_list_equals_itself(void **state)
{
    lme_arena *arena = *state;
    lme_value nan = LIST(lme_float((double)NAN));
    assert_true(equal(nan, nan));
    assert_false(equal(nan, LIST(lme_float((double)NAN))));
    /* Shared sixty times over: 2^60 items to whoever looks at each. */
    lme_value doubled = LIST(lme_int(1));
    for (int i = 0; i < 60; i++)
        doubled = LIST(doubled, doubled);
    assert_true(equal(doubled, doubled));
}

static lme_value nest(lme_arena *arena, size_t depth)
{
    lme_value v = lme_int(1);
    for (size_t i = 0; i < depth; i++)
        v = i % 3 == 2 ? MAP({text("k"), v}) : LIST(v);
    return v;
}

static void depth_does_not_cost_stack(void **state)
{
    lme_arena *arena = *state;
    enum {
        DEPTH = 99999
    };
    lme_value deep = nest(arena, DEPTH);
    lme_value copy = lme_value_copy(arena, &deep);
    assert_true(equal(deep, copy));
    assert_false(equal(deep, nest(arena, DEPTH - 3)));
    lme_str repr = lme_value_repr(arena, &deep);
    assert_true(lme_str_starts(repr, LME_STR("{'k': [[{'k': [[")));
    assert_true(lme_str_ends(repr, LME_STR("}]]}]]}]]}")));
    assert_true(lme_str_find(repr, LME_STR("{'k': [[1]]}]]}"), 0) < repr.len);
}

static void a_text_past_the_limit_stops(void **state)
{
    lme_arena *arena = *state;
    lme_value doubled = text("0123456789012345678901234567890123456789");
    for (int i = 0; i < 60; i++)
        doubled = LIST(doubled, doubled);
    lme_str repr = lme_value_repr(arena, &doubled);
    assert_true(repr.len > LME_LIMIT_TEMPLATE_OUTPUT);
    assert_true(repr.len < LME_LIMIT_TEMPLATE_OUTPUT + 1000);
}

static void copies_stand_alone(void **state)
{
    lme_arena *arena = *state;
    lme_arena *other = lme_arena_new();
    char bytes[] = "changed";
    lme_value key = lme_string((lme_str){bytes, 3});
    lme_value inner = list_of(other, &(lme_value){.kind = LME_STRING, .string = {bytes, 7}}, 1);
    lme_value map = map_of(other, (lme_pair[]){{key, inner}, {lme_int(3), lme_null()}}, 2);
    map.line = 12;
    lme_value copy = lme_value_copy(arena, &map);
    memset(bytes, 'x', sizeof bytes);
    lme_arena_free(other);
    assert_str(lme_value_repr(arena, &copy), "{'cha': ['changed'], 3: None}");
    assert_int_equal(copy.line, 12);
    lme_value none = list_of(arena, NULL, 0);
    copy = lme_value_copy(arena, &none);
    assert_int_equal(copy.list.len, 0);
}

static void texts_of_trees(void **state)
{
    lme_arena *arena = *state;
    lme_value v = LIST(text("a"), text("it's"), lme_null(), lme_bool(false), lme_float(1.0),
                       lme_int(INT64_MIN));
    assert_str(lme_value_str(arena, &v), "['a', \"it's\", None, False, 1.0, -9223372036854775808]");
    v = TUPLE(lme_int(1));
    assert_str(lme_value_str(arena, &v), "(1,)");
    v = TUPLE(lme_int(1), TUPLE(text("x"), lme_int(2)));
    assert_str(lme_value_str(arena, &v), "(1, ('x', 2))");
    v = tuple_of(arena, NULL, 0);
    assert_str(lme_value_str(arena, &v), "()");
    v = list_of(arena, NULL, 0);
    assert_str(lme_value_str(arena, &v), "[]");
    v = map_of(arena, NULL, 0);
    assert_str(lme_value_str(arena, &v), "{}");
    v = MAP({text("k"), LIST(MAP({lme_int(2), text("v")}))}, {lme_bool(true), lme_float(0.5)});
    assert_str(lme_value_str(arena, &v), "{'k': [{2: 'v'}], True: 0.5}");
}

static void texts_of_scalars(void **state)
{
    lme_arena *arena = *state;
    lme_value v = text("it's \n");
    assert_str(lme_value_str(arena, &v), "it's \n");
    assert_str(lme_value_repr(arena, &v), "\"it's \\n\"");
    v = lme_bool(true);
    assert_str(lme_value_str(arena, &v), "True");
    v = lme_null();
    assert_str(lme_value_str(arena, &v), "None");
    v = lme_int(-7);
    assert_str(lme_value_str(arena, &v), "-7");
    v = lme_float(1e16);
    assert_str(lme_value_str(arena, &v), "1e+16");
    v = (lme_value){.kind = LME_UNDEFINED, .string = LME_STR("name")};
    assert_str(lme_value_str(arena, &v), "");
    assert_str(lme_value_repr(arena, &v), "Undefined");
    v = (lme_value){.kind = LME_FUNCTION, .string = LME_STR("utils.clean")};
    assert_str(lme_value_str(arena, &v), "<function utils.clean>");
}

/* '\udcff': what Python holds for a byte that is no UTF-8. */
static void bytes_that_are_no_utf8(void **state)
{
    lme_arena *arena = *state;
    lme_value v = lme_string(LME_STR("a\xff\xc3(\xed\xa0\x80\xf8"));
    assert_str(lme_value_repr(arena, &v), "'a\\udcff\\udcc3(\\udced\\udca0\\udc80\\udcf8'");
    v = lme_string(LME_STR("cut \xe4\xb8"));
    assert_str(lme_value_repr(arena, &v), "'cut \\udce4\\udcb8'");
}

static lme_str unhex(lme_arena *arena, lme_str hex)
{
    lme_builder bytes = {.arena = arena};
    for (size_t i = 0; i + 1 < hex.len; i += 2) {
        const char pair[3] = {hex.ptr[i], hex.ptr[i + 1], '\0'};
        lme_builder_char(&bytes, (char)strtoul(pair, NULL, 16));
    }
    return lme_builder_finish(&bytes);
}

static void check_case(lme_arena *arena, lme_str line)
{
    size_t blank = lme_str_find(line, LME_STR(" "), 0), tab = lme_str_find(line, LME_STR("\t"), 0);
    assert_true(blank < tab && tab < line.len);
    lme_str bytes = unhex(arena, lme_str_slice(line, blank + 1, tab));
    const char *wanted = lme_str_cstr(arena, lme_str_slice(line, tab + 1, line.len));
    if (lme_str_starts(line, LME_STR("str "))) {
        lme_value v = lme_string(bytes);
        assert_str(lme_value_repr(arena, &v), wanted);
        return;
    }
    uint64_t bits = 0;
    assert_int_equal(bytes.len, 8);
    for (size_t i = 0; i < 8; i++)
        bits = bits << 8 | (unsigned char)bytes.ptr[i];
    double number, back;
    memcpy(&number, &bits, sizeof number);
    assert_str(lme_double_repr(arena, number), wanted);
    if (isfinite(number)) {
        assert_true(lme_str_to_double(lme_str_from(wanted), &back));
        assert_memory_equal(&back, &number, sizeof back);
    }
}

static void texts_are_cpythons(void **state)
{
    lme_arena *arena = *state;
    lme_error err = {0};
    lme_str cases;
    const char *path = test_source(arena, "tests/unit/core/repr.cases");
    assert_ok(lme_file_read(arena, path, 1u << 20, &cases, &err), &err);
    size_t checked = 0;
    for (size_t at = 0; at < cases.len; checked++) {
        size_t end = lme_str_find(cases, LME_STR("\n"), at);
        lme_str line = lme_str_slice(cases, at, end);
        if (line.ptr[0] != '#')
            check_case(arena, line);
        at = end + 1;
    }
    assert_true(checked > 200);
}

static void floats_in_python_s_layout(void **state)
{
    lme_arena *arena = *state;
    assert_str(lme_double_repr(arena, 1e16), "1e+16");
    assert_str(lme_double_repr(arena, 1e-05), "1e-05");
    assert_str(lme_double_repr(arena, 9999999999999998.0), "9999999999999998.0");
    assert_str(lme_double_repr(arena, 0.0001), "0.0001");
    assert_str(lme_double_repr(arena, -0.0), "-0.0");
    assert_str(lme_double_repr(arena, 100.0), "100.0");
    assert_str(lme_double_repr(arena, -1.7976931348623157e308), "-1.7976931348623157e+308");
    assert_str(lme_double_repr(arena, -(double)INFINITY), "-inf");
    assert_str(lme_double_repr(arena, (double)NAN), "nan");
    assert_str(lme_double_repr(arena, -(double)NAN), "nan");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(looking_into_maps),
        TEST(a_map_with_a_key_more),
        TEST(names_for_people),
        TEST(truth),
        TEST(numbers_are_equal_by_value),
        TEST(trees_are_equal_by_parts),
        TEST(maps_are_equal_in_any_order),
        TEST(of_duplicate_keys_the_last_counts),
        TEST(wide_maps_are_compared_quickly),
        TEST(a_list_equals_itself),
        TEST(depth_does_not_cost_stack),
        TEST(a_text_past_the_limit_stops),
        TEST(copies_stand_alone),
        TEST(texts_of_trees),
        TEST(texts_of_scalars),
        TEST(bytes_that_are_no_utf8),
        TEST(texts_are_cpythons),
        TEST(floats_in_python_s_layout),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
