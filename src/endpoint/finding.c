#include "finding.h"

#include "path.h"

static const lme_finding_row rows[] = {
    {"model", LME_PART_SERVER, "which one answers?", "", "requests name it all the same"},
    {"context", LME_PART_SERVER, "how long may questions be?", "",
     "a question that is too long is the server's to refuse, and its document fails"},
    {"tokenizer", LME_PART_SERVER, "texts to token ids and back?",
     "questions can be counted and cut: --max-length, --truncate left",
     "--max-length and --truncate cannot be used"},
    {"BOS", LME_PART_SERVER, "put before a text, once?", "",
     "the model never saw two: scores and answers are not its own"},
    {"own BOS", LME_PART_SERVER, "and one that a prompt brings?", "",
     "leave it out of doc_to_text and --system-instruction"},
    {"prefix token", LME_PART_SERVER, "what stands before a scored text?", "",
     "a text's first token is scored where --prefix-token names it"},
    {"chat template", LME_PART_SERVER, "which one makes prompts of chats?",
     "compare refuses runs with another one", ""},
    {"same model", LME_PART_SERVER, "as at the first server?", "", ""},
    {"token count", LME_PART_SCORING, "an entry for each token?", "",
     "entries are held against the text itself"},
    {"special tokens", LME_PART_SCORING, "what stands before a text?", "", ""},
    {"first token", LME_PART_SCORING, "is a text's first token scored?",
     "loglikelihood_rolling tasks and empty contexts work",
     "loglikelihood_rolling tasks and empty contexts need /tokenize and token ids"},
    {"text_offset", LME_PART_SCORING, "where does each token begin?", "",
     "documents with letters outside ASCII will fail"},
    {"right token", LME_PART_SCORING, "are the numbers their tokens' own?",
     "scores are of the texts that they are named for",
     "a score by this path would be noise, so none is printed"},
    {"first_token", LME_PART_SCORING, "choices among the likeliest tokens?",
     "--scoring first_token asks once an item, not once a choice", "not by this path"},
    {"letter", LME_PART_SCORING, "does an answer name one?", "",
     "such answers count as wrong, and how many there were is told"},
    {"forced runs", LME_PART_SCORING, "several tokens by one request?", "",
     "a request for each token: the same numbers, more slowly"},
    {"repeatable", LME_PART_SCORING, "the same numbers twice?", "",
     "close choices can flip from run to run: compare --aa measures how many"},
    {"under load", LME_PART_SCORING, "and among other requests?", "",
     "close choices can flip: compare --aa measures how many"},
    {"token ids", LME_PART_SCORING, "taken as a prompt?", "",
     "--truncate and windows of long texts need them"},
    {"prompt arrays", LME_PART_SCORING, "several prompts in one request?", "--batch N can be used",
     "--batch stays without effect"},
    {"generation", LME_PART_TEXTS, "are texts completed?", "generate_until tasks work",
     "generate_until tasks need --apply_chat_template, or another server"},
    {"stop", LME_PART_TEXTS, "does a stop text end an answer?", "",
     "answers run on past their end, and are cut here"},
    {"same answer", LME_PART_TEXTS, "the same text twice?", "",
     "scores of generated answers change: compare --aa measures how much"},
    {"seed", LME_PART_TEXTS, "does it fix what is drawn?",
     "answers at a temperature can be had again", "answers at a temperature are drawn anew"},
    {"streams", LME_PART_TEXTS, "are answers streamed whole?", "",
     "nothing to lmeval, which does not stream; other clients may stumble"},
    {"prompts as ids", LME_PART_TEXTS, "token ids as a prompt?", "",
     "--truncate left cannot be used for generate_until tasks"},
    {"parameters", LME_PART_TEXTS, "are all taken as sent?", "", ""},
    {"stop texts", LME_PART_TEXTS, "more than four?", "",
     "the first four are sent, answers are cut here at the others"},
    {"max_tokens 0", LME_PART_TEXTS, "is nothing generated?", "",
     "scoring asks for one token, and leaves it out"},
    {"top logprobs", LME_PART_TEXTS, "how many likeliest tokens?", "",
     "--scoring first_token cannot be used"},
    {"usage", LME_PART_TEXTS, "are tokens counted?", "", "results tell no token counts"},
    {"chat", LME_PART_CHATS, "are chats answered?",
     "--apply_chat_template works for generate_until tasks",
     "--apply_chat_template cannot be used"},
    {"chat BOS", LME_PART_CHATS, "stands before a chat once?", "",
     "the model never saw two: answers are not its own. Take it out of the template, or start the "
     "server without adding one"},
    {"chat usage", LME_PART_CHATS, "are tokens counted?", "", "results tell no token counts"},
    {"thoughts", LME_PART_CHATS, "does the model think aloud?", "",
     "answers are searched thoughts and all"},
    {"chat streams", LME_PART_CHATS, "are answers streamed whole?", "",
     "nothing to lmeval, which does not stream; other clients may stumble"},
    {"chat stop", LME_PART_CHATS, "does a stop text end an answer?", "",
     "answers run on past their end, and are cut here"},
    {"begun answer", LME_PART_CHATS, "is a begun one gone on with?",
     "tasks with gen_prefix work as they are meant",
     "tasks with gen_prefix are answered anew, as by lm_eval"},
};

/* Of a scoring path, by what its numbers are. */
static const lme_finding_row path_row = {
    "", LME_PART_SCORING, "a text's log-probabilities?",
    "multiple_choice and loglikelihood tasks can be scored by it", "not by this path"};
static const lme_finding_row letters_row = {
    "", LME_PART_SCORING, "the letter of a choice?",
    "multiple_choice tasks can be asked by it: another measure", "not by this path"};

const lme_finding *lme_profile_finding(const lme_profile *profile, const char *name)
{
    for (size_t i = 0; i < profile->n_findings; i++) {
        if (lme_str_is(profile->findings[i].name, name))
            return &profile->findings[i];
    }
    return NULL;
}

const lme_finding_row *lme_finding_row_of(lme_str name)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (lme_str_is(name, rows[i].name))
            return &rows[i];
    }
    const lme_path *path = lme_path_find(name);
    if (path == NULL)
        return NULL;
    return path->caution != NULL ? &letters_row : &path_row;
}
