"""Rows and templates for bench/render.sh, and jinja2's side of it.

usage: render_peer.py make FOLDER        writes rows.jsonl and NAME.jinja
       render_peer.py run FOLDER NAME ROUNDS   prints rows a second and bytes made: with the template
                                         compiled once, and compiled for each row as lm_eval does"""

import json
import random
import sys
import time
from pathlib import Path

TEMPLATES = {
    "question": "Question: {{question}}\nAnswer:",
    "letters": "{{question.strip()}}\nA. {{choices[0]}}\nB. {{choices[1]}}\nC. {{choices[2]}}\n"
    "D. {{choices[3]}}\nAnswer:",
    "index": "{{['A', 'B', 'C', 'D'].index(letter)}}",
    "loop": "{% for c in choices %}{{ loop.index }}. {{ c }}\n{% endfor %}"
    "{% if note is not none %}{{ note }}{% endif %}{{ question | upper | replace('THE', 'A') }}",
}
WORDS = "the tide rises over granite and a heron walks along cold blue water until seven".split()


def make(folder):
    rnd = random.Random(1)
    say = lambda n: " ".join(rnd.choice(WORDS) for _ in range(n))
    with open(folder / "rows.jsonl", "w", encoding="utf-8") as out:
        for _ in range(1000):
            row = {"question": " " + say(25) + "? ", "choices": [say(5) for _ in range(4)],
                   "letter": rnd.choice("ABCD"), "note": rnd.choice([None, say(8)])}
            out.write(json.dumps(row) + "\n")
    for name, template in TEMPLATES.items():
        (folder / f"{name}.jinja").write_text(template)
    print(" ".join(TEMPLATES))


def rate(render, rows, rounds):
    start = time.process_time()
    made = sum(len(render(row).encode()) for _ in range(rounds) for row in rows)
    return len(rows) * rounds / (time.process_time() - start), made


def run(folder, name, rounds):
    import jinja2

    env = jinja2.Environment(undefined=jinja2.StrictUndefined, keep_trailing_newline=True)
    source = (folder / f"{name}.jinja").read_text()
    rows = [json.loads(line) for line in open(folder / "rows.jsonl", encoding="utf-8")]
    compiled = env.from_string(source)
    once, made = rate(lambda row: compiled.render(**row), rows, rounds)
    each, _ = rate(lambda row: env.from_string(source).render(**row), rows[:200], 1)
    print(f"{once:.0f} {each:.0f} {made}")


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(Path(sys.argv[2]))
    else:
        run(Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
