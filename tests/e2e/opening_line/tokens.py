"""The tokens that first lines tell, beside those that the server then counted: within a tenth."""
import re
import sys

for name in sys.argv[1:]:
    said, unit = re.search(r"requests, about ([0-9.]+)(k?) prompt tokens", open(name + ".said").read()).groups()
    said = float(said) * (1000 if unit else 1)
    text = open(name + "/results.json").read()
    counted = sum(int(n) for n in re.findall(r'"prompt_tokens": (\d+)', text))
    assert abs(said / counted - 1) < 0.1, (name, said, counted)
