"""Holds what the dry runs said against the runs."""
import json
import re


def read(name):
    d = json.load(open(name + ".json"))
    return d["total"], d["estimates_rest_on"]["tried"]


def lines(name):
    return open(name).read().splitlines()


def counted(name, key):
    text = open(name + "/results.json").read()
    return sum(int(n) for n in re.findall('"%s": ([0-9]+)' % key, text))


for name in ("zh", "code", "both", "sums", "chat"):
    total, tried = read(name)
    came = counted(name, "prompt_tokens")
    told = total["prompt_tokens_estimate"]
    print(name, told, came)
    assert 0.95 * came < told < 1.05 * came, (name, told, came)
    # At the least: the server's work, one question after the other, as it has but one place. At the
    # most: this machine may be busy.
    n = total["requests"]["least"]
    made = counted(name, "completion_tokens") if name in ("sums", "chat") else n
    work = 0.006 * n + 0.002 * made
    span = total["seconds_estimate"]
    print(name, span, work)
    assert 0.7 * work < span["low"] <= span["high"] < 20 * work + 5, (name, span, work)
    assert tried["failed"] == 0

# What is asked is what the run asks, the probe and the bound on generated tokens apart.
for name in ("zh", "code", "both", "sums"):
    cut = re.compile('"max_tokens": [0-9]+')
    run = {cut.sub("", line) for line in lines(name + ".run")}
    n_probe = len(lines(name + ".asked")) - read(name)[1]["questions"]
    own = lines(name + ".asked")[n_probe:]
    assert own and all(cut.sub("", line) in run for line in own), name

# Both tasks are among what is tried.
total, tried = read("both")
assert any("\\u4eca" in line for line in lines("both.asked"))
assert [w["open"] for w in tried["waves"]] in ([1, 8], [1, 1, 8]) and tried["waves"][0]["answered"] == 1

total, tried = read("sums")
kinds = [(w["kind"], w["open"]) for w in tried["waves"]]
assert kinds[0] == ("prompts", 1) and kinds[-2:] == [("prompts", 8), ("texts", 8)], kinds
assert total["generated_tokens_estimate"]["low"] > 0
assert total["seconds_most"] >= total["seconds_estimate"]["high"]

# The time of answers needs no count of their tokens.
made, (total, tried) = counted("sums", "completion_tokens"), read("untold")
work = 0.006 * total["requests"]["least"] + 0.002 * made
assert total["seconds_estimate"]["high"] > 0.7 * work, (total, work)
assert total["generated_tokens_estimate"] is None and total["prompt_tokens_estimate"] is None

total, tried = read("auto")
assert [w["open"] for w in tried["waves"]][-1] >= 4
assert total["seconds_estimate"]["low"] > 0.7 * 0.006 * 60
