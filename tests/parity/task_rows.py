"""Rows in the schemas of the shipped tasks' data sets, made by a seeded generator.

Every text is ours: words from a small list, and ODD pieces that templates, regexes and tokenisers
stumble over (quotes, brackets, double blanks, markup, Unicode). rows(r) of a data set gives
{(hub id, config): {split: [row, ...]}}."""

import random

WORDS = """lamp shelf copper river kettle garden ladder window button winter paper wheel corner
bottle thread mirror cellar market engine basket ribbon hammer pocket candle bridge pillow the a an
of in on with under behind and or but then soon never often quietly slowly cold round empty heavy
seven twelve moves opens turns holds falls keeps reads draws""".split()

ODD = ['he said "no"', "it's [almost] (really) so", "two  blanks", "日本語の文", "naïve café",
       "{{ no template }}", "{% if %}", "50 % of 7\\8", "a\ttab", "😀 and 👩‍🔧", "x\u00a0y",
       "$1,234.50", "İstanbul Straße", "end.", "?!", "<b>&amp;</b>", "ﬁne e\u0301", "'quoted'",
       "“curly”", "#### 7", "Q: A:", "- item", "[title] gone", "N = 3"]


def words(r, low=3, high=9):
    return " ".join(r.choice(WORDS) for _ in range(r.randint(low, high)))


def sentence(r, low=3, high=9, odd=0.45):
    parts = words(r, low, high).split(" ")
    if r.random() < odd:
        parts.insert(r.randrange(len(parts) + 1), r.choice(ODD))
    text = " ".join(parts)
    return text[0].upper() + text[1:]


def answers(r, n, odd=0.35):
    """Short answers, none equal to another."""
    made = []
    while len(made) < n:
        text = sentence(r, 1, 4, odd)
        if text not in made:
            made.append(text)
    return made


def splits(r, make, **sizes):
    number = iter(range(10**6))
    return {split: [make(r, next(number)) for _ in range(n)] for split, n in sizes.items()}


def hellaswag(r):
    marks = ["", " [title] Then.", " [step] first", " [substeps]  go", "[odd"]

    def row(r, i):
        ctx_a = sentence(r) + r.choice(marks) + "."
        ctx_b = words(r, 0, 2) if r.random() < 0.7 else ""
        return {"ind": i, "activity_label": sentence(r, 1, 3), "ctx_a": ctx_a, "ctx_b": ctx_b,
                "ctx": (ctx_a + " " + ctx_b).strip(),
                "endings": [words(r) + r.choice(marks) + r.choice([".", " ", ""])
                            for _ in range(4)],
                "source_id": f"made~{i}", "split": "val", "split_type": "indomain",
                "label": str(r.randrange(4))}
    return {("Rowan/hellaswag", None): splits(r, row, train=8, validation=14)}


def arc(r):
    def row(r, i):
        n = r.choice([3, 4, 4, 4, 5])
        labels = r.choice([list("ABCDE"), list("12345")])[:n]
        return {"id": f"made_{i}", "question": sentence(r) + "?",
                "choices": {"text": answers(r, n), "label": labels}, "answerKey": r.choice(labels)}
    return {("allenai/ai2_arc", config): splits(r, row, train=6, validation=6, test=14)
            for config in ("ARC-Easy", "ARC-Challenge")}


def piqa(r):
    def row(r, i):
        one, two = answers(r, 2)
        return {"goal": sentence(r), "sol1": one, "sol2": two, "label": r.randrange(2)}
    return {("baber/piqa", None): splits(r, row, train=7, validation=14)}


def winogrande(r):
    def row(r, i):
        one, two = answers(r, 2)
        text = sentence(r) + r.choice([" _ ", " the _", " _'s "]) + words(r) + r.choice(". ! _".split())
        return {"sentence": text, "option1": one, "option2": two, "answer": r.choice("12")}
    return {("allenai/winogrande", "winogrande_xl"): splits(r, row, train=7, validation=14)}


def boolq(r):
    def row(r, i):
        return {"question": words(r), "passage": " ".join(sentence(r) + "." for _ in range(3)),
                "idx": i, "label": r.randrange(2)}
    return {("aps/super_glue", "boolq"): splits(r, row, train=6, validation=12)}


