"""The handbook's page on attendance rules names every rule and option as they are, and its example keeps the contract."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from lms.app import ROOT
from lms.builtin import attendance
from lms.plugin_api import attendance as pieces
from lms.plugin_api.testing import check_plugin, providers_of

PAGES = ROOT / "courses/handbook/modules/plugin-author"
both_languages = pytest.mark.parametrize("language", [".md", ".fr.md"])


def page(language: str) -> str:
    return (PAGES / f"attendance-rules{language}").read_text(encoding="utf-8")


@both_languages
def test_every_rule_has_its_row(language: str) -> None:
    rules = re.findall(r"^\| `([a-z-]+-[a-z-]+|points)` \|", page(language), re.MULTILINE)
    assert rules == [policy.name for policy in attendance.attendance_policies()]


@both_languages
def test_every_option_of_every_rule_is_named_with_its_values(language: str) -> None:
    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \| (.+?) \|", page(language), re.MULTILINE)
    named = {name: values for names, values in rows for name in re.findall(r"\w+", names)}
    for policy in attendance.attendance_policies():
        for option, info in policy.options.model_fields.items():
            assert option in named, f"{policy.name}: {option}"
            literals = "".join(re.findall(r"Literal\[(.+?)\]", str(info.annotation)))
            for value in re.findall(r"'([\w-]+)'", literals):
                assert f"`{value}`" in named[option], f"{option}: {value}"


@both_languages
def test_every_piece_is_named(language: str) -> None:
    text = page(language)
    assert not [name for name in pieces.__all__ if name not in ("AWAY", "Way") and not re.search(rf"`{name}\b", text)]


def test_the_worked_rule_keeps_its_contract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (code,) = re.findall(r"^```python\n(.*?)^```$", page(".md"), re.MULTILINE | re.DOTALL)
    (tmp_path / "lms_first.py").write_text(code, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    module = importlib.import_module("lms_first")
    check_plugin(module)
    assert [provider.name for provider in providers_of(module)] == ["first-classes"]
