#!/usr/bin/env python3
"""Writes tests/golden/lm_eval_render/: small tasks in the manners that lm_eval's function-free
families use, rows for them, and the requests that lm_eval 0.4.13 makes.

usage: render_golden.py [FOLDER]     with a Python that has lm_eval 0.4.13

Tasks and rows are written for this project (rows by render_rows.py, seeded by the task's name). In
FOLDER/NAME stand task.yaml, data/ in the mirror's layout, and the lines that `lmeval render --format
jsonl --limit 4` is to write: text.jsonl, multiturn.jsonl and singleturn.jsonl. Regenerated, never
edited; tests/golden/lm_eval_render/check.sh compares."""

import json
import shutil
import sys
import zlib
from pathlib import Path

import yaml
from lm_eval.tasks._yaml_loader import load_yaml

from render_peer import FORMS, PeerTask
from render_rows import make_rows

LIMIT = 4
LETTERS = ["A", "B", "C", "D"]
CHOICE = {"output_type": "multiple_choice"}
SHOTS = {"num_fewshot": 2, "training_split": "train"}
LETTERED = "{{question.strip()}}\nA. {{choices[0]}}\nB. {{choices[1]}}\nC. {{choices[2]}}\nD. {{choices[3]}}\nAnswer:"

TASKS = {
    # Multiple choice
    "letters_by_index": {**CHOICE, **SHOTS, "doc_to_text": LETTERED, "doc_to_choice": LETTERS,
                         "doc_to_target": "answer"},
    "letters_of_columns": {**CHOICE, **SHOTS, "doc_to_choice": LETTERS, "doc_to_target": "label",
                           "doc_to_text": "{{Q}}\nA: {{A}}\nB: {{B}}\nC: {{C}}\nD: {{D}}\nAnswer:"},
    "letter_to_index": {**CHOICE, **SHOTS, "doc_to_text": "{{q}}", "doc_to_choice": LETTERS,
                        "doc_to_target": "{{['A', 'B', 'C', 'D'].index(answer)}}"},
    "label_index_in_map": {**CHOICE, **SHOTS, "doc_to_text": "Question: {{question}}\nAnswer:",
                           "doc_to_target": "{{choices.label.index(answerKey)}}",
                           "doc_to_choice": "{{choices.text}}"},
    "label_with_blanks": {**CHOICE, "doc_to_text": "question_stem",
                          "doc_to_target": "{{choices.label.index(answerKey.lstrip())}}",
                          "doc_to_choice": "{{choices.text}}"},
    "pair_of_columns": {**CHOICE, **SHOTS, "doc_to_text": "Goal: {{goal}}\nAnswer:",
                        "doc_to_target": "label", "doc_to_choice": "{{[first_way, second_way]}}"},
    "words_for_labels": {**CHOICE, **SHOTS, "doc_to_text": "{{passage}}\nQuestion: {{question}}?\nAnswer:",
                         "doc_to_target": "label", "doc_to_choice": ["no", "yes"]},
    "map_of_choices": {**CHOICE, **SHOTS, "doc_to_text": "{{q}}", "doc_to_target": "label",
                       "doc_to_choice": {"0": "wrong", "1": "right"}},
    "column_of_choices": {**CHOICE, **SHOTS, "doc_to_text": "question", "doc_to_choice": "options",
                          "doc_to_target": "gold"},
    "sentences_whole": {**CHOICE, "doc_to_text": "", "doc_to_target": 0, "target_delimiter": "",
                        "doc_to_choice": "{{[good, bad]}}"},
    "index_from_one": {**CHOICE, **SHOTS, "doc_to_text": "{{story}}", "doc_to_target": "{{ending - 1}}",
                       "doc_to_choice": "{{[end1, end2]}}"},
    "slice_of_text": {**CHOICE, "doc_to_text": "{{sentence[start:end]}} in {{sentence}}",
                      "doc_to_target": "label", "doc_to_choice": ["no", "yes"]},
    "replaced_in_choices": {**CHOICE, "doc_to_text": "Which?", "doc_to_target": 1,
                            "doc_to_choice": "{{[q.replace('_', a), q.replace('_', b)]}}"},
    "joined_with_words": {**CHOICE, **SHOTS, "doc_to_text": "", "doc_to_target": "label",
                          "doc_to_choice": "{{[premise + ', right? Yes, ' + hypothesis, premise + ', right? No, ' + hypothesis]}}"},
    "choices_sliced": {**CHOICE, "doc_to_text": "{{q}}", "doc_to_target": "gold",
                       "doc_to_choice": "{{['A', 'B', 'C', 'D', 'E'][:3]}}"},
    "index_of_first_letter": {**CHOICE, **SHOTS, "doc_to_text": "{{ctx}}", "doc_to_choice": LETTERS[:2],
                              "doc_to_target": "{{['A', 'B'].index(answer.strip())}}"},
    "text_as_target": {**CHOICE, **SHOTS, "doc_to_text": "{{q}}", "doc_to_choice": ["cold", "warm"],
                       "doc_to_target": "{{'warm' if hot else 'cold'}}"},
    "several_right": {**CHOICE, "doc_to_text": "Q: {{question}}\nA:", "doc_to_target": "golds",
                      "doc_to_choice": "{{options}}"},
    "target_is_list": {**CHOICE, "doc_to_text": "{{q}}", "doc_to_target": [0, 2],
                       "doc_to_choice": ["a", "b", "c"]},
    "multiple_inputs": {**CHOICE, "doc_to_text": "{{which}}", "doc_to_target": "continuation",
                        "doc_to_choice": "{{[start1, start2]}}", "target_delimiter": ""},
    "mutual_information": {**CHOICE, "doc_to_text": "{{q}}", "doc_to_target": "label",
                           "doc_to_choice": ["no", "yes"], "metric_list": [{"metric": "acc_mutual_info"}]},
    "prefix_then_choices": {**CHOICE, **SHOTS, "doc_to_text": "{{q}}", "doc_to_target": "label",
                            "doc_to_choice": LETTERS, "gen_prefix": "The answer is"},
    "prefix_of_column": {**CHOICE, "doc_to_text": "{{q}}", "doc_to_target": "label",
                         "doc_to_choice": LETTERS, "gen_prefix": "{{hint}}: "},
    # Generation
    "plain_generation": {**SHOTS, "doc_to_text": "Question: {{question}}\nAnswer:", "doc_to_target": "answer",
                         "generation_kwargs": {"until": ["\n", "."], "do_sample": False, "temperature": 0}},
    "answer_behind_mark": {**SHOTS, "doc_to_text": "Q: {{question}}\nA:",
                           "doc_to_target": "{{answer.split('####')[-1].strip()}}",
                           "generation_kwargs": {"until": ["Q:"], "max_gen_toks": 64}},
    "aliases_of_answer": {**SHOTS, "doc_to_text": "Question: {{question}}?\nAnswer:",
                          "doc_to_target": "{{answer.aliases}}"},
    "lists_of_answers": {"doc_to_text": "{{q}}", "doc_to_target": "answers"},
    "none_or_text": {"doc_to_target": "{{answer}}",
                     "doc_to_text": "{% if note is not none %}{{note}}\n{% endif %}{{q}}"},
    "defined_or_not": {"doc_to_text": "{{q}}{% if extra is defined %} {{extra}}{% else %} -{% endif %}",
                       "doc_to_target": "a"},
    "loop_over_items": {"doc_to_text": "{% for o in options %}{{ loop.index0 }}. {{ o }}\n{% endfor %}Pick:",
                        "doc_to_target": "answer"},
    "set_and_length": {"doc_to_text": "{% set n = words|length %}{{n}}: {{words|join(', ')}}",
                       "doc_to_target": "{{words|map(attribute='w')|list|length}}"},
    "joined_lists": {"doc_to_text": "{{[a, b, c]|join(' ')}} {{d|string}}", "doc_to_target": "{{n|int}}"},
    "table_of_words": {"doc_to_text": "{{ {'x': 'north', 'y': 'south'}[key] }}: {{q}}",
                       "doc_to_target": "{{['zero', 'one', 'two'][k]}}"},
    "stripped_tail": {"doc_to_text": "{{text.rstrip()[:-1]}}\n{%- if True -%}  end{% endif %}\n",
                      "doc_to_target": " {{a.capitalize()}}"},
    "digits_stay_text": {"doc_to_text": "{{q}}", "doc_to_target": "{{3}}"},
    "looks_like_list": {"doc_to_text": "{{q}}", "doc_to_target": "['a', \"it's\"]"},
    "looks_like_no_list": {"doc_to_text": "{{q}}", "doc_to_target": "[not, {{a}}]"},
    "repeats": {"doc_to_text": "{{q}}", "doc_to_target": "a", "repeats": 3,
                "generation_kwargs": {"do_sample": True, "temperature": 0.7, "top_p": 0.95, "until": []}},
    "assistant_prefix": {**SHOTS, "doc_to_text": "{{q}}", "doc_to_target": "a", "gen_prefix": "Let's see: "},
    # Few-shot examples
    "first_n": {**CHOICE, "doc_to_text": LETTERED, "doc_to_choice": LETTERS, "doc_to_target": "answer",
                "num_fewshot": 3, "fewshot_split": "train", "fewshot_config": {"sampler": "first_n"}},
    "first_n_of_test": {"doc_to_text": "{{q}}", "doc_to_target": "a", "num_fewshot": 2,
                        "fewshot_split": "test", "fewshot_config": {"sampler": "first_n"}},
    "drawn_of_test": {"doc_to_text": "{{q}}", "doc_to_target": "a", "num_fewshot": 3, "fewshot_split": "test"},
    "samples_in_file": {"doc_to_text": "Q: {{question}}\nA:", "doc_to_target": "{{target}}", "num_fewshot": 2,
                        "fewshot_config": {"sampler": "first_n", "samples": [
                            {"question": "How many?", "target": "Two.\n#### 2"},
                            {"question": "Which one?", "target": "The 'small' one."}]}},
    "shots_without_target": {"doc_to_text": "{{question}}", "doc_to_target": "answer", "num_fewshot": 2,
                             "fewshot_split": "train",
                             "fewshot_config": {"doc_to_text": "{{question}}\n{{answer}}\n\n", "doc_to_target": ""}},
    "own_delimiters": {**SHOTS, "doc_to_text": "{{q}}", "doc_to_target": "a", "target_delimiter": " => ",
                       "fewshot_delimiter": "\n---\n"},
    "described": {**SHOTS, **CHOICE, "description": "The following are questions (with answers) about tides.\n\n",
                  "doc_to_text": "{{q.strip()}}\nAnswer:", "doc_to_choice": LETTERS, "doc_to_target": "answer"},
    "described_by_template": {**SHOTS, "description": "About {{topic}}:", "doc_to_text": "{{q}}",
                              "doc_to_target": "a"},
    # Other kinds
    "last_word": {"output_type": "loglikelihood", "doc_to_text": "{{text.split(' ')[:-1]|join(' ')}}",
                  "doc_to_target": "{{' ' + text.split(' ')[-1]}}"},
    "whole_page": {"output_type": "loglikelihood_rolling", "doc_to_text": "", "doc_to_target": "page"},
    "page_of_template": {"output_type": "loglikelihood_rolling", "doc_to_text": "",
                         "doc_to_target": "{{title}}\n{{page}}"},
}


