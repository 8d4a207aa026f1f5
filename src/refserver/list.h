/* What the server can be told to lack or to do wrong. One row each: help, checks and documentation
 * come from here; what a row does stands where LME_TRAIT_<id> or LME_FAULT_<id> is asked for.
 *
 *   TRAIT(id, "name", "meaning")    --impersonate: the whole run
 *   FAULT(id, "name", "meaning")    --faults: single requests
 */
TRAIT(NO_ECHO, "no-echo", "echo is ignored: only generated tokens come back, as llama-server")
TRAIT(ECHO_REFUSED, "echo-refused", "echo with logprobs gives 400, as OpenAI's newer models")
TRAIT(NO_LOGPROBS, "no-logprobs", "logprobs are accepted and always null, as LM Studio")
TRAIT(CONTENT_LOGPROBS, "content-logprobs",
      "/v1/completions answers logprobs in the chat shape, as llama-server")
TRAIT(OFFSET_MINUS_ONE, "offset-minus-one", "every text_offset is -1, as SGLang")
TRAIT(OFFSET_BYTES, "offset-bytes", "text_offset counts bytes, as routers in front of vLLM")
TRAIT(OFFSET_COMPLETION, "offset-completion",
      "text_offset counts from where the answer begins, as Xinference")
TRAIT(REPLACEMENT_CHARACTER, "replacement-character",
      "a part of a character prints as U+FFFD, and text_offset counts that, as vLLM")
TRAIT(BYTE_CHARACTERS, "byte-characters",
      "a part of a character prints each of its bytes as the character of that number, as SGLang's "
      "echo")
TRAIT(FIRST_TOKEN_MISSING, "first-token-missing",
      "logprobs arrays begin with the second token of the prompt")
TRAIT(SHIFTED_LOGPROBS, "shifted-logprobs",
      "each logprob is of the token coming once more, and the arrays end one entry short, as "
      "llama-cpp-python without a begin token")
TRAIT(LOGPROB_FLOOR, "logprob-floor",
      "a token's logprob below -8 comes as -9999, as vLLM's for a probability of zero")
TRAIT(LOWEST_FLOAT, "lowest-float", "the same, as the lowest float, as llama.cpp")
TRAIT(SIGN_LOST, "sign-lost",
      "a token's logprob below -8 comes without its sign, as seen of Together")
TRAIT(TOP_FIRST, "top-first",
      "of top_logprobs that print alike the first stays, and the token's own is not added, as "
      "SGLang")
TRAIT(TOP_LAST, "top-last",
      "of top_logprobs that print alike the last stays, and the token's own stands before them, as "
      "vLLM")
TRAIT(NO_GENERATED_ENTRY, "no-generated-entry",
      "an echoed answer lists the prompt's tokens alone, as llama-cpp-python before an end of text")
TRAIT(PREFIX_CACHE, "prefix-cache",
      "a prompt's whole blocks of 16 tokens have no logprobs, as of a cache that keeps none")
TRAIT(UNSTEADY, "unsteady",
      "logprobs differ by up to 0.003 from one answer to the next, as of servers under load")
TRAIT(BOS, "bos", "text prompts get a begin token that is in the arrays, not in the text, as vLLM")
TRAIT(CHAT_ONLY, "chat-only", "/v1/completions is not there")
TRAIT(TOP_5_LIMIT, "top-5-limit",
      "more than 5 logprobs give 400, as OpenAI (the usual limit is 20)")
TRAIT(ONE_PROMPT, "one-prompt", "a list of two prompts gives 500, as llama-cpp-python")
TRAIT(NO_TOKEN_IDS, "no-token-ids", "prompts of token ids give 500, as llama-cpp-python")
TRAIT(ANY_MODEL, "any-model", "the model's name in a request is ignored, as llama-server")
TRAIT(FINGERPRINT, "fingerprint",
      "answers have a system_fingerprint, another one from the 16th on, as OpenAI")
