/* Headers, certificates and proxies before anything is sent: what is taken, refused and hidden. */
#include "network.h"
#include "support.h"

#include <string.h>

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

static lme_network with_header(lme_str *header)
{
    return (lme_network){.headers = header, .n_headers = 1};
}

static void a_header_is_a_name_and_a_value(void **state)
{
    lme_arena *arena = *state;
    lme_network network;
    lme_error err = {0};
    lme_str header = LME_STR("X-Team:   red team \t");
    lme_network given = with_header(&header);
    assert_ok(lme_network_read(arena, &given, &network, &err), &err);
    assert_str(network.headers[0], "X-Team: red team");
    assert_true(lme_network_has(&network, "x-team"));
    assert_false(lme_network_has(&network, "x-tea"));
}

static void what_is_no_header_is_refused_and_not_shown(void **state)
{
    lme_arena *arena = *state;
    static const char *const rows[][2] = {
        {"s3cret", "a header is \"Name: value\""},
        {": s3cret", "a header is \"Name: value\""},
        {"X Y: s3cret", "a header is \"Name: value\""},
        {"X-Y:", "the header X-Y has no value"},
        {"X-Y: s3cret\r\nX-Z: 1", "the header X-Y has a control character in its value"},
        {"content-length: 3", "the header Content-Length cannot be given"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        lme_network network;
        lme_error err = {0};
        lme_str header = lme_str_from(rows[i][0]);
        lme_network given = with_header(&header);
        assert_false(lme_network_read(arena, &given, &network, &err));
        assert_error(&err, LME_ERR_USAGE, rows[i][1]);
        assert_null(strstr(err.message, "s3cret"));
        assert_null(strstr(err.hint, "s3cret"));
    }
}

static void each_word_of_a_header_is_secret(void **state)
{
    lme_arena *arena = *state;
    lme_secrets secrets = {0};
    lme_str header = LME_STR("Authorization: Bearer s3cret-token");
    lme_network given = with_header(&header);
    given.proxy = LME_STR("http://anna:s3cret@proxy:1");
    lme_network_secrets(arena, &given, &secrets);
    assert_str(lme_secrets_hide(arena, &secrets, LME_STR("no Bearer s3cret-token here")),
               "no [header] here");
    assert_str(lme_secrets_hide(arena, &secrets, LME_STR("bad token s3cret-token")),
               "bad token [header]");
    assert_str(lme_secrets_hide(arena, &secrets, LME_STR("a Bearer is missing")),
               "a Bearer is missing");
    assert_str(lme_secrets_hide(arena, &secrets, LME_STR("http://anna:s3cret@proxy")),
               "http://[proxy's user]@proxy");
    assert_str(lme_secrets_hide(arena, NULL, LME_STR("as it is")), "as it is");
    given.proxy = LME_STR("http://anna:s3@cr@t@proxy:1");
    secrets = (lme_secrets){0};
    lme_network_secrets(arena, &given, &secrets);
    assert_str(lme_secrets_hide(arena, &secrets, LME_STR("http://anna:s3@cr@t@proxy")),
               "http://[proxy's user]@proxy");
}

static void short_words_hide_nothing(void **state)
{
    lme_arena *arena = *state;
    lme_secrets secrets = {0};
    lme_secrets_add_header(arena, &secrets, LME_STR("1"));
    assert_int_equal(secrets.n, 0);
    lme_secrets_add_header(arena, &secrets, LME_STR("a b1234"));
    assert_str(lme_secrets_hide_long(arena, &secrets, LME_STR("a b1234, b1234, a")),
               "a b1234, b1234, a");
    lme_secrets_add(arena, &secrets, LME_STR("0123456789abcdef"), "[api key]");
    assert_str(lme_secrets_hide_long(arena, &secrets, LME_STR("b1234 0123456789abcdef")),
               "b1234 [api key]");
    assert_str(lme_secrets_hide(arena, &secrets, LME_STR("a b1234, b1234, a")),
               "[header], [header], a");
}

static void advice_names_the_option(void **state)
{
    (void)state;
    typedef struct row {
        int code;
        bool secure;
        const char *fault, *names;
    } row;
    static const row rows[] = {
        {CURLE_PEER_FAILED_VERIFICATION, true, "SSL certificate problem: self-signed", "--cacert"},
        {CURLE_PEER_FAILED_VERIFICATION, true,
         "SSL: no alternative certificate subject name matches target host name 'x'", "--base-url"},
        {CURLE_PEER_FAILED_VERIFICATION, true, "certificate has expired", "renewed"},
        {CURLE_SSL_CERTPROBLEM, true, "unable to set private key file", "--key"},
        {CURLE_COULDNT_RESOLVE_PROXY, false, "Could not resolve proxy: p", "--proxy"},
        {CURLE_RECV_ERROR, true, "Received HTTP code 407 from proxy after CONNECT", "USER:"},
        {CURLE_RECV_ERROR, true, "CONNECT tunnel failed, response 407", "USER:"},
        {CURLE_RECV_ERROR, true, "CONNECT tunnel failed, response 403", "let this through"},
        {CURLE_RECV_ERROR, true, "Received HTTP code 403 from proxy after CONNECT", "let this"},
        {CURLE_RECV_ERROR, true, "Proxy CONNECT aborted", "let this through"},
        {CURLE_PROXY, true, "Can't complete SOCKS5 connection to x. (1)", "--proxy"},
        {CURLE_RECV_ERROR, true, "alert certificate required", "--cert"},
        {CURLE_GOT_NOTHING, true, "Empty reply from server", "--cert"},
        {CURLE_SEND_ERROR, true, "Send failure: Broken pipe", "--cert"},
        {CURLE_GOT_NOTHING, false, "Empty reply from server", "https://"},
        {CURLE_UNSUPPORTED_PROTOCOL, false, "Received HTTP/0.9 when not allowed", "https://"},
        {CURLE_SSL_CONNECT_ERROR, true, "wrong version number", "http://"},
        {CURLE_SSL_CONNECT_ERROR, true, "SSL_ERROR_SYSCALL in connection to x", "http://"},
        {CURLE_SSL_CONNECT_ERROR, true, "Recv failure: Connection reset by peer", "--cert"},
    };
    lme_network network = {0};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *hint =
            lme_network_advice(&network, rows[i].secure, rows[i].code, rows[i].fault);
        assert_non_null(hint);
        assert_non_null(strstr(hint, rows[i].names));
    }
    assert_non_null(strstr(lme_network_advice(&network, true, CURLE_SSL_CACERT_BADFILE, ""),
                           "ca-certificates, or name a file of them with --cacert"));
    network.cacert = LME_STR("ca.pem");
    assert_non_null(
        strstr(lme_network_advice(&network, true, CURLE_SSL_CACERT_BADFILE, ""), "PEM form"));
    network.cacert = LME_STR("");
    assert_null(lme_network_advice(&network, false, CURLE_COULDNT_CONNECT, "refused"));
    assert_null(lme_network_advice(&network, false, CURLE_OK, ""));
    /* What stands in the server's own address says nothing of a proxy. */
    assert_null(lme_network_advice(&network, false, CURLE_COULDNT_CONNECT,
                                   "Failed to connect to 127.0.0.1 port 36407 after 0 ms"));
    assert_null(lme_network_advice(&network, false, CURLE_COULDNT_CONNECT,
                                   "Failed to connect to llm-proxy.local port 8000 after 0 ms"));
    assert_null(lme_network_advice(&network, false, CURLE_COULDNT_RESOLVE_HOST,
                                   "Could not resolve host: CONNECT.example"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_header_is_a_name_and_a_value, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_header_is_refused_and_not_shown, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(each_word_of_a_header_is_secret, set_up, tear_down),
        cmocka_unit_test_setup_teardown(short_words_hide_nothing, set_up, tear_down),
        cmocka_unit_test(advice_names_the_option),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
