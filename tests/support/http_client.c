#include "http_client.h"

#include "support.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <lmeval/json.h>

static int connect_to(unsigned port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static void send_all(int fd, lme_str text)
{
    while (text.len > 0) {
        ssize_t n = send(fd, text.ptr, text.len, MSG_NOSIGNAL);
        if (n <= 0)
            return; /* the server may answer and close before it has read all */
        text = lme_str_slice(text, (size_t)n, text.len);
    }
}

static lme_str read_all(lme_arena *arena, int fd)
{
    lme_builder text = {.arena = arena};
    for (;;) {
        ssize_t n = recv(fd, lme_builder_reserve(&text, 65536), 65536, 0);
        if (n <= 0)
            return lme_builder_finish(&text);
        text.len += (size_t)n;
    }
}

/* Joins the chunks; is_complete when the last one came. */
static void join_chunks(lme_arena *arena, test_answer *answer)
{
    lme_builder body = {.arena = arena};
    lme_str rest = answer->body;
    while (rest.len > 0) {
        size_t line = lme_str_find(rest, LME_STR("\r\n"), 0);
        if (line == SIZE_MAX)
            break;
        size_t len = strtoul(lme_str_cstr(arena, lme_str_slice(rest, 0, line)), NULL, 16);
        if (len == 0) {
            answer->is_complete = true;
            break;
        }
        answer->n_chunks++;
        lme_builder_add(&body, lme_str_slice(rest, line + 2, line + 2 + len));
        rest = lme_str_slice(rest, line + 2 + len + 2, rest.len);
    }
    answer->body = lme_builder_finish(&body);
}

static test_answer parse(lme_arena *arena, lme_str text)
{
    test_answer answer = {0};
    size_t end = lme_str_find(text, LME_STR("\r\n\r\n"), 0);
    if (end == SIZE_MAX || text.len < 12)
        return answer;
    answer.head = lme_str_slice(text, 0, end + 2);
    answer.body = lme_str_slice(text, end + 4, text.len);
    answer.status = (unsigned)strtoul(lme_str_cstr(arena, lme_str_slice(text, 9, 12)), NULL, 10);
    if (lme_str_is(test_header(&answer, "Transfer-Encoding"), "chunked")) {
        join_chunks(arena, &answer);
    } else {
        int64_t length = 0;
        answer.is_complete = lme_str_to_int(test_header(&answer, "Content-Length"), &length) &&
                             (size_t)length == answer.body.len;
    }
    return answer;
}

test_answer test_http(lme_arena *arena, unsigned port, const char *request_line, const char *body,
                      const char *headers)
{
    lme_builder text = {.arena = arena};
    lme_builder_format(&text, "%s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n%s",
                       request_line, headers != NULL ? headers : "");
    if (body != NULL)
        lme_builder_format(&text, "Content-Type: application/json\r\nContent-Length: %zu\r\n",
                           strlen(body));
    lme_builder_add(&text, LME_STR("\r\n"));
    lme_builder_add(&text, lme_str_from(body));
    int fd = connect_to(port);
    send_all(fd, lme_builder_finish(&text));
    lme_str answer = read_all(arena, fd);
    close(fd);
    return parse(arena, answer);
}

test_answer test_post(lme_arena *arena, unsigned port, const char *path, const char *body)
{
    return test_http(arena, port, lme_str_format(arena, "POST %s", path).ptr, body, NULL);
}

test_answer test_get(lme_arena *arena, unsigned port, const char *path)
{
    return test_http(arena, port, lme_str_format(arena, "GET %s", path).ptr, NULL, NULL);
}

lme_str test_header(const test_answer *answer, const char *name)
{
    size_t len = strlen(name);
    size_t at = lme_str_find(answer->head, LME_STR("\r\n"), 0);
    while (at != SIZE_MAX && at + 2 < answer->head.len) {
        size_t end = lme_str_find(answer->head, LME_STR("\r\n"), at + 2);
        lme_str line = lme_str_slice(answer->head, at + 2, end);
        if (line.len > len + 1 && line.ptr[len] == ':' && strncasecmp(line.ptr, name, len) == 0)
            return lme_str_slice(line, len + 2, line.len);
        at = end;
    }
    return LME_STR("");
}

lme_value test_json(lme_arena *arena, lme_str text)
{
    lme_error err = {0};
    lme_value value = lme_null();
    assert_ok(lme_json_read(arena, NULL, text, NULL, &value, &err), &err);
    return value;
}

const lme_value *test_at(const lme_value *value, const char *path)
{
    lme_str rest = lme_str_from(path);
    while (rest.len > 0 && value != NULL) {
        size_t dot = lme_str_find(rest, LME_STR("."), 0);
        lme_str key = lme_str_slice(rest, 0, dot);
        int64_t index;
        if (value->kind == LME_LIST)
            value = lme_str_to_int(key, &index) && (size_t)index < value->list.len
                        ? &value->list.items[index]
                        : NULL;
        else
            value = lme_value_get(value, key);
        rest = dot == SIZE_MAX ? LME_STR("") : lme_str_slice(rest, dot + 1, rest.len);
    }
    return value;
}

static const lme_value *must(const lme_value *value, const char *path, lme_kind kind)
{
    const lme_value *found = test_at(value, path);
    if (found == NULL || found->kind != kind) {
        print_error("%s: %s, not %s\n", path,
                    found == NULL ? "nothing" : lme_kind_name(found->kind), lme_kind_name(kind));
        fail();
    }
    return found;
}

lme_str test_text(const lme_value *value, const char *path)
{
    return must(value, path, LME_STRING)->string;
}

int64_t test_int(const lme_value *value, const char *path)
{
    return must(value, path, LME_INT)->integer;
}

double test_number(const lme_value *value, const char *path)
{
    const lme_value *found = test_at(value, path);
    if (found != NULL && found->kind == LME_INT)
        return (double)found->integer;
    return must(value, path, LME_FLOAT)->number;
}

size_t test_len(const lme_value *value, const char *path)
{
    return must(value, path, LME_LIST)->list.len;
}
