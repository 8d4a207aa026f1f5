PATH(echo)
PATH(lm_eval)
