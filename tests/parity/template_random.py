#!/usr/bin/env python3
"""Writes random templates over random values, and what jinja2 makes of them, as .test sections.

usage: template_random.py N SEED > tests/unit/template/random.test   (jinja2 3.1.6)

Expressions are drawn by type, so that most of them mean something; one in fifteen operands is of a
wrong type, and then both sides must refuse. Kept out is what docs/templates.md lists as different on
purpose: integers past 64 bits, lazy values that are printed, powers of negative numbers, and what
prints an address."""

import json
import random
import re
import sys
import warnings

import jinja2

from template_cases import case, environment

CONTEXT = {
    "s": "The quick brown Fox",
    "u": "Ünïcode ß 猫 ǆ",
    "e": "",
    "w": "  \tpadded \n",
    "q": "it's \"so\"",
    "d": "12",
    "m": "a,b;c,,d",
    "ml": "one\ntwo\r\nthree\n",
    "n": 7,
    "z": 0,
    "neg": -3,
    "big": 1234567890123,
    "f": 2.5,
    "g": -0.125,
    "h": 1e16,
    "t": True,
    "o": None,
    "xs": [3, 1, 2],
    "ws": ["pear", "Apple", "fig", "apple"],
    "mix": [1, "a", None, 2.5, True],
    "nest": [[1, 2], [], [3]],
    "es": [],
    "dic": {"a": 1, "b": "two", "c": [1, 2]},
    "rows": [
        {"k": "x", "v": 2, "ok": True},
        {"k": "Y", "v": 1, "ok": False},
        {"k": "x", "v": 3, "ok": True},
    ],
}
LITERALS = {
    "str": ["'a'", "'Ab c'", '"it\'s"', "'é'", "''", "'\\n'", "'x\\ty'", "' '", "'12'", "'-4.5'",
            "'ǅ'", "'İ'", "'a' 'b'", "'%s'", "'{}'", "'½'", "'٣'"],
    "int": ["0", "1", "2", "3", "-1", "10", "0x1f", "0b101", "1_000", "7"],
    "float": ["0.5", "1.0", "2.75", "1e3", "1e-7", "-0.0", "123456789.125"],
    "bool": ["true", "false", "True", "False"],
    "list": ["[]", "[1, 2, 3]", "['b', 'A', 'c']", "(1, 'x')", "[[2], [1]]", "[0.5, 2]", "()"],
    "dict": ["{}", "{'a': 1}", "{'z': [1], 2: 'b'}", "{1.5: none}"],
    "none": ["none", "None"],
}
NAMES = {
    "str": ["s", "u", "e", "w", "q", "d", "m", "ml", "rows[0].k", "dic['b']", "ws[1]"],
    "int": ["n", "z", "neg", "big", "xs[0]", "dic.a", "rows[1]['v']"],
    "float": ["f", "g", "h"],
    "bool": ["t", "rows[0].ok"],
    "list": ["xs", "ws", "mix", "nest", "es", "dic.c"],
    "dict": ["dic", "rows[0]"],
    "none": ["o"],
}
KINDS = ["str", "str", "str", "int", "int", "float", "bool", "list", "list", "dict", "none"]


