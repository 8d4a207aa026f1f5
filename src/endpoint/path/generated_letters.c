/* Chats without log-probabilities: the choices get letters, the model answers, and the letter that
 * it names is its choice.
 *
 * An answer names a letter when it is one, begins with one before a mark or a line's end ("B.",
 * "(B)", "**B**"), or says "answer is B" or "Answer: B", the last time it does. Everything else
 * names none and counts as wrong: "A" alone begins too many sentences.
 */
#include "../answer.h"
#include "../generate.h"
#include "../lettered.h"
#include "../probe.h"

#include <math.h>

#include <lmeval/unicode.h>

enum {
    MAX_TOKENS = 512 /* a model that thinks needs some; others end themselves */
};

static bool put(lme_arena *arena, const lme_form *form, const lme_request *request,
                lme_request *generation, lme_error *err)
{
    static const lme_generation how = {.max_tokens = MAX_TOKENS};
    (void)form;
    return lme_lettered_put(arena, request, &how, generation, err);
}

/* The letter at `at` behind blanks and opening marks, when no word goes on behind it; 0: none. */
static char letter_at(lme_str text, size_t at)
{
    while (at < text.len && (text.ptr[at] == ' ' || text.ptr[at] == '*' || text.ptr[at] == '('))
        at++;
    char c = at < text.len ? text.ptr[at] : '\0';
    char next = at + 1 < text.len ? text.ptr[at + 1] : '\n';
    bool ends = next == '\n' || next == '.' || next == ')' || next == ':' || next == ',' ||
                next == '*' || next == '\r';
    return c >= 'A' && c <= 'Z' && ends ? c : '\0';
}

static char letter_of(lme_str text)
{
    static const char *const marks[] = {"nswer is", "nswer:"};
    char found = letter_at(text, 0);
    size_t last = 0;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0] && letter_at(text, 0) == '\0'; i++) {
        lme_str mark = lme_str_from(marks[i]);
        for (size_t at = lme_str_find(text, mark, 0); at < text.len;
             at = lme_str_find(text, mark, at + 1)) {
            char c = letter_at(text, at + mark.len);
            if (c != '\0' && at >= last) {
                found = c;
                last = at;
            }
        }
    }
    return found;
}

static bool decode(lme_arena *arena, const lme_form *form, const lme_request *request,
                   const lme_value *answer, lme_response *response, lme_error *err)
{
    lme_str text = LME_STR("");
    if (lme_first_choice(answer) == NULL)
        return lme_fail(err, LME_ERR_SERVER, NULL, "the answer has no choices[0]");
    if (!lme_chat_read_text(arena, lme_first_choice(answer), &text, err))
        return false;
    lme_str mark = form->think_end.len > 0 ? form->think_end : LME_STR("</think>");
    char letter = letter_of(lme_strip(lme_behind_thoughts(text, mark)));
    bool any = false;
    for (size_t i = 0; i < request->n_alternatives; i++)
        any = any || lme_letter(request, i) == letter;
    response->is_greedy = lme_letter(request, request->alternative) == letter;
    response->logprob_nats = response->is_greedy ? 0 : (double)-INFINITY;
    response->finish = any ? LME_STR(LME_SCORED_LETTER) : LME_STR(LME_SCORED_NOTHING);
    response->n_tokens = (size_t)lme_usage(answer, "completion_tokens");
    response->n_prompt_tokens = (size_t)lme_usage(answer, "prompt_tokens");
    return true;
}

static bool probe(lme_prober *prober, unsigned needs, lme_error *err)
{
    static const lme_lettered_words words = {
        .good = "an answer names the letter of a choice",
        .nothing = "the answer to an easy question names none",
        .asked = "a chat request",
        .hint = "look at --base-url and --model, and at the server's log",
    };
    bool is_refused;
    return lme_lettered_probe(prober, needs, &words, &is_refused, err);
}

const lme_path lme_path_generated_letters = {
    .name = "generated_letters",
    .meaning = "chats: the letter that the answer names; not loglikelihoods",
    .asks = "a chat request",
    .by_name_only = true,
    .scores_chats = true,
    .compares = true,
    .caution = LME_LETTERED_CAUTION,
    .put = put,
    .probe = probe,
    .decode = decode,
};
