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

MMLU = """abstract_algebra anatomy astronomy business_ethics clinical_knowledge college_biology
college_chemistry college_computer_science college_mathematics college_medicine college_physics
computer_security conceptual_physics econometrics electrical_engineering elementary_mathematics
formal_logic global_facts high_school_biology high_school_chemistry high_school_computer_science
high_school_european_history high_school_geography high_school_government_and_politics
high_school_macroeconomics high_school_mathematics high_school_microeconomics high_school_physics
high_school_psychology high_school_statistics high_school_us_history high_school_world_history
human_aging human_sexuality international_law jurisprudence logical_fallacies machine_learning
management marketing medical_genetics miscellaneous moral_disputes moral_scenarios nutrition
philosophy prehistory professional_accounting professional_law professional_medicine
professional_psychology public_relations security_studies sociology us_foreign_policy virology
world_religions""".split()

MMLU_PRO = ["biology", "business", "chemistry", "computer science", "economics", "engineering",
            "health", "history", "law", "math", "other", "philosophy", "physics", "psychology"]

BBH = """boolean_expressions causal_judgement date_understanding disambiguation_qa dyck_languages
formal_fallacies geometric_shapes hyperbaton logical_deduction_five_objects
logical_deduction_seven_objects logical_deduction_three_objects movie_recommendation
multistep_arithmetic_two navigate object_counting penguins_in_a_table
reasoning_about_colored_objects ruin_names salient_translation_error_detection snarks
sports_understanding temporal_sequences tracking_shuffled_objects_five_objects
tracking_shuffled_objects_seven_objects tracking_shuffled_objects_three_objects web_of_lies
word_sorting""".split()

LANGUAGES = "bn de en es fr ja ru sw te th zh".split()


def mmlu(r):
    def row(r, i):
        return {"question": r.choice(["", " "]) + sentence(r, 5, 12) + r.choice(["?", "?\n", "_"]),
                "subject": "made", "choices": answers(r, 4), "answer": r.randrange(4)}
    return {("cais/mmlu", subject): splits(r, row, dev=3, test=4) for subject in MMLU}


def mmlu_pro(r):
    letters = "ABCDEFGHIJ"

    def row(r, i):
        options = [r.choice(["", " "]) + a + r.choice(["", " "])
                   for a in answers(r, r.choice([3, 4, 10, 10]))]
        right = r.randrange(len(options))
        return {"question_id": i, "question": sentence(r, 5, 12) + "?", "options": options,
                "answer": letters[right], "answer_index": right,
                "cot_content": f"A: Let's think step by step. {sentence(r)}. "
                               f"The answer is ({letters[right]}).",
                "category": MMLU_PRO[i % len(MMLU_PRO)], "src": "made"}
    return {("TIGER-Lab/MMLU-Pro", None):
            splits(r, row, validation=3 * len(MMLU_PRO), test=5 * len(MMLU_PRO))}


def mgsm(r):
    def row(language):
        def made(r, i):
            number = r.choice([r.randint(1, 99), r.randint(1000, 99999)])
            is_example = i < 4  # the training rows bring their words along
            return {"question": (f"Q {language}: " if is_example else "") + sentence(r) + "?",
                    "answer": f"Step by step, made for {language}: {sentence(r)}. The answer is "
                              f"{number}." if is_example else None,
                    "answer_number": number, "equation_solution": f"{number}=" if is_example else None}
        return made
    return {("juletxara/mgsm", language): splits(r, row(language), train=4, test=6)
            for language in LANGUAGES}


def bbh(r):
    def row(name):
        # lm_eval takes a target of digits for the index of a choice, and there may not be so many.
        counts = name in ("object_counting", "multistep_arithmetic_two")
        targets = ["3", "12", "0"] if counts else [
            "(A)", "(B)", "(C)", "yes", "no", "Yes", "No", "True", "valid", "] )", "copper lamp"]
        return lambda r, i: {"input": sentence(r, 5, 12) + "\nOptions:\n(A) one\n(B) two",
                             "target": r.choice(targets)}
    return {("SaylorTwift/bbh", name): splits(r, row(name), test=6) for name in BBH}


def musr(r):
    def row(r, i):
        choices = answers(r, r.randint(2, 4))
        right = r.randrange(len(choices))
        return {"narrative": "\n\n".join(sentence(r, 8, 16) + "." for _ in range(2)),
                "question": sentence(r) + "?", "choices": str(choices), "answer_index": right,
                "answer_choice": choices[right]}
    return {("TAUR-Lab/MuSR", None): splits(r, row, murder_mysteries=8, object_placements=8,
                                            team_allocation=8)}


def truthfulqa(r):
    def choice_row(r, i):
        true, false = r.randint(1, 3), r.randint(1, 4)
        made = answers(r, true + false)
        return {"question": sentence(r) + "?",
                "mc1_targets": {"choices": made, "labels": [1] + [0] * (len(made) - 1)},
                "mc2_targets": {"choices": made, "labels": [1] * true + [0] * false}}

    def ended(r, texts):
        return [t + r.choice(["", ".", " ", ". "]) for t in texts] + r.choice([[], [""], [" "]])

    def text_row(r, i):
        right, wrong = answers(r, r.randint(1, 3)), answers(r, r.randint(1, 3))
        right += r.choice([[], ["I have no comment."], ["I have no comment"]])
        return {"type": "made", "category": "made", "question": r.choice(["", " "]) + sentence(r)
                + r.choice(["?", "? "]), "best_answer": right[0], "correct_answers": ended(r, right),
                "incorrect_answers": ended(r, wrong), "source": "ours"}
    return {("truthfulqa/truthful_qa", "multiple_choice"): splits(r, choice_row, validation=14),
            ("truthfulqa/truthful_qa", "generation"): splits(r, text_row, validation=16)}


