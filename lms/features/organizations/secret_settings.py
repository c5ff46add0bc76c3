"""Settings with secrets in them: typed, checked, and made ready to be stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from lms.features.organizations.settings_form import read_settings
from lms.host.errors import Incomplete
from lms.host.i18n import lazy_gettext as _l
from lms.host.sealed import ENVIRONMENT_NAMES, FROM_ENVIRONMENT, SEALED, CannotOpen, Seal, is_secret


def checked_settings(
    model: type[BaseModel], typed: Mapping[str, list[str]], stored: Mapping[str, Any], seal: Seal, slug: str
) -> dict[str, Any]:
    """What was typed as it may be stored: checked with the secrets open, then with the secrets closed.

    A secret left empty stays as it is stored. Raises Incomplete with a sentence for each field that is not right.
    """
    opened, kept, faults = dict(stored), {}, {}
    given = dict(typed)
    for name in filter(lambda name: is_secret(model, name), model.model_fields):
        text = next((text.strip() for text in typed.get(name, [])), "")
        source = text or str(stored.get(name) or "")
        if not source:
            continue
        try:
            opened[name] = _opened(source, text, seal, slug)
        except CannotOpen:
            opened.pop(name, None)
            faults[name] = NOT_THERE if source.startswith(FROM_ENVIRONMENT) else AGAIN
        except Incomplete as incomplete:
            faults[name] = incomplete.sentence
        if source.startswith((FROM_ENVIRONMENT, SEALED)):
            kept[name] = source
            given.pop(name, None)
    try:
        values = read_settings(model, given, opened)
    except Incomplete as incomplete:
        raise Incomplete({**incomplete.by_field, **faults}) from None
    if faults:
        raise Incomplete(faults)
    return seal.close_all(model, {**values, **kept})


AGAIN = _l("Fill in this secret again: the host has another key since it was stored, and cannot read it.")
NOT_THERE = _l("This name is not in the environment of the host. Ask the people who run it.")


def prefix_of(slug: str) -> str:
    """How names in the environment begin that an organization may refer to; no other organization's begin so."""
    return f"{ENVIRONMENT_NAMES}{slug.replace('-', '_').upper()}__"


def _opened(source: str, text: str, seal: Seal, slug: str) -> str:
    """The secret that was typed, or is stored. Raises CannotOpen, and Incomplete for a name that is not theirs."""
    if not text or text.startswith(SEALED):
        return seal.open(source)
    if not text.startswith(FROM_ENVIRONMENT):
        return text
    prefix = prefix_of(slug)
    if not text.removeprefix(FROM_ENVIRONMENT).startswith(prefix):
        sentence = _l("Names in the environment that you may use begin with %(prefix)s.", prefix=prefix)
        raise Incomplete({}, sentence)
    return seal.open(text)