class Writer:
    def __init__(self, rnd):
        self.r = rnd
        self.locals = []

    def pick(self, *options):
        return self.r.choice(options)

    def kind(self):
        return self.pick(*KINDS)

    def atom(self, kind):
        if self.locals and self.r.random() < 0.3:
            return self.pick(*self.locals)
        return self.pick(*(LITERALS if self.r.random() < 0.35 else NAMES)[kind])

    def of(self, kind, depth):
        """An expression that most likely is of this kind."""
        if self.r.random() < 0.065:
            kind = self.kind()
        if depth <= 0 or self.r.random() < 0.15:
            return self.atom(kind)
        return getattr(self, "make_" + kind)(depth - 1)

    def any(self, depth):
        return self.of(self.kind(), depth)

    def base(self, kind, depth):
        """One that a method, filter or index can stand behind."""
        text = self.of(kind, depth)
        return text if text.isidentifier() or text in LITERALS["str"][:5] else f"({text})"

    def make_none(self, depth):
        return self.atom("none")

    def make_str(self, depth):
        b = lambda: self.base("str", depth)
        s = lambda: self.of("str", depth)
        i = lambda: self.of("int", depth)
        li = lambda: self.base("list", depth)
        return self.pick(
            lambda: f"{s()} ~ {self.any(depth)}",
            lambda: f"{b()} + {b()}",
            lambda: f"{b()} * {self.pick('0', '2', '3', '-1', 'z', 't')}",
            lambda: f"{b()}[{i()}]",
            lambda: f"{b()}[{self.slice(depth)}]",
            lambda: f"{b()}.{self.pick('strip', 'lstrip', 'rstrip')}({self.pick('', s(), 'none')})",
            lambda: f"{b()}.{self.pick('lower', 'upper', 'title', 'capitalize', 'swapcase')}()",
            lambda: f"{b()}.replace({s()}, {s()}{self.pick('', ', 1', ', ' + i())})",
            lambda: f"{b()}.{self.pick('removeprefix', 'removesuffix')}({s()})",
            lambda: f"{b()}.{self.pick('center', 'ljust', 'rjust')}({self.pick('8', '30', i())}{self.pick('', ', ' + s(), ', ' + chr(39) + '*' + chr(39))})",
            lambda: f"{b()}.zfill({self.pick('5', '12', i())})",
            lambda: f"{b()}.expandtabs({self.pick('', '4', i())})",
            lambda: f"{b()}.join({self.pick('ws', li(), s())})",
            lambda: self.format(depth),
            lambda: self.percent(depth),
            lambda: f"{b()}|{self.pick('lower', 'upper', 'title', 'capitalize', 'trim', 'string', 'reverse', 'escape')}",
            lambda: f"{b()}|replace({s()}, {s()}{self.pick('', ', 1')})",
            lambda: f"{b()}|indent({self.pick('', '2', 'width=3, first=true', '2, blank=true', s())})",
            lambda: f"{b()}|truncate({self.pick('5', '9, true', '7, false, ' + repr('..'), '8, leeway=0')})",
            lambda: f"{b()}|center({self.pick('', '9', i())})",
            lambda: f"{li()}|join({self.pick('', s(), 'd=' + s())})",
            lambda: f"rows|join({s()}, attribute={self.pick(*['%r' % x for x in ('k', 'v', 'ok')])})",
            lambda: f"{self.base(self.kind(), depth)}|string",
            lambda: f"{self.base(self.kind(), depth)}|tojson",
            lambda: f"({s()} if {self.any(depth)} else {s()})",
            lambda: f"{self.base('str', depth)}|default({s()}{self.pick('', ', true')})",
            lambda: f"missing|default({s()})",
            lambda: f"{li()}|{self.pick('first', 'last')}",
        )()

    def format(self, depth):
        field = self.pick("{}", "{0}", "{!r}", "{!a}", "{:>6}", "{:^7}", "{:*<5}", "{:05}", "{:.2f}", "{:d}",
                          "{:x}", "{:+}", "{:,}", "{:e}", "{:g}", "{:%}", "{:.3}", "{:b}", "{a}", "{{}}")
        text = "'" + field + self.pick("", " ", "é", "-{}") + "'"
        return f"{text}.format({self.any(depth)}, {self.any(depth)}, a={self.any(depth)})"

    def percent(self, depth):
        field = self.pick("%s", "%r", "%d", "%5s", "%-6s|", "%05d", "%.2f", "%x", "%e", "%g", "%%", "%i",
                          "%+d", "%c", "%o", "%5.1f", "%a")
        value = self.any(depth)
        if self.r.random() < 0.5:
            return f"'{field}' % ({value})" if field != "%%" else f"'{field}' % ()"
        return f"'{field}'|format({value})" if field != "%%" else f"'{field}'|format()"

    def slice(self, depth):
        part = lambda: self.pick("", "", "0", "1", "2", "-1", "-3", "n", self.of("int", 0))
        step = self.pick("", "", "", ":", ":2", ":-1", ":-2", ":1")
        return f"{part()}:{part()}{step}"

    def number(self, depth):
        return self.base(self.pick("int", "int", "float"), depth)

    def make_int(self, depth):
        i = lambda: self.base("int", depth)
        b = lambda: self.base("str", depth)
        return self.pick(
            lambda: f"{i()} {self.pick('+', '-', '*', '//', '%')} {i()}",
            lambda: f"{i()} {self.pick('+', '-', '*', '//', '%')} {i()} {self.pick('+', '-', '*')} {i()}",
            lambda: f"{self.pick('n', '2', 'xs[0]', 't', 'z', '10')} ** {self.pick('2', '3', '0', 'z', '-1')}",
            lambda: f"-{i()}",
            lambda: f"+{i()}",
            lambda: f"{b()}|length",
            lambda: f"{self.base(self.pick('list', 'dict'), depth)}|{self.pick('length', 'count')}",
            lambda: f"{b()}|wordcount",
            lambda: f"{b()}.{self.pick('find', 'rfind', 'count', 'index', 'rindex')}({self.of('str', depth)}{self.pick('', ', 1', ', -4', ', 0, 3')})",
            lambda: f"{self.base('list', depth)}.{self.pick('index', 'count')}({self.any(depth)})",
            lambda: f"{self.base(self.kind(), depth)}|int{self.pick('', '(5)', '(default=-1)', '(0, 16)')}",
            lambda: f"{self.number(depth)}|abs",
            lambda: f"{self.pick('xs', 'rows|map(attribute=' + repr('v') + ')', self.base('list', depth))}|{self.pick('sum', 'min', 'max')}",
            lambda: f"rows|sum(attribute='v'{self.pick('', ', start=10')})",
            lambda: f"({i()} if {self.any(depth)} else {i()})",
        )()

    def make_float(self, depth):
        n = lambda: self.number(depth)
        return self.pick(
            lambda: f"{n()} {self.pick('+', '-', '*', '/', '/', '//', '%')} {n()}",
            lambda: f"{self.pick('n', 'f', '2.0', '0.25', 'xs[1]')} ** {self.pick('0.5', '2', '-1', '-2')}",
            lambda: f"{n()}|round{self.pick('', '(1)', '(2)', '(0, ' + repr('floor') + ')', '(1, ' + repr('ceil') + ')', '(-1)')}",
            lambda: f"{self.base(self.kind(), depth)}|float{self.pick('', '(1.5)')}",
            lambda: f"-{n()}",
        )()

    def make_bool(self, depth):
        a = lambda: self.base(self.kind(), depth)
        n = lambda: self.number(depth)
        compare = lambda: self.pick("==", "!=", "<", "<=", ">", ">=")
        return self.pick(
            lambda: f"{a()} {self.pick('==', '!=')} {a()}",
            lambda: f"{n()} {compare()} {n()}",
            lambda: f"{n()} {compare()} {n()} {compare()} {n()}",
            lambda: f"{self.base('str', depth)} {compare()} {self.base('str', depth)}",
            lambda: f"{self.base('list', depth)} {compare()} {self.base('list', depth)}",
            lambda: f"{a()} {self.pick('in', 'not in')} {self.base(self.pick('list', 'str', 'dict'), depth)}",
            lambda: f"not {a()}",
            lambda: f"{a()} {self.pick('and', 'or')} {a()}",
            lambda: f"{a()} and {a()} or {a()}",
            lambda: f"{a()} is {self.pick('', 'not ')}{self.test(depth)}",
            lambda: f"{self.base('str', depth)}.{self.pick('isdigit', 'isalpha', 'isalnum', 'isspace', 'isupper', 'islower', 'isascii', 'istitle', 'isdecimal')}()",
            lambda: f"{self.base('str', depth)}.{self.pick('startswith', 'endswith')}({self.of('str', depth)}{self.pick('', ', 1', ', 0, 2')})",
            lambda: f"{self.pick('missing', 'dic.nope', 'xs[9]', 's.nope', 'dic[n]')} is {self.pick('defined', 'undefined')}",
        )()

    def test(self, depth):
        return self.pick("none", "string", "number", "integer", "float", "boolean", "mapping", "iterable",
                         "sequence", "true", "false", "defined", "undefined", "odd", "even", "lower",
                         "upper", "callable", f"divisibleby {self.pick('2', '3', '-2')}",
                         f"eq {self.atom(self.kind())}", f"ge({self.of('int', depth)})",
                         f"in {self.atom('list')}", f"lt({self.any(depth)})",
                         f"sameas({self.pick('none', 'true', '1', 'o')})", "filter", "test")

    def make_list(self, depth):
        li = lambda: self.base("list", depth)
        b = lambda: self.base("str", depth)
        key = lambda: self.pick("'k'", "'v'", "'ok'", "'nope'")
        return self.pick(
            lambda: "[" + ", ".join(self.any(depth) for _ in range(self.r.randrange(4))) + "]",
            lambda: "(" + "".join(self.any(depth) + ", " for _ in range(self.r.randrange(1, 3))) + ")",
            lambda: f"{li()} + {li()}",
            lambda: f"{li()} * {self.pick('2', '0', 'z', '-1')}",
            lambda: f"{li()}[{self.slice(depth)}]",
            lambda: f"{b()}.split({self.pick('', self.of('str', depth), 'none, 1', repr(',') + ', 1', repr(','), 'maxsplit=1')})",
            lambda: f"{b()}.rsplit({self.pick('', repr(',') + ', 1', 'none, 1')})",
            lambda: f"{b()}.splitlines({self.pick('', 'true')})",
            lambda: f"{b()}.{self.pick('partition', 'rpartition')}({self.of('str', depth)})",
            lambda: f"range({self.pick('3', '1, 4', '5, 0, -2', self.of('int', 0) + ' % 5')})|list",
            lambda: f"{self.base(self.pick('list', 'str', 'dict'), depth)}|list",
            lambda: f"{li()}|sort{self.pick('', '(true)', '(reverse=true)', '(case_sensitive=true)')}",
            lambda: f"rows|sort({self.pick('', 'true, ')}attribute={key()})",
            lambda: f"{li()}|unique{self.pick('', '(true)')}|list",
            lambda: f"{self.base(self.pick('list', 'str'), depth)}|reverse|list",
            lambda: f"{li()}|map('{self.pick('string', 'upper', 'length', 'int', 'abs', 'first', 'trim', 'list', 'float')}')|list",
            lambda: f"rows|map(attribute={self.pick(repr('k'), repr('v'), repr('ok'))}{self.pick('', ', default=' + self.any(0))})|list",
            lambda: f"{li()}|{self.pick('select', 'reject')}({self.pick('', repr('string'), repr('odd'), repr('none'), repr('number'), repr('gt') + ', 1', repr('in') + ', xs')})|list",
            lambda: f"rows|{self.pick('selectattr', 'rejectattr')}({key()}{self.pick('', ', ' + repr('eq') + ', ' + self.any(0), ', ' + repr('defined'))})|list",
            lambda: f"{li()}|{self.pick('batch', 'slice')}({self.pick('2', '3', '2, 0', '3, none')})|list",
            lambda: f"rows|groupby({key()}{self.pick('', ', case_sensitive=true', ', default=1')})|list",
            lambda: f"{self.base('dict', depth)}.{self.pick('keys', 'values', 'items')}()|list",
            lambda: f"{self.base('dict', depth)}|{self.pick('items|list', 'dictsort', 'dictsort(true)', 'dictsort(false, ' + repr('value') + ')', 'dictsort(reverse=true)')}",
            lambda: f"({li()} if {self.any(depth)} else {li()})",
        )()

    def make_dict(self, depth):
        return self.pick(
            lambda: "{" + ", ".join(f"{self.of('str', 0)}: {self.any(depth)}" for _ in range(self.r.randrange(3))) + "}",
            lambda: f"dict(a={self.any(depth)}{self.pick('', ', b=' + self.any(depth), ', **dic')})",
            lambda: f"rows[{self.pick('0', '1', '-1', 'n % 3')}]",
            lambda: "rows|first",
        )()

    # Statements

    def body(self, depth):
        return "".join(self.statement(depth) for _ in range(self.r.randrange(1, 4)))

    def open(self):
        return self.pick("{%", "{%", "{%", "{%-", "{%+")

    def close(self):
        return self.pick("%}", "%}", "%}", "-%}", "+%}")

    def tag(self, text):
        return f"{self.open()} {text} {self.close()}"

    def statement(self, depth):
        if depth <= 0:
            return self.pick(lambda: f"{{{{ {self.any(1)} }}}}", lambda: self.pick("text ", "\n", " a\n b ", "é"))()
        return self.pick(self.text, self.output, self.output, self.if_, self.for_, self.set_, self.block_set,
                         self.namespace, self.macro, self.with_, self.filter_, self.raw, self.comment,
                         self.call)(depth - 1)

    def text(self, depth):
        return self.pick("text", " ", "\n", "\n\n", "  indented\n", "{ single }", "é猫", "# no comment")

    def output(self, depth):
        return self.pick("{{", "{{", "{{-") + f" {self.any(2)} " + self.pick("}}", "}}", "-}}")

    def if_(self, depth):
        out = self.tag(f"if {self.any(2)}") + self.body(depth)
        if self.r.random() < 0.4:
            out += self.tag(f"elif {self.any(2)}") + self.body(depth)
        if self.r.random() < 0.6:
            out += self.tag("else") + self.body(depth)
        return out + self.tag("endif")

    def scoped(self, names, depth):
        self.locals += names
        out = self.body(depth)
        del self.locals[len(self.locals) - len(names):]
        return out

    def for_(self, depth):
        target, names, over = self.pick(
            ("x", ["x"], self.of("list", 2)),
            ("x", ["x", "loop.index", "loop.index0", "loop.first", "loop.last", "loop.length"], self.of("list", 1)),
            ("x", ["x", "loop.revindex", "loop.revindex0", "loop.cycle('a', 'b')", "loop.changed(x)"], "ws"),
            ("x", ["x", "loop.previtem|default('-')", "loop.nextitem|default('-')", "loop.depth"], "xs"),
            ("c", ["c"], self.of("str", 1)),
            ("a, b", ["a", "b"], self.pick("dic.items()", "dic|dictsort", "[(1, 2), [3, 4]]", "rows|groupby('k')")),
            ("k", ["k"], self.of("dict", 1)),
            ("row", ["row.k", "row.v", "row['ok']"], "rows"),
        )
        name = target.split(",")[0]
        cond = f" if {name} {self.pick('is string', '!= 1', 'is not none', 'in xs')}" if self.r.random() < 0.25 else ""
        out = self.tag(f"for {target} in {over}{cond}") + self.scoped(names, depth)
        if self.r.random() < 0.3:
            out += self.tag("else") + self.body(depth)
        return out + self.tag("endfor")

    def set_(self, depth):
        name = self.pick("v1", "v2")
        target, value = self.pick((name, self.any(2)), (name, self.any(2)), ("v1, v2", f"{self.any(1)}, {self.any(1)}"))
        return self.tag(f"set {target} = {value}") + f"{{{{ {target.split(',')[0]} }}}}"

    def block_set(self, depth):
        return self.tag(f"set v1{self.pick('', ' | upper', '|trim')}") + self.body(depth) + self.tag("endset") + "{{ v1 }}"

    def namespace(self, depth):
        loop = self.tag(f"for x in {self.pick('xs', 'ws', self.of('list', 1))}") + \
            self.tag(f"set ns.a = {self.pick('ns.a ~ x', 'x', 'ns.a + 1', self.any(1))}") + self.tag("endfor")
        return self.tag(f"set ns = namespace(a={self.any(0)})") + loop + "{{ ns.a }}"

    def macro(self, depth):
        name = self.pick("m1", "m2")
        args = self.pick("", "p", "p, r=2", "p=1, r=p")
        names = [a.split("=")[0].strip() for a in args.split(",") if a]
        body = self.scoped(names + self.pick([], ["varargs", "kwargs"]), depth)
        call = self.pick("", self.any(1), f"{self.any(1)}, {self.any(1)}", f"p={self.any(1)}", "*xs")
        return self.tag(f"macro {name}({args})") + body + self.tag("endmacro") + f"{{{{ {name}({call}) }}}}"

    def call(self, depth):
        body = "[{{ caller(" + self.pick("", "1") + ") }}]"
        return self.tag("macro m3(p=1)") + body + self.tag("endmacro") + \
            self.tag(self.pick("call m3()", "call(y) m3()", "call(y=5) m3(2)")) + self.body(depth) + self.tag("endcall")

    def with_(self, depth):
        return self.tag(f"with x = {self.any(1)}") + self.scoped(["x"], depth) + self.tag("endwith")

    def filter_(self, depth):
        return self.tag(f"filter {self.pick('upper', 'trim', 'replace(' + repr('a') + ', ' + repr('b') + ')')}") + \
            self.body(depth) + self.tag("endfilter")

    def raw(self, depth):
        return self.tag("raw") + self.pick("{{ no }}", "{% if %}\n", " x {# y #}") + self.tag("endraw")

    def comment(self, depth):
        return self.pick("{#", "{#-") + self.pick(" note ", " {{ x }} ", "\n") + self.pick("#}", "-#}")


