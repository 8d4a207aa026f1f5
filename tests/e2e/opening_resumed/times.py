"""The first lines of two runs, against a server of 200 ms with 2 requests open."""
import re
import sys

for name in sys.argv[1:]:
    text = open(name).read()
    kept = re.search(r"going on: (\d+) answers are in", text)
    assert (kept is not None) == (name == "resumed"), text
    asked, low, high = re.search(
        r"(\d+) requests, about \S+ prompt tokens, (?:between (\d+) s and|about) (\d+) s", text).groups()
    asked, low, high = int(asked), int(low or high), int(high)
    n_kept = int(kept[1]) if kept else 0
    # some kept answers are asked again
    assert 240 - n_kept <= asked <= 240 - n_kept + 5, text
    takes = (240 - n_kept) * 0.2 / 2
    # rounded up; low: when what was open is taken as answered
    assert low <= high and takes <= high + 1 and low >= 0.7 * takes, (text, takes)
