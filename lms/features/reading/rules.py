"""Where one could argue: what a criterion asks, which texts get a second reader, what counts as one's own words."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta

from lms.features.submissions.rules import Decision, promised_day
from lms.plugin_api.content import Criterion, Review

# A text that somebody else opened so lately is theirs for now: "next" passes it by.
IN_OTHER_HANDS = timedelta(minutes=30)
# After so many answers without a longer rest, one word about resting.
IN_A_ROW = 10
REST = timedelta(minutes=45)


# -- criteria -----------------------------------------------------------------------------------------------


def read_ticks(criteria: Sequence[Criterion], ticked: Collection[str], levels: Mapping[str, str]) -> tuple[str, ...]:
    """What was chosen on a form, as it is kept: "moment", or "moment:2" for a criterion with levels."""
    found = []
    for line in criteria:
        level = levels.get(line.id, "")
        if not line.levels and line.id in ticked:
            found.append(line.id)
        elif line.levels and level in {str(number) for number in range(1, len(line.levels) + 1)}:
            found.append(f"{line.id}:{level}")
    return tuple(found)


def level_of(line: Criterion, ticks: Collection[str]) -> int:
    """The chosen level, lowest 1; 0 where none is chosen."""
    return next((n for n in range(1, len(line.levels) + 1) if f"{line.id}:{n}" in ticks), 0)


def is_met(line: Criterion, ticks: Collection[str]) -> bool:
    return level_of(line, ticks) >= line.enough if line.levels else line.id in ticks


def missing(criteria: Sequence[Criterion], ticks: Collection[str]) -> tuple[Criterion, ...]:
    """The lines that must be met and are not: nothing else makes up for them."""
    return tuple(line for line in criteria if line.must and not is_met(line, ticks))


# -- a second reader ----------------------------------------------------------------------------------------


def why_second(review: Review, decision: str, asked: bool, cohort: int, submission: int) -> str:
    """Why somebody else shall read this too: "asked", "not_accepted", "sample"; empty if nobody has to."""
    if asked:
        return "asked"
    wanted = review.second_reader
    if wanted is None:
        return ""
    if wanted.not_accepted and decision == Decision.NOT_ACCEPTED:
        return "not_accepted"
    return "sample" if in_sample(cohort, submission, wanted.sample) else ""


def in_sample(cohort: int, submission: int, percent: int) -> bool:
    """Whether a text belongs to the sample: the same for the same text, however often one asks."""
    digest = hashlib.sha256(f"second reader {cohort}:{submission}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % 100 < percent


# -- one's own words ----------------------------------------------------------------------------------------


def only_starters(fields: Iterable[str], starters: Iterable[str]) -> bool:
    """Whether a reply has words, and none of its own besides these beginnings of sentences."""
    left = " ".join(map(_words_of, fields)).split()
    if not left:
        return False
    pieces = {piece for starter in starters for piece in _pieces_of(starter)}
    rest = f" {' '.join(left)} "
    for piece in sorted(pieces, key=len, reverse=True):
        rest = rest.replace(f" {piece} ", "  ")
    return not rest.strip()


def _pieces_of(starter: str) -> Iterable[str]:
    """A starter in pieces, between its gaps."""
    return filter(None, map(_words_of, re.split(r"\.\.\.|…", starter)))


def _words_of(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


# -- the promise --------------------------------------------------------------------------------------------


def first_day_in_time(today: date, working_days: int) -> date:
    """The earliest day of sending for which the promise still holds."""
    day = today
    while promised_day(day - timedelta(days=1), working_days) >= today:
        day -= timedelta(days=1)
    return day
