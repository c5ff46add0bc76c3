"""Checks of what a plugin adds to role play, for its own tests."""

from __future__ import annotations

from lms.plugin_api.decks import CardDeck
from lms.plugin_api.role_play import MOST_WEIGHT, GroupingWishes, PlayedSoFar, RolePlayFormat
from lms.plugin_api.value_checks import PLAIN, check_text


def check_format(format: RolePlayFormat) -> None:
    """The name can stand in course files, and there are words in both languages."""
    assert PLAIN.fullmatch(format.name), (
        f"{format.name}: use lower-case letters, digits and single hyphens for its name"
    )
    shape = format.shape
    steps = (*shape.before, *shape.each_round, *shape.after)
    for text in (shape.label, shape.summary, *shape.lenses, *(step.label for step in steps if step.label)):
        check_text(text)


def check_deck(deck: CardDeck) -> None:
    """There are cards, none has a fault, and no two have the same name."""
    assert PLAIN.fullmatch(deck.name), f"{deck.name}: use lower-case letters, digits and single hyphens for its name"
    loaded = deck.deck()
    assert not loaded.faults, "\n".join(map(str, loaded.faults))
    assert loaded.cards, f"{deck.name} has no cards"
    names = [card.id for card in loaded.cards]
    assert len(set(names)) == len(names), f"{deck.name}: two cards have the same name"


def check_wishes(wishes: GroupingWishes) -> None:
    """For classes of all sizes, new ones and late ones: twice the same, two people who are there, weights that count."""
    check_text(wishes.summary)
    for size in (0, 1, 2, 3, 7, 30):
        people = tuple(range(11, 11 + size))
        pairs = [(a, b) for a in people for b in people if a < b]
        late = PlayedSoFar(
            met={pair: 1 + sum(pair) % 3 for pair in pairs[::2]},
            met_last_time=frozenset(pairs[::3]),
            supporter={who: who % 4 for who in people},
            person={who: who % 3 for who in people},
        )
        for so_far in (PlayedSoFar(), late):
            found = wishes.wishes(people, so_far)
            assert found == wishes.wishes(people, so_far), f"{wishes.name} is not repeatable"
            for wish in found:
                assert wish.a != wish.b, f"{wishes.name}: a wish is about two people, not about {wish.a} alone"
                assert {wish.a, wish.b} <= set(people), f"{wishes.name}: {wish} is about somebody who is not there"
                assert 0 < abs(wish.weight) <= MOST_WEIGHT, f"{wishes.name}: a weight of {wish.weight} does not count"
