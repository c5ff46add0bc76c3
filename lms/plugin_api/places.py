"""Where in a plugin's own files something stands: so that a fault names file and line, and shows the line itself.

A place is a text such as `lms_mine/__init__.py:43` with the line below it; "" where there is no file to look into. The
path is as short as it can be from the folder in which one works.
"""

from __future__ import annotations

import ast
import sys
import sysconfig
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from types import TracebackType

import pluggy
import pydantic

# Files that are nobody's plugin: those of Python and of the host, and of what the two stand on.
OTHERS = tuple(
    f"{Path(place).resolve()}/"
    for place in (
        sysconfig.get_path("stdlib"),
        Path(__file__).parents[1],
        Path(pluggy.__file__).parent,
        Path(pydantic.__file__).parent,
    )
)
# Shorter words than these stand in too many lines to say where a fault is.
TELLING = 8


def place_of(path: Path, line: int) -> str:
    """`some/file.py:43` with line 43 below it."""
    lines = _text(path).splitlines()
    shown = f"\n  {line:>5} | {lines[line - 1].rstrip()}" if 0 < line <= len(lines) else ""
    here = Path.cwd()
    return f"{path.relative_to(here) if path.is_relative_to(here) else path}:{line}{shown}"


def place_named(module: object, *names: str) -> str:
    """Where `about`, a function, a class or an attribute of one is written: as much of `names` as can be found."""
    path = _file(module)
    line = _line_named(_tree(path).body, names) if path else 0
    return place_of(path, line) if path and line else ""


def place_changed(module: object, attribute: str) -> str:
    """Where a module gives an attribute of something else another value."""
    path = _file(module)
    lines = [
        node.lineno
        for node in (ast.walk(_tree(path)) if path else ())
        if (isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and node.attr == attribute)
        or (isinstance(node, ast.Call) and any(isinstance(a, ast.Constant) and a.value == attribute for a in node.args))
    ]
    return place_of(path, min(lines)) if path and lines else ""


def place_of_class(kind: type, *names: str) -> str:
    """Where a class, or an attribute of it, is written."""
    return place_named(sys.modules.get(str(kind.__module__)), *kind.__qualname__.split("."), *names)


def place_raised(error: BaseException) -> str:
    """The last line of a plugin's own file that an error came through; for one that Python cannot read, the line in it."""
    error = error.__cause__ or error
    if isinstance(error, SyntaxError) and error.filename and error.lineno and _is_own(error.filename):
        return place_of(Path(error.filename), error.lineno)
    own = [(file, line) for file, line in _lines(error.__traceback__) if _is_own(file)]
    if not own:
        return ""
    package = Path(own[0][0]).parent  # of what a plugin itself stands on, nobody wants to read
    file, line = [one for one in own if Path(one[0]).is_relative_to(package)][-1]
    return place_of(Path(file), line)


def place_quoted(module: object, sentence: str) -> str:
    """The line whose words the sentence quotes: an example's title, or a text that lacks its other language."""
    path = _file(module)
    if path is None:
        return ""
    said = [
        (len(node.value), node.lineno)
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if len(node.value.strip()) >= TELLING and " " in node.value and node.value in sentence
    ]
    return place_of(path, max(said, key=lambda one: (one[0], -one[1]))[1]) if said else ""


def _is_own(file: str) -> bool:
    path = str(Path(file).resolve())
    installed = f"{Path(sysconfig.get_path('purelib')).resolve()}/"
    return file[:1] != "<" and not any(
        path.startswith(other) and not (path.startswith(installed) and len(other) < len(installed)) for other in OTHERS
    )


def _lines(traceback: TracebackType | None) -> Iterator[tuple[str, int]]:
    while traceback:
        yield traceback.tb_frame.f_code.co_filename, traceback.tb_lineno
        traceback = traceback.tb_next


def _file(module: object) -> Path | None:
    given = getattr(module, "__file__", None)
    return Path(given) if isinstance(given, str) and given.endswith(".py") else None


@lru_cache(maxsize=64)
def _tree(path: Path) -> ast.Module:
    try:
        return ast.parse(_text(path))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module(body=[], type_ignores=[])


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _line_named(body: list[ast.stmt], names: tuple[str, ...]) -> int:
    for node in body:
        if _names(node) != names[0]:
            continue
        if names[1:] and isinstance(node, ast.ClassDef):
            return _line_named(node.body, names[1:]) or node.lineno
        value = getattr(node, "value", None)
        if names[1:] and isinstance(value, ast.Call):
            return next((word.value.lineno for word in value.keywords if word.arg == names[1]), node.lineno)
        return node.lineno
    return 0


def _names(node: ast.stmt) -> str:
    """What a statement gives a name to: a function, a class, or a value."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return node.name
    target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
    return target.id if isinstance(target, ast.Name) else ""
