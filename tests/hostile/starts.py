"""Plugins that cannot stand: how each is written, and what the admin reads of it."""

from __future__ import annotations

from pathlib import Path

GOOD = """
from lms.plugin_api import About, Text, Options, hookimpl
about = About(1, Text("Garden", "Jardin"), Text("Grows.", "Pousse."), Text("nothing", "rien"))
"""
RULE = (
    GOOD
    + """
from lms.plugin_api import AttendancePolicy, Verdict, VerdictStatus
class Rule(AttendancePolicy):
    name = "RULE_NAME"
    label = Text("Rule", "Règle")
    def rule(self, options, names): return self.label
    def judge(self, ledger, outcome, options): return Verdict(VerdictStatus.MET, self.label)
    CHANGED
@hookimpl
def attendance_policies(): return (Rule(),)
"""
)


def rule(name: str = "a-rule", changed: str = "") -> str:
    return RULE.replace("RULE_NAME", name).replace("CHANGED", changed)


STARTS: dict[str, tuple[str, str]] = {
    "does-not-import": (
        "import a_module_that_is_nowhere",
        "ModuleNotFoundError: No module named 'a_module_that_is_nowhere'",
    ),
    "is-no-python": ("def (", "SyntaxError"),
    "exits": ("import sys; sys.exit('the gate is shut')", "SystemExit: the gate is shut"),
    "calls-itself": ("def f(): return f()\nf()", "RecursionError"),
    "never-comes-back": ("while True: pass", "TookTooLong"),
    "never-answers": (GOOD + "@hookimpl\ndef curricula():\n    while True: pass", "TookTooLong"),
    "wants-all-memory": ("import sys\nall = 'x' * sys.maxsize", "MemoryError"),
    "cannot-be-printed": (
        "class Rude(Exception):\n    def __str__(self): raise self\nraise Rude",
        "Rude: (its message cannot be printed)",
    ),
    "has-no-about": ("", "It does not say what it is: the module needs about = About(...)."),
    "speaks-another-version": (
        GOOD.replace("About(1,", "About(99,"),
        "It was written for plugin API 99; this host speaks 1.",
    ),
    "has-one-language": (GOOD.replace("Jardin", " "), "about.label needs words in both languages."),
    "settings-are-no-model": (
        GOOD.replace('"rien"))', '"rien"), settings=int)'),
        "about.settings must be a subclass of Options.",
    ),
    "settings-whose-default-raises": (
        GOOD.replace(
            "about =",
            "from pydantic import Field\ndef bad(): raise RuntimeError('no default')\nclass S(Options):\n"
            "    depth: int = Field(default_factory=bad)\nabout =",
        ).replace('"rien"))', '"rien"), settings=S)'),
        "RuntimeError: no default",
    ),
    "misspells-a-hook": (GOOD + "@hookimpl\ndef curriculla(): return ()", "There is no hook 'curriculla'."),
    "misspells-an-argument": (
        GOOD + "@hookimpl\ndef after_review(evnt): pass",
        "A hook is not written as the host asks for it",
    ),
    "has-a-default": (GOOD + "@hookimpl\ndef after_review(event=None): pass", "has an argument with a default value"),
    "raises-when-asked": (
        GOOD + "@hookimpl\ndef curricula(): raise RuntimeError('the hose burst')",
        "RuntimeError: the hose burst",
    ),
    "exits-when-asked": (GOOD + "@hookimpl\ndef curricula(): raise SystemExit(3)", "SystemExit: 3"),
    "answers-nothing": (GOOD + "@hookimpl\ndef activity_types(): return None", "it returned nothing"),
    "answers-nonsense": (
        GOOD + "@hookimpl\ndef activity_types(): return ['tomato']",
        "it must return instances of ActivityType",
    ),
    "fails-while-it-counts": (
        GOOD + "@hookimpl\ndef activity_types():\n    yield from ()\n    raise RuntimeError('the hose burst')",
        "RuntimeError: the hose burst",
    ),
    "provides-without-end": (
        rule().replace(
            "def attendance_policies(): return (Rule(),)",
            "def attendance_policies():\n    n = 0\n    while True:\n        n += 1\n"
            "        yield type('R', (Rule,), {'version': str(n)})()",
        ),
        "It provides more than 200 things.",
    ),
    "takes-a-name-of-the-host": (
        GOOD + "from lms.builtin.homework import Reading\n@hookimpl\ndef activity_types(): return (Reading(),)",
        "The name 'reading' in activity_types is already taken by the plugin 'homework'.",
    ),
    "zz-takes-a-name-of-another": (
        rule("pebble-path"),
        "The name 'pebble-path' in attendance_policies is already taken by the plugin 'pebbles'.",
    ),
    "has-markup-in-a-name": (rule("<b>rule</b>"), "Rule in attendance_policies needs a plain name."),
    "has-control-signs-in-a-name": (rule("a\\x07bell"), "Rule in attendance_policies needs a plain name."),
    "has-a-label-that-changes-its-mind": (
        rule("mind", "label = property(lambda self: Text('Rule', 'Règle'))"),
        "label must stand there as it is, not be worked out when it is read.",
    ),
    "has-options-that-are-no-model": (rule("no-model", "options = dict"), "its options must be a subclass of Options."),
    "has-examples-that-are-none": (
        rule("no-examples", "examples = ('tomato',)"),
        "its examples must be a tuple of AttendanceExample",
    ),
    "says-it-in-one-language": (rule("one", "label = Text('Rule', '')"), "needs a label in both languages."),
}

