"""What a scenario card must keep, so that people can play it: short roles, both languages, a lighter card beside it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from pydantic import BaseModel

from lms.plugin_api.scenes import CARD_WORDS, ScenarioCard
from lms.plugin_api.values import LANGUAGES, Text

Report = Callable[[str, tuple[str | int, ...], str], None]
Place = tuple[str | int, ...]

# A person in acute crisis: for level 3 alone, with a trainer near.
CRISIS = re.compile(
    r"\b(suicid\w*|(kill|hang)(ing)? (my|your|him|her|them)sel(f|ves)|end(ing)? (my|your|his|her|their) (own )?li(fe|ves)|"
    r"end it all|better off dead|want(s|ed|ing)? to die|wish(es|ed)? (to be|i was|i were|they were) dead|"
    r"(not|do(es)?n['’]t|no longer) want(s|ed)? to (live|be alive)|(se|me|te|vous) (tuer|pendre|suicider|donner la mort)|"
    r"envie de mourir|veu(t|x) mourir|voulez mourir|mettre fin à (mes|ses|vos) jours|"
    r"(mettre fin à|en finir avec) (la|ma|sa|votre) vie|(veu(t|x)|voulez|envie de) (ne )?plus vivre)\b",
    re.IGNORECASE,
)
# A person is somebody, and has a diagnosis at most.
DIAGNOSES = re.compile(
    r"\b(a|an|the|un|une|le|la|are|is|am|êtes|est|suis) (schizophrenic|bipolar|borderline|manic|depressive|psychotic|addict|"
    r"alcoholic|schizophrène|bipolaire|maniaque|dépressi(f|ve)|psychotique|toxicomane|alcoolique)s?\b(?! (disorder|illness))",
    re.IGNORECASE,
)


def check_card(card: ScenarioCard, others: Mapping[str, ScenarioCard], report: Report) -> None:
    """Call `report(part, location, sentence)` for each thing that makes the card unfit to play. `others` are the cards beside
    it, by name."""
    part = f"card:{card.id}"
    for location, sentence in _faults(card, others):
        report(part, location, sentence)


def _faults(card: ScenarioCard, others: Mapping[str, ScenarioCard]) -> Iterator[tuple[Place, str]]:
    yield from _said(card)
    yield from _lighter(card, others)
    yield from _short(card)
    yield from _safe(card)
    ids = [line.id for line in card.roles.observer.look_for]
    for index, name in enumerate(ids):
        if name in ids[:index]:
            yield ("roles", "observer", "look_for", index), f"Two lines are called '{name}'. Give each its own id."
    if card.reviewed_by_lived_experience and card.reviewed_on is None:
        yield ("reviewed_by_lived_experience",), "Say when with 'reviewed_on', like 2027-01-15."


def _said(card: ScenarioCard) -> Iterator[tuple[Place, str]]:
    """Every text, in both languages."""
    names = {"en": "English", "fr": "French"}
    for place, text in texts_of(card):
        for language in LANGUAGES:
            if not getattr(text, language).strip():
                yield place, f"There is no {names[language]} here yet. Write it, or leave the card out."


def texts_of(model: BaseModel, at: Place = ()) -> Iterator[tuple[Place, Text]]:
    """Every text of a card with its place, as the file has it; what could not be read is passed over."""
    if not isinstance(model, BaseModel):
        return
    for name, info in type(model).model_fields.items():
        value, place = getattr(model, name), (*at, info.alias or name)
        if isinstance(value, Text):
            yield place, value
        elif isinstance(value, BaseModel):
            yield from texts_of(value, place)
        elif isinstance(value, tuple):
            for index, one in enumerate(value):
                if isinstance(getattr(one, "en", None), str) and isinstance(getattr(one, "fr", None), str):
                    yield (*place, index), Text(one.en, one.fr)


def _lighter(card: ScenarioCard, others: Mapping[str, ScenarioCard]) -> Iterator[tuple[Place, str]]:
    if card.content_notes and not card.swap_with:
        yield ("content_notes",), "A card with a content note needs 'swap_with': a lighter card to offer instead."
    elif card.by_choice and all(name in others and others[name].by_choice for name in card.swap_with):
        yield ("by_choice",), "A card by choice needs 'swap_with': the card that groups are dealt in its place."
    for index, name in enumerate(card.swap_with):
        if name not in others or name == card.id:
            yield ("swap_with", index), _unknown(name, (other for other in others if other != card.id))
        elif not set(others[name].skill_focus) & set(card.skill_focus):
            yield ("swap_with", index), f"'{name}' practises another skill. Choose a card that shares one."


def _unknown(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(known), n=1)
    hint = f" Did you mean '{close[0]}'?" if close else ""
    return f"There is no scenario card '{name}' in this course.{hint}"


def _short(card: ScenarioCard) -> Iterator[tuple[Place, str]]:
    for role in ("supporter", "person", "observer"):
        texts = [text for _place, text in texts_of(getattr(card.roles, role))]
        for language in LANGUAGES:
            words = sum(len(getattr(text, language).split()) for text in texts)
            if words > CARD_WORDS:
                sentence = f"{words} words in '{language}': keep it to {CARD_WORDS}, people read it in a minute."
                yield ("roles", role), sentence


def _safe(card: ScenarioCard) -> Iterator[tuple[Place, str]]:
    for place, text in _of_the_person(card):
        for words in (text.en, text.fr):
            if card.level in (1, 2) and (found := CRISIS.search(words)):
                yield (
                    place,
                    f"'{found[0]}': a person in acute crisis belongs to level 3, with a trainer near. Choose another scene.",
                )
            elif (found := CRISIS.search(words)) and "suicide" not in card.content_notes:
                yield place, f"'{found[0]}': name 'suicide' in 'content_notes', so that people can set the topic aside."
            if found := DIAGNOSES.search(words):
                yield place, f"'{found[0]}': the person is somebody, not a diagnosis. Say what they live with."


def _of_the_person(card: ScenarioCard) -> Iterator[tuple[Place, Text]]:
    """The texts that tell who the person is and how they are; not what the others do about it."""
    for place, text in texts_of(card):
        told = place[0] in ("title", "setting", "variations")
        if told or place[:2] == ("roles", "person") or place[:3] == ("roles", "supporter", "you_know"):
            yield place, text
