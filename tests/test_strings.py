"""Every string of the host in both languages: nothing missing, nothing forbidden, French as it is written in Canada."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from flask import Flask
from jinja2.ext import babel_extract

from lms.app import ROOT, create_app
from lms.host.config import load_config

SOURCE = ROOT / "lms"
PO = SOURCE / "translations/fr/LC_MESSAGES/messages.po"
PYTHON = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
TEMPLATES = sorted(SOURCE.rglob("*.html"))
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}

# ux.md 8.1. "failed" and the like are for systems that judge people; "user" and "client" for systems that have no people.
NEVER = {
    "en": ("PSW", "failed", "rejected", "delinquent", "non-compliant", "suspicious", "user", "users", "client", "clients",
           "patient", "patients", "suffer from", "suffers from", "commit suicide", "just", "simply", "oops", "great job"),
    "fr": ("échec", "échecs", "échoué", "rejeté", "rejetée", "usager", "usagers", "usagère", "souffrir de", "souffre de",
           "commettre un suicide", "simplement", "oups"),
}  # fmt: skip


@cache
def used() -> dict[str, tuple[str, ...]]:
    """Every string in Python and templates: to its forms (one, or one and many)."""
    found: dict[str, tuple[str, ...]] = {}
    for path in (*PYTHON, *TEMPLATES):
        for _line, words, _comments, _context in strings_of(path):
            forms = (words,) if isinstance(words, str) else tuple(word for word in words if isinstance(word, str))
            if forms[0]:
                found[forms[0]] = forms
    return found


def strings_of(path: Path) -> Iterator[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    options = {"extensions": "", "trimmed": "true", "silent": "false"}
    method = babel_extract if path.suffix == ".html" else "python"
    yield from extract(method, BytesIO(path.read_bytes()), keywords=KEYWORDS, options=options)  # type: ignore[misc, arg-type]


@cache
def catalog() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="fr")


def messages() -> list[Message]:
    return [message for message in catalog() if message.id]


def said_in(message: Message, language: str) -> tuple[str, ...]:
    """The forms of a message in one language."""
    given = message.id if language == "en" else message.string
    return (given,) if isinstance(given, str) else tuple(given)


def one(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def both() -> Iterator[tuple[str, str]]:
    """Each text that can be shown, with its language."""
    for message in messages():
        for language in ("en", "fr"):
            for text in said_in(message, language):
                yield language, text


# -- nothing is missing -----------------------------------------------------------------------------------------


def test_strings_are_found_at_all() -> None:
    assert len(used()) > 500
    assert "%(call)s or %(write)s" in used()
    assert "We can't find this page. It may have moved, or it may not be yours to see." in used()


def test_every_string_has_its_french() -> None:
    known = {one(message): message for message in messages()}
    missing = [text for text in used() if text not in known or not all(said_in(known[text], "fr"))]
    assert missing == []


def test_what_is_counted_has_both_forms_in_both_languages() -> None:
    for message in messages():
        forms = used().get(one(message), said_in(message, "en"))
        assert said_in(message, "en") == forms
        assert len(said_in(message, "fr")) == len(forms), forms


def test_nothing_is_left_over_unsure_or_twice() -> None:
    assert [one(message) for message in messages() if one(message) not in used()] == [], "no longer used"
    assert [one(message) for message in messages() if message.fuzzy] == []
    assert list(catalog().obsolete) == []
    assert len({one(message) for message in messages()}) == len(messages())
    assert not catalog().fuzzy


def test_what_is_filled_in_is_the_same_in_both_languages() -> None:
    def slots(text: str) -> set[str]:
        return set(re.findall(r"%\((\w+)\)[sd]|\{(\w+)\}", text))

    for message in messages():
        english = set().union(*(slots(text) for text in said_in(message, "en")))
        for text in said_in(message, "fr"):
            missing = english - slots(text)
            assert slots(text) <= english, text
            assert not missing or (len(said_in(message, "fr")) > 1 and missing <= {("num", "")}), (text, missing)
            assert text.replace("%%", "").count("%") == len(re.findall(r"%\(\w+\)[sd]", text)), text


def test_line_breaks_and_ends_are_the_same_in_both_languages() -> None:
    for message in messages():
        english, french = said_in(message, "en")[0], said_in(message, "fr")[0]
        assert english.count("\n") == french.count("\n"), english
        assert (english[:1].isspace(), english[-1:].isspace()) == (french[:1].isspace(), french[-1:].isspace()), english


def test_no_template_says_anything_in_one_language_alone() -> None:
    """Words between tags are looked up, or are not words."""
    alone = []
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        for not_words in (
            r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}",
            r"<(kbd|code)\b.*?</\1>",
            r"<[^>]*lang=\"(?:en|fr)\"[^>]*>[^<]*(<input[^>]*>\s*<span>[^<]*)?",
            r"=\"[^\"]*\"|\b(aria-[a-z]+|page--wide|UTC)\b",
        ):
            text = re.sub(not_words, " ", text, flags=re.DOTALL)
        for words in re.findall(r">([^<>]*)", text):
            if re.search(r"[A-Za-zÀ-ÿ]{3,}", words):
                alone.append((path.name, words.strip()))
    assert alone == []


# -- French -----------------------------------------------------------------------------------------------------


def french() -> list[str]:
    return [text for language, text in both() if language == "fr"]


def without_addresses(text: str) -> str:
    return re.sub(r"https?://\S*|%\(\w+\)[sd]|\{\w+\}", "x", text)


def test_a_colon_has_a_space_before_it_that_does_not_break() -> None:
    wrong = [
        text
        for text in french()
        if re.search(r"(?<!\u00a0):(?=\s|$)", re.sub(r"\d+:\d\d", "", without_addresses(text)))
    ]
    assert wrong == []


def test_quotation_marks_hold_their_words_with_spaces_that_do_not_break() -> None:
    wrong = [text for text in french() if re.search(r"«(?!\u00a0)|(?<!\u00a0)»|[“”\"]", text)]
    assert wrong == []


def test_no_space_stands_before_other_signs() -> None:
    assert [text for text in french() if re.search(r"\s[?!;,.](?!\.)", text)] == []


def test_numbers_hold_their_units() -> None:
    assert [text for text in french() if re.search(r"\d [h%$]|\d h\d", text)] == []


def test_apostrophes_are_of_one_kind() -> None:
    assert [text for text in french() if "’" in text] == []


# -- words ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr"])
def test_forbidden_words_are_absent(language: str) -> None:
    forbidden = re.compile(rf"(?<![\w%(])({'|'.join(map(re.escape, NEVER[language]))})(?!\w)", re.IGNORECASE)
    assert [text for of, text in both() if of == language and forbidden.search(text)] == []


def test_nobody_is_shouted_at() -> None:
    assert [text for _language, text in both() if "!" in text] == []


def test_one_thing_has_one_word() -> None:
    """A class is a class: "session" is a word of the software, "lesson" and "course class" of nobody."""
    wrong = re.compile(r"\b(session|lesson|student|learner|assignment|grade|marks? out of)s?\b", re.IGNORECASE)
    assert [text for language, text in both() if language == "en" and wrong.search(text)] == []


# -- templates --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("strings")
    return create_app(load_config(folder, environ={}, given={"demo": True, "safe_mode": True}))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_template_compiles_and_can_be_found(app: Flask, path: Path) -> None:
    name = path.as_posix().rpartition("/templates/")[2]
    found = app.jinja_env.get_template(name)
    assert found.filename
    assert Path(found.filename) == path, "no other template stands in its way"
