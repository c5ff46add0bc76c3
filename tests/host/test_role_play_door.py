"""Formats, wishes and decks of cards come through the plugin door: what is refused, what stands in, and what stays when the
plugin is gone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from lms.builtin import role_play as builtin
from lms.features.grouping.formats import Phase, format_named
from lms.host import scenes
from lms.host.catalog import Catalog, deliverable, freeze, plugins_named, read_catalog, thaw
from lms.host.guard import Guard
from lms.host.plugins import PluginHost
from lms.plugin_api import (
    CardDeck,
    FormatShape,
    GroupingWishes,
    LoadedDeck,
    PairWish,
    PlayedSoFar,
    RolePlayFormat,
    ScenarioCard,
    Step,
    Text,
)
from lms.plugin_api.files import read_course
from tests.host.small_plugins import providing
from tests.plugin_api.course_factory import CourseFolder, make_course

MakePluginHost = Callable[..., PluginHost]
PLAY, OUT = Step(kind="play", minutes=6), Step(kind="de_role", minutes=2)
WALK = FormatShape(
    label=Text("on a walk", "en marchant"),
    summary=Text("Side by side.", "Côte à côte."),
    groups="pairs",
    rounds=2,
    each_round=(Step(kind="play", minutes=6, label=Text("walk and talk", "marcher et parler")),),
    after=(OUT,),
)


@pytest.fixture
def course(tmp_path: Path) -> CourseFolder:
    return make_course(tmp_path / "courses")


@pytest.fixture
def read(course: CourseFolder, plugin_host: MakePluginHost) -> Callable[..., tuple[Catalog, Guard]]:
    def make(*modules: Any) -> tuple[Catalog, Guard]:
        guard = Guard(plugin_host(*modules))
        return read_catalog(guard.host, guard, (course.path.parent,)), guard

    return make


def faults(catalog: Catalog) -> list[str]:
    (offered,) = catalog.faulty()
    return [str(fault).partition("\n")[0] for fault in offered.loaded.faults]


def walking(shape: Any = WALK, name: str = "walk") -> Any:
    return providing("garden", "role_play_formats", RolePlayFormat(name, shape))


# -- formats ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"each_round": (Step(kind="read", minutes=1),)}, "A round needs a step of the kind 'play'."),
        ({"after": (Step(kind="together", minutes=5),)}, "'after' needs a step of the kind 'de_role'."),
        ({"before": (PLAY,)}, "belong into 'each_round'"),
        ({"rounds": 6, "each_round": (Step(kind="play", minutes=60),)}, "362 minutes in all: keep it to 240."),
        ({"rounds": 7}, "less than or equal to 6"),
        ({"after": ()}, "at least 1 item"),
    ],
)
def test_a_format_that_cannot_be_played_is_refused_where_it_is_written(changed: dict[str, Any], fault: str) -> None:
    shape = {"label": WALK.label, "summary": WALK.summary, "each_round": (PLAY,), "after": (OUT,)}
    with pytest.raises(ValidationError, match=fault.replace("(", r"\(")):
        FormatShape(**{**shape, **changed})


@pytest.mark.parametrize(
    ("shape", "why"),
    [
        ("a walk", "its shape must be a FormatShape"),
        (FormatShape.model_construct(**{**dict(WALK), "rounds": 99}), "its shape: rounds"),
        (FormatShape.model_construct(**{**dict(WALK), "each_round": ()}), "its shape: each_round"),
        (WALK.model_copy(update={"label": Text("on a walk", " ")}), "its shape needs words in both languages"),
    ],
)
def test_a_format_that_was_built_past_its_checks_leaves_its_plugin_out(
    plugin_host: MakePluginHost, shape: Any, why: str
) -> None:
    class Odd(RolePlayFormat):
        label = WALK.label

        def __init__(self) -> None:
            self.name, self.shape = "walk", shape  # type: ignore[misc]

    host = plugin_host(providing("garden", "role_play_formats", Odd()))
    assert why in host.plugins["garden"].quarantined
    assert host.provided("role_play_formats", "triad")


def test_a_shape_that_is_worked_out_when_it_is_read_is_refused(plugin_host: MakePluginHost) -> None:
    class Odd(RolePlayFormat):
        name = "walk"
        label = WALK.label
        shape = property(lambda self: WALK)  # type: ignore[assignment]

        def __init__(self) -> None:
            pass

    host = plugin_host(providing("garden", "role_play_formats", Odd()))
    assert "shape must stand there as it is" in host.plugins["garden"].quarantined


@pytest.mark.parametrize("name", ["triad", "Long Walk", "walk:long"])
def test_a_format_needs_a_plain_name_of_its_own(plugin_host: MakePluginHost, name: str) -> None:
    assert plugin_host(walking(name=name)).plugins["garden"].quarantined


def test_a_class_names_a_format_that_somebody_provides(
    read: Callable[..., tuple[Catalog, Guard]], course: CourseFolder
) -> None:
    course.change("classes/01.md", "cards: [first-coffee]", "cards: [first-coffee], format: wlak")
    assert faults(read(walking())[0]) == [
        (
            "welcome/classes/01.md:6:44: role_play.format: No plugin provides 'wlak' (role play formats here: dyad, fishbowl, "
            "long-triad, short-triad, trainer-in-role, triad, walk). Did you mean 'walk'? Install or enable it."
        )
    ]


def test_a_running_group_keeps_its_format_when_the_plugin_is_gone(
    read: Callable[..., tuple[Catalog, Guard]], course: CourseFolder
) -> None:
    course.change("classes/01.md", "cards: [first-coffee]", "cards: [first-coffee], format: walk")
    catalog, guard = read(walking())
    loaded = catalog.courses["host:welcome"].loaded
    assert loaded.course
    assert plugins_named(loaded.course, guard.host) >= {"garden"}
    assert deliverable(catalog, guard.host, []) == [], "only where the plugin is turned on"
    frozen = freeze(loaded)
    _catalog, without = read()
    again = thaw(frozen.digest, frozen.course_json, frozen.pages_json).course
    found = format_named("walk", again, without)
    assert (found.shape, found.missing) == (WALK, False)
    assert found.phases[0] == Phase("play", 1, 360, "walk and talk", "marcher et parler")
    assert [phase[:2] for phase in found.phases] == [("play", 1), ("play", 2), ("de_role", 0)]


def test_threes_stand_in_for_a_format_that_nobody_keeps(read: Callable[..., tuple[Catalog, Guard]]) -> None:
    catalog, guard = read()
    course = catalog.courses["host:welcome"].course
    assert course
    found = format_named("walk", course, guard)
    assert (found.shape, found.missing) == (builtin.TRIAD.shape, True)


def test_formats_of_plugins_are_offered_where_they_are_turned_on(plugin_host: MakePluginHost) -> None:
    guard = Guard(plugin_host(walking()))
    assert "walk" not in scenes.formats_here(guard, [])
    assert list(scenes.formats_here(guard, ["garden"]))[-1] == "walk"


# -- wishes -----------------------------------------------------------------------------------------------------


class Neighbours(GroupingWishes):
    name = "neighbours"
    label = Text("Neighbours", "Voisinage")
    summary = Text("Numbers that follow each other.", "Des numéros qui se suivent.")
    answer: Any = (PairWish(2, 1, 30), PairWish(3, 99, 50))

    def wishes(self, people: tuple[int, ...], so_far: PlayedSoFar) -> Any:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def wished(
    plugin_host: MakePluginHost, *wishes: GroupingWishes, on: bool = True
) -> tuple[dict[Any, int], list[Text], Guard]:
    guard = Guard(plugin_host(providing("garden", "grouping_wishes", *wishes)))
    weights, silent = scenes.wishes_of_plugins(guard, ["garden"] if on else [], (1, 2, 3), PlayedSoFar())
    return weights, silent, guard


def test_wishes_count_for_those_who_are_here_and_where_they_are_turned_on(plugin_host: MakePluginHost) -> None:
    assert wished(plugin_host, Neighbours())[:2] == ({(1, 2): 30}, [])
    assert wished(plugin_host, Neighbours(), on=False)[:2] == ({}, [])


def test_wishes_of_several_add_up_to_a_hundred_at_most(plugin_host: MakePluginHost) -> None:
    second = type("Second", (Neighbours,), {"name": "second", "answer": (PairWish(1, 2, 90),)})()
    assert wished(plugin_host, Neighbours(), second)[0] == {(1, 2): 100}


@pytest.mark.parametrize(
    "answer",
    [
        ValueError("Kim and Sam"),
        None,
        [PairWish(1, 2, 3)],
        ((1, 2, 3),),
        (PairWish(1, 1, 3),),
        (PairWish(1, 2, 101),),
        (PairWish(1, 2, 0),),
        (PairWish(1, 2, 1.5),),  # type: ignore[arg-type]
        (PairWish("Kim", 2, 3),),  # type: ignore[arg-type]
        (PairWish(1, 2, 3),) * 501,
    ],
    ids=str,
)
def test_wishes_that_cannot_be_used_are_left_out_and_told(plugin_host: MakePluginHost, answer: Any) -> None:
    odd = type("Odd", (Neighbours,), {"answer": answer})()
    weights, silent, guard = wished(plugin_host, odd)
    assert (weights, silent) == ({}, [Neighbours.label])
    (trouble,) = guard.take_troubles()
    assert (trouble.plugin, trouble.place) == ("garden", "neighbours.wishes")
    assert "Kim" not in trouble.message, "it hears of people"


# -- decks ------------------------------------------------------------------------------------------------------


@pytest.fixture
def cards(tmp_path: Path) -> dict[str, ScenarioCard]:
    """Three cards: one that is named, its lighter one, and another."""
    made = make_course(tmp_path / "elsewhere")
    for name in ("bench", "gate"):
        made.copy("cards/first-coffee.md", f"cards/{name}.md", "version: 1", "version: 1")
    made.change("cards/first-coffee.md", "level: 1", "level: 1\ncontent_notes: [grief]\nswap_with: [bench]")
    loaded = read_course(made.path).course
    assert loaded
    return {card.id: card for card in loaded.cards}


def decked(answer: Any) -> Any:
    class Garden(CardDeck):
        name = "garden-cards"
        label = Text("Garden", "Jardin")

        def deck(self) -> Any:
            if isinstance(answer, Exception):
                raise answer
            return answer

    return providing("garden", "scenario_cards", Garden())


def test_a_class_names_a_card_of_a_deck_and_the_course_keeps_it(
    read: Callable[..., tuple[Catalog, Guard]], course: CourseFolder, cards: dict[str, ScenarioCard]
) -> None:
    course.change("classes/01.md", "cards: [first-coffee]", 'cards: [first-coffee, "garden-cards:first-coffee"]')
    catalog, guard = read(decked(LoadedDeck(tuple(cards.values()))))
    loaded = catalog.courses["host:welcome"].loaded
    assert not loaded.faults, loaded.faults
    assert loaded.course
    assert plugins_named(loaded.course, guard.host) >= {"garden"}
    frozen = freeze(loaded)
    again = thaw(frozen.digest, frozen.course_json, frozen.pages_json).course
    assert [card.id for card in again.cards] == ["first-coffee", "garden-cards:first-coffee", "garden-cards:bench"]
    assert again.cards[1].swap_with == ("garden-cards:bench",)


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("garden-cards:bnch", "The deck 'garden-cards' has no card 'bnch'. Did you mean 'garden-cards:bench'?"),
        ("gardn-cards:bench", "No plugin provides 'gardn-cards' (scenario cards here: garden-cards)."),
    ],
)
def test_a_card_of_a_deck_that_is_not_there_is_told_with_its_line(
    read: Callable[..., tuple[Catalog, Guard]],
    course: CourseFolder,
    cards: dict[str, ScenarioCard],
    name: str,
    fault: str,
) -> None:
    course.change("classes/01.md", "cards: [first-coffee]", f'cards: ["{name}"]')
    (told,) = faults(read(decked(LoadedDeck(tuple(cards.values()))))[0])
    assert told.startswith("welcome/classes/01.md:6:21: role_play.cards[0]: ")
    assert fault in told


def test_a_deck_that_cannot_be_read_is_empty_and_told(
    plugin_host: MakePluginHost, cards: dict[str, ScenarioCard]
) -> None:
    some = tuple(cards.values())
    unchecked = ScenarioCard.model_construct(**{**dict(some[0]), "level": 9})
    for answer in (ValueError("no"), None, [*some], LoadedDeck((*some, some[0])), LoadedDeck((unchecked,))):
        guard = Guard(plugin_host(decked(answer)))
        assert scenes.deck_cards(guard, "garden-cards") == ()
        assert scenes.deck_cards(guard, "garden-cards") == (), "asked once"
        assert [trouble.place for trouble in guard.take_troubles()] == ["garden-cards.deck"]
