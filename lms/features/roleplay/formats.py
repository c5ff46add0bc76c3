"""The formats of role play: how many rounds, and how many minutes each phase takes."""

from __future__ import annotations

from dataclasses import dataclass

from lms.plugin_api.values import Text


@dataclass(frozen=True)
class Format:
    """Minutes for setting up, for each round (read, play, feedback), for leaving the role, and together at the end."""

    label: Text
    rounds: int
    set_up: int
    read: int
    play: int
    feedback: int
    de_role: int
    together: int

    @property
    def minutes(self) -> int:
        in_rounds = self.rounds * (self.read + self.play + self.feedback)
        return self.set_up + in_rounds + self.de_role + self.together


FORMATS = {
    "triad": Format(Text("in threes", "en trios"), 3, 3, 1, 5, 4, 2, 5),
    "short-triad": Format(Text("short, in threes", "court, en trios"), 3, 2, 1, 3, 2, 2, 4),
    "long-triad": Format(Text("long, in threes", "long, en trios"), 3, 3, 1, 15, 8, 2, 5),
    "fishbowl": Format(Text("one pair, the others observe", "une paire, les autres observent"), 1, 2, 1, 6, 10, 2, 5),
}
