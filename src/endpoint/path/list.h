PATH(echo)
PATH(lm_eval)
PATH(prompt_logprobs)
PATH(sglang)
