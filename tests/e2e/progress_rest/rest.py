"""The first lines of progress: when they came, and whether their rest is that of the answers to come."""
import re
import sys

for name in sys.argv[1:]:
    line = next(l for l in open(name) if " left" in l)
    m = re.search(r"swag (\d+)/127 documents, (\d+) answers(?: \((\d+) kept\))?, ([0-9.]+)/s, (\d+):(\d+) left", line)
    answers, kept, rate = int(m[2]), int(m[3] or 0), float(m[4])
    left = 60 * int(m[5]) + int(m[6])
    assert (kept > 0) == (name == "resumed"), line
    assert answers - kept >= 16 and (answers - kept) / rate < 9.5, line
    wanted = (508 - answers) / rate
    # the rate is rounded
    assert 0.9 * wanted - 2 < left < 1.1 * wanted + 2, (line, wanted)
