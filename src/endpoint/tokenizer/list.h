TOKENIZER(vllm)
TOKENIZER(llama_server)
