/* Addresses as people and other tools write them. */
#include "support.h"
#include "url.h"

static int set_up(void **state)
{
    *state = lme_arena_new();
    return 0;
}

static int tear_down(void **state)
{
    lme_arena_free(*state);
    return 0;
}

static lme_server_url read_url(lme_arena *arena, const char *text)
{
    lme_server_url url;
    lme_error err = {0};
    assert_ok(lme_server_url_read(arena, lme_str_from(text), &url, &err), &err);
    return url;
}

static void forms_of_one_address(void **state)
{
    lme_arena *arena = *state;
    static const char *const forms[] = {
        "http://localhost:8000",
        "http://localhost:8000/",
        "http://localhost:8000/v1",
        "http://localhost:8000/v1/",
        "http://localhost:8000/v1//",
        "http://localhost:8000/v1/completions",
        "http://localhost:8000/v1/completions/",
        "http://localhost:8000/v1/chat/completions",
        "http://localhost:8000/v1/models",
        "  http://localhost:8000/v1 \n",
        "HTTP://localhost:8000/v1",
        "localhost:8000",
        "localhost:8000/v1/completions",
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        lme_server_url url = read_url(arena, forms[i]);
        assert_str(url.root, "http://localhost:8000/v1");
        assert_string_equal(url.completions, "http://localhost:8000/v1/completions");
        assert_string_equal(url.models, "http://localhost:8000/v1/models");
    }
}

static void sockets(void **state)
{
    lme_arena *arena = *state;
    static const char *const rows[][2] = {{"unix:/run/a.sock", "/run/a.sock"},
                                          {"unix:///run/a.sock", "/run/a.sock"},
                                          {" unix:a.sock", "a.sock"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        lme_server_url url = read_url(arena, rows[i][0]);
        assert_str(url.unix_socket, rows[i][1]);
        assert_str(url.root, "http://localhost/v1");
        assert_true(url.loopback);
        assert_false(url.assumed_scheme);
    }
    assert_str(read_url(arena, "http://[::1]:8000").root, "http://[::1]:8000/v1");
    assert_true(read_url(arena, "http://[::1]:8000").loopback);
    assert_int_equal(read_url(arena, "http://localhost").unix_socket.len, 0);
}

static void a_socket_has_a_path(void **state)
{
    lme_arena *arena = *state;
    lme_builder long_path = {.arena = arena};
    lme_builder_add(&long_path, LME_STR("unix:/"));
    for (size_t i = 0; i < 200; i++)
        lme_builder_char(&long_path, 'a');
    lme_str bad[] = {LME_STR("unix:"), LME_STR("unix://"), lme_builder_finish(&long_path)};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        lme_server_url url;
        lme_error err = {0};
        assert_false(lme_server_url_read(arena, bad[i], &url, &err));
        assert_error(&err, LME_ERR_USAGE, "expected 1 to 107");
    }
}

static void paths_with_and_without_version(void **state)
{
    lme_arena *arena = *state;
    static const char *const rows[][2] = {
        {"https://api.example.org/inference/v1", "https://api.example.org/inference/v1"},
        {"https://example.org/v1beta/openai/", "https://example.org/v1beta/openai"},
        {"https://example.org/api/v4", "https://example.org/api/v4"},
        {"http://h:1/proxy/llama", "http://h:1/proxy/llama/v1"},
        {"http://h:1/versions", "http://h:1/versions/v1"},
        {"http://h:1/completions", "http://h:1/v1"},
        {"http://[::1]:8080", "http://[::1]:8080/v1"},
        {"example.org", "http://example.org/v1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_str(read_url(arena, rows[i][0]).root, rows[i][1]);
}

static void facts_beside_the_address(void **state)
{
    lme_arena *arena = *state;
    assert_true(read_url(arena, "127.0.0.1:80").assumed_scheme);
    assert_false(read_url(arena, "http://127.0.0.1:80").assumed_scheme);
    assert_true(read_url(arena, "http://127.0.0.1:80").loopback);
    assert_true(read_url(arena, "localhost").loopback);
    assert_true(read_url(arena, "http://[::1]").loopback);
    assert_false(read_url(arena, "http://example.org").loopback);
    assert_false(read_url(arena, "http://127.0.0.1.example.org").loopback);
    assert_true(read_url(arena, "https://example.org").secure);
    assert_false(read_url(arena, "http://example.org").secure);
}

static void refuse(lme_arena *arena, const char *text, const char *part)
{
    lme_server_url url;
    lme_error err = {0};
    assert_false(lme_server_url_read(arena, lme_str_from(text), &url, &err));
    assert_error(&err, LME_ERR_USAGE, part);
}

static void what_is_refused(void **state)
{
    lme_arena *arena = *state;
    refuse(arena, "", "the server's URL is empty");
    refuse(arena, "   ", "hint: expected http://HOST:PORT");
    refuse(arena, "ftp://example.org", "begins with ftp://, expected http or https");
    refuse(arena, "file:///etc/hosts", "begins with file://");
    refuse(arena, "http://h:99999", "\"http://h:99999\" cannot be read");
    refuse(arena, "http://", "cannot be read");
    refuse(arena, "http://a b/", "cannot be read");
    refuse(arena, "http://h/v1?api-version=2", "ends in a query or fragment");
    refuse(arena, "http://h/v1#x", "ends in a query or fragment");
}

/* URLs are printed and stored: one with a password is refused without showing it. */
static void a_password_is_not_shown(void **state)
{
    lme_arena *arena = *state;
    static const char *const forms[] = {"http://me:hunter2@h/v1", "http://hunter2@h",
                                        "http://me:hunter2@h:99999", "me:hunter2@h"};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        lme_server_url url;
        lme_error err = {0};
        char text[4096];
        assert_false(lme_server_url_read(arena, lme_str_from(forms[i]), &url, &err));
        assert_int_equal(err.code, LME_ERR_USAGE);
        lme_error_text(&err, text, sizeof text);
        lme_str shown = lme_str_from(text);
        assert_true(lme_str_find(shown, LME_STR("hunter2"), 0) >= shown.len);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_of_one_address),
        cmocka_unit_test(sockets),
        cmocka_unit_test(a_socket_has_a_path),
        cmocka_unit_test(paths_with_and_without_version),
        cmocka_unit_test(facts_beside_the_address),
        cmocka_unit_test(what_is_refused),
        cmocka_unit_test(a_password_is_not_shown),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
