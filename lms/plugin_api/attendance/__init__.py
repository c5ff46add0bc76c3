"""The pieces that attendance rules are built of. The host's own rules use nothing else.

`read` turns a ledger into a `Register`: a line for each class that counts. `judge_absences` and `rule_of_absences` do the
whole work for rules that count absences. `words` has the sentences, `settings` what options are called.
"""

from lms.plugin_api.attendance import settings, words
from lms.plugin_api.attendance.absences import (
    Allowed,
    check_names,
    check_never_miss,
    judge_absences,
    rule_of_absences,
    rule_of_presence,
)
from lms.plugin_api.attendance.register import (
    AWAY,
    CLOSED,
    Line,
    Presence,
    Register,
    Way,
    covered,
    lower_open,
    read,
    ways_to_catch_up,
)

__all__ = [
    "AWAY",
    "CLOSED",
    "Allowed",
    "Line",
    "Presence",
    "Register",
    "Way",
    "check_names",
    "check_never_miss",
    "covered",
    "judge_absences",
    "lower_open",
    "read",
    "rule_of_absences",
    "rule_of_presence",
    "settings",
    "ways_to_catch_up",
    "words",
]
