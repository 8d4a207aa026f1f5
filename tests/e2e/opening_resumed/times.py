"""The first lines of two runs, against a server of 200 ms with 2 requests open."""
import re
import sys


def seconds(text):
    units = {"h": 3600, "min": 60, "s": 1}
    return sum(int(n) * units[unit] for n, unit in re.findall(r"(\d+) (h|min|s)", text))


for name in sys.argv[1:]:
    text = open(name).read()
    kept = re.search(r"going on: (\d+) answers are in", text)
    assert (kept is not None) == (name == "resumed"), text
    asked, times = re.search(r"(\d+) requests, about \S+ prompt tokens, (.*)", re.sub(r"\n +", " ", text)).groups()
    ends = [seconds(end) for end in times.split(" and ")]
    n_kept = int(kept[1]) if kept else 0
    # some kept answers are asked again
    assert 240 - n_kept <= int(asked) <= 240 - n_kept + 5, text
    # it takes no less, whatever else the machine does; rounded up, and by prompts that may be shorter to come
    takes = (240 - n_kept) * 0.2 / 2
    assert 0.4 * takes <= ends[0] <= ends[-1] and takes <= ends[-1] + 1, (text, takes)