def copa(r):
    def row(r, i):
        one, two = answers(r, 2)
        return {"premise": sentence(r) + r.choice([".", ". ", "!"]), "choice1": one + ".",
                "choice2": two + ".", "question": r.choice(["cause", "effect"]), "idx": i,
                "label": r.randrange(2)}
    return {("aps/super_glue", "copa"): splits(r, row, train=6, validation=14)}


def rte(r):
    def row(r, i):
        return {"sentence1": sentence(r, 5, 12) + ".", "sentence2": sentence(r) + ".",
                "label": r.randrange(2), "idx": i}
    return {("nyu-mll/glue", "rte"): splits(r, row, train=6, validation=12)}


def openbookqa(r):
    def row(r, i):
        return {"id": f"7-{i}", "question_stem": sentence(r),
                "choices": {"text": answers(r, 4), "label": list("ABCD")},
                "answerKey": r.choice(["A", "B", "C", "D", " D"])}
    return {("allenai/openbookqa", "main"): splits(r, row, train=6, validation=3, test=12)}


def sciq(r):
    def row(r, i):
        a, b, c, d = answers(r, 4)
        return {"question": sentence(r) + "?", "distractor3": c, "distractor1": a,
                "distractor2": b, "correct_answer": d,
                "support": r.choice(["", "  " + sentence(r), sentence(r) + ".\n" + sentence(r)])}
    return {("allenai/sciq", None): splits(r, row, train=6, validation=3, test=12)}


def commonsense_qa(r):
    def row(r, i):
        return {"id": f"{i:032x}", "question": r.choice(["", " "]) + sentence(r) + "? ",
                "question_concept": r.choice(WORDS),
                "choices": {"label": list("ABCDE"), "text": answers(r, 5)},
                "answerKey": r.choice("ABCDE")}
    return {("tau/commonsense_qa", None): splits(r, row, train=6, validation=12)}


def social_iqa(r):
    def row(r, i):
        a, b, c = answers(r, 3)
        return {"context": sentence(r) + ".", "question": sentence(r) + "?", "answerA": a,
                "answerB": b, "answerC": c, "label": r.choice("123")}
    return {("lighteval/siqa", None): splits(r, row, train=6, validation=12)}


def lambada(r):
    def row(r, i):
        return {"text": sentence(r, 6, 14) + r.choice([" ", "  ", ".\n"]) + r.choice(WORDS)
                + r.choice(["", "", "'s", "é"])}
    return {("EleutherAI/lambada_openai", "default"): splits(r, row, test=14)}


def triviaqa(r):
    def row(r, i):
        aliases = answers(r, r.randint(1, 4))
        return {"question": sentence(r), "question_id": f"made_{i}", "question_source": "ours",
                "answer": {"aliases": aliases, "normalized_aliases": [a.lower() for a in aliases],
                           "normalized_value": aliases[0].lower(), "type": "FreeForm",
                           "value": aliases[0]}}
    return {("mandarjoshi/trivia_qa", "rc.nocontext"): splits(r, row, train=6, validation=14)}


def nq_open(r):
    def row(r, i):
        made = answers(r, r.randint(1, 3))
        return {"question": words(r), "answer": [r.choice(["", "The ", "a "]) + m for m in made]}
    return {("google-research-datasets/nq_open", None): splits(r, row, train=6, validation=14)}


def sum_row(r, i):
    a, b = r.randint(1, 2000), r.randint(1, 90)
    total = f"{a * b:,}" if r.random() < 0.5 else str(a * b)
    return {"question": f"{sentence(r)}. {a} times {b}?",
            "answer": f"{sentence(r)}: {a} * {b} = <<{a}*{b}={a * b}>>{a * b}.\n"
                      f"{r.choice(['', '$ and £', 'So'])}\n#### {total}"}


def gsm8k(r):
    return {("openai/gsm8k", "main"): splits(r, sum_row, train=12, test=12)}


def gsm8k_platinum(r):
    def row(r, i):
        return {**sum_row(r, i), "cleaning_status": r.choice(["consensus", "verified"])}
    return {("madrylab/gsm8k-platinum", "main"): splits(r, row, test=14)}


def medqa(r):
    def row(r, i):
        a, b, c, d = answers(r, 4)
        return {"id": f"made-{i}", "sent1": sentence(r, 8, 20), "sent2": "", "ending0": a,
                "ending1": b, "ending2": c, "ending3": d, "label": r.randrange(4)}
    return {("GBaker/MedQA-USMLE-4-options-hf", None):
            splits(r, row, train=6, validation=3, test=12)}


