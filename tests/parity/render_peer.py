"""What lm_eval 0.4.13 asks for a task and rows that are given: its own ConfigurableTask, without
network. The lines have the form of `lmeval render --format jsonl`."""

import functools
import json
import logging
from copy import deepcopy

import datasets
import lm_eval.api.task
from lm_eval import utils
from lm_eval.api.task import ConfigurableTask

logging.disable(logging.CRITICAL)

# Compiling a template again and again is most of the peer's time and changes nothing.
utils.env.from_string = functools.lru_cache(maxsize=4096)(utils.env.from_string)

lm_eval.api.task.tqdm = lambda items, **kwargs: items

FORMS = {
    "text": {},
    "multiturn": {"apply_chat_template": True, "fewshot_as_multiturn": True},
    "singleturn": {"apply_chat_template": True, "fewshot_as_multiturn": False},
}


class Rows(list):
    """As much of a Dataset as lm_eval uses: its columns are those of the first row."""

    @property
    def features(self):
        return dict.fromkeys(self[0])


def messages_as_they_are(messages, add_generation_prompt=True):
    return {"messages": messages, "add_generation_prompt": add_generation_prompt}


def with_context(request, context):
    if isinstance(context, dict):
        request.update(context)
    else:
        request["context"] = context
    return request


def request_of(instance):
    request = {"type": instance.request_type}
    if instance.request_type == "loglikelihood_rolling":
        request["text"] = instance.args[0]
    elif instance.request_type == "loglikelihood":
        with_context(request, instance.args[0])["continuation"] = instance.args[1]
    else:
        with_context(request, instance.args[0])["generation_kwargs"] = instance.args[1]
    return request


def doc_hash(doc):
    text = json.dumps(doc, indent=2, default=utils.handle_non_serializable, ensure_ascii=False)
    return utils.hash_string(text)


class PeerTask:
    def __init__(self, config, splits):
        """splits: {split: rows}. Raises what lm_eval raises."""
        self.splits = {name: Rows(rows) for name, rows in splits.items()}
        original = datasets.load_dataset
        datasets.load_dataset = lambda *args, **kwargs: self.splits
        try:
            self.task = ConfigurableTask(config=deepcopy(config))
        finally:
            datasets.load_dataset = original
        self.written = self.task.config.num_fewshot

    def lines(self, form="text", num_fewshot=None, limit=None, seed=1234, system=None):
        """One line a document. Raises what lm_eval raises."""
        task = self.task
        # As in evaluator.simple_evaluate.
        shots = self.written if self.written is not None else 0
        if num_fewshot is not None and self.written != 0:
            shots = num_fewshot
        task.set_config(key="num_fewshot", value=shots)
        task.set_fewshot_seed(seed=seed)
        options = dict(FORMS[form])
        if form != "text":
            options["chat_template"] = messages_as_they_are
        task.build_all_requests(limit=limit, system_instruction=system, **options)
        documents = {}
        for instance in task.instances:
            documents.setdefault(instance.doc_id, []).append(instance)
        return [self.line(doc_id, instances) for doc_id, instances in documents.items()]

    def line(self, doc_id, instances):
        doc = instances[0].doc
        requests = [request_of(i) for i in instances for _ in range(i.repeats or 1)]
        line = {
            "task": self.task.config.task,
            "doc_id": doc_id,
            "doc_hash": doc_hash(doc),
            "target": self.task.doc_to_target(doc),
            "requests": requests,
        }
        return json.dumps(line, ensure_ascii=False)
