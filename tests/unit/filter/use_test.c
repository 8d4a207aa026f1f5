/* What a task file may say about filters, and the errors it gets otherwise. */
#include "support.h"

#include <lmeval/filter.h>
#include <lmeval/yaml.h>

static bool read_yaml(lme_arena *arena, const char *yaml, lme_filter_use *use, lme_error *err)
{
    lme_value entry;
    *err = (lme_error){0};
    return lme_yaml_read(arena, lme_str_from(yaml), "task.yaml", &entry, err) &&
           lme_filter_use_read(arena, &entry, "task.yaml", use, err);
}

static void check_error(const char *yaml, const char *text)
{
    lme_arena *arena = lme_arena_new();
    lme_filter_use use = {0};
    lme_error err;
    assert_false(read_yaml(arena, yaml, &use, &err));
    assert_error(&err, LME_ERR_TASK, text);
    lme_arena_free(arena);
}

static void rows_are_found_by_name(void **state)
{
    (void)state;
    size_t n;
    const lme_filter *const *all = lme_filter_all(&n);
    assert_true(n > 0);
    for (size_t i = 0; i < n; i++) {
        assert_ptr_equal(lme_filter_find(lme_str_from(all[i]->name)), all[i]);
        assert_non_null(all[i]->summary);
        assert_non_null(all[i]->apply);
    }
    assert_null(lme_filter_find(LME_STR("regexp")));
    assert_null(lme_filter_find(LME_STR("")));
}

static void options_are_read_once(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_filter_use use = {0};
    lme_error err;
    assert_ok(
        read_yaml(arena, "function: regex\nregex_pattern: 'a(b)'\ngroup_select: -1\n", &use, &err),
        &err);
    assert_ptr_equal(use.filter, lme_filter_find(LME_STR("regex")));
    assert_int_equal(use.options.map.len, 2);
    assert_null(lme_value_find(&use.options, "function"));
    assert_non_null(use.state);
    lme_arena_free(arena);
}

static void unknown_names_get_the_nearest(void **state)
{
    (void)state;
    check_error("function: regx\n", "task.yaml:1:11: filter \"regx\" is not known");
    check_error("function: regx\n", "did you mean regex? known: regex, ");
    check_error("function: take-first\n", "did you mean take_first?");
    check_error("function: nothing_like_it\n", "hint: known: regex, regex_pos, ");
    check_error("function: !function utils.Mine\n",
                "task.yaml:1:11: filter !function utils.Mine is Python code, which is not run");
    check_error("function: 3\n", "`function` of a filter is");
    check_error("name: x\n", "a filter is a map without it, expected a map with the key");
    check_error("- function\n", "expected a map with the key `function`");
}

static void unknown_keys_get_the_nearest(void **state)
{
    (void)state;
    check_error("function: regex\nregex_patern: a\n",
                "task.yaml:2:1: filter \"regex\" has no option \"regex_patern\"");
    check_error("function: regex\nregex_patern: a\n",
                "did you mean regex_pattern? it takes: regex_pattern, group_select, fallback");
    check_error("function: take_first\nk: 2\n", "it takes no options");
    check_error("function: map\nwhatever_else: 2\n", "hint: it takes: mapping_dict, default_value");
    check_error("function: regex\n3: 2\n", "has no option \"3\"");
}

static void options_have_their_kinds(void **state)
{
    (void)state;
    check_error(
        "function: regex\ngroup_select: first\n",
        "task.yaml:2:15: group_select of filter \"regex\" is text, expected a whole number");
    check_error("function: regex\nregex_pattern: 3\n",
                "task.yaml:2:16: regex_pattern of filter \"regex\" is ");
    check_error("function: multi_choice_regex\nignore_case: 1\n", "expected true or false");
    check_error("function: multi_choice_regex\nregexes_to_ignore: ','\n",
                "expected a list of patterns");
    check_error("function: multi_choice_regex\nregexes_to_ignore: [3]\n",
                "task.yaml:2:21: an entry of regexes_to_ignore is ");
    check_error("function: map\nmapping_dict: [1]\n",
                "task.yaml:2:15: mapping_dict of filter \"map\" is");
    check_error("function: take_first_k\n", "filter \"take_first_k\" needs k");
    check_error("function: take_first_k\nk: 0\n",
                "task.yaml:2:4: k of filter \"take_first_k\" is 0, expected at least 1");
    check_error("function: take_first_k\nk: two\n", "k of filter \"take_first_k\" is text");
}

static void patterns_are_compiled_when_the_task_is_read(void **state)
{
    (void)state;
    check_error("function: regex\nregex_pattern: '(a'\n", "task.yaml:2:16: ");
    check_error("function: multi_choice_regex\nregexes_to_ignore: [a, '[']\n", "task.yaml:2:24: ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_found_by_name),
        cmocka_unit_test(options_are_read_once),
        cmocka_unit_test(unknown_names_get_the_nearest),
        cmocka_unit_test(unknown_keys_get_the_nearest),
        cmocka_unit_test(options_have_their_kinds),
        cmocka_unit_test(patterns_are_compiled_when_the_task_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
