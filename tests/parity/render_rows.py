"""Synthetic rows for a task: which columns its templates read, of which shape, and values for them.

A shape is found by walking the templates' syntax trees: `choices.text[0]` makes `choices` a map
with a list `text`, `['A', 'B'][answer]` makes `answer` an index below 2, and so on. Values are made
from a seed, so that a task always gets the same rows. Where the templates leave it open what a
column holds, `flavour` chooses; whoever calls tries flavours until the peer takes the rows."""

import random
import re

import jinja2
from jinja2 import nodes

TEXTS = [
    "A plain sentence about rivers.",
    "two words",
    "It's \"quoted\" and it's 'quoted'",
    'ends with a quote"',
    "line one\nline two",
    "\ttabbed\tcells",
    "  spaces around  ",
    "trailing newline\n",
    "Grüße aus Zürich – schön",
    "数字は一二三です。",
    "Ответ: верно",
    "emoji 🙂 and e\u0301 combining",
    "braces {not} [a] list",
    "percent % and back\\slash",
    "[single]",
    "3.14",
    "a, b, c",
    "no\u00a0break",
    "UPPER lower Title",
    "question? yes: no; maybe!",
]
HARD = ["", "42", "[1, 2]", "²", " ", "{{ braces }}", "\u2028separator", "['a', \"b\"]", "7"]
WORDS = ["north", "blue", "seven", "walk", "granite", "Ähre", "кот", "猫", "olive", "tin"]

STR_METHODS = {
    "strip", "lstrip", "rstrip", "split", "replace", "capitalize", "lower", "upper", "title",
    "startswith", "endswith", "join", "format", "find", "splitlines",
}


class Shape:
    """What is known of one value."""

    def __init__(self):
        self.attrs = {}  # of a map
        self.item = None  # of a list
        self.kind = None  # "str", "int", "list"
        self.values = []  # it is one of these
        self.least = 0  # a list has at least so many
        self.may_be_none = False

    def attr(self, name):
        return self.attrs.setdefault(name, Shape())

    def element(self, at=0):
        if self.item is None:
            self.item = Shape()
        self.least = max(self.least, at + 1 if at >= 0 else -at)
        return self.item

    def be(self, kind):
        self.kind = self.kind or kind
        return self

    def one_of(self, values):
        self.values += [v for v in values if v not in self.values]
        return self