TRAIT(NO_MODELS, "no-models", "/v1/models is not there")
TRAIT(NO_TOKENIZE, "no-tokenize", "/tokenize, /detokenize, /tokenizer_info are not there")
TRAIT(NO_TOKENIZER_INFO, "no-tokenizer-info",
      "/tokenizer_info is not there, as vLLM unless it is asked for")
TRAIT(NO_USAGE, "no-usage", "answers have no usage")
TRAIT(ZERO_USAGE, "zero-usage", "usage counts nothing, as LM Studio")
TRAIT(ZERO_UNLIMITED, "zero-unlimited",
      "max_tokens 0 generates to the end of the context, as llama-cpp-python")
TRAIT(CHOICES_REVERSED, "choices-reversed", "choices come last index first")
TRAIT(NO_PROMPT_LOGPROBS, "no-prompt-logprobs",
      "prompt_logprobs is ignored, as by all but vLLM and its kin")
TRAIT(SGLANG, "sglang",
      "/generate and /server_info are there, prompts have room for 6 tokens less than the context, "
      "and max_tokens 0 gives 400, as SGLang")
TRAIT(
    AUTO_TRUNCATE, "auto-truncate",
    "with sglang: longer prompts lose their end without a word, and nothing is generated, as with "
    "--allow-auto-truncate")
TRAIT(CUT_PROMPTS, "cut-prompts",
      "longer prompts lose their beginning without a word, and are answered, as by Ollama")
TRAIT(SERVER_INFO_0, "old-server-info", "/server_info is not there, as SGLang before 0.5.5")
TRAIT(LLAMA_SERVER, "llama-server",
      "/completion and /props are there, and /tokenize takes content, as llama-server's own API")
TRAIT(NO_PENALTIES, "no-penalties", "/completion passes frequency_penalty over")
TRAIT(NO_CHAT, "no-chat", "/v1/chat/completions is not there")
TRAIT(MAX_COMPLETION_TOKENS, "max-completion-tokens",
      "chat: max_tokens gives 400, as OpenAI's reasoning models")
TRAIT(TEMPERATURE_1, "temperature-1",
      "chat: a temperature other than 1 gives 400, as OpenAI's reasoning models")
TRAIT(OWN_TEMPERATURE, "own-temperature",
      "without a temperature answers are drawn at 1.5, as vLLM with a model's generation_config")
TRAIT(LOGPROBS_403, "logprobs-403", "chat: logprobs give 403, as o4-mini")
TRAIT(STOP_LIMIT_4, "stop-limit-4", "more than 4 stop texts give 400, as OpenAI")
TRAIT(STOP_REFUSED, "stop-refused", "chat: stop texts give 400, as OpenAI's reasoning models")
TRAIT(NO_CONTINUE, "no-continue",
      "chat: continue_final_message is ignored, a begun answer is a closed turn, as OpenAI")
TRAIT(ALWAYS_CONTINUE, "always-continue",
      "chat: a begun answer is gone on with unasked, as llama-server")
TRAIT(REASONING_CONTENT, "reasoning-content",
      "chat: thinks for some tokens, told in reasoning_content; without an answer content is null")
TRAIT(REASONING, "reasoning", "the same, told in reasoning")
TRAIT(THINK_TAGS, "think-tags", "the same, told in the answer between <think> tags")
TRAIT(CONTENT_FILTER, "content-filter",
      "answers of several tokens are cut to half, finish_reason content_filter, as Azure")
TRAIT(TOOL_CALLS, "tool-calls",
      "chat: content is null and finish_reason tool_calls, as of a model that calls unasked")
TRAIT(NULL_FINISH, "null-finish", "finish_reason is null")
TRAIT(STREAM_UNASKED, "stream-unasked", "every answer is a stream of events, asked for or not")
TRAIT(ERROR_OBJECT, "error-object",
      "errors are {\"object\": \"error\", \"message\"}, as vLLM before 0.10")
