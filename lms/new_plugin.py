"""`lms new-plugin`: a working plugin to change, copied from `plugin_template/` with another name.

Each kind there is a plugin that works, called "kittiwake" after a bird that nobody else mentions. Here it gets its own name.
"""

from __future__ import annotations

import re
from pathlib import Path

from lms.host.errors import SetUpError
from lms.host.plugins import BUILT_IN

TEMPLATE = Path(__file__).parent / "plugin_template"
EVERY = "every"
KINDS = tuple(sorted(p.name for p in TEMPLATE.iterdir() if p.is_dir() and p.name != EVERY))


def write_plugin(name: str, kind: str, folder: Path, label: str = "", label_fr: str = "") -> list[Path]:
    """A plugin `name` of a kind (one of KINDS) in `folder/name`. The files written, first the one to change.

    People read `label`, or the name in words; in French `label_fr`, or the same.

    Raises SetUpError for a name that cannot be one, or where something is there already.
    """
    _check_name(name)
    place = folder / name
    if place.exists():
        raise SetUpError(f"There is something at {place} already. Choose another name, or another folder with --into.")
    names = _Names(name, label, label_fr)
    written = [_write(*source, place, names) for source in _sources(kind)]
    readme = place / "README.md"
    readme.write_text(names.put_into(_readme(kind)), encoding="utf-8")
    return sorted([*written, readme], key=lambda path: (path.name != "__init__.py", path))


def _check_name(name: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name) or len(name) > 40:
        raise SetUpError(
            f"'{name}' cannot be a plugin's name. Use lower-case letters, digits and hyphens, like two-rivers."
        )
    if name in BUILT_IN:
        raise SetUpError(f"'{name}' is a plugin that comes with the host. Choose another name.")


class _Names:
    """What the bird is called in the plugin's own files."""

    def __init__(self, name: str, label: str, label_fr: str) -> None:
        words = name.split("-")
        said = _one_line(label) or " ".join(words).capitalize()
        self.by_word = {
            "lms_kittiwake": f"lms_{'_'.join(words)}",
            "kittiwake": name,
            "Kittiwake": "".join(word.capitalize() for word in words),
            "KITTIWAKE_FR": _one_line(label_fr) or said,
            "KITTIWAKE": said,
        }

    def put_into(self, text: str) -> str:
        for word, own in self.by_word.items():
            text = text.replace(word, own)
        return text


def _one_line(label: str) -> str:
    """Without what would end a string in the plugin's files."""
    return " ".join(label.replace('"', "").split())


def _sources(kind: str) -> list[tuple[Path, Path]]:
    """Each file of a kind, with its place in the plugin."""
    folders = (TEMPLATE / EVERY, TEMPLATE / kind)
    found = ((path, path.relative_to(folder)) for folder in folders for path in sorted(folder.rglob("*")))
    return [(path, place) for path, place in found if _belongs(path)]


def _belongs(path: Path) -> bool:
    return path.is_file() and not path.name.startswith("README") and "__pycache__" not in path.parts


def _write(path: Path, within: Path, place: Path, names: _Names) -> Path:
    target = place / names.put_into(within.as_posix())
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(names.put_into(path.read_text(encoding="utf-8")), encoding="utf-8")
    return target


def _readme(kind: str) -> str:
    parts = (TEMPLATE / EVERY / "README.head.md", TEMPLATE / kind / "README.md", TEMPLATE / EVERY / "README.tail.md")
    return "".join(part.read_text(encoding="utf-8") for part in parts)