class Reader:
    """Walks templates; `columns` holds the shapes found, `members` the pairs (list path, value
    path) of which the second must be in the first."""

    def __init__(self):
        self.env = jinja2.Environment(keep_trailing_newline=True)
        self.env.filters["regex_replace"] = lambda s, *a: s
        self.columns = {}
        self.members = []
        self.locals = {}
        self.paths = {}

    def column(self, name):
        shape = self.columns.setdefault(name, Shape())
        self.paths[id(shape)] = (name,)
        return shape

    def read(self, template):
        self.locals = {}
        for node in self.env.parse(template).body:
            self.statement(node)

    def read_choices(self, template):
        """Of {{ expression }}, which is a list of texts; how many, or None."""
        self.locals = {}
        body = self.env.parse(template).body
        if len(body) != 1 or not isinstance(body[0], nodes.Output) or len(body[0].nodes) != 1:
            return None
        written = body[0].nodes[0]
        shape = self.expression(written)
        if shape is not None:
            shape.be("list").element(1).be("str")
        if not isinstance(written, nodes.List):
            return None
        for item in written.items:
            shape = self.expression(item)
            if shape is not None and shape.item is None:
                shape.be("str")
        return len(written.items)

    def statement(self, node):
        if isinstance(node, nodes.Output):
            for child in node.nodes:
                self.expression(child)
        elif isinstance(node, nodes.For):
            base = self.expression(node.iter)
            item = base.element() if base is not None else Shape()
            if base is not None:
                base.be("list")
            if isinstance(node.target, nodes.Name):
                self.locals[node.target.name] = item
            self.locals["loop"] = Shape()
            for child in node.body + node.else_:
                self.statement(child)
        elif isinstance(node, nodes.If):
            self.expression(node.test)
            for child in node.body + node.elif_ + node.else_:
                self.statement(child)
        elif isinstance(node, nodes.Assign):
            value = self.expression(node.node)
            if isinstance(node.target, nodes.Name):
                self.locals[node.target.name] = value or Shape()

    def expression(self, node):
        visit = getattr(self, "on_" + type(node).__name__.lower(), None)
        if visit is not None:
            return visit(node)
        for child in node.iter_child_nodes():
            self.expression(child)
        return None

    def on_name(self, node):
        if node.name in self.locals:
            return self.locals[node.name]
        return None if node.name == "range" else self.column(node.name)

    def child(self, base, shape, step):
        if id(base) in self.paths:
            self.paths[id(shape)] = self.paths[id(base)] + (step,)
        return shape

    def on_getattr(self, node):
        base = self.expression(node.node)
        if base is None:
            return None
        return self.child(base, base.attr(node.attr), node.attr)

    def on_getitem(self, node):
        base = self.expression(node.node)
        at = node.arg
        if isinstance(at, nodes.Slice):
            for end in (at.start, at.stop):
                index = self.expression(end) if end is not None else None
                if index is not None:
                    index.be("int")
            return base
        if isinstance(node.node, nodes.List):
            index = self.expression(at)
            if index is not None:
                index.be("int").one_of(range(len(node.node.items)))
            return None
        if isinstance(node.node, nodes.Dict):
            index = self.expression(at)
            if index is not None:
                index.one_of([i.key.as_const() for i in node.node.items])
            return None
        if base is None:
            self.expression(at)
            return None
        if isinstance(at, nodes.Const) and isinstance(at.value, str):
            return self.child(base, base.attr(at.value), at.value)
        if isinstance(at, nodes.Const):
            return self.child(base, base.be("list").element(at.value), at.value)
        index = self.expression(at)
        if index is not None:
            index.be("int")
        return base.be("list").element(1)

    def on_call(self, node):
        callee = node.node
        if isinstance(callee, nodes.Getattr):
            base = self.expression(callee.node)
            args = [self.expression(a) for a in node.args]
            if callee.attr == "index":
                self.on_index(callee.node, base, args, node.args)
            elif base is not None and callee.attr in STR_METHODS:
                base.be("str")
                return base if callee.attr.endswith("strip") else None
            return None
        for child in node.args:
            self.expression(child)
        return None

    def on_index(self, node, base, args, written):
        wanted = args[0] if args else None
        if wanted is None:
            return
        if isinstance(node, nodes.List):
            prefix = ""
            if isinstance(written[0], nodes.Add) and isinstance(written[0].left, nodes.Const):
                prefix = written[0].left.value
            values = [i.as_const() for i in node.items]
            wanted.one_of([v[len(prefix):] if prefix else v for v in values])
        elif base is not None and id(base) in self.paths and id(wanted) in self.paths:
            base.be("list").element(1)
            self.members.append((self.paths[id(base)], self.paths[id(wanted)]))

    def on_filter(self, node):
        base = self.expression(node.node) if node.node is not None else None
        for child in node.args:
            self.expression(child)
        if base is None:
            return None
        if node.name in ("join", "list"):
            base.be("list").element()
        elif node.name == "map":
            for kwarg in node.kwargs:
                base.be("list").element().attr(kwarg.value.as_const())
        elif node.name == "int":
            base.one_of(["0", "1", "2"])
        elif node.name in ("trim", "upper", "lower", "replace"):
            base.be("str")
        return None

    def on_compare(self, node):
        sides = [node.expr] + [o.expr for o in node.ops]
        shapes = [self.expression(s) for s in sides]
        for shape, other in zip(shapes, reversed(sides)):
            if shape is not None and isinstance(other, nodes.Const):
                shape.one_of([other.value])
                if isinstance(other.value, int) and not isinstance(other.value, bool):
                    shape.be("int").one_of([0, 1, other.value + 1])
                elif isinstance(other.value, str):
                    shape.be("str").one_of([other.value + "x"])
        return None

    def on_add(self, node):
        left, right = self.expression(node.left), self.expression(node.right)
        for shape, other in ((left, node.right), (right, node.left)):
            if shape is None:
                continue
            if isinstance(other, nodes.Const):
                shape.be("int" if isinstance(other.value, int) else "str")
            elif isinstance(other, (nodes.List, nodes.Tuple)):
                shape.be("list").element()
        if left is not None and right is not None:
            left.be(right.kind or "str")
            right.be(left.kind)
        return left or right

    def on_sub(self, node):
        for child in (node.left, node.right):
            shape = self.expression(child)
            if shape is not None:
                shape.be("int")
        return None

    def on_test(self, node):
        shape = self.expression(node.node)
        if shape is not None and node.name == "none":
            shape.may_be_none = True
        return None

    def on_condexpr(self, node):
        self.expression(node.test)
        self.expression(node.expr1)
        if node.expr2 is not None:
            self.expression(node.expr2)
        return None


def is_column(text):
    return isinstance(text, str) and re.fullmatch(r"[A-Za-z_][A-Za-z_0-9]*", text) is not None