def config_of(name, body):
    config = {"task": name, "dataset_path": "made/" + name, "test_split": "test"}
    return {**config, **body, "metadata": {"version": 1.0}}


def make_splits(config, attempt):
    names = {config.get(k) for k in ("training_split", "test_split", "fewshot_split")} - {None}
    for level in (3, 2, 1):
        for flavour in (0, 1, 2):
            splits = {
                split: make_rows(config, LIMIT + 3, zlib.crc32(f"{config['task']}/{split}/{attempt}".encode()),
                                 level, flavour)
                for split in sorted(names)
            }
            yield splits


def peer_of(config):
    """The first rows that lm_eval takes, with its lines in every form."""
    why = None
    for attempt in range(4):
        for splits in make_splits(config, attempt):
            try:
                peer = PeerTask(config, splits)
                return splits, {form: peer.lines(form, None, LIMIT) for form in FORMS}
            except Exception as problem:
                why = problem
    raise SystemExit(f"{config['task']}: lm_eval takes no rows: {why!r}")


def write(folder, name, body):
    place = folder / name
    data = place / "data" / "made" / name / "default"
    data.mkdir(parents=True)
    text = yaml.safe_dump(config_of(name, body), sort_keys=False, allow_unicode=True, width=96)
    (place / "task.yaml").write_text(text, encoding="utf-8")
    splits, lines = peer_of(load_yaml(place / "task.yaml"))
    for split, rows in splits.items():
        written = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (data / f"{split}.jsonl").write_text(written, encoding="utf-8")
    for form, of_form in lines.items():
        (place / f"{form}.jsonl").write_text("".join(l + "\n" for l in of_form), encoding="utf-8")


def main():
    here = Path(__file__).resolve()
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else here.parents[1] / "golden" / "lm_eval_render"
    for old in folder.glob("*/task.yaml"):
        shutil.rmtree(old.parent)
    for name, body in TASKS.items():
        write(folder, name, body)
    print(f"{len(TASKS)} tasks")


if __name__ == "__main__":
    main()
