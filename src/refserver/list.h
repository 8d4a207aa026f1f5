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
TRAIT(REPLACEMENT_CHARACTER, "replacement-character",
      "a part of a character prints as U+FFFD, and text_offset counts that, as vLLM")
TRAIT(FIRST_TOKEN_MISSING, "first-token-missing",
      "logprobs arrays begin with the second token of the prompt")
TRAIT(SHIFTED_LOGPROBS, "shifted-logprobs",
      "each logprob is of the token coming once more, and the arrays end one entry short, as "
      "llama-cpp-python without a begin token")
TRAIT(LOGPROB_FLOOR, "logprob-floor",
      "a token's logprob below -8 comes as -9999, as vLLM's for a probability of zero")
TRAIT(BOS, "bos", "text prompts get a begin token that is in the arrays, not in the text, as vLLM")
TRAIT(CHAT_ONLY, "chat-only", "/v1/completions is not there")
TRAIT(TOP_5_LIMIT, "top-5-limit",
      "more than 5 logprobs give 400, as OpenAI (the usual limit is 20)")
TRAIT(ONE_PROMPT, "one-prompt", "a list of two prompts gives 500, as llama-cpp-python")
TRAIT(NO_TOKEN_IDS, "no-token-ids", "prompts of token ids give 500, as llama-cpp-python")
TRAIT(NO_MODELS, "no-models", "/v1/models is not there")
TRAIT(NO_TOKENIZE, "no-tokenize", "/tokenize, /detokenize, /tokenizer_info are not there")
TRAIT(NO_USAGE, "no-usage", "answers have no usage")
TRAIT(ZERO_UNLIMITED, "zero-unlimited",
      "max_tokens 0 generates to the end of the context, as llama-cpp-python")
TRAIT(CHOICES_REVERSED, "choices-reversed", "choices come last index first")
TRAIT(NO_PROMPT_LOGPROBS, "no-prompt-logprobs",
      "prompt_logprobs is ignored, as by all but vLLM and its kin")
TRAIT(SGLANG, "sglang", "/generate is there, as SGLang's own API")
TRAIT(LLAMA_SERVER, "llama-server",
      "/completion and /props are there, and /tokenize takes content, as llama-server's own API")
TRAIT(NO_CHAT, "no-chat", "/v1/chat/completions is not there")
TRAIT(MAX_COMPLETION_TOKENS, "max-completion-tokens",
      "chat: max_tokens gives 400, as OpenAI's reasoning models")
TRAIT(TEMPERATURE_1, "temperature-1",
      "chat: a temperature other than 1 gives 400, as OpenAI's reasoning models")
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
TRAIT(STRICT_FIELDS, "strict-fields", "an unknown field gives 400, as TensorRT-LLM")

FAULT(429, "429", "status 429 with Retry-After: ARG seconds (default 0)")
FAULT(429_DATE, "429-date", "status 429 with Retry-After as a date ARG seconds ahead (default 0)")
FAULT(BUSY, "busy", "status 429 without Retry-After, as of a server that is full (--capacity)")
FAULT(500, "500", "status 500")
FAULT(503, "503", "status 503 with Retry-After: ARG seconds (default: no such header)")
FAULT(HTML, "html", "status 502 with a page of HTML, as proxies")
FAULT(DROP, "drop", "the connection closes without an answer")
FAULT(TRUNCATE, "truncate", "the connection closes in the middle of the answer")
FAULT(BAD_JSON, "bad-json", "status 200 with half of the JSON text")
FAULT(ERROR_200, "error-200", "status 200 with an error object")
FAULT(STALL, "stall", "no answer for ARG ms (default 60000)")
FAULT(LATENCY, "latency", "the answer comes ARG ms later (default 100); not counted as a failure")
