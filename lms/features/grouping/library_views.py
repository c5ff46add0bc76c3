"""The scenario cards of a group, for those who lead: to look through, to read whole, and to print one role to a sheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lms.features.cohorts import queries as cohorts
from lms.features.grouping.words import SEATS, SKILLS, TOPICS
from lms.features.organizations.queries import enabled_plugins
from lms.host import scenes
from lms.host.errors import NotFound
from lms.host.web import Blueprint, ResponseReturnValue, host, page, request, signed_in_only, visitor
from lms.plugin_api.scenes import ScenarioCard
from lms.plugin_api.values import Text

views = Blueprint("card_library", __name__, template_folder="templates")

LIBRARY = "/cohorts/<int:cohort_id>/role-play/cards"


@dataclass(frozen=True)
class Shelved:
    """A card with the classes that plan it, and the deck that it comes from, if it is not the course's own."""

    card: ScenarioCard
    classes: tuple[int, ...]
    deck: Text | None = None


def shelf(here: cohorts.Here) -> list[Shelved]:
    """The cards of the course, the lightest level first; then those of decks that its classes could name."""
    uses: dict[str, list[int]] = {}
    for plan in here.course.classes:
        for name in plan.role_play.cards if plan.role_play else ():
            uses.setdefault(name, []).append(plan.number)
    found = [Shelved(card, tuple(uses.get(card.id, ()))) for card in here.course.cards]
    mine = {card.id for card in here.course.cards}
    for label, cards in scenes.decks_here(host().guard, enabled_plugins(here.organization.id)):
        found += [Shelved(card, (), label) for card in cards if card.id not in mine]
    return sorted(found, key=lambda one: (one.deck is not None, one.card.level))


def _matching(cards: Iterable[Shelved], level: str, skill: str, note: str) -> Iterator[Shelved]:
    """`note` is a topic, "none" for cards without one, or empty."""
    for one in cards:
        card = one.card
        fits = (not level or str(card.level) == level) and (not skill or skill in card.skill_focus)
        if fits and (not note or note in card.content_notes or (note == "none" and not card.content_notes)):
            yield one


@views.get(LIBRARY)
@signed_in_only
def library(cohort_id: int) -> ResponseReturnValue:
    """Every card, or those of a level, with a skill, with or without a content note."""
    here = cohorts.led_by(visitor(), cohort_id)
    cards = shelf(here)
    chosen = {name: request.args.get(name, "")[:40] for name in ("level", "skill", "note")}
    return page(
        "grouping/library.html",
        here=here,
        all=cards,
        shown=list(_matching(cards, **chosen)),
        chosen=chosen,
        skills=SKILLS,
        topics=TOPICS,
    )


@views.get(f"{LIBRARY}/<card_name>")
@signed_in_only
def whole(cohort_id: int, card_name: str) -> ResponseReturnValue:
    """One card with every role; on paper, each role on a sheet of its own."""
    here = cohorts.led_by(visitor(), cohort_id)
    cards = {one.card.id: one for one in shelf(here)}
    if card_name not in cards:
        raise NotFound
    one, names = cards[card_name], here.course.framework_names
    return page(
        "grouping/library_card.html",
        here=here,
        one=one,
        practises=[names[item] for item in one.card.competencies if item in names],
        lighter=[cards[name].card for name in one.card.swap_with if name in cards],
        seats=SEATS,
        skills=SKILLS,
        topics=TOPICS,
    )
