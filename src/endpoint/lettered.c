/* The words are few and ours; they are part of what is measured, so they do not change with the
 * server. */
#include "lettered.h"

#include <lmeval/endpoint.h>
#include <lmeval/unicode.h>

enum {
    MAX_LETTERS = 26
};

static bool is_letter(lme_str text)
{
    text = lme_strip(text);
    return text.len == 1 && text.ptr[0] >= 'A' && text.ptr[0] <= 'Z';
}

/* The choices are different letters: the question lists them itself. */
static bool has_letters(const lme_request *request)
{
    unsigned seen = 0;
    for (size_t i = 0; i < request->n_alternatives; i++) {
        if (!is_letter(request->alternatives[i]))
            return false;
        unsigned bit = 1u << (lme_strip(request->alternatives[i]).ptr[0] - 'A');
        if ((seen & bit) != 0)
            return false;
        seen |= bit;
    }
    return true;
}

char lme_letter(const lme_request *request, size_t i)
{
    return has_letters(request) ? lme_strip(request->alternatives[i]).ptr[0] : (char)('A' + i);
}

static lme_str question(lme_arena *arena, const lme_request *request, lme_str asked)
{
    lme_builder out = {.arena = arena};
    size_t n = request->n_alternatives;
    lme_builder_add(&out, lme_rstrip(asked));
    lme_builder_add(&out, LME_STR("\n\n"));
    for (size_t i = 0; i < n && !has_letters(request); i++)
        lme_builder_format(&out, "%c. %.*s\n", lme_letter(request, i),
                           LME_STR_ARG(lme_strip(request->alternatives[i])));
    lme_builder_add(&out, LME_STR("Answer with the letter of the right choice alone: "));
    for (size_t i = 0; i < n; i++)
        lme_builder_format(&out, "%s%c",
                           i == 0      ? ""
                           : i + 1 < n ? ", "
                                       : " or ",
                           lme_letter(request, i));
    lme_builder_add(&out, LME_STR("."));
    return lme_builder_finish(&out);
}

bool lme_lettered_put(lme_arena *arena, const lme_request *request, const lme_generation *how,
                      lme_request *generation, lme_error *err)
{
    if (request->n_alternatives < 2 || request->n_alternatives > MAX_LETTERS)
        return lme_fail(err, LME_ERR_SERVER, NULL,
                        "letters need 2 to %d choices after one context, got %zu", MAX_LETTERS,
                        request->n_alternatives);
    size_t n = request->n_messages;
    if (n > 0 && lme_str_is(request->messages[n - 1].role, "assistant"))
        n--;
    lme_message *messages = LME_ARRAY(arena, lme_message, n + 1);
    for (size_t i = 0; i < n; i++)
        messages[i] = request->messages[i];
    if (n == 0)
        messages[n++] = (lme_message){LME_STR("user"), request->context};
    messages[n - 1].content = question(arena, request, messages[n - 1].content);
    *generation = (lme_request){
        .kind = LME_REQUEST_GENERATE,
        .context = LME_STR(""),
        .messages = messages,
        .n_messages = n,
        .continuation = LME_STR(""),
        .generation = how,
        .repeat = request->repeat,
    };
    return true;
}

static bool check_needs(unsigned needs, const char *path, lme_error *err)
{
    bool rolls = (needs & 1u << LME_REQUEST_ROLLING) != 0;
    if (!rolls && (needs & LME_NEED_ALONE) == 0)
        return true;
    lme_fail(err, LME_ERR_SERVER, NULL,
             "--scoring %s asks for the letter of a choice, and a task is %s", path,
             rolls ? "loglikelihood_rolling" : "loglikelihood: its texts are no choices");
    return lme_hint(err, "it can do tasks of multiple_choice, and leaves generate_until as it is");
}

/* Three choices, the second one right. */
static lme_request example(void)
{
    static const lme_str choices[] = {{" a spoon", 8}, {" a bird", 7}, {" a river", 8}};
    return (lme_request){
        .kind = LME_REQUEST_LOGLIKELIHOOD,
        .context = LME_STR("Which of these has wings?"),
        .continuation = choices[1],
        .alternatives = choices,
        .n_alternatives = 3,
        .alternative = 1,
    };
}

bool lme_lettered_probe(lme_prober *prober, unsigned needs, const lme_lettered_words *words,
                        bool *is_refused, lme_error *err)
{
    const char *name = prober->path->name;
    *is_refused = false;
    lme_request request = example();
    lme_prober_score s;
    if (!check_needs(needs, name, err) ||
        !lme_prober_scores(prober, prober->path, &request, &s, err))
        return false;
    if (s.response.state != LME_RESPONSE_OK) {
        *is_refused = lme_str_starts(s.response.failure, LME_STR("HTTP 400:")) ||
                      lme_str_starts(s.response.failure, LME_STR("HTTP 422:"));
        lme_prober_find(prober, name, false, "%.*s", LME_STR_ARG(s.response.failure));
        lme_fail(err, LME_ERR_SERVER, NULL, "%s failed: %.*s", words->asked,
                 LME_STR_ARG(s.response.failure));
        return lme_hint(err, "%s", words->hint);
    }
    bool told = !lme_str_is(s.response.finish, LME_SCORED_NOTHING);
    lme_prober_find(prober, name, true, "%s", told ? words->good : "such a question is answered");
    if (!told)
        lme_prober_find(prober, "letter", false, "%s", words->nothing);
    return true;
}
