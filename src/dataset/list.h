READER(jsonl)
READER(json)
READER(csv)
READER(parquet)
