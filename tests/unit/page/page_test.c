/* The page as a whole: well-formed, closed to the network, the same bytes twice, hostile texts as
 * texts, every sample in its packs. */
#include "support.h"

#include <string.h>
#include <zlib.h>

#include <lmeval/json.h>
#include <lmeval/page.h>

/* What a hostile model answers, as JSON has it. */
#define HOSTILE "</script><script>alert(1)</script><img src=x onerror=alert(2)>\\u2028<!--"

static const char results[] =
    "{\"results\": {\"q<b>\": {\"exact_match,none\": 0.6, \"exact_match_stderr,none\": 0.2}},"
    " \"groups\": {\"all\": {\"exact_match,none\": 0.6, \"exact_match_stderr,none\": 0.2}},"
    " \"group_subtasks\": {\"all\": [\"q<b>\"]}, \"configs\": {\"q<b>\": {\"output_type\":"
    " \"generate_until\"}}, \"n-shot\": {\"q<b>\": 0}, \"model_name\": \"m<script>\"}";

static void add_line(lme_builder *out, int id, bool right)
{
    lme_builder_format(
        out,
        "{\"doc_id\": %d, \"doc\": {\"kind\": \"%s\"}, \"target\": \"4\", \"arguments\":"
        " {\"gen_args_0\": {\"arg_0\": \"2+2? %s\", \"arg_1\": {}}}, \"resps\": [[\"%s\"]],"
        " \"filtered_resps\": [\"%s\"], \"filter\": \"none\", \"metrics\": [\"exact_match\"],"
        " \"doc_hash\": \"d%d\", \"prompt_hash\": \"p\", \"target_hash\": \"t\","
        " \"exact_match\": %d.0}\n",
        id, id % 2 == 0 ? "even" : "odd<i>", HOSTILE, HOSTILE, right ? "4" : HOSTILE, id, right);
}

typedef struct made {
    lme_arena *arena;
    lme_record records[2];
    lme_comparison comparison;
    lme_page page;
} made;

/* Ten documents; the second run loses the first and gains the second. */
static void make_run(made *m, size_t run)
{
    lme_error err = {0};
    lme_builder lines = {.arena = m->arena};
    for (int i = 0; i < 10; i++)
        add_line(&lines, i, run == 0 ? i != 1 && i < 7 : i != 0 && i < 7);
    lme_str folder = lme_str_from(test_folder(m->arena));
    test_file(m->arena, folder.ptr, "results.json", results);
    test_file(m->arena, folder.ptr, "samples_q<b>.jsonl", lme_builder_finish(&lines).ptr);
    assert_ok(lme_record_open(m->arena, folder.ptr, NULL, &m->records[run], &err), &err);
}

static void make(made *m, size_t n_records)
{
    *m = (made){.arena = lme_arena_new()};
    make_run(m, 0);
    make_run(m, 1);
    const lme_compare_options asked = {.theta = 0.99, .confidence = 0.95};
    lme_compare_runs(m->arena, &m->records[0], &m->records[1], &asked, &m->comparison);
    m->page =
        (lme_page){.records = m->records, .n_records = n_records, .comparisons = &m->comparison};
}

static lme_str write_page(made *m, lme_page_counts *counts)
{
    lme_error err = {0};
    lme_builder out = {.arena = m->arena};
    assert_ok(lme_page_write(&m->page, &out, counts, &err), &err);
    return lme_builder_finish(&out);
}

static void drop(made *m)
{
    for (size_t i = 0; i < 2; i++) {
        lme_str path = lme_str_from(m->records[i].path);
        test_folder_remove(
            lme_str_cstr(m->arena, lme_str_slice(path, 0, path.len - strlen("/results.json"))));
    }
    lme_arena_free(m->arena);
}

static size_t count(lme_str text, const char *part)
{
    size_t n = 0;
    for (size_t at = 0; (at = lme_str_find(text, lme_str_from(part), at)) != SIZE_MAX; at++)
        n++;
    return n;
}

static bool is_void(lme_str name)
{
    return lme_str_is(name, "meta") || lme_str_is(name, "input");
}

/* Walks all tags: each that opens closes, in order; script and style hold no tags. */
static void check_tags(lme_str text)
{
    enum {
        DEEPEST = 64
    };
    lme_str open[DEEPEST];
    size_t depth = 0, at = 0;
    while ((at = lme_str_find(text, LME_STR("<"), at)) != SIZE_MAX) {
        if (text.ptr[at + 1] == '!') {
            at++;
            continue;
        }
        size_t end = lme_str_find(text, LME_STR(">"), at);
        assert_true(end != SIZE_MAX);
        bool closes = text.ptr[at + 1] == '/';
        lme_str tag = lme_str_slice(text, at + (closes ? 2 : 1), end);
        size_t blank = lme_str_find(tag, LME_STR(" "), 0);
        lme_str name = lme_str_slice(tag, 0, blank);
        if (closes) {
            assert_true(depth > 0 && lme_str_equal(open[--depth], name));
        } else if (!is_void(name) && !lme_str_ends(tag, LME_STR("/"))) {
            assert_true(depth < DEEPEST);
            open[depth++] = name;
        }
        at = end;
        if (!closes && (lme_str_is(name, "script") || lme_str_is(name, "style"))) {
            at = lme_str_find(
                text, lme_str_is(name, "script") ? LME_STR("</script>") : LME_STR("</style>"), at);
            assert_true(at != SIZE_MAX);
        }
    }
    assert_int_equal(depth, 0);
}

