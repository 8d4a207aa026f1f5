FORM(text)
FORM(jsonl)
FORM(csv)
FORM(markdown)