def shape_of(value):
    """Of a value that the task itself gives: a row of fewshot_config.samples."""
    shape = Shape()
    if isinstance(value, dict):
        for key, item in value.items():
            shape.attrs[key] = shape_of(item)
    elif isinstance(value, list):
        shape.be("list")
        shape.item = shape_of(value[0]) if value else Shape()
    elif isinstance(value, bool) or value is None:
        pass
    elif isinstance(value, int):
        shape.be("int")
    else:
        shape.be("str")
    return shape


def fields_of(config):
    """(key, text) of everything that is rendered or names a column."""
    shots = config.get("fewshot_config") or {}
    keys = ["doc_to_text", "doc_to_target", "doc_to_choice", "gen_prefix", "description"]
    for source in (config, shots):
        for key in keys:
            if isinstance(source.get(key), str) and source[key] != "":
                yield key, source[key]


def read_columns(config, flavour):
    reader = Reader()
    choices = config.get("doc_to_choice")
    if isinstance(choices, str) and "{" in choices:
        n = reader.read_choices(choices)
        choices = [""] * n if n is not None else choices
    for key, text in fields_of(config):
        if "{" in text:
            reader.read(text)
            continue
        if not is_column(text) or key == "description":
            continue
        shape = reader.column(text)
        if key == "doc_to_choice":
            shape.be("list").element(1).be("str")
        elif key in ("doc_to_text", "gen_prefix"):
            shape.be("str")
        elif key == "doc_to_target":
            target_shape(shape, config, choices, flavour)
    samples = (config.get("fewshot_config") or {}).get("samples")
    for row in samples if isinstance(samples, list) else []:
        for name, value in row.items():
            known = reader.column(name)
            if known.kind is None and not known.attrs:
                reader.columns[name] = shape_of(value)
    return reader


def target_shape(shape, config, choices, flavour):
    if choices is None:
        if config.get("output_type", "generate_until") != "generate_until":
            shape.be("str")
        elif flavour == 1:
            shape.be("list").element().be("str")
        elif flavour == 2:
            shape.be("int")
        else:
            shape.be("str")
    elif flavour == 1 and isinstance(choices, list) and all(choices):
        shape.be("str").one_of([c for c in choices if isinstance(c, str)])
    elif flavour == 2:
        shape.be("list").element().be("int").one_of([0, 1])
    else:
        shape.be("int")
        if isinstance(choices, (list, dict)):
            shape.one_of(range(len(choices)))


class Maker:
    def __init__(self, seed, level, flavour):
        self.random = random.Random(seed)
        self.level = level
        self.flavour = flavour

    def text(self):
        r = self.random.random()
        if self.level >= 3 and r < 0.15:
            return self.random.choice(HARD)
        if self.level >= 2 and r < 0.8:
            return self.random.choice(TEXTS) + (" " + self.random.choice(WORDS)) * (r < 0.5)
        return " ".join(self.random.choice(WORDS) for _ in range(self.random.randint(1, 4)))

    def value(self, shape, n):
        if shape.may_be_none and self.random.random() < 0.4:
            return None
        if shape.attrs and shape.kind != "list":
            return {key: self.value(item, n) for key, item in shape.attrs.items()}
        if shape.kind == "list" or shape.item is not None:
            item = shape.item or Shape()
            return [self.value(item, n) for _ in range(max(n, shape.least))]
        if shape.values:
            return self.random.choice(shape.values)
        if shape.kind == "int":
            return self.random.randrange(n)
        if shape.kind == "str" or self.flavour != 3:
            return self.text()
        return self.random.choice([self.text(), 3, 0.5, 1e22, True, None, 12345678901, -0.25])


def at_path(row, path):
    for step in path:
        row = row[step]
    return row


def put_member(row, pair, rnd):
    items, path = at_path(row, pair[0]), pair[1]
    at_path(row, path[:-1])[path[-1]] = rnd.choice(items)


def make_rows(config, n_rows, seed, level, flavour):
    """`n_rows` rows that the task's templates can read, the same for the same arguments.
    level: 1 tame texts, 2 with quotes, line ends and other scripts, 3 with empty ones and digits."""
    reader = read_columns(config, flavour)
    maker = Maker(seed, level, flavour)
    rows = []
    for i in range(n_rows):
        n = maker.random.choice([4, 4, 4, 5, 3, 2])
        row = {"id": i} if "id" not in reader.columns else {}
        for name, shape in reader.columns.items():
            row[name] = maker.value(shape, n)
        for pair in reader.members:
            put_member(row, pair, maker.random)
        rows.append(row)
    return rows