static void pages_are_well_formed(void **state)
{
    (void)state;
    for (size_t n = 1; n <= 2; n++) {
        made m;
        lme_page_counts counts;
        make(&m, n);
        lme_str text = write_page(&m, &counts);
        assert_int_equal(counts.n_samples, 10);
        check_tags(text);
        assert_true(lme_page_is_one(lme_str_slice(text, 0, 256)));
        assert_int_equal(count(text, "id=\"recovery\""), n - 1);
        assert_int_equal(count(text, "id=\"flips\""), n - 1);
        assert_int_equal(count(text, "<h1>"), 1);
        assert_int_equal(count(text, "id=\"groups\""), 1);
        assert_int_equal(count(text, "by <code>kind</code>"), 1);
        drop(&m);
    }
}

/* Three scripts: the index, one pack, our own. What the runs say is none. */
static void hostile_texts_stay_texts(void **state)
{
    (void)state;
    made m;
    lme_page_counts counts;
    make(&m, 2);
    lme_str text = write_page(&m, &counts);
    assert_int_equal(count(text, "<script"), 3);
    assert_int_equal(count(text, "<script>"), 1);
    assert_int_equal(count(text, "<img"), 0);
    assert_int_equal(count(text, "<i>"), 0);
    assert_int_equal(count(text, "<b>"), 0);
    assert_true(count(text, "&lt;script&gt;alert(1)&lt;/script&gt;") > 20);
    drop(&m);
}

static void nothing_is_loaded(void **state)
{
    (void)state;
    static const char *const forbidden[] = {"http:",   "https:",    " src=\"",  "url(",
                                            "@import", " style=\"", " onclick", "innerHTML"};
    made m;
    lme_page_counts counts;
    make(&m, 2);
    lme_str text = write_page(&m, &counts);
    for (size_t i = 0; i < sizeof forbidden / sizeof forbidden[0]; i++)
        assert_int_equal(count(text, forbidden[i]), 0);
    assert_int_equal(count(text, " href=\""), count(text, " href=\"#"));
    assert_int_equal(count(text, "default-src 'none'; style-src 'sha256-"), 1);
    assert_int_equal(count(text, "; script-src 'sha256-"), 1);
    drop(&m);
}

static void bytes_are_the_same(void **state)
{
    (void)state;
    made m;
    lme_page_counts counts;
    make(&m, 2);
    lme_str first = write_page(&m, &counts), second = write_page(&m, &counts);
    assert_true(lme_str_equal(first, second));
    drop(&m);
}

static int digit(char c)
{
    const char *digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *found = c == 0 ? NULL : strchr(digits, c);
    return found == NULL ? -1 : (int)(found - digits);
}

/* What the page's script does: base64, gzip. */
static lme_str unpack(lme_arena *arena, lme_str packed)
{
    enum {
        ROOM = 1 << 20,
        GZIP = 15 + 16
    };
    unsigned char *bytes = lme_arena_alloc(arena, packed.len), *out = lme_arena_alloc(arena, ROOM);
    size_t n = 0;
    uint32_t bits = 0;
    int n_bits = 0;
    for (size_t i = 0; i < packed.len && digit(packed.ptr[i]) >= 0; i++) {
        bits = bits << 6 | (uint32_t)digit(packed.ptr[i]);
        n_bits += 6;
        if (n_bits >= 8) {
            n_bits -= 8;
            bytes[n++] = (unsigned char)(bits >> n_bits & 0xff);
        }
    }
    z_stream z = {.next_in = bytes, .avail_in = (uInt)n, .next_out = out, .avail_out = ROOM};
    assert_int_equal(inflateInit2(&z, GZIP), Z_OK);
    assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
    inflateEnd(&z);
    return (lme_str){(const char *)out, z.total_out};
}

/* The first line is the document that was lost; its texts are the model's, to the letter. */
static void packs_hold_the_samples(void **state)
{
    (void)state;
    made m;
    lme_page_counts counts;
    lme_error err = {0};
    lme_value line, hostile;
    make(&m, 2);
    lme_str text = write_page(&m, &counts), begin = LME_STR("class=\"pack\">");
    lme_str lines =
        unpack(m.arena, lme_str_slice(text, lme_str_find(text, begin, 0) + begin.len, text.len));
    assert_int_equal(count(lines, "\n"), 10);
    lme_str first = lme_str_slice(lines, 0, lme_str_find(lines, LME_STR("\n"), 0));
    assert_ok(lme_json_read(m.arena, NULL, first, NULL, &line, &err), &err);
    assert_ok(lme_json_read(m.arena, NULL, LME_STR("\"" HOSTILE "\""), NULL, &hostile, &err), &err);
    assert_int_equal(line.list.len, 5);
    const lme_value *runs = &line.list.items[4];
    assert_true(lme_value_equal(&runs->list.items[0].list.items[2].list.items[0], &hostile));
    drop(&m);
}

static void long_texts_are_cut(void **state)
{
    (void)state;
    made m;
    lme_page_counts counts;
    make(&m, 2);
    m.page.max_text = 12;
    lme_str text = write_page(&m, &counts);
    assert_int_equal(counts.max_text, 12);
    assert_int_equal(counts.n_cut, 10);
    assert_true(count(text, "characters cut here") >= 10);
    assert_true(count(text, "Of 10 samples texts longer than 12 characters are cut") == 1);
    drop(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_are_well_formed),  cmocka_unit_test(hostile_texts_stay_texts),
        cmocka_unit_test(nothing_is_loaded),      cmocka_unit_test(bytes_are_the_same),
        cmocka_unit_test(packs_hold_the_samples), cmocka_unit_test(long_texts_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