def medmcqa(r):
    def row(r, i):
        a, b, c, d = answers(r, 4)
        return {"id": f"made-{i}", "question": sentence(r), "opa": a, "opb": b, "opc": c, "opd": d,
                "cop": r.randrange(4), "choice_type": "single",
                "exp": r.choice([None, sentence(r)]), "subject_name": "Made",
                "topic_name": r.choice([None, "up"])}
    return {("openlifescienceai/medmcqa", None): splits(r, row, train=6, validation=12)}


def pubmedqa(r):
    def row(r, i):
        n = r.randint(1, 4)
        return {"QUESTION": sentence(r) + "?", "CONTEXTS": [sentence(r, 6, 12) + "." for _ in range(n)],
                "LABELS": ["AIM"] * n, "MESHES": ["Made"], "YEAR": "2001",
                "reasoning_required_pred": "yes", "reasoning_free_pred": "no",
                "final_decision": r.choice(["yes", "no", "maybe"]), "LONG_ANSWER": sentence(r)}
    return {("bigbio/pubmed_qa", "pubmed_qa_labeled_fold0_source"):
            splits(r, row, train=6, validation=3, test=12)}


def logiqa(r):
    def row(r, i):
        return {"label": r.choice(["a", "b", "c ", "d\n"]), "context": sentence(r, 8, 16),
                "question": sentence(r) + "?", "options": answers(r, 4)}
    return {("EleutherAI/logiqa", "logiqa"): splits(r, row, train=6, validation=3, test=12)}


def mathqa(r):
    def row(r, i):
        made = [r.choice([f"{r.randint(1, 999)}", f"{r.random() * 90:.3f}", "rs . 1,200",
                          "none of these", "5 / 7 ,", "4 : 3 "]) + r.choice(["", f" {j}"])
                for j in range(5)]
        options = " , ".join(f"{letter} ) {text}" for letter, text in zip("abcde", made))
        return {"Problem": sentence(r) + " ?", "Rationale": sentence(r),
                "options": options + r.choice(["", " ", " ,"]), "correct": r.choice("abcde"),
                "annotated_formula": "add(n0,n1)", "linear_formula": "add(n0,n1)|",
                "category": "general"}
    return {("regisss/math_qa", None): splits(r, row, train=6, validation=3, test=14)}


def race(r):
    def row(r, i):
        problems = [{"question": sentence(r) + r.choice(["?", " _ .", "  _  .", ""]),
                     "answer": r.choice("ABCD"), "options": answers(r, 4)}
                    for _ in range(r.randint(1, 4))]
        return {"article": "\n".join(sentence(r, 5, 12) + "." for _ in range(3)),
                "problems": str(problems)}
    return {("EleutherAI/race", "high"): splits(r, row, test=14)}


def wikitext(r):
    pieces = [" @-@ ", " @,@ ", " @.@ ", " : ", " ; ", " . ", " ! ", " ? ", " , ", " ( in brackets ) ",
              " [ 1 ] ", ' " quoted words " ', " ' single ' ", " 's ", " s ' ", " { braces } ", " N ",
              " 5 \u00b0 C ", " \n ", "/' 4/", "(unclosed ", " ' one", '" two', " = = ", "\n\n"]

    def row(r, i):
        page = f" = {sentence(r, 1, 3)} = \n\n"
        for _ in range(r.randint(1, 8)):
            page += words(r) + r.choice(pieces) + sentence(r, 2, 5) + r.choice(pieces)
        return {"page": page + r.choice(["", "\n = = Part = = \n", "\n = = = Deep = = = \n x"])}
    return {("EleutherAI/wikitext_document_level", "wikitext-2-raw-v1"):
            splits(r, row, train=2, validation=2, test=16)}


SETS = [hellaswag, arc, piqa, winogrande, boolq, copa, rte, openbookqa, sciq, commonsense_qa,
        social_iqa, lambada, triviaqa, nq_open, gsm8k, gsm8k_platinum, medqa, medmcqa, pubmedqa,
        logiqa, mathqa, race, wikitext]


def all_rows():
    """{(hub id, config or None): {split: rows}}; a set of its own generator each."""
    made = {}
    for make in SETS:
        made.update(make(random.Random(f"{make.__name__} 4")))
    return made
