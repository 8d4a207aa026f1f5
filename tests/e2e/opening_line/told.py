"""What first lines tell of time and tokens, beside the server's own times and counts."""
import re
import sys


def seconds(text):
    units = {"h": 3600, "min": 60, "s": 1}
    return sum(int(n) * units[unit] for n, unit in re.findall(r"(\d+) (h|min|s)\b", text))


# 240 questions of 50 ms, 4 at once: what is under way is taken as answered, and a busy machine adds
line = re.search(r"240 requests, about \S+ prompt tokens, (.*)", open("first").read())[1]
assert seconds(line.split(" and ")[0]) >= 2, line

for name in sys.argv[1:]:
    said, unit = re.search(r"requests, about ([0-9.]+)(k?) prompt tokens", open(name + ".said").read()).groups()
    said = float(said) * (1000 if unit else 1)
    counted = sum(int(n) for n in re.findall(r'"prompt_tokens": (\d+)', open(name + "/results.json").read()))
    assert abs(said / counted - 1) < 0.1, (name, said, counted)
