/* One row a known refusal: which servers say it and what people change then. The first row that
 * fits is taken, so the particular stands before the general. */
#include "advice.h"

typedef struct advice {
    long status;      /* 0: any */
    const char *part; /* of the server's own words, in lower case; "": any */
    const char *hint;
} advice;

static const advice rows[] = {
    {0, "logits_all", "start llama-cpp-python's server with --logits_all true"},
    {0, "only no echo",
     "this is llama.cpp's llama-server, which cannot echo: serve the same .gguf with "
     "python3 -m llama_cpp.server --model FILE --logits_all true"},
    {0, "setting 'echo' and 'logprobs'",
     "this model's host does not give prompt log-probabilities: use a generate_until task, or "
     "serve "
     "the model with vLLM, SGLang or llama-cpp-python"},
    {0, "echo",
     "the server refuses echo, so it cannot score by it: use a generate_until task, or serve the "
     "model with vLLM, SGLang or llama-cpp-python"},
    {0, "max_logprobs", "start vLLM with --max-logprobs 1 or more"},
    {0, "loading model",
     "the server is still loading: --wait-for-server SECONDS waits until it is ready"},
    {401, "", "put the server's key into $OPENAI_API_KEY or into a file for --api-key-file"},
    {403, "", "the key in $OPENAI_API_KEY or --api-key-file may not do this"},
    {407, "", "the proxy wants a user: --proxy http://USER:PASSWORD@HOST:PORT"},
    {404, "model", "name one that the server has with --model"},
    {0, "model_not_found", "name one that the server has with --model"},
    {404, "",
     "there is no /v1/completions there: look at --base-url; a server for chats only can do "
     "generate_until tasks with --apply_chat_template, and cannot score; vLLM, SGLang and "
     "llama-cpp-python can; --scoring letters or generated_letters asks it for the letter of a "
     "choice, which is another measure"},
    {405, "", "there is no /v1/completions there: look at --base-url"},
    {429, "", "the server limits requests: try again later, or lower --concurrency"},
    {501, "", "the server does not do this: docs/servers.md says which do"},
};

const char *lme_advice(long status, const lme_remark *said, bool has_key)
{
    if (status == 401 && has_key)
        return "a key was sent, but it is not one that this server takes: look at --api-key-file, "
               "$LMEVAL_API_KEY and $OPENAI_API_KEY, the first of them counts";
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if ((rows[i].status == 0 || rows[i].status == status) &&
            (rows[i].part[0] == '\0' || lme_remark_has(said, rows[i].part)))
            return rows[i].hint;
    }
    return "the server's log says more; docs/servers.md tells how servers are started that work";
}