ADDRESS = (
    "<generator", "<function", "object at 0x", "<built-in", "<bound method", "<method", "range(",
    "dict_keys", "dict_values", "dict_items", "<cycler", "undefined", "<macro", "<class", "itertools",
    "<loopcontext", "<jinja2", "<namespace", "markup(", "j)",
)


def has_big(text):
    digits = 0
    for c in text:
        digits = digits + 1 if c.isdigit() else 0
        if digits > 17:
            return True
    return False


def kept(env, template):
    """False for what differs on purpose, or would make the file large."""
    try:
        compiled = env.from_string(template)
    except jinja2.UndefinedError:
        return False  # found by folding constants, in a branch that is not taken
    except Exception:
        return True
    try:
        output = compiled.render(**CONTEXT)
    except OverflowError:
        return False
    except Exception as why:
        return not any(w in str(why) for w in ("int too large", "exceeds the limit", "unhashable"))
    if ("tojson" in template or "escape" in template) and "&" in output:
        return False
    return len(output) < 300 and not has_big(output) and not any(a in output.lower() for a in ADDRESS)


def templates(n, seed):
    rnd = random.Random(seed)
    env = environment()
    seen = set()
    while len(seen) < n:
        writer = Writer(rnd)
        if rnd.random() < 0.6:
            template = "{{ " + writer.any(rnd.choice([1, 2, 2, 3])) + " }}"
        else:
            template = writer.body(2)
        if len(template) < 260 and template not in seen and kept(env, template):
            seen.add(template)
            yield template


def used(template):
    """The part of the context that the template can read: the files stay small."""
    words = set(re.findall(r"[A-Za-z_]\w*", template))
    return {k: v for k, v in CONTEXT.items() if k in words}


def main():
    warnings.simplefilter("ignore")
    n, seed = int(sys.argv[1]), int(sys.argv[2])
    env = environment()
    print(f"# By tests/parity/template_random.py {n} {seed}: do not edit, make again")
    for template in templates(n, seed):
        row = {"template": template, "context": used(template)}
        try:
            env.from_string(template).render(**row["context"])
        except Exception:
            row["error"] = ""
        print(case(env, row), end="")


if __name__ == "__main__":
    main()