# Loaded and allowed: what they do hurts nobody.
HARMLESS: dict[str, str] = {
    "pebbles": rule("pebble-path"),
    "prints": "print('hello from a plugin')\n" + rule("prints"),
    "leaves-a-thread": "import threading, time\n"
    "threading.Thread(target=time.sleep, args=(600,), daemon=True).start()\n" + rule("leaves-a-thread"),
    "equals-everything": rule("equals-everything", "def __eq__(self, other): return True\n    __hash__ = None"),
    "cannot-be-compared": rule(
        "cannot-be-compared",
        "def __eq__(self, other): raise RuntimeError\n    def __hash__(self): raise RuntimeError\n"
        "    def __repr__(self): raise RuntimeError\n    def __bool__(self): raise RuntimeError",
    ),
    "has-markup-in-its-words": rule("words")
    .replace("Garden", "<script>alert(1)</script>")
    .replace("Grows", "<b>Grows"),
    "settings-that-raise": GOOD.replace(
        "about =",
        "from pydantic import model_validator\nclass S(Options):\n    depth: int = 3\n"
        "    @model_validator(mode='after')\n    def never(self): raise RuntimeError('the hose burst')\nabout =",
    ).replace('"rien"))', '"rien"), settings=S)'),
    "settings-that-cannot-be-drawn": GOOD.replace(
        "about =",
        "class Inner(Options):\n    depth: int = 3\nclass S(Options):\n    inner: Inner = Inner()\n"
        "    many: dict[str, tuple[int, ...]] = {}\n    either: int | str | None = None\nabout =",
    ).replace('"rien"))', '"rien"), settings=S)'),
}


def plant(plugins: Path, name: str, code: str, entry: str = "") -> None:
    """A plugin's folder with its package: one module of that code."""
    folder, module = plugins / name, f"hostile_{name.replace('-', '_')}"
    folder.mkdir(parents=True)
    (folder / f"{module}.py").write_text(code, encoding="utf-8")
    (folder / "pyproject.toml").write_text(
        f'[project]\nname = "{name}"\nversion = "1"\n[project.entry-points."lms.plugins"]\n"{entry or name}" = "{module}"\n',
        encoding="utf-8",
    )
