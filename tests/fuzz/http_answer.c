/* An HTTP answer comes out the same in whatever pieces it came, and holds only
 * what came; unpacked it stays within its limit. The first byte says how the
 * rest is cut. */
#include "wire/http_answer.h"

#include "wire/http_unpack.h"

#include <curl/curl.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <lmeval/limits.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct result {
    int code;
    char fault[CURL_ERROR_SIZE];
    lme_http_answer answer;
    lme_builder in;
} result;

/* In pieces of `step` bytes, doubled each time where it is not the same. */
static void read_in_pieces(lme_arena *arena, lme_str raw, size_t step, bool grows, result *r)
{
    *r = (result){.code = CURLE_OK, .in = {.arena = arena}};
    r->answer = (lme_http_answer){.fault = r->fault};
    lme_http_answer *a = &r->answer;
    size_t at = 0;
    while (at < raw.len && r->code == CURLE_OK && !a->is_whole) {
        lme_builder_add(&r->in, lme_str_slice(raw, at, at + step));
        at += step;
        step = grows ? step * 2 : step;
        r->code = lme_http_answer_read(a, &r->in);
        LME_BUG(a->at > r->in.len || a->scanned > r->in.len, "read past what came");
        LME_BUG(a->body_from + a->body_len > r->in.len, "a body past what came");
        LME_BUG(r->code != CURLE_OK && r->fault[0] == '\0', "a failure without words");
    }
    if (r->code == CURLE_OK && !a->is_whole) {
        r->code = lme_http_answer_closed(a, &r->in);
        LME_BUG((r->code == CURLE_OK) != a->is_whole, "an answer with two ends");
    }
}

static lme_str body_of(result *r)
{
    lme_str all = lme_builder_finish(&r->in);
    return lme_str_slice(all, r->answer.body_from, r->answer.body_from + r->answer.body_len);
}

static void compare(result *a, result *b)
{
    LME_BUG(a->code != b->code || strcmp(a->fault, b->fault) != 0, "two failures of one answer");
    LME_BUG(a->answer.status != b->answer.status || a->answer.coding != b->answer.coding,
            "two heads of one answer");
    LME_BUG(!lme_str_equal(a->answer.server, b->answer.server) ||
                !lme_str_equal(a->answer.location, b->answer.location) ||
                !lme_str_equal(a->answer.retry_after, b->answer.retry_after),
            "two heads of one answer");
    LME_BUG(a->code == CURLE_OK && !lme_str_equal(body_of(a), body_of(b)),
            "two bodies of one answer");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    lme_arena *arena = lme_arena_new();
    lme_str raw = {(const char *)data + 1, size - 1};
    result whole, pieces, bytes;
    read_in_pieces(arena, raw, raw.len + 1, false, &whole);
    read_in_pieces(arena, raw, data[0] % 64 + 1u, data[0] >= 128, &pieces);
    read_in_pieces(arena, raw, 1, false, &bytes);
    compare(&whole, &pieces);
    compare(&whole, &bytes);
    if (whole.code == CURLE_OK && whole.answer.coding != LME_CODING_NONE) {
        lme_str text;
        bool too_large;
        int code = lme_http_unpack(arena, whole.answer.coding, body_of(&whole), &text, &too_large,
                                   whole.fault);
        LME_BUG(!too_large && text.len > LME_LIMIT_RESPONSE, "more than is allowed");
        LME_BUG(code != CURLE_OK && whole.fault[0] == '\0', "a failure without words");
    }
    lme_arena_free(arena);
    return 0;
}
