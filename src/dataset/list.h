READER(jsonl)
READER(json)
READER(csv)