def drop(r):
    def answer(r):
        kind = r.choice(["number", "date", "spans", "spans"])
        spans = [r.choice(["", "the "]) + a for a in answers(r, r.randint(1, 3))]
        return {"number": r.choice(["3", "12", "4.5", "1,200", "0"]) if kind == "number" else "",
                "date": {"day": r.choice(["", "7"]) if kind == "date" else "",
                         "month": r.choice(["May", "March"]) if kind == "date" else "",
                         "year": r.choice(["1845", ""]) if kind == "date" else ""},
                "spans": spans if kind == "spans" else []}

    def row(r, i):
        first = answer(r)
        others = [r.choice([answer(r), first]) for _ in range(r.randint(0, 3))]
        return {"section_id": f"made_{i // 3}", "query_id": f"made-{i}",
                "passage": " ".join(sentence(r, 6, 12) + "." for _ in range(3)),
                "question": sentence(r) + "?",
                "answer": {"number": first["number"], "date": first["date"], "spans": first["spans"],
                           "worker_id": "", "hit_id": ""},
                "validated_answers": {key: [o[key] for o in others]
                                      for key in ("number", "date", "spans")}}

    # The hub's library needs one row that shows the types of the lists.
    made = splits(r, row, train=8, validation=24)
    for rows in made.values():
        rows.sort(key=lambda row: not row["validated_answers"]["number"])
    return {("EleutherAI/drop", None): made}


def gpqa(r):
    def row(r, i):
        made = [text + r.choice(["", " ", "\n"]) for text in answers(r, 4, odd=0.5)]
        if r.random() < 0.3:
            made[1] = made[0]
        return {"Question": sentence(r, 5, 12) + "?\n", "Correct Answer": made[3] + " [NeV] x",
                "Incorrect Answer 1": made[0], "Incorrect Answer 2": made[1] + " [title]",
                "Incorrect Answer 3": made[2] if r.random() < 0.9 else None, "Record ID": f"made{i}"}
    return {("Idavidrein/gpqa", f"gpqa_{subset}"): splits(r, row, train=14)
            for subset in ("main", "diamond", "extended")}


ARITHMETIC = {"1dc": "single_digit_three_ops", "2da": "two_digit_addition",
              "2dm": "two_digit_multiplication", "2ds": "two_digit_subtraction",
              "3da": "three_digit_addition", "3ds": "three_digit_subtraction",
              "4da": "four_digit_addition", "4ds": "four_digit_subtraction",
              "5da": "five_digit_addition", "5ds": "five_digit_subtraction"}


def arithmetic(r):
    def row(r, i):
        a, b = r.randint(0, 999), r.randint(0, 999)
        return {"context": r.choice(["\n", "", " "]) + f"Q: What is {a} plus {b}?"
                + r.choice(["\n\n", "\n"]) + "A:", "completion": f" {a + b}"}
    return {("hf://datasets/EleutherAI/arithmetic/data", name): {"rows": splits(r, row, rows=8)["rows"]}
            for name in ARITHMETIC.values()}


def examples(r):
    """Examples of ours in the place of those that define a benchmark and are not ours to keep."""
    sums = []
    for _ in range(8):
        a, b = r.randint(1, 20), r.randint(1, 20)
        sums.append({"question": f"{sentence(r)}. {a} and {b}?",
                     "target": f"{sentence(r)}. So {a} + {b} = {a + b}. The answer is {a + b}."})
    asked = [{"question": sentence(r) + "?", "answer": sentence(r) + "."} for _ in range(6)]
    worked = [{"input": sentence(r) + "?", "target": f"{sentence(r)}.\nSo the answer is (A)."}
              for _ in range(3)]
    short = [{"input": sentence(r) + "?", "target": text} for text in ("(A)", "(B)", "(A)")]
    made = {"gsm8k_cot.yaml": sums, "truthfulqa.jsonl": asked}
    made.update({f"bbh/{name}.yaml": worked for name in BBH})
    made.update({f"leaderboard_bbh/{name}.yaml": short for name in BBH})
    return made


SETS = [hellaswag, arc, piqa, winogrande, boolq, copa, rte, openbookqa, sciq, commonsense_qa,
        social_iqa, lambada, triviaqa, nq_open, gsm8k, gsm8k_platinum, medqa, medmcqa, pubmedqa,
        logiqa, mathqa, race, wikitext, mmlu, mmlu_pro, mgsm, bbh, musr, truthfulqa, drop, gpqa,
        arithmetic]


def all_rows():
    """{(hub id, config or None): {split: rows}}; a set of its own generator each."""
    made = {}
    for make in SETS:
        made.update(make(random.Random(f"{make.__name__} 4")))
    return made