TRAIT(ERROR_DETAIL, "error-detail", "errors are {\"detail\": [{\"loc\", \"msg\"}]}, as FastAPI")
TRAIT(ERROR_STRING, "error-string", "errors are {\"error\": \"text\"}, as TGI and Ollama")
TRAIT(ERROR_TEXT, "error-text", "errors are plain text, as llama-cpp-python for bad JSON")
TRAIT(ERROR_HTML, "error-html", "errors are a page of HTML, as proxies")
TRAIT(HEADERS_TOLD, "headers-told",
      "answers and errors repeat the headers that they were asked with, as proxies for debugging")
TRAIT(ERROR_STATUS_200, "error-status-200", "errors come with status 200, as seen of vLLM")
TRAIT(CONTEXT_UNTOLD, "context-untold", "/v1/models tells no context")
TRAIT(SEED_IGNORED, "seed-ignored",
      "a seed is taken and not heeded: equal requests draw other texts")
TRAIT(BUSY_DIGITS, "busy-digits",
      "logprobs are lower by 0.001 for each other request in the server, as where batches change "
      "the digits")
TRAIT(DOUBLE_BOS, "double-bos",
      "chat: with bos, the template brings a begin token and the server adds its own")
TRAIT(NO_DONE, "no-done", "streams end without [DONE]")
TRAIT(STREAM_IGNORED, "stream-ignored", "stream is not heeded: answers are JSON")
TRAIT(STREAM_COMMENTS, "stream-comments",
      "streams have comments between their events, and lines that end in CRLF")
TRAIT(STREAM_ERROR, "stream-error",
      "streams break off with a field error, and go on to [DONE], as llama-server did")
TRAIT(STREAM_GOES_ON, "stream-goes-on", "streams have an event behind [DONE]")
TRAIT(STREAM_OPTIONS_REFUSED, "stream-options-refused",
      "stream_options give 400, as strict servers")
TRAIT(STRICT_FIELDS, "strict-fields", "an unknown field gives 400, as TensorRT-LLM")
TRAIT(CUT_MAX_TOKENS, "cut-max-tokens",
      "max_tokens is cut to what the context has room for, without a word, as vLLM; where nothing "
      "is left, and with max_tokens 0 without echo, 400")
TRAIT(TOKEN_ID_TEXTS, "token-id-texts",
      "tokens of /v1/completions print as token_id:N, and text_offset counts that, as vLLM with "
      "--return-tokens-as-token-ids")
TRAIT(WHOLE_CHARACTERS, "whole-characters",
      "the token that completes a character prints all of it and those before print nothing, as "
      "vLLM; at a prompt's very beginning the first prints U+FFFD")
TRAIT(ECHO_TWICE, "echo-twice", "echo with logprobs fills prompt_logprobs, too, as vLLM")

FAULT(429, "429", "status 429 with Retry-After: ARG seconds (default 0)")
FAULT(429_DATE, "429-date", "status 429 with Retry-After as a date ARG seconds ahead (default 0)")
FAULT(BUSY, "busy",
      "status 429 without Retry-After, as of a server that is full (--capacity); with llama-server "
      "500, "
      "as where slots share a context")
FAULT(500, "500", "status 500")
FAULT(503, "503", "status 503 with Retry-After: ARG seconds (default: no such header)")
FAULT(HTML, "html", "status 502 with a page of HTML, as proxies")
FAULT(DROP, "drop", "the connection closes without an answer")
FAULT(TRUNCATE, "truncate", "the connection closes in the middle of the answer")
FAULT(BAD_JSON, "bad-json", "status 200 with half of the JSON text")
FAULT(ERROR_200, "error-200", "status 200 with an error object")
FAULT(ABORT, "abort", "an answer that ends half-way with finish_reason abort, as vLLM and SGLang")
FAULT(STALL, "stall", "no answer for ARG ms (default 60000)")
FAULT(LATENCY, "latency", "the answer comes ARG ms later (default 100); not counted as a failure")
